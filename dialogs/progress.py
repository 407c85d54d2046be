"""What comes next for an appeal, and by when: the same words in the conversation, on the page and by mouth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from appeals import deadlines
from appeals.calendar import ALMATY, WorkCalendar
from appeals.deadlines import citation
from appeals.decisions import RETURNS, ReturnGround
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Status
from appeals.steps import Return
from dialogs.events import AppealView, Passed
from dialogs.messages import Msg, msg

ANSWERED = frozenset({Status.ANSWERED})
"""Where there is an answer to rate."""
SCORES = range(1, 6)
DISCONTENT = 3
"""Whoever rates an answer so or lower is shown how to complain."""
CHALLENGED = frozenset({Status.ANSWERED, Status.TERMINATED})
"""What one may disagree with by a complaint."""


def ahead(appeal: AppealView, steps: Sequence[Passed], calendar: WorkCalendar, today: date) -> list[Msg]:
    """What happens next, by which day and by which article; what the citizen can or must do."""
    last = steps[-1] if steps else Passed(appeal.filed_at, appeal.status)
    match appeal.status:
        case Status.CREATED:
            registered = deadlines.registration_date(appeal.filed_at, calendar)
            due = deadlines.consideration(appeal.kind, registered, calendar)
            days = {"registered": registered, "due": due.on}
            return [msg("progress.created", **days, basis=citation("64 (3)"), article=citation(due.article))]
        case Status.NEEDS_FIX:
            asked = {"until": appeal.fix_until or "–", "asked": appeal.fix_asked or "–"}
            return [msg("progress.fix", **asked, article=citation("64 (6–7)"))]
        case Status.HEARING if appeal.hearing_on:
            told = {"on": appeal.hearing_on, "where": appeal.hearing_where}
            return [msg("notice.hearing", **told, article=citation("73")), *_term(appeal, today)]
        case status if status in CHALLENGED:
            until = deadlines.complaint_filing(last.at.astimezone(ALMATY).date())
            return [msg("progress.disagree", until=until.on, article=citation(until.article))]
        case Status.RETURNED:
            return _returned(last)
        case status if status in TERMINAL:
            return []
        case _:
            return _term(appeal, today)


def _returned(last: Passed) -> list[Msg]:
    """Why it came back, where that is known, and what the law leaves to do."""
    ground = last.said.ground if isinstance(last.said, Return) else None
    if ground is None:
        return [msg("progress.again", article=citation("64 (8)"))]
    otherwise = ground is ReturnGround.IDENTICAL
    return [
        msg("notice.return", ground=RETURNS[ground], article=citation("64 (7)")),
        msg("notice.file_otherwise" if otherwise else "notice.file_again", article=citation("64 (8)")),
    ]


def _term(appeal: AppealView, today: date) -> list[Msg]:
    if appeal.due is None or appeal.due_article is None:
        return []
    if today <= appeal.due:
        return [msg("progress.due", due=appeal.due, article=citation(appeal.due_article))]
    article = citation("100 (5)" if appeal.kind is Kind.COMPLAINT else "91 (2)")
    return [msg("progress.overdue", due=appeal.due, article=article)]
