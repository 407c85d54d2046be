"""Moved working days: the shipped ones, corrected by people, in force in every process; and the terms they move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from appeals.calendar import ALMATY, MovedDays, Swap, WorkCalendar, recounted
from bot.app.access import Operation, require
from bot.app.conversations import Conversations
from bot.app.errors import InvalidInput, NotFound, StaleState
from bot.app.moves import full_view
from bot.app.ports import Clock, EventBus, Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep, AuditRow, Operator, SwapChange
from bot.app.selection import Days, Order, Position, Selection
from dialogs.events import AppealChanged, Event
from text.bilingual import Bilingual
from text.cleaning import clean

log = structlog.get_logger()

ACT_LIMIT = 200
YEARS = range(2020, 2041)
LOOKS_AGAIN = 60.0
"""Seconds after which a process reads the days even when nobody told it of a change."""
AT_ONCE = 500
COUNTED_BY = frozenset({"register", "forward", "extend", "recount"})
"""Steps that set an appeal's term."""
NOTE = Bilingual(
    "Жұмыс күндері ауыстырылды ({act}), сондықтан жауап беру мерзімі өзгерді: {day}.",
    "Перенесены рабочие дни ({act}), поэтому срок ответа изменился: {day}.",
)


class LiveCalendar(WorkCalendar):
    """The calendar everybody holds; its days change in place."""

    __slots__ = ()

    def become(self, other: WorkCalendar) -> None:
        """Take the days of another one."""
        self._off, self._working = other._off, other._working


@dataclass(frozen=True, slots=True)
class Entry:
    """A swap with its state. `change` is None for one that was shipped and nobody touched."""

    swap: Swap
    in_force: bool
    change: SwapChange | None


