"""One key for the many spellings of a word: without Kazakh letters, with a Latin letter slipped in."""

from __future__ import annotations

import re

KAZAKH_LETTERS = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")

_FOLDED = str.maketrans("әғқңөұүһіё", "агкноуухие")
_REDUCED = str.maketrans({"ы": "и", "й": "и", "э": "е", "ъ": None, "ь": None})

# What the eye cannot tell apart. Capital B and H look like Cyrillic letters that the small ones do not.
_LOOKALIKE = dict(zip("acehikmoptxy", "асехикмортху", strict=True))
_LOOKALIKE_CAPITAL = {"B": "в", "H": "н"}

_DOUBLED = re.compile(r"([^\W\d_])\1+")
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")


def fold(s: str) -> str:
    """Lower case without the letters that keyboards lack: ә→а ғ→г қ→к ң→н ө→о ұ,ү→у һ→х і→и ё→е.

    Latin letters that look like Cyrillic ones are replaced inside a word that is mostly Cyrillic. The
    result has exactly the length of `s`, so positions in it are positions in `s`. Decomposed letters are
    not joined: clean first.
    """
    # "İ" is the one character whose lower case is longer than itself.
    original = s.replace("İ", "I")
    folded = original.lower().translate(_FOLDED)
    if _LATIN.search(folded) is None or _CYRILLIC.search(folded) is None:
        return folded
    return _LETTER_RUN.sub(lambda word: _without_lookalikes(word, original), folded)


def skeleton(s: str) -> str:
    """A stronger key than `fold` for fuzzy look-ups: also ы→и й→и э→е, no ъ and ь, doubled letters single."""
    key = _reduce(fold(s))
    if _LATIN.search(key) is None or _CYRILLIC.search(key) is None:
        return key
    # Letters made single can leave a word mostly Cyrillic that was not so before.
    return _reduce(fold(key))


def _without_lookalikes(found: re.Match[str], original: str) -> str:
    word = found.group()
    latin = len(_LATIN.findall(word))
    if not latin or len(_CYRILLIC.findall(word)) <= latin:
        return word
    start = found.start()
    return "".join(
        _LOOKALIKE_CAPITAL.get(original[start + at]) or _LOOKALIKE.get(letter, letter)
        for at, letter in enumerate(word)
    )


def _reduce(folded: str) -> str:
    return _DOUBLED.sub(r"\1", folded.translate(_REDUCED))
