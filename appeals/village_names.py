"""The names of some ten thousand villages, kept small: one entry a name, however many villages bear it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appeals import place_names as names
from appeals.place import Place
from appeals.place_choice import SUPPORT, Reading, Term
from appeals.place_words import read_on
from text.letters import skeleton
from text.tokens import Token

MOST = 12
"""Namesakes told at most; beyond that a citizen is asked for the district anyway."""
_SHORTEST_STEM = 3
_SHORTEST_NAME = 2


class _Name:
    """A name: its first forms, all its forms, and its places, each with the codes above it."""

    __slots__ = ("bases", "forms", "places", "proof")

    def __init__(self, bases: tuple[str, ...], proof: str) -> None:
        self.bases = bases
        self.proof = proof
        self.forms: tuple[frozenset[str], ...] = tuple(frozenset({base}) for base in bases)
        self.places: list[tuple[Place, tuple[str, ...]]] = []

    def add(self, place: Place, above: tuple[str, ...], forms: tuple[frozenset[str], ...]) -> None:
        if forms != self.forms:
            self.forms = tuple(old | new for old, new in zip(self.forms, forms, strict=True))
        if all(known is not place for known, _ in self.places):
            self.places.append((place, above))


@dataclass(frozen=True, slots=True)
class VillageReading:
    """A name met in the text, of `length` words; `suffix` and `nominative` as in `Reading`."""

    name: _Name
    length: int
    suffix: str | None
    nominative: bool

    def within(self, codes: frozenset[str]) -> tuple[Reading, ...]:
        """The readings below one of these codes, or of one of them itself."""
        if not codes:
            return ()
        chosen = (
            (place, above)
            for place, above in self.name.places
            if place.code in codes or not codes.isdisjoint(above)
        )
        return self._readings(chosen)

    def all(self) -> tuple[Reading, ...]:
        """The readings of all namesakes, the first of `MOST`."""
        return self._readings(self.name.places[:MOST])

    def _readings(self, places: Iterable[tuple[Place, tuple[str, ...]]]) -> tuple[Reading, ...]:
        return tuple(
            Reading(
                Term(
                    place,
                    above,
                    self.name.forms,
                    self.name.bases,
                    adjective=False,
                    alias=False,
                    proof=self.name.proof,
                ),
                self.suffix,
                self.nominative,
            )
            for place, above in places
        )


def _read(spelling: str, *, russian: bool) -> tuple[tuple[str, ...], tuple[frozenset[str], ...]]:
    """The first forms and all forms of a name's words; none of a name that is nothing but a type («село Кент»)."""
    core = names.core(spelling)
    bases = tuple(skeleton(word) for word in core)
    if not bases or len(bases[0]) < _SHORTEST_NAME or (len(core) == 1 and names.is_type(core[0])):
        return (), ()
    if russian:
        return bases, tuple(names.russian_forms(word) for word in core)
    return bases, tuple(frozenset({base}) for base in bases)


class VillageNames:
    """Look-up of villages by the words of a text."""

    def __init__(
        self, places: Iterable[tuple[Place, tuple[str, ...]]], everyday: frozenset[str] = frozenset()
    ) -> None:
        """`places`: each with the codes above it. `everyday`: skeletons of names that are everyday words."""
        known: dict[tuple[str, ...], _Name] = {}
        # Most names are borne by several villages: each spelling is read once.
        spelt: dict[str, tuple[tuple[str, ...], tuple[frozenset[str], ...]]] = {}
        for place, above in places:
            for spelling, russian in ((place.name.kk, False), (place.name.ru, True)):
                if spelling not in spelt:
                    spelt[spelling] = _read(spelling, russian=russian)
                bases, forms = spelt[spelling]
                if not bases:
                    continue
                name = known.get(bases)
                if name is None:
                    proof = "everyday" if " ".join(bases) in everyday else SUPPORT
                    name = known[bases] = _Name(bases, proof)
                name.add(place, above, forms)
        self._by_form: dict[str, tuple[_Name, ...]] = {}
        self._by_base: dict[str, _Name] = {}
        for name in known.values():
            alone = (name,)
            for form in name.forms[0]:
                others = self._by_form.get(form)
                self._by_form[form] = (*others, name) if others else alone
            if len(name.bases) == 1:
                self._by_base[name.bases[0]] = name

    def readings(self, text: str, words: Sequence[Token], at: int) -> list[VillageReading]:
        """All names that begin with word `at`."""
        found: list[VillageReading] = []
        for key in words[at].keys:
            for name in self._by_form.get(key, ()):
                read = read_on(text, words, at, name.forms, name.bases, key)
                if read:
                    found.append(VillageReading(name, len(name.bases), *read))
            for cut in range(len(key) - 1, max(len(key) - names.LONGEST_SUFFIX, _SHORTEST_STEM) - 1, -1):
                base = self._by_base.get(key[:cut])
                suffix = names.suffix_fits(key[:cut], key[cut:]) if base else None
                if base and suffix:
                    found.append(VillageReading(base, 1, suffix, nominative=False))
        return found
