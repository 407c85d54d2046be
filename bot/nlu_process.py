"""Runs the understanding service beside the bot, from installing its environment to restarting it after a crash."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import structlog

log = structlog.get_logger()

SCRIPT = Path(__file__).parent.parent / "scripts" / "nlu.sh"
NO_PYTHON = 3
"""The script's exit code when no Python 3.10 can be had."""
PAUSE_MOST = 60.0
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Even a killed bot leaves no service behind (Linux; elsewhere the call does nothing)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def supervise(environ: Mapping[str, str], stop: asyncio.Event) -> None:
    """Keep the service running until told to stop. Its progress is shown on stderr, a line each."""
    pause = 1.0
    while not stop.is_set():
        started = asyncio.get_running_loop().time()
        process = await asyncio.create_subprocess_exec(
            str(SCRIPT),
            "serve",
            env=dict(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        showing = asyncio.create_task(_show(process))
        stopped = asyncio.create_task(stop.wait())
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(process)
            stopped.cancel()
            await asyncio.gather(showing, ended, stopped, return_exceptions=True)
        if stop.is_set():
            return
        if process.returncode == NO_PYTHON:
            log.warning("nlu.unavailable", why="no Python 3.10", then="free text is answered by word search")
            return
        pause = (
            1.0 if asyncio.get_running_loop().time() - started > PAUSE_MOST else min(pause * 2, PAUSE_MOST)
        )
        log.warning("nlu.stopped", code=process.returncode, again_in=pause)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _show(process: asyncio.subprocess.Process) -> None:
    if process.stdout is None:
        return
    async for line in process.stdout:
        sys.stderr.write(f"[nlu] {line.decode('utf-8', 'replace')}")
        sys.stderr.flush()


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the whole group: the script, and whatever it has started."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
