"""What the law on personal data asks for: the register of consents, withdrawals answered in time, a copy for the citizen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from appeals.calendar import ALMATY, WorkCalendar
from appeals.personal_data import withdrawal_due
from appeals.reference import find_reference
from bot.app.access import Operation, require
from bot.app.conversations import Conversations
from bot.app.errors import InvalidInput, WrongAction
from bot.app.ports import Clock, Storage, UnitOfWork
from bot.app.records import (
    AuditRow,
    ConsentRecord,
    Operator,
    Withdrawal,
    WithdrawalState,
)
from bot.app.selection import Order, Selection, identities_in
from dialogs.events import WithdrawalDecided
from text.cleaning import clean

SHOWN = 50
PEOPLE = 200
"""Appeals looked through for a person's conversations."""
WORDS_LIMIT = 200
FIELD_LIMIT = 300
REASON_LIMIT = 2000


class Answer(StrEnum):
    """How a withdrawal is answered."""

    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register: consents, newest first, and the id to go on after (None at the end)."""

    consents: Sequence[ConsentRecord]
    more: int | None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The use cases of supervisors; each look is audited."""

    storage: Storage
    conversations: Conversations
    calendar: WorkCalendar
    clock: Clock
    new_id: Callable[[], str]

    async def withdrawals(self, operator: Operator) -> tuple[Sequence[Withdrawal], Sequence[Withdrawal]]:
        """Those that wait, most urgent first, and the latest that were answered. Raises NotPermitted."""
        require(operator, Operation.KEEP_CONSENTS)
        async with self.storage.write() as work:
            found = await work.withdrawals.open(SHOWN), await work.withdrawals.decided(SHOWN)
            await self._audit(work, operator, "withdrawals.read", "")
            await work.commit()
        return found

    async def register(self, operator: Operator, words: str = "", before: int | None = None) -> Register:
        """Consents of a person (name, ИИН, phone), an appeal (reference) or a conversation (id); without words all.

        Raises NotPermitted.
        """
        require(operator, Operation.KEEP_CONSENTS)
        async with self.storage.write() as work:
            conversations = await _meant(work, clean(words, WORDS_LIMIT))
            found = await work.consents.newest(conversations=conversations, limit=SHOWN + 1, before=before)
            await self._audit(work, operator, "consents.searched" if words else "consents.read", "")
            await work.commit()
        return Register(found[:SHOWN], found[SHOWN - 1].id if len(found) > SHOWN else None)

    async def take_withdrawal(
        self, operator: Operator, *, person: str, contact: str, reference: str
    ) -> Withdrawal:
        """Somebody came, called or wrote to the organisation to take a consent back; the term runs from today.

        Raises NotPermitted, InvalidInput.
        """
        require(operator, Operation.KEEP_CONSENTS)
        person, contact = clean(person, FIELD_LIMIT), clean(contact, FIELD_LIMIT)
        if len(person) < 3:
            raise InvalidInput("person", "who asks for it")
        if len(contact) < 3:
            raise InvalidInput("contact", "where to send the answer")
        number = find_reference(reference)
        if reference.strip() and number is None:
            raise InvalidInput("reference", "an appeal's number, as KM-2026-000123")
        now = self.clock.now()
        async with self.storage.write() as work:
            appeal = await work.appeals.find_by_reference(number) if number else None
            if number and appeal is None:
                raise InvalidInput("reference", "there is no such appeal")
            withdrawal = Withdrawal(
                id=self.new_id(),
                conversation_id=appeal.conversation_id if appeal else None,
                channel="desk",
                asked_at=now,
                due=withdrawal_due(self.today(), self.calendar),
                person=person,
                contact=contact,
                reference=number or "",
            )
            await work.withdrawals.add(withdrawal)
            if appeal:
                await work.consents.add(
                    ConsentRecord(
                        appeal.conversation_id,
                        appeal.consent_version,
                        given=False,
                        locale=appeal.locale,
                        at=now,
                        channel="desk",
                        actor=operator.id,
                    )
                )
            await self._audit(work, operator, "withdrawal.taken", withdrawal.id)
            await work.commit()
        return withdrawal

    async def answer(self, operator: Operator, withdrawal_id: str, answer: Answer, reason: str) -> Withdrawal:
        """Processing has stopped, or goes on for a reason the person is told; in the chat they are told at once.

        Raises NotPermitted, NotFound, InvalidInput, WrongAction when it was answered already.
        """
        require(operator, Operation.KEEP_CONSENTS)
        reason = clean(reason, REASON_LIMIT)
        if answer is Answer.REFUSED and len(reason) < 10:
            raise InvalidInput("reason", "the person must be told the reason, with the law it rests on")
        now = self.clock.now()
        async with self.storage.read() as work:
            found = await work.withdrawals.get(withdrawal_id)
        decided = replace(
            found,
            state=WithdrawalState(answer.value),
            decided_at=now,
            decided_by=operator.id,
            reason=reason,
        )

        async def store(work: UnitOfWork) -> None:
            if not await work.withdrawals.decide(decided):
                raise WrongAction("it was answered already")
            await self._audit(work, operator, f"withdrawal.{answer.value}", withdrawal_id)

        if found.conversation_id is None or found.channel == "desk":
            async with self.storage.write() as work:
                await store(work)
                await work.commit()
            return decided
        event = WithdrawalDecided(self.new_id(), now, answer is Answer.STOPPED, reason)
        await self.conversations.apply(found.conversation_id, event, lambda known: known, store)
        return decided

    def today(self) -> date:
        """The day in Kazakhstan."""
        return self.clock.now().astimezone(ALMATY).date()

    async def _audit(self, work: UnitOfWork, operator: Operator, action: str, subject: str) -> None:
        await work.audit.add(AuditRow(self.clock.now(), operator.id, action, subject))


async def _meant(work: UnitOfWork, words: str) -> Sequence[str] | None:
    """The conversations that words mean; None for no words: all."""
    if not words:
        return None
    if await work.conversations.find(words) is not None:
        return [words]
    if number := find_reference(words):
        appeal = await work.appeals.find_by_reference(number)
        return [appeal.conversation_id] if appeal else []
    identities, rest = identities_in(words)
    found = await work.appeals.search(Selection(words=rest, identities=identities), Order.RECEIVED, PEOPLE)
    return sorted({appeal.conversation_id for appeal in found})
