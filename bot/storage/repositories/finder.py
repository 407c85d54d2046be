"""Finds a page among a million appeals by looking at hundreds of them, not at all that match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles

from bot.app.selection import Order, Position
from bot.storage.repositories.repository import Repository
from bot.storage.tables import appeals

_c = appeals.c
_SHOWN = [column for column in appeals.c if column.name not in {"terms", "terms_version"}]
"""Terms are as long as all the rest together, and for finding only."""
_ORDERS = {Order.DUE: _c.due_sort, Order.RECEIVED: _c.created_at}
_GATHERED = 3000
"""So many matches are sorted at once."""
_FREQUENT = 100
"""One of so many matches: statistics know such words; of rarer beginnings of words they suppose half as many."""
_COMPARED = 500
"""Where a page should be among so many, they are compared one by one."""
_WINDOW = 4000
"""The least part of the order in which a page of matches is looked for."""
_PLENTY = 4
"""So many times over a part should hold the page; where it does not, the next is `_WIDER` times as long."""
_WIDER = 8
_SURELY = 20
"""What is expected so many times over need not be counted."""
_PLANNING = {
    "plan_cache_mode": "force_custom_plan",
    "work_mem": "64MB",
    "enable_seqscan": "off",
    "cpu_index_tuple_cost": "0.001",
}
"""A plan made for any values at all is far too slow for most. The places of a frequent word have room in memory, and
taking them from the index costs less than a look at the appeals."""

Conditions = Sequence[ColumnElement[bool]]


class _Explain(Executable, ClauseElement):
    """PostgreSQL's plan for a statement, as JSON; the statement is not run."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explain, "postgresql")
