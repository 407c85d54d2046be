"""What a message names, with offsets in the original text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from citizen_nlu.entities import find_entities, without_places
from citizen_nlu.words import split


def found(text: str) -> list[tuple[str, str, str | int]]:
    return [
        (entity.name, text[entity.start : entity.end], entity.codes[0] if entity.codes else entity.value)
        for entity in find_entities(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21.11.2026 жаздым", ("date", "21.11.2026", "2026-11-21")),
        ("подал 5/3/26", ("date", "5/3/26", "2026-03-05")),
        ("2026-11-21 күні", ("date", "2026-11-21", "2026-11-21")),
        ("2026 жылғы 21 қарашада жаздым", ("date", "2026 жылғы 21 қарашада", "2026-11-21")),
        ("подал 21 ноября 2026 года", ("date", "21 ноября 2026 года", "2026-11-21")),
        ("29 ақпанда", ("date", "29 ақпанда", "--02-29")),
        ("Кеше өшірді", ("date", "Кеше", "today-1")),
        ("завтра суд", ("date", "завтра", "today+1")),
        ("үш күн жылу жоқ", ("duration", "үш күн", "P3D")),
        ("ждём 15 рабочих дней", ("duration", "15 рабочих дней", "P15D")),
        ("15 жұмыс күні өтті", ("duration", "15 жұмыс күні", "P15D")),
        ("два месяца прошло", ("duration", "два месяца", "P2M")),
        ("екі айдан бері", ("duration", "екі айдан", "P2M")),
        ("полгода жду", ("duration", "полгода", "P6M")),
        ("5 сағат күттім", ("duration", "5 сағат", "PT5H")),
        ("15 000 теңге", ("money", "15 000 теңге", 15000)),
        ("50 мың тг төледім", ("money", "50 мың тг", 50000)),
        ("1,5 млн тенге", ("money", "1,5 млн тенге", 1500000)),
        ("300₸", ("money", "300₸", 300)),
        ("тел 8 701 123-45-67", ("phone", "8 701 123-45-67", "+77011234567")),
        ("+7 (777) 123 45 67 звоните", ("phone", "+7 (777) 123 45 67", "+77771234567")),
        ("ИИН 900101300123", ("iin", "900101300123", "******300123")),
        ("БСН 990440001234", ("bin", "990440001234", "990440001234")),
        ("что с км-2026-123", ("reference", "км-2026-123", "KM-2026-000123")),
        ("KM-2026-000123 қалай?", ("reference", "KM-2026-000123", "KM-2026-000123")),
        ("в Кокшетау нет света", ("place", "Кокшетау", "111000000")),
        ("Көкшетауда жарық жоқ", ("place", "Көкшетауда", "111000000")),
        ("Семск, Ауэзова 5", ("street", "Ауэзова", "Ауэзова")),
        ("Сарыарка 15, Астана", ("place", "Астана", "710000000")),
        ("Тараз Сүлейменов көшесі", ("street", "Сүлейменов көшесі", "Сүлейменов көшесі")),
        ("пәтер 12 үй 5", ("flat", "пәтер 12", "12")),
        ("8(7172)55-44-33", ("phone", "8(7172)55-44-33", "+77172554433")),
        ("бин 990440001234", ("bin", "990440001234", "990440001234")),
    ],
)
def test_one_entity(text: str, expected: tuple[str, str, str | int]) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    "text", ["", "рахмет", "31.02.2026", "12 үй", "99 номер", "он бесте", "майдың иісі", "5 тг-дан"]
)
def test_nothing_is_invented(text: str) -> None:
    assert not [
        name for name, _, _ in found(text) if name in ("date", "duration", "phone", "iin", "bin", "reference")
    ]


def test_a_place_has_its_code_or_its_candidates() -> None:
    (place,) = (entity.as_dict() for entity in find_entities("в Кокшетау нет света"))
    assert (place["value"], place["code"]) == ("Көкшетау қаласы", "111000000")
    (open_,) = (entity.as_dict() for entity in find_entities("Есіл ауданы"))
    assert "code" not in open_
    assert open_["value"] == "Есіл ауданы"
    assert len(open_["candidates"]) == 3


@pytest.mark.parametrize("number", ["900101300007", "900101 300007", "850715-400109"])
def test_an_identity_number_never_comes_back_in_clear(number: str) -> None:
    (entity,) = find_entities(f"ЖСН {number}")
    assert entity.name == "iin"
    assert not set(str(entity.value)[:6]) - {"*"}


@pytest.mark.parametrize("text", ["счёт 999999999999", "код 123456789012345", "№ 000000000000"])
def test_other_long_numbers_are_no_identity_numbers(text: str) -> None:
    assert find_entities(text) == []


def test_mentions_do_not_overlap_and_come_in_order() -> None:
    text = "KM-2026-000123 87011234567 900101300123 15 000 теңге 21 қараша 2026 Көкшетауда 3 күн"
    entities = find_entities(text)
    assert [entity.name for entity in entities] == [
        "reference",
        "phone",
        "iin",
        "money",
        "date",
        "place",
        "duration",
    ]
    assert all(first.end <= second.start for first, second in pairwise(entities))


@pytest.mark.parametrize(
    "text",
    ["8 7 " * 25_000, "ул. Абая 15, " * 7_000, "12.12." * 16_000, "KM-2026-1 " * 10_000],
    ids=["digits", "streets", "dates", "references"],
)
def test_time_is_linear(text: str) -> None:
    started = time.process_time()
    find_entities(text)
    assert time.process_time() - started < 60


@pytest.mark.parametrize("text", ["\ud800 3 күн", "İ 3 күн", "9" * 50_000, "1 " * 20_000, "а" * 100_000])
def test_hostile_text(text: str) -> None:
    for entity in find_entities(text):
        assert 0 <= entity.start < entity.end <= len(text)


@pytest.mark.parametrize(
    ("text", "language", "matter"),
    [
        ("Көкшетау қаласы Абай көшесі 15 үйде су жоқ", "kk", "су жоқ"),
        ("В Щучинске, на улице Абая 12, нет воды", "ru", "В , на , нет воды"),
        ("Көкшетау", "kk", "Көкшетау"),
    ],
)
def test_where_it_is_does_not_tell_what_it_is(text: str, language: str, matter: str) -> None:
    entities = [entity.as_dict() for entity in find_entities(text)]
    assert " ".join(word.text for word in without_places(split(text, language), entities)) == matter
