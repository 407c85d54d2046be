"""Danger that needs no understanding service: words in both languages, without letters, in Latin.

The words themselves are data: `dialogs.emergency_rules`. Here they are matched, in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from dialogs.emergency_rules import BY_EAR, CALM, RULES, URGENT, Group, Rule
from text.latin import to_cyrillic
from text.letters import fold, skeleton
from text.words import words

LONGEST = 400
"""Words looked at; a cry for help comes early."""
LONG = 45
"""Words from which a message is a letter: it must also say that it is urgent."""
NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fire": ("101", "112"),
        "gas": ("104", "112"),
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

LONGEST_STEM = 20
"""Letters of a word looked at; no pattern is longer."""

_NEGATION = "не"
_DENIAL = "емес"
_LATIN = re.compile(r"[A-Za-z]")
_JOINED = re.compile(r"[-‑]")
_APOSTROPHE = re.compile(r"['’ʼ‘`]")
_SOUND = str.maketrans("оеядбгзвжщ", "аиитпксфшш")
_SOFT = re.compile(r"ь(?=[еюя])")
_DOUBLED = re.compile(r"(.)\1+")


def detect(text: str) -> str | None:
    """The kind of a present danger the text names, or None. Bounded time whatever the text."""
    for spoken in _spellings(text[: LONGEST * 12]):
        kind = _MATCHER.kind_of(_tokens(spoken))
        if kind is not None:
            return kind
    return None


def _spellings(text: str) -> tuple[str, ...]:
    if _LATIN.search(text) is None:
        return (text,)
    return to_cyrillic(text, "kk"), to_cyrillic(text, "ru")


def _tokens(text: str) -> list[str]:
    """The words as keys: `text.letters.skeleton`, but parted at hyphens, ь before a vowel as и, -ться as -ця."""
    line = fold(_APOSTROPHE.sub("", _JOINED.sub(" ", " ".join(words(text)))))
    return skeleton(_SOFT.sub("и", line)).replace("тся", "ця").split()[:LONGEST]


def _heard(key: str) -> str:
    """A key as it sounds: о as а, е and я as и, voiced consonants as voiceless."""
    return _DOUBLED.sub(r"\1", key.translate(_SOUND))


class _Vocabulary:
    """Numbers of the one-word patterns a word fits, found by its beginnings: a word costs its length."""

    def __init__(self, by_ear: Group) -> None:
        self._numbers: dict[tuple[str, bool], int] = {}
        self._whole: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._heard_whole: dict[str, list[int]] = {}
        self._heard_beginnings: dict[str, list[int]] = {}
        self._by_ear = frozenset(_tokens(pattern.removeprefix("="))[0] for pattern in by_ear)

    def add(self, word: str, *, whole: bool) -> int:
        """The number of a pattern of one word; patterns that differ in spelling only share it."""
        (key,) = _tokens(word)
        if (key, whole) not in self._numbers:
            number = self._numbers[key, whole] = len(self._numbers)
            (self._whole if whole else self._beginnings).setdefault(key, []).append(number)
            if key in self._by_ear:
                (self._heard_whole if whole else self._heard_beginnings).setdefault(_heard(key), []).append(number)
        return self._numbers[key, whole]

    def fitting(self, token: str) -> frozenset[int]:
        """Numbers of the patterns a token fits."""
        heard = _heard(token)
        found = {*self._whole.get(token, ()), *self._heard_whole.get(heard, ())}
        for end in range(2, LONGEST_STEM + 1):
            found.update(self._beginnings.get(token[:end], ()))
            found.update(self._heard_beginnings.get(heard[:end], ()))
        return frozenset(found)


class _Matcher:
    """The rules made ready: where each group of patterns occurs is a bit mask over the places of words."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._vocabulary = _Vocabulary(BY_EAR)
        self._phrases: dict[int, dict[tuple[int, ...], list[int]]] = {}
        self._groups: dict[Group, int] = {}
        self._urgent = self._group(URGENT)
        self._rules = [
            (
                rule,
                self._all(rule.groups),
                self._all(group for group in rule.unless if group in CALM),
                self._all(group for group in rule.unless if group not in CALM),
            )
            for rule in rules
        ]

    def kind_of(self, tokens: Sequence[str]) -> str | None:
        """The kind of the first rule that holds for a message of these keys."""
        places = self._places(tokens)
        urgent = places[self._urgent] != 0
        if len(tokens) > LONG and not urgent:
            return None
        for rule, groups, calm, unless in self._rules:
            if rule.at_most is not None and len(tokens) > rule.at_most:
                continue
            if not all(places[group] for group in groups) or any(places[group] for group in unless):
                continue
            if not urgent and any(places[group] for group in calm):
                continue
            if _meet([places[group] for group in groups], rule.within):
                return rule.kind
        return None

    def _places(self, tokens: Sequence[str]) -> list[int]:
        known = {token: self._vocabulary.fitting(token) for token in set(tokens)}
        fits = [known[token] for token in tokens]
        places = [0] * len(self._groups)
        for at, here in enumerate(fits):
            denied = tokens[at - 1 : at] == [_NEGATION] or tokens[at + 1 : at + 2] == [_DENIAL]
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
                *opening, last = pattern.removeprefix("=").split()
                numbers = [self._vocabulary.add(word, whole=True) for word in opening]
                numbers.append(self._vocabulary.add(last, whole=pattern.startswith("=") and not opening))
                first, *rest = numbers
                self._phrases.setdefault(first, {}).setdefault(tuple(rest), []).append(self._groups[group])
        return self._groups[group]


def _follows(rest: tuple[int, ...], fits: Sequence[frozenset[int]], at: int) -> bool:
    return at + len(rest) < len(fits) and all(number in fits[at + 1 + step] for step, number in enumerate(rest))


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
