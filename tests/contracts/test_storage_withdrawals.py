"""Consents taken back wait for an answer, which is given once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.app.errors import NotFound
from bot.app.ports import Storage
from bot.app.records import Withdrawal, WithdrawalState
from tests.contracts.samples import LATER, NOW, stored_conversation

ASKED = Withdrawal("w1", "c1", "telegram", NOW, date(2026, 12, 11))


async def test_withdrawals_are_answered_once_the_most_urgent_first(storage: Storage) -> None:
    at_the_desk = Withdrawal(
        "w2", None, "desk", LATER, date(2026, 12, 10), "Сынақов Мысал", "Щучинск, Абай 1", "KM-2026-000001"
    )
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.withdrawals.add(ASKED)
        await uow.withdrawals.add(at_the_desk)
        assert await uow.withdrawals.open(9) == [at_the_desk, ASKED]
        assert await uow.withdrawals.open(1) == [at_the_desk]
        assert await uow.withdrawals.get("w2") == at_the_desk
        assert await uow.withdrawals.of_conversation("c1") == [ASKED]
        refused = replace(
            ASKED,
            state=WithdrawalState.REFUSED,
            decided_at=LATER,
            decided_by="o1",
            reason="Заң бойынша сақталады",
        )
        assert await uow.withdrawals.decide(refused)
        assert not await uow.withdrawals.decide(replace(refused, state=WithdrawalState.STOPPED))
        assert await uow.withdrawals.open(9) == [at_the_desk]
        stopped = replace(
            at_the_desk,
            state=WithdrawalState.STOPPED,
            decided_at=LATER + timedelta(days=1),
            decided_by="o1",
        )
        assert await uow.withdrawals.decide(stopped)
        assert await uow.withdrawals.decided(9) == [stopped, refused]
        with pytest.raises(NotFound):
            await uow.withdrawals.get("unknown")
