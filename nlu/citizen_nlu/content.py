"""Reads every training example of the project and reports all that is wrong with them at once."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from text.letters import fold
from text.words import words

from citizen_nlu.labels import OTHER, is_label, kind_of

LANGUAGES = ("kk", "ru", "mixed")
LONGEST = 2000
FEWEST = 2
SENTENCE = 4
"""Words that make an everyday sentence, which no dialogue act can be mistaken for."""
SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+|\n+")
BY_TOPIC = ("topics", "phrases")
"""Folders with one file per group of topics: whole messages, and the vocabulary of each topic as short phrases."""
DEVELOPMENT = "development"
MEASURED = (DEVELOPMENT, "held_out")
SINGLE_FILES = {"dialog": "dialog.yml", "emergency": "emergency.yml"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(Exception):
    """The training content cannot be used; the message lists every problem, one per line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Example:
    """One thing a citizen might write, with its label and language (kk, ru, mixed, other or a foreign code)."""

    text: str
    label: str
    language: str


@dataclass(frozen=True)
class Measured:
    """One held-out message: the label, language (kk, ru, mixed, other) and script it should get.

    In a file that measures languages only, the label is empty and `group` names what makes the message hard.
    """

    text: str
    label: str
    language: str
    script: str
    group: str = ""


@dataclass
class Content:
    """All that training reads: labelled examples, text without a label whose language is known, and answers."""

    examples: list[Example] = field(default_factory=list)
    prose: list[tuple[str, str]] = field(default_factory=list)
    """(text, language): language is kk or ru."""
    answers: list[Example] = field(default_factory=list)
    """Whole answers with the label of their question: their words tell what it is about, though no citizen writes so."""
    development: list[Measured] = field(default_factory=list)
    """Labelled messages that confidence is calibrated on; never examples."""


def faq_folder(data: Path) -> Path:
    """`faq/` inside the data folder (a fixture), otherwise the content folder of the repository."""
    inside = data / "faq"
    return inside if inside.is_dir() else data.resolve().parents[1] / "faq" / "content"


def input_files(data: Path) -> list[Path]:
    """Every file the examples come from, sorted."""
    files = [
        *data.glob("*.yml"),
        *(f for name in BY_TOPIC for f in data.glob(f"{name}/*.yml")),
        *measured_files(data),
    ]
    return sorted(files) + sorted(faq_folder(data).rglob("*.yaml"))


def measured_files(data: Path) -> list[Path]:
    """Messages to measure with: looked at while choosing settings (`development`), or kept for the report (`held_out`)."""
    return [path for name in MEASURED for path in sorted((data / name).glob("*.tsv"))]


@lru_cache(maxsize=200_000)
def key_of(text: str) -> str:
    """What two texts share when they differ only in case, letters left out, blanks or punctuation."""
    return fold(" ".join(words(text))) or text.strip()


def read(data: Path) -> Content:
    """Reads the folder of training data and the FAQ beside it. ContentError with all problems."""
    reader = _Reader(data)
    reader.read_labelled()
    reader.read_other()
    reader.read_faq()
    reader.read_language()
    reader.check_duplicates()
    reader.check_counts()
    reader.read_measured()
    if not reader.content.examples:
        reader.problems.append(f"{data}: no examples")
    if reader.problems:
        raise ContentError(reader.problems)
    return reader.content


