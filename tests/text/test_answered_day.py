"""Short answers to «when?»: what they mean on Sunday, 22 November 2026, and what means no day."""

from __future__ import annotations

from datetime import date

import pytest

from text.answered_day import answered_day

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("05.11", date(2026, 11, 5)),
        ("5/11", date(2026, 11, 5)),
        ("30.12", date(2025, 12, 30)),
        ("5-го", date(2026, 11, 5)),
        ("5 числа", date(2026, 11, 5)),
        ("22-го", TODAY),
        ("25 числа", date(2026, 10, 25)),
        ("5-і", date(2026, 11, 5)),
        ("31", date(2026, 10, 31)),
        ("в понедельник", date(2026, 11, 16)),
        ("в прошлый вторник", date(2026, 11, 17)),
        ("с пятницы", date(2026, 11, 20)),
        ("в воскресенье", date(2026, 11, 15)),
        ("дүйсенбіде", date(2026, 11, 16)),
        ("өткен сейсенбіде", date(2026, 11, 17)),
        ("откен сарсенби куни", date(2026, 11, 18)),
        ("сенбіден бері", date(2026, 11, 21)),
        ("жұма күні", date(2026, 11, 20)),
    ],
)
def test_a_short_answer_means_the_last_such_day(answer: str, day: date) -> None:
    assert answered_day(answer, TODAY) == day


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "давно",
        "32",
        "0",
        "45.11",
        "31.02",
        "в следующий вторник",
        "келесі жұма",
        "в понедельник или во вторник",
        "в понедельник я ходил в акимат и узнал",
        "150 числа",
        "9" * 5000,
    ],
)
def test_what_means_no_day_is_none(answer: str) -> None:
    assert answered_day(answer, TODAY) is None
