"""One message, from arrival to answer: inbox, understanding, one step in one transaction, delivery.

The order is fixed: the inbox row is committed before the channel acknowledges; understanding is asked outside lock and
transaction; then one transaction loads, steps, saves with a version check and stores every message and outbox row.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from appeals.appeal import Attachment
from appeals.identifiers import mask_phone
from appeals.reference import find_reference, normalise_secret
from appeals.steps import Supplement
from bot.app import codec
from bot.app.effects import Effects
from bot.app.errors import EventConflict, NoRoom, NotFound, NotPermitted, StaleState
from bot.app.links import Links
from bot.app.ports import Clock, EventBus, Lock, Renderer, Storage, Understanding, UnitOfWork
from bot.app.records import (
    Address,
    Author,
    Conversation,
    DecisionRecord,
    InboxRow,
    Message,
    OutboxKind,
    OutboxRow,
    ShownButton,
)
from bot.app.seal import Seal
from bot.app.uploads import Uploads
from dialogs import events
from dialogs.emergency import detect
from dialogs.engine import Engine
from dialogs.events import CitizenEvent, Clause, Event, UserSaid
from dialogs.forms import PERSONAL
from dialogs.lifecycle import Phase
from dialogs.messages import msg
from dialogs.model import DialogState, Turn
from dialogs.named import named
from dialogs.privacy import redact
from dialogs.replies import Relay, Reply, Say, say
from dialogs.routing import LONGEST_ANSWER, STORY_STEPS, SUPPLEMENT
from dialogs.rules import Rules
from dialogs.scenarios import carry
from faq.rank import Ranker
from text.bilingual import Locale
from text.clauses import clauses
from text.cleaning import clean
from text.words import words

log = structlog.get_logger()

ABROAD = frozenset({"telegram"})
"""Channels whose messages pass through servers of another country."""
PUSHED = frozenset({"telegram"})
"""Channels whose messages have to be sent; the others fetch."""
ATTEMPTS = 5
WITH_THE_NEXT = 2
"""Rows of the inbox: the one to work, and the one that tells whether there is more."""
WOKEN_AT_ONCE = 20
LINES_OF_A_TURN = 5
LOCK_LIFETIME = timedelta(seconds=30)
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new web conversation; the token is told once."""

    conversation_id: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Worked:
    """The conversation after an event's turn, the last sequence number before it, what the citizen was told in it,
    whether another event waits, what the citizen has changed of their appeals, and whose drafts they have taken over."""

    event_id: str
    conversation: Conversation
    seq_before: int
    said: tuple[Message, ...]
    more: bool
    changed: tuple[events.AppealChanged, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversations:
    """Every way into and through a conversation."""

    storage: Storage
    engine: Engine
    effects: Effects
    understanding: Understanding
    ranker: Ranker
    renderer: Renderer
    uploads: Uploads
    seal: Seal
    links: Links
    locks: Lock
    bus: EventBus
    clock: Clock
    rules: Rules
    new_id: Callable[[], str]

    # --- arrival -----------------------------------------------------------------------------

    async def open(self, channel: str, locale: Locale | None) -> Opened:
        """Begin a conversation of a channel that fetches; the welcome is already said when this returns."""
        now, token, conversation_id = self.clock.now(), secrets.token_urlsafe(32), self.new_id()
        expires = now + self.rules.conversation_token
        conversation = Conversation(
            conversation_id, Address(channel, conversation_id), DialogState(), now, now
        )
        async with self.storage.write() as work:
            await work.conversations.add(conversation, self.seal.of(token), expires)
            await self.enqueue(work, conversation_id, events.Started(self.new_id(), now, locale), "")
            await work.commit()
        await self.process(conversation_id)
        return Opened(conversation_id, token, expires)

    async def authenticate(self, conversation_id: str, token: str) -> None:
        """Raises NotFound for an unknown conversation, NotPermitted for another's or an expired token.

        A token in use lives on: an appeal under way outlasts any one lifetime.
        """
        now, sealed = self.clock.now(), self.seal.of(token)
        async with self.storage.read() as work:
            expires = await work.conversations.token_expires(conversation_id, sealed, now)
            if expires is None and not await work.conversations.exists(conversation_id):
                raise NotFound(conversation_id)
        if expires is None:
            raise NotPermitted("the token does not fit")
        if expires - now < self.rules.conversation_token / 2:
            await self._keep_token(conversation_id, sealed, now + self.rules.conversation_token)

    async def _keep_token(self, conversation_id: str, sealed: str, until: datetime) -> None:
        """Reading must not fail where this cannot be written: the next request tries again."""
        try:
            async with self.storage.write() as work:
                await work.conversations.keep_token(conversation_id, sealed, until)
                await work.commit()
        except (NoRoom, StaleState, TimeoutError, OSError) as error:
            log.warning("token.not_kept", conversation=conversation_id, error=type(error).__name__)

    async def at_address(self, address: Address, locale: Locale | None = None) -> str:
        """The conversation at a channel's address, begun when there is none."""
        async with self.storage.read() as work:
            found = await work.conversations.find_by_address(address)
        if found is not None:
            return found.id
        now = self.clock.now()
        conversation = Conversation(self.new_id(), address, DialogState(locale=locale), now, now)
        async with self.storage.write() as work:
            if await work.conversations.add(conversation, None, None):
                await work.commit()
                return conversation.id
        async with self.storage.read() as work:
            taken = await work.conversations.find_by_address(address)
        if taken is None:
            raise NotFound("the address was taken and is free again")
        return taken.id

    async def mark_reachable(self, address: Address, reachable: bool) -> None:
        """Whether messages still get to an address: a citizen may block the channel, and let it back in."""
        async with self.storage.write() as work:
            found = await work.conversations.find_by_address(address)
            if found is None or found.unreachable is not reachable:
                return
            try:
                await work.conversations.save(replace(found, unreachable=not reachable))
                await work.commit()
            except StaleState:
                log.info("conversation.still_active", conversation=found.id)

    async def receive(self, conversation_id: str, event: CitizenEvent, digest: str) -> bool:
        """Acknowledgeable once this returns. False: the same event came before. Raises EventConflict, NotFound."""
        return await self._received(conversation_id, event, digest) is not None

    async def _received(self, conversation_id: str, event: CitizenEvent, digest: str) -> InboxRow | None:
        async with self.storage.single() as work:
            return await self.enqueue(work, conversation_id, event, digest)

    async def enqueue(
        self, work: UnitOfWork, conversation_id: str, event: Event, digest: str
    ) -> InboxRow | None:
        """Put an event into the inbox within the caller's transaction. None: it is there. Raises EventConflict,
        NotFound."""
        if isinstance(event, UserSaid):
            event = replace(event, text=clean(event.text))
        if isinstance(event, events.Started) and carry.is_key(event.payload):
            event = replace(event, payload=self.links.digest(event.payload))
        row = await work.inbox.add(conversation_id, event.id, codec.to_json(event), digest, self.clock.now())
        if row is None:
            known = await work.inbox.find(conversation_id, event.id)
            if known is not None and known.digest != digest:
                raise EventConflict(event.id)
        return row

    async def exchange(self, conversation_id: str, event: CitizenEvent, digest: str) -> tuple[Message, ...]:
        """Receive, work off, and give what was said within that turn; a repetition gets the same answer."""
        row = await self._received(conversation_id, event, digest)
        said: Sequence[Message] | None = None
        async for worked in self._work_off(conversation_id, None if isinstance(event, UserSaid) else row):
            if worked.event_id == event.id:
                said = worked.said
        if said is None:  # it came before, or another worked it
            async with self.storage.read() as work:
                said = await work.messages.of_event(conversation_id, event.id)
        return tuple(map(self.links.shown, said))

    async def messages(self, conversation_id: str, after: int = 0, limit: int = 200) -> tuple[Message, ...]:
        """What was said after sequence number `after`; internal notes never."""
        async with self.storage.read() as work:
            said = await work.messages.after(conversation_id, after, limit)
        return tuple(map(self.links.shown, said))

    async def accept_file(
        self, conversation_id: str, name: str, chunks: AsyncIterable[bytes]
    ) -> tuple[Attachment | None, str]:
        """Keep a citizen's file; (None, why) when it is refused. The channel then sends a FileSent event with both."""
        return await self.uploads.accept(conversation_id, name, chunks)

    # --- working the inbox -------------------------------------------------------------------

    async def process(self, conversation_id: str) -> None:
        """Work the conversation's inbox off, in the order of arrival. What fails for outer reasons waits for the sweep."""
        async for _ in self._work_off(conversation_id):
            pass

    async def wake(self, conversation_ids: Sequence[str]) -> None:
        """Work off what was put into these inboxes; of many the sweep takes the rest."""
        for conversation_id in conversation_ids[:WOKEN_AT_ONCE]:
            await self.process(conversation_id)

    async def _understood(self, event: Event, state: DialogState, shown: Sequence[ShownButton]) -> Event:
        if not isinstance(event, UserSaid) or state.phase is Phase.WITH_OPERATOR or not event.text.strip():
            return event
        if button := _named(event, state, shown):
            return events.ButtonPressed(event.id, event.at, button.action, button.arg, event.text)
        if state.form is not None and state.form.step in PERSONAL - {"phone"}:
            return event
        parse = await self.understanding.parse(event.text)
        if parse is not None:
            return replace(event, parse=parse, clauses=await self._clauses(event.text, state))
        return replace(event, hits=tuple(hit.slug for hit in self.ranker.rank(event.text)))

    async def _shown_last(self, work: UnitOfWork, conversation: Conversation) -> Sequence[ShownButton]:
        """The buttons of the last turn; those that lead to a page can only be tapped."""
        before = conversation.last_seq - LINES_OF_A_TURN
        lines = [
            self.links.shown(line)
            for line in await work.messages.after(conversation.id, before, LINES_OF_A_TURN)
        ]
        turn = [line for line in lines if line.event_id == lines[-1].event_id]
        return [button for line in turn for button in line.buttons if not button.url]

    async def _clauses(self, text: str, state: DialogState) -> tuple[Clause, ...]:
        """The parts of a story that tells of more than one matter, each understood by itself; empty for all else."""
        parts = clauses(text)
        if len(parts) == 1 or not (state.form is None or state.form.step in STORY_STEPS):
            return ()
        parses = [await self.understanding.parse(part) for part in parts]
        return tuple(Clause(part, parse) for part, parse in zip(parts, parses, strict=True) if parse)

    async def _work_off(self, conversation_id: str, arrived: InboxRow | None = None) -> AsyncIterator[Worked]:
        """Each event that is worked here, or apologised for; those that another worked are passed over. `arrived`: one
        that needs no understanding, and is not looked for first."""
        failures = 0
        while failures < ATTEMPTS:
            row, arrived = arrived, None
            try:
                if row is not None:
                    event = codec.from_json(row.payload)
                else:
                    async with self.storage.read() as work:
                        found = await work.conversations.find_waiting(conversation_id, 1)
                        if found is None:
                            return
                        conversation, (row,) = found
                        event = codec.from_json(row.payload)
                        shown = (
                            await self._shown_last(work, conversation) if isinstance(event, UserSaid) else ()
                        )
                    event = await self._understood(event, conversation.state, shown)
                async with self._alone(conversation_id):
                    worked = await self._work_row_once(conversation_id, row, event)
            except StaleState:
                failures += 1
                continue
            except (TimeoutError, OSError, NoRoom):
                log.warning("event.postponed", conversation=conversation_id)
                return
            except Exception as error:
                if row is None:
                    raise
                log.exception("event.failed", conversation=conversation_id, error=type(error).__name__)
                worked = await self._apologise(conversation_id, row)
            failures = 0
            if worked is None:
                continue
            await self._announce(worked.conversation, worked.seq_before)
            await self._tell_the_desk(worked.changed)
            await self._tell_those_left(worked.left)
            yield worked
            if not worked.more:
                return
        log.warning("event.contended", conversation=conversation_id)

    def _alone(self, conversation_id: str) -> AbstractAsyncContextManager[None]:
        return self.locks.hold(f"conversation:{conversation_id}", lifetime=LOCK_LIFETIME, wait=LOCK_LIFETIME)

    async def _work_row_once(self, conversation_id: str, row: InboxRow, event: Event) -> Worked | None:
        """None when the row's turn is over. One that arrives meanwhile is worked by whoever received it."""
        async with self.storage.write() as work:
            found = await work.conversations.find_waiting(conversation_id, WITH_THE_NEXT)
            if found is None or found[1][0].id != row.id:
                return None
            conversation, (_, *others) = found
            event = _in_its_album(event, *others)
            before = conversation.last_seq
            if isinstance(event, CitizenEvent):
                conversation = replace(conversation, unreachable=False)
            line = _citizens_line(conversation, event)
            conversation, said, happened = await self._turn(work, conversation, event, line, row)
            await work.commit()
        changed = tuple(one for one in happened if isinstance(one, events.AppealChanged) and one.own)
        left = tuple(one.source for one in happened if isinstance(one, events.DraftTaken))
        return Worked(event.id, conversation, before, said, more=bool(others), changed=changed, left=left)

    async def apply(
        self,
        conversation_id: str,
        event: Event,
        guard: Callable[[Conversation], Conversation],
        also: Callable[[UnitOfWork], Awaitable[None]],
    ) -> Conversation:
        """Let an operator's or the registry's event take effect, after `guard` has allowed and prepared it. One that has
        left words already changes nothing.

        `also` writes in the same transaction: an audit row, an appeal.
        """
        async with (
            self._alone(conversation_id),
            self.storage.write() as work,
        ):
            conversation = guard(await self._get(work, conversation_id))
            if await work.messages.has_event(conversation_id, event.id):
                return conversation
            before = conversation.last_seq
            conversation, *_ = await self._turn(work, conversation, event)
            await also(work)
            await work.commit()
        await self._announce(conversation, before)
        return conversation

    async def report(
        self, conversation_id: str, prepare: Callable[[UnitOfWork], Awaitable[Event]]
    ) -> Conversation:
        """Let what `prepare` writes to the registry be told to the citizen, in the same transaction."""
        async with self._alone(conversation_id), self.storage.write() as work:
            event = await prepare(work)
            conversation = await self._get(work, conversation_id)
            before = conversation.last_seq
            conversation, *_ = await self._turn(work, conversation, event)
            await work.commit()
        await self._announce(conversation, before)
        return conversation

    async def announce(self, conversation: Conversation) -> None:
        """Wake whoever waits for news of this conversation."""
        await self._announce(conversation, -1)

    async def _get(self, work: UnitOfWork, conversation_id: str) -> Conversation:
        found = await work.conversations.find(conversation_id)
        if found is None:
            raise NotFound(conversation_id)
        return found

    async def _turn(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        event: Event,
        line: Message | None = None,
        row: InboxRow | None = None,
    ) -> tuple[Conversation, tuple[Message, ...], Sequence[Event]]:
        """The conversation after it, what was said to the citizen, whose own `line` comes before that, and all that
        happened: the event and what came of its effects. `row`: where in the inbox it has waited."""
        waiting: deque[Event] = deque([event])
        happened: list[Event] = []
        said: list[Message] = []
        unsaved: list[Message] = []
        if line is not None:
            unsaved.append(line)
            conversation = replace(conversation, last_seq=line.seq)
        while waiting:
            current = waiting.popleft()
            happened.append(current)
            state = replace(conversation.state, abroad=conversation.address.channel in ABROAD)
            turn = self.engine.step(state, current)
            conversation = replace(conversation, state=turn.state, updated_at=event.at)
            lines = self._lines(conversation, turn.replies, event)
            said += lines
            unsaved += lines
            conversation = replace(conversation, last_seq=conversation.last_seq + len(lines))
            await self._keep_reasons(work, conversation, turn, current)
            for effect in turn.effects:
                # An effect may look for what was said before, or erase it.
                await self._keep(work, conversation, unsaved)
                unsaved.clear()
                done = await self.effects.carry_out(work, conversation, effect, event)
                conversation = done.conversation
                if done.elsewhere is not None:
                    await self._turn(work, *done.elsewhere)
                if done.result is not None:
                    waiting.append(done.result)
        await self._keep(work, conversation, unsaved)
        if conversation.phase is not Phase.QUEUED and conversation.queued_at is not None:
            conversation = replace(conversation, queued_at=None, urgent=False)
        saved = await work.conversations.save(conversation, finished=row.id if row else None)
        return saved, tuple(said), happened

    def _lines(self, conversation: Conversation, replies: Sequence[Reply], event: Event) -> list[Message]:
        first = conversation.last_seq + 1
        return [self._message(conversation, seq, reply, event) for seq, reply in enumerate(replies, first)]

    async def _keep(self, work: UnitOfWork, conversation: Conversation, lines: Sequence[Message]) -> None:
        """Store what was said, and have it brought to citizens whose channel does not fetch."""
        await work.messages.add(lines)
        if conversation.address.channel not in PUSHED or conversation.unreachable:
            return
        await work.outbox.add(
            [
                OutboxRow(
                    self.new_id(),
                    OutboxKind.MESSAGE,
                    f"conversation:{conversation.id}",
                    {"conversation": conversation.id, "seq": line.seq},
                    line.at,
                    line.at,
                )
                for line in lines
                if line.author is not Author.CITIZEN
            ]
        )

    def _message(self, conversation: Conversation, seq: int, reply: Reply, event: Event) -> Message:
        locale = conversation.state.speaks
        match reply:
            case Relay(operator=name, text=text):
                return Message(
                    conversation.id, seq, Author.OPERATOR, text, event.at, locale, event.id, name=name
                )
            case Say():
                shown = self.renderer.render(reply, locale)
                return Message(
                    conversation.id,
                    seq,
                    Author.BOT,
                    shown.text,
                    event.at,
                    locale,
                    event.id,
                    shown.buttons,
                    shown.ask,
                    shown.tone,
                    shown.replaces,
                    attachment_id=reply.document,
                )
            case _:
                assert_never(reply)

    async def _keep_reasons(
        self, work: UnitOfWork, conversation: Conversation, turn: Turn, event: Event
    ) -> None:
        decision = turn.decision
        if decision is None:
            return
        language = event.parse.language.code if isinstance(event, UserSaid) and event.parse else ""
        await work.decisions.add(
            DecisionRecord(
                conversation.id,
                event.id,
                event.at,
                turn.outcome.value,
                decision.route,
                decision.label,
                decision.confidence,
                decision.words,
                language,
            )
        )

    async def _announce(self, conversation: Conversation, seq_before: int) -> None:
        if conversation.last_seq != seq_before:
            await self.bus.publish(f"conversation:{conversation.id}", {"seq": conversation.last_seq})
            if conversation.address.channel in PUSHED:
                await self.bus.publish("outbox", {})
        what = {
            Phase.QUEUED: "queued",
            Phase.WITH_OPERATOR: "message",
            Phase.CLOSED: "closed",
            Phase.BOT: "bot",
        }[conversation.phase]
        await self.bus.publish("console", {"conversation": conversation.id, "what": what})

    async def _tell_the_desk(self, changed: Sequence[events.AppealChanged]) -> None:
        """Open pages hear of what citizens do to their appeals."""
        for one in changed:
            async with self.storage.read() as work:
                appeal = await work.appeals.find_by_reference(one.appeal.reference)
            if appeal is not None:
                await self.bus.publish(
                    "appeals", {"appeal": appeal.id, "added": isinstance(one.step, Supplement)}
                )

    async def _tell_those_left(self, conversation_ids: Sequence[str]) -> None:
        """The conversations a draft was taken from have news, too."""
        for conversation_id in conversation_ids:
            async with self.storage.read() as work:
                conversation = await self._get(work, conversation_id)
            await self.announce(conversation)

    async def _apologise(self, conversation_id: str, row: InboxRow) -> Worked | None:
        """Something broke on our side: the citizen hears so, the conversation goes on with the next event."""
        async with self._alone(conversation_id), self.storage.write() as work:
            if not await work.inbox.finish(row.id):
                return None
            event = codec.from_json(row.payload)
            conversation = await self._get(work, conversation_id)
            before = conversation.last_seq
            line = _citizens_line(conversation, event)
            conversation = replace(conversation, last_seq=line.seq if line else before)
            said = self._lines(conversation, (say(msg("input.our_fault")),), event)
            conversation = replace(conversation, last_seq=said[-1].seq)
            await self._keep(work, conversation, [*([line] if line else []), *said])
            conversation = await work.conversations.save(conversation)
            await work.commit()
        return Worked(event.id, conversation, before, tuple(said), more=True)


def _in_its_album(event: Event, following: InboxRow | None = None) -> Event:
    """A file knows whether the next one of its album waits behind it."""
    if not isinstance(event, events.FileSent) or not event.album:
        return event
    return replace(event, more=following is not None and following.payload.get("album") == event.album)


def _named(said: UserSaid, state: DialogState, shown: Sequence[ShownButton]) -> ShownButton | None:
    """The button whose label these words are. Where a form asks, fewer words may be its answer; danger is heard first."""
    if said.edited or detect(said.text):
        return None
    asked = state.awaits or (state.form is not None and state.form.step not in STORY_STEPS)
    number = named(said.text, [button.label for button in shown], in_part=not asked)
    return None if number is None else shown[number]


def _citizens_line(conversation: Conversation, event: Event) -> Message | None:
    text = _spoken(event, conversation.state)
    if text is None:
        return None
    file_id = event.attachment.id if isinstance(event, events.FileSent) and event.attachment else None
    return Message(
        conversation.id,
        conversation.last_seq + 1,
        Author.CITIZEN,
        text,
        event.at,
        conversation.state.speaks,
        event.id,
        attachment_id=file_id,
    )


def _spoken(event: Event, state: DialogState) -> str | None:
    """The citizen's line as it is kept: personal fields hidden, numbers masked; None for events without words."""
    alone = state.phase in (Phase.BOT, Phase.CLOSED)
    match event:
        case events.ButtonPressed(said=""):
            return None
        case UserSaid(text=text) | events.ButtonPressed(said=text):
            field = alone and state.form is not None and state.form.step in PERSONAL
            answer = state.awaits in ("contact", SUPPLEMENT) or (
                state.awaits == "reference" and len(words(text)) <= LONGEST_ANSWER
            )
            secret = find_reference(text) and any(normalise_secret(word) for word in text.split())
            return HIDDEN if field or answer or secret else redact(text)
        case events.ContactShared(phone=phone):
            return mask_phone(phone)
        case events.PlaceShared(lat=lat, lon=lon):
            return f"📍 {lat:.3f}, {lon:.3f}"
        case events.FileSent(attachment=attachment, caption=caption):
            return redact(f"📎 {attachment.name if attachment else '✕'} {caption}".strip())
        case events.Unsupported(kind=kind):
            return f"[{kind}]"
        case _:
            return None
