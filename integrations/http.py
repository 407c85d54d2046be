"""The one way out to other systems: bounded in size and time, TLS, no redirections, no address but the configured one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp

from integrations.addresses import check_address
from integrations.errors import DeliveryUnclear, ServiceUnavailable

TIME_LIMIT = 15.0
"""Seconds for a whole call, a slowly dripping answer included."""
CONNECT_LIMIT = 5.0
ANSWER_LIMIT = 4 * 1024 * 1024
_CHUNK = 64 * 1024
TRY_AGAIN = frozenset({408, 425, 429, 503})
"""Answers that say themselves that the call was not taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `retry_after` in seconds, if it was told as a number."""

    status: int
    body: bytes
    retry_after: float | None


class HttpClient:
    """Calls one system below one address. Only what is appended to it varies, and cannot lead elsewhere."""

    def __init__(self, system: str, address: str) -> None:
        self._system = system
        self._address = check_address(address)
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        operation: str,
        method: str,
        *path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One call. Raises ServiceUnavailable (certainly not taken), DeliveryUnclear (it went out; nobody knows)."""
        below = "".join(f"/{quote(part, safe='')}" for part in path)
        url = self._address.rstrip("/") + below if path else self._address
        try:
            async with self._http().request(
                method, url, params=query, data=body, headers=headers, allow_redirects=False
            ) as answer:
                content = await _read(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise ServiceUnavailable(self._system, operation, type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryUnclear(self._system, operation, type(error).__name__) from error
        if content is None:
            raise DeliveryUnclear(self._system, operation, "answer_too_large", status=answer.status)
        wait = answer.headers.get("Retry-After", "")
        retry_after = float(wait) if wait.isdecimal() and len(wait) < 7 else None
        if answer.status in TRY_AGAIN:
            raise ServiceUnavailable(
                self._system,
                operation,
                f"status {answer.status}",
                status=answer.status,
                retry_after=retry_after,
            )
        if answer.status >= 500:
            raise DeliveryUnclear(self._system, operation, f"status {answer.status}", status=answer.status)
        return Answer(answer.status, content, retry_after)

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIME_LIMIT, sock_connect=CONNECT_LIMIT),
                # A kept connection that the other side has just closed would make a call unclear for nothing.
                connector=aiohttp.TCPConnector(force_close=True),
                headers={"User-Agent": "Komekshi/1"},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


async def _read(answer: aiohttp.ClientResponse) -> bytes | None:
    """The body, or None for more than the limit."""
    content = bytearray()
    while chunk := await answer.content.read(_CHUNK):
        content += chunk
        if len(content) > ANSWER_LIMIT:
            return None
    return bytes(content)
