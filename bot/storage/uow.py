"""Transactions on SQLite or PostgreSQL: what is not committed did not happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from types import TracebackType

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.app import ports
from bot.app.errors import NoRoom, StaleState
from bot.storage.engine import parse_url, reading_engine, statements_engine, writing_engine
from bot.storage.recent import Recent
from bot.storage.repositories.api_keys import ApiKeys
from bot.storage.repositories.appeals import Appeals, Loads
from bot.storage.repositories.audit import Audit
from bot.storage.repositories.consents import Consents
from bot.storage.repositories.conversations import Conversations
from bot.storage.repositories.decisions import Decisions
from bot.storage.repositories.deliveries import Deliveries
from bot.storage.repositories.feedback import Feedback
from bot.storage.repositories.files import Files
from bot.storage.repositories.follows import Follows
from bot.storage.repositories.inbox import Inbox
from bot.storage.repositories.messages import Messages
from bot.storage.repositories.moved_days import SwapChanges
from bot.storage.repositories.operators import Operators
from bot.storage.repositories.outbox import Outbox
from bot.storage.repositories.pages import Pages
from bot.storage.repositories.ratings import Ratings
from bot.storage.repositories.samples import Samples
from bot.storage.repositories.searches import Searches
from bot.storage.repositories.signatures import Signatures
from bot.storage.repositories.withdrawals import Withdrawals

log = structlog.get_logger()

_HEALTH_SECONDS = 2
_LOADS_SECONDS = 10
_SQLITE_BUSY = 5
# Serialisation failure and deadlock: PostgreSQL took one of the two transactions back.
_LOST_TO_A_RIVAL = frozenset({"40001", "40P01"})
# SQLITE_FULL, and what SQLite makes of a quota and of a limit to the size of files: a write, or the index of its log.
_SQLITE_FULL = frozenset({13, 778, 4874})
_POSTGRESQL_FULL = "53100"


class SqlUnitOfWork:
    """One transaction on one connection; not to be shared between tasks."""

    def __init__(
        self, connection: AsyncConnection, seal: Callable[[str], str], loads: Loads, *, reads: bool
    ) -> None:
        self._connection = connection
        self._loads = loads
        self._appeals = Appeals(connection, seal, loads if reads else None)
        self.conversations: ports.Conversations = Conversations(connection)
        self.inbox: ports.Inbox = Inbox(connection)
        self.messages: ports.Messages = Messages(connection)
        self.outbox: ports.Outbox = Outbox(connection)
        self.appeals: ports.Appeals = self._appeals
        self.ratings: ports.Ratings = Ratings(connection)
        self.consents: ports.Consents = Consents(connection)
        self.pages: ports.Pages = Pages(connection)
        self.signatures: ports.Signatures = Signatures(connection)
        self.withdrawals: ports.Withdrawals = Withdrawals(connection)
        self.feedback: ports.Feedback = Feedback(connection)
        self.follows: ports.Follows = Follows(connection)
        self.samples: ports.Samples = Samples(connection)
        self.decisions: ports.Decisions = Decisions(connection)
        self.deliveries: ports.Deliveries = Deliveries(connection)
        self.api_keys: ports.ApiKeys = ApiKeys(connection)
        self.operators: ports.Operators = Operators(connection)
        self.files: ports.Files = Files(connection)
        self.swap_changes: ports.SwapChanges = SwapChanges(connection)
        self.searches: ports.Searches = Searches(connection)
        self.audit: ports.Audit = Audit(connection)

    async def commit(self) -> None:
        """Raises StaleState when a rival was quicker or the connection was lost, NoRoom on a full disk."""
        with _translated():
            await self._connection.commit()
        if self._appeals.changed:
            self._loads.forget()


class SqlStorage:
    """Opens transactions. `engine` is the one that migrations are run on, `reading` asks only; `seal` makes keyed digests
    in hex."""

    def __init__(self, engine: AsyncEngine, seal: Callable[[str], str]) -> None:
        self.engine = engine
        self._seal = seal
        self._loads: Loads = Recent(_LOADS_SECONDS)
        self.reading = reading_engine(engine)
        self._single = statements_engine(engine)
        # SQLite lets waiting writers starve: this queue is fair and bounds the longest wait.
        sqlite = engine.dialect.name == "sqlite"
        self._turn: asyncio.Lock | nullcontext[None] = asyncio.Lock() if sqlite else nullcontext()

    async def __aenter__(self) -> SqlStorage:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[ports.UnitOfWork]:
        """One that may write; rolled back unless committed. Raises StaleState when a rival was quicker, or the connection lost,
        and NoRoom on a full disk."""
        with _translated():
            async with self._turn, self.engine.connect() as connection:
                yield SqlUnitOfWork(connection, self._seal, self._loads, reads=False)

    @asynccontextmanager
    async def single(self) -> AsyncIterator[ports.UnitOfWork]:
        """One for a single statement that writes, without the questions more that make a transaction. Raises as `write`."""
        with _translated():
            async with self._turn, self._single.connect() as connection:
                work = SqlUnitOfWork(connection, self._seal, self._loads, reads=False)
                yield work
                await work.commit()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ports.UnitOfWork]:
        """One that only reads, which the database itself enforces, and never waits for writers."""
        with _translated():
            async with self.reading.connect() as connection:
                yield SqlUnitOfWork(connection, self._seal, self._loads, reads=True)

    async def healthy(self) -> bool:
        """Whether the database answers within two seconds."""
        try:
            async with asyncio.timeout(_HEALTH_SECONDS), self.reading.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001 - drivers, pool and network fail in many ways, all mean no
            log.warning("storage.unhealthy", code=type(error).__name__)
            return False
        return True

    async def close(self) -> None:
        """Closes all connections."""
        await self.reading.dispose()
        await self.engine.dispose()


def open_storage(database_url: str, seal: Callable[[str], str]) -> SqlStorage:
    """Storage on `sqlite+aiosqlite:///<file>` or `postgresql+asyncpg://…`; connects at first use.

    `seal` makes a keyed digest in hex: persons' numbers are searched by nothing else. Raises ValueError for any other
    address.
    """
    return SqlStorage(writing_engine(parse_url(database_url)), seal)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _no_room(error):
            log.error("storage.full", code=type(error).__name__)  # noqa: TRY400 - a trace says nothing more
            raise NoRoom(type(error).__name__) from error
        # Of a lost connection nothing is left, or all of it: both are found by looking again.
        if error.connection_invalidated or _lost_to_a_rival(error):
            raise StaleState(type(error).__name__) from error
        raise


def _no_room(error: DBAPIError) -> bool:
    cause = error.orig
    return (
        getattr(cause, "sqlstate", None) == _POSTGRESQL_FULL
        or getattr(cause, "sqlite_errorcode", None) in _SQLITE_FULL
    )


def _lost_to_a_rival(error: DBAPIError) -> bool:
    cause = error.orig
    if getattr(cause, "sqlstate", None) in _LOST_TO_A_RIVAL:
        return True
    code = getattr(cause, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF == _SQLITE_BUSY
