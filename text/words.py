"""What counts as a word, decided once for search, hints and understanding."""

from __future__ import annotations

import re

# One quantifier over single characters: linear however the text is made.
_WORD = re.compile(r"(?:[^\W_]|(?<=[^\W_])['’ʼ‘`‑-](?=[^\W_]))+")


def words(s: str) -> list[str]:
    """The words of `s` in order, as typed: letters of any language, digits, inner hyphens and apostrophes."""
    return _WORD.findall(s)