def _explain(element: _Explain, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """filters: what columns have to be. words: what the terms have to hold, if any. alone: it is one word."""

    filters: Sequence[ColumnElement[bool]]
    words: ColumnElement[bool] | None = None
    alone: bool = False

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """All of them."""
        return [*self.filters, *(() if self.words is None else (self.words,))]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies behind `after`, or back from `before`, in the given order."""

    order: Order
    after: Position | None = None
    before: Position | None = None

    @property
    def columns(self) -> tuple[ColumnElement[Any], ColumnElement[int]]:
        """The order's key, and what tells apart those with the same."""
        return _ORDERS[self.order], _c.ordinal

    @property
    def ascends(self) -> bool:
        """Whether values grow from where it begins."""
        return (self.order is Order.DUE) != (self.before is not None)

    def by(self, columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        """From where it begins."""
        return [column.asc() if self.ascends else column.desc() for column in columns]

    def ahead(self) -> list[ColumnElement[bool]]:
        """What is in it at all."""
        position = self.before or self.after
        if position is None:
            return []
        here = self._row(position.key, position.ordinal)
        return [tuple_(*self.columns) > here if self.ascends else tuple_(*self.columns) < here]

    def until(self, last: RowMapping) -> ColumnElement[bool]:
        """What is no farther than a row."""
        there = self._row(last["key"], last["ordinal"])
        return tuple_(*self.columns) <= there if self.ascends else tuple_(*self.columns) >= there

    def _row(self, *values: object) -> ColumnElement[Any]:
        typed = zip(values, self.columns, strict=True)
        return tuple_(*(literal(value, column.type) for value, column in typed))


class Finder(Repository):
    """Works within one transaction, as repositories do."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._gathers: bool | None = None  # what PostgreSQL was told last in this transaction

    async def page(
        self, asked: Asked, stretch: Stretch, limit: int, *, sort: bool = False
    ) -> Sequence[RowMapping]:
        """The first ones of a stretch, in its order. sort: they are known to be few, and not where it begins."""
        if asked.words is not None and self._dialect == "postgresql":
            return await self._by_words(asked, stretch, limit)
        await self._plan()
        conditions = [*asked.conditions, *stretch.ahead()]
        if sort:
            return await self._gather(conditions, stretch, limit)
        return await self._rows(_walk(conditions, stretch, limit))

    async def counts(self, each: Sequence[Asked], most: int) -> list[int]:
        """`most` stands for as many and more."""
        plain = [asked for asked in each if asked.words is None]
        counted = iter(await self._count_all(plain, most) if plain else [])
        return [
            await self._count(asked, most) if asked.words is not None else next(counted) for asked in each
        ]

    async def _count_all(self, each: Sequence[Asked], most: int) -> Sequence[int]:
        """In one statement: each by itself takes longer to ask for than to count."""
        await self._plan()
        numbers = [
            _number(asked, most).scalar_subquery().label(f"number_{at}") for at, asked in enumerate(each)
        ]
        row = await self._first(select(*numbers))
        return [int(number) for number in row.values()] if row else []

    async def _count(self, asked: Asked, most: int) -> int:
        # Statistics know how frequent a word is, but not which words and which appeals go together.
        if asked.alone and not asked.filters and await self._expected(asked.conditions) >= _SURELY * most:
            return most
        await self._plan(gather=True)
        return int(await self._value(_number(asked, most)))

    async def _by_words(self, asked: Asked, stretch: Stretch, limit: int) -> Sequence[RowMapping]:
        """Statistics only say where to begin: whatever they say, no more is looked at than there has to be."""
        filters = [*asked.filters, *stretch.ahead()]
        conditions = [*asked.conditions, *stretch.ahead()]
        await self._plan()
        every, expected = await self._expected(filters), await self._expected(conditions)
        if expected * _FREQUENT < every:
            await self._plan(gather=True)
            rows = await self._gather(conditions, stretch, limit, most=_GATHERED)
            if not rows or rows[0]["gathered"] <= _GATHERED:
                return rows
        apart = every / max(expected, _GATHERED)
        one_by_one = not asked.filters and limit * apart <= _COMPARED
        window = _WINDOW if one_by_one else max(_WINDOW, int(_PLENTY * limit * apart))
        while window < every and (last := await self._last_of(filters, stretch, window)):
            near = [*conditions, stretch.until(last)]
            if one_by_one:
                rows = await self._rows(_walk(near, stretch, limit))
            else:
                await self._plan(gather=True)
                rows = await self._gather(near, stretch, limit)
            if len(rows) == limit:
                return rows
            one_by_one, window = False, window * _WIDER
        await self._plan(gather=True)
        return await self._gather(conditions, stretch, limit)

    async def _gather(
        self, conditions: Conditions, stretch: Stretch, limit: int, *, most: int | None = None
    ) -> Sequence[RowMapping]:
        """Finds all, in whatever order, and sorts them then: left to itself PostgreSQL takes for granted that they are
        spread evenly over the order. `gathered`: how many; one more than `most` stands for any more."""
        key, ordinal = stretch.columns
        some = select(key.label("key"), ordinal).where(*conditions).limit(None if most is None else most + 1)
        found = some.cte("found").prefix_with("MATERIALIZED")
        first = select(found.c.ordinal).order_by(*stretch.by((found.c.key, found.c.ordinal))).limit(limit)
        gathered = select(func.count()).select_from(found).scalar_subquery()
        return await self._rows(_shown(first, stretch, gathered.label("gathered")))

    async def _last_of(self, conditions: Conditions, stretch: Stretch, length: int) -> RowMapping | None:
        """The row that ends so long a part of a stretch, None where there are fewer."""
        await self._plan()
        key, ordinal = stretch.columns
        return await self._first(
            select(key.label("key"), ordinal)
            .where(*conditions)
            .order_by(*stretch.by(stretch.columns))
            .offset(length - 1)
            .limit(1)
        )

    async def _expected(self, conditions: Conditions) -> int:
        """How many PostgreSQL expects by its statistics, which takes no look at any; elsewhere 0."""
        if self._dialect != "postgresql":
            return 0
        plans = await self._value(_Explain(select(literal(1)).select_from(appeals).where(*conditions)))
        return int(plans[0]["Plan"]["Plan Rows"])

    async def _plan(self, *, gather: bool = False) -> None:
        """gather: what matches is found by the indexes first, and looked at then. By itself PostgreSQL takes for granted
        that terms cost nothing to compare: they are stored beside the row."""
        if self._dialect != "postgresql" or self._gathers is gather:
            return
        settings = {"enable_indexscan": "off" if gather else "on"}
        if self._gathers is None:
            settings |= _PLANNING
        await self._run(select(*(func.set_config(name, value, True) for name, value in settings.items())))
        self._gathers = gather


def _number(asked: Asked, most: int) -> Select[int]:
    some = select(literal(1)).select_from(appeals).where(*asked.conditions).limit(most)
    return select(func.count()).select_from(some.subquery())


def _walk(conditions: Conditions, stretch: Stretch, limit: int) -> Select[Any]:
    """An index that has all the conditions are about tells which rows to read."""
    first = select(_c.ordinal).where(*conditions).order_by(*stretch.by(stretch.columns)).limit(limit)
    return _shown(first, stretch)


def _shown(ordinals: Select[Any], stretch: Stretch, *more: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*_SHOWN, *more)
        .where(_c.ordinal.in_(ordinals.correlate(None)))
        .order_by(*stretch.by(stretch.columns))
    )
