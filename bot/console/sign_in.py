"""Signing in and out, one's own password, the language."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.app.errors import AppError, InvalidInput, NotPermitted, TooMany
from bot.app.operators import PASSWORD_LEAST
from bot.console import unsent
from bot.console.auth import SESSION_COOKIE, begin_session, cookies_of, source_of, visit_of
from bot.console.errors import WrongPassword, problem_of
from bot.console.pages import HOME, LANGUAGE_COOKIE, home_of, is_own_path, page, see_other, words_of
from bot.console.parts import VISIT, console_of, operator_of
from text.bilingual import LOCALES

YEAR = timedelta(days=365)
PASSWORD_TRIES = 5
PASSWORD_WINDOW = timedelta(minutes=15)


async def show_sign_in(request: web.Request) -> web.Response:
    """The form; whoever is signed in already goes on."""
    onward = _onward(request.query.get("next", ""))
    if request[VISIT].operator:
        return see_other(onward)
    return page(request, "sign_in.html", onward=onward, login="", unsent="")


async def sign_in(request: web.Request) -> web.Response:
    """A new session, or the form again with a reason. Whatever session the browser had ends.

    What its owner had written when it ended is given back.
    """
    console, form = console_of(request), await request.post()
    login, onward = str(form.get("login", "")), _onward(str(form.get("next", "")))
    source, kept = source_of(request, console.options), str(form.get(unsent.MARK, ""))
    try:
        signed_in = await console.accounts.sign_in(login, str(form.get("password", "")), source)
    except (NotPermitted, TooMany) as error:
        told = WrongPassword() if isinstance(error, NotPermitted) else error
        problem = problem_of(told, words_of(request))
        return page(request, "sign_in.html", onward=onward, login=login, unsent=kept, problem=problem)
    if request[VISIT].token:
        await console.accounts.sign_out(request[VISIT].token)
    if onward == HOME:
        onward = home_of(signed_in.operator)
    visit, late = await visit_of(request, signed_in.token), unsent.Unsent.read(kept)
    if visit and late and late.belongs_to(signed_in.operator.id) and not signed_in.must_change:
        request[VISIT] = visit
        response = unsent.give_back(request, late)
    else:
        response = see_other("/console/password" if signed_in.must_change else onward)
    begin_session(request, response, visit)
    return response


async def sign_out(request: web.Request) -> web.Response:
    """End the session, here and in the database."""
    await console_of(request).accounts.sign_out(request[VISIT].token)
    response = see_other("/console/sign-in")
    cookies_of(request).drop(response, SESSION_COOKIE)
    return response


async def show_password(request: web.Request) -> web.Response:
    """The form for a new password."""
    return _password_page(request)


async def change_password(request: web.Request) -> web.Response:
    """A new password and a new session; all others of the account end."""
    console, operator, form = console_of(request), operator_of(request), await request.post()
    old, new, repeated = (str(form.get(name, "")) for name in ("old", "password", "repeated"))
    if new != repeated:
        return _password_page(request, InvalidInput("repeated", "differs from the new password"))
    wait = await console.limiter.hit(f"password:{operator.id}", limit=PASSWORD_TRIES, window=PASSWORD_WINDOW)
    if wait is not None:
        return _password_page(request, TooMany(wait))
    try:
        signed_in = await console.accounts.change_password(operator, old, new)
    except NotPermitted:
        return _password_page(request, InvalidInput("old", "is not the present password"))
    except InvalidInput as error:
        return _password_page(request, error)
    response = see_other(f"{home_of(signed_in.operator)}?done=password")
    begin_session(request, response, await visit_of(request, signed_in.token))
    return response


async def choose_language(request: web.Request) -> web.Response:
    """Remember the language of the console and show the same page again."""
    form = await request.post()
    response = see_other(_onward(str(form.get("next", ""))))
    chosen = str(form.get("locale", ""))
    if chosen in LOCALES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=int(YEAR.total_seconds()),
            path="/console",
            httponly=True,
            samesite="Strict",
            secure=console_of(request).options.secure_cookies,
        )
    return response


def _password_page(request: web.Request, error: AppError | None = None) -> web.Response:
    problem = problem_of(error, words_of(request)) if error else None
    return page(request, "password.html", problem=problem, least=PASSWORD_LEAST)


def _onward(wanted: str) -> str:
    return wanted if is_own_path(wanted) else HOME
