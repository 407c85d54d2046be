"""The GeoReport server, read as the standard's text has it: field names, notations, limits, errors – and what must not show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from appeals.lifecycle import Status
from integrations.dto import ExternalCase
from integrations.open311.client import Open311Connector
from integrations.open311.mapping import Endpoint
from tests.app.other_systems import file_appeal
from tests.channels.open311.conftest import ADMIN, Server
from tests.factories import NOON
from tests.integrations.servers import DRAFT

DAY = timedelta(days=1)
REQUEST_FIELDS = (
    "service_request_id status status_notes service_name service_code description agency_responsible service_notice "
    "requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url"
).split()
SERVICE_FIELDS = "service_code service_name description metadata type keywords group".split()


async def test_services_are_those_of_public_space(server: Server) -> None:
    status, services, kind = await server.get("v2/services.json", key=False, jurisdiction_id="komek.example")
    assert (status, kind) == (200, "application/json; charset=utf-8")
    assert {service["service_code"].partition(".")[0] for service in services} == {"UTIL", "CITY", "ROAD"}
    for service in services:
        assert list(service) == SERVICE_FIELDS
        assert (service["metadata"], service["type"]) == (False, "realtime")
    assert "Отопление и горячая вода" in {service["service_name"] for service in services}
    for path in ("v2/services.xml", "v2/services"):
        status, text, kind = await server.get(path, key=False)
        assert kind == "text/xml; charset=utf-8"
        assert text.startswith("<?xml version='1.0' encoding='utf-8'?>")
        root = ElementTree.fromstring(text)
        assert (root.tag, {child.tag for child in root}) == ("services", {"service"})
        assert [field.tag for field in root[0]] == SERVICE_FIELDS
        assert root[0].findtext("metadata") == "false"
        assert len(root) == len(services)


async def test_a_definition_and_its_errors(server: Server) -> None:
    status, definition, _ = await server.get("v2/services/UTIL.HEAT.json", key=False)
    assert (status, definition) == (200, {"service_code": "UTIL.HEAT", "attributes": []})
    for path in ("services/HEALTH.CLINIC", "services/none", "tokens/1"):
        status, errors, _ = await server.get(f"v2/{path}.json", key=False)
        assert (status, [error["code"] for error in errors]) == (404, [404])
    assert (await server.get("v2/nothing", key=False))[0] == 404
    status, text, _ = await server.get("v2/services/none.xml", key=False)
    root = ElementTree.fromstring(text)
    assert (root.tag, root[0].tag, root[0].findtext("code")) == ("errors", "error", "404")
    assert root[0].findtext("description")


async def test_discovery_names_the_endpoint(server: Server) -> None:
    status, told, _ = await server.get("discovery.json", key=False)
    assert status == 200
    (endpoint,) = told["endpoints"]
    assert endpoint["url"] == "https://komek.example/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    assert endpoint["type"] == "test", "a demonstration is not acted upon"
    _, text, _ = await server.get("discovery.xml", key=False)
    assert ElementTree.fromstring(text).findtext("endpoints/endpoint/formats/format") == "application/json"


async def test_a_request_shows_no_words_and_no_person(server: Server) -> None:
    appeal = await file_appeal(server.product, draft=replace(DRAFT, place="117020100"))
    for path in ("v2/requests.json", f"v2/requests/{appeal.reference}.json"):
        status, rows, _ = await server.get(path)
        (row,) = rows
        assert status == 200
        assert list(row) == REQUEST_FIELDS
        assert row["service_request_id"] == appeal.reference
        assert (row["status"], row["service_code"]) == ("open", "UTIL.HEAT")
        assert row["description"] is None
        assert datetime.fromisoformat(row["requested_datetime"]) == NOON
        assert row["address_id"] in (None, "117020100")
        told = json.dumps(rows, ensure_ascii=False)
        for secret in ("Үлгіұлы", "900101300017", "+7701", "Абылай хан", "жылу жоқ"):
            assert secret not in told
    _, text, _ = await server.get("v2/requests.xml")
    root = ElementTree.fromstring(text)
    assert (root.tag, [field.tag for field in root[0]]) == ("service_requests", REQUEST_FIELDS)
    assert "Абылай" not in text


async def test_queries(server: Server) -> None:
    product, clock = server.product, server.clock
    heat = await file_appeal(product)
    clock.pass_time(DAY)
    road = await file_appeal(product, draft=replace(DRAFT, topic="ROAD.LOCAL"), status=Status.ANSWERED)
    await file_appeal(product, draft=replace(DRAFT, topic="HEALTH.CLINIC"))
    await file_appeal(product, synthetic=True)
    assert await server.found() == [road.reference, heat.reference]
    assert await server.found(service_code="UTIL.HEAT,CITY.SNOW") == [heat.reference]
    assert await server.found(service_code="") == [road.reference, heat.reference], "empty is not given"
    assert await server.found(status="closed") == [road.reference]
    assert await server.found(status="open,closed") == [road.reference, heat.reference]
    assert await server.found(end_date=(NOON + DAY / 2).isoformat()) == [heat.reference]
    assert await server.found(start_date=(NOON + DAY / 2).isoformat()) == [road.reference]
    assert await server.found(service_request_id=f"{heat.reference},KM-2026-000003", status="closed") == [
        heat.reference
    ]
    clock.pass_time(100 * DAY)
    assert await server.found() == [], "ninety days by default"
    assert await server.found(start_date="2026-11-20T00:00:00Z") == [road.reference, heat.reference]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400),
        ({"start_date": "2026-11-20T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400),
        ({"start_date": "yesterday"}, 400),
        ({"start_date": "2026-11-01"}, 400),
        ({"start_date": "9999-12-31T00:00:00Z"}, 400),
        ({"end_date": "0001-01-01T00:00:00Z"}, 400),
        ({"status": "lost"}, 400),
        ({"jurisdiction_id": "another.example"}, 404),
    ],
)
async def test_errors_of_a_query(server: Server, query: dict[str, str], status: int) -> None:
    got, errors, _ = await server.get("v2/requests.json", **query)
    assert got == status
    assert [error["code"] for error in errors] == [status]
    assert errors[0]["description"]


async def test_requests_need_a_key_that_holds(server: Server) -> None:
    for path in ("v2/requests.json", "v2/requests/KM-2026-000001.json"):
        assert (await server.get(path, key=False))[0] == 403
        assert (await server.get(path, key=False, api_key="guessed"))[0] == 403
    async with server.session.get(
        f"{server.base}/open311/v2/requests.json", headers={"X-Api-Key": server.key}
    ) as answer:
        assert answer.status == 200
    (key,) = await server.product.publication.keys(ADMIN)
    assert key.used_on is not None
    assert server.key not in repr(key)
    assert key.hint == server.key[:6]
    await server.product.publication.revoke(ADMIN, key.id)
    assert (await server.get("v2/requests.json"))[0] == 403


async def test_a_key_has_its_limit(server: Server) -> None:
    for _ in range(server.product.rules.api_requests_per_minute):
        assert (await server.get("v2/requests.json"))[0] == 200
    async with server.session.get(
        f"{server.base}/open311/v2/requests.json", params={"api_key": server.key}
    ) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert (await answer.json())[0]["code"] == 429


async def test_appeals_are_not_taken_here_and_it_is_said_why(server: Server) -> None:
    form = {
        "api_key": server.key,
        "service_code": "UTIL.HEAT",
        "address_string": "Щучинск",
        "description": "Нет тепла",
    }
    url = f"{server.base}/open311/v2/requests.json"
    async with server.session.post(url, data=form) as answer:
        assert answer.status == 400
        (error,) = await answer.json()
    assert "63" in error["description"]
    assert "https://komek.example" in error["description"]
    async with server.session.post(url, data={**form, "api_key": "guessed"}) as answer:
        assert answer.status == 403
    async with server.product.storage.read() as work:
        assert await work.outbox.pending() == 0


async def test_our_own_client_follows_a_case_here(server: Server) -> None:
    """Two readings of the standard meet, in both notations."""
    appeal = await file_appeal(server.product, status=Status.IN_PROGRESS)
    for notation in ("json", "xml"):
        endpoint = Endpoint(f"{server.base}/open311/v2", server.key, {}, notation=notation)
        client = Open311Connector(endpoint, server.clock.now)
        try:
            case, report = await client.report(ExternalCase("other", appeal.reference, None), NOON)
        finally:
            await client.close()
        assert report is not None
        assert (case.external_id, report.number, report.status) == (
            appeal.reference,
            appeal.reference,
            Status.REGISTERED,
        )
