"""What a message names: places, streets and houses, dates, durations, money, phones, identifiers, our reference numbers.

Everything is found on the folded text, which has the length of the original, so offsets are those of the message.
Values: place – its name, and its КАТО code as `code`; where the text leaves several places open, these as `candidates`
instead; street – «улица Ауэзова», house – «10/1», flat – «12»; date – ISO, «--11-21» without a year, «today-1» for
relative days; duration – ISO 8601; money – tenge as a number; phone – +77…; iin – masked; bin – 12 digits; neither
is checked; reference – «KM-2026-000123».
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from appeals.identifiers import find_phones, mask_iin
from appeals.load import load_territory
from appeals.reference import find_reference
from appeals.territory import Territory
from text.addresses import find_addresses
from text.letters import fold
from text.moments import find_moments
from text.money import find_money
from text.tokens import Mention, tokens

from citizen_nlu.words import Word, without_surrogates

SURE_PLACE = 0.5
"""Score a place counts from; the territory's own word for «ask»."""
WHERE = frozenset(("place", "street", "house", "flat"))


@dataclass(frozen=True)
class Entity:
    """One mention: characters `start` to `end` of the message. `codes`: of a place, several when it is left open."""

    name: str
    start: int
    end: int
    value: str | int
    confidence: float = 1.0
    codes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Rasa's JSON of an entity, and the code or the candidates of a place."""
        place: dict[str, Any] = (
            {"code": self.codes[0]} if len(self.codes) == 1 else {"candidates": list(self.codes)}
        )
        return {
            "entity": self.name,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            **(place if self.codes else {}),
            "confidence_entity": self.confidence,
            "extractor": "CitizenEntityExtractor",
        }


_TWELVE = re.compile(r"(?<!\d)\d{6}[ \u00a0-]?\d{6}(?!\d)")
_NAMED_IIN = re.compile(r"(?<!\w)(?:иин|жсн|iin|zhsn|jsn)\w{0,4}[^\w]{0,3}$")
_NAMED_BIN = re.compile(r"(?<!\w)(?:бин|бсн|bin|bsn)\w{0,4}[^\w]{0,3}$")
_NAME_REACH = 12
_REFERENCE = re.compile(r"(?<!\w)[kк]\s?[mм]\s?[-‐‑‒–—−_/]?\s?20\d\d\s?[-‐‑‒–—−_/]?\s?\d{1,9}(?!\d)")


@lru_cache(maxsize=1)
def territory() -> Territory:
    """All places known, with the whole classifier where the setting TERRITORY_FILE names it; read once."""
    file = os.environ.get("TERRITORY_FILE")
    return load_territory(classifier=Path(file) if file and os.access(file, os.R_OK) else None)


def _references(folded: str) -> Iterator[Entity]:
    for found in _REFERENCE.finditer(folded):
        if value := find_reference(found.group()):
            yield Entity("reference", found.start(), found.end(), value)


def _identifiers(folded: str) -> Iterator[Entity]:
    """The word before a number says what it is; else a БИН has 4, 5 or 6 in the fifth place, an ИИН a birth date."""
    for found in _TWELVE.finditer(folded):
        digits = re.sub(r"\D", "", found.group())
        before = folded[max(found.start() - _NAME_REACH, 0) : found.start()]
        if _NAMED_BIN.search(before):
            name = "bin"
        elif _NAMED_IIN.search(before):
            name = "iin"
        elif not 1 <= int(digits[2:4]) <= 12:
            continue
        else:
            name = "bin" if digits[4] in "456" else "iin"
        if name == "bin" or _NAMED_IIN.search(before) or 1 <= int(digits[4:6]) <= 31:
            yield Entity(name, found.start(), found.end(), digits if name == "bin" else mask_iin(digits))


def _phones(folded: str) -> Iterator[Entity]:
    for start, end, value in find_phones(folded):
        yield Entity("phone", start, end, value)


def _told(mentions: Sequence[Mention]) -> Iterator[Entity]:
    for mention in mentions:
        value = int(mention.value) if mention.kind == "money" else mention.value
        yield Entity(mention.kind, mention.start, mention.end, value)


def _places(text: str) -> Iterator[Entity]:
    """One entity a mention; its candidates are the places of the best score that share it."""
    spans: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for match in territory().search(text, limit=_PLACES):
        if match.score >= SURE_PLACE:
            spans.setdefault((match.start, match.end), []).append((match.score, match.place.code))
    for (start, end), scored in spans.items():
        best = max(score for score, _ in scored)
        codes = tuple(code for score, code in scored if score == best)
        yield Entity(
            "place",
            start,
            end,
            territory().get(codes[0]).name.kk if len(codes) == 1 else text[start:end],
            best,
            codes,
        )


_PLACES = 40
"""Candidates of all places of one message at most."""


class _Kept:
    """Mentions that do not overlap: the first to come stays."""

    def __init__(self, length: int) -> None:
        self.entities: list[Entity] = []
        self._taken = bytearray(length)

    def add(self, entities: Iterator[Entity]) -> None:
        for entity in entities:
            if not any(self._taken[entity.start : entity.end]):
                self._taken[entity.start : entity.end] = b"\x01" * (entity.end - entity.start)
                self.entities.append(entity)

    def overlaps(self, entities: Sequence[Entity]) -> bool:
        """Whether a part of any of them is taken."""
        return any(any(self._taken[entity.start : entity.end]) for entity in entities)

    @property
    def spans(self) -> list[tuple[int, int]]:
        return sorted((entity.start, entity.end) for entity in self.entities)


def _without(text: str, entities: Sequence[Entity]) -> str:
    """The text with these mentions struck out; offsets stay."""
    for entity in entities:
        text = text[: entity.start] + "," * (entity.end - entity.start) + text[entity.end :]
    return text


def find_entities(text: str) -> list[Entity]:
    """All mentions in order of their place; none overlaps another. Surest first: numbers of a form, then words."""
    text = without_surrogates(text)
    folded, words = fold(text), tokens(text)
    kept = _Kept(len(text))
    for finder in (_references, _identifiers, _phones):
        kept.add(finder(folded))
    kept.add(_told(find_moments(text, words)))
    places = list(_places(text))
    addresses = list(
        _told(find_addresses(text, words, kept.spans, [(place.start, place.end) for place in places]))
    )
    kept.add(iter(addresses))
    if kept.overlaps(places):
        # «Сарыарка 15, Астана»: the street is no district, and Astana is more than what lies above it.
        places = list(_places(_without(text, addresses)))
    kept.add(iter(places))
    kept.add(_told(find_money(text, words)))
    return sorted(kept.entities, key=lambda entity: entity.start)


def without_places(words: Sequence[Word], entities: Sequence[dict[str, Any]]) -> list[Word]:
    """The words that can tell the matter: a village is no sign of farming, a street none of roads. All, if none were left."""
    spans = [(entity["start"], entity["end"]) for entity in entities if entity["entity"] in WHERE]
    left = [word for word in words if not any(start < word.end and word.start < end for start, end in spans)]
    return left if any(word.spoken for word in left) else list(words)
