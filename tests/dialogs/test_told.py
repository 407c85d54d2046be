from datetime import date

import pytest

from dialogs.told import address_in, own_phone_in, place_in, since_in, whole_address
from tests.factories import domain
from text.bilingual import Bilingual

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("телефоным 8 701 123 45 67", "+77011234567"),
        ("звоните после обеда +7 (777) 123-45-67", "+77771234567"),
        ("хабарласыңыз: 87011234567", "+77011234567"),
        ("8 701 123 45 67 нөмірінен алаяқтар ақша сұрады", None),
        ("мошенник писал с 87011234567", None),
        ("телефон сломан, чек 12345", None),
    ],
)
def test_a_number_is_ones_own_where_one_asks_to_be_called(text: str, number: str | None) -> None:
    assert own_phone_in(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 қарашада бас тартты", date(2026, 11, 5)),
        ("вчера отказали", date(2026, 11, 19)),
        ("подал 1 ноября, отказали 5 ноября", None),
        ("завтра суд", None),
        ("отказали 3 марта 2024 года", None),
        ("үш ай күттім", None),
    ],
)
def test_one_day_within_the_term_is_the_day(text: str, day: date | None) -> None:
    assert since_in(text, TODAY) == day


def test_place_and_address() -> None:
    territory = domain().territory
    text = "Щучинск, ул. Ауэзова, д. 5 кв 12, соседняя улица Мира 7 тоже без воды"
    assert place_in(territory, text) == "117020100"
    assert address_in(territory, text) == "улица Ауэзова 5-12"
    assert address_in(territory, "Щучинскте су жоқ") is None
    assert place_in(territory, "Есіл ауданында жарық жоқ") is None
    assert place_in(territory, "Есіл ауданында жарық жоқ", known="710000000") == "711210000"
    assert whole_address(territory, None, None) is None
    assert whole_address(territory, None, "Абай 5") == Bilingual("Абай 5", "Абай 5")
    whole = whole_address(territory, "710000000", "Абай 5")
    assert whole is not None
    assert whole.ru == "город Астана, Абай 5"
