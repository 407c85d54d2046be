"""The wire format of the web channel, as pure functions: JSON in, events out; messages in, JSON out."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NoReturn, cast

from appeals.appeal import Attachment
from bot.app.errors import InvalidInput
from bot.app.records import Author, Message, ShownButton
from dialogs.commands import COMMANDS
from dialogs.events import (
    ButtonPressed,
    CitizenEvent,
    CommandGiven,
    FileSent,
    PlaceShared,
    Started,
    UserSaid,
)
from dialogs.scenarios import carry
from text.bilingual import LOCALES, Locale
from text.cleaning import clean

VERSION = 1
BODY_BYTES = 64 * 1024
"""The largest JSON body or frame; the longest text needs far less."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BUTTON = re.compile(r"([a-z_]+(?:\.[a-z_]+)?)(?::(.+))?", re.DOTALL)
_BUTTON_BYTES = 64
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN_LENGTH = 200
_NAMES = frozenset(COMMANDS.values()) - {"start"}
_WAYS = ("text", "button", "place", "command", "link")


class BadFrame(Exception):
    """Not a frame of this protocol: the socket is closed with 1008."""


class TextTooLong(InvalidInput):
    """More characters than a message may have."""

    code: ClassVar[str] = "text_too_long"

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__("text", f"{length} characters, {limit} are allowed")


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: which conversation, the right to it, and the last message the client has."""

    conversation_id: str
    token: str
    after: int


@dataclass(frozen=True, slots=True)
class Said:
    """A frame with something the citizen did; `body` is what POST …/messages takes."""

    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file under the citizen's name for it: kept as `attachment`, or `refused` for a reason of FileRefused."""

    name: str
    attachment: Attachment | None
    refused: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Is anybody there?"""


# --- reading ---------------------------------------------------------------------------------


def read_json(raw: bytes | str) -> Mapping[str, Any]:
    """A JSON object. Raises ValueError for anything else, NaN and bottomless nesting included."""
    try:
        value = json.loads(raw, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("an object is expected")  # noqa: TRY004 - callers know one error
    return value


def decode(text: str) -> Hello | Said | Ping:
    """A client's frame. Raises BadFrame."""
    try:
        frame = read_json(text)
    except ValueError as error:
        raise BadFrame("not JSON") from error
    if frame.get("v") != VERSION or isinstance(frame.get("v"), bool):
        raise BadFrame("unknown version")
    match frame.get("type"):
        case "hello":
            return _hello(frame)
        case "message":
            return Said({name: value for name, value in frame.items() if name not in ("v", "type")})
        case "ping":
            return Ping()
        case _:
            raise BadFrame("unknown type")


def conversation_id(value: object) -> str | None:
    """The value if it can be a conversation's id at all."""
    return value if isinstance(value, str) and _CONVERSATION.fullmatch(value) else None


def sequence(value: object) -> int:
    """A sequence number (0: from the beginning). Raises InvalidInput."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise InvalidInput("after", "a number from 0 is expected")
    return value


def locale_of(body: Mapping[str, Any]) -> Locale | None:
    """The language asked for when a conversation is opened; None when it is left to the citizen."""
    _only(body, ("locale",))
    value = body.get("locale")
    if value is None:
        return None
    if value not in LOCALES:
        raise InvalidInput("locale", "kk or ru is expected")
    return cast(Locale, value)


def event_id(value: object) -> str:
    """The client's UUID in small letters. Raises InvalidInput."""
    if isinstance(value, str) and _UUID.fullmatch(value.lower()):
        return value.lower()
    raise InvalidInput("id", "a UUID is expected")


