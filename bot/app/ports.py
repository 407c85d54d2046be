"""What the use cases need of the world. Each Protocol states its errors and whether a call may be repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO, Protocol

from appeals.lifecycle import Status
from appeals.matters import Matter
from bot.app.records import (
    Address,
    ApiKey,
    AppealRating,
    AppealRecord,
    AppealStep,
    AuditRow,
    Backlog,
    CaseRecord,
    ConsentRecord,
    Conversation,
    Crowd,
    DecisionRecord,
    Delivered,
    DeliveryAttempt,
    Examined,
    Follow,
    InboxRow,
    LearningSample,
    Message,
    OneTimePage,
    Operator,
    OutboxRow,
    PublicCase,
    ReceiptPaper,
    Reminder,
    Rendered,
    ReportRecord,
    SampleState,
    Session,
    Signature,
    StoredFile,
    SwapChange,
    Watched,
    Withdrawal,
    Workload,
)
from bot.app.selection import Order, Position, Selection
from dialogs.events import Parse
from dialogs.lifecycle import Phase
from dialogs.replies import Say
from text.bilingual import Locale


class Clock(Protocol):
    """The only clock."""

    def now(self) -> datetime:
        """Aware, UTC."""


class Understanding(Protocol):
    """The NLU service."""

    async def parse(self, text: str) -> Parse | None:
        """How the text is understood; None when the service is slow, down or answers nonsense. Never raises."""

    @property
    def ready(self) -> bool:
        """Whether the last word of the service was good."""


class Renderer(Protocol):
    """Words for named texts."""

    def render(self, reply: Say, locale: Locale) -> Rendered:
        """The reply in the given language (in both, if it says so)."""


class Lock(Protocol):
    """Mutual exclusion between tasks and processes. It makes things quick; versions make them correct."""

    def hold(self, key: str, *, lifetime: timedelta, wait: timedelta) -> AbstractAsyncContextManager[None]:
        """Hold `key` for at most `lifetime`. Raises TimeoutError when it is not had within `wait`."""


class EventBus(Protocol):
    """Tells whoever listens now; nobody is owed anything. Messages are small JSON objects."""

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Tell all subscribers of `topic`. Never raises because of a broken connection: it is logged."""

    def subscribe(
        self, *topics: str
    ) -> AbstractAsyncContextManager[AsyncIterator[tuple[str, Mapping[str, Any]]]]:
        """(topic, message) pairs from now on. A subscriber that lags loses the oldest (its backlog is bounded)."""


class RateLimiter(Protocol):
    """Sliding or fixed windows by key."""

    async def hit(self, key: str, *, limit: int, window: timedelta) -> float | None:
        """Count one; None while within the limit, else the seconds until the next is allowed."""


