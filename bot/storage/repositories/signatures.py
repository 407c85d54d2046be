"""Signatures by ЭЦП, with all that proves them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from bot.app.errors import NotFound
from bot.app.records import Signature
from bot.storage.repositories.repository import Repository
from bot.storage.tables import signatures

_c = signatures.c


class Signatures(Repository):
    """Kept with the appeal for good; one that led to none goes with its conversation."""

    async def add(self, signature: Signature) -> None:
        """One that holds."""
        await self._run(
            insert(signatures).values(
                id=signature.id,
                conversation_id=signature.conversation_id,
                appeal_id=signature.appeal_id,
                text=signature.text,
                cms=signature.cms,
                signer=signature.signer,
                verification=dict(signature.verification),
                signed_at=signature.signed_at,
            )
        )

    async def attach(self, signature_id: str, appeal_id: str) -> None:
        """Raises NotFound for an unknown one or one attached already."""
        attached = await self._run(
            update(signatures)
            .where(_c.id == signature_id, _c.appeal_id.is_(None))
            .values(appeal_id=appeal_id)
        )
        if attached.rowcount != 1:
            raise NotFound(signature_id)

    async def of_appeal(self, appeal_id: str) -> Signature | None:
        """The appeal's, if it is signed."""
        row = await self._first(select(signatures).where(_c.appeal_id == appeal_id))
        return None if row is None else Signature(**row)

    async def of_conversation(self, conversation_id: str) -> Sequence[Signature]:
        """Oldest first."""
        rows = await self._rows(
            select(signatures).where(_c.conversation_id == conversation_id).order_by(_c.signed_at, _c.id)
        )
        return [Signature(**row) for row in rows]

    async def forget(self, conversation_id: str) -> None:
        """Those that no appeal was filed with."""
        await self._run(
            delete(signatures).where(_c.conversation_id == conversation_id, _c.appeal_id.is_(None))
        )
