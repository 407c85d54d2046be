from datetime import date
from time import perf_counter

import pytest

from appeals.appeal import Applicant, Capacity, Draft
from dialogs.forms import located
from dialogs.numbered_streets import as_on_signs, without_streets
from dialogs.told import (
    address_in,
    began_in,
    but_learned,
    capacity_in,
    day_in,
    earlier_in,
    lasts_in,
    learned_in,
    own_phone_in,
    place_in,
    whole_address,
)
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
        ("отказали 3 марта 2024 года", date(2024, 3, 3)),
        ("дом построен в 2019 году", None),
        ("үш ай күттім", None),
    ],
)
def test_one_past_day_is_the_day(text: str, day: date | None) -> None:
    assert day_in(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("нет света на 8 марта 15", "улица 8 Марта 15"),
        ("с вечера на 8-е марта дом 15 кв 3 холодно", "улица 8 Марта 15-3"),
        ("ул. 1-го Мая 15", "улица 1 Мая 15"),
        ("на улице 9 мая яма", "улица 9 Мая"),
        ("28 гвардейцев 10", "улица 28 Гвардейцев 10"),
        ("ул 28 гвардейцев панфиловцев 10", "улица 28 Гвардейцев Панфиловцев 10"),
        ("28 гвардейцев-панфиловцев 10", "улица 28 Гвардейцев Панфиловцев 10"),
        ("пр. 40 лет победы 5", "проспект 40 лет Победы 5"),
        ("30-летия победы 5", "улица 30-летия Победы 5"),
        ("1 Мамыр көшесі, 5", "1 Мамыр көшесі 5"),
        ("9 Мамыр көшесіндегі 3 үй", "9 Мамыр көшесі 3"),
        ("8 Наурыз көшесі 15 үй 3 пәтер жылу жоқ", "8 Наурыз көшесі 15-3"),
        ("28 панфиловшылар 10", "28 Панфиловшылар көшесі 10"),
        ("28 гвардейцев 10 кв 3 темно", "улица 28 Гвардейцев 10-3"),
        ("на 8-Е МАРТА 15 дом 3 кв холодно", "улица 8 Марта 15-3"),
        ("на 8 марта 15а света нет", "улица 8 Марта 15А"),
        ("на 8 марта 15 дома холодно", "улица 8 Марта 15"),
        ("на 8 марта 15 отключили свет", "улица 8 Марта 15"),
        ("по 8 марта 15 не убирают снег", "улица 8 Марта 15"),
    ],
)
def test_a_street_called_after_a_day_is_no_day(text: str, address: str) -> None:
    assert address_in(domain().territory, text) == address
    assert (day_in(text, TODAY), began_in(text, TODAY), lasts_in(text)) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8 марта в 15 часов отключили свет", date(2026, 3, 8)),
        ("8 марта 15 часов не было света", date(2026, 3, 8)),
        ("8 марта 15 человек остались без воды", date(2026, 3, 8)),
        ("8 марта 2026 отключили", date(2026, 3, 8)),
        ("8 марта 24 года отключили", date(2024, 3, 8)),
        ("8 марта 24г. отключили", date(2024, 3, 8)),
        ("с 1 мая 2 года нет воды", date(2026, 5, 1)),
        ("16 декабря 15 больных остались без лекарств", date(2025, 12, 16)),
        ("9 мая 10:30 отключили", date(2026, 5, 9)),
        ("9 мая 10-30 отключили", date(2026, 5, 9)),
        ("с 8 марта 15 семей без света", date(2026, 3, 8)),
        ("от 1 мая 15 нет ответа", date(2026, 5, 1)),
        ("9 мамырда 15 үй жарықсыз қалды", date(2026, 5, 9)),
        ("8 наурыз 15 адам жарықсыз қалды", date(2026, 3, 8)),
        ("1 мая отключили воду", date(2026, 5, 1)),
        ("12 марта 15", date(2026, 3, 12)),
        ("с 9 мая дом 5 без света", date(2026, 5, 9)),
        ("8 марта 15 нет света", date(2026, 3, 8)),
        ("Щучинск, 8 Марта, 15-4", date(2026, 3, 8)),
        ("9 Мая 7, нет воды", date(2026, 5, 9)),
        ("8 марта дом 15 кв 3 холодно", date(2026, 3, 8)),
        ("8 наурыз 15-үй жылу жоқ", date(2026, 3, 8)),
        ("16 желтоксан 3/1", date(2025, 12, 16)),
        ("с 8 марта улица 15 дней без света", date(2026, 3, 8)),
        ("8 марта улица без света", date(2026, 3, 8)),
        ("на 8 марта 15 дней нет воды", date(2026, 3, 8)),
        ("на 8 марта 15 человек без воды", date(2026, 3, 8)),
        ("на 8 марта 15 домов без света", date(2026, 3, 8)),
        ("перенесли на 9 мая 10:30", date(2026, 5, 9)),
        ("по 8 марта 2026 не платили", date(2026, 3, 8)),
    ],
)
def test_a_day_that_a_street_could_be_called_after_stays_a_day(text: str, day: date) -> None:
    assert day_in(text, TODAY) == day
    assert address_in(domain().territory, text) is None


