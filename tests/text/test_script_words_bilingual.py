import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.bilingual import LOCALES, Bilingual
from text.script import Script, script_of
from text.words import words

any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Өтініш қалай беремін?", "cyrl"),
        ("жылу жоқ", "cyrl"),
        ("калай шагым берем", "cyrl_noletters"),
        ("как подать жалобу", "cyrl_noletters"),
        ("kalai otinish beremin", "latn"),
        ("ötınış", "latn"),
        ("egov сайтына кіре алмаймын", "cyrl"),
        ("e-mail address менің", "latn"),
        ("12345 !!!", "other"),
        ("", "other"),
        ("你好世界", "other"),
        ("مرحبا بكم", "other"),
    ],
)
def test_script(text: str, script: Script) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Су жоқ, жылу да жоқ!", ["Су", "жоқ", "жылу", "да", "жоқ"]),
        ("ЦОН-ға бардым", ["ЦОН-ға", "бардым"]),
        ("eGov'тан  №5", ["eGov'тан", "5"]),
        ("- тире -а- б--в", ["тире", "а", "б", "в"]),
        ("Үрүмқай_ауылы", ["Үрүмқай", "ауылы"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(any_text)
def test_words_are_parts_of_the_text_in_order(text: str) -> None:
    at = 0
    for word in words(text):
        at = text.index(word, at) + len(word)
    assert script_of(text) in {"cyrl", "cyrl_noletters", "latn", "other"}


@pytest.mark.parametrize("text", ["а-" * 50_000, "-" * 100_000, "'а" * 50_000])
def test_time_is_linear(text: str) -> None:
    started = time.perf_counter()
    words(text)
    script_of(text)
    assert time.perf_counter() - started < 2


def test_bilingual_has_both_sides() -> None:
    text = Bilingual("жолданым", "обращение")
    assert [text.of(locale) for locale in LOCALES] == ["жолданым", "обращение"]
    with pytest.raises(KeyError):
        text.of("en")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="both languages"):
        Bilingual("жолданым", " ")