class FileStore(Protocol):
    """Citizens' files by content hash."""

    def spool(self) -> AbstractContextManager[BinaryIO]:
        """Room on the store's disk for a file that is still arriving; gone at the end, whatever happens."""

    async def put(self, content: bytes) -> str:
        """Keep the bytes; gives the SHA-256 in hex. Repeatable."""

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises NotFound."""

    async def delete(self, sha256: str) -> None:
        """Forget the bytes; nothing happens if they are not there."""

    async def unsettled(self, age: timedelta) -> Sequence[str]:
        """The hashes put last at least so long ago and not settled since."""

    async def delete_stray(self, sha256: str, age: timedelta) -> bool:
        """Forget the bytes unless they have been settled or put again since then; gives whether they were there to forget."""

    async def settle(self, sha256: str) -> None:
        """Some file is known to have these bytes. Repeatable."""


class FileInspector(Protocol):
    """Tells what a file really is."""

    def examine(self, content: bytes) -> Examined:
        """The file as it may be kept; takes a core for up to seconds. Raises FileRefused."""


class ReceiptPrinter(Protocol):
    """Puts receipts on paper."""

    def print(self, paper: ReceiptPaper) -> bytes:
        """A PDF; the same paper gives the same bytes. Takes tenths of a second of a core."""


class Channel(Protocol):
    """A way to a citizen that has to be pushed to (the web widget fetches by itself)."""

    async def deliver(self, to: Address, message: Message, last: Delivered | None) -> str:
        """Send at least once; gives the channel's own id of the message. `last`: what the channel got before this one.

        Raises RecipientGone, RateLimited, ChannelUnavailable, MessageRefused.
        """


# --- storage ---------------------------------------------------------------------------------


class Conversations(Protocol):
    """Conversations and the citizens' tokens."""

    async def exists(self, conversation_id: str) -> bool: ...
    async def find(self, conversation_id: str) -> Conversation | None: ...
    async def find_by_address(self, address: Address) -> Conversation | None: ...
    async def find_waiting(
        self, conversation_id: str, limit: int
    ) -> tuple[Conversation, Sequence[InboxRow]] | None:
        """With the first events of its inbox that are not done, in order of arrival; None when there are none."""

    async def add(
        self, conversation: Conversation, token_hash: str | None, token_expires: datetime | None
    ) -> bool:
        """False when the address is taken already (somebody was quicker)."""

    async def save(self, conversation: Conversation, *, finished: int | None = None) -> Conversation:
        """Store with a version check; gives the stored one with its new version. `finished`: the row of the inbox whose
        turn this was. Raises StaleState."""

    async def token_expires(self, conversation_id: str, token_hash: str, now: datetime) -> datetime | None:
        """When it expires, if it is the conversation's token and has not expired yet."""

    async def keep_token(self, conversation_id: str, token_hash: str, until: datetime) -> None:
        """Let the conversation's token live on, if it is still this one."""

    async def queue(self) -> Sequence[Conversation]:
        """Waiting ones: urgent first, then the longest waiting."""

    async def position(self, conversation_id: str) -> int:
        """1 = next; 0 when it does not wait."""

    async def held_by(self, operator_id: str) -> Sequence[Conversation]: ...
    async def recent(
        self, *, phase: Phase | None, limit: int, before: datetime | None = None, code: str = ""
    ) -> Sequence[Conversation]:
        """By last change, newest first; with a code those that are called so (`code_of`), in any case of its letters."""

    async def waiting_since(self, before: datetime) -> Sequence[str]:
        """Ids of those queued before `before` that were not offered other ways yet."""

    async def idle_since(self, before: datetime, limit: int) -> Sequence[str]: ...


class Inbox(Protocol):
    """Acknowledged events, in order of arrival."""

    async def add(
        self, conversation_id: str, event_id: str, payload: Mapping[str, Any], digest: str, at: datetime
    ) -> InboxRow | None:
        """None when (conversation, event id) is there already. Raises NotFound for an unknown conversation."""

    async def find(self, conversation_id: str, event_id: str) -> InboxRow | None: ...
    async def finish(self, row_id: int) -> bool:
        """Mark done and forget the payload; False when it was done already."""

    async def forget(self, conversation_id: str) -> None:
        """Delete the done rows of the conversation."""

    async def conversations_with_pending(self, before: datetime, limit: int) -> Sequence[str]:
        """What a crash left behind."""


class Messages(Protocol):
    """What was said, as it was shown."""

    async def add(self, messages: Sequence[Message]) -> None: ...
    async def after(
        self, conversation_id: str, seq: int, limit: int, *, notes: bool = False
    ) -> Sequence[Message]:
        """Those with a larger seq, in order. Notes only where asked for."""

    async def of_event(self, conversation_id: str, event_id: str) -> Sequence[Message]:
        """What the assistant or operators said in the turn of that event (not the citizen's own line, no notes)."""

    async def has_event(self, conversation_id: str, event_id: str) -> bool:
        """Whether that event has left any line, notes and the citizen's own included."""

    async def get(self, conversation_id: str, seq: int) -> Message:
        """Raises NotFound."""

    async def erase(self, conversation_id: str) -> int:
        """Delete all of the conversation; gives how many there were."""

    async def set_external_id(self, conversation_id: str, seq: int, external_id: str) -> None: ...
    async def last_delivered(self, conversation_id: str, before_seq: int) -> Delivered | None:
        """The last message before `before_seq` that has an external id. It is replaceable if it `replaces` and is the one right
        before (notes apart)."""


