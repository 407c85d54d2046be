"""Real Redis and PostgreSQL for tests, from the programs of this machine, on free ports of the loopback."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HANGS_SECONDS = 300
"""Tests wait for what is to come, however busy the machine; only what has not come after so long never will."""
HASTY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
"""What PostgreSQL need not do for data that nobody keeps."""
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class NotInstalledError(Exception):
    """A program that a server needs is not on this machine."""


def find_program(name: str) -> str:
    """On the PATH, or where Debian keeps PostgreSQL (newest first). Raises NotInstalledError."""
    found = shutil.which(name)
    if found:
        return found
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return str(folder / name)
    raise NotInstalledError(name)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody accepts connections on that port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    args: list[str], is_ready: Callable[[], bool], stop: signal.Signals, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that is ready for work; it dies with us even when we are killed."""
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(
            args,
            stdout=output,
            stderr=output,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call of the C library, looked up beforehand
            **options,
        ) as process,
    ):
        try:
            _await(process, is_ready, output)
            yield process
        finally:
            process.send_signal(stop)
            try:
                process.wait(HANGS_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """An empty Redis that stores nothing; gives its URL."""
    program = find_program("redis-server")
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        args = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        args += ["--save", "", "--appendonly", "no"]
        with running(args, lambda: listens(port), signal.SIGTERM):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """An empty PostgreSQL; gives the URL of its database `postgres`. A `durable` one survives a power cut, slowly.

    PostgreSQL refuses root: then it runs as `postgres` or, failing that, as `nobody`.
    """
    initdb, postgres = find_program("initdb"), find_program("postgres")
    folder = tempfile.mkdtemp(prefix="pg-")  # pytest's own folders are closed to other users
    port = free_port()
    data, user = Path(folder) / "data", _unprivileged(folder)
    try:
        _initialise(initdb, data, user)
        args = [postgres, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", folder]
        hasty = () if durable else HASTY
        for option in hasty:
            args += ["-c", option]
        with running(args, lambda: _accepts_sessions(data), signal.SIGINT, cwd=folder, **user):
            yield f"postgresql+asyncpg://test@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder)


def _initialise(initdb: str, data: Path, user: dict[str, Any]) -> None:
    args = [initdb, "-D", str(data), "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    args += ["--no-sync", "--no-instructions"]
    made = subprocess.run(args, capture_output=True, text=True, cwd=data.parent, check=False, **user)
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _unprivileged(folder: str) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _accepts_sessions(data: Path) -> bool:
    """PostgreSQL opens its port some time before; then it turns every client away."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) == 8 and lines[7].strip() == "ready"


def _await(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], output: Any) -> None:
    until = time.monotonic() + HANGS_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if is_ready():
            return
        time.sleep(0.01)
    output.seek(0)
    raise RuntimeError(f"{process.args} is not ready:\n{output.read().decode(errors='replace')}")
