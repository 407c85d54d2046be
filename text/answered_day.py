"""Which day a short answer to «when?» means: «05.11», «5-го», «в понедельник», «өткен сейсенбіде».

In a story such words may mean anything; asked for a day, they mean the last one that was so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from text.letters import fold
from text.moments import find_date
from text.tokens import CASES, OWNED_CASES, keyed, tokens, with_suffixes

_LONGEST = 4
"""Words of an answer that says no more than the day."""
_DAY_AND_MONTH = re.compile(r"\D*(\d{1,2})[./](\d{1,2})\.?\D*")
_DAY_OF_MONTH = re.compile(
    r"(?:с |со )?(\d{1,2})(?:[- ]?(?:го|числа|е|ы|і|и|ши|шы|ында|инде|сында|синде|ынан|инен|сынан))*\.?"
)
_WEEKDAYS = (
    ("дүйсенбі", "понедельник понедельника"),
    ("сейсенбі", "вторник вторника"),
    ("сәрсенбі", "среда среду среды"),
    ("бейсенбі", "четверг четверга"),
    ("жұма", "пятница пятницу пятницы"),
    ("сенбі", "суббота субботу субботы"),
    ("жексенбі", "воскресенье воскресенья"),
)
_WEEKDAY = {
    key: number
    for number, (kazakh, russian) in enumerate(_WEEKDAYS)
    for key in with_suffixes(kazakh, (*CASES, *OWNED_CASES)) | keyed(russian)
}
_TWO_MONTHS = 63
_COMING = keyed("следующий следующую следующее следующая будущий будущую келесі келер алдағы")


def answered_day(text: str, today: date) -> date | None:
    """The last day up to `today` that a short answer means; None where it means none."""
    answer = fold(text).strip(" .,!")
    words = tokens(answer)
    if not words or len(words) > _LONGEST or any(not _COMING.isdisjoint(word.keys) for word in words):
        return None
    if found := _DAY_AND_MONTH.fullmatch(answer):
        return find_date(f"{int(found[1]):02d}.{int(found[2]):02d} күні", today)
    if found := _DAY_OF_MONTH.fullmatch(answer):
        return _last(today + timedelta(days=1), lambda day: day.day == int(found[1]))
    named = {_WEEKDAY[key] for word in words for key in word.keys if key in _WEEKDAY}
    return _last(today, lambda day: day.weekday() in named) if len(named) == 1 else None


def _last(today: date, fits: Callable[[date], bool]) -> date | None:
    """The last day before `today` that fits, within two months: every day of a month is in one of them."""
    days = (today - timedelta(days=ago) for ago in range(1, _TWO_MONTHS))
    return next((day for day in days if fits(day)), None)
