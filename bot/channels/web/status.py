"""The status page, without JavaScript: by reference and secret, then by a ticket in the form; nothing secret in an address."""

from __future__ import annotations

import math
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from appeals.calendar import ALMATY
from appeals.lifecycle import STATUSES
from appeals.reference import find_reference, normalise_secret
from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany, WrongAction
from bot.app.ports import Renderer
from bot.app.public_status import Addition, Standing
from bot.app.ratings import WORD_LIMIT
from bot.app.records import Document
from bot.channels.web import multipart, problems, security
from bot.channels.web.options import WebStatus
from bot.channels.web.pages import Pages, day, locale_of
from bot.file_answers import saved
from dialogs.messages import Msg
from dialogs.progress import SCORES
from dialogs.replies import say
from dialogs.scenarios.ways import ADD, ADD_MORE
from text.bilingual import Locale
from text.cleaning import clean

_ASKED_BYTES = 64 * 1024
"""The longest addition in percent-encoded Cyrillic, which the look-up carries along after an expired ticket."""
_FIELD = 200
_FILE_NAME = 120
_EMPTY = {"reference": "", "problem": "", "text": ""}
_REFUSED: Mapping[str, int] = {
    "too_many": 429,
    "over": 409,
    "busy": 503,
    "full": 507,
    "large": 413,
    "cut": 400,
}
"""HTTP status by what is wrong with an addition; 422 for the rest."""


