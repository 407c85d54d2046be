"""A strict receiver for tests and for trying a connection out: believes nothing, drops repetitions, reports back.

`python -m integrations.webhook.fake SECRET [PORT]` listens on this machine. Needs the development environment.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
from aiohttp import web

FOLDER = Path(__file__).parent
EVENT = jsonschema.Draft202012Validator(
    json.loads((FOLDER / "event.schema.json").read_text("utf-8")),
    format_checker=jsonschema.FormatChecker(),
)
ACCEPT_AND_CUT, ACCEPT_AND_HANG, ACCEPT_AND_FAIL = "accept and cut", "accept and hang", "accept and fail"
CUT, GARBAGE, DOWN, REFUSE, PROXY = "cut", "garbage", "down", "refuse", "proxy"


@dataclass
class FakeReceiver:
    """`faults` are spent one a request, first to last. `kept`: message id -> event, in the order they were taken."""

    secret: str
    clock: float | None = None
    faults: deque[str] = field(default_factory=deque)
    kept: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    calls: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def application(self) -> web.Application:
        """To be served anywhere."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        return app

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        fault = self.faults.popleft() if self.faults else ""
        if fault == DOWN:
            return web.Response(status=503, headers={"Retry-After": "30"})
        if fault == REFUSE:
            return web.Response(status=422)
        if fault == PROXY:
            return web.Response(
                text="<!doctype html><title>Sign in to the network</title>", content_type="text/html"
            )
        if fault == CUT:
            return self._cut(request)
        problem = self._problem(request.headers, await request.read())
        if problem:
            self.refused.append(problem)
            return web.Response(status=400, text=problem)
        message_id = request.headers["Komekshi-Id"]
        if message_id in self.kept:
            self.repeated.append(message_id)
            return web.json_response({"id": message_id}, status=409)
        self.kept[message_id] = json.loads(await request.read())
        if fault == ACCEPT_AND_CUT:
            return self._cut(request)
        if fault == ACCEPT_AND_HANG:
            await self.released.wait()
        if fault == GARBAGE:
            return web.Response(body=b"\xff<")
        return web.json_response({"id": message_id}, status=500 if fault == ACCEPT_AND_FAIL else 202)

    def _problem(self, headers: Mapping[str, str], body: bytes) -> str:
        stamp = headers.get("Komekshi-Timestamp", "")
        if headers.get("Content-Type") != "application/json":
            return "content type"
        if not stamp.isdigit() or abs(int(stamp) - (self.clock or time.time())) > 300:
            return "time stamp"
        expected = hmac.new(
            self.secret.encode(), f"{stamp}.{headers.get('Komekshi-Id', '')}.".encode() + body, hashlib.sha256
        )
        told = [part.removeprefix("v1=") for part in headers.get("Komekshi-Signature", "").split(" ")]
        if not any(hmac.compare_digest(expected.hexdigest(), part) for part in told):
            return "signature"
        error = next(EVENT.iter_errors(json.loads(body)), None)
        return f"schema: {error.json_path}" if error else ""

    @staticmethod
    def _cut(request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def signed(self, message_id: str, body: bytes, at: float | None = None) -> dict[str, str]:
        """The headers of a message to the product."""
        stamp = str(int(at or self.clock or time.time()))
        mac = hmac.new(self.secret.encode(), f"{stamp}.{message_id}.".encode() + body, hashlib.sha256)
        return {
            "Content-Type": "application/json",
            "Komekshi-Id": message_id,
            "Komekshi-Timestamp": stamp,
            "Komekshi-Signature": f"v1={mac.hexdigest()}",
        }

    async def report(
        self, url: str, message_id: str, report: Mapping[str, Any]
    ) -> tuple[int, Mapping[str, Any]]:
        """Post a report to the product; status and answer."""
        body = json.dumps({"schema": "komekshi.status/1", **report}, ensure_ascii=False).encode()
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=self.signed(message_id, body)) as answer,
        ):
            return answer.status, await answer.json(content_type=None)


if __name__ == "__main__":
    web.run_app(
        FakeReceiver(sys.argv[1]).application(),
        host="127.0.0.1",
        port=int(sys.argv[2]) if len(sys.argv) > 2 else 9081,
    )
