"""What a connector offers. Each call states its errors and whether it may be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from integrations.dto import AppealEvent, ExternalCase, Receipt, StatusReport


class Connector(Protocol):
    """Another system that receives appeals."""

    @property
    def system(self) -> str:
        """Its short name, as in settings, logs, addresses and the console."""

    @property
    def repeatable(self) -> bool:
        """Whether the system drops a message it has had before: then an unclear one is simply sent again."""

    def takes(self, event: str, topic: str, *, synthetic: bool) -> bool:
        """Whether such an event of an appeal on that topic goes there at all."""

    async def deliver(self, event: AppealEvent, message_id: str) -> Receipt:
        """Hand over one event, with an id that is the same at every attempt. Raises IntegrationError."""

    async def find(self, event: AppealEvent, message_id: str) -> Receipt | None:
        """Whether an unclear delivery has arrived; None when it certainly has not. May be repeated.

        Raises ServiceUnavailable, LookUpInconclusive.
        """

    async def close(self) -> None:
        """Give connections back."""


@runtime_checkable
class Follows(Protocol):
    """A connector whose system is asked for statuses, because it does not report them by itself."""

    async def report(self, case: ExternalCase, now: datetime) -> tuple[ExternalCase, StatusReport | None]:
        """The case, with its number once there is one, and how it stands; None while there is nothing to tell.

        May be repeated. Raises IntegrationError.
        """


@runtime_checkable
class Reports(Protocol):
    """A connector whose system reports statuses by itself, signed."""

    def read_report(self, headers: Mapping[str, str], body: bytes) -> StatusReport:
        """The report in a message. Raises ReportRefused, ReportMalformed."""