@dataclass(slots=True)
class _Arriving:
    """A form whose text comes before its files: the fields are read first, the files while they arrive."""

    request: web.Request
    fields: dict[str, list[str]] = field(default_factory=dict)
    _parts: multipart.Parts = field(init=False)
    _file: BodyPartReader | None = None

    async def read(self) -> None:
        """Read up to the first file. Raises ValueError for a form that is none."""
        if self.request.content_type != "multipart/form-data":
            raise ValueError("no form with files")
        self._parts = multipart.Parts(self.request.headers, self.request.content)
        async for part in self._parts:
            if not isinstance(part, BodyPartReader):
                raise ValueError("nested parts")  # noqa: TRY004 - callers know one error
            if part.filename is not None:
                self._file = part
                return
            self.fields.setdefault(part.name or "", []).append(await multipart.field(part))

    async def files(self) -> AsyncIterator[tuple[str, AsyncIterable[bytes]]]:
        """Name and content of each. A browser sends an empty one where none was chosen."""
        part: object = self._file
        while isinstance(part, BodyPartReader):
            if part.filename:
                yield clean(part.filename, _FILE_NAME) or "file", multipart.chunks(part)
            part = await self._parts.next()

    def one(self, name: str) -> str:
        """A field's value, empty when there is none."""
        return self.fields.get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class StatusPages:
    """Handlers of the status page."""

    pages: Pages
    status: WebStatus
    renderer: Renderer

    async def show(self, request: web.Request) -> web.Response:
        """The form; a reference in the address (from a receipt's QR code) is filled in."""
        reference = find_reference(request.query.get("reference", "")[:_FIELD]) or ""
        return self._form(request, {**_EMPTY, "reference": reference})

    async def look_up(self, request: web.Request) -> web.Response:
        """One appeal, or why it is not shown. Which of the two was wrong is not told."""
        asked = await _asked(request)
        typed, secret = clean(asked.get("reference", ""), 60), normalise_secret(asked.get("secret", "")[:60])
        told = {"reference": typed, "text": asked.get("text", "")}
        source = security.client_ip(request, self.pages.options.trusted_proxies)
        reference, found = find_reference(typed), None
        try:
            if reference is not None:
                found = await self.status.look_up(reference, secret or "", source)
        except TooMany as error:
            return self._too_many(request, told, error)
        if found is None:
            return self._form(request, {**told, "problem": "not_found"}, 404)
        return self._standing(request, found, text=told["text"])

    async def back(self, request: web.Request) -> web.Response:
        """Whoever reloads or changes the language comes to the form again."""
        return web.Response(status=303, headers={hdrs.LOCATION: f"../status?lang={locale_of(request)}"})

    async def receipt(self, request: web.Request) -> web.Response:
        """The receipt, to be saved."""
        asked = await _asked(request)
        return await self._saved(request, self.status.receipt(asked.get("ticket", "")))

    async def file(self, request: web.Request) -> web.Response:
        """A file of the answer, to be saved."""
        asked = await _asked(request)
        return await self._saved(request, self.status.file(asked.get("ticket", ""), asked.get("file", "")))

    async def _saved(self, request: web.Request, wanted: Awaitable[Document]) -> web.Response:
        try:
            page = saved(await wanted)
        except (NotPermitted, NotFound):
            return self._expired(request)
        security.harden(request, page, self.pages.options)
        return page

    async def rate(self, request: web.Request) -> web.Response:
        """Keep what the citizen thinks of the answer, and show the appeal again."""
        asked = await _asked(request)
        ticket, score = asked.get("ticket", ""), asked.get("score", "")
        try:
            if score not in map(str, SCORES):
                return self._standing(request, await self.status.open(ticket), wrong="score", code=422)
            return self._standing(
                request, await self.status.rate(ticket, int(score), asked.get("word", "")), done=True
            )
        except (InvalidInput, WrongAction):
            return self._standing(request, await self.status.open(ticket), code=409)
        except (NotPermitted, NotFound):
            return self._expired(request)

    async def add(self, request: web.Request) -> web.Response:
        """Add to the appeal, or show the form again with all that was typed and what is wrong."""
        arriving = _Arriving(request)
        try:
            await arriving.read()
            if (request.content_length or 0) > self._form_bytes:
                standing = await self.status.open(arriving.one("ticket"))
                return self._added(request, arriving, Addition(standing, problem="large"))
            kept = arriving.fields.get("kept", [])
            ticket, text = arriving.one("ticket"), arriving.one("text")
            return self._added(request, arriving, await self.status.add(ticket, text, kept, arriving.files()))
        except (NotPermitted, NotFound):
            return self._expired(request, arriving.one("text"))
        except (ValueError, web.RequestPayloadError, HttpProcessingError):
            return await self._cut(request, arriving)

    @property
    def _form_bytes(self) -> int:
        rules = self.pages.options.rules
        return rules.attachments * rules.attachment_bytes + _ASKED_BYTES

    async def _cut(self, request: web.Request, arriving: _Arriving) -> web.Response:
        try:
            standing = await self.status.open(arriving.one("ticket"))
        except (NotPermitted, NotFound):
            return self._expired(request, arriving.one("text"))
        return self._added(request, arriving, Addition(standing, problem="cut"))

    def _added(self, request: web.Request, arriving: _Arriving, addition: Addition) -> web.Response:
        code = _REFUSED.get(addition.problem, 422) if addition.problem else 200
        page = self._standing(
            request, addition.standing, text=arriving.one("text"), addition=addition, code=code
        )
        if addition.seconds:
            page.headers[hdrs.RETRY_AFTER] = str(math.ceil(addition.seconds))
        return page

    def _form(self, request: web.Request, form: Mapping[str, object], code: int = 200) -> web.Response:
        root = "../" if request.path.startswith("/status/") else ""
        return self.pages.render(request, "status.html", root=root, status=code, form=form, found=None)

    def _expired(self, request: web.Request, text: str = "") -> web.Response:
        return self._form(request, {**_EMPTY, "problem": "expired", "text": text}, 403)

    def _too_many(self, request: web.Request, told: Mapping[str, str], error: TooMany) -> web.Response:
        seconds = problems.problem(error, locale_of(request))["retry_after"]
        page = self._form(request, {**told, "problem": "too_many", "seconds": seconds}, 429)
        page.headers[hdrs.RETRY_AFTER] = str(seconds)
        return page

    def _standing(
        self,
        request: web.Request,
        found: Standing,
        *,
        wrong: str = "",
        done: bool = False,
        code: int = 200,
        text: str = "",
        addition: Addition | None = None,
    ) -> web.Response:
        return self.pages.render(
            request,
            "status.html",
            root="../" if request.path.startswith("/status/") else "",
            status=code,
            form=_EMPTY,
            found=self._shown(found, locale_of(request)),
            wrong=wrong,
            done=done,
            word_limit=WORD_LIMIT,
            text="" if addition and addition.done else text,
            addition=addition,
            refused=[
                (name, self._words(why, locale_of(request)))
                for name, why in (addition.refused if addition else ())
            ],
        )

    def _words(self, text: Msg, locale: Locale) -> str:
        return self.renderer.render(say(text), locale).text

    def _shown(self, found: Standing, locale: Locale) -> dict[str, object]:
        appeal, info = found.appeal, STATUSES[found.appeal.status]
        return {
            "reference": appeal.reference,
            "name": info.name.of(locale),
            "meaning": info.meaning.of(locale),
            "body": appeal.body,
            "status": appeal.status.value,
            "filed": day(appeal.filed_at.astimezone(ALMATY), locale),
            "number": appeal.number,
            "answer": appeal.answer,
            "history": [self._words(line, locale) for line in found.history],
            "ahead": [self._words(line, locale) for line in found.ahead],
            "may_add": found.may_add,
            "add": self._words(ADD.get(appeal.status, ADD_MORE), locale),
            "add_asked": appeal.status in ADD,
            "may_rate": found.may_rate,
            "may_complain": found.may_complain,
            "rating": found.rating,
            "ticket": found.ticket,
            "files": found.files,
        }


async def _asked(request: web.Request) -> dict[str, str]:
    if (
        request.content_length or 0
    ) > _ASKED_BYTES or request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        form = await request.post()
    except (ValueError, web.HTTPException):
        return {}
    return {name: value for name, value in form.items() if isinstance(value, str)}
