"""Streets whose names begin with a number, told from days and durations: «8 Марта», «9 Мамыр», «40 лет Победы».

«8 марта 15 нет света» and «на 8 марта 15» are houses; «8 марта в 15 часов», «8 марта 15 человек», «8 марта 2026» and
«с 8 марта дом 15» are days, and so is what is in doubt: a false address is worse than one still to be asked for.
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
    "гвардейцев[ -]панфиловцев": (28,),
    "гвардейцев": (28,),
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
_NAMED_FOR_JUBILEE = re.compile(_named({_JUBILEES: _RUSSIAN[_JUBILEES]}))
_NUMBER = r"(?:,\s?|\s)№?\s?\d{1,3}(?![\d%]|[:.]\d|[ -](?:00|15|30|45)\b)"
_COUNTED = (
    r"(?:час(?:а|ов|у|ам)?|ч|утра|вечера|ночи|мин|дн(?:я|ей|ем)|день|недел[ьи]|месяц(?:а|ев)|год(?:а|у)|г|лет)\b|числ"
    r"|сагат|минут|кун|апта|ай(?:да|га|дан)?\b|жыл(?!у)"
    r"|человек|адам|бала|(?:чел|дети|семьи|раза?|рет|тг|тыс|млн|м|км|квт)\b|отбас|машин|школ[ыа]?\b|руб|тенге|процент|тыся|миллион"
    r"|пайыз|метр|градус|(?:кварт|подъезд|этаж)\w*(?!\w|\s?\d)|\w{2,}(?:ов|ев|ей|их|ых)\b|-(?:го|е|ого|му)\b"
    r"|январ|феврал|март|апрел|ма[яй]\b|июн|июл|август|сентябр|октябр|ноябр|декабр"
    r"|кантар|акпан|наурыз|сауир|мамыр|маусым|шилде|тамыз|кыркуй|казан(?!дык)|караша|желтоксан"
)
"""What a number counts or dates even behind what is surely a street: «на 8 марта 15 дней нет воды»."""
_PARTS_OF_HOUSE = r"(?:кв|квартир[аеы]|подъезде?|этаже?|корпус|блок|пат|патер)\b\.?"
_NOT_COUNTED = (
    r"\s*(?:$|[,;!?)»\"…\n]|\.(?!\d))|\s[–—-]\s"
    rf"|\s{_PARTS_OF_HOUSE}\s?№?\s?\d|,?\s\d{{1,2}}(?:-?[ыои]?й)?\s{_PARTS_OF_HOUSE}"
    r"|-?\s?уй(?:де\w*|ге|дин|ин\w*)?\b|-?\s?[дт][ае](?:г[ыи])?\b"
    r"|\s(?:(?:нету?|не|без|где|в|во|на|у|около|возле|с|со|а|уже|опять|снова|тоже|постоянно|жок)\b"
    r"|(?:втор|трет|четверт|пят|шест|котор)(?:ый|ой|ий|ую|ью|ые|ьи)\b|(?:неделю|месяц|год|сутки)\b|(?:апта|ай|жыл) бойы"
    r"|(?:(?:горяч|холодн)\w* )?(?:вод[аыу]|свет[ау]?|тепл[оа]|газа?|отоплени[ея]|интернета?)\b"
    r"|(?:(?:ысты|суы)к )?(?:су|жарык|жылу|газ|интернет) (?:жок|болма|келме|ош|жан)"
    r"|(?:холодно|темно|грязно|скользко|суык|карангы|течет|горит)\b|\w{3,}(?:ает|яет|еет|ует)\b)"
)
"""What may follow a number that counts nothing, so that it can only be a house."""
_HOUSE_SAID = re.compile(r",?\s?\b(?:дом|уй|д)\b\.?\s?№?\s?\d{1,3}")
_HOUSE_IN_STREET = re.compile(
    rf"(?!(?:,\s?|\s)№?\s?(?:\d{{1,3}}\s?(?:{_COUNTED})|[2-4]\s\w{{3,}}[ыи]\b)){_NUMBER}|[ ,]{{1,2}}\d{{1,3}}-?уй"
)
_HOUSE_BEHIND_NAME = re.compile(
    rf"(?!.{{1,3}}(?:10[1-4]|112)\b){_NUMBER}(?:[-/]\d{{1,3}})?[абвде]?(?={_NOT_COUNTED})"
)
"""The numbers of the emergency services are no houses: «9 мая 112 не отвечал»."""
_IN_STREET = re.compile(r"\b(?:на|(?<!\d )по)\s$")
_OPENS_ANSWER = re.compile(r"(?:[^\d,]*,)*[\s«\"]*(?:(?:на|по)\s)?$")
_DATING = re.compile(r"\b(?:с|со|до|после|от|к|ко)\s$")
_LONGEST_BEFORE = 6
_SEEMS_COUNTED = re.compile(r"\s(?:неделю|месяц|год|сутки|апта|ай|жыл|подъезд)\b")
"""What a comma parts from the house, lest the number count it: «8 марта 15 неделю нет воды»."""
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

    `asked`: the text answers where, so that no house need follow a street it begins with.
    """
    for street in reversed([*_streets(text, asked=asked)]):
        name = street.name
        if not street.typed:
            name = f"{name} көшесі" if street.kazakh else f"улица {name}"
        house = text[street.end : street.house_end]
        behind = text[street.house_end :]
        comma = "," if house and _SEEMS_COUNTED.match(fold(behind)) else ""
        text = f"{text[: street.start]}{name}{house}{comma}{behind}"
    return text


def without_streets(text: str) -> str:
    """The text with such streets and their houses blotted out, as long as it was: what it says of days is left.

    «40 лет Победы» is no duration even where it names a park, so it goes without a house too.
    A word stands in their place: «на 8 Марта 15 третий день» is not «на третий день».
    """
    for street in _streets(text):
        text = _blotted(text, street.start, street.house_end)
    for jubilee in _NAMED_FOR_JUBILEE.finditer(fold(text)):
        text = _blotted(text, *jubilee.span())
    return text


def _blotted(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{'x' * (end - start)}{text[end:]}"


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
        before = folded[max(start - _LONGEST_BEFORE, 0) : start]
        in_street = typed or _IN_STREET.search(before)
        number = _HOUSE_IN_STREET if in_street else _HOUSE_BEHIND_NAME
        house = _HOUSE_SAID.match(folded, found.end()) or number.match(folded, found.end())
        told = house or (asked and _OPENS_ANSWER.match(folded[:start]))
        if typed or (told and not _DATING.search(before)):
            house_end = house.end() if house else found.end()
            yield _Street(start, end, house_end, _sign(text[start:end]), typed, group == "kk")


def _sign(typed: str) -> str:
    """«8-е марта» is «8 Марта», «30-летия победы» is «30-летия Победы»."""
    parts = _PARTS.fullmatch(typed)
    if parts is None:
        return typed
    joint = "-" if parts["name"].startswith("летия") else " "
    name = parts["name"].replace("-", " ")
    return f"{parts['number']}{joint}{_WORD.sub(lambda word: word.group().capitalize(), name)}"
