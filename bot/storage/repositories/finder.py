"""Finds a page among a million appeals by looking at hundreds of them, not at all that match.

By filters alone the page is walked to: an index holds them in the page's order. The index for words gives all that match,
in no order. How many it will give PostgreSQL tells beforehand, by its statistics:

- few, or few that pass the filters: they are gathered, the latter compared with the words, and sorted;
- so many that the page is near: the first that pass the filters are compared with the words, one by one;
- else only a part of the order is gathered, which the index knows by its days; then longer ones, until one holds the page.

Statistics only say which way is short: every way ends with the same page. Numbers are counted up to a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    RowMapping,
    ScalarSelect,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles

from bot.storage.repositories.repository import Repository
from bot.storage.repositories.stretch import Stretch
from bot.storage.tables import appeals

_c = appeals.c
_SHOWN = [column for column in appeals.c if column.name not in {"terms", "terms_version"}]
"""Terms are as long as all the rest together, and for finding only."""
_GATHERED = 4000
"""So many matches are gathered and sorted sooner than a part of the order is found."""
_TOO_MANY = 8000
"""Where statistics were wrong by so much, no more are gathered."""
_UNKNOWN = 100
"""One of so many, at most, statistics suppose to hold a word they know nothing of: mostly far fewer do."""
_COMPARED = 1500
"""Where a page should be among so many, or no more pass the filters, they are compared one by one."""
_LOOK = 25
"""The places of so many appeals are taken from the index in the time of one look at an appeal's terms."""
_PART = 4000
"""The least part of the order in which a page of matches is looked for."""
_PLENTY = 3
"""So many times over a part should hold the page; where it does not, the next is `_WIDER` times as long."""
_WIDER = 8
_SURELY = 20
"""What is expected so many times over need not be counted."""

Conditions = Sequence[ColumnElement[bool]]


class _Plan(Select[Any]):
    """PostgreSQL's plan for a statement, as JSON, in place of its rows."""

    inherit_cache = True


@compiles(_Plan, "postgresql")
def _explain(plan: _Plan, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.visit_select(plan, **options)}"


@dataclass(frozen=True, slots=True)
class Word:
    """What PostgreSQL asks the terms for. known: without what only begins like it, which all has to be gathered first."""

    asked: str
    known: str


