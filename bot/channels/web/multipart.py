"""Forms with files, read part by part while they arrive: nothing is held in memory whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, MultipartReader

FIELD_BYTES = 16 * 1024
"""Of a field that holds text: the longest message in UTF-8."""


class Parts(MultipartReader):
    """The body begins with its boundary: a preamble, read line by line, would cost as many steps as it has lines."""

    async def _read_until_first_boundary(self) -> None:
        if (await self._readline()).rstrip() != self._boundary:
            raise ValueError("the body does not begin with its boundary")


async def chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    """The part as it arrives. Raises ValueError for one that is cut short."""
    while chunk := await part.read_chunk():
        yield chunk
    if not part.at_eof():
        raise ValueError("the part has no end")


async def field(part: BodyPartReader) -> str:
    """The part's text. Raises ValueError for one that is too long or no UTF-8."""
    raw = bytearray()
    async for chunk in chunks(part):
        raw += chunk
        if len(raw) > FIELD_BYTES:
            raise ValueError("a field is too long")
    return raw.decode()
