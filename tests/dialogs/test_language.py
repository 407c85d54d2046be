"""Which language the answers speak while nobody understands the messages."""

from __future__ import annotations

import pytest

from dialogs.events import UserSaid
from dialogs.language import follow
from dialogs.model import DialogState
from dialogs.rules import Rules
from tests.factories import NOON
from text.bilingual import Locale


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("Третий день нет электричества", "kk", "ru"),
        ("НЕТ ЭЛЕКТРИЧЕСТВА", "kk", "ru"),
        ("Үш күннен бері жарық жоқ", "ru", "kk"),
        ("Щучинск, Абай 3", "kk", "kk"),
        ("Салеметсиз бе, Щучинск каласында жол бузылган", "kk", "kk"),
        ("Салеметсиз бе, Щучинск каласында жол бузылган", "ru", "ru"),
        ("Қонаев, Абай көшесі", "ru", "kk"),
    ],
)
def test_names_alone_do_not_change_the_language(said: str, before: Locale, after: Locale) -> None:
    state = follow(DialogState(locale=before), UserSaid("e1", NOON, said), Rules())
    assert state.locale == after
