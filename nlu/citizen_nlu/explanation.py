"""Why a message got its label: the words that spoke for it, and the nearest authored example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from citizen_nlu.classify import Classification
from citizen_nlu.words import Word

MOST = 5
LEAST_SHARE = 0.08
"""A word with less than this share of what speaks for the label is not named."""


def explain(words: Sequence[Word], found: Classification | None) -> dict[str, Any]:
    """`words`: [word as written, weight] pairs, strongest first; `example`: an authored text, never a citizen's."""
    if found is None:
        return {"words": [], "example": None}
    weights: dict[str, float] = {}
    for word, share in zip(words, found.contributions):
        if word.spoken and share > 0:
            weights[word.text] = weights.get(word.text, 0.0) + share
    total = sum(weights.values())
    strongest = sorted(weights.items(), key=lambda item: -item[1])[:MOST]
    named = [[text, round(weight, 3)] for text, weight in strongest if weight >= LEAST_SHARE * total]
    return {"words": named, "example": found.example}
