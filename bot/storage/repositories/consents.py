"""Who agreed to which text when."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, insert, select

from bot.app.records import ConsentRecord
from bot.storage.repositories.repository import Repository
from bot.storage.tables import consent_texts, consents

_c = consents.c
_JOINED = select(consents, consent_texts.c.text).join(
    consent_texts, _c.text_sha256 == consent_texts.c.sha256, isouter=True
)


class Consents(Repository):
    """Only ever added to: giving and withdrawing are both facts. A text is kept once, under its digest."""

    async def add(self, consent: ConsentRecord) -> None:
        """One more fact."""
        if consent.text:
            known = self._insert(consent_texts).values(sha256=consent.digest, text=consent.text)
            await self._run(known.on_conflict_do_nothing())
        await self._run(
            insert(consents).values(
                conversation_id=consent.conversation_id,
                version=consent.version,
                given=consent.given,
                locale=consent.locale,
                at=consent.at,
                channel=consent.channel,
                actor=consent.actor,
                text_sha256=consent.digest or None,
            )
        )

    async def of_conversation(self, conversation_id: str) -> Sequence[ConsentRecord]:
        """Oldest first."""
        rows = await self._rows(_JOINED.where(_c.conversation_id == conversation_id).order_by(_c.id))
        return [_consent(row) for row in rows]

    async def newest(
        self, *, conversations: Sequence[str] | None, limit: int, before: int | None = None
    ) -> Sequence[ConsentRecord]:
        """Newest first; `before` is the id of the last one of the page before."""
        wanted = _JOINED if conversations is None else _JOINED.where(_c.conversation_id.in_(conversations))
        if before is not None:
            wanted = wanted.where(_c.id < before)
        rows = await self._rows(wanted.order_by(_c.id.desc()).limit(limit))
        return [_consent(row) for row in rows]


def _consent(row: RowMapping) -> ConsentRecord:
    return ConsentRecord(
        conversation_id=row["conversation_id"],
        version=row["version"],
        given=row["given"],
        locale=row["locale"],
        at=row["at"],
        channel=row["channel"],
        actor=row["actor"],
        text=row["text"] or "",
        id=row["id"],
    )
