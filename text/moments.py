"""When something is, and how long: dates and durations in Kazakh and Russian, in every spelling.

Values stand apart from the day they are read on: a date is ISO («2026-11-21», «2024-05», «2019»), «--11-21» or «--11»
without its year, «today-1» when it is told from today; a duration is ISO 8601 («P3D», «PT2H»). `resolve` and `days_of`
bring them to the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from text.letters import skeleton
from text.numbers import CARDINALS, Number, read_number
from text.tokens import (
    CASES,
    OWNED_CASES,
    Mention,
    Token,
    is_one_of,
    keyed,
    look_up,
    starts_like,
    tokens,
    with_suffixes,
)

_MONTHS = (
    ("қаңтар", "январь января январе январю"), ("ақпан", "февраль февраля феврале февралю"),
    ("наурыз", "март марта марте марту"), ("сәуір", "апрель апреля апреле апрелю"),
    ("мамыр", "май мая мае маю"), ("маусым", "июнь июня июне июню"), ("шілде", "июль июля июле июлю"),
    ("тамыз", "август августа августе августу"), ("қыркүйек", "сентябрь сентября сентябре сентябрю"),
    ("қазан", "октябрь октября октябре октябрю"), ("қараша", "ноябрь ноября ноябре ноябрю"),
    ("желтоқсан", "декабрь декабря декабре декабрю"),
)  # fmt: skip
_MONTH = {
    key: number
    for number, (kazakh, russian) in enumerate(_MONTHS, start=1)
    for key in with_suffixes(kazakh, CASES) | keyed(russian)
}
# «3 қарашасында», «2024 жылдың мамырында»: of a year, so only with a day or a year.
_OWNED_MONTH = {
    key: number
    for number, (kazakh, _) in enumerate(_MONTHS, start=1)
    for possessive in ("ы", "і", "сы", "сі")
    for key in with_suffixes(kazakh + possessive, OWNED_CASES)
} | _MONTH
_NOMINATIVE = keyed(" ".join(kazakh for kazakh, _ in _MONTHS))
_RUSSIAN_MONTHS = keyed(" ".join(russian for _, russian in _MONTHS))
_GENITIVE = {skeleton(kazakh + suffix) for kazakh, _ in _MONTHS for suffix in CASES[:6]}
_MONTH_OF = with_suffixes("айы", OWNED_CASES)
_BEFORE_MONTH = keyed("с со в во до к от за после начале начала конце конца середине середины по")
# Suffixes of a day's number: 10-ынан, 25-інде, 5-қарашада.
_DAY_SUFFIXES = keyed(
    "ы і сы сі ын ін сын сін ынан інен сынан сінен ында інде сында сінде ына іне сына сіне ы ші шы го е ое числа"
)

_DAYS_FROM_TODAY = {
    **dict.fromkeys(with_suffixes("бүгін", ["нен", "ге", "гі"]) | keyed("сегодня"), 0),
    **dict.fromkeys(with_suffixes("кеше", ["ден", "гі", "гіден"]) | keyed("вчера"), -1),
    **dict.fromkeys(with_suffixes("алдыңгүні", ["нен"]) | keyed("алдынгүні позавчера"), -2),
    **dict.fromkeys(keyed("ертең завтра"), 1),
    **dict.fromkeys(keyed("бүрсігүні бүрсүгүні послезавтра"), 2),
}  # fmt: skip
_DAY_BEFORE = keyed("алдыңғы арғы")
_THIS_DAY = keyed("күні")
_YESTERDAYS = keyed("вчерашнего вчерашний")
_DAY_AFTER_IT = keyed("дня день")

_UNITS = {
    "M ": with_suffixes("минут", [*CASES, "а", "ы", "у"]) | keyed("мин"),
    "H": with_suffixes("сағат", [*CASES, "тай", "ы", "тық"]) | keyed("час часа часов ч"),
    "D": with_suffixes("күн", ["ден", "нен", "ге", "дің", "нің", "ді", "і", "ін", "інің", "іне", "дік", "дей", "дер", "мен"])
    | with_suffixes("тәулік", [*CASES, "тей"]) | keyed("день дня дней дни дн сутки суток"),
    "W": with_suffixes("апта", [*CASES, "дай", "лық"]) | keyed("неделя недели неделю недель нед"),
    "M": with_suffixes("ай", [*CASES, "лық", "дай"]) | keyed("месяц месяца месяцев мес"),
    "Y": with_suffixes("жыл", [*CASES, "дық", "дай", "ы"]) | keyed("год года лет"),
}  # fmt: skip
_UNIT = {key: unit for unit, forms in _UNITS.items() for key in forms}
_DAYS = {"D": 1, "W": 7, "M": 30, "Y": 365}
_KINDS_OF_DAY = keyed("рабочих рабочий жұмыс календарных күнтізбелік полных подряд шақты жуық толық")
_KAZAKH_TEN = keyed("он")
_RUSSIAN_UNITS = keyed(
    "час часа часов день дня дней сутки суток неделя недели неделю недель месяц месяца месяцев год года лет минут"
)
# «недели две»: about so many.
_ABOUT = keyed("недели недель месяца месяцев дня дней часа часов года лет минут")
_AGO = keyed("назад тому бұрын")
_HALVES = {
    **dict.fromkeys(keyed("полгода"), "P6M"), **dict.fromkeys(keyed("полдня"), "PT12H"),
    **dict.fromkeys(keyed("полчаса"), "PT30M"), **dict.fromkeys(keyed("полмесяца"), "P15D"),
}  # fmt: skip
_HALF_OF = keyed("жарты пол")
_HALF_UNITS = {"Y": "P6M", "M": "P15D", "D": "PT12H", "H": "PT30M"}
# A unit alone is a duration after these words, or before those.
_LEADING = keyed(
    "уже целый целую целые почти около больше более весь всю скоро минимум примерно ровно только сутки"
)
_FOLLOWING = keyed("назад тому бері бұрын нет не жду ждем ждали жалуюсь прошел прошла прошло прошли")
_KAZAKH_WAITING = ("кут", "отти", "бол")
_NO_DURATION_BEFORE = keyed(
    "в на каждую каждый эту этот этой прошлую прошлый прошлой следующую следующий ту тот раз через за учебный новый рабочий "
    "последний первый другой другую до один"
)
_BARE = {
    **dict.fromkeys(keyed("неделю недели"), "W"), **dict.fromkeys(keyed("сутки суток"), "D"), **dict.fromkeys(keyed("час"), "H"),
    **dict.fromkeys(keyed("месяц месяца"), "M"), **dict.fromkeys(keyed("год года"), "Y"),
}  # fmt: skip
_SURE_ALONE = keyed("неделю сутки")
_SURE_CLOSING = keyed("неделю сутки месяц")
_BARE_SINCE = {skeleton(word): unit for word, unit in (("аптадан", "W"), ("айдан", "M"), ("жылдан", "Y"))}
_SINCE = keyed("бері астам")
_CLOCK = keyed("в к до с около после сағат")
_WHOSE_AGE = keyed(
    "мне ему ей нам им тебе вам сыну дочери дочке ребенку маме матери отцу папе бабушке дедушке мужу жене внуку внучке брату сестре "
    "исполнилось старше младше"
)
_YEAR_WORDS = (
    with_suffixes("жыл", [*CASES, "ы", "ғы"])
    | with_suffixes("жылы", OWNED_CASES)
    | keyed("год года году г ж")
)
_YEARS = range(1900, 2100)

_SEPARATORS = frozenset("./- ")
_GLUE = frozenset("./-")


class _Reader:
    """One pass over the tokens of a text; what is read is skipped."""

    def __init__(self, text: str, words: Sequence[Token]) -> None:
        self.text = text
        self.words = words

    def all(self) -> list[Mention]:
        found: list[Mention] = []
        at = 0
        while at < len(self.words):
            read = self._at(at)
            if read is None:
                at += 1
                continue
            kind, value, first, end = read
            if not found or self.words[first].start >= found[-1].end:
                found.append(Mention(kind, self.words[first].start, self.words[end - 1].end, value))
            at = end
        return found

    def _at(self, at: int) -> tuple[str, str, int, int] | None:
        """(kind, value, first token, token behind the last) of what begins at `at`."""
        token = self.words[at]
        for read in (
            (self._numeric, self._day_first, self._month_first, self._year_first)
            if self._may_date(token)
            else ()
        ):
            dated = read(at)
            if dated:
                return "date", dated[0], at, dated[1]
        relative = self._relative(at)
        if relative:
            return "date", relative[0], at, relative[1]
        return self._long(at)

    def _may_date(self, token: Token) -> bool:
        return token.is_number or look_up(token, _MONTH) is not None

    def _gap(self, at: int) -> str:
        """What stands before token `at`, a mark past the end."""
        return self.text[self.words[at - 1].end : self.words[at].start] if 0 < at < len(self.words) else "\n"

    def _near(self, at: int) -> bool:
        """Whether token `at` follows its neighbour with nothing but a blank, a hyphen or a dot between."""
        return at < len(self.words) and self._gap(at).strip(" \u00a0.-") == "" and len(self._gap(at)) <= 2

    def _is(self, at: int, words: frozenset[str]) -> bool:
        return 0 <= at < len(self.words) and is_one_of(self.words[at], words)

    def _year(self, at: int) -> int | None:
        token = self.words[at] if 0 <= at < len(self.words) else None
        if token is None or not token.is_number or len(token.folded) != 4 or int(token.folded) not in _YEARS:
            return None
        return int(token.folded)

    def _numeric(self, at: int) -> tuple[str, int] | None:
        """5.11.2026, 5/3/26, 2026-11-21; «21.11» with «күні» or a preposition."""
        run = [token.folded for token in self.words[at : at + 3]]
        gaps = [self._gap(at + 1), self._gap(at + 2)]
        if (
            len(run) == 3
            and gaps[0] == gaps[1]
            and gaps[0] in _SEPARATORS
            and all(part.isdecimal() for part in run)
        ):
            if self.text[self.words[at].start - 1 : self.words[at].start] in _GLUE:
                return None
            lengths = [len(part) for part in run]
            numbers = [int(part) for part in run] if max(lengths) <= 4 else []
            if gaps[0] == "-" and lengths[0] == 4 and max(lengths[1:], default=9) <= 2:
                value = _iso(*numbers)
            elif max(lengths[:2]) <= 2 and lengths[2] in (2, 4):
                value = _iso(numbers[2] + (2000 if lengths[2] == 2 else 0), numbers[1], numbers[0])
            else:
                return None
            return (value, at + 3) if value else None
        if (
            len(run) > 1
            and gaps[0] == "."
            and len(run[0]) == len(run[1]) == 2
            and run[1].isdecimal()
            and run[0].isdecimal()
        ):
            proved = self._is(at + 2, _THIS_DAY) or self._is(at - 1, _BEFORE_MONTH)
            value = _iso(None, int(run[1]), int(run[0])) if proved else None
            return (value, at + 2) if value else None
        return None

    def _day_first(self, at: int) -> tuple[str, int] | None:
        """21 ноября 2026 года, 5-қарашада."""
        token = self.words[at]
        if not token.is_number or len(token.folded) > 2:
            return None
        end = at + 1
        if self._near(end) and self._is(end, _DAY_SUFFIXES) and self._near(end + 1):
            end += 1
        month = look_up(self.words[end], _OWNED_MONTH) if self._near(end) else None
        if month is None:
            return None
        year, behind = self._year_after(end + 1)
        value = _iso(year, month, int(token.folded))
        return (value, behind) if value else None

    def _year_after(self, at: int) -> tuple[int | None, int]:
        year = self._year(at) if self._near(at) else None
        if year is None:
            return None, at
        return year, at + 1 + (self._near(at + 1) and self._is(at + 1, _YEAR_WORDS))

    def _month_first(self, at: int) -> tuple[str, int] | None:
        """қарашаның 10-ынан, қаңтар айында, с сентября, в марте 2024 года."""
        token = self.words[at]
        month = look_up(token, _MONTH)
        if month is None:
            return None
        end = at + 1
        of_month = self._near(end) and self._is(end, _MONTH_OF)
        end += of_month
        if of_month or any(key in _GENITIVE for key in token.keys):
            day = self._day_of(month, end)
            if day:
                return day
        if any(key in _RUSSIAN_MONTHS for key in token.keys) and not of_month:
            if not self._is(at - 1, _BEFORE_MONTH):
                return None
        elif any(key in _NOMINATIVE for key in token.keys) and not of_month:
            return None
        year, end = self._year_after(end)
        return (f"{year}-{month:02d}" if year else f"--{month:02d}"), end

    def _day_of(self, month: int, at: int) -> tuple[str, int] | None:
        if not self._near(at) or not self.words[at].is_number or len(self.words[at].folded) > 2:
            return None
        end = at + 1
        if not (self._near(end) and self._is(end, _DAY_SUFFIXES)):
            return None
        value = _iso(None, month, int(self.words[at].folded))
        return (value, end + 1) if value else None

    def _year_first(self, at: int) -> tuple[str, int] | None:
        """2026 жылғы 21 қараша, 2024 жылдың мамырында, 2019 жылдан, 2023 года."""
        year = self._year(at)
        if year is None or not (self._near(at + 1) and self._is(at + 1, _YEAR_WORDS)):
            return None
        end = at + 2
        if self._near(end):
            dated = self._day_first(end) or self._month_owned(end)
            if dated and dated[0].startswith("--"):
                return f"{year}{dated[0][1:]}", dated[1]
        return str(year), end

    def _month_owned(self, at: int) -> tuple[str, int] | None:
        """«мамырында» after its year, or any other form of a month there."""
        month = look_up(self.words[at], _OWNED_MONTH)
        return (self._day_of(month, at + 1) or (f"--{month:02d}", at + 1)) if month else None

    def _relative(self, at: int) -> tuple[str, int] | None:
        days = look_up(self.words[at], _DAYS_FROM_TODAY)
        if days is not None:
            return _from_today(days), at + 1
        if self._is(at, _DAY_BEFORE) and self._near(at + 1) and self._is(at + 1, _THIS_DAY):
            return _from_today(-2), at + 2
        if self._is(at, _YESTERDAYS) and self._is(at + 1, _DAY_AFTER_IT):
            return _from_today(-1), at + 2
        return None

    def _long(self, at: int) -> tuple[str, str, int, int] | None:
        """A duration, or the day it reaches back to when «назад» or «бұрын» follows."""
        token = self.words[at]
        half = look_up(token, _HALVES)
        if half:
            return self._ended(half, at, at + 1)
        if self._is(at, _HALF_OF) and self._near(at + 1):
            unit = look_up(self.words[at + 1], _UNIT)
            return self._ended(_HALF_UNITS[unit], at, at + 2) if unit in _HALF_UNITS else None
        number = read_number(self.text, self.words, at)
        if number is not None:
            return self._counted(at, number)
        return self._about(at) or self._single(at)

    def _counted(self, at: int, number: Number) -> tuple[str, str, int, int] | None:
        end = number.end
        while self._near(end) and self._is(end, _KINDS_OF_DAY) and end < number.end + 2:
            end += 1
        unit = look_up(self.words[end], _UNIT) if self._near(end) and not number.large else None
        if unit is None or not 0 < number.value < 1000 or self._is_other(at, number, unit, end):
            return None
        return self._ended(_iso_duration(number.value, unit), at, end + 1)

    def _is_other(self, at: int, number: Number, unit: str, end: int) -> bool:
        """An age, an hour of the day, a year's number, «он» that is a Russian pronoun."""
        if number.ordinal and (
            number.value < 2 or self._is(at - 1, _NO_DURATION_BEFORE) or unit in ("H", "M ")
        ):
            return True
        if unit in "YM" and (self._is(at - 1, _WHOSE_AGE) or self._is(at - 3, _WHOSE_AGE)):
            return True
        if unit == "H" and not number.in_words and self._is(at - 1, _CLOCK):
            return True
        return self._is(at, _KAZAKH_TEN) and number.end == at + 1 and self._is(end, _RUSSIAN_UNITS)

    def _about(self, at: int) -> tuple[str, str, int, int] | None:
        """недели две."""
        if not (self._is(at, _ABOUT) and self._near(at + 1)):
            return None
        count = look_up(self.words[at + 1], CARDINALS)
        unit = look_up(self.words[at], _UNIT)
        if count is None or unit is None or count < 2 or self._is(at + 1, _KAZAKH_TEN):
            return None
        return self._ended(_iso_duration(Fraction(count), unit), at, at + 2)

    def _single(self, at: int) -> tuple[str, str, int, int] | None:
        """уже месяц, неделю назад, аптадан бері."""
        since = look_up(self.words[at], _BARE_SINCE)
        if since and self._is(at + 1, _SINCE):
            return self._ended(f"P1{since}", at, at + 1)
        unit = look_up(self.words[at], _BARE)
        if unit is None or self._is(at - 1, _NO_DURATION_BEFORE) or (at and self.words[at - 1].is_number):
            return None
        follows = at + 1 < len(self.words) and self._gap(at + 1).strip(" ") == ""
        backed = follows and (
            self._is(at + 1, _FOLLOWING) or starts_like(self.words[at + 1], _KAZAKH_WAITING)
        )
        closes = not follows and is_one_of(self.words[at], _SURE_CLOSING)
        if backed or closes or is_one_of(self.words[at], _SURE_ALONE) or self._is(at - 1, _LEADING):
            return self._ended(_iso_duration(Fraction(1), unit), at, at + 1)
        return None

    def _ended(self, value: str, first: int, end: int) -> tuple[str, str, int, int]:
        if self._near(end) and self._is(end, _AGO):
            days = days_of(value)
            if days:
                return "date", _from_today(-days), first, end + 1
        return "duration", value, first, end


