"""Kazakh words back to their stems, however they are typed; accuracy on hand-written lists."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import yaml

from citizen_nlu.augment import letterless
from citizen_nlu.lang.kk import inflection
from citizen_nlu.lang.kk.morphology import LONGEST, analyses, cuts, kind_of, lemma, restore

_DATA = Path(__file__).parent / "data"
FORMS = [
    (form, stem)
    for stem, row in yaml.safe_load((_DATA / "kazakh_lemmas.yml").read_text("utf-8")).items()
    for form in (stem, *row.split())
]


def test_lemmas_of_the_list() -> None:
    wrong = [(form, lemma(form), stem) for form, stem in FORMS if lemma(form) != stem]
    assert len(FORMS) >= 400
    assert len(wrong) / len(FORMS) <= 0.02, wrong


def test_letterless_words_get_their_letters_back() -> None:
    rows = [row.split() for row in (_DATA / "kazakh_restored.txt").read_text("utf-8").splitlines()]
    left = [typed for typed, _ in rows if restore(typed) == typed]
    wrong = [(typed, restore(typed), meant) for typed, meant in rows if restore(typed) not in (typed, meant)]
    assert len(rows) >= 100
    assert not wrong
    assert len(left) / len(rows) <= 0.05, left


@pytest.mark.parametrize("word", ["кол", "", "қайда", "компьютер", "аааа", "тарифтер"])
def test_doubtful_and_unknown_words_are_left_alone(word: str) -> None:
    assert restore(word) == word


def test_nearly_every_generated_form_is_read_however_it_is_typed() -> None:
    forms = inflection.sample(Random(1), 1000)
    typed = [letterless(form, Random(3)) for form in forms]
    assert sum(kind_of(form) is None for form in forms + typed) < 0.02 * len(forms + typed)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("баламның", "noun"),
        ("келмейди", "verb"),
        ("қашан", "function"),
        ("сказала", None),
        ("поезд", None),
        ("hello", None),
        ("", None),
    ],
)
def test_kind(word: str, kind: str | None) -> None:
    assert kind_of(word) == kind


@pytest.mark.parametrize("word", ["қаладе", "мектептар", "балакелді", "жолғаларым"])
def test_what_breaks_harmony_or_order_is_no_form(word: str) -> None:
    assert not analyses(word)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("справканы", "справка"),
        ("цонға", "цон"),
        ("эцп-ны", "эцп"),
        ("жсн-і", "жсн"),
        ("пособиесін", "пособие"),
        ("очередьке", "очередь"),
        ("кредитімді", "кредит"),
        ("документтеріңізді", "документ"),
    ],
)
def test_loans(word: str, stem: str) -> None:
    assert stem in list(cuts(word))


@pytest.mark.parametrize(
    ("word", "stem"),
    [("үкаларға", "үка"), ("айтпай-ақ", "айт"), ("су", "су"), ("адамзат", "адамзат"), ("", "")],
)
def test_unknown_words_are_cut_with_care(word: str, stem: str) -> None:
    assert lemma(word) == stem


def test_no_text_is_too_long() -> None:
    word = "а-" * 20_000
    assert lemma(word) == word
    assert len(word) > LONGEST
    assert not list(cuts(word))
