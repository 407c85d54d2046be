"""Kazakh number words, bare and ordinal (бесінші), with and without the Kazakh letters."""

from __future__ import annotations

import re

from spacy.attrs import LIKE_NUM
from text.letters import fold

_NUMBERS = (
    "нөл бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан жүз мың "
    "миллион миллиард триллион жарты"
).split()
_FOLDED = frozenset(map(fold, _NUMBERS))
_ORDINAL = re.compile(r"(?:ыншы|инши|нши|ншы|еу|ау)$")


def like_num(text: str) -> bool:
    """Whether the token is a number: 5, 1/2, 3,5, бес, бесінші, бесеу."""
    text = text.lstrip("+-±~").replace(",", "").replace(".", "")
    if text.isdigit():
        return True
    numerator, slash, denominator = text.partition("/")
    if slash and numerator.isdigit() and denominator.isdigit():
        return True
    folded = fold(text)
    return folded in _FOLDED or _ORDINAL.sub("", folded) in _FOLDED


LEX_ATTRS = {LIKE_NUM: like_num}
