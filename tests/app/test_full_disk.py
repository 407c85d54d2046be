"""A full disk: told clearly, nothing half kept, and the same succeeds once there is room again."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from appeals import steps
from appeals.lifecycle import Status
from bot.app.errors import NoRoom
from bot.bootstrap import Product, new_id, web_application
from bot.storage import SqlStorage
from dialogs.events import UserSaid
from tests.app.test_desk import EXECUTOR, filed
from tests.app.test_uploads import accept, jpeg, on_disk, opened
from tests.factories import ScriptedNlu

MANY_PAGES = 1_000_000


@pytest.fixture
async def client(product: Product) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(web_application(product))) as client:
        yield client


async def fill(product: Product) -> None:
    """Let SQLite find no page more than it has: it says itself what it says of a disk that is full."""
    await _most_pages(product, 1)


async def make_room(product: Product) -> None:
    await _most_pages(product, MANY_PAGES)


async def _most_pages(product: Product, number: int) -> None:
    assert isinstance(product.storage, SqlStorage)
    async with product.storage.engine.connect() as connection:
        await connection.execute(text(f"PRAGMA max_page_count={number}"))


async def test_a_message_that_finds_no_room_is_refused_by_name_and_taken_later(
    product: Product, client: TestClient[Any, Any]
) -> None:
    opening = await (await client.post("/api/v1/conversations", json={"locale": "ru"})).json()
    path, headers = (
        f"/api/v1/conversations/{opening['id']}/messages",
        {
            "Authorization": f"Bearer {opening['token']}",
            "Accept-Language": "ru",
        },
    )
    message = {"id": str(uuid4()), "text": "Нет тепла " * 300}
    await fill(product)
    refused = await client.post(path, json=message, headers=headers)
    told = await refused.json()
    assert (refused.status, told.get("code"), refused.headers.get("Retry-After")) == (507, "no_room", "60")
    assert "нет места" in told["detail"]
    await make_room(product)
    async with product.storage.read() as work:
        assert await work.conversations.find_waiting(opening["id"], 9) is None, "nothing half kept"
    taken = await client.post(path, json=message, headers=headers)
    assert (taken.status, bool((await taken.json())["replies"])) == (200, True)


async def test_what_was_acknowledged_before_the_disk_was_full_is_answered_once_there_is_room(
    product: Product,
) -> None:
    conversation = await opened(product)
    event = UserSaid(new_id(), product.clock.now(), "Нет тепла " * 300)
    await product.conversations.receive(conversation, event, "d")
    before = await product.conversations.messages(conversation)
    await fill(product)
    await product.conversations.process(conversation)
    await make_room(product)
    assert await product.conversations.messages(conversation) == before
    await product.conversations.process(conversation)
    assert len(await product.conversations.messages(conversation)) > len(before)


async def test_a_step_on_a_full_disk_is_not_taken_and_taken_later(product: Product, nlu: ScriptedNlu) -> None:
    appeal = await filed(product, nlu)
    note = "Причина " * 400
    await product.desk.act(EXECUTOR, appeal.id, steps.Register())
    forward = steps.Forward("Акимат области")
    await fill(product)
    with pytest.raises(NoRoom):
        await product.desk.act(EXECUTOR, appeal.id, forward, note)
    await make_room(product)
    async with product.storage.read() as work:
        assert (await work.appeals.get(appeal.id)).status is Status.REGISTERED
    assert (await product.desk.act(EXECUTOR, appeal.id, forward, note)).status is Status.FORWARDED


@pytest.mark.parametrize("where", ["files", "database"])
async def test_of_a_file_without_room_nothing_stays(
    product: Product, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    conversation = await opened(product)
    name = "с" * 90 + ".jpg"
    if where == "files":
        put, kept = product.files.put, list[bytes]()

        async def second_fails(content: bytes) -> str:
            if kept:
                raise OSError(errno.ENOSPC, "No space left on device")
            kept.append(content)
            return await put(content)

        with monkeypatch.context() as patch:
            patch.setattr(product.files, "put", second_fails)
            assert await accept(product, conversation, name, jpeg()) == (None, "unavailable")
    else:
        with monkeypatch.context() as patch:
            patch.setattr("bot.storage.repositories.files.Files.add", _no_room)
            assert await accept(product, conversation, name, jpeg()) == (None, "unavailable")
    assert not on_disk(product)
    attachment, why = await accept(product, conversation, name, jpeg())
    assert (bool(attachment), why) == (True, "")


async def _no_room(*_: object) -> None:
    raise NoRoom


async def test_a_page_without_javascript_says_so_in_the_citizens_language(
    product: Product, client: TestClient[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.public_status.PublicStatus.look_up", _no_room)
    for locale, told in (("kk", "орын жоқ"), ("ru", "нет места")):
        page = await client.post(
            f"/status?lang={locale}", data={"reference": "KM-2026-000001", "secret": "ABCD"}
        )
        assert (page.status, told in await page.text()) == (507, True)
