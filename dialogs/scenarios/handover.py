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
    FileSent,
    OperatorClaimed,
    OperatorClosed,
    OperatorHandedBack,
    OperatorSaid,
    Queued,
    Started,
    Unsupported,
    UserSaid,
    WaitExpired,
)
from dialogs.lifecycle import Phase, Trigger
from dialogs.messages import msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.privacy import redact
from dialogs.replies import Ask, Button, Relay, Say, Tone, say
from dialogs.routing import LONGEST_ANSWER, Route, sure
from dialogs.scenarios import buttons, carry
from dialogs.scenarios.answer import answer
from dialogs.scenarios.fallback import old_button
from text.words import words

if TYPE_CHECKING:
    from dialogs.engine import Engine

RETURN = Button(msg("button.return"), "human.return")
POSITION = Button(msg("button.position"), "human.position")
LEAVE_CONTACT = Button(msg("button.leave_contact"), "human.leave_contact")
WORK_WHILE_WAITING = frozenset(
    {"status", "language", "human", "why", "faq", "menu", "data", "learning", "carry"}
)
"""Scenarios whose buttons and commands go on working while the citizen waits."""
CONTACT_DIGITS = 6
LEADS_BACK = frozenset({"filing", "guide", "fallback"})
"""Scenarios whose buttons bring the citizen back to the assistant."""


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
        case "return" if waiting:
            back = replace(
                state.moved(Trigger.CITIZEN_RETURNS),
                awaits="",
                waiting_messages=0,
                misunderstood=0,
                operator="",
            )
            resume = (buttons.RESUME,) if state.unfinished else ()
            back = back.laid_aside()
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
            if sum(c.isdigit() for c in contact) < CONTACT_DIGITS and "@" not in contact:
                wrong = say(msg("human.contact_wrong"), buttons=(RETURN,), ask=Ask.CONTACT)
                return Turn(state, Outcome.FORM_PROBLEM, (wrong,))
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
    form = state.unfinished
    if form and form.draft.text:
        return form.draft.text
    return redact(event.text) if isinstance(event, UserSaid) else ""


def citizen_waits(engine: Engine, state: DialogState, event: CitizenEvent) -> Turn | None:
    """What a citizen does while a person is awaited or present; None where the usual scenarios answer.

    Words go to the operator. While waiting, status, language and the way back work on by button and by word; with an
    operator only the language and the way back do.
    """
    with_operator = state.phase is Phase.WITH_OPERATOR
    if isinstance(event, CommandGiven | UserSaid) and _leaves(event, with_operator):
        return step(engine, state, event, Route("human", "return"))
    if isinstance(event, ContactShared):
        text = say(msg("human.contact_kept"), buttons=(RETURN,))
        return Turn(replace(state, awaits=""), Outcome.WAITING, (text,), (KeepContact(event.phone),))
    if isinstance(event, Unsupported) or (isinstance(event, FileSent) and event.attachment is None):
        return None
    if with_operator:
        return _with_operator(state, event)
    if state.awaits == "contact" and isinstance(event, UserSaid):
        return step(engine, state, event, Route("human", "contact", event.text))
    if (
        state.awaits == "reference"
        and isinstance(event, UserSaid)
        and len(words(event.text)) <= LONGEST_ANSWER
    ):
        return None
    if _works_while_waiting(event):
        return None
    if isinstance(event, Started) or (
        isinstance(event, ButtonPressed) and event.action.partition(".")[0] in LEADS_BACK
    ):
        back = replace(state.moved(Trigger.CITIZEN_RETURNS), awaits="", waiting_messages=0, misunderstood=0)
        turn = engine.route(back, event)
        return replace(turn, effects=(LeaveQueue(), *turn.effects))
    if isinstance(event, ButtonPressed | CommandGiven):
        return Turn(state, Outcome.WAITING, (), (AskQueue(),))
    if isinstance(event, FileSent) and event.more:
        return Turn(state, Outcome.WAITING)
    passed_on = say(msg("human.passed_on"), buttons=(POSITION, RETURN))
    state = replace(state, waiting_messages=state.waiting_messages + 1, awaits="")
    return Turn(state, Outcome.WAITING, (*_answered_meanwhile(engine, event), passed_on))


def _answered_meanwhile(engine: Engine, event: CitizenEvent) -> tuple[Say, ...]:
    """A question the assistant is sure of is answered at once; the operator sees both."""
    parse = event.parse if isinstance(event, UserSaid) else None
    if parse is None or not sure(parse.label, parse.confidence, parse.ranking, engine.rules):
        return ()
    entry = engine.knowledge.faq.find(parse.label.removeprefix("faq."))
    return (replace(answer(engine, entry, event), buttons=()),) if entry else ()


def _with_operator(state: DialogState, event: CitizenEvent) -> Turn | None:
    if isinstance(event, ButtonPressed) and event.action in ("language.set", "human.return"):
        return None
    if isinstance(event, ButtonPressed | CommandGiven | Started):
        link = isinstance(event, Started) and carry.is_key(event.payload)
        said = msg("carry.waits") if link else msg("human.already", operator=state.operator)
        reply = say(said, buttons=(RETURN,))
        return Turn(state, Outcome.WITH_OPERATOR, (reply,))
    return Turn(state, Outcome.WITH_OPERATOR)


def _works_while_waiting(event: CitizenEvent) -> bool:
    match event:
        case ButtonPressed(action=action):
            return action.partition(".")[0] in WORK_WHILE_WAITING
        case CommandGiven(name=name):
            return name in ("status", "language", "human")
        case UserSaid(text=text):
            return commands.stop_word(text) == "status" or (commands.command(text) or ("",))[0] == "status"
        case _:
            return False


def _leaves(event: CommandGiven | UserSaid, with_operator: bool) -> bool:
    """Commands always lead back; the words «back» and «cancel» only while nobody is there to read them."""
    if isinstance(event, CommandGiven):
        return event.name in ("cancel", "back")
    if not with_operator and commands.stop_word(event.text) in ("cancel", "back"):
        return True
    return (commands.command(event.text) or ("",))[0] in ("cancel", "back")


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
            state = replace(state.moved(Trigger.OPERATOR_HANDS_BACK), operator="", awaits="")
            resume = (buttons.RESUME,) if state.unfinished else ()
            reply = say(
                msg("human.handed_back"),
                buttons=(*resume, buttons.FILE, buttons.QUESTIONS, buttons.HUMAN),
                tone=Tone.NOTICE,
            )
            return Turn(state, Outcome.HANDED_BACK, (reply,))
        case OperatorClosed():
            state = replace(state.moved(Trigger.OPERATOR_CLOSES), operator="", awaits="")
            return Turn(
                state, Outcome.CLOSED, (say(msg("human.ended"), buttons=(buttons.MENU,), tone=Tone.NOTICE),)
            )
