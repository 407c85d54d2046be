"""One-time pages: who may open one, what it asks, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from appeals.appeal import Draft
from appeals.calendar import ALMATY
from appeals.reference import find_reference
from appeals.territory import Territory
from bot.app.conversations import Conversations
from bot.app.errors import PageGone
from bot.app.export import Export
from bot.app.links import Links
from bot.app.ports import Clock, Renderer, Storage
from bot.app.records import OneTimePage
from bot.app.signing import Signing
from dialogs.events import ApplicantGiven
from dialogs.forms import BY_NAME
from dialogs.messages import Msg, msg
from dialogs.model import Form
from dialogs.replies import say
from dialogs.rules import Rules
from dialogs.scenarios import applicant
from text.bilingual import Locale
from text.cleaning import clean

ANSWER_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a page. `name` of the form's step; label, hint and problem (may be empty) in words.

    `optional`: may be left empty.
    """

    name: str
    label: str
    hint: str
    value: str = ""
    problem: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OneTimePages:
    """The use cases behind the pages' addresses. A token opens one page of one conversation, once."""

    storage: Storage
    conversations: Conversations
    signing: Signing
    exports: Export
    links: Links
    renderer: Renderer
    clock: Clock
    rules: Rules
    territory: Territory

    async def find(self, token: str) -> OneTimePage:
        """The page of an address. Raises PageGone."""
        async with self.storage.read() as work:
            page = await work.pages.find(self.links.digest(token))
        if page is None or (page.used_at is None and page.expires_at <= self.clock.now()):
            raise PageGone
        if page.used_at is not None:
            raise PageGone(used=True, kind=page.kind)
        return page

    async def in_telegram(self, page: OneTimePage) -> str:
        """Where in Telegram the draft may go on, too; empty without a bot. Raises PageGone when there is no draft any more."""
        await self._form(page)
        return self.links.in_telegram(page.id)

    async def questions(self, page: OneTimePage) -> Sequence[Field]:
        """What the applicant is asked, empty: an address shows nothing of what is known already. Raises PageGone."""
        form = await self._form(page)
        return [self._field(step.name, page.locale) for step in applicant.questions(form, self.territory)]

    async def give(self, page: OneTimePage, answers: Mapping[str, str]) -> Sequence[Field]:
        """Hand the applicant's answers to the conversation. What comes back is asked again, with what is wrong.

        Raises PageGone, also when the same page was sent from elsewhere at the same time.
        """
        form, now = await self._form(page), self.clock.now()
        asked = {
            step.name: clean(answers.get(step.name, ""), ANSWER_LIMIT)
            for step in applicant.questions(form, self.territory)
        }
        _, problems = applicant.filled(form, asked.items(), now.astimezone(ALMATY).date(), self.rules)
        if problems:
            return [
                self._field(name, page.locale, value, problems.get(name)) for name, value in asked.items()
            ]
        event = ApplicantGiven(f"page:{page.id}", now, page.id, tuple(asked.items()))
        async with self.storage.write() as work:
            if not await work.pages.use(page.id, now):
                raise PageGone(used=True)
            await self.conversations.enqueue(work, page.conversation_id, event, "")
            await work.commit()
        await self.conversations.process(page.conversation_id)
        return []

    async def export(self, page: OneTimePage) -> IO[bytes]:
        """The copy of the citizen's data, as a ZIP to be closed by the caller. Raises PageGone."""
        async with self.storage.write() as work:
            if not await work.pages.use(page.id, self.clock.now()):
                raise PageGone(used=True)
            await work.commit()
        return await self.exports.make(page.conversation_id)

    async def sign(self, page: OneTimePage, cms: bytes) -> None:
        """Take the signature over the page's text. Raises SignatureRefused, PageGone, and what the verifier raises."""
        await self.signing.take(page, await self._draft(page), cms)

    async def signers_iin(self, page: OneTimePage) -> str:
        """Whose key is asked for; empty when the applicant gave no ИИН. Raises PageGone."""
        return (await self._draft(page)).applicant.iin or ""

    async def _draft(self, page: OneTimePage) -> Draft:
        """What the page asks a signature for: an appeal filed already, or one being written. Raises PageGone."""
        reference = find_reference(page.fingerprint)
        if reference is None:
            return (await self._form(page)).draft
        async with self.storage.read() as work:
            appeal = await work.appeals.find_by_reference(reference)
        if appeal is None or appeal.conversation_id != page.conversation_id:
            raise PageGone
        return appeal.draft

    async def _form(self, page: OneTimePage) -> Form:
        async with self.storage.read() as work:
            conversation = await work.conversations.find(page.conversation_id)
        found = conversation.state.form_of(page.id) if conversation else None
        if found is None:
            raise PageGone
        return found

    def _field(self, name: str, locale: Locale, value: str = "", problem: Msg | None = None) -> Field:
        return Field(
            name,
            self._words(msg(f"field.{name}"), locale),
            self._words(msg(f"form.ask_{name}"), locale),
            value,
            self._words(problem, locale) if problem else "",
            BY_NAME[name].optional,
        )

    def _words(self, text: Msg, locale: Locale) -> str:
        return self.renderer.render(say(text), locale).text
