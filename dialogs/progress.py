"""What comes next for an appeal, and by when: the same words in the conversation, on the page and by mouth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from appeals import deadlines
from appeals.calendar import ALMATY, WorkCalendar
from appeals.deadlines import citation
from appeals.decisions import RETURNS, ReturnGround
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Status
from appeals.steps import Hearing, Return
from dialogs.events import AppealView, Passed
from dialogs.messages import Msg, msg

ANSWERED = frozenset({Status.ANSWERED})
"""Where there is an answer to rate."""
SCORES = range(1, 6)
DISCONTENT = 3
"""Whoever rates an answer so or lower is shown how to complain."""
CHALLENGED = frozenset({Status.ANSWERED, Status.TERMINATED, Status.RETURNED})
"""What one may disagree with."""
COMPLETING = frozenset({Status.NEEDS_FIX, Status.FIXED})
"""Where what was asked for may still be given."""
GIVEN_BACK = frozenset({Status.RETURNED, Status.WITHDRAWN})
"""What nobody considers (art. 64 (8–9))."""


def overdue(appeal: AppealView, today: date) -> bool:
    """The term has passed without an end: silence, which counts as a refusal."""
    return appeal.status not in TERMINAL and appeal.due is not None and appeal.due < today


def may_file_again(appeal: AppealView) -> bool:
    """What came back or was taken back; as the same as another it would only come back again (art. 64 (8))."""
    return appeal.status in GIVEN_BACK and not appeal.identical


def may_complain(appeal: AppealView, today: date) -> bool:
    """Against a decision or silence. What became of a complaint is for a court: one stage comes before it (art. 91 (5))."""
    return appeal.kind is not Kind.COMPLAINT and (appeal.status in CHALLENGED or overdue(appeal, today))


def disagreeing(appeal: AppealView, decided: date, calendar: WorkCalendar) -> Msg | None:
    """How and by when one goes against a decision of the day `decided`: by a complaint, and after a complaint to court.

    A complaint that came back was not decided on: it is filed again.
    """
    if appeal.kind is Kind.COMPLAINT and appeal.status is Status.RETURNED:
        return None
    if appeal.kind is Kind.COMPLAINT:
        until = deadlines.court_claim(decided, calendar)
        return msg("notice.sue_by", until=until.on, article=citation(until.article))
    until = deadlines.complaint_filing(decided)
    return msg("notice.disagree_by", until=until.on, article=citation(until.article))


def silence(appeal: AppealView) -> list[Msg]:
    """What a term that has passed without an end means, and what can be done."""
    if appeal.due is None:
        return []
    refusal = deadlines.deemed_refusal(appeal.kind, appeal.due)
    means = msg("notice.silence", article=citation(refusal.article))
    if appeal.kind is Kind.COMPLAINT:
        # From which day the month of art. 136 runs where no decision was delivered is not sure: no day is told.
        return [means, msg("notice.sue", article=citation("91 (5)"), term=citation("136"))]
    until = deadlines.complaint_filing(refusal.on)
    return [means, msg("notice.complain_by", until=until.on, article=citation(until.article))]


def late_registration(appeal: AppealView, calendar: WorkCalendar, today: date) -> Msg | None:
    """That an appeal should have been registered before today; None where it is, or still may be in time."""
    registered = deadlines.registration_date(appeal.filed_at, calendar)
    if appeal.status is not Status.CREATED or registered >= today:
        return None
    late = {"registered": registered, "reference": appeal.reference}
    return msg("progress.created_late", **late, basis=citation("64 (3)"), article=citation("64 (1)"))


def ahead(appeal: AppealView, steps: Sequence[Passed], calendar: WorkCalendar, today: date) -> list[Msg]:
    """What happens next, by which day and by which article; what the citizen can or must do."""
    match appeal.status:
        case Status.CREATED:
            if late := late_registration(appeal, calendar, today):
                return [late]
            registered = deadlines.registration_date(appeal.filed_at, calendar)
            due = deadlines.consideration(appeal.kind, registered, calendar)
            days = {"registered": registered, "due": due.on}
            return [msg("progress.created", **days, basis=citation("64 (3)"), article=citation(due.article))]
        case Status.NEEDS_FIX if appeal.fix_until is None:
            # Another system asks for it and has not said until when.
            return [msg("progress.fix_elsewhere", body=appeal.body, article=citation("64 (6–7)"))]
        case Status.NEEDS_FIX:
            asked = {"until": appeal.fix_until, "asked": appeal.fix_asked or "–"}
            return [msg("progress.fix", **asked, article=citation("64 (6–7)"))]
        case Status.HEARING if appeal.hearing_on:
            return [*_hearing(appeal, steps, calendar, today), *_term(appeal, today)]
        case status if status in CHALLENGED:
            reached = next((step for step in steps if step.status is status), Passed(appeal.filed_at, status))
            against = disagreeing(appeal, reached.at.astimezone(ALMATY).date(), calendar)
            lines = [*(_returned(reached) if status is Status.RETURNED else ()), against]
            return [line for line in lines if line]
        case status if status in TERMINAL:
            return []
        case _:
            return _term(appeal, today)


def _hearing(
    appeal: AppealView, steps: Sequence[Passed], calendar: WorkCalendar, today: date
) -> Iterator[Msg]:
    """When and where one is heard, on what decision, and until when one may object in writing."""
    if appeal.hearing_on and today <= appeal.hearing_on:
        told = {"on": appeal.hearing_on, "where": appeal.hearing_where}
        yield msg("notice.hearing", **told, article=citation("73"))
    for step in reversed(steps):
        if isinstance(step.said, Hearing):
            yield msg("notice.preliminary", text=step.said.preliminary)
            until = deadlines.hearing_objection(step.at.astimezone(ALMATY).date(), calendar)
            if today <= until.on:
                yield msg("progress.object_by", until=until.on, article=citation(until.article))
            return


def _returned(step: Passed) -> list[Msg]:
    """Why it came back, where that is known, and what the law leaves to do."""
    ground = step.said.ground if isinstance(step.said, Return) else None
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
    if not overdue(appeal, today):
        return [msg("progress.due", due=appeal.due, article=citation(appeal.due_article))]
    return [msg("progress.overdue", due=appeal.due), *silence(appeal)]
