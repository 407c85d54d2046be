"""What storage keeps, as values. Repositories take and give these, never rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from appeals.appeal import Attachment, Draft
from appeals.calendar import Swap
from appeals.decisions import Character, Decision
from appeals.lifecycle import Status
from appeals.matters import Matter
from appeals.steps import Step
from dialogs.effects import PageKind
from dialogs.lifecycle import Phase
from dialogs.model import DialogState
from text.bilingual import Bilingual, Locale


class Author(StrEnum):
    """Who a message is from. A NOTE is for operators only: no channel ever delivers one."""

    CITIZEN = "citizen"
    BOT = "bot"
    OPERATOR = "operator"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a citizen is reached: `web` and a conversation id, `telegram` and a chat id."""

    channel: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its state. `version` 0 is not stored yet; `last_seq` numbers its messages.

    `holder` is the operator's id while one holds it. `queued_at` is set while it waits.
    """

    id: str
    address: Address
    state: DialogState
    created_at: datetime
    updated_at: datetime
    version: int = 0
    last_seq: int = 0
    holder: str | None = None
    queued_at: datetime | None = None
    urgent: bool = False
    reason: str = ""
    summary: str = ""
    contact: str = ""
    wait_offered: bool = False
    unreachable: bool = False

    @property
    def phase(self) -> Phase:
        """Who holds it."""
        return self.state.phase


def code_of(conversation_id: str) -> str:
    """A short name to say aloud; two conversations of a day hardly share one."""
    return conversation_id.replace("-", "")[-6:].upper()


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An acknowledged event that waits for its turn. `digest` tells a repetition from another body."""

    id: int
    conversation_id: str
    event_id: str
    payload: Mapping[str, Any]
    digest: str
    received_at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button with its words. `url` leads to a page of ours; it is made when the button is shown, and never stored."""

    label: str
    action: str
    arg: str = ""
    url: str = ""

    @property
    def id(self) -> str:
        """What a channel sends back: `action` or `action:arg`."""
        return f"{self.action}:{self.arg}" if self.arg else self.action


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply with its words, in one language (or both)."""

    text: str
    buttons: tuple[ShownButton, ...] = ()
    ask: str = "nothing"
    tone: str = "plain"
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the conversation as it was shown. `seq` counts from 1 within the conversation, without gaps.

    `event_id` is the citizen's event it belongs to: their own words and everything said within that turn.
    """

    conversation_id: str
    seq: int
    author: Author
    text: str
    at: datetime
    locale: Locale
    event_id: str | None = None
    buttons: tuple[ShownButton, ...] = ()
    ask: str = "nothing"
    tone: str = "plain"
    replaces: bool = False
    name: str = ""
    attachment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as its channel has it: the channel's own id, what the message asked for, whether the next may take its place."""

    external_id: str
    ask: str
    replaceable: bool


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """Why a turn went as it did; kept for the citizen's right to know and for reports."""

    conversation_id: str
    event_id: str
    at: datetime
    outcome: str
    route: str
    label: str
    confidence: float
    words: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """Somebody agreed, refused or withdrew. `text` is what was shown, word for word; empty for a withdrawal and for
    what was recorded before texts were kept. `actor`: `citizen`, the operator who recorded it at the desk, or `carried` for one that came
    along with a draft.
    `id` 0 is not stored yet.
    """

    conversation_id: str
    version: str
    given: bool
    locale: Locale
    at: datetime
    channel: str
    actor: str = "citizen"
    text: str = ""
    id: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal; empty without a text."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""


class SampleSource(StrEnum):
    """Who corrected the assistant."""

    CITIZEN = "citizen"
    OPERATOR = "operator"


class SampleState(StrEnum):
    """NEW and EXPORTED wait for a reviewer; ACCEPTED is training data; REJECTED keeps no text."""

    NEW = "new"
    EXPORTED = "exported"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class LearningSample:
    """The anonymised wording of a message that was misunderstood, kept with consent.

    `chosen` is the right label, None where only the wrong ones are known. `language`: kk, ru, mixed or other. `id` 0 is
    not stored yet; `conversation_id` is None once the conversation was erased.
    """

    conversation_id: str | None
    text: str
    guessed: tuple[str, ...]
    chosen: str | None
    source: SampleSource
    language: str
    locale: Locale
    day: date
    state: SampleState = SampleState.NEW
    id: int = 0


