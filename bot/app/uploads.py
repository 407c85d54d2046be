"""Citizens' files on their way in: measured while they arrive, told by their content, never by their name."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import BinaryIO

import structlog

from appeals.appeal import Attachment
from bot.app.errors import FileRefused, NoRoom, NotFound
from bot.app.ports import Clock, FileInspector, FileStore, Storage
from bot.app.records import Examined, StoredFile
from dialogs.rules import Rules
from text.cleaning import clean

log = structlog.get_logger()

NAME_LIMIT = 100
A_DAY = timedelta(days=1)
EXAMINED_AT_ONCE = 2
"""Files held in memory at a time; the others wait on disk."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Accepts, keeps and gives back files."""

    storage: Storage
    files: FileStore
    inspector: FileInspector
    clock: Clock
    rules: Rules
    new_id: Callable[[], str]
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EXAMINED_AT_ONCE))

    async def accept(
        self, conversation_id: str, name: str, chunks: AsyncIterable[bytes]
    ) -> tuple[Attachment | None, str]:
        """(attachment, "") once the file is kept; (None, why) with a reason of FileRefused.

        Reading stops at the first byte too many. Raises what `chunks` raises, and NotFound.
        """
        try:
            with ExitStack() as stack:
                with _disk():
                    arriving = stack.enter_context(self.files.spool())
                await self._receive(chunks, arriving)
                async with self.turns:
                    return await self._keep(conversation_id, name, arriving), ""
        except FileRefused as refused:
            log.info("file.refused", conversation=conversation_id, reason=refused.reason)
            return None, refused.reason

    async def _receive(self, chunks: AsyncIterable[bytes], arriving: BinaryIO) -> None:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > self.rules.attachment_bytes:
                raise FileRefused("size")
            with _disk():
                arriving.write(chunk)
        if not size:
            raise FileRefused("empty")
        with _disk():
            arriving.seek(0)

    async def _keep(self, conversation_id: str, name: str, arriving: BinaryIO) -> Attachment:
        found, sha256 = await asyncio.to_thread(self._examine, arriving)
        async with self.storage.read() as work:
            kept = await work.files.of_conversation(conversation_id)
        if same := next((file for file in kept if file.sha256 == sha256), None):
            return attachment_of(same)
        if sum(self.clock.now() - file.at < A_DAY for file in kept) >= self.rules.files_a_day:
            raise FileRefused("day")
        with _disk():
            thumbnail = await self._put(found, sha256)
        file = StoredFile(
            self.new_id(),
            conversation_id,
            _name(name, found.ending),
            found.media_type,
            len(found.content),
            sha256,
            self.clock.now(),
            thumbnail,
        )
        try:
            await self._note(file)
        except NoRoom as error:
            await self._take_back(*filter(None, (sha256, thumbnail)))
            raise FileRefused("unavailable") from error
        return attachment_of(file)

    async def _put(self, found: Examined, sha256: str) -> str | None:
        """Keep the file and its small picture, if it has one: both, or neither."""
        await self.files.put(found.content)
        try:
            return await self.files.put(found.thumbnail) if found.thumbnail else None
        except OSError:
            await self._take_back(sha256)
            raise

    async def _note(self, file: StoredFile) -> None:
        async with self.storage.write() as work:
            if await work.conversations.find(file.conversation_id) is None:
                raise NotFound(file.conversation_id)
            await work.files.add(file)
            await work.commit()

    async def _take_back(self, *hashes: str) -> None:
        """Forget bytes that no file was noted for; another conversation's may be the same."""
        async with self.storage.read() as work:
            unheld = [sha256 for sha256 in hashes if not await work.files.is_held(sha256)]
        for sha256 in unheld:
            await self.files.delete(sha256)

    def _examine(self, arriving: BinaryIO) -> tuple[Examined, str]:
        found = self.inspector.examine(arriving.read())
        return found, hashlib.sha256(found.content).hexdigest()


@contextmanager
def _disk() -> Iterator[None]:
    """A full disk is no reason to lose the conversation: the citizen is asked to try again later."""
    try:
        yield
    except OSError as error:
        log.exception("file.not_kept", error=type(error).__name__)
        raise FileRefused("unavailable") from error


def _name(told: str, ending: str) -> str:
    """The citizen's name for it, with the ending of what it is."""
    stem = PurePosixPath(clean(told.replace("/", " ").replace("\\", " "), NAME_LIMIT)).stem
    return f"{stem or 'file'}{ending}"


def attachment_of(file: StoredFile) -> Attachment:
    """The file as an appeal or a message names it."""
    return Attachment(file.id, file.name, file.media_type, file.size, file.sha256)
