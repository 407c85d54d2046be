"""`make check`: loads all content and both catalogues and reports every problem, with a count of what waits for review."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date, datetime

import appeals.load
import faq.load
from appeals.calendar import ALMATY
from appeals.domain import Domain
from bot.i18n import load_catalogues


def main() -> int:
    """1 when there is a problem."""
    problems: list[str] = []
    topics: list[str] = []
    try:
        domain = appeals.load.load_domain()
        topics = [topic.code for topic in (*domain.topics.groups(), *domain.topics.all())]
        sys.stdout.write(functions_line(domain, datetime.now(ALMATY).date()))
    except appeals.load.ContentError as error:
        problems += error.problems
    try:
        answers = faq.load.load(topics=topics or None)
        states = Counter(entry.provenance.status.value for entry in answers)
        signposts = sum(entry.signpost for entry in answers)
        sys.stdout.write(
            f"answers: {len(answers)} ({states['reviewed']} reviewed, {states['draft']} drafts, {signposts} signposts)\n"
        )
    except faq.load.ContentError as error:
        problems += error.problems
    load_catalogues()
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def functions_line(domain: Domain, today: date) -> str:
    """How many functions of state bodies there are, and a warning for each whose review is overdue."""
    functions = domain.functions.all()
    laws = sum(bool(function.acts) for function in functions)
    unsure = sum(function.uncertain for function in functions)
    late = domain.functions.overdue(today)
    warnings = (
        f"warning: functions.yaml {one.id}: to be reviewed by {one.review_by.isoformat()}\n" for one in late
    )
    return f"functions: {len(functions)} ({laws} by law, {unsure} uncertain, {len(late)} overdue)\n{''.join(warnings)}"


if __name__ == "__main__":
    sys.exit(main())
