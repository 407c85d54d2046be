"""The live socket: acknowledgement, order, resuming, closing."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from bot.app.records import Author
from bot.channels.web import ws
from bot.live import open_sockets
from tests.servers import HANGS_SECONDS


class Client:
    """A client's end that reads frames."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def send(self, kind: str, **content: Any) -> None:
        await self.socket.send_str(json.dumps({"v": 1, "type": kind, **content}))

    async def frame(self) -> dict[str, Any]:
        return await self.socket.receive_json(timeout=HANGS_SECONDS)

    async def until(self, kind: str) -> list[dict[str, Any]]:
        frames = [await self.frame()]
        while frames[-1]["type"] != kind:
            frames.append(await self.frame())
        return frames

    async def closed(self) -> int:
        while (await self.socket.receive(timeout=HANGS_SECONDS)).type not in (
            WSMsgType.CLOSE,
            WSMsgType.CLOSED,
            WSMsgType.CLOSING,
        ):
            pass
        return self.socket.close_code


async def connected(
    client: Any, after: int = 0, talk: dict[str, Any] | None = None
) -> tuple[Client, dict[str, Any]]:
    if talk is None:
        talk = await (await client.post("/api/v1/conversations", json={})).json()
    live = Client(await client.ws_connect("/api/v1/ws"))
    await live.send("hello", id=talk["id"], token=talk["token"], after=after)
    return live, talk


def new_id() -> str:
    return str(uuid.uuid4())


async def test_what_is_sent_is_acknowledged_answered_and_done_in_this_order(client) -> None:
    live, _ = await connected(client)
    identity = new_id()
    assert (await live.frame())["type"] == "ready"
    assert (await live.frame())["message"]["seq"] == 1
    await live.send("message", id=identity, text="жауап қашан келеді")
    frames = await live.until("done")
    assert [frame["type"] for frame in frames] == ["ack", "message", "message", "done"]
    assert frames[0] == {"v": 1, "type": "ack", "id": identity, "repeated": False}
    assert [(f["message"]["seq"], f["message"]["author"], f["message"]["event"]) for f in frames[1:3]] == [
        (2, "citizen", identity),
        (3, "bot", identity),
    ]


async def test_a_repeated_frame_is_acknowledged_but_not_answered_again(client, built) -> None:
    live, _ = await connected(client, after=1)
    identity = new_id()
    for repeated in (False, True):
        await live.send("message", id=identity, text="бір")
        ack = (await live.until("ack"))[-1]
        assert ack["repeated"] is repeated
        await live.until("done")
    assert len(built.assistant.talks["talk-1"].messages) == 3
    await live.send("message", id=identity, text="екі")
    refused = (await live.until("refused"))[-1]
    assert (refused["id"], refused["problem"]["code"]) == (identity, "event_conflict")


async def test_many_messages_at_once_are_answered_in_order(client) -> None:
    live, _ = await connected(client, after=1)
    for number in range(12):
        await live.send("message", id=new_id(), text=f"нөмір {number}")
    seen: list[str] = []
    numbers: list[int] = []
    while len(seen) < 24:
        frame = await live.frame()
        if frame["type"] == "message":
            seen.append(frame["message"]["text"])
            numbers.append(frame["message"]["seq"])
    assert seen[0::2] == [f"нөмір {n}" for n in range(12)]
    assert numbers == sorted(set(numbers))


async def test_a_client_resumes_where_it_was_and_misses_nothing(client, built) -> None:
    live, talk = await connected(client)
    await live.until("message")
    await live.socket.close()
    for number in range(450):
        await built.assistant.say("talk-1", f"{number}", author=Author.OPERATOR, name="Айгүл")
    again, _ = await connected(client, after=1, talk=talk)
    await again.until("ready")
    assert [(await again.frame())["message"]["seq"] for _ in range(450)] == list(range(2, 452))


async def test_two_clients_of_a_conversation_see_the_same(client) -> None:
    one, talk = await connected(client)
    two, _ = await connected(client, talk=talk)
    await one.until("message")
    await two.until("message")
    await one.send("message", id=new_id(), text="бір")
    mine = [f["message"]["seq"] for f in await one.until("done") if f["type"] == "message"]
    theirs = [(await two.frame())["message"]["seq"] for _ in mine]
    assert mine == theirs == [2, 3]


async def test_news_arrives_even_if_the_bus_is_deaf(client, built, monkeypatch) -> None:
    monkeypatch.setattr(ws, "REREAD_SECONDS", 0.1)
    live, _ = await connected(client, after=1)
    await live.until("ready")
    built.bus.deaf = True
    await built.assistant.say("talk-1", "Оператор осында", author=Author.OPERATOR)
    assert (await live.frame())["message"]["text"] == "Оператор осында"


async def test_a_note_never_reaches_the_citizen(client, built) -> None:
    live, _ = await connected(client, after=1)
    await live.until("ready")
    await built.assistant.say("talk-1", "ішкі жазба", author=Author.NOTE)
    await built.assistant.say("talk-1", "Сәлем", author=Author.OPERATOR)
    assert (await live.frame())["message"]["text"] == "Сәлем"


