"""The same public problem: utilities, city and roads, one topic at one place, on one street where both name it."""

from __future__ import annotations

from dataclasses import dataclass

from appeals.appeal import Draft
from appeals.kinds import Kind
from appeals.territory import Territory
from text.addresses import find_addresses
from text.letters import skeleton
from text.words import words

PUBLIC_GROUPS = frozenset({"UTIL", "CITY", "ROAD"})
"""Groups of topics that concern everybody nearby; all others are matters of one person."""
SHARED_KINDS = frozenset({None, Kind.APPLICATION, Kind.REPORT})
"""Kinds by which people ask for the same thing; a complaint is about one's own right, a proposal is one's own."""

_TYPES = frozenset(
    skeleton(word)
    for word in (
        "улица ул проспект пр просп переулок пер бульвар микрорайон мкр шоссе набережная проезд көше көшесі даңғыл "
        "даңғылы тұйық тұйығы бульвары ықшамаудан ықшамауданы ықшам шағын аудан ауданы шағынауданы жағалау жағалауы"
    ).split()
)
_ENDINGS = "аеиоуюя"


@dataclass(frozen=True, slots=True)
class Matter:
    """topic: code. place: КАТО code. street: a key to compare by, not for showing; empty where none was named."""

    topic: str
    place: str
    street: str = ""


def matter_of(draft: Draft, territory: Territory) -> Matter | None:
    """The common matter of an appeal; None for what is nobody else's, and for a place too wide to be the same."""
    topic, place = draft.topic or "", territory.find(draft.place) if draft.place else None
    if topic.partition(".")[0] not in PUBLIC_GROUPS or draft.kind not in SHARED_KINDS or place is None:
        return None
    street = street_key(draft.address or "")
    if place.level == 1 and (place.type == "region" or not street):
        return None
    return Matter(topic, place.code, street)


def street_key(address: str) -> str:
    """The street of an address as it is compared: «ул. Абая, 15» and «Абай көшесі 7» give the same; empty for none."""
    street = next((mention.value for mention in find_addresses(address) if mention.kind == "street"), "")
    keys = [skeleton(word) for word in words(street)]
    # Without the ending that a name takes in one language and not in the other: Абая and Абай, Мира and Мир.
    return " ".join(key.rstrip(_ENDINGS) or key for key in keys if key not in _TYPES)
