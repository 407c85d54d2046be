"""One step of an appeal's life: what it changes, the rows it leaves, what the citizen and other systems are told.

The desk takes steps for officials, effects take them for the citizen; both go through here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from appeals import deadlines, steps
from appeals.appeal import Complaint, asked_for
from appeals.calendar import ALMATY, WorkCalendar
from appeals.decisions import ReturnGround
from appeals.domain import Domain
from appeals.kinds import Kind
from appeals.lifecycle import Action, IllegalTransition, Status, next_status
from appeals.procedure import Procedure, Standing, Unlawful
from appeals.reference import Reference
from bot.app.dispatch import Dispatch
from bot.app.errors import InvalidInput, WrongAction
from bot.app.matters import tell_followers
from bot.app.ports import UnitOfWork
from bot.app.records import AppealRecord, AppealStep, AuditRow
from dialogs.events import AppealView
from dialogs.progress import COMPLETING
from dialogs.rules import Rules
from dialogs.scenarios.signature import has_key
from integrations.dto import CREATED
from text.bilingual import Bilingual
from text.cleaning import clean

NOTE_LIMIT = Rules().message_limit
"""What a citizen adds to an appeal is one message of theirs: nothing of it may be cut."""
ANSWER_LIMIT = 10_000
BODY_LIMIT = 300
NEEDS_NOTE = frozenset(
    {
        Action.ASK_FIX,
        Action.FORWARD,
        Action.FORWARD_PART,
        Action.EXTEND,
        Action.RETURN,
        Action.TERMINATE,
    }
)
"""Steps a citizen must be told the reason of."""
LEAST = {"note": 3, "body": 3, "part": 10, "preliminary": 10, "where": 3, "text": 10, "circumstances": 10}
"""Fewer characters than this in a field that somebody has to understand are none."""
CITIZEN = "citizen"
_HANDED_OVER = Bilingual(
    "Шағым қарау үшін мына органға жіберілді: {}.", "Жалоба передана на рассмотрение: {}."
)


def kind_of(appeal: AppealRecord) -> Kind:
    """Its kind; what nobody could name is considered as an application."""
    return appeal.draft.kind or Kind.APPLICATION


def considered_by(appeal: AppealRecord, domain: Domain) -> Bilingual:
    """Who considers a complaint (art. 93 (2)): where it was handed over to, else who is above its addressee."""
    if appeal.reached_on:
        return Bilingual(_HANDED_OVER.kk.format(appeal.body_name), _HANDED_OVER.ru.format(appeal.body_name))
    place = domain.territory.find(appeal.draft.place) if appeal.draft.place else None
    return domain.bodies.complaint_path(appeal.draft.body_id, place, appeal.body_name)


def standing(appeal: AppealRecord, calendar: WorkCalendar) -> Standing:
    """The facts the procedure's rules go by."""
    return Standing(
        kind=kind_of(appeal),
        status=appeal.status,
        received=appeal.reached_on or deadlines.registration_date(appeal.created_at, calendar),
        registered=appeal.reached_on or appeal.registered_on,
        due=appeal.due,
        fix_until=appeal.fix_until,
        extended_on=appeal.extended_on,
        hearing_on=appeal.hearing_on,
        decide_from=appeal.decide_from,
    )


def view(appeal: AppealRecord) -> AppealView:
    """What the citizen may see of an appeal."""
    return AppealView(
        reference=appeal.reference,
        status=appeal.status,
        topic=appeal.draft.topic or "OTHER",
        body=appeal.body_name,
        filed_at=appeal.created_at,
        number=appeal.number,
        due=appeal.due,
        due_article=appeal.due_article,
        answer=appeal.answer,
        kind=kind_of(appeal),
        decision=appeal.decision,
        character=appeal.character,
        answer_files=len(appeal.answer_files),
        fix_until=appeal.fix_until,
        fix_asked=appeal.fix_asked,
        hearing_on=appeal.hearing_on,
        hearing_where=appeal.hearing_where,
        extended=appeal.extended_on is not None,
        part=appeal.draft.text or "" if _is_part(appeal) else "",
    )


async def full_view(work: UnitOfWork, appeal: AppealRecord, *, own: bool = True) -> AppealView:
    """The same with what only its history tells. `own`: for the conversation it came from, where alone it is signed."""
    seen = replace(view(appeal), on_paper=not has_key(appeal.draft, synthetic=appeal.synthetic))
    if appeal.status is not Status.RETURNED and appeal.status not in COMPLETING:
        return seen
    history = [step.said for step in await work.appeals.steps(appeal.id)]
    if appeal.status is Status.RETURNED:
        grounds = {said.ground for said in history if isinstance(said, steps.Return)}
        return replace(seen, identical=ReturnGround.IDENTICAL in grounds)
    asked = next((said for said in reversed(history) if isinstance(said, steps.AskFix)), None)
    if not own or asked is None or "signature" not in asked.lacking:
        return seen
    return replace(seen, to_sign=await work.signatures.of_appeal(appeal.id) is None)


