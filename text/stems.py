"""Beginnings of words that their endings do not change, so that one form of a word finds the others."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from text.letters import skeleton
from text.tokens import CASES, OWNED_CASES, keyed

LEAST = 3
"""Letters a stem keeps, but for a long ending (судың → су) and the shortest nouns people write about."""
_SURE_ENDING = 3
_SHORTEST = keyed("су үй ел ет ай от")


def _longest_first(endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({skeleton(ending) for ending in endings}, key=len, reverse=True))


# What stands last is taken first: case, then possessor, then number.
_KAZAKH = (
    _longest_first((*CASES, *(ending for ending in OWNED_CASES if len(ending) > 1))),
    _longest_first(
        "ымыз іміз мыз міз ыңыз іңіз ңыз ңіз лары лері дары дері тары тері сы сі ым ім ың ің ы і".split()
    ),
    _longest_first("лар лер дар дер тар тер".split()),
)
_UNVOICED = {"г": "к", "б": "п"}
_RUSSIAN = _longest_first(
    "ами ями иями ого его ому ему ыми ими ая яя ое ее ые ие ой ей ий ый ую юю ых их ым им ом ем "
    "ием ию ия ии ие иям иях ям ях ам ах ов ев ёв а я о е ы и у ю й".split()
)


@lru_cache(maxsize=65_536)
def stems(key: str) -> tuple[str, ...]:
    """The Kazakh and the Russian stem of a word's skeleton: which language it is of one word does not tell."""
    return tuple(dict.fromkeys((_kazakh(key), _russian(key))))


def _kazakh(key: str) -> str:
    for endings in _KAZAKH:
        shorter = _without(key, endings)
        if shorter != key:
            # жарық – жарығы, кітап – кітабы: an ending voices the letter before it.
            key = shorter[:-1] + _UNVOICED.get(shorter[-1], shorter[-1])
    return key


def _russian(key: str) -> str:
    return _without(key, _RUSSIAN)


def _without(key: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if not key.endswith(ending):
            continue
        stem = key[: -len(ending)]
        if len(stem) >= (LEAST if len(ending) < _SURE_ENDING else LEAST - 1) or stem in _SHORTEST:
            return stem
    return key
