"""`make corrections`: what citizens and operators corrected goes out for review, and what a person accepted comes in.

`export FILE.yml` writes the wordings nobody has decided on and prints how often which guess was corrected to what;
`import FILE.yml` puts those marked `accept: yes` into the training data. Nothing else is ever written there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.app.ports import UnitOfWork
from bot.app.records import LearningSample, SampleState
from bot.app.seal import Seal
from bot.settings import Settings, SettingsError
from bot.storage import SqlStorage, open_storage, upgrade

NLU = Path(__file__).parent.parent / "nlu"
sys.path.append(str(NLU))

from citizen_nlu.additions import Added, add  # noqa: E402 - the package lives in the Rasa project's folder
from citizen_nlu.content import ContentError, Example, key_of  # noqa: E402

UNKNOWN = "unknown"
"""Group of wordings of which only the wrong labels are known."""
COUNTS_SHOWN = 30
HEAD = """\
# Messages that were misunderstood, without numbers and names; their writers agreed that they may teach the assistant.
# Accept an example with `accept: yes`, reject it with `accept: no`; what is left empty waits for another time.
# The group's name is the label; `label: …` in an entry overrides it, and is needed under "unknown".
# Correct `text` where it still says who wrote it, and `language` (kk, ru, mixed; out of scope also other).
# Then: make corrections DO="import FILE.yml"
"""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One entry of a review file. `accept` None: not decided."""

    ids: tuple[int, ...]
    text: str
    label: str
    language: str
    accept: bool | None


