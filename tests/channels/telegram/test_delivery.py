"""What is said reaches the chat, and every refusal of Telegram has its name."""

import re

import pytest

from bot.app.errors import ChannelUnavailable, MessageRefused, RateLimited, RecipientGone
from bot.app.records import Address, Author, Delivered, Document, ShownButton
from bot.channels.telegram import TelegramChannel
from tests.channels.telegram.conftest import build
from tests.channels.telegram.conversations import ScriptedConversations, a_message
from tests.fakes.telegram_server import Refusal, TelegramServer

TO = Address("telegram", "501")
BACK = ShownButton("Артқа", "filing.back")


def step(external_id: str) -> Delivered:
    """The step right before."""
    return Delivered(external_id, "nothing", replaceable=True)


async def test_message_arrives_with_its_buttons(server: TelegramServer, channel: TelegramChannel) -> None:
    citizen = server.citizen()
    external_id = await channel.channel.deliver(TO, a_message("Қалай көмектесейін?", buttons=(BACK,)), None)
    (shown,) = citizen.shown
    assert (shown.text, shown.rows, str(shown.id)) == ("Қалай көмектесейін?", [["Артқа"]], external_id)


async def test_a_link_of_ours_is_a_link_there(server: TelegramServer, channel: TelegramChannel) -> None:
    citizen = server.citizen()
    link = ShownButton("Бетті ашу", "page.open", "a" * 32, "https://komekshi.example.kz/page?key=k")
    await channel.channel.deliver(TO, a_message("Деректеріңіз", buttons=(link, BACK)), None)
    (shown,) = citizen.shown
    assert shown.links == {"Бетті ашу": "https://komekshi.example.kz/page?key=k"}
    assert shown.buttons == {"Артқа": "filing.back"}


