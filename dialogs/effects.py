"""What the engine asks of the world. An effect is a request; its result comes back as an event."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appeals.appeal import Attachment, Draft
from appeals.matters import Matter
from dialogs.messages import Msg
from text.bilingual import Bilingual, Locale


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """Put the conversation before the operators, with what was understood. Result: Queued."""

    reason: str
    summary: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """The citizen went back to the assistant."""


@dataclass(frozen=True, slots=True)
class AskQueue:
    """Where does the conversation stand in the queue? Result: Queued."""


@dataclass(frozen=True, slots=True)
class FileAppeal:
    """Write the confirmed appeal to the registry, in this very transaction.

    `anyway`: the citizen knows that the same was filed before. `signature`: id of the
    signature it was confirmed by; empty when it is unsigned. Result: AppealFiled, AppealRefused or AppealRepeated.
    """

    draft: Draft
    body: Bilingual
    locale: Locale
    synthetic: bool
    anyway: bool = False
    signature: str = ""


@dataclass(frozen=True, slots=True)
class FindRepetition:
    """Has the same person filed the same before? Result: AppealRepeated or AppealNotRepeated."""

    draft: Draft
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ShowDetails:
    """An appeal's steps; of this very conversation's, unless its secret was `proved`. Result: DetailsFound."""

    reference: str
    proved: bool


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """Keep what the citizen thinks of an answer, 1 to 5 and a word; the last one counts. Result: AnswerRated."""

    reference: str
    proved: bool
    score: int
    word: str = ""


class Recall(StrEnum):
    """What an earlier appeal is looked at for."""

    COMPLAINT = "complaint"
    AGAIN = "again"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class RecallAppeal:
    """What an earlier appeal says, for a purpose; of this very conversation's, unless its secret was `proved`.

    Result: AppealRecalled, AppealsFound when there is none, or ChangeRefused when it is signed already.
    """

    reference: str
    proved: bool
    purpose: Recall


@dataclass(frozen=True, slots=True)
class FindSameMatter:
    """How many other people have reported the same, and since when? Result: SameMatterFound."""

    matter: Matter


@dataclass(frozen=True, slots=True)
class FollowMatter:
    """Tell this conversation what becomes of a common matter. Result: MatterFollowed."""

    matter: Matter


@dataclass(frozen=True, slots=True)
class UnfollowMatter:
    """Tell it no more; nothing happens when it is not followed."""

    follow_id: str


@dataclass(frozen=True, slots=True)
class FindAppeals:
    """The appeals filed in this conversation, newest first, and the matters followed. Result: AppealsFound."""


@dataclass(frozen=True, slots=True)
class LookUpAppeal:
    """One appeal by reference and secret; of this very conversation without. Result: AppealsFound or LookUpsExceeded."""

    reference: str
    secret: str


@dataclass(frozen=True, slots=True)
class SupplementAppeal:
    """Add words, a file or a signature to an appeal of this conversation that waits for them.

    `signature`: the id of one that holds. Result: AppealChanged or ChangeRefused.
    """

    reference: str
    text: str = ""
    file: Attachment | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawAppeal:
    """Withdraw an appeal of this conversation before it is decided. Result: AppealChanged or ChangeRefused."""

    reference: str


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Keep who agreed to which text when, or that the consent was withdrawn. `text`: the paragraphs agreed to.

    `carried_from`: the conversation it was given in, where it came along with a draft; the text is the one shown there.
    """

    version: str
    given: bool
    text: tuple[Msg, ...] = ()
    carried_from: str = ""


class PageKind(StrEnum):
    """What a one-time page is for."""

    APPLICANT = "applicant"
    SIGNATURE = "signature"
    EXPORT = "export"
    CARRY = "carry"


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Make a one-time page on our own site for this conversation. Result: PageOpened.

    `fingerprint`: of the draft a signature is asked for, or the reference of an appeal filed already; `text` the
    paragraphs to be signed.
    """

    kind: PageKind
    fingerprint: str = ""
    text: tuple[Msg, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeDraft:
    """Take the draft that a link leads to out of its conversation, into this one, in this very transaction.

    `link`: the digest of the link's key. Result: DraftTaken here and DraftLeft there, or DraftNotTaken.
    """

    link: str


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """The citizen takes the consent to file back. Result: ConsentWithdrawn."""

    version: str


class DataCategory(StrEnum):
    """What is kept of a conversation and may be erased apart. Filed appeals and consents are not among it."""

    MESSAGES = "messages"
    REASONS = "reasons"
    DRAFTS = "drafts"
    FILES = "files"
    CONTACT = "contact"
    WORDINGS = "wordings"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class EraseData:
    """Erase what the conversation holds of the citizen, except what the law makes us keep. Result: DataErased."""

    categories: tuple[DataCategory, ...] = tuple(DataCategory)


@dataclass(frozen=True, slots=True)
class CountFeedback:
    """Was the answer helpful?"""

    slug: str
    helpful: bool


@dataclass(frozen=True, slots=True)
class KeepCorrection:
    """The citizen corrected a guess: what was guessed, what it is (None: none of these)."""

    guessed: tuple[str, ...]
    chosen: str | None


@dataclass(frozen=True, slots=True)
class KeepWording:
    """The wording of a corrected message, anonymised, may teach the assistant: the citizen agreed.

    `guessed` and `chosen` as in KeepCorrection; `language`: kk, ru, mixed or other.
    """

    text: str
    guessed: tuple[str, ...]
    chosen: str | None
    language: str


@dataclass(frozen=True, slots=True)
class ForgetWordings:
    """Erase the conversation's wordings that nobody has accepted yet."""


@dataclass(frozen=True, slots=True)
class KeepContact:
    """How to reach the citizen when operators are back."""

    contact: str


Effect = (
    JoinQueue
    | LeaveQueue
    | AskQueue
    | FileAppeal
    | FindRepetition
    | FindSameMatter
    | FollowMatter
    | UnfollowMatter
    | RecallAppeal
    | ShowDetails
    | RateAnswer
    | FindAppeals
    | LookUpAppeal
    | SupplementAppeal
    | WithdrawAppeal
    | RecordConsent
    | OpenPage
    | TakeDraft
    | WithdrawConsent
    | EraseData
    | CountFeedback
    | KeepCorrection
    | KeepWording
    | ForgetWordings
    | KeepContact
)
