"""Consents taken back, and what the organisation answered."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, insert, select, update

from bot.app.errors import NotFound
from bot.app.records import Withdrawal, WithdrawalState
from bot.storage.repositories.repository import Repository
from bot.storage.tables import withdrawals

_c = withdrawals.c
_IS_OPEN = _c.state == WithdrawalState.OPEN.value


class Withdrawals(Repository):
    """Decided once."""

    async def add(self, withdrawal: Withdrawal) -> None:
        """A new one."""
        await self._run(
            insert(withdrawals).values(
                id=withdrawal.id,
                conversation_id=withdrawal.conversation_id,
                channel=withdrawal.channel,
                asked_at=withdrawal.asked_at,
                due=withdrawal.due,
                person=withdrawal.person,
                contact=withdrawal.contact,
                reference=withdrawal.reference,
                state=withdrawal.state.value,
                decided_at=withdrawal.decided_at,
                decided_by=withdrawal.decided_by,
                reason=withdrawal.reason,
            )
        )

    async def get(self, withdrawal_id: str) -> Withdrawal:
        """Raises NotFound."""
        row = await self._first(select(withdrawals).where(_c.id == withdrawal_id))
        if row is None:
            raise NotFound(withdrawal_id)
        return _withdrawal(row)

    async def decide(self, withdrawal: Withdrawal) -> bool:
        """False when it was not open any more."""
        decided = await self._run(
            update(withdrawals)
            .where(_c.id == withdrawal.id, _IS_OPEN)
            .values(
                state=withdrawal.state.value,
                decided_at=withdrawal.decided_at,
                decided_by=withdrawal.decided_by,
                reason=withdrawal.reason,
            )
        )
        return decided.rowcount == 1

    async def open(self, limit: int) -> Sequence[Withdrawal]:
        """The most urgent first."""
        rows = await self._rows(
            select(withdrawals).where(_IS_OPEN).order_by(_c.due, _c.asked_at, _c.id).limit(limit)
        )
        return [_withdrawal(row) for row in rows]

    async def decided(self, limit: int) -> Sequence[Withdrawal]:
        """Newest decisions first."""
        rows = await self._rows(
            select(withdrawals).where(~_IS_OPEN).order_by(_c.decided_at.desc(), _c.id).limit(limit)
        )
        return [_withdrawal(row) for row in rows]

    async def of_conversation(self, conversation_id: str) -> Sequence[Withdrawal]:
        """Oldest first."""
        own = select(withdrawals).where(_c.conversation_id == conversation_id)
        return [_withdrawal(row) for row in await self._rows(own.order_by(_c.asked_at, _c.id))]


def _withdrawal(row: RowMapping) -> Withdrawal:
    return Withdrawal(**{**row, "state": WithdrawalState(row["state"])})
