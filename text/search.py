"""The terms a text is found by, and what a person's search words ask of them; the same for every database.

Terms are letters and digits only. Words are found in any form, with or without Kazakh letters, in Latin too; numbers of
persons and telephones are no terms: long runs of digits are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from text.letters import fold
from text.stems import stems
from text.tokens import tokens

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
    found = {_joined(code.group()) for code in _CODE.finditer(fold(text))}
    for token in tokens(text):
        if token.is_number:
            if len(token.folded) <= _LONGEST_NUMBER:
                found.add(token.folded)
            continue
        for key in token.keys:
            found.add(key)
            found.update(stems(key))
    found.discard("")
    return frozenset(found)


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
            wanted.append(tuple(dict.fromkeys(_alternatives(token.keys))))
    return wanted


def _alternatives(keys: tuple[str, ...]) -> Iterator[Term]:
    for key in keys:
        for stem in (key, *stems(key)):
            if stem:
                yield Term(stem, prefix=len(stem) >= PREFIX_LEAST)


def _joined(code: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", code).translate(_LATIN_TO_CYRILLIC)
