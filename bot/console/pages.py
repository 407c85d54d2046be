"""Renders the console's pages and answers."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.app.access import reach
from bot.app.records import Operator
from bot.console import permissions, words
from bot.console.errors import Problem, code_of, problem_of
from bot.console.parts import CONSOLE, TYPED, VISIT, written
from bot.console.views import View
from bot.console.words import Words
from text.bilingual import LOCALES, Locale

log = structlog.get_logger()

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
HOME = "/console/conversations"
DAILY = ("conversations", "appeals", "reminders", "overview")
"""Sections that are always in sight."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "control": ("deliveries", "consents"),
    "reference": ("functions", "calendar"),
    "administration": ("accounts", "keys"),
}
"""The others, by group, behind one button."""
LANGUAGE_COOKIE = "komekshi-lang"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.globals["menu"] = menu
    environment.globals["sections"] = sections
    return environment


def sections(operator: Operator, names: Iterable[str] = DAILY) -> list[str]:
    """Those of the sections that this operator works in; their addresses are their names."""
    return [name for name in names if reach(operator, permissions.NEEDED[name])]


def menu(operator: Operator) -> dict[str, list[str]]:
    """This operator's other sections by group, groups without any left out."""
    own = {group: sections(operator, names) for group, names in GROUPS.items()}
    return {group: names for group, names in own.items() if names}


def home_of(operator: Operator | None) -> str:
    """Where their work is."""
    return f"/console/{sections(operator)[0]}" if operator and not operator.must_change else HOME


@cache
def asset(name: str) -> str:
    """Address of a static file, which changes with its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/console/static/{name}?v={digest}"


def locale_of(request: web.Request) -> Locale:
    """The language chosen in the console, else the browser's, else Kazakh."""
    accepted = request.headers.get("Accept-Language", "").lower().split(",")
    wishes = (request.cookies.get(LANGUAGE_COOKIE, ""), *(part.strip()[:2] for part in accepted))
    return next((locale for wish in wishes for locale in LOCALES if locale == wish), "kk")


def words_of(request: web.Request) -> Words:
    """The words for whoever asks."""
    return words.ALL[locale_of(request)]


def view_of(request: web.Request) -> View:
    """The records as whoever asks reads them, now."""
    desk = request.app[CONSOLE].desk
    return View(words_of(request), desk.knowledge, desk.clock.now())


def fragment(request: web.Request, template: str, **context: Any) -> str:
    """A part of a page, as HTML."""
    visit = request.get(VISIT)
    return (
        _environment()
        .get_template(template)
        .render(
            t=words_of(request),
            visit=visit,
            operator=visit.operator if visit else None,
            csrf=visit.csrf if visit else "",
            options=request.app[CONSOLE].options,
            path=request.path_qs if request.method == "GET" else _back(request),
            **context,
        )
    )


def page(
    request: web.Request, template: str, *, status: int = 200, problem: Problem | None = None, **context: Any
) -> web.Response:
    """A whole page; one that tells a problem has the problem's status."""
    text = fragment(request, template, problem=problem, **context)
    response = web.Response(text=text, content_type="text/html", status=problem.status if problem else status)
    return _with_wait(response, problem) if problem else response


def to_json(data: Mapping[str, Any], *, status: int = 200, problem: bool = False) -> web.Response:
    """An answer for scripts."""
    kind = "application/problem+json" if problem else "application/json"
    return web.Response(text=json.dumps(data, ensure_ascii=False), content_type=kind, status=status)


def see_other(location: str) -> web.Response:
    """After a form: fetch that page."""
    return web.Response(status=303, headers={"Location": location})


def wants_json(request: web.Request) -> bool:
    """Whether a script asks, not a person's browser."""
    return "application/json" in request.headers.get("Accept", "")


def number_of(value: str) -> int:
    """A number from an address or a form; 0 for what is none."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever a handler raises becomes an answer here and nowhere else."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _answer(request, error)
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:  # of a static file
            return _answer(request, web.HTTPNotFound())
        if code_of(error) == "our_fault":
            log.exception("console.failed", method=request.method, route=request.match_info.route.name)
        return _answer(request, error)


def _answer(request: web.Request, error: Exception) -> web.StreamResponse:
    problem = problem_of(error, words_of(request))
    if wants_json(request) or "Upgrade" in request.headers:
        return _with_wait(to_json(problem.as_json(), status=problem.status, problem=True), problem)
    if problem.code == "not_signed_in":
        return see_other(_sign_in_and_back(request))
    if problem.code == "password_due":
        return see_other("/console/password")
    return page(
        request, "error.html", problem=problem, back=_back(request), written=written(request.get(TYPED, {}))
    )


def _with_wait(response: web.Response, problem: Problem) -> web.Response:
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _sign_in_and_back(request: web.Request) -> str:
    if request.method != "GET" or request.path in ("/console/", HOME):
        return "/console/sign-in"
    return str(request.url.with_path("/console/sign-in").relative().with_query(next=request.path_qs))


def _back(request: web.Request) -> str:
    """The page a form was on, if it is one of ours."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.host and is_own_path(came_from.path) else HOME


def is_own_path(address: str) -> bool:
    """Whether an address without a host, perhaps with a query, leads nowhere but to the console."""
    path = address.partition("?")[0]
    return path.startswith("/console/") and "//" not in path and "\\" not in address and address.isprintable()
