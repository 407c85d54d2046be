from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.moments import days_of, find_date, find_moments, resolve, since

TODAY = date(2026, 11, 22)


def found(text: str) -> list[tuple[str, str, str]]:
    return [(moment.kind, text[moment.start : moment.end], moment.value) for moment in find_moments(text)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("с 5 ноября", "5 ноября", "--11-05"),
        ("қарашаның 10-ынан бастап", "қарашаның 10-ынан", "--11-10"),
        ("qarashanyn 3-inen beri", "qarashanyn 3-inen", "--11-03"),
        ("5-қарашада жаздым", "5-қарашада", "--11-05"),
        ("2026 жылғы 1 қыркүйектен", "2026 жылғы 1 қыркүйектен", "2026-09-01"),
        ("2024 жылдың мамырында", "2024 жылдың мамырында", "2024-05"),
        ("в марте 2024 года", "марте 2024 года", "2024-03"),
        ("с сентября нет учителя", "сентября", "--09"),
        ("қаңтар айында", "қаңтар айында", "--01"),
        ("тамыздан бері", "тамыздан", "--08"),
        ("2019 жылдан бері", "2019 жылдан", "2019"),
        ("21.11 күні", "21.11", "--11-21"),
        ("алдыңғы күні", "алдыңғы күні", "today-2"),
        ("со вчерашнего дня", "вчерашнего дня", "today-1"),
        ("две недели назад", "две недели назад", "today-14"),
        ("недели две назад", "недели две назад", "today-14"),
        ("үш күн бұрын", "үш күн бұрын", "today-3"),
        ("месяц назад", "месяц назад", "today-30"),
        ("29 ақпанда", "29 ақпанда", "--02-29"),
        ("kok 5 noyabrya", "5 noyabrya", "--11-05"),
    ],
)
def test_dates(text: str, span: str, value: str) -> None:
    assert found(text) == [("date", span, value)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("үш күннен бері", "үш күннен", "P3D"),
        ("уш кун болды", "уш кун", "P3D"),
        ("ush kun boldy", "ush kun", "P3D"),
        ("2 апта болды", "2 апта", "P2W"),
        ("третью неделю", "третью неделю", "P3W"),
        ("уже месяц", "месяц", "P1M"),
        ("полтора месяца", "полтора месяца", "P45D"),
        ("бір жарым жыл", "бір жарым жыл", "P18M"),
        ("жарты жыл", "жарты жыл", "P6M"),
        ("полгода жду", "полгода", "P6M"),
        ("двое суток", "двое суток", "P2D"),
        ("2-3 апта", "2-3 апта", "P3W"),
        ("он бес шақты күн", "он бес шақты күн", "P15D"),
        ("15 рабочих дней", "15 рабочих дней", "P15D"),
        ("три с половиной часа", "три с половиной часа", "PT3H30M"),
        ("40 минут", "40 минут", "PT40M"),
        ("аптадан бері", "аптадан", "P1W"),
        ("7-ші күн", "7-ші күн", "P7D"),
        ("он месяц не отвечает", "месяц", "P1M"),
    ],
)
def test_durations(text: str, span: str, value: str) -> None:
    assert found(text) == [("duration", span, value)]


@pytest.mark.parametrize(
    "text",
    [
        "", "мне 63 года", "в 5 часов", "на третий день", "раз в неделю", "қазан сатып алдым", "май қымбат", "31.02.2026",
        "1.2.3.4.2020", "учебный год", "каждый месяц", "5 млн", "1234567890123456789 күн",
    ],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("--11-21", date(2026, 11, 21)),
        ("--12-31", date(2025, 12, 31)),
        ("--02-29", date(2024, 2, 29)),
        ("--09", date(2026, 9, 1)),
        ("2024-05", date(2024, 5, 1)),
        ("2019", date(2019, 1, 1)),
        ("today", TODAY),
        ("today-14", date(2026, 11, 8)),
        ("today+1", date(2026, 11, 23)),
        ("2026-13-01", None),
        ("today-99999999999", None),
        ("yesterday", None),
    ],
)
def test_a_value_is_a_day(value: str, day: date | None) -> None:
    assert resolve(value, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 11 2026", date(2026, 11, 5)),
        ("кеше", date(2026, 11, 21)),
        ("недели две назад", date(2026, 11, 8)),
        ("5 декабря", date(2025, 12, 5)),
        ("үш күн болды", None),
        ("31.02.2026", None),
    ],
)
def test_the_first_day_named(text: str, day: date | None) -> None:
    assert find_date(text, TODAY) == day


def test_a_duration_reaches_back() -> None:
    assert since("үш күн болды", TODAY) == date(2026, 11, 19)
    assert since("вчера, а не 3 дня", TODAY) == date(2026, 11, 21)
    assert since("не помню", TODAY) is None


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_written_date_comes_back(day: date) -> None:
    for written in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}/{day.month}/{day.year}"):
        assert found(written) == [("date", written, day.isoformat())]


@given(
    st.integers(1, 999),
    st.sampled_from([("күн", "D", 1), ("апта", "W", 7), ("недель", "W", 7), ("ай", "M", 30)]),
)
def test_a_written_duration_comes_back(count: int, unit: tuple[str, str, int]) -> None:
    word, letter, days = unit
    text = f"{count} {word}"
    assert found(text) == [("duration", text, f"P{count}{letter}")]
    assert days_of(f"P{count}{letter}") in (count * days, 182)
    assert resolve(find_moments(f"{text} бұрын")[0].value, TODAY) == TODAY - timedelta(
        days=days_of(f"P{count}{letter}") or 0
    )


@given(st.text(st.sampled_from("0123456789 .-/:күнапmай年٣")))
def test_any_text(text: str) -> None:
    for moment in find_moments(text):
        assert 0 <= moment.start < moment.end <= len(text)
        assert (days_of(moment.value) is not None) == (moment.kind == "duration")
