"""Dates as citizens write them: 5.11.2026, 5 ноября, 5 қараша, вчера, кеше, үш күн бұрын."""

from __future__ import annotations

import re
from datetime import date, timedelta

from text.letters import fold
from text.words import words

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./ -](\d{1,2})[./ -](\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_MONTHS = (
    ("январ", "кантар"),
    ("феврал", "акпан"),
    ("март", "наурыз"),
    ("апрел", "сауир"),
    ("=мая", "=май", "мамыр"),
    ("июн", "маусым"),
    ("июл", "шилде"),
    ("август", "тамыз"),
    ("сентябр", "кыркуйек"),
    ("октябр", "казан"),
    ("ноябр", "караша"),
    ("декабр", "желтоксан"),
)
_SPANS = (
    ("день", 1),
    ("дн", 1),
    ("кун", 1),
    ("недел", 7),
    ("апта", 7),
    ("месяц", 30),
    ("ай", 30),
    ("год", 365),
    ("жыл", 365),
)
_NUMBERS = {
    "два": 2,
    "две": 2,
    "три": 3,
    "четыре": 4,
    "пять": 5,
    "шесть": 6,
    "семь": 7,
    "десять": 10,
    "бир": 1,
    "еки": 2,
    "уш": 3,
    "торт": 4,
    "бес": 5,
    "алты": 6,
    "жети": 7,
    "он": 10,
    "полтора": 2,
}
_DAYS_AGO = {
    "завтра": -1,
    "ертен": -1,
    "сегодня": 0,
    "бугин": 0,
    "вчера": 1,
    "кеше": 1,
    "позавчера": 2,
    "алдынгуни": 2,
    "алдынгы": 2,
}


def find_date(text: str, today: date) -> date | None:
    """The first date the text names, None if it names none. A day without a year is the last such day."""
    text = text[:200]
    for pattern, order in ((_ISO, (0, 1, 2)), (_NUMERIC, (2, 1, 0))):
        found = pattern.search(text)
        if found:
            year, month, day = (int(found.groups()[place]) for place in order)
            return _made(year + 2000 if year < 100 else year, month, day)
    tokens = [fold(word) for word in words(text)]
    for token in tokens:
        if token in _DAYS_AGO:
            return today - timedelta(days=_DAYS_AGO[token])
    if {"назад", "бурын"} & set(tokens):
        return _so_long_ago(tokens, today)
    return _named_month(tokens, today)


def _so_long_ago(tokens: list[str], today: date) -> date | None:
    """«недели две назад», «үш күн бұрын»: about that day."""
    days = next((length for token in tokens for stem, length in _SPANS if token.startswith(stem)), None)
    if days is None:
        return None
    count = next((number for token in tokens if (number := _NUMBERS.get(token) or _digits(token))), 1)
    return today - timedelta(days=min(days * count, 36_500))


def _digits(token: str) -> int | None:
    return int(token) if token.isdecimal() and len(token) <= 3 else None


def _named_month(tokens: list[str], today: date) -> date | None:
    for place, token in enumerate(tokens):
        month = next((number for number, stems in enumerate(_MONTHS, 1) if _is_one_of(token, stems)), None)
        if month is None:
            continue
        near = [tokens[i] for i in (place - 1, place + 1, place + 2, place - 2) if 0 <= i < len(tokens)]
        digits = ["".join(c for c in word if c.isdigit()) for word in near]
        day = next((int(d) for d in digits if d and len(d) <= 2), None)
        if day is None:
            continue
        year = next((int(d) for d in digits if len(d) == 4), None)
        if year is not None:
            return _made(year, month, day)
        this_year = _made(today.year, month, day)
        return this_year if this_year is None or this_year <= today else _made(today.year - 1, month, day)
    return None


def _is_one_of(token: str, stems: tuple[str, ...]) -> bool:
    return any(token == stem[1:] if stem.startswith("=") else token.startswith(stem) for stem in stems)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
