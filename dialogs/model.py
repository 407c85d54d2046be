"""The state of a conversation, the outcome of a turn, and what the engine knows about the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from enum import StrEnum
from typing import Any

from appeals import appeal
from appeals.appeal import Draft
from appeals.calendar import WorkCalendar
from appeals.domain import Domain
from appeals.matters import Matter
from dialogs.effects import Effect, KeepWording
from dialogs.errors import UnknownSchema
from dialogs.lifecycle import Phase, Trigger, next_phase
from dialogs.replies import Reply
from faq.model import Faq
from text.bilingual import Bilingual, Locale

SCHEMA = 1
CONSENT_VERSION = "2026-11-4"
LEARNING_VERSION = "learning-1"
PAUSED_MOST = 5


class Mode(StrEnum):
    """Where confirmed appeals go: nowhere (demonstration), to the organisation's own desk, or on to another system."""

    DEMO = "demo"
    DESK = "desk"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True)
class Office:
    """The organisation that runs the service. In demo mode `name` and `bin` name nobody.

    `reachable`: `public_url` was set by somebody who knows that citizens' phones get there.
    `signature`: appeals can be signed by ЭЦП. `telegram`: the name of its bot, empty without one.
    """

    mode: Mode
    name: Bilingual
    bin: str
    public_url: str
    reachable: bool = False
    signature: bool = False
    telegram: str = ""

    def pages_reach(self, *, abroad: bool) -> bool:
        """Whether a link of ours gets to the citizen: in the widget always, elsewhere where our address is known."""
        return self.reachable or not abroad


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Content and facts the scenarios speak from; fixed while the process lives."""

    domain: Domain
    faq: Faq
    calendar: WorkCalendar
    office: Office


class Outcome(StrEnum):
    """What a turn came to. Counters, filters and reports use nothing else."""

    WELCOMED = "welcomed"
    ANSWERED = "answered"
    GUIDED = "guided"
    OFFERED = "offered"
    NOT_UNDERSTOOD = "not_understood"
    OUT_OF_SCOPE = "out_of_scope"
    FORM_STEP = "form_step"
    FORM_PROBLEM = "form_problem"
    CANCELLED = "cancelled"
    FILED = "filed"
    FOLLOWED = "followed"
    STATUS_SHOWN = "status_shown"
    STATUS_CHANGED = "status_changed"
    HANDED_OVER = "handed_over"
    WAITING = "waiting"
    WITH_OPERATOR = "with_operator"
    HANDED_BACK = "handed_back"
    CLOSED = "closed"
    EMERGENCY = "emergency"
    CHATTED = "chatted"
    BROWSED = "browsed"
    SETTINGS = "settings"
    FEEDBACK = "feedback"
    ERASED = "erased"
    OLD_BUTTON = "old_button"
    REFUSED_INPUT = "refused_input"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a turn went the way it did: the route taken, the label and confidence, the words and the authored example."""

    route: str
    label: str = ""
    confidence: float = 0.0
    words: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the citizen wants the appeal of this fingerprint filed.

    `anyway`: although the same was filed before. `signature`: with the one of this id; empty: unsigned; None: not said yet.
    """

    fingerprint: str = ""
    anyway: bool = False
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A guided appeal under way: the draft, the step asked for, the steps gone through.

    `editing`: one field is changed; then the form goes back to where that was asked for, the first guess if `from_guide`.
    `page`: the one-time page opened for it last. `given_on_page`: the applicant's data came that way, and are not
    repeated where messages cross the border. `link`: the page that it may go on elsewhere by.
    `asked_of`: the common matter that was looked for nearby already.
    `also`: other matters told of in the same story, to be filed after this one.
    `addition`: what the citizen wrote below the finished appeal, until they have said what it is for.
    `wish`: as of the last time it was confirmed.
    """

    draft: Draft = field(default_factory=Draft)
    step: str = "guide"
    visited: tuple[str, ...] = ()
    editing: bool = False
    skipped: tuple[str, ...] = ()
    synthetic: bool = False
    page: str = ""
    given_on_page: bool = False
    from_guide: bool = False
    asked_of: Matter | None = None
    addition: str = ""
    also: tuple[Draft, ...] = ()
    wish: Wish = Wish()
    link: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values for storage."""
        return {
            "draft": appeal.to_json(self.draft),
            "step": self.step,
            "visited": list(self.visited),
            "editing": self.editing,
            "skipped": list(self.skipped),
            "synthetic": self.synthetic,
            "page": self.page,
            "given_on_page": self.given_on_page,
            "from_guide": self.from_guide,
            "asked_of": list(astuple(self.asked_of)) if self.asked_of else None,
            "addition": self.addition,
            "also": [appeal.to_json(other) for other in self.also],
            "wish": list(astuple(self.wish)),
            "link": self.link,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Form:
        """Inverse of to_json."""
        return cls(
            appeal.from_json(data["draft"]),
            data["step"],
            tuple(data["visited"]),
            data["editing"],
            tuple(data["skipped"]),
            data["synthetic"],
            data.get("page", ""),
            data.get("given_on_page", False),
            data.get("from_guide", False),
            Matter(*data["asked_of"]) if data.get("asked_of") else None,
            data.get("addition", ""),
            _others(data.get("also")),
            Wish(*data.get("wish", ())),
            data.get("link", ""),
        )


def _others(data: Any) -> tuple[Draft, ...]:
    """Other matters as stored; an earlier version kept one at most, and no list."""
    rows = data if isinstance(data, list) else [data] if data else []
    return tuple(appeal.from_json(row) for row in rows)


@dataclass(frozen=True, slots=True)
class DialogState:
    """All the engine remembers of a conversation.

    `locale` is None until the citizen has chosen or written. `form` is the appeal under way, `paused` those laid aside, newest first.
    `learning`: may the wording of corrected messages teach the assistant; None until the citizen has said;
    `learning_asked`: they were asked. `withheld` are the wordings that wait for that word. `heard` is the language of the
    last message understood. `last_text` is the message that `last` decided upon, numbers masked.
    `pending` is a message put back while a question about it is open. `awaits` names a one-message question
    (reference, contact, code …). `misunderstood` counts messages in a row that were not understood.
    `proved`: references of others' appeals whose secret was given here.
    `abroad`: what is written here passes through servers of another country (Telegram).
    """

    locale: Locale | None = None
    phase: Phase = Phase.BOT
    turn: int = 0
    welcomed: bool = False
    form: Form | None = None
    paused: tuple[Form, ...] = ()
    consent: str | None = None
    awaits: str = ""
    pending: str = ""
    pending_guesses: tuple[tuple[str, float], ...] = ()
    offered: tuple[str, ...] = ()
    misunderstood: int = 0
    waiting_messages: int = 0
    operator: str = ""
    last: Decision | None = None
    last_text: str = ""
    heard: str = ""
    learning: bool | None = None
    withheld: tuple[KeepWording, ...] = ()
    abroad: bool = False
    proved: tuple[str, ...] = ()
    learning_asked: bool = False

    @property
    def speaks(self) -> Locale:
        """The language of answers; Kazakh, the state language, until another is known."""
        return self.locale or "kk"

    @property
    def unfinished(self) -> Form | None:
        """The appeal under way, else the one laid aside last."""
        return self.form or (self.paused[0] if self.paused else None)

    def form_of(self, page: str) -> Form | None:
        """The draft that a one-time page was opened for, wherever it lies now."""
        return next(
            (form for form in (self.form, *self.paused) if form and page in (form.page, form.link)), None
        )

    def laid_aside(self) -> DialogState:
        """The state with the form under way laid aside: nothing begun is lost. Mere guesses give way to newer ones, unless
        another matter hangs on them."""
        if self.form is None:
            return self
        begun = tuple(form for form in self.paused if form.step != "guide" or form.also)
        return replace(self, form=None, paused=(self.form, *begun)[:PAUSED_MOST])

    def moved(self, trigger: Trigger) -> DialogState:
        """The state after a change of holder. Raises IllegalTransition."""
        return replace(self, phase=next_phase(self.phase, trigger))

    def to_json(self) -> dict[str, Any]:
        """Plain values for storage, with the schema's number."""
        last = self.last
        return {
            "schema": SCHEMA,
            "locale": self.locale,
            "phase": self.phase.value,
            "turn": self.turn,
            "welcomed": self.welcomed,
            "form": self.form.to_json() if self.form else None,
            "paused": [form.to_json() for form in self.paused],
            "consent": self.consent,
            "awaits": self.awaits,
            "pending": self.pending,
            "pending_guesses": [list(guess) for guess in self.pending_guesses],
            "offered": list(self.offered),
            "misunderstood": self.misunderstood,
            "waiting_messages": self.waiting_messages,
            "operator": self.operator,
            "last": [last.route, last.label, last.confidence, list(last.words), last.example]
            if last
            else None,
            "last_text": self.last_text,
            "heard": self.heard,
            "learning": self.learning,
            "withheld": [[w.text, list(w.guessed), w.chosen, w.language] for w in self.withheld],
            "abroad": self.abroad,
            "proved": list(self.proved),
            "learning_asked": self.learning_asked,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DialogState:
        """Inverse of to_json. Raises UnknownSchema for a state written by a newer version."""
        if data.get("schema", 0) > SCHEMA:
            raise UnknownSchema(str(data["schema"]))
        last = data.get("last")
        return cls(
            locale=data.get("locale"),
            phase=Phase(data.get("phase", "bot")),
            turn=data.get("turn", 0),
            welcomed=data.get("welcomed", False),
            form=Form.from_json(data["form"]) if data.get("form") else None,
            paused=tuple(Form.from_json(form) for form in data.get("paused", ())),
            consent=data.get("consent"),
            awaits=data.get("awaits", ""),
            pending=data.get("pending", ""),
            pending_guesses=tuple((label, score) for label, score in data.get("pending_guesses", ())),
            offered=tuple(data.get("offered", ())),
            misunderstood=data.get("misunderstood", 0),
            waiting_messages=data.get("waiting_messages", 0),
            operator=data.get("operator", ""),
            last=Decision(last[0], last[1], last[2], tuple(last[3]), last[4]) if last else None,
            last_text=data.get("last_text", ""),
            heard=data.get("heard", ""),
            learning=data.get("learning"),
            withheld=tuple(
                KeepWording(text, tuple(guessed), chosen, language)
                for text, guessed, chosen, language in data.get("withheld", ())
            ),
            abroad=data.get("abroad", False),
            proved=tuple(data.get("proved", ())),
            learning_asked=data.get("learning_asked", False),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of a conversation: the new state, what it came to, what is said and what is asked of the world."""

    state: DialogState
    outcome: Outcome
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    decision: Decision | None = None
