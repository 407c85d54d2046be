"""The outbox at work: appeals reach another system once although it fails, messages wait for their channel."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from appeals.lifecycle import Action
from bot.app.desk import Step
from bot.app.errors import RateLimited, RecipientGone
from bot.app.records import Address, Message
from bot.bootstrap import Product, build, new_id
from bot.settings import Settings
from dialogs.events import UserSaid
from dialogs.model import Mode
from tests.app.test_desk import EXECUTOR, filed
from tests.factories import NOON, FakeClock, ScriptedNlu, shipped_knowledge


class Receiver:
    """Another system: answers each request with the next status, 202 when none is left."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.seen: list[tuple[str, str]] = []

    async def handle(self, request: web.Request) -> web.Response:
        event = json.loads(await request.read())
        self.seen.append((request.headers["Komekshi-Id"], event["event"]))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 202)


@asynccontextmanager
async def connected(
    folder: Path, receiver: Receiver, clock: FakeClock, nlu: ScriptedNlu
) -> AsyncIterator[Product]:
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = Settings(
        data_dir=folder,
        filing_mode=Mode.CONNECTED,
        organisation_name="Акимат",
        organisation_bin="050540000006",
        webhook_url=f"http://127.0.0.1:{runner.addresses[0][1]}/hook",
        webhook_secret="shared",
    )
    try:
        async with build(settings, clock=clock, understanding=nlu, knowledge=shipped_knowledge()) as product:
            yield product
    finally:
        await runner.cleanup()


async def test_an_appeal_reaches_another_system_in_order_with_the_same_id_at_every_attempt(
    tmp_path: Path, clock: FakeClock, nlu: ScriptedNlu
) -> None:
    receiver = Receiver(503, 500)
    async with connected(tmp_path, receiver, clock, nlu) as product:
        appeal = await filed(product, nlu)
        await product.desk.act(EXECUTOR, appeal.id, Step(Action.REGISTER))
        for _ in range(6):
            await product.delivery.run_once()
            clock.pass_time(timedelta(minutes=1))
        async with product.storage.read() as work:
            assert await work.outbox.pending() == 0
    names = [name for _, name in receiver.seen]
    assert names == ["appeal.created"] * 3 + ["appeal.registered"]
    assert len({id_ for id_, _ in receiver.seen}) == 2


async def test_a_refused_appeal_waits_for_an_operator_and_can_be_tried_again(
    tmp_path: Path, clock: FakeClock, nlu: ScriptedNlu
) -> None:
    receiver = Receiver(422)
    async with connected(tmp_path, receiver, clock, nlu) as product:
        await filed(product, nlu)
        await product.delivery.run_once()
        async with product.storage.write() as work:
            (dead,) = await work.outbox.dead(10)
            assert await work.outbox.revive(dead.id, clock.now())
            await work.commit()
        await product.delivery.run_once()
        async with product.storage.read() as work:
            assert await work.outbox.pending() == 0
            assert not await work.outbox.dead(10)
    assert len(receiver.seen) == 2


class Phone:
    """A channel that fails as it is told to."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.got: list[str] = []

    async def deliver(self, to: Address, message: Message, replaced: str | None) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.got.append(message.text)
        return str(len(self.got))


async def test_messages_wait_out_a_flood_limit_and_stop_for_who_has_left(
    product: Product, clock: FakeClock
) -> None:
    address = Address("telegram", "42")
    conversation = await product.conversations.at_address(address, "ru")
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, "меню"), "d")
    phone = Phone(RateLimited(7))
    delivery = replace(product.delivery, channels={"telegram": phone})
    await delivery.run_once()
    assert not phone.got
    clock.pass_time(timedelta(seconds=8))
    await delivery.run_once()
    assert len(phone.got) == 1
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, "меню"), "d")
    phone.errors = [RecipientGone("blocked")]
    await delivery.run_once()
    async with product.storage.read() as work:
        found = await work.conversations.find(conversation)
        assert found is not None
        assert found.unreachable
