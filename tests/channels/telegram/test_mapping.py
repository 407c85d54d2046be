"""Telegram's objects and ours, without a network."""

from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup, Update

from bot.app.records import Author, ShownButton
from bot.channels.telegram.mapping import (
    FileOffer,
    Ignored,
    Incoming,
    Prompt,
    Reason,
    digest_of,
    inline_keyboard,
    to_edit,
    to_incoming,
    to_methods,
)
from dialogs.events import (
    ButtonPressed,
    CommandGiven,
    ContactShared,
    PlaceShared,
    Started,
    Unsupported,
    UserSaid,
)
from tests.channels.telegram.conversations import NOW, a_message

LIMIT = 1000
PERSON = {"id": 501, "is_bot": False, "first_name": "A", "language_code": "ru"}
PRIVATE = {"id": 501, "type": "private"}


def update(kind: str = "message", number: int = 7, **content: Any) -> Update:
    base = {"message_id": 3, "date": 1_780_000_000, "chat": PRIVATE, "from": PERSON}
    return Update.model_validate({"update_id": number, kind: {**base, **content}})


def event(**content: Any) -> Any:
    found = to_incoming(update(**content), NOW, LIMIT)
    assert isinstance(found, Incoming)
    assert len(found.events) == 1
    return found.events[0]


def ignored(kind: str = "message", **content: Any) -> Reason:
    found = to_incoming(update(kind, **content), NOW, LIMIT)
    assert isinstance(found, Ignored)
    return found.reason


def pressed(data: str | None) -> Update:
    shown = {"message_id": 3, "date": 1_780_000_000, "chat": PRIVATE, "text": "?"}
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": data, "message": shown}
    return Update.model_validate({"update_id": 7, "callback_query": query})


def test_text_is_what_the_citizen_said() -> None:
    assert event(text="В доме нет тепла") == UserSaid("tg:7", NOW, "В доме нет тепла")


def test_edited_text_says_so() -> None:
    assert event(kind="edited_message", text="иначе") == UserSaid("tg:7", NOW, "иначе", edited=True)


@pytest.mark.parametrize(
    ("typed", "name", "arg"),
    [
        ("/help", "help", ""),
        ("/komek", "help", ""),
        ("/til", "language", ""),
        ("/cancel", "cancel", ""),
        ("/back", "back", ""),
        ("/human", "human", ""),
        ("/settings", "settings", ""),
        ("/new", "new", ""),
        ("/status KM-2026-000123 abc", "status", "KM-2026-000123 abc"),
        (" / help ", "help", ""),
        ("/status@komekshi_bot КМ 7", "status", "КМ 7"),
        ("/STATUS\nKM-2026-000123", "status", "KM-2026-000123"),
    ],
)
def test_commands_of_the_menu(typed: str, name: str, arg: str) -> None:
    assert event(text=typed) == CommandGiven("tg:7", NOW, name, arg)


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("/start", ""),
        ("/start f_answer-term", "f_answer-term"),
        ("  / start   t_UTIL-HEAT", "t_UTIL-HEAT"),
        ("/start@komekshi_bot x", "x"),
        ("/start " + "a" * 65, ""),
        ("/start <script>", ""),
        ("/start a b", ""),
    ],
)
def test_start_with_a_deep_link(typed: str, payload: str) -> None:
    assert event(text=typed) == Started("tg:7", NOW, "ru", payload)


@pytest.mark.parametrize("typed", ["/emergency.gas", "/ пахнет газом", "/unknown", "/"])
def test_other_words_after_a_slash_stay_words(typed: str) -> None:
    assert event(text=typed) == UserSaid("tg:7", NOW, typed)


@pytest.mark.parametrize(
    ("code", "locale"), [("kk", "kk"), ("ru-RU", "ru"), ("KK-kz", "kk"), ("en", None), (None, None)]
)
def test_locale_is_the_client_s_where_we_speak_it(code: str | None, locale: str | None) -> None:
    assert event(text="/start", **{"from": {**PERSON, "language_code": code}}) == Started("tg:7", NOW, locale)


def test_button_carries_action_and_argument() -> None:
    found = to_incoming(pressed("filing.place:117"), NOW, LIMIT)
    assert found == Incoming(501, "ru", (ButtonPressed("tg:7", NOW, "filing.place", "117"),))
    assert to_incoming(pressed("menu.open"), NOW, LIMIT).events == (ButtonPressed("tg:7", NOW, "menu.open"),)


@pytest.mark.parametrize("data", ["'; DROP TABLE appeals", "::::", "a\u0000\u202eb:\u0000", "⟨" * 21])
def test_forged_button_data_is_only_ever_text(data: str) -> None:
    (found,) = to_incoming(pressed(data), NOW, LIMIT).events
    assert isinstance(found, ButtonPressed)
    assert not {"\u0000", "\u202e"} & set(found.action + found.arg)


