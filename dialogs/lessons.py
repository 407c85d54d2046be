"""What a corrected guess may teach: counted always, its wording kept only with the citizen's consent, asked for once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.reference import find_reference
from dialogs.anonymity import anonymise
from dialogs.effects import KeepCorrection, KeepWording
from dialogs.lifecycle import Phase
from dialogs.messages import msg
from dialogs.model import Turn
from dialogs.replies import Button, Say, say
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

WITHHELD_MOST = 5


def corrected(engine: Engine, turn: Turn, text: str, guessed: tuple[str, ...], chosen: str | None) -> Turn:
    """The turn in which a citizen corrected what was guessed of `text`; `chosen` None: it was none of these."""
    state = turn.state
    turn = replace(turn, effects=(*turn.effects, KeepCorrection(guessed, chosen)))
    wording = anonymise(text[: engine.rules.parse_characters], engine.knowledge.domain.territory)
    if state.learning is False or not words(wording) or find_reference(wording):
        return turn
    lesson = KeepWording(wording, guessed, chosen, state.heard or state.speaks)
    if state.learning:
        return replace(turn, effects=(*turn.effects, lesson))
    if state.phase is not Phase.BOT:  # a person is being called: no moment for a question of ours
        return turn
    withheld = (*state.withheld, lesson)[:WITHHELD_MOST]
    turn = replace(turn, state=replace(state, withheld=withheld))
    return turn if state.form else asked(turn)


def asked(turn: Turn) -> Turn:
    """The turn with the question in it, once, where wordings wait for the answer; never in the midst of filing."""
    state = turn.state
    waits = state.withheld and state.learning is None and not state.learning_asked
    if not waits or state.form is not None or state.phase is not Phase.BOT:
        return turn
    return replace(turn, state=replace(state, learning_asked=True), replies=(*turn.replies, question()))


def question() -> Say:
    """May the wording of such messages teach the assistant?"""
    return say(
        msg("learning.ask"),
        buttons=(
            Button(msg("button.learn_yes"), "learning.yes"),
            Button(msg("button.learn_no"), "learning.no"),
        ),
    )
