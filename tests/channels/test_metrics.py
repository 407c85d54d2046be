"""Figures of the service: for a monitor, not for the public."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import build, web_application
from bot.settings import Settings
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge

Client = TestClient[Any, Any]
TOKEN = "a token of sixteen"


@pytest.fixture
async def metrics(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    settings = Settings(data_dir=tmp_path, metrics_token=getattr(request, "param", ""))
    async with (
        build(
            settings, clock=FakeClock(), understanding=ScriptedNlu(), knowledge=shipped_knowledge()
        ) as product,
        TestClient(TestServer(web_application(product))) as client,
    ):
        yield client


async def test_this_machine_reads_them_and_nothing_that_came_through_a_proxy(
    metrics: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await metrics.get("/metrics")
    assert (answer.status, "komekshi_delivery_waiting" in await answer.text()) == (200, True)
    for forwarded in ({"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=203.0.113.7"}, {"Via": "1.1 x"}):
        refused = await metrics.get("/metrics", headers=forwarded)
        assert (refused.status, "METRICS_TOKEN" in await refused.text()) == (403, True)
    monkeypatch.setattr("aiohttp.web_request.BaseRequest.remote", "203.0.113.7")
    assert (await metrics.get("/metrics")).status == 403


@pytest.mark.parametrize("metrics", [TOKEN], indirect=True)
async def test_with_a_token_whoever_has_it_reads_them_and_nobody_else(
    metrics: Client,
) -> None:
    for told in (None, "Bearer another token of it", f"Basic {TOKEN}", TOKEN):
        headers = {"Authorization": told} if told else {}
        refused = await metrics.get("/metrics", headers=headers)
        assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    answer = await metrics.get(
        "/metrics", headers={"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"}
    )
    assert (answer.status, "komekshi_delivery_waiting" in await answer.text()) == (200, True)
