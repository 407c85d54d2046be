"""The product with its GeoReport server, and a key to that."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app.records import Operator, Role
from bot.bootstrap import Product, build, web_application
from bot.settings import Settings
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge
from tests.integrations.servers import served

ADMIN = Operator("boss", "boss", "Админ", Role.ADMINISTRATOR, "x")


@dataclass
class Server:
    """The product's endpoint, with a key to it."""

    product: Product
    clock: FakeClock
    base: str
    key: str
    session: aiohttp.ClientSession

    async def get(self, path: str, *, key: bool = True, **query: str) -> tuple[int, Any, str]:
        """Status, JSON or XML text, content type."""
        asked = {**query, **({"api_key": self.key} if key else {})}
        async with self.session.get(f"{self.base}/open311/{path}", params=asked) as answer:
            text = await answer.text()
            kind = answer.headers["Content-Type"]
            return answer.status, json.loads(text) if "json" in kind else text, kind

    async def found(self, **query: str) -> list[str]:
        """Numbers that a query gives."""
        status, rows, _ = await self.get("v2/requests.json", **query)
        assert status == 200, rows
        return [row["service_request_id"] for row in rows]


@pytest.fixture
async def server(data_dir: Path, quick_start: None) -> AsyncIterator[Server]:
    clock = FakeClock()
    settings = Settings(data_dir=data_dir, public_url="https://komek.example")
    async with (
        build(settings, clock=clock, understanding=ScriptedNlu(), knowledge=shipped_knowledge()) as product,
        served(web_application(product)) as url,
        aiohttp.ClientSession(headers={"Accept-Language": "ru"}) as session,
    ):
        _, key = await product.publication.issue(ADMIN, "Портал города")
        yield Server(product, clock, url, key, session)
