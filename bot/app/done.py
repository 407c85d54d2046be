"""What came of an effect."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.records import Conversation
from dialogs.events import Event


@dataclass(frozen=True, slots=True)
class Done:
    """The conversation after an effect, and the event that answers it, if it has an answer.

    `elsewhere`: another conversation that it changes, too, and what happens there, in the same transaction.
    """

    conversation: Conversation
    result: Event | None = None
    elsewhere: tuple[Conversation, Event] | None = None
