"""The operator console, mounted under /console."""

from __future__ import annotations

from aiohttp import web

from bot.app.corrections import Corrections
from bot.app.delivery_control import DeliveryControl
from bot.app.desk import Desk
from bot.app.handover import Handover
from bot.app.operators import Accounts
from bot.app.personal_data import PersonalData
from bot.app.ports import EventBus, FileStore, RateLimiter, Storage
from bot.app.publication import Publication
from bot.app.registry import Registry
from bot.app.working_days import WorkingDays
from bot.console import accounts as account_pages
from bot.console import appeals, consents, conversations, functions, keys, reports, sign_in, ws
from bot.console import deliveries as delivery_pages
from bot.console import files as file_routes
from bot.console import registry as registry_pages
from bot.console import working_days as calendar_pages
from bot.console.auth import guard, harden, recognise, takes_secure_cookies
from bot.console.lookups import Lookups
from bot.console.pages import STATIC, answer_errors, home_of, see_other
from bot.console.parts import CONSOLE, VISIT, Console, ConsoleOptions
from bot.console.passwords import Argon2Hasher
from bot.live import open_sockets

__all__ = ["Argon2Hasher", "ConsoleOptions", "setup", "takes_secure_cookies"]


def setup(
    app: web.Application,
    *,
    accounts: Accounts,
    handover: Handover,
    corrections: Corrections,
    desk: Desk,
    registry: Registry,
    working_days: WorkingDays,
    deliveries: DeliveryControl,
    publication: Publication,
    personal_data: PersonalData,
    storage: Storage,
    files: FileStore,
    bus: EventBus,
    limiter: RateLimiter,
    options: ConsoleOptions,
) -> None:
    """Mount the console."""
    console = web.Application(middlewares=[answer_errors, recognise, guard])
    console[CONSOLE] = Console(
        accounts,
        handover,
        corrections,
        desk,
        registry,
        working_days,
        deliveries,
        publication,
        personal_data,
        Lookups(storage, bus, desk.clock),
        files,
        bus,
        limiter,
        options,
    )
    console.on_response_prepare.append(harden)
    open_sockets(console)
    _add_routes(console.router)
    _add_appeal_routes(console.router)
    app.router.add_get("/console", _go_home)
    app.add_subapp("/console", console)


