"""The status of an appeal for whoever holds its reference and secret: the way so far, what comes next, the answer,
the receipt, and the citizen's word on it. A ticket stands for the secret while the page is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from appeals.appeal import Attachment
from appeals.calendar import ALMATY
from bot.app.effects import passed
from bot.app.errors import NotFound, NotPermitted, TooMany
from bot.app.moves import view
from bot.app.ports import Clock, RateLimiter, Storage
from bot.app.ratings import rating
from bot.app.receipts import Documents
from bot.app.records import AppealRating, AppealRecord, Document
from bot.app.seal import Seal
from dialogs import progress
from dialogs.events import AppealView
from dialogs.messages import Msg
from dialogs.model import Knowledge
from dialogs.rules import Rules
from dialogs.scenarios import notices


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be seen with a ticket. `rating`: what the citizen has said of the answer, None so far. `files`: the answer's."""

    appeal: AppealView
    history: Sequence[Msg]
    ahead: Sequence[Msg]
    rating: AppealRating | None
    ticket: str
    files: Sequence[Attachment] = ()

    @property
    def may_rate(self) -> bool:
        """There is an answer."""
        return self.appeal.status in progress.ANSWERED

    @property
    def may_disagree(self) -> bool:
        """There is a decision a complaint can be made against."""
        return self.appeal.status in progress.CHALLENGED


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """Use cases of the status page."""

    storage: Storage
    knowledge: Knowledge
    documents: Documents
    limiter: RateLimiter
    clock: Clock
    rules: Rules
    seal: Seal

    async def look_up(self, reference: str, secret: str, source: str) -> Standing | None:
        """None unless reference and secret fit; which of the two was wrong is not told. Raises TooMany."""
        wait = await self.limiter.hit(
            f"status-page:{source}", limit=self.rules.status_attempts, window=self.rules.status_window
        )
        if wait is not None:
            raise TooMany(wait)
        async with self.storage.read() as work:
            appeal = await work.appeals.find_by_reference(reference)
        if appeal is None or not self.seal.fits(secret, appeal.secret_hash):
            return None
        return await self._standing(appeal, self._ticket(appeal.id))

    async def open(self, ticket: str) -> Standing:
        """The same again with a ticket. Raises NotPermitted for a forged or expired one."""
        return await self._standing(await self._admitted(ticket), ticket)

    async def receipt(self, ticket: str) -> Document:
        """The receipt as it stands now. Raises NotPermitted."""
        return await self.documents.receipts.of(await self._admitted(ticket))

    async def file(self, ticket: str, file_id: str) -> Document:
        """A file of the answer. Raises NotPermitted, NotFound."""
        appeal = await self._admitted(ticket)
        if file_id not in {file.id for file in appeal.answer_files}:
            raise NotFound(file_id)
        return await self.documents.fetch(appeal.conversation_id, file_id)

    async def rate(self, ticket: str, score: int, word: str) -> Standing:
        """Keep what the citizen thinks of the answer; the last word counts. Raises NotPermitted, InvalidInput, WrongAction."""
        appeal = await self._admitted(ticket)
        told = rating(appeal, score, word, self.clock.now())
        async with self.storage.write() as work:
            await work.ratings.put(told)
            await work.commit()
        return await self._standing(appeal, ticket)

    async def _standing(self, appeal: AppealRecord, ticket: str) -> Standing:
        async with self.storage.read() as work:
            steps = passed(await work.appeals.steps(appeal.id))
            rated = await work.ratings.of_appeal(appeal.id)
        shown = view(appeal)
        today = self.clock.now().astimezone(ALMATY).date()
        coming = progress.ahead(shown, steps, self.knowledge.calendar, today)
        return Standing(
            shown, notices.history(self.knowledge, shown, steps), coming, rated, ticket, appeal.answer_files
        )

    def _ticket(self, appeal_id: str) -> str:
        until = int((self.clock.now() + self.rules.status_ticket).timestamp())
        return f"{appeal_id}.{until}.{self._sealed(appeal_id, until)}"

    def _sealed(self, appeal_id: str, until: int) -> str:
        return self.seal.of(f"status ticket {appeal_id} {until}")

    async def _admitted(self, ticket: str) -> AppealRecord:
        appeal_id, _, rest = ticket.partition(".")
        told, _, mark = rest.partition(".")
        until = int(told) if told.isascii() and told.isdecimal() and len(told) < 12 else 0
        expired = self.clock.now() > datetime.fromtimestamp(until, UTC)
        if expired or not self.seal.same(self._sealed(appeal_id, until), mark):
            raise NotPermitted("the ticket does not fit or has expired")
        async with self.storage.read() as work:
            return await work.appeals.get(appeal_id)
