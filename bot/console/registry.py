"""The registry of appeals: quick views, filters, pages, a table to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from appeals.kinds import KINDS
from appeals.lifecycle import STATUSES, Action, Status
from appeals.steps import Assign, Register
from bot.app.access import Operation, Reach, reach
from bot.app.errors import InvalidInput, NotFound, StaleState, WrongAction
from bot.app.records import Operator, Workload
from bot.app.registry import Search, View
from bot.app.selection import Order, Page, Position
from bot.console.errors import Problem, problem_of
from bot.console.lists import (
    FILTERS,
    LIST,
    PLACE,
    TOLD,
    address,
    counted,
    filters_of,
    link,
    position,
    search_of,
    words_asked,
)
from bot.console.pages import number_of, page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of
from bot.console.seen import version_of
from text.bilingual import LOCALES

SHOWN = 50
ABOVE = 10
"""Lines above the appeal somebody comes back from."""
CHANNELS = ("web", "telegram")
BACK = frozenset({*LIST, "after", "before"})
"""What an address keeps when something was done on its page."""
BASIC = frozenset({"view", "words", "status", "topic", "executor", "order"})
"""Filters that are always in sight; the others are folded away until one of them is used."""
COLUMNS = (
    "reference",
    "number",
    *TOLD,
    "language",
    "channel",
    "received",
    "registered",
    "due",
)
"""Of the table to take along: nothing in it names or leads to the applicant."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def show_registry(request: web.Request) -> web.Response:
    """A stretch of the appeals that fit."""
    return await _registry_page(request, request.query)


async def search(request: web.Request) -> web.Response:
    """From the form to an address that holds the filters, and never the words: they may name a person."""
    console, form = console_of(request), await request.post()
    asked = {name: value for name in FILTERS if (value := str(form.get(name, "")).strip())}
    if place := asked.get("place"):
        found = console.registry.knowledge.domain.territory.search(place, limit=1)
        if not found:
            problem = problem_of(InvalidInput("place", "is not known"), words_of(request))
            return await _registry_page(request, {**asked, "place": ""}, problem=problem, typed=place)
        asked["place"] = found[0].place.code
    if words := str(form.get("words", "")).strip():
        # Whoever looks for a number or a name wants it wherever it is, not within the quick view they came from.
        asked.pop("view", None)
        asked["words"] = await console.registry.keep_words(operator_of(request), words)
    return see_other(address(asked))


async def export(request: web.Request) -> web.StreamResponse:
    """All that fits as a table for a spreadsheet, without personal data. The export is audited."""
    console, operator, view = console_of(request), operator_of(request), view_of(request)
    asked = search_of(request.query, await words_asked(request, request.query))
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="appeals-{view.today.isoformat()}.csv"',
        }
    )
    names = {one.id: one.name for one in await console.desk.executors(operator)}
    head = [view.words(f"column.{name}") for name in COLUMNS]
    started = False
    async for appeals in console.registry.export(operator, asked):
        rows = [view.plain_row(appeal, names) for appeal in appeals]
        if not started:
            await response.prepare(request)
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        await response.write(_table(rows) if started else b"\xef\xbb\xbf" + _table([head, *rows]))
        started = True
    if not started:
        await response.prepare(request)
        await response.write(b"\xef\xbb\xbf" + _table([head]))
    return response


async def assign(request: web.Request) -> web.Response:
    """Give the chosen appeals to one executor, each by steps of its own: a new one is registered first, which cannot be
    refused (art. 64 (1)). Those that cannot be given stay, and so do those that have changed since they were chosen."""
    console, operator, form = console_of(request), operator_of(request), await request.post()
    executor = str(form.get("executor", ""))
    if executor not in {one.id for one in await console.desk.executors(operator)}:
        raise InvalidInput("executor", "nobody who considers appeals")
    assigned = refused = 0
    for chosen in dict.fromkeys(str(value) for value in form.getall("appeal", [])[:SHOWN]):
        appeal_id, _, version = chosen.partition(" ")
        try:
            seen = version_of(version)
            appeal = await console.desk.permit(operator, appeal_id, Action.ASSIGN)
            # Sent again after it broke off between the two steps, the form goes on: to register once more changes nothing.
            begun = appeal.status is Status.REGISTERED and appeal.version != seen
            if appeal.status is Status.CREATED or begun:
                seen = (await console.desk.act(operator, appeal_id, Register(), seen=seen)).version
            await console.desk.act(operator, appeal_id, Assign(executor), seen=seen)
            assigned += 1
        except (WrongAction, StaleState, NotFound):
            refused += 1
    back = _back(dict(parse_qsl(str(form.get("back", "")))))
    return see_other(address({**back, "assigned": str(assigned), "refused": str(refused)}))


