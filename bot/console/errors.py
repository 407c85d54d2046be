"""The console's errors, and the one place where errors become answers: a page for people, problem+json for scripts."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from bot.app.errors import AlreadyClaimed, AppError, InvalidInput, TooMany, WrongAction
from bot.console.words import MINUTE, Words

STATUS: Mapping[str, int] = {
    "not_signed_in": 401,
    "wrong_password": 403,
    "password_due": 403,
    "foreign_origin": 403,
    "form_expired": 403,
    "not_permitted": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "already_claimed": 409,
    "taken_by": 409,
    "stale": 409,
    "wrong_action": 409,
    "too_large": 413,
    "invalid_input": 422,
    "too_many": 429,
    "our_fault": 500,
    "busy": 503,
    "no_room": 507,
}
"""HTTP status by error code. What is not listed is our fault."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says of a full disk while a form with files arrives."""


class NotSignedIn(AppError):
    """No session, or one that is over."""

    code: ClassVar[str] = "not_signed_in"


class WrongPassword(AppError):
    """Login or password do not fit; which of them is not told."""

    code: ClassVar[str] = "wrong_password"


class PasswordDue(AppError):
    """The generated password has to be changed before anything else."""

    code: ClassVar[str] = "password_due"


class ForeignOrigin(AppError):
    """The request was made by a page of another site."""

    code: ClassVar[str] = "foreign_origin"


class FormExpired(AppError):
    """The form's token is missing or of another session."""

    code: ClassVar[str] = "form_expired"


class TakenBy(AlreadyClaimed):
    """Another operator was quicker; `holder` is their name."""

    code: ClassVar[str] = "taken_by"

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__("already claimed")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is told. `field` names the form's field it belongs to; `retry_after` is in seconds."""

    status: int
    code: str
    title: str
    detail: str
    field: str = ""
    retry_after: int = 0

    def as_json(self) -> dict[str, object]:
        """The members of RFC 9457."""
        extra = {"field": self.field} if self.field else {}
        return {
            "type": "about:blank",
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            **extra,
        }


def code_of(error: BaseException) -> str:
    """The stable code of anything a handler may raise."""
    match error:
        case AppError() if error.code in STATUS:
            return error.code
        case web.HTTPNotFound():
            return "not_found"
        case web.HTTPMethodNotAllowed():
            return "method_not_allowed"
        case web.HTTPRequestEntityTooLarge():
            return "too_large"
        case OSError(errno=number) if number in NO_ROOM:
            return "no_room"
        case TimeoutError():
            return "busy"
        case _:
            return "our_fault"


def problem_of(error: BaseException, words: Words) -> Problem:
    """What to tell of an error, in the operator's language."""
    code = code_of(error)
    title, detail = words(f"problem.{code}"), words.known(f"problem.{code}.detail", "")
    field, retry_after = "", 0
    match error:
        case InvalidInput(field=field, told=told):
            detail = words.of(told) if told else words.known(f"invalid.{field}", detail)
        case WrongAction(told=told) if told:
            detail = words.of(told)
        case TooMany(retry_after=seconds):
            retry_after = max(1, round(seconds))
            detail = words("problem.too_many.detail", wait=words.lasting(max(MINUTE, seconds)))
        case TakenBy(holder=holder):
            detail = words("problem.taken_by.detail", name=holder)
    return Problem(STATUS[code], code, title, detail, field, retry_after)