def test_since_when_is_told_beside_a_street_called_after_a_day() -> None:
    text = "На 8 Марта 15 нет тепла с 5 ноября"
    assert began_in(text, TODAY) == date(2026, 11, 5)
    assert lasts_in("Екі күннен бері 8 Наурыз көшесі 15 жарық жоқ") == "Екі күннен бері"


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        ("8 марта 15, кв 3", "улица 8 Марта 15, кв 3"),
        ("Щучинск, «8 наурыз» 15", "Щучинск, «8 Наурыз көшесі» 15"),
        ("28 гвардейцев 10", "улица 28 Гвардейцев 10"),
        ("30-летия победы", "улица 30-летия Победы"),
        ("с 8 марта нет света", "с 8 марта нет света"),
        ("Мира 5, 9 мая 7 нет света", "Мира 5, 9 мая 7 нет света"),
    ],
)
def test_an_answer_to_where_begins_with_a_street(answer: str, address: str) -> None:
    assert as_on_signs(answer, asked=True) == address


@pytest.mark.parametrize(
    ("settlement", "address"),
    [("1 Мая", "1 Мая, Мира 5"), ("Астана, 1 мая 7", "Астана, 1 мая 7"), ("Астана", "Астана, Мира 5")],
)
def test_a_settlement_may_be_called_after_a_day(settlement: str, address: str) -> None:
    draft = located(Draft(applicant=Applicant(postal_address="Мира 5")), settlement)
    assert draft.applicant.postal_address == address


def test_numbered_streets_are_looked_for_in_time_that_grows_with_the_text() -> None:
    text = "на 8 марта 15 нет света, с 1 марта по 8 марта 15 " * 4000
    began = perf_counter()
    assert len(without_streets(as_on_signs(text, asked=True))) > len(text)
    assert perf_counter() - began < 5


def test_a_span_of_days_ends_on_a_day() -> None:
    assert address_in(domain().territory, "с 1 марта по 8 марта 15 заявок не приняли") is None
    assert address_in(domain().territory, "с 1 по 8 марта 15 не работал лифт") is None


@pytest.mark.parametrize("unit", ["неделю", "месяц", "год"])
def test_the_house_on_a_street_called_after_a_day_counts_no_weeks(unit: str) -> None:
    text = f"на 8 марта 15 {unit} нет воды"
    assert address_in(domain().territory, text) == "улица 8 Марта 15"
    assert (began_in(text, TODAY), lasts_in(text)) == (None, unit)


