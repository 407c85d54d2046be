"""Finding the places a citizen names in passing, and only those: in doubt a word is not a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from appeals import place_names as names
from appeals.place import Place, PlaceMatch
from appeals.place_choice import SUPPORT, Mention, Reading, Term, settle
from appeals.place_words import read_on, words_of
from appeals.village_names import VillageNames
from text.letters import KAZAKH_LETTERS, fold, skeleton
from text.tokens import Token, is_joined, is_one_of

_SENTENCE_END = re.compile(r"[.!?…\n]")
_LATIN_WORD = re.compile(r"[a-zà-ɏ]+")
_SHORTEST_STEM = 3
_SETTLED = frozenset({"town", "settlement", "village"})

_TYPES_MEANT: Mapping[names.TypeWord, tuple[frozenset[str], ...]] = {
    "region": (frozenset({"region"}),),
    "district": (frozenset({"district", "city_district"}),),
    "city": (frozenset({"city_rep", "city", "town"}), frozenset({"settlement", "village"})),
    "settlement": (frozenset({"settlement"}), frozenset({"village"})),
    # A village is often called as its okrug is.
    "village": (frozenset({"settlement", "village"}), frozenset({"okrug"})),
    "okrug": (frozenset({"okrug"}),),
}


_VILLAGE_TYPES = frozenset({"settlement", "village", "okrug", "district"})
# Words of an answer that may be nothing but a village.
_BARE_ANSWER = 4
# «жақсы ауыл» is a good village, «Жақсы ауылы» the village of Жақсы.
_NEED_OWNED = frozenset({"everyday", SUPPORT})
# The score from which a place binds the villages of a message.
_NAMED = 0.5


@dataclass(frozen=True, slots=True)
class _Near:
    """What the message says besides: `named` places by their type, `known` codes; `alone`: it is very short."""

    named: Mapping[str, str]
    known: frozenset[str]
    alone: bool
    codes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", self.known | set(self.named))

    @property
    def bound(self) -> bool:
        """Whether a region or a district is named: a village elsewhere is then not meant."""
        return any(kind in ("region", "district") for kind in self.named.values())


class PlaceIndex:
    """All names of all places, ready for search. Built once; search is linear in the length of the text."""

    def __init__(
        self,
        places: Iterable[tuple[Place, tuple[str, ...]]],
        ordinary: Mapping[str, Iterable[str]],
        supported: frozenset[str] = frozenset(),
    ) -> None:
        """`places`: each with the codes above it. `ordinary`: names per key of `PROOFS`, in any spelling.

        `supported`: codes of places that count only with something to support them (`place_choice.SUPPORT`).
        """
        proofs = {
            _joined(names.core(name)): proof
            for proof, listed in ordinary.items()
            for name in listed
            if proof != "never"
        }
        self._never = frozenset(fold(word) for word in ordinary.get("never", ()))
        self._by_first: dict[str, list[Term]] = {}
        self._by_base: dict[str, list[Term]] = {}
        self._openings: set[str] = set()
        villages: list[tuple[Place, tuple[str, ...]]] = []
        for place, above in places:
            if place.code in supported:
                villages.append((place, above))
                continue
            for term in _terms(place, above, proofs):
                for form in term.forms[0]:
                    self._by_first.setdefault(form, []).append(term)
                    self._openings.add(form[:_SHORTEST_STEM])
                if len(term.forms) == 1 and not term.adjective:
                    self._by_base.setdefault(term.bases[0], []).append(term)

        everyday = frozenset(name for name, proof in proofs.items() if proof == "everyday")
        self._villages = VillageNames(villages, everyday) if villages else None

    def search(self, text: str, known: frozenset[str] = frozenset()) -> list[PlaceMatch]:
        """All places named in `text`, best first. Positions are in `text`. `known`: see `settle`."""
        words = words_of(text)
        settled = settle(text, words, self._mentions(text, words, None), known)
        if self._villages:
            named = {place.code: place.type for _, place, score in settled if score >= _NAMED}
            mentions = self._mentions(text, words, _Near(named, known, alone=len(words) <= _BARE_ANSWER))
            settled = settle(text, words, mentions, known)
        found: dict[str, PlaceMatch] = {}
        for mention, place, score in settled:
            start, end = words[mention.first].start, words[mention.last].end
            match = PlaceMatch(place, start, end, text[start:end], round(score, 2))
            if place.code not in found or found[place.code].score < match.score:
                found[place.code] = match
        return sorted(
            found.values(),
            key=lambda match: (-match.score, -match.place.level, match.start, match.place.code),
        )

    def _mentions(self, text: str, words: Sequence[Token], near: _Near | None) -> list[Mention]:
        """Without `near` no villages that need support."""
        mentions: list[Mention] = []
        at = 0
        while at < len(words):
            mention = self._mention(text, words, at, near)
            if mention is None:
                at += 1
                continue
            mentions.append(mention)
            at = mention.last + 1
        return [mention for mention in mentions if not _names_something_else(text, words, mention)]

    def _mention(self, text: str, words: Sequence[Token], at: int, near: _Near | None) -> Mention | None:
        before = _type_before(text, words, at)
        if before:
            name_at = at + 1 + _is_named_after(words, at + 1)
            mention = self._named(text, words, (at, name_at), before, near) if name_at < len(words) else None
            if mention:
                return mention
        return self._named(text, words, (at, at), None, near)

    def _named(
        self,
        text: str,
        words: Sequence[Token],
        span: tuple[int, int],
        before: names.TypeWord | None,
        near: _Near | None,
    ) -> Mention | None:
        first, name_at = span
        word = words[name_at]
        # Most words stop here: no name begins like them.
        opens = any(key[:_SHORTEST_STEM] in self._openings for key in word.keys)
        if not opens and near is None:
            return None
        if word.folded in self._never or _in_address(text, word):
            return None
        by_length = self._readings(text, words, name_at) if opens else {}
        if near and self._villages:
            self._add_villages(by_length, text, words, name_at, before, near)
        for length in sorted(by_length, reverse=True):
            end = name_at + length - 1
            readings = by_length[length]
            after = _type_after(text, words, end)
            if before:
                meant = _of_type(readings, before)
                if meant:
                    return _mention_of(text, words, (first, end), name_at, meant, typed=True)
                continue
            if after:
                kind, last, loose = after
                meant = _of_type([r for r in readings if not (loose and r.term.proof in _NEED_OWNED)], kind)
                if meant:
                    return _mention_of(text, words, (first, last), name_at, meant, typed=True)
                if not loose:
                    continue
            bare = tuple(reading for reading in readings if reading.term.place.type != "okrug")
            if bare:
                return _mention_of(text, words, (name_at, end), name_at, bare, typed=False)
        return None

    def _add_villages(
        self,
        by_length: dict[int, tuple[Reading, ...]],
        text: str,
        words: Sequence[Token],
        at: int,
        before: names.TypeWord | None,
        near: _Near,
    ) -> None:
        """Villages read from word `at`: those below a place named, or all where the text itself speaks for one."""
        for reading in self._villages.readings(text, words, at) if self._villages else ():
            last = at + reading.length - 1
            after = _type_after(text, words, last)
            openly = (
                near.alone or before in _VILLAGE_TYPES or (after is not None and after[0] in _VILLAGE_TYPES)
            )
            openly = openly or _is_lived_in(text, words, at, last, reading.suffix)
            chosen = reading.within(near.codes) or (reading.all() if openly and not near.bound else ())
            others = by_length.get(reading.length, ())
            told = {other.term.place.code for other in others}
            new = tuple(village for village in chosen if village.term.place.code not in told)
            if new:
                by_length[reading.length] = (*others, *new)

    def _readings(self, text: str, words: Sequence[Token], at: int) -> dict[int, tuple[Reading, ...]]:
        """Readings of the words from `at` on, by how many words they take; one reading per place."""
        found: dict[int, dict[str, Reading]] = {}
        for key in words[at].keys:
            for term in self._by_first.get(key, ()):
                read = read_on(text, words, at, term.forms, term.bases, key)
                if read:
                    _keep_better(found.setdefault(len(term.forms), {}), Reading(term, *read))
            for cut in range(len(key) - 1, max(len(key) - names.LONGEST_SUFFIX, _SHORTEST_STEM) - 1, -1):
                terms = self._by_base.get(key[:cut])
                suffix = names.suffix_fits(key[:cut], key[cut:]) if terms else None
                for term in terms or () if suffix else ():
                    _keep_better(found.setdefault(1, {}), Reading(term, suffix, nominative=False))
        return {length: tuple(readings.values()) for length, readings in found.items()}


def _terms(place: Place, above: tuple[str, ...], proofs: Mapping[str, str]) -> list[Term]:
    terms = [_term(place, above, place.name.kk, proofs, russian=False, alias=False)]
    terms.append(_term(place, above, place.name.ru, proofs, russian=True, alias=False))
    for alias in place.aliases:
        declined = not alias.isupper() and not any(letter in KAZAKH_LETTERS for letter in alias)
        terms.append(_term(place, above, alias, proofs, russian=declined, alias=True))
    return [term for term in terms if term.forms]


def _term(
    place: Place, above: tuple[str, ...], name: str, proofs: Mapping[str, str], *, russian: bool, alias: bool
) -> Term:
    core = names.core(name)
    proof = proofs.get(_joined(core))
    if proof == "widespread" and place.type not in _SETTLED:
        proof = None
    return Term(
        place=place,
        above=above,
        forms=tuple(names.russian_forms(word) if russian else frozenset({skeleton(word)}) for word in core),
        bases=tuple(skeleton(word) for word in core),
        adjective=russian and bool(core) and names.is_adjective(core[-1]),
        alias=alias,
        proof=proof,
    )


def _joined(core: Sequence[str]) -> str:
    return " ".join(skeleton(word) for word in core)


def _type_before(text: str, words: Sequence[Token], at: int) -> names.TypeWord | None:
    word = words[at]
    if len(word.folded) == 1 and text[word.end : word.end + 1] == ".":
        kind = names.DOTTED_BEFORE.get(word.folded)
    else:
        kind = next((names.RUSSIAN_TYPES[key] for key in word.keys if key in names.RUSSIAN_TYPES), None)
    if kind is None or at + 1 >= len(words) or not is_joined(text, word, words[at + 1]):
        return None
    return kind


def _is_named_after(words: Sequence[Token], at: int) -> bool:
    return at < len(words) and any(key in names.NAMED_AFTER for key in words[at].keys)


def _type_after(text: str, words: Sequence[Token], end: int) -> tuple[names.TypeWord, int, bool] | None:
    """The word for a type after a name: the type, the last word it takes, whether it may stand for itself.

    «Жақсы ауданы» is the district of Жақсы, «жақсы аудан» a good district.
    """
    at = end + 1 + _is_named_after(words, end + 1)
    if at >= len(words) or not is_joined(text, words[at - 1], words[at]):
        return None
    word = words[at]
    if len(word.folded) == 1:
        dotted = names.DOTTED_AFTER.get(word.folded) if text[word.end : word.end + 1] == "." else None
        return (dotted, at, True) if dotted else None
    if any(key in names.OKRUG_OPENERS for key in word.keys):
        following = words[at + 1].keys if at + 1 < len(words) else ()
        is_okrug = any(
            names.OWNED_TYPES.get(key) == "okrug" or names.LOOSE_TYPES.get(key) == "okrug"
            for key in following
        )
        return ("okrug", at + 1, False) if is_okrug else None
    for key in word.keys:
        if key in names.OWNED_TYPES:
            return names.OWNED_TYPES[key], at, False
        if key in names.LOOSE_TYPES:
            return names.LOOSE_TYPES[key], at, True
    return None


def _of_type(readings: Sequence[Reading], kind: names.TypeWord) -> tuple[Reading, ...]:
    for types in _TYPES_MEANT[kind]:
        meant = tuple(reading for reading in readings if reading.term.place.type in types)
        if meant:
            return meant
    return ()


def _mention_of(
    text: str,
    words: Sequence[Token],
    span: tuple[int, int],
    name_at: int,
    readings: tuple[Reading, ...],
    *,
    typed: bool,
) -> Mention:
    first, last = span
    opens = first == 0 or _SENTENCE_END.search(text, words[first - 1].end, words[first].start) is not None
    preposition = first > 0 and words[first - 1].folded in names.PLACE_PREPOSITIONS
    lived_in = any(_is_lived_in(text, words, first, last, reading.suffix) for reading in readings)
    closes = (
        last + 1 >= len(words)
        or not words[last + 1].folded.isalpha()
        or not is_joined(text, words[last], words[last + 1])
    )
    capital = text[words[name_at].start].isupper()
    return Mention(first, last, readings, typed, capital, not opens, preposition, lived_in, closes)


def _is_lived_in(text: str, words: Sequence[Token], first: int, last: int, suffix: str | None) -> bool:
    """«живу в Победе», «Бірлікте тұрамын», «Бірліктенмін»."""
    if suffix in names.FROM_SUFFIXES:
        return True
    if first and is_one_of(words[first - 1], names.RESIDENTS):
        return True
    if first > 1 and words[first - 1].folded in names.PLACE_PREPOSITIONS:
        out = words[first - 1].folded in names.OUT_OF
        return is_one_of(words[first - 2], names.LIVING | names.PERSONS if out else names.LIVING)
    if suffix is None or last + 1 >= len(words) or not is_joined(text, words[last], words[last + 1]):
        return False
    return is_one_of(words[last + 1], names.LIVING_AFTER)


def _keep_better(readings: dict[str, Reading], reading: Reading) -> None:
    known = readings.get(reading.term.place.code)
    if known is None or _quality(reading) > _quality(known):
        readings[reading.term.place.code] = reading


def _quality(reading: Reading) -> tuple[bool, bool, bool]:
    return (
        not reading.term.adjective,
        not reading.term.alias,
        reading.nominative or reading.suffix is not None,
    )


def _in_address(text: str, word: Token) -> bool:
    """Whether a word is a part of a web or mail address."""
    before, after = text[word.start - 1 : word.start], text[word.end : word.end + 2]
    if before in {"@", "_", "/"} or after[:1] in {"@", "_"}:
        return True
    return _LATIN_WORD.fullmatch(word.folded) is not None and after[:1] == "." and after[1:].islower()


def _names_something_else(text: str, words: Sequence[Token], mention: Mention) -> bool:
    """Whether a bare name is that of a street, a school, a river."""
    if mention.typed:
        return False
    if mention.first > 0:
        before = words[mention.first - 1]
        if is_joined(text, before, words[mention.first]) and any(
            key in names.NAMING_BEFORE for key in before.keys
        ):
            return True
    if mention.last + 1 < len(words):
        after = words[mention.last + 1]
        if is_joined(text, words[mention.last], after) and any(
            key in names.NAMING_AFTER for key in after.keys
        ):
            return not _numbered_district(text, words, mention.last + 1)
    return False


def _numbered_district(text: str, words: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` has a number for its name, «Көкшетау мкр 5»: it is no part of the name before it."""
    return (
        any(key in names.NUMBERED_DISTRICT for key in words[at].keys)
        and at + 1 < len(words)
        and words[at + 1].is_number
        and is_joined(text, words[at], words[at + 1])
    )
