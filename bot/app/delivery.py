"""Works the outbox off: messages to channels, appeals to another system. At least once, in order, with back-off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.app.conversations import Conversations
from bot.app.desk import Desk
from bot.app.errors import ChannelUnavailable, MessageRefused, NotFound, RateLimited, RecipientGone
from bot.app.ports import Channel, Clock, Connector, EventBus, Storage
from bot.app.records import OutboxKind, OutboxRow
from integrations.errors import IntegrationError, ServiceContractBroken, ServiceRejected, ServiceUnavailable

log = structlog.get_logger()

BATCH = 50
LEASE = timedelta(minutes=1)
MESSAGE_LIFE = timedelta(days=1)
"""A message that could not be brought for so long is not brought any more."""
BACK_OFF_MOST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One worker; any number may run."""

    storage: Storage
    conversations: Conversations
    desk: Desk
    channels: Mapping[str, Channel]
    connector: Connector | None
    bus: EventBus
    clock: Clock

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
        try:
            await (self._message(row) if row.kind is OutboxKind.MESSAGE else self._appeal(row))
        except RateLimited as error:
            await self._again(row, timedelta(seconds=error.retry_after), error.code)
        except (RecipientGone, MessageRefused, NotFound, ServiceRejected, ServiceContractBroken) as error:
            await self._bury(row, error.code)
        except (ChannelUnavailable, ServiceUnavailable, IntegrationError) as error:
            await self._again(row, _back_off(row.attempts), error.code)
        except Exception:
            log.exception("outbox.failed", row=row.id, kind=row.kind.value)
            await self._again(row, _back_off(row.attempts), "bug")

    async def _message(self, row: OutboxRow) -> None:
        conversation_id, seq = row.payload["conversation"], row.payload["seq"]
        async with self.storage.read() as work:
            conversation = await work.conversations.find(conversation_id)
            message = self.conversations.links.shown(await work.messages.get(conversation_id, seq))
            replaced = (
                await work.messages.last_replaceable(conversation_id, seq) if message.replaces else None
            )
        if conversation is None:
            raise NotFound(conversation_id)
        channel = self.channels.get(conversation.address.channel)
        if channel is None:
            raise ChannelUnavailable(f"no channel {conversation.address.channel} in this process")
        try:
            external_id = await channel.deliver(conversation.address, message, replaced)
        except RecipientGone:
            await self.conversations.mark_reachable(conversation.address, False)
            raise
        async with self.storage.write() as work:
            await work.messages.set_external_id(conversation_id, seq, external_id)
            await work.outbox.done(row.id)
            await work.commit()
        log.info("outbox.delivered", channel=conversation.address.channel, attempt=row.attempts)

    async def _appeal(self, row: OutboxRow) -> None:
        if self.connector is None:
            raise ServiceUnavailable("connector", "deliver")
        notice = await self.desk.notice(row.payload["appeal"])
        await self.connector.deliver(
            {**notice, "event": row.payload["event"], "at": row.payload["at"]}, row.id
        )
        async with self.storage.write() as work:
            await work.outbox.done(row.id)
            await work.commit()
        log.info("outbox.delivered", channel="connector", attempt=row.attempts)

    async def _again(self, row: OutboxRow, wait: timedelta, error: str) -> None:
        if row.kind is OutboxKind.MESSAGE and self.clock.now() - row.created_at >= MESSAGE_LIFE:
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


def _back_off(attempts: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(attempts, 12)), BACK_OFF_MOST)
