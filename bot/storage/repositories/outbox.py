"""What is to be done outside: claimed by one worker at a time, in order within its stream."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, func, insert, select, update

from bot.app.records import OutboxKind, OutboxRow
from bot.storage.repositories.repository import Repository
from bot.storage.tables import outbox

_c = outbox.c


class Outbox(Repository):
    """A row that is done is deleted. A lease is a `next_at` in the future: it ends when its worker dies."""

    async def add(self, rows: Sequence[OutboxRow]) -> None:
        """In the order given."""
        if rows:
            await self._connection.execute(
                insert(outbox),
                [
                    {
                        "id": row.id,
                        "kind": row.kind.value,
                        "stream": row.stream,
                        "payload": dict(row.payload),
                        "created_at": row.created_at,
                        "next_at": row.next_at,
                        "attempts": row.attempts,
                        "last_error": row.last_error,
                        "dead": False,
                    }
                    for row in rows
                ],
            )

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxRow]:
        """Due rows, the oldest living one of each stream, leased until `now` + `lease`."""
        older = outbox.alias("older")
        is_first = ~(
            select(older.c.position)
            .where(older.c.stream == _c.stream, older.c.dead.is_(False), older.c.position < _c.position)
            .exists()
        )
        # The lock makes a rival look again at the row we have just leased, and pass it by.
        due = await self._rows(
            select(outbox)
            .where(_c.dead.is_(False), _c.next_at <= now, is_first)
            .order_by(_c.next_at, _c.position)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )
        if not due:
            return []
        until = now + lease
        await self._run(
            update(outbox)
            .where(_c.position.in_([row["position"] for row in due]))
            .values(next_at=until, attempts=_c.attempts + 1)
        )
        return [_outbox_row(row, next_at=until, attempts=row["attempts"] + 1) for row in due]

    async def done(self, row_id: str) -> None:
        """Nothing happens when it is gone already."""
        await self._run(delete(outbox).where(_c.id == row_id))

    async def retry(self, row_id: str, at: datetime, error: str) -> None:
        """Due again at `at`; until then its stream waits."""
        await self._run(update(outbox).where(_c.id == row_id).values(next_at=at, last_error=error))

    async def bury(self, row_id: str, error: str) -> None:
        """Never tried again by itself; its stream goes on without it."""
        await self._run(update(outbox).where(_c.id == row_id).values(dead=True, last_error=error))

    async def revive(self, row_id: str, at: datetime) -> bool:
        """Tried afresh, with all attempts before it; False when there is no such buried row."""
        changed = await self._run(
            update(outbox)
            .where(_c.id == row_id, _c.dead.is_(True))
            .values(dead=False, next_at=at, attempts=0)
        )
        return changed.rowcount == 1

    async def dead(self, limit: int) -> Sequence[OutboxRow]:
        """Newest first."""
        rows = await self._rows(
            select(outbox).where(_c.dead.is_(True)).order_by(_c.position.desc()).limit(limit)
        )
        return [_outbox_row(row, next_at=row["next_at"], attempts=row["attempts"]) for row in rows]

    async def pending(self) -> int:
        """How many are not done, the buried ones left aside."""
        return int(await self._value(select(func.count()).select_from(outbox).where(_c.dead.is_(False))))


def _outbox_row(row: RowMapping, *, next_at: datetime, attempts: int) -> OutboxRow:
    return OutboxRow(
        id=row["id"],
        kind=OutboxKind(row["kind"]),
        stream=row["stream"],
        payload=row["payload"],
        created_at=row["created_at"],
        next_at=next_at,
        attempts=attempts,
        last_error=row["last_error"],
    )