async def test_answer_of_5000_letters_arrives_whole_and_in_order(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    citizen = server.citizen()
    sentence = "Өтініш қаралатын мерзім 🗓️ туралы түсінік беріледі. "
    text = (sentence * 100)[:5000]
    external_id = await channel.channel.deliver(TO, a_message(text, buttons=(BACK,)), None)
    assert len(citizen.shown) == 2
    assert " ".join(message.text for message in citizen.shown) == text.strip()
    assert [bool(message.buttons) for message in citizen.shown] == [False, True]
    assert external_id == ",".join(str(message.id) for message in citizen.shown)


async def test_next_step_is_shown_in_place(server: TelegramServer, channel: TelegramChannel) -> None:
    citizen = server.citizen()
    first = await channel.channel.deliver(TO, a_message("1-қадам", replaces=True, buttons=(BACK,)), None)
    second = await channel.channel.deliver(TO, a_message("2-қадам", seq=2, replaces=True), step(first))
    assert first == second
    assert [(message.text, message.edited, message.rows) for message in citizen.shown] == [("2-қадам", 1, [])]


async def test_unchanged_and_vanished_steps_are_sent_anew(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    citizen = server.citizen()
    first = await channel.channel.deliver(TO, a_message("қадам"), None)
    again = await channel.channel.deliver(TO, a_message("қадам", seq=2, replaces=True), step(first))
    assert [message.text for message in citizen.shown] == ["қадам", "қадам"]
    citizen.messages[-1].deleted = True
    await channel.channel.deliver(TO, a_message("келесі", seq=3, replaces=True), step(again))
    assert [message.text for message in citizen.shown] == ["қадам", "келесі"]
    refused = [call.refused for call in server.called("editMessageText")]
    assert "not modified" in refused[0]
    assert "to edit not found" in refused[1]


async def test_step_after_a_long_one_is_sent_anew(server: TelegramServer, channel: TelegramChannel) -> None:
    citizen = server.citizen()
    long = await channel.channel.deliver(TO, a_message("сөз " * 2000), None)
    await channel.channel.deliver(TO, a_message("келесі", seq=2, replaces=True), step(long))
    assert citizen.shown[-1].text == "келесі"
    assert not server.called("editMessageText")


@pytest.mark.parametrize("last", [None, Delivered("1", "nothing", True), Delivered("1", "nothing", False)])
async def test_only_a_step_right_before_a_step_is_changed_in_place(
    server: TelegramServer, channel: TelegramChannel, last: Delivered | None
) -> None:
    server.citizen()
    replaces = last is None or not last.replaceable
    await channel.channel.deliver(TO, a_message("келесі", replaces=replaces), last)
    assert not server.called("editMessageText")


@pytest.mark.parametrize("ask", ["contact", "place"])
async def test_asking_keyboard_comes_beside_the_buttons_and_goes_with_the_step_of_any_process(
    server: TelegramServer, channel: TelegramChannel, conversations: ScriptedConversations, ask: str
) -> None:
    citizen = server.citizen()
    first = await channel.channel.deliver(TO, a_message("Сұрақ", ask=ask, buttons=(BACK,), locale="ru"), None)
    question, asking = citizen.shown
    assert (question.rows, question.asks, asking.asks) == ([["Артқа"]], "", ask)
    assert asking.text == f"ru:telegram.give_{ask}"
    assert first == f"{question.id},{asking.id}"
    another = build(server, conversations)
    await another.channel.deliver(TO, a_message("Келесі", seq=2), Delivered(first, ask, replaceable=False))
    await another.close()
    assert [message.text for message in citizen.shown] == ["Сұрақ", "Келесі"]


async def test_a_question_whose_keyboard_is_not_known_stays(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    citizen = server.citizen()
    first = await channel.channel.deliver(TO, a_message("Сұрақ"), None)
    await channel.channel.deliver(TO, a_message("Келесі", seq=2), Delivered(first, "contact", False))
    assert [message.text for message in citizen.shown] == ["Сұрақ", "Келесі"]


async def test_group_is_never_asked_for_a_phone(server: TelegramServer, channel: TelegramChannel) -> None:
    group = server.group(-77)
    await channel.channel.deliver(Address("telegram", "-77"), a_message(ask="contact"), None)
    assert [message.asks for message in group.shown] == [""]


async def test_operator_speaks_under_their_name(server: TelegramServer, channel: TelegramChannel) -> None:
    citizen = server.citizen()
    await channel.channel.deliver(TO, a_message("Сәлем", author=Author.OPERATOR, name="Оператор 1"), None)
    assert citizen.shown[0].text == "👤 Оператор 1:\nСәлем"


@pytest.mark.parametrize("author", [Author.NOTE, Author.CITIZEN])
async def test_note_never_reaches_the_citizen(
    server: TelegramServer, channel: TelegramChannel, author: Author
) -> None:
    server.citizen()
    with pytest.raises(MessageRefused):
        await channel.channel.deliver(TO, a_message("ішкі жазба", author=author), None)
    assert not server.calls


async def test_retry_after_is_told_and_obeyed(server: TelegramServer, channel: TelegramChannel) -> None:
    server.citizen()
    server.flood(30)
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            await channel.channel.deliver(TO, a_message(), None)
        assert 29 < caught.value.retry_after <= 30
    assert len(server.called("sendMessage")) == 1
    other = server.citizen(502)
    await channel.channel.deliver(Address("telegram", "502"), a_message(), None)
    assert len(other.shown) == 1


async def test_blocked_bot_knows_the_citizen_is_gone(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    server.citizen().blocked = True
    with pytest.raises(RecipientGone):
        await channel.channel.deliver(TO, a_message(), None)


async def test_unknown_chat_is_gone(server: TelegramServer, channel: TelegramChannel) -> None:
    with pytest.raises(RecipientGone):
        await channel.channel.deliver(TO, a_message(), None)


async def test_message_that_can_never_be_sent_is_refused(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    server.citizen()
    with pytest.raises(MessageRefused):
        await channel.channel.deliver(TO, a_message(buttons=(ShownButton("A", "a.b", "ә" * 40),)), None)
    server.refuse("sendMessage", Refusal(400, "Bad Request: something else"))
    with pytest.raises(MessageRefused):
        await channel.channel.deliver(TO, a_message(), None)


async def test_trouble_on_the_way_is_tried_again(server: TelegramServer, channel: TelegramChannel) -> None:
    citizen = server.citizen()
    server.refuse("sendMessage", Refusal(502, "Bad Gateway"))
    server.break_off("sendMessage")
    for _ in range(2):
        with pytest.raises(ChannelUnavailable):
            await channel.channel.deliver(TO, a_message(), None)
    await channel.channel.deliver(TO, a_message(), None)
    assert len(citizen.shown) == 1


async def test_second_attempt_goes_on_where_the_first_stopped(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    citizen = server.citizen()
    server.break_off("sendMessage", skip=2)
    text = "а" * 4000 + "\n\n" + "б" * 4000 + "\n\n" + "в" * 100
    with pytest.raises(ChannelUnavailable):
        await channel.channel.deliver(TO, a_message(text), None)
    assert len(citizen.shown) == 2
    await channel.channel.deliver(TO, a_message(text), None)
    assert [message.text[0] for message in citizen.shown] == ["а", "б", "в"]


async def test_errors_do_not_tell_the_token(server: TelegramServer, channel: TelegramChannel) -> None:
    server.citizen()
    server.break_off("sendMessage")
    with pytest.raises(ChannelUnavailable) as caught:
        await channel.channel.deliver(TO, a_message(), None)
    assert not re.search(server.token, f"{caught.value!r} {caught.value.__cause__!r}")
    assert caught.value.__suppress_context__


async def test_a_receipt_comes_along_as_a_document(
    server: TelegramServer, channel: TelegramChannel, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.documents["receipt:KM-2026-000001"] = Document("talon.pdf", "application/pdf", b"%PDF-")
    message = a_message("Қабылданды", attachment_id="receipt:KM-2026-000001", buttons=(BACK,))
    await channel.channel.deliver(TO, message, None)
    said, receipt = citizen.shown
    assert (said.text, said.document, said.rows) == ("Қабылданды", None, [["Артқа"]])
    assert receipt.document == ("talon.pdf", b"%PDF-")
    await channel.channel.deliver(TO, a_message("Басқа", seq=2, attachment_id="gone"), None)
    assert [shown.text for shown in citizen.shown[2:]] == ["Басқа"]


async def test_a_receipt_that_broke_off_is_sent_without_saying_the_words_again(
    server: TelegramServer, channel: TelegramChannel, conversations: ScriptedConversations
) -> None:
    citizen = server.citizen()
    conversations.documents["d"] = Document("talon.pdf", "application/pdf", b"%PDF-")
    server.refuse("sendDocument", Refusal(500, "Internal Server Error"))
    with pytest.raises(ChannelUnavailable):
        await channel.channel.deliver(TO, a_message("Қабылданды", attachment_id="d"), None)
    await channel.channel.deliver(TO, a_message("Қабылданды", attachment_id="d"), None)
    assert [(shown.text, bool(shown.document)) for shown in citizen.shown] == [
        ("Қабылданды", False),
        ("", True),
    ]
