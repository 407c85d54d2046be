"""What all tests share: no way out to the network, and storage on real servers."""

from __future__ import annotations

import asyncio
import ipaddress
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis import Redis
from sqlalchemy import make_url

from bot.observability import configure
from bot.settings import Settings
from bot.storage import RedisLink, SqlStorage, open_redis, open_storage, upgrade
from bot.storage.tables import metadata
from tests import servers
from tests.contracts.samples import SEAL

configure("json")  # as in production: the default console prints local variables, slowly


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what walks have covered: a number that falls is seen."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "walked":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")


# --- network guard ---------------------------------------------------------------------------

_offences: list[str] = []
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_REACHES_OUT = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event in _LOOKS_UP:
        host = args[0]
    elif event in _REACHES_OUT and args[0].family in (socket.AF_INET, socket.AF_INET6) and args[1]:
        host = args[1][0]
    else:
        return
    if not _is_loopback(host):
        _offences.append(f"{event} {host!r}")
        raise OSError(f"tests stay on this machine: {event} {host!r}")


sys.addaudithook(_watch)  # sees every socket, however it was made; cannot be taken off again


@pytest.fixture(autouse=True)
def network_guard() -> Iterator[list[str]]:
    """Fails a test that looked beyond the loopback, even when the code under test hid the error."""
    _offences.clear()
    yield _offences
    if _offences:
        pytest.fail(f"reached for the network: {', '.join(_offences)}")


# --- servers ---------------------------------------------------------------------------------


@contextmanager
def _running(server: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    try:
        context = server()
        url = context.__enter__()
    except servers.NotInstalledError as missing:
        pytest.skip(f"{missing} is not installed")
    try:
        yield url
    finally:
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL of a Redis that lives as long as the session; skips where there is none."""
    with _running(servers.redis) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL that lives as long as the session; skips where there is none."""
    with _running(servers.postgresql) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """URL of an empty Redis."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
async def redis_link(redis_url: str) -> AsyncIterator[RedisLink]:
    """A link to an empty Redis."""
    async with open_redis(redis_url, answer_seconds=servers.HANGS_SECONDS) as link:
        yield link


# --- databases -------------------------------------------------------------------------------


def _complete(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end; in a thread, for pytest's own thread may have a loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    async with open_storage(url, SEAL.of) as storage:
        await upgrade(storage.engine)


def administer(url: str, statement: str) -> None:
    """Run one statement on a PostgreSQL, outside of any transaction."""

    async def execute() -> None:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _complete(execute())


_database_numbers = count(1)


@contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    name = f"test_{next(_database_numbers)}"
    administer(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "storage.db"
    _complete(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def _migrated_postgres_url(postgres_server: str) -> Iterator[str]:
    with _postgres_database(postgres_server) as url:
        _complete(_migrate(url))
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite database without tables."""
    return f"sqlite+aiosqlite:///{tmp_path}/storage.db"


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a PostgreSQL database without tables."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(_sqlite_template: Path, empty_sqlite_url: str, tmp_path: Path) -> str:
    """URL of a migrated SQLite database of this test's own."""
    shutil.copy(_sqlite_template, tmp_path / "storage.db")
    return empty_sqlite_url


@pytest.fixture
def data_dir(_sqlite_template: Path, tmp_path: Path) -> Path:
    """The product's folder with its SQLite database in it, migrated."""
    shutil.copy(_sqlite_template, str(make_url(Settings(data_dir=tmp_path).database).database))
    return tmp_path


@pytest.fixture
def quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever builds the product many times pays once for what is always the same."""
    from bot import bootstrap  # a second or two, which tests of the pure core need not wait for
    from tests import factories

    monkeypatch.setattr(bootstrap, "Argon2Hasher", factories.quick_hasher)
    monkeypatch.setattr(bootstrap, "Ranker", factories.ranker)
    monkeypatch.setattr(bootstrap, "load_catalogues", factories.catalogues)


@pytest.fixture
def no_tls_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiogram waits a quarter of a second for TLS to end; there is none here."""
    from aiogram.client.session.aiohttp import AiohttpSession  # its models take seconds to load

    async def close(session: AiohttpSession) -> None:
        if session._session is not None:
            await session._session.close()

    monkeypatch.setattr(AiohttpSession, "close", close)


@pytest.fixture
def postgres_url(_migrated_postgres_url: str) -> str:
    """URL of a migrated PostgreSQL database with empty tables."""
    # A database for each test would be cleaner and takes a quarter of a second, as against some milliseconds.
    tables = ", ".join(metadata.tables)
    administer(_migrated_postgres_url, f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    return _migrated_postgres_url


@pytest.fixture
async def sqlite_storage(sqlite_url: str) -> AsyncIterator[SqlStorage]:
    """Storage on SQLite."""
    async with open_storage(sqlite_url, SEAL.of) as storage:
        yield storage


@pytest.fixture
async def postgres_storage(postgres_url: str) -> AsyncIterator[SqlStorage]:
    """Storage on PostgreSQL."""
    async with open_storage(postgres_url, SEAL.of) as storage:
        yield storage


_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated database: the test runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=_BOTH)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """URL of a database without tables: the test runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[SqlStorage]:
    """Storage: the test runs on SQLite and on PostgreSQL."""
    async with open_storage(database_url, SEAL.of) as opened:
        yield opened
