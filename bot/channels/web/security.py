"""Who may talk to us from where, and what our pages may do: origins, client addresses, response headers."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from bot.channels.web.options import WebOptions
from text.bilingual import Locale

_ALLOWED_HEADERS = "Authorization, Content-Type, Accept-Language"
_PREFLIGHT_SECONDS = "600"
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def client_ip(request: web.Request, trusted: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """The citizen's address: what the last trusted proxy saw. What strangers forward counts for nothing."""
    address = request.remote or ""
    hops = [hop.strip() for line in request.headers.getall("X-Forwarded-For", []) for hop in line.split(",")]
    while hops and _is_trusted(address, trusted):
        address = hops.pop()
    try:
        return str(ip_address(address))
    except ValueError:
        return request.remote or ""


def locale(request: web.Request) -> Locale:
    """The better of our languages for Accept-Language; Kazakh, the state language, when it names neither."""
    best: tuple[float, Locale] = (0.0, "kk")
    for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "")[:500].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        name = tag.strip().lower().split("-")[0]
        if name in ("kk", "ru") and weight > best[0]:
            best = (weight, "kk" if name == "kk" else "ru")
    return best[1]


def origin_allowed(request: web.Request, options: WebOptions) -> bool:
    """Whether a browser's page of that origin may connect. Without Origin it is no browser's page."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None:
        return True
    own = urlsplit(options.public_url)
    return (
        origin in options.allowed_origins
        or origin == f"{own.scheme}://{own.netloc}"
        or urlsplit(origin).netloc == request.host
    )


def cors(request: web.Request, response: web.StreamResponse, options: WebOptions) -> None:
    """Let pages of the allowed origins read the answer."""
    response.headers.add(hdrs.VARY, "Origin")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin not in options.allowed_origins:
        return
    response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
    response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = "Retry-After, Location"
    if request.method == hdrs.METH_OPTIONS:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = _ALLOWED_HEADERS
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = response.headers.get(hdrs.ALLOW, "")
        response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = _PREFLIGHT_SECONDS


def harden(
    request: web.Request,
    response: web.StreamResponse,
    options: WebOptions,
    *,
    framed: bool = False,
    connects: str = "",
) -> None:
    """Strict headers for every answer; `framed` ones may stand in an allowed site's iframe.

    `connects`: one more address that the page's script may talk to.
    """
    ancestors = " ".join(("'self'", *options.allowed_origins)) if framed else "'none'"
    own = urlsplit(options.public_url)
    # Older Safari does not take 'self' for WebSockets.
    sockets = f"{'wss' if own.scheme == 'https' else 'ws'}://{own.netloc}"
    if _HOST.fullmatch(request.host):
        sockets += f" ws{'s' if request.secure else ''}://{request.host}"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"connect-src 'self' {sockets} {connects}; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), payment=()"
    if not framed:
        response.headers["X-Frame-Options"] = "DENY"


def _is_trusted(address: str, trusted: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
