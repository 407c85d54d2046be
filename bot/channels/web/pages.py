"""Public pages: the widget's frame, the demonstration site, the agreement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2
import structlog
from aiohttp import hdrs, web

from bot.app.errors import AppError
from bot.channels.web import problems, security
from bot.channels.web.assets import Assets
from bot.channels.web.options import WebOptions
from bot.channels.web.problems import Refused
from text.bilingual import LOCALES, Bilingual, Locale

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_FOLDER = Path(__file__).parent / "templates"
_MONTHS = Bilingual(
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)


@dataclass(frozen=True, slots=True)
class Pages:
    """Handlers of the pages."""

    options: WebOptions
    assets: Assets
    templates: jinja2.Environment

    @classmethod
    def load(cls, options: WebOptions, assets: Assets) -> Pages:
        """With the templates, where a missing value is an error."""
        templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return cls(options, assets, templates)

    async def widget(self, request: web.Request) -> web.Response:
        """The page inside the iframe; also usable by itself."""
        return self.render(request, "widget.html", framed=True)

    async def front(self, request: web.Request) -> web.Response:
        """A site that embeds the widget."""
        return self.render(request, "front.html")

    async def terms(self, request: web.Request) -> web.Response:
        """What a citizen should know before using the assistant."""
        return self.render(request, "terms.html")

    def guarded(self, handler: Handler) -> Handler:
        """The handler, with a page in the citizen's language for what goes wrong on our side."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except AppError as error:
                return self._sorry(request, error)
            except (web.HTTPException, ConnectionResetError):
                raise
            except Exception:
                resource = request.match_info.route.resource
                log.exception("page.failed", path=resource.canonical if resource else "")
                return self._sorry(request, Refused("internal"))

        return guarded

    def _sorry(self, request: web.Request, error: AppError | Refused) -> web.Response:
        told = problems.problem(error, locale_of(request))
        status, detail = told["status"], told["detail"]
        root = "../" * (request.path.count("/") - 1)
        page = self.render(request, "sorry.html", root=root, status=status, detail=detail)
        if status in problems.RETRY_AFTER:
            page.headers[hdrs.RETRY_AFTER] = problems.RETRY_AFTER[status]
        return page

    def render(
        self,
        request: web.Request,
        template: str,
        *,
        locale: Locale | None = None,
        root: str = "",
        framed: bool = False,
        connects: str = "",
        status: int = 200,
        **values: object,
    ) -> web.Response:
        """A page with strict headers, never kept. `locale`: whatever the browser asks for, if not given.

        `root`: the way up from the page's address to ours, for relative links.
        """
        locale = locale or locale_of(request)
        html = self.templates.get_template(template).render(
            locale=locale,
            root=root,
            kk=locale == "kk",
            options=self.options,
            version=self.assets.version,
            rules=self.options.rules,
            **values,
        )
        page = web.Response(text=html, content_type="text/html", status=status)
        security.harden(request, page, self.options, framed=framed, connects=connects)
        page.headers[hdrs.CACHE_CONTROL] = "no-store"
        page.headers[hdrs.CONTENT_LANGUAGE] = locale
        page.headers[hdrs.VARY] = "Accept-Language"
        return page


def locale_of(request: web.Request) -> Locale:
    """The language asked for in the address, else the browser's."""
    asked = request.query.get("lang")
    return next((known for known in LOCALES if known == asked), None) or security.locale(request)


def day(on: date, locale: Locale) -> str:
    """A date in words."""
    month = _MONTHS.of(locale).split()[on.month - 1]
    return f"{on.year} жылғы {on.day} {month}" if locale == "kk" else f"{on.day} {month} {on.year} года"
