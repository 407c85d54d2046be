"""What citizens think of the answers to their appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.app.records import AppealRating
from bot.storage.repositories.repository import Repository
from bot.storage.tables import appeal_ratings, appeals

_c = appeal_ratings.c


class Ratings(Repository):
    """One voice an appeal; the last word counts."""

    async def put(self, rating: AppealRating) -> None:
        """Keep it in place of an earlier one."""
        values = {"score": rating.score, "word": rating.word, "at": rating.at}
        await self._run(
            self._insert(appeal_ratings)
            .values(appeal_id=rating.appeal_id, **values)
            .on_conflict_do_update(index_elements=[_c.appeal_id], set_=values)
        )

    async def of_appeal(self, appeal_id: str) -> AppealRating | None:
        """None while nobody has said anything."""
        row = await self._first(select(appeal_ratings).where(_c.appeal_id == appeal_id))
        return AppealRating(**row) if row else None

    async def counts(self, since: datetime) -> Mapping[int, int]:
        """Score -> how many appeals."""
        times = func.count().label("times")
        rows = await self._rows(select(_c.score, times).where(_c.at >= since).group_by(_c.score))
        return {row["score"]: row["times"] for row in rows}

    async def lowest(self, since: datetime, limit: int) -> Sequence[tuple[AppealRating, str]]:
        """The least content first, then the newest; with the appeal's reference."""
        rows = await self._rows(
            select(appeal_ratings, appeals.c.reference)
            .join(appeals, appeals.c.id == _c.appeal_id)
            .where(_c.at >= since)
            .order_by(_c.score, _c.at.desc(), _c.appeal_id)
            .limit(limit)
        )
        return [
            (AppealRating(row["appeal_id"], row["score"], row["word"], row["at"]), row["reference"])
            for row in rows
        ]
