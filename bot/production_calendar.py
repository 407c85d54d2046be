"""Kazakhstan's production calendar: the holidays library's days, corrected by the moved days of our content."""

from __future__ import annotations

from datetime import date

import holidays

from appeals.calendar import MovedDays, WorkCalendar

YEARS = range(2020, 2041)


def build(moved: MovedDays) -> WorkCalendar:
    """Days off and moved working days from 2020 to 2040. Days the library counts as swapped weekends stay working."""
    known = holidays.country_holidays("KZ", years=YEARS, expand=False)
    off = {day for day in known if isinstance(day, date)}
    working = {day for day in known.weekend_workdays if isinstance(day, date)}
    return WorkCalendar(
        (off | set(moved.off)) - set(moved.working), (working | set(moved.working)) - set(moved.off)
    )
