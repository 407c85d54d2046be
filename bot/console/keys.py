"""Keys to the published data (Open311), for administrators."""

from __future__ import annotations

from aiohttp import web

from bot.app.errors import InvalidInput
from bot.app.records import ApiKey
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of

LIST = "/console/keys"


async def show_keys(request: web.Request) -> web.Response:
    """All keys, by name and beginning."""
    return await _keys_page(request)


async def issue(request: web.Request) -> web.Response:
    """A new key; it is shown on this answer and never again."""
    form = await request.post()
    name = str(form.get("name", ""))
    try:
        told = await console_of(request).publication.issue(operator_of(request), name)
    except InvalidInput as error:
        return await _keys_page(request, problem=problem_of(error, words_of(request)), typed=name)
    return await _keys_page(request, status=201, told=told)


async def revoke(request: web.Request) -> web.Response:
    """From now on it opens nothing."""
    await console_of(request).publication.revoke(operator_of(request), request.match_info["id"])
    return see_other(f"{LIST}?done=revoked")


async def _keys_page(
    request: web.Request,
    *,
    status: int = 200,
    problem: Problem | None = None,
    typed: str = "",
    told: tuple[ApiKey, str] | None = None,
) -> web.Response:
    console, view = console_of(request), view_of(request)
    keys = await console.publication.keys(operator_of(request))
    names = await console.lookups.names(key.created_by for key in keys)
    rows = [
        {
            "id": key.id,
            "name": key.name,
            "hint": key.hint,
            "issued": view.words.moment(key.created_at),
            "by": names.get(key.created_by, ""),
            "used": view.words.day(key.used_on) if key.used_on else "",
            "revoked": view.words.moment(key.revoked_at) if key.revoked_at else "",
        }
        for key in keys
    ]
    return page(
        request,
        "keys.html",
        status=status,
        problem=problem,
        typed=typed,
        told=told,
        keys=sorted(rows, key=lambda row: bool(row["revoked"])),
        done=request.query.get("done", ""),
    )
