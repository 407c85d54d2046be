"""A draft goes on in another conversation: one transaction takes it out there and puts it in here, with its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from appeals.appeal import Attachment
from bot.app.done import Done
from bot.app.moves import CITIZEN
from bot.app.ports import RateLimiter, Renderer, UnitOfWork
from bot.app.records import AuditRow, Author, Conversation, Message, OneTimePage, code_of
from dialogs.effects import PageKind
from dialogs.events import DraftLeft, DraftNotTaken, DraftTaken, Event, NotTaken
from dialogs.messages import Msg, msg
from dialogs.model import Form, Wish
from dialogs.replies import say
from dialogs.rules import Rules

CARRIED = "carried"
"""Who recorded a consent that came along with a draft."""
ASSISTANT = "Көмекші"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Carrying:
    """The handler of TakeDraft. Versions of both conversations and the page's single use make that it happens once."""

    limiter: RateLimiter
    renderer: Renderer
    rules: Rules
    new_id: Callable[[], str]

    async def take(self, work: UnitOfWork, here: Conversation, link: str, event: Event) -> Done:
        """Move the draft the link was made for, or tell why not."""
        wait = await self.limiter.hit(f"carry:{here.id}", limit=self.rules.pages_per_minute, window=_MINUTE)
        if wait is not None:
            return _not_taken(here, event, NotTaken.OFTEN)
        page = await work.pages.find(link)
        if page is None or page.kind is not PageKind.CARRY:
            return _not_taken(here, event, NotTaken.GONE)
        if here.state.form_of(page.id):
            return _not_taken(here, event, NotTaken.HERE)
        if page.used_at is not None:
            return _not_taken(here, event, NotTaken.USED)
        there = await work.conversations.find(page.conversation_id)
        form = there.state.form_of(page.id) if there else None
        if there is None or form is None or page.expires_at <= event.at:
            return _not_taken(here, event, NotTaken.GONE)
        if not await work.pages.use(page.id, event.at):
            return _not_taken(here, event, NotTaken.USED)
        return await self._moved(work, there, here, form, page, event)

    async def _moved(
        self,
        work: UnitOfWork,
        there: Conversation,
        here: Conversation,
        form: Form,
        page: OneTimePage,
        event: Event,
    ) -> Done:
        taken = DraftTaken(
            f"{event.id}:taken",
            event.at,
            await self._with_files(work, form, here),
            there.id,
            page.locale,
            there.state.consent,
            there.state.abroad,
        )
        left = DraftLeft(f"{event.id}:left", event.at, page.id, here.address.channel)
        await work.audit.add(AuditRow(event.at, CITIZEN, "draft.carried", there.id, here.id))
        there = await self._noted(work, there, msg("carry.note_to", code=code_of(here.id)), left)
        here = await self._noted(work, here, msg("carry.note_from", code=code_of(there.id)), taken)
        return Done(here, taken, (there, left))

    async def _with_files(self, work: UnitOfWork, form: Form, here: Conversation) -> Form:
        """The form with files of this conversation's own: what is erased there stays here. A signature made there does not."""
        held = {file.sha256: file for file in await work.files.of_conversation(here.id)}
        attachments: list[Attachment] = []
        for attachment in form.draft.attachments:
            file = held.get(attachment.sha256)
            if file is None and (original := await work.files.find(attachment.id)):
                file = replace(original, id=self.new_id(), conversation_id=here.id)
                await work.files.add(file)
            if file is not None:
                attachments.append(replace(attachment, id=file.id))
        return replace(form, draft=replace(form.draft, attachments=tuple(attachments)), wish=Wish())

    async def _noted(
        self, work: UnitOfWork, conversation: Conversation, text: Msg, event: Event
    ) -> Conversation:
        """With a line for operators only, that tells where the rest of the story is."""
        locale, seq = conversation.state.speaks, conversation.last_seq + 1
        words = self.renderer.render(say(text), locale).text
        note = Message(conversation.id, seq, Author.NOTE, words, event.at, locale, event.id, name=ASSISTANT)
        await work.messages.add([note])
        return replace(conversation, last_seq=seq)


def _not_taken(here: Conversation, event: Event, why: NotTaken) -> Done:
    return Done(here, DraftNotTaken(f"{event.id}:not_taken", event.at, why))
