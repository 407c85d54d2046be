"""The one-time pages: plain forms, no script; the address is the only key, so it goes nowhere else."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiohttp import hdrs, web

from bot.app.errors import AppError, NoRoom, PageGone, SignatureRefused, TooMany
from bot.app.one_time_pages import Field, OneTimePages
from bot.app.ports import RateLimiter
from bot.app.records import OneTimePage
from bot.channels.web import security
from bot.channels.web.pages import Pages
from dialogs.effects import PageKind
from integrations.errors import IntegrationError
from text.cleaning import clean

log = structlog.get_logger()

_ARCHIVE = {
    hdrs.CONTENT_TYPE: "application/zip",
    hdrs.CONTENT_DISPOSITION: 'attachment; filename="komekshi.zip"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}
_CHUNK = 256 * 1024
_MINUTE = timedelta(minutes=1)
_FORM_BYTES = 512 * 1024
"""A signature with its certificates, in Base64, is the longest that is sent."""
_PRIVATE = {hdrs.CACHE_CONTROL: "no-store", "X-Content-Type-Options": "nosniff"}
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
            match page.kind:
                case PageKind.SIGNATURE:
                    return await self._to_sign(request, page, key)
                case PageKind.EXPORT:
                    return self.pages.render(request, "export.html", locale=page.locale, key=key)
                case PageKind.CARRY:
                    return await self._to_carry(request, page, key)
                case PageKind.APPLICANT:
                    return self._form(request, page, key, await self.use_cases.questions(page))
        except AppError as error:
            return self._refusal(request, error)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """The answers: taken, or the form again with what is wrong beside the fields."""
        typed = await _typed(request)
        key = _key(typed.get("key", ""))
        try:
            page = await self._opened(request, key)
            match page.kind:
                case PageKind.SIGNATURE:
                    return await self._signed(page, typed.get("cms", ""))
                case PageKind.EXPORT:
                    return await self._copy(request, page)
                case PageKind.CARRY:
                    raise web.HTTPMethodNotAllowed(request.method, (hdrs.METH_GET,))
                case PageKind.APPLICANT:
                    wrong = await self.use_cases.give(page, typed)
        except NoRoom:
            raise  # nothing of the page is used up
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

    async def _to_sign(self, request: web.Request, page: OneTimePage, key: str) -> web.Response:
        layer = self.pages.options.ncalayer_url
        iin = await self.use_cases.signers_iin(page)
        return self.pages.render(
            request,
            "signature.html",
            locale=page.locale,
            connects=layer,
            key=key,
            text=page.text,
            layer=layer,
            iin=iin,
        )

    async def _to_carry(self, request: web.Request, page: OneTimePage, key: str) -> web.Response:
        """Where the draft may go on: it moves only once the widget or the bot is opened there."""
        telegram = await self.use_cases.in_telegram(page)
        return self.pages.render(request, "carry.html", locale=page.locale, key=key, telegram=telegram)

    async def _copy(self, request: web.Request, page: OneTimePage) -> web.StreamResponse:
        archive = await self.use_cases.export(page)
        try:
            response = web.StreamResponse(headers={**_PRIVATE, **_ARCHIVE})
            await response.prepare(request)
            while chunk := archive.read(_CHUNK):
                await response.write(chunk)
            await response.write_eof()
        finally:
            archive.close()
        return response

    async def _signed(self, page: OneTimePage, encoded: str) -> web.Response:
        """For the page's script: 204, or what is wrong by name."""
        try:
            await self.use_cases.sign(page, base64.b64decode(encoded, validate=True))
        except binascii.Error:
            return _trouble("unreadable", 422)
        except SignatureRefused as error:
            log.info("signature.refused", why=error.why)
            return _trouble(error.why, 422)
        except IntegrationError as error:
            log.warning("signature.unchecked", error=error.code)
            return _trouble("unavailable", 503)
        except PageGone:
            return _trouble("gone", 410)
        return web.Response(status=204, headers=_PRIVATE)

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
            case PageGone(used=True, kind=kind):
                why = "carried" if kind is PageKind.CARRY else "used"
                return self.pages.render(request, "page_gone.html", status=410, why=why)
            case _:
                return self.pages.render(request, "page_gone.html", status=410, why="gone")


def _trouble(why: str, status: int) -> web.Response:
    return web.json_response({"code": why}, status=status, headers=_PRIVATE)


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
