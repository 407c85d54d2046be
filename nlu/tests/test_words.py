"""Words of a message: the same key however they are typed, offsets of the original."""

from __future__ import annotations

import pytest
import yaml
from text.letters import fold

from citizen_nlu.lang.concepts import SOURCE, concepts_of
from citizen_nlu.lang.ru.normal_forms import inflections, is_known, normal_form, parts_of_speech
from citizen_nlu.words import Splitting, canonical, split


@pytest.mark.parametrize(
    ("language", "text", "normals"),
    [
        ("ru", "отоплением никто не занимается", ["отопление", "никто", "не", "заниматься"]),
        ("kk", "Балаларға справканы бермейді", ["бала", "справка", "бер"]),
        ("kk", "ЦОН-ға бардым", ["цон", "бар"]),
        ("mixed", "квартирада отопления нет", ["квартира", "отопление", "нет"]),
        ("ru", "щас када удостака инета зп чё", "сейчас когда удостоверение интернет зарплата что".split()),
        ("kk", "қадам", ["кадам"]),
        ("kk", "удостакты жоғалттым", ["удостоверение", "жогалт"]),
        ("kk", "балам бакшага бармайды", ["бала", "бакша", "бар"]),
        ("kk", "пособиесін очередьке кредитімді эцқ-ны", ["пособие", "очередь", "кредит", "эцп"]),
        ("kk", "ЖСН мен БСН", ["иин", "мен", "бин"]),
    ],
)
def test_normal_forms(language: str, text: str, normals: list[str]) -> None:
    assert [word.normal for word in split(text, language)] == normals


@pytest.mark.parametrize("typed", ["мектептерде", "МЕКТЕПТЕРДЕ", "mektepterde", "Mektepterde"])
def test_one_key_for_every_way_of_typing(typed: str) -> None:
    (word,) = split(typed, "kk")
    assert word.surface == "мектептерде"


def test_offsets_are_those_of_the_message() -> None:
    text = "😀 Үйде\n\n жылу   жоқ, eGov-тан!"
    for word in split(text, "kk"):
        assert text[word.start : word.end] == word.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n",
        "\ud800",
        "a\udfffб",
        "\u200b\u200d",
        "😀" * 500,
        "🇰🇿👨‍👩‍👧",
        "x" * 100_000,
        "а-" * 20_000,
    ],
)
def test_hostile_text_is_split_without_harm(text: str) -> None:
    for word in split(text, "kk"):
        word.surface.encode("utf-8")


def test_digits_are_all_alike() -> None:
    assert canonical("12-үй", "kk") == canonical("345-үй", "kk")


def test_the_russian_dictionary_knows_no_kazakh() -> None:
    assert is_known("тепло")
    assert not is_known("жылу")
    assert normal_form("стали") == "стать"


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("справка", {"noun"}),
        ("справками", {"noun-form"}),
        ("отключили", {"verb"}),
        ("оформить", {"infinitive"}),
        ("новый", {"adj-base"}),
        ("новая", {"adj"}),
        ("почему", {"function"}),
        ("моего", {"function"}),
        ("еще", {"function"}),
        ("стали", {"verb", "noun-form"}),
        ("талгар", {"name"}),
        ("қар", set()),
    ],
)
def test_parts_of_speech(word: str, parts: set[str]) -> None:
    assert parts_of_speech(word) == parts


def test_inflections() -> None:
    assert {"справка", "справками", "справок"} <= set(inflections("справку"))
    assert inflections("жылу") == []


def test_concepts_join_the_languages() -> None:
    (kazakh,), (russian,) = split("жылу", "kk"), split("отопления", "ru")
    assert "heating" in concepts_of(kazakh.surface, kazakh.normal)
    assert "heating" in concepts_of(russian.surface, russian.normal)
    assert concepts_of("абракадабра", "абракадабра") == ()


def test_no_concept_is_part_of_another() -> None:
    table = yaml.safe_load(SOURCE.read_text("utf-8"))
    assert len(table) > 2000
    entries = {concept: frozenset(row.split()) for concept, row in table.items()}
    holders: dict[str, set[str]] = {}
    for concept, words in entries.items():
        for word in words:
            holders.setdefault(word, set()).add(concept)
    within = {
        concept: held
        for concept, words in entries.items()
        if (held := set.intersection(*(holders[word] for word in words)) - {concept})
    }
    assert within == {}


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("мы", "body_head"),
        ("сол", "salt"),
        ("лет", "to_rain_fall"),
        ("кім", "clothes"),
        ("әлі", "red"),
        ("весь", "heavy"),
        ("сын", "blue"),
        ("бы", "dance"),
        ("өтті", "flame"),
        ("күйіп", "to_pour"),
        ("суық", "liquid"),
        ("құбыр", "whisper"),
        ("байланыс", "to_tie"),
        ("анықтама", "to_understand_sort_out"),
        ("установить", "to_hold"),
    ],
)
def test_common_words_are_not_taken_for_what_they_resemble(word: str, concept: str) -> None:
    assert concept not in concepts_of(fold(word), fold(word))


def test_other_processes_split_as_this_one_does() -> None:
    texts = [("Үйде жылу жоқ!", "kk"), ("нет отопления", "ru"), ("свет жоқ", "mixed")]
    with Splitting(processes=1) as splitting:
        splitting.begin(texts[:2])
        splitting.begin(texts)
        assert [splitting.words(*text) for text in texts] == [split(*text) for text in texts]
