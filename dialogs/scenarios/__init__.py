"""One module per citizen's task. A scenario takes (engine, state, event, route) and gives a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from dialogs.events import CitizenEvent
from dialogs.model import DialogState, Turn
from dialogs.routing import Route
from dialogs.scenarios import (
    again,
    answer,
    appeal,
    applicant,
    carry,
    complain,
    details,
    fallback,
    filing,
    guidance,
    handover,
    learning,
    menu,
    nearby,
    privacy,
    signature,
    smalltalk,
    speech,
    status,
    welcome,
    why,
)

if TYPE_CHECKING:
    from dialogs.engine import Engine


class Scenario(Protocol):
    """What the engine asks of a scenario. Verbs it does not know are old or forged buttons, never errors."""

    def __call__(self, engine: Engine, state: DialogState, event: CitizenEvent, route: Route, /) -> Turn:
        """The turn for this event."""


SCENARIOS: dict[str, Scenario] = {
    "welcome": welcome.step,
    "menu": menu.step,
    "language": speech.step,
    "faq": answer.step,
    "guide": guidance.step,
    "filing": filing.step,
    "applicant": applicant.step,
    "again": again.step,
    "carry": carry.step,
    "complain": complain.step,
    "details": details.step,
    "nearby": nearby.step,
    "signature": signature.step,
    "status": status.step,
    "appeal": appeal.step,
    "human": handover.step,
    "smalltalk": smalltalk.step,
    "data": privacy.step,
    "learning": learning.step,
    "why": why.step,
    "fallback": fallback.step,
}
"""The first half of a button's action names its scenario."""
