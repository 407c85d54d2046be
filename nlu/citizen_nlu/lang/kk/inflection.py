"""Kazakh word forms: made from our stems, to train with.

An ending is a pattern in which capitals stand for sounds that depend on the stem: A а/е, I ы/і, G ғ/г/қ/к, Q қ/к,
D д/т, L л/д/т, N and T н/д/т (genitive, accusative), F д/т/н (ablative), M and B м/б/п (person and with, negation), E the
vowel before й after a consonant, Y the vowel or й of the present tense, 3 the possessive of the third person. I falls
away after a vowel. `morphology` reads words by the same patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, reduce
from itertools import product
from pathlib import Path
from random import Random

import yaml

_BACK, _FRONT = frozenset("аоұыуюяё"), frozenset("әөүіеэи")
OPEN = frozenset("аәоөұүыіеэяё")
_VOICELESS = frozenset("пткқсшщчцхфһбвгд")
_NASAL, _BUZZING, _GLIDING = frozenset("мнң"), frozenset("зж"), frozenset("рйуюи")
FRONTED = str.maketrans("аығқ", "еігк")
VOICED = {"п": "б", "к": "г", "қ": "ғ"}
_SHORTENED = {
    "орын": "орн", "мойын": "мойн", "мұрын": "мұрн", "ауыз": "ауз", "дауыс": "даус", "халық": "халқ", "ерін": "ерн",
    "көңіл": "көңл", "бөрік": "бөрк", "көрік": "көрк", "әріп": "әрп", "қойын": "қойн", "иық": "иғ",
}  # fmt: skip

_CASES = ("", "NIң", "GA", "TI", "DA", "FAн", "Mен", "DAғI")
_CASES_AFTER_MY = ("", "NIң", "A", "TI", "DA", "FAн", "Mен", "DAғI")
_CASES_AFTER_HIS = ("", "NIң", "нA", "н", "нDA", "нAн", "Mен", "нDAғI")
_PREDICATES = ("MIн", "сIң", "сIз", "MIз", "сIздAр")
_DERIVED = ("LI", "сIз", "LIQ", "шI", "DAй", "нікі", "LAу", "LAй", "рAQ")
_KEY = str.maketrans("әғқңөұүһіёыйэ", "агкноуухиеиие")

_PRESENT = ("MIн", "сIң", "сIз", "ды", "MIз", "сIңдAр", "сIздAр", "")
_PAST = ("м", "ң", "ңIз", "", "Q", "ңдAр", "ңIздAр")
_NAMED = (
    "",
    "MIн",
    "сIң",
    "сIз",
    "MIз",
    "DA",
    "FAн",
    "TI",
    "GA",
    "ша",
    "дIQтAн",
    "дAр",
    "дAй",
    "ым",
    "ы",
    "сIздAр",
)
_NOUN = tuple(
    tuple(ending for ending in endings if ending)
    for endings in (
        *product(("", "LAр"), ("",), _CASES),
        *product(("", "LAр"), ("3",), _CASES_AFTER_HIS),
        *product(("", "LAр"), ("Iм", "Iң"), _CASES_AFTER_MY),
        *product(("", "LAр"), ("IмIз", "IңIз"), _CASES),
        *product((*_PREDICATES, *_DERIVED)),
    )
)
"""Endings of a noun, outermost last."""
_VERB = (
    "",
    *(f"{negated}Y{person}" for negated, person in product(("", "BA"), _PRESENT)),
    *(f"{negated}DI{person}" for negated, person in product(("", "BA"), _PAST)),
    *(f"{negated}сA{person}" for negated, person in product(("", "BA"), _PAST)),
    *(f"{negated}GAн{person}" for negated, person in product(("", "BA"), _NAMED)),
    *(f"{negated}YтIн{person}" for negated, person in product(("", "BA"), _NAMED)),
    *(f"Iп{person}" for person in ("", "MIн", "сIң", "сIз", "тI", "MIз")),
    *(f"GI{person}" for person in ("м", "ң", "ңIз", "сI", "мIз")),
    *(f"{negated}{wish}" for negated, wish in product(("", "BA"), ("EйIн", "EйIQ", "сIн", "IңIз", "IңIздAр", "IңдAр"))),
    *(f"у{case}" for case in ("", "NIң", "GA", "TI", "DA", "FAн", "Mен", "Iм", "Iң", "IңIз", "I", "Iн", "INA", "ILAр")),
    *("IңIзшI", "шI", "IңдAршI", "IңIздAршI", "Eр", "EрMIн", "EрсIз", "BAс", "BAспIн", "BAссIз", "BA", "ушI", "GAлI"),
    *("GAншA", "BAй"),
)  # fmt: skip


def is_back(word: str) -> bool:
    """Whether the last vowel is a back one; у and и take after the vowel before them."""
    vowels = [char for char in word if char in _BACK or char in _FRONT]
    telling = [char for char in vowels if char not in "уюи"] or vowels
    return not telling or telling[-1] in _BACK


def sound(symbol: str, last: str) -> str:
    """The back variant of one capital of an ending after the sound `last`."""
    open_, voiceless, nasal = last in OPEN, last in _VOICELESS, last in _NASAL
    gliding = open_ or last in _GLIDING
    hard = "т" if voiceless else "д"
    if symbol in "LNTFMB":
        soft = {
            "L": ("л", gliding),
            "N": ("н", open_ or nasal),
            "T": ("н", open_),
            "F": ("н", nasal),
            "M": ("м", gliding or nasal or last == "л"),
            "B": ("м", gliding or last == "л"),
        }
        sound, fits = soft[symbol]
        if fits:
            return sound
        return hard if symbol not in "MB" else ("п" if voiceless else "б")
    return {
        "A": "а",
        "I": "" if open_ else "ы",
        "G": "қ" if voiceless else "ғ",
        "Q": "қ",
        "D": hard,
        "E": "" if open_ else "а",
        "Y": "й" if open_ else "а",
        "3": "сы" if open_ else "ы",
    }.get(symbol, symbol)


_LETTER = {"ый": "и", "ій": "и", "йа": "я", "йу": "ю"}
_WRITTEN = re.compile("|".join(_LETTER))


def attach(stem: str, ending: str) -> str:
    """Stem and ending as one word: «кітап» + «IмIз» → «кітабымыз», «оқы» + «Yмын» → «оқимын»."""
    if not ending:
        return stem
    back, word = is_back(stem), stem
    if ending.startswith("у") and stem[-1] in "ыі":
        word = word[:-1]
    elif ending.startswith("Iп") and stem[-1] == "п":
        word = word[:-1] + "у"
    elif ending[0] in "I3AEYу" and stem[-1] not in OPEN:
        word = softened(word)
    for symbol in ending:
        spelled = sound(symbol, word[-1] if word[-1] != "ь" else word[-2:-1])
        word += spelled if back else spelled.translate(FRONTED)
    return _WRITTEN.sub(lambda found: _LETTER[found.group()], word)


def softened(stem: str) -> str:
    """A stem that ends in a consonant, before a vowel: «халық» → «халқ», «тілек» → «тілег»."""
    shorter = _SHORTENED.get(stem, stem)
    if shorter == stem and stem[-1] in VOICED and stem[-2:-1] in OPEN | _GLIDING:
        return stem[:-1] + VOICED[stem[-1]]
    return shorter


def noun_forms(stem: str) -> Iterator[str]:
    """Number, possessive and case in every combination, then predicates and derived words; the stem itself first."""
    return (reduce(attach, endings, stem) for endings in _NOUN)


def verb_forms(stem: str) -> Iterator[str]:
    """Tense, mood, negation and person of a bare verb stem, participles and converbs included; the stem itself first."""
    return (attach(stem, ending) for ending in _VERB)


@lru_cache(maxsize=1)
def stems() -> dict[str, list[str]]:
    """Our stems by kind: nouns, verbs, adjectives, invariable."""
    content = yaml.safe_load((Path(__file__).parent / "stems.yml").read_text("utf-8"))
    return {kind: row.split() for kind, row in content.items()}


def sample(rng: Random, number: int) -> list[str]:
    """Word forms drawn at random, verbs as often as nouns."""
    known = stems()
    nominal = known["nouns"] + known["adjectives"]
    return [
        attach(rng.choice(known["verbs"]), rng.choice(_VERB))
        if rng.random() < 0.45
        else reduce(attach, rng.choice(_NOUN), rng.choice(nominal))
        for _ in range(number)
    ]


def key(word: str) -> str:
    """The word without what typists leave out or mix up; as long as the word."""
    return word.lower().translate(_KEY)
