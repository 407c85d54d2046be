"""What the assistant says, before it has words: named texts, buttons, and what it expects next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dialogs.messages import Msg

PAGE = "page.open"
"""The action of a button that leads to a one-time page; its argument is the page's id, the shell knows the address."""
DEEP_LINK = "page.telegram"
"""The same for a button that leads to our bot in Telegram, with the page's key."""


class Ask(StrEnum):
    """What kind of input a reply waits for, so that a channel can offer its own means."""

    NOTHING = "nothing"
    TEXT = "text"
    PLACE = "place"
    CONTACT = "contact"
    FILES = "files"


class Tone(StrEnum):
    """What a reply is, for its look and for screen readers."""

    PLAIN = "plain"
    ANSWER = "answer"
    EMERGENCY = "emergency"
    NOTICE = "notice"
    STEP = "step"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Button:
    """`action` is `<scenario>.<verb>`; action, a colon and `arg` fit in 64 bytes of UTF-8 (Telegram)."""

    label: Msg
    action: str
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """One message of the assistant's. Paragraphs are parted by a blank line.

    `replaces`: a step of a form or a menu, which a channel may show in place of the step before.
    `bilingual`: shown in both languages, for somebody whose language is not known.
    `document`: what comes along as a file: a receipt, or the id of a file of the conversation.
    """

    paragraphs: tuple[Msg, ...]
    buttons: tuple[Button, ...] = ()
    ask: Ask = Ask.NOTHING
    tone: Tone = Tone.PLAIN
    replaces: bool = False
    bilingual: bool = False
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Relay:
    """An operator's words, passed on as they are."""

    operator: str
    text: str


Reply = Say | Relay
RECEIPT = "receipt:"
"""What the id of a receipt begins with; the appeal's reference follows."""


def say(
    *paragraphs: Msg | None,
    buttons: tuple[Button, ...] = (),
    ask: Ask = Ask.NOTHING,
    tone: Tone = Tone.PLAIN,
    replaces: bool = False,
    bilingual: bool = False,
    document: str | None = None,
) -> Say:
    """A Say from the paragraphs that are there."""
    return Say(
        tuple(p for p in paragraphs if p is not None), buttons, ask, tone, replaces, bilingual, document
    )
