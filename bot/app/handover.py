"""Operators and conversations: the queue, taking over with one holder, talking, notes, handing back, closing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from appeals.reference import SECRET_ALPHABET, SECRET_LENGTH
from bot.app.access import Access, Operation, access_conversation, require
from bot.app.conversations import Conversations
from bot.app.errors import InvalidInput, NotFound, WrongAction
from bot.app.ports import Clock, Storage, UnitOfWork
from bot.app.records import AuditRow, Author, Conversation, DecisionRecord, Message, Operator
from dialogs.events import Event, OperatorClaimed, OperatorClosed, OperatorHandedBack, OperatorSaid
from dialogs.lifecycle import Phase, Trigger, allows
from dialogs.replies import Tone
from dialogs.rules import Rules
from text.cleaning import clean

SHOWN = 1000
"""Lines of a conversation an operator sees, the newest."""
APPEALS_READ = 1000
"""Appeals of one conversation looked through for the operator's own."""
_SECRET = re.compile(rf"\b[{SECRET_ALPHABET}]{{{SECRET_LENGTH}}}\b")


class _HeldAlready(Exception):
    """The operator has the conversation: the button was pressed twice."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        super().__init__(conversation.id)


@dataclass(frozen=True, slots=True)
class Handover:
    """What operators do in conversations. Every change leaves an audit row."""

    storage: Storage
    conversations: Conversations
    clock: Clock
    rules: Rules
    new_id: Callable[[], str]

    async def queue(self, operator: Operator) -> Sequence[Conversation]:
        """Waiting ones: urgent first, then the longest waiting."""
        require(operator, Operation.LIST_CONVERSATIONS)
        async with self.storage.read() as work:
            return await work.conversations.queue()

    async def list(
        self,
        operator: Operator,
        phase: Phase | None = None,
        before: datetime | None = None,
        limit: int = 50,
        code: str = "",
    ) -> Sequence[Conversation]:
        """By last change, newest first; all, or those that are called so."""
        require(operator, Operation.LIST_CONVERSATIONS)
        async with self.storage.read() as work:
            return await work.conversations.recent(phase=phase, limit=limit, before=before, code=code)

    async def held_by(self, operator: Operator) -> Sequence[Conversation]:
        """The operator's own conversations."""
        require(operator, Operation.LIST_CONVERSATIONS)
        async with self.storage.read() as work:
            return await work.conversations.held_by(operator.id)

    async def open(
        self, operator: Operator, conversation_id: str
    ) -> tuple[Conversation, Sequence[Message], Sequence[DecisionRecord]]:
        """A conversation with everything said, notes included, and the assistant's latest reasons. The look is audited."""
        async with self.storage.write() as work:
            conversation = await work.conversations.find(conversation_id)
            if conversation is None:
                raise NotFound(conversation_id)
            await readable(work, operator, conversation)
            first = max(0, conversation.last_seq - SHOWN)
            messages = [
                _for_operators(line)
                for line in await work.messages.after(conversation_id, first, SHOWN, notes=True)
            ]
            decisions = await work.decisions.of_conversation(conversation_id, 10)
            await work.audit.add(
                AuditRow(self.clock.now(), operator.id, "conversation.read", conversation_id)
            )
            await work.commit()
        return conversation, messages, decisions

    async def news(
        self, operator: Operator, conversation_id: str, after: int
    ) -> tuple[Conversation, Sequence[Message]]:
        """What was said since sequence number `after`, notes included. The look is audited but for the holder's."""
        async with self.storage.read() as work:
            conversation = await work.conversations.find(conversation_id)
            if conversation is None:
                raise NotFound(conversation_id)
            await readable(work, operator, conversation)
            lines = await work.messages.after(conversation_id, after, SHOWN, notes=True)
        # Whoever holds it looks at every line, and that they hold it is in the audit.
        if conversation.holder != operator.id:
            async with self.storage.write() as work:
                await work.audit.add(
                    AuditRow(self.clock.now(), operator.id, "conversation.read", conversation_id)
                )
                await work.commit()
        return conversation, [_for_operators(line) for line in lines]

    async def claim(self, operator: Operator, conversation_id: str) -> Conversation:
        """Take the conversation over; the assistant falls silent. Raises AlreadyClaimed, NotPermitted, WrongAction.

        Taking what one holds already changes nothing: the citizen is told once who has come.
        """
        event = OperatorClaimed(self.new_id(), self.clock.now(), operator.id, operator.name)

        def guard(conversation: Conversation) -> Conversation:
            access_conversation(operator, conversation, Access.CLAIM)
            _allowed(conversation, Trigger.OPERATOR_CLAIMS)
            if conversation.holder == operator.id and conversation.phase is Phase.WITH_OPERATOR:
                raise _HeldAlready(conversation)
            return replace(conversation, holder=operator.id, queued_at=None, urgent=False)

        try:
            return await self._act(operator, conversation_id, event, guard, "conversation.claimed")
        except _HeldAlready as held:
            return held.conversation

    async def say(self, operator: Operator, conversation_id: str, text: str, once: str = "") -> Conversation:
        """Speak to the citizen. Only the holder may. The same words with the same `once`, a form's, are said once."""
        text = self._words(text)
        event = OperatorSaid(self._identity(once, text), self.clock.now(), operator.id, text)

        def guard(conversation: Conversation) -> Conversation:
            access_conversation(operator, conversation, Access.SPEAK)
            _allowed(conversation, Trigger.OPERATOR_SPEAKS)
            return conversation

        return await self._act(operator, conversation_id, event, guard, "conversation.answered")

    async def hand_back(self, operator: Operator, conversation_id: str) -> Conversation:
        """Give the conversation back to the assistant."""
        event = OperatorHandedBack(self.new_id(), self.clock.now(), operator.id)
        return await self._release(
            operator, conversation_id, event, Trigger.OPERATOR_HANDS_BACK, "conversation.handed_back"
        )

    async def close(self, operator: Operator, conversation_id: str) -> Conversation:
        """End the conversation; the citizen may begin again at any time."""
        event = OperatorClosed(self.new_id(), self.clock.now(), operator.id)
        return await self._release(
            operator, conversation_id, event, Trigger.OPERATOR_CLOSES, "conversation.closed"
        )

    async def note(self, operator: Operator, conversation_id: str, text: str, once: str = "") -> None:
        """Keep an internal note. It is no event and no reply: nothing can carry it to the citizen. `once` as in `say`."""
        text, now = self._words(text), self.clock.now()
        identity = self._identity(once, text)
        async with self.storage.write() as work:
            conversation = await work.conversations.find(conversation_id)
            if conversation is None:
                raise NotFound(conversation_id)
            access_conversation(operator, conversation, Access.NOTE)
            if await work.messages.has_event(conversation_id, identity):
                return
            seq = conversation.last_seq + 1
            await work.messages.add(
                [
                    Message(
                        conversation_id,
                        seq,
                        Author.NOTE,
                        text,
                        now,
                        conversation.state.speaks,
                        identity,
                        name=operator.name,
                    ),
                ]
            )
            conversation = await work.conversations.save(replace(conversation, last_seq=seq, updated_at=now))
            await work.audit.add(AuditRow(now, operator.id, "conversation.noted", conversation_id))
            await work.commit()
        await self.conversations.announce(conversation)

    async def _release(
        self, operator: Operator, conversation_id: str, event: Event, trigger: Trigger, action: str
    ) -> Conversation:
        def guard(conversation: Conversation) -> Conversation:
            access_conversation(operator, conversation, Access.RELEASE)
            _allowed(conversation, trigger)
            return replace(conversation, holder=None, queued_at=None, urgent=False, reason="", summary="")

        return await self._act(operator, conversation_id, event, guard, action)

    async def _act(
        self,
        operator: Operator,
        conversation_id: str,
        event: Event,
        guard: Callable[[Conversation], Conversation],
        action: str,
    ) -> Conversation:
        async def audit(work: UnitOfWork) -> None:
            await work.audit.add(AuditRow(event.at, operator.id, action, conversation_id))

        return await self.conversations.apply(conversation_id, event, guard, audit)

    def _identity(self, once: str, text: str) -> str:
        """Of words from a form: the same when it is sent again. The way back in a browser can bring an old form for new words."""
        return sha256(f"{once} {text}".encode()).hexdigest()[:32] if once else self.new_id()

    def _words(self, text: str) -> str:
        text = clean(text)
        if not text:
            raise InvalidInput("text", "there is nothing to send")
        if len(text) > self.rules.message_limit:
            raise InvalidInput("text", f"at most {self.rules.message_limit} characters are sent at once")
        return text


async def readable(work: UnitOfWork, operator: Operator, conversation: Conversation) -> Conversation:
    """The conversation, if this operator may read it. Raises NotPermitted."""
    appeals = await work.appeals.of_conversation(conversation.id, APPEALS_READ)
    return access_conversation(operator, conversation, Access.READ, tuple(appeals))


def _for_operators(message: Message) -> Message:
    """A receipt without the secret: it is the citizen's alone."""
    if message.tone != Tone.RECEIPT.value:
        return message
    return replace(message, text=_SECRET.sub("•" * SECRET_LENGTH, message.text))


def _allowed(conversation: Conversation, trigger: Trigger) -> None:
    if not allows(conversation.phase, trigger):
        raise WrongAction(f"{trigger.value} in {conversation.phase.value}")
