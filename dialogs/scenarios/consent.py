"""The consent to file: its whole text, as art. 8 of the law on personal data wants it, and what saying yes changes."""

from __future__ import annotations

from dataclasses import replace

from dialogs.effects import RecordConsent
from dialogs.messages import Msg, msg
from dialogs.model import CONSENT_VERSION, DialogState, Knowledge, Mode
from dialogs.replies import Button, Say, Tone, say
from dialogs.scenarios import buttons


def text(knowledge: Knowledge, *, abroad: bool) -> tuple[Msg, ...]:
    """What is agreed to: who collects, whose data and which, what for, who gets them, across which border, how long."""
    office = knowledge.office
    operator = (
        msg("consent.operator_demo")
        if office.mode is Mode.DEMO
        else msg("consent.operator", office=office.name, bin=office.bin)
    )
    return (
        msg("consent.title"),
        operator,
        msg("consent.subject"),
        msg("consent.purpose"),
        msg("consent.data"),
        msg("consent.third_parties" if office.mode is Mode.CONNECTED else "consent.no_third_parties"),
        msg("consent.border" if abroad else "consent.no_border"),
        msg("consent.term"),
        msg("consent.withdrawal", version=CONSENT_VERSION),
    )


def ask(knowledge: Knowledge, state: DialogState) -> Say:
    """Show the text and ask for a yes or no. Where messages cross the border, the data may take another way."""
    by_page = state.abroad and knowledge.office.reachable
    way = msg("consent.page") if by_page else msg("consent.no_page")
    return say(
        *text(knowledge, abroad=state.abroad),
        way if state.abroad else None,
        buttons=(
            *((Button(msg("button.agree_page"), "applicant.page"),) if by_page else ()),
            Button(msg("button.agree_chat") if by_page else msg("button.agree"), "filing.agree"),
            Button(msg("button.decline"), "filing.decline"),
            buttons.BACK,
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )


def given(state: DialogState) -> DialogState:
    """The state after a yes."""
    return replace(state, consent=CONSENT_VERSION)


def record(knowledge: Knowledge, state: DialogState) -> RecordConsent:
    """The register keeps the text as it was shown, not only its version."""
    return RecordConsent(CONSENT_VERSION, given=True, text=text(knowledge, abroad=state.abroad))
