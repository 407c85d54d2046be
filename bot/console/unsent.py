"""What was written and could not be taken, because the session was over or something failed: it is given back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.console.errors import NotSignedIn, problem_of
from bot.console.pages import is_own_path, page, words_of
from bot.console.parts import Form, written

MARK = "unsent"
"""The field of a form that brings words back: nothing is done but to show them."""
BY = "by"
"""Whose words they are: nobody else who signs in at this browser is shown them."""
_NOT_KEPT = frozenset({"csrf", "once", MARK})


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that came too late. `to`: its address."""

    to: str
    fields: Form

    @classmethod
    def read(cls, told: str) -> Unsent | None:
        """From the sign-in form; None for what is none."""
        try:
            data = json.loads(told)
            fields = {str(name): [str(value) for value in values] for name, values in data["fields"].items()}
            to = str(data["to"])
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return cls(to, fields) if is_own_path(to) else None

    def __str__(self) -> str:
        fields = {name: list(values) for name, values in self.fields.items() if name not in _NOT_KEPT}
        return json.dumps({"to": self.to, "fields": fields}, ensure_ascii=False)

    def belongs_to(self, operator_id: str) -> bool:
        """Whether that account wrote it."""
        return list(self.fields.get(BY, ())) == [operator_id]


def ask_to_sign_in(request: web.Request, fields: Form) -> web.Response:
    """The sign-in form, with what was written inside."""
    problem = problem_of(NotSignedIn(), words_of(request))
    unsent = Unsent(request.path_qs, fields)
    return page(request, "sign_in.html", problem=problem, onward="", login="", unsent=str(unsent))


def give_back(request: web.Request, unsent: Unsent) -> web.Response:
    """After signing in: the words, and the way back to their form."""
    fields: Iterable[tuple[str, str]] = [
        (name, value) for name, values in unsent.fields.items() for value in values
    ]
    return page(
        request, "unsent.html", to=unsent.to, fields=fields, written=written(unsent.fields), mark=MARK
    )


def is_back(fields: Mapping[str, object]) -> bool:
    """Whether a form only brings words back."""
    return MARK in fields
