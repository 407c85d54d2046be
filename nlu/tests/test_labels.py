"""The closed set of labels."""

from __future__ import annotations

import pytest

from citizen_nlu.labels import DIALOG_ACTS, EMERGENCIES, is_label, kind_of


@pytest.mark.parametrize(
    "label", ["faq.answer-term", "topic.UTIL.HEAT", "topic.OTHER", "dialog.greet", "emergency.fire", "other"]
)
def test_labels_of_the_set(label: str) -> None:
    assert is_label(label)
    assert kind_of(label) == label.split(".", maxsplit=1)[0]


@pytest.mark.parametrize(
    "label",
    ["", "faq.", "faq.Answer", "faq.a_b", "topic.heat", "topic.UTIL", "topic.UTIL.HEAT.X", "dialog.sing", "emergency.war",
     "other.x", "faq/answer"],
)  # fmt: skip
def test_everything_else_is_no_label(label: str) -> None:
    assert not is_label(label)


def test_kind_of_a_foreign_label_is_refused() -> None:
    with pytest.raises(ValueError, match="not a label"):
        kind_of("joke.sing")


def test_numbers_of_acts_and_emergencies() -> None:
    assert (len(DIALOG_ACTS), len(EMERGENCIES)) == (16, 9)
