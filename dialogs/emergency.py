"""Danger that needs no understanding service: words in both languages, without letters, in Latin.

The words are in `dialogs.emergency_words`, the rules that join them in `dialogs.emergency_rules`; here they are
matched, in time linear in the text and bounded whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from dialogs.emergency_rules import RULES, Rule
from dialogs.emergency_words import BY_EAR, URGENT, Group
from text.latin import to_cyrillic
from text.letters import fold, skeleton
from text.words import words

LONGEST = 200
"""Words looked at; a cry for help comes early."""
LETTERS = 10 * LONGEST
"""Characters looked at."""
LONG = 45
"""Words from which a message is a letter: it must also say that it is urgent."""

NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fire": ("101", "112"),
        "gas": ("104", "112", "103"),
        "medical": ("103", "112"),
        "violence": ("102", "112", "111"),
        "selfharm": ("112", "103", "111"),
        "crime": ("102", "112"),
        "rescue": ("112",),
        "accident": ("112", "103", "102"),
        "missing": ("102", "112"),
    }
)
"""Whom to call, the first number first (domain facts §4.3)."""
NEEDS_HUMAN = frozenset({"violence", "selfharm"})
"""Kinds in which an operator is called at once, without asking."""

_NEGATION = "не"
_DENIAL = "емес"
_LATIN = re.compile(r"[A-Za-z]")
_JOINED = re.compile(r"[-‑]")
_APOSTROPHE = re.compile(r"['’ʼ‘`]")
_SOFT_SIGN = re.compile(r"ь(?=[еюя])")
_DOUBLED = re.compile(r"(.)\1+")
_SOUND = str.maketrans("оеядбгзвжщ", "аиитпксфшш")
_SOFTENED = {"к": "г", "п": "б"}
_SOFTENING = 4
_SHORTEST = 2


def detect(text: str) -> str | None:
    """The kind of a present danger the text names, or None. Bounded time whatever the text."""
    for spoken in _spellings(text[:LETTERS]):
        kind = _MATCHER.kind_of(_keys(spoken))
        if kind is not None:
            return kind
    return None


def _spellings(text: str) -> tuple[str, ...]:
    if _LATIN.search(text) is None:
        return (text,)
    return to_cyrillic(text, "kk"), to_cyrillic(text, "ru")


def _keys(text: str) -> list[str]:
    """The words as keys: `text.letters.skeleton`, but parted at hyphens, ь before a vowel as и, -ться as -ця."""
    line = fold(_APOSTROPHE.sub("", _JOINED.sub(" ", " ".join(words(text)))))
    return skeleton(_SOFT_SIGN.sub("и", line)).replace("тся", "ця").split()[:LONGEST]


@cache
def _key(word: str) -> str:
    (key,) = _keys(word)
    return key


def _heard(key: str) -> str:
    """A key as it sounds: о as а, е and я as и, voiced consonants as voiceless."""
    return _DOUBLED.sub(r"\1", key.translate(_SOUND))


def _softened(key: str) -> Iterator[str]:
    """A beginning of a word, also as Kazakh endings change it: пышақ and пышағы, кітап and кітабы."""
    yield key
    if key[-1] in _SOFTENED and len(key) >= _SOFTENING:
        yield key[:-1] + _SOFTENED[key[-1]]


class _Stems:
    """Numbers of patterns by whole words and by beginnings of words: a word costs its length at most."""

    def __init__(self) -> None:
        self._whole: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._openings: set[str] = set()
        self._longest = 0

    def add(self, key: str, number: int, *, whole: bool) -> None:
        """Let `number` stand for the word `key`, or for every word that begins so."""
        if whole:
            self._whole.setdefault(key, []).append(number)
            return
        for spelt in _softened(key):
            self._beginnings.setdefault(spelt, []).append(number)
            self._openings.add(spelt[:_SHORTEST])
            self._longest = max(self._longest, len(spelt))

    def fitting(self, key: str) -> Iterator[int]:
        """Numbers of the patterns a word fits."""
        yield from self._whole.get(key, ())
        if key[:_SHORTEST] in self._openings:
            for end in range(_SHORTEST, min(len(key), self._longest) + 1):
                yield from self._beginnings.get(key[:end], ())


class _Vocabulary:
    """The one-word patterns, numbered, as they are written and, some of them, as they are heard."""

    def __init__(self, by_ear: Group) -> None:
        self._numbers: dict[tuple[str, bool], int] = {}
        self._written = _Stems()
        self._spoken = _Stems()
        self._by_ear = frozenset(_key(pattern.removeprefix("=")) for pattern in by_ear)

    def add(self, word: str, *, whole: bool) -> int:
        """The number of a pattern of one word; patterns that differ in spelling only share it."""
        key = _key(word)
        number = self._numbers.get((key, whole))
        if number is None:
            number = self._numbers[key, whole] = len(self._numbers)
            self._written.add(key, number, whole=whole)
            if key in self._by_ear:
                self._spoken.add(_heard(key), number, whole=whole)
        return number

    def fitting(self, key: str) -> frozenset[int]:
        """Numbers of the patterns a word fits."""
        return frozenset((*self._written.fitting(key), *self._spoken.fitting(_heard(key))))


class _Matcher:
    """The rules made ready. Where the patterns of a group occur is a bit mask over the places of words."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._vocabulary = _Vocabulary(BY_EAR)
        self._phrases: dict[int, dict[tuple[int, ...], list[int]]] = {}
        self._groups: dict[Group, int] = {}
        self._urgent = self._group(URGENT)
        self._rules = [
            (rule, self._all(rule.groups), self._all(rule.unless), self._all(rule.calm)) for rule in rules
        ]

    def kind_of(self, keys: Sequence[str]) -> str | None:
        """The kind of the first rule that holds for a message of these words."""
        places = self._places(keys)
        urgent = places[self._urgent] != 0
        if len(keys) > LONG and not urgent:
            return None
        for rule, groups, unless, calm in self._rules:
            if not places[groups[0]] or (rule.at_most is not None and len(keys) > rule.at_most):
                continue
            if any(places[group] for group in unless) or (
                not urgent and any(places[group] for group in calm)
            ):
                continue
            if _meet([places[group] for group in groups], rule.within):
                return rule.kind
        return None

    def _places(self, keys: Sequence[str]) -> list[int]:
        known = {key: self._vocabulary.fitting(key) for key in set(keys)}
        fits = [known[key] for key in keys]
        places = [0] * len(self._groups)
        for at, here in enumerate(fits):
            if keys[at - 1 : at] == [_NEGATION]:
                continue
            denied = keys[at + 1 : at + 2] == [_DENIAL]
            for number in here:
                for rest, groups in self._phrases.get(number, {}).items():
                    if (denied and not rest) or not _follows(rest, fits, at):
                        continue
                    for group in groups:
                        places[group] |= 1 << at
        return places

    def _all(self, groups: Iterable[Group]) -> tuple[int, ...]:
        return tuple(self._group(group) for group in groups)

    def _group(self, group: Group) -> int:
        if group not in self._groups:
            self._groups[group] = len(self._groups)
            for pattern in group:
                first, *rest = self._numbers(pattern)
                self._phrases.setdefault(first, {}).setdefault(tuple(rest), []).append(self._groups[group])
        return self._groups[group]

    def _numbers(self, pattern: str) -> list[int]:
        *opening, last = pattern.removeprefix("=").split()
        whole = pattern.startswith("=")
        return [
            *(self._vocabulary.add(word, whole=True) for word in opening),
            self._vocabulary.add(last, whole=whole),
        ]


def _follows(rest: tuple[int, ...], fits: Sequence[frozenset[int]], at: int) -> bool:
    if at + len(rest) >= len(fits):
        return False
    return all(number in fits[at + step] for step, number in enumerate(rest, start=1))


def _meet(places: Sequence[int], within: int) -> bool:
    """Whether a word of the first mask has, at other places so near, a word of every other mask."""
    first, *others = places
    for other in others:
        near = 0
        for distance in range(1, within + 1):
            near |= other << distance | other >> distance
        first &= near
    return first != 0


_MATCHER = _Matcher(RULES)
