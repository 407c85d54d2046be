import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.letters import KAZAKH_LETTERS, fold, skeleton

any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Өтініш қалай беремін", "отиниш калай беремин"),
        ("ӘҒҚҢӨҰҮҺІЁ", "агкноуухие"),
        ("әғқңөұүһіё", "агкноуухие"),
        ("ЭЦҚ", "эцк"),
        ("Щучинск-17", "щучинск-17"),
        ("egov.kz", "egov.kz"),
    ],
)
def test_fold_takes_away_what_keyboards_lack(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("typed", ["Acтана", "Астaнa", "кiтaп", "Bоровое", "хaт", "Hұр"])
def test_latin_lookalikes_in_cyrillic_words_become_cyrillic(typed: str) -> None:
    assert not any("a" <= letter <= "z" for letter in fold(typed))


def test_latin_words_and_mostly_latin_words_stay() -> None:
    assert fold("Bank of Қазақстан") == "bank of казакстан"
    assert fold("wi-fiды") == "wi-fiды"


def test_skeleton_is_one_for_the_spellings_of_a_word() -> None:
    assert skeleton("Аққол") == skeleton("акколь") == skeleton("АКОЛ")
    assert skeleton("Жетісу") == skeleton("Жетысу")
    assert skeleton("подъезд") == skeleton("подезд")


def test_skeleton_keeps_numbers() -> None:
    assert skeleton("дом 11, 2200") == "дом 11, 2200"


def test_all_kazakh_letters_are_known() -> None:
    assert len(KAZAKH_LETTERS) == 18
    assert not KAZAKH_LETTERS & set(fold("".join(sorted(KAZAKH_LETTERS))))


@given(any_text)
def test_fold_keeps_positions_and_is_stable(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(any_text)
def test_skeleton_is_stable_and_never_longer(text: str) -> None:
    key = skeleton(text)
    assert len(key) <= len(text)
    assert skeleton(key) == key


@given(st.text("абАБaAbBьыпPxХ-", max_size=30))
def test_mixed_letters_are_stable_too(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert skeleton(skeleton(text)) == skeleton(text)


@pytest.mark.parametrize("text", ["а" * 100_000, "аa" * 50_000, "a" * 50_000 + "б" * 50_000, "ь " * 50_000])
def test_time_is_linear(text: str) -> None:
    started = time.perf_counter()
    skeleton(text)
    assert time.perf_counter() - started < 2
