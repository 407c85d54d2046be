"""Wordings that may teach the assistant, until a person has decided on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import RowMapping, delete, insert, select, update

from bot.app.records import LearningSample, SampleSource, SampleState
from bot.storage.repositories.repository import Repository
from bot.storage.tables import learning_samples

_c = learning_samples.c
_waits = _c.state.in_([SampleState.NEW.value, SampleState.EXPORTED.value])


class Samples(Repository):
    """Labels are kept as text: those a later version no longer has stay readable."""

    async def add(self, sample: LearningSample) -> None:
        """One more wording; the database gives the id."""
        await self._run(
            insert(learning_samples).values(
                conversation_id=sample.conversation_id,
                text=sample.text,
                guessed=" ".join(sample.guessed),
                chosen=sample.chosen or "",
                source=sample.source.value,
                language=sample.language,
                locale=sample.locale,
                day=sample.day,
                state=sample.state.value,
            )
        )

    async def waiting(self, *, exported: bool) -> Sequence[LearningSample]:
        """In order of arrival."""
        wanted = _waits if exported else _c.state == SampleState.NEW.value
        return [
            _sample(row) for row in await self._rows(select(learning_samples).where(wanted).order_by(_c.id))
        ]

    async def mark(self, ids: Sequence[int], state: SampleState) -> Sequence[int]:
        """The ids that were still waiting and are now `state`. REJECTED erases the text."""
        erased = {"text": ""} if state is SampleState.REJECTED else {}
        return await self._values(
            update(learning_samples)
            .where(_c.id.in_(ids), _waits)
            .values(state=state.value, **erased)
            .returning(_c.id)
        )

    async def forget(self, conversation_id: str) -> int:
        """Accepted ones stay, without the conversation."""
        own = _c.conversation_id == conversation_id
        accepted = _c.state == SampleState.ACCEPTED.value
        await self._run(update(learning_samples).where(own, accepted).values(conversation_id=None))
        return (await self._run(delete(learning_samples).where(own))).rowcount

    async def of_conversation(self, conversation_id: str) -> Sequence[LearningSample]:
        """In order of arrival."""
        own = select(learning_samples).where(_c.conversation_id == conversation_id)
        return [_sample(row) for row in await self._rows(own.order_by(_c.id))]

    async def expire(self, before: date) -> int:
        """Delete what waits since before that day."""
        return (await self._run(delete(learning_samples).where(_waits, _c.day < before))).rowcount


def _sample(row: RowMapping) -> LearningSample:
    return LearningSample(
        id=row["id"],
        conversation_id=row["conversation_id"],
        text=row["text"],
        guessed=tuple(row["guessed"].split()),
        chosen=row["chosen"] or None,
        source=SampleSource(row["source"]),
        language=row["language"],
        locale=row["locale"],
        day=row["day"],
        state=SampleState(row["state"]),
    )
