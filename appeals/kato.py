"""The official classifier КАТО (ӘАОЖ) as the product's own rows: every fault told with its line, marks written out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_CODE = re.compile(r"[0-9]{9}")
_HEAD = ("code", "type", "kk", "ru", "lat", "lon")
_CITY_REGIONS = frozenset({"71", "75", "79"})
"""Cities of republican significance by the first two digits of a code."""
OFFICIAL_COLUMNS = ("te", "ab", "cd", "ef", "hij", "k", "kaz_name", "rus_name", "nn")
PLAIN_COLUMNS = ("code", "parent", "level", "name_kk", "name_ru")
_PARTS = (("ab", 0, 2), ("cd", 2, 4), ("ef", 4, 6), ("hij", 6, 9))


class KatoError(ValueError):
    """A file that is no classifier; `problems` has every fault, with its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class PlaceRow(NamedTuple):
    """One place as the product's file holds it: `type` of `place.LEVELS`, clean names, a point in degrees."""

    code: str
    type: str
    kk: str
    ru: str
    lat: str = ""
    lon: str = ""


@dataclass(frozen=True)
class Classifier:
    """What was read: the rows that the product takes, and how many it leaves out of each sort."""

    rows: tuple[PlaceRow, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


class _Style(NamedTuple):
    """How a type's marks look in the classifier, and how it is written out; «{}» is the name."""

    ru_marks: str
    ru: str
    kk_marks: str
    kk: str


_STYLES: Mapping[str, _Style] = {
    "city_rep": _Style(r"г\.", "город {}", r"қ\.", "{} қаласы"),
    "region": _Style("", "{}", "", "{}"),
    "city": _Style(r"г\.?\s?а\.?", "город {}", r"(?:қ\.?\s?ә|г\.?\s?а)\.?", "{} қаласы"),
    "district": _Style("", "{}", "", "{}"),
    "city_district": _Style("", "{}", "", "{}"),
    "town": _Style(r"г\.", "город {}", r"қ\.", "{} қаласы"),
    "settlement": _Style(r"п\.", "посёлок {}", r"к\.", "{} кенті"),
    "village": _Style(r"с\.|а\.|аул |село ", "село {}", r"а\.", "{} ауылы"),
    "station": _Style(r"ст\.|рзд\.", "станция {}", r"ст\.|рзд\.|станциясы", "{} станциясы"),
    "rural_okrug": _Style(r"с\.\s?о\.?", "{} сельский округ", r"а\.\s?[оo]\.?", "{} ауылдық округі"),
    "village_akimat": _Style(
        r"с\.\s?а\.?", "{} сельская администрация", r"а\.\s?ә\.?", "{} ауылдық әкімдігі"
    ),
    "town_akimat": _Style(r"г\.\s?а\.?", "{} городская администрация", r"қ\.\s?ә\.?", "{} қалалық әкімдігі"),
    "settlement_akimat": _Style(
        r"п\.\s?а\.?", "{} поселковая администрация", r"к\.\s?ә\.?", "{} кенттік әкімдігі"
    ),
    "district_akimat": _Style(
        r"р\.\s?а\.?", "{} районная администрация", r"а\.\s?ә\.?", "{} аудандық әкімдігі"
    ),
}
# What the product calls them; the rest keep their name. Stations are villages to a citizen.
_TYPES = {
    "station": "village", "rural_okrug": "okrug", "village_akimat": "okrug", "town_akimat": "okrug",
    "settlement_akimat": "okrug", "district_akimat": "okrug",
}  # fmt: skip
# The sort of a row of level 3 or 4 by the mark in its Russian name; the first that fits is taken.
_OKRUGS = (
    ("rural_okrug", r"^с\.\s?о\.|с\.\s?о\.?$"), ("village_akimat", r"^с\.\s?а\.|с\.\s?а\.?$"), ("town_akimat", r"г\.\s?а\.?$"),
    ("settlement_akimat", r"^п\.\s?а\.|п\.\s?а\.?$"), ("district_akimat", r"^р\.\s?а\.|р\.\s?а\.?$"), ("the city itself", r"^г\."),
)  # fmt: skip
_PLACES = (
    ("town", r"г\."),
    ("settlement", r"п\."),
    ("village", r"(?:с|а)\.|(?:село|аул) "),
    ("station", r"(?:ст|рзд)\."),
    ("city_district", r"район |.* район$"),
)
_NAMED_AFTER = re.compile(r"\bатын\.\s?")
_NAMED_AFTER_RU = re.compile(r"\bим\.\s?")
# Letters of an old Kazakh font.
_OLD_LETTERS = str.maketrans("ЌќўЎїЇјЈ", "ҚқұҰүҮәӘ")


def classify(
    table: Iterable[Sequence[str]], points: Mapping[str, tuple[str, str]] | None = None
) -> Classifier:
    """The classifier from the rows of a table, its header first.

    Two shapes are understood: the official workbook's columns (te, ab, cd, ef, hij, k, kaz_name, rus_name, nn), and
    code, parent, level, name_kk, name_ru. `points`: latitude and longitude by code. KatoError with every fault:
    codes that are not nine digits, given twice or at odds with their parts, empty names, rows whose region or
    district is missing.
    """
    lines = iter(table)
    head = [cell.strip().lower() for cell in next(lines, ())]
    plain = set(PLAIN_COLUMNS) <= set(head)
    if not plain and not set(OFFICIAL_COLUMNS) - {"k", "nn"} <= set(head):
        raise KatoError(
            [f"line 1: the columns must be {', '.join(OFFICIAL_COLUMNS)} or {', '.join(PLAIN_COLUMNS)}"]
        )
    problems: list[str] = []
    known: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            problems.append(f"line {number}: {len(cells)} columns instead of {len(head)}")
            continue
        row = {name: " ".join(cell.split()) for name, cell in zip(head, cells, strict=True)}
        row = row if plain else _plain(row)
        faults = _faults(row, numbers)
        problems += [f"line {number}: {fault}" for fault in faults]
        if not faults:
            known[row["code"]], numbers[row["code"]] = row, number
    problems += [
        f"line {numbers[code]}: {fault}" for code, row in known.items() for fault in _orphaned(row, known)
    ]
    if problems:
        raise KatoError(sorted(problems, key=lambda line: int(line[5 : line.index(":")])))
    return _written_out(known, points or {})


def _plain(row: Mapping[str, str]) -> dict[str, str]:
    """A row of the official workbook in the plain shape; its parts are kept to be checked against the code."""
    parts = {name: row[name].zfill(end - start) for name, start, end in _PARTS}
    return {"code": row["te"], "name_kk": row["kaz_name"], "name_ru": row["rus_name"], **parts}


def _faults(row: Mapping[str, str], seen: Mapping[str, int]) -> list[str]:
    code = row["code"]
    if not _CODE.fullmatch(code):
        return [f"the code {code!r} is not nine digits"]
    faults = [f"the code {code} was given in line {seen[code]} already"] if code in seen else []
    faults += [f"{code} has no {column}" for column in ("name_kk", "name_ru") if not row[column]]
    odd = [name for name, start, end in _PARTS if name in row and row[name] != code[start:end]]
    return faults + ([f"{code} does not fit its {', '.join(odd)}"] if odd else [])


def _orphaned(row: Mapping[str, str], known: Mapping[str, object]) -> list[str]:
    code = row["code"]
    if row.get("parent") and row["parent"] not in known:
        return [f"the parent {row['parent']} of {code} is missing"]
    above = (
        [code[:2].ljust(9, "0")]
        if code[:2] in _CITY_REGIONS
        else [code[:2].ljust(9, "0"), code[:4].ljust(9, "0")]
    )
    return [f"{code} stands below {missing}, which is missing" for missing in above if missing not in known]


def _written_out(known: Mapping[str, Mapping[str, str]], points: Mapping[str, tuple[str, str]]) -> Classifier:
    rows: list[PlaceRow] = []
    left_out: Counter[str] = Counter()
    for code in sorted(known):
        kk, ru = (
            known[code][side].translate(_OLD_LETTERS if side == "name_kk" else {})
            for side in ("name_kk", "name_ru")
        )
        kind = _kind(code, ru)
        if kind not in _STYLES:
            left_out[kind] += 1
            continue
        style = _STYLES[kind]
        lat, lon = points.get(code, ("", ""))
        rows.append(PlaceRow(code, _TYPES.get(kind, kind), _kazakh(kk, style), _russian(ru, style), lat, lon))
    return Classifier(tuple(rows), dict(left_out))


def _kind(code: str, ru: str) -> str:
    """The sort of a unit, from its code and the mark in its Russian name."""
    in_city_region = code[:2] in _CITY_REGIONS
    if code.endswith("0000000"):
        return "city_rep" if in_city_region else "region"
    if in_city_region:
        return "city_district"
    if code.endswith("00000"):
        return "city" if re.search(_STYLES["city"].ru_marks + "$", ru, re.IGNORECASE) else "district"
    if code.endswith("000"):
        return next((kind for kind, mark in _OKRUGS if re.search(mark, ru.lower())), "rural_okrug")
    return next((kind for kind, mark in _PLACES if re.match(mark, ru, re.IGNORECASE)), "minor point")


def _russian(name: str, style: _Style) -> str:
    name = _NAMED_AFTER_RU.sub("имени ", name)
    if not style.ru_marks:
        return name[0].lower() + name[1:] if name.lower().startswith("район ") else name
    bare = re.sub(
        rf"^(?:{style.ru_marks})\s*|\s*(?<![^\W\d_])(?:{style.ru_marks})$", "", name, flags=re.IGNORECASE
    ).strip(" .")
    written = style.ru.format(bare or name)
    opening = re.match(style.ru_marks, name, re.IGNORECASE)
    # «с.о. Атамекен» is «сельский округ Атамекен», «Аккольский с.о.» «Аккольский сельский округ».
    if style.ru.startswith("{}") and opening:
        return f"{style.ru.removeprefix('{} ')} {bare}"
    return written


def _kazakh(name: str, style: _Style) -> str:
    if not style.kk_marks:
        return _NAMED_AFTER.sub("атындағы ", name)
    bare = re.sub(
        rf"^(?:{style.kk_marks})\s*|\s*(?:(?<=\s)|(?<=\.))(?:{style.kk_marks})$",
        "",
        name,
        flags=re.IGNORECASE,
    )
    return style.kk.format(_NAMED_AFTER.sub("атындағы ", bare).strip(" ."))


def read_points(table: Iterable[Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Latitude and longitude by code, from rows with columns code, lat and lon; KatoError for others."""
    lines = iter(table)
    head = [cell.strip().lower() for cell in next(lines, ())]
    if not {"code", "lat", "lon"} <= set(head):
        raise KatoError(["line 1: the columns of a file of points must be code, lat, lon"])
    at = [head.index(name) for name in ("code", "lat", "lon")]
    points: dict[str, tuple[str, str]] = {}
    problems: list[str] = []
    for number, cells in enumerate(lines, start=2):
        code, lat, lon = (cells[place].strip() if place < len(cells) else "" for place in at)
        if not _CODE.fullmatch(code) or not _is_degrees(lat, 90) or not _is_degrees(lon, 180):
            problems.append(f"line {number}: a code, a latitude and a longitude in degrees are expected")
        else:
            points[code] = (lat, lon)
    if problems:
        raise KatoError(problems)
    return points


def _is_degrees(value: str, most: float) -> bool:
    return re.fullmatch(r"-?\d{1,3}(\.\d{1,8})?", value) is not None and abs(float(value)) <= most


def write_places(rows: Iterable[PlaceRow], path: Path) -> None:
    """The product's file: tab-separated, a header, one place a line. Replaced whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text("".join("\t".join(cells) + "\n" for cells in (_HEAD, *rows)), "utf-8")
    fresh.replace(path)


def read_places(path: Path) -> list[dict[str, object]]:
    """The rows of the product's file, for `territory.build`; OSError or KatoError when it is none."""
    head, *lines = path.read_text("utf-8").splitlines() or [""]
    if head.split("\t") != list(_HEAD):
        raise KatoError([f"{path.name} was not written by appeals.import_kato"])
    return [_as_row(number, line.split("\t")) for number, line in enumerate(lines, start=2)]


def _as_row(number: int, cells: Sequence[str]) -> dict[str, object]:
    if len(cells) != len(_HEAD):
        raise KatoError([f"line {number}: {len(cells)} columns instead of {len(_HEAD)}"])
    code, kind, kk, ru, lat, lon = cells
    row: dict[str, object] = {"code": code, "type": kind, "kk": kk, "ru": ru}
    if lat and lon:
        try:
            row["at"] = (float(lat), float(lon))
        except ValueError:
            raise KatoError([f"line {number}: {lat}, {lon} is no point"]) from None
    return row
