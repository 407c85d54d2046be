"""The steps of an appeal as forms: what each asks for, within which lawful days, and what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from appeals import steps
from appeals.appeal import missing
from appeals.decisions import (
    CHARACTERS,
    DECISIONS,
    RETURNS,
    WAIVERS,
    Character,
    Decision,
    HearingWaiver,
    ReturnGround,
    TerminationGround,
    characters_for,
    decisions_for,
    terminations_for,
)
from appeals.kinds import Kind
from appeals.lifecycle import Action, Status
from appeals.procedure import Window
from bot.app.desk import Dossier
from bot.app.errors import InvalidInput
from bot.app.moves import ANSWER_LIMIT, BODY_LIMIT, NEEDS_NOTE, NOTE_LIMIT
from bot.app.records import Operator
from bot.console.parts import Form
from bot.console.views import View

USUAL: Mapping[Status, tuple[Action, ...]] = MappingProxyType(
    {
        Status.REGISTERED: (Action.ASSIGN, Action.START),
        Status.NEEDS_FIX: (Action.ACCEPT_FIX, Action.RETURN),
        Status.FIXED: (Action.ACCEPT_FIX, Action.ASK_FIX),
        Status.IN_PROGRESS: (Action.ANSWER,),
        Status.EXTENDED: (Action.ANSWER,),
        Status.HEARING: (Action.PROTOCOL, Action.ANSWER),
    }
)
"""The usual next steps; they come first."""
NAMED_BY_LAW = (
    "applicant.full_name",
    "applicant.iin",
    "applicant.postal_address",
    "body_id",
    "text",
)
NAMED_FOR_COMPLAINTS = (
    "actual_address",
    "complaint.challenged",
    "complaint.circumstances",
    "complaint.evidence",
)
SIGNATURE = "signature"

C = TypeVar("C", bound=Enum)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several. `chosen` before anybody has touched the form."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a step's form. `kind`: text, area, date, choice, checks or files; least and most bound a date."""

    name: str
    kind: str
    label: str
    required: bool = True
    choices: tuple[Choice, ...] = ()
    least: str = ""
    most: str = ""
    value: str = ""
    limit: int = 0
    citizens_language: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step an operator may take, with its lawful term in words. `closed`: why the Code does not allow it today."""

    action: str
    name: str
    term: str
    inputs: tuple[Input, ...] = ()
    closed: str = ""
    late: bool = False


def moves(view: View, dossier: Dossier, executors: Sequence[Operator]) -> list[Move]:
    """What may be done with an appeal now: the usual next step first, what is closed today last."""
    usual = USUAL.get(dossier.appeal.status, ())

    def rank(action: Action) -> tuple[bool, int]:
        return (
            dossier.windows[action].closed is not None,
            usual.index(action) if action in usual else len(usual),
        )

    return [_move(view, action, dossier, executors) for action in sorted(dossier.windows, key=rank)]


def _move(view: View, action: Action, dossier: Dossier, executors: Sequence[Operator]) -> Move:
    window = dossier.windows[action]
    name = view.words(f"action.{action.value}")
    if window.closed is not None:
        return Move(action.value, name, "", closed=view.words.of(window.closed))
    inputs = _INPUTS[action](view, dossier, window) if action in _INPUTS else ()
    if action is Action.ASSIGN:
        inputs = (_executor(view, dossier, executors),)
    note = _note(view, action)
    inputs = (note, *inputs) if action is Action.SUPPLEMENT else (*inputs, note)
    return Move(action.value, name, _term(view, action, dossier), inputs, late=window.late)


def _term(view: View, action: Action, dossier: Dossier) -> str:
    """The lawful term of a step, in words, with its article."""
    window, appeal = dossier.windows[action], dossier.appeal
    day, article = window.term.on if window.term else None, window.term.article if window.term else None
    match action:
        case Action.ANSWER:
            day, article = appeal.due, appeal.due_article
        case Action.HEARING:
            day, article = view.procedure.decide_from(), "73 (1)"
    text = view.words(
        f"term.{action.value}", day=view.words.day(day) if day else "–", article=view.article(article)
    )
    return f"{view.words('term.late')} {text}" if window.late else text


# --- fields -----------------------------------------------------------------------------------------


def _note(view: View, action: Action) -> Input:
    needed = action in NEEDS_NOTE
    key = {Action.ASK_FIX: "move.asked", Action.SUPPLEMENT: "move.supplement"}.get(
        action, "move.reason" if needed else "move.note"
    )
    return Input("note", "area", view.words(key), required=needed, limit=NOTE_LIMIT, citizens_language=True)


def _executor(view: View, dossier: Dossier, executors: Sequence[Operator]) -> Input:
    choices = tuple(
        Choice(
            one.id,
            f"{one.name} · {view.words(f'role.{one.role.value}')}",
            one.id == dossier.appeal.executor_id,
        )
        for one in executors
    )
    return Input("executor", "choice", view.words("move.executor"), choices=choices)


def _asking(view: View, dossier: Dossier, window: Window) -> tuple[Input, ...]:
    draft = dossier.appeal.draft
    lacking = {part.field for part in missing(draft)}
    named = NAMED_BY_LAW + (NAMED_FOR_COMPLAINTS if draft.kind is Kind.COMPLAINT else ()) + (SIGNATURE,)
    usual = view.procedure.usual_fix_day(window)
    return (
        Input(
            "lacking",
            "checks",
            view.words("move.lacking"),
            required=False,
            choices=tuple(
                Choice(path, view.words(f"field.{path.rpartition('.')[2]}"), path in lacking)
                for path in named
            ),
        ),
        _date(view, "until", "move.fix_until", window, usual),
    )


def _date(view: View, name: str, key: str, window: Window, value: date | None = None) -> Input:
    least, most = (day.isoformat() if day else "" for day in (window.first, window.last))
    return Input(
        name, "date", view.words(key), least=least, most=most, value=value.isoformat() if value else ""
    )


def _supplement(view: View, _: Dossier, __: Window) -> tuple[Input, ...]:
    return (Input("files", "files", view.words("appeal.files"), required=False),)


def _forwarding(view: View, _: Dossier, __: Window) -> tuple[Input, ...]:
    return (Input("body", "text", view.words("move.body"), limit=BODY_LIMIT),)


def _forwarding_a_part(view: View, dossier: Dossier, window: Window) -> tuple[Input, ...]:
    part = Input("part", "area", view.words("move.part"), limit=ANSWER_LIMIT, citizens_language=True)
    return (*_forwarding(view, dossier, window), part)


def _hearing(view: View, _: Dossier, window: Window) -> tuple[Input, ...]:
    return (
        _date(view, "on", "move.on", window),
        Input("where", "text", view.words("move.where"), limit=BODY_LIMIT, citizens_language=True),
        Input(
            "preliminary",
            "area",
            view.words("move.preliminary"),
            limit=ANSWER_LIMIT,
            citizens_language=True,
        ),
    )


def _protocol(view: View, _: Dossier, __: Window) -> tuple[Input, ...]:
    return (Input("text", "area", view.words("move.protocol"), limit=ANSWER_LIMIT, citizens_language=True),)


def _extension(view: View, _: Dossier, window: Window) -> tuple[Input, ...]:
    return (_date(view, "until", "move.until", window),)


def _answer(view: View, dossier: Dossier, _: Window) -> tuple[Input, ...]:
    kind = dossier.standing.kind
    outcomes = tuple(
        Choice(
            f"{decision.value}.{character.value}",
            f"{view.words.of(DECISIONS[decision].name)} – {view.words.of(CHARACTERS[character])}",
        )
        for decision in decisions_for(kind)
        for character in characters_for(decision)
    )
    inputs = [
        Input("decision", "choice", view.words("move.decision"), choices=outcomes),
        Input("answer", "area", view.words("move.answer"), limit=ANSWER_LIMIT, citizens_language=True),
        Input("files", "files", view.words("move.files"), required=False),
    ]
    if Decision.BURDENSOME_ACT in decisions_for(kind) and dossier.standing.decide_from is None:
        waivers = tuple(Choice(waiver.value, view.words.of(words)) for waiver, words in WAIVERS.items())
        none = Choice("", view.words("move.no_waiver"), chosen=True)
        inputs.append(
            Input("waiver", "choice", view.words("move.waiver"), required=False, choices=(none, *waivers))
        )
    return tuple(inputs)


def _returning(view: View, dossier: Dossier, _: Window) -> tuple[Input, ...]:
    mending = dossier.appeal.status is Status.NEEDS_FIX
    choices = tuple(
        Choice(ground.value, view.words.of(words), chosen=mending)
        for ground, words in RETURNS.items()
        if (ground is ReturnGround.NOT_FIXED) is mending
    )
    return (Input("ground", "choice", view.words("move.ground"), choices=choices),)


def _termination(view: View, dossier: Dossier, _: Window) -> tuple[Input, ...]:
    choices = tuple(
        Choice(ground.value, view.words.of(words))
        for ground, words in terminations_for(dossier.standing.kind).items()
    )
    return (Input("ground", "choice", view.words("move.ground"), choices=choices),)


def _complaint(view: View, _: Dossier, __: Window) -> tuple[Input, ...]:
    return (
        Input(
            "circumstances",
            "area",
            view.words("move.circumstances"),
            limit=ANSWER_LIMIT,
            citizens_language=True,
        ),
    )


_INPUTS: Mapping[Action, Callable[[View, Dossier, Window], tuple[Input, ...]]] = MappingProxyType(
    {
        Action.ASK_FIX: _asking,
        Action.SUPPLEMENT: _supplement,
        Action.FORWARD: _forwarding,
        Action.FORWARD_PART: _forwarding_a_part,
        Action.HEARING: _hearing,
        Action.PROTOCOL: _protocol,
        Action.EXTEND: _extension,
        Action.ANSWER: _answer,
        Action.RETURN: _returning,
        Action.TERMINATE: _termination,
        Action.COMPLAIN: _complaint,
    }
)


# --- what was filled in -----------------------------------------------------------------------------


def step_of(action: Action, form: Form) -> steps.Step:
    """The step a form asks for, its files apart. Raises InvalidInput for a choice or day that was not made."""
    match action:
        case Action.ASSIGN:
            return steps.Assign(_one(form, "executor"))
        case Action.ASK_FIX:
            return steps.AskFix(_day(form, "until"), _known(form.get("lacking", ())))
        case Action.FORWARD:
            return steps.Forward(_one(form, "body"))
        case Action.FORWARD_PART:
            return steps.ForwardPart(_one(form, "body"), _one(form, "part"))
        case Action.HEARING:
            return steps.Hearing(_day(form, "on"), _one(form, "where"), _one(form, "preliminary"))
        case Action.PROTOCOL:
            return steps.Protocol(_one(form, "text"))
        case Action.EXTEND:
            return steps.Extend(_day(form, "until"))
        case Action.ANSWER:
            return _answer_of(form)
        case Action.RETURN:
            return steps.Return(_choice(form, "ground", ReturnGround))
        case Action.TERMINATE:
            return steps.Terminate(_choice(form, "ground", TerminationGround))
        case Action.COMPLAIN:
            return steps.Complain(_one(form, "circumstances"))
        case _:
            return steps.STEPS[action]()


def _answer_of(form: Form) -> steps.Answer:
    decision, _, character = _one(form, "decision").partition(".")
    waiver = _choice(form, "waiver", HearingWaiver) if _one(form, "waiver") else None
    try:
        return steps.Answer(Decision(decision), Character(character), _one(form, "answer"), waiver=waiver)
    except ValueError as error:
        raise InvalidInput("decision", "choose one of the list") from error


def _one(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""


def _known(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(path for path in paths if path in (*NAMED_BY_LAW, *NAMED_FOR_COMPLAINTS, SIGNATURE))


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(_one(form, name))
    except ValueError as error:
        raise InvalidInput(name, "a day is needed") from error


def _choice(form: Form, name: str, kind: type[C]) -> C:
    try:
        return kind(_one(form, name))
    except ValueError as error:
        raise InvalidInput(name, "choose one of the list") from error
