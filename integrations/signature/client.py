"""NCANode's REST interface, version 3: /cms/verify and /cms/extract."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from integrations.errors import ServiceContractBroken, ServiceRejected, ServiceUnavailable
from integrations.signature import mapping
from integrations.signature.port import Verified

SYSTEM = "ncanode"
TIME_LIMIT = 30.0
"""Asking the authority whether a certificate is revoked takes its time."""
REVOCATION = ("OCSP", "CRL")
ANSWER_BYTES = 1024 * 1024


class NcaNode:
    """Implements SignatureVerifier. Nothing is written there: every call may be repeated."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def verify(self, cms: bytes) -> Verified:
        """What was signed and by whom. Raises ServiceRejected, ServiceUnavailable, ServiceContractBroken."""
        encoded = base64.b64encode(cms).decode()
        verification = await self._call("cms/verify", {"cms": encoded, "revocationCheck": REVOCATION})
        extraction = await self._call("cms/extract", {"cms": encoded})
        try:
            return mapping.verified(verification, extraction)
        except ValueError as error:
            raise ServiceContractBroken(SYSTEM, "verify", str(error)) from error

    async def _call(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            async with self._http().post(f"{self._url}/{path}", json=body, allow_redirects=False) as answer:
                status, raw = answer.status, await answer.content.read(ANSWER_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ServiceUnavailable(SYSTEM, path, type(error).__name__) from error
        if status >= 500 and path == "cms/extract":  # it answers 500 to a message it cannot take apart
            raise ServiceRejected(SYSTEM, path, f"status {status}")
        if status >= 500 or status == 429:
            raise ServiceUnavailable(SYSTEM, path, f"status {status}")
        if status == 400:
            raise ServiceRejected(SYSTEM, path, f"status {status}")
        try:
            read = json.loads(raw)
        except ValueError as error:
            raise ServiceContractBroken(SYSTEM, path, "no JSON") from error
        if status != 200 or not isinstance(read, dict):
            raise ServiceContractBroken(SYSTEM, path, f"status {status}")
        return read

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIME_LIMIT))
        return self._session