def test_a_jubilee_is_no_duration_where_it_names_no_house_either() -> None:
    assert lasts_in("возле парка 40 лет Победы нет света") is None
    assert lasts_in("40 лет Победы дети без света") is None
    assert lasts_in("третий день возле парка 40 лет Победы нет света") == "третий день"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("үш күннен бері жылу жоқ", date(2026, 11, 17)),
        ("третью неделю не горят фонари, с 1 ноября", date(2026, 11, 1)),
        ("две недели нет воды", None),
        ("второй месяц не выдают инсулин", None),
        ("екі жылдан бері су жоқ", None),
        ("третий день нет света", date(2026, 11, 18)),
        ("нет света", None),
        ("ждём 3 дня, а обещали за 5 дней", None),
    ],
)
def test_since_when_the_matter_lasts(text: str, day: date | None) -> None:
    assert began_in(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("екі жылдан бері су жоқ", "екі жылдан бері"),
        ("Екі жыл бойы жол жөнделмейді", "Екі жыл бойы"),
        ("третий день нет света", "третий день"),
        ("третью неделю не горят фонари, с 1 ноября", None),
        ("нет света", None),
        ("ждём 3 дня, а обещали за 5 дней", None),
    ],
)
def test_a_duration_stays_as_it_was_said(text: str, words: str | None) -> None:
    assert lasts_in(text) == words


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("О решении я узнал 5 ноября", date(2026, 11, 5)),
        ("Заявление подал 1 октября. Письмо с отказом получил 5 ноября", date(2026, 11, 5)),
        ("5 қарашада бас тартқаны туралы хат алдым", date(2026, 11, 5)),
        ("Мұны кеше білдім", date(2026, 11, 19)),
        ("отказали 5 ноября", None),
        ("5 қарашада бас тартты", None),
        ("акт составили 3 марта 2024 года, суд был 5 мая", None),
        ("узнал об этом от соседей", None),
    ],
)
def test_when_it_was_learned_is_taken_only_where_it_is_said(text: str, day: date | None) -> None:
    assert learned_in(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "began", "lasts"),
    [
        ("О решении я узнал 5 ноября", None, None),
        ("Бұл шешімді 5 қарашада білдім", None, None),
        ("Два месяца не платят пособие, об отказе узнал 5 ноября", None, "Два месяца"),
        ("Жәрдемақы екі айдан бері төленбейді. Бұл туралы кеше білдім", None, "екі айдан бері"),
        ("Не платят с 5 ноября. Узнал 5 ноября", date(2026, 11, 5), None),
        ("Заявление подал 1 октября. Письмо с отказом получил 5 ноября", None, None),
        ("В октябре отказали, узнал 5 ноября", None, None),
        ("нет света с 5 ноября, узнал об этом от соседей вчера", None, None),
        ("отказали 5 ноября", date(2026, 11, 5), None),
    ],
)
def test_the_day_of_learning_is_not_since_when_it_lasts(
    text: str, began: date | None, lasts: str | None
) -> None:
    matter = but_learned(text, TODAY)
    assert (began_in(matter, TODAY), lasts_in(matter)) == (began, lasts)


