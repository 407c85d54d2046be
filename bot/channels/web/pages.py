"""Public pages: the widget's frame, the demonstration site, the agreement, the status without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import jinja2
from aiohttp import hdrs, web

from appeals.calendar import ALMATY
from appeals.deadlines import citation
from appeals.lifecycle import STATUSES
from appeals.reference import find_reference, normalise_secret
from bot.app.errors import TooMany
from bot.channels.web import problems, security
from bot.channels.web.assets import Assets
from bot.channels.web.intake import Intake
from bot.channels.web.options import DeskStatus, WebOptions
from dialogs.events import AppealView
from text.bilingual import LOCALES, Bilingual, Locale
from text.cleaning import clean

_FOLDER = Path(__file__).parent / "templates"
_MONTHS = Bilingual(
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)
_ASKED_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Pages:
    """Handlers of the pages."""

    intake: Intake
    options: WebOptions
    assets: Assets
    desk_status: DeskStatus
    templates: jinja2.Environment

    @classmethod
    def load(cls, intake: Intake, options: WebOptions, assets: Assets, desk_status: DeskStatus) -> Pages:
        """With the templates, where a missing value is an error."""
        templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return cls(intake, options, assets, desk_status, templates)

    async def widget(self, request: web.Request) -> web.Response:
        """The page inside the iframe; also usable by itself."""
        return self.render(request, "widget.html", framed=True)

    async def front(self, request: web.Request) -> web.Response:
        """A site that embeds the widget."""
        return self.render(request, "front.html")

    async def terms(self, request: web.Request) -> web.Response:
        """What a citizen should know before using the assistant."""
        return self.render(request, "terms.html")

    async def status(self, request: web.Request) -> web.Response:
        """The form for a reference and its secret."""
        return self.render(request, "status.html", form={"reference": "", "problem": ""}, found=None)

    async def look_up(self, request: web.Request) -> web.Response:
        """The status of one appeal, or why it is not shown. Which of the two was wrong is not told."""
        locale = _locale(request)
        typed, secret = await _asked(request)
        source = security.client_ip(request, self.options.trusted_proxies)
        try:
            await self.intake.count_look_up(source)
            reference, found = find_reference(typed), None
            if reference is not None and (normal := normalise_secret(secret)) is not None:
                found = await self.desk_status(reference, normal, source)
        except TooMany as error:
            refusal = problems.problem(error, locale)
            form = {"reference": typed, "problem": "too_many", "seconds": refusal["retry_after"]}
            page = self.render(request, "status.html", status=429, form=form, found=None)
            page.headers[hdrs.RETRY_AFTER] = str(refusal["retry_after"])
            return page
        if found is None:
            return self.render(
                request,
                "status.html",
                status=404,
                form={"reference": typed, "problem": "not_found"},
                found=None,
            )
        return self.render(
            request, "status.html", form={"reference": "", "problem": ""}, found=_shown(found, locale)
        )

    def render(
        self,
        request: web.Request,
        template: str,
        *,
        locale: Locale | None = None,
        root: str = "",
        framed: bool = False,
        status: int = 200,
        **values: object,
    ) -> web.Response:
        """A page with strict headers, never kept. `locale`: whatever the browser asks for, if not given.

        `root`: the way up from the page's address to ours, for relative links.
        """
        locale = locale or _locale(request)
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
        security.harden(request, page, self.options, framed=framed)
        page.headers[hdrs.CACHE_CONTROL] = "no-store"
        page.headers[hdrs.CONTENT_LANGUAGE] = locale
        page.headers[hdrs.VARY] = "Accept-Language"
        return page


def _locale(request: web.Request) -> Locale:
    asked = request.query.get("lang")
    return next((known for known in LOCALES if known == asked), None) or security.locale(request)


async def _asked(request: web.Request) -> tuple[str, str]:
    if (
        request.content_length or 0
    ) > _ASKED_BYTES or request.content_type != "application/x-www-form-urlencoded":
        return "", ""
    try:
        form = await request.post()
    except (ValueError, web.HTTPException):
        return "", ""
    reference, secret = form.get("reference", ""), form.get("secret", "")
    return (clean(reference, 60) if isinstance(reference, str) else ""), (
        clean(secret, 60) if isinstance(secret, str) else ""
    )


def _shown(appeal: AppealView, locale: Locale) -> dict[str, object]:
    info = STATUSES[appeal.status]
    return {
        "reference": appeal.reference,
        "name": info.name.of(locale),
        "meaning": info.meaning.of(locale),
        "body": appeal.body,
        "status": appeal.status.value,
        "filed": _day(appeal.filed_at.astimezone(ALMATY), locale),
        "number": appeal.number,
        "due": _day(appeal.due, locale) if appeal.due else None,
        "article": citation(appeal.due_article).of(locale) if appeal.due_article else "",
        "answer": appeal.answer,
    }


def _day(day: date | datetime, locale: Locale) -> str:
    month = _MONTHS.of(locale).split()[day.month - 1]
    return f"{day.year} жылғы {day.day} {month}" if locale == "kk" else f"{day.day} {month} {day.year} года"
