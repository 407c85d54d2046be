"""The outbox gives each row to one worker at a time, in order within its stream."""

from __future__ import annotations

from dataclasses import replace

from bot.app.ports import Storage, UnitOfWork
from tests.contracts.samples import MINUTE, NOW, outbox_row


async def _claimed(uow: UnitOfWork, *, minutes: float = 0, limit: int = 9) -> list[str]:
    return [row.id for row in await uow.outbox.claim(NOW + minutes * MINUTE, MINUTE, limit)]


async def test_a_claimed_row_is_leased_and_counts_one_more_attempt(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("r1"), outbox_row("later", "c2", next_at=NOW + MINUTE)])
        await uow.outbox.add([])
        [claimed] = await uow.outbox.claim(NOW, MINUTE, 9)
        assert claimed == replace(outbox_row("r1"), attempts=1, next_at=NOW + MINUTE)
        assert await _claimed(uow, minutes=0.5) == []
        [again] = await uow.outbox.claim(NOW + MINUTE, MINUTE, 1)
        assert (again.id, again.attempts) == ("r1", 2)


async def test_a_stream_goes_one_by_one_in_order(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("b1", "b"), outbox_row("a1", "a"), outbox_row("b2", "b")])
        assert await _claimed(uow) == ["b1", "a1"]
        assert await _claimed(uow) == []
        await uow.outbox.done("b1")
        assert await _claimed(uow) == ["b2"]
        assert await uow.outbox.pending() == 2


async def test_a_row_tried_again_later_holds_up_its_stream(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("r1"), outbox_row("r2")])
        await _claimed(uow)
        await uow.outbox.retry("r1", NOW + 5 * MINUTE, "channel_unavailable")
        assert await _claimed(uow, minutes=4) == []
        [row] = await uow.outbox.claim(NOW + 5 * MINUTE, MINUTE, 9)
        assert (row.id, row.attempts, row.last_error) == ("r1", 2, "channel_unavailable")


async def test_a_buried_row_lets_its_stream_go_on(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("r1"), outbox_row("r2")])
        await _claimed(uow)
        await uow.outbox.bury("r1", "recipient_gone")
        assert await uow.outbox.pending() == 1
        assert [(row.id, row.last_error) for row in await uow.outbox.dead(9)] == [("r1", "recipient_gone")]
        assert await _claimed(uow) == ["r2"]
        assert await _claimed(uow, minutes=60) == ["r2"]


async def test_a_buried_row_can_be_revived(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("r1")])
        await _claimed(uow)
        assert not await uow.outbox.revive("r1", NOW)
        await uow.outbox.bury("r1", "message_refused")
        assert await uow.outbox.revive("r1", NOW + 2 * MINUTE)
        assert not await uow.outbox.revive("unknown", NOW)
        assert await uow.outbox.dead(9) == []
        assert await _claimed(uow, minutes=1) == []
        [row] = await uow.outbox.claim(NOW + 2 * MINUTE, MINUTE, 9)
        assert row.attempts == 1


async def test_what_waits_long_is_hastened_but_not_what_a_worker_has_or_is_unclear(storage: Storage) -> None:
    async with storage.write() as uow:
        rows = [
            outbox_row(name, name, system="webhook")
            for name in ("waits", "unclear", "soon", "leased", "buried")
        ]
        await uow.outbox.add([*rows, outbox_row("other", "other", system="city", next_at=NOW + 9 * MINUTE)])
        await _claimed(uow)
        await uow.outbox.retry("waits", NOW + 9 * MINUTE, "service_unavailable")
        await uow.outbox.retry("unclear", NOW + 9 * MINUTE, "delivery_unclear", unsure=True)
        await uow.outbox.retry("soon", NOW + MINUTE / 2, "service_unavailable")
        await uow.outbox.bury("buried", "service_rejected")
        assert await uow.outbox.hasten("webhook", NOW, later_than=NOW + MINUTE) == 1
        [row] = await uow.outbox.claim(NOW, MINUTE, 9)
        assert (row.id, row.attempts) == ("waits", 1)


async def test_what_is_done_is_forgotten(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.outbox.add([outbox_row("r1")])
        await uow.outbox.done("r1")
        await uow.outbox.done("r1")
        assert await uow.outbox.pending() == 0
        assert await _claimed(uow, minutes=60) == []


async def test_no_more_than_the_limit_is_claimed_the_longest_due_first(storage: Storage) -> None:
    async with storage.write() as uow:
        rows = [outbox_row(f"r{n}", f"s{n}", next_at=NOW - n * MINUTE) for n in range(4)]
        await uow.outbox.add(rows)
        assert await _claimed(uow, limit=2) == ["r3", "r2"]
