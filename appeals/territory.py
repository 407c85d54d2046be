"""The administrative division of Kazakhstan (КАТО): where a matter is decides which body answers for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from appeals import place_names as names
from appeals.near_names import Distance, NearNames
from appeals.place import LEVELS, Place, PlaceMatch
from appeals.place_choice import BARE_ORDER, PROOFS
from appeals.place_search import PlaceIndex
from appeals.place_words import words_of
from text.addresses import find_addresses
from text.bilingual import Bilingual
from text.tokens import Token

__all__ = ["LEVELS", "Place", "PlaceMatch", "Territory", "TerritoryError", "build"]

_CODE_DIGITS = 9
# The zeros at the end of a code for each level above.
_PARENT_DIGITS = (6, 4, 2)
_EARTH_KM = 6371.0
_NEAR_KM = 250.0
_LONGEST_TEXT = 10_000
_BARE_ANSWER, _LONGEST_ANSWER = 2, 4
# What encloses others: named beside a misspelt name, it says where that is to be looked for.
_ENCLOSING = frozenset({"region", "district", "city", "city_rep"})
_IN_NEED_OF_SUPPORT = frozenset({"okrug", "village", "settlement", "city_district"})


class TerritoryError(ValueError):
    """Content that is no territory; `problems` has them all."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Territory:
    """All known places, with the way up and down and a search in free text. Immutable once built."""

    def __init__(
        self,
        places: Iterable[Place],
        ordinary: Mapping[str, Iterable[str]] | None = None,
        supported: Iterable[str] = (),
    ) -> None:
        """`ordinary`: names that are also other words, by the proof they need: keys of `PROOFS`.

        `supported`: codes of places that a text must speak for in more ways than by their name.
        """
        ordered = sorted(places, key=lambda place: place.code)
        self._places = {place.code: place for place in ordered}
        self._children: dict[str | None, list[Place]] = {}
        for place in sorted(
            ordered, key=lambda place: (place.level, list(LEVELS).index(place.type), place.code)
        ):
            self._children.setdefault(place.parent, []).append(place)
        self._points = [(place, *place.point) for place in ordered if place.point]
        self._index = PlaceIndex(
            [(place, tuple(above.code for above in self.path(place.code)[:-1])) for place in ordered],
            ordinary or {},
            frozenset(supported),
        )
        self._well_known = frozenset(self._places).difference(supported)
        self._near = NearNames(place for place in ordered if place.type != "okrug")

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, object]],
        ordinary: Mapping[str, Iterable[str]] | None = None,
        official: Iterable[Mapping[str, object]] = (),
    ) -> Territory:
        """Build from rows {code, type, kk, ru, aliases?, at?: [lat, lon]}; the parent is read from the code.

        `official`: rows of the whole classifier. Where both have a code the official name holds, and the other
        one stays as an alias; small places known from it alone count only with support (`place_choice.SUPPORT`).
        TerritoryError names every bad row: a code that is not 9 digits or given twice, an unknown type, a
        missing name or region, a point outside the globe.
        """
        problems: list[str] = []
        good: dict[str, Mapping[str, object]] = {}
        for number, row in enumerate(rows, start=1):
            _take(good, row, f"place {number}", problems)
        whole: dict[str, Mapping[str, object]] = {}
        for number, row in enumerate(official, start=2):
            _take(whole, row, f"line {number} of the classifier", problems)
        supported = [
            code for code in whole.keys() - good.keys() if whole[code]["type"] in _IN_NEED_OF_SUPPORT
        ]
        good = {code: _merged(good.get(code), whole.get(code)) for code in (good.keys() | whole.keys())}
        parents = {code: _parent(code, good) for code in good}
        problems += [
            f"place {code}: its region is missing"
            for code, parent in parents.items()
            if parent is None and LEVELS[str(good[code]["type"])] > 1
        ]
        if problems:
            raise TerritoryError(problems)
        return cls((_place(row, parents[code]) for code, row in good.items()), ordinary, supported)

    def __len__(self) -> int:
        return len(self._places)

    def all(self) -> tuple[Place, ...]:
        """Every place, by code."""
        return tuple(self._places.values())

    def get(self, code: str) -> Place:
        """The place with this code; KeyError when there is none."""
        return self._places[code]

    def find(self, code: str) -> Place | None:
        """The place with this code, if known."""
        return self._places.get(code)

    def children(self, code: str | None) -> tuple[Place, ...]:
        """The places right below `code`, or the regions and cities of republican significance for None."""
        return tuple(self._children.get(code, ()))

    def path(self, code: str) -> tuple[Place, ...]:
        """The place and all above it, region first; KeyError for an unknown code."""
        place = self._places[code]
        way = [place]
        while place.parent is not None:
            place = self._places[place.parent]
            way.append(place)
        return tuple(reversed(way))

    def label(self, code: str) -> Bilingual:
        """The whole name: «Ақмола облысы, Бурабай ауданы». Okrugs above a settlement are left out."""
        way = self.path(code)
        shown = [place for place in way if place.type != "okrug" or place is way[-1]]
        return Bilingual(
            ", ".join(place.name.kk for place in shown), ", ".join(place.name.ru for place in shown)
        )

    def search(self, text: str, limit: int = 5, known: str | None = None) -> list[PlaceMatch]:
        """Places named in a sentence, best first: inflected, old and short names, letterless and Latin too.

        A place named together with one above it comes alone. Empty when nothing is named with enough
        certainty. `known`: the code of a place the citizen is known to be in, which settles namesakes. Only the
        first 10 000 characters are read.
        """
        way = frozenset(place.code for place in self.path(known)) if known in self._places else frozenset()
        return self._index.search(text[:_LONGEST_TEXT], way)[: max(limit, 0)]

    def near(self, text: str, limit: int = 3, known: str | None = None) -> list[Place]:
        """Places that an answer may mean by a name it spells in no known way, likeliest first: to be asked about.

        Only what `search` leaves unread is looked at, within the region or district it has found, if any; of a whole story
        no more than the words that stand as places do. Small villages are too near to other words to be meant by more
        than one or two of them, unless a word for a type or a place around is beside. `known`: as for `search`; what is
        nearer to it comes first.
        """
        text = text[:_LONGEST_TEXT]
        words, found = words_of(text), self.search(text, known=known)
        around = {match.place.code for match in found if match.place.type in _ENCLOSING}
        if found and not around:
            return []
        read = [(match.start, match.end) for match in found]
        read += [(mention.start, mention.end) for mention in find_addresses(text, places=read)]
        told = len(words) > _LONGEST_ANSWER
        runs = _standing_as_places(text, words, read) if told else _runs_between(words, read)
        distances: dict[Place, Distance] = {}
        for run in runs:
            for place, distance in self._near.near(run, alone=len(words) == 1).items():
                distances[place] = min(distance, distances.get(place, distance))
        way = {place.code for place in self.path(known)} if known in self._places else set[str]()

        def rank(place: Place) -> tuple[Distance, int, bool, int, str]:
            shared = sum(above.code in way for above in self.path(place.code))
            order = BARE_ORDER.index(place.type)
            return distances[place], -shared, place.code not in self._well_known, order, place.code

        bare = len(words) <= _BARE_ANSWER or any(names.is_type(word.folded) for word in words)
        possible = [
            place
            for place in distances
            if (not around or not around.isdisjoint(above.code for above in self.path(place.code)[:-1]))
            and (place.code in self._well_known or (not told and (around or bare)))
        ]
        return sorted(possible, key=rank)[: max(limit, 0)]

    def nearest(self, lat: float, lon: float, within_km: float = _NEAR_KM) -> tuple[Place, float] | None:
        """The place with a known point nearest to the given one (degrees), and the distance in km.

        None for no point on the globe or none near enough. A hint to be confirmed: points are approximate,
        borders unknown.
        """
        if not _on_globe(lat, lon):
            return None
        near = [(_distance_km(lat, lon, *point), place) for place, *point in self._points]
        if not near:
            return None
        km, place = min(near, key=lambda pair: (pair[0], -pair[1].level, pair[1].code))
        return (place, km) if km <= within_km else None


