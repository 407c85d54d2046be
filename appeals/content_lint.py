"""What the eye misses in content: invisible characters, two alphabets in one word, decomposed letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN_BLANKS = frozenset(" \n")


def odd_characters(text: str) -> tuple[str, ...]:
    """Each fault in plain words; empty for clean text. Latin words beside Cyrillic ones are no fault."""
    found = [
        f"invisible character {unicodedata.name(ch, f'U+{ord(ch):04X}')}"
        for ch in dict.fromkeys(text)
        if unicodedata.category(ch)[0] in "CZ" and ch not in _PLAIN_BLANKS
    ]
    found += [
        f"two alphabets in «{word}»" for word in dict.fromkeys(_LETTERS.findall(text)) if _is_mixed(word)
    ]
    if unicodedata.normalize("NFC", text) != text:
        found.append("a letter and its mark are stored apart")
    return tuple(found)


def strings_of(data: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in parsed content with the way to it, ("topics[3].name.kk", "…"); keys included."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            here = f"{path}.{key}" if path else str(key)
            yield here, str(key)
            yield from strings_of(value, here)
    elif isinstance(data, Sequence):
        for index, value in enumerate(data):
            yield from strings_of(value, f"{path}[{index}]")


def _is_mixed(word: str) -> bool:
    alphabets = {unicodedata.name(ch, "").partition(" ")[0] for ch in word}
    return len(alphabets & {"LATIN", "CYRILLIC", "GREEK"}) > 1
