"""Why a message got its label, in the message's own words and by an example our authors wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from citizen_nlu.classify import Classification
from citizen_nlu.words import Word

MOST = 5


def explain(words: Sequence[Word], result: Classification | None) -> dict[str, Any]:
    """`words`: up to 5 distinct words that spoke for the label, with their weight; `example`: text or None."""
    if result is None:
        return {"words": [], "example": None}
    weights: dict[str, float] = {}
    for word, weight in zip(words, result.contributions, strict=True):
        if word.spoken and weight > 0:
            weights[word.text.lower()] = weights.get(word.text.lower(), 0.0) + weight
    strongest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    return {"words": [[word, round(weight, 2)] for word, weight in strongest], "example": result.example}
