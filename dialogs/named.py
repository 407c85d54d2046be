"""Words that name a button on the screen press it: some citizens write what others tap."""

from __future__ import annotations

from collections.abc import Sequence

from text.letters import fold
from text.words import words

LONGEST = 80
"""Characters; a longer message is a story."""


def named(said: str, labels: Sequence[str], *, in_part: bool) -> int | None:
    """Which label a message names by all its words or, `in_part`, by some that stand together in no other; None for none."""
    if len(said) > LONGEST:
        return None
    key = _key(said)
    keys = [_key(label) for label in labels]
    found = [number for number, each in enumerate(keys) if each == key]
    if not found and in_part:
        found = [number for number, each in enumerate(keys) if set(key) <= set(each)]
    return found[0] if key and len(found) == 1 else None


def _key(text: str) -> list[str]:
    return words(fold(text))
