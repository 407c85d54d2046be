"""Kazakh normal forms by taking endings off, from the outermost slot inwards.

A Kazakh word is stem + voice + negation + tense + plural + possessive + case + person; each ending has a back and a
front variant and agrees with the vowel before it. The rules cut slot by slot and check the agreement. Words typed
without the Kazakh letters have lost it (ә→а, і→и), so for them only the shape counts. The result is a key to match
word forms with, not always the dictionary form.
"""

from __future__ import annotations

from functools import lru_cache

from text.letters import fold

BACK, FRONT, NEUTRAL = frozenset("аоұыёюя"), frozenset("әөүіеэ"), frozenset("иу")
VOWELS = BACK | FRONT | NEUTRAL
KAZAKH_ONLY = frozenset("әғқңөұүһі")
SHORTEST_STEM = 3
LONGER_STEM = 4
"""What must stay before an ending that many stems only seem to have («адам», «шағым», «жылу»)."""

# Outermost slot first, back variants only: the front ones follow from them.
SLOTS = {
    "request": "ңызшы шы",
    "person": "дыңыз тыңыз дым тым дың тың дық тық ңыздар сыздар мын мыз сың сыз пын бын пыз быз ңыз",
    "case": "ндағы дағы тағы ның дың тың нда нан дан тан ына ға қа на да та ны ды ты мен пен бен",
    "possessive": "ыма ыңа ларыңыз лары дары тары ымыз ыңыз мыз ңыз сы ым ың ы м ң",
    "plural": "лар дар тар",
    "tense": "йтын атын ған қан ғым қым ғы қы йды ады йын айын сын ып са ды ты ай",
    "negation": "ма ба па",
    "voice": "ғыз қыз дыр тыр ыл ын лан лас",
    "infinitive": "у",
}
_FRONTED = str.maketrans("аоұығқ", "еөүігк")
_DOUBTFUL = frozenset("м ң ы і у и ым ім ың ің им ин".split())
_UNVARIED = frozenset("мен пен бен".split())
_VOICED = {"б": "п", "г": "к", "ғ": "қ"}


def _longest_first(endings: set[str]) -> tuple[str, ...]:
    return tuple(sorted(endings, key=lambda ending: (-len(ending), ending)))


_FULL = [
    _longest_first(
        {form for e in row.split() for form in (e, e if e in _UNVARIED else e.translate(_FRONTED))}
    )
    for row in SLOTS.values()
]
_LETTERLESS = [_longest_first({fold(ending) for ending in endings}) for endings in _FULL]


def _agrees(stem: str, ending: str) -> bool:
    """Vowel harmony: the last vowel of the stem and the first of the ending are both back or both front."""
    before = next((c for c in reversed(stem) if c in VOWELS), None)
    after = next((c for c in ending if c in VOWELS), None)
    if before is None:
        return False
    if before in NEUTRAL or after is None or after in NEUTRAL or ending in _UNVARIED:
        return True
    return (before in BACK) == (after in BACK)


def _fits(stem: str, ending: str, *, letterless: bool) -> bool:
    """Whether `stem` + `ending` can be a word: long enough a stem, and vowels that agree."""
    if len(stem) < (LONGER_STEM if ending in _DOUBTFUL else SHORTEST_STEM):
        return False
    if (
        ending in ("м", "ң", "н") and stem[-1] in "ыіи"
    ):  # after a consonant it is ым, ің: the whole is the ending
        return False
    return _agrees(stem, ending) or (letterless and not VOWELS.isdisjoint(stem))


@lru_cache(maxsize=50_000)
def normal_form(word: str) -> str:
    """The stem of a lower-case Kazakh word: «өтінішіме» → «өтініш», «кезегін» → «кезек», «цон-ға» → «цон»."""
    head, hyphen, tail = word.rpartition("-")
    if hyphen and head and len(tail) <= 5 and not tail[:1].isdigit():
        return head
    letterless = KAZAKH_ONLY.isdisjoint(word)
    stem, cut = word, ""
    for endings in _LETTERLESS if letterless else _FULL:
        for ending in endings:
            if stem.endswith(ending) and _fits(stem[: -len(ending)], ending, letterless=letterless):
                stem, cut = stem[: -len(ending)], ending
                break
    if cut and cut[0] in "ыіиу" and stem[-1] in _VOICED:
        stem = stem[:-1] + _VOICED[stem[-1]]
    return stem