@dataclass(frozen=True, slots=True)
class Asked:
    """filters: what columns have to be. words: what the terms have to hold, each of them. labels: the filters again, as the
    index for words knows them."""

    filters: Conditions
    words: Sequence[Word] = ()
    labels: Conditions = ()

    def matching(
        self, words: Sequence[Word] | None = None, *, known: bool = False
    ) -> list[ColumnElement[bool]]:
        """What an index is asked for: all words or only some, with the filters."""
        wanted = [word.known if known else word.asked for word in (self.words if words is None else words)]
        return [_c.terms.op("@@")(_all_of(wanted)), *self.labels] if wanted else [*self.filters]

    def compared(self, terms: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether terms hold the words, asking no index."""
        return func.ts_match_vq(terms, _all_of([word.asked for word in self.words]), type_=Boolean)


def _all_of(words: Sequence[str]) -> ColumnElement[Any]:
    return cast(" & ".join(words), TSQUERY)


@dataclass(frozen=True, slots=True)
class Found:
    """rows: a page. number: of all that match, `most` for as many and more; None if nobody asked."""

    rows: Sequence[RowMapping]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Expected:
    """in_all: how many appeals. every: how many of them pass the filters. matching: how many match. each: how many of those
    that pass hold a word."""

    in_all: int
    every: int
    matching: int
    each: Sequence[int]

    def rarest(self, words: Sequence[Word]) -> tuple[Sequence[Word], float]:
        """The words that are worth looking for in the index, and how many that pass the filters hold them all."""
        (left, first), *others = sorted(zip(map(float, self.each), words, strict=True), key=itemgetter(0))
        anywhere = left * self.in_all / max(self.every, 1)
        if self.every <= _COMPARED and _LOOK * self.every <= anywhere:
            return (), self.every
        sought = [first]
        for number, word in others:
            if number > _LOOK * left:
                break
            sought.append(word)
            left *= number / max(self.every, 1)
        return sought, left


class Finder(Repository):
    """Works on one connection, as repositories do."""

    async def page(
        self, asked: Asked, stretch: Stretch, limit: int, *, most: int | None = None, sort: bool = False
    ) -> Found:
        """The first ones of a stretch, in its order. most: up to so many are counted, if at all. sort: they are known to
        be few, and not where it begins."""
        if asked.words:
            return await self._by_words(asked, stretch, limit, most)
        found = _gather(asked.filters, stretch, limit) if sort else _walk(asked, stretch, limit, most)
        rows = await self._rows(found)
        return Found(rows, None if most is None else await self._in_all(asked, stretch, rows, most))

    async def counts(self, asked: Select[Any]) -> list[int]:
        """What `numbers` asks for."""
        row = await self._first(asked)
        return [int(number) for number in row.values()] if row else []

    async def _by_words(self, asked: Asked, stretch: Stretch, limit: int, most: int | None) -> Found:
        expected = await self._expected(asked)
        sought, left = expected.rarest(asked.words)
        least = 0
        if left <= max(_GATHERED, expected.every / _UNKNOWN):
            # A word is no more than compared where others, or those that pass the filters, are rare.
            compared = [asked.compared(_c.terms)] if len(sought) < len(asked.words) else []
            some = [*asked.matching(sought), *compared]
            rows = await self._rows(_gather(some, stretch, limit, most=_TOO_MANY))
            least = await self._in_all(asked, stretch, rows, _TOO_MANY)
            if least < _TOO_MANY:
                return Found(rows, None if most is None else min(least, most))
        matching = max(expected.matching, least, 1)
        near = int(limit * expected.every / matching)
        rows = await self._rows(_compare(asked, stretch, limit)) if near <= _COMPARED else []
        if len(rows) < limit:
            rows = await self._in_parts(asked, stretch, limit, max(_PART, _PLENTY * near), expected.every)
        if most is None or least >= most:
            return Found(rows, most)
        surely = matching >= _SURELY * most and bool(rows)
        # Statistics know how frequent a word is, but not which words and which appeals go together.
        if surely and len(asked.words) == 1 and not asked.filters:
            return Found(rows, most)
        number = _number(asked, most, stretch.days_from(rows[0]) if surely else ())
        return Found(rows, await self._value(select(number)))

    async def _in_parts(
        self, asked: Asked, stretch: Stretch, limit: int, length: int, every: int
    ) -> list[RowMapping]:
        """Within parts of a stretch, each longer than the one before, until one holds the page."""
        matching = asked.matching()
        while length < every and (ends := await self._ends(asked, stretch, length)):
            first, last = ends
            near = stretch.days(first, last) or stretch.within(stretch.columns, last)
            rows = await self._rows(_gather([*matching, *near], stretch, limit, last=last))
            if len(rows) == limit:
                return rows
            length *= _WIDER
        return await self._rows(_gather([*matching, *stretch.ahead()], stretch, limit))

    async def _ends(self, asked: Asked, stretch: Stretch, length: int) -> Sequence[RowMapping]:
        """The first and the last row of so long a part of a stretch; none where it is shorter."""
        key, ordinal = stretch.columns
        rows = select(key.label("key"), ordinal).where(*asked.filters, *stretch.ahead())
        rows = rows.order_by(*stretch.by(stretch.columns))
        both = (rows.offset(at).limit(1).subquery().select() for at in (0, length - 1))
        ends = await self._rows(union_all(*both))
        return ends if len(ends) == 2 else ()

    async def _in_all(self, asked: Asked, stretch: Stretch, rows: Sequence[RowMapping], most: int) -> Any:
        """What rows tell beside themselves. Where there are none, all may lie behind."""
        if rows:
            return min(int(rows[0]["in_all"]), most)
        return 0 if stretch.is_all else await self._value(numbers([asked], most))

    async def _expected(self, asked: Asked) -> _Expected:
        """By PostgreSQL's statistics, which takes no look at any appeal."""
        asked_for = [(), asked.filters, asked.matching(), *(asked.matching([word]) for word in asked.words)]
        counted = (
            select(func.count()).select_from(appeals).where(*conditions).scalar_subquery()
            for conditions in asked_for
        )
        (plan,) = await self._value(_Plan(*counted))
        in_all, every, matching, *each = (
            int(count["Plans"][0]["Plan Rows"]) for count in plan["Plan"]["Plans"]
        )
        return _Expected(in_all, every, matching, each)


def numbers(each: Sequence[Asked], most: int) -> Select[Any]:
    """How many each finds; `most` stands for as many and more. One statement: each by itself takes longer to ask for than
    to count."""
    columns: list[ColumnElement[Any]] = [
        _number(asked, most).label(f"number_{at}") for at, asked in enumerate(each)
    ]
    return select(*columns)


def _number(asked: Asked, most: int, days: Conditions = ()) -> ColumnElement[int]:
    """days: some in which there should be plenty."""
    number = _counted(asked.matching(), most)
    known = asked.matching(known=True)
    parts = [[*known, *days]] if days else []
    if any(word.known != word.asked for word in asked.words):
        parts.append(known)
    # Where a part is as many, all is.
    enough = [(_counted(part, most) >= most, most) for part in parts]
    return case(*enough, else_=number) if enough else number


def _counted(conditions: Conditions, most: int) -> ScalarSelect[int]:
    some = select(literal(1)).select_from(appeals).where(*conditions).limit(most)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _walk(asked: Asked, stretch: Stretch, limit: int, most: int | None) -> Select[Any]:
    """An index that has all the filters are about tells which rows to read. `in_all`: how many pass, if it is asked for."""
    first = _first(asked.filters, stretch, limit).with_only_columns(_c.ordinal)
    return _shown(first, stretch, *([] if most is None else [_number(asked, most).label("in_all")]))


def _first(conditions: Conditions, stretch: Stretch, limit: int) -> Select[Any]:
    key, ordinal = stretch.columns
    rows = select(ordinal, key.label("key")).where(*conditions, *stretch.ahead())
    return rows.order_by(*stretch.by(stretch.columns)).limit(limit)


def _compare(asked: Asked, stretch: Stretch, limit: int) -> Select[Any]:
    """The first that pass the filters are compared one by one, until the page is full."""
    near, compared = _first(asked.filters, stretch, _PLENTY * _COMPARED).subquery(), appeals.alias()
    first = (
        select(near.c.ordinal)
        .join(compared, compared.c.ordinal == near.c.ordinal)
        .where(asked.compared(compared.c.terms))
        .order_by(*stretch.by((near.c.key, near.c.ordinal)))
        .limit(limit)
    )
    return _shown(first, stretch)


def _gather(
    conditions: Conditions,
    stretch: Stretch,
    limit: int,
    *,
    most: int | None = None,
    last: RowMapping | None = None,
) -> Select[Any]:
    """Finds all, or `most`, in whatever order, and then takes the first of a stretch, up to `last`: left to itself
    PostgreSQL takes for granted that they are spread evenly over the order. `in_all`: how many."""
    key, ordinal = stretch.columns
    some = select(key.label("key"), ordinal).where(*conditions).limit(most)
    found = some.cte("found").prefix_with("MATERIALIZED")
    columns = (found.c.key, found.c.ordinal)
    first = select(found.c.ordinal).where(*stretch.within(columns, last)).order_by(*stretch.by(columns))
    gathered = select(func.count()).select_from(found).scalar_subquery()
    return _shown(first.limit(limit), stretch, gathered.label("in_all"))


def _shown(ordinals: Select[Any], stretch: Stretch, *more: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*_SHOWN, *more)
        .where(_c.ordinal.in_(ordinals.correlate(None)))
        .order_by(*stretch.by(stretch.columns))
    )
