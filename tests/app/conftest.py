"""The product as wired, on SQLite, with a clock that stands still and an understanding told what to know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import Product, build
from bot.settings import Settings
from tests.app.crashes import Disk
from tests.app.signing import IIN, signing
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge
from tests.fakes.authority import Authority, Key
from tests.fakes.ncanode import NcaNodeServer


@pytest.fixture(autouse=True)
def _quick(quick_start: None) -> None:
    """Each test starts a product, or several."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def nlu() -> ScriptedNlu:
    return ScriptedNlu()


@pytest.fixture
async def product(data_dir: Path, clock: FakeClock, nlu: ScriptedNlu) -> AsyncIterator[Product]:
    async with build(
        Settings(data_dir=data_dir), clock=clock, understanding=nlu, knowledge=shipped_knowledge()
    ) as built:
        yield built


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    """Of the product on either database."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    return Disk(tmp_path, server)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def own(authority: Authority) -> Key:
    return authority.issue(IIN)


@pytest.fixture
async def node(authority: Authority, clock: FakeClock) -> AsyncIterator[NcaNodeServer]:
    """Certificates are made now, so it is a little later here."""
    clock.pass_time(datetime.now(UTC) + timedelta(minutes=5) - clock.now())
    async with NcaNodeServer(authority, clock.now) as running:
        yield running


@pytest.fixture
async def signing_product(data_dir: Path, clock: FakeClock, node: NcaNodeServer) -> AsyncIterator[Product]:
    async with signing(data_dir, clock, node) as built:
        yield built
