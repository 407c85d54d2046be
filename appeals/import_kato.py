"""Takes over the official classifier of places: `python -m appeals.import_kato FILE [--points FILE]`."""

from __future__ import annotations

import argparse
import csv
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from appeals import place_names as names
from appeals.kato import KatoError, PlaceRow, classify, read_points, write_places
from appeals.load import load_territory
from appeals.territory import Territory

DEFAULT = Path("var/territory.tsv")
_SHOWN = 20
_CELL = re.compile(r"([A-Z]+)\d+")
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_table(path: Path) -> Iterator[list[str]]:
    """The rows of a .csv, .tsv or .xlsx file (its first sheet), header first; blank columns at the end cut off.

    Text is UTF-8 or UTF-16 with its mark; the separator is that of the header: tab, semicolon or comma.
    """
    if path.suffix.lower() == ".xlsx":
        yield from _sheet(path)
        return
    raw = path.read_bytes()
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    head, _, _ = text.partition("\n")
    separator = max("\t;,", key=head.count)
    lines = text.splitlines()
    # Names may hold a quotation mark; only a comma or a semicolon needs quoting.
    yield from (
        (line.split(separator) for line in lines)
        if separator == "\t"
        else csv.reader(lines, delimiter=separator)
    )


def _sheet(path: Path) -> Iterator[list[str]]:
    with zipfile.ZipFile(path) as book:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - the operator's own file
            shared = ["".join(item.itertext()) for item in strings.iter(_SPREADSHEET + "si")]
        with book.open("xl/worksheets/sheet1.xml") as sheet:
            width = 0
            for _, row in ElementTree.iterparse(sheet):  # noqa: S314
                if row.tag == _SPREADSHEET + "row":
                    cells = _cells(row, shared)
                    width = width or len(cells)
                    yield (cells + [""] * width)[: max(width, len(cells))]
                    row.clear()


def _cells(row: ElementTree.Element, shared: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(_SPREADSHEET + "c"):
        column = _column(cell.get("r", ""))
        cells += [""] * (column - len(cells))
        value = "".join(
            part.text or "" for part in cell.iter() if part.tag in (_SPREADSHEET + "v", _SPREADSHEET + "t")
        )
        cells.append(shared[int(value)] if cell.get("t") == "s" and value else value)
    return cells


def _column(reference: str) -> int:
    """0 for A1, 26 for AA1."""
    found = _CELL.fullmatch(reference)
    number = 0
    for letter in found[1] if found else "A":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def changes(rows: Sequence[PlaceRow], present: Territory) -> dict[str, list[str]]:
    """What the file brings beside the present places: lines under new, renamed, vanished."""
    codes = {row.code for row in rows}
    told: dict[str, list[str]] = {"new": [], "renamed": [], "vanished": []}
    for row in rows:
        place = present.find(row.code)
        if place is None:
            told["new"].append(f"{row.code} {row.ru}")
        elif names.core(place.name.ru) != names.core(row.ru) or names.core(place.name.kk) != names.core(
            row.kk
        ):
            told["renamed"].append(f"{row.code} {place.name.ru} ({place.name.kk}) → {row.ru} ({row.kk})")
    told["vanished"] = [f"{place.code} {place.name.ru}" for place in present.all() if place.code not in codes]
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1: the file has faults, nothing was written; 2: it cannot be read."""
    parser = argparse.ArgumentParser(description="Take over the official classifier of places (КАТО).")
    parser.add_argument("file", type=Path, help="the classifier as .xlsx, .csv or .tsv")
    parser.add_argument("--points", type=Path, help="latitude and longitude: a table with code, lat, lon")
    parser.add_argument(
        "--output", type=Path, default=DEFAULT, help=f"what the product loads (default {DEFAULT})"
    )
    parser.add_argument("--check", action="store_true", help="check and compare only, write nothing")
    options = parser.parse_args(arguments)
    say = sys.stdout.write
    try:
        points = read_points(read_table(options.points)) if options.points else {}
        read = classify(read_table(options.file), points)
        present = load_territory(classifier=options.output if options.output.exists() else None)
    except KatoError as error:
        say("".join(f"{problem}\n" for problem in error.problems))
        say(f"{len(error.problems)} faults; nothing was written\n")
        return 1
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        say(f"cannot read: {error}\n")
        return 2
    kinds = Counter(row.type for row in read.rows)
    say(
        f"{len(read.rows)} places: "
        + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        + "\n"
    )
    say(
        "left out: "
        + (", ".join(f"{kind} {count}" for kind, count in read.left_out.items()) or "nothing")
        + "\n"
    )
    say(f"with a point: {sum(bool(row.lat) for row in read.rows)}\n")
    for name, lines in changes(read.rows, present).items():
        say(f"{name}: {len(lines)}\n" + "".join(f"  {line}\n" for line in lines[:_SHOWN]))
        say(f"  … and {len(lines) - _SHOWN} more\n" if len(lines) > _SHOWN else "")
    if not options.check:
        write_places(read.rows, options.output)
        say(f"written to {options.output}; it is read at the next start\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
