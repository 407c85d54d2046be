"""What is to be done outside: claimed by one worker at a time, in order within its stream."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, case, delete, func, insert, or_, select, update

from bot.app.records import Backlog, OutboxKind, OutboxRow
from bot.storage.repositories.repository import Repository
from bot.storage.tables import outbox

_c = outbox.c
_ADD = insert(outbox)
_APPEAL = OutboxKind.APPEAL.value


class Outbox(Repository):
    """A row that is done is deleted. A lease is a `next_at` in the future: it ends when its worker dies."""

    async def add(self, rows: Sequence[OutboxRow]) -> None:
        """In the order given."""
        if rows:
            await self._run(
                _ADD,
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
                        "system": row.system,
                        "unsure": row.unsure,
                    }
                    for row in rows
                ],
            )

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxRow]:
        """Due rows, the oldest of each stream, leased until `now` + `lease`. Buried messages hold nothing up, buried
        events of an appeal do.

        From here on an appeal's event is unsure: if this worker dies, nobody knows what it has sent.
        """
        older = outbox.alias("older")
        holds = or_(older.c.dead.is_(False), older.c.kind == _APPEAL)
        is_first = ~(
            select(older.c.position)
            .where(older.c.stream == _c.stream, holds, older.c.position < _c.position)
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
            .values(next_at=until, attempts=_c.attempts + 1, unsure=_c.kind == _APPEAL)
        )
        return [_outbox_row(row, next_at=until, attempts=row["attempts"] + 1) for row in due]

    async def done(self, row_id: str) -> None:
        """Nothing happens when it is gone already."""
        await self._run(delete(outbox).where(_c.id == row_id))

    async def retry(self, row_id: str, at: datetime, error: str, *, unsure: bool = False) -> None:
        """Due again at `at`; until then its stream waits."""
        await self._run(
            update(outbox).where(_c.id == row_id).values(next_at=at, last_error=error, unsure=unsure)
        )

    async def bury(self, row_id: str, error: str, *, unsure: bool = False) -> None:
        """Never tried again by itself."""
        await self._run(
            update(outbox).where(_c.id == row_id).values(dead=True, last_error=error, unsure=unsure)
        )

    async def revive(self, row_id: str, at: datetime, *, unsure: bool | None = None) -> bool:
        """Tried afresh, with all attempts before it; False when there is no such buried row."""
        told = {} if unsure is None else {"unsure": unsure}
        changed = await self._run(
            update(outbox)
            .where(_c.id == row_id, _c.dead.is_(True))
            .values(dead=False, next_at=at, attempts=0, **told)
        )
        return changed.rowcount == 1

    async def hasten(self, system: str, at: datetime, *, later_than: datetime) -> int:
        """Rows due after `later_than` are due at `at`, with all attempts before them; the unclear ones settle in their time."""
        changed = await self._run(
            update(outbox)
            .where(_c.system == system, _c.dead.is_(False), _c.unsure.is_(False), _c.next_at > later_than)
            .values(next_at=at, attempts=0)
        )
        return int(changed.rowcount)

    async def find(self, row_id: str) -> OutboxRow | None:
        """Living or buried."""
        row = await self._first(select(outbox).where(_c.id == row_id))
        return None if row is None else _outbox_row(row, next_at=row["next_at"], attempts=row["attempts"])

    async def dead(self, limit: int, system: str | None = None) -> Sequence[OutboxRow]:
        """Newest first; of one system, or of all."""
        of = [] if system is None else [_c.system == system]
        rows = await self._rows(
            select(outbox).where(_c.dead.is_(True), *of).order_by(_c.position.desc()).limit(limit)
        )
        return [_outbox_row(row, next_at=row["next_at"], attempts=row["attempts"]) for row in rows]

    async def backlog(self) -> Sequence[Backlog]:
        """By system, the citizens' channels ("") first."""
        dead = func.sum(case((_c.dead.is_(True), 1), else_=0))
        rows = await self._rows(
            select(
                _c.system,
                (func.count() - dead).label("waiting"),
                dead.label("dead"),
                func.min(_c.created_at).label("oldest"),
            )
            .group_by(_c.system)
            .order_by(_c.system)
        )
        return [Backlog(row["system"], int(row["waiting"]), int(row["dead"]), row["oldest"]) for row in rows]

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
        system=row["system"],
        unsure=row["unsure"],
        dead=row["dead"],
    )
