"""Danger: the number first, before anything, in every phase; then whatever the message would have done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.effects import JoinQueue
from dialogs.emergency import NEEDS_HUMAN, NUMBERS
from dialogs.events import CitizenEvent, UserSaid
from dialogs.lifecycle import Phase, Trigger
from dialogs.messages import msg
from dialogs.model import Decision, DialogState, Outcome, Turn
from dialogs.replies import Button, Say, Tone, say
from dialogs.scenarios import buttons, handover

if TYPE_CHECKING:
    from dialogs.engine import Engine

NOT_NOW = Button(msg("button.not_emergency"), "fallback.calm")


def warn(engine: Engine, state: DialogState, event: CitizenEvent, decision: Decision) -> Turn:
    """Numbers and what to do. In a form or with an operator the message also goes where it would have gone."""
    kind = decision.label.partition(".")[2]
    warning = _warning(kind)
    if state.phase in (Phase.QUEUED, Phase.WITH_OPERATOR):
        held = handover.citizen_waits(engine, state, event) or Turn(state, Outcome.WAITING)
        return replace(
            held,
            outcome=Outcome.EMERGENCY,
            decision=decision,
            replies=(replace(warning, buttons=()), *held.replies),
        )
    if kind in NEEDS_HUMAN:
        text = event.text if isinstance(event, UserSaid) else ""
        called = replace(state.moved(Trigger.HUMAN_NEEDED), awaits="", last=decision)
        return Turn(
            called,
            Outcome.EMERGENCY,
            (replace(warning, buttons=()),),
            (JoinQueue(f"emergency.{kind}", text, urgent=True),),
            decision,
        )
    if state.form is not None and state.form.step != "guide":
        usual = engine.route(state, event)
        return replace(
            usual,
            outcome=Outcome.EMERGENCY,
            decision=decision,
            replies=(replace(warning, buttons=()), *usual.replies),
        )
    pending = event.text if isinstance(event, UserSaid) else ""
    parse = event.parse if isinstance(event, UserSaid) else None
    state = replace(
        state,
        pending=pending,
        pending_guesses=parse.ranking if parse else (),
        last=decision,
        awaits="",
        misunderstood=0,
    )
    return Turn(state, Outcome.EMERGENCY, (warning,), (), decision)


def _warning(kind: str) -> Say:
    numbers = NUMBERS.get(kind, ("112",))
    return say(
        msg("emergency.call", first=numbers[0], others=", ".join(numbers[1:]) or numbers[0]),
        msg(f"emergency.{kind}"),
        msg("emergency.bot_cannot"),
        buttons=(buttons.HUMAN, NOT_NOW),
        tone=Tone.EMERGENCY,
    )
