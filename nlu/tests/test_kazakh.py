"""The Kazakh language class: what is one token, what is a number, what a lemma."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from citizen_nlu.lang.kk import Kazakh
from citizen_nlu.lang.kk.examples import SENTENCES
from citizen_nlu.lang.kk.lex_attrs import like_num


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
        ("ЦОНға 15-ші күні", ["ЦОНға", "15-ші", "күні"]),
        ("ҚР-ның 109-ға", ["ҚР-ның", "109-ға"]),
        ("№5 мектеп", ["№", "5", "мектеп"]),
        ("10:30-да келдім", ["10:30-да", "келдім"]),
        ("a.b@mail.kz, https://egov.kz/a_b?c=1", ["a.b@mail.kz", ",", "https://egov.kz/a_b?c=1"]),
        ("#жылу_жоқ", ["#", "жылу", "_", "жоқ"]),
        ("2 млн тг. төледім", ["2", "млн", "тг.", "төледім"]),
        ("500теңге 2025ж.", ["500", "теңге", "2025", "ж."]),
        ("жж. т.с.с. обл. ауд. д.с.с.", ["жж.", "т.с.с.", "обл.", "ауд.", "д.с.с."]),
        ("көш.Абай 12,пәт.", ["көш.", "Абай", "12", ",", "пәт."]),
        ("үйде(12)тұрамын", ["үйде", "(", "12", ")", "тұрамын"]),
        ("«ЦОН»ға бардым", ["«", "ЦОН", "»", "ға", "бардым"]),
        ("жоқ😡😡су", ["жоқ", "😡", "😡", "су"]),
        ("qazaq ba'la", ["qazaq", "ba'la"]),
        ("жылу жоқ—суық", ["жылу", "жоқ", "—", "суық"]),
    ],
)
def test_tokens(nlp: spacy.Language, text: str, tokens: list[str]) -> None:
    assert [token.text for token in nlp(text)] == tokens


@pytest.mark.parametrize("sentence", SENTENCES)
def test_tokens_give_the_text_back(nlp: spacy.Language, sentence: str) -> None:
    assert nlp(sentence).text == sentence


@pytest.mark.parametrize(
    "word",
    [
        *("5", "1/2", "3,5", "10:30-да", "+7", "5-ші", "2-сыныпта", "109-ға", "млн", "млрд."),
        *(
            "бес",
            "БЕС",
            "бесінші",
            "бесіншіге",
            "бесеу",
            "екеуі",
            "алтау",
            "жиырмасыншы",
            "елу",
            "ушинши",
            "жуз",
        ),
    ],
)
def test_numbers(word: str) -> None:
    assert like_num(word)


@pytest.mark.parametrize(
    "word", ["", "бесік", "жүзім", "бірге", "онда", "жылу", "1/жыл", "онлайн", "-", "5a"]
)
def test_no_numbers(word: str) -> None:
    assert not like_num(word)


def test_lemmatizer() -> None:
    pipeline = spacy.blank("kk")
    pipeline.add_pipe("lemmatizer")
    document = pipeline("Кайда барамыз? ЦОН-ға справканы бермейді 👎")
    assert [token.lemma_ for token in document] == "қайда бар ? цон справка бер 👎".split()


def test_lemmatizer_gives_the_letters_back() -> None:
    pipeline = spacy.blank("kk")
    pipeline.add_pipe("lemmatizer")
    norms = [token.norm_ for token in pipeline("Кайда отинишимди, т.б. кол қарады")]
    assert norms == ["қайда", "өтінішімді", ",", "тағы басқа", "кол", "қарады"]


def test_lemmatizer_can_be_saved(tmp_path: Path) -> None:
    pipeline = spacy.blank("kk")
    pipeline.add_pipe("lemmatizer")
    pipeline.to_disk(tmp_path)
    assert spacy.load(tmp_path)("мектептерде")[0].lemma_ == "мектеп"
