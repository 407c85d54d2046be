"""The receipt (талон) of an appeal: what the citizen holds in hand as proof, in their own language."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from appeals import deadlines
from appeals.appeal import Capacity
from appeals.deadlines import citation
from appeals.kinds import KINDS, Kind
from appeals.lifecycle import Action
from bot.app.errors import NotFound
from bot.app.moves import considered_by
from bot.app.ports import FileStore, ReceiptPrinter, Renderer, Storage
from bot.app.records import AppealRecord, Document, ReceiptPaper
from dialogs.messages import Msg, msg
from dialogs.model import Knowledge, Mode
from dialogs.replies import RECEIPT, say
from dialogs.told import represented_by, whole_address


@dataclass(frozen=True, slots=True)
class Receipts:
    """Fills receipts in; the same appeal in the same state always gives the same bytes."""

    knowledge: Knowledge
    renderer: Renderer
    printer: ReceiptPrinter

    async def of(self, appeal: AppealRecord, *, signed: bool, registrar: str = "") -> Document:
        """The receipt as it stands now: before registration with the expected date, after it with number and term.

        registrar: name and post of the official who registered it (art. 64 (2)); empty where none did.
        """
        content = await asyncio.to_thread(self.printer.print, self._paper(appeal, signed, registrar))
        return Document(f"talon-{appeal.reference}.pdf", "application/pdf", content)

    def _paper(self, appeal: AppealRecord, signed: bool, registrar: str) -> ReceiptPaper:
        def words(named: Msg) -> str:
            return self.renderer.render(say(named), appeal.locale).text

        demo = self.knowledge.office.mode is Mode.DEMO
        page = f"{self.knowledge.office.public_url}/status"
        return ReceiptPaper(
            locale=appeal.locale,
            title=words(msg("receipt.title", reference=appeal.reference)),
            rows=tuple((words(name), words(value)) for name, value in self._rows(appeal, signed, registrar)),
            text_title=words(msg("receipt.text")),
            text=appeal.draft.text or "",
            notes=(words(msg("receipt.status", url=page)), *((words(msg("welcome.demo")),) if demo else ())),
            link=f"{page}?reference={appeal.reference}&lang={appeal.locale}",
            watermark=words(msg("receipt.demo")) if demo else "",
            numbering=words(msg("receipt.page", page="{page}", pages="{pages}")),
        )

    def _rows(self, appeal: AppealRecord, signed: bool, registrar: str) -> Iterator[tuple[Msg, Msg]]:
        knowledge, draft = self.knowledge, appeal.draft
        office, domain, kind = knowledge.office, knowledge.domain, draft.kind or Kind.APPLICATION
        topic = domain.topics.find(draft.topic or "OTHER")
        place = whole_address(domain.territory, draft.place, draft.address)
        yield msg("receipt.reference"), _plain(appeal.reference)
        yield msg("receipt.at"), _plain(appeal.created_at)
        if office.mode is not Mode.DEMO:
            yield msg("receipt.office"), msg("receipt.office_named", name=office.name, bin=office.bin)
        yield msg("receipt.body"), _plain(appeal.body_name)
        yield msg("receipt.kind"), _plain(KINDS[kind].name)
        if kind is Kind.COMPLAINT:
            yield msg("receipt.considered"), _plain(considered_by(appeal, domain))
        yield msg("receipt.topic"), _plain(topic.name if topic else "–")
        if place:
            yield msg("receipt.place"), _plain(place)
        if name := draft.applicant.organisation or draft.applicant.full_name:
            yield msg("receipt.applicant"), _plain(name)
        if draft.capacity is Capacity.GROUP and draft.people:
            yield msg("receipt.people"), _plain(draft.people)
        if signer := represented_by(draft):
            yield msg("receipt.representative"), _plain(signer)
        yield msg("receipt.signature"), msg("receipt.signed" if signed else "receipt.unsigned")
        if draft.attachments:
            yield msg("receipt.files"), _plain(tuple(file.name for file in draft.attachments))
        if appeal.number and appeal.registered_on:
            yield msg("receipt.number"), _plain(appeal.number)
            yield msg("receipt.registered"), _plain(appeal.registered_on)
        if registrar:
            yield msg("receipt.registrar"), _plain(registrar)
        if appeal.due and appeal.due_article:
            yield msg("receipt.due"), msg("receipt.by", due=appeal.due, article=citation(appeal.due_article))
        elif appeal.registered_on is None:
            registered = deadlines.registration_date(appeal.created_at, knowledge.calendar)
            due = deadlines.consideration(kind, registered, knowledge.calendar)
            expected = msg(
                "receipt.expected", registered=registered, due=due.on, article=citation(due.article)
            )
            yield msg("receipt.due"), expected


@dataclass(frozen=True, slots=True)
class Documents:
    """What messages bring along as files: receipts, and files of the conversation."""

    storage: Storage
    files: FileStore
    receipts: Receipts

    async def receipt(self, appeal: AppealRecord) -> Document:
        """An appeal's receipt, which says whether the appeal was signed and who registered it."""
        async with self.storage.read() as work:
            signature = await work.signatures.of_appeal(appeal.id)
            taken = await work.appeals.steps(appeal.id)
            registering = next((step.actor for step in taken if step.action == Action.REGISTER), None)
            registrar = await work.operators.find(registering) if registering else None
        name = registrar.with_post(appeal.locale) if registrar else ""
        return await self.receipts.of(appeal, signed=signature is not None, registrar=name)

    async def fetch(self, conversation_id: str, document_id: str) -> Document:
        """A document of this conversation, by the id its message bears. Raises NotFound."""
        if document_id.startswith(RECEIPT):
            async with self.storage.read() as work:
                appeal = await work.appeals.find_by_reference(document_id.removeprefix(RECEIPT))
            if appeal is None or appeal.conversation_id != conversation_id:
                raise NotFound(document_id)
            return await self.receipt(appeal)
        async with self.storage.read() as work:
            file = await work.files.find(document_id)
        if file is None or file.conversation_id != conversation_id:
            raise NotFound(document_id)
        return Document(file.name, file.media_type, await self.files.get(file.sha256))


def _plain(value: object) -> Msg:
    return msg("plain", text=value)
