"""From a citizen's phone to the inbox: nothing lost, nothing twice, everything in order."""

import asyncio
import copy

import pytest
from structlog.testing import capture_logs

from bot.app.records import Address, ShownButton
from dialogs.events import (
    ButtonPressed,
    CommandGiven,
    ContactShared,
    FileSent,
    PlaceShared,
    Started,
    UserSaid,
)
from tests.channels.telegram.conftest import Polling, build
from tests.channels.telegram.conversations import JPEG, ScriptedConversations, a_message
from tests.fakes.telegram_server import Chat, Refusal, TelegramServer
from tests.servers import HANGS_SECONDS


def words(conversations: ScriptedConversations, conversation_id: str = "c501") -> list[str]:
    """What was worked of a conversation's words, in order."""
    return [
        event.text
        for owner, event in conversations.worked
        if owner == conversation_id and isinstance(event, UserSaid)
    ]


async def confirmed(server: TelegramServer) -> None:
    await server.until(lambda: not server.pending)


async def test_a_citizen_is_answered(server: TelegramServer, polling: Polling) -> None:
    citizen = server.citizen()
    async with polling():
        citizen.says("Үйде жылу жоқ")
        (heard,) = await citizen.hears()
    assert heard.text == "«Үйде жылу жоқ»"


async def test_a_poll_is_held_until_somebody_writes(server: TelegramServer, polling: Polling) -> None:
    citizen = server.citizen()
    with capture_logs() as logs:
        async with polling():
            await server.until(lambda: bool(server.called("getUpdates")))
            citizen.says("Үйде жылу жоқ")
            await citizen.hears()
    assert [entry for entry in logs if entry["log_level"] in ("warning", "error")] == []


async def test_what_was_written_while_nobody_listened_is_answered_in_order(
    server: TelegramServer, polling: Polling
) -> None:
    citizen = server.citizen()
    for number in range(3):
        citizen.says(str(number))
    async with polling():
        heard = await citizen.hears(3)
    assert [message.text for message in heard] == ["«0»", "«1»", "«2»"]


