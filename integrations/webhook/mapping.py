"""Between our values and the messages of the webhook; both directions are fixed by the JSON Schemas beside this file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from appeals.appeal import to_json
from appeals.lifecycle import STATUSES, Status
from integrations.dto import YEARS, AppealEvent, StatusReport

EVENT_SCHEMA = "komekshi.appeal/1"
STATUS_SCHEMA = "komekshi.status/1"
WORDS_LIMIT = 10_000
_NAME_LIMIT = 300
_CODE = re.compile(r"[\w./№ -]{1,64}")
_KNOWN = frozenset(
    "schema sequence reference status at external_id number registered_on due body answer note".split()
)


class MalformedReport(ValueError):
    """A message that is no report; says which field, never what stood in it."""


def event_body(event: AppealEvent) -> bytes:
    """The event as it is sent, as bytes: the signature covers exactly these."""
    appeal = event.appeal
    message = {
        "schema": EVENT_SCHEMA,
        "event": event.name,
        "at": event.at.isoformat(),
        "appeal": {
            "reference": appeal.reference,
            "version": appeal.version,
            "status": appeal.status.value,
            "status_name": {"kk": STATUSES[appeal.status].name.kk, "ru": STATUSES[appeal.status].name.ru},
            "topic_name": {"kk": appeal.topic.kk, "ru": appeal.topic.ru} if appeal.topic else None,
            "place_name": {"kk": appeal.place.kk, "ru": appeal.place.ru} if appeal.place else None,
            "body": appeal.body,
            "locale": appeal.locale,
            "synthetic": appeal.synthetic,
            "created_at": appeal.created_at.isoformat(),
            "updated_at": appeal.updated_at.isoformat(),
            "number": appeal.number,
            "registered_on": _day(appeal.registered_on),
            "due": _day(appeal.due),
            "answer": appeal.answer,
            "draft": to_json(appeal.draft),
        },
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read_report(body: bytes, message_id: str) -> StatusReport:
    """The report in a message. Raises MalformedReport with the name of the field that is wrong."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedReport("body: is no JSON") from error
    if not isinstance(data, dict) or data.get("schema") != STATUS_SCHEMA:
        raise MalformedReport(f"schema: must be {STATUS_SCHEMA}")
    unknown = sorted(set(data) - _KNOWN)
    if unknown:
        raise MalformedReport(f"{unknown[0][:40]}: is not known")
    sequence = data.get("sequence")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not 1 <= sequence < 2**53:
        raise MalformedReport("sequence: must be a whole number from 1")
    reference = _text(data, "reference", 40)
    if not reference:
        raise MalformedReport("reference: is missing")
    status = _status(data)
    report = StatusReport(
        id=message_id,
        sequence=sequence,
        reference=reference,
        status=status,
        at=_moment(data),
        external_id=_short(data, "external_id"),
        number=_short(data, "number"),
        registered_on=_date(data, "registered_on"),
        due=_date(data, "due"),
        body=_text(data, "body", _NAME_LIMIT),
        answer=_text(data, "answer", WORDS_LIMIT),
        note=_text(data, "note", WORDS_LIMIT) or "",
    )
    if status is Status.ANSWERED and not report.answer:
        raise MalformedReport("answer: is needed with the status answered")
    return report


def _status(data: Mapping[str, Any]) -> Status:
    try:
        status = Status(data.get("status"))
    except ValueError as error:
        raise MalformedReport("status: is not known") from error
    if status is Status.CREATED:
        raise MalformedReport("status: created is the state before any report")
    return status


def _moment(data: Mapping[str, Any]) -> datetime:
    value = data.get("at")
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year not in YEARS:
        raise MalformedReport("at: must be a time with its zone, like 2026-11-21T10:15:30+05:00")
    return at


def _date(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MalformedReport(f"{name}: must be a day like 2026-12-11") from error
    if day.year not in YEARS:
        raise MalformedReport(f"{name}: must be a day of these years")
    return day


def _text(data: Mapping[str, Any], name: str, limit: int) -> str | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > limit:
        raise MalformedReport(f"{name}: must be a text of at most {limit} characters")
    return value.strip() or None


def _short(data: Mapping[str, Any], name: str) -> str | None:
    value = _text(data, name, 64)
    if value is not None and not _CODE.fullmatch(value):
        raise MalformedReport(f"{name}: letters, digits, blanks and ./-№_ only")
    return value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
