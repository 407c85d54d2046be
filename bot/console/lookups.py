"""What the console shows beside the use cases' own answers: a conversation's context, files, names, the overview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appeals.calendar import ALMATY
from bot.app.access import Operation, require
from bot.app.errors import NotFound
from bot.app.handover import readable
from bot.app.ports import Clock, EventBus, Storage, UnitOfWork
from bot.app.records import (
    AppealRating,
    AppealRecord,
    AuditRow,
    DecisionRecord,
    Operator,
    Signature,
    StoredFile,
)
from bot.app.selection import Days, Order, Selection
from dialogs.rules import Rules

WEEK = timedelta(days=6)
"""Today and six days before."""
MONTH = timedelta(days=30)
DISCONTENT_SHOWN = 10
NEAR_DUE = timedelta(days=7)
SAME_MATTER = Rules().nearby_window
SHOWN = 10
DECISIONS_READ = 40
APPEALS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Background:
    """What an operator wants to know beside a dialogue, the newest first; its files by id."""

    decisions: Sequence[DecisionRecord]
    appeals: Sequence[AppealRecord]
    files: Mapping[str, StoredFile]


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures for a supervisor. outcomes: name -> count; ratings: slug -> (helpful, not helpful).

    answers: score of an appeal's answer -> how many in a month; discontent: the worst of them with their references.
    """

    today: Mapping[str, int]
    week: Mapping[str, int]
    ratings: Mapping[str, tuple[int, int]]
    answers: Mapping[int, int]
    discontent: Sequence[tuple[AppealRating, str]]
    dead: int
    pending: int
    near_due: Sequence[AppealRecord]
    waiting: int


@dataclass(frozen=True, slots=True)
class Lookups:
    """Reads only."""

    storage: Storage
    bus: EventBus
    clock: Clock

    async def background(self, conversation_id: str) -> Background:
        """The assistant's reasons and the appeals of a conversation."""
        async with self.storage.read() as work:
            return Background(
                await work.decisions.of_conversation(conversation_id, DECISIONS_READ),
                await work.appeals.of_conversation(conversation_id, APPEALS_SHOWN),
                {file.id: file for file in await work.files.of_conversation(conversation_id)},
            )

    async def thumbnail(self, operator: Operator, conversation_id: str, file_id: str) -> StoredFile:
        """The file whose small picture the dialogue shows: that look is audited. Raises NotFound, NotPermitted."""
        async with self.storage.read() as work:
            file = await self._readable_file(work, operator, conversation_id, file_id)
        if file.thumbnail is None:
            raise NotFound(file_id)
        return file

    async def file(self, operator: Operator, conversation_id: str, file_id: str) -> StoredFile:
        """A file of the conversation. The look is audited. Raises NotFound, NotPermitted."""
        async with self.storage.write() as work:
            file = await self._readable_file(work, operator, conversation_id, file_id)
            await work.audit.add(AuditRow(self.clock.now(), operator.id, "file.read", file_id))
            await work.commit()
        return file

    async def _readable_file(
        self, work: UnitOfWork, operator: Operator, conversation_id: str, file_id: str
    ) -> StoredFile:
        conversation = await work.conversations.find(conversation_id)
        file = await work.files.find(file_id)
        if conversation is None or file is None or file.conversation_id != conversation_id:
            raise NotFound(file_id)
        await readable(work, operator, conversation)
        return file

    async def same_matter(self, appeal: AppealRecord) -> tuple[int, date, date] | None:
        """(how many other appeals report the same, the first and the last day looked at); None for no common matter."""
        if appeal.matter is None:
            return None
        first, last = appeal.created_at - SAME_MATTER, appeal.created_at + SAME_MATTER
        async with self.storage.read() as work:
            count = await work.appeals.count_matter(appeal.matter, first, last)
        return max(count - 1, 0), first.astimezone(ALMATY).date(), last.astimezone(ALMATY).date()

    async def signature(self, appeal_id: str) -> Signature | None:
        """The ЭЦП an appeal was filed with, if it was signed. For somebody who may open the appeal."""
        async with self.storage.read() as work:
            return await work.signatures.of_appeal(appeal_id)

    async def staff(self, actors: Iterable[str]) -> Mapping[str, Operator]:
        """Accounts by their ids; whoever is no operator is left out."""
        async with self.storage.read() as work:
            found = [await work.operators.find(actor) for actor in sorted(set(actors))]
        return {operator.id: operator for operator in found if operator}

    async def names(self, actors: Iterable[str]) -> Mapping[str, str]:
        """Their names alone."""
        return {id_: operator.name for id_, operator in (await self.staff(actors)).items()}

    async def overview(self, operator: Operator) -> Overview:
        """Figures since midnight in Kazakhstan, and of seven days. Raises NotPermitted."""
        require(operator, Operation.READ_OVERVIEW)
        today = self.clock.now().astimezone(ALMATY).date()
        async with self.storage.read() as work:
            backlog = await work.outbox.backlog()
            return Overview(
                today=await work.decisions.outcomes(_midnight(today)),
                week=await work.decisions.outcomes(_midnight(today - WEEK)),
                ratings=await work.feedback.ratings(),
                answers=await work.ratings.counts(_midnight(today - MONTH)),
                discontent=await work.ratings.lowest(_midnight(today - MONTH), DISCONTENT_SHOWN),
                dead=sum(entry.dead for entry in backlog),
                pending=sum(entry.waiting for entry in backlog),
                # Open appeals due up to a week ahead, whether or not a reminder went out already.
                near_due=await work.appeals.search(
                    Selection(is_open=True, due=Days(None, today + NEAR_DUE)), Order.DUE, SHOWN
                ),
                waiting=len(await work.conversations.queue()),
            )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ALMATY)
