"""Words that work without understanding: a right of the law on personal data among them."""

from __future__ import annotations

import pytest

from dialogs.commands import command, stop_word
from dialogs.scenarios.answer import OF_ONES_OWN
from tests.factories import knowledge


@pytest.mark.parametrize(
    "text",
    [
        "мои данные",
        "Отозвать согласие",
        "хочу отозвать своё согласие на обработку данных",
        "Отзываю согласие!",
        "прошу удалить мои персональные данные",
        "келісімімді кері қайтарып алғым келеді",
        "Мен келісімімді қайтарып аламын",
        "деректерімді өшіріңізші",
        "Как отозвать согласие на обработку моих персональных данных?",
        "Удалите, пожалуйста, мои данные",
        "менің деректерімді жойыңыз",
        "Деректерімді өшіріп тастаңызшы",
        "келісімімді қайтарып алуға бола ма?",
    ],
)
def test_ones_own_data_are_reached_by_a_short_request(text: str) -> None:
    assert stop_word(text) == "settings"


@pytest.mark.parametrize(
    "text",
    [
        "банк не даёт отозвать согласие",
        "келісім",
        "жолданымымды кері қайтарып алғым келеді",
        "клиника деректерді өшіріп тастапты",
        "школа удалила данные моего ребёнка",
        "хочу отозвать обращение",
        "Хочу отозвать согласие, которое прошлым летом дала банку, а он его не принимает",
        "Сотрудники мои персональные данные передали мошенникам",
        "Удалили мои данные из очереди на жильё",
        "Отозвал согласие, а банк звонит",
        "Как отозвать согласие на выезд ребёнка?",
        "хочу отозвать согласие на операцию",
        "емхана деректерімді өшіріп жіберді",
        "банк менің деректерімді жоймайды",
        "банк келісімімді кері қайтармай жатыр",
    ],
)
def test_a_story_about_data_is_a_story(text: str) -> None:
    assert stop_word(text) is None


@pytest.mark.parametrize("text", ["/data", "/privacy", "/derekter"])
def test_commands_to_ones_own_data(text: str) -> None:
    assert command(text) == ("settings", "")


def test_the_questions_about_ones_own_appeal_exist() -> None:
    assert all(knowledge().faq.find(slug) for slug in OF_ONES_OWN)
