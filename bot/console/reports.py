"""The overview, for supervisors: what came of the turns, what is due, how much is not delivered."""

from __future__ import annotations

from aiohttp import web

from bot.app.records import Workload
from bot.app.registry import View
from bot.console.lists import address
from bot.console.pages import page, view_of
from bot.console.parts import console_of, operator_of
from dialogs.progress import DISCONTENT, SCORES


async def show_overview(request: web.Request) -> web.Response:
    """Figures of today and of seven days."""
    console, operator = console_of(request), operator_of(request)
    overview = await console.lookups.overview(operator)
    load = await console.registry.workload(operator)
    names = await console.lookups.names(row.executor_id for row in load if row.executor_id)
    view = view_of(request)
    return page(
        request,
        "overview.html",
        workload=[
            (names.get(row.executor_id or "", view.words("view.unassigned")), _figures(row)) for row in load
        ],
        terms=[
            (View.OVERDUE.value, sum(row.overdue for row in load)),
            (View.SOON.value, sum(row.soon for row in load)),
        ],
        outcomes=view.outcomes(overview.today, overview.week),
        ratings=view.ratings(overview.ratings),
        answers=[(score, overview.answers.get(score, 0)) for score in reversed(SCORES)],
        rated=sum(overview.answers.values()),
        discontent=[row for row in overview.discontent if row[0].score <= DISCONTENT],
        dead=overview.dead,
        near_due=[view.appeal_row(appeal) for appeal in overview.near_due],
        waiting=overview.waiting,
        pending=overview.pending,
    )


def _figures(row: Workload) -> list[tuple[int, str, str]]:
    """Number, list and tone of each column."""
    executor = {"executor": row.executor_id} if row.executor_id else {}
    whose = View.OPEN if row.executor_id else View.UNASSIGNED
    columns = ((row.open, whose, ""), (row.soon, View.SOON, "pressing"), (row.overdue, View.OVERDUE, "bad"))
    return [
        (number, address({"view": view.value, **executor}), tone if number else "")
        for number, view, tone in columns
    ]
