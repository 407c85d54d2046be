"""Serves the model file without TensorFlow: `python -m citizen_nlu.serve`, POST /model/parse on 127.0.0.1."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is imported

import argparse
import asyncio
import gc
import hmac
import json
import logging
import signal
import sys
import tarfile
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from citizen_nlu.runner import SequentialGraphRunner
from citizen_nlu.train import MODEL

LONGEST = 2000
LARGEST_BODY = 1_000_000
HOST = "127.0.0.1"
log = logging.getLogger("citizen_nlu.serve")

_SOURCE = "nlu_message_converter"


class Model:
    """A trained model file, its graph run as Rasa would run it."""

    def __init__(self, archive: Path) -> None:
        """Reads the archive; FileNotFoundError or ValueError when it is no model file."""
        with tempfile.TemporaryDirectory(prefix="nlu-") as name:
            folder = Path(name)
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
            metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
            self.id: str = metadata["model_id"]
            self.trained_at: str = metadata["trained_at"]
            self._build(metadata, folder / "components")
        self.parse("жүктелді")  # loads the dictionaries and the territory before the first citizen waits

    def _build(self, metadata: dict[str, Any], components: Path) -> None:
        """Without the tail, which obeys messages that begin with a slash."""
        nodes, tail = metadata["predict_schema"]["nodes"], metadata["nlu_target"]
        (self._last,) = nodes[tail]["needs"].values()
        kept = {name: node for name, node in nodes.items() if name not in (_SOURCE, tail)}
        schema = GraphSchema.from_dict({"nodes": kept})
        context = ExecutionContext(schema, self.id)
        self._runner = SequentialGraphRunner.create(schema, LocalModelStorage(components), context)

    def parse(self, text: str) -> dict[str, Any]:
        """The answer of POST /model/parse; only the first 2 000 characters are read, and `truncated` says so."""
        read = text[:LONGEST]
        message = Message({TEXT: read}, output_properties={TEXT})
        result = self._runner.run({_SOURCE: [message]}, [self._last])[self._last][0]
        answer = result.as_dict(only_output_properties=True)
        return {**answer, "truncated": True} if len(text) > LONGEST else answer


def _problem(status: int, title: str, detail: str) -> web.Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return web.json_response(body, status=status, content_type="application/problem+json")


async def _text_of(request: web.Request) -> str | None:
    """The `text` of the body, or None when the body is not what was agreed."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        return None
    text = body.get("text") if isinstance(body, dict) else None
    return text if isinstance(text, str) else None


def application(model: Model, token: str = "") -> web.Application:
    """The HTTP service. With a token every parse needs `Authorization: Bearer <token>`."""
    started = time.monotonic()

    async def parse(request: web.Request) -> web.Response:
        text = await _text_of(request)
        if text is None:
            return _problem(400, "Bad request", 'a JSON object with a string "text" is expected')
        return web.json_response(model.parse(text))

    async def status(_request: web.Request) -> web.Response:
        uptime = round(time.monotonic() - started, 1)
        return web.json_response(
            {"status": "ready", "model_id": model.id, "trained_at": model.trained_at, "uptime": uptime}
        )

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and request.method == "POST" and not hmac.compare_digest(given.encode(), token.encode()):
            return _problem(401, "Unauthorized", "a bearer token is expected")
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            return _problem(413, "Content too large", f"at most {LARGEST_BODY} bytes are read")
        except web.HTTPException as error:
            return _problem(error.status, error.reason, "see the routes GET / and POST /model/parse")
        except Exception as error:  # noqa: BLE001  the one place where a failure becomes an answer; the text stays out of the log
            log.error("parse failed: %s", type(error).__name__)
            return _problem(500, "Internal error", type(error).__name__)

    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[guard])
    app.router.add_get("/", status)
    app.router.add_get("/status", status)
    app.router.add_post("/model/parse", parse)
    return app


async def serve(app: web.Application, host: str, port: int) -> None:
    """Runs until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("ready on http://%s:%d", host, port)
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    """Exit status 0 after a signal; 1: no usable model file or the port is taken."""
    parser = argparse.ArgumentParser(description="Serve the NLU model.")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--port", type=int, default=int(os.environ.get("NLU_PORT") or 5005))
    parser.add_argument("--host", default=os.environ.get("NLU_HOST") or HOST)
    options = parser.parse_args()
    token = os.environ.get("NLU_TOKEN", "")
    if options.host != HOST and not token:
        parser.error("NLU_TOKEN is needed to listen beyond this machine")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    log.setLevel(logging.INFO)
    try:
        gc.disable()
        model = Model(options.model)
        gc.freeze()  # the model stays: neither the start nor a parse waits for it to be looked through
        gc.enable()
        asyncio.run(serve(application(model, token), options.host, options.port))
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        log.error("cannot serve %s: %s", options.model, error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
