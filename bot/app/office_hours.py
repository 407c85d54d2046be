"""When operators work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from appeals.calendar import ALMATY, WorkCalendar
from dialogs.rules import Rules


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Working days of the production calendar, from opening to closing, Kazakhstan's time."""

    calendar: WorkCalendar
    rules: Rules

    def open_at(self, moment: datetime) -> bool:
        """Whether operators work at this moment (aware)."""
        local = moment.astimezone(ALMATY)
        return (
            self.calendar.is_working(local.date())
            and self.rules.office_opens <= local.time() < self.rules.office_closes
        )

    def next_opening(self, moment: datetime) -> datetime:
        """The next time they begin; the moment itself if they work."""
        if self.open_at(moment):
            return moment
        local = moment.astimezone(ALMATY)
        day = local.date()
        if not self.calendar.is_working(day) or local.time() >= self.rules.office_closes:
            day += timedelta(days=1)
            while not self.calendar.is_working(day):
                day += timedelta(days=1)
        return datetime.combine(day, self.rules.office_opens, ALMATY)
