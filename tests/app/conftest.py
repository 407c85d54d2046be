"""The product as wired, on SQLite, with a clock that stands still and an understanding told what to know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import bootstrap
from bot.bootstrap import Product, build
from bot.settings import Settings
from tests import factories
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge


@pytest.fixture(autouse=True)
def _index_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "Ranker", factories.ranker)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def nlu() -> ScriptedNlu:
    return ScriptedNlu()


@pytest.fixture
async def product(tmp_path: Path, clock: FakeClock, nlu: ScriptedNlu) -> AsyncIterator[Product]:
    async with build(
        Settings(data_dir=tmp_path), clock=clock, understanding=nlu, knowledge=shipped_knowledge()
    ) as built:
        yield built
