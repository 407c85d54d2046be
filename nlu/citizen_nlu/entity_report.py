"""Measures the finder of mentions on messages in which they are marked: `[Щучьада](place:117020100) су жоқ`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from citizen_nlu.entities import Entity, find_entities

_MARK = re.compile(r"\[([^\]\n]+)\]\((\w+)(?::([^)\n]*))?\)")
ANY = "all"
HELD_OUT = Path(__file__).parents[1] / "data" / "entities" / "held_out.tsv"


class Span(NamedTuple):
    """A mention as marked or found. `value`: None where the mark gives none."""

    kind: str
    start: int
    end: int
    value: str | None


@dataclass(frozen=True)
class Marked:
    """A message without its marks, and what they said."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Score:
    """One kind's figures: shares between 0 and 1, None where there is nothing to count."""

    marked: int
    found: int
    right: int
    valued: int
    right_values: int

    @property
    def precision(self) -> float | None:
        """Of the spans found, those marked."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of the spans marked, those found."""
        return self.right / self.marked if self.marked else None

    @property
    def f1(self) -> float | None:
        """Of both; a span counts with its kind and both ends exact."""
        return 2 * self.right / (self.marked + self.found) if self.marked + self.found else None

    @property
    def values(self) -> float | None:
        """Of the spans rightly found and marked with a value, those with this value."""
        return self.right_values / self.valued if self.valued else None


def read_marked(line: str) -> Marked:
    """A line of a marked file."""
    text, spans, behind = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[behind : mark.start()]
        spans.append(Span(mark[2], len(text), len(text) + len(mark[1]), mark[3]))
        text, behind = text + mark[1], mark.end()
    return Marked(text + line[behind:], tuple(spans))


def read_file(path: Path) -> list[Marked]:
    """All messages of a marked file, one a line."""
    return [read_marked(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def span_of(entity: Entity) -> Span:
    """What was found, with the code as a place's value, «?» for one left open."""
    if entity.name == "place":
        return Span("place", entity.start, entity.end, entity.codes[0] if len(entity.codes) == 1 else "?")
    return Span(entity.name, entity.start, entity.end, str(entity.value))


def score(messages: Iterable[Marked]) -> dict[str, Score]:
    """Figures per kind, and of all kinds together under `ANY`."""
    counts = {name: Counter[str]() for name in ("marked", "found", "right", "valued", "right_values")}
    for message in messages:
        marked = {span[:3]: span for span in message.spans}
        found = {span[:3]: span for span in map(span_of, find_entities(message.text))}
        for key, span in marked.items():
            value = found[key].value if key in found else None
            counts["marked"].update([span.kind, ANY])
            counts["right"].update([span.kind, ANY] if key in found else [])
            counts["valued"].update([span.kind, ANY] if key in found and span.value else [])
            counts["right_values"].update([span.kind, ANY] if span.value and value == span.value else [])
        counts["found"].update(name for span in found.values() for name in (span.kind, ANY))
    kinds = sorted((set(counts["marked"]) | set(counts["found"])) - {ANY})
    return {kind: Score(*(counts[name][kind] for name in counts)) for kind in (ANY, *kinds)}


def rows(scores: dict[str, Score]) -> list[Sequence[str]]:
    """The cells of a table, under `HEAD`."""
    return [
        [kind, str(one.marked), *(_share(share) for share in (one.precision, one.recall, one.f1, one.values))]
        for kind, one in scores.items()
    ]


def figures(scores: dict[str, Score]) -> dict[str, dict[str, float | int | None]]:
    """The same as plain values."""
    return {
        kind: {
            "marked": one.marked,
            "precision": one.precision,
            "recall": one.recall,
            "f1": one.f1,
            "values": one.values,
        }
        for kind, one in scores.items()
    }


HEAD = ("kind", "marked", "precision", "recall", "F1", "value right")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"
