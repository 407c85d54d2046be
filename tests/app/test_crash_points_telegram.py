"""The process is killed between any two steps of what is said in a Telegram chat.

Telegram repeats an update until it was kept, and never again. It has no key by which a message sent twice would be known: so
all that is said gets there, in order, and of a killed process one message may come a second time, which is what
docs/telegram.md promises.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot

from appeals import steps
from bot.app.records import Address, AppealRecord
from bot.bootstrap import Product, build
from bot.channels.telegram import channel
from bot.channels.telegram.pacing import Pace
from bot.settings import Settings
from dialogs.events import ButtonPressed, CitizenEvent, UserSaid
from tests.app.crashes import Disk, covered, walk
from tests.app.other_systems import pending
from tests.app.test_desk import EXECUTOR, HEAD, HEATED, STORY
from tests.factories import FakeClock, ScriptedNlu, parse, shipped_knowledge
from tests.fakes.telegram_server import TelegramServer

ADDRESS = Address("telegram", "501")
LONG = replace(HEATED, text="Жылу желісі жөнделді, үйге жылу қайта берілді. " * 120)
OWN = re.compile(r"(?<=Құпия коды: )\w+|\d\d:\d\d")
LEASED = timedelta(minutes=1)


@dataclass
class InTelegram:
    """A citizen who has only to confirm, then the desk, which registers and answers at length."""

    conversation: str = ""
    clock: FakeClock = field(init=False, default_factory=FakeClock)
    api: TelegramServer = field(init=False, default_factory=TelegramServer)
    kept: bool = field(init=False, default=False)

    def anew(self) -> InTelegram:
        return replace(self)

    @asynccontextmanager
    async def started(self, folder: Path, **settings: Any) -> AsyncIterator[Product]:
        self.api.citizen(int(ADDRESS.external_id))
        async with self.api:
            found = Settings(
                data_dir=folder,
                telegram_bot_token=self.api.token,
                telegram_api_base=self.api.url,
                **settings,
            )
            nlu = ScriptedNlu({STORY: parse("topic.UTIL.HEAT")})
            async with build(
                found, clock=self.clock, understanding=nlu, knowledge=shipped_knowledge()
            ) as product:
                yield product

    async def prepare(self, product: Product) -> None:
        self.conversation = await product.conversations.at_address(ADDRESS, "kk")
        events: list[CitizenEvent] = [UserSaid("story", self.clock.now(), STORY)]
        events += [
            ButtonPressed(name, self.clock.now(), name)
            for name in ("filing.start", "filing.agree", "filing.synthetic")
        ]
        for event in events:
            await product.conversations.exchange(self.conversation, event, "d")
        await _deliver(product)

    async def go_on(self, product: Product) -> None:
        await product.sweeps.recover()
        await _deliver(product)
        if not self.kept:
            confirm = ButtonPressed("confirm", self.clock.now(), "filing.confirm")
            await product.conversations.receive(self.conversation, confirm, "d")
            self.kept = True
            await product.conversations.process(self.conversation)
            await _deliver(product)
        for version, (who, step) in enumerate(((EXECUTOR, steps.Register()), (HEAD, LONG)), 1):
            appeal = await self.appeal(product)
            if appeal.version == version:
                await product.desk.act(who, appeal.id, step, seen=version)
                await _deliver(product)

    def tick(self) -> None:
        self.clock.pass_time(LEASED)

    async def appeal(self, product: Product) -> AppealRecord:
        async with product.storage.read() as work:
            (appeal,) = await work.appeals.of_conversation(self.conversation, 10)
        return appeal

    @property
    def seen(self) -> list[str]:
        """What the chat shows, a document by its name; but for the secret and the hour, which are each process's own."""
        (chat,) = self.api.chats.values()
        shown = [message.document[0] if message.document else message.text for message in chat.shown]
        return [OWN.sub("…", text) for text in shown]


async def _deliver(product: Product) -> None:
    while await product.delivery.run_once():
        pass


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, no_tls_to_wait_for: None) -> None:
    """Nobody waits for a chat's next second."""

    async def no_time(_: float) -> None:
        return

    monkeypatch.setattr(channel, "Pace", partial(Pace, sleep=no_time))


@pytest.mark.parametrize(
    "disk", ["sqlite"], indirect=True
)  # the other walks go over both; this one is the longest
async def test_killed_at_any_point_all_is_said_in_order_and_at_most_one_message_twice(
    disk: Disk, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    seen: list[list[str]] = []
    async for world, killer, product in walk(disk, InTelegram(), (Bot, "__call__", "a message")):
        here = f"point {killer.at}: {killer.where or 'not killed'}"
        points.append(killer.where)
        seen.append(world.seen)
        assert (await world.appeal(product)).answer == LONG.text.strip(), here
        async with product.storage.read() as work:
            assert not await work.outbox.dead(10), here
        assert await pending(product) == 0, here
        assert not [call for call in world.api.calls if call.refused], here
    undisturbed = seen[-1]
    for number, (where, shown) in enumerate(zip(points, seen, strict=True)):
        twice = len(shown) - len(undisturbed)
        assert _told_with_one_again(shown, undisturbed, twice), f"point {number}: {where}"
        assert not twice or where != "after a commit", f"point {number}: what was noted is not said again"
    assert points.pop() == ""
    assert {point.partition(" a ")[2] for point in points} == {"commit", "message"}
    record_property("walked", covered(points))


def _told_with_one_again(shown: list[str], undisturbed: list[str], twice: int) -> bool:
    """Whether the parts of one message, `twice` in number, stand there again after they were sent, and nothing else does."""
    ends = range(twice, len(undisturbed) + 1)
    return any(shown == undisturbed[:end] + undisturbed[end - twice :] for end in ends)
