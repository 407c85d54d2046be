"""Working days moved by hand: what people added to or took from the shipped ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from appeals.calendar import Swap
from bot.app.records import SwapChange
from bot.storage.repositories.repository import Repository
from bot.storage.tables import moved_days

_c = moved_days.c


class SwapChanges(Repository):
    """The last word on each swap stands."""

    async def put(self, change: SwapChange) -> None:
        """In place of an earlier change of the same swap."""
        values: dict[str, Any] = {
            "act": change.swap.act,
            "link": change.swap.link,
            "in_force": change.in_force,
            "actor": change.actor,
            "at": change.at,
        }
        statement = self._insert(moved_days).values(
            free=change.swap.free, working=change.swap.working, **values
        )
        await self._run(statement.on_conflict_do_update(index_elements=[_c.free, _c.working], set_=values))

    async def all(self) -> Sequence[SwapChange]:
        """By the free day."""
        return [
            SwapChange(
                Swap(row["free"], row["working"], row["act"], row["link"]),
                row["in_force"],
                row["actor"],
                row["at"],
            )
            for row in await self._rows(select(moved_days).order_by(_c.free, _c.working))
        ]