async def test_a_ping_is_answered(client) -> None:
    live, _ = await connected(client, after=1)
    await live.until("ready")
    await live.send("ping")
    assert await live.frame() == {"v": 1, "type": "pong"}


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[]",
        "null",
        '{"v":1}',
        '{"v":2,"type":"ping"}',
        '{"v":true,"type":"ping"}',
        '{"v":1,"type":["ping"]}',
        '{"v":1,"type":"ready"}',
        '{"v":1,"type":"hello","id":"talk-1","token":"token-1"}',
        "[" * 20000,
    ],
)
async def test_a_bad_frame_closes_with_1008(client, raw: str) -> None:
    live, _ = await connected(client, after=1)
    await live.until("ready")
    await live.socket.send_str(raw)
    assert await live.closed() == 1008


@pytest.mark.parametrize(
    "hello",
    [
        {"type": "ping"},
        {"type": "hello"},
        {"type": "hello", "id": "talk-1", "token": 5},
        {"type": "hello", "id": "../x", "token": "a"},
        {"type": "hello", "id": "talk-1", "token": "\ud83d"},
        {"type": "hello", "id": "talk-1", "token": "token-1", "after": -1},
    ],
)
async def test_a_socket_without_a_proper_hello_is_closed(client, hello: dict[str, Any]) -> None:
    live = Client(await client.ws_connect("/api/v1/ws"))
    await live.socket.send_str(json.dumps({"v": 1, **hello}))
    assert await live.closed() == 1008


async def test_a_silent_client_is_not_waited_for(client, monkeypatch) -> None:
    monkeypatch.setattr(ws, "HELLO_SECONDS", 0.05)
    live = Client(await client.ws_connect("/api/v1/ws"))
    assert await live.closed() == 1008


async def test_binary_and_oversized_frames_close_the_socket(client) -> None:
    live, talk = await connected(client, after=1)
    await live.until("ready")
    await live.socket.send_bytes(b"x")
    assert await live.closed() == 1008
    other, _ = await connected(client, after=1, talk=talk)
    await other.until("ready")
    await other.send("message", id=new_id(), text="x" * 70_000)
    assert await other.closed() == 1009


async def test_a_wrong_token_is_told_before_the_socket_closes(client) -> None:
    _, talk = await connected(client, after=1)
    for wrong, code in (({**talk, "token": "no"}, "not_permitted"), ({**talk, "id": "gone"}, "not_found")):
        socket, _ = await connected(client, talk=wrong)
        frame = await socket.frame()
        assert (frame["type"], frame["id"], frame["problem"]["code"]) == ("refused", None, code)
        assert await socket.closed() == 1008


async def test_refusals_name_the_frame_and_keep_the_socket_open(client, built) -> None:
    live, _ = await connected(client, after=1)
    await live.until("ready")
    for content, code in (({"text": "x" * 4001}, "text_too_long"), ({"text": 1}, "invalid_input")):
        identity = new_id()
        await live.send("message", id=identity, **content)
        frame = await live.frame()
        assert (frame["id"], frame["problem"]["code"]) == (identity, code)
    built.limiter.closed = "web.message:"
    await live.send("message", id=new_id(), text="бір")
    assert (await live.frame())["problem"]["retry_after"] == 8
    built.limiter.closed = ""
    await live.send("ping")
    assert (await live.frame())["type"] == "pong"


async def test_only_known_origins_may_connect(client) -> None:
    for origin in ("https://evil.example", "null", "https://komekshi.example.evil.example"):
        with pytest.raises(WSServerHandshakeError) as caught:
            await client.ws_connect("/api/v1/ws", origin=origin)
        assert caught.value.status == 403
    for origin in (
        "https://akimat.example",
        "https://komekshi.example",
        f"http://{client.host}:{client.port}",
    ):
        await (await client.ws_connect("/api/v1/ws", origin=origin)).close()


async def test_a_plain_request_to_the_socket_is_refused(client) -> None:
    assert (await client.get("/api/v1/ws")).status == 415


async def test_an_acknowledged_message_is_worked_although_the_client_leaves(client, built) -> None:
    built.assistant.delay = 0.2
    live, _ = await connected(client, after=1)
    await live.until("ready")
    await live.send("message", id=new_id(), text="бір")
    await live.until("ack")
    await live.socket.close()
    async with asyncio.timeout(HANGS_SECONDS):
        while len(built.assistant.talks["talk-1"].messages) < 3:  # noqa: ASYNC110 - nobody is left to be told
            await asyncio.sleep(0.01)
    assert [m.text for m in built.assistant.talks["talk-1"].messages][1:] == ["бір", "«бір»"]


async def test_shutdown_closes_sockets_with_1001_at_once(client, built) -> None:
    live, _ = await connected(client, after=1)
    await live.until("ready")
    sockets = open_sockets(built.app)
    assert len(sockets) == 1
    closing = asyncio.create_task(sockets.close_all())
    assert await live.closed() == 1001
    await closing


async def test_trouble_in_storage_closes_with_1011_and_lets_go(client, built) -> None:
    live, _ = await connected(client, after=1)
    await live.until("ready")
    built.assistant.broken = True
    await live.send("message", id=new_id(), text="бір")
    assert await live.closed() == 1011
    async with asyncio.timeout(HANGS_SECONDS):
        while any(built.bus.queues.values()) or len(open_sockets(built.app)):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)