def test_button_without_data_is_ignored() -> None:
    assert to_incoming(pressed(None), NOW, LIMIT) == Ignored(Reason.NO_DATA, 501)


def test_place_and_venue_are_a_place() -> None:
    where = {"latitude": 51.1, "longitude": 71.4}
    assert event(location=where) == PlaceShared("tg:7", NOW, 51.1, 71.4)
    venue = {"location": where, "title": "T", "address": "A"}
    assert event(location=where, venue=venue) == PlaceShared("tg:7", NOW, 51.1, 71.4)


def test_moves_of_a_live_location_are_ignored() -> None:
    where = {"latitude": 51.1, "longitude": 71.4, "live_period": 900}
    assert ignored("edited_message", location=where) is Reason.LIVE_LOCATION


@pytest.mark.parametrize(("user_id", "own"), [(501, True), (502, False), (None, False)])
def test_contact_is_own_only_when_it_is_the_sender_s(user_id: int | None, own: bool) -> None:
    contact = {"phone_number": "77000000000", "first_name": "A", "user_id": user_id}
    assert event(contact=contact) == ContactShared("tg:7", NOW, "77000000000", own)


def _photo(width: int, size: int | None) -> dict[str, Any]:
    return {
        "file_id": f"p{width}",
        "file_unique_id": f"u{width}",
        "width": width,
        "height": width,
        "file_size": size,
    }


def test_photo_is_offered_in_its_largest_size_within_the_limit() -> None:
    offer = event(photo=[_photo(90, 10), _photo(800, 900), _photo(1280, 5000)], caption="подъезд")
    assert offer == FileOffer("tg:7", NOW, "p800", "u800", "photo-3.jpg", 900, "подъезд")


def test_photo_over_the_limit_in_each_size_is_offered_to_be_refused() -> None:
    assert event(photo=[_photo(90, 2000), _photo(800, 9000)]).size == 2000


def test_document_keeps_its_name() -> None:
    document = {"file_id": "d", "file_unique_id": "u", "file_name": "акт\u202e.pdf", "file_size": 12}
    assert event(document=document) == FileOffer("tg:7", NOW, "d", "u", "акт.pdf", 12, "")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "sticker",
            {
                "file_id": "s",
                "file_unique_id": "u",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            },
        ),
        ("dice", {"emoji": "🎲", "value": 3}),
        ("animation", {"file_id": "v", "file_unique_id": "u", "duration": 3, "width": 1, "height": 1}),
    ],
)
def test_what_is_not_read_is_named(kind: str, content: dict[str, Any]) -> None:
    assert event(**{kind: content}) == Unsupported("tg:7", NOW, kind)


@pytest.mark.parametrize(
    ("kind", "more", "name"),
    [
        ("voice", {"file_size": 9}, "voice-3"),
        ("video_note", {"length": 1, "file_size": 9}, "video-3"),
        ("audio", {"file_size": 9, "file_name": "сөз.mp3"}, "сөз.mp3"),
        ("video", {"file_size": 9, "width": 1, "height": 1}, "video-3"),
    ],
)
def test_recordings_are_files(kind: str, more: dict[str, Any], name: str) -> None:
    content = {"file_id": "v", "file_unique_id": "u", "duration": 3, **more}
    offer = event(**{kind: content}, caption="тыңдаңыз", media_group_id="a9")
    assert offer == FileOffer("tg:7", NOW, "v", "u", name, 9, "тыңдаңыз", "a9")


def test_words_under_an_animation_are_read() -> None:
    video = {"file_id": "v", "file_unique_id": "u", "duration": 3, "width": 1, "height": 1}
    found = to_incoming(update(animation=video, caption="Пожар в подъезде"), NOW, LIMIT)
    assert found.events == (
        Unsupported("tg:7", NOW, "animation"),
        UserSaid("tg:7:caption", NOW, "Пожар в подъезде"),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"chat": {"id": -5, "type": "group", "title": "G"}, "text": "hi"}, Reason.GROUP),
        ({"chat": {"id": -5, "type": "supergroup", "title": "G"}, "text": "/start"}, Reason.GROUP),
        ({"from": {**PERSON, "is_bot": True}, "text": "hi"}, Reason.BOT),
        ({"pinned_message": {"message_id": 1, "date": 0, "chat": PRIVATE}}, Reason.SERVICE),
        ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 5}}, Reason.SERVICE),
    ],
)
def test_what_is_not_for_us_is_ignored_with_a_reason(content: dict[str, Any], reason: Reason) -> None:
    assert ignored(**content) is reason


