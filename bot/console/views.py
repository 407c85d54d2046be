"""Turns records into what the pages show: words instead of codes, days left instead of dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from types import MappingProxyType

from appeals.calendar import ALMATY
from appeals.deadlines import citation, registration_date
from appeals.kinds import KINDS, Kind
from appeals.lifecycle import STATUSES, Status
from appeals.procedure import Procedure
from bot.app.access import Operation, reach
from bot.app.corrections import correctable, known_labels
from bot.app.desk import Desk
from bot.app.records import (
    AppealRecord,
    AppealStep,
    Author,
    Conversation,
    DecisionRecord,
    Message,
    Operator,
    StoredFile,
    code_of,
)
from bot.app.registry import SOON
from bot.console.words import Words
from dialogs.lifecycle import Phase, Trigger, allows
from dialogs.model import Knowledge, Mode, Outcome
from text.bilingual import Locale

UNDERSTOOD = frozenset({"intent", "unsure", "form", "form_act", "emergency_words", "emergency_label"})
"""Routes on which the assistant read words; the others were buttons and commands."""
REASONS_SHOWN = 6
NOBODY: Mapping[str, str] = MappingProxyType({})
QUIET, GOOD, PRESSING, BAD = "quiet", "good", "pressing", "bad"


@dataclass(frozen=True, slots=True)
class Card:
    """A conversation in the list. `mode` is one of bot, queued, mine, other, closed."""

    id: str
    code: str
    seq: int
    mode: str
    locale: Locale
    channel: str
    urgent: bool
    reason: str
    summary: str
    holder: str
    since: str
    waited: str
    at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the dialogue. `guess`: how it was understood, where that can be corrected."""

    seq: int
    author: str
    name: str
    text: str
    locale: Locale
    at: str
    clock: str
    moment: str
    buttons: tuple[str, ...]
    file_id: str
    file_name: str
    shape: str
    urgent: bool
    guess: str


@dataclass(frozen=True, slots=True)
class Reason:
    """How the assistant understood a message, and what it did."""

    at: str
    outcome: str
    label: str
    percent: int
    words: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Due:
    """A term: the day, and in words how it stands. `tone` is one of quiet, good, pressing, bad."""

    day: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal in a table."""

    id: str
    version: int
    reference: str
    topic: str
    topic_name: str
    kind: str
    body: str
    locale: Locale
    status: str
    status_code: str
    due: Due
    synthetic: bool
    place: str
    place_name: str
    received: str
    channel: str
    executor: str


@dataclass(frozen=True, slots=True)
class Field:
    """A part of an appeal under its name; `lacking` where the law asks for it and it is not there."""

    name: str
    value: str
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How often turns came to an end like this."""

    name: str
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class RatingRow:
    """How citizens found an answer. `percent` of those who said anything called it helpful."""

    question: str
    helpful: int
    unhelpful: int
    percent: int


def shape_of(file: StoredFile) -> str:
    """picture, audio or video where a page can show it, else empty."""
    if file.thumbnail:
        return "picture"
    family = file.media_type.partition("/")[0]
    return family if family in ("audio", "video") else ""


def mode_of(conversation: Conversation, operator: Operator) -> str:
    """Who holds the conversation, as this operator sees it."""
    if conversation.phase is Phase.WITH_OPERATOR:
        return "mine" if conversation.holder == operator.id else "other"
    return conversation.phase.value


def may_claim(conversation: Conversation, operator: Operator) -> bool:
    """Whether taking over is on offer."""
    return (
        bool(reach(operator, Operation.TALK))
        and conversation.holder in (None, operator.id)
        and mode_of(conversation, operator) != "mine"
        and allows(conversation.phase, Trigger.OPERATOR_CLAIMS)
    )


def may_release(conversation: Conversation, operator: Operator, trigger: Trigger) -> bool:
    """Whether handing back or closing is on offer."""
    mine_or_superior = conversation.holder == operator.id or reach(operator, Operation.RELEASE_OTHERS)
    return bool(mine_or_superior) and allows(conversation.phase, trigger)


