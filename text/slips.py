"""Words a single slip of the finger apart: a letter missing, too many, another, or swapped with the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters; two words one slip apart have one of these in common."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def one_slip(typed: str, meant: str) -> bool:
    """Whether two different words that share a shortened form are one slip apart."""
    if len(typed) != len(meant):
        return abs(len(typed) - len(meant)) == 1
    differing = [at for at, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if len(differing) != 2:
        return len(differing) == 1
    first, second = differing
    return second == first + 1 and typed[first : second + 1] == meant[second] + meant[first]


class Neighbours:
    """The words of a list, found by what a slip has left of them."""

    def __init__(self, known: Iterable[str]) -> None:
        self._near: dict[str, tuple[str, ...]] = {}
        for word in dict.fromkeys(known):
            alone = (word,)
            for part in set(shortened(word)):
                others = self._near.get(part)
                self._near[part] = (*others, word) if others else alone

    def of(self, typed: str) -> set[str]:
        """The words one slip from what was typed; not the word itself."""
        near = {meant for part in shortened(typed) for meant in self._near.get(part, ())}
        return {meant for meant in near if one_slip(typed, meant)}
