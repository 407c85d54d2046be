"""Signing the appeal by ЭЦП before it is filed, or when its signature is asked for: offered, never demanded; what was
signed must be what is filed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Capacity, Draft, to_json
from appeals.kinds import KINDS, Kind
from appeals.reference import find_reference
from dialogs.effects import OpenPage, PageKind, Recall, RecallAppeal
from dialogs.events import AppealRecalled, CitizenEvent, Event, PageOpened
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Form, Outcome, Turn
from dialogs.progress import COMPLETING
from dialogs.replies import PAGE, Button, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons, form_cards, form_flow
from dialogs.scenarios.fallback import old_button
from dialogs.told import day_of, since_told, whole_address
from text.bilingual import Bilingual

if TYPE_CHECKING:
    from dialogs.engine import Engine

SIGN = Button(msg("button.sign"), "signature.page")
UNSIGNED = Button(msg("button.unsigned"), "filing.unsigned")


def wanted(engine: Engine, form: Form) -> bool:
    """Whether this appeal can be signed here."""
    return engine.knowledge.office.signature and has_key(form.draft, synthetic=form.synthetic)


def has_key(draft: Draft, *, synthetic: bool) -> bool:
    """Whether it can be signed by the applicant's own key, told by the number in its certificate.

    A representative's number is nowhere asked for, and a person who does not exist has no key.
    """
    if synthetic:
        return False
    match draft.capacity:
        case Capacity.ORGANISATION:
            return draft.applicant.bin is not None
        case Capacity.ANOTHER:
            return False
        case _:
            return draft.applicant.iin is not None


def offer(state: DialogState) -> Turn:
    """Sign or file unsigned, and what the law makes of either."""
    choices = (SIGN, UNSIGNED, Button(msg("button.to_preview"), "filing.resume"), buttons.CANCEL)
    return Turn(state, Outcome.FORM_STEP, (say(msg("sign.offer"), buttons=choices, tone=Tone.STEP),))


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Open the page with the exact text of the appeal under way, or of the one filed under the reference."""
    if route.verb == "filed" and (reference := find_reference(route.arg)):
        recall = RecallAppeal(reference, False, Recall.SIGNATURE)
        return Turn(state.laid_aside(), Outcome.FORM_STEP, (), (recall,))
    form = state.form
    if route.verb != "page" or form is None or form.step != "preview" or not wanted(engine, form):
        return old_button(state)
    draft, body = form_flow.complete(engine, state, form)
    text = statement(engine, draft, body, event)
    return Turn(state, Outcome.FORM_STEP, (), (OpenPage(PageKind.SIGNATURE, fingerprint(draft, body), text),))


def prepared(engine: Engine, state: DialogState, event: AppealRecalled) -> Turn:
    """Let a filed appeal be signed whose signature is asked for; who cannot sign here hears of the way on paper."""
    appeal = event.appeal
    if appeal.status not in COMPLETING:
        return old_button(state)
    if not wanted(engine, Form(event.draft, synthetic=event.synthetic)):
        reply = say(msg("notice.fix_sign"), buttons=(buttons.details(appeal.reference), buttons.HUMAN))
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    text = statement(engine, event.draft, Bilingual(appeal.body, appeal.body), event)
    return Turn(state, Outcome.FORM_STEP, (), (OpenPage(PageKind.SIGNATURE, appeal.reference, text),))


def page_opened(engine: Engine, state: DialogState, event: PageOpened) -> Turn:
    """The address of the page, with what is needed there."""
    page = Button(msg("button.open_page"), PAGE, event.page)
    if state.form is None:
        filed = say(msg("sign.page_filed", minutes=event.minutes), buttons=(page, buttons.STATUS))
        return Turn(state, Outcome.FORM_STEP, (filed,))
    reply = say(
        msg("sign.page", minutes=event.minutes),
        buttons=(page, UNSIGNED, buttons.CANCEL),
        tone=Tone.STEP,
    )
    return Turn(replace(state, form=replace(state.form, page=event.page)), Outcome.FORM_STEP, (reply,))


def fingerprint(draft: Draft, body: Bilingual) -> str:
    """SHA-256 of all that will be filed."""
    content = json.dumps([to_json(draft), body.kk, body.ru], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def statement(engine: Engine, draft: Draft, body: Bilingual, event: Event) -> tuple[Msg, ...]:
    """The text that is signed: all of art. 63, for a complaint art. 93, nothing masked."""
    domain = engine.knowledge.domain
    return (
        msg("statement.to", body=body),
        form_cards.applicant(draft, masked=False),
        msg(
            "statement.matter",
            kind=KINDS[draft.kind or Kind.APPLICATION].name,
            topic=domain.topics.get(draft.topic or "OTHER").name,
            place=whole_address(domain.territory, draft.place, draft.address) or "–",
            began=since_told(draft) or "–",
        ),
        msg("statement.text", text=draft.text or "–"),
        *((form_cards.grievance(draft),) if draft.kind is Kind.COMPLAINT else ()),
        msg(
            "statement.files",
            files=tuple(
                msg("statement.file", name=file.name, bytes=file.size, sha256=file.sha256)
                for file in draft.attachments
            ),
        )
        if draft.attachments
        else msg("statement.no_files"),
        msg("statement.confirm"),
        msg("statement.date", on=day_of(event)),
    )
