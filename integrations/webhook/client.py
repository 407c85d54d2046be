"""The sending side of the webhook."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from integrations.errors import ServiceRejected, ServiceUnavailable
from integrations.webhook.signature import sign

SYSTEM = "webhook"
TIME_LIMIT = 15.0
ACCEPTED = frozenset({200, 201, 202, 204})
ALREADY_THERE = 409
TRY_AGAIN = frozenset({408, 425, 429})


class WebhookConnector:
    """Implements the Connector port. The message id is the same at every attempt: the receiver drops repetitions.

    2xx and 409 (had it already) are success; 408, 425, 429 and 5xx, a broken connection and silence are tried again;
    every other answer, redirections included, is a refusal.
    """

    def __init__(self, url: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def deliver(self, event: Mapping[str, Any], message_id: str) -> None:
        """Post one event. Raises ServiceUnavailable, ServiceRejected."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        timestamp = int(self._clock())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Komekshi-Webhook/1",
            "Komekshi-Id": message_id,
            "Komekshi-Timestamp": str(timestamp),
            "Komekshi-Signature": sign(self._secret, message_id, timestamp, body),
        }
        try:
            async with self._http().post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ServiceUnavailable(SYSTEM, "deliver", type(error).__name__) from error
        if status in ACCEPTED or status == ALREADY_THERE:
            return
        if status in TRY_AGAIN or status >= 500:
            raise ServiceUnavailable(
                SYSTEM, "deliver", f"status {status}", float(wait) if wait.isdecimal() else None
            )
        raise ServiceRejected(SYSTEM, "deliver", f"status {status}")

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIME_LIMIT))
        return self._session
