"""The registry of appeals: quick views, filters, pages, a table to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from appeals.kinds import KINDS, Kind
from appeals.lifecycle import STATUSES, Status
from appeals.steps import Assign
from bot.app.access import Operation, reach
from bot.app.errors import InvalidInput, NotFound, StaleState, WrongAction
from bot.app.records import Operator
from bot.app.registry import COUNTED, Search, View
from bot.app.selection import Days, Order, Position
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of
from text.bilingual import LOCALES

REGISTRY = "/console/appeals"
SHOWN = 50
CHANNELS = ("web", "telegram")
FILTERS = (
    "view",
    "status",
    "kind",
    "topic",
    "place",
    "body",
    "executor",
    "locale",
    "channel",
    "received_from",
    "received_to",
    "due_from",
    "due_to",
    "order",
)
BACK = frozenset({*FILTERS, "words", "after", "before"})
"""What an address keeps when something was done on its page."""
BASIC = frozenset({"view", "words", "status", "topic", "executor", "order"})
"""Filters that are always in sight; the others are folded away until one of them is used."""
COLUMNS = (
    "reference",
    "number",
    "status",
    "kind",
    "topic",
    "place",
    "body",
    "executor",
    "language",
    "channel",
    "received",
    "registered",
    "due",
)
"""Of the table to take along: nothing in it names or leads to the applicant."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_YEARS = range(2000, 2100)

V = TypeVar("V")


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
        asked["words"] = await console.registry.keep_words(operator_of(request), words)
    return see_other(_address(asked))


async def export(request: web.Request) -> web.StreamResponse:
    """All that fits as a table for a spreadsheet, without personal data. The export is audited."""
    console, operator, view = console_of(request), operator_of(request), view_of(request)
    asked = _search(request.query, await _words(request, request.query))
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
    """Give the chosen appeals to one executor, each by a step of its own; those that cannot be given stay."""
    console, operator, form = console_of(request), operator_of(request), await request.post()
    executor = str(form.get("executor", ""))
    assigned = refused = 0
    for appeal_id in dict.fromkeys(str(value) for value in form.getall("appeal", [])[:SHOWN]):
        try:
            await console.desk.act(operator, appeal_id, Assign(executor))
            assigned += 1
        except (WrongAction, StaleState, NotFound):
            refused += 1
    back = {name: value for name, value in parse_qsl(str(form.get("back", ""))) if name in BACK}
    return see_other(_address({**back, "assigned": str(assigned), "refused": str(refused)}))


async def _registry_page(
    request: web.Request, query: Mapping[str, str], *, problem: Problem | None = None, typed: str = ""
) -> web.Response:
    console, operator, view = console_of(request), operator_of(request), view_of(request)
    words = await _words(request, query)
    asked = _search(query, words)
    found = await console.registry.page(
        operator,
        asked,
        SHOWN,
        after=_position(query.get("after", ""), asked.order),
        before=_position(query.get("before", ""), asked.order),
    )
    quick = [each for each in View if each is not View.ALL]
    number, *counts = await console.registry.counts(operator, [asked, *(Search(view=each) for each in quick)])
    staff = await console.desk.executors(operator)
    names = {
        **await console.lookups.names(appeal.executor_id for appeal in found.appeals if appeal.executor_id),
        **{one.id: one.name for one in staff},
    }
    filters = {name: query[name] for name in (*FILTERS, "words") if query.get(name)}
    return page(
        request,
        "registry.html",
        problem=problem,
        rows=[view.appeal_row(appeal, names) for appeal in found.appeals],
        number=_counted(number),
        before=_address({**filters, "before": str(found.before)}) if found.before else "",
        after=_address({**filters, "after": str(found.after)}) if found.after else "",
        export=_address(filters, ".csv"),
        views=[
            (each.value, _address({"view": each.value}), _counted(count))
            for each, count in zip(quick, counts, strict=True)
        ],
        chosen="" if set(filters) - {"view", "order"} else (asked.view or View.OPEN).value,
        filters=filters,
        filtered=bool(set(filters) - {"order"}),
        folded=not set(filters) - BASIC and not problem,
        words=words,
        place=typed or view.place(asked.place),
        back=urlencode({name: value for name, value in query.items() if name in BACK}),
        may_assign=bool(reach(operator, Operation.ASSIGN)),
        done=query.get("done", ""),
        assigned=_number(query.get("assigned", "")),
        refused=_number(query.get("refused", "")),
        choices=_choices(request, staff),
    )


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


async def _words(request: web.Request, query: Mapping[str, str]) -> str:
    kept = query.get("words", "")
    return await console_of(request).registry.kept_words(operator_of(request), kept) if kept else ""


def _search(query: Mapping[str, str], words: str) -> Search:
    """What an address asks for. Values of another version or made up by hand do not narrow."""
    return Search(
        view=_read(View, query.get("view", "")),
        words=words,
        status=_read(Status, query.get("status", "")),
        kind=_read(Kind, query.get("kind", "")),
        topic=query.get("topic", ""),
        place=code
        if (code := query.get("place", "")).isascii() and code.isdigit() and len(code) == 9
        else "",
        body_id=query.get("body", ""),
        executor=query.get("executor", ""),
        locale=next((locale for locale in LOCALES if locale == query.get("locale")), None),
        channel=query.get("channel", ""),
        received=Days(_day(query.get("received_from", "")), _day(query.get("received_to", ""))),
        due=Days(_day(query.get("due_from", "")), _day(query.get("due_to", ""))),
        order=_read(Order, query.get("order", "")) or Order.DUE,
    )


def _read(read: Callable[[str], V], value: str) -> V | None:
    try:
        return read(value)
    except ValueError:
        return None


def _day(value: str) -> date | None:
    day = _read(date.fromisoformat, value)
    return day if day and day.year in _YEARS else None


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0


def _position(value: str, order: Order) -> Position | None:
    return _read(lambda text: Position.parse(text, order), value)


def _counted(number: int) -> str:
    return str(number) if number <= COUNTED else f"{COUNTED:_}+".replace("_", "\N{NO-BREAK SPACE}")


def _address(query: Mapping[str, str], ending: str = "") -> str:
    return f"{REGISTRY}{ending}?{urlencode(query)}" if query else f"{REGISTRY}{ending}"


def _table(rows: list[list[str]]) -> bytes:
    """Lines with semicolons; what a spreadsheet would take for a formula is marked as text."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows
    )
    return lines.getvalue().encode()
