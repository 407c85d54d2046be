from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.numbers import read_number
from text.tokens import tokens


def read(text: str) -> tuple[Fraction, str] | None:
    words = tokens(text)
    number = read_number(text, words, 0)
    return (number.value, text[: words[number.end - 1].end]) if number else None


@pytest.mark.parametrize(
    ("text", "value", "read_as"),
    [
        ("15 үй", 15, "15"),
        ("150 000 тг", 150_000, "150 000"),
        ("1.200.000", 1_200_000, "1.200.000"),
        ("1,5 млн", 1_500_000, "1,5 млн"),
        ("25мың", 25_000, "25мың"),
        ("150к", 150_000, "150к"),
        ("екі жүз елу мың", 250_000, "екі жүз елу мың"),
        ("бір жарым миллион", 1_500_000, "бір жарым миллион"),
        ("полтора миллиона", 1_500_000, "полтора миллиона"),
        ("один миллион двести тысяч", 1_200_000, "один миллион двести тысяч"),
        ("сто пятьдесят тысяч", 150_000, "сто пятьдесят тысяч"),
        ("он екі жыл", 12, "он екі"),
        ("двадцать один", 21, "двадцать один"),
        ("три с половиной часа", Fraction(7, 2), "три с половиной"),
        ("2-3 күн", 3, "2-3"),
        ("7-ші күн", 7, "7-ші"),
        ("jiyrma bes myn", 25_000, "jiyrma bes myn"),
        ("үшінші", 3, "үшінші"),
    ],
)
def test_numbers(text: str, value: Fraction, read_as: str) -> None:
    assert read(text) == (value, read_as)


@pytest.mark.parametrize("text", ["", "үй", "мыңқ", "9" * 40])
def test_no_numbers(text: str) -> None:
    assert not tokens(text) or read(text) is None


@given(st.integers(1, 999_999_999))
def test_digits_come_back_however_they_are_grouped(number: int) -> None:
    assert read(str(number)) == (number, str(number))
    grouped = f"{number:,}".replace(",", " ")
    assert read(grouped) == (number, grouped)
