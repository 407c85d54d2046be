"""Deliveries, for those who oversee them: what waits, what failed and why, each attempt, what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from appeals.lifecycle import Status
from bot.app.delivery_control import CHANNELS, NOTE_LIMIT, SystemState
from bot.app.errors import InvalidInput
from bot.app.records import (
    AppealRecord,
    DeliveryAttempt,
    OutboxKind,
    OutboxRow,
    ReportOutcome,
    ReportRecord,
    code_of,
)
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of
from bot.console.views import BAD, GOOD, PRESSING, QUIET, View

LIST = "/console/deliveries"
SHOWN = 100
TONES = {
    "delivered": GOOD,
    "found": GOOD,
    "postponed": QUIET,
    "unclear": PRESSING,
    "refused": BAD,
    "discarded": QUIET,
    ReportOutcome.APPLIED.value: GOOD,
    ReportOutcome.REPEATED.value: QUIET,
    ReportOutcome.STALE.value: QUIET,
}
"""By outcome of an attempt or a report; what is not named needs a look."""


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One system. `tone` of its state. `again`: what is stuck can be tried again all at once."""

    name: str
    system: str
    waiting: int
    dead: int
    since: str
    success: str
    state: str
    tone: str
    again: bool


@dataclass(frozen=True, slots=True)
class DeadRow:
    """Something nobody tries any more, without what stands in it. `unsure`: it may have got there."""

    id: str
    what: str
    link: str
    link_text: str
    about: str
    attempts: str
    error: str
    detail: str
    moment: str
    unsure: bool
    of_appeal: bool


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One line of the log."""

    id: str
    moment: str
    system: str
    event: str
    appeal: str
    reference: str
    number: int
    outcome: str
    tone: str
    status: str
    ms: int
    error: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What another system told."""

    moment: str
    system: str
    reference: str
    appeal: str
    sequence: int
    status: str
    outcome: str
    tone: str


async def show_deliveries(request: web.Request) -> web.Response:
    """Everything, or what concerns one appeal."""
    return await _deliveries_page(request, done=request.query.get("done", ""))


async def again(request: web.Request) -> web.Response:
    """Try a buried row again."""
    await console_of(request).deliveries.again(operator_of(request), request.match_info["id"])
    return see_other(f"{LIST}?done=revived")


async def send_anyway(request: web.Request) -> web.Response:
    """Somebody has looked: it is not there."""
    await console_of(request).deliveries.send_anyway(operator_of(request), request.match_info["id"])
    return see_other(f"{LIST}?done=revived")


async def discard(request: web.Request) -> web.Response:
    """Let it be, with a note; without one the page says so beside the field."""
    form, row_id = await request.post(), request.match_info["id"]
    note = str(form.get("note", ""))
    try:
        await console_of(request).deliveries.discard(operator_of(request), row_id, note)
    except InvalidInput as error:
        return await _deliveries_page(request, problem=problem_of(error, words_of(request)), tried=row_id)
    return see_other(f"{LIST}?done=discarded")


async def all_again(request: web.Request) -> web.Response:
    """Try everything of one system again."""
    form = await request.post()
    await console_of(request).deliveries.all_again(operator_of(request), str(form.get("system", "")))
    return see_other(f"{LIST}?done=revived")


async def resend(request: web.Request) -> web.Response:
    """Send one event again."""
    await console_of(request).deliveries.resend(operator_of(request), request.match_info["id"])
    return see_other(f"{LIST}?done=resent")


async def resend_appeal(request: web.Request) -> web.Response:
    """Send all events of an appeal again."""
    appeal_id = request.match_info["id"]
    await console_of(request).deliveries.resend_appeal(operator_of(request), appeal_id)
    return see_other(f"{LIST}?appeal={appeal_id}&done=resent")


