"""A copy of all that is kept of a citizen, for the citizen: one ZIP with export.json, the files and the signatures."""

from __future__ import annotations

import asyncio
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from appeals.appeal import to_json
from bot.app.errors import NotFound
from bot.app.ports import Clock, FileStore, Storage, UnitOfWork
from bot.app.records import Author, Conversation, Signature, StoredFile

FORMAT = "komekshi-export"
VERSION = 1
IN_MEMORY = 4 * 1024 * 1024
ALL = 100_000


@dataclass(frozen=True, slots=True)
class Export:
    """Makes the copy. Operators' internal notes are not in it; every other category of docs/data-retention.md is."""

    storage: Storage
    files: FileStore
    clock: Clock

    async def make(self, conversation_id: str) -> IO[bytes]:
        """A ZIP, read from its beginning; the caller closes it. Raises NotFound."""
        async with self.storage.read() as work:
            conversation = await work.conversations.find(conversation_id)
            if conversation is None:
                raise NotFound(conversation_id)
            files = await work.files.of_conversation(conversation_id)
            signatures = await work.signatures.of_conversation(conversation_id)
            content = await self._content(work, conversation, files)
        target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("export.json", json.dumps(content, ensure_ascii=False, indent=1, default=str))
            for file in files:
                try:
                    content_of_file = await self.files.get(file.sha256)
                except NotFound:
                    continue
                await asyncio.to_thread(archive.writestr, _path(file), content_of_file)
            for signature in signatures:
                for name, part in proof(signature).items():
                    archive.writestr(f"signatures/{signature.id}/{name}", part)
        target.seek(0)
        return target

    async def _content(
        self, work: UnitOfWork, conversation: Conversation, files: Sequence[StoredFile]
    ) -> dict[str, Any]:
        identity, state = conversation.id, conversation.state
        forms = [form for form in (state.form, *state.paused) if form is not None]
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_at": self.clock.now(),
            "conversation": {
                "channel": conversation.address.channel,
                "language": state.locale,
                "began_at": conversation.created_at,
                "contact": conversation.contact,
                "consent": state.consent,
                "may_learn": state.learning,
            },
            "messages": [
                {"seq": one.seq, "author": one.author.value, "at": one.at, "text": one.text}
                for one in await work.messages.after(identity, 0, ALL)
                if one.author is not Author.NOTE
            ],
            "reasons": [
                {
                    "at": one.at,
                    "outcome": one.outcome,
                    "route": one.route,
                    "understood_as": one.label,
                    "confidence": one.confidence,
                    "words": one.words,
                }
                for one in await work.decisions.of_conversation(identity, ALL)
            ],
            "drafts": [to_json(draft) for form in forms for draft in (form.draft, *form.also)],
            "appeals": await _appeals(work, identity),
            "files": [
                {
                    "path": _path(one),
                    "name": one.name,
                    "type": one.media_type,
                    "size": one.size,
                    "sha256": one.sha256,
                }
                for one in files
            ],
            "consents": [
                {
                    "at": one.at,
                    "given": one.given,
                    "version": one.version,
                    "language": one.locale,
                    "channel": one.channel,
                    "text": one.text,
                    "sha256": one.digest,
                }
                for one in await work.consents.of_conversation(identity)
            ],
            "withdrawals": [
                {"at": one.asked_at, "due": one.due, "state": one.state.value, "reason": one.reason}
                for one in await work.withdrawals.of_conversation(identity)
            ],
            "follows": [
                {"topic": one.matter.topic, "place": one.matter.place, "since": one.since}
                for one in await work.follows.of_conversation(identity)
            ],
            "wordings": [
                {"text": one.text, "day": one.day, "state": one.state.value}
                for one in await work.samples.of_conversation(identity)
            ],
        }


async def _appeals(work: UnitOfWork, conversation_id: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for appeal in await work.appeals.of_conversation(conversation_id, ALL):
        signature = await work.signatures.of_appeal(appeal.id)
        found.append(
            {
                "reference": appeal.reference,
                "number": appeal.number,
                "status": appeal.status.value,
                "body": appeal.body_name,
                "filed_at": appeal.created_at,
                "due": appeal.due,
                "answer": appeal.answer,
                "signature": signature.id if signature else None,
                "content": to_json(appeal.draft),
                "history": [
                    {"at": step.at, "action": step.action, "status": step.status.value, "note": step.note}
                    for step in await work.appeals.steps(appeal.id)
                ],
            }
        )
    return found


def proof(signature: Signature) -> Mapping[str, bytes]:
    """What proves a signature, as files: the text, the CMS over its bytes, the verifier's answer."""
    verification = json.dumps(signature.verification, ensure_ascii=False, indent=1)
    return {
        "appeal.txt": signature.text.encode(),
        "appeal.txt.cms": signature.cms,
        "verification.json": verification.encode(),
    }


def _path(file: StoredFile) -> str:
    """A name in the archive that is nobody's path."""
    return f"files/{file.id}{PurePath(file.name).suffix[:10]}"
