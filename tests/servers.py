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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 30
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


@contextmanager
def running(
    args: list[str], port: int, stop: signal.Signals, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that listens on `port`; it dies with us even when we are killed."""
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
            _await_port(process, port, output)
            yield process
        finally:
            process.send_signal(stop)
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """An empty Redis that stores nothing; gives its URL."""
    program = find_program("redis-server")
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        args = [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        with running(args, port, signal.SIGTERM):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty PostgreSQL; gives the URL of its database `postgres`.

    PostgreSQL refuses root: then it runs as `postgres` or, failing that, as `nobody`.
    """
    initdb, postgres = find_program("initdb"), find_program("postgres")
    folder, port = (
        tempfile.mkdtemp(prefix="pg-"),
        free_port(),
    )  # pytest's own folders are closed to other users
    user = _unprivileged(folder)
    try:
        _initialise(initdb, folder, user)
        args = [postgres, "-D", f"{folder}/data", "-p", str(port), "-h", "127.0.0.1", "-k", folder]
        for option in ("fsync=off", "synchronous_commit=off", "full_page_writes=off"):
            args += ["-c", option]
        with running(args, port, signal.SIGINT, cwd=folder, **user):
            yield f"postgresql+asyncpg://test@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder)


def _initialise(initdb: str, folder: str, user: dict[str, Any]) -> None:
    args = [initdb, "-D", f"{folder}/data", "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    args += ["--no-sync", "--no-instructions"]
    made = subprocess.run(args, capture_output=True, text=True, cwd=folder, check=False, **user)
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


def _await_port(process: subprocess.Popen[bytes], port: int, output: Any) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    output.seek(0)
    raise RuntimeError(f"{process.args} does not listen:\n{output.read().decode(errors='replace')}")