class _Reader:
    """One pass over the files, gathering content and problems."""

    def __init__(self, data: Path) -> None:
        self.data, self.content, self.problems = data, Content(), []

    def _mapping(self, path: Path) -> dict[str, Any]:
        try:
            content = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  a safe loader
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.problems.append(f"{path.name}: {' '.join(str(error).split())}")
            return {}
        if not isinstance(content, dict):
            self.problems.append(f"{path.name}: a mapping is expected")
            return {}
        return content

    def _texts(self, where: str, value: Any) -> Iterator[str]:
        if value is None:
            return
        if not isinstance(value, list):
            self.problems.append(f"{where}: a list is expected")
            return
        for text in value:
            if not isinstance(text, str) or not text.strip():
                self.problems.append(f"{where}: not a text: {text!r}")
            elif len(text) > LONGEST:
                self.problems.append(f"{where}: longer than {LONGEST} characters: {text[:40]!r}…")
            else:
                yield " ".join(text.split())

    def _add(self, where: str, label: str, by_language: Any, languages: tuple[str, ...] = LANGUAGES) -> None:
        if not is_label(label):
            self.problems.append(f"{where}: unknown label {label!r}")
            return
        if not isinstance(by_language, dict):
            self.problems.append(f"{where}: {label}: a mapping of languages is expected")
            return
        for language, value in by_language.items():
            if language not in languages:
                self.problems.append(f"{where}: {label}: unknown language {language!r}")
                continue
            for text in self._texts(f"{where}: {label}.{language}", value):
                self.content.examples.append(Example(text, label, language))

    def read_labelled(self) -> None:
        """Topics (one file per group) and the files with one mapping of names."""
        for path in sorted(path for name in BY_TOPIC for path in self.data.glob(f"{name}/*.yml")):
            for code, by_language in self._mapping(path).items():
                if str(code).partition(".")[0] != path.stem:
                    self.problems.append(f"{path.name}: {code} belongs into another file")
                self._add(path.name, f"topic.{code}", by_language)
        for kind, name in SINGLE_FILES.items():
            if (path := self.data / name).exists():
                for act, by_language in self._mapping(path).items():
                    self._add(name, f"{kind}.{act}", by_language)

    def read_other(self) -> None:
        """Out of scope, in our languages and in foreign ones."""
        path = self.data / "other.yml"
        if path.exists():
            mapping = self._mapping(path)
            self._add_foreign("other.yml: foreign", mapping.pop("foreign", None))
            self._add(path.name, OTHER, mapping)

    def _add_foreign(self, where: str, value: Any, language: str = "other") -> None:
        self.content.examples += [Example(text, OTHER, language) for text in self._texts(where, value)]

    def read_faq(self) -> None:
        """The question and its variants are examples; the answer is prose for the language detector, too."""
        for path in sorted(faq_folder(self.data).rglob("*.yaml")):
            entry = self._mapping(path)
            slug = entry.get("slug")
            if slug != path.stem:
                self.problems.append(f"{path.name}: slug {slug!r} differs from the file name")
                continue
            self._add(path.name, f"faq.{slug}", entry.get("examples") or {})
            for language, text in (entry.get("answer") or {}).items():
                if language in LANGUAGES and isinstance(text, str):
                    self.content.answers.append(Example(" ".join(text.split()), f"faq.{slug}", language))
                    sentences = (sentence.strip() for sentence in SENTENCE_END.split(text))
                    self.content.prose += [(s, language) for s in sentences if len(s.split()) > 1]
            for language, text in (entry.get("question") or {}).items():
                if language in LANGUAGES and isinstance(text, str):
                    question = Example(" ".join(text.split()), f"faq.{slug}", language)
                    self.content.examples.append(question)

    def read_language(self) -> None:
        """Everyday text: whole sentences are out of scope, single words and phrases show only their language."""
        path = self.data / "language.yml"
        if not path.exists():
            return
        for language, value in self._mapping(path).items():
            where = f"language.yml: {language}"
            if language not in ("kk", "ru"):
                self._add_foreign(where, value, language)
                continue
            for text in self._texts(where, value):
                if len(text.split()) >= SENTENCE:
                    self.content.examples.append(Example(text, OTHER, language))
                else:
                    self.content.prose.append((text, language))

    def check_duplicates(self) -> None:
        """One text under two labels teaches nothing but doubt; twice under one label it is counted double."""
        seen: dict[str, Example] = {}
        for example in self.content.examples:
            first = seen.setdefault(key_of(example.text), example)
            if first is not example and first.label != example.label:
                labels = f"{first.label} and {example.label}"
                self.problems.append(f"the same text under {labels}: {example.text[:80]!r}")
        unique = {e.text.lower(): e for e in reversed(self.content.examples)}
        self.content.examples = list(unique.values())[::-1]
        self.content.prose = list(dict.fromkeys(self.content.prose))

    def check_counts(self) -> None:
        """A label with a single example cannot be cross-validated, let alone learnt."""
        numbers = Counter(example.label for example in self.content.examples)
        for label in sorted(label for label, number in numbers.items() if number < FEWEST):
            self.problems.append(f"{label}: fewer than {FEWEST} examples")

    def read_measured(self) -> None:
        """What is measured on must not be trained on: labelled messages for the label, others for the language."""
        labelled = {key_of(e.text): f"training example of {e.label}" for e in self.content.examples}
        prose = {key_of(text): f"text in {language}" for text, language in self.content.prose}
        either = {**prose, **labelled}
        if not (self.data / DEVELOPMENT).is_dir():
            self.problems.append(f"{DEVELOPMENT}: messages to calibrate confidence on are needed")
        for path in measured_files(self.data):
            rows = read_held_out(path)
            if path.parent.name == DEVELOPMENT:
                self.content.development += [row for row in rows if row.label]
            for row in rows:
                trained = labelled if row.label else either
                if use := trained.get(key_of(row.text)):
                    self.problems.append(f"{path.name}: also a {use}: {row.text[:80]!r}")
        self.content.development = list({row.text: row for row in self.content.development}.values())


def read_held_out(path: Path) -> list[Measured]:
    """Rows of a held-out file. ContentError for a missing text, an unknown label or an unknown language."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        labelled = "label" in (reader.fieldnames or ())
        rows = list(reader)
    problems, measured = [], []
    for number, row in enumerate(rows, start=2):
        text, label, language = (row.get(column) or "" for column in ("text", "label", "language"))
        if not text.strip() or (labelled and not is_label(label)):
            problems.append(f"{path.name}:{number}: text and a known label are expected, label is {label!r}")
        elif not labelled and language not in (*LANGUAGES, "other"):
            problems.append(f"{path.name}:{number}: unknown language {language!r}")
        else:
            measured.append(Measured(text, label, language, row.get("script") or "", row.get("group") or ""))
    if problems:
        raise ContentError(problems)
    return measured


def counts(examples: list[Example]) -> dict[str, int]:
    """Number of examples per kind of label."""
    result: dict[str, int] = {}
    for example in examples:
        kind = kind_of(example.label)
        result[kind] = result.get(kind, 0) + 1
    return result
