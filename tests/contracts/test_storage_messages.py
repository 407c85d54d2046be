"""Messages come back as they were shown, and notes only to those who ask for them."""

from __future__ import annotations

import pytest

from bot.app.errors import NotFound, StaleState
from bot.app.ports import Storage
from bot.app.records import Author, Delivered
from tests.contracts.samples import message, stored_conversation


async def test_messages_come_back_as_they_were_shown(storage: Storage) -> None:
    said = [
        message(1, Author.CITIZEN, buttons=(), event_id=None, attachment_id=None),
        message(2, replaces=True),
    ]
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add(said)
        await uow.messages.add([])
        assert await uow.messages.after("c1", 0, 9) == said
        assert await uow.messages.after("c1", 1, 9) == said[1:]
        assert await uow.messages.after("c1", 0, 1) == said[:1]
        assert await uow.messages.get("c1", 2) == said[1]
        with pytest.raises(NotFound):
            await uow.messages.get("c1", 3)


async def test_notes_are_shown_only_where_asked_for(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add([message(1), message(2, Author.NOTE), message(3, Author.OPERATOR)])
        assert [one.seq for one in await uow.messages.after("c1", 0, 9)] == [1, 3]
        assert [one.seq for one in await uow.messages.after("c1", 0, 9, notes=True)] == [1, 2, 3]


async def test_a_turn_is_what_was_answered_in_it(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add(
            [
                message(1, Author.CITIZEN),
                message(2),
                message(3, Author.NOTE),
                message(4, Author.OPERATOR),
                message(5, event_id="e2"),
            ]
        )
        assert [one.seq for one in await uow.messages.of_event("c1", "e1")] == [2, 4]


async def test_an_event_is_known_by_any_line_of_it_notes_included(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add([message(1, Author.NOTE, event_id="e3")])
        assert await uow.messages.has_event("c1", "e3")
        assert not await uow.messages.has_event("c1", "e4")
        assert not await uow.messages.has_event("c2", "e3")


async def test_a_number_that_is_taken_is_stale(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add([message(1)])
        with pytest.raises(StaleState):
            await uow.messages.add([message(1)])


async def test_only_the_message_right_before_can_be_replaced(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add(
            [
                message(1, replaces=True),
                message(2, Author.NOTE),
                message(3, Author.CITIZEN),
                message(4, ask="contact"),
                message(5, replaces=True),
            ]
        )
        for seq in (1, 4, 5):
            await uow.messages.set_external_id("c1", seq, f"tg{seq}")
        last = uow.messages.last_delivered
        assert await last("c1", 1) is None
        assert await last("c1", 2) == Delivered("tg1", "text", replaceable=True)
        assert await last("c1", 3) == Delivered("tg1", "text", replaceable=True), "a note is not shown"
        assert await last("c1", 4) == Delivered("tg1", "text", replaceable=False), "the citizen wrote"
        assert await last("c1", 5) == Delivered("tg4", "contact", replaceable=False), "it is no step"
        assert await last("c1", 6) == Delivered("tg5", "text", replaceable=True)


async def test_a_message_not_yet_delivered_cannot_be_replaced(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.messages.add([message(1, replaces=True)])
        assert await uow.messages.last_delivered("c1", 2) is None
