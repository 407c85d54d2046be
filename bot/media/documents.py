"""Documents: taken as they are, for a signature inside must stay valid, or not at all."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from bot.app.errors import FileRefused

PARTS_MOST = 5000
UNPACKED_MOST = 100 * 1024 * 1024
"""Bytes of a document unpacked: somebody's office program has to hold all of them."""
RATIO_MOST = 100
"""Times as much as it takes packed; a large table comes to thirty."""
RATIO_FREE = 10 * 1024 * 1024
"""Bytes that nobody's program minds, whatever the ratio."""
_CHUNK = 1024 * 1024
_PDF_TAIL = 2048
_MACROS = re.compile(r"vbaProject\.bin$|^Basic/|^Scripts/", re.IGNORECASE)
_OFFICE = (
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".pptx",
    ),
)
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_MARKUP = re.compile(r"<\s*(?:!doctype|\?xml|html|head|body|svg|script|iframe)\b", re.IGNORECASE)
_MARKUP_LOOKED_AT = 64 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def check_pdf(content: bytes) -> None:
    """Raises FileRefused: `broken` for one that was cut short."""
    if b"%%EOF" not in content[-_PDF_TAIL:]:
        raise FileRefused("broken")


def package(content: bytes) -> tuple[str, str]:
    """(media type, ending) of an office document in a ZIP. Raises FileRefused for every other and for dangerous ones."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            most = min(UNPACKED_MOST, max(RATIO_FREE, RATIO_MOST * len(content)))
            if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > most:
                raise FileRefused("huge")
            kind = _office_kind(archive)
            if any(part.flag_bits & 1 for part in parts):
                raise FileRefused("locked")
            if any(_MACROS.search(part.filename) for part in parts):
                raise FileRefused("active")
            _unpack_once(archive, parts, most)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused("broken") from error
    return kind


def _office_kind(archive: zipfile.ZipFile) -> tuple[str, str]:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        for part, media_type, ending in _OFFICE:
            if part in names:
                return media_type, ending
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        media_type = archive.read("mimetype").decode("ascii", "replace").strip()
        if media_type in _OPEN_DOCUMENT:
            return media_type, _OPEN_DOCUMENT[media_type]
    raise FileRefused("archive")


def _unpack_once(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], most: int) -> None:
    """Checksums hold, nothing unpacks to more than it says, and all of it to no more than `most` bytes.

    What the directory says is not enough: parts may share their bytes.
    """
    unpacked = 0
    for part in parts:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("broken")
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > most:
                    raise FileRefused("huge")


def is_text(content: bytes) -> bool:
    """Whether these are words and nothing else. Raises FileRefused: `active` for a page or a drawing with a program."""
    text = _decoded(content)
    if text is None or _CONTROLS.search(text) or text.startswith("{\\rtf"):
        return False
    if _MARKUP.search(text[:_MARKUP_LOOKED_AT]):
        raise FileRefused("active")
    return True


def _decoded(content: bytes) -> str | None:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