@dataclass(frozen=True, slots=True)
class OneTimePage:
    """A page on our own site that one person may use once. Its address is made of the id and the installation's key;
    only a digest of that is stored. `used_at` is None until then.

    `fingerprint` and `text`: of the draft to be signed, for a page that asks for a signature.
    """

    id: str
    token_hash: str
    conversation_id: str
    kind: PageKind
    locale: Locale
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    fingerprint: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """An appeal's ЭЦП: the text as it was shown, the CMS (DER) over its UTF-8 bytes, and what the verifier answered.

    `signer` is the certificate's common name. `appeal_id` is None until the appeal is filed.
    """

    id: str
    conversation_id: str
    text: str
    cms: bytes = field(repr=False)
    signer: str
    verification: Mapping[str, Any] = field(repr=False)
    signed_at: datetime
    appeal_id: str | None = None


class WithdrawalState(StrEnum):
    """OPEN waits for the organisation · STOPPED processing has ended · REFUSED with a reason the person was told."""

    OPEN = "open"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A consent taken back. `due`: the last day to stop processing or to refuse.

    `conversation_id` is None for a person the desk knows from elsewhere; `person` and `contact` are then as the desk wrote
    them, `reference` of the appeal it is about, if any. `channel`: where it was said, `desk` for one an operator took.
    """

    id: str
    conversation_id: str | None
    channel: str
    asked_at: datetime
    due: date
    person: str = ""
    contact: str = ""
    reference: str = ""
    state: WithdrawalState = WithdrawalState.OPEN
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""


class OutboxKind(StrEnum):
    """MESSAGE: deliver message `seq` of the conversation. APPEAL: hand an appeal's event to another system."""

    MESSAGE = "message"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to be done outside, at least once, in order within its `stream` (conversation, or system and appeal).

    `system`: the other system an appeal's event goes to. `unsure`: an earlier attempt may have got there. `last_error`:
    a code, perhaps with `: ` and a detail without personal data.
    """

    id: str
    kind: OutboxKind
    stream: str
    payload: Mapping[str, Any]
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    last_error: str = ""
    system: str = ""
    unsure: bool = False
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for one system ("" for citizens' channels): in turn, given up on, and since when the oldest."""

    system: str
    waiting: int
    dead: int
    oldest: datetime


class AttemptOutcome(StrEnum):
    """DELIVERED now · FOUND there after an unclear attempt · POSTPONED, certainly not taken · UNCLEAR whether taken ·
    REFUSED · DISCARDED by an operator."""

    DELIVERED = "delivered"
    FOUND = "found"
    POSTPONED = "postponed"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One line of the delivery log, without personal data. `event_at`: when the event happened. `ms`: how long it took."""

    message_id: str
    system: str
    appeal_id: str
    event: str
    event_at: datetime
    at: datetime
    attempt: int
    outcome: AttemptOutcome
    ms: int
    http_status: int | None = None
    error: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """An appeal as it is followed in another system. `sequence`: of the last report applied. `next_poll` None: not asked for."""

    appeal_id: str
    system: str
    external_id: str | None = None
    token: str | None = None
    sequence: int = 0
    next_poll: datetime | None = None
    polled_at: datetime | None = None
    error: str = ""


class ReportOutcome(StrEnum):
    """APPLIED · REPEATED, had before · STALE, a later one was applied · ENDED, the appeal was over · IMPOSSIBLE, no way
    leads there from where the appeal stands · UNANSWERED, an end without an answer · UNKNOWN, no such appeal ·
    MALFORMED, no report at all. The last two may come again, put right."""

    APPLIED = "applied"
    REPEATED = "repeated"
    STALE = "stale"
    ENDED = "ended"
    IMPOSSIBLE = "impossible"
    UNANSWERED = "unanswered"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """A report of an appeal's state that another system made, and what became of it. Holds none of its words."""

    system: str
    message_id: str
    received_at: datetime
    reference: str
    sequence: int
    status: str
    outcome: ReportOutcome
    appeal_id: str | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key to the published data. Kept hashed; `hint` is its beginning, by which people tell keys apart."""

    id: str
    name: str
    key_hash: str = field(repr=False)
    hint: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    used_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What is published of an appeal: no words of the citizen, no person, no address."""

    reference: str
    topic: str
    place: str | None
    body_name: str
    status: Status
    created_at: datetime
    updated_at: datetime
    due: date | None


