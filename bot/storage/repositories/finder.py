"""Finds a page among a million appeals by looking at hundreds of them, not at all that match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    ClauseElement,
    ColumnElement,
    Executable,
    RowMapping,
    ScalarSelect,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from bot.app.selection import NO_DUE, Order, Position
from bot.storage.repositories.repository import Repository
from bot.storage.tables import DAYS_OF_A_LABEL, FIRST_LABELLED, appeals, labelled

_c = appeals.c
_SHOWN = [column for column in appeals.c if column.name not in {"terms", "terms_version"}]
"""Terms are as long as all the rest together, and for finding only."""
_ORDERS = {Order.DUE: _c.due_sort, Order.RECEIVED: _c.created_at}
_DAYS_OF = {Order.DUE: "d", Order.RECEIVED: "r"}
_GATHERED = 3000
"""So many matches are sorted at once."""
_FREQUENT = 100
"""One of so many matches: statistics know such words; of rarer beginnings of words they suppose half as many."""
_COMPARED = 1500
"""Where a page should be among so many, or a word is no more frequent, they are compared one by one."""
_LOOK = 25
"""The places of so many appeals are taken from the index in the time of one look at an appeal's terms."""
_WINDOW = 4000
"""The least part of the order in which a page of matches is looked for."""
_PLENTY = 4
"""So many times over a part should hold the page; where it does not, the next is `_WIDER` times as long."""
_WIDER = 8
_SURELY = 20
"""What is expected so many times over need not be counted."""
_DAY_LABELS = 32
"""Of more than so many, the index is not asked."""

Conditions = Sequence[ColumnElement[bool]]


