"""Sends files so that a browser only saves or only shows them: what citizens' files hold is not ours to trust."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.app.records import Document

SHOWN = ("image/", "audio/", "video/")
"""Kinds that may be shown in a page: recognised by their content, and nothing in them runs."""


def saved(document: Document) -> web.Response:
    """The bytes, to be saved under their name (RFC 6266)."""
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in document.name
    )
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(document.name, safe='')}"
    return _answer(document.content, "application/octet-stream", f"attachment; {names}")


def shown(content: bytes, media_type: str) -> web.Response:
    """The bytes as a picture, sound or film of a page; every other kind is only saved."""
    if not media_type.startswith(SHOWN):
        return saved(Document("file", media_type, content))
    return _answer(content, media_type, "inline")


def _answer(content: bytes, media_type: str, disposition: str) -> web.Response:
    return web.Response(
        body=content,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": disposition,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
