"""What a message names: places, dates, durations, money, phones, identifiers and our reference numbers.

Everything is found on the folded text, which has the length of the original, so offsets are those of the message.
Values: place – КАТО code; date – ISO, «--11-21» without a year, «today-1» for relative days; duration – ISO 8601;
money – tenge as a number; phone – +77…; iin and bin – 12 digits, not checked; reference – «KM-2026-000123».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from appeals.identifiers import normalise_phone
from appeals.load import load_domain
from appeals.reference import find_reference
from appeals.territory import Territory
from text.letters import fold

from citizen_nlu.words import without_surrogates

SURE_PLACE = 0.5


@dataclass(frozen=True)
class Entity:
    """One mention: characters `start` to `end` of the message."""

    name: str
    start: int
    end: int
    value: str | int
    confidence: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        """Rasa's JSON of an entity."""
        return {
            "entity": self.name,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "confidence_entity": self.confidence,
            "extractor": "CitizenEntityExtractor",
        }


_MONTHS = (
    ("кантар", "январ", "qantar"), ("акпан", "феврал", "aqpan"), ("наурыз", "март", "nauryz"),
    ("сауир", "апрел", "sauir"), ("мамыр", "ма[йя]", "mamyr"), ("маусым", "июн", "mausym"),
    ("шилде", "июл", "shilde"), ("тамыз", "август", "tamyz"), ("кыркуйек", "сентябр", "qyrkuiek"),
    ("казан", "октябр", "qazan"), ("караша", "ноябр", "qarasha"), ("желтоксан", "декабр", "jeltoqsan"),
)  # fmt: skip
_MONTH = "|".join(f"(?P<m{number}>{'|'.join(forms)})" for number, forms in enumerate(_MONTHS, start=1))
_NUMERIC_DATE = re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?![\d])")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NAMED_DATE = re.compile(
    rf"(?<!\d)(?:(?P<before>20\d\d)\s+жыл\w*\s+)?(?P<day>\d{{1,2}})(?:[-\s]?(?:ши|шы|го|е))?\s+(?:{_MONTH})[^\W\d]*"
    r"(?:\s+(?P<after>20\d\d)(?:\s*(?:года|год|г\.?|жыл\w*|ж\.?))?)?"
)
_RELATIVE = {
    "бугин": "today", "сегодня": "today", "bugin": "today", "кеше": "today-1", "вчера": "today-1", "keshe": "today-1",
    "позавчера": "today-2", "ертен": "today+1", "завтра": "today+1", "erten": "today+1", "бурсигуни": "today+2",
    "послезавтра": "today+2",
}  # fmt: skip
_RELATIVE_DATE = re.compile(rf"(?<!\w)({'|'.join(sorted(_RELATIVE, key=len, reverse=True))})(?!\w)")

_NUMBER_WORDS = {
    "бир": 1, "один": 1, "одну": 1, "еки": 2, "два": 2, "две": 2, "двух": 2, "уш": 3, "три": 3, "трех": 3, "торт": 4,
    "четыре": 4, "бес": 5, "пять": 5, "алты": 6, "шесть": 6, "жети": 7, "семь": 7, "сегиз": 8, "восемь": 8,
    "тогыз": 9, "девять": 9, "он": 10, "десять": 10, "он бес": 15, "пятнадцать": 15, "жиырма": 20, "двадцать": 20,
    "отыз": 30, "тридцать": 30, "eki": 2, "ush": 3, "tort": 4, "bes": 5, "on": 10,
}  # fmt: skip
_WORD_NUMBER = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_UNITS = {
    "H": r"сагат\w*|час(?:а|ов)?|sagat\w*",
    "D": r"кун\w*|ден[ьи]|дня|дней|дн\.?|сут(?:ки|ок)|таулик\w*|kun\w*|dn(?:ya|ei|ey)",
    "W": r"апта\w*|недел\w*|apta\w*|nedel\w*",
    "M": r"ай(?:дан|да|га|дын|ды)?|месяц\w*|мес\.?|ai(?:dan)?|ay(?:dan)?|mesyac\w*",
    "Y": r"жыл\w*|год(?:а|ов)?|лет|zhyl\w*|jyl\w*",
}
_UNIT = "|".join(f"(?P<{unit}>{forms})" for unit, forms in _UNITS.items())
_DURATION = re.compile(
    rf"(?<!\w)(?P<number>\d{{1,3}}|{_WORD_NUMBER})[-\s]+(?:(?:жумыс|рабочи[хй]|календарны[хй]|кунтизбелик|полны[хй])\s+)?"
    rf"(?:{_UNIT})(?!\w)"
)
_HALF_YEAR = re.compile(r"(?<!\w)(полгода|жарты\s+жыл\w*|пол\s+года)(?!\w)")

