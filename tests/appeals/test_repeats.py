from dataclasses import replace

import pytest

from appeals.appeal import Draft
from appeals.kinds import Kind
from appeals.repeats import says_the_same

EARLIER = Draft(
    kind=Kind.APPLICATION,
    topic="UTIL.HEAT",
    place="117020100",
    address="Мира 1",
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
        replace(EARLIER, address="Мира 2"),
    ],
)
def test_new_arguments_another_matter_place_or_kind_are_not(other: Draft) -> None:
    assert not says_the_same(other, EARLIER)


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("на улице Мира дом 1", "на улице Мира дом 2", False),
        ("на улице Мира дом 5А", "на улице Мира дом 5-Б", False),
        ("на улице Мира дом 5А", "на улице Мира, дом 5-а", True),
        ("в доме 1 квартире 2", "в доме 2 квартире 1", False),
        ("счётчик № 1234567 неверен", "счётчик № 1234568 неверен", False),
        ("уже третий день", "уже третий день!", True),
    ],
)
def test_another_house_flat_or_meter_is_another_matter(before: str, now: str, same: bool) -> None:
    story = (
        "Прошу принять меры: {} нет тепла, дети мёрзнут, управляющая компания не отвечает на звонки жителей"
    )
    earlier = replace(EARLIER, address=None, text=story.format(before))
    assert says_the_same(replace(earlier, text=story.format(now)), earlier) is same
