"""The status page, without JavaScript: by reference and secret, then by a ticket in the form; nothing secret in an address."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from aiohttp import hdrs, web

from appeals.calendar import ALMATY
from appeals.lifecycle import STATUSES
from appeals.reference import find_reference, normalise_secret
from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany, WrongAction
from bot.app.ports import Renderer
from bot.app.public_status import Standing
from bot.app.ratings import WORD_LIMIT
from bot.app.records import Document
from bot.channels.web import problems, security
from bot.channels.web.options import WebStatus
from bot.channels.web.pages import Pages, day, locale_of
from bot.file_answers import saved
from dialogs.progress import SCORES
from dialogs.replies import say
from text.bilingual import Locale
from text.cleaning import clean

_ASKED_BYTES = 8192
_FIELD = 200
_EMPTY = {"reference": "", "problem": ""}


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
        source = security.client_ip(request, self.pages.options.trusted_proxies)
        reference, found = find_reference(typed), None
        try:
            if reference is not None:
                found = await self.status.look_up(reference, secret or "", source)
        except TooMany as error:
            return self._too_many(request, typed, error)
        if found is None:
            return self._form(request, {"reference": typed, "problem": "not_found"}, 404)
        return self._standing(request, found)

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

    def _form(self, request: web.Request, form: Mapping[str, object], code: int = 200) -> web.Response:
        root = "../" if request.path.startswith("/status/") else ""
        return self.pages.render(request, "status.html", root=root, status=code, form=form, found=None)

    def _expired(self, request: web.Request) -> web.Response:
        return self._form(request, {**_EMPTY, "problem": "expired"}, 403)

    def _too_many(self, request: web.Request, typed: str, error: TooMany) -> web.Response:
        seconds = problems.problem(error, locale_of(request))["retry_after"]
        page = self._form(request, {"reference": typed, "problem": "too_many", "seconds": seconds}, 429)
        page.headers[hdrs.RETRY_AFTER] = str(seconds)
        return page

    def _standing(
        self, request: web.Request, found: Standing, *, wrong: str = "", done: bool = False, code: int = 200
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
        )

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
            "history": [self.renderer.render(say(line), locale).text for line in found.history],
            "ahead": [self.renderer.render(say(line), locale).text for line in found.ahead],
            "may_rate": found.may_rate,
            "may_disagree": found.may_disagree,
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
