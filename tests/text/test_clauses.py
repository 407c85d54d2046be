"""A text is taken apart only where it says itself that something else follows."""

from __future__ import annotations

import pytest

from text.clauses import clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Нет воды третий день, и ещё яма на дороге у школы",
            ("Нет воды третий день", "яма на дороге у школы"),
        ),
        ("Подъезд не убирают. Кроме того, лифт не работает", ("Подъезд не убирают", "лифт не работает")),
        ("Су жоқ үш күн болды, тағы жолда шұңқыр бар", ("Су жоқ үш күн болды", "жолда шұңқыр бар")),
        ("Жарық жоқ. Сондай-ақ иттер көп", ("Жарық жоқ", "иттер көп")),
        ("Қоқыс тұр және тағы шамдар жанбайды", ("Қоқыс тұр", "шамдар жанбайды")),
        ("Мусор не вывозят, также не горят фонари", ("Мусор не вывозят", "не горят фонари")),
    ],
)
def test_what_is_announced_as_another_is_a_part(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Нет воды третий день. Дома дети. Помогите",
        "Обещали починить, ещё не починили",
        "Воды нет ещё с понедельника",
        "яма, и ещё раз яма",
        "свет, также вода",
        "мусор на дороге, и ещё яма во дворе, а ещё собаки лают, также нет света",
    ],
)
def test_all_else_stays_whole(text: str) -> None:
    assert clauses(text) == (text,)
