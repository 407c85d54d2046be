"""How a message is said, apart from what it is about: whether it asks or tells.

«Where do I complain about cold flats?» and «our flats are cold» share their subject; what tells them apart is shared
by all subjects: endings, small words, how the message begins and ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from citizen_nlu.features import Features
from citizen_nlu.words import Word

ENDING = 3
AT_HOME = 25
"""A word met under so many labels says nothing of the subject."""


def common_words(messages: Sequence[tuple[str, Sequence[Word]]]) -> frozenset[str]:
    """Words of (label, words) that belong to no subject."""
    labels: dict[str, set[str]] = {}
    for label, words in messages:
        for word in words:
            labels.setdefault(word.surface, set()).add(label)
    return frozenset(word for word, own in labels.items() if len(own) >= AT_HOME)


def manner_of(words: Sequence[Word], common: frozenset[str]) -> Features:
    """Runs of up to three shapes (a common word, or the ending of another), and the first and last two of the message."""
    shapes = [word.surface if word.surface in common else f"~{word.surface[-ENDING:]}" for word in words]
    framed = ["^", *shapes, "$"]
    names = [f"m:{shape}" for shape in shapes]
    names += [f"m:{' '.join(framed[i : i + 2])}" for i in range(len(framed) - 1)]
    names += [f"m:{' '.join(framed[i : i + 3])}" for i in range(len(framed) - 2)]
    names += [f"m:^^{shape}" for shape in shapes[:2]] + [f"m:$${shape}" for shape in shapes[-2:]]
    return Features([tuple(names)])
