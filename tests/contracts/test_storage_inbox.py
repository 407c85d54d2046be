"""Every acknowledged event is stored once and worked off in order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app.errors import NotFound, StaleState
from bot.app.ports import Storage
from tests.contracts.samples import MINUTE, NOW, stored_conversation


async def test_the_same_event_is_stored_once(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow, "c1")
        await stored_conversation(uow, "c2")
        payload = {"text": "жылу жоқ 😀 \ud83d \u0000", "n": [1, None]}
        row = await uow.inbox.add("c1", "e1", payload, "digest", NOW)
        assert row is not None
        assert (row.payload, row.digest, row.received_at, row.done) == (payload, "digest", NOW, False)
        assert await uow.inbox.add("c1", "e1", {"text": "басқа"}, "another", NOW) is None
        assert await uow.inbox.find("c1", "e1") == row
        assert await uow.inbox.add("c2", "e1", payload, "digest", NOW) is not None


async def test_events_are_worked_off_in_order_of_arrival(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        for name in ("z", "a", "m"):
            await uow.inbox.add("c1", name, {"text": name}, "d", NOW)
        order = []
        stored = await uow.conversations.find("c1")
        found = await uow.conversations.find_waiting("c1", 2)
        assert found is not None
        assert (found[0], [row.event_id for row in found[1]]) == (stored, ["z", "a"])
        while found := await uow.conversations.find_waiting("c1", 1):
            (row,) = found[1]
            assert row == await uow.inbox.find("c1", row.event_id)
            order.append(row.event_id)
            assert await uow.inbox.finish(row.id)
        assert order == ["z", "a", "m"]


async def test_an_event_is_done_with_its_turn(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        row = await uow.inbox.add("c1", "e1", {"text": "жеке"}, "d", NOW)
        assert row is not None
        found = await uow.conversations.find_waiting("c1", 9)
        assert found is not None
        saved = await uow.conversations.save(replace(found[0], last_seq=7), finished=row.id)
        assert await uow.conversations.find("c1") == saved
        assert await uow.inbox.find("c1", "e1") == replace(row, payload={}, done=True)
        with pytest.raises(StaleState):
            await uow.conversations.save(found[0], finished=row.id)


async def test_an_event_alone_stands_without_a_commit(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.commit()
    async with storage.single() as uow:
        row = await uow.inbox.add("c1", "e1", {}, "d", NOW)
    async with storage.single() as uow:
        assert await uow.inbox.add("c1", "e1", {}, "d", NOW) is None
    with pytest.raises(NotFound):
        async with storage.single() as uow:
            await uow.inbox.add("nobody", "e1", {}, "d", NOW)
    async with storage.write() as uow:
        assert await uow.inbox.add("c1", "e2", {}, "d", NOW) is not None
    async with storage.read() as uow:
        assert await uow.inbox.find("c1", "e1") == row
        assert await uow.inbox.find("c1", "e2") is None, "a transaction that follows is one again"


async def test_an_event_needs_its_conversation(storage: Storage) -> None:
    async with storage.write() as uow:
        with pytest.raises(NotFound):
            await uow.inbox.add("nobody", "e1", {}, "digest", NOW)


async def test_a_finished_event_keeps_its_digest_and_not_its_words(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        row = await uow.inbox.add("c1", "e1", {"text": "жеке"}, "digest", NOW)
        assert row is not None
        assert await uow.inbox.finish(row.id)
        assert not await uow.inbox.finish(row.id)
        found = await uow.inbox.find("c1", "e1")
        assert found is not None
        assert (found.payload, found.digest, found.done) == ({}, "digest", True)
        assert await uow.inbox.add("c1", "e1", {}, "digest", NOW) is None


async def test_what_a_crash_left_is_found_longest_waiting_first(storage: Storage) -> None:
    async with storage.write() as uow:
        for name in ("a", "b", "c", "d"):
            await stored_conversation(uow, name)
        await uow.inbox.add("b", "e1", {}, "d", NOW)
        await uow.inbox.add("a", "e1", {}, "d", NOW)
        await uow.inbox.add("b", "e2", {}, "d", NOW)
        done = await uow.inbox.add("c", "e1", {}, "d", NOW)
        assert done is not None
        await uow.inbox.finish(done.id)
        await uow.inbox.add("d", "e1", {}, "d", NOW + MINUTE)
        assert await uow.inbox.conversations_with_pending(NOW + MINUTE, 9) == ["b", "a"]
        assert await uow.inbox.conversations_with_pending(NOW + MINUTE, 1) == ["b"]
