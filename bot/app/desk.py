"""The appeals desk: the registry an organisation works in. Each step follows the life cycle's table, has its lawful
date, leaves an audit row and reaches the citizen."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

from appeals import steps
from appeals.appeal import Applicant, Attachment, Representative
from appeals.calendar import ALMATY
from appeals.lifecycle import TERMINAL, TRANSITIONS, Action
from appeals.procedure import Procedure, Standing, Window
from bot.app.access import STEPS, Operation, Reach, access_appeal, may, reach, require
from bot.app.conversations import Conversations
from bot.app.errors import InvalidInput, NotFound, StaleState
from bot.app.moves import NOTE_LIMIT, Moved, Moves, full_view, standing, tidy, view
from bot.app.ports import Clock, EventBus, Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep, AuditRow, Operator, Reminder, Role, StoredFile
from dialogs.events import AppealChanged, Event
from dialogs.model import Knowledge
from dialogs.privacy import redact
from text.cleaning import clean

CONSIDERS = frozenset({Role.EXECUTOR, Role.REGISTRAR, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who may be named an executor."""
HIDDEN = "•••"
REMINDERS_SHOWN = 100

P = TypeVar("P", Applicant, Representative)


@dataclass(frozen=True, slots=True)
class Dossier:
    """An appeal with its history, files, parts and parent, and what this operator may do with it now.

    `windows` also holds the steps the Code does not allow today, with the reason. `personal`: the applicant is shown.
    """

    appeal: AppealRecord
    standing: Standing
    steps: Sequence[AppealStep]
    files: Sequence[StoredFile]
    answer_files: Sequence[StoredFile]
    parent: AppealRecord | None
    children: Sequence[AppealRecord]
    windows: Mapping[Action, Window]
    personal: bool
    may_read_conversation: bool


class _DoneAlready(Exception):
    """It is as the step would make it: the button was pressed twice, or two registrars had the same thought."""

    def __init__(self, appeal: AppealRecord) -> None:
        self.appeal = appeal
        super().__init__(appeal.id)


