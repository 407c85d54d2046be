"""Telegram takes 4096 UTF-16 units a message: longer texts are cut where a reader would pause."""

from __future__ import annotations

import re
import unicodedata

LIMIT = 4096
"""UTF-16 code units in one message."""
_SENTENCE_END = re.compile(r"[.!?…][»”\")]*(?=\s)")
_SPACE = re.compile(r"\s")
_ZWJ = "\u200d"
_LONGEST_CLUSTER = 64


def units(text: str) -> int:
    """Length as Telegram counts it: letters beyond the basic plane, most emoji among them, count twice."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of at most `limit` units, cut at a paragraph, line, sentence or word; only blanks are lost."""
    parts, rest = [], text.strip()
    while units(rest) > limit:
        cut = _border(rest, _fitting(rest, limit))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _fitting(text: str, limit: int) -> int:
    used = 0
    for index, letter in enumerate(text):
        used += 2 if letter > "\uffff" else 1
        if used > limit:
            return index
    return len(text)


def _border(text: str, end: int) -> int:
    half = end // 2
    for mark in ("\n\n", "\n"):
        found = text.rfind(mark, half, end + 1)
        if found > 0:
            return found
    for pattern, start in ((_SENTENCE_END, half), (_SPACE, 1)):
        borders = [found.end() for found in pattern.finditer(text, start, min(end + 1, len(text)))]
        borders = [border for border in borders if border <= end + 1]
        if borders:
            return min(borders[-1], end)
    return _between_clusters(text, end)


def _between_clusters(text: str, end: int) -> int:
    for cut in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _joins(text, cut):
            return cut
    return end


def _joins(text: str, cut: int) -> bool:
    """Whether a cut before `text[cut]` would tear one visible sign apart."""
    before, after = text[cut - 1], text[cut]
    if _ZWJ in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    flags = 0
    while flags < cut and "\U0001f1e6" <= text[cut - 1 - flags] <= "\U0001f1ff":
        flags += 1
    return flags % 2 == 1 and "\U0001f1e6" <= after <= "\U0001f1ff"
