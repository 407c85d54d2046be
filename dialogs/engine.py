"""One conversation, one event, one turn. Same input, same output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dialogs import events, language, lessons, routing
from dialogs.effects import PageKind, Recall
from dialogs.lifecycle import Phase, Trigger
from dialogs.model import DialogState, Knowledge, Outcome, Turn
from dialogs.privacy import redact
from dialogs.rules import Rules
from dialogs.scenarios import (
    SCENARIOS,
    Scenario,
    again,
    applicant,
    carry,
    complain,
    details,
    filing,
    handover,
    nearby,
    notices,
    privacy,
    signature,
    status,
)
from dialogs.scenarios import emergency as emergency_scenario

PAGES: Mapping[PageKind, Callable[[Engine, DialogState, events.PageOpened], Turn]] = {
    PageKind.APPLICANT: applicant.page_opened,
    PageKind.SIGNATURE: signature.page_opened,
    PageKind.EXPORT: privacy.export_opened,
    PageKind.CARRY: carry.page_opened,
}
"""Who says the address of which one-time page."""
RECALLED: Mapping[Recall, Callable[[Engine, DialogState, events.AppealRecalled], Turn]] = {
    Recall.COMPLAINT: complain.prepared,
    Recall.AGAIN: again.prepared,
    Recall.SIGNATURE: signature.prepared,
}
"""What an earlier appeal is looked at for, and who goes on with it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The assistant's behaviour. Holds content and thresholds, never a conversation."""

    knowledge: Knowledge
    rules: Rules = field(default_factory=Rules)
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: SCENARIOS, repr=False)

    def step(self, state: DialogState, event: events.Event) -> Turn:
        """Advance one conversation by one event. Raises IllegalTransition for an event its phase does not allow."""
        turn = self._step(state, event)
        return lessons.asked(turn) if turn.outcome in (Outcome.FILED, Outcome.CANCELLED) else turn

    def _step(self, state: DialogState, event: events.Event) -> Turn:
        match event:
            case (
                events.OperatorClaimed()
                | events.OperatorSaid()
                | events.OperatorHandedBack()
                | events.OperatorClosed()
            ):
                return handover.operator_acts(state, event)
            case events.Queued() | events.WaitExpired():
                return handover.queue_reports(state, event)
            case (
                events.AppealFiled()
                | events.AppealRefused()
                | events.AppealRepeated()
                | events.AppealNotRepeated()
            ):
                return filing.registry_answers(self.knowledge, state, event)
            case events.DetailsFound():
                return details.found(self.knowledge, state, event)
            case events.AnswerRated():
                return details.rated(state, event)
            case events.AppealsFound() | events.LookUpsExceeded():
                return status.registry_reports(self.knowledge, state, event)
            case events.SameMatterFound() | events.MatterFollowed() | events.MatterChanged():
                return nearby.registry_reports(self, state, event)
            case events.AppealRecalled():
                return RECALLED[event.purpose](self, state, event)
            case events.PageOpened() | events.AppealSigned() | events.ApplicantGiven():
                return self._page(state, event)
            case events.DraftTaken() | events.DraftNotTaken() | events.DraftLeft():
                return carry.reports(self, state, event)
            case events.AppealChanged() | events.ChangeRefused() | events.FixEnding() | events.TermPassed():
                return notices.report(self.knowledge, state, event)
            case events.DataErased() | events.ConsentWithdrawn() | events.WithdrawalDecided():
                return privacy.reports(state, event)
            case (
                events.Started()
                | events.UserSaid()
                | events.ButtonPressed()
                | events.CommandGiven()
                | events.PlaceShared()
                | events.ContactShared()
                | events.FileSent()
                | events.Unsupported()
            ):
                return self._citizen_acts(state, event)
            case _:
                raise TypeError(f"no such event: {type(event).__name__}")

    def _page(
        self, state: DialogState, event: events.PageOpened | events.AppealSigned | events.ApplicantGiven
    ) -> Turn:
        """A one-time page is there, or was used."""
        match event:
            case events.PageOpened():
                return PAGES[event.kind](self, state, event)
            case events.AppealSigned():
                return filing.signed(self, state, event)
            case events.ApplicantGiven():
                return applicant.given(self, state, event)

    def _citizen_acts(self, state: DialogState, event: events.CitizenEvent) -> Turn:
        state = language.follow(replace(state, turn=state.turn + 1), event, self.rules)
        if isinstance(event, events.UserSaid) and event.parse is not None:
            state = replace(state, heard=event.parse.language.code)
        state = state.moved(Trigger.CITIZEN_ACTS)
        decision = routing.danger(state, event, self.rules, self.knowledge)
        if decision is not None:
            return emergency_scenario.warn(self, state, event, decision)
        if state.phase in (Phase.QUEUED, Phase.WITH_OPERATOR):
            held = handover.citizen_waits(self, state, event)
            if held is not None:
                return held
        return self.route(state, event)

    def route(self, state: DialogState, event: events.CitizenEvent) -> Turn:
        """Let the scenario that is responsible take the event."""
        route = routing.choose(state, event, self.rules, self.knowledge)
        if route.decision.route not in ("awaited", "contact"):
            state = replace(state, awaits="")
        return self.run(state, event, route)

    def run(self, state: DialogState, event: events.CitizenEvent, route: routing.Route) -> Turn:
        """Let a named scenario take the event; an unknown one is an old or forged button."""
        scenario = self.scenarios.get(route.scenario, self.scenarios["fallback"])
        turn = scenario(self, state, event, route)
        if route.decision.route != "intent":
            return replace(turn, decision=route.decision)
        understood = replace(turn.state, last=route.decision, last_text=redact(routing.spoken(event)))
        return replace(turn, decision=route.decision, state=understood)