@dataclass(frozen=True, slots=True)
class View:
    """The records in one language, at one moment."""

    words: Words
    knowledge: Knowledge
    now: datetime

    @property
    def today(self) -> date:
        """The day in Kazakhstan."""
        return self.now.astimezone(ALMATY).date()

    @property
    def procedure(self) -> Procedure:
        """What the Code allows today."""
        return Procedure(self.knowledge.calendar, self.today)

    # --- conversations -------------------------------------------------------------------------

    def card(self, conversation: Conversation, operator: Operator) -> Card:
        """A conversation for the list and the head of its dialogue."""
        since = conversation.queued_at or conversation.updated_at
        return Card(
            id=conversation.id,
            code=code_of(conversation.id),
            seq=conversation.last_seq,
            mode=mode_of(conversation, operator),
            locale=conversation.state.speaks,
            channel=self.channel(conversation.address.channel),
            urgent=conversation.urgent,
            reason=self.handover_reason(conversation.reason),
            summary=conversation.summary,
            holder=conversation.state.operator,
            since=since.isoformat(),
            waited=self.words.lasting((self.now - since).total_seconds()),
            at=self.words.clock(conversation.updated_at, self.now),
        )

    def channel(self, name: str) -> str:
        """The channel's name."""
        return self.words.known(f"channel.{name}", name)

    def handover_reason(self, reason: str) -> str:
        """Why a person is needed; empty when none was."""
        return self.words.known(f"reason.{reason}", reason) if reason else ""

    def lines(
        self,
        messages: Iterable[Message],
        decisions: Iterable[DecisionRecord],
        files: Mapping[str, StoredFile],
    ) -> list[Line]:
        """The dialogue. files: the conversation's by id."""
        guesses = {decision.event_id: decision.label for decision in decisions if correctable(decision)}
        return [
            Line(
                seq=message.seq,
                author=message.author.value,
                name=message.name or self.words(f"author.{message.author.value}"),
                text=message.text,
                locale=message.locale,
                at=message.at.isoformat(),
                clock=self.words.clock(message.at, self.now),
                moment=self.words.moment(message.at),
                buttons=tuple(button.label for button in message.buttons),
                file_id=message.attachment_id or "",
                file_name=file.name if (file := files.get(message.attachment_id or "")) else "",
                shape=shape_of(file) if file else "",
                urgent=message.author is Author.BOT and message.tone == "emergency",
                guess=self.label(guesses[message.event_id])
                if message.author is Author.CITIZEN and message.event_id in guesses
                else "",
            )
            for message in messages
        ]

    def reasons(self, decisions: Sequence[DecisionRecord]) -> list[Reason]:
        """How the latest words were understood, newest first."""
        read = [decision for decision in decisions if decision.route in UNDERSTOOD and decision.label]
        return [
            Reason(
                at=self.words.clock(decision.at, self.now),
                outcome=self.outcome(decision.outcome),
                label=self.label(decision.label),
                percent=round(decision.confidence * 100),
                words=decision.words,
                language=self.words.known(f"language.{decision.language}", ""),
            )
            for decision in read[:REASONS_SHOWN]
        ]

    def label(self, label: str) -> str:
        """What a label of the understanding stands for."""
        namespace, _, name = label.partition(".")
        if namespace == "faq":
            entry = self.knowledge.faq.find(name)
            return self.words("label.question", text=self.words.of(entry.question)) if entry else label
        if namespace == "topic":
            return self.words("label.topic", text=self.topic(name))
        return self.words.known(f"label.{label}", label)

    def choices(self) -> dict[str, str]:
        """Words -> label for all that a message can be about, in the order of the words."""
        named: dict[str, str] = {}
        for label in sorted(known_labels(self.knowledge)):
            name = self.label(label)
            named[f"{name} ({label})" if name in named else name] = label
        return dict(sorted(named.items()))

    def outcome(self, outcome: str) -> str:
        """What a turn came to."""
        return self.words.known(f"outcome.{outcome}", outcome)

    def draft_under_way(self, conversation: Conversation) -> list[Field]:
        """What the citizen is about to file, without a word about their person."""
        form = conversation.state.unfinished
        if form is None:
            return []
        draft = form.draft
        fields = [
            Field(self.words("field.kind"), self.kind(draft.kind)),
            Field(self.words("field.topic"), self.topic(draft.topic)),
            Field(self.words("field.place"), self.place(draft.place)),
        ]
        return [field for field in fields if field.value]

    # --- appeals -------------------------------------------------------------------------------

    def topic(self, code: str | None) -> str:
        """The topic's name, with its group's."""
        found = self.knowledge.domain.topics.find(code or "")
        if found is None:
            return code or ""
        group = self.knowledge.domain.topics.find(found.group)
        if group is None or group.code == found.code:
            return self.words.of(found.name)
        return f"{self.words.of(group.name)} · {self.words.of(found.name)}"

    def topic_name(self, code: str | None) -> str:
        """The topic's name alone."""
        found = self.knowledge.domain.topics.find(code or "")
        return self.words.of(found.name) if found else code or ""

    def kind(self, kind: Kind | None) -> str:
        """The kind's name."""
        return self.words.of(KINDS[kind].name) if kind else ""

    def place(self, code: str | None) -> str:
        """The whole name of a place."""
        if not code or self.knowledge.domain.territory.find(code) is None:
            return code or ""
        return self.words.of(self.knowledge.domain.territory.label(code))

    def place_name(self, code: str | None) -> str:
        """The name of a place without what it lies in."""
        found = self.knowledge.domain.territory.find(code) if code else None
        return self.words.of(found.name) if found else code or ""

    def status(self, status: Status) -> str:
        """The status's name."""
        return self.words.of(STATUSES[status].name)

    def due(self, appeal: AppealRecord) -> Due:
        """How an appeal's term stands today, in working days."""
        if appeal.due is None:
            return self._unregistered(appeal)
        if Desk.ended(appeal):
            return Due(self.words.day(appeal.due), self.words("due.ended"), QUIET)
        return self.countdown(appeal.due)

    def _unregistered(self, appeal: AppealRecord) -> Due:
        """No term runs yet, but for that of registering."""
        registered = registration_date(appeal.created_at, self.knowledge.calendar)
        if appeal.status is not Status.CREATED or registered >= self.today:
            return Due("", self.words("due.none"), QUIET)
        if self.knowledge.office.mode is Mode.CONNECTED:
            # Another system may have registered it and told nobody.
            return Due(self.words.day(registered), self.words("due.unreported"), QUIET)
        return Due(self.words.day(registered), self.words("due.unregistered"), BAD)

    def countdown(self, until: date) -> Due:
        """How far off the last day of a term is, in working days."""
        day, calendar = self.words.day(until), self.knowledge.calendar
        if until == self.today:
            return Due(day, self.words("due.today"), PRESSING)
        if until < self.today:
            late = calendar.count(until, self.today)
            return Due(day, self.words.count("overdue", late) if late else self.words("due.over"), BAD)
        left = calendar.count(self.today, until)
        return Due(day, self.words.count("left", left), PRESSING if left <= SOON else GOOD)

    def body(self, appeal: AppealRecord) -> str:
        """The addressee in the operator's language; one that was written in by hand stays as it was written."""
        bodies, place = (
            self.knowledge.domain.bodies,
            self.knowledge.domain.territory.find(appeal.draft.place or ""),
        )
        chosen = bodies.find(appeal.draft.body_id or "")
        own = [bodies.name(chosen, place), chosen.name] if chosen else []
        known = chain(own, (body.name for body in bodies.all()))
        written = appeal.body_name
        return next((self.words.of(name) for name in known if written in (name.kk, name.ru)), written)

    def appeal_row(self, appeal: AppealRecord, names: Mapping[str, str] = NOBODY) -> AppealRow:
        """An appeal for a table; `names` of accounts by id."""
        return AppealRow(
            id=appeal.id,
            version=appeal.version,
            reference=appeal.reference,
            topic=self.topic(appeal.draft.topic),
            topic_name=self.topic_name(appeal.draft.topic),
            kind=self.kind(appeal.draft.kind),
            body=self.body(appeal),
            locale=appeal.locale,
            status=self.status(appeal.status),
            status_code=appeal.status.value,
            due=self.due(appeal),
            synthetic=appeal.synthetic,
            place=self.place(appeal.draft.place),
            place_name=self.place_name(appeal.draft.place),
            received=self.words.day(appeal.created_at.astimezone(ALMATY).date()),
            channel=self.channel(appeal.channel),
            executor=names.get(appeal.executor_id or "", ""),
        )

    def latest(self, step: AppealStep, names: Mapping[str, str]) -> str:
        """The last thing that happened to an appeal: what, by whom, when."""
        actor = names.get(step.actor) or self.words.known(f"actor.{step.actor}", "")
        told = (
            self.words.known(f"step.{step.action}", step.action),
            actor,
            self.words.clock(step.at, self.now),
        )
        return " · ".join(part for part in told if part)

    def plain_row(self, appeal: AppealRecord, names: Mapping[str, str]) -> list[str]:
        """An appeal for a table to take along, in the order of `registry.COLUMNS`; dates as spreadsheets read them."""
        row = self.appeal_row(appeal, names)
        received = appeal.created_at.astimezone(ALMATY).date()
        days = (received, appeal.registered_on, appeal.due)
        return [
            row.reference,
            appeal.number or "",
            row.status,
            row.kind,
            row.topic,
            row.place,
            row.body,
            row.executor,
            self.words(f"locale.{row.locale}"),
            row.channel,
            *(day.isoformat() if day else "" for day in days),
        ]

    def article(self, article: str | None) -> str:
        """An article of the Code as it is cited; empty for none."""
        return citation(article).of(self.words.locale) if article else ""

    # --- overview ------------------------------------------------------------------------------

    def outcomes(self, today: Mapping[str, int], week: Mapping[str, int]) -> list[OutcomeRow]:
        """All that came up, in the order of the engine's own list."""
        names = [outcome.value for outcome in Outcome if outcome.value in week]
        return [OutcomeRow(self.outcome(name), today.get(name, 0), week[name]) for name in names]

    def ratings(self, ratings: Mapping[str, tuple[int, int]]) -> list[RatingRow]:
        """Rated answers, those that help least first: they need an editor."""
        rows = []
        for slug, (helpful, unhelpful) in ratings.items():
            entry = self.knowledge.faq.find(slug)
            question = self.words.of(entry.question) if entry else slug
            rows.append(
                RatingRow(question, helpful, unhelpful, round(100 * helpful / max(1, helpful + unhelpful)))
            )
        return sorted(rows, key=lambda row: (row.percent, -row.unhelpful))
