from datetime import date

import pytest

from appeals.appeal import Capacity
from dialogs.person import (
    applicant_in,
    is_name,
    is_of_entity,
    names_settlement,
    organisation_in,
    representative_in,
)
from tests.factories import domain

TODAY = date(2026, 11, 20)
IIN, PHONE = "900101300007", "+77015550000"
NAME = "Сынақов Мысал Үлгіұлы"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        (f"{NAME}, 900101300007, 8 701 555 00 00, Щучинск, Мира көшесі 5", NAME, "Щучинск, Мира көшесі 5"),
        (f"{NAME} 900101300007 87015550000 Щучинск Мира 5 кв 2", NAME, "Щучинск Мира 5 кв 2"),
        (f"{NAME} Щучинск Мира 5 900101300007 +7 701 555 00 00", NAME, "Щучинск Мира 5"),
        (f"{NAME}\n900101 300007\n+7(701)555-00-00\nг. Щучинск, ул. Мира, д. 5", NAME, "г. Щучинск, ул. Мира, д. 5"),
        (f"ФИО: {NAME}; ИИН: 900101300007; тел: 87015550000; адрес: Щучинск, Мира 5", NAME, "Щучинск, Мира 5"),
        (f"Аты-жөнім {NAME} ЖСН 900101300007 тел 8701 555 0000 мекенжайым Щучинск, Мира 5", NAME, "Щучинск, Мира 5"),
        (f"8 701 555 00 00, 900101300007, {NAME}, Алматы қаласы Абай даңғылы 10", NAME, "Алматы қаласы Абай даңғылы 10"),
        (f"Мира көшесі 5, Щучинск, {NAME}, 87015550000, 900101300007", NAME, "Мира көшесі 5, Щучинск"),
        ("Абылай Мысал Алматы Абай 5 900101300007 87015550000", "Абылай Мысал", "Алматы Абай 5"),
        ("sinaqov misal, 900101300007, 87015550000, shchuchinsk mira 5", "sinaqov misal", "shchuchinsk mira 5"),
    ],
)  # fmt: skip
def test_a_person_told_in_one_message(text: str, name: str, address: str) -> None:
    told = applicant_in(text, domain().territory, TODAY, Capacity.SELF)
    assert (told.full_name, told.iin, told.phone, told.postal_address) == (name, IIN, PHONE, address)
    assert told.problem is None


def test_what_is_not_said_is_not_made_up() -> None:
    told = applicant_in("тел 87015550000", domain().territory, TODAY, Capacity.SELF)
    assert told.fields() == {"phone": PHONE}
    assert applicant_in("Щучинск қаласы", domain().territory, TODAY, Capacity.SELF).full_name is None
    assert applicant_in("зачем?", domain().territory, TODAY, Capacity.SELF).fields() == {}


@pytest.mark.parametrize(
    ("number", "problem"), [("900101300008", "form.iin_checksum"), ("9001013000071", "form.iin_length")]
)
def test_a_wrong_number_is_told_and_the_rest_is_kept(number: str, problem: str) -> None:
    told = applicant_in(f"{NAME}, {number}, Щучинск, Мира 5", domain().territory, TODAY, Capacity.SELF)
    assert told.problem is not None
    assert told.problem.key == problem
    assert told.fields() == {"full_name": NAME, "postal_address": "Щучинск, Мира 5"}


def test_a_legal_entity_told_in_one_message() -> None:
    told = applicant_in(
        "ТОО «Үлгі-Сервис», БИН 050540000006, 87015550000, Щучинск, ул. Мира 5, a@b.kz",
        domain().territory,
        TODAY,
        Capacity.ORGANISATION,
    )
    assert told.fields() == {
        "organisation": "ТОО «Үлгі-Сервис»",
        "bin": "050540000006",
        "phone": PHONE,
        "email": "a@b.kz",
        "postal_address": "Щучинск, ул. Мира 5",
    }
    assert organisation_in("«Үлгі» ЖШС БСН 050540000006") == ("«Үлгі» ЖШС", "050540000006")
    assert organisation_in("050540000006") == (None, "050540000006")


def test_who_signs_and_as_what() -> None:
    assert representative_in("Сынақов Мысал, директор") == ("Сынақов Мысал", "директор")
    assert representative_in("Сынақова Мысал – дочь") == ("Сынақова Мысал", "дочь")
    assert representative_in("Сынақов Мысал") == ("Сынақов Мысал", None)
    assert representative_in("директор Сынақов Мысал") == ("Сынақов Мысал", "директор")
    assert representative_in("Сынақов Мысал басшысы, бұйрық №5") == ("Сынақов Мысал", "басшысы, бұйрық №5")
    assert representative_in("мать, Сынақова Мысал") == ("Сынақова Мысал", "мать")
    assert representative_in("я его мама Сынақова Мысал, законный представитель") == (
        "Сынақова Мысал",
        "мама, законный представитель",
    )
    assert representative_in("Мен анасымын, Сынақова Мысал Үлгі қызы") == (
        "Сынақова Мысал Үлгі қызы",
        "анасымын",
    )
    assert representative_in("Сынақов Мысал, 2026 жылғы 5 қарашадағы № 12 сенімхат") == (
        "Сынақов Мысал",
        "2026 жылғы 5 қарашадағы № 12 сенімхат",
    )
    assert representative_in("директор")[0] is None
    assert representative_in("мать")[0] is None
    assert representative_in("я," * 1_900)[0] is None


