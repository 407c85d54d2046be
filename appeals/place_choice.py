"""Which of the places a text may name it does name: context proves the doubtful and settles namesakes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appeals import place_names as names
from appeals.place import Place
from text.tokens import Token

# How names that are also other words are treated.
PROOFS: Mapping[str, str] = {
    "everyday": "everyday word (жақсы): a type word, or a capital right beside a place above it",
    "namesake": "person, river (Абай): as everyday, or nothing but the name, or «Абайда» inside a sentence",
    "widespread": "settlement met in many districts (Николаевка): a place above it, or nothing but the name",
    "never": "whole word that only looks like an inflected name (арыстан): not a place",
    "capital": "rarer word (арал): a capital, a suffix of place, a place above it, or nothing but the name",
}
# The proof of a place that is known from the official file alone: villages are called «Победа», «Достық», «Асан».
SUPPORT = "support"

_SIDE_GAP = re.compile(r"[ \t\u00a0.,\"'«»“”„()-]*")
# Which of several namesakes a bare name means first.
BARE_ORDER = ("city_rep", "city", "region", "town", "settlement", "village", "district", "city_district")
_WELL_KNOWN = frozenset({"city_rep", "city"})
_SETTLED = frozenset({"town", "settlement", "village"})
_OF_A_REGION = "0000000"

_CONFIRMED, _TYPED, _BARE, _ADJECTIVE_ALONE, _AMBIGUOUS, _ALTERNATIVE = 0.97, 0.95, 0.85, 0.6, 0.5, 0.4
_OLD_NAME_LESS = 0.1


@dataclass(frozen=True, slots=True)
class Term:
    """One name of one place. `forms`: per word, the skeletons it may take; `bases`: its first forms."""

    place: Place
    above: tuple[str, ...]
    forms: tuple[frozenset[str], ...]
    bases: tuple[str, ...]
    adjective: bool
    alias: bool
    proof: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A term met in the text; `suffix`: the Kazakh one after it; `nominative`: in its first form."""

    term: Term
    suffix: str | None
    nominative: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first`–`last` of the text and what they may mean; `typed`: with a word for the type."""

    first: int
    last: int
    readings: tuple[Reading, ...]
    typed: bool
    capital: bool
    inside_sentence: bool
    after_preposition: bool
    lived_in: bool = False
    closes: bool = False
    """`lived_in`: «живу в …», «…да тұрамын»; `closes`: an end, a mark or a number follows."""


def settle(
    text: str, words: Sequence[Token], mentions: Sequence[Mention], known: frozenset[str] = frozenset()
) -> list[tuple[Mention, Place, float]]:
    """The readings that stand, each with its score from 0 to 1; a place above a confirmed one is left out.

    `known`: codes the citizen is known to be in; they prove nothing, but settle namesakes.
    """
    alone = _nothing_else(words, mentions)
    single = alone and len(mentions) == 1
    sure = [_standing(mention, alone=alone, single=single) for mention in mentions]
    named = [_foremost(mention, readings) for mention, readings in zip(mentions, sure, strict=True)]
    times_named = Counter(code for codes in named for code in codes)
    settled: list[tuple[Mention, Place, float]] = []
    spent: set[str] = set()
    for index, mention in enumerate(mentions):
        above = {code for reading in mention.readings for code in reading.term.above}
        elsewhere = {code for code in above if times_named[code] > (code in named[index])}
        beside = _named_beside(text, words, mentions, named, index)
        confirmed = [r for r in mention.readings if _confirmed(mention, r, elsewhere, beside)]
        if _is_well_known_city(mention, sure[index]):
            # «Астана, Алматы» are two cities, not a city and its district; «Жуалы ауданы, Алатау» is no city.
            confirmed = [
                r for r in confirmed if r.term.place.type in _WELL_KNOWN or _in_district(r, elsewhere)
            ]
        if confirmed:
            spent.update(code for reading in confirmed for code in reading.term.above)
            deepest = max(len(elsewhere.intersection(reading.term.above)) for reading in confirmed)
            best = [r for r in confirmed if len(elsewhere.intersection(r.term.above)) == deepest]
            settled += _scored(mention, best, _CONFIRMED)
        elif sure[index]:
            near = _nearest(sure[index], known)
            settled += _scored(mention, near or sure[index], _TYPED if mention.typed or near else _BARE)
    return [row for row in settled if not _is_spent(row[0], row[1], spent)]


def _is_spent(mention: Mention, place: Place, spent: set[str]) -> bool:
    """Whether a place below this one was confirmed: then its namesakes are not meant either."""
    if place.code in spent:
        return True
    return mention.typed and any(reading.term.place.code in spent for reading in mention.readings)


def _in_district(reading: Reading, named: set[str]) -> bool:
    """Whether a village is read of which the district is named, not only the region."""
    below = {code for code in named.intersection(reading.term.above) if not code.endswith(_OF_A_REGION)}
    return reading.term.place.type in _SETTLED and bool(below)


def _nearest(readings: Sequence[Reading], known: frozenset[str]) -> list[Reading]:
    """The readings that share most of the way down to where the citizen is known to be; none if they share nothing."""
    shared = [len(known.intersection((r.term.place.code, *r.term.above))) for r in readings]
    most = max(shared)
    return [r for r, codes in zip(readings, shared, strict=True) if codes == most] if most else []


def _named_beside(
    text: str, words: Sequence[Token], mentions: Sequence[Mention], named: Sequence[set[str]], index: int
) -> set[str]:
    """Codes named by the neighbours of a mention, with nothing but blanks and commas between."""
    beside: set[str] = set()
    if index and _is_beside(text, words, mentions[index - 1], mentions[index]):
        beside |= named[index - 1]
    if index + 1 < len(mentions) and _is_beside(text, words, mentions[index], mentions[index + 1]):
        beside |= named[index + 1]
    return beside


def _nothing_else(words: Sequence[Token], mentions: Sequence[Mention]) -> bool:
    """Whether the message is nothing but names of places (and prepositions)."""
    covered = {at for mention in mentions for at in range(mention.first, mention.last + 1)}
    return all(at in covered or word.folded in names.PLACE_PREPOSITIONS for at, word in enumerate(words))


def _standing(mention: Mention, *, alone: bool, single: bool) -> tuple[Reading, ...]:
    """The readings that need no other place; a district of the name comes before the villages called like it."""
    standing = tuple(r for r in mention.readings if _stands(mention, r, alone=alone, single=single))
    if mention.typed or mention.lived_in:
        return standing
    return tuple(r for r in standing if r.term.proof != SUPPORT) or standing


def _stands(mention: Mention, reading: Reading, *, alone: bool, single: bool) -> bool:
    """Whether a reading needs no other place to be believed."""
    term = reading.term
    clear_form = reading.nominative or reading.suffix is not None or mention.after_preposition
    if term.adjective and not mention.typed:
        return alone
    if term.proof == SUPPORT:
        return mention.typed or mention.lived_in or (single and clear_form)
    if term.proof == "widespread" and not (mention.typed and term.place.type == "settlement"):
        return alone and clear_form
    if mention.typed or term.proof is None:
        return True
    placed = reading.suffix in names.LOCATIVE_SUFFIXES or (
        mention.after_preposition and not reading.nominative
    )
    if term.proof == "capital":
        return mention.capital or placed or reading.suffix in names.TOWARDS_SUFFIXES or (alone and clear_form)
    if term.proof == "namesake":
        return (alone and clear_form) or (mention.capital and mention.inside_sentence and placed)
    return False


def _confirmed(mention: Mention, reading: Reading, elsewhere: set[str], beside: set[str]) -> bool:
    """Whether a place above the one read is named in the text, near enough for how doubtful the name is."""
    term = reading.term
    if term.adjective and not mention.typed:
        return False
    if term.proof == SUPPORT and not (mention.typed or mention.lived_in):
        placed = reading.suffix in names.LOCATIVE_SUFFIXES or mention.after_preposition
        addressed = not beside.isdisjoint(term.above) and (mention.capital or mention.closes)
        if not addressed and not (placed and (mention.capital or not beside.isdisjoint(term.above))):
            return False
    if term.proof in ("everyday", "namesake") and not mention.typed:
        return mention.capital and not beside.isdisjoint(term.above)
    return not elsewhere.isdisjoint(term.above)


def _foremost(mention: Mention, readings: Sequence[Reading]) -> set[str]:
    if mention.typed or not readings:
        return {reading.term.place.code for reading in readings}
    first = min(_bare_rank(reading) for reading in readings)
    return {reading.term.place.code for reading in readings if _bare_rank(reading) == first}


def _is_well_known_city(mention: Mention, readings: Sequence[Reading]) -> bool:
    return not mention.typed and any(reading.term.place.type in _WELL_KNOWN for reading in readings)


def _bare_rank(reading: Reading) -> int:
    return BARE_ORDER.index(reading.term.place.type)


def _is_beside(text: str, words: Sequence[Token], left: Mention, right: Mention) -> bool:
    if right.first != left.last + 1:
        return False
    return _SIDE_GAP.fullmatch(text, words[left.last].end, words[right.first].start) is not None


def _scored(
    mention: Mention, readings: Sequence[Reading], score: float
) -> list[tuple[Mention, Place, float]]:
    first = min(_bare_rank(reading) for reading in readings) if not mention.typed else 0
    foremost = [reading for reading in readings if mention.typed or _bare_rank(reading) == first]
    rows = []
    for reading in readings:
        place = reading.term.place
        if reading not in foremost:
            if BARE_ORDER[first] in _WELL_KNOWN or score == _CONFIRMED:
                continue
            own = _ALTERNATIVE
        elif reading.term.proof == SUPPORT and score == _BARE and not mention.lived_in:
            own = _ALTERNATIVE
        elif len(foremost) > 1 or _is_doubtful(mention, reading, score):
            own = _AMBIGUOUS
        elif reading.term.adjective and not mention.typed:
            own = _ADJECTIVE_ALONE
        else:
            own = score - (_OLD_NAME_LESS if reading.term.alias else 0)
        rows.append((mention, place, own))
    return rows


def _is_doubtful(mention: Mention, reading: Reading, score: float) -> bool:
    """Whether nothing but the brevity of the message speaks for this reading."""
    proof = reading.term.proof
    unproved = proof == "widespread" or (proof == "namesake" and not mention.typed)
    return unproved and score != _CONFIRMED
