"""Streets whose names begin with a number, told from days and durations: «8 Марта», «9 Мамыр», «40 лет Победы».

Such a name is a street with a type word («ул. 8 Марта»), behind «на» or «по» before a house («на 8 марта 15») and where an
answer to «where?» begins with it; what is no day of the calendar («28 гвардейцев 10») needs nothing but a house. Elsewhere,
and behind «с», «от», «до», «после» or «к», it is a day: a false address is worse than one still to be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from text.letters import fold

# All patterns are for folded text, which is as long as the text itself; «_» is what may stand behind the number of a name.
_GAP = r"(?:-?(?:го|е|ми))?[ -]"
_RUSSIAN_DAYS = "8_марта|[19]_мая|6_июля|30_августа|25_октября|7_ноября|16_декабря|23_февраля"
_KAZAKH_DAYS = "(?:8|22)_наурыз|[179]_мамыр|6_шилде|30_тамыз|25_казан|16_желтоксан"
_NO_DAYS = (
    r"28_(?:гвардейцев(?:[ -]панфиловцев)?|панфиловцев)|[1-9]\d_(?:лет|летия) "
    r"(?:победы|независимости|октября|казахстана|республики|целины|комсомола|влксм|казсср|ссср)"
)
_KAZAKH_NO_DAYS = "28_панфиловшы(?:лар)?"
_COUNTED = (
    r"(?:[\s-]?(?:час|ч|мин|минут|дн(?:я|ей|ем)|день|недел[ьи]|месяца|год[ау]|г|лет\w*|числа|утра|вечера|ночи|человек|чел"
    r"|дети|семьи|раза?|машины?|школ|квартир|подъезда|руб|рубл[ья]|тенге|тг|тыс|тысячи?|млн|процент\w+|км|м|квт|мая"
    r"|(?:январ|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр|сагат|кун|апта|жыл|адам|бала|отбас|пайыз)\w*"
    r"|(?:кантар|акпан|наурыз|сауир|мамыр|маусым|шилде|тамыз|кыркуйек|казан|караша|желтоксан|ай)(?:[дн][ае]н?)?|рет|мын"
    r"|\w{2,}(?:ов|ев|ей|их|ых))|-(?:го|е|ого|му))\b"
)
_HOUSE_NUMBER = (
    rf",?\s?(?:(?:дом|уй|д)\b\.?\s?)?№?\s?\d{{1,3}}(?![\d%]|[:.]\d|[ -](?:00|15|30|45)\b|{_COUNTED})"
    r"(?:[\s-](?:дома?|уй\w*)\b)?"
)
"""A number that counts nothing and is no hour: «на 8 марта 15 дней нет воды» names a day."""
_TYPE_BEFORE = r"\b(?:улиц\w{1,2}|ул|проспекте?|пр-?к?т?|переул(?:ок|ке)|пер|микрорайоне?|мкр)\b\.?\s?[«\"]?"
_TYPE_BEHIND = (
    r"[»\"]?[ -](?:(?:кош(?:еси?\w*)?|к-си\w*|дангыл\w*|туйыг\w*|шагын ?аудан\w*)(?!\w)"
    rf"|улиц[аеуы](?={_HOUSE_NUMBER}))"
)
_NAME = re.compile(
    rf"(?P<before>{_TYPE_BEFORE})?(?<![\w-])(?<!\d[.,])(?P<name>{_RUSSIAN_DAYS}|{_NO_DAYS}"
    rf"|(?P<kk>{_KAZAKH_DAYS}|{_KAZAKH_NO_DAYS}))(?!\w)(?P<behind>{_TYPE_BEHIND})?".replace("_", _GAP)
)
_NO_DAY = re.compile(rf"(?<!\d)(?:{_NO_DAYS}|{_KAZAKH_NO_DAYS})(?!\w)".replace("_", _GAP))
_HOUSE = re.compile(_HOUSE_NUMBER)
_IN_STREET = re.compile(r"\b(?:на|по)\s$")
_DATING = re.compile(r"\b(?:(?:с|со|до|после|от|к|ко)\s|с\s\d\S*\s(?:\S+\s){0,2}по\s)$")
_LONGEST_BEFORE = 40
_OPENING = re.compile(r"(?:[^\d,]*,)*[\s«\"]*(?:(?:на|по)\s)?")
_JOINT = re.compile(r"(?:(?<=\d)-?(?:го|е|ми))?[ -]")
_WORD = re.compile(r"\b(?!лет)[^\W\d_]+")


def as_on_signs(text: str, *, asked: bool = False) -> str:
    """The text with such streets written out: «на 8 марта 15» becomes «на улица 8 Марта 15», as addresses are read.

    `asked`: the text is an address or answers where, so that a name it begins with is a street, with a house or without.
    """
    parts, at = list[str](), 0
    for start, end, house_end, sign in _streets(text, asked=asked):
        # A comma, lest the house seem to count what follows: «на 8 марта 15 неделю нет воды».
        comma = "," if not asked and house_end > end and text[house_end : house_end + 1].isspace() else ""
        parts += text[at:start], sign, text[end:house_end], comma
        at = house_end
    return "".join([*parts, text[at:]])


def without_streets(text: str) -> str:
    """The text with such streets and their houses blotted out, as long as it was: what it says of days is left.

    «40 лет Победы» is no duration even where it names a park, so it goes without a house too.
    A word stands in their place: «на 8 Марта 15 третий день» is not «на третий день».
    """
    letters = list(text)
    blots = [(start, house_end) for start, _, house_end, _ in _streets(text)]
    for start, end in [*blots, *(found.span() for found in _NO_DAY.finditer(fold(text)))]:
        letters[start:end] = "x" * (end - start)
    return "".join(letters)


def number_before(text: str, at: int) -> str:
    """«8 » of «8 Наурыз көшесі», where a street is read from «Наурыз» on; empty elsewhere."""
    names = (sign for start, end, _, sign in _streets(text) if start < at < end)
    return next((f"{name.split()[0]} " for name in names), "")


def _streets(text: str, *, asked: bool = False) -> Iterator[tuple[int, int, int, str]]:
    """Start and end of each name, the end of its house, the name with its type where that is not written."""
    folded = fold(text)
    opening = _OPENING.match(folded) if asked else None
    for found in _NAME.finditer(folded):
        start, end = found.span("name")
        reach = max(start - _LONGEST_BEFORE, 0)
        house = _HOUSE.match(folded, found.end())
        typed = bool(found["before"] or found["behind"])
        alone = _NO_DAY.match(folded, start) or _IN_STREET.search(folded, reach, start)
        answers = opening is not None and opening.end() == start
        if (typed or answers or (alone and house)) and not _DATING.search(folded, reach, start):
            sign = _sign(text[start:end])
            if not typed:
                sign = f"{sign} көшесі" if found["kk"] else f"улица {sign}"
            yield start, end, house.end() if house else found.end(), sign


def _sign(typed: str) -> str:
    """«8-е марта» is «8 Марта», «30-летия победы» is «30-летия Победы»."""
    name = _JOINT.sub(" ", typed.lower()).replace(" летия", "-летия")
    return _WORD.sub(lambda word: word.group().capitalize(), name)
