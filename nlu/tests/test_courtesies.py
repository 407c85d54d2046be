"""Greeting and thanks around a matter."""

from __future__ import annotations

import pytest

from citizen_nlu.courtesies import without_courtesies
from citizen_nlu.words import split


@pytest.mark.parametrize(
    ("text", "language", "matter"),
    [
        ("Здравствуйте, в селе нет света", "ru", "в селе нет света"),
        ("добрый день! когда придёт пособие", "ru", "когда придёт пособие"),
        ("Сәлеметсіз бе, жолды қашан жөндейсіздер?", "kk", "жолды қашан жөндейсіздер ?"),
        ("салеметсизбе жылу жок уйде", "kk", "жылу жок уйде"),
        ("Ассалаумағалейкум! Қайырлы күн. Су жоқ", "kk", "Су жоқ"),
        ("нет света третий день, заранее спасибо", "ru", "нет света третий день ,"),
        ("Жарық жоқ, алдын ала рахмет!", "kk", "Жарық жоқ ,"),
        ("Здравствуйте", "ru", "Здравствуйте"),
        ("привет бот", "ru", "привет бот"),
        ("все решилось, спасибо", "ru", "все решилось , спасибо"),
        ("", "kk", ""),
        ("!!!", "ru", "! ! !"),
    ],
)
def test_what_stands_between_them_is_the_matter(text: str, language: str, matter: str) -> None:
    assert " ".join(word.text for word in without_courtesies(split(text, language))) == matter
