"""How the name of a place looks in a sentence: Russian cases, Kazakh suffixes, the words for its type.

All forms are skeletons (`text.letters.skeleton`): spelt with or without Kazakh letters they are the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from text.letters import fold, skeleton
from text.tokens import keyed

TypeWord = Literal["region", "district", "city", "settlement", "village", "okrug"]

_LETTERS = re.compile(r"[^\W_]+")

_KAZAKH_STEMS: dict[TypeWord, tuple[tuple[str, str], ...]] = {
    "region": (("облыс", "облысы"),),
    "district": (("аудан", "ауданы"), ("район", "районы")),
    "city": (("қала", "қаласы"), ("город", "городы")),
    "settlement": (("кент", "кенті"), ("поселок", "поселкасы")),
    "village": (("ауыл", "ауылы"), ("село", "селосы")),
    "okrug": (("округ", "округі"),),
}
_CASES = [
    "ның",
    "нің",
    "ның",
    "дың",
    "дің",
    "тың",
    "тің",
    "ға",
    "ге",
    "қа",
    "ке",
    "ны",
    "ні",
    "ды",
    "ді",
    "ты",
    "ті",
    "да",
    "де",
    "та",
    "те",
    "дан",
    "ден",
    "тан",
    "тен",
    "мен",
    "бен",
    "пен",
]
_LOCATIVE = ["да", "де", "та", "те", "дан", "ден", "тан", "тен", "нан", "нен", "дағы", "дегі", "тағы", "тегі"]
_TOWARDS = ["ға", "ге", "қа", "ке"]
_AFTER_POSSESSIVE = [
    "нда",
    "нде",
    "нан",
    "нен",
    "на",
    "не",
    "ның",
    "нің",
    "н",
    "мен",
    "ндағы",
    "ндегі",
    "нанмын",
    "ненмін",
    "нанбыз",
    "ненбіз",
]
_FROM = ["данмын", "денмін", "танмын", "тенмін", "нанмын", "ненмін", "данбыз", "денбіз", "танбыз", "тенбіз"]
_RESIDENT = ["лық", "лік", "дық", "дік", "тық", "тік"]

_RUSSIAN_TYPES: dict[TypeWord, str] = {
    "region": "область области областью обл",
    "district": "район района районе району районом р-н р-на р-не р-ну рн ауд",
    "city": "город города городе городу городом гор г",
    "settlement": "поселок поселка поселке поселку поселком пос",
    "village": "село села селе селу селом деревня деревни деревне аул ауле аулу",
    "okrug": "округ округа округе округу округом",
}
_ENGLISH_TYPES: dict[TypeWord, str] = {
    "region": "region oblast",
    "district": "district",
    "city": "city",
    "settlement": "",
    "village": "village",
    "okrug": "",
}
# First words of "сельский округ" and "ауылдық округі".
_OKRUG_OPENERS = "сельский сельского сельском сельскому сельским ауылдық кенттік поселковый"
OKRUG_OPENERS = frozenset(skeleton(word) for word in _OKRUG_OPENERS.split())
# One letter and a dot: с. Бурабай, п. Бурабай; қ. stands after the name.
DOTTED_BEFORE: dict[str, TypeWord] = {"с": "village", "п": "settlement", "г": "city", "а": "village"}
DOTTED_AFTER: dict[str, TypeWord] = {"к": "city"}
# «имени», «атындағы»: stand between a name and the word for its type.
NAMED_AFTER = frozenset(skeleton(word) for word in ("имени", "им", "атындағы", "атын"))


def _kazakh_types(possessive: bool) -> dict[str, TypeWord]:
    found: dict[str, TypeWord] = {}
    for kind, stems in _KAZAKH_STEMS.items():
        for stem, with_possessive in stems:
            base, endings = (with_possessive, _AFTER_POSSESSIVE) if possessive else (stem, _CASES + _LOCATIVE)
            found.update({skeleton(base + ending): kind for ending in ["", *endings]})
    return found


def _types(words: dict[TypeWord, str]) -> dict[str, TypeWord]:
    return {skeleton(word): kind for kind, forms in words.items() for word in forms.split()}


# «ауданы» belongs to the name before it; «аудан» without the possessive may be any district.
OWNED_TYPES = _kazakh_types(possessive=True)
# These stand before a name as well as after it.
RUSSIAN_TYPES = _types(_RUSSIAN_TYPES)
LOOSE_TYPES = {**_kazakh_types(possessive=False), **_types(_ENGLISH_TYPES), **RUSSIAN_TYPES}

SUFFIXES = frozenset(skeleton(suffix) for suffix in _CASES + _LOCATIVE + _FROM + _RESIDENT)
LONGEST_SUFFIX = max(map(len, SUFFIXES))
FROM_SUFFIXES = frozenset(skeleton(suffix) for suffix in _FROM)
LOCATIVE_SUFFIXES = frozenset(skeleton(suffix) for suffix in _LOCATIVE + _FROM)
TOWARDS_SUFFIXES = frozenset(skeleton(suffix) for suffix in _TOWARDS)

# Prepositions that a place follows.
PLACE_PREPOSITIONS = frozenset(
    {"в", "во", "из", "до", "под", "около", "возле", "близ", "v", "vo", "iz", "in", "from", "at"}
)

# «живу в …», «я из …»; «…да тұрамын», «…ның тұрғыны».
LIVING = keyed("живу живем живет живут проживаю проживаем проживает родом")
PERSONS = keyed("я мы сам сами")
OUT_OF = frozenset({"из", "iz"})
RESIDENTS = keyed("житель жители жителей жительница жителям")
LIVING_AFTER = keyed(
    "тұрамын тұрам тұрамыз тұрады тұрып тұратын тұрғыны тұрғынымын тұрғынымыз тұрғындары тұрғындарымыз тұрғынбыз"
)

# What makes a name a street or an institution rather than a place: before the name, and right after it.
_NAMING_BEFORE = (
    "улица улицы улице улицу улицей ул проспект проспекта проспекте пр просп переулок "
    "переулке пер микрорайон микрорайона микрорайоне мкр мкрн площадь площади бульвар бульваре шоссе "
    "набережная "
    "тоо ип ао кх чп жшс ақ шқ оао зао компания фирма "
    "имени им жк трц тц трк кафе ресторан гостиница отель магазин банк школа улиса көше даңғыл "
    "ulica ulitsa prospekt mikrorayon"
)
NAMING_BEFORE = frozenset(skeleton(word) for word in _NAMING_BEFORE.split())
_NAMING_AFTER = (
    "көше көшесі көшесінде көшесінің көшесіндегі көшесінен көшесіне көшесін көшелері даңғыл даңғылы "
    "даңғылында даңғылының даңғылынан тұйығы тұйық мөлтекауданы шағынауданы шағынауданында ықшамауданы "
    "ықшамауданында ықшамаудан мкр мкрн атындағы атын алаңы алаңында саябағы саябағында өзені өзенінің "
    "көлі көлінің тауы банк банкі street kochesi university"
)
NAMING_AFTER = frozenset(skeleton(word) for word in _NAMING_AFTER.split())
NUMBERED_DISTRICT = frozenset(skeleton(word) for word in ("мкр", "мкрн"))


def suffix_fits(base: str, rest: str) -> str | None:
    """The Kazakh suffix that `rest` is after `base`, as in the lists above, or None."""
    if rest in SUFFIXES:
        return rest
    # A doubled letter at the seam is single in a skeleton: Шымкент-те.
    joined = base[-1] + rest
    return joined if joined in SUFFIXES else None


def core(name: str) -> list[str]:
    """The words of a name without those for its type, folded: «Бурабайский район» → ["бурабайский"]."""
    kept = [word for word in _LETTERS.findall(fold(name)) if _key(word) not in NAMED_AFTER]
    while len(kept) > 1 and is_type(kept[-1]):
        kept.pop()
    while len(kept) > 1 and is_type(kept[0]):
        kept.pop(0)
    return kept


def is_type(word: str) -> bool:
    """Whether a folded word is one for the type of a place."""
    key = _key(word)
    return key in OWNED_TYPES or key in LOOSE_TYPES or key in OKRUG_OPENERS


def is_adjective(word: str) -> bool:
    """Whether a folded Russian word is declined as an adjective in -ский."""
    return word.endswith(("ский", "ская", "ское"))


def russian_forms(word: str) -> frozenset[str]:
    """Skeletons of all singular cases of a folded Russian name."""
    for ending, stem_cut, others in _DECLENSIONS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = skeleton(word[: len(word) - stem_cut])
            return frozenset({skeleton(word), *(_seamless(stem, other) for other in others)})
    return frozenset({skeleton(word)})


def _seamless(stem: str, ending: str) -> str:
    """The skeleton of two joined skeletons: a letter doubled at the seam is single."""
    return stem + ending[stem[-1:] == ending[:1] :]


# The words of names repeat, thousands of times those for the type.
_key = lru_cache(maxsize=4096)(skeleton)


_ADJECTIVE = ("ий", "ый", "ого", "ому", "им", "ым", "ом", "ая", "ой", "ую", "ое", "их", "ых")
# Ending of the name, letters to cut, endings of the other cases; the first that fits is taken.
_ENDINGS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("ый", 2, _ADJECTIVE),
    ("ний", 2, ("его", "ему", "им", "ем", "яя", "ей")),
    ("ий", 2, _ADJECTIVE),
    ("ая", 2, _ADJECTIVE),
    ("ое", 2, _ADJECTIVE),
    ("ье", 1, ("я", "ю", "ем", "и", "его", "ему", "ей")),
    ("й", 1, ("я", "ю", "ем", "е")),
    ("ь", 1, ("и", "ю", "я", "ем", "е")),
    ("а", 1, ("ы", "и", "е", "у", "ой")),
    ("я", 1, ("и", "е", "ю", "ей")),
    ("о", 1, ("а", "у", "ом", "е")),
    *((consonant, 0, ("а", "у", "ом", "ым", "е")) for consonant in "бвгджзклмнпрстфхцчшщ"),
)
_DECLENSIONS = [
    (ending, cut, tuple({skeleton(other) for other in others})) for ending, cut, others in _ENDINGS
]
