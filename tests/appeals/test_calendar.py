from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appeals.calendar import MovedDays, Swap, WorkCalendar, moved_days

YEARS = range(2025, 2029)
OFF_2026 = [
    *(date(2026, 3, day) for day in range(21, 26)),
    *(date(2026, 5, day) for day in (1, 7, 9, 11, 27)),
    date(2026, 3, 9),
    date(2026, 7, 6),
    date(2026, 10, 26),
    date(2026, 12, 16),
    *(date(2027, 1, day) for day in (1, 2, 4, 7)),
]
CONTENT = Path(__file__).parents[2] / "appeals/content/moved_days.yaml"
WORKED_EXAMPLES = [
    (date(2026, 3, 18), date(2026, 3, 26), date(2026, 4, 13), date(2026, 4, 20)),
    (date(2026, 5, 4), date(2026, 5, 8), date(2026, 5, 28), date(2026, 6, 4)),
    (date(2026, 11, 20), date(2026, 11, 25), date(2026, 12, 11), date(2026, 12, 21)),
    (date(2026, 12, 14), date(2026, 12, 18), date(2027, 1, 8), date(2027, 1, 15)),
]

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
calendars = st.builds(WorkCalendar, st.frozensets(days, max_size=60), st.frozensets(days, max_size=10))


def library_days() -> holidays.HolidayBase:
    return holidays.country_holidays("KZ", years=YEARS, expand=False)


@pytest.mark.parametrize("calendar", [WorkCalendar(OFF_2026), WorkCalendar(list(library_days()))])
@pytest.mark.parametrize(("registered", "three", "fifteen", "twenty"), WORKED_EXAMPLES)
def test_worked_examples(
    calendar: WorkCalendar, registered: date, three: date, fifteen: date, twenty: date
) -> None:
    assert [calendar.add(registered, n) for n in (3, 15, 20)] == [three, fifteen, twenty]


def test_agrees_with_the_library_day_by_day() -> None:
    library = library_days()
    calendar = WorkCalendar(list(library), library.weekend_workdays)
    for ahead in range((date(2028, 12, 1) - date(2025, 1, 1)).days):
        day = date(2025, 1, 1) + timedelta(days=ahead)
        assert calendar.is_working(day) == library.is_working_day(day), day


def test_days_made_working_and_off() -> None:
    calendar = WorkCalendar([date(2026, 7, 6)], [date(2026, 7, 4)])
    assert calendar.is_working(date(2026, 7, 4))
    assert not calendar.is_working(date(2026, 7, 5))
    assert not calendar.is_working(date(2026, 7, 6))
    assert calendar.next_working(date(2026, 7, 3)) == date(2026, 7, 4)
    assert calendar.on_or_after(date(2026, 7, 5)) == date(2026, 7, 7)
    assert WorkCalendar([date(2026, 7, 6)], [date(2026, 7, 6)]).is_working(date(2026, 7, 6))


@given(calendars, days, st.integers(1, 40))
def test_add_counts_working_days(calendar: WorkCalendar, start: date, n: int) -> None:
    end = calendar.add(start, n)
    assert calendar.is_working(end)
    assert calendar.count(start, end) == n
    assert calendar.add(calendar.add(start, n - 1), 1) == end
    assert (end - start).days >= n


@given(calendars, days, st.integers(1, 40))
def test_going_back_is_the_opposite(calendar: WorkCalendar, start: date, n: int) -> None:
    working = calendar.on_or_after(start)
    assert calendar.add(calendar.add(working, n), -n) == working
    assert calendar.add(start, 0) == start


@given(calendars, days, days)
def test_later_start_never_ends_earlier(calendar: WorkCalendar, one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert calendar.add(early, 15) <= calendar.add(late, 15)
    assert calendar.on_or_after(early) >= early
    assert calendar.next_working(early) > early


def test_shipped_swaps_are_those_of_the_library() -> None:
    moved = moved_days(yaml.safe_load(CONTENT.read_text(encoding="utf-8")))
    library = holidays.country_holidays("KZ", years=range(2020, 2028), expand=False)
    # A weekday cannot be made working there; 11 May 2020 is one.
    assert moved.working - {date(2020, 5, 11)} == {
        day for day in library.weekend_workdays if day.year >= 2020
    }
    assert moved.off <= set(library)
    assert len(moved.off) == len(moved.working) == 10


def test_swaps_are_built() -> None:
    row = {"free": date(2025, 1, 3), "working": date(2025, 1, 5), "act": "G24G0000436"}
    assert moved_days({"swaps": [row]}) == MovedDays(
        (Swap(date(2025, 1, 3), date(2025, 1, 5), "G24G0000436"),)
    )
    assert moved_days({"swaps": []}) == MovedDays()


def test_all_bad_rows_are_told_at_once() -> None:
    good = {"free": date(2025, 1, 3), "working": date(2025, 1, 5), "act": "A"}
    rows = [
        good,
        {**good, "act": " "},
        {**good, "free": "2025-01-03"},
        good,
        {**good, "free": date(2025, 1, 4)},
        "x",
    ]
    with pytest.raises(ValueError, match="row 2") as error:
        moved_days({"swaps": rows})
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == [
        f"moved days, row {number}" for number in (2, 3, 4, 5, 6)
    ]
    with pytest.raises(ValueError, match="list"):
        moved_days({})
