"""The appeals desk: the registry an organisation works in. Each step follows the life cycle's table, has its lawful
date, leaves an audit row and reaches the citizen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from appeals import deadlines
from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Action, IllegalTransition, allowed, next_status
from bot.app.access import require
from bot.app.conversations import Conversations
from bot.app.dispatch import Dispatch
from bot.app.effects import view
from bot.app.errors import InvalidInput, WrongAction
from bot.app.matters import tell_followers
from bot.app.ports import Clock, EventBus, RateLimiter, Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep, AuditRow, Operator, Role, StoredFile
from bot.app.seal import Seal
from dialogs.events import AppealChanged
from dialogs.model import Knowledge
from dialogs.rules import Rules
from text.cleaning import clean

NOTE_LIMIT = 2000
ANSWER_LIMIT = 10_000
NEEDS_NOTE = frozenset({Action.ASK_FIX, Action.FORWARD, Action.EXTEND, Action.RETURN, Action.TERMINATE})
"""Steps a citizen must be told the reason of."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """An appeal with its history and files, and what may be done with it now."""

    appeal: AppealRecord
    steps: Sequence[AppealStep]
    files: Sequence[StoredFile]
    allowed: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What an operator asks for. `to_body` where it is forwarded to, `until` the new or the fixing date."""

    action: Action
    note: str = ""
    answer: str = ""
    to_body: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The registry's use cases."""

    storage: Storage
    conversations: Conversations
    knowledge: Knowledge
    limiter: RateLimiter
    bus: EventBus
    clock: Clock
    rules: Rules
    seal: Seal
    new_id: Callable[[], str]
    dispatch: Dispatch

    async def open(self, operator: Operator, appeal_id: str) -> Dossier:
        """One appeal in full. Every look at it is audited."""
        require(operator, *Role)
        async with self.storage.write() as work:
            appeal = await work.appeals.get(appeal_id)
            steps = await work.appeals.steps(appeal_id)
            files = await work.files.of_conversation(appeal.conversation_id)
            await work.audit.add(AuditRow(self.clock.now(), operator.id, "appeal.read", appeal_id))
            await work.commit()
        own = {attachment.id for attachment in appeal.draft.attachments}
        return Dossier(appeal, steps, [file for file in files if file.id in own], allowed(appeal.status))

    async def act(self, operator: Operator, appeal_id: str, step: Step) -> AppealRecord:
        """Move an appeal one step; the citizen is told at once. Raises WrongAction, InvalidInput, StaleState."""
        require(operator, *Role)
        now = self.clock.now()
        async with self.storage.read() as work:
            appeal = await work.appeals.get(appeal_id)
        changed = self._moved(appeal, step, now)
        note = clean(step.note, NOTE_LIMIT)

        followers: list[str] = []

        async def store(work: UnitOfWork) -> None:
            await work.appeals.save(changed)
            followers.extend(await tell_followers(work, changed, now))
            await work.appeals.add_step(
                AppealStep(appeal_id, now, step.action.value, changed.status, operator.id, note)
            )
            await work.audit.add(AuditRow(now, operator.id, f"appeal.{step.action.value}", appeal_id))
            await work.outbox.add(self.dispatch.rows(changed, f"appeal.{changed.status.value}", now))

        event = AppealChanged(self.new_id(), now, view(changed), note)
        await self.conversations.apply(
            appeal.conversation_id, event, lambda conversation: conversation, store
        )
        await self.bus.publish("appeals", {"appeal": appeal_id})
        await self.conversations.wake(followers)
        return changed

    def _moved(self, appeal: AppealRecord, step: Step, now: datetime) -> AppealRecord:
        try:
            status = next_status(appeal.status, step.action)
        except IllegalTransition as error:
            raise WrongAction(str(error)) from error
        if step.action in NEEDS_NOTE and len(clean(step.note)) < 3:
            raise InvalidInput("note", "the citizen must be told the reason")
        changed = replace(appeal, status=status, updated_at=now, near_due_told=False)
        kind = appeal.draft.kind or Kind.APPLICATION
        calendar, today = self.knowledge.calendar, self.today()
        match step.action:
            case Action.REGISTER:
                registered = max(
                    deadlines.registration_date(appeal.created_at, calendar), calendar.on_or_after(today)
                )
                due = deadlines.consideration(kind, registered, calendar)
                return replace(
                    changed,
                    number=appeal.reference,
                    registered_on=registered,
                    due=due.on,
                    due_article=due.article,
                )
            case Action.FORWARD:
                to_body = clean(step.to_body, 300)
                if len(to_body) < 3:
                    raise InvalidInput("to_body", "name the body it goes to")
                due = deadlines.consideration_after_forwarding(kind, calendar.on_or_after(today), calendar)
                return replace(changed, body_name=to_body, due=due.on, due_article=due.article)
            case Action.EXTEND:
                return self._extended(changed, kind, step, today)
            case Action.ANSWER:
                answer = clean(step.answer, ANSWER_LIMIT)
                if len(answer) < 10:
                    raise InvalidInput("answer", "the citizen needs an answer in words")
                return replace(changed, answer=answer)
            case _:
                return changed

    def _extended(self, appeal: AppealRecord, kind: Kind, step: Step, today: date) -> AppealRecord:
        if not deadlines.may_extend(kind):
            raise WrongAction("a complaint's term is not extended (art. 99)")
        limit = deadlines.extension_limit(today, self.knowledge.calendar)
        if step.until is None or step.until > limit.on or (appeal.due and step.until <= appeal.due):
            raise InvalidInput("until", f"a day after the present term and not after {limit.on.isoformat()}")
        return replace(appeal, due=step.until, due_article=limit.article)

    def today(self) -> date:
        """The day in Kazakhstan."""
        return self.clock.now().astimezone(ALMATY).date()

    @staticmethod
    def ended(appeal: AppealRecord) -> bool:
        """Whether nothing more happens to it."""
        return appeal.status in TERMINAL
