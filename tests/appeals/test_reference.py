import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.reference import (
    SECRET_ALPHABET,
    Reference,
    find_reference,
    new_secret,
    normalise_secret,
)


def test_format() -> None:
    assert Reference.format(2026, 123) == "KM-2026-000123"
    assert Reference.format(2026, 1_234_567) == "KM-2026-1234567"
    for year, number in ((1999, 1), (2026, 0), (2026, -5), (2026, 10**9)):
        with pytest.raises(ValueError, match="no reference"):
            Reference.format(year, number)


@pytest.mark.parametrize(
    "typed",
    [
        "KM-2026-000123",
        "km-2026-000123",
        "нөмірім КМ-2026-000123, қашан жауап болады?",
        "км 2026 000123",
        "KM–2026–000123",
        "k m - 2026 - 000123",
        "КM2026000123",
        "KM-2026-123",
        "KM/2026/000123.",
        "№KM-2026-000123",
        "(км-2026-0123)",
    ],
)
def test_found_as_people_write_it(typed: str) -> None:
    assert find_reference(typed) == "KM-2026-000123"


@pytest.mark.parametrize(
    "typed",
    [
        "", "5 км 2026 жылы", "15 км 2026 12 адам", "KM-1999-000123", "KM-2026-000000",
        "AKM-2026-000123", "ЖТ-2026-01234567", "KM-2026-0001234567",
    ],
)  # fmt: skip
def test_nothing_else_is_a_reference(typed: str) -> None:
    assert find_reference(typed) is None


def test_the_first_of_several() -> None:
    assert find_reference("KM-2026-5 және KM2025000007") == "KM-2026-000005"


@given(st.integers(2000, 2099), st.integers(1, 999_999_999), st.text("ab цЦ,.", max_size=5))
def test_what_is_formatted_is_found(year: int, number: int, around: str) -> None:
    written = Reference.format(year, number)
    assert find_reference(f"{around} {written} {around}") == written


@given(st.binary(min_size=16, max_size=40))
def test_secret(random_bytes: bytes) -> None:
    secret = new_secret(random_bytes)
    assert len(secret) == 10
    assert set(secret) <= set(SECRET_ALPHABET)
    assert new_secret(random_bytes) == secret
    assert normalise_secret(f" {secret[:5].lower()}-{secret[5:]} ") == secret


def test_secret_needs_enough_randomness() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        new_secret(b"short")


def test_no_two_letters_look_alike() -> None:
    assert not set(SECRET_ALPHABET) & set("0O1IL2Z5S8BUV")
    assert len(set(SECRET_ALPHABET)) == len(SECRET_ALPHABET) > 20


def test_secret_typed_on_a_cyrillic_keyboard() -> None:
    assert normalise_secret("АСЕНКМРТХ7") == "ACEHKMPTX7"
    assert normalise_secret("ABC") is None
    assert normalise_secret("ACEHKMPT0O") is None


@pytest.mark.parametrize("text", ["KM-2026-" * 12_500, "K M " * 25_000, "KM" + " " * 100_000])
def test_time_is_linear(text: str) -> None:
    started = time.perf_counter()
    find_reference(text)
    assert time.perf_counter() - started < 2


@given(
    st.integers(2000, 2099), st.integers(1, 999_999_999), st.integers(2000, 2099), st.integers(1, 999_999_999)
)
def test_ordinals_order_references(year: int, number: int, other_year: int, other_number: int) -> None:
    one, other = Reference(year, number), Reference(other_year, other_number)
    assert Reference.parse(str(one)) == one
    assert (one.ordinal < other.ordinal) == ((year, number) < (other_year, other_number))


@pytest.mark.parametrize("text", ["", "KM-2026-1", "km-2026-000001", "KM-2026-000001 ", "KM-1999-000001"])
def test_only_the_standard_writing_is_parsed(text: str) -> None:
    with pytest.raises(ValueError, match="no reference"):
        Reference.parse(text)
