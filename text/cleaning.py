"""What a citizen sends may hold characters nobody sees: they go before anything is kept or compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_NEWLINES = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Letters by category that show as nothing, and the selectors that can carry hidden text.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2800\u3164\uffa0\U000e0000-\U000e0fff]")
_MARKS_MOST = 8
_NEVER_KEPT = frozenset({"Cc", "Cf", "Cs"})
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def clean(s: str, limit: int | None = None) -> str:
    """Text safe to store and show: NFC, LF, no control, zero-width, bidi or tag characters, trimmed.

    Runs of blanks become one, and at most one empty line stays between paragraphs. `limit` is the greatest
    length of the result in characters.
    """
    visible = "".join(_few_marks(ch for ch in _UNSEEN.sub("", _NEWLINES.sub("\n", s)) if _is_kept(ch)))
    composed = unicodedata.normalize("NFC", visible)
    lines = (line.strip() for line in _BLANKS.sub(" ", composed).split("\n"))
    text = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
    if limit is None or len(text) <= limit:
        return text
    return _cut(text, limit)


def _few_marks(letters: Iterable[str]) -> Iterator[str]:
    """No letter bears more than a few marks: composing long runs of them takes quadratic time."""
    run = 0
    for ch in letters:
        run = run + 1 if unicodedata.combining(ch) else 0
        if run <= _MARKS_MOST:
            yield ch


def _is_kept(ch: str) -> bool:
    return ch in {"\n", "\t"} or unicodedata.category(ch) not in _NEVER_KEPT


def _cut(text: str, limit: int) -> str:
    end = max(limit, 0)
    # A letter is not parted from its mark.
    while end and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip()
