"""What is offered where a message was not understood."""

from __future__ import annotations

import pytest

from dialogs.events import UserSaid
from dialogs.scenarios.fallback import guesses
from tests.factories import NOON, engine


@pytest.mark.parametrize(("others", "offered"), [(95, ("topic.UTIL.WATER",)), (100, ())])
def test_without_understanding_topics_are_looked_for_in_the_beginning_of_a_long_text(
    others: int, offered: tuple[str, ...]
) -> None:
    text = "ну " * others + "нет воды"
    assert guesses(engine(), UserSaid("e1", NOON, text)) == offered
