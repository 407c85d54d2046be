"""The administrative division of Kazakhstan (КАТО): where a matter is decides which body answers for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from appeals import place_names as names
from appeals.place import LEVELS, Place, PlaceMatch
from appeals.place_choice import PROOFS
from appeals.place_search import PlaceIndex
from text.bilingual import Bilingual

__all__ = ["LEVELS", "Place", "PlaceMatch", "Territory", "TerritoryError", "build"]

_CODE_DIGITS = 9
# The zeros at the end of a code for each level above.
_PARENT_DIGITS = (6, 4, 2)
_EARTH_KM = 6371.0
_NEAR_KM = 250.0
_LONGEST_TEXT = 10_000
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
