"""The words of a text as names of places are read from them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from appeals import place_names as names
from text.letters import fold
from text.tokens import Token, is_joined, keys_of

_TOKEN = re.compile(r"(?<![^\W_])р-н[а-я]{0,3}(?![^\W_])|[^\W_]+")


def words_of(text: str) -> list[Token]:
    """All words and numbers, in order; «р-н» is one."""
    found = _TOKEN.finditer(fold(text))
    return [Token(token.start(), token.end(), token.group(), keys_of(token.group())) for token in found]


def read_on(
    text: str,
    words: Sequence[Token],
    at: int,
    forms: Sequence[frozenset[str]],
    bases: Sequence[str],
    first_key: str,
) -> tuple[str | None, bool] | None:
    """A name read from word `at`, whose first word is there already: its suffix, and whether it is in its first form."""
    nominative = first_key == bases[0]
    suffix = None
    for offset in range(1, len(forms)):
        here = at + offset
        if here >= len(words) or not is_joined(text, words[here - 1], words[here]):
            return None
        keys = words[here].keys
        if any(key in forms[offset] for key in keys):
            nominative = nominative and bases[offset] in keys
            continue
        base = bases[offset]
        rests = (key[len(base) :] for key in keys if key.startswith(base))
        suffix = next((fit for rest in rests if rest and (fit := names.suffix_fits(base, rest))), None)
        if suffix is None or offset != len(forms) - 1:
            return None
    return suffix, nominative and suffix is None
