"""The one-time pages: plain forms, no script; the address is the only key, so it goes nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import hdrs, web

from bot.app.errors import AppError, PageGone, TooMany
from bot.app.one_time_pages import Field, OneTimePages
from bot.app.ports import RateLimiter
from bot.app.records import OneTimePage
from bot.channels.web import security
from bot.channels.web.pages import Pages
from text.cleaning import clean

_MINUTE = timedelta(minutes=1)
_FORM_BYTES = 16 * 1024
_KEY_LENGTH = 128


@dataclass(frozen=True, slots=True)
class OneTime:
    """Handlers of /page. GET may be repeated (a messenger looks at links, too); only POST uses the page up."""

    pages: Pages
    use_cases: OneTimePages
    limiter: RateLimiter

    async def show(self, request: web.Request) -> web.Response:
        """The empty form."""
        key = _key(request.query.get("key", ""))
        try:
            page = await self._opened(request, key)
            return self._form(request, page, key, await self.use_cases.questions(page))
        except AppError as error:
            return self._refusal(request, error)

    async def take(self, request: web.Request) -> web.Response:
        """The answers: taken, or the form again with what is wrong beside the fields."""
        typed = await _typed(request)
        key = _key(typed.get("key", ""))
        try:
            page = await self._opened(request, key)
            wrong = await self.use_cases.give(page, typed)
        except AppError as error:
            return self._refusal(request, error)
        if wrong:
            return self._form(request, page, key, wrong, status=422)
        return web.Response(status=303, headers={hdrs.LOCATION: f"page/done?lang={page.locale}"})

    async def done(self, request: web.Request) -> web.Response:
        """What was given is taken; an address of its own, so that going back or reloading sends nothing again."""
        return self.pages.render(request, "page_done.html", root="../")

    async def _opened(self, request: web.Request, key: str) -> OneTimePage:
        source = security.client_ip(request, self.pages.options.trusted_proxies)
        wait = await self.limiter.hit(
            f"web.page:{source}", limit=self.pages.options.rules.pages_per_minute, window=_MINUTE
        )
        if wait is not None:
            raise TooMany(wait)
        return await self.use_cases.find(key)

    def _form(
        self, request: web.Request, page: OneTimePage, key: str, fields: Sequence[Field], status: int = 200
    ) -> web.Response:
        return self.pages.render(
            request, "applicant.html", locale=page.locale, status=status, key=key, fields=fields
        )

    def _refusal(self, request: web.Request, error: AppError) -> web.Response:
        match error:
            case TooMany(retry_after=seconds):
                page = self.pages.render(request, "page_gone.html", status=429, why="too_many")
                page.headers[hdrs.RETRY_AFTER] = str(max(1, round(seconds)))
                return page
            case PageGone(used=True):
                return self.pages.render(request, "page_gone.html", status=410, why="used")
            case _:
                return self.pages.render(request, "page_gone.html", status=410, why="gone")


def _key(raw: str) -> str:
    return raw if raw.isascii() and raw.isalnum() and len(raw) <= _KEY_LENGTH else ""


async def _typed(request: web.Request) -> Mapping[str, str]:
    length = request.content_length or 0
    if length > _FORM_BYTES or request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        form = await request.post()
    except (ValueError, web.HTTPException):
        return {}
    return {name: clean(value) for name, value in form.items() if isinstance(value, str)}
