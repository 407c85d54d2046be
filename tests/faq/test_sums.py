"""Yearly sums in answers: told for their year, never after it."""

from datetime import date

import pytest

from faq.load import ContentError, load_sums
from faq.sums import Sum, Sums
from text.bilingual import Bilingual

ACT = Bilingual("Заң", "Закон")
SUMS = Sums(
    [
        Sum("mrp", 3932, date(2025, 1, 1), date(2025, 12, 31), ACT),
        Sum("mrp", 4325, date(2026, 1, 1), date(2026, 12, 31), ACT),
        Sum("min_wage", 85000, date(2026, 1, 1), date(2026, 12, 31), ACT),
    ]
)
ANSWER = Bilingual(
    "Төленеді.\n\nМөлшері – {mrp*3} немесе {min_wage}.", "Платят.\n\nРазмер – {mrp*3} или {min_wage}."
)


def test_the_sums_of_the_day_are_told_with_their_year_and_act():
    told = SUMS.fill(ANSWER, date(2026, 11, 22))
    assert told.ru == (
        "Платят.\n\nРазмер – 12\u00a0975\u00a0тенге или 85\u00a0000\u00a0тенге.\n\n"
        "Суммы указаны на 2026 год. Основание: Закон."
    )
    assert "12\u00a0975\u00a0теңге" in told.kk
    assert "2026 жылға" in told.kk


def test_a_paragraph_with_a_sum_not_known_for_the_day_points_to_the_source():
    told = SUMS.fill(ANSWER, date(2025, 6, 1))
    assert told.ru.startswith("Платят.\n\nРазмеры меняются каждый январь.")
    assert "3\u00a0932" not in told.ru
    assert "{" not in told.kk


def test_a_share_of_a_sum_is_rounded_to_the_tenge():
    text = Bilingual("{mrp*1.5}", "{mrp*1.5}")
    assert SUMS.fill(text, date(2026, 1, 1)).ru.startswith("6\u00a0488\u00a0тенге")


def test_an_answer_without_sums_stays_as_it_is():
    assert SUMS.fill(ACT, date(2026, 1, 1)) == ACT


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{mrp*x}", "brace"),
        ("{pension}", "unknown sum {pension}"),
        ("100 {тенге}", "brace"),
        ("{mrp", "brace"),
    ],
)
def test_what_names_no_sum_is_a_problem(text, problem):
    assert problem in "; ".join(SUMS.problems_of(text))


def test_two_sums_for_one_day_are_a_problem(tmp_path):
    table = tmp_path / "sums.yaml"
    row = "- {{name: mrp, tenge: {}, since: 2026-01-01, until: {}, act: {{kk: Заң, ru: Закон}}}}\n"
    table.write_text(row.format(4325, "2026-12-31") + row.format(4000, "2026-06-30"), "utf-8")
    with pytest.raises(ContentError, match="two sums for one day"):
        load_sums(table)


def test_the_table_of_the_product_has_no_problems():
    load_sums()
