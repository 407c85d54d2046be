"""What comes next for an appeal: after a return with its ground, after a decision, after a complaint."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from appeals.decisions import ReturnGround
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.steps import Hearing, Return, Step
from dialogs.events import AppealView, Passed
from dialogs.progress import ahead, may_complain
from dialogs.scenarios.status import view as summary
from tests.factories import NOON, knowledge


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        (Return(ReturnGround.NOT_FIXED), ["notice.return", "notice.file_again", "notice.disagree_by"]),
        (Return(ReturnGround.IDENTICAL), ["notice.return", "notice.file_otherwise", "notice.disagree_by"]),
        (None, ["progress.again", "notice.disagree_by"]),
    ],
)
def test_a_return_is_told_with_its_ground(said: Step | None, keys: list[str]) -> None:
    view = AppealView("KM-2026-000001", Status.RETURNED, "UTIL.HEAT", "ТКШ бөлімі", NOON)
    steps = [Passed(NOON, Status.CREATED), Passed(NOON, Status.RETURNED, "", said)]
    assert [line.key for line in ahead(view, steps, knowledge().calendar, NOON.date())] == keys


@pytest.mark.parametrize(
    ("kind", "status", "keys"),
    [
        (Kind.APPLICATION, Status.ANSWERED, ["notice.disagree_by"]),
        (Kind.COMPLAINT, Status.ANSWERED, ["notice.sue_by"]),
        (Kind.COMPLAINT, Status.TERMINATED, ["notice.sue_by"]),
        (Kind.COMPLAINT, Status.RETURNED, ["progress.again"]),
        (Kind.APPLICATION, Status.IN_PROGRESS, ["progress.overdue", "notice.silence", "notice.complain_by"]),
        (Kind.COMPLAINT, Status.IN_PROGRESS, ["progress.overdue", "notice.silence", "notice.sue"]),
        (Kind.APPLICATION, Status.WITHDRAWN, []),
    ],
)
def test_against_a_complaints_outcome_one_goes_to_court(kind: Kind, status: Status, keys: list[str]) -> None:
    due = NOON.date() - timedelta(days=1)
    view = AppealView(
        "KM-2026-000001", status, "UTIL.HEAT", "ТКШ бөлімі", NOON, kind=kind, due=due, due_article="99"
    )
    steps = [Passed(NOON, Status.CREATED), Passed(NOON, status)]
    assert [line.key for line in ahead(view, steps, knowledge().calendar, NOON.date())] == keys
    offered = kind is not Kind.COMPLAINT and status is not Status.WITHDRAWN
    assert may_complain(view, NOON.date()) is offered


def test_the_term_runs_from_the_day_of_the_decision() -> None:
    """A later step that leaves the appeal decided, a complaint at the desk, does not move it."""
    view = AppealView("KM-2026-000001", Status.ANSWERED, "UTIL.HEAT", "ТКШ бөлімі", NOON)
    steps = [Passed(NOON, Status.ANSWERED), Passed(NOON + timedelta(days=40), Status.ANSWERED)]
    (line,) = ahead(view, steps, knowledge().calendar, NOON.date())
    assert dict(line.params)["until"] == date(2027, 2, 20)


def test_a_hearing_is_told_with_its_decision_and_the_last_day_to_object() -> None:
    view = AppealView(
        "KM-2026-000001",
        Status.HEARING,
        "UTIL.HEAT",
        "ТКШ бөлімі",
        NOON,
        due=date(2026, 12, 11),
        due_article="76 (1–2)",
        hearing_on=date(2026, 11, 27),
        hearing_where="12-бөлме",
    )
    said = Hearing(date(2026, 11, 27), "12-бөлме", "Бас тарту көзделген.")
    steps = [
        Passed(NOON, Status.IN_PROGRESS),
        Passed(NOON, Status.HEARING, "", said),
        Passed(NOON, Status.HEARING),
    ]
    lines = ahead(view, steps, knowledge().calendar, date(2026, 11, 24))
    assert [line.key for line in lines] == [
        "notice.hearing",
        "notice.preliminary",
        "progress.object_by",
        "progress.due",
    ]
    assert lines[2].params["until"] == date(2026, 11, 24)
    late = ahead(view, steps, knowledge().calendar, date(2026, 11, 25))
    assert "progress.object_by" not in [line.key for line in late]
    past = ahead(view, steps, knowledge().calendar, date(2026, 11, 28))
    assert [line.key for line in past] == ["notice.preliminary", "progress.due"]


def test_a_registration_that_is_late_is_owned_up_to() -> None:
    """Its day is not promised once it has passed: another system may be down for days."""
    view = AppealView("KM-2026-000001", Status.CREATED, "UTIL.HEAT", "ТКШ бөлімі", NOON)
    for day, key in ((20, "progress.created"), (21, "progress.created_late")):
        (line,) = ahead(view, [Passed(NOON, Status.CREATED)], knowledge().calendar, date(2026, 11, day))
        assert (line.key, line.params["registered"]) == (key, date(2026, 11, 20))
        listed = [told.key for told in summary(knowledge(), view, date(2026, 11, day))]
        assert ("progress.created_late" in listed) is (key == "progress.created_late")


def test_another_system_that_names_no_day_to_complete_by_is_named_itself() -> None:
    view = AppealView("KM-2026-000001", Status.NEEDS_FIX, "UTIL.HEAT", "ТКШ бөлімі", NOON)
    (line,) = ahead(view, [Passed(NOON, Status.NEEDS_FIX)], knowledge().calendar, NOON.date())
    assert (line.key, line.params["body"]) == ("progress.fix_elsewhere", "ТКШ бөлімі")
