"""The citizen's own data: what is kept, a copy of it, taking consent back, erasing all or one kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Applicant, Representative
from appeals.personal_data import WITHDRAWAL_ARTICLE
from dialogs.effects import DataCategory, EraseData, OpenPage, PageKind, WithdrawConsent
from dialogs.events import CitizenEvent, ConsentWithdrawn, DataErased, PageOpened, WithdrawalDecided
from dialogs.forms import PERSONAL
from dialogs.lifecycle import Phase
from dialogs.messages import Msg, msg
from dialogs.model import LEARNING_VERSION, DialogState, Form, Outcome, Turn
from dialogs.replies import PAGE, Button, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button

if TYPE_CHECKING:
    from dialogs.engine import Engine

ERASE = Button(msg("button.erase"), "data.erase")
EXPORT = Button(msg("button.export"), "data.export")


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Show and copy at once; withdraw and erase after a second yes."""
    match route.verb:
        case "open":
            return _shown(state)
        case "export" if engine.knowledge.office.pages_reach(abroad=state.abroad):
            return Turn(state, Outcome.SETTINGS, (), (OpenPage(PageKind.EXPORT),))
        case "export":
            reply = say(msg("data.export_elsewhere"), buttons=(buttons.HUMAN, buttons.MENU))
            return Turn(state, Outcome.SETTINGS, (reply,))
        case "withdraw" if state.consent:
            sure = Button(msg("button.withdraw_yes"), "data.withdraw_yes")
            asked = msg("data.withdraw_ask")
            law = msg("data.withdraw_law", article=WITHDRAWAL_ARTICLE)
            return Turn(state, Outcome.SETTINGS, (say(asked, law, buttons=(sure, buttons.DATA)),))
        case "withdraw_yes" if state.consent:
            effect = WithdrawConsent(state.consent)
            state = replace(
                state,
                consent=None,
                form=_without_person(state.form) if state.form else None,
                paused=tuple(_without_person(form) for form in state.paused),
            )
            return Turn(state, Outcome.SETTINGS, (), (effect,))
        case "erase":
            parts = tuple(
                Button(msg(f"data.part_{part.value}"), "data.part", part.value) for part in DataCategory
            )
            choices = (*parts, Button(msg("button.erase_now"), "data.erase_now"), buttons.MENU)
            return Turn(state, Outcome.SETTINGS, (say(msg("data.erase_ask"), buttons=choices),))
        case "part" if (part := _category(route.arg)) is not None:
            sure = Button(msg("button.erase_part"), "data.erase_part", part.value)
            reply = say(msg("data.erase_sure", part=_named(part)), buttons=(sure, buttons.DATA))
            return Turn(state, Outcome.SETTINGS, (reply,))
        case "erase_part" if (part := _category(route.arg)) is not None:
            return Turn(state, Outcome.ERASED, (), (EraseData((part,)),))
        case "erase_now":
            return Turn(state, Outcome.ERASED, (), (EraseData(),))
        case _:
            return old_button(state)


def _shown(state: DialogState) -> Turn:
    consent = msg("data.consent_given", version=state.consent) if state.consent else msg("data.no_consent")
    learning = (
        msg("data.learning_given", version=LEARNING_VERSION) if state.learning else msg("data.no_learning")
    )
    choices = (
        EXPORT,
        *((Button(msg("button.withdraw_consent"), "data.withdraw"),) if state.consent else ()),
        buttons.STOP_LEARNING if state.learning else buttons.ALLOW_LEARNING,
        ERASE,
        buttons.LANGUAGE,
        buttons.MENU,
    )
    reply = say(msg("data.kept"), msg("data.lawfully_kept"), consent, learning, buttons=choices)
    return Turn(state, Outcome.SETTINGS, (reply,))


def export_opened(engine: Engine, state: DialogState, event: PageOpened) -> Turn:
    """The address of the copy."""
    link = Button(msg("button.open_page"), PAGE, event.page)
    reply = say(msg("data.export_page", minutes=event.minutes), buttons=(link, buttons.DATA))
    return Turn(state, Outcome.SETTINGS, (reply,))


def reports(state: DialogState, event: DataErased | ConsentWithdrawn | WithdrawalDecided) -> Turn:
    """Tell what was erased, or what became of a withdrawal."""
    return _erased(state, event) if isinstance(event, DataErased) else _withdrawn(state, event)


def _withdrawn(state: DialogState, event: ConsentWithdrawn | WithdrawalDecided) -> Turn:
    """What the withdrawal changed at once, what the organisation still has to do by when, and what it has decided."""
    match event:
        case ConsentWithdrawn(appeals=0):
            parts: tuple[Msg, ...] = (msg("data.withdrawn"),)
        case ConsentWithdrawn(appeals=count, due=due):
            still = msg("data.withdrawn_appeals", count=count, due=due, article=WITHDRAWAL_ARTICLE)
            parts = (msg("data.withdrawn"), still)
        case WithdrawalDecided(stopped=True):
            parts = (msg("data.processing_stopped"),)
        case WithdrawalDecided(reason=reason):
            parts = (msg("data.withdrawal_refused", reason=reason),)
    return Turn(
        state, Outcome.SETTINGS, (say(*parts, buttons=(buttons.DATA, buttons.MENU), tone=Tone.NOTICE),)
    )


def _erased(state: DialogState, event: DataErased) -> Turn:
    """What was asked for is gone; of all of it nothing is left but the language; filed appeals stay as the law demands."""
    if set(event.categories) == set(DataCategory):
        state = DialogState(
            locale=state.locale,
            phase=state.phase if state.phase is not Phase.CLOSED else Phase.BOT,
            welcomed=True,
            abroad=state.abroad,
        )
        done = msg("data.erased")
    else:
        for part in event.categories:
            state = _without(state, part)
        done = msg("data.erased_part", part=tuple(map(_named, event.categories)))
    reply = say(
        done,
        msg("data.appeals_kept", count=event.appeals_kept) if event.appeals_kept else None,
        buttons=(buttons.MENU,),
    )
    return Turn(state, Outcome.ERASED, (reply,))


def _without(state: DialogState, part: DataCategory) -> DialogState:
    match part:
        case DataCategory.DRAFTS:
            return replace(state, form=None, paused=(), awaits="")
        case DataCategory.FILES:
            return replace(
                state,
                form=_without_files(state.form) if state.form else None,
                paused=tuple(map(_without_files, state.paused)),
            )
        case DataCategory.WORDINGS:
            return replace(state, withheld=())
        case DataCategory.MESSAGES | DataCategory.REASONS:
            return replace(state, pending="", pending_guesses=(), last=None, last_text="")
        case DataCategory.CONTACT | DataCategory.FOLLOWS:
            return state


def _without_files(form: Form) -> Form:
    return replace(form, draft=replace(form.draft, attachments=()))


def _without_person(form: Form) -> Form:
    nobody = replace(form.draft, applicant=Applicant(), representative=Representative(), actual_address=None)
    return replace(
        form,
        draft=nobody,
        synthetic=False,
        skipped=tuple(name for name in form.skipped if name not in PERSONAL),
        step="consent" if form.step in PERSONAL | {"preview"} else form.step,
        given_on_page=False,
        page="",
    )


def _category(arg: str) -> DataCategory | None:
    return next((part for part in DataCategory if part.value == arg), None)


def _named(part: DataCategory) -> Msg:
    return msg(f"data.part_{part.value}")
