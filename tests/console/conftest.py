"""A console for each test; the product's content is read once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot import bootstrap
from tests import factories
from tests.console.scene import Scene, console_of, running_product


@pytest.fixture(autouse=True)
def _content_read_once(quick_start: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "load_knowledge", lambda _settings: factories.knowledge())


@asynccontextmanager
async def open_scene(folder: Path, database: str) -> AsyncIterator[Scene]:
    """For fixtures on any event loop."""
    async with running_product(folder, database) as product, TestServer(console_of(product)) as server:
        scene = Scene(product, server)
        yield scene
        for client in scene.clients:
            await client.close()


@pytest.fixture
async def scene(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path, sqlite_url) as opened:
        yield opened
