"""What people see of deliveries and do about them: what waits, what failed and why, try again, let it be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app.access import Operation, require
from bot.app.delivery import LEASE
from bot.app.dispatch import Dispatch
from bot.app.errors import InvalidInput, NotFound
from bot.app.ports import Clock, EventBus, Storage, UnitOfWork
from bot.app.records import (
    AppealRecord,
    AttemptOutcome,
    AuditRow,
    DeliveryAttempt,
    Operator,
    OutboxKind,
    OutboxRow,
    ReportRecord,
)
from text.cleaning import clean

LATE = timedelta(minutes=10)
"""What waits longer is told in /ready."""
NOTE_LIMIT = 500
SHOWN = 100
CHANNELS = ""
"""The citizens' channels in a backlog."""


@dataclass(frozen=True, slots=True)
class SystemState:
    """How deliveries to one system stand; `system` "" for the citizens' channels. `oldest`: of what waits or is buried."""

    system: str
    connected: bool
    waiting: int
    dead: int
    oldest: datetime | None
    last_success: datetime | None

    def troubled(self, now: datetime) -> bool:
        """Whether somebody should look."""
        return self.dead > 0 or (self.oldest is not None and now - self.oldest >= LATE)


@dataclass(frozen=True, slots=True)
class DeliveryOverview:
    """Everything newest first. `appeals`: those named by the rows, by id."""

    systems: Sequence[SystemState]
    dead: Sequence[OutboxRow]
    attempts: Sequence[DeliveryAttempt]
    reports: Sequence[ReportRecord]
    appeals: Mapping[str, AppealRecord]


