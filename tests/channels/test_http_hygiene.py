"""Requests no honest client makes are refused at the door, quickly, and never with a 500."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.bootstrap import build, web_application
from bot.settings import Settings
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge
from tests.servers import HANGS_SECONDS

FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
async def port(data_dir: Path, quick_start: None) -> AsyncIterator[int]:
    settings = Settings(data_dir=data_dir)
    async with build(
        settings, clock=FakeClock(), understanding=ScriptedNlu(), knowledge=shipped_knowledge()
    ) as product:
        runner = web.AppRunner(web_application(product), access_log=None, auto_decompress=False)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
        await runner.cleanup()


async def status(port: int, head: str, body: bytes = b"", host: str = "127.0.0.1") -> int:
    """The status of a request written byte by byte; 0 when the connection is just closed."""

    def exchange() -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=HANGS_SECONDS) as connection:
            length = f"Content-Length: {len(body)}\r\n" if body else ""
            connection.sendall(
                f"{head}\r\nHost: {host}\r\n{length}Connection: close\r\n\r\n".encode("latin-1") + body
            )
            return connection.recv(100)

    answer = await asyncio.to_thread(exchange)
    return int(answer.split()[1]) if answer.startswith(b"HTTP") else 0


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (f"POST /status HTTP/1.1\r\n{FORM}; charset=punycode", b"reference=-" + b"b" * 60_000, 415),
        (f"POST /status HTTP/1.1\r\n{FORM}; charset=bogus", b"reference=x", 415),
        (
            f"POST /status HTTP/1.1\r\n{FORM}\r\nContent-Encoding: gzip",
            gzip.compress(b"reference=-" + b"b" * 200_000),
            415,
        ),
        (f"POST /console/sign-in HTTP/1.1\r\n{FORM}; charset=hex", b"login=x", 415),
        (f"POST /console/sign-in HTTP/1.1\r\n{FORM}", b"login=\xff", 403),
        ("GET /console/appeals/a%00b HTTP/1.1", b"", 400),
        ("GET /open311/v2/requests.json?service_request_id=a%00b HTTP/1.1", b"", 400),
        (
            "POST /console/sign-in HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x",
            b"\n" * 1000,
            415,
        ),
        (
            "POST /api/v1/conversations HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip",
            b"x",
            415,
        ),
        ("GET /console/sign-in HTTP/1.1\r\nCookie: __Host-komekshi=\xff", b"", 400),
        ("GET /console/sign-in HTTP/1.1\r\nReferer: http://[", b"", 400),
        ("GET /api/v1/ws HTTP/1.1\r\nOrigin: http://[", b"", 400),
        ("GET /health HTTP/1.1", b"", 200),
    ],
)
async def test_odd_requests_get_a_clear_status(port: int, head: str, body: bytes, expected: int) -> None:
    origin = "\r\nOrigin: http://127.0.0.1" if "/console/" in head and head.startswith("POST") else ""
    began = time.perf_counter()
    assert await status(port, head + origin, body) == expected
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("host", ["[", "a:99999", "a b", "x; script-src *", "\xff"])
async def test_a_broken_host_is_refused(port: int, host: str) -> None:
    assert await status(port, "GET /console/appeals HTTP/1.1", host=host) == 400


async def test_a_form_without_a_length_is_refused(port: int) -> None:
    head = f"POST /status HTTP/1.1\r\n{FORM}\r\nTransfer-Encoding: chunked"
    assert await status(port, head) == 411
