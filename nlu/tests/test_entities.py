"""What a message names, with offsets in the original text."""

from __future__ import annotations

from itertools import pairwise

import pytest

from citizen_nlu.entities import find_entities


def found(text: str) -> list[tuple[str, str, str | int]]:
    return [(entity.name, text[entity.start : entity.end], entity.value) for entity in find_entities(text)]


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
        ("ИИН 900101300123", ("iin", "900101300123", "900101300123")),
        ("БСН 990440001234", ("bin", "990440001234", "990440001234")),
        ("что с км-2026-123", ("reference", "км-2026-123", "KM-2026-000123")),
        ("KM-2026-000123 қалай?", ("reference", "KM-2026-000123", "KM-2026-000123")),
        ("в Кокшетау нет света", ("place", "Кокшетау", "111000000")),
        ("Көкшетауда жарық жоқ", ("place", "Көкшетауда", "111000000")),
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


@pytest.mark.parametrize("text", ["\ud800 3 күн", "İ 3 күн", "9" * 50_000, "1 " * 20_000, "а" * 100_000])
def test_hostile_text(text: str) -> None:
    for entity in find_entities(text):
        assert 0 <= entity.start < entity.end <= len(text)
