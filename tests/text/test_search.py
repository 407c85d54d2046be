"""Whatever form and letters a person searches with, the word is found; what only looks alike is not."""

from __future__ import annotations

import pytest

from text.search import index_terms, query_terms


def finds(query: str, text: str) -> bool:
    """What every database does with the terms."""
    terms = index_terms(text)
    wanted = query_terms(query)
    return bool(wanted) and all(
        any(
            term.text in terms or (term.prefix and any(known.startswith(term.text) for known in terms))
            for term in alternatives
        )
        for alternatives in wanted
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("жылу", "Үйіміздегі жылудың жоқтығы"),
        ("жылуды", "Жылу жоқ"),
        ("жылу", "жылуы жок"),
        ("көшеде", "Абай көшесінде шұңқыр бар"),
        ("кошеде", "Абай көшелерінің жарығы"),
        ("су", "Судың сапасы нашар"),
        ("суды", "Су жоқ"),
        ("үй", "үйде газ иісі"),
        ("балалар", "балаларымызға суық"),
        ("шағым", "шағымды қараңыз"),
        ("жарығы", "жарық жоқ"),
        ("кітаптар", "кітабы"),
        ("отопление", "Третий день без отопления"),
        ("отопления", "Отопление не включили"),
        ("отопл", "нет отопления"),
        ("воды", "Вода ржавая"),
        ("дорога", "ремонт дорог"),
        ("фонарь", "не горят фонари"),
        ("холодная", "в квартире холодно, холодные батареи"),
        ("zhylu", "жылу жоқ"),
        ("Иванова", "Иванов Пётр"),
        ("әбдірахманов", "Абдирахмановтың өтініші"),
        ("улги отиниш", "Үлгі өтініші"),
        ("KM-2026-0001", "KM-2026-000123"),
        ("км-2026-000123", "KM-2026-000123"),
        ("жт-2026-5", "ЖТ-2026-55"),
        ("000123", "KM-2026-000123"),
        ("Абай 10", "Абай көшесі, 10-үй"),
        ("10-7", "Абылай хана, 10-7"),
    ],
)
def test_found(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("су", "Субсидия туралы"),
        ("отопление дорога", "нет отопления"),
        ("электричество", "электронная подпись"),
        ("водитель", "нет воды"),
        ("_ %", "100% _"),
        ("", "бар"),
        ("км-2026-1", "2026"),
    ],
)
def test_not_found(query: str, text: str) -> None:
    assert not finds(query, text)


def test_numbers_of_persons_and_telephones_are_no_terms() -> None:
    terms = index_terms("ИИН-900101300017, тел. 87010000000, +7 701 000 00 00")
    assert not any(char.isdigit() for term in terms for char in term[3:])


def test_terms_are_letters_and_digits() -> None:
    assert all(term.isalnum() for term in index_terms("Ө'з-ө\u2019зі KM-2026-000123 № 5/7 «а»_b 5а ЖТ–77"))


def test_a_word_without_end_is_no_term() -> None:
    assert index_terms("а" * 5000) == frozenset()
