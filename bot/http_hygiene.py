"""What no honest client sends is refused before anything looks at it: broken headers, compressed bodies, odd charsets."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_FORM = "application/x-www-form-urlencoded"
_UPLOAD = re.compile(r"/api/v1/conversations/[^/]+/files")
_FORM_WITH_FILES = re.compile(r"/status/add|/console/appeals/[^/]+/[^/]+")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def refuse_malformed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """400 for headers and addresses that are none, 411 and 415 for bodies whose size or text nobody can tell beforehand."""
    fault = _fault(request)
    if fault is None:
        return await handler(request)
    status, title = fault
    body = json.dumps({"type": "about:blank", "title": title, "status": status})
    headers = {"X-Content-Type-Options": "nosniff", hdrs.CACHE_CONTROL: "no-store", hdrs.CONNECTION: "close"}
    return web.Response(status=status, text=body, content_type="application/problem+json", headers=headers)


def _fault(request: web.Request) -> tuple[int, str] | None:
    headers = request.headers
    if not all(value.isascii() for value in headers.values()) or not _HOST.fullmatch(
        headers.get(hdrs.HOST, "")
    ):
        return 400, "a header is malformed"
    try:
        for name in (hdrs.ORIGIN, hdrs.REFERER):
            urlsplit(headers.get(name, ""))
        port = urlsplit(f"//{headers[hdrs.HOST]}").port
        charset = request.charset
    except (ValueError, LookupError):
        return 400, "a header is malformed"
    if port == 0:
        return 400, "a header is malformed"
    if "\0" in request.path or "\0" in request.query_string:
        return 400, "the address is malformed"  # PostgreSQL keeps and compares no text with it
    if headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        return 415, "compressed bodies are not read"
    if (charset or "utf-8").lower() not in ("utf-8", "utf8"):
        return 415, "only UTF-8 is read"
    with_files = _FORM_WITH_FILES.fullmatch(request.path) is not None
    multipart = request.content_type.startswith("multipart/")
    if multipart and not (with_files or _UPLOAD.fullmatch(request.path)):
        return 415, "multipart is read for files only"
    form = request.content_type == _FORM or (multipart and with_files)
    if form and request.method == hdrs.METH_POST and request.content_length is None:
        return 411, "the length of a form is needed"
    return None
