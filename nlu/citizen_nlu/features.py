"""What the classifier looks at: words, normal forms, letter groups and concepts, each traceable to its words.

Letter groups are taken from `text.letters.skeleton`, which is the same for a word with and without Kazakh letters,
with и or ы, single or doubled letters: so letterless and Latin messages need no features of their own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy import sparse
from text.letters import skeleton

from citizen_nlu.lang.concepts import concepts_of
from citizen_nlu.words import Word

GRAM = 4
WEIGHTS = {"c": 1.5, "w": 0.7, "n": 1.0, "b": 0.3, "k": 1.2, "p": 0.7, "m": 1.5}
"""Block → its length in the vector: letter groups, words, normal forms, pairs of these, concepts, pairs of these, and
manner (which has a vocabulary of its own)."""


_BLOCKS = "".join(WEIGHTS)
_LENGTHS = np.array(list(WEIGHTS.values()), dtype=np.float32)

Features = list[tuple[str, tuple[int, ...]]]
"""(name, indices of the words it comes from), with repetitions."""


@lru_cache(maxsize=200_000)
def _letter_groups(surface: str) -> tuple[str, ...]:
    padded = f"<{skeleton(surface)}>"
    return tuple(f"c:{padded[i : i + GRAM]}" for i in range(max(1, len(padded) - GRAM + 1)))


def features_of(words: Sequence[Word]) -> Features:
    """All features of a message; their names start with the letter of their block."""
    found: Features = []
    previous: tuple[str, int] | None = None
    concepts: dict[str, int] = {}
    for index, word in enumerate(words):
        at = (index,)
        found.append((f"w:{word.surface}", at))
        if not word.spoken:
            continue
        found.append((f"n:{word.normal}", at))
        if previous is not None:
            found.append((f"b:{previous[0]} {word.normal}", (previous[1], index)))
        previous = (word.normal, index)
        for concept in concepts_of(word.surface, word.normal):
            found.append((f"k:{concept}", at))
            concepts.setdefault(concept, index)
        found += [(group, at) for group in _letter_groups(word.surface)]
    for first, second in combinations(sorted(concepts), 2):
        found.append((f"p:{first}+{second}", (concepts[first], concepts[second])))
    return found


@dataclass(frozen=True)
class Vector:
    """One message: feature numbers with their weights, and for each the words it comes from."""

    numbers: np.ndarray
    weights: np.ndarray
    sources: list[list[tuple[int, ...]]]


class Vocabulary:
    """Feature names with their numbers and rarity (idf)."""

    def __init__(self, names: Sequence[str], idf: np.ndarray) -> None:
        """`names` and `idf` in the order of the feature numbers."""
        self.names, self.idf = list(names), idf
        self.numbers = {name: number for number, name in enumerate(names)}
        self._blocks = np.array([_BLOCKS.index(name[0]) for name in names], dtype=np.int64)

    @classmethod
    def learn(cls, messages: Sequence[Features], least: int = 2) -> Vocabulary:
        """Keeps what occurs in at least `least` messages; normal forms always."""
        counts: Counter[str] = Counter()
        for features in messages:
            counts.update({name for name, _ in features})
        names = sorted(name for name, count in counts.items() if count >= least or name.startswith("n:"))
        idf = [math.log((1 + len(messages)) / (1 + counts[name])) + 1 for name in names]
        return cls(names, np.array(idf, dtype=np.float32))

    def vector(self, features: Features) -> Vector:
        """One message, with the words behind each feature."""
        sources: dict[int, list[tuple[int, ...]]] = {}
        for name, at in features:
            number = self.numbers.get(name)
            if number is not None:
                sources.setdefault(number, []).append(at)
        numbers = np.fromiter(sources, dtype=np.int32, count=len(sources))
        counts = np.fromiter(map(len, sources.values()), dtype=np.float32, count=len(sources))
        weights = self._weigh(numbers, counts, np.zeros(len(sources), dtype=np.int64))
        return Vector(numbers, weights, list(sources.values()))

    def matrix(self, messages: Sequence[Features]) -> sparse.csr_matrix:
        """One row per message."""
        counted = [
            Counter(self.numbers[n] for n, _ in features if n in self.numbers) for features in messages
        ]
        lengths = [len(counts) for counts in counted]
        numbers = np.fromiter((number for counts in counted for number in counts), dtype=np.int32)
        times = np.fromiter((count for counts in counted for count in counts.values()), dtype=np.float32)
        weights = self._weigh(numbers, times, np.repeat(np.arange(len(messages)), lengths))
        starts = np.cumsum([0, *lengths])
        return sparse.csr_matrix((weights, numbers, starts), shape=(len(messages), len(self.names)))

    def _weigh(self, numbers: np.ndarray, counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Sublinear tf × idf; each block of a row is brought to its own fixed length."""
        weights = (1 + np.log(counts)) * self.idf[numbers]
        blocks = self._blocks[numbers]
        groups = rows * len(_BLOCKS) + blocks
        norms = np.sqrt(np.bincount(groups, weights * weights))
        return (weights * _LENGTHS[blocks] / norms[groups]).astype(np.float32)
