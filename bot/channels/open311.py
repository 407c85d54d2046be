"""Open311 GeoReport v2 at /open311/v2: which matters in public space there are and how they stand. No words, no person.

Services are for everybody, requests for holders of a key. Appeals are not taken here: they need what the standard has no
fields for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import hdrs, web

from appeals.calendar import ALMATY
from appeals.lifecycle import STATUSES, TERMINAL, Status
from appeals.topics import Topic
from bot.app.errors import AppError, NotPermitted, TooMany
from bot.app.publication import Publication
from bot.app.records import PublicCase
from integrations.open311.documents import MEDIA_TYPES, write
from text.bilingual import LOCALES, Bilingual, Locale

log = structlog.get_logger()

SPAN = timedelta(days=90)
YEARS = range(2000, 2101)
PAGE = 1000
"""The standard's own limits of a query."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-22 00:00"
ENDED = sorted(TERMINAL)
GOES_ON = [status for status in Status if status not in TERMINAL]
Source = Callable[[web.Request], str]
NOT_HERE = Bilingual(
    "Мұнда жолданым қабылданбайды: ӘРПК-нің 63-бабы бойынша арыз иесінің аты-жөні, пошталық мекенжайы және қолтаңбасы керек. "
    "Жолданым беру: {url}",
    "Обращения здесь не принимаются: по статье 63 АППК нужны имя заявителя, почтовый адрес и подпись. "
    "Подать обращение: {url}",
)
ERRORS = {
    "key": Bilingual("api_key берілмеген немесе жарамсыз.", "api_key не указан или недействителен."),
    "too_many": Bilingual(
        "Сұраулар тым көп. Бір минуттан кейін қайталаңыз.", "Слишком много запросов. Повторите через минуту."
    ),
    "jurisdiction_id": Bilingual("Мұндай jurisdiction_id табылмады.", "Такой jurisdiction_id не найден."),
    "service_code": Bilingual("Мұндай service_code табылмады.", "Такой service_code не найден."),
    "service_request_id": Bilingual(
        "Мұндай service_request_id табылмады.", "Такой service_request_id не найден."
    ),
    "token": Bilingual("Мұндай token табылмады.", "Такой token не найден."),
    "address": Bilingual("Мұндай мекенжай жоқ.", "Такого адреса нет."),
    "status": Bilingual("status мәні open немесе closed болуы керек.", "status может быть open или closed."),
    "date": Bilingual(
        "Күн мен уақыт 2026-11-21T10:00:00Z түрінде жазылуы керек.",
        "Дата и время должны быть записаны как 2026-11-21T10:00:00Z.",
    ),
    "span": Bilingual(
        "Аралық 90 күннен аспауы керек, басы соңынан бұрын тұруы керек.",
        "Промежуток не больше 90 дней, начало раньше конца.",
    ),
    "fault": Bilingual("Қызметте ақау болды. Кейінірек қайталаңыз.", "В сервисе сбой. Повторите позже."),
}


