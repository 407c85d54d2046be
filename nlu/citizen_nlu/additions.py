"""Puts accepted examples into the training data where they belong, line by line: format and comments stay as they are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from citizen_nlu.content import (
    LANGUAGES,
    LONGEST,
    SINGLE_FILES,
    Content,
    ContentError,
    Example,
    faq_folder,
    key_of,
    measured_files,
    read,
    read_held_out,
)
from citizen_nlu.labels import OTHER

FOREIGN = "other"
"""Language of an out-of-scope message that is neither Kazakh nor Russian."""


@dataclass(frozen=True)
class Added:
    """What came of it: the new examples, those that were known already, and the changed files with their old text."""

    new: tuple[Example, ...]
    known: tuple[Example, ...]
    before: Mapping[Path, str]

    def undo(self) -> None:
        """Put every changed file back."""
        for path, source in self.before.items():
            path.write_text(source, "utf-8")


def add(data: Path, examples: Sequence[Example]) -> Added:
    """Write the examples that are not known yet and read everything again.

    ContentError lists every problem (unknown label or language, a text that stands under another label or is measured
    on, content that was broken before); nothing is changed then.
    """
    try:
        content = read(data)
    except ContentError as error:
        raise ContentError([f"wrong before any change: {problem}" for problem in error.problems]) from error
    new, known, problems = _sorted_out(data, content, examples)
    if problems:
        raise ContentError(problems)
    before: dict[Path, str] = {}
    try:
        for example in new:
            path, keys = _place(data, example)
            source = path.read_text("utf-8")
            changed = _with_line(path.name, source, keys, example.text)
            before.setdefault(path, source)
            path.write_text(changed, "utf-8")
        _check(content, read(data), new)
    except BaseException:
        Added((), (), before).undo()
        raise
    return Added(tuple(new), tuple(known), before)


def _sorted_out(
    data: Path, content: Content, examples: Sequence[Example]
) -> tuple[list[Example], list[Example], list[str]]:
    taught = {key_of(example.text): example.label for example in content.examples}
    measured = {key_of(row.text) for path in measured_files(data) for row in read_held_out(path)}
    labels = {example.label for example in content.examples}
    new, known, problems = [], [], []
    for given in examples:
        example = Example(" ".join(given.text.split()), given.label, given.language)
        key, shown = key_of(example.text), f"{example.text[:80]!r}"
        languages = (*LANGUAGES, FOREIGN) if example.label == OTHER else LANGUAGES
        if not key or len(example.text) > LONGEST:
            problems.append(f"{shown}: between one and {LONGEST} characters are expected")
        elif example.label not in labels:
            problems.append(f"{shown}: unknown label {example.label!r}")
        elif example.language not in languages:
            problems.append(f"{shown}: language is {example.language!r}, not one of {', '.join(languages)}")
        elif key in measured:
            problems.append(f"{shown}: is measured on and must not be taught")
        elif taught.get(key, example.label) != example.label:
            problems.append(f"{shown}: is to be {example.label}, but stands under {taught[key]}")
        elif key in taught:
            known.append(example)
        else:
            taught[key] = example.label
            new.append(example)
    return new, known, problems


def _place(data: Path, example: Example) -> tuple[Path, tuple[str, ...]]:
    """The file an example belongs into, and the keys that lead to its list there."""
    kind, _, name = example.label.partition(".")
    if kind == "topic":
        return data / "topics" / f"{name.partition('.')[0]}.yml", (name, example.language)
    if kind == "faq":
        return next(faq_folder(data).rglob(f"{name}.yaml")), ("examples", example.language)
    if kind in SINGLE_FILES:
        return data / SINGLE_FILES[kind], (name, example.language)
    return data / "other.yml", ("foreign" if example.language == FOREIGN else example.language,)


def _with_line(name: str, source: str, keys: Sequence[str], text: str) -> str:
    """The source with one more item at the end of the list that the keys lead to."""
    node = yaml.compose(source, Loader=yaml.SafeLoader)
    missing = list(keys)
    while missing and isinstance(node, yaml.MappingNode) and (found := _value(node, missing[0])) is not None:
        node = found
        missing.pop(0)
    quoted = json.dumps(text, ensure_ascii=False)
    is_list = not missing and isinstance(node, yaml.SequenceNode)
    if not node.value or not (is_list or (len(missing) == 1 and isinstance(node, yaml.MappingNode))):
        raise ContentError([f"{name}: {'.'.join(keys)} is no list of examples"])
    if node.flow_style:
        last = node.value[-1] if is_list else node.value[-1][1]
        end = last.end_mark.index
        return f"{source[:end]}, {quoted if is_list else f'{missing[0]}: [{quoted}]'}{source[end:]}"
    indent = " " * node.start_mark.column
    added = [f"{indent}- {quoted}"] if is_list else [f"{indent}{missing[0]}:", f"{indent}  - {quoted}"]
    lines = source.splitlines()
    at = _last_line(node) + 1
    return "\n".join([*lines[:at], *added, *lines[at:]]) + "\n"


def _value(mapping: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in mapping.value if name.value == key), None)


def _last_line(node: yaml.Node) -> int:
    """Number of the last line, from 0, that belongs to a node; blank lines and comments behind it do not."""
    while not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    end = node.end_mark
    return end.line - (end.column == 0 and end.line > node.start_mark.line)


def _check(before: Content, after: Content, new: Sequence[Example]) -> None:
    wanted, found = Counter([*before.examples, *new]), Counter(after.examples)
    if wanted != found:
        wrong = [f"lost: {e.text[:80]!r}" for e in wanted - found]
        wrong += [f"not meant: {e.text[:80]!r}" for e in found - wanted]
        raise ContentError(wrong)
