"""A strict NCALayer: takes `sign` of the module `basics` as documented, refuses everything else, answers as recorded."""

from __future__ import annotations

import base64
import json
import ssl
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from integrations import signature
from tests.fakes.authority import Authority, Key, must

MODULE = "kz.gov.pki.knca.basics"
ARGS = {"allowedStorages", "format", "data", "signingParams", "signerParams", "locale"}
SIGNING = {"decode", "encapsulate", "digested", "tsaProfile"}
SIGNER = {"extKeyUsageOids", "iin", "bin", "serialNumber", "chain"}
MOODS = {"old": "no_module", "outdated": "invocation_error", "cancelled": "cancelled"}
FIXTURES = Path(signature.__file__).parent / "fixtures"


def recorded(name: str) -> dict[str, Any]:
    """A recorded message of NCALayer's or NCANode's."""
    message: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return message


class NcaLayerServer:
    """`async with NcaLayerServer(authority, key) as layer:` listens at `layer.url` with a certificate nobody knows.

    `mood`: ok · cancelled · old (no such module) · outdated (no such method) · failing · dropping · mute (no greeting).
    `filters`: offers only keys of the ИИН asked for. `instead`: signs this instead of what it was given. `lists`: gives the
    signature in a list.
    """

    def __init__(self, authority: Authority, key: Key) -> None:
        self.authority, self.key = authority, key
        self.mood, self.filters, self.instead, self.lists = "ok", True, b"", False
        self.faults: list[str] = []
        self.asked: list[dict[str, Any]] = []
        app = web.Application()
        app.router.add_get("/", self._talk)
        self._server = TestServer(app, host="127.0.0.1", scheme="https")

    async def __aenter__(self) -> NcaLayerServer:
        key, certificate = self.authority.folder / "tls.key", self.authority.folder / "tls.pem"
        must(
            *"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1".split(),
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            key,
            "-out",
            certificate,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        await self._server.start_server(ssl=context)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return f"wss://127.0.0.1:{self._server.port}/"

    async def _talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.mood != "mute":
            await socket.send_json(recorded("ncalayer_greeting"))
        await socket.send_str("--heartbeat--")
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data != "--heartbeat--":
                if self.mood == "dropping":
                    break
                await socket.send_str("--heartbeat--")
                await socket.send_json(self._answer(json.loads(message.data)))
        return socket

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        if self.mood in MOODS:
            return recorded(f"ncalayer_{MOODS[self.mood]}")
        fault = _fault(request)
        if fault:
            self.faults.append(fault)
            return {"status": False, "code": "INVALID_SIGNING_PARAMS", "message": fault}
        args = request["args"]
        wanted = args["signerParams"].get("iin")
        if self.filters and wanted and wanted != self.key.iin:
            return recorded("ncalayer_cancelled")
        if self.mood == "failing":
            return {"status": False, "code": "SIGNING_FAILURE", "message": "TSP"}
        cms = self.authority.sign(self.key, self.instead or base64.b64decode(args["data"], validate=True))
        answer = recorded("ncalayer_signed_list" if self.lists else "ncalayer_signed")
        empty = answer["body"]["result"]
        filled = "".join(empty).replace("\n", f"\n{base64.encodebytes(cms).decode()}", 1)
        return answer | {"body": {"result": [filled] if self.lists else filled}}


def _fault(request: dict[str, Any]) -> str:
    args = request.get("args")
    if request.get("module") != MODULE or request.get("method") != "sign" or not isinstance(args, dict):
        return "module, method or args"
    signing, signer = args.get("signingParams"), args.get("signerParams")
    if not set(args) <= ARGS or not isinstance(signing, dict) or not isinstance(signer, dict):
        return "args"
    if args.get("format") != "cms" or args.get("locale") not in ("kk", "ru", "en"):
        return "format or locale"
    if not set(signing) <= SIGNING or not set(signer) <= SIGNER:
        return "signingParams or signerParams"
    if signing.get("decode") is not True or signing.get("encapsulate") is not True:
        return "the content has to be decoded and enclosed"
    return "" if signer.get("extKeyUsageOids") == ["1.3.6.1.5.5.7.3.4"] else "extKeyUsageOids"
