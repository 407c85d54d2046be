"""Finds answers by words alone: for browsing, and for the time when understanding is not to be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log, sqrt

from faq.model import Entry
from text.latin import to_cyrillic
from text.letters import skeleton
from text.script import script_of
from text.words import words

STEM = 5
"""Kazakh and Russian endings begin after about so many letters."""
QUERY_WORDS = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is a cosine, 0 to 1."""

    slug: str
    score: float


class Ranker:
    """TF-IDF over word beginnings and letter triples of all questions and examples."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        of_word = cache(_word_features)  # the answers share most of their words
        counts = {entry.slug: _features(self._text(entry), of_word) for entry in entries}
        seen: Counter[str] = Counter()
        for features in counts.values():
            seen.update(features.keys())
        self._rarity = {feature: log(1 + len(counts) / times) for feature, times in seen.items()}
        self._vectors = {slug: self._vector(features) for slug, features in counts.items()}

    @staticmethod
    def _text(entry: Entry) -> str:
        return " ".join((entry.question.kk, entry.question.ru, *entry.examples))

    def _vector(self, features: Mapping[str, int]) -> dict[str, float]:
        vector = {f: (1 + log(n)) * self._rarity[f] for f, n in features.items() if f in self._rarity}
        length = sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {feature: weight / length for feature, weight in vector.items()}

    def rank(self, query: str, limit: int = 3, least: float = 0.12) -> tuple[Hit, ...]:
        """The entries nearest to the query, best first; empty when none comes near `least`."""
        wanted = self._vector(_features(query, _word_features))
        hits = [
            Hit(slug, sum(weight * vector.get(feature, 0.0) for feature, weight in wanted.items()))
            for slug, vector in self._vectors.items()
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.slug))
        return tuple(hit for hit in hits[:limit] if hit.score >= least)


def _features(text: str, of_word: Callable[[str], tuple[str, ...]]) -> Counter[str]:
    if script_of(text) == "latn":
        text = to_cyrillic(text, "kk")
    features: Counter[str] = Counter()
    for word, times in Counter(words(text)[: QUERY_WORDS * 50]).items():
        for feature in of_word(word):
            features[feature] += times
    return features


def _word_features(word: str) -> tuple[str, ...]:
    key = skeleton(word)
    padded = f"^{key}$"
    return f"w:{key[:STEM]}", *(padded[start : start + 3] for start in range(len(padded) - 2))
