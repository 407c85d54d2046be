"""Whether an appeal says again what the same person has said before: then nothing new would be considered (art. 64, 88)."""

from __future__ import annotations

import re

from appeals.appeal import Draft
from text.letters import skeleton
from text.words import words

_SHARED = 0.85
"""Of two texts' different words so many are the same, or they say different things."""
_NUMBER = re.compile(r"\d+(?:[-/]?[^\W\d_]\b)?")
"""With the one letter that tells houses apart: 5, 5А, 5-А."""


def says_the_same(draft: Draft, earlier: Draft) -> bool:
    """Same kind, topic, place and address, and texts that differ in a few words at most, but in no number."""
    if (draft.kind, draft.topic, draft.place) != (earlier.kind, earlier.topic, earlier.place):
        return False
    if _elsewhere(draft.address, earlier.address) or _numbers(draft.text) != _numbers(earlier.text):
        return False
    said, before = _keys(draft.text), _keys(earlier.text)
    return bool(said) and len(said & before) >= _SHARED * len(said | before)


def _elsewhere(address: str | None, other: str | None) -> bool:
    """Whether two addresses name different houses or streets; one that is not given names none."""
    return bool(address and other) and (_keys(address), _numbers(address)) != (_keys(other), _numbers(other))


def _numbers(text: str | None) -> list[str]:
    """Houses, flats, meters, days: one other number makes it another matter."""
    return [re.sub("[-/]", "", number) for number in _NUMBER.findall(skeleton(text or ""))]


def _keys(text: str | None) -> frozenset[str]:
    return frozenset(skeleton(word) for word in words(text or ""))