@dataclass(frozen=True, slots=True)
class AppealRecord:
    """An appeal in our registry. `number` is the desk's registration number; `due` only once registered.

    `matter`: the public problem it reports together with others. `applicant_key` tells applicants apart and names nobody.
    executor_id: account of whoever considers it. reached_on: the day it reached the body it was forwarded to.
    fix_until, fix_asked: until when the citizen is asked to complete it, and what is asked for in words. decide_from:
    the first day for a burdensome act after the notice of a hearing. parent_id: the appeal this is a part of, or a
    complaint against.
    """

    id: str
    reference: str
    secret_hash: str
    conversation_id: str
    draft: Draft
    body_name: str
    locale: Locale
    status: Status
    synthetic: bool
    consent_version: str
    created_at: datetime
    updated_at: datetime
    version: int = 0
    number: str | None = None
    registered_on: date | None = None
    due: date | None = None
    due_article: str | None = None
    answer: str | None = None
    channel: str = ""
    matter: Matter | None = None
    applicant_key: str | None = None
    answer_files: tuple[Attachment, ...] = ()
    decision: Decision | None = None
    character: Character | None = None
    executor_id: str | None = None
    reached_on: date | None = None
    fix_until: date | None = None
    fix_asked: str = ""
    extended_on: date | None = None
    hearing_on: date | None = None
    hearing_where: str = ""
    decide_from: date | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many different people have an open appeal about a matter, and when the first of these was filed."""

    people: int
    first: datetime | None


@dataclass(frozen=True, slots=True)
class Follow:
    """A conversation that is told what becomes of a matter; appeals filed before `since` do not count."""

    id: str
    conversation_id: str
    matter: Matter
    since: datetime


@dataclass(frozen=True, slots=True)
class AppealStep:
    """A row of an appeal's history. `note` are the words for the citizen; `said` what the step itself says.

    `said` is None for filing, and for steps of a version this one does not know.
    """

    appeal_id: str
    at: datetime
    action: str
    status: Status
    actor: str
    note: str = ""
    said: Step | None = None


class Watched(StrEnum):
    """What of an appeal's terms is told. To officials: NEAR three working days before the end, LAST one, OVERDUE after it,
    UNFIXED when the citizen has not completed it in time, UNREGISTERED when nobody registered it in time. To the
    citizen: FIX_ENDING, SILENCE."""

    NEAR = "near"
    LAST = "last"
    OVERDUE = "overdue"
    UNFIXED = "unfixed"
    UNREGISTERED = "unregistered"
    FIX_ENDING = "fix_ending"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Workload:
    """How much one executor has to do; None for appeals that nobody has. Each is counted among the open ones, too."""

    executor_id: str | None
    open: int
    soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """A term that was told of, once; to whom follows from who has the appeal when they look.

    `due` is the day it was told for: a term that moves is told of again.
    """

    appeal_id: str
    what: Watched
    due: date
    at: datetime


@dataclass(frozen=True, slots=True)
class AppealRating:
    """What a citizen thinks of the answer to an appeal: `score` from 1 to 5, and a word if they like."""

    appeal_id: str
    score: int
    word: str
    at: datetime


class Role(StrEnum):
    """OPERATOR talks to citizens · EXECUTOR considers the appeals assigned to them · REGISTRAR runs the registry, and talks ·
    SUPERVISOR is the head: decides, sees all, reports · ADMINISTRATOR also manages accounts."""

    OPERATOR = "operator"
    EXECUTOR = "executor"
    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Operator:
    """An account of the console."""

    id: str
    login: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    must_change: bool = False
    active: bool = True
    post: Bilingual | None = None

    def with_post(self, locale: Locale) -> str:
        """The name as an official signs: with the post, where it is known."""
        return f"{self.name}, {self.post.of(locale)}" if self.post else self.name


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. Tokens are kept hashed; `csrf` is shown in forms."""

    token_hash: str
    operator_id: str
    csrf: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Examined:
    """A file as it may be kept: recognised by its content, without hidden data. `thumbnail`: a small JPEG of a picture."""

    media_type: str
    ending: str
    content: bytes
    thumbnail: bytes | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the citizen."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A receipt in words. `rows`: (name, value); `link`: what its QR code opens; `numbering` has {page} and {pages}."""

    locale: Locale
    title: str
    rows: tuple[tuple[str, str], ...]
    text_title: str
    text: str
    notes: tuple[str, ...]
    link: str
    watermark: str
    numbering: str


@dataclass(frozen=True, slots=True)
class SwapChange:
    """A swap of working days that a person put in force or took out of it, in place of what was shipped."""

    swap: Swap
    in_force: bool
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A citizen's file; its bytes lie in the file store under `sha256`, a small picture of it under `thumbnail`."""

    id: str
    conversation_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    thumbnail: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what to what, when. `action` is a stable dotted name, e.g. conversation.claimed."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str = ""
