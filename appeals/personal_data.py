"""Terms of the law on personal data (21.05.2013 № 94-V) as dates."""

from __future__ import annotations

from datetime import date

from appeals.calendar import WorkCalendar
from text.bilingual import Bilingual

WITHDRAWAL_DAYS = 15
WITHDRAWAL_ARTICLE = Bilingual(
    "«Дербес деректер және оларды қорғау туралы» заң, 8-бап, 7-тармақ",
    "закон «О персональных данных и их защите», статья 8, пункт 7",
)


def withdrawal_due(asked_on: date, calendar: WorkCalendar) -> date:
    """By when processing stops after a consent was withdrawn, or is refused with a reason: 15 working days."""
    return calendar.add(asked_on, WITHDRAWAL_DAYS)
