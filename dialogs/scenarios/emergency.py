"""Danger: the number first, before anything, in every phase; then whatever the message would have done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs import routing
from dialogs.effects import JoinQueue
from dialogs.emergency import NEEDS_HUMAN, NUMBERS
from dialogs.events import CitizenEvent, UserSaid
from dialogs.lifecycle import Phase, Trigger
from dialogs.messages import msg
from dialogs.model import Decision, DialogState, Outcome, Turn
from dialogs.privacy import redact
from dialogs.replies import Button, Say, Tone, say
from dialogs.scenarios import buttons, handover

if TYPE_CHECKING:
    from dialogs.engine import Engine

NOT_NOW = Button(msg("button.not_emergency"), "fallback.calm")


def warn(engine: Engine, state: DialogState, event: CitizenEvent, decision: Decision) -> Turn:
    """Numbers and what to do. In a form or with an operator the message also goes where it would have gone."""
    kind = decision.label.partition(".")[2]
    warning, text = _warning(kind), redact(routing.spoken(event))
    if state.phase in (Phase.QUEUED, Phase.WITH_OPERATOR):
        held = handover.citizen_waits(engine, state, event) or Turn(state, Outcome.WAITING)
        if kind in NEEDS_HUMAN and state.phase is Phase.QUEUED:
            urgent = JoinQueue(f"emergency.{kind}", text, urgent=True)
            held = replace(held, effects=(*held.effects, urgent))
        return replace(
            held,
            outcome=Outcome.EMERGENCY,
            decision=decision,
            replies=(replace(warning, buttons=()), *held.replies),
        )
    if kind in NEEDS_HUMAN:
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
    parse = event.parse if isinstance(event, UserSaid) else None
    state = replace(
        state,
        pending=text,
        pending_guesses=parse.ranking if parse else (),
        last=decision,
        awaits="",
        misunderstood=0,
    )
    return Turn(state, Outcome.EMERGENCY, (warning,), (), decision)


def _warning(kind: str) -> Say:
    numbers = NUMBERS.get(kind, ("112",))
    return say(
        msg("emergency.call", first=numbers[0], others=", ".join(numbers[1:]))
        if numbers[1:]
        else msg("emergency.call_one", number=numbers[0]),
        msg(f"emergency.{kind}"),
        msg("emergency.bot_cannot"),
        buttons=(buttons.HUMAN, NOT_NOW),
        tone=Tone.EMERGENCY,
    )
