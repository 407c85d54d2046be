"""The Code's terms on every day of twenty years, and what the procedure allows on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appeals import deadlines, steps
from appeals.calendar import WorkCalendar
from appeals.decisions import (
    CHARACTERS,
    DECISIONS,
    RETURNS,
    SIMPLIFIED,
    WAIVERS,
    Character,
    Decision,
    HearingWaiver,
    ReturnGround,
    TerminationGround,
    characters_for,
    decisions_for,
    terminations_for,
)
from appeals.kinds import Kind
from appeals.lifecycle import TRANSITIONS, Action, Status, allowed
from appeals.procedure import Procedure, Standing, Unlawful

FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
A_DAY = timedelta(days=1)
CALENDAR = WorkCalendar(list(holidays.country_holidays("KZ", years=range(2019, 2043), expand=False)))
FRIDAY = date(2026, 11, 20)


def every_day() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += A_DAY


def considered(kind: Kind = Kind.APPLICATION, registered: date = FRIDAY, **changes: object) -> Standing:
    due = deadlines.consideration(kind, registered, CALENDAR).on
    facts = {"status": Status.IN_PROGRESS, "received": registered, "registered": registered, "due": due}
    return Standing(kind=kind, **{**facts, **changes})  # type: ignore[arg-type]


def on(day: date) -> Procedure:
    return Procedure(CALENDAR, day)


def test_every_term_of_twenty_years_ends_on_a_working_day_and_never_runs_backwards() -> None:
    before: dict[str, date] = {}
    for day in every_day():
        terms = {
            "consideration": deadlines.consideration(Kind.APPLICATION, day, CALENDAR).on,
            "complaint": deadlines.consideration(Kind.COMPLAINT, day, CALENDAR).on,
            "forwarded": deadlines.consideration_after_forwarding(Kind.REPORT, day, CALENDAR).on,
            "forwarding": deadlines.forwarding(day, CALENDAR).on,
            "return": deadlines.return_(day, CALENDAR).on,
            "extension": deadlines.extension_limit(day, CALENDAR).on,
            "objection": deadlines.hearing_objection(day, CALENDAR).on,
            "claim": deadlines.court_claim(day, CALENDAR).on,
        }
        for name, ends in terms.items():
            assert CALENDAR.is_working(ends), (day, name)
            assert day < ends, (day, name)
            assert before.get(name, FIRST) <= ends, (day, name)
        before = terms


def test_working_days_added_are_the_working_days_counted() -> None:
    for day in every_day():
        for length in (1, 3, 15, 20):
            ends = CALENDAR.add(day, length)
            assert CALENDAR.count(day, ends) == length
            assert CALENDAR.count(day, ends - A_DAY) == length - 1
        if CALENDAR.is_working(day):
            assert CALENDAR.add(CALENDAR.add(day, 15), -15) == day


def test_an_extension_is_never_more_than_two_months_but_for_days_off_and_never_for_a_complaint() -> None:
    for day in every_day():
        limit = deadlines.extension_limit(day, CALENDAR).on
        months = (limit.year - day.year) * 12 + limit.month - day.month
        last_working = CALENDAR.add(limit, -1)
        assert months <= 2 or last_working < limit.replace(day=1)
        assert on(day).window(considered(Kind.COMPLAINT, day), Action.EXTEND).closed
        window = on(day).window(considered(Kind.APPLICATION, day), Action.EXTEND)
        assert window.first
        assert considered(Kind.APPLICATION, day).due
        assert (considered(Kind.APPLICATION, day).due or day) < window.first <= (window.last or day)


def test_forwarding_starts_the_term_anew() -> None:
    for day in every_day():
        reached = CALENDAR.on_or_after(day)
        for kind in (Kind.APPLICATION, Kind.COMPLAINT):
            anew = deadlines.consideration_after_forwarding(kind, reached, CALENDAR)
            assert anew.on == deadlines.consideration(kind, reached, CALENDAR).on


@settings(deadline=None)
@given(st.dates(FIRST, LAST), st.sampled_from(Kind), st.integers(0, 40))
def test_what_a_window_offers_passes_the_check(day: date, kind: Kind, later: int) -> None:
    today, standing = day + later * A_DAY, considered(kind, day)
    procedure = on(today)
    for action, step_on in (
        (Action.ASK_FIX, steps.AskFix),
        (Action.EXTEND, steps.Extend),
        (Action.HEARING, lambda d: steps.Hearing(d, "10:00", "…")),
    ):
        window = procedure.window(standing, action)
        if window.closed is not None:
            with pytest.raises(Unlawful):
                procedure.check(standing, step_on(today), head=True)
            continue
        assert window.first
        assert window.last
        for lawful in (CALENDAR.on_or_after(window.first), CALENDAR.add(window.last + A_DAY, -1)):
            procedure.check(standing, step_on(lawful), head=True)
        for unlawful in (window.first - A_DAY, window.last + A_DAY):
            with pytest.raises(Unlawful) as error:
                procedure.check(standing, step_on(unlawful), head=True)
            assert error.value.field in ("until", "on")


def test_returning_waits_for_the_term_set_and_then_lasts_three_working_days() -> None:
    standing = considered(status=Status.NEEDS_FIX, fix_until=date(2026, 11, 27))
    step = steps.Return(ReturnGround.NOT_FIXED)
    for offset in range(20):
        day = FRIDAY + offset * A_DAY
        possible = date(2026, 11, 27) < day <= date(2026, 12, 2)
        assert (on(day).window(standing, Action.RETURN).closed is None) is possible
        if possible:
            on(day).check(standing, step, head=False)
    with pytest.raises(Unlawful) as wrong:
        on(date(2026, 11, 30)).check(standing, steps.Return(ReturnGround.INSULTING), head=False)
    assert wrong.value.field == "ground"


def test_a_late_forwarding_is_the_heads_alone() -> None:
    standing = considered()
    for day, late in ((date(2026, 11, 25), False), (date(2026, 11, 26), True)):
        assert on(day).window(standing, Action.FORWARD).late is late
        on(day).check(standing, steps.Forward("…"), head=True)
        if late:
            with pytest.raises(Unlawful):
                on(day).check(standing, steps.Forward("…"), head=False)
    complaint = on(FRIDAY).window(considered(Kind.COMPLAINT), Action.FORWARD)
    assert complaint.term
    assert complaint.term.article == "91 (4)"


def test_an_extension_needs_a_term_that_still_runs_and_was_not_extended() -> None:
    standing = considered()
    assert standing.due
    assert on(standing.due).window(standing, Action.EXTEND).closed is None
    assert on(standing.due + A_DAY).window(standing, Action.EXTEND).closed
    assert on(FRIDAY).window(considered(extended_on=FRIDAY), Action.EXTEND).closed


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_decided_and_terminated_by_its_own_articles(kind: Kind) -> None:
    assert decisions_for(kind)
    assert TerminationGround.WITHDRAWN in terminations_for(kind)
    assert (on(FRIDAY).window(considered(kind), Action.HEARING).closed is not None) is (kind in SIMPLIFIED)
    for ground in set(TerminationGround) - set(terminations_for(kind)):
        with pytest.raises(Unlawful):
            on(FRIDAY).check(considered(kind), steps.Terminate(ground), head=True)
    for decision in Decision:
        answer = steps.Answer(decision, characters_for(decision)[0], "…", waiver=HearingWaiver.URGENT)
        if decision in decisions_for(kind):
            on(FRIDAY).check(considered(kind), answer, head=False)
        else:
            with pytest.raises(Unlawful):
                on(FRIDAY).check(considered(kind), answer, head=True)


def test_a_burdensome_act_waits_three_working_days_from_the_notice() -> None:
    refused = steps.Answer(Decision.BURDENSOME_ACT, Character.REFUSED, "…")
    decide_from = on(FRIDAY).decide_from()
    assert decide_from == date(2026, 11, 25)
    heard = considered(status=Status.HEARING, hearing_on=date(2026, 11, 24), decide_from=decide_from)
    for day in (date(2026, 11, 23), date(2026, 11, 24)):
        with pytest.raises(Unlawful):
            on(day).check(heard, refused, head=True)
    on(decide_from).check(heard, refused, head=False)
    with pytest.raises(Unlawful):
        on(FRIDAY).check(considered(), refused, head=True)


def test_a_complaint_needs_an_end_or_silence() -> None:
    standing = considered()
    assert standing.due
    assert on(standing.due).window(standing, Action.COMPLAIN).closed
    assert on(standing.due + A_DAY).window(standing, Action.COMPLAIN).closed is None
    assert on(FRIDAY).window(considered(status=Status.ANSWERED), Action.COMPLAIN).closed is None


def test_every_action_has_a_step_that_survives_storage() -> None:
    assert set(steps.STEPS) == set(Action) == {action for _, action in TRANSITIONS}
    for step in (
        steps.AskFix(FRIDAY, ("text",)),
        steps.Assign("op"),
        steps.ForwardPart("орган", "бөлік", "KM-2026-000001"),
        steps.Hearing(FRIDAY, "10:00", "алдын ала"),
        steps.Answer(Decision.NOTED, Character.EXPLAINED, "назарға алынды", waiver=HearingWaiver.ASKED),
        steps.Return(ReturnGround.IDENTICAL),
        steps.Terminate(TerminationGround.REPEATED),
        steps.Complain("келіспеймін", "KM-2026-000002"),
        steps.Register(),
    ):
        assert type(step) is steps.STEPS[step.action]
        assert steps.from_json(step.action.value, steps.to_json(step)) == step
    assert steps.from_json("file", {}) is None
    assert steps.from_json("extend", {"until": "tomorrow"}) is None


def test_windows_cover_what_the_table_allows() -> None:
    for status in Status:
        assert tuple(on(FRIDAY).windows(considered(status=status))) == allowed(status)


def test_every_choice_has_its_words() -> None:
    for kinds, words in (
        (Decision, DECISIONS),
        (Character, CHARACTERS),
        (ReturnGround, RETURNS),
        (HearingWaiver, WAIVERS),
    ):
        assert set(kinds) == set(words)
