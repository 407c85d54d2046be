"""Whether an appeal says again what the same person has said before: then nothing new would be considered (art. 64, 88)."""

from __future__ import annotations

from appeals.appeal import Draft
from text.letters import skeleton
from text.words import words

_SHARED = 0.85
"""Of two texts' different words so many are the same, or they say different things."""


def says_the_same(draft: Draft, earlier: Draft) -> bool:
    """Same kind, topic and place, and texts that differ in a few words at most."""
    if (draft.kind, draft.topic, draft.place) != (earlier.kind, earlier.topic, earlier.place):
        return False
    said, before = _keys(draft.text), _keys(earlier.text)
    return bool(said) and len(said & before) >= _SHARED * len(said | before)


def _keys(text: str | None) -> frozenset[str]:
    return frozenset(skeleton(word) for word in words(text or ""))
