"""What comes next for an appeal that came back: the ground of the return, and what the law leaves to do about it."""

from __future__ import annotations

import pytest

from appeals.decisions import ReturnGround
from appeals.lifecycle import Status
from appeals.steps import Return, Step
from dialogs.events import AppealView, Passed
from dialogs.progress import ahead
from tests.factories import NOON, knowledge


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        (Return(ReturnGround.NOT_FIXED), ["notice.return", "notice.file_again"]),
        (Return(ReturnGround.IDENTICAL), ["notice.return", "notice.file_otherwise"]),
        (None, ["progress.again"]),
    ],
)
def test_a_return_is_told_with_its_ground(said: Step | None, keys: list[str]) -> None:
    view = AppealView("KM-2026-000001", Status.RETURNED, "UTIL.HEAT", "ТКШ бөлімі", NOON)
    steps = [Passed(NOON, Status.CREATED), Passed(NOON, Status.RETURNED, "", said)]
    assert [line.key for line in ahead(view, steps, knowledge().calendar, NOON.date())] == keys
