"""Other ways to type a message."""

from __future__ import annotations

from random import Random

import pytest
from text.letters import KAZAKH_LETTERS, skeleton

from citizen_nlu import augment

TEXT = "Үйімізде үш күннен бері жылу жоқ, өтінішіме жауап қашан болады"


def test_letterless_text_keeps_its_skeleton() -> None:
    for seed in range(30):
        typed = augment.letterless(TEXT, Random(seed))
        assert skeleton(typed) == skeleton(TEXT)
    assert any(KAZAKH_LETTERS.isdisjoint(augment.letterless(TEXT, Random(seed))) for seed in range(10))


@pytest.mark.parametrize("language", ["kk", "ru", "mixed"])
def test_latin_has_no_cyrillic_left(language: str) -> None:
    for seed in range(20):
        assert not any(
            "а" <= char <= "ө" for char in augment.latinise(TEXT + " щёлочь объект", language, Random(seed))
        )


def test_shorter_texts_are_parts_of_the_text() -> None:
    for seed in range(20):
        assert augment.shorten(TEXT, Random(seed)) in TEXT
    assert augment.shorten("бір", Random(0), 2, 6) == "бір"


def test_slips_are_few_and_repeatable() -> None:
    assert augment.mistype(TEXT, Random(5)) == augment.mistype(TEXT, Random(5))
    assert abs(len(augment.mistype(TEXT, Random(5))) - len(TEXT)) < 8


def test_marks_are_left_out() -> None:
    assert augment.without_marks("Çok teşekkürler, ığdır") == "Cok tesekkurler, igdir"


@pytest.mark.parametrize(("language", "said"), [("kk", "барам ба"), ("ru", "не знаю")])
def test_spoken_words_are_repeatable(language: str, said: str) -> None:
    text = "барамын ба, сейчас вообще не знаю"
    variants = {augment.spoken(text, language, Random(seed)) for seed in range(30)}
    assert len(variants) > 1
    assert all(said[:3] in variant for variant in variants)
    assert augment.spoken(text, language, Random(1)) == augment.spoken(text, language, Random(1))


def test_foreign_text_on_a_plain_keyboard() -> None:
    typed = {augment.plain_keyboard("Бүгүн үйдө", Random(seed)) for seed in range(30)}
    assert typed == {"Бүгүн үйдө", "бүгүн үйдө", "бугун уйдо"}
    assert "kochada" in {augment.plain_keyboard("Ko'chada", Random(seed)) for seed in range(30)}
    assert augment.plain_keyboard("güzel", Random(3)) in {"güzel", "guzel"}


def test_noise_is_made_of_one_keyboard_row() -> None:
    for seed in range(30):
        assert len(augment.mash(Random(seed))) >= 3
