"""Accounts, for administrators."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.app.errors import InvalidInput
from bot.app.records import Operator, Role
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, words_of
from bot.console.parts import console_of, operator_of
from text.bilingual import Bilingual
from text.cleaning import clean

LIST = "/console/accounts"


async def show_accounts(request: web.Request) -> web.Response:
    """Everybody who may use the console."""
    return await _accounts_page(request)


async def create(request: web.Request) -> web.Response:
    """A new account; its generated password is shown on this answer and never again."""
    console, form = console_of(request), await request.post()
    try:
        role = _role(str(form.get("role", "")))
        created = await console.accounts.create(
            operator_of(request), str(form.get("login", "")), str(form.get("name", "")), role, _post(form)
        )
    except InvalidInput as error:
        problem = problem_of(error, words_of(request))
        return await _accounts_page(
            request, problem=problem, typed={name: str(form.get(name, "")) for name in form}
        )
    return await _accounts_page(request, status=201, told=created)


async def reset_password(request: web.Request) -> web.Response:
    """A new generated password, shown once."""
    console, account_id = console_of(request), request.match_info["id"]
    password = await console.accounts.reset_password(operator_of(request), account_id)
    account = next(
        account for account in await console.accounts.all(operator_of(request)) if account.id == account_id
    )
    return await _accounts_page(request, told=(account, password))


async def change_role(request: web.Request) -> web.Response:
    """Another role; the account signs in again."""
    console, form = console_of(request), await request.post()
    role = _role(str(form.get("role", "")))
    await console.accounts.change_role(operator_of(request), request.match_info["id"], role)
    return see_other(f"{LIST}?done=role")


async def change_post(request: web.Request) -> web.Response:
    """What the official is by post, as receipts name it; nothing typed takes it away."""
    form = await request.post()
    account_id = request.match_info["id"]
    await console_of(request).accounts.change_post(operator_of(request), account_id, _post(form))
    return see_other(f"{LIST}?done=post")


async def lock(request: web.Request) -> web.Response:
    """Shut an account out; its sessions end."""
    await console_of(request).accounts.set_active(
        operator_of(request), request.match_info["id"], active=False
    )
    return see_other(f"{LIST}?done=locked")


async def unlock(request: web.Request) -> web.Response:
    """Let an account in again."""
    await console_of(request).accounts.set_active(operator_of(request), request.match_info["id"], active=True)
    return see_other(f"{LIST}?done=unlocked")


async def _accounts_page(
    request: web.Request,
    *,
    status: int = 200,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
    told: tuple[Operator, str] | None = None,
) -> web.Response:
    accounts = await console_of(request).accounts.all(operator_of(request))
    ordered = sorted(accounts, key=lambda account: (not account.active, account.name.casefold()))
    return page(
        request,
        "accounts.html",
        status=status,
        accounts=ordered,
        roles=list(Role),
        problem=problem,
        typed=typed or {},
        told=told,
        done=request.query.get("done", ""),
    )


def _post(form: Mapping[str, object]) -> Bilingual | None:
    """The post in both languages; written in one, it stands in both."""
    kk, ru = (" ".join(clean(str(form.get(field, ""))).split()) for field in ("post_kk", "post_ru"))
    return Bilingual(kk or ru, ru or kk) if kk or ru else None


def _role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError as error:
        raise InvalidInput("role", "is none") from error
