"""The registry of appeals with their numbers and history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, insert, or_, select, update

from appeals import appeal as drafts
from appeals.lifecycle import TERMINAL, Status
from appeals.reference import find_reference
from bot.app.errors import NotFound, StaleState
from bot.app.records import AppealRecord, AppealStep
from bot.storage.repositories.repository import Repository
from bot.storage.tables import appeal_numbers, appeal_steps, appeals
from text.letters import fold

_c = appeals.c
_OPEN = _c.status.not_in(sorted(status.value for status in TERMINAL))


class Appeals(Repository):
    """`add` stores version 1: get the appeal again before saving it in the same transaction."""

    async def next_number(self, year: int) -> int:
        """The year's counter stays locked until the transaction ends, so a rollback leaves no gap."""
        statement = self._insert(appeal_numbers).values(year=year, last=1)
        counted = statement.on_conflict_do_update(
            index_elements=[appeal_numbers.c.year], set_={"last": appeal_numbers.c.last + 1}
        ).returning(appeal_numbers.c.last)
        return int(await self._value(counted))

    async def add(self, appeal: AppealRecord) -> None:
        """A new one."""
        await self._run(
            insert(appeals).values(
                id=appeal.id,
                reference=appeal.reference,
                conversation_id=appeal.conversation_id,
                created_at=appeal.created_at,
                version=1,
                **_changeable(appeal),
            )
        )

    async def save(self, appeal: AppealRecord) -> AppealRecord:
        """Raises StaleState when the stored version is another one."""
        changed = await self._run(
            update(appeals)
            .where(_c.id == appeal.id, _c.version == appeal.version)
            .values(version=appeal.version + 1, **_changeable(appeal))
        )
        if changed.rowcount != 1:
            raise StaleState(appeal.id)
        return replace(appeal, version=appeal.version + 1)

    async def get(self, appeal_id: str) -> AppealRecord:
        """Raises NotFound."""
        row = await self._first(select(appeals).where(_c.id == appeal_id))
        if row is None:
            raise NotFound(appeal_id)
        return _appeal(row)

    async def find_by_reference(self, reference: str) -> AppealRecord | None:
        """By our own number in its standard writing."""
        row = await self._first(select(appeals).where(_c.reference == reference))
        return None if row is None else _appeal(row)

    async def of_conversation(self, conversation_id: str, limit: int) -> Sequence[AppealRecord]:
        """Newest first."""
        return await self._many(
            select(appeals)
            .where(_c.conversation_id == conversation_id)
            .order_by(_c.created_at.desc(), _c.reference.desc())
            .limit(limit)
        )

    async def search(
        self,
        *,
        status: Status | None,
        words: str,
        overdue_on: date | None,
        limit: int,
        after: str | None,
    ) -> Sequence[AppealRecord]:
        """By due date (none last), then reference. NotFound when there is no appeal `after`.

        Each word has to occur in the reference, number, applicant's name, body's name or text, with whatever
        letters it is written; a whole reference finds that one alone. Overdue: open, and due before that day.
        """
        wanted = _matching(words)
        if status is not None:
            wanted.append(_c.status == status.value)
        if overdue_on is not None:
            wanted += [_c.due < overdue_on, _OPEN]
        if after is not None:
            wanted.append(await self._behind(after))
        ordered = select(appeals).where(*wanted).order_by(_c.due.asc().nulls_last(), _c.reference)
        return await self._many(ordered.limit(limit))

    async def due_between(self, first: date, last: date) -> Sequence[AppealRecord]:
        """Both days included; the most urgent first."""
        return await self._many(
            select(appeals)
            .where(_c.due.between(first, last), _OPEN, _c.near_due_told.is_(False))
            .order_by(_c.due, _c.reference)
        )

    async def add_step(self, step: AppealStep) -> None:
        """One more row of the history."""
        await self._run(
            insert(appeal_steps).values(
                appeal_id=step.appeal_id,
                at=step.at,
                action=step.action,
                status=step.status.value,
                actor=step.actor,
                note=step.note,
            )
        )

    async def steps(self, appeal_id: str) -> Sequence[AppealStep]:
        """In the order they were added."""
        c = appeal_steps.c
        rows = await self._rows(
            select(c.appeal_id, c.at, c.action, c.status, c.actor, c.note)
            .where(c.appeal_id == appeal_id)
            .order_by(c.id)
        )
        return [AppealStep(**{**row, "status": Status(row["status"])}) for row in rows]

    async def _behind(self, appeal_id: str) -> ColumnElement[bool]:
        last = await self.get(appeal_id)
        if last.due is None:
            return and_(_c.due.is_(None), _c.reference > last.reference)
        return or_(
            _c.due > last.due,
            and_(_c.due == last.due, _c.reference > last.reference),
            _c.due.is_(None),
        )

    async def _many(self, statement: Select[Any]) -> list[AppealRecord]:
        return [_appeal(row) for row in await self._rows(statement)]


def _matching(words: str) -> list[ColumnElement[bool]]:
    reference = find_reference(words)
    if reference is not None:
        return [_c.reference == reference]
    return [_c.search_text.contains(fold(word), autoescape=True) for word in words.split()]


def _search_text(appeal: AppealRecord) -> str:
    draft = appeal.draft
    parts = (appeal.reference, appeal.number, draft.applicant.full_name, appeal.body_name, draft.text)
    return fold("\n".join(part for part in parts if part))


def _changeable(appeal: AppealRecord) -> dict[str, Any]:
    return {
        "secret_hash": appeal.secret_hash,
        "draft": drafts.to_json(appeal.draft),
        "body_name": appeal.body_name,
        "locale": appeal.locale,
        "status": appeal.status.value,
        "synthetic": appeal.synthetic,
        "consent_version": appeal.consent_version,
        "updated_at": appeal.updated_at,
        "number": appeal.number,
        "registered_on": appeal.registered_on,
        "due": appeal.due,
        "due_article": appeal.due_article,
        "answer": appeal.answer,
        "near_due_told": appeal.near_due_told,
        "search_text": _search_text(appeal),
    }


def _appeal(row: RowMapping) -> AppealRecord:
    return AppealRecord(
        id=row["id"],
        reference=row["reference"],
        secret_hash=row["secret_hash"],
        conversation_id=row["conversation_id"],
        draft=drafts.from_json(row["draft"]),
        body_name=row["body_name"],
        locale=row["locale"],
        status=Status(row["status"]),
        synthetic=row["synthetic"],
        consent_version=row["consent_version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        number=row["number"],
        registered_on=row["registered_on"],
        due=row["due"],
        due_article=row["due_article"],
        answer=row["answer"],
        near_due_told=row["near_due_told"],
    )