def _add_routes(router: web.UrlDispatcher) -> None:
    router.add_get("/", _go_home, name="home")
    router.add_get("/sign-in", sign_in.show_sign_in, name="sign_in")
    router.add_post("/sign-in", sign_in.sign_in, name="sign_in")
    router.add_post("/sign-out", sign_in.sign_out, name="sign_out")
    router.add_get("/password", sign_in.show_password, name="password")
    router.add_post("/password", sign_in.change_password, name="password")
    router.add_post("/language", sign_in.choose_language, name="language")
    router.add_get("/live", ws.live, name="live")

    router.add_get("/conversations", conversations.show_list, name="conversations")
    router.add_get("/conversations/{id}", conversations.show_conversation, name="conversation")
    router.add_post("/conversations/{id}/claim", conversations.claim, name="claim")
    router.add_post("/conversations/{id}/say", conversations.say, name="say")
    router.add_post("/conversations/{id}/note", conversations.note, name="note")
    router.add_post("/conversations/{id}/correct", conversations.correct, name="correct")
    router.add_post("/conversations/{id}/hand-back", conversations.hand_back, name="hand_back")
    router.add_post("/conversations/{id}/close", conversations.close, name="close")
    of_one, pictured = file_routes.of_conversation, file_routes.pictured_in_conversation
    _add_file_routes(router, "/conversations/{id}", "conversation", of_one, pictured)
    router.add_get("/parts/conversations", conversations.list_fragment, name="list_part")
    router.add_get("/parts/conversations/{id}", conversations.conversation_fragment, name="conversation_part")

    router.add_get("/functions", functions.show_functions, name="functions")
    router.add_get("/reminders", appeals.show_reminders, name="reminders")

    _add_consent_routes(router)
    router.add_get("/overview", reports.show_overview, name="overview")

    router.add_get("/deliveries", delivery_pages.show_deliveries, name="deliveries")
    router.add_post("/deliveries/again", delivery_pages.all_again, name="all_again")
    router.add_post("/deliveries/appeals/{id}/resend", delivery_pages.resend_appeal, name="resend_appeal")
    router.add_post("/deliveries/{id}/again", delivery_pages.again, name="again")
    router.add_post("/deliveries/{id}/send", delivery_pages.send_anyway, name="send_anyway")
    router.add_post("/deliveries/{id}/discard", delivery_pages.discard, name="discard")
    router.add_post("/deliveries/{id}/resend", delivery_pages.resend, name="resend")

    router.add_get("/keys", keys.show_keys, name="keys")
    router.add_post("/keys", keys.issue, name="keys")
    router.add_post("/keys/{id}/revoke", keys.revoke, name="revoke")

    router.add_get("/calendar", calendar_pages.show_calendar, name="calendar")
    router.add_post("/calendar", calendar_pages.add, name="calendar_add")
    router.add_post("/calendar/withdraw", calendar_pages.withdraw, name="calendar_withdraw")
    router.add_post("/calendar/terms", calendar_pages.move_terms, name="calendar_terms")

    router.add_get("/accounts", account_pages.show_accounts, name="accounts")
    router.add_post("/accounts", account_pages.create, name="accounts")
    router.add_post("/accounts/{id}/reset", account_pages.reset_password, name="reset")
    router.add_post("/accounts/{id}/role", account_pages.change_role, name="role")
    router.add_post("/accounts/{id}/post", account_pages.change_post, name="post")
    router.add_post("/accounts/{id}/lock", account_pages.lock, name="lock")
    router.add_post("/accounts/{id}/unlock", account_pages.unlock, name="unlock")

    router.add_static("/static", STATIC, name="static")


def _add_appeal_routes(router: web.UrlDispatcher) -> None:
    router.add_get("/appeals", registry_pages.show_registry, name="appeals")
    router.add_get("/appeals.csv", registry_pages.export, name="appeals_export")
    router.add_post("/appeals/assign", registry_pages.assign, name="appeals_assign")
    router.add_post("/appeals/search", registry_pages.search, name="appeals_search")
    router.add_get("/appeals/{id}", appeals.show_appeal, name="appeal")
    router.add_post("/appeals/{id}/{action}", appeals.act, name="act")
    router.add_get("/appeals/{id}/signature", appeals.signature, name="appeal_signature")
    of_one, pictured = file_routes.of_appeal, file_routes.pictured_in_appeal
    _add_file_routes(router, "/appeals/{id}", "appeal", of_one, pictured)


def _add_file_routes(
    router: web.UrlDispatcher, owner: str, name: str, of_one: file_routes.Find, pictured: file_routes.Find
) -> None:
    path = f"{owner}/files/{{file}}"
    router.add_get(path, file_routes.download(of_one), name=f"{name}_file")
    router.add_get(f"{path}/shown", file_routes.show(of_one), name=f"{name}_file_shown")
    router.add_get(f"{path}/thumbnail", file_routes.thumbnail(pictured), name=f"{name}_thumbnail")


def _add_consent_routes(router: web.UrlDispatcher) -> None:
    router.add_get("/consents", consents.show_consents, name="consents")
    router.add_post("/consents/search", consents.search, name="consents_search")
    router.add_post("/consents/withdrawals", consents.take, name="withdrawals")
    router.add_post("/consents/withdrawals/{id}", consents.answer, name="withdrawal")


async def _go_home(request: web.Request) -> web.Response:
    visit = request.get(VISIT)
    return see_other(home_of(visit.operator if visit else None))
