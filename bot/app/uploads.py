"""Citizens' files: what they are is told by their first bytes, never by their name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from appeals.appeal import Attachment
from bot.app.errors import NotFound
from bot.app.ports import Clock, FileStore, Storage
from bot.app.records import StoredFile
from dialogs.rules import Rules
from text.cleaning import clean

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"%PDF-", "application/pdf", ".pdf"),
)
NAME_LIMIT = 100
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Accepts, keeps and gives back files."""

    storage: Storage
    files: FileStore
    clock: Clock
    rules: Rules
    new_id: Callable[[], str]

    async def accept(self, conversation_id: str, name: str, content: bytes) -> tuple[Attachment | None, str]:
        """(attachment, "") once the file is kept; (None, why) with why `empty`, `size`, `type` or `count`."""
        if not content:
            return None, "empty"
        if len(content) > self.rules.attachment_bytes:
            return None, "size"
        kind = sniff(content)
        if kind is None:
            return None, "type"
        sha256 = hashlib.sha256(content).hexdigest()
        async with self.storage.read() as work:
            kept = await work.files.of_conversation(conversation_id)
        if same := next((file for file in kept if file.sha256 == sha256), None):
            return Attachment(same.id, same.name, same.media_type, same.size, sha256), ""
        if sum(self.clock.now() - file.at < A_DAY for file in kept) >= self.rules.files_a_day:
            return None, "count"
        media_type, ending = kind
        await self.files.put(content)
        stem = clean(name.replace("/", " ").replace("\\", " "), NAME_LIMIT).rpartition(".")[0] or "file"
        file = StoredFile(
            self.new_id(),
            conversation_id,
            f"{stem}{ending}",
            media_type,
            len(content),
            sha256,
            self.clock.now(),
        )
        async with self.storage.write() as work:
            if await work.conversations.find(conversation_id) is None:
                raise NotFound(conversation_id)
            await work.files.add(file)
            await work.commit()
        return Attachment(file.id, file.name, media_type, file.size, sha256), ""

    async def fetch(self, file_id: str) -> tuple[StoredFile, bytes]:
        """A kept file with its bytes. Raises NotFound."""
        async with self.storage.read() as work:
            file = await work.files.find(file_id)
        if file is None:
            raise NotFound(file_id)
        return file, await self.files.get(file.sha256)


def sniff(content: bytes) -> tuple[str, str] | None:
    """(media type, ending) of a file that is taken; None for every other."""
    for signature, media_type, ending in _SIGNATURES:
        if content.startswith(signature):
            return media_type, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    return None
