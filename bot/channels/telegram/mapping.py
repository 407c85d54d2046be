"""Between Telegram's objects and ours, both ways; nothing here calls anybody."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from aiogram import types
from aiogram.enums import ChatType, ContentType
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    Update,
)

from bot.app import codec
from bot.app.records import Author, Message, ShownButton
from bot.channels.telegram.splitting import split
from dialogs import commands
from dialogs.events import (
    ButtonPressed,
    CitizenEvent,
    CommandGiven,
    ContactShared,
    PlaceShared,
    Started,
    Unsupported,
    UserSaid,
)
from text.bilingual import Locale
from text.cleaning import clean

CALLBACK_BYTES = 64
FILE_NAME = 200
MOST_BUTTONS = 90
"""Telegram takes 100 in a message; nobody reads so many."""
SHORT_LABEL = 18
"""Two labels up to this length stand side by side on a narrow phone."""
PRIVATE_ASKS = frozenset({"contact", "place"})
"""What Telegram can ask for with a keyboard of its own, in private chats."""
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SENT_BY_PEOPLE = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.CHECKLIST,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.GIFT,
        ContentType.GIVEAWAY,
        ContentType.PAID_MEDIA,
        ContentType.POLL,
        ContentType.RICH_MESSAGE,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.UNKNOWN,
    }
)


Media = types.PhotoSize | types.Document | types.Voice | types.Audio | types.Video | types.VideoNote


class Reason(StrEnum):
    """Why an update makes no event."""

    GROUP = "group"
    LEFT_GROUP = "left_group"
    CHANNEL = "channel"
    BOT = "bot"
    BLOCKED = "blocked"
    RETURNED = "returned"
    SERVICE = "service"
    LIVE_LOCATION = "live_location"
    NO_DATA = "no_data"
    OTHER_KIND = "other_kind"


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that is counted and left alone."""

    reason: Reason
    chat_id: int


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A file yet to be fetched; it becomes a FileSent of the same id. `size` in bytes, `album`: sent together."""

    id: str
    at: datetime
    file_id: str
    unique_id: str
    name: str
    size: int | None
    caption: str
    album: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a citizen did in a private chat, in order."""

    chat_id: int
    locale: Locale | None
    events: tuple[CitizenEvent | FileOffer, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words of a keyboard that asks for a contact or a place."""

    text: str
    button: str


# --- from Telegram ---------------------------------------------------------------------------


def chat_of(update: Update) -> int:
    """The chat an update belongs to, within which order matters; 0 for none."""
    message = update.message or update.edited_message or update.channel_post or update.edited_channel_post
    if message is not None:
        return message.chat.id
    if update.callback_query is not None:
        shown = update.callback_query.message
        return shown.chat.id if shown is not None else update.callback_query.from_user.id
    return update.my_chat_member.chat.id if update.my_chat_member is not None else 0


def to_incoming(update: Update, at: datetime, file_limit: int) -> Incoming | Ignored:
    """The events of an update received `at`. Of a photo, the largest size within `file_limit` bytes."""
    chat_id, event_id = chat_of(update), f"tg:{update.update_id}"
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.callback_query is not None:
        return _button(update.callback_query, chat_id, event_id, at)
    message = update.message or update.edited_message
    if message is None:
        channel = update.channel_post or update.edited_channel_post
        return Ignored(Reason.CHANNEL if channel else Reason.OTHER_KIND, chat_id)
    if message.chat.type != ChatType.PRIVATE:
        return Ignored(_place_reason(message.chat), chat_id)
    sender = message.from_user
    if sender is None or sender.is_bot:
        return Ignored(Reason.BOT, chat_id)
    locale = _locale(sender)
    if update.message is None:
        found: Sequence[CitizenEvent | FileOffer] = _edit(message, event_id, at)
    else:
        found = _message(message, sender, event_id, at, file_limit)
    if not found:
        return Ignored(Reason.LIVE_LOCATION if message.location else Reason.SERVICE, chat_id)
    return Incoming(chat_id, locale, tuple(found))


def digest_of(event: CitizenEvent | FileOffer) -> str:
    """Tells a repetition of an update from another one with its number; when it arrived does not count."""
    told = asdict(event) if isinstance(event, FileOffer) else codec.to_json(event)
    for name in ("at", "file_id"):
        told.pop(name, None)
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _place_reason(chat: types.Chat) -> Reason:
    return Reason.GROUP if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) else Reason.CHANNEL


def _membership(change: types.ChatMemberUpdated) -> Ignored:
    gone = change.new_chat_member.status in ("kicked", "left")
    if change.chat.type == ChatType.PRIVATE:
        return Ignored(Reason.BLOCKED if gone else Reason.RETURNED, change.chat.id)
    reason = _place_reason(change.chat)
    return Ignored(Reason.LEFT_GROUP if gone and reason is Reason.GROUP else reason, change.chat.id)


def _button(query: types.CallbackQuery, chat_id: int, event_id: str, at: datetime) -> Incoming | Ignored:
    if query.message is not None and query.message.chat.type != ChatType.PRIVATE:
        return Ignored(_place_reason(query.message.chat), chat_id)
    if not query.data or query.message is None:
        return Ignored(Reason.NO_DATA, chat_id)
    action, _, arg = clean(query.data, CALLBACK_BYTES).partition(":")
    return Incoming(chat_id, _locale(query.from_user), (ButtonPressed(event_id, at, action, arg),))


def _edit(message: types.Message, event_id: str, at: datetime) -> Sequence[CitizenEvent]:
    said = message.text or message.caption
    return (UserSaid(event_id, at, said, edited=True),) if said else ()


def _message(
    message: types.Message, sender: types.User, event_id: str, at: datetime, file_limit: int
) -> Sequence[CitizenEvent | FileOffer]:
    if message.text is not None:
        return (_words(message.text, sender, event_id, at),)
    if message.location is not None:
        return (PlaceShared(event_id, at, message.location.latitude, message.location.longitude),)
    if message.contact is not None:
        own = message.contact.user_id == sender.id
        return (ContactShared(event_id, at, clean(message.contact.phone_number), own),)
    file = _file(message, event_id, at, file_limit)
    if file is not None:
        return (file,)
    if message.content_type not in _SENT_BY_PEOPLE:
        return ()
    unread = Unsupported(event_id, at, str(ContentType(message.content_type).value))
    if not message.caption:
        return (unread,)
    # The words under a video may be a cry for help: they are read even where the video is not.
    return (unread, UserSaid(f"{event_id}:caption", at, message.caption))


def _words(said: str, sender: types.User, event_id: str, at: datetime) -> CitizenEvent:
    known = _command(said)
    if known is None:
        return UserSaid(event_id, at, said)
    name, arg = known
    if name != "start":
        return CommandGiven(event_id, at, name, clean(arg))
    return Started(event_id, at, _locale(sender), arg if _PAYLOAD.fullmatch(arg) else "")


def _command(said: str) -> tuple[str, str] | None:
    """A command of ours with its argument. Any other slash stays text: it may be a call for help."""
    typed = " ".join(said.split())
    name = typed.lstrip("/ ").partition(" ")[0].partition("@")[0].casefold()
    return commands.command(typed) if name in commands.COMMANDS else None


def _file(message: types.Message, event_id: str, at: datetime, limit: int) -> FileOffer | None:
    found = _photo(message, limit) or _recording(message) or _document(message)
    if found is None:
        return None
    media, name = found
    return FileOffer(
        event_id,
        at,
        media.file_id,
        media.file_unique_id,
        name,
        media.file_size,
        clean(message.caption or ""),
        clean(message.media_group_id or "", CALLBACK_BYTES),
    )


def _photo(message: types.Message, limit: int) -> tuple[Media, str] | None:
    if not message.photo:
        return None
    sizes = sorted(message.photo, key=lambda size: size.width * size.height)
    photo = next((size for size in reversed(sizes) if (size.file_size or 0) <= limit), sizes[0])
    return photo, f"photo-{message.message_id}.jpg"


def _recording(message: types.Message) -> tuple[Media, str] | None:
    if message.voice is not None:
        return message.voice, f"voice-{message.message_id}"
    if message.video_note is not None:
        return message.video_note, f"video-{message.message_id}"
    named = message.audio or message.video
    if named is None:
        return None
    kind = "audio" if message.audio else "video"
    return named, clean(named.file_name or "", FILE_NAME) or f"{kind}-{message.message_id}"


def _document(message: types.Message) -> tuple[Media, str] | None:
    document = message.document
    if document is None or message.animation is not None:
        return None
    return document, clean(document.file_name or "", FILE_NAME) or f"document-{message.message_id}"


def _locale(sender: types.User) -> Locale | None:
    match (sender.language_code or "").partition("-")[0].casefold():
        case "kk":
            return "kk"
        case "ru":
            return "ru"
        case _:
            return None


# --- to Telegram -----------------------------------------------------------------------------


def to_methods(message: Message, chat_id: int, prompt: Prompt | None) -> list[SendMessage]:
    """The calls that show a message: its text in parts, buttons under the last, then the asking keyboard.

    A message has one keyboard only, so the one that asks comes with words of its own. Raises ValueError
    for what Telegram would refuse.
    """
    texts = split(words_of(message))
    if not texts:
        raise ValueError("nothing to say")
    keyboard = inline_keyboard(message.buttons)
    sent = [
        _send(chat_id, text, keyboard if number == len(texts) else None)
        for number, text in enumerate(texts, 1)
    ]
    if prompt is not None:
        sent.append(_send(chat_id, prompt.text, _asking_keyboard(message.ask, prompt)))
    return sent


def to_edit(message: Message, chat_id: int, message_id: int) -> EditMessageText | None:
    """The call that shows a message in place of an earlier one; None when it does not fit into one."""
    texts = split(words_of(message))
    if len(texts) != 1:
        return None
    return EditMessageText(
        chat_id=chat_id,
        message_id=message_id,
        text=texts[0],
        reply_markup=inline_keyboard(message.buttons),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


def words_of(message: Message) -> str:
    """The text as it is shown; a person's words bear the person's name."""
    if message.author is Author.OPERATOR and message.name:
        return f"👤 {message.name}:\n{message.text}"
    return message.text


def inline_keyboard(buttons: Sequence[ShownButton]) -> InlineKeyboardMarkup | None:
    """One button a row, two short neighbours side by side. Raises ValueError for too many, too long."""
    if len(buttons) > MOST_BUTTONS:
        raise ValueError(f"{len(buttons)} buttons")
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        if not button.url and len(button.id.encode()) > CALLBACK_BYTES:
            raise ValueError(f"button {button.action} is longer than {CALLBACK_BYTES} bytes")
        shown = (
            InlineKeyboardButton(text=button.label, url=button.url)
            if button.url
            else InlineKeyboardButton(text=button.label, callback_data=button.id)
        )
        if rows and len(rows[-1]) == 1 and _short(rows[-1][0].text) and _short(button.label):
            rows[-1].append(shown)
        else:
            rows.append([shown])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _short(label: str) -> bool:
    return len(label) <= SHORT_LABEL


def _asking_keyboard(ask: str, prompt: Prompt) -> ReplyKeyboardMarkup:
    button = KeyboardButton(
        text=prompt.button, request_contact=ask == "contact" or None, request_location=ask == "place" or None
    )
    return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def _send(
    chat_id: int, text: str, keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | None
) -> SendMessage:
    return SendMessage(
        chat_id=chat_id,
        text=text,
        reply_markup=keyboard,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