async def _registry_page(
    request: web.Request, query: Mapping[str, str], *, problem: Problem | None = None, typed: str = ""
) -> web.Response:
    console, operator, view = console_of(request), operator_of(request), view_of(request)
    words = await words_asked(request, query)
    asked = search_of(query, words)
    found = await _stretch(request, query, asked)
    quick = console.registry.views(operator)
    counts = await console.registry.counts(operator, [Search(view=each) for each in quick])
    staff = await console.desk.executors(operator)
    names = {
        **await console.lookups.names(appeal.executor_id for appeal in found.appeals if appeal.executor_id),
        **{one.id: one.name for one in staff},
    }
    filters = filters_of(query)
    latest = await console.registry.last_steps(found.appeals)
    may_assign = bool(reach(operator, Operation.ASSIGN))
    return page(
        request,
        "registry.html",
        problem=problem,
        rows=[
            (
                view.appeal_row(appeal, names),
                link(appeal, filters, asked),
                view.latest(latest[appeal.id], names),
            )
            for appeal in found.appeals
        ],
        number=counted(found.number or 0),
        before=address({**filters, "before": str(found.before)}) if found.before else "",
        after=address({**filters, "after": str(found.after)}) if found.after else "",
        export=address(filters, ".csv"),
        views=[
            (each.value, address({"view": each.value}), counted(count))
            for each, count in zip(quick, counts, strict=True)
        ],
        chosen="" if set(filters) - {"view", "order"} else (asked.view or View.OPEN).value,
        filters=filters,
        filtered=bool(set(filters) - {"order"}),
        folded=not set(filters) - BASIC and not problem,
        words=words,
        place=typed or view.place(asked.place),
        back=urlencode(_back(query)),
        may_assign=may_assign,
        sees_all=reach(operator, Operation.SEARCH_APPEALS) is Reach.ALL,
        load=await _load(request) if may_assign else {},
        chosen_all="chosen" in query,
        choose_all=address({**_back(query), "chosen": "all"}),
        done=query.get("done", ""),
        assigned=number_of(query.get("assigned", "")),
        refused=number_of(query.get("refused", "")),
        choices=_choices(request, staff),
    )


async def _stretch(request: web.Request, query: Mapping[str, str], asked: Search) -> Page:
    """The page asked for; for somebody who comes back from an appeal, one with its place a few lines from the top."""
    registry, operator = console_of(request).registry, operator_of(request)
    after, before = (position(query.get(name, ""), asked.order) for name in ("after", "before"))
    if (place := position(query.get(PLACE, ""), asked.order)) is not None:
        above = (await registry.page(operator, asked, ABOVE + 1, before=place)).appeals
        after = Position.of(above[0], asked.order) if len(above) > ABOVE else None
    return await registry.page(operator, asked, SHOWN, after=after, before=before, count=True)


async def _load(request: web.Request) -> Mapping[str, Workload]:
    """By executor's id."""
    rows = await console_of(request).registry.workload(operator_of(request))
    return {row.executor_id: row for row in rows if row.executor_id}


def _back(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name in BACK}


def _choices(request: web.Request, staff: Sequence[Operator]) -> dict[str, Any]:
    """What the filters offer: (value, name) pairs by filter; topics under the names of their groups."""
    view = view_of(request)
    domain = view.knowledge.domain
    return {
        "status": [(status.value, view.status(status)) for status in STATUSES],
        "kind": [(kind.value, view.kind(kind)) for kind in KINDS],
        "topic": [
            (
                group.code,
                view.words.of(group.name),
                [(topic.code, view.words.of(topic.name)) for topic in domain.topics.children(group.code)],
            )
            for group in domain.topics.groups()
        ],
        "body": sorted(
            ((body.id, view.words.of(body.name)) for body in domain.bodies.all()), key=lambda b: b[1]
        ),
        "executor": [(one.id, one.name) for one in staff],
        "locale": [(locale, view.words(f"locale.{locale}")) for locale in LOCALES],
        "channel": [(channel, view.channel(channel)) for channel in CHANNELS],
        "order": [(order.value, view.words(f"order.{order.value}")) for order in Order],
    }


def _table(rows: list[list[str]]) -> bytes:
    """Lines with semicolons; what a spreadsheet would take for a formula is marked as text."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows
    )
    return lines.getvalue().encode()
