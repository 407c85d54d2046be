"""Files are found by their content, whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.errors import NotFound
from bot.storage import DiskFiles

CONTENT = "сурет".encode() * 1000
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    """A store in a folder that is not there yet."""
    return DiskFiles(tmp_path / "files")


async def test_bytes_come_back_by_their_hash(files: DiskFiles) -> None:
    assert await files.put(CONTENT) == HASH
    assert await files.put(CONTENT) == HASH
    assert await files.get(HASH) == CONTENT
    empty = await files.put(b"")
    assert await files.get(empty) == b""


async def test_what_is_still_arriving_leaves_nothing_behind(files: DiskFiles, tmp_path: Path) -> None:
    with files.spool() as arriving:
        arriving.write(CONTENT)
        arriving.seek(0)
        assert arriving.read() == CONTENT
        assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


async def test_deleted_bytes_are_gone_and_may_come_again(files: DiskFiles) -> None:
    await files.put(CONTENT)
    await files.delete(HASH)
    await files.delete(HASH)
    with pytest.raises(NotFound):
        await files.get(HASH)
    await files.put(CONTENT)
    assert await files.get(HASH) == CONTENT


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ABCD", HASH.upper(), HASH + "\n", "incoming"])
async def test_what_is_no_hash_is_not_found(files: DiskFiles, name: str) -> None:
    await files.put(CONTENT)
    with pytest.raises(NotFound):
        await files.get(name)
    await files.delete(name)
    assert await files.get(HASH) == CONTENT


async def test_what_was_put_is_unsettled_until_it_is_settled_or_deleted(files: DiskFiles) -> None:
    assert await files.unsettled(timedelta()) == []
    await files.put(CONTENT)
    assert await files.unsettled(timedelta()) == [HASH]
    assert await files.unsettled(timedelta(hours=1)) == []
    for _ in range(2):
        await files.settle(HASH)
        assert await files.unsettled(timedelta()) == []
    await files.put(CONTENT)
    assert await files.unsettled(timedelta()) == [HASH]
    await files.delete(HASH)
    assert await files.unsettled(timedelta()) == []


async def test_a_stray_is_what_nobody_has_settled_or_put_again(files: DiskFiles, tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    assert not await files.delete_stray(HASH, hour)
    await files.put(CONTENT)
    assert not await files.delete_stray(HASH, hour)
    grown_old(tmp_path)
    assert await files.delete_stray(HASH, hour)
    with pytest.raises(NotFound):
        await files.get(HASH)
    assert await files.unsettled(timedelta()) == []
    await files.put(CONTENT)
    await files.settle(HASH)
    assert not await files.delete_stray(HASH, timedelta())
    assert await files.get(HASH) == CONTENT


async def test_what_is_put_while_it_is_deleted_as_a_stray_is_there(files: DiskFiles, tmp_path: Path) -> None:
    for _ in range(40):
        await files.put(CONTENT)
        grown_old(tmp_path)
        await asyncio.gather(files.delete_stray(HASH, timedelta(hours=1)), files.put(CONTENT))
        assert await files.get(HASH) == CONTENT
        assert await files.unsettled(timedelta()) == [HASH]


def grown_old(tmp_path: Path) -> None:
    os.utime(tmp_path / "files" / "new" / HASH, (0, 0))


async def test_the_same_content_may_be_put_at_once(files: DiskFiles, tmp_path: Path) -> None:
    assert set(await asyncio.gather(*(files.put(CONTENT) for _ in range(16)))) == {HASH}
    assert await files.get(HASH) == CONTENT
    assert list((tmp_path / "files" / "incoming").iterdir()) == []


async def test_others_on_the_machine_cannot_read(files: DiskFiles, tmp_path: Path) -> None:
    await files.put(CONTENT)
    for path in (tmp_path / "files").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


async def test_what_a_crash_left_half_written_is_swept(files: DiskFiles, tmp_path: Path) -> None:
    await files.put(CONTENT)
    incoming = tmp_path / "files" / "incoming"
    old, fresh = incoming / "old", incoming / "fresh"
    for part in (old, fresh):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    await files.put(b"another")
    assert not old.exists()
    assert fresh.exists()
