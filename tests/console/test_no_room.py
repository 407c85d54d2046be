"""PostgreSQL on a full disk: citizen and official are told so, nothing is half kept, and later the same is taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from appeals import steps
from appeals.lifecycle import Status
from bot.bootstrap import Product, new_id, web_application
from bot.storage import SqlStorage
from dialogs.events import ButtonPressed, UserSaid
from tests.console.conftest import open_scene
from tests.console.scene import Scene
from tests.factories import NOON, ScriptedNlu, parse

STORY = "Щучинск қаласында үш күннен бері жылу жоқ"
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""


@pytest.fixture
async def scene(tmp_path: Path, postgres_url: str) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path, postgres_url) as opened:
        yield opened


@asynccontextmanager
async def no_room_for(table: str, product: Product) -> AsyncIterator[None]:
    """Let PostgreSQL itself say of a new row of this table what it says of a disk that is full."""
    assert isinstance(product.storage, SqlStorage)
    engine = product.storage.engine
    async with engine.begin() as connection:
        await connection.execute(text(FULL))
        await connection.execute(
            text(f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()")
        )
    try:
        yield
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("DROP FUNCTION no_room CASCADE"))


async def test_a_citizens_message_is_refused_by_name_and_taken_later(scene: Scene) -> None:
    product = scene.product
    async with TestClient(TestServer(web_application(product))) as client:
        opening = await (await client.post("/api/v1/conversations", json={"locale": "kk"})).json()
        path = f"/api/v1/conversations/{opening['id']}/messages"
        headers = {"Authorization": f"Bearer {opening['token']}", "Accept-Language": "kk"}
        message = {"id": str(uuid4()), "text": STORY}
        async with no_room_for("inbox", product):
            refused = await client.post(path, json=message, headers=headers)
            told = await refused.json()
        assert (refused.status, told["code"], refused.headers["Retry-After"]) == (507, "no_room", "60")
        assert "орын жоқ" in told["detail"]
        async with product.storage.read() as work:
            assert await work.conversations.find_waiting(opening["id"], 9) is None
        taken = await client.post(path, json=message, headers=headers)
        assert (taken.status, bool((await taken.json())["replies"])) == (200, True)


async def test_an_appeal_confirmed_on_a_full_disk_is_filed_once_there_is_room(scene: Scene) -> None:
    product = scene.product
    assert isinstance(product.conversations.understanding, ScriptedNlu)
    product.conversations.understanding.known[STORY] = parse("topic.UTIL.HEAT")
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, STORY), "d")
    for button in ("filing.start", "filing.agree", "filing.synthetic"):
        await product.conversations.exchange(conversation, ButtonPressed(new_id(), NOON, button), "d")
    # The appeal itself is written before its first step: neither may stay without the other.
    async with no_room_for("appeal_steps", product):
        confirm = ButtonPressed(new_id(), NOON, "filing.confirm")
        await product.conversations.receive(conversation, confirm, "d")
        await product.conversations.process(conversation)
        async with product.storage.read() as work:
            assert not await work.appeals.of_conversation(conversation, 9)
    await product.conversations.process(conversation)
    async with product.storage.read() as work:
        (appeal,) = await work.appeals.of_conversation(conversation, 9)
        assert [step.action for step in await work.appeals.steps(appeal.id)] == ["file"]
    assert appeal.reference in " ".join(await scene.spoken(conversation))


async def test_an_officials_step_is_not_taken_told_so_and_taken_later(scene: Scene) -> None:
    appeal, visitor = await scene.appeal(), await scene.signed_in()
    await scene.product.desk.act(await scene.account(), appeal.id, steps.Register())
    path, before = f"/console/appeals/{appeal.id}", await scene.stored(appeal.id)
    form = {"body": "Акимат области", "note": "Решает область", "seen": await visitor.seen(path)}
    said = await scene.spoken(appeal.conversation_id)
    async with no_room_for("appeal_steps", scene.product):
        refused = await visitor.post(f"{path}/forward", form)
        page = await refused.text()
    assert (refused.status, "На сервере нет места" in page) == (507, True)
    assert "Решает область" in page, "what was written is not lost"
    assert (await scene.stored(appeal.id), await scene.spoken(appeal.conversation_id)) == (before, said)
    assert (await visitor.post(f"{path}/forward", form)).status == 303
    assert (await scene.stored(appeal.id)).status is Status.FORWARDED
