"""The Kazakh language class: what is one token, what is a number, which forms belong together."""

from __future__ import annotations

import pytest
import spacy

from citizen_nlu.lang.kk import Kazakh
from citizen_nlu.lang.kk.examples import SENTENCES
from citizen_nlu.lang.kk.lex_attrs import like_num
from citizen_nlu.lang.kk.normal_forms import normal_form


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return spacy.blank("kk")


def test_spacy_knows_the_language(nlp: spacy.Language) -> None:
    assert isinstance(nlp, Kazakh)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ЦОН-ға бардым.", ["ЦОН-ға", "бардым", "."]),
        ("ЭЦП-ны eGov-тан аламын ба?", ["ЭЦП-ны", "eGov-тан", "аламын", "ба", "?"]),
        ("бала-шаға, т.б. бар", ["бала-шаға", ",", "т.б.", "бар"]),
        ("2026 ж. 15-20 күн", ["2026", "ж.", "15", "-", "20", "күн"]),
        ("«Жылу жоқ»!!!", ["«", "Жылу", "жоқ", "»", "!", "!", "!"]),
        ("су,жарық,газ жоқ", ["су", ",", "жарық", ",", "газ", "жоқ"]),
        ("керек/керек емес", ["керек", "/", "керек", "емес"]),
        ("жоқ👎өте нашар", ["жоқ", "👎", "өте", "нашар"]),
        ("Жарық жоқ. Су бар", ["Жарық", "жоқ", ".", "Су", "бар"]),
        ("жылу жоқ—суық", ["жылу", "жоқ", "—", "суық"]),
    ],
)
def test_tokens(nlp: spacy.Language, text: str, tokens: list[str]) -> None:
    assert [token.text for token in nlp(text)] == tokens


@pytest.mark.parametrize("sentence", SENTENCES)
def test_tokens_give_the_text_back(nlp: spacy.Language, sentence: str) -> None:
    assert nlp(sentence).text == sentence


@pytest.mark.parametrize(
    "word", ["5", "1/2", "3,5", "бес", "БЕС", "бесінші", "бесеу", "жиырма", "елу", "ушинши"]
)
def test_numbers(word: str) -> None:
    assert like_num(word)


@pytest.mark.parametrize("word", ["", "бесік", "жылу", "1/жыл", "онлайн"])
def test_no_numbers(word: str) -> None:
    assert not like_num(word)


@pytest.mark.parametrize(
    "forms",
    [
        ["өтініш", "өтінішім", "өтінішіме", "өтінішімді", "өтініштер", "өтініштерімізді"],
        ["бала", "балалар", "балаларға", "балам", "балама", "баланың"],
        ["кезек", "кезегі", "кезегім", "кезекке", "кезектен", "кезегін"],
        ["мектеп", "мектепте", "мектебі", "мектептен"],
        ["көше", "көшеде", "көшенің", "көшелер", "көшесі"],
        ["шағым", "шағымым", "шағымды", "шағымдар"],
        ["балабакша", "балабакшага", "балабакшада", "балабакшаның"],
        ["цон", "цон-ға", "цон-нан"],
    ],
)
def test_forms_of_one_word_share_the_normal_form(forms: list[str]) -> None:
    assert {normal_form(form) for form in forms} == {forms[0]}


@pytest.mark.parametrize(
    ("word", "kept"), [("су", "су"), ("үй", "үй"), ("жол", "жол"), ("адам", "адам"), ("", "")]
)
def test_short_words_stay(word: str, kept: str) -> None:
    assert normal_form(word) == kept


def test_an_ending_of_the_other_harmony_stays() -> None:
    assert normal_form("қаладе") == "қаладе"
