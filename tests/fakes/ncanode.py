"""A strict NCANode 3: takes what the real one takes, answers in its shapes, checks real signatures of the tests' authority."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.authority import Authority, content_of, described, signers_of


class NcaNodeServer:
    """`async with NcaNodeServer(authority, clock_now) as node:` serves at `node.url`.

    `trouble` is an HTTP status to answer instead, or garbage.
    """

    def __init__(self, authority: Authority, now: Callable[[], datetime]) -> None:
        self.authority, self.now = authority, now
        self.trouble: int | str | None = None
        self.calls: list[str] = []
        app = web.Application()
        app.router.add_post("/cms/verify", self._verify)
        app.router.add_post("/cms/extract", self._extract)
        self._server = TestServer(app)

    async def __aenter__(self) -> NcaNodeServer:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    async def _verify(self, request: web.Request) -> web.Response:
        body = await self._body(request, {"cms", "data", "revocationCheck"})
        if isinstance(body, web.Response):
            return body
        checks = body.get("revocationCheck", [])
        if not set(checks) <= {"OCSP", "CRL"}:
            return _error(400, "JSON parse error")
        cms = _decoded(body["cms"])
        if cms is None or content_of(cms) is None:
            return _error(400, "Malformed content.")
        signers = [self._signer(path, bool(checks)) for path in signers_of(cms, self.authority.folder)]
        certificates = [certificate for signer in signers for certificate in signer["certificates"]]
        valid = self.authority.vouches(cms, self.now()) and all(one["valid"] for one in certificates)
        return web.json_response({"status": 200, "message": "OK", "valid": valid, "signers": signers})

    def _signer(self, certificate: Path, revocation: bool) -> dict[str, Any]:
        told = described(certificate)
        serial = int(told["serial"], 16)
        begin, end = _moment(told["notBefore"]), _moment(told["notAfter"])
        revoked = revocation and serial in self.authority.revoked
        iin = re.search(r"IIN(\d{12})", told["subject"])
        name = re.search(r"CN=([^,]+)", told["subject"])
        since = self.now().isoformat(timespec="milliseconds") if revoked else None
        status = {"revoked": revoked, "by": "OCSP", "revocationTime": since, "reason": None}
        info = {
            "valid": begin <= self.now() <= end and not revoked,
            "revocations": [status] if revocation else [],
            "notBefore": begin.isoformat(timespec="milliseconds"),
            "notAfter": end.isoformat(timespec="milliseconds"),
            "keyUsage": "SIGN" if "Non Repudiation" in told["usage"] else "AUTH",
            "serialNumber": told["serial"],
            "signAlg": "ECDSA",
            "keyUser": ["INDIVIDUAL"],
            "publicKey": "",
            "signature": "",
            "subject": {
                "commonName": name.group(1) if name else "",
                **({"iin": iin.group(1)} if iin else {}),
                "country": "KZ",
                "dn": told["subject"],
            },
            "issuer": {"commonName": "TEST CA", "dn": "CN=TEST CA"},
        }
        return {"certificates": [info], "tsp": None}

    async def _extract(self, request: web.Request) -> web.Response:
        body = await self._body(request, {"cms", "data", "revocationCheck"})
        if isinstance(body, web.Response):
            return body
        cms = _decoded(body["cms"])
        content = content_of(cms) if cms is not None else None
        if content is None:
            return _error(500, "Malformed content.")
        return web.json_response({"status": 200, "message": "OK", "data": base64.b64encode(content).decode()})

    async def _body(self, request: web.Request, known: set[str]) -> dict[str, Any] | web.Response:
        self.calls.append(request.path)
        if isinstance(self.trouble, int):
            return _error(self.trouble, "trouble")
        if self.trouble is not None:
            return web.Response(text=self.trouble, content_type="application/json")
        if request.content_type != "application/json":
            return _error(415, "Unsupported Media Type")
        body = await request.json()
        if not isinstance(body, dict) or not set(body) <= known or not isinstance(body.get("cms"), str):
            return _error(400, "Bad Request")
        return body


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return None


def _moment(printed: str) -> datetime:
    return datetime.strptime(printed, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "message": message}, status=status)
