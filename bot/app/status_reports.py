"""Applies what other systems say of an appeal's state: whole states, by sequence, each at most once, told to the citizen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import structlog

from appeals import deadlines
from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, TRANSITIONS, Status
from appeals.reference import find_reference
from bot.app.conversations import Conversations
from bot.app.dispatch import Dispatch
from bot.app.errors import StaleState
from bot.app.matters import tell_followers
from bot.app.moves import view
from bot.app.ports import Clock, EventBus, Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep, AuditRow, CaseRecord, ReportOutcome, ReportRecord
from dialogs.events import AppealChanged
from dialogs.model import Knowledge
from integrations.dto import CREATED, ExternalCase, StatusReport
from integrations.errors import IntegrationError
from integrations.ports import Connector, Follows
from text.cleaning import clean

log = structlog.get_logger()

ATTEMPTS = 5
POLL_EVERY = timedelta(minutes=15)
BATCH = 50
REPORTED = "report"
"""The action of a step that another system took."""
OPEN_TO_REPETITION = frozenset({ReportOutcome.UNKNOWN, ReportOutcome.MALFORMED})


@dataclass(frozen=True, slots=True)
class StatusReports:
    """The way back."""

    storage: Storage
    conversations: Conversations
    dispatch: Dispatch
    knowledge: Knowledge
    bus: EventBus
    clock: Clock
    new_id: Callable[[], str]

    async def take(self, system: str, report: StatusReport) -> ReportOutcome:
        """Apply a report, or say why not; either is kept. May be repeated. Raises StaleState when rivals never rest."""
        report = _tidy(report)
        for _ in range(ATTEMPTS):
            try:
                outcome = await self._take(system, report)
            except StaleState:
                continue
            if outcome not in (ReportOutcome.APPLIED, ReportOutcome.REPEATED, ReportOutcome.STALE):
                log.warning("report.not_applied", system=system, outcome=outcome.value, report=report.id)
            return outcome
        raise StaleState(report.id)

    async def refuse(self, system: str, message_id: str) -> None:
        """Keep that a message was no report, for operators to see."""
        async with self.storage.write() as work:
            if await work.deliveries.report(system, message_id) is None:
                await work.deliveries.keep_report(
                    ReportRecord(system, message_id, self.clock.now(), "", 0, "", ReportOutcome.MALFORMED)
                )
                await work.commit()

    async def poll(self) -> int:
        """Ask the systems that do not report by themselves; gives the number of cases asked for."""
        asked = 0
        for system, connector in self.dispatch.connectors.items():
            if not isinstance(connector, Follows):
                continue
            now = self.clock.now()
            async with self.storage.write() as work:
                cases = await work.deliveries.claim_cases(system, now, now + POLL_EVERY, BATCH)
                await work.commit()
            for case in cases:
                await self._ask(connector, case)
            asked += len(cases)
        return asked

    async def _ask(self, connector: Follows, case: CaseRecord) -> None:
        async with self.storage.read() as work:
            appeal = await work.appeals.get(case.appeal_id)
        told, report, error = ExternalCase(appeal.reference, case.external_id, case.token), None, ""
        try:
            told, report = await connector.report(told, self.clock.now())
        except IntegrationError as failure:
            error = f"{failure.code}: {failure.detail}"
            log.warning("report.not_had", system=case.system, error=error)
        outcome = await self.take(case.system, report) if report else None
        over = outcome is ReportOutcome.ENDED or (
            outcome is ReportOutcome.APPLIED and report is not None and report.status in TERMINAL
        )
        async with self.storage.write() as work:
            latest = await work.deliveries.case(case.appeal_id, case.system) or case
            await work.deliveries.save_case(
                replace(
                    latest,
                    external_id=told.external_id,
                    next_poll=None if over else case.next_poll,
                    polled_at=self.clock.now(),
                    error=error,
                )
            )
            await work.commit()

    async def _take(self, system: str, report: StatusReport) -> ReportOutcome:
        async with self.storage.read() as work:
            known = await work.deliveries.report(system, report.id)
            appeal = await work.appeals.find_by_reference(find_reference(report.reference) or "")
            case = await work.deliveries.case(appeal.id, system) if appeal else None
        if known is not None and known.outcome not in OPEN_TO_REPETITION:
            return ReportOutcome.REPEATED
        if appeal is None or not self._concerns(system, appeal):
            await self._keep(system, report, ReportOutcome.UNKNOWN, None)
            return ReportOutcome.UNKNOWN
        case = case or CaseRecord(appeal.id, system)
        outcome = _judge(appeal, case, report)
        if outcome is ReportOutcome.APPLIED:
            await self._apply(system, report, appeal, case)
        else:
            await self._keep(system, report, outcome, appeal.id)
        return outcome

    def _concerns(self, system: str, appeal: AppealRecord) -> bool:
        """Whether the appeal went there: a system has no say over others."""
        connector: Connector | None = self.dispatch.connectors.get(system)
        return connector is not None and connector.takes(
            CREATED, appeal.draft.topic or "", synthetic=appeal.synthetic
        )

    async def _keep(
        self, system: str, report: StatusReport, outcome: ReportOutcome, appeal_id: str | None
    ) -> None:
        async with self.storage.write() as work:
            await work.deliveries.keep_report(self._record(system, report, outcome, appeal_id))
            await work.commit()

    def _record(
        self, system: str, report: StatusReport, outcome: ReportOutcome, appeal_id: str | None
    ) -> ReportRecord:
        reference = find_reference(report.reference) or ""
        return ReportRecord(
            system,
            report.id,
            self.clock.now(),
            reference,
            report.sequence,
            report.status.value,
            outcome,
            appeal_id,
        )

    async def _apply(self, system: str, report: StatusReport, appeal: AppealRecord, case: CaseRecord) -> None:
        """Registry, history, sequence and the citizen's message in one transaction; its version check keeps rivals out."""
        now = self.clock.now()
        changed = self._changed(appeal, report)

        followers: list[str] = []

        async def store(work: UnitOfWork) -> None:
            await work.appeals.save(changed)
            if changed.status is not appeal.status:
                followers.extend(await tell_followers(work, changed, now))
            await work.deliveries.save_case(
                replace(case, sequence=report.sequence, external_id=report.external_id or case.external_id)
            )
            await work.deliveries.keep_report(self._record(system, report, ReportOutcome.APPLIED, appeal.id))
            if changed == appeal:
                return
            await work.appeals.add_step(
                AppealStep(appeal.id, now, REPORTED, changed.status, system, report.note)
            )
            await work.audit.add(AuditRow(now, system, "appeal.reported", appeal.id, changed.status.value))
            name = f"appeal.{changed.status.value}"
            await work.outbox.add(self.dispatch.rows(changed, name, now, but=system))

        if changed == appeal:
            async with self.storage.write() as work:
                await store(work)
                await work.commit()
            return
        changed = replace(changed, updated_at=now)
        event = AppealChanged(self.new_id(), now, view(changed), report.note)
        await self.conversations.apply(
            appeal.conversation_id, event, lambda conversation: conversation, store
        )
        await self.bus.publish("appeals", {"appeal": appeal.id})
        await self.conversations.wake(followers)

    def _changed(self, appeal: AppealRecord, report: StatusReport) -> AppealRecord:
        """The appeal as the report has it. A term that the other system does not name is counted by the calendar."""
        kind, calendar = appeal.draft.kind or Kind.APPLICATION, self.knowledge.calendar
        changed = replace(
            appeal,
            status=report.status,
            number=report.number or appeal.number,
            body_name=report.body or appeal.body_name,
            answer=report.answer or appeal.answer,
        )
        if report.status is Status.WITHDRAWN:
            return changed
        registered = (
            report.registered_on or appeal.registered_on or deadlines.registration_date(report.at, calendar)
        )
        counted = deadlines.consideration(kind, registered, calendar)
        if report.status is Status.FORWARDED and appeal.status is not Status.FORWARDED:
            reached = calendar.on_or_after(report.at.astimezone(ALMATY).date())
            counted = deadlines.consideration_after_forwarding(kind, reached, calendar)
        elif appeal.due is not None and appeal.due_article is not None:
            counted = replace(counted, on=appeal.due, article=appeal.due_article)
        return replace(
            changed,
            registered_on=registered,
            due=report.due or counted.on,
            due_article=counted.article,
        )


def _tidy(report: StatusReport) -> StatusReport:
    """The report with its words as ours are kept: nothing unseen in them, and nothing no database takes."""
    return replace(
        report,
        number=clean(report.number or "") or None,
        body=clean(report.body or "") or None,
        answer=clean(report.answer or "") or None,
        note=clean(report.note),
    )


def _judge(appeal: AppealRecord, case: CaseRecord, report: StatusReport) -> ReportOutcome:
    if report.sequence <= case.sequence:
        return ReportOutcome.STALE
    if report.status is not appeal.status and report.status not in reachable(appeal.status):
        return ReportOutcome.ENDED if appeal.status in TERMINAL else ReportOutcome.IMPOSSIBLE
    if appeal.status in TERMINAL:
        return ReportOutcome.ENDED
    if report.status is Status.ANSWERED and not report.answer:
        return ReportOutcome.UNANSWERED
    return ReportOutcome.APPLIED


@cache
def reachable(status: Status) -> frozenset[Status]:
    """Where an appeal can get from here in one step or more: a report may have skipped some, or come before them."""
    found: set[Status] = set()
    ahead = {status}
    while ahead:
        ahead = {to for (since, _), to in TRANSITIONS.items() if since in ahead} - found
        found |= ahead
    return frozenset(found)
