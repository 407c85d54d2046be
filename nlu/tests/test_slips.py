"""A slip of the finger is undone when one well-known word is near, and only then."""

from __future__ import annotations

import time

import pytest

from citizen_nlu.slips import FREQUENT, Slips
from citizen_nlu.words import Word, split


@pytest.fixture(scope="module")
def slips() -> Slips:
    texts = (
        "өтініш қайда қабылданады",
        "подать заявление нельзя",
        "список документов",
        "сосед мешает, соседи",
    )
    return Slips.learn([split(text, "ru" if "о" in text[:2] else "kk") for text in texts] * FREQUENT)


def _word(surface: str) -> Word:
    return Word(surface, 3, surface, surface)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("зявление", "заявление"),
        ("заявлениее", "заявление"),
        ("заявелние", "заявление"),
        ("саисок", "список"),
        ("отинищ", "отиниш"),
        ("кабылданды", "кабылданды"),  # a form of its own
        ("списка", "списка"),  # in the dictionary
        ("сосид", "сосед"),
        ("спик", "спик"),
        ("абвгд", "абвгд"),
        ("0-дом", "0-дом"),
    ],
)
def test_mended(slips: Slips, typed: str, meant: str) -> None:
    word = slips.mended(_word(typed))
    assert word.surface == meant
    assert (word.text, word.start) == (typed, 3)


def test_two_meanings_near_are_left_alone() -> None:
    slips = Slips([("палка", "палка"), ("галка", "галка")])
    assert slips.mended(_word("малкб")).surface == "малкб"
    assert slips.mended(_word("щалка")).surface == "щалка"


def test_hostile_words_are_soon_done_with(slips: Slips) -> None:
    started = time.perf_counter()
    slips.mended(_word("а" * 100_000))
    assert time.perf_counter() - started < 1
