"""The addresses of the web channel: interface under /api/v1, widget, public pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.app.errors import AppError, InvalidInput, NotFound
from bot.app.one_time_pages import OneTimePages
from bot.app.ports import Clock, EventBus, RateLimiter, Renderer
from bot.channels.web import openapi, problems, protocol, security, ws
from bot.channels.web.assets import Assets
from bot.channels.web.intake import Intake
from bot.channels.web.multipart import Parts, chunks, field
from bot.channels.web.one_time import OneTime
from bot.channels.web.options import Documents, WebConversations, WebOptions, WebStatus
from bot.channels.web.pages import Handler, Pages
from bot.channels.web.problems import Refused
from bot.channels.web.status import StatusPages
from bot.file_answers import saved
from bot.live import OpenSockets, open_sockets
from text.cleaning import clean

log = structlog.get_logger()

API = "/api/v1"

_UPLOAD_OVERHEAD = 64 * 1024
_FILE_NAME = 120
_PAGE = 200
_ID = 64


def setup(
    app: web.Application,
    *,
    conversations: WebConversations,
    bus: EventBus,
    limiter: RateLimiter,
    clock: Clock,
    options: WebOptions,
    status: WebStatus,
    renderer: Renderer,
    documents: Documents,
    one_time_pages: OneTimePages,
) -> None:
    """Add the web channel to `app`. /health and /ready are not ours."""
    intake = Intake(conversations, limiter, clock, options.rules)
    channel = _Api(intake, bus, open_sockets(app), options, documents)
    _add(app, channel, f"{API}/conversations", {"POST": channel.open})
    _add(app, channel, f"{API}/conversations/{{id}}/messages", {"GET": channel.messages, "POST": channel.say})
    _add(app, channel, f"{API}/conversations/{{id}}/files", {"POST": channel.upload})
    _add(app, channel, f"{API}/conversations/{{id}}/files/{{file}}", {"GET": channel.download})
    _add(app, channel, f"{API}/openapi.json", {"GET": channel.describe})
    _add(app, channel, f"{API}/ws", {"GET": channel.live})
    app.router.add_route("*", "/api/{tail:.*}", channel.guarded(channel.nowhere))
    assets = Assets.load()
    pages = Pages.load(options, assets)
    app.router.add_get("/widget.js", assets.loader)
    app.router.add_get("/widget/{version}/{name}", assets.file)
    app.router.add_get("/site/{version}/{name}", assets.file)
    app.router.add_get("/favicon.svg", assets.icon)
    app.router.add_get("/widget/", pages.widget)
    app.router.add_get("/", pages.front)
    app.router.add_get("/terms", pages.terms)
    status_pages = StatusPages(pages, status, renderer)
    one_time = OneTime(pages, one_time_pages, limiter)
    forms: Sequence[tuple[str, str, Handler]] = (
        ("GET", "/status", status_pages.show),
        ("POST", "/status", status_pages.look_up),
        ("GET", "/status/{tail:add|receipt|rate|file}", status_pages.back),
        ("POST", "/status/add", status_pages.add),
        ("POST", "/status/receipt", status_pages.receipt),
        ("POST", "/status/file", status_pages.file),
        ("POST", "/status/rate", status_pages.rate),
        ("GET", "/page", one_time.show),
        ("POST", "/page", one_time.take),
        ("GET", "/page/done", one_time.done),
    )
    for method, path, handler in forms:
        add = app.router.add_get if method == "GET" else app.router.add_post
        add(path, pages.guarded(handler))


def _add(app: web.Application, channel: _Api, path: str, handlers: Mapping[str, Handler]) -> None:
    allow = ", ".join((*handlers, "OPTIONS"))

    async def other(request: web.Request) -> web.StreamResponse:
        if request.method == hdrs.METH_OPTIONS:
            return web.Response(status=204, headers={hdrs.ALLOW: allow})
        raise Refused("method", headers={hdrs.ALLOW: allow})

    resource = app.router.add_resource(path)
    for method, handler in handlers.items():
        resource.add_route(method, channel.guarded(handler))
    resource.add_route("*", channel.guarded(other))


@dataclass(frozen=True, slots=True)
class _Api:
    """Handlers of the interface; each raises AppError or Refused, `guarded` answers for them."""

    intake: Intake
    bus: EventBus
    sockets: OpenSockets
    options: WebOptions
    documents: Documents

    def guarded(self, handler: Handler) -> Handler:
        """The handler with one error shape, CORS and strict headers."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            response = await self._answer(request, handler)
            if not response.prepared:
                security.cors(request, response, self.options)
                security.harden(request, response, self.options)
                response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
            return response

        return guarded

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        locale = security.locale(request)
        try:
            return await handler(request)
        except (AppError, Refused) as error:
            return problems.response(error, locale)
        except (web.RequestPayloadError, HttpProcessingError, ConnectionResetError):
            return problems.response(Refused("bad_json"), locale)
        except Exception:
            resource = request.match_info.route.resource
            log.exception("web.failed", method=request.method, path=resource.canonical if resource else "")
            return problems.response(Refused("internal"), locale)

    # --- handlers ----------------------------------------------------------------------------

    async def open(self, request: web.Request) -> web.Response:
        locale = protocol.locale_of(await self._json(request))
        await self.intake.count_opening(security.client_ip(request, self.options.trusted_proxies))
        opened = await self.intake.conversations.open("web", locale)
        said = await self.intake.conversations.messages(opened.conversation_id)
        body = {
            "id": opened.conversation_id,
            "token": opened.token,
            "expires_at": opened.expires_at.isoformat(timespec="seconds"),
            "messages": [protocol.message_json(message) for message in said],
        }
        location = f"{self.options.public_url}{API}/conversations/{opened.conversation_id}/messages"
        return _json_response(body, 201, {hdrs.LOCATION: location})

    async def say(self, request: web.Request) -> web.Response:
        conversation_id = await self._authenticated(request)
        replies = await self.intake.exchange(conversation_id, await self._json(request))
        return _json_response({"replies": [protocol.message_json(reply) for reply in replies]})

    async def messages(self, request: web.Request) -> web.Response:
        conversation_id = await self._authenticated(request)
        after = protocol.sequence(request.query.get("after", "0"))
        found = await self.intake.conversations.messages(conversation_id, after, _PAGE)
        more = len(found) == _PAGE
        return _json_response(
            {"messages": [protocol.message_json(message) for message in found], "more": more}
        )

    async def upload(self, request: web.Request) -> web.Response:
        conversation_id = await self._authenticated(request)
        limit = self.options.rules.attachment_bytes
        too_large = Refused("too_large", megabytes=limit // (1024 * 1024))
        if (request.content_length or 0) > limit + _UPLOAD_OVERHEAD:
            raise too_large
        if request.content_type != "multipart/form-data":
            raise Refused("media_type", expected="multipart/form-data")
        await self.intake.count_message(conversation_id)
        try:
            fields, upload = await self._parts(request, conversation_id)
        except ValueError as error:
            raise Refused("bad_upload") from error
        if upload is None:
            raise InvalidInput("file", "one file is expected")
        if upload.refused == "size":
            raise too_large
        caption = protocol.caption(fields.get("caption", ""), self.options.rules.message_limit)
        identity = protocol.event_id(fields.get("id"))
        replies = await self.intake.upload(conversation_id, identity, upload, caption)
        return _json_response({"replies": [protocol.message_json(reply) for reply in replies]})

    async def download(self, request: web.Request) -> web.Response:
        conversation_id = await self._authenticated(request)
        return saved(await self.documents(conversation_id, request.match_info["file"][:_ID]))

    async def describe(self, _request: web.Request) -> web.Response:
        return _json_response(
            openapi.document(self.options), headers={hdrs.CACHE_CONTROL: "public, max-age=300"}
        )

    async def live(self, request: web.Request) -> web.StreamResponse:
        if not security.origin_allowed(request, self.options):
            raise Refused("origin")
        if not web.WebSocketResponse().can_prepare(request):
            raise Refused("media_type", expected="WebSocket", headers={hdrs.UPGRADE: "websocket"})
        return await ws.serve(request, self.intake, self.bus, self.sockets, security.locale(request))

    async def nowhere(self, _request: web.Request) -> web.Response:
        raise Refused("no_page")

    # --- parts -------------------------------------------------------------------------------

    async def _authenticated(self, request: web.Request) -> str:
        conversation_id = protocol.conversation_id(request.match_info["id"])
        if conversation_id is None:
            raise NotFound("no such id")
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip() or not token.isascii():
            raise Refused("no_token", headers={hdrs.WWW_AUTHENTICATE: "Bearer"})
        await self.intake.conversations.authenticate(conversation_id, token.strip())
        return conversation_id

    async def _parts(
        self, request: web.Request, conversation_id: str
    ) -> tuple[dict[str, str], protocol.Upload | None]:
        """The text fields, and what became of the file: it is kept while it arrives. Raises ValueError."""
        fields: dict[str, str] = {}
        upload = None
        async for part in Parts(request.headers, request.content):
            if not isinstance(part, BodyPartReader):
                raise ValueError("nested parts")  # noqa: TRY004 - callers know one error
            if part.name == "file" and upload is None:
                name = clean(part.filename or "", _FILE_NAME) or "file"
                accepted = await self.intake.conversations.accept_file(conversation_id, name, chunks(part))
                upload = protocol.Upload(name, *accepted)
                if upload.refused == "size":
                    break
            elif part.name in ("id", "caption") and part.name not in fields:
                fields[part.name] = await field(part)
            else:
                raise ValueError("unknown or repeated part")
        return fields, upload

    async def _json(self, request: web.Request) -> Mapping[str, Any]:
        # This also keeps other sites' plain forms out: they cannot send this type without a preflight.
        if request.content_type != "application/json":
            raise Refused("media_type", expected="application/json")
        raw = bytearray()
        async for chunk in request.content.iter_chunked(protocol.BODY_BYTES):
            raw += chunk
            if len(raw) > protocol.BODY_BYTES:
                raise Refused("too_large", megabytes=f"{protocol.BODY_BYTES / 1024 / 1024:.2f}")
        try:
            return protocol.read_json(bytes(raw))
        except ValueError as error:
            raise Refused("bad_json") from error


def _json_response(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        text=protocol.to_text(body), status=status, content_type="application/json", headers=headers
    )
