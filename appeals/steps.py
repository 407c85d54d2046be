"""The steps of an appeal's life with what each of them says, and their stored form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar

from appeals.appeal import Attachment, attachments_from_json
from appeals.decisions import Character, Decision, HearingWaiver, ReturnGround, TerminationGround
from appeals.lifecycle import Action


@dataclass(frozen=True, slots=True)
class Step:
    """Base of all steps. The reason told to the citizen stands beside a step, not in it."""

    action: ClassVar[Action]


@dataclass(frozen=True, slots=True)
class Register(Step):
    """Give the number; the term begins to run (art. 64 (3))."""

    action = Action.REGISTER


@dataclass(frozen=True, slots=True)
class Assign(Step):
    """Name the executor by account id, or another one."""

    action = Action.ASSIGN
    executor: str


@dataclass(frozen=True, slots=True)
class Start(Step):
    """Whoever takes this step considers the appeal."""

    action = Action.START


@dataclass(frozen=True, slots=True)
class AskFix(Step):
    """Ask for what art. 63 or 93 demands. `lacking`: paths of `Draft`; `until`: last day of the term set."""

    action = Action.ASK_FIX
    until: date
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplement(Step):
    """The citizen adds words or files: what was asked for, or an objection before a hearing."""

    action = Action.SUPPLEMENT
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptFix(Step):
    """The appeal is complete now; consideration goes on."""

    action = Action.ACCEPT_FIX


@dataclass(frozen=True, slots=True)
class Forward(Step):
    """Hand the whole appeal to the competent body (art. 65 (1))."""

    action = Action.FORWARD
    body: str


@dataclass(frozen=True, slots=True)
class ForwardPart(Step):
    """Hand the demands another body decides to it (art. 65 (2)). `child`: reference of the part's own record."""

    action = Action.FORWARD_PART
    body: str
    part: str
    child: str = ""


@dataclass(frozen=True, slots=True)
class Hearing(Step):
    """Show the preliminary decision and hear the applicant (art. 73). `where`: hour and place, or how."""

    action = Action.HEARING
    on: date
    where: str
    preliminary: str


@dataclass(frozen=True, slots=True)
class Protocol(Step):
    """The protocol of the hearing (art. 74)."""

    action = Action.PROTOCOL
    text: str


@dataclass(frozen=True, slots=True)
class Extend(Step):
    """Extend the term, once (art. 76 (3)). `until`: its new last day."""

    action = Action.EXTEND
    until: date


@dataclass(frozen=True, slots=True)
class Answer(Step):
    """Decide. `waiver`: why a burdensome act comes without a hearing, where it does."""

    action = Action.ANSWER
    decision: Decision
    character: Character
    text: str
    files: tuple[Attachment, ...] = ()
    waiver: HearingWaiver | None = None


@dataclass(frozen=True, slots=True)
class Return(Step):
    """Return the appeal without consideration (art. 64 (7))."""

    action = Action.RETURN
    ground: ReturnGround


@dataclass(frozen=True, slots=True)
class Terminate(Step):
    """Terminate consideration (art. 70, 88, 95)."""

    action = Action.TERMINATE
    ground: TerminationGround


@dataclass(frozen=True, slots=True)
class Withdraw(Step):
    """The applicant's own wish (art. 64 (9))."""

    action = Action.WITHDRAW


@dataclass(frozen=True, slots=True)
class Complain(Step):
    """A complaint against the outcome or the silence, brought to the desk. `child`: its reference."""

    action = Action.COMPLAIN
    circumstances: str
    child: str = ""


STEPS: Mapping[Action, type[Step]] = MappingProxyType({kind.action: kind for kind in Step.__subclasses__()})


# By annotation, as the fields above are written.
_READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "str": str,
        "date": date.fromisoformat,
        "tuple[str, ...]": tuple,
        "tuple[Attachment, ...]": attachments_from_json,
        "Character": Character,
        "Decision": Decision,
        "HearingWaiver | None": lambda value: None if value is None else HearingWaiver(value),
        "ReturnGround": ReturnGround,
        "TerminationGround": TerminationGround,
    }
)


def to_json(step: Step) -> dict[str, Any]:
    """What the step says, as a JSON object; the action is kept beside it."""
    return {name: _plain(value) for name, value in asdict(step).items()}


def from_json(action: str, data: Mapping[str, Any]) -> Step | None:
    """The step stored by `to_json`; None for an action or a shape this version does not know."""
    try:
        kind = STEPS[Action(action)]
        return kind(**{item.name: _READERS[str(item.type)](data[item.name]) for item in fields(kind)})
    except (KeyError, TypeError, ValueError):
        return None


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value
