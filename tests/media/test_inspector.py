"""Files as they come from telephones, offices and enemies: recognised, cleaned, or refused for a reason."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, ImageOps

from bot.app.errors import FileRefused
from bot.app.records import Examined
from bot.media import ContentInspector, documents, images

INSPECTOR = ContentInspector()
GPS = b"GPS-IS-HERE-51.1605N"


def examined(content: bytes) -> Examined:
    return INSPECTOR.examine(content)


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        INSPECTOR.examine(content)
    return refused.value.reason


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 32), orientation: int = 1, **options: Any
) -> bytes:
    """Left half red, right half blue, with a place, a camera and an owner in its hidden data."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286], exif[0x013B] = orientation, "CAMERA", "", "OWNER"
    exif.get_ifd(0x8825)[29] = GPS.decode()
    out = io.BytesIO()
    image.save(out, kind, exif=exif.tobytes(), **{"quality": 90, **options} if kind != "PNG" else options)
    return out.getvalue()


def pixels(content: bytes) -> list[Any]:
    with Image.open(io.BytesIO(content)) as image:
        return list(ImageOps.exif_transpose(image.convert("RGB") if image.mode != "RGB" else image).tobytes())


def zipped(parts: dict[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, **options)
    return out.getvalue()


DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "docProps/core.xml": b"<c/>"}


# --- pictures --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_hidden_data_goes_the_picture_and_the_way_up_stay(kind: str, orientation: int) -> None:
    original = picture(kind, orientation=orientation)
    assert GPS in original
    found = examined(original)
    assert found.media_type == f"image/{kind.lower()}"
    assert not any(told in found.content for told in (GPS, b"CAMERA", b"OWNER"))
    assert pixels(found.content) == pixels(original)
    with Image.open(io.BytesIO(found.content)) as image:
        assert image.getexif().get(0x0112, 1) == orientation
        assert not image.getexif().get_ifd(0x8825)


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"comment": b"OWNER"}, {"icc_profile": b"i" * 200}]
)
def test_every_kind_of_jpeg_is_copied_bit_by_bit(options: dict[str, Any]) -> None:
    original = picture(**options)
    found = examined(original)
    assert pixels(found.content) == pixels(original)
    assert b"OWNER" not in found.content
    assert (b"ICC_PROFILE" in found.content) == ("icc_profile" in options)
    assert examined(found.content).content == found.content


def test_what_is_hidden_behind_the_picture_is_cut_off() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        behind = b"<script>alert(1)</script>" + GPS
        assert behind not in examined(picture(kind) + behind).content


def test_text_in_a_png_goes() -> None:
    content = picture("PNG")
    text = b"Author\0OWNER"
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    assert b"OWNER" not in examined(content[:33] + chunk + content[33:]).content


def test_thumbnails_are_small_upright_and_the_same_every_time() -> None:
    original = picture(size=(1600, 800), orientation=6)
    small = examined(original).thumbnail
    assert small is not None
    assert small == examined(original).thumbnail
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (160, 320)
        assert not image.getexif()
        assert image.getpixel((80, 40))[0] > 200  # type: ignore[index] - red, which was left, is up


def test_a_transparent_picture_gets_white_paper() -> None:
    out = io.BytesIO()
    Image.new("LA", (10, 10), (0, 0)).save(out, "PNG")
    small = examined(out.getvalue()).thumbnail
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_refused(kind: str) -> None:
    whole = picture(kind, size=(300, 300), **({"lossless": True} if kind == "WEBP" else {}))
    for cut in (20, len(whole) // 2):
        assert refusal(whole[:cut]) == "broken"


def test_a_picture_of_huge_size_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("unpacked"))
    assert refusal(out.getvalue()) == "huge"


def test_apples_own_pictures_get_a_word_of_their_own() -> None:
    assert refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == "heic"


# --- documents -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "ending"),
    [
        (DOCX, ".docx"),
        ({"[Content_Types].xml": b"", "xl/workbook.xml": b"<w/>"}, ".xlsx"),
        ({"[Content_Types].xml": b"", "ppt/presentation.xml": b"<w/>"}, ".pptx"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"}, ".odt"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, ".ods"),
    ],
)
def test_office_documents_are_taken_as_they_are(parts: dict[str, bytes], ending: str) -> None:
    content = zipped(parts)
    found = examined(content)
    assert (found.ending, found.content) == (ending, content)


def test_a_pdf_is_taken_whole_and_refused_cut() -> None:
    whole = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
    assert examined(whole).content == whole
    assert refusal(whole[:-8]) == "broken"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped({**DOCX, "word/vbaProject.bin": b"x"}), "active"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/m.xml": b""}), "active"),
        (zipped({"a.jpg": b"x"}), "archive"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"{\\rtf1 words}", "old_office"),
        (b"MZ\x90\x00\x03", "type"),
        (b"\x7fELF\x02\x01\x01\x00", "type"),
        (b"GIF89a\x01\x00\x01\x00", "type"),
    ],
)
def test_what_is_dangerous_or_cannot_be_read_is_refused_with_its_reason(content: bytes, why: str) -> None:
    assert refusal(content) == why


def test_zip_bombs_are_refused_whatever_they_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "UNPACKED_MOST", 10 * 1024 * 1024)
    bomb = zipped({**DOCX, "word/media/image1.jpg": bytes(10 * 1024 * 1024)})
    assert len(bomb) < 64 * 1024
    monkeypatch.setattr(documents, "_unpack_once", lambda *_: pytest.fail("unpacked"))
    assert refusal(bomb) == "huge"
    assert refusal(zipped({f"{number}": b"" for number in range(documents.PARTS_MOST + 1)})) == "huge"


