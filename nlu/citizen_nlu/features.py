"""What the classifier looks at: words, normal forms, letter groups and concepts, each traceable to its words.

Letter groups are taken from `text.letters.skeleton`, which is the same for a word with and without Kazakh letters,
with и or ы, single or doubled letters: so letterless and Latin messages need no features of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations

import numpy as np
from scipy import sparse
from text.letters import skeleton

from citizen_nlu.lang.concepts import concepts_of
from citizen_nlu.words import Word

GRAM = 4
WEIGHTS = {"c": 1.5, "w": 0.7, "n": 1.0, "k": 1.2, "p": 1.2, "m": 1.5}
"""Block → its length in the vector: letter groups, words, normal forms, concepts, pairs of these, and manner (which
has a vocabulary of its own)."""

LEAST_PAIRS = 20
"""Messages in which a pair of concepts must occur: there are many of them, and rare ones teach little."""
_CACHED = 20_000
"""Groups of names whose numbers are kept: the words of citizens repeat."""
_BLOCKS = "".join(WEIGHTS)
_LENGTHS = np.array(list(WEIGHTS.values()), dtype=np.float32)


@dataclass(frozen=True)
class Features:
    """Names in groups, with repetitions, and for each group the first and the last word it comes from."""

    groups: list[tuple[str, ...]]
    first: list[int]
    last: list[int]

    @property
    def names(self) -> list[str]:
        """All of them in order."""
        return list(chain.from_iterable(self.groups))

    def without(self, blocks: str) -> Features:
        """Less the features whose names start with one of these letters."""
        kept = [tuple(name for name in group if name[0] not in blocks) for group in self.groups]
        return Features(kept, self.first, self.last)


@lru_cache(maxsize=20_000)
def _of_word(surface: str, normal: str) -> tuple[str, ...]:
    padded = f"<{skeleton(surface)}>"
    groups = (f"c:{padded[i : i + GRAM]}" for i in range(max(1, len(padded) - GRAM + 1)))
    return (f"w:{surface}", f"n:{normal}", *(f"k:{c}" for c in concepts_of(surface, normal)), *groups)


def features_of(words: Sequence[Word]) -> Features:
    """All features of a message; their names start with the letter of their block."""
    groups = [
        _of_word(word.surface, word.normal) if word.spoken else (f"w:{word.surface}",) for word in words
    ]
    concepts: dict[str, int] = {}
    for index, word in enumerate(words):
        if word.spoken:
            for concept in concepts_of(word.surface, word.normal):
                concepts.setdefault(concept, index)
    pairs = list(combinations(sorted(concepts), 2))
    groups += [(f"p:{one}+{other}",) for one, other in pairs]
    places = list(range(len(words)))
    first = places + [concepts[one] for one, _ in pairs]
    last = places + [concepts[other] for _, other in pairs]
    return Features(groups, first, last)


@dataclass(frozen=True)
class Vector:
    """One message: feature numbers with their weights, and each occurrence with its share and its words."""

    numbers: np.ndarray
    weights: np.ndarray
    occurrences: np.ndarray
    """Places in `numbers`."""
    first: np.ndarray
    last: np.ndarray

    def by_word(self, values: np.ndarray, words: int) -> np.ndarray:
        """What each of the message's words has of the values given per feature."""
        times = np.bincount(self.occurrences, minlength=len(self.numbers))
        shares = (values / (2 * times))[self.occurrences]
        return np.bincount(self.first, shares, words) + np.bincount(self.last, shares, words)


def _counts(
    messages: Sequence[Features], number_of: Callable[[str], int | None], width: int | None = None
) -> sparse.csr_matrix:
    """How often each message has each name that has a number; a group is looked up once, since words are met again."""
    known: dict[tuple[str, ...], list[int]] = {}
    found: list[int] = []
    starts = [0]
    for features in messages:
        for group in features.groups:
            numbers = known.get(group)
            if numbers is None:
                numbers = known[group] = [n for name in group if (n := number_of(name)) is not None]
            found += numbers
        starts.append(len(found))
    columns = np.array(found, dtype=np.int32)
    width = width if width is not None else int(columns.max(initial=-1)) + 1
    counts = sparse.csr_matrix(
        (np.ones(len(columns), dtype=np.int32), columns, np.array(starts, dtype=np.int32)),
        shape=(len(messages), width),
    )
    counts.sum_duplicates()
    return counts


class Vocabulary:
    """Feature names with their numbers and rarity (idf)."""

    def __init__(self, names: Sequence[str], idf: np.ndarray, repeating: bool = True) -> None:
        """`names` and `idf` in the order of the feature numbers; `repeating`: groups of names are met again and again."""
        self.names, self.idf = list(names), idf
        self.numbers = {name: number for number, name in enumerate(names)}
        self._blocks = np.array([_BLOCKS.index(name[0]) for name in names], dtype=np.int64)
        self._numbers_of = lru_cache(maxsize=_CACHED)(self._known) if repeating else self._known

    def _known(self, group: tuple[str, ...]) -> np.ndarray:
        """The numbers of those that have one."""
        get = self.numbers.get
        return np.array([number for name in group if (number := get(name)) is not None], dtype=np.int64)

    @classmethod
    def learn(
        cls, messages: Sequence[Features], least: int = 2, repeating: bool = True
    ) -> tuple[Vocabulary, sparse.csr_matrix]:
        """Keeps what occurs in at least `least` messages, all normal forms and the commoner pairs of concepts; with the matrix of
        these messages."""
        met: dict[str, int] = {}
        counts = _counts(messages, lambda name: met.setdefault(name, len(met)))
        times = np.bincount(counts.indices, minlength=len(met))
        names = list(met)
        wanted = {"n": 1, "p": max(least, LEAST_PAIRS)}
        kept = [n for n, name in enumerate(names) if times[n] >= wanted.get(name[0], least)]
        idf = np.log((1 + len(messages)) / (1 + times[kept])) + 1
        vocabulary = cls([names[n] for n in kept], idf.astype(np.float32), repeating)
        return vocabulary, vocabulary._weighed(counts[:, kept])

    def vector(self, features: Features) -> Vector:
        """One message, with the words behind each feature."""
        known = [self._numbers_of(group) for group in features.groups]
        lengths = [len(numbers) for numbers in known]
        found = np.concatenate(known) if known else np.zeros(0, dtype=np.int64)
        numbers, occurrences, counts = np.unique(found, return_inverse=True, return_counts=True)
        weights = self._weigh(numbers, counts, np.zeros(len(numbers), dtype=np.int64))
        first, last = (np.repeat(of_groups, lengths) for of_groups in (features.first, features.last))
        return Vector(numbers, weights, occurrences, first, last)

    def matrix(self, messages: Sequence[Features]) -> sparse.csr_matrix:
        """One row per message."""
        return self._weighed(_counts(messages, self.numbers.get, len(self.names)))

    def _weighed(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        weights = self._weigh(counts.indices, counts.data, rows)
        return sparse.csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape)

    def _weigh(self, numbers: np.ndarray, counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Sublinear tf × idf; each block of a row is brought to its own fixed length."""
        weights = (1 + np.log(counts)) * self.idf[numbers]
        blocks = self._blocks[numbers]
        groups = rows * len(_BLOCKS) + blocks
        norms = np.sqrt(np.bincount(groups, weights * weights))
        return (weights * _LENGTHS[blocks] / norms[groups]).astype(np.float32)
