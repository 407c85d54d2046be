"""Says what changed against the last published figures, what of it is more than chance, and where it was lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from pathlib import Path
from typing import Any

from citizen_nlu.content import key_of
from citizen_nlu.intervals import wilson

LOWER_IS_BETTER = frozenset(
    "out_of_scope_acted_on lookalikes_taken_for_emergencies false_alarms_elsewhere false_mixed false_other".split()
)
ALWAYS_SHOWN = frozenset({"all", "safety"})
LABELS_SHOWN = 10
CHANCE = 0.05
TABLES = ("<!-- tables -->\n", "<!-- /tables -->\n")
"""Between these lines the report is put into the page that publishes it."""


class Share(float):
    """A share that still knows what it was counted on; rounded to four places."""

    right: int
    of: int

    def __new__(cls, right: int, of: int) -> Share:
        """`of` is at least 1."""
        share = super().__new__(cls, round(right / of, 4))
        share.right, share.of = right, of
        return share


@dataclass(frozen=True)
class Judged:
    """One held-out message: its label, and whether the first guess was right."""

    text: str
    label: str
    right: bool

    @property
    def key(self) -> str:
        """Names the message without telling it."""
        return hashlib.sha256(key_of(self.text).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Change:
    """A figure then and now, and the interval of the difference (now less then) at 95 %."""

    group: str
    figure: str
    then: Share
    now: Share

    @property
    def interval(self) -> tuple[float, float]:
        """Newcombe's, from Wilson's; careful, for it takes the two for different messages."""
        then, now = self.then.right / self.then.of, self.now.right / self.now.of
        (then_low, then_high), (now_low, now_high) = (
            wilson(self.then.right, self.then.of),
            wilson(self.now.right, self.now.of),
        )
        below = sqrt((now - now_low) ** 2 + (then_high - then) ** 2)
        above = sqrt((now_high - now) ** 2 + (then - then_low) ** 2)
        return now - then - below, now - then + above

    @property
    def verdict(self) -> str:
        """better, worse or within noise."""
        low, high = self.interval
        if low <= 0 <= high:
            return "within noise"
        return "better" if (low > 0) != (self.figure in LOWER_IS_BETTER) else "worse"


def counted(report: Mapping[str, Any], judged: Sequence[Judged]) -> dict[str, Any]:
    """The report as counts, ready to be published and compared with."""
    groups = {**report["groups"], "safety": report["safety"], "languages": report["languages"]}
    figures = {
        group: {name: [s.right, s.of] for name, s in named.items() if isinstance(s, Share)}
        for group, named in groups.items()
    }
    labels: dict[str, list[int]] = {}
    for one in judged:
        for name in dict.fromkeys((one.label, _topic_group(one.label))):
            right_of = labels.setdefault(name, [0, 0])
            right_of[0] += one.right
            right_of[1] += 1
    figures |= {name: {"first": labels.pop(name)} for name in sorted(labels) if name.endswith(".*")}
    return {
        "thresholds": report["thresholds"],
        "held_out": hashlib.sha256(
            " ".join(sorted(f"{o.key}{o.label}" for o in judged)).encode()
        ).hexdigest(),
        "figures": figures,
        "labels": dict(sorted(labels.items())),
        "wrong": sorted(one.key for one in judged if not one.right),
    }


def _topic_group(label: str) -> str:
    return ".".join(label.split(".")[:2]) + ".*" if label.startswith("topic.") else label


def compared(then: Mapping[str, Any], now: Mapping[str, Any], judged: Sequence[Judged]) -> str:
    """The differences as Markdown: what is beyond noise, messages lost and won, the labels that lost most."""
    lines = ["### Against the published figures", ""]
    same = then["held_out"] == now["held_out"]
    if not same:
        lines += ["The held-out messages are others than those the published figures were counted on.", ""]
    if then["thresholds"] != now["thresholds"]:
        lines += ["The thresholds are others than the published ones.", ""]
    changes = list(_changes(then["figures"], now["figures"]))
    shown = [c for c in changes if c.group in ALWAYS_SHOWN or c.verdict != "within noise"]
    lines += [
        "| group | figure | published | now | difference (95 %) | |",
        "| --- | --- | ---: | ---: | ---: | --- |",
    ]
    lines += map(_row, shown)
    lines += ["", f"The other {len(changes) - len(shown)} figures are within noise.", ""]
    if same:
        lines += [_lost_and_won(set(then["wrong"]), judged), ""]
    return "\n".join([*lines, *_labels(then["labels"], now["labels"])])


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for group, named in now.items():
        for figure, (right, of) in named.items():
            if before := then.get(group, {}).get(figure):
                yield Change(group, figure, Share(*before), Share(right, of))


def _row(change: Change) -> str:
    low, high = change.interval
    difference = f"{_percent(change.now - change.then)} ({_percent(low)} … {_percent(high)})"
    cells = (
        change.group,
        change.figure.replace("_", " "),
        _percent(change.then, ""),
        _percent(change.now, ""),
        difference,
    )
    return f"| {' | '.join(cells)} | {change.verdict} |"


def _percent(share: float, sign: str = "+") -> str:
    return f"{share * 100:{sign}.1f} %"


def _lost_and_won(wrong_then: set[str], judged: Sequence[Judged]) -> str:
    """The same messages before and after: a sign test sees more than two shares do."""
    lost = sum(one.key not in wrong_then for one in judged if not one.right)
    won = sum(one.key in wrong_then for one in judged if one.right)
    verdict = "more than chance" if sign_test(lost, won) < CHANCE else "within noise"
    return f"First guesses, message by message: {won} won, {lost} lost – {verdict} (sign test, 95 %)."


def sign_test(lost: int, won: int) -> float:
    """The probability that a fair coin falls at least so unevenly, on either side."""
    tosses = lost + won
    tail = sum(comb(tosses, heads) for heads in range(min(lost, won) + 1))
    return min(1.0, 2 * tail / 2**tosses)


def _labels(then: Mapping[str, Sequence[int]], now: Mapping[str, Sequence[int]]) -> list[str]:
    changes = [
        Change(label, "first", Share(*then[label]), Share(*now[label])) for label in now if label in then
    ]
    lost = sorted((c for c in changes if c.now < c.then), key=lambda c: (c.now - c.then) * c.now.of)
    if not lost:
        return ["No label lost anything.", ""]
    lines = [
        "Labels that lost most, by messages:",
        "",
        "| label | published | now | |",
        "| --- | ---: | ---: | --- |",
    ]
    for change in lost[:LABELS_SHOWN]:
        then_, now_ = (f"{share.right} of {share.of}" for share in (change.then, change.now))
        lines.append(f"| {change.group} | {then_} | {now_} | {change.verdict} |")
    return [*lines, ""]


def publish(page: Path, counts: Mapping[str, Any], tables: str) -> None:
    """Put the tables into the page and the counts into the JSON file beside it. ValueError without the marks."""
    text = page.read_text("utf-8")
    before, begins, rest = text.partition(TABLES[0])
    _, ends, after = rest.partition(TABLES[1])
    if not begins or not ends:
        raise ValueError(f"{page}: the lines {TABLES[0].strip()} and {TABLES[1].strip()} are expected")
    page.with_suffix(".json").write_text(_json(counts), "utf-8")
    page.write_text(f"{before}{begins}\n{tables.strip()}\n\n{ends}{after}", "utf-8")


def _json(counts: Mapping[str, Any]) -> str:
    """Two levels on lines of their own, so that a change can be read in a diff."""
    parts = []
    for name, value in counts.items():
        if isinstance(value, dict) and name != "thresholds":
            inner = ",\n".join(f"    {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
            parts.append(f"  {json.dumps(name)}: {{\n{inner}\n  }}")
        else:
            parts.append(f"  {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
