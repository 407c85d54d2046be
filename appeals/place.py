"""One unit of the administrative division, and a mention of it in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from text.bilingual import Bilingual

# Level of the classifier per type, and the order in which children are listed.
LEVELS: Mapping[str, int] = MappingProxyType(
    {
        "city_rep": 1,
        "region": 1,
        "city": 2,
        "district": 2,
        "city_district": 2,
        "okrug": 3,
        "town": 4,
        "settlement": 4,
        "village": 4,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of the classifier.

    code: 9 digits. level: 1 region or city of republican significance, 2 district or city, 3 okrug, 4
    settlement. type: a key of `LEVELS`. name: with its type, clean of marks («Бурабайский район»). aliases:
    old, short and colloquial names. point: approximate latitude and longitude in degrees (WGS 84), when
    known.
    """

    code: str
    parent: str | None
    level: int
    type: str
    name: Bilingual
    aliases: tuple[str, ...] = ()
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A mention: `surface` is `text[start:end]` with the type word; `score` 0–1, ask when below 0.6."""

    place: Place
    start: int
    end: int
    surface: str
    score: float
