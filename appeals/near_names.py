"""Places whose names were typed with a slip or in a spelling nobody listed: to be offered, never taken by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from appeals import place_names as names
from appeals.place import Place
from text.letters import skeleton
from text.slips import Neighbours
from text.stems import stems
from text.tokens import Token

SHORTEST, SHORTEST_OF_MANY = 5, 6
"""Letters of what was typed, alone and among other words; shorter words are near too many names."""
LONGEST_NAME = 3
"""Words of a name that are read together: «усть каменагорск», «қызыл орда»."""
Distance = tuple[int, int]
"""How unlike a name is to what was typed; of names alike the one of more words is nearer."""
_FEWEST_CONSONANTS = 4
_VOWELS = re.compile(r"[аеиоуюяaeiouy]")
_SAME, _SLIP, _SAME_CONSONANTS = range(3)


class NearNames:
    """Names by their letters, by what a slip leaves of them, and by their consonants, which people mistake least."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: dict[str, list[Place]] = {}
        for place in places:
            for spelling in {place.name.kk, place.name.ru, *place.aliases}:
                bearers = self._places.setdefault(_joined(spelling), [])
                if all(known is not place for known in bearers):
                    bearers.append(place)
        self._places.pop("", None)
        self._slips = Neighbours(self._places)
        self._by_consonants: dict[str, list[str]] = {}
        for key in self._places:
            self._by_consonants.setdefault(_consonants(key), []).append(key)

    def near(self, words: Sequence[Token], *, alone: bool) -> dict[Place, Distance]:
        """The places that words in a row may mean, each with how far it is from them. `alone`: nothing else was said."""
        found: dict[Place, Distance] = {}
        for typed, count in _spellings(words, SHORTEST if alone else SHORTEST_OF_MANY).items():
            for unlike, key in self._alike(typed):
                distance = unlike, -count
                for place in self._places[key]:
                    found[place] = min(distance, found.get(place, distance))
        return found

    def _alike(self, typed: str) -> Iterator[tuple[int, str]]:
        if typed in self._places:
            yield _SAME, typed
        for key in self._slips.of(typed):
            yield _SLIP, key
        spoken = _consonants(typed)
        if len(spoken) >= _FEWEST_CONSONANTS:
            for key in self._by_consonants.get(spoken, ()):
                yield _SAME_CONSONANTS, key


def _spellings(words: Sequence[Token], shortest: int) -> dict[str, int]:
    """One to three words from each on, written together, with and without the endings of the last; each with its words."""
    found: dict[str, int] = {}
    for at in range(len(words)):
        heads = {""}
        for count, word in enumerate(words[at : at + LONGEST_NAME], 1):
            forms = {head + form for head in heads for key in word.keys for form in (key, *stems(key))}
            found |= {form: max(count, found.get(form, count)) for form in forms if len(form) >= shortest}
            heads = {head + key for head in heads for key in word.keys}
    return found


# Most names are borne by several villages.
@lru_cache(maxsize=4096)
def _joined(spelling: str) -> str:
    return "".join(map(skeleton, names.core(spelling)))


def _consonants(key: str) -> str:
    return _VOWELS.sub("", key)
