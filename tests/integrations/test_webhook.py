"""The webhook against its strict receiver, and against HTTP servers that fail in every way."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from aiohttp import web

from appeals.lifecycle import Status
from integrations import http
from integrations.errors import (
    DeliveryUnclear,
    ReportMalformed,
    ReportRefused,
    ServiceRejected,
    ServiceUnavailable,
)
from integrations.webhook import fake
from integrations.webhook.client import WebhookConnector
from integrations.webhook.fake import FakeReceiver
from integrations.webhook.mapping import event_body
from integrations.webhook.signature import TOLERANCE, sign, verify
from tests.integrations.servers import NOW, SECRET, event, registered, served
from tests.servers import NotInstalledError, find_program

FIXTURES = Path(fake.__file__).parent / "fixtures"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REPORT = json.loads((FIXTURES / "status_answered.json").read_text("utf-8"))
STATUS_SCHEMA = json.loads((FIXTURES.parent / "status.schema.json").read_text("utf-8"))


@asynccontextmanager
async def connector(url: str, *keys: str) -> AsyncIterator[WebhookConnector]:
    made = WebhookConnector(url, keys or (SECRET,), NOW.timestamp)
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def receiver(handler: Handler) -> AsyncIterator[WebhookConnector]:
    app = web.Application()
    app.router.add_post("/hook", handler)
    async with served(app) as url, connector(f"{url}/hook") as webhook:
        yield webhook


# --- events out ------------------------------------------------------------------------------


async def test_the_strict_receiver_takes_what_is_sent_and_drops_repetitions() -> None:
    other = FakeReceiver(SECRET, NOW.timestamp())
    async with served(other.application()) as url, connector(f"{url}/hook") as webhook:
        for _ in range(2):
            await webhook.deliver(event(), "message-1")
        await webhook.deliver(registered(), "message-2")
    assert not other.refused
    assert list(other.kept) == ["message-1", "message-2"]
    assert other.repeated == ["message-1"]
    assert other.kept["message-2"]["appeal"]["due"] == "2026-12-11"


@pytest.mark.parametrize("name", ["event_created", "event_registered"])
def test_recorded_messages_stay_as_they_are(name: str) -> None:
    told = json.loads(event_body({"event_created": event(), "event_registered": registered()}[name]))
    assert told == json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    fake.EVENT.validate(told)


async def test_a_key_is_changed_without_a_gap() -> None:
    """Both keys sign while both are set: the receiver may know either."""
    for known in ("the old key of the two", "the new key of the two"):
        other = FakeReceiver(known, NOW.timestamp())
        async with (
            served(other.application()) as url,
            connector(f"{url}/hook", "the old key of the two", "the new key of the two") as webhook,
        ):
            await webhook.deliver(event(), "message-1")
        assert list(other.kept) == ["message-1"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206, 409])
async def test_accepted_and_already_there_are_success(status: int) -> None:
    async with receiver(_answers(status)) as webhook:
        await webhook.deliver(event(), "message-1")


@pytest.mark.parametrize("body", ['{"id": "message-1"}', ' {"id": "message-1", "kept": true}\n', "\n"])
async def test_an_answer_may_name_the_message(body: str) -> None:
    async with receiver(_answers(200, body=body.encode())) as webhook:
        await webhook.deliver(event(), "message-1")


@pytest.mark.parametrize("status", [200, 409])
@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><title>Sign in</title>",
        "OK",
        "{",
        "[" * 100_000,
        '["message-1"]',
        '{"error": "the queue is full"}',
        '{"id": "message-2"}',
    ],
)
async def test_an_answer_that_is_not_the_receivers_leaves_it_unclear(body: str, status: int) -> None:
    async with receiver(_answers(status, body=body.encode())) as webhook:
        with pytest.raises(DeliveryUnclear, match="foreign_answer"):
            await webhook.deliver(event(), "message-1")


@pytest.mark.parametrize("status", [408, 425, 429, 503])
async def test_what_was_not_taken_is_tried_again(status: int) -> None:
    async with receiver(_answers(status, {"Retry-After": "7"})) as webhook:
        with pytest.raises(ServiceUnavailable) as raised:
            await webhook.deliver(event(), "message-1")
    assert raised.value.retry_after == 7


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_broken_server_leaves_it_unclear(status: int) -> None:
    async with receiver(_answers(status)) as webhook:
        with pytest.raises(DeliveryUnclear):
            await webhook.deliver(event(), "message-1")


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 410, 422])
async def test_refusals_and_redirections_are_not_tried_again(status: int) -> None:
    async with receiver(_answers(status, {"Location": "/elsewhere"})) as webhook:
        with pytest.raises(ServiceRejected):
            await webhook.deliver(event(), "message-1")


async def test_silence_and_a_dripping_answer_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIME_LIMIT", 0.2)
    released = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"{")
        await released.wait()
        return response

    for handler in (silent, dripping):
        async with receiver(handler) as webhook:
            with pytest.raises(DeliveryUnclear):
                await webhook.deliver(event(), "message-1")
            released.set()
        released.clear()


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_LIMIT", 1000)
    async with receiver(_answers(200, body=b"x" * 100_000)) as webhook:
        with pytest.raises(DeliveryUnclear):
            await webhook.deliver(event(), "message-1")


async def test_a_cut_connection_is_unclear_and_nobody_listening_is_not() -> None:
    other = FakeReceiver(SECRET, NOW.timestamp(), deque([fake.CUT]))
    async with served(other.application()) as url, connector(f"{url}/hook") as webhook:
        with pytest.raises(DeliveryUnclear):
            await webhook.deliver(event(), "message-1")
    async with connector("http://127.0.0.1:9/hook") as webhook:
        with pytest.raises(ServiceUnavailable):
            await webhook.deliver(event(), "message-1")


# --- signatures ------------------------------------------------------------------------------


def test_changed_body_other_secret_and_old_messages_do_not_verify() -> None:
    signature = sign((SECRET,), "m1", 1000, b"{}")
    assert verify((SECRET,), "m1", "1000", b"{}", signature, 1000 + TOLERANCE)
    assert verify(("a new key", SECRET), "m1", "1000", b"{}", f"v1=00 {signature}", 1000)
    assert not verify((SECRET,), "m1", "1000", b"{ }", signature, 1000)
    assert not verify(("another",), "m1", "1000", b"{}", signature, 1000)
    assert not verify((SECRET,), "m2", "1000", b"{}", signature, 1000)
    assert not verify((SECRET,), "m1", "1000", b"{}", signature, 1001 + TOLERANCE)
    for broken in ("", "v1=", "v2=" + signature[3:], "ф", "v1=ф"):
        assert not verify((SECRET,), "m1", "1000", b"{}", broken, 1000)
    for stamp in ("", "-1000", "1e3", "٣", "9" * 40):
        assert not verify((SECRET,), "m1", stamp, b"{}", signature, 1000)


async def test_what_is_sent_has_the_signature_that_openssl_makes() -> None:
    """A receiver needs nothing of ours to check a message."""
    try:
        openssl = find_program("openssl")
    except NotInstalledError:
        pytest.skip("openssl is not installed")
    sent: list[tuple[str, str, str, bytes]] = []

    async def record(request: web.Request) -> web.Response:
        names = ("Komekshi-Timestamp", "Komekshi-Id", "Komekshi-Signature")
        timestamp, message_id, signature = (request.headers[name] for name in names)
        sent.append((timestamp, message_id, signature, await request.read()))
        return web.Response(status=202)

    async with receiver(record) as webhook:
        await webhook.deliver(event(), "message-1")
    ((timestamp, message_id, signature, body),) = sent
    process = await asyncio.create_subprocess_exec(
        *(openssl, "dgst", "-sha256", "-hmac", SECRET, "-hex"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate(f"{timestamp}.{message_id}.".encode() + body)
    assert signature == f"v1={told.decode().split()[-1]}"


# --- reports back ----------------------------------------------------------------------------


def _read(report: dict[str, Any] | bytes, **headers: str) -> Any:
    body = report if isinstance(report, bytes) else json.dumps(report, ensure_ascii=False).encode()
    signed = FakeReceiver(SECRET, NOW.timestamp()).signed("report-0001", body)
    return WebhookConnector("https://other.example/hook", (SECRET,), NOW.timestamp).read_report(
        {**signed, **headers}, body
    )


def test_a_report_is_read() -> None:
    jsonschema.Draft202012Validator(STATUS_SCHEMA).validate(REPORT)
    report = _read(REPORT)
    assert (report.id, report.sequence, report.status) == ("report-0001", 5, Status.ANSWERED)
    assert report.answer == REPORT["answer"]
    assert report.number == REPORT["number"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"schema": "komekshi.status/2"}, "schema"),
        ({"sequence": 0}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"sequence": "5"}, "sequence"),
        ({"reference": None}, "reference"),
        ({"reference": 7}, "reference"),
        ({"status": "created"}, "status"),
        ({"status": "done"}, "status"),
        ({"status": None}, "status"),
        ({"at": "2026-11-21T10:00:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"due": "9999-12-31"}, "due"),
        ({"due": "11.12.2026"}, "due"),
        ({"number": "<b>17</b>"}, "number"),
        ({"answer": None}, "answer"),
        ({"answer": "x" * 10_001}, "answer"),
        ({"note": ["x"]}, "note"),
        ({"applicant": "x"}, "applicant"),
    ],
)
def test_the_field_that_is_wrong_is_named(changes: dict[str, Any], told: str) -> None:
    """By the reader and by the schema alike."""
    report = {**REPORT, **changes}
    with pytest.raises(ReportMalformed, match=told):
        _read(report)
    # The schema knows lengths and types; a lawful number's letters and a time's zone are the reader's.
    if told not in ("at", "number", "due"):
        assert not jsonschema.Draft202012Validator(STATUS_SCHEMA).is_valid(report)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"schema": 1}'])
def test_garbage_is_no_report(body: bytes) -> None:
    with pytest.raises(ReportMalformed):
        _read(body)


def test_an_unsigned_an_altered_and_an_old_report_are_not_looked_at() -> None:
    old = str(int(NOW.timestamp()) - TOLERANCE - 1)
    for headers in (
        {"Komekshi-Signature": ""},
        {"Komekshi-Signature": f"v1={'0' * 64}"},
        {"Komekshi-Timestamp": old},
        {"Komekshi-Id": "report-0002"},
        {"Komekshi-Id": ""},
    ):
        with pytest.raises(ReportRefused):
            _read(REPORT, **headers)


def _answers(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers, body=body)

    return handler
