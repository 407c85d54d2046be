"""A strict GeoReport v2 server for tests and for trying a connection out, written from the standard's text.

Checks what it is sent as the standard words it and knows nothing of our own code. It does not drop repetitions.
`python -m integrations.open311.fake [PORT]` listens on this machine; the key is `a-city-key`, the jurisdiction `city.example`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web

ACCEPT_AND_CUT, ACCEPT_AND_HANG, ACCEPT_AND_FAIL = "accept and cut", "accept and hang", "accept and fail"
ACCEPT_AND_BABBLE, CUT, DOWN, BABBLE, DRIP = "accept and babble", "cut", "down", "babble", "drip"
FIELDS = frozenset(
    "api_key jurisdiction_id service_code lat long address_string address_id email device_id account_id first_name "
    "last_name phone description media_url".split()
)
SERVICES: tuple[Mapping[str, Any], ...] = (
    {
        "service_code": "001",
        "service_name": "Heating",
        "description": "",
        "metadata": True,
        "type": "realtime",
    },
    {
        "service_code": "002",
        "service_name": "Street",
        "description": "",
        "metadata": False,
        "type": "realtime",
    },
    {"service_code": "003", "service_name": "Yard", "description": "", "metadata": False, "type": "batch"},
    {
        "service_code": "004",
        "service_name": "Trees",
        "description": "",
        "metadata": False,
        "type": "blackbox",
    },
    {"service_code": "005", "service_name": "Meter", "description": "", "metadata": True, "type": "realtime"},
)
ATTRIBUTES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "001": (
        {
            "variable": True,
            "code": "REF",
            "datatype": "string",
            "required": True,
            "order": 1,
            "description": "Ref",
        },
    ),
    "005": (
        {
            "variable": True,
            "code": "METER",
            "datatype": "number",
            "required": True,
            "order": 1,
            "description": "",
        },
    ),
}
LISTS = {"services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute"}


class Refused(Exception):
    """An error of the standard: the HTTP status and what is told."""

    def __init__(self, status: int, description: str) -> None:
        self.status = status
        super().__init__(description)


@dataclass
class FakeGeoReport:
    """`faults` are spent one a POST (or, where named so, one a read). `requests`: what citizens reported, by number."""

    now: datetime
    key: str = "a-city-key"
    jurisdiction: str = "city.example"
    faults: deque[str] = field(default_factory=deque)
    read_faults: deque[str] = field(default_factory=deque)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: list[Mapping[str, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    hides_descriptions: bool = False
    calls: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def application(self) -> web.Application:
        """To be served anywhere; the endpoint is at /v2."""
        app = web.Application()
        app.router.add_get("/v2/services.{format}", self._answering("services", self._services))
        app.router.add_get(
            "/v2/services/{code}.{format}", self._answering("service_definition", self._service)
        )
        app.router.add_post("/v2/requests.{format}", self._post)
        app.router.add_get("/v2/requests.{format}", self._answering("service_requests", self._query))
        app.router.add_get("/v2/requests/{id}.{format}", self._answering("service_requests", self._request))
        app.router.add_get("/v2/tokens/{id}.{format}", self._answering("service_requests", self._token))
        return app

    def close(self, number: str, notes: str | None = "Done.") -> None:
        """The matter is settled."""
        self.requests[number] |= {
            "status": "closed",
            "status_notes": notes,
            "updated_datetime": _w3(self.now),
        }

    # --- reads ---------------------------------------------------------------------------------

    def _answering(self, root: str, find: Any) -> Any:
        async def handler(request: web.Request) -> web.StreamResponse:
            self.calls += 1
            fault = self.read_faults.popleft() if self.read_faults else ""
            if fault == DOWN:
                return web.Response(status=503)
            if fault == BABBLE:
                return web.Response(body=b"<html>\xffoops", content_type="text/html")
            if fault == DRIP:
                return await self._drip(request)
            try:
                self._check_jurisdiction(request.query)
                value = find(request)
            except Refused as refused:
                return _write(request, "errors", _errors(refused), refused.status)
            return _write(request, root, value, 200)

        return handler

    def _services(self, _: web.Request) -> Any:
        return list(SERVICES)

    def _service(self, request: web.Request) -> Any:
        code = request.match_info["code"]
        if code not in {service["service_code"] for service in SERVICES}:
            raise Refused(404, f"service_code {code} was not found")
        return {"service_code": code, "attributes": list(ATTRIBUTES.get(code, ()))}

    def _query(self, request: web.Request) -> Any:
        query = request.query
        if "service_request_id" in query:
            wanted = query["service_request_id"].split(",")
            return [self._shown(row) for number, row in self.requests.items() if number in wanted]
        first = _moment(query.get("start_date"), self.now - timedelta(days=90))
        last = _moment(query.get("end_date"), self.now)
        if last - first > timedelta(days=90):
            raise Refused(400, "the range may not span more than 90 days")
        codes = query["service_code"].split(",") if query.get("service_code") else None
        found = [
            self._shown(row)
            for row in self.requests.values()
            if (codes is None or row["service_code"] in codes)
            and first <= datetime.fromisoformat(row["requested_datetime"]) <= last
            and row["shown"]
        ]
        return found[:1000]

    def _request(self, request: web.Request) -> Any:
        row = self.requests.get(request.match_info["id"])
        if row is None:
            raise Refused(404, "service_request_id was not found")
        return [self._shown(row)]

    def _token(self, request: web.Request) -> Any:
        token = request.match_info["id"]
        if token not in self.tokens:
            raise Refused(404, "token was not found")
        return [{"service_request_id": self.tokens[token] or None, "token": token}]

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        names = (
            "service_request_id status status_notes service_name service_code description agency_responsible "
            "service_notice requested_datetime updated_datetime expected_datetime address address_id zipcode lat long "
            "media_url"
        )
        shown = {name: row.get(name) for name in names.split()}
        return shown | ({"description": None} if self.hides_descriptions else {})

    # --- the write -----------------------------------------------------------------------------

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        fault = self.faults.popleft() if self.faults else ""
        if fault == DOWN:
            return web.Response(status=503, headers={"Retry-After": "60"})
        if fault == CUT:
            return _cut(request)
        try:
            created = self._create(await _form(request))
        except Refused as refused:
            return _write(request, "errors", _errors(refused), refused.status)
        if fault == ACCEPT_AND_CUT:
            return _cut(request)
        if fault == ACCEPT_AND_HANG:
            await self.released.wait()
        if fault == ACCEPT_AND_FAIL:
            return web.Response(status=500, text="oops")
        if fault == ACCEPT_AND_BABBLE:
            return web.Response(status=200, body=b"\x00{not json", content_type="text/plain")
        return _write(request, "service_requests", [created], 201)

    def _create(self, form: Mapping[str, str]) -> dict[str, Any]:
        if form.get("api_key") != self.key:
            raise Refused(403, "Missing or invalid api_key")
        self._check_jurisdiction(form)
        service = self._checked_service(form)
        self.forms.append(form)
        number = str(638_000 + len(self.forms))
        kind = service["type"]
        self.requests[number] = {
            "service_request_id": number,
            "status": "open",
            "service_name": service["service_name"],
            "service_code": service["service_code"],
            "description": form.get("description"),
            "requested_datetime": _w3(self.now),
            "updated_datetime": _w3(self.now),
            "address": form.get("address_string"),
            "shown": kind == "realtime",
        }
        if kind == "batch":
            self.tokens[f"t{number}"] = ""
            return {"token": f"t{number}", "service_notice": None, "account_id": None}
        return {
            "service_request_id": number if kind == "realtime" else None,
            "service_notice": "Within 24 hours",
            "account_id": None,
        }

    def _checked_service(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        code = form.get("service_code")
        if not code:
            raise Refused(400, "service_code was not provided")
        service = next((service for service in SERVICES if service["service_code"] == code), None)
        if service is None:
            raise Refused(404, f"service_code {code} was not found")
        if not ("address_string" in form or "address_id" in form or ("lat" in form and "long" in form)):
            raise Refused(400, "a location was not provided")
        known = {str(attribute["code"]) for attribute in ATTRIBUTES.get(code, ())}
        for name in form:
            attribute = re.fullmatch(r"attribute\[(\w+)\](\[\])?", name)
            if not (name in FIELDS or (attribute and attribute[1] in known)):
                raise Refused(400, f"the field {name} is not known")
        for wanted in ATTRIBUTES.get(code, ()):
            if wanted["required"] and not form.get(f"attribute[{wanted['code']}]"):
                raise Refused(400, f"attribute {wanted['code']} was not provided")
        description = form.get("description", "")
        if len(description) > 4000 or re.search(r"<\w+[^>]*>", description):
            raise Refused(400, "description is limited to 4,000 characters and may not contain html")
        return service

    def _check_jurisdiction(self, given: Mapping[str, str]) -> None:
        told = given.get("jurisdiction_id")
        if not told:
            raise Refused(400, "jurisdiction_id was not provided")
        if told != self.jurisdiction:
            raise Refused(404, "jurisdiction_id was not found")

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b"[")
        await self.released.wait()
        return response


async def _form(request: web.Request) -> Mapping[str, str]:
    kind = request.headers.get("Content-Type", "").replace(" ", "").lower()
    if kind not in ("application/x-www-form-urlencoded;charset=utf-8", "application/x-www-form-urlencoded"):
        raise Refused(400, "Content-Type must be application/x-www-form-urlencoded; charset=utf-8")
    form = await request.post()
    if len(set(form)) != len(form):
        raise Refused(400, "a field was given twice")
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _errors(refused: Refused) -> list[dict[str, Any]]:
    return [{"code": refused.status, "description": str(refused)}]


def _write(request: web.Request, root: str, value: Any, status: int) -> web.Response:
    if request.match_info["format"] == "json":
        return web.Response(status=status, text=json.dumps(value), content_type="application/json")
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{_xml(root, value)}'
    return web.Response(status=status, text=text, content_type="text/xml")


def _xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        return f"<{name}>{''.join(_xml(LISTS[name], item) for item in value)}</{name}>"
    if isinstance(value, dict):
        return f"<{name}>{''.join(_xml(key, part) for key, part in value.items())}</{name}>"
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"


def _moment(told: str | None, default: datetime) -> datetime:
    if not told:
        return default
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise Refused(400, "a date must be in w3 format") from None
    if moment.tzinfo is None:
        raise Refused(400, "a date must have its zone")
    return moment


def _w3(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


if __name__ == "__main__":
    web.run_app(
        FakeGeoReport(datetime.now().astimezone()).application(),
        host="127.0.0.1",
        port=int(sys.argv[1]) if len(sys.argv) > 1 else 9311,
    )
