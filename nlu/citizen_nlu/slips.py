"""Brings a word that nobody knows to the well-known one a single slip of the finger away from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from text.slips import Neighbours

from citizen_nlu.lang.kk import morphology as kazakh
from citizen_nlu.lang.ru import normal_forms as russian
from citizen_nlu.words import Word

SHORTEST = 5
"""Letters of a word that is looked at; shorter ones are near too many others."""
FREQUENT = 3
"""Examples a word has to occur in before others are taken for it."""


class Slips:
    """The frequent words of the examples, found by what is left of them without a letter."""

    def __init__(self, known: Sequence[tuple[str, str]]) -> None:
        """`known`: (surface, normal form) of the frequent words, the most frequent first."""
        self.known = [(surface, normal) for surface, normal in known]
        self._normals = dict(self.known)
        self._place = {surface: place for place, surface in enumerate(self._normals)}
        self._neighbours = Neighbours(self._normals)

    @classmethod
    def learn(cls, messages: Iterable[Sequence[Word]]) -> Slips:
        """From the words of the examples."""
        counts: Counter[str] = Counter()
        normals: dict[str, Counter[str]] = {}
        for words in messages:
            for surface, normal in sorted({(word.surface, word.normal) for word in words}):
                if len(surface) >= SHORTEST - 1 and surface.isalpha():
                    counts[surface] += 1
                    normals.setdefault(surface, Counter())[normal] += 1
        frequent = sorted((-n, surface) for surface, n in counts.items() if n >= FREQUENT)
        return cls([(surface, normals[surface].most_common(1)[0][0]) for _, surface in frequent])

    def mended(self, word: Word) -> Word:
        """The word meant, with the text and place of the one typed; the same word unless exactly one meaning is near."""
        typed = word.surface
        if (
            len(typed) < SHORTEST
            or typed in self._normals
            or not typed.isalpha()
            or len(typed) > kazakh.LONGEST
        ):
            return word
        near = self._neighbours.of(typed)
        if (
            len({self._normals[meant] for meant in near}) != 1
            or kazakh.analyses(typed)
            or russian.is_known(typed)
        ):
            return word
        meant = min(near, key=self._place.__getitem__)
        return word._replace(surface=meant, normal=self._normals[meant])
