"""Everything that can happen to a conversation, as values. The shell makes them; the engine reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from appeals.appeal import Attachment, Draft
from appeals.decisions import Character, Decision
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.matters import Matter
from appeals.steps import Step
from dialogs.effects import DataCategory, PageKind, Recall
from dialogs.model import Form
from text.bilingual import Bilingual, Locale


@dataclass(frozen=True, slots=True)
class Language:
    """What the understanding service says of a message's language and script."""

    code: str
    confidence: float
    script: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of the text: kind (place, street, house, flat, date, duration, phone, …), its normal value and its place.

    The value of a place is its КАТО code, or what the text says where that leaves it open.
    """

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parse:
    """How a message was understood. `ranking` holds (label, confidence), best first; labels are of the closed set."""

    label: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    danger: tuple[str, float] | None = None
    """The likeliest kind of danger, and the probability that one is present; None when that was not told."""
    entities: tuple[Entity, ...] = ()
    language: Language = Language("other", 0.0, "other")
    words: tuple[str, ...] = ()
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. `at` is aware; the core has no other clock."""

    id: str
    at: datetime


# --- what the citizen does -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The conversation was opened, or /start was sent; `payload` is a deep link's, of a key its digest."""

    locale: Locale | None = None
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text that says itself that it is about something else (`text.clauses`), and how it is understood."""

    text: str
    parse: Parse


@dataclass(frozen=True, slots=True)
class UserSaid(Event):
    """Free text. `parse` is None where understanding is not to be had; `hits` are then the FAQ search's slugs.

    `clauses`: its parts, where it has several and may tell of more than one matter.
    """

    text: str
    parse: Parse | None = None
    hits: tuple[str, ...] = ()
    edited: bool = False
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class ButtonPressed(Event):
    """A button of ours. `action` is `<scenario>.<verb>`; `arg` is never trusted. `said`: the words that named it, if any did."""

    action: str
    arg: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class CommandGiven(Event):
    """A command of the channel's menu: help, language, status, cancel, human, settings, new."""

    name: str
    arg: str = ""


@dataclass(frozen=True, slots=True)
class PlaceShared(Event):
    """A location in WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class ContactShared(Event):
    """A phone number given through the channel's contact button. `own` is False for somebody else's card."""

    phone: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class FileSent(Event):
    """A file the shell has accepted and stored, or refused (`refused`: the last part of an `input.file_…` text).

    `album` groups files sent at once; `more`: the next one of the album waits already.
    """

    attachment: Attachment | None
    refused: str = ""
    caption: str = ""
    album: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Unsupported(Event):
    """A kind of message that is not read: sticker, poll, game …"""

    kind: str


@dataclass(frozen=True, slots=True)
class ApplicantGiven(Event):
    """The applicant's data came by the one-time page `page`: (name of the step, answer), each already checked there."""

    page: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AppealSigned(Event):
    """The draft of that fingerprint, or the appeal of that reference, was signed on the one-time page; the signature was
    checked and is kept under its id.
    """

    page: str
    fingerprint: str
    signature: str


CitizenEvent = (
    Started | UserSaid | ButtonPressed | CommandGiven | PlaceShared | ContactShared | FileSent | Unsupported
)

# --- what operators do -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OperatorClaimed(Event):
    """An operator took the conversation over; the bot is silent from here on."""

    operator: str
    name: str


@dataclass(frozen=True, slots=True)
class OperatorSaid(Event):
    """An operator's words to the citizen. (An internal note is no event: it cannot reach the citizen.)"""

    operator: str
    text: str


@dataclass(frozen=True, slots=True)
class OperatorHandedBack(Event):
    """The operator gave the conversation back to the assistant."""

    operator: str


@dataclass(frozen=True, slots=True)
class OperatorClosed(Event):
    """The operator ended the conversation."""

    operator: str


# --- what the system reports -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Queued(Event):
    """Answer to JoinQueue: place in the queue (1 = next), whether operators work now, when they do again."""

    position: int
    open: bool
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitExpired(Event):
    """The citizen has waited for an operator longer than the rules allow without a word."""


@dataclass(frozen=True, slots=True)
class AppealView:
    """What a citizen may see of an appeal. `due` only once it is registered; `number` is the body's own.

    fix_until, fix_asked: until when they are asked to complete it, and what is asked for. hearing_where: hour and
    place, or how they are heard. answer_files: how many files came with the answer. part: what of another appeal was
    forwarded, where this is such a part. to_sign: its signature was asked for, is missing and may still be given;
    on_paper: by hand only. identical: it came back as the same as another.
    """

    reference: str
    status: Status
    topic: str
    body: str
    filed_at: datetime
    number: str | None = None
    due: date | None = None
    due_article: str | None = None
    answer: str | None = None
    kind: Kind = Kind.APPLICATION
    decision: Decision | None = None
    character: Character | None = None
    answer_files: int = 0
    fix_until: date | None = None
    fix_asked: str = ""
    hearing_on: date | None = None
    hearing_where: str = ""
    extended: bool = False
    part: str = ""
    to_sign: bool = False
    on_paper: bool = False
    identical: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A step an appeal has taken: what it says (None: as of filing) and, in `note`, the official's words to the citizen."""

    at: datetime
    status: Status
    note: str = ""
    said: Step | None = None