def find_moments(text: str, words: Sequence[Token] | None = None) -> list[Mention]:
    """Dates and durations in order; kinds "date" and "duration". `words`: the tokens, where they are at hand."""
    return _Reader(text, tokens(text) if words is None else words).all()


_FROM_TODAY = re.compile(r"today([+-]\d+)?")
_YEARLESS = re.compile(r"--(\d\d)(?:-(\d\d))?")
_DATED = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DURATION = re.compile(r"P(?:(\d+)([DWMY]))?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_LONGEST_DAYS = 36_500


def resolve(value: str, today: date) -> date | None:
    """The day a date's value means on `today`: without a year the last such day, without a day the first of the time."""
    if found := _FROM_TODAY.fullmatch(value):
        days = int(found[1] or 0)
        return today + timedelta(days=days) if abs(days) <= _LONGEST_DAYS else None
    if found := _YEARLESS.fullmatch(value):
        month, day = int(found[1]), int(found[2] or 1)
        # Eight years hold a 29 February, whatever the century.
        years = (_made(year, month, day) for year in range(today.year, today.year - 9, -1))
        return next((day for day in years if day is not None and day <= today), None)
    if found := _DATED.fullmatch(value):
        return _made(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    return None


def days_of(value: str) -> int | None:
    """Whole days of a duration's value, months as 30 and years as 365; 0 for hours."""
    found = _DURATION.fullmatch(value)
    if found is None:
        return None
    if found[2] == "M" and found[1] == "6":
        return 182
    return int(found[1]) * _DAYS[found[2]] if found[1] else 0


def days_lasted(text: str, moment: Mention) -> int | None:
    """Whole days of a duration in `text` that are over: in the third week two of them are."""
    days, said = days_of(moment.value), text[moment.start : moment.end]
    number = read_number(said, tokens(said), 0)
    over = number is not None and number.ordinal and number.value > 1
    return days - days // int(number.value) if days and number and over else days


def find_date(text: str, today: date) -> date | None:
    """The first day a text names; None when it names none."""
    days = (resolve(moment.value, today) for moment in find_moments(text) if moment.kind == "date")
    return next((day for day in days if day is not None), None)


def since(text: str, today: date) -> date | None:
    """The first day a text names, else the day its first duration reaches back to: «үш күн болды»."""
    durations = (days_lasted(text, moment) for moment in find_moments(text) if moment.kind == "duration")
    days = next((days for days in durations if days), None)
    return find_date(text, today) or (today - timedelta(days=min(days, _LONGEST_DAYS)) if days else None)


def _from_today(days: int) -> str:
    return f"today{days:+d}" if days else "today"


def _iso(year: int | None, month: int, day: int) -> str | None:
    # A leap year: 29 February without a year is a date.
    if _made(year if year is not None else 2024, month, day) is None:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if year is not None else f"--{month:02d}-{day:02d}"


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_HALVED = {"Y": ("M", 12), "M": ("D", 30), "W": ("D", 7), "D": ("H", 24)}


def _iso_duration(number: Fraction, unit: str) -> str:
    """Parts of a unit are told in the next smaller one."""
    if number.denominator != 1 and unit in _HALVED:
        unit, times = _HALVED[unit]
        number = Fraction(int(number * times + Fraction(1, 2)))
    if unit == "H":
        minutes = int(number * 60)
        hours = f"{minutes // 60}H" if minutes >= 60 else ""
        return "PT" + hours + (f"{minutes % 60}M" if minutes % 60 else "")
    if unit == "M ":
        return f"PT{int(number)}M"
    return f"P{int(number)}{unit}"
