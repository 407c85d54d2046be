"""The sending side of the webhook."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence

from integrations.dto import AppealEvent, Receipt, StatusReport
from integrations.errors import DeliveryUnclear, ReportMalformed, ReportRefused, ServiceRejected
from integrations.http import Answer, HttpClient
from integrations.webhook.mapping import MalformedReport, event_body, read_report
from integrations.webhook.signature import ID, SIGNATURE, TIMESTAMP, sign, verify

SYSTEM = "webhook"
_MESSAGE_ID = re.compile(r"[\w.:-]{8,128}", re.ASCII)
HAD_BEFORE = 409


class WebhookConnector:
    """Implements Connector and Reports. The message id is the same at every attempt and the receiver drops repetitions."""

    system = SYSTEM
    repeatable = True

    def __init__(self, url: str, keys: Sequence[str], clock: Callable[[], float] = time.time) -> None:
        self._http = HttpClient(SYSTEM, url)
        self._keys = tuple(keys)
        self._clock = clock

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()

    def takes(self, event: str, topic: str, *, synthetic: bool) -> bool:  # noqa: ARG002 - the port's shape
        """Everything."""
        return True

    async def deliver(self, event: AppealEvent, message_id: str) -> Receipt:
        """Post one event. Raises ServiceUnavailable, DeliveryUnclear, ServiceRejected."""
        body, timestamp = event_body(event), int(self._clock())
        headers = {
            "Content-Type": "application/json",
            ID: message_id,
            TIMESTAMP: str(timestamp),
            SIGNATURE: sign(self._keys, message_id, timestamp, body),
        }
        answer = await self._http.call("deliver", "POST", body=body, headers=headers)
        if not 200 <= answer.status < 300 and answer.status != HAD_BEFORE:
            raise ServiceRejected(SYSTEM, "deliver", f"status {answer.status}", status=answer.status)
        if not _acknowledges(answer, message_id):
            raise DeliveryUnclear(SYSTEM, "deliver", "foreign_answer", status=answer.status)
        return Receipt()

    async def find(self, event: AppealEvent, message_id: str) -> Receipt | None:  # noqa: ARG002 - the port's shape
        """Not needed: what is unclear is sent again, and the receiver drops it if it has it."""
        return None

    def read_report(self, headers: Mapping[str, str], body: bytes) -> StatusReport:
        """Raises ReportRefused unless it is signed with one of our keys, ReportMalformed."""
        message_id = headers.get(ID, "")
        told = (headers.get(TIMESTAMP, ""), body, headers.get(SIGNATURE, ""))
        if not _MESSAGE_ID.fullmatch(message_id) or not verify(
            self._keys, message_id, *told, now=self._clock()
        ):
            raise ReportRefused(SYSTEM, "report", "signature")
        try:
            return read_report(body, message_id)
        except MalformedReport as error:
            raise ReportMalformed(SYSTEM, message_id, str(error)) from error


def _acknowledges(answer: Answer, message_id: str) -> bool:
    """No body, or one that names the message: the page of a proxy on the way, also a 200, took nothing."""
    if not answer.body.strip():
        return True
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("id") == message_id
