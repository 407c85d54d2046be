"""A human: asking for one, waiting without a dead end, talking, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs import commands
from dialogs.effects import AskQueue, JoinQueue, KeepContact, LeaveQueue
from dialogs.events import (
    ButtonPressed,
    CitizenEvent,
    CommandGiven,
    ContactShared,
    OperatorClaimed,
    OperatorClosed,
    OperatorHandedBack,
    OperatorSaid,
    Queued,
    Started,
    UserSaid,
    WaitExpired,
)
from dialogs.lifecycle import Phase, Trigger
from dialogs.messages import msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.replies import Ask, Button, Relay, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button

if TYPE_CHECKING:
    from dialogs.engine import Engine

RETURN = Button(msg("button.return"), "human.return")
POSITION = Button(msg("button.position"), "human.position")
LEAVE_CONTACT = Button(msg("button.leave_contact"), "human.leave_contact")
WORK_WHILE_WAITING = frozenset({"status", "language", "human", "why"})
"""Scenarios whose buttons and commands go on working while the citizen waits."""


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Call an operator, tell the position, take a contact, or come back to the assistant."""
    waiting = state.phase in (Phase.QUEUED, Phase.WITH_OPERATOR)
    match route.verb:
        case "ask" | "position" if state.phase is Phase.QUEUED:
            return Turn(state, Outcome.WAITING, (), (AskQueue(),))
        case "ask" if state.phase is Phase.WITH_OPERATOR:
            return Turn(state, Outcome.WITH_OPERATOR, (say(msg("human.already", operator=state.operator)),))
        case "ask":
            return call(state, "asked", _last_words(state, event))
        case "return" if waiting and state.phase is Phase.QUEUED:
            back = replace(
                state.moved(Trigger.CITIZEN_RETURNS), awaits="", waiting_messages=0, misunderstood=0
            )
            resume = (buttons.RESUME,) if state.form or state.paused else ()
            reply = say(
                msg("human.returned"), buttons=(*resume, buttons.FILE, buttons.QUESTIONS, buttons.STATUS)
            )
            return Turn(back, Outcome.HANDED_BACK, (reply,), (LeaveQueue(),))
        case "leave_contact" if state.phase is Phase.QUEUED:
            reply = say(msg("human.ask_contact"), buttons=(RETURN,), ask=Ask.CONTACT)
            return Turn(replace(state, awaits="contact"), Outcome.WAITING, (reply,))
        case "contact" if state.awaits == "contact":
            contact = (
                event.phone if isinstance(event, ContactShared) else route.arg[: engine.rules.field_limit]
            )
            reply = say(msg("human.contact_kept"), buttons=(RETURN,))
            return Turn(replace(state, awaits=""), Outcome.WAITING, (reply,), (KeepContact(contact),))
        case _:
            return old_button(state)


def call(state: DialogState, reason: str, summary: str, *, urgent: bool = False) -> Turn:
    """Put the conversation before the operators. What the citizen hears follows from the queue's answer."""
    queued = replace(state.moved(Trigger.HUMAN_NEEDED), awaits="", misunderstood=0, waiting_messages=0)
    return Turn(queued, Outcome.HANDED_OVER, (), (JoinQueue(reason, summary, urgent),))


def _last_words(state: DialogState, event: CitizenEvent) -> str:
    if state.pending:
        return state.pending
    form = state.form or state.paused
    if form and form.draft.text:
        return form.draft.text
    return event.text if isinstance(event, UserSaid) else ""


