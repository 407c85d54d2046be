"""The overview, for supervisors: what came of the turns, what could not be delivered, what is due."""

from __future__ import annotations

from aiohttp import web

from bot.console.pages import page, see_other, view_of
from bot.console.parts import console_of, operator_of

OVERVIEW = "/console/overview"


async def show_overview(request: web.Request) -> web.Response:
    """Figures of today and of seven days."""
    overview = await console_of(request).lookups.overview(operator_of(request))
    view = view_of(request)
    return page(
        request,
        "overview.html",
        outcomes=view.outcomes(overview.today, overview.week),
        ratings=view.ratings(overview.ratings),
        dead=[view.dead_letter(row) for row in overview.dead],
        near_due=[view.appeal_row(appeal) for appeal in overview.near_due],
        waiting=overview.waiting,
        pending=overview.pending,
        done=request.query.get("done", ""),
    )


async def revive(request: web.Request) -> web.Response:
    """Try a dead letter again."""
    await console_of(request).lookups.revive(operator_of(request), request.match_info["id"])
    return see_other(f"{OVERVIEW}?done=revived")
