"""Kazakhstan's production calendar: the holidays library's days, corrected by the moved days of our content."""

from __future__ import annotations

from datetime import date

import holidays

from appeals.calendar import MovedDays, WorkCalendar

YEARS = range(2020, 2041)
NONE = MovedDays()


def build(moved: MovedDays, revoked: MovedDays = NONE) -> WorkCalendar:
    """Days off and moved working days from 2020 to 2040. `revoked`: swaps not in force, though the library may know them."""
    known = holidays.country_holidays("KZ", years=YEARS, expand=False)
    off = {day for day in known if isinstance(day, date)}
    working = {day for day in known.weekend_workdays if isinstance(day, date)}
    return WorkCalendar(
        ((off - revoked.off) | moved.off) - moved.working,
        ((working - revoked.working) | moved.working) - moved.off,
    )
