"""Words and numbers of a message with the keys by which every spelling of a word is found in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from text.latin import to_cyrillic
from text.letters import fold, skeleton

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_LATIN_WORD = re.compile(r"[a-zà-ɏ]+")
_SOFT_GAP = re.compile(r"[ \t\u00a0.\"'«»“”„-]*")
_LONGEST_WORD = 40

V = TypeVar("V")


class Token(NamedTuple):
    """A run of letters or of digits, `text[start:end]`. `keys`: skeletons of all its readings."""

    start: int
    end: int
    folded: str
    keys: tuple[str, ...]

    @property
    def is_number(self) -> bool:
        """Whether it is digits; any script's digits are."""
        return self.folded.isdecimal()


class Mention(NamedTuple):
    """What `text[start:end]` names: kind and normal value."""

    kind: str
    start: int
    end: int
    value: str


def tokens(text: str) -> list[Token]:
    """All words and numbers of `text`, in order; a letter at a digit («5а», «25мың») is a token of its own."""
    return [
        Token(found.start(), found.end(), found.group(), keys_of(found.group()))
        for found in _PIECE.finditer(fold(text))
    ]


def runs(folded: str) -> set[str]:
    """The different words and numbers of a folded text."""
    return set(_PIECE.findall(folded))


# Words repeat, within a message and between messages; a word's keys depend on nothing else.
@lru_cache(maxsize=16_384)
def keys_of(folded: str) -> tuple[str, ...]:
    """Skeletons of a folded word; a Latin one is read as Kazakh, as Russian and as it stands."""
    if len(folded) > _LONGEST_WORD:
        return ()
    if not _LATIN_WORD.fullmatch(folded):
        return (skeleton(folded),)
    spellings = (to_cyrillic(folded, "kk"), to_cyrillic(folded, "ru"), folded)
    return tuple(dict.fromkeys(skeleton(spelling) for spelling in spellings))


def keyed(words: str) -> frozenset[str]:
    """The skeletons of some words, for a table to look tokens up in."""
    return frozenset(skeleton(word) for word in words.split())


def with_suffixes(stem: str, suffixes: Iterable[str]) -> frozenset[str]:
    """The skeletons of a stem alone and with each of the suffixes."""
    return frozenset({skeleton(stem), *(skeleton(stem + suffix) for suffix in suffixes)})


def look_up(token: Token, table: Mapping[str, V]) -> V | None:
    """What a table holds for a token, however it is spelt."""
    for key in token.keys:
        if key in table:
            return table[key]
    return None


def is_one_of(token: Token, words: frozenset[str]) -> bool:
    """Whether a token is one of the `keyed` words."""
    return not words.isdisjoint(token.keys)


def starts_like(token: Token, stems: tuple[str, ...]) -> bool:
    """Whether a token begins with one of the stems, which are skeletons."""
    return any(key.startswith(stems) for key in token.keys)


def is_joined(text: str, left: Token, right: Token) -> bool:
    """Whether nothing but blanks, dots, quotes and hyphens stands between two neighbouring tokens."""
    return _SOFT_GAP.fullmatch(text, left.end, right.start) is not None


CASES = (
    "ның нің дың дің тың тің ға ге қа ке ны ні ды ді ты ті да де та те дан ден тан тен нан нен мен бен пен "
    "дағы дегі тағы тегі"
).split()
"""Kazakh case suffixes."""
OWNED_CASES = "нда нде ндағы ндегі нан нен на не ның нің н мен".split()
"""The same after a possessive: көшесі-нде."""
