from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.identifiers import check_bin, check_iin, mask_iin, mask_phone, normalise_phone

TODAY = date(2026, 11, 22)
any_text = st.text(st.characters(exclude_categories=()), max_size=40)

# Made up, not of real persons: the second row of each needs the second pass of the control digit.
VALID_IIN = [
    *("900101300007", "850715400109", "000229600004", "011231500003"),
    *("900101300811", "850715400004", "000229600503", "011231500400"),
]
IMPOSSIBLE_IIN = ["90010130080", "85071540003", "00022960059"]
VALID_BIN = ["050540000006", "211041100007", "050540000708", "211041100802"]


@pytest.mark.parametrize("iin", VALID_IIN)
def test_valid_iin(iin: str) -> None:
    check = check_iin(iin, TODAY)
    assert (check.ok, check.value, check.problem, check.warning) == (True, iin, None, None)


def test_birth_date_and_century() -> None:
    assert check_iin("900101300007", TODAY).birth == date(1990, 1, 1)
    assert check_iin("000229600004", TODAY).birth == date(2000, 2, 29)
    assert check_iin("011231500003", TODAY).birth == date(2001, 12, 31)


@pytest.mark.parametrize("prefix", IMPOSSIBLE_IIN)
@pytest.mark.parametrize("digit", range(10))
def test_a_number_without_control_digit_is_never_valid(prefix: str, digit: int) -> None:
    assert check_iin(f"{prefix}{digit}", TODAY).problem == "checksum"


def test_known_test_certificate_is_not_a_valid_number() -> None:
    assert not check_iin("123456789011", TODAY).ok


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "length"),
        ("90010130000", "length"),
        ("9001013000077", "length"),
        ("9О0101300007", "length"),  # Cyrillic О
        ("900101300O07", "length"),  # Latin O
        ("ИИН", "length"),
        ("901301300007", "date"),
        ("900230300007", "date"),
        ("000229400004", "date"),  # 1900 was no leap year
        ("900101700007", "century"),
        ("271231500003", "future"),
        ("900101300008", "checksum"),
    ],
)
def test_each_problem_is_told(typed: str, problem: str) -> None:
    check = check_iin(typed, TODAY)
    assert (check.ok, check.value, check.problem) == (False, None, problem)


@pytest.mark.parametrize(
    "typed",
    [
        "900101 300007",
        " 900101-300007 ",
        "900101\u00a0300007",
        "９００１０１３００００７",
        "900101\u200b300007",
    ],
)
def test_blanks_and_other_digits_are_understood(typed: str) -> None:
    assert check_iin(typed, TODAY).value == "900101300007"


def test_foreigner_is_accepted_with_a_warning() -> None:
    digits = [9, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    control = sum(digit * weight for digit, weight in zip(digits, range(1, 12), strict=True)) % 11
    check = check_iin("".join(map(str, digits)) + str(control), TODAY)
    assert (check.ok, check.warning, check.birth) == (True, "foreigner", None)


def test_born_today_is_not_the_future() -> None:
    assert check_iin("900101300007", date(1990, 1, 1)).ok
    assert check_iin("900101300007", date(1989, 12, 31)).problem == "future"


@given(st.sampled_from(VALID_IIN), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(iin: str, at: int, shift: int) -> None:
    wrong = iin[:at] + str((int(iin[at]) + shift) % 10) + iin[at + 1 :]
    check = check_iin(wrong, TODAY)
    # The second pass may let a slip through that the first would catch: only those with one pass are certain.
    if iin in VALID_IIN[:4] and check.ok:
        assert at != 11


@pytest.mark.parametrize("number", VALID_BIN)
def test_valid_bin(number: str) -> None:
    check = check_bin(f"{number[:6]} {number[6:]}")
    assert (check.ok, check.value, check.problem) == (True, number, None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("05054000000", "length"),
        ("900101300007", "type"),
        ("051340000006", "date"),
        ("050540000007", "checksum"),
    ],
)
def test_bin_problems(typed: str, problem: str) -> None:
    check = check_bin(typed)
    assert (check.ok, check.value, check.problem) == (False, None, problem)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+7 701 123 45 67", "+77011234567"),
        ("8 (701) 123-45-67", "+77011234567"),
        ("87011234567", "+77011234567"),
        ("7011234567", "+77011234567"),
        ("тел.: 8-7172-55-66-77", "+77172556677"),
        ("+76001234567", "+76001234567"),
        ("٧٧٠١١٢٣٤٥٦٧", "+77011234567"),
        ("+7 901 123 45 67", None),
        ("701123456", None),
        ("8701123456789", None),
        ("", None),
        ("жоқ", None),
    ],
)
def test_phone(typed: str, number: str | None) -> None:
    assert normalise_phone(typed) == number


def test_masks_hide_birth_date_and_number() -> None:
    assert mask_iin("900101300007") == "******300007"
    assert mask_phone("8 701 123 45 67") == "+7 *** *** ** 67"
    assert mask_iin("9001013000") == "************"
    assert "123" not in mask_phone("12345")


@given(any_text)
def test_nothing_typed_breaks_a_check(text: str) -> None:
    assert check_iin(text, TODAY).ok == (check_iin(text, TODAY).value is not None)
    assert check_bin(text).ok == (check_bin(text).value is not None)
    number = normalise_phone(text)
    assert number is None or normalise_phone(number) == number
    mask_iin(text)
    mask_phone(text)
