import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.cleaning import clean

any_text = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  су \t жоқ  ", "су жоқ"),
        ("бір\r\nекі\rүш", "бір\nекі\nүш"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a \n b", "a\nb"),
        ("и\u0306", "й"),
        ("\ud800сәлем\udfff", "сәлем"),
        ("c\u200bу\u2060б\ufeffота", "cубота"),
        ("\u202eabc\u2066d", "abcd"),
        ("ok\U000e0041\U000e0042", "ok"),
        ("a\x00b\x1bc", "abc"),
        ("үш\u00a0\u2003күн", "үш күн"),
        ("\u3164\u2800", ""),
        ("👍🏽", "👍🏽"),
    ],
)
def test_unseen_characters_go(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_limit_cuts_without_parting_a_letter_from_its_mark() -> None:
    assert clean("abc def", limit=4) == "abc"
    assert clean("абқ\u0301в", limit=3) == "аб"
    assert clean("abc", limit=0) == ""


@given(any_text, st.integers(0, 90))
def test_result_is_stable_safe_and_within_the_limit(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@pytest.mark.parametrize("text", [" " * 100_000, "\n " * 50_000, "a\u0301" * 50_000, "\u200b" * 100_000])
def test_time_is_linear(text: str) -> None:
    started = time.perf_counter()
    clean(text, 2000)
    assert time.perf_counter() - started < 2
