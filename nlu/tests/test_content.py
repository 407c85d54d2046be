"""Reading the training content: all problems at once, nothing measured on is trained on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from citizen_nlu import content
from citizen_nlu.content import ContentError, Example, read
from citizen_nlu.inputs import fingerprint

DATA = Path(__file__).parent / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")


def test_examples_of_every_source() -> None:
    found = read(DATA)
    assert set(content.counts(found.examples)) == {"faq", "topic", "dialog", "emergency", "other"}
    assert Example("net otopleniya v dome", "topic.UTIL.HEAT", "ru") in found.examples
    assert Example("Сколько рассматривают обращение?", "faq.answer-term", "ru") in found.examples
    assert Example("Merhaba, nasılsınız?", "other", "other") in found.examples
    assert Example("Завтра рано утром поеду на работу", "other", "ru") in found.examples
    assert ("түсінбедім", "kk") in found.prose
    assert ("Срок начинается на следующий день после регистрации.", "ru") in found.prose
    assert ("faq.answer-term", "ru") in {(answer.label, answer.language) for answer in found.answers}


def test_all_problems_are_told_at_once(data: Path) -> None:
    append(data / "topics/UTIL.yml", 'CITY.YARD: {kk: ["аула", "аулада"]}\nutil: {kk: ["x"]}\n')
    append(data / "dialog.yml", 'sing: {kk: ["ән"]}\nthanks2: []\nbye: {kk: "сау", uk: ["x"], ru: [1, ""]}\n')
    (data / "topics/ROAD.yml").write_text("- [", encoding="utf-8")
    (data / "faq/terms/other-name.yaml").write_text("slug: another\n", encoding="utf-8")
    append(
        data / "emergency.yml",
        'rescue: {ru: ["привет!", "спасите тонем"]}\nmissing: {ru: ["пропал мальчик"]}\n',
    )
    with pytest.raises(ContentError) as caught:
        read(data)
    told = str(caught.value)
    for part in (
        "UTIL.yml: CITY.YARD belongs into another file",
        "unknown label 'topic.util'",
        "unknown label 'dialog.sing'",
        "dialog.bye.kk: a list is expected",
        "dialog.bye: unknown language 'uk'",
        "dialog.bye.ru: not a text: 1",
        "ROAD.yml: ",
        "slug 'another' differs from the file name",
        "the same text under dialog.greet and emergency.rescue: 'привет!'",
        "emergency.missing: fewer than 2 examples",
    ):
        assert part in told
    assert len(caught.value.problems) >= 10


def test_a_held_out_message_is_never_trained_on(data: Path) -> None:
    append(data / "held_out/sample.tsv", "ҮЙДЕ ЖЫЛУ ЖОК батарея мұп-муздай!!\ttopic.UTIL.HEAT\tkk\tcyrl\n")
    with pytest.raises(ContentError, match=r"sample\.tsv: also a training example of topic\.UTIL\.HEAT"):
        read(data)


def test_held_out_rows_need_text_and_label(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(
        "text\tlabel\tlanguage\tscript\nа\tdialog.sing\tkk\tcyrl\n\tother\tkk\tcyrl\n", encoding="utf-8"
    )
    with pytest.raises(ContentError) as caught:
        content.read_held_out(path)
    assert len(caught.value.problems) == 2


def test_a_file_of_languages_has_no_labels(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "language.tsv"
    path.write_text("text\tlanguage\tscript\tgroup\nбала\tkk\tcyrl\tplain\n", encoding="utf-8")
    assert content.read_held_out(path) == [content.Measured("бала", "", "kk", "cyrl", "plain")]
    append(path, "бала\tkz\tcyrl\tplain\n")
    with pytest.raises(ContentError, match="unknown language 'kz'"):
        content.read_held_out(path)
    (data / "held_out/language.tsv").write_text("text\tlanguage\nТүсінбедім!\tkk\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"language\.tsv: also a text in kk"):
        read(data)


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "data" / "faq").mkdir(parents=True)
    with pytest.raises(ContentError, match="no examples"):
        read(tmp_path / "data")


def test_the_fingerprint_follows_every_input(data: Path) -> None:
    before = fingerprint(data)
    assert fingerprint(data) == before
    append(data / "dialog.yml", "# a word more\n")
    assert fingerprint(data) != before
