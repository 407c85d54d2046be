"""Photos without their hidden data: place, camera and author go, every pixel and the way up stay."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.app.errors import FileRefused

PIXELS_MOST = 50_000_000
"""A photo of more unpacks to hundreds of megabytes; telephones make at most as many by default."""
THUMBNAIL_SIDE = 320
# Checked here, before anything is unpacked; Pillow by itself would only warn.
Image.MAX_IMAGE_PIXELS = None

_ORIENTATION = 0x0112
_SHORT = 3
_JPEG_END, _JPEG_SCAN, _JPEG_EXIF = 0xD9, 0xDA, 0xE1
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD cICP".split())
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04


def clean(content: bytes, media_type: str) -> tuple[bytes, bytes]:
    """(the picture without its hidden data, a small JPEG of it). Raises FileRefused: `broken`, `huge`."""
    name, strip = _KINDS[media_type]
    try:
        stripped = strip(content)
        return stripped, _thumbnail(stripped, name)
    # Pillow's decoders raise all of these for damaged files.
    except (UnidentifiedImageError, OSError, ValueError, IndexError, SyntaxError, struct.error) as error:
        raise FileRefused("broken") from error


def _thumbnail(content: bytes, name: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=(name,)) as image:
        if image.width * image.height > PIXELS_MOST:
            raise FileRefused("huge")
        # JPEG is unpacked at an eighth of its size at best; the other kinds ignore this.
        image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        small = upright.convert("RGBA")
    paper = Image.new("RGBA", small.size, "white")
    paper.alpha_composite(small)
    out = io.BytesIO()
    paper.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def _turned(exif: bytes) -> bytes:
    """The smallest Exif block that says which side is up, if the given one does; empty when it is up already."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2], "")
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for number in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, start + 2 + 12 * number)
            if (tag, kind) == (_ORIENTATION, _SHORT) and value in range(2, 9):
                return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, _SHORT, 1, value, 0, 0)
    except struct.error:
        pass
    return b""


# --- one function a kind of file: copies what is the picture, leaves the rest out ----------------


def _jpeg(content: bytes) -> bytes:
    """What follows the end of the picture goes too: a film with the place in it, another picture, a page."""
    out = bytearray(content[:2])
    for marker, segment in _segments(content):
        if marker == _JPEG_EXIF and segment[4:10] == b"Exif\0\0":
            exif = _turned(segment[10:])
            if exif:
                out += b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + segment[4:10] + exif
        elif not _is_hidden(marker, segment[4:]):
            out += segment
    return bytes(out + b"\xff\xd9")


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, segment) up to the end of the picture; a scan comes with its data."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker where one belongs")
        while content[at + 1] == 0xFF:
            at += 1
        marker = content[at + 1]
        if marker == _JPEG_END:
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == _JPEG_SCAN:
            following = _NEXT_MARKER.search(content, end)
            if following is None:
                raise ValueError("the picture has no end")
            end = following.start()
        if end <= at + 3 or end >= len(content):
            raise ValueError("a segment ends beyond the file")
        yield marker, content[at:end]
        at = end


def _is_hidden(marker: int, body: bytes) -> bool:
    """Application data and comments, but for what the colours depend on."""
    if marker == 0xFE:
        return True
    if not 0xE0 <= marker <= 0xEF:
        return False
    return not (
        (marker == 0xE0 and body.startswith(b"JFIF\0"))
        or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"))
        or (marker == 0xEE and body.startswith(b"Adobe"))
    )


def _png(content: bytes) -> bytes:
    out, at = bytearray(_PNG_SIGNATURE), len(_PNG_SIGNATURE)
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise ValueError("a chunk ends beyond the file")
        if name == b"eXIf" and (exif := _turned(content[at + 8 : end - 4])):
            out += _png_chunk(b"eXIf", exif)
        elif name in _PNG_KEPT:
            out += content[at:end]
        if name == b"IEND":
            return bytes(out)
        at = end


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _webp(content: bytes) -> bytes:
    chunks = list(riff_chunks(content))
    exif = next(
        (_turned(chunk[8:].removeprefix(b"Exif\0\0")) for name, chunk in chunks if name == b"EXIF"), b""
    )
    out = bytearray()
    for name, chunk in chunks:
        if name == b"VP8X":
            flags = chunk[8] & ~_WEBP_HAS_XMP & ~_WEBP_HAS_EXIF | (_WEBP_HAS_EXIF if exif else 0)
            out += chunk[:8] + bytes([flags]) + chunk[9:]
        elif name in _WEBP_KEPT:
            out += chunk
    if exif:
        out += b"EXIF" + struct.pack("<I", len(exif)) + exif
    return riff(b"WEBP", bytes(out))


def riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, whole chunk with its padding) of a RIFF file. Raises ValueError for one cut short."""
    (size,) = struct.unpack_from("<I", content, 4)
    last, at = min(8 + size, len(content)), 12
    if 8 + size > len(content) + 1:
        raise ValueError("the file is shorter than it says")
    while at + 8 <= last:
        (length,) = struct.unpack_from("<I", content, at + 4)
        end = at + 8 + length
        if end > last:
            raise ValueError("a chunk ends beyond the file")
        yield content[at : at + 4], content[at:end] + b"\0" * (length % 2)
        at = end + length % 2


def riff(form: bytes, chunks: bytes) -> bytes:
    """A RIFF file of these chunks."""
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + form + chunks


_KINDS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "image/jpeg": ("JPEG", _jpeg),
    "image/png": ("PNG", _png),
    "image/webp": ("WEBP", _webp),
}
