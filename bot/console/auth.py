"""Who is asking, and whether the request is really theirs: session cookie, CSRF token, Origin, forced password change."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.console import permissions, unsent
from bot.console.errors import ForeignOrigin, FormExpired, NotSignedIn, PasswordDue
from bot.console.pages import locale_of, wants_json
from bot.console.parts import TYPED, VISIT, ConsoleOptions, Form, Visit, console_of
from bot.console.permissions import PUBLIC, WITH_FIRST_PASSWORD

SESSION_COOKIE = "komekshi"
BROWSER_COOKIE = "komekshi-browser"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UNSPECIFIED = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to
"""Addresses to listen on, which no browser names."""
SAFE = frozenset({"GET", "HEAD"})
FORM_LIMIT = 256 * 1024
"""Bytes of a form: the longest answer to a citizen in percent-encoded Cyrillic, with room to spare."""
FILES_LIMIT = 10 * 1024 * 1024
"""Bytes of a form with the files of an answer."""


def takes_secure_cookies(url: str) -> bool:
    """Whether browsers keep a Secure cookie of this address: over https, and on the machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.hostname or "") in LOOPBACK


@dataclass(frozen=True, slots=True)
class Cookies:
    """The console's cookies. With `secure` their names bind them to this very host (`__Host-`)."""

    secure: bool

    def name(self, cookie: str) -> str:
        """The name on the wire."""
        return f"__Host-{cookie}" if self.secure else cookie

    def read(self, request: web.Request, cookie: str) -> str:
        """The value, empty when there is none."""
        return request.cookies.get(self.name(cookie), "")

    def put(self, response: web.StreamResponse, cookie: str, value: str, max_age: int | None = None) -> None:
        """Keep a value in the browser, out of reach of scripts and other sites."""
        response.set_cookie(
            self.name(cookie),
            value,
            max_age=max_age,
            path="/",
            httponly=True,
            secure=self.secure,
            samesite="Strict",
        )

    def drop(self, response: web.StreamResponse, cookie: str) -> None:
        """Forget a value."""
        response.del_cookie(self.name(cookie), path="/", httponly=True, secure=self.secure, samesite="Strict")


def cookies_of(request: web.Request) -> Cookies:
    """The cookies as this console keeps them."""
    return Cookies(console_of(request).options.secure_cookies)


async def visit_of(request: web.Request, token: str) -> Visit | None:
    """Who visits with that session; None when it is over."""
    found = await console_of(request).accounts.session(token) if token else None
    if found is None:
        return None
    operator, session = found
    return Visit(locale_of(request), session.csrf, operator, session, token)


def begin_session(request: web.Request, response: web.StreamResponse, visit: Visit | None) -> None:
    """Put a new session into the browser, for as long as it is one."""
    if visit is not None and visit.session is not None:
        life = visit.session.expires_at - console_of(request).lookups.clock.now()
        cookies_of(request).put(response, SESSION_COOKIE, visit.token, int(life.total_seconds()))


@web.middleware
async def recognise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who is asking; a browser nobody is signed in at gets a token of its own for the forms."""
    cookies = cookies_of(request)
    if visit := await visit_of(request, cookies.read(request, SESSION_COOKIE)):
        request[VISIT] = visit
        return await handler(request)
    browser = cookies.read(request, BROWSER_COOKIE)
    request[VISIT] = Visit(locale_of(request), browser or secrets.token_urlsafe(24))
    response = await handler(request)
    if not browser and not response.prepared:
        cookies.put(response, BROWSER_COOKIE, request[VISIT].csrf)
    return response


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody in whom the route is not for, and no request that another site made."""
    visit, route = request[VISIT], request.match_info.route.name
    if request.method not in SAFE:
        check_origin(request)
    if visit.operator is None and route not in PUBLIC:
        if request.method in SAFE or route not in permissions.WITH_WORDS or wants_json(request):
            raise NotSignedIn
        _check_size(request, route)
        return unsent.ask_to_sign_in(request, await _form_of(request))
    if visit.operator is not None and visit.operator.must_change and route not in WITH_FIRST_PASSWORD:
        raise PasswordDue
    if visit.operator is not None and request.match_info.http_exception is None:
        permissions.check(visit.operator, route)
    if request.method not in SAFE:
        _check_size(request, route)
        try:
            await _check_token(request, visit)
        except FormExpired:
            late = unsent.Unsent(request.path_qs, request.get(TYPED, {}))
            if visit.operator is None or wants_json(request) or not late.belongs_to(visit.operator.id):
                raise
            return unsent.give_back(request, late)
    return await handler(request)


def check_origin(request: web.Request) -> None:
    """Raises ForeignOrigin unless a page of ours made the request."""
    origin = request.headers.get("Origin", "")
    if origin not in _own_origins(request):
        raise ForeignOrigin


def _own_origins(request: web.Request) -> set[str]:
    public = urlsplit(console_of(request).options.public_url)
    if public.hostname and public.hostname not in LOOPBACK | UNSPECIFIED:
        return {f"{public.scheme}://{public.netloc}"}
    if public.hostname in LOOPBACK and request.url.host not in LOOPBACK:
        return set()  # a foreign name that was made to point at this machine
    # Without a public address, or on the machine itself, the page and the request name the same host.
    return {f"{scheme}://{request.host}" for scheme in ("http", "https")}


def _check_size(request: web.Request, route: str | None) -> None:
    # The channels' own limit, made for files, is too much for forms, and aiohttp knows one for the whole server.
    size = request.content_length
    limit = FILES_LIMIT if route in permissions.WITH_FILES else FORM_LIMIT
    if size is None or size > limit:
        raise web.HTTPRequestEntityTooLarge(limit, size or 0)


async def _check_token(request: web.Request, visit: Visit) -> None:
    request[TYPED] = form = await _form_of(request)
    told = request.headers.get("X-CSRF-Token") or "".join(form.get("csrf", ()))
    if not secrets.compare_digest(told.encode(), visit.csrf.encode()):
        raise FormExpired


async def _form_of(request: web.Request) -> Form:
    """What was filled in, files apart. Raises FormExpired for what no page of ours sends."""
    try:
        form = await request.post()
    except ValueError as error:
        raise FormExpired from error
    typed = {name: [value for value in form.getall(name) if isinstance(value, str)] for name in form}
    # No browser sends that character, and PostgreSQL takes no text with it.
    if any("\0" in value for values in typed.values() for value in values):
        raise FormExpired
    return typed


def source_of(request: web.Request, options: ConsoleOptions) -> str:
    """The address a request comes from: the last one in the chain that is no proxy of ours."""
    told = ",".join(request.headers.getall("X-Forwarded-For", ()))
    chain = [part.strip() for part in told.split(",") if part.strip()]
    source = request.remote or ""
    while chain and _is_trusted(source, options.trusted_proxies):
        source = chain.pop()
    return source


def _is_trusted(address: str, networks: Sequence[str]) -> bool:
    try:
        return any(ip_address(address) in ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer: no foreign code, no framing, no sniffing, nothing left in caches."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy(console_of(request).options))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    if request.match_info.route.name == "static" and response.status < 400:
        headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if request.query_string else "no-cache"
        )
    else:
        headers.setdefault("Cache-Control", "no-store")


def _policy(options: ConsoleOptions) -> str:
    # Safari before 15.4 does not count a WebSocket of the same host as 'self'.
    public = urlsplit(options.public_url)
    live = f" wss://{public.netloc}" if public.scheme == "https" else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'{live}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
