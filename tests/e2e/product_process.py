"""The product as a citizen meets it: a process of its own, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.servers import HANGS_SECONDS, free_port

ROOT = Path(__file__).parent.parent.parent


class Service:
    """A started `python -m bot`, and how to end it."""

    def __init__(
        self, process: asyncio.subprocess.Process, base: str, session: aiohttp.ClientSession, log: Path
    ) -> None:
        self.process = process
        self.base = base
        self.session = session
        self.log = log

    async def until_up(self) -> None:
        async with asyncio.timeout(HANGS_SECONDS):
            while True:
                assert self.process.returncode is None, self.log.read_text("utf-8")
                try:
                    async with self.session.get(f"{self.base}/health") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)

    async def until_delivered(self) -> None:
        """Wait until nothing that was said is still on its way to a channel."""
        async with asyncio.timeout(HANGS_SECONDS):
            while True:
                async with self.session.get(f"{self.base}/metrics") as answer:
                    if 'komekshi_delivery_waiting{system="channels"} 0\n' in await answer.text():
                        return
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """As the machine would: no warning."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """As Ctrl-C does; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(HANGS_SECONDS):
            return await self.process.wait()

    async def open(self, locale: str) -> Citizen:
        async with self.session.post(f"{self.base}/api/v1/conversations", json={"locale": locale}) as answer:
            assert answer.status == 201, await answer.text()
            data = await answer.json()
        return Citizen(self, data["id"], data["token"])


class Citizen:
    """One conversation over the API."""

    def __init__(self, service: Service, conversation_id: str, token: str) -> None:
        self.service = service
        self.id = conversation_id
        self._headers = {"Authorization": f"Bearer {token}"}

    async def send(self, id_: str | None = None, **what: Any) -> list[dict[str, Any]]:
        """Send {"text"} or {"button"} …; what was answered within the request."""
        url = f"{self.service.base}/api/v1/conversations/{self.id}/messages"
        async with self.service.session.post(
            url, json={"id": id_ or str(uuid.uuid4()), **what}, headers=self._headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            replies: list[dict[str, Any]] = (await answer.json())["replies"]
            return replies

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        url = f"{self.service.base}/api/v1/conversations/{self.id}/messages?after={after}"
        async with self.service.session.get(url, headers=self._headers) as answer:
            assert answer.status == 200, await answer.text()
            found: list[dict[str, Any]] = (await answer.json())["messages"]
            return found


@asynccontextmanager
async def started(
    folder: Path, *parts: str, port: int | None = None, **environ: str
) -> AsyncIterator[Service]:
    """Start the product on a free port with its data in `folder`; whatever still runs at the end is killed."""
    port = port or free_port()
    log = folder / f"log-{uuid.uuid4().hex}.txt"
    settings = {
        "HTTP_PORT": str(port),
        "DATA_DIR": str(folder / "var"),
        "LOG_FORMAT": "json",
        "NLU_URL": f"http://127.0.0.1:{free_port()}",
        "NLU_TOKEN": "t",
        **environ,
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}  # noqa: TID251 - a child's
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *parts,
            cwd=ROOT,
            env={**inherited, **settings},
            stdout=output,
            stderr=output,
            stdin=asyncio.subprocess.DEVNULL,
        )
    try:
        async with aiohttp.ClientSession() as session:
            service = Service(process, f"http://127.0.0.1:{port}", session, log)
            if not parts or "web" in parts:
                await service.until_up()
            yield service
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
