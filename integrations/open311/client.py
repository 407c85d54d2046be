"""Passes appeals on public space to a GeoReport v2 server, finds them again, and asks how they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from integrations.dto import CREATED, AppealEvent, ExternalCase, Receipt, StatusReport
from integrations.errors import (
    DeliveryUnclear,
    LookUpInconclusive,
    ServiceContractBroken,
    ServiceRejected,
    ServiceUnavailable,
)
from integrations.http import Answer, HttpClient
from integrations.open311 import mapping
from integrations.open311.documents import Malformed, Row, is_true, read, text_of
from integrations.open311.mapping import Endpoint, NothingToSend

SYSTEM = "open311"


@dataclass(frozen=True, slots=True)
class _Service:
    """What a server says of a service. Only a realtime one shows a request at once."""

    kind: str
    unfillable: tuple[str, ...]


class Open311Connector:
    """Implements Connector and Follows. A server does not drop repetitions: what is unclear is looked up first."""

    system = SYSTEM
    repeatable = False

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._now = now
        self._http = HttpClient(SYSTEM, endpoint.address)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()

    def takes(self, event: str, topic: str, *, synthetic: bool) -> bool:
        """New appeals on the topics that have a service there; the standard knows no later messages."""
        return event == CREATED and topic in self._endpoint.services and not synthetic

    async def deliver(self, event: AppealEvent, message_id: str) -> Receipt:  # noqa: ARG002 - nothing takes an id there
        """Make a service request. Raises ServiceUnavailable, DeliveryUnclear, ServiceRejected, ServiceContractBroken."""
        try:
            form = mapping.request_form(event, self._endpoint)
        except NothingToSend as error:
            raise ServiceRejected(SYSTEM, "deliver", f"the appeal has no {error}") from error
        service = await self._service(form["service_code"])
        if service.unfillable:
            asked = ", ".join(service.unfillable)
            raise ServiceRejected(SYSTEM, "deliver", f"the service asks for what we do not have: {asked}")
        answer = await self._http.call(
            "deliver",
            "POST",
            f"requests.{self._endpoint.notation}",
            body=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        )
        if not 200 <= answer.status < 300:
            raise self._refused("deliver", answer, form)
        try:
            rows = read(answer.body, self._endpoint.notation)
            return mapping.read_receipt(rows, blackbox=service.kind == "blackbox")
        except Malformed as error:
            raise DeliveryUnclear(SYSTEM, "deliver", f"the answer {error}", status=answer.status) from error

    async def find(self, event: AppealEvent, message_id: str) -> Receipt | None:  # noqa: ARG002 - nothing takes an id there
        """Look for our reference among the requests since. Raises ServiceUnavailable, LookUpInconclusive."""
        now = self._now()
        window = mapping.look_up_window(event, now)
        if window is None:
            raise LookUpInconclusive(SYSTEM, "find", "older than a query reaches")
        code = self._endpoint.services[event.appeal.draft.topic or ""]
        if (await self._service(code)).kind != "realtime":
            raise LookUpInconclusive(SYSTEM, "find", "the service does not show requests at once")
        rows = await self._rows(
            "find",
            f"requests.{self._endpoint.notation}",
            query={"service_code": code, "start_date": _w3(window[0]), "end_date": _w3(window[1])},
        )
        found = mapping.find_own(rows, event.appeal.reference)
        if found is None and not mapping.shows_enough(rows):
            raise LookUpInconclusive(SYSTEM, "find", "the list is cut off or has no descriptions")
        return found

    async def report(self, case: ExternalCase, now: datetime) -> tuple[ExternalCase, StatusReport | None]:
        """Ask for the number if it is not there yet, then for the state. Raises IntegrationError."""
        if case.external_id is None:
            if case.token is None:
                return case, None
            rows = await self._rows("token", "tokens", f"{case.token}.{self._endpoint.notation}", absent=True)
            number = text_of(rows[0], "service_request_id") if rows else ""
            if not number:
                return case, None
            case = replace(case, external_id=number)
        rows = await self._rows("status", "requests", f"{case.external_id}.{self._endpoint.notation}")
        try:
            return case, mapping.read_status(rows[0] if len(rows) == 1 else {}, case, now)
        except Malformed as error:
            raise ServiceContractBroken(SYSTEM, "status", f"the answer {error}") from error

    async def _service(self, code: str) -> _Service:
        rows = await self._rows("services", f"services.{self._endpoint.notation}")
        row = next((row for row in rows if text_of(row, "service_code") == code), None)
        if row is None:
            raise ServiceRejected(SYSTEM, "services", f"service {code} is not offered")
        asked: tuple[str, ...] = ()
        if is_true(row.get("metadata")):
            definition = await self._rows("definition", "services", f"{code}.{self._endpoint.notation}")
            asked = tuple(mapping.unfillable(definition[0] if definition else {}, self._endpoint))
        return _Service(text_of(row, "type").casefold(), asked)

    async def _rows(
        self, operation: str, *path: str, query: Mapping[str, str] | None = None, absent: bool = False
    ) -> list[Row]:
        """A read. `absent`: 404 is no rows. Nothing was handed over, so an unclear answer is none.

        The standard asks for no key here; servers that do ask expect it so.
        """
        endpoint = self._endpoint
        asked = {**(query or {}), "jurisdiction_id": endpoint.jurisdiction, "api_key": endpoint.api_key}
        try:
            answer = await self._http.call(
                operation, "GET", *path, query={name: value for name, value in asked.items() if value}
            )
        except DeliveryUnclear as error:
            raise ServiceUnavailable(SYSTEM, operation, error.detail, status=error.status) from error
        if absent and answer.status == 404:
            return []
        if answer.status != 200:
            raise self._refused(operation, answer, {})
        try:
            return read(answer.body, self._endpoint.notation)
        except Malformed as error:
            raise ServiceContractBroken(SYSTEM, operation, f"the answer {error}", status=200) from error

    def _refused(self, operation: str, answer: Answer, sent: Mapping[str, str]) -> ServiceRejected:
        try:
            told = mapping.refusal(read(answer.body, self._endpoint.notation), sent)
        except Malformed:
            told = ""
        detail = f"status {answer.status}{': ' if told else ''}{told}"
        return ServiceRejected(SYSTEM, operation, detail, status=answer.status)


def _w3(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