class _Expectation(Executable, ClauseElement):
    """PostgreSQL's plan for a statement, as JSON; the statement is not run."""

    inherit_cache = True
    _all_selected_columns = ()
    _traverse_internals = [("statement", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - declared so by SQLAlchemy

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Expectation, "postgresql")
def _explain(element: _Expectation, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


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

    def matching(self, words: Sequence[Word] = (), *, known: bool = False) -> list[ColumnElement[bool]]:
        """What the index is asked for, all words or only some; all there is to be where there are none."""
        if not self.words:
            return [*self.filters]
        wanted = [word.known if known else word.asked for word in words or self.words]
        return [_c.terms.op("@@")(_all_of(wanted)), *self.labels]

    def compared(self, terms: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether terms hold the words, asking no index."""
        return func.ts_match_vq(terms, _all_of([word.asked for word in self.words]), type_=Boolean)


def _all_of(words: Sequence[str]) -> ColumnElement[Any]:
    return cast(" & ".join(words), TSQUERY)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies behind `after`, or back from `before`, in the given order."""

    order: Order
    after: Position | None = None
    before: Position | None = None

    @property
    def is_all(self) -> bool:
        """Whether it is the whole order."""
        return self.after is None and self.before is None

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

    def ahead(self, columns: Sequence[ColumnElement[Any]] = ()) -> list[ColumnElement[bool]]:
        """What is in it at all, told by these columns or by the table's own."""
        position = self.before or self.after
        if position is None:
            return []
        here = self._row(position.key, position.ordinal)
        place = tuple_(*(columns or self.columns))
        return [place > here if self.ascends else place < here]

    def within(
        self, columns: Sequence[ColumnElement[Any]], last: RowMapping | None
    ) -> list[ColumnElement[bool]]:
        """What is in it, and no farther than a row."""
        there = [] if last is None else [self._row(last["key"], last["ordinal"])]
        until = [tuple_(*columns) <= row if self.ascends else tuple_(*columns) >= row for row in there]
        return [*self.ahead(columns), *until]

    def days_from(self, first: RowMapping) -> list[ColumnElement[bool]]:
        """What the index for words knows of some days from a row on."""
        key, far = first[_ORDERS[self.order].name], timedelta(_DAY_LABELS // 2 * DAYS_OF_A_LABEL)
        if key == NO_DUE:
            return []
        return within_days(_DAYS_OF[self.order], *((key, key + far) if self.ascends else (key - far, key)))

    def days(self, first: RowMapping, last: RowMapping) -> list[ColumnElement[bool]]:
        """What the index for words knows of the days between two rows."""
        return within_days(_DAYS_OF[self.order], *sorted((first["key"], last["key"])))

    def _row(self, *values: object) -> ColumnElement[Any]:
        typed = zip(values, self.columns, strict=True)
        return tuple_(*(literal(value, column.type) for value, column in typed))


@dataclass(frozen=True, slots=True)
class Found:
    """rows: a page. number: of all that match, `most` for as many and more; None if nobody asked."""

    rows: Sequence[RowMapping]
    number: int | None = None


class Finder(Repository):
    """Works on one connection, as repositories do."""

    async def page(
        self, asked: Asked, stretch: Stretch, limit: int, *, most: int | None = None, sort: bool = False
    ) -> Found:
        """The first ones of a stretch, in its order. most: up to so many are counted, if at all. sort: they are known to
        be few, and not where it begins."""
        if asked.words:
            return await self._by_words(asked, stretch, limit, most)
        if sort:
            rows = await self._rows(_gather(asked.filters, stretch, limit))
            if rows and most is not None:
                return Found(rows, min(rows[0]["gathered"], most))
        else:
            number = [] if most is None else [_number(asked, most).label("in_all")]
            rows = await self._rows(_walk(asked.filters, stretch, limit, *number))
            if rows and most is not None:
                return Found(rows, rows[0]["in_all"])
        if most is None or stretch.is_all:
            return Found(rows, most and 0)
        return Found(rows, (await self.counts([asked], most))[0])

    async def counts(self, each: Sequence[Asked], most: int) -> list[int]:
        """`most` stands for as many and more. One statement: each by itself takes longer to ask for than to count."""
        if not each:
            return []
        numbers = (_number(asked, most).label(f"number_{at}") for at, asked in enumerate(each))
        row = await self._first(select(*numbers))
        return [int(number) for number in row.values()] if row else []

    async def _by_words(self, asked: Asked, stretch: Stretch, limit: int, most: int | None) -> Found:
        """Statistics only say where to begin: whatever they say, no more is looked at than there has to be."""
        every, expected, *each = await self._expected(asked)
        sought, few = _rarest(asked.words, each, every)
        least = 0
        if few:
            # A word is no more than compared where others are rare.
            compared = [asked.compared(_c.terms)] if len(sought) < len(asked.words) else []
            found = _gather([*asked.matching(sought), *compared], stretch, limit, most=_GATHERED + 1)
            rows = await self._rows(found)
            least = rows[0]["gathered"] if rows else 0
            if not rows and not stretch.is_all:  # all of them may lie behind
                (least,) = await self.counts([asked], _GATHERED + 1)
            if least <= _GATHERED:
                return Found(rows, None if most is None else min(least, most))
        expected = max(expected, least, 1)
        near = int(limit * every / expected)
        rows = await self._rows(_compare(asked, stretch, limit)) if near <= _COMPARED else []
        if len(rows) < limit:
            rows = await self._in_windows(asked, stretch, limit, max(_WINDOW, _PLENTY * near), every)
        if most is None or least >= most:
            return Found(rows, most)
        # Statistics know how frequent a word is, but not which words and which appeals go together.
        if expected < _SURELY * most or not rows:
            return Found(rows, (await self.counts([asked], most))[0])
        if len(asked.words) == 1 and not asked.filters:
            return Found(rows, most)
        number = _number(asked, most, stretch.days_from(rows[0]))
        return Found(rows, await self._value(select(number)))

    async def _in_windows(
        self, asked: Asked, stretch: Stretch, limit: int, window: int, every: int
    ) -> list[RowMapping]:
        """Within parts of a stretch, each longer than the one before, until one holds the page."""
        matching = asked.matching()
        while window < every and (ends := await self._ends(asked, stretch, window)):
            first, last = ends
            near = stretch.days(first, last) or stretch.within(stretch.columns, last)
            rows = await self._rows(_gather([*matching, *near], stretch, limit, last=last))
            if len(rows) == limit:
                return rows
            window *= _WIDER
        return await self._rows(_gather([*matching, *stretch.ahead()], stretch, limit))

    async def _ends(self, asked: Asked, stretch: Stretch, length: int) -> Sequence[RowMapping]:
        """The first and the last row of so long a part of a stretch; none where it is shorter."""
        key, ordinal = stretch.columns
        rows = select(key.label("key"), ordinal).where(*asked.filters, *stretch.ahead())
        rows = rows.order_by(*stretch.by(stretch.columns))
        both = (rows.offset(at).limit(1).subquery().select() for at in (0, length - 1))
        ends = await self._rows(union_all(*both))
        return ends if len(ends) == 2 else ()

    async def _expected(self, asked: Asked) -> list[int]:
        """How many PostgreSQL expects, by its statistics, which takes no look at any, to pass the filters, to match, and to
        hold each of the words."""
        asked_for = [asked.filters, asked.matching(), *(asked.matching([word]) for word in asked.words)]
        counted = (
            select(func.count()).select_from(appeals).where(*conditions).scalar_subquery()
            for conditions in asked_for
        )
        (plan,) = await self._value(_Expectation(select(*counted)))
        return [int(counting["Plans"][0]["Plan Rows"]) for counting in plan["Plan"]["Plans"]]


def _rarest(words: Sequence[Word], each: Sequence[int], every: int) -> tuple[Sequence[Word], bool]:
    """The words that are worth looking for in the index, and whether few appeals hold them all."""
    (left, first), *others = sorted(zip(map(float, each), words, strict=True), key=itemgetter(0))
    sought = [first]
    for number, word in others:
        if number > _LOOK * left:
            break
        sought.append(word)
        left *= number / max(every, 1)
    return sought, left <= _GATHERED or left * _FREQUENT <= every


def within_days(kind: str, first: date, last: date) -> list[ColumnElement[bool]]:
    """What the index for words knows of days or moments that are near each other."""
    numbers = range(_day_number(first), _day_number(last) + 1)
    known = last != NO_DUE and len(numbers) <= _DAY_LABELS
    return [labelled([f"{kind}{number}" for number in numbers])] if known else []


def _day_number(when: date) -> int:
    day = when.astimezone(UTC).date() if isinstance(when, datetime) else when
    return int((day - FIRST_LABELLED).days / DAYS_OF_A_LABEL)


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


def _walk(conditions: Conditions, stretch: Stretch, limit: int, *more: ColumnElement[Any]) -> Select[Any]:
    """An index that has all the conditions are about tells which rows to read."""
    first = _first(conditions, stretch, limit).with_only_columns(_c.ordinal)
    return _shown(first, stretch, *more)


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
    PostgreSQL takes for granted that they are spread evenly over the order. `gathered`: how many."""
    key, ordinal = stretch.columns
    some = select(key.label("key"), ordinal).where(*conditions).limit(most)
    found = some.cte("found").prefix_with("MATERIALIZED")
    columns = (found.c.key, found.c.ordinal)
    first = select(found.c.ordinal).where(*stretch.within(columns, last)).order_by(*stretch.by(columns))
    gathered = select(func.count()).select_from(found).scalar_subquery()
    return _shown(first.limit(limit), stretch, gathered.label("gathered"))


def _shown(ordinals: Select[Any], stretch: Stretch, *more: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*_SHOWN, *more)
        .where(_c.ordinal.in_(ordinals.correlate(None)))
        .order_by(*stretch.by(stretch.columns))
    )
