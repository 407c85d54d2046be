"""Keeps citizens' files in a folder, each under the hash of its content, and each whole or not at all."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from bot.app.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{64}")
_ABANDONED_SECONDS = 3600


class DiskFiles:
    """`<folder>/ab/abcd…`; several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._new = folder / "new"

    @contextmanager
    def spool(self) -> Iterator[BinaryIO]:
        """Room on the store's disk for a file that is still arriving; gone at the end, whatever happens."""
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(dir=self._incoming)  # noqa: SIM115 - closing has to be forgiven
        try:
            yield file
        finally:
            # What a full disk did not take, closing would try once more.
            with suppress(OSError):
                file.close()

    async def put(self, content: bytes) -> str:
        """Keep the bytes; gives the SHA-256 in hex. Repeatable."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises NotFound."""
        try:
            return await asyncio.to_thread(self._path(sha256).read_bytes)
        except FileNotFoundError:
            raise NotFound(sha256) from None

    async def delete(self, sha256: str) -> None:
        """Forget the bytes; nothing happens if they are not there."""
        with suppress(NotFound):
            await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)
            await self.settle(sha256)

    async def unsettled(self, age: timedelta) -> Sequence[str]:
        """The hashes put last at least so long ago and not settled since."""
        return await asyncio.to_thread(self._unsettled, time.time() - age.total_seconds())

    async def delete_stray(self, sha256: str, age: timedelta) -> bool:
        """Forget the bytes unless they have been settled or put again since then; gives whether they were there to forget."""
        return await asyncio.to_thread(self._delete_stray, sha256, time.time() - age.total_seconds())

    async def settle(self, sha256: str) -> None:
        """Some file is known to have these bytes. Repeatable."""
        await asyncio.to_thread((self._new / sha256).unlink, missing_ok=True)

    def _unsettled(self, before: float) -> Sequence[str]:
        found = []
        for mark in self._new.iterdir() if self._new.exists() else ():
            with suppress(FileNotFoundError):  # settled by another process
                if mark.stat().st_mtime <= before:
                    found.append(mark.name)
        return found

    def _delete_stray(self, sha256: str, before: float) -> bool:
        mark = self._new / sha256
        with suppress(FileNotFoundError, NotFound), self._marking():
            path = self._path(sha256)
            if mark.stat().st_mtime <= before:
                path.unlink(missing_ok=True)
                mark.unlink()
                return True
        return False

    @contextmanager
    def _marking(self) -> Iterator[int]:
        """One at a time, of all processes: whoever marks bytes knows whether they are there to stay."""
        handle = os.open(self._new, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise NotFound("no SHA-256")
        return self._folder / sha256[:2] / sha256

    def _put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        for folder in (self._folder, self._incoming, self._new, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Marked before they are there: whoever puts them may die before any file is noted to have them.
        with self._marking() as marks:
            (self._new / sha256).touch(mode=0o600)
            there = path.exists()
            os.fsync(marks)
        if there:
            return sha256
        self._sweep()
        handle, name = tempfile.mkstemp(dir=self._incoming)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return sha256

    def _sweep(self) -> None:
        """What a crash left half-written is a citizen's data too."""
        for part in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                    part.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
