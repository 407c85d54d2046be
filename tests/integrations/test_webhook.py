"""The webhook against a real HTTP server that fails in every way."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from integrations.errors import ServiceRejected, ServiceUnavailable
from integrations.webhook import client
from integrations.webhook.client import WebhookConnector
from integrations.webhook.signature import TOLERANCE, sign, verify

SECRET = "a shared secret of both sides"
EVENT = {"event": "appeal.created", "reference": "KM-2026-000001", "draft": {"text": "Үш күн жылу жоқ"}}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def receiver(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connector(url: str) -> AsyncIterator[WebhookConnector]:
    made = WebhookConnector(url, SECRET)
    try:
        yield made
    finally:
        await made.close()


async def test_receiver_can_verify_what_it_gets() -> None:
    seen: list[bool] = []

    async def handler(request: web.Request) -> web.Response:
        body = await request.read()
        stamp = int(request.headers["Komekshi-Timestamp"])
        fits = verify(
            SECRET,
            request.headers["Komekshi-Id"],
            stamp,
            body,
            request.headers["Komekshi-Signature"],
            int(time.time()),
        )
        seen.append(fits and json.loads(body) == EVENT)
        return web.Response(status=202)

    async with receiver(handler) as url, connector(url) as webhook:
        await webhook.deliver(EVENT, "m1")
    assert seen == [True]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 409])
async def test_accepted_and_already_there_are_success(status: int) -> None:
    async with receiver(_answers(status)) as url, connector(url) as webhook:
        await webhook.deliver(EVENT, "m1")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_trouble_on_the_other_side_is_tried_again(status: int) -> None:
    async with receiver(_answers(status, {"Retry-After": "7"})) as url, connector(url) as webhook:
        with pytest.raises(ServiceUnavailable) as raised:
            await webhook.deliver(EVENT, "m1")
    assert raised.value.retry_after == 7


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 410, 422])
async def test_refusals_and_redirections_are_not_tried_again(status: int) -> None:
    async with receiver(_answers(status, {"Location": "/elsewhere"})) as url, connector(url) as webhook:
        with pytest.raises(ServiceRejected):
            await webhook.deliver(EVENT, "m1")


async def test_silence_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIME_LIMIT", 0.2)
    released = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    async with receiver(handler) as url, connector(url) as webhook:
        with pytest.raises(ServiceUnavailable):
            await webhook.deliver(EVENT, "m1")
        released.set()


async def test_cut_connection_is_unavailable() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with receiver(handler) as url, connector(url) as webhook:
        with pytest.raises(ServiceUnavailable):
            await webhook.deliver(EVENT, "m1")


async def test_nobody_listens() -> None:
    async with connector("http://127.0.0.1:9/hook") as webhook:
        with pytest.raises(ServiceUnavailable):
            await webhook.deliver(EVENT, "m1")


def test_changed_body_other_secret_and_old_deliveries_do_not_verify() -> None:
    signature = sign(SECRET, "m1", 1000, b"{}")
    assert verify(SECRET, "m1", 1000, b"{}", signature, 1000 + TOLERANCE)
    assert not verify(SECRET, "m1", 1000, b"{ }", signature, 1000)
    assert not verify("another", "m1", 1000, b"{}", signature, 1000)
    assert not verify(SECRET, "m2", 1000, b"{}", signature, 1000)
    assert not verify(SECRET, "m1", 1000, b"{}", signature, 1001 + TOLERANCE)


def _answers(status: int, headers: dict[str, str] | None = None) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    return handler
