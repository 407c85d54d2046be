"""A citizen's or an official's file as the console gives it: to be saved, to be looked at, small. Each look is audited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.app.errors import NotFound
from bot.app.records import Document, StoredFile
from bot.console.parts import console_of, operator_of
from bot.file_answers import saved, shown

Find = Callable[[web.Request], Awaitable[StoredFile]]
"""The file a request names, if this operator may have it."""
Handler = Callable[[web.Request], Awaitable[web.Response]]


async def of_conversation(request: web.Request) -> StoredFile:
    """A file of the conversation in the address."""
    named = request.match_info
    return await console_of(request).lookups.file(operator_of(request), named["id"], named["file"])


async def of_appeal(request: web.Request) -> StoredFile:
    """A file of the appeal in the address, or of the answer to it."""
    console, operator, wanted = console_of(request), operator_of(request), request.match_info["file"]
    dossier = await console.desk.open(operator, request.match_info["id"])
    if not dossier.personal or wanted not in {file.id for file in (*dossier.files, *dossier.answer_files)}:
        raise NotFound(wanted)
    return await console.lookups.file(operator, dossier.appeal.conversation_id, wanted)


async def pictured_in_conversation(request: web.Request) -> StoredFile:
    """A file whose small picture the dialogue shows."""
    named = request.match_info
    return await console_of(request).lookups.thumbnail(operator_of(request), named["id"], named["file"])


async def pictured_in_appeal(request: web.Request) -> StoredFile:
    """A file whose small picture the appeal's page shows."""
    named = request.match_info
    return await console_of(request).desk.thumbnail(operator_of(request), named["id"], named["file"])


def download(find: Find) -> Handler:
    """Gives the file to be saved."""

    async def download(request: web.Request) -> web.Response:
        file = await find(request)
        content = await console_of(request).files.get(file.sha256)
        return saved(Document(file.name, file.media_type, content))

    return download


def show(find: Find) -> Handler:
    """Gives a picture, sound or film to be looked at in the page."""

    async def show(request: web.Request) -> web.Response:
        file = await find(request)
        return shown(await console_of(request).files.get(file.sha256), file.media_type)

    return show


def thumbnail(find: Find) -> Handler:
    """Gives the small picture of a picture."""

    async def thumbnail(request: web.Request) -> web.Response:
        file = await find(request)
        return shown(await console_of(request).files.get(file.thumbnail or ""), "image/jpeg")

    return thumbnail
