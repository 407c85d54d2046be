"""Whether a signature made on a one-time page holds: the rules, each with its name, and keeping the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appeals.appeal import Capacity, Draft
from bot.app.conversations import Conversations
from bot.app.errors import PageGone, SignatureRefused
from bot.app.ports import Clock, Storage
from bot.app.records import OneTimePage, Signature
from dialogs.events import AppealSigned
from integrations.errors import ServiceRejected
from integrations.signature.port import SignatureVerifier, Signer, Verified

CMS_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Signing:
    """`verifier` None: signatures are not taken here, and no page asks for one."""

    storage: Storage
    conversations: Conversations
    verifier: SignatureVerifier | None
    clock: Clock
    new_id: Callable[[], str]

    async def take(self, page: OneTimePage, draft: Draft, cms: bytes) -> None:
        """Check the signature over the page's text, keep it, and let the conversation file the appeal with it, or add it
        to the one filed already.

        Raises SignatureRefused, PageGone, and what the verifier raises; the page can be used again then.
        """
        if self.verifier is None:
            raise PageGone
        if not cms or len(cms) > CMS_LIMIT:
            raise SignatureRefused("unreadable")
        try:
            verified = await self.verifier.verify(cms)
        except ServiceRejected as error:
            raise SignatureRefused("unreadable") from error
        now = self.clock.now()
        signer = judged(verified, page.text, draft, now)
        signature = Signature(
            id=self.new_id(),
            conversation_id=page.conversation_id,
            text=page.text,
            cms=cms,
            signer=signer.name,
            verification=verified.answer,
            signed_at=now,
        )
        event = AppealSigned(f"page:{page.id}", now, page.id, page.fingerprint, signature.id)
        async with self.storage.write() as work:
            if not await work.pages.use(page.id, now):
                raise PageGone(used=True)
            await work.signatures.add(signature)
            await self.conversations.enqueue(work, page.conversation_id, event, "")
            await work.commit()
        await self.conversations.process(page.conversation_id)


def judged(verified: Verified, text: str, draft: Draft, now: datetime) -> Signer:
    """The one signer, when every rule holds. Raises SignatureRefused with the first that does not."""
    if verified.content != text.encode():
        raise SignatureRefused("altered")
    if len(verified.signers) != 1:
        raise SignatureRefused("several")
    (signer,) = verified.signers
    if not signer.for_signing:
        raise SignatureRefused("not_for_signing")
    if not signer.not_before <= now <= signer.not_after:
        raise SignatureRefused("expired")
    if signer.revoked:
        raise SignatureRefused("revoked")
    if not _is_applicant(signer, draft):
        raise SignatureRefused("other_person")
    if not verified.valid or not signer.valid:
        raise SignatureRefused("invalid")
    return signer


def _is_applicant(signer: Signer, draft: Draft) -> bool:
    if draft.capacity is Capacity.ORGANISATION:
        return signer.bin is not None and signer.bin == draft.applicant.bin
    return signer.iin is not None and signer.iin == draft.applicant.iin and signer.bin is None