class ReviewError(ValueError):
    """The review file cannot be used; `problems` has one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def written(samples: Iterable[LearningSample]) -> str:
    """The review file: by right label, the same wording once."""
    samples = list(samples)
    # Whoever first said «none of these» and then chose a topic has told the label after all.
    told = {key_of(sample.text): sample.chosen for sample in samples if sample.chosen}
    groups: dict[str, dict[str, list[LearningSample]]] = {}
    for sample in samples:
        group = groups.setdefault(sample.chosen or told.get(key_of(sample.text)) or UNKNOWN, {})
        group.setdefault(key_of(sample.text), []).append(sample)
    return "".join([HEAD, *(line for label in sorted(groups) for line in _group(label, groups[label]))])


def _group(label: str, wordings: Mapping[str, Sequence[LearningSample]]) -> Iterator[str]:
    yield f"\n{label}:  # times: {sum(map(len, wordings.values()))}\n"
    for same in sorted(wordings.values(), key=lambda same: -len(same)):
        first = same[0]
        guessed = dict.fromkeys(guess for sample in same for guess in sample.guessed)
        yield f"  - ids: [{', '.join(str(sample.id) for sample in same)}]\n"
        yield f"    times: {len(same)}\n"
        yield f"    text: {json.dumps(first.text, ensure_ascii=False)}\n"
        yield f"    guessed: [{', '.join(guessed)}]\n"
        yield f"    corrected_by: [{', '.join(sorted({sample.source.value for sample in same}))}]\n"
        yield f"    language: {first.language}\n"
        yield from ("    label:\n",) if label == UNKNOWN else ()
        yield "    accept:\n"


def read_back(source: str) -> list[Reviewed]:
    """The entries of a review file. Raises ReviewError with every problem."""
    try:
        groups = yaml.safe_load(source) or {}
    except yaml.YAMLError as error:
        raise ReviewError([" ".join(str(error).split())]) from error
    problems: list[str] = []
    entries: list[Reviewed] = []
    if not isinstance(groups, dict) or not all(isinstance(group, list) for group in groups.values()):
        raise ReviewError(["a mapping of labels to lists is expected"])
    for label, group in groups.items():
        for entry in group:
            try:
                entries.append(_reviewed(str(label), entry))
            except (KeyError, TypeError, ValueError) as error:
                problems.append(f"{label}: {str(entry)[:100]}: {error}")
    if problems:
        raise ReviewError(problems)
    return entries


def _reviewed(group: str, entry: Mapping[str, Any]) -> Reviewed:
    accept, label = entry.get("accept"), entry.get("label") or group
    if accept not in (None, True, False):
        raise ValueError(f"accept is yes, no or empty, not {accept!r}")
    if accept and label == UNKNOWN:
        raise ValueError("an accepted example needs its label")
    ids, text = tuple(entry["ids"]), entry["text"]
    if not ids or not all(type(id_) is int for id_ in ids) or not isinstance(text, str):
        raise ValueError("ids are numbers, text is a text")
    return Reviewed(ids, text, str(label), str(entry["language"]), accept)


async def export(storage: SqlStorage, file: Path, *, again: bool) -> int:
    """Write what waits to a new file; gives the number of wordings. Raises FileExistsError."""
    async with storage.write() as work:
        samples = await work.samples.waiting(exported=again)
        if samples:
            with file.open("x", encoding="utf-8") as out:
                out.write(written(samples))
            await work.samples.mark([sample.id for sample in samples], SampleState.EXPORTED)
            await work.commit()
    return len(samples)


async def counts(storage: SqlStorage) -> str:
    """Which guesses were corrected to what, most often first."""
    async with storage.read() as work:
        rows = await work.feedback.corrections()
    lines = [
        f"{times:6}  {' '.join(guessed) or 'nothing'} → {chosen or '?'}\n" for guessed, chosen, times in rows
    ]
    shown = "".join(lines[:COUNTS_SHOWN]) or "  none\n"
    more = f"  … and {len(lines) - COUNTS_SHOWN} more kinds\n" if len(lines) > COUNTS_SHOWN else ""
    return f"guesses corrected ({sum(row[2] for row in rows)} times, «?»: none of these; «nothing»: not understood)\n{shown}{more}"


async def take_in(storage: SqlStorage, entries: Sequence[Reviewed], data: Path) -> str:
    """Put what was accepted into the training data and mark what was decided; gives a summary.

    Raises ReviewError and ContentError; nothing is changed then. A wording whose citizen took it back meanwhile is left out.
    """
    async with storage.read() as work:
        waiting = {sample.id for sample in await work.samples.waiting(exported=True)}
    there = [entry for entry in entries if not waiting.isdisjoint(entry.ids)]
    accepted = [entry for entry in there if entry.accept]
    rejected = [id_ for entry in there if entry.accept is False for id_ in entry.ids]
    added = add(data, [Example(entry.text, entry.label, entry.language) for entry in accepted])
    try:
        async with storage.write() as work:
            await _accept(work, accepted)
            await work.samples.mark(rejected, SampleState.REJECTED)
            await work.commit()
    except BaseException:
        added.undo()
        raise
    return _summary(entries, there, added)


async def _accept(work: UnitOfWork, accepted: Sequence[Reviewed]) -> None:
    ids = [id_ for entry in accepted for id_ in entry.ids]
    taken = set(await work.samples.mark(ids, SampleState.ACCEPTED))
    if any(taken.isdisjoint(entry.ids) for entry in accepted):
        raise ReviewError(["a citizen took a wording back this very moment: run the command again"])


def _summary(entries: Sequence[Reviewed], there: Sequence[Reviewed], added: Added) -> str:
    figures = {
        "added to the training data": len(added.new),
        "accepted but known already": len(added.known),
        "rejected": sum(entry.accept is False for entry in there),
        "not decided": sum(entry.accept is None for entry in there),
        "taken back, expired or decided before": len(entries) - len(there),
    }
    lines = [f"{number:6}  {what}\n" for what, number in figures.items()]
    return "".join([*lines, *(f"        {path.name}\n" for path in sorted(added.before))])


async def run(options: argparse.Namespace, settings: Settings, entries: Sequence[Reviewed]) -> str:
    """The command's words; `entries` are those to be imported. Raises ReviewError, ContentError and OSError."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    storage = open_storage(settings.database, Seal(settings.signing_key().encode()).of)
    try:
        await upgrade(storage.engine)
        if options.do == "import":
            return await take_in(storage, entries, options.data)
        number = await export(storage, options.file, again=options.again)
        told = f"{number} wordings written to {options.file}\n" if number else "no new wordings\n"
        return told + await counts(storage)
    finally:
        await storage.close()


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Exit codes: 0 done, 1 nothing was changed because of problems, 2 wrong settings."""
    parser = argparse.ArgumentParser(prog="corrections", description=__doc__)
    commands = parser.add_subparsers(dest="do", required=True)
    out = commands.add_parser("export", help="write what waits for review, print the counts")
    out.add_argument("--again", action="store_true", help="also what was exported before and not decided")
    back = commands.add_parser("import", help="put what was accepted into the training data")
    back.add_argument("--data", type=Path, default=NLU / "data", help="folder of training data")
    for command in (out, back):
        command.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        entries = read_back(options.file.read_text("utf-8")) if options.do == "import" else []
        told = asyncio.run(run(options, settings or Settings.from_environment()[0], entries))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (ReviewError, ContentError) as error:
        sys.stderr.write(f"{options.file}: nothing was changed:\n")
        sys.stderr.writelines(f"  {problem}\n" for problem in error.problems)
        return 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
