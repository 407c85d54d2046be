"""The log of deliveries to other systems, the cases followed there, and the reports that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import RowMapping, Table, delete, func, insert, select, update

from bot.app.records import AttemptOutcome, CaseRecord, DeliveryAttempt, ReportOutcome, ReportRecord
from bot.storage.repositories.repository import Repository
from bot.storage.tables import delivery_attempts, external_cases, status_reports

_a, _cases, _r = delivery_attempts.c, external_cases.c, status_reports.c
_GOT_THERE = (AttemptOutcome.DELIVERED.value, AttemptOutcome.FOUND.value)


class Deliveries(Repository):
    """Rows name appeals, systems and codes; nothing a citizen or an official wrote."""

    async def log(self, attempt: DeliveryAttempt) -> None:
        """One more line; its id is given by the database."""
        values = asdict(attempt) | {"outcome": attempt.outcome.value}
        values.pop("id")
        await self._run(insert(delivery_attempts).values(values))

    async def attempts(
        self, limit: int, *, appeal_id: str | None = None, before: int | None = None
    ) -> Sequence[DeliveryAttempt]:
        """Newest first."""
        wanted = [_a.appeal_id == appeal_id] if appeal_id is not None else []
        if before is not None:
            wanted.append(_a.id < before)
        rows = await self._rows(select(delivery_attempts).where(*wanted).order_by(_a.id.desc()).limit(limit))
        return [_attempt(row) for row in rows]

    async def last_success(self) -> Mapping[str, datetime]:
        """By system."""
        rows = await self._rows(
            select(_a.system, func.max(_a.at).label("at"))
            .where(_a.outcome.in_(_GOT_THERE))
            .group_by(_a.system)
        )
        return {row["system"]: row["at"] for row in rows}

    async def event(self, message_id: str) -> DeliveryAttempt | None:
        """The last attempt at one message."""
        row = await self._first(
            select(delivery_attempts).where(_a.message_id == message_id).order_by(_a.id.desc()).limit(1)
        )
        return None if row is None else _attempt(row)

    async def case(self, appeal_id: str, system: str) -> CaseRecord | None:
        """None while nothing is known of it there."""
        row = await self._first(
            select(external_cases).where(_cases.appeal_id == appeal_id, _cases.system == system)
        )
        return None if row is None else CaseRecord(**row)

    async def save_case(self, case: CaseRecord) -> None:
        """Insert or replace."""
        await self._put(external_cases, asdict(case), "appeal_id", "system")

    async def claim_cases(
        self, system: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[CaseRecord]:
        """Those due, the longest due first, moved to `until`."""
        rows = await self._rows(
            select(external_cases)
            .where(_cases.system == system, _cases.next_poll <= now)
            .order_by(_cases.next_poll)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if rows:
            await self._run(
                update(external_cases)
                .where(_cases.system == system, _cases.appeal_id.in_([row["appeal_id"] for row in rows]))
                .values(next_poll=until)
            )
        return [CaseRecord(**{**row, "next_poll": until}) for row in rows]

    async def report(self, system: str, message_id: str) -> ReportRecord | None:
        """By the id its system gave it."""
        row = await self._first(
            select(status_reports).where(_r.system == system, _r.message_id == message_id)
        )
        return None if row is None else _report(row)

    async def keep_report(self, report: ReportRecord) -> None:
        """Insert or replace."""
        values = asdict(report) | {"outcome": report.outcome.value}
        await self._put(status_reports, values, "system", "message_id")

    async def reports(self, limit: int) -> Sequence[ReportRecord]:
        """Newest first."""
        rows = await self._rows(select(status_reports).order_by(_r.received_at.desc()).limit(limit))
        return [_report(row) for row in rows]

    async def expire(self, before: datetime) -> int:
        """Old attempts and reports are of no use to anybody."""
        gone = [
            await self._run(delete(delivery_attempts).where(_a.at < before)),
            await self._run(delete(status_reports).where(_r.received_at < before)),
        ]
        return sum(result.rowcount for result in gone)

    async def _put(self, table: Table, values: Mapping[str, object], *key: str) -> None:
        statement = self._insert(table).values(values)
        others = {name: value for name, value in values.items() if name not in key}
        await self._run(statement.on_conflict_do_update(index_elements=list(key), set_=others))


def _attempt(row: RowMapping) -> DeliveryAttempt:
    values = {part.name: row[part.name] for part in fields(DeliveryAttempt)}
    return DeliveryAttempt(**{**values, "outcome": AttemptOutcome(row["outcome"])})


def _report(row: RowMapping) -> ReportRecord:
    return ReportRecord(**{**row, "outcome": ReportOutcome(row["outcome"])})
