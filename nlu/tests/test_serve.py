"""The HTTP contract, over a real socket and in a process of its own."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NLU = Path(__file__).parents[1]
TOKEN = "a-token-of-the-test"
SECRET_TEXT = "құпия сөйлем 900101300123"


class Server:
    """A running server and a client to it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def send(
        self, method: str, path: str, body: bytes | None = None, token: str = TOKEN
    ) -> tuple[int, str, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            return answer.status, answer.headers.get_content_type(), json.loads(answer.read())
        finally:
            connection.close()

    def parse(self, text: str) -> dict[str, Any]:
        status, _, answer = self.send("POST", "/model/parse", json.dumps({"text": text}).encode())
        assert status == 200
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(model_file: Path, environment: dict[str, str], token: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "citizen_nlu.serve", "--model", str(model_file)]
    variables = {**environment, "NLU_PORT": str(port), "NLU_TOKEN": token}
    process = subprocess.Popen(command, cwd=NLU, env=variables, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 300
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def server(model_file: Path, environment: dict[str, str]) -> Iterator[Server]:
    with running(model_file, environment, TOKEN) as started:
        yield started


@pytest.mark.parametrize("path", ["/", "/status"])
def test_ready_information_needs_no_token(server: Server, path: str) -> None:
    status, kind, answer = server.send("GET", path, token="")
    assert (status, kind, answer["status"]) == (200, "application/json", "ready")
    assert answer["model_id"]


def test_parse(server: Server) -> None:
    answer = server.parse("В квартире нет отопления")
    assert answer["intent"]["name"] == "topic.UTIL.HEAT"
    assert answer["language"]["code"] == "ru"


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "ә"])
def test_a_wrong_token_is_refused(server: Server, token: str) -> None:
    given = token.encode("utf-8").decode("latin-1")
    status, kind, answer = server.send("POST", "/model/parse", b'{"text": "x"}', token=given)
    assert (status, kind, answer["status"]) == (401, "application/problem+json", 401)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"text": null}', b'{"text": 5}', b'{"text": ["a"]}', b'"text"', b"\xff\xfe",
     b"[" * 200_000],
)  # fmt: skip
def test_a_bad_body_is_a_problem_of_the_sender(server: Server, body: bytes) -> None:
    status, kind, answer = server.send("POST", "/model/parse", body)
    assert (status, kind) == (400, "application/problem+json")
    assert set(answer) == {"type", "title", "status", "detail"}


def test_a_body_without_end_is_refused(server: Server) -> None:
    status, kind, _ = server.send("POST", "/model/parse", b'{"text": "' + b"x" * 2_000_000 + b'"}')
    assert (status, kind) == (413, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/model/parse", 405), ("POST", "/model", 404), ("PUT", "/model", 404)],
)
def test_nothing_else_is_offered(server: Server, method: str, path: str, status: int) -> None:
    assert server.send(method, path)[0] == status


@pytest.mark.parametrize(
    "text", ["", "😀", "\ud800", "x" * 100_000, "/topic.UTIL.HEAT", "қар тазаламайды, гололед"]
)
def test_every_text_gets_an_answer(server: Server, text: str) -> None:
    answer = server.parse(text)
    assert answer["text"] == text[:2000]
    assert ("truncated" in answer) == (len(text) > 2000)


def test_it_stops_when_told_and_logs_no_text(model_file: Path, environment: dict[str, str]) -> None:
    with running(model_file, environment, "") as server:
        status, _, _ = server.send(
            "POST", "/model/parse", json.dumps({"text": SECRET_TEXT}).encode(), token=""
        )
        assert status == 200
        server.process.send_signal(signal.SIGTERM)
        log = server.process.communicate(timeout=300)[1]
        assert server.process.returncode == 0
        assert "ready on http://127.0.0.1" in log
        assert "құпия" not in log
        assert "900101300123" not in log


def test_without_a_model_file_it_says_so(tmp_path: Path, environment: dict[str, str]) -> None:
    for content in (None, b"no archive"):
        path = tmp_path / "nlu.tar.gz"
        if content is not None:
            path.write_bytes(content)
        command = [sys.executable, "-m", "citizen_nlu.serve", "--model", str(path)]
        done = subprocess.run(
            command, cwd=NLU, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 1
        assert "cannot serve" in done.stderr
        assert "Traceback" not in done.stderr
