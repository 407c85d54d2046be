"""Who holds a conversation. Everything that changes it is in this table and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dialogs.errors import IllegalTransition


class Phase(StrEnum):
    """BOT answers · QUEUED waits for an operator · WITH_OPERATOR a person answers · CLOSED nobody does."""

    BOT = "bot"
    QUEUED = "queued"
    WITH_OPERATOR = "with_operator"
    CLOSED = "closed"


class Trigger(StrEnum):
    """What can change the holder."""

    CITIZEN_ACTS = "citizen_acts"
    HUMAN_NEEDED = "human_needed"
    CITIZEN_RETURNS = "citizen_returns"
    WAIT_EXPIRES = "wait_expires"
    OPERATOR_CLAIMS = "operator_claims"
    OPERATOR_SPEAKS = "operator_speaks"
    OPERATOR_HANDS_BACK = "operator_hands_back"
    OPERATOR_CLOSES = "operator_closes"


TRANSITIONS: Mapping[tuple[Phase, Trigger], Phase] = {
    (Phase.BOT, Trigger.CITIZEN_ACTS): Phase.BOT,
    (Phase.BOT, Trigger.HUMAN_NEEDED): Phase.QUEUED,
    (Phase.BOT, Trigger.OPERATOR_CLAIMS): Phase.WITH_OPERATOR,
    (Phase.QUEUED, Trigger.CITIZEN_ACTS): Phase.QUEUED,
    (Phase.QUEUED, Trigger.HUMAN_NEEDED): Phase.QUEUED,
    (Phase.QUEUED, Trigger.CITIZEN_RETURNS): Phase.BOT,
    (Phase.QUEUED, Trigger.WAIT_EXPIRES): Phase.QUEUED,
    (Phase.QUEUED, Trigger.OPERATOR_CLAIMS): Phase.WITH_OPERATOR,
    (Phase.QUEUED, Trigger.OPERATOR_CLOSES): Phase.CLOSED,
    (Phase.WITH_OPERATOR, Trigger.CITIZEN_ACTS): Phase.WITH_OPERATOR,
    (Phase.WITH_OPERATOR, Trigger.HUMAN_NEEDED): Phase.WITH_OPERATOR,
    (Phase.WITH_OPERATOR, Trigger.CITIZEN_RETURNS): Phase.BOT,
    (Phase.WITH_OPERATOR, Trigger.OPERATOR_CLAIMS): Phase.WITH_OPERATOR,
    (Phase.WITH_OPERATOR, Trigger.OPERATOR_SPEAKS): Phase.WITH_OPERATOR,
    (Phase.WITH_OPERATOR, Trigger.OPERATOR_HANDS_BACK): Phase.BOT,
    (Phase.WITH_OPERATOR, Trigger.OPERATOR_CLOSES): Phase.CLOSED,
    (Phase.CLOSED, Trigger.CITIZEN_ACTS): Phase.BOT,
    (Phase.CLOSED, Trigger.HUMAN_NEEDED): Phase.QUEUED,
    (Phase.CLOSED, Trigger.OPERATOR_CLAIMS): Phase.WITH_OPERATOR,
}


def next_phase(phase: Phase, trigger: Trigger) -> Phase:
    """The phase after `trigger`. Raises IllegalTransition where the table has no row."""
    try:
        return TRANSITIONS[phase, trigger]
    except KeyError:
        raise IllegalTransition(f"{trigger.value} in {phase.value}") from None


def allows(phase: Phase, trigger: Trigger) -> bool:
    """Whether the table has a row."""
    return (phase, trigger) in TRANSITIONS