@dataclass(frozen=True, slots=True)
class MovedTerm:
    """An open appeal whose term the swap moves, and the day it would end on."""

    appeal: AppealRecord
    due: date


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Who keeps the calendar, and what follows for appeals under way.

    count: builds a calendar of the swaps in force and of those taken out of force.
    """

    storage: Storage
    conversations: Conversations
    shipped: MovedDays
    calendar: LiveCalendar
    count: Callable[[MovedDays, MovedDays], WorkCalendar]
    bus: EventBus
    clock: Clock
    new_id: Callable[[], str]

    async def refresh(self) -> None:
        """Take the stored changes over; at start, and after each change."""
        async with self.storage.read() as work:
            changes = await work.swap_changes.all()
        self.calendar.become(self._counted(self._entries(changes)))

    async def watch(self, stop: asyncio.Event) -> None:
        """Keep up with changes made in other processes."""
        async with self.bus.subscribe("calendar") as news:
            stopped = asyncio.ensure_future(stop.wait())
            woken: asyncio.Task[object] = asyncio.ensure_future(anext(news))
            try:
                while not stop.is_set():
                    await asyncio.wait(
                        {stopped, woken}, timeout=LOOKS_AGAIN, return_when=asyncio.FIRST_COMPLETED
                    )
                    if woken.done():
                        woken.exception()
                        woken = asyncio.ensure_future(anext(news))
                    await self._refresh_or_log()
            finally:
                woken.cancel()
                stopped.cancel()
                await asyncio.gather(woken, stopped, return_exceptions=True)

    async def _refresh_or_log(self) -> None:
        try:
            await self.refresh()
        except Exception:
            log.exception("calendar.not_refreshed")

    async def entries(self, operator: Operator) -> Sequence[Entry]:
        """All swaps, the newest first, those out of force among them."""
        require(operator, Operation.READ_CALENDAR)
        async with self.storage.read() as work:
            changes = await work.swap_changes.all()
        return sorted(self._entries(changes), key=lambda entry: entry.swap.free, reverse=True)

    async def add(
        self, operator: Operator, free: date | None, working: date | None, act: str, link: str
    ) -> Swap:
        """Put a swap in force. Raises NotPermitted, InvalidInput."""
        require(operator, Operation.KEEP_CALENDAR)
        swap = Swap(_day("free", free), _day("working", working), _act(act), _address(link))
        async with self.storage.write() as work:
            entries = self._entries(await work.swap_changes.all())
            moved = _swaps(entries, in_force=True)
            if problem := moved.problem(swap.free, swap.working):
                raise InvalidInput(f"swap_{problem}", "does not go with the others")
            counted = self._counted(entries)
            if counted.is_working(swap.working):
                raise InvalidInput("swap_working", "works already")
            if not counted.is_working(swap.free):
                raise InvalidInput("swap_weekend", "is free already")
            await self._change(work, operator, swap, in_force=True)
        await self._announce()
        return swap

    async def withdraw(self, operator: Operator, free: date, working: date) -> Swap:
        """Take a swap out of force. Raises NotPermitted, NotFound."""
        require(operator, Operation.KEEP_CALENDAR)
        async with self.storage.write() as work:
            entry = self._find(await work.swap_changes.all(), free, working)
            if not entry.in_force:
                raise NotFound(f"{free} {working}")
            await self._change(work, operator, entry.swap, in_force=False)
        await self._announce()
        return entry.swap

    async def _change(self, work: UnitOfWork, operator: Operator, swap: Swap, *, in_force: bool) -> None:
        now = self.clock.now()
        await work.swap_changes.put(SwapChange(swap, in_force, operator.id, now))
        action = "calendar.swap_added" if in_force else "calendar.swap_withdrawn"
        subject = f"{swap.free.isoformat()}/{swap.working.isoformat()}"
        await work.audit.add(AuditRow(now, operator.id, action, subject, swap.act))
        await work.commit()

    async def _announce(self) -> None:
        await self.refresh()
        await self.bus.publish("calendar", {})

    # --- appeals under way -------------------------------------------------------------------

    async def moved_terms(self, operator: Operator, free: date, working: date) -> Sequence[MovedTerm]:
        """Open appeals whose term was counted without the last change of this swap, and would end on another day now."""
        require(operator, Operation.KEEP_CALENDAR)
        found: list[MovedTerm] = []
        async with self.storage.read() as work:
            changes = await work.swap_changes.all()
            entry = self._find(changes, free, working)
            if entry.change is None:
                return ()
            before = self._calendar_without(changes, entry)
            near = Selection(is_open=True, due=Days(min(free, working), None))
            after: Position | None = None
            while some := await work.appeals.search(near, Order.DUE, AT_ONCE, after=after):
                for appeal in some:
                    due = await self._moved(work, appeal, before, entry.change.at)
                    if due is not None:
                        found.append(MovedTerm(appeal, due))
                after = Position.of(some[-1], Order.DUE)
        return found

    async def move_terms(
        self, operator: Operator, free: date, working: date, appeal_ids: Sequence[str]
    ) -> int:
        """Let the new terms of these appeals hold; each citizen is told. Gives how many moved.

        One that was changed or moved by somebody else meanwhile is left as it is.
        """
        require(operator, Operation.KEEP_CALENDAR)
        moved = 0
        wanted = frozenset(appeal_ids)
        async with self.storage.read() as work:
            act = self._find(await work.swap_changes.all(), free, working).swap.act
        for term in await self.moved_terms(operator, free, working):
            if term.appeal.id in wanted:
                try:
                    await self._move(operator, term, act)
                except StaleState:
                    continue
                moved += 1
        return moved

    async def _move(self, operator: Operator, term: MovedTerm, act: str) -> None:
        now = self.clock.now()
        changed = replace(term.appeal, due=term.due, updated_at=now)
        note = NOTE.of(changed.locale).format(act=act, day=f"{term.due:%d.%m.%Y}")

        async def prepare(work: UnitOfWork) -> Event:
            await work.appeals.save(changed)
            await work.appeals.add_step(
                AppealStep(changed.id, now, "recount", changed.status, operator.id, note)
            )
            await work.audit.add(AuditRow(now, operator.id, "appeal.recount", changed.id))
            return AppealChanged(self.new_id(), now, await full_view(work, changed), note)

        await self.conversations.report(changed.conversation_id, prepare)
        await self.bus.publish("appeals", {"appeal": changed.id})

    async def _moved(
        self, work: UnitOfWork, appeal: AppealRecord, before: WorkCalendar, since: datetime
    ) -> date | None:
        if appeal.due is None or appeal.registered_on is None:
            return None
        setting = [step for step in await work.appeals.steps(appeal.id) if step.action in COUNTED_BY]
        if not setting or setting[-1].at >= since:
            return None
        if any(step.action == "extend" for step in setting):
            # Its last day was chosen by a person; it only moves on from a day off (art. 76 (5)).
            due = self.calendar.on_or_after(appeal.due)
        else:
            forwarded = [step.at for step in setting if step.action == "forward"]
            start = forwarded[-1].astimezone(ALMATY).date() if forwarded else appeal.registered_on
            due = recounted(start, appeal.due, before, self.calendar)
        return due if due != appeal.due else None

    def _calendar_without(self, changes: Sequence[SwapChange], entry: Entry) -> WorkCalendar:
        """The days as they were before the swap's last change."""
        others = tuple(other for other in self._entries(changes) if other.swap is not entry.swap)
        return self._counted((*others, replace(entry, in_force=not entry.in_force)))

    def _counted(self, entries: Sequence[Entry]) -> WorkCalendar:
        return self.count(_swaps(entries, in_force=True), _swaps(entries, in_force=False))

    def _find(self, changes: Sequence[SwapChange], free: date, working: date) -> Entry:
        for entry in self._entries(changes):
            if (entry.swap.free, entry.swap.working) == (free, working):
                return entry
        raise NotFound(f"{free} {working}")

    def _entries(self, changes: Sequence[SwapChange]) -> list[Entry]:
        changed = {(change.swap.free, change.swap.working) for change in changes}
        shipped = [
            Entry(swap, True, None) for swap in self.shipped.swaps if (swap.free, swap.working) not in changed
        ]
        return shipped + [Entry(change.swap, change.in_force, change) for change in changes]


def _day(field: str, day: date | None) -> date:
    if day is None or day.year not in YEARS:
        raise InvalidInput(field, f"a day between {YEARS.start} and {YEARS.stop - 1}")
    return day


def _act(act: str) -> str:
    cleaned = clean(act, ACT_LIMIT)
    if len(cleaned) < 3:
        raise InvalidInput("act", "the act is needed")
    return cleaned


def _address(link: str) -> str:
    link = link.strip()
    if link and not (
        link.startswith("https://") and link.isprintable() and " " not in link and len(link) <= 500
    ):
        raise InvalidInput("link", "an https address")
    return link


def _swaps(entries: Sequence[Entry], *, in_force: bool) -> MovedDays:
    return MovedDays(tuple(entry.swap for entry in entries if entry.in_force is in_force))
