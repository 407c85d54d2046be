"""What has to be looked after now and then. Each sweep may run in several processes at once and be repeated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, timedelta

import structlog

from bot.app.conversations import Conversations
from bot.app.erasure import erase, forgotten
from bot.app.errors import StaleState, WrongAction
from bot.app.ports import Clock, FileStore, Storage, UnitOfWork
from bot.app.records import Conversation
from bot.app.terms import Terms
from dialogs.events import WaitExpired
from dialogs.lifecycle import Phase
from dialogs.rules import Rules

log = structlog.get_logger()

LEFT_BEHIND = timedelta(seconds=15)
"""An acknowledged event that waited so long was left behind by a crash."""
SEARCH_LIFE = timedelta(days=1)
STRAY_AGE = timedelta(hours=1)
"""By then whoever was keeping a file has noted it, or died."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Recovery, waiting citizens, terms and retention."""

    storage: Storage
    conversations: Conversations
    terms: Terms
    files: FileStore
    clock: Clock
    rules: Rules
    new_id: Callable[[], str]

    async def recover(self) -> int:
        """Work events off that a stopped process had acknowledged; gives the number of conversations."""
        async with self.storage.read() as work:
            waiting = await work.inbox.conversations_with_pending(self.clock.now() - LEFT_BEHIND, BATCH)
        for conversation_id in waiting:
            log.info("inbox.recovered", conversation=conversation_id)
            await _guarded("recover", conversation_id, self.conversations.process(conversation_id))
        return len(waiting)

    async def offer_other_ways(self) -> int:
        """Citizens who wait long hear of the other ways, once."""
        now = self.clock.now()
        async with self.storage.read() as work:
            waiting = await work.conversations.waiting_since(now - self.rules.wait_offer)

        def guard(conversation: Conversation) -> Conversation:
            if conversation.phase is not Phase.QUEUED or conversation.wait_offered:
                raise WrongAction("nobody waits any more")
            return replace(conversation, wait_offered=True)

        async def nothing(_: UnitOfWork) -> None:
            return None

        told = 0
        for conversation_id in waiting:
            try:
                await self.conversations.apply(
                    conversation_id, WaitExpired(self.new_id(), now), guard, nothing
                )
                told += 1
            except (WrongAction, StaleState):
                continue
        return told

    async def watch_terms(self) -> int:
        """Tell of every term that ends or has passed, once each; gives how many were told."""
        return await self.terms.watch()

    async def forget(self) -> int:
        """Erase conversations nobody has touched for the retention period; appeals stay as the law demands."""
        async with self.storage.read() as work:
            idle = await work.conversations.idle_since(
                self.clock.now() - self.rules.retention_conversation, BATCH
            )
        for conversation_id in idle:
            await _guarded("forget", conversation_id, self._forget(conversation_id))
        return len(idle)

    async def forget_wordings(self) -> int:
        """Delete wordings nobody has decided on within the retention period; gives their number."""
        before = self.clock.now() - self.rules.retention_sample
        async with self.storage.write() as work:
            gone = await work.samples.expire(before.astimezone(UTC).date())
            await work.commit()
        return gone

    async def forget_searches(self) -> int:
        """Delete the words of registry searches after a day; gives their number."""
        async with self.storage.write() as work:
            gone = await work.searches.expire(self.clock.now() - SEARCH_LIFE)
            await work.commit()
        return gone

    async def forget_strays(self) -> int:
        """Delete bytes that were kept for a file and never noted to be one; gives how many."""
        gone = 0
        for sha256 in await self.files.unsettled(STRAY_AGE):
            async with self.storage.read() as work:
                held = await work.files.is_held(sha256)
            if held:
                await self.files.settle(sha256)
            else:
                gone += await self.files.delete_stray(sha256, STRAY_AGE)
        return gone

    async def reindex_appeals(self) -> int:
        """Bring the search terms of appeals up to date that an older version has stored; gives their number."""
        done = 0
        while True:
            async with self.storage.write() as work:
                stale = await work.appeals.reindex(BATCH)
                await work.commit()
            if not stale:
                return done
            done += stale

    async def forget_deliveries(self) -> int:
        """Delete the log of deliveries and reports after the retention period; gives how many lines."""
        async with self.storage.write() as work:
            gone = await work.deliveries.expire(self.clock.now() - self.rules.retention_delivery)
            await work.commit()
        return gone

    async def _forget(self, conversation_id: str) -> None:
        before = self.clock.now() - self.rules.retention_conversation
        async with self.storage.write() as work:
            conversation = await work.conversations.find(conversation_id)
            if conversation is None or conversation.updated_at >= before:
                return
            await erase(work, self.files, conversation_id)
            await work.conversations.save(forgotten(conversation))
            await work.commit()


async def _guarded(sweep: str, conversation_id: str, work: Awaitable[None]) -> None:
    """One conversation that cannot be worked must not keep the others waiting."""
    try:
        await work
    except Exception:
        log.exception("sweep.skipped", sweep=sweep, conversation=conversation_id)