class Outbox(Protocol):
    """What is to be done outside."""

    async def add(self, rows: Sequence[OutboxRow]) -> None: ...
    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxRow]:
        """Due rows, at most one a stream (its oldest unfinished), leased so that no other worker takes them; each
        counts as one more attempt."""

    async def done(self, row_id: str) -> None: ...
    async def retry(self, row_id: str, at: datetime, error: str, *, unsure: bool = False) -> None: ...
    async def bury(self, row_id: str, error: str, *, unsure: bool = False) -> None:
        """Never tried again by itself; shown to operators. An appeal's later events wait behind it."""

    async def revive(self, row_id: str, at: datetime, *, unsure: bool | None = None) -> bool:
        """`unsure` None: as it was."""

    async def hasten(self, system: str, at: datetime, *, later_than: datetime) -> int:
        """What waits for its next attempt longer than that is due at once; gives how much. What is unclear is left alone."""

    async def find(self, row_id: str) -> OutboxRow | None: ...
    async def dead(self, limit: int, system: str | None = None) -> Sequence[OutboxRow]: ...
    async def pending(self) -> int: ...
    async def backlog(self) -> Sequence[Backlog]:
        """By system; none for one that nothing waits for."""


class Deliveries(Protocol):
    """What went to other systems and what came back, without personal data."""

    async def log(self, attempt: DeliveryAttempt) -> None: ...
    async def attempts(
        self, limit: int, *, appeal_id: str | None = None, before: int | None = None
    ) -> Sequence[DeliveryAttempt]:
        """Newest first; `before` is the id of the last one seen."""

    async def last_success(self) -> Mapping[str, datetime]:
        """By system."""

    async def event(self, message_id: str) -> DeliveryAttempt | None:
        """The last attempt at one message."""

    async def case(self, appeal_id: str, system: str) -> CaseRecord | None: ...
    async def save_case(self, case: CaseRecord) -> None:
        """Insert or replace."""

    async def claim_cases(
        self, system: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[CaseRecord]:
        """Those to be asked for now, moved to `until` so that no other worker asks too."""

    async def report(self, system: str, message_id: str) -> ReportRecord | None: ...
    async def keep_report(self, report: ReportRecord) -> None:
        """Insert or replace."""

    async def reports(self, limit: int) -> Sequence[ReportRecord]:
        """Newest first."""

    async def expire(self, before: datetime) -> int:
        """Forget attempts and reports from before then; gives how many."""


class ApiKeys(Protocol):
    """Keys to the published data."""

    async def add(self, key: ApiKey) -> None: ...
    async def all(self) -> Sequence[ApiKey]:
        """Newest first."""

    async def find(self, key_hash: str) -> ApiKey | None:
        """Only one that is not revoked."""

    async def revoke(self, key_id: str, at: datetime) -> bool:
        """False when there is none to revoke."""

    async def used(self, key_id: str, on: date) -> None: ...


class Appeals(Protocol):
    """The registry."""

    async def next_number(self, year: int) -> int:
        """Counts from 1 each year. What is not committed gives its number back, to the next who asks: there are no gaps but
        those of transactions under way."""

    async def prepare_numbers(self, year: int) -> None:
        """Lay out a year's first ones, unless some are: those who file first then wait for nobody either."""

    async def add(self, appeal: AppealRecord, first: AppealStep | None = None) -> None:
        """A new one, with the first step of its history."""

    async def save(self, appeal: AppealRecord) -> AppealRecord:
        """With a version check. Raises StaleState."""

    async def get(self, appeal_id: str) -> AppealRecord:
        """Raises NotFound."""

    async def find_by_reference(self, reference: str) -> AppealRecord | None: ...
    async def of_conversation(self, conversation_id: str, limit: int) -> Sequence[AppealRecord]:
        """Newest first."""

    async def search(
        self,
        selection: Selection,
        order: Order,
        limit: int,
        *,
        after: Position | None = None,
        before: Position | None = None,
    ) -> Sequence[AppealRecord]:
        """The first ones behind `after`, or the last ones before `before`; always in the given order.

        Words may stand in the reference, number, applicant's name, addresses, body and text, in any form and with
        whatever letters; a whole reference finds that one alone, and words without a letter or digit find nothing."""

    async def page(
        self,
        selection: Selection,
        order: Order,
        limit: int,
        most: int,
        *,
        after: Position | None = None,
        before: Position | None = None,
    ) -> tuple[Sequence[AppealRecord], int]:
        """As `search` finds them, and how many the selection finds in all; `most` stands for as many and more."""

    async def counts(self, selections: Sequence[Selection], most: int) -> Sequence[int]:
        """How many each of them finds; `most` stands for as many and more."""

    async def reindex(self, limit: int) -> int:
        """Bring search terms of an older version up to date; gives how many were there to do. Repeatable."""

    async def children(self, appeal_id: str) -> Sequence[AppealRecord]:
        """Parts forwarded to others and complaints, in the order they were filed."""

    async def ending(
        self, first: date, last: date, *, what: Watched, after: tuple[date, str] | None, limit: int
    ) -> Sequence[AppealRecord]:
        """Open appeals due within the days, by (due, id), that nobody was reminded of as `what` for that term.

        `after`: due and id of the last one of the page before."""

    async def mending(
        self, first: date, last: date, *, what: Watched, after: tuple[date, str] | None, limit: int
    ) -> Sequence[AppealRecord]:
        """The same of appeals that wait for the citizen until a day within the days, by (fix_until, id)."""

    async def unregistered(
        self, received_by: datetime, *, what: Watched, limit: int
    ) -> Sequence[AppealRecord]:
        """New appeals received until that moment that nobody was reminded of as `what`, the oldest first.

        Not those another system has: whether it has registered them is for that to tell, and many never do."""

    async def remind(self, reminder: Reminder) -> bool:
        """Keep that somebody is told of a term; False when they were told before."""

    async def reminders(
        self, *, executor_id: str, unassigned: bool, overdue: bool, limit: int
    ) -> Sequence[tuple[Reminder, AppealRecord]]:
        """To officials, newest first and UNREGISTERED last, of open appeals whose term is still the one told of.

        Appeals of that executor, those nobody considers if `unassigned`, and all that are late if `overdue`."""

    async def published(
        self,
        topics: Sequence[str],
        *,
        limit: int,
        references: Sequence[str] | None = None,
        statuses: Sequence[Status] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[PublicCase]:
        """Real appeals on those topics by time of filing, newest first, without anything about a person."""

    async def same_matter(
        self, matter: Matter, *, since: datetime, except_of: str = "", synthetic: bool = True
    ) -> Crowd:
        """Open appeals about a matter filed from `since` on; without those of a conversation, and made-up ones if so said.
        A street compares with the same street and with none."""

    async def count_matter(self, matter: Matter, first: datetime, last: datetime) -> int:
        """Appeals about a matter filed within the times, whatever became of them."""

    async def add_step(self, step: AppealStep) -> None: ...
    async def steps(self, appeal_id: str) -> Sequence[AppealStep]: ...
    async def last_steps(self, appeal_ids: Collection[str]) -> Mapping[str, AppealStep]:
        """The newest step of each, by the appeal's id."""

    async def workload(self, today: date, soon: date) -> Sequence[Workload]:
        """Open appeals by executor; soon: due from today to that day, overdue: before today. Whoever has none is not
        there. A reader's may be some seconds old where another process changed them."""


class Ratings(Protocol):
    """What citizens think of the answers to their appeals; one voice an appeal, the last word counts."""

    async def put(self, rating: AppealRating) -> None: ...
    async def of_appeal(self, appeal_id: str) -> AppealRating | None: ...
    async def counts(self, since: datetime) -> Mapping[int, int]:
        """Score -> how many appeals."""

    async def lowest(self, since: datetime, limit: int) -> Sequence[tuple[AppealRating, str]]:
        """The least content first, then the newest; with the appeal's reference."""


class Consents(Protocol):
    """Who agreed to which text when. Rows and texts are never changed: the database refuses it."""

    async def add(self, consent: ConsentRecord) -> None: ...
    async def of_conversation(self, conversation_id: str) -> Sequence[ConsentRecord]:
        """Oldest first."""

    async def newest(
        self, *, conversations: Sequence[str] | None, limit: int, before: int | None = None
    ) -> Sequence[ConsentRecord]:
        """Newest first, of all conversations (None) or of some; `before` is the id of the last one of the page before."""


class Pages(Protocol):
    """One-time pages."""

    async def add(self, page: OneTimePage) -> None:
        """An earlier page of the same kind and conversation is forgotten: only the newest address works. Links that drafts
        go on by are forgotten once expired: each draft knows its newest."""

    async def find(self, token_hash: str) -> OneTimePage | None: ...
    async def use(self, page_id: str, at: datetime) -> bool:
        """False when somebody was quicker."""

    async def forget(self, conversation_id: str) -> None:
        """All pages of the conversation."""


class Follows(Protocol):
    """Who follows which common matter."""

    async def add(self, follow: Follow) -> Follow:
        """The one that is kept: a conversation follows a matter once."""

    async def of_conversation(self, conversation_id: str) -> Sequence[Follow]:
        """The longest followed first."""

    async def of_matter(self, matter: Matter, filed_at: datetime) -> Sequence[Follow]:
        """Those an appeal about that matter, filed then, concerns."""

    async def end(self, conversation_id: str, follow_id: str) -> None:
        """Nothing happens when there is none."""


class Withdrawals(Protocol):
    """Consents taken back, until the organisation has answered, and after."""

    async def add(self, withdrawal: Withdrawal) -> None: ...
    async def get(self, withdrawal_id: str) -> Withdrawal:
        """Raises NotFound."""

    async def decide(self, withdrawal: Withdrawal) -> bool:
        """Store state, time, person and reason; False when it was not open any more."""

    async def open(self, limit: int) -> Sequence[Withdrawal]:
        """The most urgent first."""

    async def decided(self, limit: int) -> Sequence[Withdrawal]:
        """Newest decisions first."""

    async def of_conversation(self, conversation_id: str) -> Sequence[Withdrawal]:
        """Oldest first."""


class Signatures(Protocol):
    """Signatures by ЭЦП, with all that proves them."""

    async def add(self, signature: Signature) -> None: ...
    async def attach(self, signature_id: str, appeal_id: str) -> None:
        """It is that appeal's from now on. Raises NotFound for an unknown one or one attached already."""

    async def of_appeal(self, appeal_id: str) -> Signature | None: ...
    async def of_conversation(self, conversation_id: str) -> Sequence[Signature]: ...
    async def forget(self, conversation_id: str) -> None:
        """Those that no appeal was filed with."""


class Feedback(Protocol):
    """Counts without persons."""

    async def answer_rated(self, slug: str, *, helpful: bool, locale: Locale, at: datetime) -> None: ...
    async def guess_corrected(
        self, guessed: Sequence[str], chosen: str | None, locale: Locale, at: datetime
    ) -> None: ...
    async def corrections(self) -> Sequence[tuple[Sequence[str], str | None, int]]:
        """(guessed, chosen, how often), most often first."""

    async def ratings(self) -> Mapping[str, tuple[int, int]]:
        """slug -> (helpful, not helpful)."""


class Samples(Protocol):
    """Wordings that may teach the assistant once a person has accepted them."""

    async def add(self, sample: LearningSample) -> None: ...
    async def waiting(self, *, exported: bool) -> Sequence[LearningSample]:
        """Nobody has decided on these: the new ones, and where asked for those exported before. In order of arrival."""

    async def mark(self, ids: Sequence[int], state: SampleState) -> Sequence[int]:
        """The ids that were still waiting and are now `state`. REJECTED erases the text."""

    async def forget(self, conversation_id: str) -> int:
        """Delete the conversation's samples; accepted ones stay, without the conversation. Gives how many are gone."""

    async def of_conversation(self, conversation_id: str) -> Sequence[LearningSample]:
        """In order of arrival."""

    async def expire(self, before: date) -> int:
        """Delete what waits since before that day; gives how many."""


class Decisions(Protocol):
    """Reasons of turns."""

    async def add(self, decision: DecisionRecord) -> None: ...
    async def of_conversation(self, conversation_id: str, limit: int) -> Sequence[DecisionRecord]:
        """Newest first."""

    async def erase(self, conversation_id: str) -> None:
        """Delete all of the conversation."""

    async def of_event(self, conversation_id: str, event_id: str) -> DecisionRecord | None:
        """The first reason of the turn of that event."""

    async def outcomes(self, since: datetime) -> Mapping[str, int]: ...


class Operators(Protocol):
    """Accounts and sessions of the console."""

    async def count(self) -> int: ...
    async def add(self, operator: Operator) -> bool:
        """False when the login is taken."""

    async def save(self, operator: Operator) -> None: ...
    async def find(self, operator_id: str) -> Operator | None: ...
    async def find_by_login(self, login: str) -> Operator | None: ...
    async def all(self) -> Sequence[Operator]: ...
    async def open_session(self, session: Session) -> None: ...
    async def find_session(self, token_hash: str, now: datetime) -> Session | None: ...
    async def close_session(self, token_hash: str) -> None: ...
    async def close_sessions_of(self, operator_id: str) -> None: ...


class SwapChanges(Protocol):
    """What people changed of the moved working days."""

    async def put(self, change: SwapChange) -> None:
        """In place of an earlier change of the same swap."""

    async def all(self) -> Sequence[SwapChange]:
        """By the free day."""


class Searches(Protocol):
    """The words of registry searches, kept for as long as somebody leafs through what was found."""

    async def add(self, search_id: str, operator_id: str, words: str, at: datetime) -> None: ...
    async def find(self, search_id: str, operator_id: str) -> str | None:
        """None for another's."""

    async def expire(self, before: datetime) -> int: ...


class Files(Protocol):
    """Metadata of citizens' files."""

    async def add(self, file: StoredFile) -> None: ...
    async def find(self, file_id: str) -> StoredFile | None: ...
    async def of_conversation(self, conversation_id: str) -> Sequence[StoredFile]: ...
    async def delete(self, file_id: str) -> Sequence[str]:
        """The hashes, of the file and its thumbnail, that no other file has any more: their bytes may be deleted."""

    async def is_held(self, sha256: str) -> bool:
        """Whether some file or thumbnail has that hash."""


class Audit(Protocol):
    """Who did what."""

    async def add(self, row: AuditRow) -> None: ...
    async def newest(self, limit: int) -> Sequence[AuditRow]: ...


class UnitOfWork(Protocol):
    """One transaction. What is not committed did not happen."""

    conversations: Conversations
    inbox: Inbox
    messages: Messages
    outbox: Outbox
    appeals: Appeals
    ratings: Ratings
    consents: Consents
    pages: Pages
    signatures: Signatures
    withdrawals: Withdrawals
    feedback: Feedback
    follows: Follows
    samples: Samples
    decisions: Decisions
    deliveries: Deliveries
    api_keys: ApiKeys
    operators: Operators
    swap_changes: SwapChanges
    searches: Searches
    files: Files
    audit: Audit

    async def commit(self) -> None:
        """Raises StaleState when a version check fails now."""


class Storage(Protocol):
    """Opens transactions."""

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that may write; rolled back unless committed."""

    def single(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """One for a single statement that writes: it stands as soon as it is made, and needs no commit."""

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """One that only reads and never waits for writers."""

    async def healthy(self) -> bool:
        """Whether the database answers."""