@pytest.mark.parametrize(
    ("text", "capacity"),
    [
        ("Обращаюсь от имени моей матери, ей не платят пенсию", Capacity.ANOTHER),
        ("Анамның атынан жазып отырмын, зейнетақысы келмеді", Capacity.ANOTHER),
        ("Обращаюсь в интересах своего несовершеннолетнего сына, отказали в питании", Capacity.ANOTHER),
        ("Пишу как законный представитель ребёнка", Capacity.ANOTHER),
        ("Кәмелетке толмаған ұлымның атынан жазамын, тегін тамақ бермейді", Capacity.ANOTHER),
        ("Сенімхат бойынша әжемнің мүддесін қорғаймын", Capacity.ANOTHER),
        ("Боимся за своих детей, собаки бегают", None),
        ("От имени всех соседей: нет света", Capacity.GROUP),
        ("Коллективное обращение: во дворе нет света", Capacity.GROUP),
        ("Тұрғындар атынан жазамын, жол жоқ", Capacity.GROUP),
        ("Не платят зарплату нам, пятнадцати рабочим. Пишу от всех", Capacity.GROUP),
        ("Соцработник не ходит, пишу за маму", Capacity.ANOTHER),
        ("В интересах моих малолетних детей прошу перерасчёт пособия", Capacity.ANOTHER),
        ("Пишу за свою бабушку", Capacity.ANOTHER),
        ("Анамның сенімхаты бойынша жазамын", Capacity.ANOTHER),
        ("Подаю жалобу от имени жены", Capacity.ANOTHER),
        ("От имени моей мамы: не платят пенсию", Capacity.ANOTHER),
        ("Әжемнің атынан: зейнетақысы келмеді", Capacity.ANOTHER),
        ("Баламның заңды өкілі ретінде жазамын", Capacity.ANOTHER),
        ("Қызымның мүддесінде өтініш жазып отырмын", Capacity.ANOTHER),
        ("От имени женщин аула: нет роддома", Capacity.GROUP),
        ("Прошу открыть кружки в интересах детей", None),
        ("В садике всё делается не в интересах детей, директор хамит", None),
        ("Прошу уволить: она работает не в интересах моего ребёнка", None),
        ("Чиновники работают в интересах своих родных братьев", None),
        ("Пишу за детей нашего подъезда", None),
        ("Мошенники взяли кредит от имени моей мамы", None),
        ("Балаларымыздың мүддесін ескеріңіздер", None),
        ("Анамның атынан біреу несие алған", None),
        ("Нотариус сенімхат бермейді", None),
        ("ТОО «Үлгі» сообщает о свалке", Capacity.ORGANISATION),
        ("ТОО «Үлгі» не платит нам зарплату", None),
        ("Пишу от имени ТОО «Үлгі», отказали в лицензии", Capacity.ORGANISATION),
        ("«Үлгі» ЖШС атынан сұраймыз", Capacity.ORGANISATION),
        ("Мы все без света, жители жалуются, сын мёрзнет", None),
        ("Моя мама болеет, прошу помочь", None),
    ],
)
def test_for_whom_it_is_written(text: str, capacity: Capacity | None) -> None:
    assert capacity_in(text) == capacity


def test_the_number_of_an_earlier_appeal() -> None:
    assert earlier_in("по обращению ЖТ-2026-01234567 не ответили") == "ЖТ-2026-01234567"
    assert earlier_in("KM-2026-000123 бойынша жауап жоқ") == "KM-2026-000123"
    assert earlier_in("дом 5, квартира 12, 2026 год") is None


def test_place_and_address() -> None:
    territory = domain().territory
    text = "Щучинск, ул. Ауэзова, д. 5 кв 12, соседняя улица Мира 7 тоже без воды"
    assert place_in(territory, text) == "117020100"
    assert address_in(territory, text) == "улица Ауэзова 5-12"
    assert address_in(territory, "Мира 1 нет воды, у дома 1 яма") == "Мира 1"
    assert address_in(territory, "Щучинскте су жоқ") is None
    assert address_in(territory, "Щучинск, угол улиц Абая и Мира, открытый люк") == "угол улиц Абая и Мира"
    assert address_in(territory, "Кокшетау мкр 5 д 12 кв 4 нет отопления") == "микрорайон 5, 12-4"
    assert address_in(territory, "ул. Ержанова 47/3, корпус 2, кв 5") == "улица Ержанова 47/3 корпус 2, кв 5"
    assert place_in(territory, "Есіл ауданында жарық жоқ") is None
    assert place_in(territory, "Есіл ауданында жарық жоқ", known="710000000") == "711210000"
    assert whole_address(territory, None, None) is None
    assert whole_address(territory, None, "Абай 5") == Bilingual("Абай 5", "Абай 5")
    whole = whole_address(territory, "710000000", "Абай 5")
    assert whole is not None
    assert whole.ru == "город Астана, Абай 5"
