"""Recordings without their hidden data: telephones write the place into every film."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bot.app.errors import FileRefused
from bot.media.images import riff, riff_chunks

_BOX_HEADS = frozenset((b"moov", b"trak", b"mdia"))
"""Boxes that hold boxes worth looking into."""
_DEPTH_MOST = 8
_BOX_TELLS = frozenset((b"udta", b"meta", b"uuid"))
_WAVE_KEPT = frozenset((b"fmt ", b"data", b"fact"))
_MP3_KILOBITS = (
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_MP3_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def mp4(content: bytes) -> bytes:
    """ISO media (MP4, M4A, MOV, 3GP): telling boxes become free space of zeros, so that no offset moves."""
    clean, names = bytearray(content), set()
    for name, start, end in _boxes(content, 0, len(content)):
        names.add(name)
        if name in _BOX_TELLS:
            clean[start + 4 : start + 8] = b"free"
            clean[start + 8 : end] = bytes(end - start - 8)
    if b"moov" not in names:
        raise FileRefused("broken")
    return bytes(clean)


def has_picture(content: bytes) -> bool:
    """Whether an ISO media file has a track of moving pictures. Raises FileRefused: `broken`."""
    return any(
        name == b"hdlr" and content[start + 16 : start + 20] == b"vide"
        for name, start, _ in _boxes(content, 0, len(content))
    )


def _boxes(content: bytes, at: int, last: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of each box, outer ones first. Raises FileRefused: `broken` when they do not fit."""
    while at < last:
        if at + 8 > last or depth > _DEPTH_MOST:
            raise FileRefused("broken")
        size, name = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and at + 16 <= last:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        end = last if size == 0 else at + size
        if not at + head <= end <= last:
            raise FileRefused("broken")
        yield name, at, end
        if name in _BOX_HEADS:
            yield from _boxes(content, at + head, end, depth + 1)
        at = end


def mp3(content: bytes) -> bytes | None:
    """The frames without their tags; None when these are no MP3 frames."""
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3" and start + 10 <= end:
        size = 0
        for byte in content[start + 6 : start + 10]:
            size = size << 7 | byte & 0x7F
        start += 10 + size + (10 if content[start + 5] & 0x10 else 0)
    if content[-128:-125] == b"TAG":
        end -= 128
    first = _mp3_frame(content[start : start + 4])
    if not first or not _mp3_frame(content[start + first : start + first + 4]):
        return None
    return content[start:end]


def _mp3_frame(head: bytes) -> int:
    """The length of the Layer III frame that begins like this; 0 for none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _MP3_HERTZ or not 0 < rate < 15 or hertz == 3:
        return 0
    kilobits = _MP3_KILOBITS[0 if version == 3 else 1][rate - 1]
    samples = 144_000 if version == 3 else 72_000
    return samples * kilobits // _MP3_HERTZ[version][hertz] + (head[2] >> 1 & 1)


def wave(content: bytes) -> bytes:
    """The sound alone. Raises FileRefused: `broken`."""
    try:
        kept = [chunk for name, chunk in riff_chunks(content) if name in _WAVE_KEPT]
    except (ValueError, struct.error) as error:
        raise FileRefused("broken") from error
    if len(kept) < 2:
        raise FileRefused("broken")
    return riff(b"WAVE", b"".join(kept))
