"""The same public problem already reported nearby: how many and since when, follow it or file one's own as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.lifecycle import STATUSES
from appeals.matters import Matter, matter_of
from dialogs import forms
from dialogs.effects import FindSameMatter, FollowMatter, UnfollowMatter
from dialogs.events import (
    CitizenEvent,
    Event,
    FollowView,
    MatterChanged,
    MatterFollowed,
    SameMatterFound,
)
from dialogs.messages import Msg, msg, nmsg
from dialogs.model import CONSENT_VERSION, DialogState, Form, Knowledge, Outcome, Turn
from dialogs.replies import Button, Say, Tone, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button
from text.bilingual import Bilingual

if TYPE_CHECKING:
    from dialogs.engine import Engine

STEP = "nearby"
"""The form's step while the citizen chooses."""


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Follow the common matter, file one's own appeal as well, or follow no more."""
    form = state.form
    match route.verb:
        case "follow" if form and form.step == STEP and form.asked_of:
            return Turn(state, Outcome.FOLLOWED, (), (FollowMatter(form.asked_of),))
        case "file" if form and form.step == STEP:
            return _go_on(engine, state, form, event)
        case "unfollow" if route.arg:
            reply = say(msg("nearby.unfollowed"), buttons=(buttons.FILE, buttons.MENU))
            return Turn(state, Outcome.SETTINGS, (reply,), (UnfollowMatter(route.arg),))
        case _:
            return old_button(state)


def due(knowledge: Knowledge, form: Form, next_step: str) -> Matter | None:
    """The matter to look for before anything personal is asked for and before sending; None when there is nothing to do."""
    known = forms.BY_NAME.get(next_step)
    if next_step not in ("consent", "preview") and not (known and known.personal):
        return None
    matter = matter_of(form.draft, knowledge.domain.territory)
    return matter if matter != form.asked_of else None


def look(state: DialogState, form: Form, matter: Matter) -> Turn:
    """Ask the registry; what it says decides whether the citizen is asked at all."""
    state = replace(state, form=replace(form, step=STEP, editing=False, asked_of=matter))
    return Turn(state, Outcome.FORM_STEP, (), (FindSameMatter(matter),))


def registry_reports(
    engine: Engine, state: DialogState, event: SameMatterFound | MatterFollowed | MatterChanged
) -> Turn:
    """Say what was found, that it is followed now, or what has become of it."""
    match event:
        case SameMatterFound():
            return _found(engine, state, event)
        case MatterFollowed(follow=follow):
            return _followed(engine.knowledge, state, follow)
        case MatterChanged():
            reply = say(*_change(engine.knowledge, event), buttons=_ways(event), tone=Tone.NOTICE)
            return Turn(state, Outcome.STATUS_CHANGED, (reply,))


def _found(engine: Engine, state: DialogState, event: SameMatterFound) -> Turn:
    form = state.form
    if form is None or form.step != STEP:
        return Turn(state, Outcome.FORM_STEP)
    if event.people < engine.rules.nearby_people or event.since is None:
        return _go_on(engine, state, form, event)
    where = _where(engine.knowledge, event.matter)
    reply = say(
        nmsg("nearby.found", event.people, since=event.since, **where),
        msg("nearby.choose"),
        buttons=(
            Button(msg("button.follow_matter"), "nearby.follow"),
            Button(msg("button.file_too"), "nearby.file"),
            buttons.BACK,
            buttons.CANCEL,
        ),
        tone=Tone.STEP,
    )
    return Turn(state, Outcome.FORM_STEP, (reply,))


def _go_on(engine: Engine, state: DialogState, form: Form, event: Event) -> Turn:
    from dialogs.scenarios import form_flow  # noqa: PLC0415 - the form asks this module first

    return form_flow.advance(engine, state, form, event)


def _followed(knowledge: Knowledge, state: DialogState, follow: FollowView) -> Turn:
    """The appeal begun is laid aside, not lost: it can still be filed."""
    form = state.form
    if form is not None and form.step == STEP:
        consented = state.consent == CONSENT_VERSION
        going_on = forms.following(form, knowledge.domain.territory, consented=consented)
        state = replace(state, form=replace(form, step=going_on)).laid_aside()
    reply = say(
        msg("nearby.followed", **_where(knowledge, follow.matter)),
        buttons=(_unfollow(follow), *((buttons.RESUME,) if state.paused else ()), buttons.MENU),
        tone=Tone.RECEIPT,
    )
    return Turn(state, Outcome.FOLLOWED, (reply,))


def _change(knowledge: Knowledge, event: MatterChanged) -> tuple[Msg, ...]:
    where = _where(knowledge, event.follow.matter)
    if event.over:
        return (msg("nearby.over", on=event.at.date(), **where), msg("nearby.still_there"))
    status = STATUSES[event.status].name
    return (msg("nearby.changed", status=status, body=event.body, on=event.at.date(), **where),)


def _ways(event: MatterChanged) -> tuple[Button, ...]:
    return (buttons.FILE, buttons.MENU) if event.over else (_unfollow(event.follow), buttons.MENU)


def listed(knowledge: Knowledge, follows: tuple[FollowView, ...]) -> tuple[Say, ...]:
    """The matters a conversation follows, each with the way out."""
    return tuple(
        say(
            msg("nearby.following", **_where(knowledge, follow.matter)),
            buttons=(_unfollow(follow),),
            tone=Tone.NOTICE,
        )
        for follow in follows
    )


def _unfollow(follow: FollowView) -> Button:
    return Button(msg("button.unfollow"), "nearby.unfollow", follow.id)


def _where(knowledge: Knowledge, matter: Matter) -> dict[str, Bilingual]:
    topic = knowledge.domain.topics.find(matter.topic)
    place = knowledge.domain.territory.find(matter.place)
    return {
        "topic": topic.name if topic else Bilingual(matter.topic, matter.topic),
        "place": knowledge.domain.territory.label(place.code) if place else Bilingual("–", "–"),
    }
