"""What the citizen can do with an appeal of theirs: one rule for the list, the close look and every notice."""

from __future__ import annotations

from datetime import date

from appeals.lifecycle import Action, Status, allowed
from dialogs import progress
from dialogs.events import AppealView
from dialogs.messages import msg
from dialogs.model import Knowledge
from dialogs.replies import Button
from dialogs.scenarios import buttons

ADD = {Status.NEEDS_FIX: msg("button.complete_appeal"), Status.HEARING: msg("button.object")}
"""What adding to an appeal is called where it is asked for."""
ADD_MORE = msg("button.add_to_appeal")


def offers(knowledge: Knowledge, appeal: AppealView, today: date) -> tuple[Button, ...]:
    """All of it, what answers a silence first."""
    possible, reference = allowed(appeal.status), appeal.reference
    complaint, silent = complaining(appeal, today), progress.overdue(appeal, today)
    offered = [*signing(knowledge, appeal)]
    if silent:
        offered += complaint
    if Action.SUPPLEMENT in possible:
        offered += _adding(appeal)
    if appeal.status in progress.ANSWERED:
        offered.append(Button(msg("button.rate"), "details.score", reference))
    offered += _filing_again(appeal)
    if not silent:
        offered += complaint
    if Action.WITHDRAW in possible:
        offered.append(Button(msg("button.withdraw_appeal"), "appeal.withdraw", reference))
    return tuple(offered)


def pressing(knowledge: Knowledge, appeal: AppealView, today: date) -> tuple[Button, ...]:
    """What a list has room for: what is asked for, the way to all else, and the way on after an end or a silence."""
    asked_for = _adding(appeal) if appeal.status is Status.NEEDS_FIX else ()
    return (
        *signing(knowledge, appeal),
        *asked_for,
        *_filing_again(appeal),
        buttons.details(appeal.reference),
        *complaining(appeal, today),
    )


def signing(knowledge: Knowledge, appeal: AppealView) -> tuple[Button, ...]:
    """The way to the signature that was asked for, where ЭЦП is taken."""
    if not appeal.to_sign or not signed_here(knowledge, appeal):
        return ()
    return (Button(msg("button.sign"), "signature.filed", appeal.reference),)


def signed_here(knowledge: Knowledge, appeal: AppealView) -> bool:
    """Whether the applicant could sign by ЭЦП; else it is done on paper."""
    return knowledge.office.signature and not appeal.on_paper


def complaining(appeal: AppealView, today: date) -> tuple[Button, ...]:
    """The complaint made ready."""
    return (buttons.complain(appeal.reference),) if progress.may_complain(appeal, today) else ()


def _adding(appeal: AppealView) -> tuple[Button, ...]:
    return (Button(ADD.get(appeal.status, ADD_MORE), "appeal.add", appeal.reference),)


def _filing_again(appeal: AppealView) -> tuple[Button, ...]:
    return (buttons.again(appeal.reference),) if progress.may_file_again(appeal) else ()