_MONEY = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:[ \u00a0.]\d{3})+|\d+(?:[.,]\d{1,2})?)\s*"
    r"(?:(?P<thousand>мын|тысяч\w*|тыс\.?|тыщ\w*|myn)|(?P<million>миллион\w*|млн\.?|лям\w*))?\s*"
    r"(?:тенге\w*|тнг|тг\.?|kzt|₸|tenge|tg)(?!\w)"
)
_PHONE = re.compile(r"(?<![\d+])(?:\+?7|8)?[\s(-]{0,2}[67]\d{2}[\s)-]{0,2}\d{3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)")
_TWELVE = re.compile(r"(?<!\d)\d{6}[ \u00a0-]?\d{6}(?!\d)")
_REFERENCE = re.compile(r"(?<!\w)[kк]\s?[mм]\s?[-‐‑‒–—−_/]?\s?20\d\d\s?[-‐‑‒–—−_/]?\s?\d{1,9}(?!\d)")


@lru_cache(maxsize=1)
def territory() -> Territory:
    """All places of the country; read once."""
    return load_domain().territory


def _iso(year: int | None, month: int, day: int) -> str | None:
    try:
        checked = date(year or 2024, month, day)  # a leap year: 29 February without a year is a date
    except ValueError:
        return None
    return checked.isoformat() if year else f"--{month:02d}-{day:02d}"


def _references(text: str) -> Iterator[Entity]:
    for found in _REFERENCE.finditer(text):
        if value := find_reference(found.group()):
            yield Entity("reference", found.start(), found.end(), value)


def _identifiers(text: str) -> Iterator[Entity]:
    """A БИН has 4, 5 or 6 in the fifth place, an ИИН the tens of a day."""
    for found in _TWELVE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        yield Entity("bin" if digits[4] in "456" else "iin", found.start(), found.end(), digits)


def _phones(text: str) -> Iterator[Entity]:
    for found in _PHONE.finditer(text):
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        if value := normalise_phone(found.group()):
            yield Entity("phone", start, found.end(), value)


def _money(text: str) -> Iterator[Entity]:
    for found in _MONEY.finditer(text):
        number = found["number"]
        grouped = re.fullmatch(r"\d{1,3}(?:[ \u00a0.]\d{3})+", number)
        amount = float(re.sub(r"[ \u00a0.]", "", number) if grouped else number.replace(",", "."))
        amount *= 1_000 if found["thousand"] else 1_000_000 if found["million"] else 1
        yield Entity("money", found.start(), found.end(), round(amount))


def _dates(text: str) -> Iterator[Entity]:
    for found in _NUMERIC_DATE.finditer(text):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        if value := _iso(year, int(found[2]), int(found[1])):
            yield Entity("date", found.start(), found.end(), value)
    for found in _ISO_DATE.finditer(text):
        if value := _iso(int(found[1]), int(found[2]), int(found[3])):
            yield Entity("date", found.start(), found.end(), value)
    for found in _NAMED_DATE.finditer(text):
        month = next(number for number in range(1, 13) if found[f"m{number}"])
        named_year = found["before"] or found["after"]
        if value := _iso(int(named_year) if named_year else None, month, int(found["day"])):
            yield Entity("date", found.start(), found.end(), value)
    for found in _RELATIVE_DATE.finditer(text):
        yield Entity("date", found.start(), found.end(), _RELATIVE[found[1]])


def _durations(text: str) -> Iterator[Entity]:
    for found in _DURATION.finditer(text):
        unit = next(unit for unit in _UNITS if found[unit])
        number = _NUMBER_WORDS.get(found["number"]) or int(found["number"])
        yield Entity("duration", found.start(), found.end(), f"P{'T' if unit == 'H' else ''}{number}{unit}")
    for found in _HALF_YEAR.finditer(text):
        yield Entity("duration", found.start(), found.end(), "P6M")


def _places(original: str) -> Iterator[Entity]:
    for match in territory().search(original):
        if match.score >= SURE_PLACE:
            yield Entity("place", match.start, match.end, match.place.code, match.score)


_FINDERS: tuple[Callable[[str], Iterator[Entity]], ...] = (
    _references,
    _identifiers,
    _phones,
    _money,
    _dates,
    _durations,
)
"""Surest first: what is found later may not overlap what was found before."""


def find_entities(text: str) -> list[Entity]:
    """All mentions in order of their place; none overlaps another."""
    text = without_surrogates(text)
    folded = fold(text)
    kept: list[Entity] = []
    for entity in [entity for finder in _FINDERS for entity in finder(folded)] + list(_places(text)):
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return sorted(kept, key=lambda entity: entity.start)