async def _deliveries_page(
    request: web.Request, *, done: str = "", problem: Problem | None = None, tried: str = ""
) -> web.Response:
    appeal_id, before = request.query.get("appeal") or None, request.query.get("before", "")
    overview = await console_of(request).deliveries.overview(
        operator_of(request), appeal_id=appeal_id, before=int(before) if before.isdecimal() else None
    )
    view = view_of(request)
    more = overview.attempts[-1].id if len(overview.attempts) == SHOWN else 0
    return page(
        request,
        "deliveries.html",
        problem=problem,
        tried=tried,
        done=done,
        note_limit=NOTE_LIMIT,
        appeal=appeal_id or "",
        appeal_reference=overview.appeals[appeal_id].reference if appeal_id else "",
        systems=[] if appeal_id else [_system(view, state) for state in overview.systems],
        dead=[_dead(view, row, overview.appeals) for row in overview.dead],
        attempts=_attempts(view, overview.attempts, overview.appeals),
        reports=[_report(view, report) for report in overview.reports],
        more=more,
    )


def _system(view: View, state: SystemState) -> SystemRow:
    words = view.words
    told = "trouble" if state.troubled(view.now) else "waiting" if state.waiting else "well"
    told = told if state.connected else "gone"
    return SystemRow(
        name=_name(view, state.system),
        system=state.system,
        waiting=state.waiting,
        dead=state.dead,
        since=words.lasting((view.now - state.oldest).total_seconds()) if state.oldest else "",
        success=_moment(view, state.last_success),
        state=words(f"delivery.state.{told}"),
        tone={"well": GOOD, "waiting": QUIET}.get(told, BAD),
        again=state.dead > 1 or (state.system != CHANNELS and state.waiting > 0 and told == "trouble"),
    )


def _dead(view: View, row: OutboxRow, appeals: Mapping[str, AppealRecord]) -> DeadRow:
    words, of_appeal = view.words, row.kind is OutboxKind.APPEAL
    subject = str(row.payload.get("appeal" if of_appeal else "conversation", ""))
    appeal = appeals.get(subject)
    code, _, detail = row.last_error.partition(": ")
    return DeadRow(
        id=row.id,
        what=f"{_name(view, row.system)} · {_event(view, row.payload['event'])}"
        if of_appeal
        else words("outbox.message"),
        link=f"/console/{'appeals' if of_appeal else 'conversations'}/{subject}",
        link_text=appeal.reference if appeal else code_of(subject),
        about=view.topic(appeal.draft.topic) if appeal else "",
        attempts=words.count("attempts", row.attempts),
        error=words.known(f"error.{code}", code),
        detail=words.known(f"error.detail.{detail}", detail),
        moment=words.moment(row.created_at),
        unsure=row.unsure,
        of_appeal=of_appeal,
    )


def _attempts(
    view: View, attempts: Sequence[DeliveryAttempt], appeals: Mapping[str, AppealRecord]
) -> list[AttemptRow]:
    words = view.words
    return [
        AttemptRow(
            id=attempt.message_id,
            moment=words.moment(attempt.at),
            system=_name(view, attempt.system),
            event=_event(view, attempt.event),
            appeal=attempt.appeal_id,
            reference=appeals[attempt.appeal_id].reference,
            number=attempt.attempt,
            outcome=words(f"attempt.{attempt.outcome.value}"),
            tone=TONES[attempt.outcome.value],
            status=str(attempt.http_status or ""),
            ms=attempt.ms,
            error=_error(view, attempt.error),
        )
        for attempt in attempts
    ]


def _report(view: View, report: ReportRecord) -> ReportRow:
    words = view.words
    return ReportRow(
        moment=words.moment(report.received_at),
        system=_name(view, report.system),
        reference=report.reference,
        appeal=report.appeal_id or "",
        sequence=report.sequence,
        status=_status(view, report.status),
        outcome=words(f"report.{report.outcome.value}"),
        tone=TONES.get(report.outcome.value, PRESSING),
    )


def _error(view: View, told: str) -> str:
    code, _, detail = told.partition(": ")
    words = view.words.known(f"error.{code}", code), view.words.known(f"error.detail.{detail}", detail)
    return " ".join(words).strip()


def _event(view: View, name: str) -> str:
    """The event by the status it tells of."""
    return _status(view, name.removeprefix("appeal."))


def _status(view: View, value: str) -> str:
    """A status in words; one this version does not know stays as it is."""
    return view.status(Status(value)) if value in {status.value for status in Status} else value


def _name(view: View, system: str) -> str:
    return view.words.known(f"system.{system or 'channels'}", system)


def _moment(view: View, at: datetime | None) -> str:
    return view.words.moment(at) if at else ""