def _runs_between(words: Sequence[Token], read: Sequence[tuple[int, int]]) -> Iterator[list[Token]]:
    """The words outside of what was read, in runs that nothing else parts."""
    run: list[Token] = []
    for word in words:
        if word.is_number or names.is_type(word.folded) or _is_read(word, read):
            yield run
            run = []
        else:
            run.append(word)
    yield run


def _is_read(word: Token, read: Sequence[tuple[int, int]]) -> bool:
    return any(start < word.end and word.start < end for start, end in read)


def _standing_as_places(
    text: str, words: Sequence[Token], read: Sequence[tuple[int, int]]
) -> Iterator[list[Token]]:
    """Unread words with capitals in a row that a preposition, a Kazakh suffix or a word for a type makes a place."""
    run: list[Token] = []
    for at, word in enumerate((*words, None)):
        stands = word is not None and text[word.start].isupper() and not word.is_number
        if word and stands and not names.is_type(word.folded) and not _is_read(word, read):
            if run and text[run[-1].end : word.start] != " ":
                yield from _placed(words, at - len(run), run)
                run = []
            run.append(word)
        elif run:
            yield from _placed(words, at - len(run), run)
            run = []


def _placed(words: Sequence[Token], at: int, run: list[Token]) -> Iterator[list[Token]]:
    """The run that begins at word `at`, if what is beside it or its ending makes it a place."""
    before, after = words[max(at - 1, 0) : at], words[at + len(run) : at + len(run) + 1]
    placed = any(word.folded in names.PLACE_PREPOSITIONS for word in before)
    placed = placed or any(key.endswith(tuple(names.LOCATIVE_SUFFIXES)) for word in run for key in word.keys)
    if placed or any(names.is_type(word.folded) for word in (*before, *after)):
        yield run


