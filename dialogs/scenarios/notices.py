"""What the registry tells by itself: a step was taken, a term ends or has passed. What happened, why, what comes next
and by when, and what the citizen can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import singledispatch

from appeals import deadlines, steps
from appeals.calendar import ALMATY
from appeals.deadlines import citation
from appeals.decisions import (
    CHARACTERS,
    DECISIONS,
    RETURNS,
    ReturnGround,
    termination_article,
    terminations_for,
)
from appeals.kinds import Kind
from appeals.lifecycle import STATUSES
from dialogs import progress
from dialogs.events import AppealChanged, AppealView, ChangeRefused, FixEnding, Passed, TermPassed
from dialogs.messages import Msg, msg
from dialogs.model import DialogState, Knowledge, Outcome, Turn
from dialogs.replies import RECEIPT, Button, Say, Tone, say
from dialogs.scenarios import buttons, ways
from dialogs.scenarios.status import described
from text.bilingual import Bilingual

Report = AppealChanged | ChangeRefused | FixEnding | TermPassed


def report(knowledge: Knowledge, state: DialogState, event: Report) -> Turn:
    """Tell the citizen."""
    match event:
        case AppealChanged(step=steps.Supplement(), own=True, appeal=appeal):
            more = Button(msg("button.add_more"), "appeal.add", appeal.reference)
            added = msg("notice.signed" if event.signed else "notice.added")
            return _told(state, appeal, (added,), (*ways.signing(knowledge, appeal), more), own=True)
        case AppealChanged(step=None, appeal=appeal):
            return _told(state, appeal, _reported(knowledge, event), _offers(knowledge, event))
        case AppealChanged(step=step, appeal=appeal) if step is not None:
            lines, offered = _lines(step, knowledge, event), _offers(knowledge, event)
            turn = _told(state, appeal, lines, offered, _receipt(event), own=event.own)
            return replace(turn, replies=(*turn.replies, *_files(step)))
        case FixEnding(appeal=appeal):
            ending = msg("notice.fix_ending", until=appeal.fix_until or "", asked=appeal.fix_asked)
            sign = _sign(knowledge, appeal) if appeal.to_sign else None
            else_ = msg("notice.fix_else", article=citation("64 (6–7)"))
            return _told(state, appeal, (ending, sign, else_), _offers(knowledge, event))
        case TermPassed(appeal=appeal):
            return _told(state, appeal, _silence(event), _offers(knowledge, event))
        case ChangeRefused(appeal=None):
            reply = say(msg("notice.not_here"), buttons=(buttons.STATUS, buttons.HUMAN))
        case ChangeRefused(told=told):
            why = msg("plain", text=told) if told else None
            reply = say(msg("notice.not_possible"), why, buttons=(buttons.STATUS, buttons.HUMAN))
    return Turn(state, Outcome.REFUSED_INPUT, (reply,))


def _offers(knowledge: Knowledge, event: AppealChanged | FixEnding | TermPassed) -> tuple[Button, ...]:
    return ways.offers(knowledge, event.appeal, _date(event.at))


def history(knowledge: Knowledge, appeal: AppealView, passed: Sequence[Passed]) -> tuple[Msg, ...]:
    """The way of an appeal so far, a line a step, the oldest first."""
    return tuple(_passed(knowledge, appeal, step) for step in passed)


def _passed(knowledge: Knowledge, appeal: AppealView, step: Passed) -> Msg:
    what: Msg | Bilingual | None = STATUSES[step.status].name
    if step.said is not None:
        what = _lines(step.said, knowledge, AppealChanged("", step.at, appeal, step.note, step.said))[0]
    if step.note:
        return msg("progress.passed_because", at=step.at, what=what, note=step.note)
    return msg("progress.passed", at=step.at, what=what)


def _receipt(event: AppealChanged) -> str | None:
    """Once there is a number and a term, the receipt says them."""
    return f"{RECEIPT}{event.appeal.reference}" if isinstance(event.step, steps.Register) else None


def _files(step: steps.Step) -> tuple[Say, ...]:
    """The files of an answer, each with its name."""
    files = step.files if isinstance(step, steps.Answer) else ()
    return tuple(say(msg("notice.answer_file", name=file.name), document=file.id) for file in files)


def _told(
    state: DialogState,
    appeal: AppealView,
    lines: Iterable[Msg | None],
    offered: tuple[Button, ...],
    document: str | None = None,
    *,
    own: bool = False,
) -> Turn:
    """`own`: the citizen has just done it, which is no news to them."""
    changed = say(
        msg("notice.of" if own else "status.changed", reference=appeal.reference),
        *lines,
        buttons=(*offered, buttons.STATUS),
        tone=Tone.NOTICE,
        document=document,
    )
    return Turn(state, Outcome.STATUS_CHANGED, (changed,))


def _reported(knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    """What another system says of an appeal: what its status means, why, and what comes next and by when."""
    appeal, today = event.appeal, _date(event.at)
    reached = [Passed(event.at, appeal.status, event.note)]
    coming = progress.ahead(appeal, reached, knowledge.calendar, today)
    return *described(knowledge, appeal), _note(event), *coming


# --- each step in words ---------------------------------------------------------------------------


@singledispatch
def _lines(step: steps.Step, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    """What a step means for the citizen: what happened, why, what comes next and by when."""
    raise TypeError(f"nothing to say of {type(step).__name__}")


@_lines.register(steps.Register)
def _(step: steps.Register, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    appeal = event.appeal
    happened = msg("notice.register", number=appeal.number or "", body=appeal.body)
    return happened, _note(event), _answer_by(appeal)


@_lines.register(steps.Assign)
def _(step: steps.Assign, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.assign"), _note(event), _answer_by(event.appeal)


@_lines.register(steps.Start)
def _(step: steps.Start, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.start"), _note(event), _answer_by(event.appeal)


@_lines.register(steps.AskFix)
def _(step: steps.AskFix, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    article = citation("93" if event.appeal.kind is Kind.COMPLAINT else "63")
    return (
        msg("notice.ask_fix", article=article),
        msg("notice.asked", asked=event.appeal.fix_asked or event.note),
        _sign(knowledge, event.appeal) if "signature" in step.lacking else None,
        msg("notice.fix_until", until=step.until),
        msg("notice.fix_else", article=citation("64 (6–7)")),
    )


@_lines.register(steps.Supplement)
def _(step: steps.Supplement, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.supplement"), _note(event)


@_lines.register(steps.AcceptFix)
def _(step: steps.AcceptFix, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.accept_fix"), _note(event), _answer_by(event.appeal)


@_lines.register(steps.Forward)
def _(step: steps.Forward, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    article = citation("91 (4)" if event.appeal.kind is Kind.COMPLAINT else "65 (1)")
    return msg("notice.forward", body=step.body, article=article), _note(event), _answer_by(event.appeal)


@_lines.register(steps.ForwardPart)
def _(step: steps.ForwardPart, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    happened = msg("notice.forward_part", body=step.body, part=step.part, article=citation("65 (2)"))
    child = event.child
    theirs = (
        msg("notice.part_by", reference=child.reference, due=child.due, body=child.body)
        if child and child.due
        else None
    )
    ours = msg("notice.rest_here", body=event.appeal.body)
    return happened, _note(event), theirs, ours, _answer_by(event.appeal)


@_lines.register(steps.Extend)
def _(step: steps.Extend, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.extend", due=step.until, article=citation("76 (3)")), _note(event)


@_lines.register(steps.Hearing)
def _(step: steps.Hearing, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    objection = deadlines.hearing_objection(_date(event.at), knowledge.calendar)
    return (
        msg("notice.hearing", on=step.on, where=step.where, article=citation("73")),
        msg("notice.preliminary", text=step.preliminary),
        _note(event),
        msg("notice.object_by", until=objection.on, article=citation(objection.article)),
    )


@_lines.register(steps.Protocol)
def _(step: steps.Protocol, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    remarks = deadlines.hearing_remarks(_date(event.at), knowledge.calendar)
    return (
        msg("notice.protocol", text=step.text),
        _note(event),
        msg("notice.remarks_by", until=remarks.on, article=citation(remarks.article)),
    )


@_lines.register(steps.Answer)
def _(step: steps.Answer, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return (
        msg("notice.answer", decision=DECISIONS[step.decision].name, character=CHARACTERS[step.character]),
        msg("status.answer", answer=step.text),
        _note(event),
        _if_not_agreed(knowledge, event),
    )


@_lines.register(steps.Return)
def _(step: steps.Return, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    happened = msg("notice.return", ground=RETURNS[step.ground], article=citation("64 (7)"))
    again = "notice.file_otherwise" if step.ground is ReturnGround.IDENTICAL else "notice.file_again"
    return (
        happened,
        _note(event),
        msg(again, article=citation("64 (8)")),
        _if_not_agreed(knowledge, event),
    )


@_lines.register(steps.Terminate)
def _(step: steps.Terminate, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    kind = event.appeal.kind
    ground, article = terminations_for(kind)[step.ground], citation(termination_article(kind))
    happened = msg("notice.terminate", ground=ground, article=article)
    return happened, _note(event), _if_not_agreed(knowledge, event)


@_lines.register(steps.Withdraw)
def _(step: steps.Withdraw, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.withdraw", article=citation("64 (9)")), _note(event)


@_lines.register(steps.Complain)
def _(step: steps.Complain, knowledge: Knowledge, event: AppealChanged) -> tuple[Msg | None, ...]:
    return msg("notice.complain", reference=step.child, body=event.appeal.body), _note(event)


def _sign(knowledge: Knowledge, appeal: AppealView) -> Msg:
    """How a signature that is asked for is given: here, where that is possible, else on paper."""
    return msg("notice.fix_sign_here" if ways.signed_here(knowledge, appeal) else "notice.fix_sign")


def _silence(event: TermPassed) -> tuple[Msg, ...]:
    appeal = event.appeal
    passed = msg("notice.term_passed", due=appeal.due or _date(event.at), body=appeal.body)
    ready = msg("notice.complain_ready") if progress.may_complain(appeal, _date(event.at)) else None
    return tuple(line for line in (passed, *progress.silence(appeal), ready) if line)


def _if_not_agreed(knowledge: Knowledge, event: AppealChanged) -> Msg | None:
    return progress.disagreeing(event.appeal, _date(event.at), knowledge.calendar)


def _answer_by(appeal: AppealView) -> Msg | None:
    if appeal.due is None or appeal.due_article is None:
        return None
    return msg("status.due", due=appeal.due, article=citation(appeal.due_article))


def _note(event: AppealChanged) -> Msg | None:
    return msg("status.note", note=event.note) if event.note else None


def _date(at: datetime) -> date:
    return at.astimezone(ALMATY).date()