def citizen_waits(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn | None:
    """What a citizen does while a person is awaited or present; None where the usual scenarios answer.

    Words go to the operator. Buttons and commands for status, language and the way back work on.
    """
    with_operator = state.phase is Phase.WITH_OPERATOR
    if isinstance(event, ButtonPressed) and event.action.partition(".")[0] in WORK_WHILE_WAITING:
        return None
    if isinstance(event, CommandGiven) and event.name in ("status", "language", "human"):
        return None
    if isinstance(event, CommandGiven | UserSaid) and not with_operator and _leaves(event):
        return step(engine, state, event, Route("human", "return"))
    if not with_operator and state.awaits == "contact" and isinstance(event, UserSaid | ContactShared):
        text = event.text if isinstance(event, UserSaid) else ""
        return step(engine, state, event, Route("human", "contact", text))
    if (
        isinstance(event, UserSaid)
        and not with_operator
        and (
            commands.stop_word(event.text) == "status"
            or (commands.command(event.text) or ("",))[0] == "status"
        )
    ):
        return None
    if with_operator:
        if isinstance(event, ButtonPressed | CommandGiven):
            reply = say(msg("human.already", operator=state.operator))
            return Turn(state, Outcome.WITH_OPERATOR, (reply,))
        return Turn(state, Outcome.WITH_OPERATOR)
    if isinstance(event, Started | ButtonPressed | CommandGiven):
        return Turn(state, Outcome.WAITING, (), (AskQueue(),))
    count = state.waiting_messages + 1
    state = replace(state, waiting_messages=count)
    if count % engine.rules.queue_reminder == 1:
        return Turn(state, Outcome.WAITING, (say(msg("human.passed_on"), buttons=(POSITION, RETURN)),))
    return Turn(state, Outcome.WAITING)


def _leaves(event: CommandGiven | UserSaid) -> bool:
    if isinstance(event, CommandGiven):
        return event.name in ("cancel", "back")
    return commands.stop_word(event.text) in ("cancel", "back")


def queue_reports(state: DialogState, event: Queued | WaitExpired) -> Turn:
    """Position and hours; after a long wait the other ways are offered again."""
    if isinstance(event, WaitExpired):
        if state.phase is not Phase.QUEUED:
            return Turn(state, Outcome.WAITING)
        reply = say(msg("human.long_wait"), buttons=(RETURN, LEAVE_CONTACT, POSITION))
        return Turn(state.moved(Trigger.WAIT_EXPIRES), Outcome.WAITING, (reply,))
    if event.open:
        reply = say(
            msg("human.queued", position=event.position),
            msg("human.meanwhile"),
            buttons=(LEAVE_CONTACT, POSITION, RETURN),
            tone=Tone.NOTICE,
        )
        return Turn(state, Outcome.HANDED_OVER, (reply,))
    opens = msg("human.opens", at=event.opens_at) if event.opens_at else None
    reply = say(
        msg("human.closed"), opens, msg("human.write_now"), buttons=(LEAVE_CONTACT, RETURN), tone=Tone.NOTICE
    )
    return Turn(replace(state, awaits=""), Outcome.HANDED_OVER, (reply,))


def operator_acts(
    state: DialogState, event: OperatorClaimed | OperatorSaid | OperatorHandedBack | OperatorClosed
) -> Turn:
    """An operator takes over, speaks, hands back or closes; the citizen is told each time."""
    match event:
        case OperatorClaimed(name=name):
            state = replace(
                state.moved(Trigger.OPERATOR_CLAIMS), operator=name, awaits="", waiting_messages=0
            )
            return Turn(
                state, Outcome.WITH_OPERATOR, (say(msg("human.joined", operator=name), tone=Tone.NOTICE),)
            )
        case OperatorSaid(text=text):
            return Turn(
                state.moved(Trigger.OPERATOR_SPEAKS), Outcome.WITH_OPERATOR, (Relay(state.operator, text),)
            )
        case OperatorHandedBack():
            state = replace(state.moved(Trigger.OPERATOR_HANDS_BACK), operator="")
            resume = (buttons.RESUME,) if state.form or state.paused else ()
            reply = say(
                msg("human.handed_back"),
                buttons=(*resume, buttons.FILE, buttons.QUESTIONS, buttons.HUMAN),
                tone=Tone.NOTICE,
            )
            return Turn(state, Outcome.HANDED_BACK, (reply,))
        case OperatorClosed():
            state = replace(state.moved(Trigger.OPERATOR_CLOSES), operator="")
            return Turn(
                state, Outcome.CLOSED, (say(msg("human.ended"), buttons=(buttons.MENU,), tone=Tone.NOTICE),)
            )
