"""Takes the greeting before a matter and the thanks after it away: nearly every message has them, and they tell nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from text.letters import fold, skeleton

from citizen_nlu.words import Word

LEAST = 2
"""Words that must be left: a greeting with less behind it is a greeting."""


_key = lru_cache(maxsize=20_000)(skeleton)


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(skeleton(fold(word)) for word in part.split()) for part in text.split(","))


OPENINGS = _phrases(
    "здравствуйте, здравствуй, здраствуйте, здрасте, здрасьте, здравия желаю, добрый день, добрый вечер, доброе утро,"
    "доброй ночи, доброго дня, доброго вечера, доброго времени суток, доброго времени, приветствую, привет, приветик,"
    "всем привет, всем здравствуйте, хай,"
    "сәлеметсіз бе, сәлеметсізбе, сәлеметсіздер ме, сәлеметсіздерме, сәлем бердік, сәлем, сәлемдер, баршаңызға сәлем,"
    "саламатсыз ба, саламатсызба, саламатсыздар ма, саламатсыздарма, армысыз, армысыздар, армысың, қайырлы күн,"
    "қайырлы таң, қайырлы кеш, ассалаумағалейкум, ассалаумағаләйкүм, ассалаумалейкум, ассаламағалейкум, ассаламалейкум,"
    "ассалам алейкум, ассаламу алейкум, ассалому алейкум, салам алейкум, салам, ас саламу алейкум"
)
CLOSINGS = _phrases(
    "заранее спасибо, заранее благодарю, заранее большое спасибо, спасибо заранее, благодарю заранее, с уважением,"
    "алдын ала рахмет, алдын ала рақмет, алдын ала көп рахмет, рахмет алдын ала, құрметпен, ізгі ниетпен"
)
_LONGEST = max(len(phrase) for phrase in OPENINGS | CLOSINGS)


def without_courtesies(words: Sequence[Word]) -> list[Word]:
    """What stands between greeting and thanks; all words, if that were less than two."""
    spoken = [at for at, word in enumerate(words) if word.spoken]
    keys = [_key(words[at].surface) for at in spoken]
    first, behind = _skipped(keys, OPENINGS), len(keys) - _skipped(keys[::-1], _reversed(CLOSINGS))
    if behind - first < LEAST:
        return list(words)
    return list(words[spoken[first] : spoken[behind] if behind < len(spoken) else len(words)])


def _skipped(keys: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> int:
    """How many keys at the beginning belong to phrases, the longest first."""
    at = 0
    while length := next((n for n in range(_LONGEST, 0, -1) if tuple(keys[at : at + n]) in phrases), 0):
        at += length
    return at


def _reversed(phrases: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(phrase[::-1] for phrase in phrases)