@pytest.mark.parametrize(
    "parts",
    [
        {**DOCX, "word/media/image1.bmp": bytes(12 * 1024 * 1024)},
        {**DOCX, "xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"<c/>" * 3_000_000},
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": bytes(12 * 1024 * 1024)},
    ],
)
def test_an_office_document_that_unpacks_to_hundreds_of_times_its_size_is_refused(
    parts: dict[str, bytes],
) -> None:
    assert refusal(zipped(parts)) == "huge"


def test_what_is_unpacked_is_counted_not_what_the_directory_promises() -> None:
    packed = io.BytesIO(zipped({**DOCX, "word/a": bytes(3_000_000)}))
    with zipfile.ZipFile(packed) as archive:
        documents._unpack_once(archive, archive.infolist(), 3_000_100)
        with pytest.raises(FileRefused, match="huge"):
            documents._unpack_once(archive, archive.infolist(), 2_000_000)


def test_a_large_honest_table_is_taken() -> None:
    rows = "".join(f"<row><c>{number * 7919 % 1000003}</c></row>" for number in range(600_000)).encode()
    sheet = zipped({"[Content_Types].xml": b"<t/>", "xl/workbook.xml": b"<w/>", "xl/worksheets/s.xml": rows})
    assert len(rows) > documents.RATIO_FREE
    assert examined(sheet).ending == ".xlsx"


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(zipped({**DOCX, "word/a": bytes(100_000)}))
    honest = struct.pack("<I", 100_000)
    while (at := content.find(honest)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    assert refusal(bytes(content)) == "broken"


# --- text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_words_are_taken_in_the_encodings_people_have(encoding: str) -> None:
    words = "Прошу отремонтировать дорогу\r\nтел. 87010000000"
    assert examined(words.encode(encoding)).ending == ".txt"


@pytest.mark.parametrize(
    "page",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "  <!DOCTYPE html><p>",
        "\ufeff<?xml version='1.0'?><svg/>",
        "Өтініш <script src=x></script>",
        "< HTML >",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_pages_and_drawings_with_programs_are_refused(page: str, encoding: str) -> None:
    assert refusal(page.encode(encoding)) == "active"


def test_a_text_may_compare_numbers() -> None:
    assert examined("температура < 15, ал жылу <жоқ>".encode()).ending == ".txt"


# --- sound and film --------------------------------------------------------------------------


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def film(handler: bytes = b"vide", brand: bytes = b"isom") -> bytes:
    place = box(b"udta", box(b"\xa9xyz", GPS))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))
    moov = box(b"moov", box(b"mvhd", bytes(100)) + track + place + box(b"meta", GPS))
    return box(b"ftyp", brand + bytes(4) + brand) + moov + box(b"mdat", b"frames" * 10)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (film(), "video/mp4"),
        (film(brand=b"qt  "), "video/quicktime"),
        (film(brand=b"3gp4"), "video/3gpp"),
        (film(b"soun", b"M4A "), "audio/mp4"),
    ],
)
def test_films_lose_the_place_and_keep_their_shape(content: bytes, media_type: str) -> None:
    found = examined(content)
    assert found.media_type == media_type
    assert GPS in content
    assert GPS not in found.content
    assert len(found.content) == len(content)
    assert found.content.endswith(b"frames" * 10)


def test_films_that_do_not_fit_together_are_refused() -> None:
    assert refusal(film()[:-5]) == "broken"
    assert refusal(box(b"ftyp", b"isom" + bytes(8)) + box(b"mdat", b"x")) == "broken"
    deep = b""
    for _ in range(500):
        deep = box(b"moov", deep)
    assert refusal(box(b"ftyp", b"isom" + bytes(8)) + deep) == "broken"


def ogg(codec: bytes) -> bytes:
    return b"OggS\0\x02" + bytes(20) + b"\x01\x13" + codec + bytes(50)


def frames(count: int) -> bytes:
    return (b"\xff\xfb\x90\x00" + bytes(413)) * count


def test_voice_notes_and_recordings_are_taken_without_their_tags() -> None:
    assert examined(ogg(b"OpusHead")).media_type == "audio/ogg"
    assert refusal(ogg(b"\x80theora")) == "type"
    tag = b"ID3\x04\0\0\0\0\0\x14" + GPS
    found = examined(tag + frames(3) + b"TAG" + bytes(125))
    assert (found.media_type, found.content) == ("audio/mpeg", frames(3))
    assert refusal(tag + b"\xff\xfb\x90\x00 no second frame") == "type"
    sound = images.riff(
        b"WAVE", b"".join(struct.pack("<4sI", name, 4) + b"abcd" for name in (b"fmt ", b"data"))
    )
    told = images.riff(b"WAVE", sound[12:] + struct.pack("<4sI", b"LIST", 4) + b"tell")
    assert examined(told).content == sound
    assert refusal(told[:-6]) == "broken"


def test_nothing_breaks_whatever_is_cut_or_turned() -> None:
    """Any damage ends in a file or in a reason, never in another error."""
    originals = [picture(kind) for kind in ("JPEG", "PNG", "WEBP")] + [film(), zipped(DOCX), ogg(b"OpusHead")]
    for original in originals:
        step = max(1, len(original) // 40)
        for at in range(0, len(original), step):
            for damaged in (original[:at], original[:at] + b"\xff" + original[at + 1 :]):
                with suppress(FileRefused):
                    INSPECTOR.examine(damaged)