@pytest.mark.parametrize(
    ("answer", "name", "authority"),
    [
        ("по доверенности Сынақов Мысал", "Сынақов Мысал", "по доверенности"),
        ("сестра по доверенности Сынақова Мысал", "Сынақова Мысал", "сестра по доверенности"),
        (
            "Сынақов Мысал по доверенности № 12 от 5 ноября",
            "Сынақов Мысал",
            "по доверенности № 12 от 5 ноября",
        ),
        (
            "По доверенности № 5 от 05.11.2026 Сынақов Мысал",
            "Сынақов Мысал",
            "По доверенности № 5 от 05.11.2026",
        ),
        ("№ 5 сенімхат бойынша Сынақов Мысал", "Сынақов Мысал", "№ 5 сенімхат бойынша"),
        ("Сенімхат бойынша Сынақов Мысал", "Сынақов Мысал", "Сенімхат бойынша"),
        ("Сынақова Мысал мать", "Сынақова Мысал", "мать"),
        ("Сынақова Мысал анасы", "Сынақова Мысал", "анасы"),
        ("Сынақова Мысал его законный представитель", "Сынақова Мысал", "законный представитель"),
        ("Сынақов Мысал ұлы", "Сынақов Мысал ұлы", None),
        ("Мать ребёнка, Сынақова Мысал", "Сынақова Мысал", "Мать ребёнка"),
        ("Мен заңды өкілімін, Сынақова Мысал", "Сынақова Мысал", "заңды өкілімін"),
        ("я мать ребёнка, не работаю", None, "мать ребёнка, не работаю"),
        ("Сынақова, Мысал Үлгіқызы", None, None),
    ],
)
def test_a_right_to_represent_is_no_part_of_the_name(
    answer: str, name: str | None, authority: str | None
) -> None:
    assert representative_in(answer) == (name, authority)


def test_the_child_named_beside_its_mother_is_not_who_signs() -> None:
    assert representative_in("Я мать Сынақова Үлгі, Сынақова Мысал", "Сынақов Үлгі") == (
        "Сынақова Мысал",
        "мать Сынақова Үлгі",
    )
    assert representative_in("Сынақова Асем, мать Сынақова Асана", "Сынақов Асан") == (
        "Сынақова Асем",
        "мать Сынақова Асана",
    )
    assert representative_in("Сынақов Үлгі", "Сынақов Үлгі") == ("Сынақов Үлгі", None)
    assert is_name("Айт-Али Мысал")


def test_who_it_is_is_no_part_of_the_name() -> None:
    for said in ("Анам: ", "Мама: ", "Арыз иесі: "):
        told = applicant_in(f"{said}{NAME}, {IIN}, г. Щучинск", domain().territory, TODAY, Capacity.ANOTHER)
        assert told.full_name == NAME
    assert applicant_in("Көкшетау қ., Абай 5", domain().territory, TODAY, Capacity.SELF).postal_address == (
        "Көкшетау қ., Абай 5"
    )


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("ТОО «Үлгі», БИН 050540000006, 87015550000, Щучинск, Мира 5", True),
        ("«Үлгі» ЖШС 050540000006", True),
        (f"{NAME}, {IIN}, работаю в ТОО «Үлгі»", False),
        (f"{NAME}, 050540000006", False),
    ],
)
def test_a_legal_entity_is_told_by_its_number(text: str, entity: bool) -> None:
    assert is_of_entity(text, TODAY) is entity


@pytest.mark.parametrize(
    "address",
    [
        "ул. Мира 5, кв 3",
        "Мира, 5, 3",
        "ул. Мира, дом 5, кв. 3",
        "Абай көшесі, 15-үй, 3-пәтер",
        "Бурабай ауданы, Абай көшесі 5",
        "Акмолинская область, ул. Мира 5",
        "мкр 4, дом 5",
        "Abaya 5",
    ],
)
def test_an_address_may_lack_its_settlement(address: str) -> None:
    assert not names_settlement(address, domain().territory)


@pytest.mark.parametrize(
    "address",
    [
        "Щучинск, Мира 5",
        "Мира 5, Щучинск",
        "Semey, Abaya 5",
        "Степногорск, 4 мкр, дом 5",
        "г.Щучинск ул.Мира 5",
        "Алматы қ., Абай 10-5",
        "Жаңатұрмыс ауылы, Абай 5",
        "с. Новое Поле, Мира 5",
        "Жаңа Иле, Абай көшесі 7",
        "020000, ул. Мира 5",
    ],
)
def test_an_address_with_its_settlement(address: str) -> None:
    assert names_settlement(address, domain().territory)
