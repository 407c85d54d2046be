"""The allow list: what is not recognised by its content is refused, whatever it is called."""

from __future__ import annotations

from bot.app.errors import FileRefused
from bot.app.records import Examined
from bot.media import documents, images, sound

_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_OLD_OFFICE, _LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")
_APPLE_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"))
_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
_OGG_HEAD = 28


class ContentInspector:
    """Recognises, checks and cleans one file at a time; takes up to a second or two of one core."""

    def examine(self, content: bytes) -> Examined:
        """The file as it may be kept. Raises FileRefused."""
        for signature, media_type, ending in _PICTURES:
            if content.startswith(signature):
                return _picture(content, media_type, ending)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _picture(content, "image/webp", ".webp")
        if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
            return Examined("audio/wav", ".wav", sound.wave(content))
        if content[4:8] == b"ftyp":
            return _iso_media(content)
        if content[:4] == b"OggS" and content[_OGG_HEAD : _OGG_HEAD + 8].startswith(_OGG_CODECS):
            return Examined("audio/ogg", ".ogg", content)
        if content.startswith(b"%PDF-"):
            documents.check_pdf(content)
            return Examined("application/pdf", ".pdf", content)
        if content.startswith(b"PK\x03\x04"):
            return Examined(*documents.package(content), content)
        if frames := sound.mp3(content):
            return Examined("audio/mpeg", ".mp3", frames)
        return _text(content)


def _picture(content: bytes, media_type: str, ending: str) -> Examined:
    cleaned, small = images.clean(content, media_type)
    return Examined(media_type, ending, cleaned, small)


def _iso_media(content: bytes) -> Examined:
    brand = content[8:12]
    if brand in _APPLE_BRANDS:
        raise FileRefused("heic")
    cleaned = sound.mp4(content)
    if not sound.has_picture(content):
        return Examined("audio/mp4", ".m4a", cleaned)
    if brand == b"qt  ":
        return Examined("video/quicktime", ".mov", cleaned)
    if brand.startswith(b"3g"):
        return Examined("video/3gpp", ".3gp", cleaned)
    return Examined("video/mp4", ".mp4", cleaned)


def _text(content: bytes) -> Examined:
    if content.startswith(_ARCHIVES):
        raise FileRefused("archive")
    if content.startswith(_OLD_OFFICE):
        raise FileRefused("locked" if _LOCKED in content else "old_office")
    if content.startswith(b"{\\rtf"):
        raise FileRefused("old_office")
    if not documents.is_text(content):
        raise FileRefused("type")
    return Examined("text/plain", ".txt", content)
