"""Sends citizens' files so that a browser only saves them: what they hold is not ours to trust."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.app.records import StoredFile


def attachment(file: StoredFile, content: bytes) -> web.Response:
    """The bytes, to be saved under the citizen's name for them (RFC 6266)."""
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in "._- ") else "_" for char in file.name
    )
    return web.Response(
        body=content,
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
