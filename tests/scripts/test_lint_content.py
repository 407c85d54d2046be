"""What `make check` says of the registry of functions."""

from __future__ import annotations

from datetime import date

from scripts.lint_content import functions_line
from tests.factories import domain


def test_functions_are_counted_and_overdue_reviews_are_a_warning() -> None:
    total = len(domain().functions.all())
    assert functions_line(domain(), date(2027, 5, 31)).startswith(f"functions: {total} (")
    assert "warning" not in functions_line(domain(), date(2027, 5, 31))
    late = functions_line(domain(), date(2027, 6, 1))
    assert late.count("warning: functions.yaml ") == total
    assert "warning: functions.yaml heat: to be reviewed by 2027-05-31" in late