def area(code: str) -> tuple[str, str]:
    """The first and the last code of a place and all below it; ValueError for no code."""
    if len(code) != _CODE_DIGITS or not (code.isascii() and code.isdigit()):
        raise ValueError(f"no code of a place: {code}")
    own = next((code[:digits] for digits in reversed(_PARENT_DIGITS) if not int(code[digits:])), code)
    return own.ljust(_CODE_DIGITS, "0"), own.ljust(_CODE_DIGITS, "9")


def build(data: Mapping[str, object], official: Iterable[Mapping[str, object]] = ()) -> Territory:
    """The territory from parsed content {places: [row, …], ordinary: {key of `PROOFS`: [name, …]}}.

    `official`: see `Territory.from_rows`.
    """
    rows, ordinary = data.get("places"), data.get("ordinary", {})
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise TerritoryError(["territory: 'places' must be a list"])
    if not isinstance(ordinary, Mapping) or not all(_is_list_of_names(names) for names in ordinary.values()):
        raise TerritoryError(["territory: 'ordinary' must hold lists of names"])
    unknown = sorted(set(ordinary) - set(PROOFS))
    if unknown:
        raise TerritoryError([f"territory: no such list under 'ordinary': {', '.join(map(str, unknown))}"])
    return Territory.from_rows(rows, ordinary, official)


def _take(
    into: dict[str, Mapping[str, object]], row: Mapping[str, object], where: str, problems: list[str]
) -> None:
    problem = _row_problem(row)
    code = str(row.get("code")) if isinstance(row, Mapping) else ""
    if problem or code in into:
        problems.append(f"{where} ({code}): {problem or 'the code is given twice'}")
    else:
        into[code] = row


def _merged(ours: Mapping[str, object] | None, official: Mapping[str, object] | None) -> Mapping[str, object]:
    """One row of a place both know: the official name, our type, aliases and point."""
    if ours is None or official is None:
        return ours or official or {}
    if all(_is_same_name(str(ours[side]), str(official[side])) for side in ("kk", "ru")):
        return ours
    known = ours.get("aliases", ())
    aliases = [*(known if isinstance(known, Sequence) else ()), ours["kk"], ours["ru"]]
    return {**ours, "kk": official["kk"], "ru": official["ru"], "aliases": aliases}


def _is_same_name(ours: str, official: str) -> bool:
    """Whether the names are one; the classifier shortens some: «С.Сейфуллин»."""
    full, short = names.core(ours), names.core(official)
    return full == short or (len(short) > 1 and len(short[0]) == 1 and full[-1:] == short[-1:])


def _is_list_of_names(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(name, str) for name in value)
    )


def _row_problem(row: object) -> str | None:
    if not isinstance(row, Mapping):
        return "is not a row"
    code, kind = row.get("code"), row.get("type")
    if not isinstance(code, str) or len(code) != _CODE_DIGITS or not (code.isascii() and code.isdigit()):
        return "the code must be a string of 9 digits"
    if kind not in LEVELS:
        return f"unknown type {kind!r}"
    if not all(isinstance(row.get(side), str) and str(row[side]).strip() for side in ("kk", "ru")):
        return "needs its name in kk and ru"
    if not _is_list_of_names(row.get("aliases", ())):
        return "aliases must be a list of names"
    at = row.get("at")
    if at is not None and not (isinstance(at, Sequence) and len(at) == 2 and _on_globe(at[0], at[1])):
        return "'at' must be [latitude, longitude] in degrees"
    return None


def _parent(code: str, known: Mapping[str, object]) -> str | None:
    for digits in _PARENT_DIGITS:
        above = code[:digits].ljust(_CODE_DIGITS, "0")
        if above != code and above in known:
            return above
    return None


def _place(row: Mapping[str, object], parent: str | None) -> Place:
    kind, at, aliases = str(row["type"]), row.get("at"), row.get("aliases", ())
    return Place(
        code=str(row["code"]),
        parent=parent,
        level=LEVELS[kind],
        type=kind,
        name=Bilingual(str(row["kk"]), str(row["ru"])),
        aliases=tuple(str(name) for name in aliases) if isinstance(aliases, Sequence) else (),
        point=(float(at[0]), float(at[1])) if isinstance(at, Sequence) else None,
    )


def _on_globe(lat: object, lon: object) -> bool:
    if not isinstance(lat, (int, float)) or not isinstance(lon, (int, float)):
        return False
    return -90 <= lat <= 90 and -180 <= lon <= 180


def _distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
