"""Operators say how a message should have been understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from bot.app.access import Access, access_conversation
from bot.app.errors import InvalidInput, NotFound
from bot.app.ports import Clock, Storage
from bot.app.records import (
    AuditRow,
    Author,
    Conversation,
    DecisionRecord,
    LearningSample,
    Message,
    Operator,
    SampleSource,
)
from dialogs.anonymity import anonymise
from dialogs.emergency import NUMBERS
from dialogs.model import Knowledge
from dialogs.routing import DIALOG_ROUTES
from text.words import words

CORRECTABLE = frozenset({"intent", "unsure", "form_act", "emergency_words", "emergency_label"})
"""Routes on which a message was read as a request; on the others it answered a question of the form's."""


def correctable(decision: DecisionRecord) -> bool:
    """Whether there is a guess that can be wrong."""
    return decision.route in CORRECTABLE and bool(decision.label)


def known_labels(knowledge: Knowledge) -> frozenset[str]:
    """The closed set of what understanding may answer."""
    topics = knowledge.domain.topics
    return frozenset(
        (
            *(f"faq.{entry.slug}" for entry in knowledge.faq),
            *(f"topic.{topic.code}" for topic in topics.all()),
            *(f"dialog.{act}" for act in DIALOG_ROUTES),
            *(f"emergency.{kind}" for kind in NUMBERS),
            "other",
        )
    )


@dataclass(frozen=True, slots=True)
class Corrections:
    """Counted always; the wording is kept only with the citizen's consent. Every correction leaves an audit row."""

    storage: Storage
    knowledge: Knowledge
    clock: Clock

    async def correct(self, operator: Operator, conversation_id: str, seq: int, label: str) -> None:
        """The citizen's message `seq` should have been understood as `label`.

        Raises NotFound for a message without a guess, InvalidInput for an unknown label, NotPermitted.
        """
        now = self.clock.now()
        async with self.storage.write() as work:
            conversation = await work.conversations.find(conversation_id)
            if conversation is None:
                raise NotFound(conversation_id)
            access_conversation(operator, conversation, Access.CORRECT)
            message = await work.messages.get(conversation_id, seq)
            decision = await work.decisions.of_event(conversation_id, message.event_id or "")
            if message.author is not Author.CITIZEN or decision is None or not correctable(decision):
                raise NotFound(f"{conversation_id} {seq}")
            if label not in known_labels(self.knowledge):
                raise InvalidInput("label", "choose one of the list")
            await work.feedback.guess_corrected((decision.label,), label, conversation.state.speaks, now)
            sample = self._sample(conversation, message, decision, label)
            if conversation.state.learning and words(sample.text):
                await work.samples.add(sample)
            detail = f"{seq}: {decision.label} → {label}"
            await work.audit.add(
                AuditRow(now, operator.id, "conversation.corrected", conversation_id, detail)
            )
            await work.commit()

    def _sample(
        self, conversation: Conversation, message: Message, decision: DecisionRecord, label: str
    ) -> LearningSample:
        return LearningSample(
            conversation_id=conversation.id,
            text=anonymise(message.text, self.knowledge.domain.territory),
            guessed=(decision.label,),
            chosen=label,
            source=SampleSource.OPERATOR,
            language=decision.language or conversation.state.speaks,
            locale=conversation.state.speaks,
            day=self.clock.now().astimezone(UTC).date(),
        )
