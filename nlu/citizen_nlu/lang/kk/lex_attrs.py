"""Kazakh numerals, cardinal, ordinal (бесінші, 5-ші) and collective (бесеу), with endings, however they are typed."""

from __future__ import annotations

import re

from spacy.attrs import LIKE_NUM

from .morphology import NUMERALS, analyses

_FIGURES = re.compile(r"[+\-±~]?\d+(?:[.,/:]\d+)*(?:-[а-яёәғқңөұүһі]+)?", re.IGNORECASE)
_SHORT = frozenset("млн млрд трлн тыс".split())


def like_num(text: str) -> bool:
    """Whether the token is a number: 5, 1/2, 3,5, 10:30-да, 2-сыныпта, бес, бесінші, бесеуі, млн."""
    if _FIGURES.fullmatch(text):
        return True
    word = text.lower()
    known = analyses(word)
    return word.rstrip(".") in _SHORT or (bool(known) and known[0].lemma in NUMERALS)


LEX_ATTRS = {LIKE_NUM: like_num}
