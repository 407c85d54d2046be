"""The console's words: both languages, every key, every value of storage."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appeals.lifecycle import Action
from bot import console
from bot.app.records import AttemptOutcome, ReportOutcome, Role
from bot.console.catalogue import COUNTED, TEXTS
from bot.console.errors import STATUS
from bot.console.words import ALL, Words
from dialogs.emergency import NUMBERS
from dialogs.model import Outcome
from dialogs.routing import DIALOG_ROUTES
from text.bilingual import LOCALES

FOLDER = Path(console.__file__).parent
KAZAKH_ONLY = re.compile("[әғқңөұүһі]", re.IGNORECASE)


def sources() -> str:
    files = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html"), *FOLDER.glob("static/*.js")]
    return "\n".join(file.read_text("utf-8") for file in files if file.name != "catalogue.py")


def test_every_key_in_use_has_words() -> None:
    used = set(re.findall(r"""\b(?:t|words)\(\s*["']([a-z0-9_.]+)["']\s*[,)]""", sources()))
    assert len(used) > 150
    assert not used - TEXTS.keys()


def test_no_words_lie_idle() -> None:
    code = sources()
    stems = set(re.findall(r"""["'(]([a-z0-9_.]+\.)(?:["']\s*~|\{)""", code)) | {"live.", "keys.", "invalid."}
    idle = [
        key
        for key in TEXTS
        if f'"{key}"' not in code
        and f"'{key}'" not in code
        and not any(key.startswith(stem) for stem in stems)
    ]
    assert not idle


def test_both_languages_have_the_same_placeholders() -> None:
    for key, text in TEXTS.items():
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text.of(locale)) if name}
            for locale in LOCALES
        ]
        assert fields[0] == fields[1], key


def test_kazakh_is_not_russian() -> None:
    same = {key for key, text in TEXTS.items() if text.kk == text.ru}
    assert same <= {
        "brand",
        "login",
        "role.operator",
        "role.supervisor",
        "author.operator",
        "author.operator.mark",
        "channel.telegram",
        "channel.web",
        "column.act",
        "column.body",
        "filter.body",
        "field.body_id",
        "live.minutes",
        "size.bytes",
        "size.kilobytes",
        "size.megabytes",
        "keys.send",
    } | {key for key in same if not re.search("[а-я]", TEXTS[key].kk)}
    for key, text in TEXTS.items():
        assert not KAZAKH_ONLY.search(text.ru.replace("Көмекші", "")), key


@pytest.mark.parametrize("locale", LOCALES)
def test_every_value_of_storage_has_a_word(locale: str) -> None:
    needed = [f"outcome.{outcome.value}" for outcome in Outcome]
    needed += [f"{kind}.{action.value}" for action in Action for kind in ("action", "step", "done", "term")]
    needed += [f"role.{role.value}{hint}" for role in Role for hint in ("", ".hint")]
    needed += [f"label.dialog.{act}" for act in DIALOG_ROUTES]
    needed += [f"{name}.emergency.{kind}" for kind in NUMBERS for name in ("label", "reason")]
    needed += [f"attempt.{outcome.value}" for outcome in AttemptOutcome]
    needed += [f"report.{outcome.value}" for outcome in ReportOutcome]
    needed += [f"{name}.{system}" for system in ("webhook", "open311") for name in ("system", "actor")]
    needed += [f"problem.{code}" for code in STATUS]
    assert [key for key in needed if key not in TEXTS] == []
    assert {key: set(forms) for key, forms in COUNTED.items()} == {key: set(LOCALES) for key in COUNTED}


@pytest.mark.parametrize(
    ("number", "russian"),
    [
        (1, "остался 1 рабочий день"),
        (2, "осталось 2 рабочих дня"),
        (5, "осталось 5 рабочих дней"),
        (11, "осталось 11 рабочих дней"),
        (12, "осталось 12 рабочих дней"),
        (21, "остался 21 рабочий день"),
        (104, "осталось 104 рабочих дня"),
        (114, "осталось 114 рабочих дней"),
    ],
)
def test_numbers_agree_with_their_nouns(number: int, russian: str) -> None:
    assert ALL["ru"].count("left", number) == russian
    assert ALL["kk"].count("left", number) == f"{number} жұмыс күні қалды"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "меньше минуты"), (60, "1 мин"), (3599, "59 мин"), (7200, "2 ч"), (200_000, "2 дн.")],
)
def test_lasting_is_told_in_the_largest_unit(seconds: float, words: str) -> None:
    assert ALL["ru"].lasting(seconds) == words


def test_moments_are_told_in_kazakhstans_time() -> None:
    words, at = Words("kk"), datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    assert words.moment(at) == "21.11.2026, 01:30"
    assert words.clock(at, datetime(2026, 11, 20, 21, tzinfo=UTC)) == "01:30"
    assert words.clock(at, datetime(2026, 11, 21, 21, tzinfo=UTC)) == "21.11, 01:30"
