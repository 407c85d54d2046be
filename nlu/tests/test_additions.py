"""Accepted examples get into the right list, and nothing else changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from citizen_nlu.additions import add
from citizen_nlu.content import ContentError, Example, read

DATA = Path(__file__).parent / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def sources(data: Path) -> dict[str, str]:
    return {str(p.relative_to(data)): p.read_text("utf-8") for p in data.rglob("*") if p.is_file()}


def label_of(data: Path, kind: str) -> str:
    return next(e.label for e in read(data).examples if e.label.startswith(kind))


@pytest.mark.parametrize("kind", ["topic", "faq", "dialog", "emergency", "other"])
@pytest.mark.parametrize("language", ["kk", "ru", "mixed"])
def test_one_line_is_added_in_the_labels_own_file(data: Path, kind: str, language: str) -> None:
    before, example = sources(data), Example('мүлде "жаңа" мысал: иә № \\ 0', label_of(data, kind), language)
    added = add(data, [example])
    assert added.new == (example,)
    assert example in read(data).examples
    after = sources(data)
    (changed,) = [name for name in after if after[name] != before[name]]
    grown = after[changed].splitlines()
    assert sum(line not in before[changed].splitlines() for line in grown) in (1, 2)
    assert len(grown) - len(before[changed].splitlines()) in (0, 1, 2)
    added.undo()
    assert sources(data) == before


def test_several_examples_keep_their_order_and_comments_stay(data: Path) -> None:
    path = data / "other.yml"
    path.write_text(path.read_text("utf-8") + "# соңғы сөз\n", "utf-8")
    examples = [Example(f"жаңа сөйлем {word}", "other", "kk") for word in ("бір", "екі")]
    add(data, [*examples, Example("ein neuer Satz", "other", "other")])
    text = path.read_text("utf-8")
    assert text.endswith("# соңғы сөз\n")
    assert text.index("жаңа сөйлем бір") < text.index("жаңа сөйлем екі")
    assert Example("ein neuer Satz", "other", "other") in read(data).examples


def test_what_is_known_is_not_written_again(data: Path) -> None:
    known = next(e for e in read(data).examples if e.label.startswith("topic.") and e.language == "kk")
    before = sources(data)
    spelt = Example(f" {known.text.upper()}!!! ", known.label, "kk")
    added = add(data, [spelt])
    assert added.new == ()
    assert len(added.known) == 1
    assert sources(data) == before
    twice = Example("бұрын болмаған сөз тіркесі", known.label, "kk")
    assert len(add(data, [twice, Example("БҰРЫН болмаған, сөз тіркесі", known.label, "kk")]).new) == 1


def test_conflicts_are_listed_all_at_once_and_nothing_is_written(data: Path) -> None:
    examples = read(data).examples
    taken = next(e for e in examples if e.label.startswith("topic."))
    held_out = (data / "held_out" / "sample.tsv").read_text("utf-8").splitlines()[1].split("\t")
    before = sources(data)
    with pytest.raises(ContentError) as caught:
        add(
            data,
            [
                Example("мүлде жаңа мысал", taken.label, "kk"),
                Example(taken.text, "other", taken.language),
                Example(held_out[0], held_out[1], "ru"),
                Example("мысал", "topic.NO.SUCH", "kk"),
                Example("мысал тағы", taken.label, "other"),
                Example("х" * 2001, taken.label, "kk"),
            ],
        )
    assert len(caught.value.problems) == 5
    assert any(taken.label in problem for problem in caught.value.problems)
    assert sources(data) == before


def test_a_text_that_yaml_cannot_hold_leaves_the_files_as_they_were(data: Path) -> None:
    before = sources(data)
    with pytest.raises(ContentError):
        add(data, [Example("мысал \ufffe бір", label_of(data, "topic"), "kk")])
    assert sources(data) == before


def test_examples_that_are_no_list_are_refused(data: Path) -> None:
    path = data / "dialog.yml"
    path.write_text(path.read_text("utf-8") + "abuse: {ru: [тупой бот, дурак], kk: }\n", "utf-8")
    with pytest.raises(ContentError, match="no list of examples"):
        add(data, [Example("түкке тұрғысызсың", "dialog.abuse", "kk")])


def test_what_was_wrong_before_is_told_apart(data: Path) -> None:
    (data / "dialog.yml").write_text("greet: [", "utf-8")
    with pytest.raises(ContentError, match=r"wrong before any change: dialog\.yml"):
        add(data, [])


def test_a_comment_between_labels_stays_where_it_is(data: Path) -> None:
    path = data / "dialog.yml"
    block = 'abuse:\n  ru:\n    - "тупой бот"\n    - дурак\n\n# келесі\nbye:\n  ru:\n    - "пока-пока всем"\n    - "прощайте все"\n'
    kept = [part for part in path.read_text("utf-8").splitlines() if not part.startswith(("bye", "abuse"))]
    path.write_text("\n".join(kept) + "\n" + block, "utf-8")
    add(
        data,
        [Example("болван железный", "dialog.abuse", "ru"), Example("түкке тұрғысыз", "dialog.abuse", "kk")],
    )
    wanted = '    - дурак\n    - "болван железный"\n  kk:\n    - "түкке тұрғысыз"\n\n# келесі\n'
    assert wanted in path.read_text("utf-8")
