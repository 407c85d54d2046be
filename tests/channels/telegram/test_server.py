"""The double is as strict as Telegram: what passes here would pass there."""

import json
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram_server import Refusal, TelegramServer


async def call(server: TelegramServer, method: str, token: str = "", **params: Any) -> tuple[int, str]:
    """(status, description of the refusal)."""
    url = f"{server.url}/bot{token or server.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
        body = await answer.json()
    assert body["ok"] is (answer.status == 200)
    assert body.get("error_code", 200) == answer.status
    return answer.status, body.get("description", "")


def keyboard(*buttons: Any) -> str:
    return json.dumps({"inline_keyboard": [[button] for button in buttons]})


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": " "}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "🔥" * 2049}, "message is too long"),
        ({"text": "a", "chat_id": 999}, "chat not found"),
        ({"text": "a", "chat_id": "many"}, "must be an Integer"),
        ({"text": "a", "reply_markup": "{"}, "can't parse"),
        ({"text": "a", "reply_markup": "[]"}, "object expected"),
        ({"text": "a", "reply_markup": keyboard({"text": "A"})}, "unallowed"),
        ({"text": "a", "reply_markup": keyboard({"text": " ", "callback_data": "a"})}, "non-empty"),
        (
            {"text": "a", "reply_markup": keyboard({"text": "A", "callback_data": "ә" * 33})},
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "a", "reply_markup": keyboard(*[{"text": "A", "callback_data": "a"}] * 101)}, "too long"),
    ],
)
async def test_bad_messages_are_refused(server: TelegramServer, params: dict[str, Any], why: str) -> None:
    citizen = server.citizen()
    status, description = await call(server, "sendMessage", **{"chat_id": 501, **params})
    assert status == 400
    assert why in description
    assert not citizen.messages


@pytest.mark.parametrize(("content", "status"), [(b"", 400), (b"%PDF-", 200)])
async def test_a_document_has_content(server: TelegramServer, content: bytes, status: int) -> None:
    server.citizen()
    form = aiohttp.FormData({"chat_id": "501", "document": "attach://file"})
    form.add_field("file", content, filename="talon.pdf")
    url = f"{server.url}/bot{server.token}/sendDocument"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        assert answer.status == status


async def test_method_and_token_must_exist(server: TelegramServer) -> None:
    assert (await call(server, "sendPigeon"))[0] == 404
    assert (await call(server, "getMe", token="1:other"))[0] == 401
    assert (await call(server, "GETME"))[0] == 200


async def test_updates_come_again_until_confirmed(server: TelegramServer) -> None:
    first, second = server.citizen().says("a"), server.citizen().says("b")
    assert await call(server, "getUpdates") == (200, "")
    assert server.pending == [first, second]
    await call(server, "getUpdates", offset=first + 1)
    assert server.pending == [second]


async def test_webhook_and_polling_exclude_each_other(server: TelegramServer) -> None:
    await call(server, "setWebhook", url="http://127.0.0.1:9/", secret_token="s")
    assert (await call(server, "getUpdates"))[0] == 409
    assert (await call(server, "setWebhook", url="http://127.0.0.1:9/", secret_token="a b"))[0] == 400


async def test_phone_is_asked_for_in_private_only(server: TelegramServer) -> None:
    server.group(-5)
    markup = json.dumps({"keyboard": [[{"text": "A", "request_contact": True}]]})
    assert (
        "private chats only"
        in (await call(server, "sendMessage", chat_id=-5, text="a", reply_markup=markup))[1]
    )


async def test_commands_and_file_ids_are_checked(server: TelegramServer) -> None:
    bad = json.dumps([{"command": "Көмек", "description": "a"}])
    assert "BOT_COMMAND_INVALID" in (await call(server, "setMyCommands", commands=bad))[1]
    assert "invalid file_id" in (await call(server, "getFile", file_id="x"))[1]
    assert "too old" in (await call(server, "answerCallbackQuery", callback_query_id="1"))[1]


async def test_refusals_can_be_ordered(server: TelegramServer) -> None:
    server.citizen()
    server.flood(3)
    server.refuse("getMe", Refusal(500, "Internal Server Error"))
    assert (await call(server, "sendMessage", chat_id=501, text="a"))[0] == 429
    assert (await call(server, "sendMessage", chat_id=501, text="a"))[0] == 200
    assert (await call(server, "getMe"))[0] == 500
