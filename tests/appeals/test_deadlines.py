from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import deadlines
from appeals.calendar import ALMATY, WorkCalendar
from appeals.deadlines import Due
from appeals.kinds import Kind

OFF = [
    *(date(2026, 3, day) for day in (9, 21, 22, 23, 24, 25)),
    *(date(2026, 5, day) for day in (1, 7, 9, 11, 27)),
    date(2026, 12, 16),
    *(date(2027, 1, day) for day in (1, 2, 4, 7)),
]
CALENDAR = WorkCalendar(OFF)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
simple_kinds = st.sampled_from([kind for kind in Kind if kind is not Kind.COMPLAINT])

# Rule, article, working days: every term of the Code that is a number of working days.
SHORT_TERMS: list[tuple[Callable[[date, WorkCalendar], Due], str, int]] = [
    (deadlines.forwarding, "65 (1)", 3),
    (deadlines.partial_forwarding, "65 (2)", 3),
    (deadlines.return_, "64 (7)", 3),
    (deadlines.extension_notice, "76 (3)", 3),
    (deadlines.termination_notice, "70", 3),
    (deadlines.complaint_unconsidered_notice, "95", 3),
    (deadlines.hearing_objection, "73 (3)", 2),
    (deadlines.hearing_protocol, "74", 2),
    (deadlines.hearing_remarks, "74", 3),
    (deadlines.file_access, "75", 3),
    (deadlines.slip_correction, "82", 3),
    (deadlines.execution, "86", 5),
    (deadlines.complaint_handover, "91 (4)", 3),
    (deadlines.service_complaint, "25", 5),
]


@pytest.mark.parametrize(
    ("registered", "answer", "complaint"),
    [
        (date(2026, 3, 18), date(2026, 4, 13), date(2026, 4, 20)),
        (date(2026, 5, 4), date(2026, 5, 28), date(2026, 6, 4)),
        (date(2026, 11, 20), date(2026, 12, 11), date(2026, 12, 21)),
        (date(2026, 12, 14), date(2027, 1, 8), date(2027, 1, 15)),
    ],
)
def test_consideration_in_the_worked_examples(registered: date, answer: date, complaint: date) -> None:
    for kind in Kind:
        due = deadlines.consideration(kind, registered, CALENDAR)
        if kind is Kind.COMPLAINT:
            assert (due.on, due.days, due.article) == (complaint, 20, "99")
        else:
            assert (due.on, due.days, due.article) == (answer, 15, "76 (1–2)")


@pytest.mark.parametrize(
    ("received", "three"),
    [
        (date(2026, 3, 18), date(2026, 3, 26)),
        (date(2026, 5, 4), date(2026, 5, 8)),
        (date(2026, 11, 20), date(2026, 11, 25)),
        (date(2026, 12, 14), date(2026, 12, 18)),
    ],
)
def test_three_days_in_the_worked_examples(received: date, three: date) -> None:
    assert deadlines.forwarding(received, CALENDAR).on == three
    assert deadlines.return_(received, CALENDAR).on == three


@pytest.mark.parametrize(("rule", "article", "length"), SHORT_TERMS)
def test_short_terms(rule: Callable[[date, WorkCalendar], Due], article: str, length: int) -> None:
    due = rule(date(2026, 11, 20), CALENDAR)
    assert (due.days, due.article) == (length, article)
    assert due.on == CALENDAR.add(date(2026, 11, 20), length)


def test_rules_have_ids_of_their_own_and_name_their_article() -> None:
    dues = [rule(date(2026, 11, 20), CALENDAR) for rule, _, _ in SHORT_TERMS]
    dues += [
        deadlines.consideration(Kind.APPLICATION, date(2026, 11, 20), CALENDAR),
        deadlines.consideration(Kind.COMPLAINT, date(2026, 11, 20), CALENDAR),
        deadlines.consideration_after_forwarding(Kind.REPORT, date(2026, 11, 20), CALENDAR),
        deadlines.extension_limit(date(2026, 11, 20), CALENDAR),
        deadlines.hearing_notice(date(2026, 11, 20), CALENDAR),
        deadlines.complaint_filing(date(2026, 11, 20)),
        deadlines.complaint_filing(date(2026, 11, 20), ways_named=False),
        deadlines.court_claim(date(2026, 11, 20), CALENDAR),
    ]
    assert len({due.rule for due in dues}) == len(dues)
    for due in dues:
        number = due.article.split()[0]
        assert f"{number}-бап" in due.reason.kk
        assert f"статья {number}" in due.reason.ru


UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("received", "registered"),
    [
        (datetime(2026, 11, 20, 9, 0, tzinfo=ALMATY), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 18, 30, tzinfo=ALMATY), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 18, 30, 1, tzinfo=ALMATY), date(2026, 11, 23)),
        (datetime(2026, 11, 21, 10, 0, tzinfo=ALMATY), date(2026, 11, 23)),
        (datetime(2026, 12, 15, 23, 0, tzinfo=ALMATY), date(2026, 12, 17)),
        # 20:00 in UTC is one in the morning of the next day.
        (datetime(2026, 11, 18, 20, 0, tzinfo=UTC), date(2026, 11, 19)),
        (datetime(2026, 11, 19, 13, 29, tzinfo=UTC), date(2026, 11, 19)),
        (datetime(2026, 11, 19, 13, 31, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 19, 23, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 11, 20)),
    ],
)
def test_registration(received: datetime, registered: date) -> None:
    assert deadlines.registration_date(received, CALENDAR) == registered


def test_registration_needs_a_zone_and_follows_the_hours_of_the_body() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadlines.registration_date(datetime(2026, 11, 20, 9, 0), CALENDAR)  # noqa: DTZ001
    late = datetime(2026, 11, 20, 17, 45, tzinfo=ALMATY)
    assert deadlines.registration_date(late, CALENDAR, closes=time(17, 30)) == date(2026, 11, 23)


def test_extension() -> None:
    assert deadlines.extension_limit(date(2026, 11, 20), CALENDAR).on == date(2027, 1, 20)
    # 31 December and two months: the last day of February, a Sunday in 2027, moves to Monday.
    assert deadlines.extension_limit(date(2026, 12, 31), CALENDAR).on == date(2027, 3, 1)
    assert not deadlines.may_extend(Kind.COMPLAINT)
    assert all(deadlines.may_extend(kind) for kind in Kind if kind is not Kind.COMPLAINT)


def test_complaint_filing_is_not_moved_on() -> None:
    assert deadlines.complaint_filing(date(2026, 11, 21)).on == date(2027, 2, 21)  # a Sunday
    assert deadlines.complaint_filing(date(2026, 11, 30)).on == date(2027, 2, 28)
    assert deadlines.complaint_filing(date(2026, 8, 31), ways_named=False).on == date(2027, 2, 28)


def test_court_claim_moves_on_from_a_day_off() -> None:
    assert deadlines.court_claim(date(2026, 11, 16), CALENDAR).on == date(2026, 12, 17)
    assert deadlines.court_claim(date(2027, 1, 31), CALENDAR).on == date(2027, 3, 1)


def test_forwarded_appeal_has_its_own_clock() -> None:
    due = deadlines.consideration_after_forwarding(Kind.APPLICATION, date(2026, 11, 25), CALENDAR)
    assert due.on == CALENDAR.add(date(2026, 11, 25), 15)
    complaint = deadlines.consideration_after_forwarding(Kind.COMPLAINT, date(2026, 11, 25), CALENDAR)
    assert complaint == deadlines.consideration(Kind.COMPLAINT, date(2026, 11, 25), CALENDAR)


def test_silence_is_a_refusal_from_the_day_after() -> None:
    due = deadlines.consideration(Kind.APPLICATION, date(2026, 11, 20), CALENDAR)
    refusal = deadlines.deemed_refusal(Kind.APPLICATION, due.on)
    assert (refusal.on, refusal.article) == (date(2026, 12, 12), "91 (2)")
    assert deadlines.deemed_refusal(Kind.COMPLAINT, due.on).article == "100 (5)"


def test_hearing_notice_looks_back() -> None:
    due = deadlines.hearing_notice(date(2026, 12, 18), CALENDAR)
    assert (due.on, due.days) == (date(2026, 12, 14), 3)


@given(simple_kinds, days)
def test_a_complaint_takes_five_working_days_more(kind: Kind, registered: date) -> None:
    simple = deadlines.consideration(kind, registered, CALENDAR)
    complaint = deadlines.consideration(Kind.COMPLAINT, registered, CALENDAR)
    assert CALENDAR.add(simple.on, 5) == complaint.on
    assert CALENDAR.is_working(simple.on)
    assert simple.on >= registered + timedelta(days=19)


@given(days)
def test_months_keep_the_day_or_take_the_last(start: date) -> None:
    end = deadlines.complaint_filing(start).on
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == 3
    assert 89 <= (end - start).days <= 92


@given(days, st.times())
def test_registration_is_a_working_day_not_before_receipt(day: date, moment: time) -> None:
    received = datetime.combine(day, moment, tzinfo=UTC)
    registered = deadlines.registration_date(received, CALENDAR)
    assert CALENDAR.is_working(registered)
    assert registered >= received.astimezone(ALMATY).date()
