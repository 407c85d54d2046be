"""Long texts reach the citizen whole, in parts Telegram takes."""

import re

import pytest

from bot.channels.telegram.splitting import split, units

KAZAKH = "Құрметті азамат! Үйіңізде жылу болмаса, аудандық тұрғын үй бөліміне өтініш беріңіз. "
FAMILY = "👨‍👩‍👧‍👦"


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_short_text_stays_whole() -> None:
    assert split("Сәлем") == ["Сәлем"]


def test_nothing_is_said_for_blanks() -> None:
    assert split(" \n ") == []


def test_emoji_count_twice_as_telegram_counts_them() -> None:
    assert units("ә🔥") == 3
    assert [units(part) for part in split("🔥" * 4096)] == [4096, 4096]


def test_paragraphs_are_the_first_choice() -> None:
    assert split("а" * 60 + "\n\n" + "б" * 30 + ". " + "в" * 20, 100) == [
        "а" * 60,
        "б" * 30 + ". " + "в" * 20,
    ]


def test_sentences_come_before_words() -> None:
    first, second = split("а" * 30 + " " + "б" * 40 + "! " + "в" * 10 + " " + "г" * 50, 100)
    assert first.endswith("!")
    assert second.startswith("в")


def test_sentence_that_ends_exactly_at_the_limit_is_not_torn() -> None:
    assert split("а" * 99 + ". б", 100) == ["а" * 99 + ".", "б"]


@pytest.mark.parametrize("size", range(40, 140, 7))
def test_words_survive_every_limit(size: int) -> None:
    text = (KAZAKH + "🔥 " + FAMILY + "\n\n") * 5
    parts = split(text, size)
    assert all(0 < units(part) <= size for part in parts)
    assert " ".join(parts).split() == text.split()


@pytest.mark.parametrize("sign", [FAMILY, "🇰🇿", "👍🏽", "й", "1️⃣"])
def test_a_visible_sign_is_never_torn(sign: str) -> None:
    parts = split(sign * 60, 41)
    assert _letters("".join(parts)) == sign * 60
    assert all(len(part) % len(sign) == 0 and part.startswith(sign) for part in parts)


def test_one_sign_longer_than_any_message_still_ends() -> None:
    assert _letters("".join(split("a" + "\u0301" * 500, 100))) == "a" + "\u0301" * 500