@dataclass(frozen=True, slots=True)
class AppealFiled(Event):
    """Answer to FileAppeal: it is in the registry. The secret is told once and kept hashed."""

    appeal: AppealView
    secret: str
    expected_due: date
    expected_article: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class AppealRefused(Event):
    """Answer to FileAppeal when the registry found the draft incomplete (field names)."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowView:
    """A common matter that a conversation follows: what and where, and nothing of anybody's appeal."""

    id: str
    matter: Matter


@dataclass(frozen=True, slots=True)
class SameMatterFound(Event):
    """Answer to FindSameMatter: other people with an open appeal about it, and the day of the first (None: nobody)."""

    matter: Matter
    people: int
    since: date | None


@dataclass(frozen=True, slots=True)
class MatterFollowed(Event):
    """Answer to FollowMatter."""

    follow: FollowView


@dataclass(frozen=True, slots=True)
class MatterChanged(Event):
    """A followed matter has come to a new status for the first time, at a body; `over`: no appeal about it is open."""

    follow: FollowView
    status: Status
    body: str
    over: bool


@dataclass(frozen=True, slots=True)
class AppealRepeated(Event):
    """Answer to FindRepetition and FileAppeal: the same person has filed the same before; nothing is written yet.

    `earlier`: None where it was filed in another conversation, for the number given here proves nobody's identity.
    """

    earlier: AppealView | None


@dataclass(frozen=True, slots=True)
class AppealNotRepeated(Event):
    """Answer to FindRepetition: nothing like it was filed before."""


@dataclass(frozen=True, slots=True)
class AppealRecalled(Event):
    """Answer to RecallAppeal. `draft`: as it was filed, without applicant and files where this is another conversation.

    `decided_on`: the day of the answer, the return or the termination, None while the appeal is under way. `synthetic`:
    its applicant is made up. `files_left`: it has files, which stay in the other conversation.
    """

    appeal: AppealView
    draft: Draft
    decided_on: date | None
    purpose: Recall
    synthetic: bool = False
    files_left: bool = False


@dataclass(frozen=True, slots=True)
class AppealsFound(Event):
    """Answer to FindAppeals and LookUpAppeal; empty when there is none (or reference and secret do not fit)."""

    appeals: tuple[AppealView, ...]
    asked_by_reference: bool = False
    follows: tuple[FollowView, ...] = ()


@dataclass(frozen=True, slots=True)
class DetailsFound(Event):
    """Answer to ShowDetails: the steps so far, oldest first. `appeal` is None for one that may not be shown here.

    `own`: filed in this conversation, which may have its receipt.
    """

    appeal: AppealView | None
    steps: tuple[Passed, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class AnswerRated(Event):
    """Answer to RateAnswer. `appeal` is None where there is no answer to rate, or none for this conversation."""

    appeal: AppealView | None
    score: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class LookUpsExceeded(Event):
    """Too many references were tried."""


@dataclass(frozen=True, slots=True)
class AppealChanged(Event):
    """An appeal of this conversation took a step: its new view and, if any, words for the citizen.

    `step` is None where another system reports no more than a state; `child` is the record the step made. `own`: the
    citizen took it, here. `signed`: what was added is the signature.
    """

    appeal: AppealView
    note: str = ""
    step: Step | None = None
    child: AppealView | None = None
    own: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class ChangeRefused(Event):
    """Answer to SupplementAppeal, WithdrawAppeal and RecallAppeal: it cannot be done. `appeal` is None for one that is not here."""

    appeal: AppealView | None
    told: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class FixEnding(Event):
    """The term in which the citizen was asked to complete an appeal ends on the next working day, or today."""

    appeal: AppealView


@dataclass(frozen=True, slots=True)
class TermPassed(Event):
    """The term of consideration has passed in silence, which counts as a refusal."""

    appeal: AppealView


@dataclass(frozen=True, slots=True)
class PageOpened(Event):
    """Answer to OpenPage: the page's id and for how many minutes it can be used."""

    kind: PageKind
    page: str
    minutes: int


class NotTaken(StrEnum):
    """Why a link gives no draft: unknown, expired or without its draft · used · it is here already · too many tries."""

    GONE = "gone"
    USED = "used"
    HERE = "here"
    OFTEN = "often"


@dataclass(frozen=True, slots=True)
class DraftTaken(Event):
    """Answer to TakeDraft: the draft as it was in the conversation `source`, where that consent was valid.

    `abroad`: what was written there passed through servers of another country.
    """

    form: Form
    source: str
    locale: Locale
    consent: str | None
    abroad: bool


@dataclass(frozen=True, slots=True)
class DraftNotTaken(Event):
    """Answer to TakeDraft."""

    why: NotTaken


@dataclass(frozen=True, slots=True)
class DraftLeft(Event):
    """The draft the link was made for goes on in another conversation, of that channel."""

    page: str
    channel: str


@dataclass(frozen=True, slots=True)
class DataErased(Event):
    """Answer to EraseData: counts of what was erased and what the law makes us keep."""

    messages: int
    appeals_kept: int
    categories: tuple[DataCategory, ...] = tuple(DataCategory)


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """Answer to WithdrawConsent: how many filed appeals are still processed, and until when at most."""

    appeals: int
    due: date


@dataclass(frozen=True, slots=True)
class WithdrawalDecided(Event):
    """The organisation has stopped processing, or refuses to and says why."""

    stopped: bool
    reason: str
