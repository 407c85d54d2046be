"""The production calendar: which days the terms of the Code count. The days off come in as data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")
"""The one civil time of Kazakhstan; moments are kept in UTC and told in this."""

_DAY = timedelta(days=1)
_SATURDAY = 5


class WorkCalendar:
    """A five-day week with days off and working weekend days given from outside.

    `off`: holidays and days made free, on any weekday. `working`: days made working by an act; they win
    over `off`.
    """

    __slots__ = ("_off", "_working")

    def __init__(self, off: Collection[date], working: Collection[date] = ()) -> None:
        self._off = frozenset(off)
        self._working = frozenset(working)

    def is_working(self, d: date) -> bool:
        if d in self._working:
            return True
        return d.weekday() < _SATURDAY and d not in self._off

    def next_working(self, d: date) -> date:
        """The first working day strictly after `d`."""
        return self.add(d, 1)

    def on_or_after(self, d: date) -> date:
        """`d` itself when it is a working day, else the next one: how a term that ends on a day off moves."""
        return d if self.is_working(d) else self.next_working(d)

    def add(self, d: date, n: int) -> date:
        """The n-th working day after `d`, which is not counted; `d` for n = 0; before `d` for n < 0."""
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            d += step
            if self.is_working(d):
                left -= 1
        return d

    def count(self, after: date, until: date) -> int:
        """How many working days lie after `after`, `until` included; 0 when `until` is not later."""
        return sum(self.is_working(after + _DAY * ahead) for ahead in range(1, (until - after).days + 1))


@dataclass(frozen=True, slots=True)
class Swap:
    """A working day made free for a day off made working. `act`: number of the act, `link`: where it can be read."""

    free: date
    working: date
    act: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class MovedDays:
    """Swaps by acts of the Government or the Ministry of Labour, no day in two of them."""

    swaps: tuple[Swap, ...] = ()

    @property
    def off(self) -> frozenset[date]:
        """Days made free."""
        return frozenset(swap.free for swap in self.swaps)

    @property
    def working(self) -> frozenset[date]:
        """Days made working."""
        return frozenset(swap.working for swap in self.swaps)

    def problem(self, free: date, working: date) -> str | None:
        """Why a swap does not go with these; stable names: `same`, `twice`, `weekend`."""
        if free == working:
            return "same"
        if {free, working} & (self.off | self.working):
            return "twice"
        return "weekend" if free.weekday() >= _SATURDAY else None


_PROBLEMS = {
    "same": "a day is moved twice",
    "twice": "a day is moved twice",
    "weekend": "the free day is a weekend day already",
}


def moved_days(data: Mapping[str, object]) -> MovedDays:
    """Build from parsed content: `{swaps: [{free: date, working: date, act: str}, …]}`.

    ValueError names every bad row at once: a missing act, something that is no date, a weekend made free, a day moved
    twice.
    """
    rows = data.get("swaps")
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise ValueError("moved days: 'swaps' must be a list")  # noqa: TRY004 - content errors are all ValueError
    moved = MovedDays()
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        problem = _row_problem(row, moved)
        if problem:
            problems.append(f"moved days, row {number}: {problem}")
        else:
            moved = MovedDays((*moved.swaps, Swap(row["free"], row["working"], row["act"])))
    if problems:
        raise ValueError("\n".join(problems))
    return moved


def recounted(start: date, due: date, before: WorkCalendar, after: WorkCalendar) -> date:
    """The end of a term of as many working days from `start` as it had in the calendar it was counted by."""
    return after.add(start, before.count(start, due))


def _row_problem(row: object, known: MovedDays) -> str | None:
    if (
        not isinstance(row, Mapping)
        or type(row.get("free")) is not date
        or type(row.get("working")) is not date
    ):
        return "needs the dates 'free' and 'working'"
    if not isinstance(row.get("act"), str) or not row["act"].strip():
        return "needs the act it rests on"
    problem = known.problem(row["free"], row["working"])
    return _PROBLEMS[problem] if problem else None
