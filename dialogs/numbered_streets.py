"""Streets whose names begin with a number, told from days and durations: «8 Марта», «9 Мамыр», «40 лет Победы».

«8 марта 15» is a house; «8 марта в 15 часов», «8 марта 15 человек», «8 марта 2026» and «с 8 марта 15 домов» are days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from text.letters import fold

# All patterns are for folded text, which is as long as the text itself.
_JUBILEES = (
    "(?:лет|летия) (?:победы|независимости|октября|казахстана|республики|целины|комсомола|влксм|казсср|ссср)"
)
_RUSSIAN = {
    "марта": (8,),
    "мая": (1, 9),
    "июля": (6,),
    "августа": (30,),
    "октября": (25,),
    "ноября": (7,),
    "декабря": (16,),
    "февраля": (23,),
    "гвардейцев": (28,),
    "гвардейцев[ -]панфиловцев": (28,),
    "панфиловцев": (28,),
    _JUBILEES: range(10, 100),
}
_KAZAKH = {
    "наурыз": (8, 22),
    "мамыр": (1, 7, 9),
    "шилде": (6,),
    "тамыз": (30,),
    "казан": (25,),
    "желтоксан": (16,),
    "панфиловшы(?:лар)?": (28,),
}
_TYPE_BEFORE = (
    r"\b(?:улиц(?:а|ы|е|у|ей)|ул|проспекте?|пр-?к?т?|переул(?:ок|ке)|пер|микрорайоне?|мкр)\b\.?\s?[«\"]?"
)
_TYPE_BEHIND = r"[»\"]?[ -](?:кош(?:еси?\w*)?|к-си\w*|дангыл\w*|туйыг\w*|улиц(?:а|ы|е)|шагын ?аудан\w*)(?!\w)"


def _named(names: Mapping[str, Iterable[int]]) -> str:
    return "|".join(
        rf"(?<!\d)(?:{'|'.join(map(str, numbers))})(?:-?(?:го|е|ми))?[ -]{name}"
        for name, numbers in names.items()
    )


_NAME = re.compile(
    rf"(?P<before>{_TYPE_BEFORE})?(?<![\w-])(?<!\d[.,])(?:(?P<ru>{_named(_RUSSIAN)})|(?P<kk>{_named(_KAZAKH)}))(?!\w)"
    rf"(?P<behind>{_TYPE_BEHIND})?"
)
_COUNTED = (
    r"час(?:а|ов|у|ам)?\b|сагат|минут|мин\b|дня|дн[её]м|день|кун|апта|недел|месяц|ай(?:да|га|дан)?\b|год|жыл(?!у)|лет\b|г\b|числ"
    r"|человек|адам|бала|дети\b|семьи|отбас|дома\b|машин|школ[ыа]?\b|раза?\b|рет\b|тенге|тг\b|процент|тыся|тыс\b|млн|миллион|пайыз|метр|м\b|км\b|градус"
    r"|(?:кварт|подъезд|этаж)\w*(?!\s?\d)|\w{2,}(?:ов|ев|ей|их|ых)\b|-(?:го|е|ого|му)\b"
    r"|январ|феврал|март|апрел|ма[яй]\b|июн|июл|август|сентябр|октябр|ноябр|декабр"
    r"|кантар|акпан|наурыз|сауир|мамыр|маусым|шилде|тамыз|кыркуй|казан(?!дык)|караша|желтоксан"
)
"""What a number counts or dates: behind it no house."""
_HOUSE_SAID = re.compile(r",?\s?\b(?:дом|уй|д)\b\.?\s?№?\s?\d{1,3}")
_NO_HOUSE = rf"\d{{1,3}}\s?(?:{_COUNTED})|[2-4]\s\w{{3,}}[ыи]\b"
_HOUSE = re.compile(
    rf"(?:,\s?|\s)№?\s?(?!{_NO_HOUSE})\d{{1,3}}(?![\d%]|[:.]\d|[ -](?:00|15|30|45)\b)|[ ,]{{1,2}}\d{{1,3}}-?уй"
)
_DATING = re.compile(r"\b(?:с|со|до|после|от|к|ко)\s$")
_LONGEST_DATING = 6
_PARTS = re.compile(r"(?P<number>\d+)\W?(?:(?:го|е|ми)\b)?[ -]?(?P<name>.+)", re.DOTALL)
_WORD = re.compile(r"\b(?!лет)[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Street:
    start: int
    end: int
    house_end: int
    name: str
    typed: bool
    kazakh: bool


def as_on_signs(text: str, *, asked: bool = False) -> str:
    """The text with such streets written out: «на 8 марта 15» becomes «на улица 8 Марта 15», as addresses are read.

    `asked`: the text answers where, so that no house need follow.
    """
    for street in reversed([*_streets(text, asked=asked)]):
        name = street.name
        if not street.typed:
            name = f"{name} көшесі" if street.kazakh else f"улица {name}"
        text = f"{text[: street.start]}{name}{text[street.end :]}"
    return text


def without_streets(text: str) -> str:
    """The text with such streets and their houses blotted out, as long as it was: what it says of days is left.

    A word stands in their place: «на 8 Марта 15 третий день» is not «на третий день».
    """
    for street in _streets(text):
        text = f"{text[: street.start]}{'x' * (street.house_end - street.start)}{text[street.house_end :]}"
    return text


def number_before(text: str, at: int) -> str:
    """«8 » of «8 Наурыз көшесі», where a street is read from «Наурыз» on; empty elsewhere."""
    return next(
        (f"{street.name.split()[0]} " for street in _streets(text) if street.start < at < street.end), ""
    )


def _streets(text: str, *, asked: bool = False) -> Iterator[_Street]:
    folded = fold(text)
    for found in _NAME.finditer(folded):
        group = "kk" if found["kk"] else "ru"
        start, end = found.span(group)
        typed = bool(found["before"] or found["behind"])
        said = _HOUSE_SAID.match(folded, found.end())
        house = said or _HOUSE.match(folded, found.end())
        dated = said is None and _DATING.search(folded, max(start - _LONGEST_DATING, 0), start) is not None
        if typed or asked or (house and not dated):
            house_end = house.end() if house else found.end()
            yield _Street(start, end, house_end, _sign(text[start:end]), typed, group == "kk")


def _sign(typed: str) -> str:
    """«8-е марта» is «8 Марта», «30-летия победы» is «30-летия Победы»."""
    parts = _PARTS.fullmatch(typed)
    if parts is None:
        return typed
    joint = "-" if parts["name"].startswith("летия") else " "
    return f"{parts['number']}{joint}{_WORD.sub(lambda word: word.group().capitalize(), parts['name'])}"
