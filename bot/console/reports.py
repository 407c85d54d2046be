"""The overview, for supervisors: what came of the turns, what is due, how much is not delivered."""

from __future__ import annotations

from aiohttp import web

from bot.console.pages import page, view_of
from bot.console.parts import console_of, operator_of
from dialogs.progress import DISCONTENT, SCORES


async def show_overview(request: web.Request) -> web.Response:
    """Figures of today and of seven days."""
    overview = await console_of(request).lookups.overview(operator_of(request))
    view = view_of(request)
    return page(
        request,
        "overview.html",
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