def citizen_event(body: Mapping[str, Any], at: datetime, text_limit: int) -> tuple[CitizenEvent, str]:
    """What the citizen did, and its digest (the same for the same body). Raises InvalidInput, TextTooLong."""
    _only(body, ("id", *_WAYS))
    identity = event_id(body.get("id"))
    ways = [way for way in _WAYS if way in body]
    if len(ways) != 1:
        raise InvalidInput("text", f"exactly one of {', '.join(_WAYS)} is expected")
    value = body[ways[0]]
    event: CitizenEvent
    match ways[0]:
        case "text":
            text = _text(value, text_limit)
            event, said = UserSaid(identity, at, text), [text]
        case "button":
            action, arg = _button(value)
            event, said = ButtonPressed(identity, at, action, arg), [action, arg]
        case "place":
            lat, lon = _place(value)
            event, said = PlaceShared(identity, at, lat, lon), [repr(lat), repr(lon)]
        case "link":
            key = _link(value)
            event, said = Started(identity, at, None, key), [key]
        case _:
            name, arg = _command(value)
            event, said = CommandGiven(identity, at, name, arg), [name, arg]
    return event, _digest(ways[0], *said)


def caption(value: str, limit: int) -> str:
    """The words beside a file. Raises TextTooLong."""
    text = clean(value)
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    return text


def file_event(identity: str, at: datetime, upload: Upload, caption: str) -> tuple[FileSent, str]:
    """An upload as an event, and its digest."""
    became = upload.attachment.sha256 if upload.attachment else upload.refused
    event = FileSent(identity, at, upload.attachment, upload.refused, caption)
    return event, _digest("file", upload.name, caption, became)


# --- writing ---------------------------------------------------------------------------------


def message_json(message: Message) -> dict[str, Any]:
    """A message as clients see it. `ai` is the machine-readable mark that a machine wrote it."""
    return {
        "seq": message.seq,
        "author": message.author.value,
        "name": message.name,
        "text": message.text,
        "buttons": [_button_json(button) for button in message.buttons],
        "ask": message.ask,
        "tone": message.tone,
        "replaces": message.replaces,
        "locale": message.locale,
        "at": message.at.isoformat(timespec="milliseconds"),
        "event": message.event_id,
        "file": message.attachment_id if message.author is Author.BOT else None,
        "ai": message.author is Author.BOT,
    }


def encode(kind: str, **content: Any) -> str:
    """A server's frame."""
    return to_text({"v": VERSION, "type": kind, **content})


def to_text(value: Mapping[str, Any]) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- parts -----------------------------------------------------------------------------------


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _hello(frame: Mapping[str, Any]) -> Hello:
    identity, token = conversation_id(frame.get("id")), frame.get("token")
    if (
        identity is None
        or not isinstance(token, str)
        or not 0 < len(token) <= _TOKEN_LENGTH
        or not token.isascii()
    ):
        raise BadFrame("id and token are expected")
    try:
        return Hello(identity, token, sequence(frame.get("after", 0)))
    except InvalidInput as error:
        raise BadFrame("after is not a number") from error


def _only(body: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in body:
        if name not in known:
            raise InvalidInput(clean(name, 40), "unknown field")


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise InvalidInput("text", "a string is expected")
    text = clean(value)
    if not text:
        raise InvalidInput("text", "it is empty")
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    return text


def _button_json(button: ShownButton) -> dict[str, str]:
    shown = {"id": button.id, "label": button.label}
    return {**shown, "url": button.url} if button.url else shown


def _button(value: object) -> tuple[str, str]:
    if isinstance(value, str) and clean(value) == value and len(value.encode()) <= _BUTTON_BYTES:
        found = _BUTTON.fullmatch(value)
        if found is not None:
            return found[1], found[2] or ""
    raise InvalidInput("button", "the id of a button is expected")


def _place(value: object) -> tuple[float, float]:
    if not isinstance(value, dict) or set(value) != {"lat", "lon"}:
        raise InvalidInput("place", "lat and lon are expected")
    return _degrees(value["lat"], 90), _degrees(value["lon"], 180)


def _degrees(value: object, most: int) -> float:
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= most
        and math.isfinite(value)
    ):
        return float(value)
    raise InvalidInput("place", "degrees are expected")


def _command(value: object) -> tuple[str, str]:
    if isinstance(value, str):
        name, _, arg = clean(value, 200).partition(" ")
        if name in _NAMES:
            return name, arg.strip()
    raise InvalidInput("command", f"one of {', '.join(sorted(_NAMES))} is expected")


def _link(value: object) -> str:
    if isinstance(value, str) and carry.is_key(value):
        return value
    raise InvalidInput("link", "the key of a draft's link is expected")


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
