"""Moved working days: what is in force and by which act, and the appeals whose term a change moves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from appeals.calendar import Swap
from bot.app.access import Operation, reach
from bot.app.errors import InvalidInput, NotFound
from bot.app.working_days import MovedTerm
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of
from bot.console.views import View

CALENDAR = "/console/calendar"
_ACT_OF_THE_BASE = re.compile(r"[A-Z]\d{2}[0-9A-Z]{4,12}")


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A swap in the table. `changed`: who and when, empty for one shipped with the product."""

    key: str
    free: str
    working: str
    act: str
    link: str
    in_force: bool
    changed: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """An appeal whose term moves."""

    id: str
    reference: str
    status: str
    before: str
    after: str


async def show_calendar(request: web.Request) -> web.Response:
    """All swaps, and for one of them the appeals whose term it moves."""
    return await _calendar_page(request)


async def add(request: web.Request) -> web.Response:
    """Put a swap in force, then show what it moves."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    try:
        swap = await console_of(request).working_days.add(
            operator_of(request),
            _day(form.get("free", "")),
            _day(form.get("working", "")),
            form.get("act", ""),
            form.get("link", ""),
        )
    except InvalidInput as error:
        return await _calendar_page(request, problem=problem_of(error, words_of(request)), typed=form)
    return see_other(f"{CALENDAR}?swap={_key(swap)}&done=swap_added")


async def withdraw(request: web.Request) -> web.Response:
    """Take a swap out of force, then show what that moves."""
    form = await request.post()
    free, working = _days(str(form.get("swap", "")))
    swap = await console_of(request).working_days.withdraw(operator_of(request), free, working)
    return see_other(f"{CALENDAR}?swap={_key(swap)}&done=swap_withdrawn")


async def move_terms(request: web.Request) -> web.Response:
    """Let the new terms of the chosen appeals hold; their citizens are told."""
    form = await request.post()
    key = str(form.get("swap", ""))
    chosen = [str(value) for value in form.getall("appeal", [])]
    await console_of(request).working_days.move_terms(operator_of(request), *_days(key), chosen)
    return see_other(f"{CALENDAR}?swap={key}&done=terms_moved")


async def _calendar_page(
    request: web.Request, *, problem: Problem | None = None, typed: Mapping[str, str] | None = None
) -> web.Response:
    console, operator, view = console_of(request), operator_of(request), view_of(request)
    entries = await console.working_days.entries(operator)
    names = await console.lookups.names(entry.change.actor for entry in entries if entry.change)
    rows = [
        SwapRow(
            _key(entry.swap),
            view.words.long_day(entry.swap.free),
            view.words.long_day(entry.swap.working),
            entry.swap.act,
            _link(entry.swap, view),
            entry.in_force,
            f"{names.get(entry.change.actor, '')}, {view.words.moment(entry.change.at)}"
            if entry.change
            else "",
        )
        for entry in entries
    ]
    keeps = bool(reach(operator, Operation.KEEP_CALENDAR))
    key = request.query.get("swap", "")
    terms = await console.working_days.moved_terms(operator, *_days(key)) if key and keeps else ()
    return page(
        request,
        "calendar.html",
        problem=problem,
        typed=typed or {},
        rows=rows,
        keeps=keeps,
        chosen=next((row for row in rows if row.key == key), None),
        terms=[_term(view, term) for term in terms],
        done=request.query.get("done", ""),
    )


def _term(view: View, term: MovedTerm) -> TermRow:
    row = view.appeal_row(term.appeal)
    return TermRow(row.id, row.reference, row.status, row.due.day, view.words.day(term.due))


def _link(swap: Swap, view: View) -> str:
    """Where the act can be read: as given, or by its number in the base of legal acts."""
    if swap.link or not _ACT_OF_THE_BASE.fullmatch(swap.act):
        return swap.link
    return f"https://adilet.zan.kz/{'kaz' if view.words.locale == 'kk' else 'rus'}/docs/{swap.act}"


def _key(swap: Swap) -> str:
    return f"{swap.free.isoformat()}~{swap.working.isoformat()}"


def _days(key: str) -> tuple[date, date]:
    free, _, working = key.partition("~")
    try:
        return date.fromisoformat(free), date.fromisoformat(working)
    except ValueError as error:
        raise NotFound(key) from error


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
