"""The status of an appeal for whoever holds its reference and secret: the way so far, what comes next, the answer,
the receipt, and the citizen's word on it. A ticket stands for the secret while the page is open."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from appeals import steps
from appeals.appeal import Attachment
from appeals.calendar import ALMATY
from appeals.lifecycle import Action, allowed
from bot.app.conversations import Conversations
from bot.app.effects import passed
from bot.app.errors import AppError, NoRoom, NotFound, NotPermitted, StaleState, TooMany, WrongAction
from bot.app.moves import CITIZEN, Moved, Moves, full_view, view
from bot.app.ports import Clock, EventBus, RateLimiter, Storage, UnitOfWork
from bot.app.ratings import rating
from bot.app.receipts import Documents
from bot.app.records import AppealRating, AppealRecord, Document
from bot.app.seal import Seal
from bot.app.uploads import attachment_of
from dialogs import progress
from dialogs.events import AppealChanged, AppealView, Event
from dialogs.messages import Msg
from dialogs.model import Knowledge
from dialogs.rules import Rules
from dialogs.scenarios import notices
from dialogs.scenarios.files import refusal
from text.cleaning import clean

_MINUTE = timedelta(minutes=1)

Arriving = AsyncIterable[tuple[str, AsyncIterable[bytes]]]
"""Files on their way in, one after the other: name and content."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be seen with a ticket.

    `rating`: what the citizen has said of the answer, None so far. `files`: the answer's. `may_complain`: there is a
    decision or a silence a complaint can be made against.
    """

    appeal: AppealView
    history: Sequence[Msg]
    ahead: Sequence[Msg]
    rating: AppealRating | None
    ticket: str
    may_complain: bool
    files: Sequence[Attachment] = ()

    @property
    def may_rate(self) -> bool:
        """There is an answer."""
        return self.appeal.status in progress.ANSWERED

    @property
    def may_add(self) -> bool:
        """What the citizen adds is still looked at."""
        return Action.SUPPLEMENT in allowed(self.appeal.status)


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of what a citizen wanted to add: all of it is `done`, or nothing of it.

    Otherwise `files` are those taken in so far, to be named again as kept; `refused` says by name why the others were
    not; `problem` is empty (nothing was given), long, busy, full (our disk), over (the appeal takes no additions any more), files (some
    were refused) or too_many, and then `seconds` is how long to wait.
    """

    standing: Standing
    files: Sequence[Attachment] = ()
    refused: Sequence[tuple[str, Msg]] = ()
    problem: str = ""
    seconds: float = 0

    @property
    def done(self) -> bool:
        """The appeal has it."""
        return not self.problem


class _Repeated(AppError):
    """The very same was added just before: the page was sent twice."""


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """Use cases of the status page."""

    storage: Storage
    knowledge: Knowledge
    conversations: Conversations
    moves: Moves
    documents: Documents
    bus: EventBus
    limiter: RateLimiter
    clock: Clock
    rules: Rules
    seal: Seal
    new_id: Callable[[], str]

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
        return await self.documents.receipt(await self._admitted(ticket))

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

    async def add(self, ticket: str, text: str, kept: Sequence[str], arriving: Arriving) -> Addition:
        """Add to the appeal what was asked for or what is new, as in the conversation it was filed in.

        kept: ids of files that an addition before took in. Raises NotPermitted.
        """
        appeal = await self._admitted(ticket)
        standing, text = await self._standing(appeal, ticket), clean(text)
        wait = await self.limiter.hit(
            f"status-add:{appeal.id}", limit=self.rules.messages_per_minute, window=_MINUTE
        )
        if wait is not None:
            return Addition(standing, await self._kept(appeal, kept), problem="too_many", seconds=wait)
        if not standing.may_add:
            return Addition(standing, problem="over")
        files, refused = list(await self._kept(appeal, kept)), list[tuple[str, Msg]]()
        async for name, content in arriving:
            if len(files) >= self.rules.attachments:
                refused.append((name, refusal(self.rules, "batch")))
                continue
            file, why = await self.conversations.accept_file(appeal.conversation_id, name, content)
            if file is None:
                refused.append((name, refusal(self.rules, why)))
            elif file not in files:
                files.append(file)
        problem = self._problem(text, files, refused)
        if not problem:
            problem = await self._added(appeal, steps.Supplement(tuple(files)), text)
        standing = await self.open(ticket)
        return Addition(standing, files, refused, problem)

    def _problem(self, text: str, files: Sequence[Attachment], refused: Sequence[object]) -> str:
        if refused:
            return "files"
        if len(text) > self.rules.message_limit:
            return "long"
        return "" if text or files else "empty"

    async def _added(self, appeal: AppealRecord, step: steps.Supplement, text: str) -> str:
        """Empty once the appeal has it, else the problem."""
        now, taken = self.clock.now(), list[Moved]()

        async def prepare(work: UnitOfWork) -> Event:
            current = await work.appeals.get(appeal.id)
            last = (await work.appeals.steps(appeal.id))[-1]
            if (last.actor, last.said, last.note) == (CITIZEN, step, text):
                raise _Repeated
            moved = await self.moves.take(work, current, step, actor=CITIZEN, note=text, at=now)
            taken.append(moved)
            shown = await full_view(work, moved.appeal)
            return AppealChanged(self.new_id(), now, shown, text, moved.step, own=True)

        try:
            await self.conversations.report(appeal.conversation_id, prepare)
        except _Repeated:
            return ""
        except WrongAction:
            return "over"
        except (StaleState, TimeoutError):
            return "busy"
        except NoRoom:
            return "full"
        await self.bus.publish("appeals", {"appeal": appeal.id, "added": True})
        await self.conversations.wake(taken[-1].followers)
        return ""

    async def _kept(self, appeal: AppealRecord, kept: Sequence[str]) -> Sequence[Attachment]:
        """Files of the appeal's own conversation; ids made up by hand name none."""
        async with self.storage.read() as work:
            known = {file.id: file for file in await work.files.of_conversation(appeal.conversation_id)}
        named = dict.fromkeys(kept[: self.rules.attachments])
        return [attachment_of(known[file_id]) for file_id in named if file_id in known]

    async def _standing(self, appeal: AppealRecord, ticket: str) -> Standing:
        async with self.storage.read() as work:
            steps = passed(await work.appeals.steps(appeal.id))
            rated = await work.ratings.of_appeal(appeal.id)
        shown = view(appeal)
        today = self.clock.now().astimezone(ALMATY).date()
        coming = progress.ahead(shown, steps, self.knowledge.calendar, today)
        history = notices.history(self.knowledge, shown, steps)
        complaining = progress.may_complain(shown, today)
        return Standing(shown, history, coming, rated, ticket, complaining, appeal.answer_files)

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