@dataclass(frozen=True, slots=True)
class DeliveryControl:
    """The use cases of the delivery pages, of /ready and of /metrics."""

    storage: Storage
    dispatch: Dispatch
    bus: EventBus
    clock: Clock

    async def systems(self) -> Sequence[SystemState]:
        """All that are connected or that anything waits for."""
        async with self.storage.read() as work:
            return await self._systems(work)

    async def degraded(self) -> list[str]:
        """Names for /ready: `delivery:<system>` where a person should look."""
        now = self.clock.now()
        return [
            f"delivery:{state.system or 'channels'}" for state in await self.systems() if state.troubled(now)
        ]

    async def overview(
        self, operator: Operator, *, appeal_id: str | None = None, before: int | None = None
    ) -> DeliveryOverview:
        """All, or what concerns one appeal. Raises NotPermitted."""
        require(operator, Operation.REVIVE)
        async with self.storage.read() as work:
            dead = [
                row
                for row in await work.outbox.dead(SHOWN)
                if appeal_id is None or row.payload.get("appeal") == appeal_id
            ]
            attempts = await work.deliveries.attempts(SHOWN, appeal_id=appeal_id, before=before)
            reports = [
                report
                for report in await work.deliveries.reports(SHOWN)
                if appeal_id is None or report.appeal_id == appeal_id
            ]
            named = {str(row.payload["appeal"]) for row in dead if row.kind is OutboxKind.APPEAL}
            named |= {attempt.appeal_id for attempt in attempts} | ({appeal_id} if appeal_id else set())
            appeals = {wanted: await work.appeals.get(wanted) for wanted in sorted(named)}
            return DeliveryOverview(await self._systems(work), dead, attempts, reports, appeals)

    async def again(self, operator: Operator, row_id: str) -> None:
        """Try a buried row again; one that is unclear is looked for first. Raises NotPermitted, NotFound."""
        await self._revive(operator, row_id, "outbox.revived", unsure=None)

    async def send_anyway(self, operator: Operator, row_id: str) -> None:
        """A person has seen that it is not there: send it without looking. Raises NotPermitted, NotFound."""
        await self._revive(operator, row_id, "outbox.sent_anyway", unsure=False)

    async def all_again(self, operator: Operator, system: str) -> int:
        """Try again at once all that is buried or waits for one system, after a fault that concerned all; gives how many.

        What waits for a channel goes on waiting: for as long as the channel asked, or because a worker sends it just now.
        """
        require(operator, Operation.REVIVE)
        revived = 0
        async with self.storage.write() as work:
            now = self.clock.now()
            if system != CHANNELS:
                # What is due sooner comes by itself.
                revived += await work.outbox.hasten(system, now, later_than=now + LEASE)
            while rows := await work.outbox.dead(SHOWN, system):
                for row in reversed(rows):
                    revived += await work.outbox.revive(row.id, now)
            await work.audit.add(AuditRow(now, operator.id, "outbox.all_revived", system or "channels"))
            await work.commit()
        await self.bus.publish("outbox", {})
        return revived

    async def discard(self, operator: Operator, row_id: str, note: str) -> None:
        """Let a buried row be, for a reason. Raises NotPermitted, NotFound, InvalidInput."""
        require(operator, Operation.REVIVE)
        note = clean(note, NOTE_LIMIT)
        if len(note) < 3:
            raise InvalidInput("discard_note", "say why, for those who come after")
        now = self.clock.now()
        async with self.storage.write() as work:
            row = await work.outbox.find(row_id)
            if row is None or not row.dead:
                raise NotFound(row_id)
            await work.outbox.done(row_id)
            if row.kind is OutboxKind.APPEAL:
                await work.deliveries.log(
                    DeliveryAttempt(
                        message_id=row.id,
                        system=row.system,
                        appeal_id=row.payload["appeal"],
                        event=row.payload["event"],
                        event_at=datetime.fromisoformat(row.payload["at"]),
                        at=now,
                        attempt=row.attempts,
                        outcome=AttemptOutcome.DISCARDED,
                        ms=0,
                    )
                )
            await work.audit.add(AuditRow(now, operator.id, "outbox.discarded", row_id, note))
            await work.commit()
        await self.bus.publish("outbox", {})

    async def resend(self, operator: Operator, message_id: str) -> None:
        """Send an event again under its old id: who has it drops it, or is looked at first. Raises NotPermitted, NotFound."""
        require(operator, Operation.REVIVE)
        async with self.storage.write() as work:
            attempt = await work.deliveries.event(message_id)
            if attempt is None:
                raise NotFound(message_id)
            await self._put_again(work, attempt)
            await work.audit.add(
                AuditRow(self.clock.now(), operator.id, "delivery.resent", attempt.appeal_id, message_id)
            )
            await work.commit()
        await self.bus.publish("outbox", {})

    async def resend_appeal(self, operator: Operator, appeal_id: str) -> int:
        """All events of an appeal again, in their order; gives how many. Raises NotPermitted, NotFound."""
        require(operator, Operation.REVIVE)
        async with self.storage.write() as work:
            await work.appeals.get(appeal_id)
            logged = await work.deliveries.attempts(10 * SHOWN, appeal_id=appeal_id)
            events = {attempt.message_id: attempt for attempt in logged}
            for attempt in sorted(events.values(), key=lambda attempt: (attempt.event_at, attempt.id)):
                await self._put_again(work, attempt)
            await work.audit.add(AuditRow(self.clock.now(), operator.id, "delivery.appeal_resent", appeal_id))
            await work.commit()
        await self.bus.publish("outbox", {})
        return len(events)

    async def _put_again(self, work: UnitOfWork, attempt: DeliveryAttempt) -> None:
        now = self.clock.now()
        if await work.outbox.find(attempt.message_id) is not None:
            await work.outbox.revive(attempt.message_id, now)
            return
        payload = {
            "event": attempt.event,
            "appeal": attempt.appeal_id,
            "at": attempt.event_at.isoformat(),
        }
        row = OutboxRow(
            attempt.message_id,
            OutboxKind.APPEAL,
            f"{attempt.system}:{attempt.appeal_id}",
            payload,
            now,
            now,
            system=attempt.system,
            unsure=True,
        )
        await work.outbox.add([row])

    async def _revive(self, operator: Operator, row_id: str, action: str, *, unsure: bool | None) -> None:
        require(operator, Operation.REVIVE)
        now = self.clock.now()
        async with self.storage.write() as work:
            if not await work.outbox.revive(row_id, now, unsure=unsure):
                raise NotFound(row_id)
            await work.audit.add(AuditRow(now, operator.id, action, row_id))
            await work.commit()
        await self.bus.publish("outbox", {})

    async def _systems(self, work: UnitOfWork) -> list[SystemState]:
        backlog = {entry.system: entry for entry in await work.outbox.backlog()}
        success = await work.deliveries.last_success()
        states = []
        for system in dict.fromkeys((CHANNELS, *self.dispatch.connectors, *sorted(backlog))):
            entry = backlog.get(system)
            states.append(
                SystemState(
                    system,
                    system == CHANNELS or system in self.dispatch.connectors,
                    entry.waiting if entry else 0,
                    entry.dead if entry else 0,
                    entry.oldest if entry else None,
                    success.get(system),
                )
            )
        return states
