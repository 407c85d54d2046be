"""Terms watched: officials are reminded, the head hears of what is late, the citizen of what they may do. Once each.

What was told is a row with a unique key, written in the transaction that tells: a restart, a second worker or an hourly
repetition tells nobody twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from appeals.calendar import ALMATY, WorkCalendar
from appeals.deadlines import CLOSES, registration_date
from appeals.lifecycle import Status
from bot.app.access import Operation, Reach, reach
from bot.app.conversations import Conversations
from bot.app.moves import Moves, full_view, standing
from bot.app.ports import Clock, EventBus, Storage, UnitOfWork
from bot.app.records import AppealRecord, AuditRow, Operator, Reminder, Watched
from dialogs.events import Event, FixEnding, TermPassed

log = structlog.get_logger()

BATCH = 200
LONG_AGO = date(2000, 1, 1)
SYSTEM = "system"
TO_CITIZENS = frozenset({Watched.FIX_ENDING, Watched.SILENCE})
OF_MENDING = frozenset({Watched.UNFIXED, Watched.FIX_ENDING})
"""About the term the citizen has to complete an appeal; the others are about the term of consideration."""


class NothingToTell(Exception):
    """Another worker was quicker, or the appeal has moved meanwhile."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Looks for terms that end, and tells of them."""

    storage: Storage
    conversations: Conversations
    moves: Moves
    bus: EventBus
    clock: Clock
    new_id: Callable[[], str]

    async def watch(self) -> int:
        """Tell of everything that is to be told today; gives how much that was. Repeatable."""
        told = 0
        for what, (first, last) in watched(self.moves.calendar, self._today()).items():
            async for appeals in self._found(what, first, last):
                if what in TO_CITIZENS:
                    told += sum([await self._told_citizen(what, appeal) for appeal in appeals])
                else:
                    told += await self._tell_officials(what, appeals)
        return told + await self._tell_unregistered()

    def _today(self) -> date:
        return self.clock.now().astimezone(ALMATY).date()

    async def _found(self, what: Watched, first: date, last: date) -> AsyncIterator[Sequence[AppealRecord]]:
        """Page by page behind the one before: an appeal that cannot be told of does not hold up the others."""
        after: tuple[date, str] | None = None
        while True:
            async with self.storage.read() as work:
                find = work.appeals.mending if what in OF_MENDING else work.appeals.ending
                appeals = await find(first, last, what=what, after=after, limit=BATCH)
            if not appeals:
                return
            yield appeals
            after = self._term(what, appeals[-1]), appeals[-1].id

    async def _tell_unregistered(self) -> int:
        """No term runs before registration: nothing else would tell of an appeal that lies about."""
        closed, told = last_closing(self.moves.calendar, self._today()), 0
        while True:
            async with self.storage.read() as work:
                appeals = await work.appeals.unregistered(closed, what=Watched.UNREGISTERED, limit=BATCH)
            if not appeals:
                return told
            told += await self._tell_officials(Watched.UNREGISTERED, appeals)

    async def _tell_officials(self, what: Watched, appeals: Sequence[AppealRecord]) -> int:
        async with self.storage.write() as work:
            told = [appeal for appeal in appeals if await self._keep(work, what, appeal)]
            await work.commit()
        for appeal in told:
            news = {"appeal": appeal.id, "what": what.value, "executor": appeal.executor_id or ""}
            await self.bus.publish("appeals", news)
        return len(told)

    async def _told_citizen(self, what: Watched, appeal: AppealRecord) -> bool:
        now = self.clock.now()

        async def prepare(work: UnitOfWork) -> Event:
            fresh = await work.appeals.get(appeal.id)
            open_yet = (
                fresh.status is Status.NEEDS_FIX
                if what is Watched.FIX_ENDING
                else standing(fresh, self.moves.calendar).overdue(self._today())
            )
            if not open_yet or self._term(what, fresh) != self._term(what, appeal):
                raise NothingToTell(appeal.id)
            if not await self._keep(work, what, fresh):
                raise NothingToTell(appeal.id)
            kind = FixEnding if what is Watched.FIX_ENDING else TermPassed
            return kind(self.new_id(), now, await full_view(work, fresh))

        try:
            await self.conversations.report(appeal.conversation_id, prepare)
        except NothingToTell:
            return False
        except Exception:
            log.exception("term.not_told", appeal=appeal.id, what=what.value)
            return False
        return True

    async def _keep(self, work: UnitOfWork, what: Watched, appeal: AppealRecord) -> bool:
        now = self.clock.now()
        if not await work.appeals.remind(Reminder(appeal.id, what, self._term(what, appeal), now)):
            return False
        await work.audit.add(AuditRow(now, SYSTEM, f"appeal.told_{what.value}", appeal.id))
        return True

    def _term(self, what: Watched, appeal: AppealRecord) -> date:
        """The day told of."""
        if what is Watched.UNREGISTERED:
            return registration_date(appeal.created_at, self.moves.calendar)
        day = appeal.fix_until if what in OF_MENDING else appeal.due
        if day is None:
            raise NothingToTell(appeal.id)
        return day


def concerns(operator: Operator, what: Watched, executor_id: str) -> bool:
    """Whether a reminder is this operator's: the executor's, of who assigns while there is none, and late ones the head's."""
    if executor_id == operator.id:
        return True
    if not executor_id and reach(operator, Operation.ASSIGN) is Reach.ALL:
        return True
    return what is Watched.OVERDUE and reach(operator, Operation.DECIDE_LATE) is Reach.ALL


def watched(calendar: WorkCalendar, today: date) -> dict[Watched, tuple[date, date]]:
    """First and last day of the terms that are told of today.

    A window reaches down to the next one, so that a reminder missed on its day still comes on the day after.
    """
    a_day = timedelta(days=1)
    tomorrow, near, yesterday = calendar.next_working(today), calendar.add(today, 3), today - a_day
    return {
        Watched.NEAR: (tomorrow + a_day, near),
        Watched.LAST: (today, tomorrow),
        Watched.OVERDUE: (LONG_AGO, yesterday),
        Watched.UNFIXED: (LONG_AGO, yesterday),
        Watched.FIX_ENDING: (today, tomorrow),
        Watched.SILENCE: (LONG_AGO, yesterday),
    }


def last_closing(calendar: WorkCalendar, today: date) -> datetime:
    """Until then has been received what should have been registered before today (art. 64 (3))."""
    day = today - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, CLOSES, ALMATY)