def test_channel_posts_and_unknown_kinds_are_ignored() -> None:
    assert ignored("channel_post", chat={"id": -9, "type": "channel"}, text="news") is Reason.CHANNEL
    assert to_incoming(Update(update_id=7), NOW, LIMIT) == Ignored(Reason.OTHER_KIND, 0)


@pytest.mark.parametrize(
    ("chat", "status", "reason"),
    [
        (PRIVATE, "kicked", Reason.BLOCKED),
        (PRIVATE, "member", Reason.RETURNED),
        ({"id": -5, "type": "group", "title": "G"}, "member", Reason.GROUP),
        ({"id": -5, "type": "group", "title": "G"}, "left", Reason.LEFT_GROUP),
        ({"id": -5, "type": "channel", "title": "G"}, "left", Reason.CHANNEL),
    ],
)
def test_membership_tells_who_can_be_reached(chat: dict[str, Any], status: str, reason: Reason) -> None:
    me = {"id": 1, "is_bot": True, "first_name": "K"}
    member = {"status": status, "user": me, "until_date": 0}
    other = {"status": "member", "user": me}
    change = {"chat": chat, "from": PERSON, "date": 0, "old_chat_member": other, "new_chat_member": member}
    found = to_incoming(Update.model_validate({"update_id": 7, "my_chat_member": change}), NOW, LIMIT)
    assert found == Ignored(reason, chat["id"])


def test_digest_tells_content_apart_but_not_the_hour() -> None:
    said = UserSaid("tg:7", NOW, "а")
    assert digest_of(said) == digest_of(replace(said, at=NOW.replace(hour=9)))
    assert digest_of(said) != digest_of(replace(said, text="б"))
    offer = FileOffer("tg:7", NOW, "id", "u", "n", 1, "")
    assert digest_of(offer) == digest_of(replace(offer, file_id="another name of the same"))


# --- to Telegram -----------------------------------------------------------------------------


def test_plain_text_without_markup_or_previews() -> None:
    (method,) = to_methods(a_message("<b>*не разметка*</b> https://example.kz"), 501, None)
    assert method.text == "<b>*не разметка*</b> https://example.kz"
    assert method.reply_markup is None
    assert method.link_preview_options.is_disabled


def test_buttons_stand_under_the_last_part() -> None:
    first, second = to_methods(
        a_message("ж" * 3000 + "\n\n" + "ы" * 2000, buttons=(ShownButton("A", "a.b"),)), 501, None
    )
    assert first.reply_markup is None
    assert isinstance(second.reply_markup, InlineKeyboardMarkup)


def test_two_short_buttons_share_a_row() -> None:
    labels = ["Иә", "Жоқ", "Облыстың барлық аудандары", "Артқа", "Бас тарту", "Мәзір"]
    keyboard = inline_keyboard(
        [ShownButton(label, "a.b", str(number)) for number, label in enumerate(labels)]
    )
    assert keyboard is not None
    rows = [[button.text for button in row] for row in keyboard.inline_keyboard]
    assert rows == [["Иә", "Жоқ"], ["Облыстың барлық аудандары"], ["Артқа", "Бас тарту"], ["Мәзір"]]
    assert keyboard.inline_keyboard[0][1].callback_data == "a.b:1"


@pytest.mark.parametrize(
    "buttons",
    [(ShownButton("A", "a.b", "ә" * 31),), tuple(ShownButton("A", "a.b", str(n)) for n in range(91))],
)
def test_what_telegram_would_refuse_is_not_sent(buttons: tuple[ShownButton, ...]) -> None:
    with pytest.raises(ValueError, match="button"):
        to_methods(a_message(buttons=buttons), 501, None)


def test_nothing_to_say_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        to_methods(a_message("  "), 501, None)


def test_asking_for_a_contact_keeps_the_buttons() -> None:
    message = a_message("Нөміріңіз?", buttons=(ShownButton("Артқа", "filing.back"),), ask="contact")
    question, asking = to_methods(message, 501, Prompt("Немесе:", "Нөмірімді жіберу"))
    assert isinstance(question.reply_markup, InlineKeyboardMarkup)
    assert isinstance(asking.reply_markup, ReplyKeyboardMarkup)
    assert asking.reply_markup.keyboard[0][0].request_contact


def test_a_person_s_words_bear_the_name() -> None:
    (method,) = to_methods(a_message("Сәлеметсіз бе", author=Author.OPERATOR, name="Оператор 1"), 501, None)
    assert method.text == "👤 Оператор 1:\nСәлеметсіз бе"


def test_text_of_two_messages_replaces_none() -> None:
    assert to_edit(a_message("а " * 4000), 501, 9) is None
    edit = to_edit(a_message("б"), 501, 9)
    assert edit is not None
    assert (edit.message_id, edit.text) == (9, "б")
