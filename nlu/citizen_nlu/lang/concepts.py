"""Which concepts a word stands for, by our bilingual list: what lets a Kazakh example teach a Russian message."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from text.latin import to_cyrillic
from text.letters import fold, skeleton

SOURCE = Path(__file__).with_name("concepts.yml")
_SHORT = 5
"""Letters up to which a whole word is compared as it is folded: «сол» and «соль», «мы» and «миы» have one skeleton."""
_Table = dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _tables() -> tuple[_Table, _Table]:
    """Whole words, folded or as skeletons, and beginnings of words, as skeletons, with their concepts; Latin ones as messages
    are read."""
    whole: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    for concept, row in yaml.load(SOURCE.read_text("utf-8"), yaml.CSafeLoader).items():
        for entry in row.split():
            table, word = beginnings if entry.endswith("*") else whole, entry.rstrip("*")
            for read in {to_cyrillic(word, "kk"), to_cyrillic(word, "ru")} if word.isascii() else {word}:
                short = table is whole and len(read) <= _SHORT
                table.setdefault(fold(read) if short else skeleton(read), set()).add(concept)
    return (
        {word: tuple(sorted(concepts)) for word, concepts in whole.items()},
        {word: tuple(sorted(concepts)) for word, concepts in beginnings.items()},
    )


@lru_cache(maxsize=20_000)
def concepts_of(surface: str, normal: str) -> tuple[str, ...]:
    """Concepts of one word, given folded as typed and in its normal form; empty for most words."""
    whole, beginnings = _tables()
    found: set[str] = set()
    for typed in {surface, normal}:
        form = skeleton(typed)
        found.update(whole.get(typed if len(typed) <= _SHORT else form, ()))
        for length in range(2, len(form) + 1):
            found.update(beginnings.get(form[:length], ()))
    return tuple(sorted(found))
