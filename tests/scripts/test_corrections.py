"""Corrections go out, are reviewed, and what was accepted comes into a copy of the training data."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app.ports import UnitOfWork
from bot.settings import Settings
from bot.storage import open_storage
from scripts.corrections import Example, main, read_back
from tests.contracts.samples import NOW, SEAL, learning_sample, stored_conversation

FIXTURE = Path(__file__).parents[2] / "nlu" / "tests" / "data"
Do = Callable[[UnitOfWork], Coroutine[Any, Any, Any]]


class Desk:
    """A reviewer's desk: a database, a copy of the training data, a file."""

    def __init__(self, folder: Path, url: str) -> None:
        self.settings = Settings(data_dir=folder / "var", database_url=url, secret_key="s")
        self.data = Path(shutil.copytree(FIXTURE, folder / "data"))
        self.file = folder / "review.yml"

    def work(self, do: Do) -> Any:
        async def once() -> Any:
            async with open_storage(self.settings.database, SEAL.of) as storage, storage.write() as uow:
                result = await do(uow)
                await uow.commit()
                return result

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, once()).result()

    def run(self, *arguments: str) -> int:
        extra = ["--data", str(self.data)] if arguments[0] == "import" else []
        return main([*arguments, str(self.file), *extra], self.settings)

    def review(self, **accept: Any) -> None:
        """Fill in an entry by a word of its text: `жылу=True` or a mapping of changes."""
        groups = yaml.safe_load(self.file.read_text("utf-8"))
        for entry in (entry for group in groups.values() for entry in group):
            for word, change in accept.items():
                if word in entry["text"]:
                    entry.update(change if isinstance(change, dict) else {"accept": change})
        self.file.write_text(yaml.safe_dump(groups, allow_unicode=True), "utf-8")

    def examples(self) -> set[Example]:
        from citizen_nlu.content import read

        return set(read(self.data).examples)


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    made = Desk(tmp_path, sqlite_url)

    async def fill(uow: UnitOfWork) -> None:
        await stored_conversation(uow)
        for text, chosen in (
            ("үйде жылу мүлдем берілмей жатыр", "topic.UTIL.HEAT"),
            ("Үйде ЖЫЛУ мүлдем берілмей жатыр!", "topic.UTIL.HEAT"),
            ("кран сухой совсем с утра", None),
            ("қайырлы таң көмекші дос", "dialog.greet"),
        ):
            language = "ru" if text.startswith("кран") else "kk"
            await uow.samples.add(learning_sample(text, chosen=chosen, language=language))
        await uow.feedback.guess_corrected(["topic.UTIL.WATER"], "topic.UTIL.HEAT", "kk", NOW)
        await uow.feedback.guess_corrected(["topic.UTIL.WATER"], None, "kk", NOW)

    made.work(fill)
    return made


def test_the_round_trip_takes_in_what_was_accepted_and_nothing_else(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.examples()
    assert desk.run("export") == 0
    told = capsys.readouterr().out
    assert "4 wordings" in told
    assert "1  topic.UTIL.WATER → topic.UTIL.HEAT" in told
    assert "1  topic.UTIL.WATER → ?" in told
    entries = {entry.text: entry for entry in read_back(desk.file.read_text("utf-8"))}
    assert len(entries["үйде жылу мүлдем берілмей жатыр"].ids) == 2
    assert entries["кран сухой совсем с утра"].label == "unknown"
    assert {entry.accept for entry in entries.values()} == {None}
    assert desk.run("import") == 0
    assert desk.examples() == before

    desk.review(жылу=True, кран={"accept": True, "label": "topic.UTIL.WATER"}, қайырлы=False)
    assert desk.run("import") == 0
    told = capsys.readouterr().out
    assert "2  added to the training data" in told
    assert "1  rejected" in told
    assert desk.examples() - before == {
        Example("үйде жылу мүлдем берілмей жатыр", "topic.UTIL.HEAT", "kk"),
        Example("кран сухой совсем с утра", "topic.UTIL.WATER", "ru"),
    }
    assert desk.work(lambda uow: uow.samples.waiting(exported=True)) == []
    after = desk.examples()
    assert desk.run("import") == 0
    assert "3  taken back, expired or decided before" in capsys.readouterr().out
    assert desk.examples() == after


def test_what_a_citizen_took_back_meanwhile_is_left_out(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.examples()
    desk.run("export")
    desk.review(жылу=True)
    desk.work(lambda uow: uow.samples.forget("c1"))
    assert desk.run("import") == 0
    assert "3  taken back" in capsys.readouterr().out
    assert desk.examples() == before


def test_conflicts_are_told_and_leave_everything_as_it_was(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.examples()
    taken = next(example for example in before if example.label == "dialog.greet")
    desk.run("export")
    desk.review(
        жылу={"accept": True, "text": taken.text},
        кран={"accept": True, "label": "topic.NO.SUCH"},
        қайырлы=True,
    )
    assert desk.run("import") == 1
    problems = capsys.readouterr().err
    assert "stands under dialog.greet" in problems
    assert "topic.NO.SUCH" in problems
    assert desk.examples() == before
    assert len(desk.work(lambda uow: uow.samples.waiting(exported=True))) == 4


def test_none_of_these_joins_the_label_that_was_chosen_afterwards(desk: Desk) -> None:
    desk.work(lambda uow: uow.samples.add(learning_sample("кран сухой совсем с утра", guessed=())))
    desk.run("export")
    entries = {entry.text: entry for entry in read_back(desk.file.read_text("utf-8"))}
    assert entries["кран сухой совсем с утра"].label == "topic.UTIL.HEAT"
    assert len(entries["кран сухой совсем с утра"].ids) == 2


def test_a_careless_file_is_refused_with_every_problem(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run("export")
    desk.review(жылу="perhaps", кран=True)
    assert desk.run("import") == 1
    problems = capsys.readouterr().err
    assert "accept is yes, no or empty" in problems
    assert "needs its label" in problems
    desk.file.write_text("- no mapping", "utf-8")
    assert desk.run("import") == 1


def test_exported_wordings_go_out_again_only_when_asked_and_no_review_is_overwritten(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run("export")
    assert desk.run("export") == 0
    assert "no new wordings" in capsys.readouterr().out
    assert desk.run("export", "--again") == 1
    desk.file.unlink()
    assert desk.run("export", "--again") == 0
    assert "4 wordings" in capsys.readouterr().out
