"""Conversations keep their state, their place in the queue and their one writer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.app.errors import StaleState
from bot.app.ports import Storage
from bot.app.records import Address, Author, code_of
from dialogs.lifecycle import Phase
from dialogs.model import DialogState, Form
from tests.contracts.samples import (
    LATER,
    MINUTE,
    NOW,
    conversation,
    decision,
    draft,
    message,
    stored_conversation,
)


async def test_a_conversation_comes_back_as_it_was(storage: Storage) -> None:
    made = conversation(
        holder="o1",
        queued_at=NOW,
        urgent=True,
        reason="жедел",
        summary="жылу жоқ",
        contact="+77010000000",
        wait_offered=True,
        unreachable=True,
        last_seq=7,
        address=Address("telegram", "-100123"),
    )
    made = replace(made, state=replace(made.state, form=Form(draft(), "text", ("guide",))))
    async with storage.write() as uow:
        assert await uow.conversations.add(made, "token", LATER)
        await uow.commit()
    async with storage.read() as uow:
        found = await uow.conversations.find("c1")
        assert found == replace(made, version=1)
        assert await uow.conversations.find_by_address(Address("telegram", "-100123")) == found
        assert await uow.conversations.find_by_address(Address("web", "-100123")) is None
        assert await uow.conversations.find("c2") is None


async def test_times_come_back_in_utc_and_aware(storage: Storage) -> None:
    almaty = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=5)))
    async with storage.write() as uow:
        found = await stored_conversation(uow, created_at=almaty)
    assert found.created_at == almaty
    assert found.created_at.utcoffset() == timedelta(0)


async def test_an_address_is_given_once(storage: Storage) -> None:
    async with storage.write() as uow:
        assert await uow.conversations.add(conversation(), None, None)
        rival = conversation("c2", address=Address("web", "c1"))
        assert not await uow.conversations.add(rival, None, None)
        assert await uow.conversations.find("c2") is None


async def test_a_second_save_of_the_same_version_is_stale(storage: Storage) -> None:
    async with storage.write() as uow:
        read = await stored_conversation(uow)
        saved = await uow.conversations.save(replace(read, last_seq=1))
        assert saved == replace(read, last_seq=1, version=read.version + 1)
        assert await uow.conversations.find("c1") == saved
        with pytest.raises(StaleState):
            await uow.conversations.save(replace(read, last_seq=2))


async def test_what_was_never_stored_cannot_be_saved(storage: Storage) -> None:
    async with storage.write() as uow:
        with pytest.raises(StaleState):
            await uow.conversations.save(conversation())


async def test_a_token_fits_its_conversation_until_it_expires(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.conversations.add(conversation(), "token", LATER)
        await uow.conversations.add(conversation("c2"), None, None)
        expires = uow.conversations.token_expires
        assert await expires("c1", "token", NOW) == LATER
        assert await expires("c1", "token", LATER) is None
        assert await expires("c1", "another", NOW) is None
        assert await expires("c2", "token", NOW) is None
        await uow.conversations.keep_token("c1", "another", LATER + MINUTE)
        assert await expires("c1", "token", NOW) == LATER
        await uow.conversations.keep_token("c1", "token", LATER + MINUTE)
        assert await expires("c1", "token", LATER) == LATER + MINUTE
        assert await expires("c2", "token", NOW) is None


async def test_the_queue_is_urgent_first_then_longest_waiting(storage: Storage) -> None:
    async with storage.write() as uow:
        for name, minutes, urgent in (("late", 9, False), ("early", 1, False), ("urgent", 5, True)):
            await stored_conversation(
                uow, name, phase=Phase.QUEUED, queued_at=NOW + minutes * MINUTE, urgent=urgent
            )
        await stored_conversation(
            uow, "also-urgent", phase=Phase.QUEUED, queued_at=NOW + 6 * MINUTE, urgent=True
        )
        await stored_conversation(uow, "not-waiting")
        order = [one.id for one in await uow.conversations.queue()]
        assert order == ["urgent", "also-urgent", "early", "late"]
        assert [await uow.conversations.position(name) for name in order] == [1, 2, 3, 4]
        assert await uow.conversations.position("not-waiting") == 0
        assert await uow.conversations.position("unknown") == 0


async def test_those_who_came_at_the_same_moment_have_different_positions(storage: Storage) -> None:
    async with storage.write() as uow:
        for name in ("b", "a"):
            await stored_conversation(uow, name, phase=Phase.QUEUED, queued_at=NOW)
        assert [one.id for one in await uow.conversations.queue()] == ["a", "b"]
        assert [await uow.conversations.position(name) for name in "ab"] == [1, 2]


async def test_the_long_waiting_are_found_until_they_were_offered_another_way(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow, "long", phase=Phase.QUEUED, queued_at=NOW - 2 * MINUTE)
        await stored_conversation(uow, "longer", phase=Phase.QUEUED, queued_at=NOW - 3 * MINUTE)
        await stored_conversation(uow, "short", phase=Phase.QUEUED, queued_at=NOW)
        await stored_conversation(
            uow, "told", phase=Phase.QUEUED, queued_at=NOW - 9 * MINUTE, wait_offered=True
        )
        assert await uow.conversations.waiting_since(NOW - MINUTE) == ["longer", "long"]


async def test_an_operator_finds_what_they_hold(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow, "mine", phase=Phase.WITH_OPERATOR, holder="o1")
        await stored_conversation(uow, "theirs", phase=Phase.WITH_OPERATOR, holder="o2")
        assert [one.id for one in await uow.conversations.held_by("o1")] == ["mine"]


async def test_recent_conversations_come_page_by_page(storage: Storage) -> None:
    async with storage.write() as uow:
        for number in range(5):
            phase = Phase.QUEUED if number == 2 else Phase.BOT
            await stored_conversation(uow, f"c{number}", updated_at=NOW + number * MINUTE, phase=phase)
        first = await uow.conversations.recent(phase=None, limit=3)
        assert [one.id for one in first] == ["c4", "c3", "c2"]
        second = await uow.conversations.recent(phase=None, limit=3, before=first[-1].updated_at)
        assert [one.id for one in second] == ["c1", "c0"]
        assert [one.id for one in await uow.conversations.recent(phase=Phase.QUEUED, limit=3)] == ["c2"]


async def test_a_conversation_is_found_by_its_code(storage: Storage) -> None:
    ids = ["6f1f9f1e-8a51-4d3c-9c5f-0123456789ab", "6f1f9f1e-8a51-4d3c-9c5f-0123456789ac"]
    async with storage.write() as uow:
        for each in ids:
            await stored_conversation(uow, each)
        for code in (code_of(ids[0]), code_of(ids[0]).lower()):
            assert [one.id for one in await uow.conversations.recent(phase=None, limit=3, code=code)] == ids[
                :1
            ]
        assert await uow.conversations.recent(phase=None, limit=3, code="%") == []


async def test_erasing_leaves_the_row_and_takes_what_was_said(storage: Storage) -> None:
    async with storage.write() as uow:
        made = conversation(reason="r", summary="s", contact="c")
        await uow.conversations.add(made, "token", LATER)
        await stored_conversation(uow, "c2")
        await uow.messages.add([message(1), message(2, Author.NOTE)])
        await uow.messages.add([message(1, conversation_id="c2")])
        await uow.decisions.add(decision("e1"))
        done = await uow.inbox.add("c1", "e1", {"text": "жылу"}, "d", NOW)
        assert done is not None
        await uow.inbox.finish(done.id)
        open_row = await uow.inbox.add("c1", "e2", {"text": "жылу"}, "d", NOW)

        assert await uow.messages.erase("c1") == 2
        await uow.decisions.erase("c1")
        await uow.inbox.forget("c1")

        assert await uow.messages.after("c1", 0, 9, notes=True) == []
        assert len(await uow.messages.after("c2", 0, 9)) == 1
        assert await uow.decisions.of_conversation("c1", 9) == []
        assert await uow.inbox.find("c1", "e1") is None
        assert await uow.conversations.find_waiting("c1", 9) == (
            await uow.conversations.find("c1"),
            [open_row],
        )
        assert await uow.conversations.token_expires("c1", "token", NOW)
        left = await uow.conversations.find("c1")
        assert left is not None
        saved = await uow.conversations.save(replace(left, state=DialogState()))
        assert saved.state == DialogState()


async def test_idle_conversations_are_found_until_there_is_nothing_to_erase(storage: Storage) -> None:
    async with storage.write() as uow:
        for number in (1, 2, 3):
            await stored_conversation(uow, f"c{number}", updated_at=NOW - number * MINUTE)
            await uow.messages.add([message(1, conversation_id=f"c{number}")])
        assert await uow.conversations.idle_since(NOW - MINUTE, 9) == ["c3", "c2"]
        assert await uow.conversations.idle_since(NOW - MINUTE, 1) == ["c3"]
        await uow.messages.erase("c3")
        assert await uow.conversations.idle_since(NOW - MINUTE, 9) == ["c2"]
