"""What citizens thought of answers and guesses, as counts by day that lead back to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.storage.repositories.repository import Repository
from bot.storage.tables import answer_ratings, guess_corrections
from text.bilingual import Locale


class Feedback(Repository):
    """Counts without persons."""

    async def answer_rated(self, slug: str, *, helpful: bool, locale: Locale, at: datetime) -> None:
        """One more voice on the answer `slug`."""
        c = answer_ratings.c
        day = at.astimezone(UTC).date()
        up, down = int(helpful), int(not helpful)
        await self._run(
            self._insert(answer_ratings)
            .values(slug=slug, locale=locale, day=day, helpful=up, not_helpful=down)
            .on_conflict_do_update(
                index_elements=[c.slug, c.locale, c.day],
                set_={"helpful": c.helpful + up, "not_helpful": c.not_helpful + down},
            )
        )

    async def guess_corrected(
        self, guessed: Sequence[str], chosen: str | None, locale: Locale, at: datetime
    ) -> None:
        """Which labels were offered and which one it was; None: none of them, kept as an empty string."""
        c = guess_corrections.c
        await self._run(
            self._insert(guess_corrections)
            .values(
                guessed=" ".join(guessed),
                chosen=chosen or "",
                locale=locale,
                day=at.astimezone(UTC).date(),
                times=1,
            )
            .on_conflict_do_update(
                index_elements=[c.guessed, c.chosen, c.locale, c.day], set_={"times": c.times + 1}
            )
        )

    async def corrections(self) -> Sequence[tuple[Sequence[str], str | None, int]]:
        """(guessed, chosen, how often), most often first."""
        c = guess_corrections.c
        times = func.sum(c.times)
        rows = await self._rows(
            select(c.guessed, c.chosen, times.label("times"))
            .group_by(c.guessed, c.chosen)
            .order_by(times.desc(), c.guessed, c.chosen)
        )
        return [(row["guessed"].split(), row["chosen"] or None, row["times"]) for row in rows]

    async def ratings(self) -> Mapping[str, tuple[int, int]]:
        """slug -> (helpful, not helpful)."""
        c = answer_ratings.c
        rows = await self._rows(
            select(
                c.slug,
                func.sum(c.helpful).label("helpful"),
                func.sum(c.not_helpful).label("not_helpful"),
            ).group_by(c.slug)
        )
        return {row["slug"]: (row["helpful"], row["not_helpful"]) for row in rows}
