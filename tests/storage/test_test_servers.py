"""The tests' own machinery: servers that do not outlive us, and no way out to the network."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests import servers

ROOT = Path(__file__).parents[2]

_START_AND_WAIT = """
import sys, tempfile, time
from tests import servers
tempfile.tempdir = sys.argv[2]
with getattr(servers, sys.argv[1])() as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(
    "name",
    [pytest.param("redis", marks=pytest.mark.redis), pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def test_servers_die_with_the_process_that_started_them(name: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue({"redis": "redis_server", "postgresql": "postgres_server"}[name])
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    folder.chmod(0o755)
    args = [sys.executable, "-c", _START_AND_WAIT, name, str(folder)]
    with subprocess.Popen(args, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        assert servers.listens(port)
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while servers.listens(port) and time.monotonic() < until:
        time.sleep(0.02)
    assert not servers.listens(port)
    shutil.rmtree(folder)


def test_a_missing_program_is_named() -> None:
    with pytest.raises(servers.NotInstalledError, match="no-such-program"):
        servers.find_program("no-such-program")


def test_a_server_that_does_not_start_shows_what_it_said() -> None:
    args = [sys.executable, "-c", "raise SystemExit('bad luck')"]
    with (
        pytest.raises(RuntimeError, match="bad luck"),
        servers.running(args, lambda: False, signal.SIGTERM),
    ):
        pytest.fail("it is ready")


def test_a_socket_beyond_the_loopback_is_an_offence(network_guard: list[str]) -> None:
    with socket.socket() as outward, pytest.raises(OSError, match="tests stay"):
        outward.connect(("192.0.2.1", 80))
    with socket.socket() as everywhere, pytest.raises(OSError, match="tests stay"):
        everywhere.bind(("0.0.0.0", 0))
    with pytest.raises(OSError, match="tests stay"):
        socket.getaddrinfo("example.org", 80)
    assert len(network_guard) == 3
    network_guard.clear()


async def test_a_hidden_attempt_is_an_offence_too(network_guard: list[str]) -> None:
    with suppress(OSError):
        await asyncio.open_connection("192.0.2.1", 80)
    assert network_guard == ["socket.connect '192.0.2.1'"]
    network_guard.clear()


def test_the_loopback_and_files_are_free(tmp_path: Path, network_guard: list[str]) -> None:
    with socket.socket(socket.AF_UNIX) as local:
        local.bind(os.fspath(tmp_path / "socket"))
    socket.getaddrinfo("localhost", 80)
    socket.getaddrinfo(None, 80)
    assert servers.free_port()
    assert network_guard == []
