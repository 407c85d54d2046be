"""Which concepts a word stands for, by our bilingual list: what lets a Kazakh example teach a Russian message."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from text.latin import to_cyrillic
from text.letters import skeleton

SOURCE = Path(__file__).with_name("concepts.yml")
_Table = dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _tables() -> tuple[_Table, _Table]:
    """Whole words and beginnings of words, both as skeletons, with their concepts; Latin ones as messages are read."""
    whole: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    for concept, row in yaml.load(SOURCE.read_text("utf-8"), yaml.CSafeLoader).items():
        for entry in row.split():
            table, word = beginnings if entry.endswith("*") else whole, entry.rstrip("*")
            for read in {to_cyrillic(word, "kk"), to_cyrillic(word, "ru")} if word.isascii() else {word}:
                table.setdefault(skeleton(read), set()).add(concept)
    return (
        {word: tuple(sorted(concepts)) for word, concepts in whole.items()},
        {word: tuple(sorted(concepts)) for word, concepts in beginnings.items()},
    )


@lru_cache(maxsize=20_000)
def concepts_of(surface: str, normal: str) -> tuple[str, ...]:
    """Concepts of one word, given folded as typed and in its normal form; empty for most words."""
    whole, beginnings = _tables()
    found: set[str] = set()
    for form in {skeleton(surface), skeleton(normal)}:
        found.update(whole.get(form, ()))
        for length in range(2, len(form) + 1):
            found.update(beginnings.get(form[:length], ()))
    return tuple(sorted(found))
