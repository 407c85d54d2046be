"""Citizens' files from the wire to the disk and out again: measured, cleaned, counted, erased."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from appeals.appeal import Attachment
from bot.app.records import Examined
from bot.app.uploads import EXAMINED_AT_ONCE
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, FileSent
from tests.app.crashes import Killed, Killer, killing
from tests.factories import NOON, FakeClock


def jpeg(shade: int = 0) -> bytes:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x013B] = "OWNER"
    Image.new("L", (400, 300), shade).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def opened(product: Product) -> str:
    return (await product.conversations.open("web", "kk")).conversation_id


async def accept(
    product: Product, conversation: str, name: str, *parts: bytes
) -> tuple[Attachment | None, str]:
    return await product.conversations.accept_file(conversation, name, chunks(*parts))


def on_disk(product: Product) -> list[Path]:
    """All bytes of files; the marks of new ones are empty."""
    found = (product.settings.data_dir / "files").rglob("*")
    return [path for path in found if path.is_file() and path.stat().st_size]


async def test_a_file_is_kept_clean_under_the_citizens_name_with_a_thumbnail(product: Product) -> None:
    conversation = await opened(product)
    attachment, refused = await accept(product, conversation, "../үй.сурет.exe", jpeg()[:100], jpeg()[100:])
    assert attachment is not None
    assert (attachment.name, attachment.media_type, refused) == (".. үй.сурет.jpg", "image/jpeg", "")
    async with product.storage.read() as work:
        (file,) = await work.files.of_conversation(conversation)
    assert b"OWNER" not in await product.files.get(file.sha256)
    assert file.thumbnail
    assert len(await product.files.get(file.thumbnail)) < 5000


async def test_reading_stops_at_the_first_byte_too_many(product: Product) -> None:
    """Of 200 megabytes hardly more than the limit is read, and nothing of it stays."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(200):
            read += 1024 * 1024
            yield bytes(1024 * 1024)

    conversation = await opened(product)
    assert await product.conversations.accept_file(conversation, "a.mp4", endless()) == (None, "size")
    assert read == product.rules.attachment_bytes + 1024 * 1024
    assert not on_disk(product)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"MZ\x90\0", "type"), (b"<svg><script>", "active"), (jpeg()[:200], "broken")],
)
async def test_what_cannot_be_taken_leaves_nothing_behind(product: Product, content: bytes, why: str) -> None:
    assert await accept(product, await opened(product), "a.jpg", content) == (None, why)
    assert not on_disk(product)


async def test_the_same_file_is_kept_once_and_a_day_has_its_limit(product: Product, clock: FakeClock) -> None:
    conversation = await opened(product)
    first, _ = await accept(product, conversation, "a.jpg", jpeg())
    again, _ = await accept(product, conversation, "b.jpg", jpeg())
    assert again == first
    for number in range(1, product.rules.files_a_day):
        assert (await accept(product, conversation, "a.txt", f"{number}-сурет".encode()))[1] == ""
    assert await accept(product, conversation, "a.txt", b"one more") == (None, "day")
    clock.pass_time(timedelta(days=1))
    assert (await accept(product, conversation, "a.txt", b"one more"))[1] == ""


async def test_a_full_disk_is_told_and_loses_nothing_else(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    conversation = await opened(product)
    monkeypatch.setattr(product.files, "put", full)
    assert await accept(product, conversation, "a.jpg", jpeg()) == (None, "unavailable")
    async with product.storage.read() as work:
        assert not await work.files.of_conversation(conversation)


async def test_wherever_the_process_dies_no_bytes_stay_that_belong_to_no_file(product: Product) -> None:
    kept = set[str]()
    for at in count():
        killer, conversation = Killer(at), await opened(product)
        with killing(killer), suppress(Killed):
            await accept(product, conversation, "a.jpg", jpeg(at))
        before = {path.name for path in on_disk(product)}
        assert await product.sweeps.forget_strays() == 0
        assert {path.name for path in on_disk(product)} == before, "it may still be noted"
        for sha256 in await product.files.unsettled(timedelta()):
            os.utime(product.settings.data_dir / "files" / "new" / sha256, (0, 0))
        await product.sweeps.forget_strays()
        async with product.storage.read() as work:
            noted = await work.files.of_conversation(conversation)
        kept |= {sha256 for file in noted for sha256 in (file.sha256, file.thumbnail) if sha256}
        assert {path.name for path in on_disk(product)} == kept, killer.where
        assert not await product.files.unsettled(timedelta())
        if not killer.dead:
            return


async def test_what_is_being_sent_again_is_no_stray(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, unsettled = jpeg(), product.files.unsettled
    sha256 = await product.files.put(content)
    os.utime(product.settings.data_dir / "files" / "new" / sha256, (0, 0))

    async def put_meanwhile(age: timedelta) -> Sequence[str]:
        found = await unsettled(age)
        await product.files.put(content)
        return found

    monkeypatch.setattr(product.files, "unsettled", put_meanwhile)
    assert await product.sweeps.forget_strays() == 0
    assert await product.files.get(sha256) == content


async def test_a_connection_that_breaks_is_the_channels_matter(product: Product) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield jpeg()[:50]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await product.conversations.accept_file(await opened(product), "a.jpg", broken())
    assert not on_disk(product)


async def test_erasing_takes_pictures_and_thumbnails_along(product: Product) -> None:
    conversation = await opened(product)
    await accept(product, conversation, "a.jpg", jpeg())
    assert len(on_disk(product)) == 2
    for button in ("data.erase", "data.erase_now"):
        await product.conversations.exchange(conversation, ButtonPressed(new_id(), NOON, button), "d")
    assert not on_disk(product)


async def test_an_album_is_answered_once(product: Product) -> None:
    conversation = await opened(product)
    before = len(await product.conversations.messages(conversation))
    for number in range(3):
        attachment, refused = await accept(product, conversation, f"{number}.jpg", jpeg(number))
        event = FileSent(f"e{number}", NOON, attachment, refused, album="a1")
        await product.conversations.receive(conversation, event, "d")
    await product.conversations.process(conversation)
    said = (await product.conversations.messages(conversation))[before:]
    assert [line.author.value for line in said].count("citizen") == 3
    assert [line.text for line in said if "3" in line.text and line.author.value == "bot"]
    assert len([line for line in said if line.author.value == "bot"]) == 2


class CountingInspector:
    """Takes its time, and remembers how many files it had at once."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.lock = threading.Lock()
        self.both = threading.Barrier(EXAMINED_AT_ONCE)

    def examine(self, content: bytes) -> Examined:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.both.wait(10)
        with self.lock:
            self.now -= 1
        return Examined("text/plain", ".txt", content)


async def test_few_files_are_in_memory_at_a_time(product: Product) -> None:
    inspector, conversation = CountingInspector(), await opened(product)
    uploads = replace(product.conversations.uploads, inspector=inspector)
    await asyncio.gather(*(uploads.accept(conversation, "a", chunks(b"%d" % n)) for n in range(6)))
    assert inspector.most == EXAMINED_AT_ONCE
