"""Which events of an appeal go to which other system, and what is told there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.app.records import AppealRecord, OutboxKind, OutboxRow
from dialogs.model import Knowledge
from integrations.dto import AppealEvent, AppealSnapshot
from integrations.errors import ServiceUnavailable
from integrations.ports import Connector


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The connected systems by name; none where the organisation works appeals at its own desk alone."""

    connectors: Mapping[str, Connector]
    knowledge: Knowledge
    new_id: Callable[[], str]

    def rows(self, appeal: AppealRecord, event: str, at: datetime, *, but: str = "") -> list[OutboxRow]:
        """Outbox rows for an event, one for each system that takes it; a row's id is its message's. `but`: the system
        that told us of it."""
        payload = {"event": event, "appeal": appeal.id, "at": at.isoformat()}
        return [
            OutboxRow(
                self.new_id(),
                OutboxKind.APPEAL,
                f"{system}:{appeal.id}",
                payload,
                at,
                at,
                system=system,
            )
            for system, connector in self.connectors.items()
            if system != but and connector.takes(event, appeal.draft.topic or "", synthetic=appeal.synthetic)
        ]

    def connector(self, system: str) -> Connector:
        """Raises ServiceUnavailable for one that is not connected any more: its rows wait for it."""
        found = self.connectors.get(system)
        if found is None:
            raise ServiceUnavailable(system, "deliver", "not configured")
        return found

    def event(self, row: OutboxRow, appeal: AppealRecord) -> AppealEvent:
        """What a row tells, with the appeal as it stands now."""
        return AppealEvent(
            row.payload["event"], datetime.fromisoformat(row.payload["at"]), self._snapshot(appeal)
        )

    def _snapshot(self, appeal: AppealRecord) -> AppealSnapshot:
        domain, draft = self.knowledge.domain, appeal.draft
        topic, place = domain.topics.find(draft.topic or ""), domain.territory.find(draft.place or "")
        return AppealSnapshot(
            reference=appeal.reference,
            version=appeal.version,
            status=appeal.status,
            body=appeal.body_name,
            locale=appeal.locale,
            synthetic=appeal.synthetic,
            consented=bool(appeal.consent_version),
            created_at=appeal.created_at,
            updated_at=appeal.updated_at,
            draft=draft,
            topic=topic.name if topic else None,
            place=domain.territory.label(place.code) if place else None,
            number=appeal.number,
            registered_on=appeal.registered_on,
            due=appeal.due,
            answer=appeal.answer,
        )
