"""What the classifier looks at: words, normal forms, pairs of them, and letter groups, each traceable to its words.

Letter groups are taken from `text.letters.skeleton`, which is the same for a word with and without Kazakh letters,
with и or ы, single or doubled letters: so letterless and Latin messages need no features of their own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse
from text.letters import skeleton

from citizen_nlu.lang.concepts import concepts_of
from citizen_nlu.words import Word

GRAMS = (3, 4, 5)
WEIGHTS = {"c": 1.0, "w": 0.7, "n": 1.0, "b": 0.3, "k": 1.0, "p": 0.5}
"""Block → its length in the normalised vector: letter groups, words, normal forms, pairs of normal forms."""


def features_of(words: Sequence[Word]) -> list[tuple[str, tuple[int, ...]]]:
    """(feature, indices of the words it comes from) with repetitions; names start with their block."""
    found: list[tuple[str, tuple[int, ...]]] = []
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
        padded = f"<{skeleton(word.surface)}>"
        for size in GRAMS:
            found += [(f"c:{padded[i : i + size]}", at) for i in range(max(1, len(padded) - size + 1))]
    for first, second in combinations(sorted(concepts), 2):
        found.append((f"p:{first}+{second}", (concepts[first], concepts[second])))
    return found


@dataclass(frozen=True)
class Vector:
    """One message: feature numbers with their weights, and for each the words it comes from."""

    indices: np.ndarray
    weights: np.ndarray
    words: list[list[tuple[int, ...]]]
    known: float
    """Share of the words whose normal form was seen in training."""


@dataclass(frozen=True)
class Vocabulary:
    """Feature names with their numbers and rarity (idf)."""

    numbers: dict[str, int]
    idf: np.ndarray

    @classmethod
    def learn(cls, messages: Iterable[Sequence[Word]], least: int = 2) -> Vocabulary:
        """Keeps what occurs in at least `least` messages; normal forms always."""
        counts: Counter[str] = Counter()
        total = 0
        for words in messages:
            counts.update({name for name, _ in features_of(words)})
            total += 1
        names = sorted(name for name, count in counts.items() if count >= least or name.startswith("n:"))
        idf = np.array([math.log((1 + total) / (1 + counts[name])) + 1 for name in names], dtype=np.float32)
        return cls({name: number for number, name in enumerate(names)}, idf)

    def vector(self, words: Sequence[Word]) -> Vector:
        """Sublinear tf × idf; each block is brought to its own fixed length."""
        sources: dict[int, list[tuple[int, ...]]] = {}
        blocks: dict[int, str] = {}
        for name, at in features_of(words):
            number = self.numbers.get(name)
            if number is not None:
                sources.setdefault(number, []).append(at)
                blocks[number] = name[0]
        indices = np.fromiter(sources, dtype=np.int32, count=len(sources))
        weights = np.array([1 + math.log(len(at)) for at in sources.values()], dtype=np.float32) * self.idf[indices]
        block_of = np.array([blocks[number] for number in sources], dtype="U1")
        for block, length in WEIGHTS.items():
            own = block_of == block
            norm = float(np.linalg.norm(weights[own]))
            if norm:
                weights[own] *= length / norm
        spoken = [word for word in words if word.spoken]
        known = sum(f"n:{word.normal}" in self.numbers for word in spoken) / max(1, len(spoken))
        return Vector(indices, weights, list(sources.values()), known)

    def matrix(self, messages: Sequence[Sequence[Word]]) -> sparse.csr_matrix:
        """One row per message."""
        vectors = [self.vector(words) for words in messages]
        starts = np.cumsum([0] + [len(vector.indices) for vector in vectors])
        indices = np.concatenate([vector.indices for vector in vectors])
        weights = np.concatenate([vector.weights for vector in vectors])
        return sparse.csr_matrix((weights, indices, starts), shape=(len(vectors), len(self.idf)))