def _is_part(appeal: AppealRecord) -> bool:
    """Whether it was forwarded out of another appeal; a complaint about one hangs together with it, too.

    A part of a complaint is told by the number it keeps and the addressee who is in no catalogue.
    """
    if appeal.parent_id is None or appeal.draft.kind is not Kind.COMPLAINT:
        return appeal.parent_id is not None
    return appeal.draft.body_id is None and appeal.number not in (None, appeal.reference)


@dataclass(frozen=True, slots=True)
class Moved:
    """An appeal after a step. `step`: as it is kept, with the reference of the record it made, `child`.

    followers: conversations that have news of the same matter in their inboxes, to be woken after the commit.
    """

    appeal: AppealRecord
    step: steps.Step
    child: AppealRecord | None = None
    followers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moves:
    """Takes steps within a transaction."""

    calendar: WorkCalendar
    new_id: Callable[[], str]
    dispatch: Dispatch

    def procedure(self, at: datetime) -> Procedure:
        """The rules on the day of `at` in Kazakhstan."""
        return Procedure(self.calendar, at.astimezone(ALMATY).date())

    async def take(
        self,
        work: UnitOfWork,
        appeal: AppealRecord,
        step: steps.Step,
        *,
        actor: str,
        note: str,
        at: datetime,
        head: bool = False,
    ) -> Moved:
        """The step with all its rows; nothing is committed. Raises WrongAction, InvalidInput, StaleState."""
        step, note = tidy(step), clean(note, NOTE_LIMIT)
        if step.action in NEEDS_NOTE and len(note) < LEAST["note"]:
            raise InvalidInput("note", "the citizen must be told the reason")
        if isinstance(step, steps.Supplement) and not (note or step.files):
            raise InvalidInput("note", "there is nothing to add")
        status = self._checked(appeal, step, at, head=head)
        changed = replace(appeal, status=status, updated_at=at)
        child = None
        match step:
            case steps.ForwardPart():
                child = await self._part(work, appeal, step, at)
                step = replace(step, child=child.reference)
            case steps.Complain():
                child = await self._complaint(work, appeal, step, at)
                step = replace(step, child=child.reference)
            case _:
                changed = self._changed(changed, step, actor=actor, note=note, at=at)
        saved = await work.appeals.save(changed)
        row = AppealStep(appeal.id, at, step.action.value, status, actor, note, step)
        await self._keep(work, saved, row, f"appeal.{status.value}")
        if child is not None:
            row = AppealStep(child.id, at, "file", child.status, actor, note)
            await self._keep(work, child, row, CREATED)
        return Moved(saved, step, child, await tell_followers(work, saved, at))

    async def _keep(self, work: UnitOfWork, appeal: AppealRecord, row: AppealStep, event: str) -> None:
        await work.appeals.add_step(row)
        await work.audit.add(AuditRow(row.at, row.actor, f"appeal.{row.action}", appeal.id))
        await work.outbox.add(self.dispatch.rows(appeal, event, row.at))

    def _checked(self, appeal: AppealRecord, step: steps.Step, at: datetime, *, head: bool) -> Status:
        try:
            status = next_status(appeal.status, step.action)
            self.procedure(at).check(standing(appeal, self.calendar), step, head=head)
        except IllegalTransition as error:
            raise WrongAction(str(error)) from error
        except Unlawful as error:
            if error.field:
                raise InvalidInput(error.field, str(error), error.reason) from error
            raise WrongAction(str(error), error.reason) from error
        return status

    def _changed(
        self, appeal: AppealRecord, step: steps.Step, *, actor: str, note: str, at: datetime
    ) -> AppealRecord:
        today, kind = at.astimezone(ALMATY).date(), kind_of(appeal)
        match step:
            case steps.Register():
                return self._registered(appeal, kind, today)
            case steps.Assign(executor=executor):
                return replace(appeal, executor_id=executor)
            case steps.Start():
                return replace(appeal, executor_id=actor)
            case steps.AskFix(until=until, lacking=lacking):
                return replace(appeal, fix_until=until, fix_asked=asked_for(lacking, note, appeal.locale))
            case steps.Supplement(files=files):
                known = {file.id for file in appeal.draft.attachments}
                added = tuple(file for file in files if file.id not in known)
                draft = replace(appeal.draft, attachments=(*appeal.draft.attachments, *added))
                return replace(appeal, draft=draft)
            case steps.AcceptFix():
                return replace(appeal, fix_until=None, fix_asked="")
            case steps.Forward(body=body):
                return self._forwarded(appeal, kind, body, today)
            case steps.Extend(until=until):
                limit = deadlines.extension_limit(today, self.calendar)
                return replace(appeal, due=until, due_article=limit.article, extended_on=today)
            case steps.Hearing(on=day, where=where):
                decide_from = self.procedure(at).decide_from()
                return replace(appeal, hearing_on=day, hearing_where=where, decide_from=decide_from)
            case steps.Answer():
                return replace(
                    appeal,
                    answer=step.text,
                    decision=step.decision,
                    character=step.character,
                    answer_files=step.files,
                )
            case steps.Protocol() | steps.Return() | steps.Terminate() | steps.Withdraw():
                return appeal
            case _:
                raise TypeError(f"no such step: {type(step).__name__}")

    def _registered(self, appeal: AppealRecord, kind: Kind, today: date) -> AppealRecord:
        registered = max(
            deadlines.registration_date(appeal.created_at, self.calendar), self.calendar.on_or_after(today)
        )
        due = deadlines.consideration(kind, registered, self.calendar)
        return replace(
            appeal,
            number=appeal.reference,
            registered_on=registered,
            due=due.on,
            due_article=due.article,
        )

    def _forwarded(self, appeal: AppealRecord, kind: Kind, body: str, today: date) -> AppealRecord:
        reached = self.calendar.on_or_after(today)
        due = deadlines.consideration_after_forwarding(kind, reached, self.calendar)
        return replace(
            appeal,
            body_name=body,
            due=due.on,
            due_article=due.article,
            reached_on=reached,
            executor_id=None,
            extended_on=None,
        )

    async def _part(
        self, work: UnitOfWork, parent: AppealRecord, step: steps.ForwardPart, at: datetime
    ) -> AppealRecord:
        """The other body's part is a record of its own with a term of its own; the number stays (order № 4)."""
        child = await self._child(work, parent, at)
        child = replace(
            child,
            draft=replace(parent.draft, body_id=None, text=step.part),
            status=Status.FORWARDED,
            number=parent.number,
            registered_on=parent.registered_on,
        )
        child = self._forwarded(child, kind_of(child), step.body, at.astimezone(ALMATY).date())
        await work.appeals.add(child)
        return replace(child, version=1)

    async def _complaint(
        self, work: UnitOfWork, parent: AppealRecord, step: steps.Complain, at: datetime
    ) -> AppealRecord:
        """A complaint goes to the body whose act is challenged (art. 91 (4))."""
        child = await self._child(work, parent, at)
        draft = replace(
            parent.draft,
            kind=Kind.COMPLAINT,
            text=step.circumstances,
            complaint=Complaint(
                challenged=parent.body_name,
                learned_on=at.astimezone(ALMATY).date(),
                circumstances=step.circumstances,
                evidence=parent.reference,
            ),
            actual_address=parent.draft.actual_address or parent.draft.applicant.postal_address,
        )
        child = replace(child, draft=draft, status=Status.CREATED)
        await work.appeals.add(child)
        return replace(child, version=1)

    async def _child(self, work: UnitOfWork, parent: AppealRecord, at: datetime) -> AppealRecord:
        """A new record for the same citizen, who asks after it with the secret they have."""
        year = at.astimezone(ALMATY).year
        reference = Reference.format(year, await work.appeals.next_number(year))
        return AppealRecord(
            id=self.new_id(),
            reference=reference,
            secret_hash=parent.secret_hash,
            conversation_id=parent.conversation_id,
            draft=parent.draft,
            body_name=parent.body_name,
            locale=parent.locale,
            status=parent.status,
            synthetic=parent.synthetic,
            consent_version=parent.consent_version,
            created_at=at,
            updated_at=at,
            parent_id=parent.id,
        )


def tidy(step: steps.Step) -> steps.Step:
    """The step with its words cleaned. Raises InvalidInput for a field that says nothing."""
    match step:
        case steps.Forward():
            return replace(step, body=_words("body", step.body, BODY_LIMIT))
        case steps.ForwardPart():
            body = _words("body", step.body, BODY_LIMIT)
            return replace(step, body=body, part=_words("part", step.part, ANSWER_LIMIT))
        case steps.Hearing():
            where = _words("where", step.where, BODY_LIMIT)
            return replace(
                step, where=where, preliminary=_words("preliminary", step.preliminary, ANSWER_LIMIT)
            )
        case steps.Protocol():
            return replace(step, text=_words("text", step.text, ANSWER_LIMIT))
        case steps.Answer():
            return replace(step, text=_words("answer", step.text, ANSWER_LIMIT))
        case steps.Complain():
            return replace(step, circumstances=_words("circumstances", step.circumstances, ANSWER_LIMIT))
        case _:
            return step


def _words(field: str, text: str, limit: int) -> str:
    text = clean(text, limit)
    if len(text) < LEAST.get(field, LEAST["text"]):
        raise InvalidInput(field, "somebody has to understand it")
    return text
