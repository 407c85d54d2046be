"""GeoReport v2 as values: what is sent, what recorded answers of servers mean, and what no answer may do to us."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appeals.lifecycle import Status
from integrations.dto import ExternalCase, Receipt
from integrations.open311 import fake, mapping
from integrations.open311.documents import Malformed, Row, read, write
from integrations.open311.mapping import Endpoint, NothingToSend
from tests.integrations.servers import DRAFT, NOW, event

FIXTURES = Path(fake.__file__).parent / "fixtures"
CITY = Endpoint(
    "https://city.example/v2", "a-city-key", {"UTIL.HEAT": "001"}, "city.example", reference_attribute="REF"
)
CASE = ExternalCase("KM-2026-000001", "638344", None)


def recorded(name: str) -> list[Row]:
    return read((FIXTURES / name).read_bytes(), name.rpartition(".")[2])


def test_a_request_as_it_is_sent() -> None:
    assert mapping.request_form(event(), CITY) == json.loads(
        (FIXTURES / "request_form.json").read_text("utf-8")
    )


def test_personal_data_need_both_the_setting_and_the_consent() -> None:
    personal = {"first_name", "last_name", "phone", "email"}
    assert not personal & set(mapping.request_form(event(), CITY))
    told = mapping.request_form(event(), replace(CITY, personal_data=True))
    assert (told["last_name"], told["first_name"], told["phone"]) == (
        "Үлгіұлы",
        "Мысал Өтінішұлы",
        "+77010000000",
    )
    assert not personal & set(mapping.request_form(event(consented=False), replace(CITY, personal_data=True)))
    assert "900101300017" not in str(told), "the standard has no field for the ИИН"


def test_a_long_text_is_cut_and_a_matter_without_a_place_is_not_sent() -> None:
    form = mapping.request_form(event(draft=replace(DRAFT, text="жылу жоқ " * 1000)), CITY)
    assert len(form["description"]) <= mapping.DESCRIPTION_LIMIT
    assert form["description"].startswith("KM-2026-000001\n")
    assert form["description"].endswith("…")
    with pytest.raises(NothingToSend):
        mapping.request_form(event(place=None, draft=replace(DRAFT, address=None)), CITY)


@pytest.mark.parametrize("name", ["created.json", "created.xml"])
def test_a_number_and_a_token(name: str) -> None:
    assert mapping.read_receipt(recorded(name), blackbox=False) == Receipt("293944")
    assert mapping.read_receipt(recorded("token.json"), blackbox=False) == Receipt(token="12345")
    with pytest.raises(Malformed):
        mapping.read_receipt([{}], blackbox=False)
    assert mapping.read_receipt([{}], blackbox=True) == Receipt()


def test_open_and_closed() -> None:
    opened = mapping.read_status(recorded("open.xml")[0], CASE, NOW)
    closed = mapping.read_status(recorded("closed.json")[0], CASE, NOW + timedelta(days=5))
    assert (opened.status, opened.number, opened.answer) == (Status.REGISTERED, "638344", None)
    assert (closed.status, closed.answer) == (Status.ANSWERED, "Отопление восстановлено.")
    assert closed.sequence > opened.sequence
    assert closed.at == datetime.fromisoformat("2026-11-23T09:00:00+05:00")
    for broken in ({}, {"status": "lost"}, {"service_request_id": "1"}):
        with pytest.raises(Malformed):
            mapping.read_status({**recorded("open.xml")[0], **broken} if broken else {}, CASE, NOW)


def test_one_second_may_hold_opening_and_closing() -> None:
    row = recorded("open.xml")[0]
    opened = mapping.read_status(row, CASE, NOW)
    closed = mapping.read_status({**row, "status": "closed", "status_notes": "Done"}, CASE, NOW)
    assert closed.sequence == opened.sequence + 1
    without = {**row, "updated_datetime": None}
    assert mapping.read_status(without, CASE, NOW).sequence == 1
    ancient = {**row, "updated_datetime": "0001-01-01T00:00:00+14:00"}
    assert mapping.read_status(ancient, CASE, NOW).at == NOW


def test_our_request_is_told_from_others() -> None:
    rows = recorded("closed.json")
    assert mapping.find_own(rows, "KM-2026-000001") == Receipt("638344")
    assert mapping.find_own(rows, "KM-2026-00000") is None
    assert mapping.shows_enough(rows)
    assert mapping.shows_enough([])
    assert not mapping.shows_enough([{**rows[0], "description": None}])
    assert not mapping.shows_enough(list(rows) * mapping.PAGE_LIMIT)
    assert mapping.look_up_window(event(), NOW + timedelta(days=80)) is not None
    assert mapping.look_up_window(event(), NOW + timedelta(days=90)) is None


def test_attributes_nobody_can_fill_are_named() -> None:
    (definition,) = recorded("definition.xml")
    assert mapping.unfillable(definition, CITY) == ["WHISHETN"]
    assert mapping.unfillable(definition, replace(CITY, reference_attribute="WHISHETN")) == []


def test_a_refusal_is_kept_without_what_was_sent() -> None:
    told = mapping.refusal(recorded("errors.xml"), {"phone": "+77010000000"})
    assert told.startswith("Invalid api_key received")
    assert "701" not in told
    rows = [{"description": "bad address Абылай хан көшесі, 10"}]
    assert "Абылай" not in mapping.refusal(rows, {"address_string": "Абылай хан көшесі, 10"})


@pytest.mark.parametrize("notation", ["json", "xml"])
def test_what_is_written_is_read_back(notation: str) -> None:
    rows = [{"service_code": "001", "service_name": "Жылу & «су» <b>", "description": None, "lat": "52.9"}]
    assert read(write("services", rows, notation), notation) == rows


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>busy",
        b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY b "c">]><services>&b;</services>',
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
)
def test_garbage_and_attacks_are_malformed(body: bytes) -> None:
    for notation in ("json", "xml"):
        with pytest.raises(Malformed):
            read(body, notation)
    for json_body in (b"[[1]]", b'"text"', b"[" * 100_000, b"7"):
        with pytest.raises(Malformed):
            read(json_body, "json")
