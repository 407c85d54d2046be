"""What the classifier looks at: words, normal forms, letter groups and concepts, each traceable to its words.

Letter groups are taken from `text.letters.skeleton`, which is the same for a word with and without Kazakh letters,
with и or ы, single or doubled letters: so letterless and Latin messages need no features of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

import numpy as np
from scipy import sparse
from text.letters import skeleton

from citizen_nlu.lang.concepts import concepts_of
from citizen_nlu.words import Word

GRAM = 4
WEIGHTS = {"c": 1.5, "w": 0.7, "n": 1.0, "k": 1.2, "p": 1.2, "m": 1.5}
"""Block → its length in the vector: letter groups, words, normal forms, concepts, pairs of these, and manner (which
has a vocabulary of its own)."""

LEAST_PAIRS = 65
"""Messages in which a pair of concepts must occur: there are many of them, and rare ones teach little."""
_CACHED = 20_000
"""Groups of names whose numbers are kept: the words of citizens repeat."""
_BLOCKS = "".join(WEIGHTS)
_LENGTHS = np.array(list(WEIGHTS.values()), dtype=np.float32)


@dataclass(frozen=True)
class Features:
    """Names in groups, one for each word, with repetitions; and what makes pairs."""

    groups: list[tuple[str, ...]]
    concepts: dict[str, int] = field(default_factory=dict)
    """In the order of their names, each with its first word: every two of them are a feature."""

    @property
    def names(self) -> list[str]:
        """All but the pairs', in order."""
        return list(chain.from_iterable(self.groups))

    def without(self, blocks: str) -> Features:
        """Less the features whose names start with one of these letters."""
        kept = [tuple(name for name in group if name[0] not in blocks) for group in self.groups]
        return Features(kept, {} if "p" in blocks else self.concepts)


def names_of(surface: str, normal: str) -> tuple[str, ...]:
    """The features of a word by itself, in this order: word, normal form, concepts, letter groups."""
    padded = f"<{skeleton(surface)}>"
    groups = (f"c:{padded[i : i + GRAM]}" for i in range(max(1, len(padded) - GRAM + 1)))
    return (f"w:{surface}", f"n:{normal}", *(f"k:{c}" for c in concepts_of(surface, normal)), *groups)


_names_kept = lru_cache(maxsize=20_000)(names_of)


def features_of(
    words: Sequence[Word], of_word: Callable[[str, str], tuple[str, ...]] = _names_kept
) -> Features:
    """All features of a message; their names start with the letter of their block."""
    groups = [of_word(word.surface, word.normal) if word.spoken else (f"w:{word.surface}",) for word in words]
    concepts: dict[str, int] = {}
    for index, group in enumerate(groups):
        for name in group[2:]:
            if name[0] != "k":
                break
            concepts.setdefault(name[2:], index)
    return Features(groups, dict(sorted(concepts.items())))


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


class Pairs:
    """Pairs of concepts and the numbers of the features they are."""

    def __init__(self, numbers: Mapping[tuple[str, str], int]) -> None:
        """The names of a pair in their order."""
        self._places = {concept: place for place, concept in enumerate(sorted(set(chain(*numbers))))}
        self._numbers = np.full((len(self._places),) * 2, -1, dtype=np.int32)
        for (one, other), number in numbers.items():
            self._numbers[self._places[one], self._places[other]] = number

    def of(self, concepts: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The numbers of a message's pairs, and for each its word of the one and its word of the other concept."""
        known = [(self._places[name], word) for name, word in concepts.items() if name in self._places]
        places, words = np.array(known, dtype=np.int64).reshape(-1, 2).T
        numbers = self._numbers[places[:, None], places]
        one, other = np.nonzero(numbers >= 0)
        return numbers[one, other], words[one], words[other]

    def matrix(self, messages: Sequence[Features], width: int) -> sparse.csr_matrix:
        """One row per message, with a one for each of its pairs."""
        return _ones([self.of(features.concepts)[0].tolist() for features in messages], width)


def _common_pairs(messages: Sequence[Features], least: int) -> dict[tuple[str, str], int]:
    """Pairs of concepts met in at least so many messages, and in how many."""
    names = sorted({name for features in messages for name in features.concepts})
    places = {name: place for place, name in enumerate(names)}
    present = _ones([[places[name] for name in features.concepts] for features in messages], len(names))
    together = sparse.triu(present.T @ present, 1).tocoo()
    common = together.data >= least
    return {
        (names[one], names[other]): times
        for one, other, times in zip(
            together.row[common].tolist(),
            together.col[common].tolist(),
            together.data[common].tolist(),
            strict=True,
        )
    }


def _ones(rows: Sequence[Sequence[int]], width: int) -> sparse.csr_matrix:
    """Ones at the given places of each row."""
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    places = np.fromiter(chain.from_iterable(rows), np.int32, starts[-1])
    return sparse.csr_matrix((np.ones(len(places), np.int32), places, starts), (len(rows), width))


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
        pairs = ((number, name[2:].split("+")) for number, name in enumerate(names) if name[0] == "p")
        self._pairs = Pairs({(one, other): number for number, (one, other) in pairs})
        self._numbers_of = lru_cache(maxsize=_CACHED)(self._known) if repeating else self._known

    def _known(self, group: tuple[str, ...]) -> np.ndarray:
        """The numbers of those that have one."""
        get = self.numbers.get
        return np.array([number for name in group if (number := get(name)) is not None], dtype=np.int64)

    @classmethod
    def learn(
        cls, messages: Sequence[Features], least: int = 3, repeating: bool = True
    ) -> tuple[Vocabulary, sparse.csr_matrix]:
        """Keeps what occurs in at least `least` messages, normal forms in one less, and the commoner pairs of concepts; with the
        matrix of these messages."""
        met: dict[str, int] = {}
        counts = _counts(messages, lambda name: met.setdefault(name, len(met)))
        times = np.bincount(counts.indices, minlength=len(met))
        names = list(met)
        kept = [n for n, name in enumerate(names) if times[n] >= least - (name[0] == "n")]
        pairs = _common_pairs(messages, max(least, LEAST_PAIRS))
        names = [names[n] for n in kept] + [f"p:{one}+{other}" for one, other in pairs]
        idf = np.log((1 + len(messages)) / (1 + np.append(times[kept], list(pairs.values())))) + 1
        vocabulary = cls(names, idf.astype(np.float32), repeating)
        return vocabulary, vocabulary._weighed(counts[:, kept], messages)

    def vector(self, features: Features) -> Vector:
        """One message, with the words behind each feature."""
        known = [self._numbers_of(group) for group in features.groups]
        words = np.repeat(np.arange(len(known)), [len(numbers) for numbers in known])
        pairs, one, other = self._pairs.of(features.concepts)
        numbers, occurrences, counts = np.unique(
            np.concatenate([*known, pairs]), return_inverse=True, return_counts=True
        )
        weights = self._weigh(numbers, counts, np.zeros(len(numbers), dtype=np.int64))
        return Vector(numbers, weights, occurrences, np.append(words, one), np.append(words, other))

    def matrix(self, messages: Sequence[Features]) -> sparse.csr_matrix:
        """One row per message."""
        return self._weighed(_counts(messages, self.numbers.get, len(self.names)), messages)

    def _weighed(self, counts: sparse.csr_matrix, messages: Sequence[Features]) -> sparse.csr_matrix:
        """`counts` of single features."""
        counts.resize(len(messages), len(self.names))
        counts = counts + self._pairs.matrix(messages, len(self.names))
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
