"""What a citizen may say of an answer, wherever they say it."""

from __future__ import annotations

from datetime import datetime

from bot.app.errors import InvalidInput, WrongAction
from bot.app.records import AppealRating, AppealRecord
from dialogs.privacy import redact
from dialogs.progress import ANSWERED, SCORES
from text.cleaning import clean

WORD_LIMIT = 1000


def rating(appeal: AppealRecord, score: int, word: str, at: datetime) -> AppealRating:
    """The rating as it is kept. Raises InvalidInput for a score outside 1–5, WrongAction while there is no answer."""
    if score not in SCORES:
        raise InvalidInput("score", "a number from 1 to 5 is expected")
    if appeal.status not in ANSWERED:
        raise WrongAction("there is no answer yet")
    return AppealRating(appeal.id, score, redact(clean(word, WORD_LIMIT)), at)
