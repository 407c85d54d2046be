"""What comes next for an appeal, and by when: the same words in the conversation, on the page and by mouth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from appeals import deadlines
from appeals.calendar import ALMATY, WorkCalendar
from appeals.deadlines import citation
from appeals.kinds import Kind
from appeals.lifecycle import STATUSES, TERMINAL, Status
from dialogs.events import AppealView
from dialogs.messages import Msg, msg

ANSWERED = frozenset({Status.ANSWERED})
"""Where there is an answer to rate."""
CHALLENGED = frozenset({Status.ANSWERED, Status.TERMINATED})
"""What one may disagree with by a complaint."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A step an appeal has taken. `note`: the official's words to the citizen."""

    at: datetime
    status: Status
    note: str = ""


def history(steps: Sequence[Passed]) -> tuple[Msg, ...]:
    """The way so far, a line a step, the oldest first."""
    return tuple(
        msg("progress.passed_because", at=step.at, name=STATUSES[step.status].name, note=step.note)
        if step.note
        else msg("progress.passed", at=step.at, name=STATUSES[step.status].name)
        for step in steps
    )


def ahead(
    appeal: AppealView, kind: Kind, steps: Sequence[Passed], calendar: WorkCalendar, today: date
) -> list[Msg]:
    """What happens next, by which day and by which article; what the citizen can or must do."""
    last = steps[-1] if steps else Passed(appeal.filed_at, appeal.status)
    match appeal.status:
        case Status.CREATED:
            registered = deadlines.registration_date(appeal.filed_at, calendar)
            due = deadlines.consideration(kind, registered, calendar)
            told = {"registered": registered, "due": due.on}
            return [msg("progress.created", **told, basis=citation("64 (3)"), article=citation(due.article))]
        case Status.NEEDS_FIX:
            return [msg("progress.fix", article=citation("64 (6–7)")), *_term(appeal, kind, today)]
        case status if status in CHALLENGED:
            until = deadlines.complaint_filing(last.at.astimezone(ALMATY).date())
            return [msg("progress.disagree", until=until.on, article=citation(until.article))]
        case Status.RETURNED:
            return [msg("progress.again", article=citation("64 (8)"))]
        case status if status in TERMINAL:
            return []
        case _:
            return _term(appeal, kind, today)


def _term(appeal: AppealView, kind: Kind, today: date) -> list[Msg]:
    if appeal.due is None or appeal.due_article is None:
        return []
    if today <= appeal.due:
        return [msg("progress.due", due=appeal.due, article=citation(appeal.due_article))]
    article = citation("100 (5)" if kind is Kind.COMPLAINT else "91 (2)")
    return [msg("progress.overdue", due=appeal.due, article=article)]
