from dataclasses import replace

import pytest

from appeals.appeal import Draft
from appeals.kinds import Kind
from appeals.repeats import says_the_same

EARLIER = Draft(
    kind=Kind.APPLICATION,
    topic="UTIL.HEAT",
    place="117020100",
    text="Үш күннен бері үйде жылу жоқ, балалар тоңып отыр, шара қолдануыңызды сұраймын",
)


def test_the_same_words_in_other_letters_and_order_are_the_same() -> None:
    assert says_the_same(EARLIER, EARLIER)
    assert says_the_same(
        replace(
            EARLIER, text="Шара колдануынызды сураймын! уш куннен бери уйде жылу жок, балалар тонып отыр"
        ),
        EARLIER,
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(EARLIER, text=f"{EARLIER.text}. Енді құбыр жарылды, су ағып жатыр, түнде электр де өшті"),
        replace(EARLIER, topic="UTIL.WATER"),
        replace(EARLIER, place="117035100"),
        replace(EARLIER, kind=Kind.COMPLAINT),
        replace(EARLIER, text=None),
    ],
)
def test_new_arguments_another_matter_place_or_kind_are_not(other: Draft) -> None:
    assert not says_the_same(other, EARLIER)
