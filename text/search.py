"""The terms a text is found by, and what a person's search words ask of them; the same for every database.

Terms are letters and digits only. Words are found in any form, with or without Kazakh letters, in Latin too; numbers of
persons and telephones are no terms: long runs of digits are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from text.letters import fold
from text.stems import stems
from text.tokens import keys_of, runs, tokens

PREFIX_LEAST = 4
"""A shorter stem stands for itself only: «су» is not the beginning of «субсидия»."""
_LONGEST_NUMBER = 9
# Registration numbers: a few letters, then digits behind dashes («ЖТ-2026-01234567», «KM-2026-12»).
_CODE = re.compile(r"(?<![^\W_])[^\W\d_]{1,4}(?:[-‐‑–—/]\d{1,9})+(?!\d)")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LATIN_TO_CYRILLIC = str.maketrans("acehkmoptxyb", "асенкмортхув")


class Term(NamedTuple):
    """What a search word may stand for: this term, or any that begins with it."""

    text: str
    prefix: bool


def index_terms(text: str) -> frozenset[str]:
    """Every term `text` is to be found by."""
    folded = fold(text)
    found = {_joined(code.group()) for code in _CODE.finditer(folded)}
    return frozenset(found.union(*map(_terms_of, runs(folded))))


# Words repeat, within an appeal and between appeals; what one is found by depends on nothing else.
@lru_cache(maxsize=65_536)
def _terms_of(word: str) -> frozenset[str]:
    if word.isdecimal():
        return frozenset({word} if len(word) <= _LONGEST_NUMBER else ())
    keys = keys_of(word)
    return frozenset((*keys, *(stem for key in keys for stem in stems(key)))) - {""}


def query_terms(text: str) -> list[tuple[Term, ...]]:
    """For each word of a search its alternatives: one of each has to be there. Empty where `text` has no word."""
    folded = fold(text)
    codes = list(_CODE.finditer(folded))
    wanted: list[tuple[Term, ...]] = [(Term(_joined(code.group()), prefix=True),) for code in codes]
    spans = [code.span() for code in codes]
    for token in tokens(text):
        if any(start <= token.start < end for start, end in spans):
            continue
        if token.is_number:
            wanted.append((Term(token.folded, prefix=len(token.folded) >= PREFIX_LEAST),))
        elif token.keys:
            wanted.append(_shortest(dict.fromkeys(_alternatives(token.keys))))
    return wanted


def _alternatives(keys: tuple[str, ...]) -> Iterator[Term]:
    for key in keys:
        for stem in (key, *stems(key)):
            if stem:
                yield Term(stem, prefix=len(stem) >= PREFIX_LEAST)


def _shortest(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Without those that only find what the beginning of another finds, too: each is a search of its own."""
    every = tuple(terms)
    beginnings = [term for term in every if term.prefix]
    return tuple(
        term
        for term in every
        if not any(term is not other and term.text.startswith(other.text) for other in beginnings)
    )


def _joined(code: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", code).translate(_LATIN_TO_CYRILLIC)
