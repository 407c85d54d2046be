"""Reads and checks the answers in faq/content; every problem of every file is reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from appeals.provenance import Basis, Provenance, Review
from faq.model import CATEGORIES, Entry, Faq
from faq.sums import Sum, Sums
from text.bilingual import Bilingual

CONTENT = Path(__file__).parent / "content"
SUMS = Path(__file__).parent / "sums.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
QUESTION_LIMIT = 80
ANSWER_LIMIT = 900
EXAMPLES_LEAST = 10
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")


class ContentError(ValueError):
    """The content has problems; `problems` lists them, one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def load(folder: Path = CONTENT, topics: Iterable[str] | None = None) -> Faq:
    """All entries below `folder`. `topics`: the appeal topics an entry may lead to. Raises ContentError."""
    known = frozenset(topics) if topics is not None else None
    sums = load_sums()
    entries: dict[str, Entry] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*/*.yaml")):
        where = f"{path.parent.name}/{path.name}"
        try:
            entry = _entry(yaml.load(path.read_text("utf-8"), _LOADER))  # noqa: S506 - a safe loader, the C one
        except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
            problems.append(f"{where}: {type(error).__name__}: {error}")
            continue
        problems += [f"{where}: {problem}" for problem in _problems(entry, path, known)]
        problems += [
            f"{where}: {problem}" for problem in sums.problems_of(f"{entry.answer.kk}{entry.answer.ru}")
        ]
        if entry.slug in entries:
            problems.append(f"{where}: the slug {entry.slug} is taken")
        entries[entry.slug] = entry
    problems += _shared_examples(entries.values())
    if problems:
        raise ContentError(problems)
    return Faq(entries.values(), sums)


def load_sums(path: Path = SUMS) -> Sums:
    """The dated table of sums. Raises ContentError."""
    try:
        rows = yaml.load(path.read_text("utf-8"), _LOADER)  # noqa: S506 - a safe loader, the C one
        sums = Sums(
            Sum(row["name"], row["tenge"], _date(row["since"]), _date(row["until"]), _both(row["act"]))
            for row in rows
        )
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ContentError([f"{path.name}: {type(error).__name__}: {error}"]) from error
    if problems := [f"{path.name}: {problem}" for problem in sums.problems()]:
        raise ContentError(problems)
    return sums


def _entry(data: Any) -> Entry:
    reviewed_by = data.get("reviewed_by")
    article = data.get("article")
    url = data.get("url")
    act = data.get("act")
    return Entry(
        slug=data["slug"],
        category=data["category"],
        question=_both(data["question"]),
        answer=_both(data["answer"]),
        provenance=Provenance(
            basis=Basis(data["basis"]),
            status=Review(data["status"]),
            review_by=_date(data["review_by"]),
            reviewed_by=reviewed_by,
            act=_both(act) if act else None,
            article=_both(article).ru if article else None,
            url=_both(url).ru if url else None,
        ),
        article=_both(article) if article else None,
        url=_both(url) if url else None,
        signpost={"answer": False, "signpost": True}[data["kind"]],
        topic=data["topic"],
        examples=(*data["examples"]["kk"], *data["examples"]["ru"], *data["examples"].get("mixed", ())),
    )


def _both(value: Any) -> Bilingual:
    if isinstance(value, str):
        return Bilingual(value.strip(), value.strip())
    return Bilingual(value["kk"].strip(), value["ru"].strip())


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _problems(entry: Entry, path: Path, topics: frozenset[str] | None) -> Iterable[str]:
    if entry.slug != path.stem or entry.category != path.parent.name:
        yield "slug and category must be the file's and the folder's names"
    if entry.category not in CATEGORIES:
        yield f"unknown category {entry.category}"
    if topics is not None and entry.topic not in topics:
        yield f"unknown topic {entry.topic}"
    if entry.provenance.basis is Basis.LAW and not (entry.provenance.act and entry.article):
        yield "an answer from law names the act and the article"
    for locale, text in (("kk", entry.answer.kk), ("ru", entry.answer.ru)):
        if len(text) > ANSWER_LIMIT:
            yield f"the {locale} answer has {len(text)} characters, at most {ANSWER_LIMIT} are read in a chat"
    for text in (entry.question.kk, entry.question.ru):
        if len(text) > QUESTION_LIMIT:
            yield f"the question is too long for a button: {text}"
    if len(entry.examples) < EXAMPLES_LEAST:
        yield f"only {len(entry.examples)} examples"
    for text in (entry.question.kk, entry.question.ru, entry.answer.kk, entry.answer.ru, *entry.examples):
        if INVISIBLE & set(text):
            yield f"an invisible character in: {text[:60]}"


def _shared_examples(entries: Iterable[Entry]) -> Iterable[str]:
    seen: dict[str, str] = {}
    for entry in entries:
        for example in entry.examples:
            key = " ".join(example.casefold().split())
            if seen.setdefault(key, entry.slug) != entry.slug:
                yield f"{entry.slug}: this example is also one of {seen[key]}: {example}"