@dataclass(frozen=True, slots=True)
class Desk:
    """The registry's use cases."""

    storage: Storage
    conversations: Conversations
    knowledge: Knowledge
    moves: Moves
    bus: EventBus
    clock: Clock
    new_id: Callable[[], str]

    async def open(self, operator: Operator, appeal_id: str) -> Dossier:
        """One appeal in full. Every look at it is audited. Raises NotFound, NotPermitted."""
        async with self.storage.write() as work:
            appeal = access_appeal(operator, await work.appeals.get(appeal_id), Operation.READ_APPEAL)
            history = await work.appeals.steps(appeal_id)
            files = {file.id: file for file in await work.files.of_conversation(appeal.conversation_id)}
            parent = await work.appeals.get(appeal.parent_id) if appeal.parent_id else None
            children = await work.appeals.children(appeal_id)
            await work.audit.add(AuditRow(self.clock.now(), operator.id, "appeal.read", appeal_id))
            await work.commit()
        personal = may(operator, appeal, Operation.READ_APPLICANT)
        stands = standing(appeal, self.knowledge.calendar)
        return Dossier(
            appeal if personal else _impersonal(appeal),
            stands,
            history if personal else [_wordless(step) for step in history],
            [files[part.id] for part in appeal.draft.attachments if part.id in files],
            [files[part.id] for part in appeal.answer_files if part.id in files],
            parent,
            children,
            {
                action: window
                for action, window in self.procedure().windows(stands).items()
                if may(operator, appeal, STEPS[action])
            },
            personal,
            may(operator, appeal, Operation.READ_CONVERSATION),
        )

    async def thumbnail(self, operator: Operator, appeal_id: str, file_id: str) -> StoredFile:
        """The file of an appeal whose small picture its page shows: that look is audited. Raises NotFound, NotPermitted."""
        async with self.storage.read() as work:
            appeal = access_appeal(operator, await work.appeals.get(appeal_id), Operation.READ_APPLICANT)
            file = await work.files.find(file_id)
        own = {part.id for part in (*appeal.draft.attachments, *appeal.answer_files)}
        if file is None or file.id not in own or file.thumbnail is None:
            raise NotFound(file_id)
        return file

    async def permit(self, operator: Operator, appeal_id: str, action: Action) -> AppealRecord:
        """The appeal, if this operator may take that step on it, or has just taken it: who forwards an appeal has it no
        more. Raises NotFound, NotPermitted."""
        require(operator, STEPS[action])
        async with self.storage.read() as work:
            appeal = await work.appeals.get(appeal_id)
            last = (await work.appeals.steps(appeal_id))[-1:]
        just_taken = [(row.actor, row.action) for row in last] == [(operator.id, action.value)]
        return appeal if just_taken else access_appeal(operator, appeal, STEPS[action])

    async def act(
        self,
        operator: Operator,
        appeal_id: str,
        step: steps.Step,
        note: str = "",
        *,
        seen: int | None = None,
    ) -> AppealRecord:
        """Move an appeal one step; the citizen is told at once. A step taken just now, and assigning the appeal to
        whoever has it already, change nothing.

        seen: the version the operator decided by; None for a step that does not depend on what the appeal says.
        Raises NotPermitted, WrongAction (with what is possible), InvalidInput, StaleState.
        """
        conversation_id = (await self.permit(operator, appeal_id, step.action)).conversation_id
        now, taken = self.clock.now(), list[Moved]()

        async def prepare(work: UnitOfWork) -> Event:
            appeal = await work.appeals.get(appeal_id)
            if seen is not None and appeal.version == seen + 1:
                last = (await work.appeals.steps(appeal_id))[-1:]
                if any(_repeats(row, operator, step, note) for row in last):
                    raise _DoneAlready(appeal)
            access_appeal(operator, appeal, STEPS[step.action])
            if isinstance(step, steps.Assign):
                await self._check_executor(work, step.executor)
                stays = TRANSITIONS.get((appeal.status, Action.ASSIGN)) is appeal.status
                if stays and step.executor == appeal.executor_id:
                    raise _DoneAlready(appeal)
            if seen is not None and appeal.version != seen:
                raise StaleState(appeal_id)
            head = reach(operator, Operation.DECIDE_LATE) is Reach.ALL
            moved = await self.moves.take(work, appeal, step, actor=operator.id, note=note, at=now, head=head)
            taken.append(moved)
            child = view(moved.child) if moved.child else None
            shown = await full_view(work, moved.appeal)
            return AppealChanged(self.new_id(), now, shown, clean(note), moved.step, child)

        try:
            await self.conversations.report(conversation_id, prepare)
        except _DoneAlready as done:
            return done.appeal
        await self.bus.publish("appeals", {"appeal": appeal_id})
        await self.conversations.wake(taken[-1].followers)
        return taken[-1].appeal

    async def attach(
        self, operator: Operator, appeal_id: str, name: str, content: AsyncIterable[bytes]
    ) -> Attachment:
        """Keep a file that goes with a step. Raises NotFound, NotPermitted, InvalidInput."""
        async with self.storage.read() as work:
            appeal = access_appeal(operator, await work.appeals.get(appeal_id), Operation.SUPPLEMENT)
        file, why = await self.conversations.accept_file(appeal.conversation_id, name, content)
        if file is None:
            raise InvalidInput("files", why)
        return file

    async def _check_executor(self, work: UnitOfWork, executor_id: str) -> None:
        executor = await work.operators.find(executor_id)
        if executor is None or not executor.active or executor.role not in CONSIDERS:
            raise InvalidInput("executor", "nobody who considers appeals")

    async def executors(self, operator: Operator) -> Sequence[Operator]:
        """Whom an appeal can be assigned to, by name."""
        require(operator, Operation.READ_APPEAL)
        async with self.storage.read() as work:
            known = await work.operators.all()
        return sorted(
            (one for one in known if one.active and one.role in CONSIDERS),
            key=lambda one: one.name.casefold(),
        )

    async def reminders(self, operator: Operator) -> Sequence[tuple[Reminder, AppealRecord]]:
        """Terms this operator has to look after, newest first: their own appeals', those nobody considers for who assigns,
        the late ones for the head."""
        require(operator, Operation.READ_REMINDERS)
        async with self.storage.read() as work:
            return await work.appeals.reminders(
                executor_id=operator.id,
                unassigned=reach(operator, Operation.ASSIGN) is Reach.ALL,
                overdue=reach(operator, Operation.DECIDE_LATE) is Reach.ALL,
                limit=REMINDERS_SHOWN,
            )

    def today(self) -> date:
        """The day in Kazakhstan."""
        return self.clock.now().astimezone(ALMATY).date()

    def procedure(self) -> Procedure:
        """The rules as they stand today."""
        return self.moves.procedure(self.clock.now())

    @staticmethod
    def ended(appeal: AppealRecord) -> bool:
        """Whether nothing more happens to it."""
        return appeal.status in TERMINAL


def _repeats(last: AppealStep, operator: Operator, step: steps.Step, note: str) -> bool:
    """Whether the operator's last step is this very one."""
    said = last.said
    if isinstance(said, steps.ForwardPart | steps.Complain):
        said = replace(said, child="")
    return (last.actor, said, last.note) == (operator.id, tidy(step), clean(note, NOTE_LIMIT))


def _wordless(step: AppealStep) -> AppealStep:
    """A step without what the citizen wrote in it: that may say who and where they are."""
    return replace(step, note=HIDDEN) if isinstance(step.said, steps.Supplement) and step.note else step


def _impersonal(appeal: AppealRecord) -> AppealRecord:
    """The appeal without the person: for who tells where it stands and needs no more. Stories hold numbers, too."""
    draft = appeal.draft
    complaint = draft.complaint
    hidden = replace(
        draft,
        text=redact(draft.text or ""),
        complaint=replace(
            complaint, circumstances=redact(complaint.circumstances or ""), harm=redact(complaint.harm or "")
        ),
        applicant=_hidden(draft.applicant),
        representative=_hidden(draft.representative),
        actual_address=HIDDEN if draft.actual_address else None,
    )
    return replace(appeal, draft=hidden)


def _hidden(person: P) -> P:
    told = [part.name for part in fields(person) if getattr(person, part.name)]
    return replace(person, **dict.fromkeys(told, HIDDEN))
