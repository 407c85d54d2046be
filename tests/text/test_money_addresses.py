import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.addresses import find_addresses, find_crossing
from text.money import find_money


def sums(text: str) -> list[tuple[str, str]]:
    return [(text[mention.start : mention.end], mention.value) for mention in find_money(text)]


def parts(text: str) -> list[tuple[str, str, str]]:
    return [
        (mention.kind, text[mention.start : mention.end], mention.value) for mention in find_addresses(text)
    ]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("5 мың теңге", "5 мың теңге", "5000"),
        ("150 000 тг", "150 000 тг", "150000"),
        ("полтора миллиона", "полтора миллиона", "1500000"),
        ("екі жарым миллион теңге", "екі жарым миллион теңге", "2500000"),
        ("90 мың теңгелік айыппұл", "90 мың теңгелік", "90000"),
        ("300₸", "300₸", "300"),
        ("5 myn tenge", "5 myn tenge", "5000"),
        ("штраф 73600 за парковку", "73600", "73600"),
        ("5 мың төле деді", "5 мың", "5000"),
        ("150к отдал риелтору", "150к", "150000"),
    ],
)
def test_sums(text: str, span: str, value: str) -> None:
    assert sums(text) == [(span, value)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5 мың адам",
        "15 000 жителей",
        "шектен тыс ақша",
        "2026 жылы төледім",
        "заплатил 12.11.2026",
        "500 долларов",
    ],
)
def test_no_sums(text: str) -> None:
    assert sums(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Абай көшесі 15", [("street", "Абай көшесі", "Абай көшесі"), ("house", "15", "15")]),
        ("ул. Ауэзова, д. 5", [("street", "ул. Ауэзова", "улица Ауэзова"), ("house", "д. 5", "5")]),
        ("мкр Самал-2 дом 33", [("street", "мкр Самал-2", "микрорайон Самал-2"), ("house", "дом 33", "33")]),
        ("пр. Нурсултан Назарбаев 10/1",
         [("street", "пр. Нурсултан Назарбаев", "проспект Нурсултан Назарбаев"), ("house", "10/1", "10/1")]),
        ("8-шағын аудан 5 үй", [("street", "8-шағын аудан", "8 шағын аудан"), ("house", "5 үй", "5")]),
        ("Абая 15", [("street", "Абая", "Абая"), ("house", "15", "15")]),
        ("abay koshesi 15 ui", [("street", "abay koshesi", "abay көшесі"), ("house", "15 ui", "15")]),
        ("Төле би көшесінде 12-үй, 5-пәтер",
         [("street", "Төле би көшесінде", "Төле би көшесі"), ("house", "12-үй", "12"), ("flat", "5-пәтер", "5")]),
        ("улица 8 Марта 5а", [("street", "улица 8 Марта", "улица 8 Марта"), ("house", "5а", "5А")]),
        ("14 мкр, дом 33", [("street", "14 мкр", "14 микрорайон"), ("house", "дом 33", "33")]),
        ("мкр Акмечеть 19-5", [("street", "мкр Акмечеть", "микрорайон Акмечеть"), ("house", "19", "19"), ("flat", "5", "5")]),
        ("пр-т Абая 102/2", [("street", "пр-т Абая", "проспект Абая"), ("house", "102/2", "102/2")]),
        ("по Толстого 88 кв. 41", [("street", "Толстого", "Толстого"), ("house", "88", "88"), ("flat", "кв. 41", "41")]),
        ("Каратальский микрорайон", [("street", "Каратальский микрорайон", "Каратальский микрорайон")]),
        ("на улице Школьной, 14", [("street", "улице Школьной", "улица Школьная"), ("house", "14", "14")]),
        ("на улице Космодемьянской 5", [("street", "улице Космодемьянской", "улица Космодемьянской"), ("house", "5", "5")]),
        ("по улице Голицыной", [("street", "улице Голицыной", "улица Голицыной")]),
        ("в переулке Школьном 3", [("street", "переулке Школьном", "переулок Школьный"), ("house", "3", "3")]),
        ("Агыбай батыра 20", [("street", "Агыбай батыра", "Агыбай батыра"), ("house", "20", "20")]),
        ("Әбілқайыр хан 20-үй", [("street", "Әбілқайыр хан", "Әбілқайыр хан"), ("house", "20-үй", "20")]),
        ("ул. Ержанова 47/3, корпус 2, кв 5",
         [("street", "ул. Ержанова", "улица Ержанова"), ("house", "47/3, корпус 2", "47/3 корпус 2"), ("flat", "кв 5", "5")]),
        ("Абай к-сі 12А үй, 3-корпус", [("street", "Абай к-сі", "Абай көшесі"), ("house", "12А үй, 3-корпус", "12А корпус 3")]),
        ("мкр 5 д 12 кв 4", [("street", "мкр 5", "микрорайон 5"), ("house", "д 12", "12"), ("flat", "кв 4", "4")]),
    ],
)  # fmt: skip
def test_addresses(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "на нашей улице третий день", "по улице холодно", "в доме 9 этажей", "біздің көшеде су жоқ", "ауылдың көшесі", "12 үй",
        "доля в доме 6 квадратов", "45 кв м", "в квартире 14 градусов", "в квартире 3 ребенка",
        "Ерлан батыр 20 қазанда келді", "Абылай хан 15 жаста", "келген батыр 20 адам",
    ],
)  # fmt: skip
def test_no_addresses(text: str) -> None:
    assert parts(text) == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("на улице Садовой", "улица Садовая"),
        ("по ул. Советской", "улица Советская"),
        ("на улицу Новую", "улица Новая"),
        ("на улице Верхней", "улица Верхняя"),
        ("на улице Маметовой", "улица Маметовой"),
        ("на улице Мариной", "улица Мариной"),
        ("на улице Крупской", "улица Крупской"),
        ("улица Молдагуловой", "улица Молдагуловой"),
        ("на улице Толстого", "улица Толстого"),
        ("на улице Абая Кунанбаева", "улица Абая Кунанбаева"),
    ],
)
def test_a_street_is_called_as_on_its_sign(typed: str, shown: str) -> None:
    (street,) = [mention.value for mention in find_addresses(f"{typed} 5") if mention.kind == "street"]
    assert street == shown


