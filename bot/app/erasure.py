"""Forgetting what a citizen said, by category of data. Filed appeals with their files, and consents, stay: the law asks for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.app.ports import FileStore, UnitOfWork
from bot.app.records import Conversation
from dialogs.effects import DataCategory
from dialogs.model import DialogState


async def erase(
    work: UnitOfWork,
    files: FileStore,
    conversation_id: str,
    categories: Collection[DataCategory] = tuple(DataCategory),
) -> int:
    """Erase these categories from storage; gives the number of messages erased. Repeatable.

    What the conversation's own row holds (drafts, contact, texts for the queue) is for the caller to save.
    """
    if DataCategory.FILES in categories:
        appeals = await work.appeals.of_conversation(conversation_id, 1000)
        kept = {
            attachment.id
            for appeal in appeals
            for attachment in (*appeal.draft.attachments, *appeal.answer_files)
        }
        for file in await work.files.of_conversation(conversation_id):
            if file.id not in kept:
                for sha256 in await work.files.delete(file.id):
                    await files.delete(sha256)
    if DataCategory.WORDINGS in categories:
        await work.samples.forget(conversation_id)
    if DataCategory.FOLLOWS in categories:
        for follow in await work.follows.of_conversation(conversation_id):
            await work.follows.end(conversation_id, follow.id)
    if DataCategory.DRAFTS in categories:
        await work.pages.forget(conversation_id)
        await work.signatures.forget(conversation_id)
    if DataCategory.REASONS in categories:
        await work.decisions.erase(conversation_id)
    if DataCategory.MESSAGES not in categories:
        return 0
    await work.inbox.forget(conversation_id)
    return await work.messages.erase(conversation_id)


def forgotten(conversation: Conversation) -> Conversation:
    """The conversation without anything the citizen has said: only its language stays."""
    blank = DialogState(locale=conversation.state.locale, welcomed=True)
    return replace(
        conversation,
        state=blank,
        holder=None,
        queued_at=None,
        urgent=False,
        reason="",
        summary="",
        contact="",
    )
