"""What anybody with a key may know of appeals in public space: topic, place, body, state, dates. No words, no person."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from appeals.calendar import ALMATY
from appeals.lifecycle import Status
from appeals.topics import PUBLIC_SPACE, Topic
from bot.app.access import Operation, require
from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany
from bot.app.ports import Clock, RateLimiter, Storage
from bot.app.records import ApiKey, AuditRow, Operator, PublicCase
from bot.app.seal import Seal
from dialogs.model import Knowledge
from dialogs.rules import Rules
from text.cleaning import clean

MINUTE = timedelta(minutes=1)
HINT_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Publication:
    """Keys and reads. A place is told down to the village, never the address."""

    storage: Storage
    knowledge: Knowledge
    limiter: RateLimiter
    clock: Clock
    rules: Rules
    seal: Seal
    new_id: Callable[[], str]

    # --- keys ----------------------------------------------------------------------------------

    async def issue(self, actor: Operator, name: str) -> tuple[ApiKey, str]:
        """A new key for somebody; the key itself is told here and never again. Raises NotPermitted, InvalidInput."""
        require(actor, Operation.MANAGE_KEYS)
        name = clean(name)
        if not 2 <= len(name) <= 100:
            raise InvalidInput("key_name", "2 to 100 characters")
        secret, now = secrets.token_urlsafe(32), self.clock.now()
        key = ApiKey(self.new_id(), name, self.seal.of(secret), secret[:HINT_LENGTH], now, actor.id)
        async with self.storage.write() as work:
            await work.api_keys.add(key)
            await work.audit.add(AuditRow(now, actor.id, "api_key.issued", key.id))
            await work.commit()
        return key, secret

    async def revoke(self, actor: Operator, key_id: str) -> None:
        """From now on the key opens nothing. Raises NotPermitted, NotFound."""
        require(actor, Operation.MANAGE_KEYS)
        now = self.clock.now()
        async with self.storage.write() as work:
            if not await work.api_keys.revoke(key_id, now):
                raise NotFound(key_id)
            await work.audit.add(AuditRow(now, actor.id, "api_key.revoked", key_id))
            await work.commit()

    async def keys(self, actor: Operator) -> Sequence[ApiKey]:
        """All, revoked ones too. Raises NotPermitted."""
        require(actor, Operation.MANAGE_KEYS)
        async with self.storage.read() as work:
            return await work.api_keys.all()

    async def admit(self, secret: str, source: str) -> None:
        """Raises NotPermitted for a key that is none, TooMany; whoever guesses is slowed down by address."""
        wait = await self.limiter.hit(
            f"open311:{source}", limit=10 * self.rules.api_requests_per_minute, window=MINUTE
        )
        if wait is not None:
            raise TooMany(wait)
        async with self.storage.read() as work:
            key = await work.api_keys.find(self.seal.of(secret)) if secret else None
        if key is None:
            raise NotPermitted("missing or invalid key")
        wait = await self.limiter.hit(
            f"api-key:{key.id}", limit=self.rules.api_requests_per_minute, window=MINUTE
        )
        if wait is not None:
            raise TooMany(wait)
        today = self.clock.now().astimezone(ALMATY).date()
        if key.used_on != today:
            async with self.storage.write() as work:
                await work.api_keys.used(key.id, today)
                await work.commit()

    # --- reads ---------------------------------------------------------------------------------

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that are published."""
        return tuple(topic for topic in self.knowledge.domain.topics.all() if topic.group in PUBLIC_SPACE)

    async def cases(
        self,
        *,
        limit: int,
        references: Sequence[str] | None = None,
        topics: Sequence[str] | None = None,
        statuses: Sequence[Status] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[PublicCase]:
        """Real appeals, newest first. Topics that are not published give nothing."""
        published = [topic.code for topic in self.topics]
        wanted = published if topics is None else [code for code in published if code in topics]
        async with self.storage.read() as work:
            return await work.appeals.published(
                wanted, limit=limit, references=references, statuses=statuses, since=since, until=until
            )