async def test_the_same_update_twice_is_one_event(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    citizen.says("бір рет")
    update = copy.deepcopy(server.updates[0])
    async with polling():
        await citizen.hears()
        await confirmed(server)
    server.repeat(update)
    async with polling():
        await confirmed(server)
    assert words(conversations) == ["бір рет"]
    assert len(citizen.messages) == 1


async def test_crash_between_keeping_and_confirming_loses_nothing_and_doubles_nothing(
    server: TelegramServer, conversations: ScriptedConversations
) -> None:
    citizen, first = server.citizen(), build(server, conversations)
    server.break_off("getUpdates", skip=1)
    citizen.says("сақталды")
    task = asyncio.create_task(first.poll(asyncio.Event()))
    await server.until(lambda: len(server.called("getUpdates")) == 2)
    assert conversations.stored
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await first.close()
    assert server.pending
    second, stop = build(server, conversations), asyncio.Event()
    task = asyncio.create_task(second.poll(stop))
    await confirmed(server)
    stop.set()
    await task
    await second.close()
    assert words(conversations) == ["сақталды"]
    assert [message.text for message in citizen.shown] == ["«сақталды»"]


async def test_update_is_not_confirmed_before_it_is_kept(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.healthy = False
    conversations.trouble = [ConnectionError()] * 4
    with capture_logs() as logs:
        async with polling():
            citizen.says("дерекқор жоқ")
            await server.until(lambda: len(conversations.trouble) < 3)
            assert server.pending
            conversations.trouble.clear()
            (heard,) = await citizen.hears()
            await confirmed(server)
    assert heard.text == "«дерекқор жоқ»"
    assert not [entry for entry in logs if entry["event"] == "telegram.update_dropped"]


async def test_one_bad_update_does_not_repeat_for_ever_and_the_citizen_hears_so(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.trouble = [RuntimeError()] * 3
    async with polling():
        citizen.says("бұзық")
        citizen.says("дұрыс")
        apology, answer = await citizen.hears(2)
        await confirmed(server)
    assert "telegram.not_taken" in apology.text
    assert answer.text == "«дұрыс»"


async def test_unreadable_update_is_passed_over(server: TelegramServer, polling: Polling) -> None:
    citizen = server.citizen()
    server.push(message={"message_id": "жоқ"})
    citizen.says("келесі")
    async with polling():
        (heard,) = await citizen.hears()
        await confirmed(server)
    assert heard.text == "«келесі»"


async def test_a_busy_chat_does_not_hold_up_another(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    slow, quick = server.citizen(501), server.citizen(502)
    conversations.hold["c501"] = asyncio.Event()
    async with polling():
        slow.says("баяу")
        await confirmed(server)
        quick.says("жылдам")
        await quick.hears()
        assert not slow.messages
        conversations.hold["c501"].set()
        await slow.hears()


async def test_typing_is_shown_while_an_answer_takes_long(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.hold["c501"] = asyncio.Event()
    async with polling():
        citizen.says("ұзақ сұрақ")
        await server.until(lambda: "typing" in citizen.actions)
        conversations.hold["c501"].set()
        await citizen.hears()


async def test_words_written_during_the_work_are_worked_too(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.hold["c501"] = asyncio.Event()
    async with polling():
        citizen.says("бір")
        await confirmed(server)
        citizen.says("екі")
        await confirmed(server)
        conversations.hold["c501"].set()
        await citizen.hears(2)
    assert words(conversations) == ["бір", "екі"]


async def test_button_is_pressed_by_its_label_and_stops_spinning(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    menu = a_message("Тіл", buttons=(ShownButton("Қазақша", "language.set", "kk"),))
    conversations.answer = lambda event: (menu,) if isinstance(event, Started) else ()
    async with polling():
        citizen.says("/start f_answer-term")
        await citizen.hears()
        conversations.hold["c501"] = asyncio.Event()
        citizen.presses("Қазақша")
        await server.until(lambda: bool(server.answered))
        conversations.hold["c501"].set()
        await server.until(lambda: len(conversations.worked) == 2)
    started, pressed = conversations.events
    assert isinstance(started, Started)
    assert (started.payload, started.locale) == ("f_answer-term", "kk")
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.action, pressed.arg) == ("language.set", "kk")


async def test_old_and_forged_presses_are_taken_without_trouble(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    citizen.presses_data("appeals.delete:*")
    server.queries.clear()
    async with polling():
        await server.until(lambda: bool(conversations.worked))
        await confirmed(server)
    assert [
        (event.action, event.arg) for event in conversations.events if isinstance(event, ButtonPressed)
    ] == [("appeals.delete", "*")]
    assert "too old" in server.called("answerCallbackQuery")[0].refused


async def test_commands_and_shared_things_become_events(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen(language="ru")
    citizen.says("/status@komekshi_test_bot KM-2026-000123")
    citizen.says("/emergency.gas")
    citizen.shares_place(51.1, 71.4)
    citizen.shares_contact("77000000000", own=False)
    citizen.edits(104, text="түзетілді")
    async with polling():
        await server.until(lambda: len(conversations.worked) == 5)
    command, slash, place, contact, edited = conversations.events
    assert isinstance(command, CommandGiven)
    assert isinstance(slash, UserSaid)
    assert slash.text == "/emergency.gas"
    assert isinstance(place, PlaceShared)
    assert isinstance(contact, ContactShared)
    assert not contact.own
    assert isinstance(edited, UserSaid)
    assert edited.edited
    assert conversations.locales == {"c501": "ru"}


# --- files -----------------------------------------------------------------------------------


def files(conversations: ScriptedConversations) -> list[FileSent]:
    return [event for event in conversations.events if isinstance(event, FileSent)]


async def test_album_comes_photo_by_photo_in_order(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    for number in range(3):
        citizen.sends_photo(JPEG + bytes([number]), caption="шұңқыр" if number == 0 else None, album="a1")
    async with polling(), asyncio.timeout(HANGS_SECONDS):
        while len(conversations.worked) < 3:  # noqa: ASYNC110 - no request tells when an album is worked
            await asyncio.sleep(0.01)
        await confirmed(server)
    assert [content[-1] for _, content in conversations.files] == [0, 1, 2]
    assert [file.caption for file in files(conversations)] == ["шұңқыр", "", ""]
    assert [file.album for file in files(conversations)] == ["a1", "a1", "a1"]
    assert conversations.rounds == 1
    assert all(
        file.attachment and file.attachment.media_type == "image/jpeg" for file in files(conversations)
    )


@pytest.mark.parametrize(
    ("content", "why"), [(b"MZ not a picture", "type"), (JPEG + b"0" * 2000, "size")], ids=["type", "size"]
)
async def test_file_that_is_not_taken_is_told_so(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations, content: bytes, why: str
) -> None:
    server.citizen().sends_document("файл.exe", content, "құжат")
    async with polling():
        await server.until(lambda: bool(conversations.worked))
    (file,) = files(conversations)
    assert (file.attachment, file.refused, file.caption) == (None, why, "құжат")
    assert not conversations.files


async def test_file_larger_than_it_says_is_not_taken(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    citizen.sends_document("a.jpg", JPEG)
    document = server.updates[0]["message"]["document"]
    server.files[document["file_id"]] = JPEG + b"0" * 5000
    async with polling():
        await server.until(lambda: bool(conversations.worked))
    assert files(conversations)[0].refused == "size"


async def test_file_is_fetched_again_when_the_connection_breaks(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    server.citizen().sends_photo(JPEG)
    server.break_off("file")
    async with polling():
        await server.until(lambda: bool(conversations.worked))
    assert [content for _, content in conversations.files] == [JPEG]
    assert files(conversations)[0].attachment is not None


async def test_file_telegram_does_not_give_is_told_so(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    server.citizen().sends_photo(JPEG)
    server.files.clear()
    async with polling():
        await server.until(lambda: bool(conversations.worked))
    assert files(conversations)[0].refused == "unavailable"


# --- groups, blocking, Telegram's own trouble ------------------------------------------------


async def test_group_is_refused_in_one_sentence_once(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    group = server.group()
    group.adds_bot()
    group.says("/start")
    group.says("сәлем")
    async with polling():
        (heard,) = await group.hears()
        await confirmed(server)
        group.says("тағы")
        await confirmed(server)
    assert "telegram.groups" in heard.text
    assert len(group.messages) == 1
    assert not conversations.worked


async def test_blocking_and_coming_back_are_noted(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen: Chat = server.citizen()
    citizen.blocks()
    citizen.unblocks()
    async with polling():
        await confirmed(server)
    assert conversations.reached == [(Address("telegram", "501"), False), (Address("telegram", "501"), True)]


async def test_another_bot_s_numbers_do_not_swallow_a_message(
    server: TelegramServer, polling: Polling, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    number = citizen.says("біріншісі")
    async with polling():
        await citizen.hears()
        await confirmed(server)
    citizen.says("басқасы")
    server.updates[0]["update_id"] = number
    async with polling():
        (heard,) = await citizen.hears()
    assert heard.text == "«басқасы»"
    assert words(conversations) == ["біріншісі", "басқасы"]


async def test_polling_waits_and_goes_on_when_telegram_fails(
    server: TelegramServer, polling: Polling
) -> None:
    citizen = server.citizen()
    server.refuse("getUpdates", Refusal(502, "Bad Gateway"))
    async with polling():
        citizen.says("бар ма?")
        await citizen.hears()


async def test_webhook_left_over_is_taken_away_first(server: TelegramServer, polling: Polling) -> None:
    server.webhook = {"url": "http://127.0.0.1:9/old"}
    citizen = server.citizen()
    async with polling():
        citizen.says("сәлем")
        await citizen.hears()
    assert server.webhook == {"url": ""}


async def test_refused_token_ends_polling_and_shows_in_no_log(
    server: TelegramServer, conversations: ScriptedConversations
) -> None:
    channel = build(server, conversations, token="4242:REVOKED-TOKEN")
    with capture_logs() as logs:
        await asyncio.wait_for(channel.poll(asyncio.Event()), HANGS_SECONDS)
    await channel.close()
    assert "telegram.token_refused" in [entry["event"] for entry in logs]
    assert "REVOKED" not in repr(logs)


async def test_logs_tell_neither_words_nor_token(server: TelegramServer, polling: Polling) -> None:
    citizen = server.citizen()
    server.push(message={"message_id": "құпия сөз"})
    server.break_off("file", 3)
    citizen.sends_photo(JPEG, caption="құпия сөз")
    with capture_logs() as logs:
        async with polling():
            citizen.says("құпия сөз")
            await citizen.hears()
    assert logs
    assert "құпия" not in repr(logs)
    assert server.token not in repr(logs)