class Refused(Exception):
    """An error of the standard. `what` is a key of ERRORS; 404 for what is not there, 403 for keys, else 400."""

    def __init__(self, status: int, what: str) -> None:
        self.status = status
        self.what = what
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Open311:
    """The resources. `source` tells where a request comes from."""

    publication: Publication
    public_url: str
    live: bool
    source: Source

    def mount(self, app: web.Application) -> None:
        """Under /open311, each in both notations; without a suffix it is XML, which every client must know."""
        below = "/open311/v2"
        for path, resource in (
            ("/open311/discovery", self._discovery),
            (f"{below}/services", self._services),
            (f"{below}/services/{{code}}", self._definition),
            (f"{below}/requests", self._requests),
            (f"{below}/requests/{{id}}", self._request),
            (f"{below}/tokens/{{id}}", self._token),
        ):
            for suffix in (r".{notation:json|xml}", ""):
                app.router.add_get(path + suffix, self._answering(resource))
        for suffix in (r".{notation:json|xml}", ""):
            app.router.add_post(f"{below}/requests{suffix}", self._answering(self._post))
        app.router.add_route("*", "/open311/{rest:.*}", self._answering(self._nothing))

    def _answering(
        self, resource: Callable[[web.Request], Awaitable[tuple[str, Any]]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            notation = request.match_info.get("notation", "xml")
            status, headers = 200, {hdrs.CACHE_CONTROL: "no-store", "X-Content-Type-Options": "nosniff"}
            try:
                self._check_jurisdiction(request)
                root, value = await resource(request)
            except Refused as refused:
                root, status = "errors", refused.status
                text = NOT_HERE if refused.what == "not_here" else ERRORS[refused.what]
                value = _error(status, text.of(_locale(request)).format(url=self.public_url))
            except NotPermitted:
                root, status = "errors", 403
                value = _error(403, ERRORS["key"].of(_locale(request)))
            except TooMany as error:
                root, status = "errors", 429
                value = _error(429, ERRORS["too_many"].of(_locale(request)))
                headers[hdrs.RETRY_AFTER] = str(max(1, round(error.retry_after)))
            except (AppError, TimeoutError) as error:
                log.warning("open311.failed", error=type(error).__name__)
                root, status = "errors", 400
                value = _error(400, ERRORS["fault"].of(_locale(request)))
            return web.Response(
                body=write(root, value, notation),
                status=status,
                content_type=MEDIA_TYPES[notation],
                charset="utf-8",
                headers=headers,
            )

        return handler

    def _check_jurisdiction(self, request: web.Request) -> None:
        """There is one, so that it need not be named; a wrong one is an error."""
        told = request.query.get("jurisdiction_id", "")
        if told and told.casefold() != self._jurisdiction:
            raise Refused(404, "jurisdiction_id")

    @property
    def _jurisdiction(self) -> str:
        return (urlsplit(self.public_url).hostname or "").removeprefix("www.")

    # --- for everybody -------------------------------------------------------------------------

    async def _discovery(self, request: web.Request) -> tuple[str, Any]:
        office = self.publication.knowledge.office
        endpoint = {
            "specification": SPECIFICATION,
            "url": f"{self.public_url}/open311/v2",
            "changeset": CHANGED,
            "type": "production" if self.live else "test",
            "formats": list(MEDIA_TYPES.values()),
        }
        return "discovery", {
            "changeset": CHANGED,
            "contact": f"{office.name.of(_locale(request))}, {self.public_url}",
            "key_service": f"{office.name.of(_locale(request))}, {self.public_url}",
            "endpoints": [endpoint],
        }

    async def _services(self, request: web.Request) -> tuple[str, Any]:
        locale = _locale(request)
        return "services", [self._service(topic, locale) for topic in self.publication.topics]

    def _service(self, topic: Topic, locale: Locale) -> Mapping[str, Any]:
        return {
            "service_code": topic.code,
            "service_name": topic.name.of(locale),
            "description": topic.hint.of(locale),
            "metadata": False,
            "type": "realtime",
            "keywords": ", ".join(topic.keywords.of(locale)),
            "group": self.publication.knowledge.domain.topics.get(topic.group).name.of(locale),
        }

    async def _definition(self, request: web.Request) -> tuple[str, Any]:
        code = request.match_info["code"]
        if code not in {topic.code for topic in self.publication.topics}:
            raise Refused(404, "service_code")
        return "service_definition", {"service_code": code, "attributes": []}

    async def _token(self, _: web.Request) -> tuple[str, Any]:
        """Every service is realtime: no token was ever given."""
        raise Refused(404, "token")

    async def _nothing(self, _: web.Request) -> tuple[str, Any]:
        raise Refused(404, "address")

    # --- for holders of a key ------------------------------------------------------------------

    async def _admit(self, request: web.Request, key: str = "") -> None:
        told = key or request.headers.get("X-Api-Key", "") or request.query.get("api_key", "")
        await self.publication.admit(told, self.source(request))

    async def _requests(self, request: web.Request) -> tuple[str, Any]:
        await self._admit(request)
        query = request.query
        ids = _listed(query.getall("service_request_id", []))
        if ids:  # overrides all other arguments
            found = await self.publication.cases(limit=PAGE, references=ids[:PAGE])
        else:
            since, until = self._range(query)
            codes = _listed(query.getall("service_code", []))
            found = await self.publication.cases(
                limit=PAGE,
                topics=codes or None,
                statuses=_statuses(_listed(query.getall("status", []))),
                since=since,
                until=until,
            )
        return "service_requests", self._shown(found, _locale(request))

    async def _request(self, request: web.Request) -> tuple[str, Any]:
        await self._admit(request)
        found = await self.publication.cases(limit=1, references=[request.match_info["id"]])
        if not found:
            raise Refused(404, "service_request_id")
        return "service_requests", self._shown(found, _locale(request))

    async def _post(self, request: web.Request) -> tuple[str, Any]:
        if not request.content_type.startswith("application/x-www-form-urlencoded"):
            raise Refused(400, "not_here")
        form = await request.post()
        await self._admit(request, str(form.get("api_key", "")))
        raise Refused(400, "not_here")

    def _range(self, query: Mapping[str, str]) -> tuple[datetime, datetime]:
        now = self.publication.clock.now()
        first, last = _moment(query.get("start_date", "")), _moment(query.get("end_date", ""))
        until = last or (min(now, first + SPAN) if first else now)
        since = first or until - SPAN
        if not timedelta(0) <= until - since <= SPAN:
            raise Refused(400, "span")
        return since, until

    def _shown(self, cases: Sequence[PublicCase], locale: Locale) -> list[Mapping[str, Any]]:
        return [self._case(case, locale) for case in cases]

    def _case(self, case: PublicCase, locale: Locale) -> Mapping[str, Any]:
        domain = self.publication.knowledge.domain
        topic, place = domain.topics.get(case.topic), domain.territory.find(case.place or "")
        # The point is the middle of the place, rounded: never that of the matter.
        lat, lon = (round(degree, 2) for degree in place.point) if place and place.point else (None, None)
        way = domain.territory.label(place.code).of(locale).split(", ") if place else []
        state = STATUSES[case.status]
        return {
            "service_request_id": case.reference,
            "status": "closed" if case.status in TERMINAL else "open",
            "status_notes": state.name.of(locale),
            "service_name": topic.name.of(locale),
            "service_code": case.topic,
            "description": None,
            "agency_responsible": case.body_name,
            "service_notice": None,
            "requested_datetime": _w3(case.created_at),
            "updated_datetime": _w3(case.updated_at),
            "expected_datetime": _w3(datetime.combine(case.due, time(23, 59, 59), ALMATY))
            if case.due
            else None,
            "address": ", ".join(reversed(way)) or None,
            "address_id": case.place,
            "zipcode": None,
            "lat": lat,
            "long": lon,
            "media_url": None,
        }


def _statuses(told: Sequence[str]) -> list[Status] | None:
    if not set(told) <= {"open", "closed"}:
        raise Refused(400, "status")
    if len(set(told)) != 1:
        return None
    return ENDED if told[0] == "closed" else GOES_ON


def _listed(values: Sequence[str]) -> list[str]:
    """Given several times, or comma-delimited; empty counts as not given."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _moment(told: str) -> datetime | None:
    if not told:
        return None
    try:
        # In a query a plus that was not encoded arrives as a blank.
        moment = datetime.fromisoformat(told.replace(" ", "+"))
    except ValueError:
        raise Refused(400, "date") from None
    # Time reckoned from the ends of the calendar runs over them.
    if moment.tzinfo is None or moment.year not in YEARS:
        raise Refused(400, "date")
    return moment


def _w3(at: datetime) -> str:
    return at.astimezone(ALMATY).isoformat(timespec="seconds")


def _locale(request: web.Request) -> Locale:
    wishes = [part.strip()[:2].lower() for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")]
    return next((locale for wish in wishes for locale in LOCALES if locale == wish), "kk")


def _error(status: int, description: str) -> list[Mapping[str, Any]]:
    return [{"code": status, "description": description}]
