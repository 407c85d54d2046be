"""Some write what others tap."""

from __future__ import annotations

import pytest

from dialogs.named import named

SHOWN = ("✍️ Жолданым беру", "❓ Жиі қойылатын сұрақтар", "📄 Жолданымның жағдайы", "👤 Оператор", "← Артқа")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("✍️ Жолданым беру", 0),
        ("жолданым беру", 0),
        ("ЖОЛДАНЫМ БЕРУ!", 0),
        ("Жии койылатын сурактар.", 1),
        ("артка", 4),
        ("беру", None),
        ("жолданым", None),
        ("Жолданым беру керек пе?", None),
        ("", None),
        ("!!!", None),
        ("жолданым беру " * 20, None),
    ],
)
def test_a_whole_label_is_known_by_its_words_however_written(said: str, number: int | None) -> None:
    assert named(said, SHOWN, in_part=False) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [("беру", 0), ("сурактар", 1), ("жағдайы", 2), ("оператор", 3), ("су жоқ", None), ("…", None)],
)
def test_a_part_of_a_label_is_known_where_it_stands_in_no_other(said: str, number: int | None) -> None:
    assert named(said, SHOWN, in_part=True) == number
    assert named(said, [*SHOWN, *SHOWN], in_part=True) is None
