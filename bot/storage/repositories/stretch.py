"""Where in an order somebody looks, as the table and as the index for words know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, literal, tuple_

from bot.app.selection import NO_DUE, Order, Position
from bot.storage.tables import DAYS_OF_A_LABEL, FIRST_LABELLED, appeals, labelled

_c = appeals.c
_ORDERS = {Order.DUE: _c.due_sort, Order.RECEIVED: _c.created_at}
_DAYS_OF = {Order.DUE: "d", Order.RECEIVED: "r"}
_DAY_LABELS = 32
"""Of more than so many, the index is not asked."""


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


def within_days(kind: str, first: date, last: date) -> list[ColumnElement[bool]]:
    """What the index for words knows of days or moments that are near each other."""
    numbers = range(_day_number(first), _day_number(last) + 1)
    known = last != NO_DUE and len(numbers) <= _DAY_LABELS
    return [labelled([f"{kind}{number}" for number in numbers])] if known else []


def _day_number(when: date) -> int:
    day = when.astimezone(UTC).date() if isinstance(when, datetime) else when
    return int((day - FIRST_LABELLED).days / DAYS_OF_A_LABEL)
