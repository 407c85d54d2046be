"""The understanding report: `python -m citizen_nlu.evaluate --act 0.55 …` on held-out messages, at the caller's thresholds."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citizen_nlu import entity_report
from citizen_nlu.comparison import Judged, Share, compared, counted, publish
from citizen_nlu.content import Measured, read_held_out
from citizen_nlu.labels import KINDS, OTHER, kind_of
from citizen_nlu.train import MODEL, NLU

PAGE = NLU.parent / "docs" / "evaluation.md"
SHOWN = 3
"""Guesses offered as buttons at most."""
SHORT = 3
"""Words of a message that counts as short for language detection."""
COLUMNS = {
    "messages": "messages",
    "coverage": "acts on",
    "right_acting": "right where it acts",
    "first": "first guess",
    "in_three": "in the three",
    "offered": "acts or offers it",
    "language": "language",
}


@dataclass(frozen=True)
class Thresholds:
    """What the assistant acts at; the caller knows, this package does not."""

    act: float
    act_dialog: float
    offer: float
    lead: float
    emergency: float
    emergency_words: float


@dataclass(frozen=True)
class Outcome:
    """One message and what was made of it."""

    row: Measured
    source: str
    answer: dict[str, Any]
    cried: str | None = None
    """The kind of danger the caller finds by words alone, before any understanding."""

    @property
    def guess(self) -> str | None:
        """The first label."""
        return self.answer["intent"]["name"]

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """All guesses with their confidence."""
        return [(guess["name"], guess["confidence"]) for guess in self.answer["intent_ranking"]]

    def alarm(self, at: Thresholds) -> str | None:
        """The kind of danger that would be answered before anything else."""
        danger = self.answer.get("danger")
        probability = danger["confidence"] if danger else float(self.cried is not None)
        if danger and probability >= at.emergency:
            return danger["name"]
        return f"emergency.{self.cried}" if self.cried and probability >= at.emergency_words else None

    def acted(self, at: Thresholds) -> str | None:
        """The label the assistant would act upon."""
        if (danger := self.alarm(at)) is not None:
            return danger
        if self.guess is None or kind_of(self.guess) in (OTHER, "emergency"):
            return None
        confidence, rest = self.ranking[0][1], self.ranking[1:]
        needed = at.act_dialog if kind_of(self.guess) == "dialog" else at.act
        return (
            self.guess if confidence >= needed and (not rest or confidence - rest[0][1] >= at.lead) else None
        )

    def offers(self, at: Thresholds) -> list[str]:
        """The guesses shown as buttons."""
        return [
            label for label, confidence in self.ranking[:SHOWN] if confidence >= at.offer and label != OTHER
        ]


def _share(of: Iterable[bool]) -> Share | None:
    values = list(of)
    return Share(sum(values), len(values)) if values else None


def measure(outcomes: Sequence[Outcome], at: Thresholds) -> dict[str, float | int | None]:
    """The figures of one group of messages; out-of-scope ones count for `first` and `language` only."""
    inside = [outcome for outcome in outcomes if outcome.row.label != OTHER]
    acting = [outcome for outcome in inside if outcome.acted(at)]
    return {
        "messages": len(outcomes),
        "coverage": _share(outcome.acted(at) is not None for outcome in inside),
        "right_acting": _share(outcome.acted(at) == outcome.row.label for outcome in acting),
        "first": _share(outcome.guess == outcome.row.label for outcome in outcomes),
        "in_three": _share(
            outcome.row.label in [name for name, _ in outcome.ranking[:SHOWN]] for outcome in inside
        ),
        "offered": _share(
            acted == outcome.row.label
            if (acted := outcome.acted(at))
            else outcome.row.label in outcome.offers(at)
            for outcome in inside
        ),
        "language": _share(
            outcome.answer["language"]["code"] == outcome.row.language for outcome in outcomes
        ),
    }


def safety(outcomes: Sequence[Outcome], at: Thresholds) -> dict[str, float | int | None]:
    """What must not go wrong: acting out of scope, missing an emergency, crying wolf at a look-alike."""
    outside = [outcome for outcome in outcomes if outcome.row.label == OTHER]
    danger = [outcome for outcome in outcomes if kind_of(outcome.row.label) == "emergency"]
    calm = [outcome for outcome in outcomes if kind_of(outcome.row.label) != "emergency"]
    alike = [outcome for outcome in calm if outcome.source == "emergency"]

    def alarm(outcome: Outcome) -> bool:
        return outcome.alarm(at) is not None

    def understood(outcome: Outcome) -> bool:
        danger = outcome.answer.get("danger")
        return bool(danger) and danger["confidence"] >= at.emergency

    return {
        "out_of_scope": len(outside),
        "out_of_scope_acted_on": _share(outcome.acted(at) is not None for outcome in outside),
        "emergencies": len(danger),
        "emergencies_caught": _share(alarm(outcome) for outcome in danger),
        "emergencies_caught_by_words": _share(outcome.cried is not None for outcome in danger),
        "emergencies_caught_by_understanding": _share(understood(outcome) for outcome in danger),
        "emergencies_of_the_right_kind": _share(outcome.alarm(at) == outcome.row.label for outcome in danger),
        "lookalikes": len(alike),
        "lookalikes_taken_for_emergencies": _share(alarm(outcome) for outcome in alike),
        "lookalikes_naming_words_of_danger": _share(outcome.cried is not None for outcome in alike),
        "false_alarms_elsewhere": _share(alarm(outcome) for outcome in calm if outcome.source != "emergency"),
    }


def languages(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """How often the code is right, by what makes it hard; and how often mixed and other are said falsely."""

    def right(chosen: Callable[[Measured], bool]) -> float | None:
        rows = [outcome for outcome in outcomes if chosen(outcome.row)]
        return _share(outcome.answer["language"]["code"] == outcome.row.language for outcome in rows)

    def falsely(code: str) -> float | None:
        rows = [outcome for outcome in outcomes if outcome.row.language != code]
        return _share(outcome.answer["language"]["code"] == code for outcome in rows)

    def short(row: Measured) -> bool:
        return len(row.text.split()) <= SHORT

    ours = ("kk", "ru")
    return {
        "sentences": right(lambda row: row.language in ours and row.script == "cyrl" and not short(row)),
        "short": right(lambda row: row.language in ours and row.script == "cyrl" and short(row)),
        "letterless": right(
            lambda row: row.language == "kk" and row.script == "cyrl_noletters" and not short(row)
        ),
        "short_letterless": right(
            lambda row: row.language == "kk" and row.script == "cyrl_noletters" and short(row)
        ),
        "latin": right(lambda row: row.language in ours and row.script == "latn"),
        "mixed": right(lambda row: row.language == "mixed"),
        "false_mixed": falsely("mixed"),
        "other": right(lambda row: row.language == "other"),
        "false_other": falsely("other"),
        "script": _share(
            outcome.answer["language"]["script"] == outcome.row.script
            for outcome in outcomes
            if outcome.row.language != "other"
        ),
    }


def calibration(outcomes: Sequence[Outcome]) -> list[dict[str, float | int | None]]:
    """Tenths of confidence: how many messages, and how many of these were right."""
    tenths = []
    for low in range(10):
        group = [o for o in outcomes if o.guess and min(int(o.answer["intent"]["confidence"] * 10), 9) == low]
        tenths.append(
            {"from": low / 10, "messages": len(group), "right": _share(o.guess == o.row.label for o in group)}
        )
    return tenths


def calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    """Expected calibration error: how far confidence and share of right first guesses are apart, over the tenths."""
    guessed = [o for o in outcomes if o.guess]
    gap = 0.0
    for low in range(10):
        tenth = [o for o in guessed if min(int(o.answer["intent"]["confidence"] * 10), 9) == low]
        right = sum(o.guess == o.row.label for o in tenth)
        gap += abs(sum(o.answer["intent"]["confidence"] for o in tenth) - right)
    return round(gap / len(guessed), 4) if guessed else None


def report(outcomes: Sequence[Outcome], at: Thresholds) -> dict[str, Any]:
    """All figures; shares between 0 and 1, None where there is nothing to count.

    Messages without a label count for the languages only.
    """
    labelled = [outcome for outcome in outcomes if outcome.row.label]
    groups: dict[str, Callable[[Outcome], bool]] = {"all": lambda _outcome: True}
    for kind in KINDS:
        groups[kind] = lambda outcome, kind=kind: kind_of(outcome.row.label) == kind
    for code in ("kk", "ru", "mixed", "other"):
        groups[f"language {code}"] = lambda outcome, code=code: outcome.row.language == code
    for script in ("cyrl", "cyrl_noletters", "latn"):
        groups[f"script {script}"] = lambda outcome, script=script: outcome.row.script == script
    return {
        "thresholds": vars(at),
        "groups": {name: measure([o for o in labelled if chosen(o)], at) for name, chosen in groups.items()},
        "safety": safety(labelled, at),
        "languages": languages(outcomes),
        "calibration": calibration(labelled),
        "calibration_error": {
            code: calibration_error([o for o in labelled if o.row.language == code])
            for code in ("kk", "ru", "mixed")
        },
    }


def _cell(value: float | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value * 100:.1f} %"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"### {title}", "", f"| {' | '.join(head)} |", "| --- |" + " ---: |" * (len(head) - 1)] + [
        f"| {' | '.join(row)} |" for row in rows
    ] + [""]  # fmt: skip


def markdown(figures: dict[str, Any]) -> str:
    """The report as Markdown tables."""
    at = ", ".join(f"{name} {value:g}" for name, value in figures["thresholds"].items())
    lines = ["## Understanding of held-out messages", "", f"Thresholds: {at}.", ""]
    rows = [
        [name, *(_cell(group[column]) for column in COLUMNS)] for name, group in figures["groups"].items()
    ]
    lines += _table("Labels", ["group", *COLUMNS.values()], rows)
    for title in ("safety", "languages"):
        named = [[name.replace("_", " "), _cell(value)] for name, value in figures[title].items()]
        lines += _table(title.capitalize(), ["what", "value"], named)
    tenths = [
        [f"{row['from']:.1f}–", _cell(row["messages"]), _cell(row["right"])] for row in figures["calibration"]
    ]
    lines += _table("Calibration", ["confidence", "messages", "right"], tenths)
    errors = [[name, _cell(value)] for name, value in figures["calibration_error"].items()]
    return "\n".join(lines + _table("Expected calibration error", ["language", "value"], errors))


def main() -> int:
    """Exit status 1: there is nothing to measure on."""
    parser = argparse.ArgumentParser(description="Measure the model on held-out messages.")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--held-out", type=Path, default=NLU / "data" / "held_out")
    parser.add_argument(
        "--mentions", type=Path, default=entity_report.HELD_OUT, help="messages with marked mentions"
    )
    parser.add_argument("--act", type=float, default=0.55, help="confidence to act at")
    parser.add_argument(
        "--act-dialog", type=float, default=None, help="the same for dialogue acts (default: --act)"
    )
    parser.add_argument("--offer", type=float, default=0.25, help="confidence to offer as a button")
    parser.add_argument("--lead", type=float, default=0.0, help="lead over the second guess needed to act")
    parser.add_argument("--emergency", type=float, default=0.5, help="probability a danger counts from")
    parser.add_argument(
        "--emergency-words", type=float, default=0.0, help="the same where words name the danger"
    )
    parser.add_argument(
        "--cries",
        type=Path,
        default=None,
        help="JSON object: the messages that name a danger by words, with its kind",
    )
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of Markdown")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the figures are published")
    parser.add_argument(
        "--publish", action="store_true", help="publish the figures instead of comparing them"
    )
    options = parser.parse_args()
    files = sorted(options.held_out.glob("*.tsv"))
    if not files:
        print(f"no held-out messages in {options.held_out}", file=sys.stderr)
        return 1
    from citizen_nlu.serve import Model  # importing Rasa takes a second

    model = Model(options.model)
    cries = json.loads(options.cries.read_text("utf-8")) if options.cries else {}
    outcomes = [
        Outcome(row, path.stem, model.parse(row.text), cries.get(row.text))
        for path in files
        for row in read_held_out(path)
    ]
    act_dialog = options.act if options.act_dialog is None else options.act_dialog
    at = Thresholds(
        options.act, act_dialog, options.offer, options.lead, options.emergency, options.emergency_words
    )
    figures = report(outcomes, at)
    mentions = entity_report.score(entity_report.read_file(options.mentions))
    if options.json:
        print(
            json.dumps({**figures, "mentions": entity_report.figures(mentions)}, ensure_ascii=False, indent=2)
        )
        return 0
    tables = "\n".join(
        [markdown(figures), *_table("Mentions", entity_report.HEAD, entity_report.rows(mentions))]
    )
    print(tables)
    judged = [Judged(o.row.text, o.row.label, o.guess == o.row.label) for o in outcomes]
    counts, published = counted(figures, judged), options.page.with_suffix(".json")
    if options.publish:
        publish(options.page, counts, tables)
    elif published.exists():
        print(compared(json.loads(published.read_text("utf-8")), counts, judged))
    else:
        print("No figures have been published yet to compare with: `make eval-publish`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