@pytest.mark.parametrize(
    ("text", "crossing"),
    [
        ("Щучинск, угол улиц Абая и Мира, открытый люк", "угол улиц Абая и Мира"),
        ("на перекрёстке Абая / Сатпаева не работает светофор", "угол Абая / Сатпаева"),
        ("На пересечении ул. Кабанбай батыра и пр. Туран яма", "угол ул. Кабанбай батыра и пр. Туран"),
        ("Абай мен Мира көшелерінің қиылысында бағдаршам істемейді", "Абай мен Мира көшелерінің қиылысы"),
        ("Абылай хан және Абай көшелерінің бұрышында", "Абылай хан және Абай көшелерінің қиылысы"),
        ("в углу двора лежит мусор и Петя", None),
        ("В углу Марат и Асель дерутся", None),
        ("улица Абая и двор", None),
        ("Абай мен Мира дос", None),
        ("", None),
    ],
)
def test_corners(text: str, crossing: str | None) -> None:
    assert find_crossing(text) == crossing


def test_places_are_no_part_of_a_name() -> None:
    text = "Тараз Сүлейменов көшесі 17"
    assert find_addresses(text, places=[(0, 5)])[0].value == "Сүлейменов көшесі"
    assert find_addresses("Сарыарка 15", places=[(0, 8)])[0].value == "Сарыарка"
    assert find_addresses("Сарыарка 15", taken=[(0, 8)]) == []


PIECES = [*"0123456789 .,-/₸", "ул.", "көшесі ", "мкр ", "дом ", "кв ", "Абай ", "үй ", "мың "]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text(text: str) -> None:
    for mention in (*find_addresses(text), *find_money(text)):
        assert 0 <= mention.start < mention.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "ул. Абая 15, " * 7000,
        "көшесі " * 14_000,
        "1 " * 50_000,
        "д. 5 кв " * 12_000,
        "миллион " * 12_000,
        "Аа " * 33_000,
        "угол Абая " * 10_000,
        "Абай мен " * 11_000,
    ],
)
def test_time_is_linear(text: str) -> None:
    started = time.perf_counter()
    find_addresses(text)
    find_crossing(text)
    find_money(text)
    assert time.perf_counter() - started < 10
