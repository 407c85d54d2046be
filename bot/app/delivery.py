"""Works the outbox off: messages to channels, appeals to other systems. In order, with back-off, never blindly twice."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.app.conversations import Conversations
from bot.app.dispatch import Dispatch
from bot.app.errors import ChannelUnavailable, MessageRefused, NotFound, RateLimited, RecipientGone
from bot.app.ports import Channel, Clock, EventBus, Storage
from bot.app.records import AttemptOutcome, CaseRecord, DeliveryAttempt, OutboxKind, OutboxRow
from integrations.dto import AppealEvent, Receipt
from integrations.errors import DeliveryUnclear, IntegrationError, LookUpInconclusive, ServiceUnavailable
from integrations.ports import Connector, Follows

log = structlog.get_logger()

BATCH = 50
LEASE = timedelta(minutes=1)
APPEAL_TIME = timedelta(seconds=45)
"""For look-up and delivery together: the lease must outlive them."""
SETTLE = timedelta(minutes=2)
"""What was unclear is given so long to show up in the other system before it is looked for."""
MESSAGE_LIFE = timedelta(days=1)
"""A message that could not be brought for so long is not brought any more. An appeal's event is tried for ever."""
BACK_OFF_MOST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One worker; any number may run."""

    storage: Storage
    conversations: Conversations
    dispatch: Dispatch
    channels: Mapping[str, Channel]
    bus: EventBus
    clock: Clock
    timer: Callable[[], float] = time.perf_counter

    async def run(self, stop: asyncio.Event, *, idle: float = 1.0) -> None:
        """Deliver until told to stop; woken by the bus, looks by itself every `idle` seconds."""
        async with self.bus.subscribe("outbox") as news:
            woken: asyncio.Task[object] = asyncio.ensure_future(anext(news))
            stopped = asyncio.ensure_future(stop.wait())
            try:
                while not stop.is_set():
                    await self._rounds(stop)
                    await asyncio.wait({woken, stopped}, timeout=idle, return_when=asyncio.FIRST_COMPLETED)
                    if woken.done():
                        woken.exception()
                        woken = asyncio.ensure_future(anext(news))
            finally:
                woken.cancel()
                stopped.cancel()
                await asyncio.gather(woken, stopped, return_exceptions=True)

    async def _rounds(self, stop: asyncio.Event) -> None:
        """Until nothing is due. A database that hiccups must not take the worker along."""
        try:
            while await self.run_once() and not stop.is_set():
                pass
        except Exception:
            log.exception("outbox.round_failed")

    async def run_once(self) -> int:
        """Deliver what is due now; gives how many rows were taken."""
        async with self.storage.write() as work:
            rows = await work.outbox.claim(self.clock.now(), LEASE, BATCH)
            await work.commit()
        for done in await asyncio.gather(*(self._deliver(row) for row in rows), return_exceptions=True):
            if isinstance(done, Exception):
                log.error("outbox.left_to_its_lease", error=type(done).__name__)
        return len(rows)

    async def _deliver(self, row: OutboxRow) -> None:
        if row.kind is OutboxKind.APPEAL:
            await self._appeal(row)
            return
        try:
            await self._message(row)
        except RateLimited as error:
            await self._again(row, timedelta(seconds=error.retry_after), error.code)
        except (RecipientGone, MessageRefused, NotFound) as error:
            await self._bury(row, error.code)
        except ChannelUnavailable as error:
            await self._again(row, back_off(row), error.code)
        except Exception:
            log.exception("outbox.failed", row=row.id, kind=row.kind.value)
            await self._again(row, back_off(row), "bug")

    # --- messages ------------------------------------------------------------------------------

    async def _message(self, row: OutboxRow) -> None:
        conversation_id, seq = row.payload["conversation"], row.payload["seq"]
        async with self.storage.read() as work:
            conversation = await work.conversations.find(conversation_id)
            message = self.conversations.links.shown(await work.messages.get(conversation_id, seq))
            last = await work.messages.last_delivered(conversation_id, seq)
        if conversation is None:
            raise NotFound(conversation_id)
        channel = self.channels.get(conversation.address.channel)
        if channel is None:
            raise ChannelUnavailable(f"no channel {conversation.address.channel} in this process")
        try:
            external_id = await channel.deliver(conversation.address, message, last)
        except RecipientGone:
            await self.conversations.mark_reachable(conversation.address, False)
            raise
        async with self.storage.write() as work:
            await work.messages.set_external_id(conversation_id, seq, external_id)
            await work.outbox.done(row.id)
            await work.commit()
        log.info("outbox.delivered", channel=conversation.address.channel, attempt=row.attempts)

    async def _again(self, row: OutboxRow, wait: timedelta, error: str) -> None:
        if self.clock.now() - row.created_at >= MESSAGE_LIFE:
            await self._bury(row, error)
            return
        log.warning("outbox.postponed", row=row.id, attempt=row.attempts, error=error)
        async with self.storage.write() as work:
            await work.outbox.retry(row.id, self.clock.now() + wait, error)
            await work.commit()

    async def _bury(self, row: OutboxRow, error: str) -> None:
        log.error("outbox.buried", row=row.id, kind=row.kind.value, error=error)
        async with self.storage.write() as work:
            await work.outbox.bury(row.id, error)
            await work.commit()

    # --- appeals -------------------------------------------------------------------------------

    async def _appeal(self, row: OutboxRow) -> None:
        """One attempt at one event; how it went is logged in the transaction that moves the row on."""
        started = self.timer()
        try:
            connector = self.dispatch.connector(row.system)
            async with self.storage.read() as work:
                appeal = await work.appeals.get(row.payload["appeal"])
            event = self.dispatch.event(row, appeal)
            async with asyncio.timeout(APPEAL_TIME.total_seconds()):
                receipt, outcome = await _hand_over(connector, event, row)
        except IntegrationError as error:
            await self._failed(row, error, started)
        except TimeoutError:
            await self._failed(row, DeliveryUnclear(row.system, "deliver", "too_slow"), started)
        except Exception as error:
            log.exception("outbox.failed", row=row.id, system=row.system)
            await self._failed(row, DeliveryUnclear(row.system, "deliver", type(error).__name__), started)
        else:
            await self._arrived(row, receipt, outcome, started, follows=isinstance(connector, Follows))

    async def _arrived(
        self, row: OutboxRow, receipt: Receipt, outcome: AttemptOutcome, started: float, *, follows: bool
    ) -> None:
        now = self.clock.now()
        async with self.storage.write() as work:
            await work.outbox.done(row.id)
            await work.deliveries.log(self._attempt(row, outcome, started))
            if receipt != Receipt():
                appeal_id = row.payload["appeal"]
                known = await work.deliveries.case(appeal_id, row.system)
                case = known or CaseRecord(appeal_id, row.system)
                await work.deliveries.save_case(
                    CaseRecord(
                        appeal_id,
                        row.system,
                        receipt.external_id or case.external_id,
                        receipt.token or case.token,
                        case.sequence,
                        now if follows else None,
                    )
                )
            await work.commit()
        log.info("outbox.delivered", system=row.system, outcome=outcome.value, attempt=row.attempts)

    async def _failed(self, row: OutboxRow, error: IntegrationError, started: float) -> None:
        """Certainly not taken: tried again. Unclear: looked for, later. Anything else needs a person."""
        told = f"{error.code}: {error.detail}" if error.detail else error.code
        now = self.clock.now()
        async with self.storage.write() as work:
            match error:
                case ServiceUnavailable(retry_after=asked, operation=operation):
                    outcome = AttemptOutcome.POSTPONED
                    wait = max(back_off(row), min(timedelta(seconds=asked or 0), BACK_OFF_MOST))
                    # A look-up that failed has sent nothing, but made nothing clear either.
                    unsure = row.unsure and operation != "deliver"
                    await work.outbox.retry(row.id, now + wait, told, unsure=unsure)
                case DeliveryUnclear():
                    outcome = AttemptOutcome.UNCLEAR
                    await work.outbox.retry(row.id, now + max(back_off(row), SETTLE), told, unsure=True)
                case _:
                    unclear = isinstance(error, LookUpInconclusive)
                    outcome = AttemptOutcome.UNCLEAR if unclear else AttemptOutcome.REFUSED
                    await work.outbox.bury(row.id, told, unsure=unclear)
            await work.deliveries.log(
                self._attempt(row, outcome, started, http_status=error.status, error=told)
            )
            await work.commit()
        log.warning(
            "outbox.not_delivered",
            row=row.id,
            system=row.system,
            attempt=row.attempts,
            outcome=outcome.value,
            error=told,
        )

    def _attempt(
        self,
        row: OutboxRow,
        outcome: AttemptOutcome,
        started: float,
        *,
        http_status: int | None = None,
        error: str = "",
    ) -> DeliveryAttempt:
        return DeliveryAttempt(
            message_id=row.id,
            system=row.system,
            appeal_id=row.payload["appeal"],
            event=row.payload["event"],
            event_at=datetime.fromisoformat(row.payload["at"]),
            at=self.clock.now(),
            attempt=row.attempts,
            outcome=outcome,
            ms=round(1000 * (self.timer() - started)),
            http_status=http_status,
            error=error,
        )


async def _hand_over(
    connector: Connector, event: AppealEvent, row: OutboxRow
) -> tuple[Receipt, AttemptOutcome]:
    """Look first where an earlier attempt may have got there, then send."""
    if row.unsure and not connector.repeatable:
        try:
            found = await connector.find(event, row.id)
        except (ServiceUnavailable, LookUpInconclusive):
            raise
        except IntegrationError as error:
            raise LookUpInconclusive(
                error.system, error.operation, error.detail, status=error.status
            ) from error
        if found is not None:
            return found, AttemptOutcome.FOUND
    return await connector.deliver(event, row.id), AttemptOutcome.DELIVERED


def back_off(row: OutboxRow) -> timedelta:
    """2, 4, 8 … seconds, at most an hour; a quarter more or less, so that what failed together does not return together."""
    wait = min(timedelta(seconds=2 ** min(row.attempts, 12)), BACK_OFF_MOST)
    spread = zlib.crc32(f"{row.id}:{row.attempts}".encode()) / 0xFFFFFFFF
    return wait * (0.75 + spread / 2)
