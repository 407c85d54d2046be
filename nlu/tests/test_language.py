"""The language detector of the whole content."""

from __future__ import annotations

import tarfile
import time
from pathlib import Path
from random import Random

import pytest

from citizen_nlu import content, language_id, language_training
from citizen_nlu.augment import mash
from citizen_nlu.inputs import fingerprint
from citizen_nlu.language_id import MARKS, LanguageModel, WordModel, WordRows, marks_of, words_of
from citizen_nlu.train import MODEL, is_current

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the product: of its archive if that is made of these data, or else trained here."""
    folder = tmp_path_factory.mktemp("language")
    if is_current(MODEL, fingerprint(DATA)):
        with tarfile.open(MODEL) as archive:
            archive.extractall(folder, filter="data")
        (folder,) = folder.glob("components/*LanguageDetector*")
    else:
        read = content.read(DATA)
        texts = [(example.text, example.language) for example in read.examples] + read.prose
        language_training.train(texts).save(folder)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 5_000_000
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> LanguageModel:
    return LanguageModel.load(folder)


@pytest.mark.parametrize(
    ("text", "code", "script"),
    [
        ("Үйде жылу жоқ, не істейміз?", "kk", "cyrl"),
        ("уйде жылу жок не истеймиз", "kk", "cyrl_noletters"),
        ("үйде zhylu zhok", "kk", "latn"),
        ("балам ауырып калды", "kk", "cyrl_noletters"),
        ("qashan beresizder", "kk", "latn"),
        ("справка керек", "kk", "cyrl_noletters"),
        ("ЦОНға барып справканы алдым", "kk", "cyrl"),
        ("В доме нет отопления", "ru", "cyrl"),
        ("kogda pridet otvet", "ru", "latn"),
        ("Живу в Қызылорде, улица Төле би", "ru", "cyrl"),
        ("наш аким Ержан ничего не делает", "ru", "cyrl"),
        ("Не су, не тамақ берген жоқ", "kk", "cyrl"),
        ("не истеймин енди", "kk", "cyrl_noletters"),
        ("не пришел никто", "ru", "cyrl"),
        ("скорая келмей жатыр", "kk", "cyrl_noletters"),
        ("үйде жылу жоқ, когда дадут?", "mixed", "cyrl"),
        ("пособие алайын деп едім, какие документы нужны", "mixed", "cyrl"),
        ("When does the office open tomorrow?", "other", "latn"),
        ("Бүгүн аба ырайы абдан жакшы экен", "other", "cyrl"),
        ("Сьогодні дуже гарна погода", "other", "cyrl"),
        ("Bugün hava çok güzel, nereye gidiyorsun", "other", "latn"),
        ("asdf qwer", "other", "latn"),
    ],
)
def test_what_is_obvious(model: LanguageModel, text: str, code: str, script: str) -> None:
    found = model.detect(text)
    assert (found.code, found.script) == (code, script)
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12.05.2026",
        "😂😂",
        "\u200b\u200d\ufeff",
        "?!…",
        "+7 777 000 00 00",
        "\ud800",
        "مرحبا",
        "你好吗",
        "_",
        "\x00",
    ],
)
def test_no_letters_of_ours_is_other(model: LanguageModel, text: str) -> None:
    assert model.detect(text).code == "other"


def test_fingers_fallen_on_the_keys_are_no_language(model: LanguageModel) -> None:
    rng = Random(77)
    assert sum(model.detect(mash(rng)).code == "other" for _ in range(400)) > 400 * 0.85


HOSTILE = {
    "one letter": "а",
    "one Latin letter": "z",
    "mojibake": "Р—РґСЂР°РІСЃС‚РІСѓР№С‚Рµ",
    "marks": "a\u0301" * 500,
    "one endless word": "й" * 100_000,
    "endless words": "жоқ " * 25_000,
    "endless addresses": "улица " * 20_000,
    "endless quotations": '"а" ' * 20_000,
    "a quotation without end": "«а" * 10_000,
    "two scripts in a word": "Ж" * 50 + "z" * 50,
    "apostrophes": "-'-'" * 1000,
    "control": "ҚҚҚ\nЖЖЖ\r\n\t.",
    "our own notation": "^^ = __label__ru A B C",
    "zero width": "жо\u200bқ",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_answered_soon(model: LanguageModel, text: str) -> None:
    began = time.perf_counter()
    assert model.detect(text).code in language_id.CODES
    assert time.perf_counter() - began < 1


def test_lookalikes_and_unseen_characters_do_not_matter(model: LanguageModel) -> None:
    assert model.detect("В дoмe нeт oтoплeния").code == "ru"
    assert model.detect("Yй iшi суық, балалар тоңып отыр").code == "kk"
    assert model.detect("бала\u200bм ауы\u00adрып қалды").code == "kk"


def test_shares_only_where_both_are(model: LanguageModel) -> None:
    mixed = model.detect("балам ауырып қалды, к какому врачу записаться")
    assert mixed.shares is not None
    assert sum(mixed.shares) == pytest.approx(1)
    assert 0.2 < mixed.shares[0] < 0.8
    assert model.detect("балам ауырып қалды").shares is None
    assert set(mixed.as_dict()) == {"code", "confidence", "script", "shares"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Мен кеше келдім", ["мен", "кеше", "келдім"]),
        ("Мой сосед Бекзат шумит. Помогите", ["мой", "сосед", "^бекзат", "шумит", "помогите"]),
        ("улица төле би, дом", ["улица", "^төле", "^би", "дом"]),
        ("МЕНІҢ ҮЙІМ СУЫҚ", ["менің", "үйім", "суық"]),
        ("на перекрёстке Төле би авария", ["на", "перекрёстке", "^төле", "^би", "авария"]),
        ("маған «в работе» деген жауап келді", ["маған", "^в", "^работе", "деген", "жауап", "келді"]),
        ("«в работе»", ["в", "работе"]),
    ],
)
def test_names_are_marked(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("word", "marks"),
    [
        ("справка", "I"),
        ("справканы", "Q"),
        ("сказала", "G"),
        ("сказать", "L"),
        ("новый", "M"),
        ("новая", "H"),
        ("деген", "D"),
        ("не", "AF"),
        ("қалай", "AP"),
        ("qalai", "AR"),
        ("the", "RS"),
    ],
)
def test_marks(word: str, marks: str) -> None:
    assert marks_of(word) == marks


def test_words_kept_ready_have_the_odds_of_the_model(folder: Path) -> None:
    words = WordModel.load(folder)
    for word in ("керек", "кайда", "справка", "когда", "qalai", "спасибо"):
        marks, odds = words.of(word)
        assert marks == marks_of(word)
        assert odds == pytest.approx(words.odds_of(word, marks), abs=0.03)


def test_word_of_either_language_is_of_that_of_its_neighbours(folder: Path) -> None:
    rows = WordRows(WordModel.load(folder))
    alone, in_kazakh, in_russian = (
        rows.of(text.split()) for text in ("не", "енді не істейміз", "он не пришёл")
    )
    function = 7 + MARKS.index("A"), 7 + MARKS.index("F")
    assert in_kazakh[1, function].tolist() == [1, 0]
    assert in_russian[1, function].tolist() == [0, 1]
    assert in_russian[1, 0] < alone[0, 0] < in_kazakh[1, 0]


def test_rows_laid_out_beforehand_are_those_worked_out(folder: Path) -> None:
    words = WordModel.load(folder)
    message = "үйде жылу жоқ енді не істейміз дома нет тепла и света".split()
    words.know({word: marks_of(word) for word in message})
    ready = WordRows(words).of(message)
    words.know({})
    assert WordRows(words).of(message) == pytest.approx(ready, abs=0.05)


def test_words_met_are_forgotten_between_messages_and_judged_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_id, "_CACHED", 5)
    rows = WordRows(WordModel.load(folder))
    messages = [[f"бірнәрсе{at}{letter}" for letter in "абвгдежз"] for at in range(6)]
    first = [rows.of(message).tolist() for message in messages]
    assert [rows.of(message).tolist() for message in messages] == first


def test_a_word_that_fails_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = WordModel.load(folder)
    rows = WordRows(words)
    expected = WordRows(words).of(["қыңқ", "шлёп", "не"]).tolist()
    with monkeypatch.context() as failing:
        failing.setattr(words, "of", lambda word: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rows.of(["қыңқ"])
    assert rows.of(["қыңқ", "шлёп", "не"]).tolist() == expected


def test_model_without_words_kept_ready_is_read_again(folder: Path, tmp_path: Path) -> None:
    words = WordModel(WordModel.load(folder).model)
    words.save(tmp_path)
    assert len(WordRows(WordModel.load(tmp_path)).of(["жылу"])) == 1


def test_little_text_is_enough_to_train() -> None:
    texts = [("үйде жылу жоқ", "kk"), ("дома нет тепла", "ru"), ("балам ауырды", "kk"), ("сын заболел", "ru")]
    assert language_training.train(texts).detect("үйде жылу жоқ").code in language_id.CODES
