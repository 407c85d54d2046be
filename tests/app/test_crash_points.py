"""The process is killed between any two steps from the citizen's «confirm» to the status that comes back.

Every commit and every call to another system is a point before and after which it dies, each in turn. It is started again
over the same data, and the world goes on as it does: the citizen's client repeats what was not answered, the other system
repeats what was not acknowledged. Then the appeal is there exactly once on both sides, the citizen knows its reference and
its number, and nothing is open that an operator does not see.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from appeals.lifecycle import Status
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, ContactShared, Event, UserSaid
from integrations.open311.fake import FakeGeoReport
from integrations.ports import Reports
from integrations.webhook.fake import FakeReceiver
from tests.app.crashes import Disk, covered, walk
from tests.app.other_systems import connected, pending
from tests.app.test_desk import STORY
from tests.factories import FakeClock, ScriptedNlu, parse
from tests.integrations.servers import SECRET

HOUR = timedelta(hours=1)
NUMBER = "ЖТ-2026/17"


@dataclass
class OtherSystem:
    """The world in which another system gets the appeal: one that reports, or a city that is asked."""

    kind: str
    confirm: ButtonPressed = field(default_factory=lambda: ButtonPressed("", FakeClock().now(), ""))
    conversation: str = ""
    clock: FakeClock = field(init=False, default_factory=FakeClock)
    receiver: FakeReceiver | None = field(init=False, default=None)
    city: FakeGeoReport | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """One drops repetitions, the other does not."""
        if self.kind == "open311":
            self.city = FakeGeoReport(self.clock.now())
        else:
            self.receiver = FakeReceiver(SECRET, self.clock.now().timestamp())

    def anew(self) -> OtherSystem:
        return replace(self)

    def started(self, folder: Path, **settings: Any) -> AbstractAsyncContextManager[Product]:
        systems: dict[str, Any] = {"webhook": self.receiver, "open311": self.city}
        return connected(folder, self.clock, **systems, **settings)

    def tick(self) -> None:
        self.clock.pass_time(HOUR)
        if self.receiver is not None:
            self.receiver.clock = self.clock.now().timestamp()
        if self.city is not None:
            self.city.now = self.clock.now()

    async def prepare(self, product: Product) -> None:
        """A citizen who has only to confirm."""
        assert isinstance(product.understanding, ScriptedNlu)
        product.understanding.known[STORY] = parse("topic.UTIL.HEAT")
        self.conversation = (await product.conversations.open("web", "kk")).conversation_id
        now = self.clock.now()

        async def does(event: Event) -> None:
            await product.conversations.exchange(self.conversation, event, "d")  # type: ignore[arg-type]

        await does(UserSaid(new_id(), now, STORY))
        for button in ("filing.start", "filing.agree"):
            await does(ButtonPressed(new_id(), now, button))
        for words in ("Сынақов Мысал", "900101300007"):
            await does(UserSaid(new_id(), now, words))
        await does(ContactShared(new_id(), now, "+77015554433"))
        await does(UserSaid(new_id(), now, "Щучинск, Үлгі көшесі, 5"))
        self.confirm = ButtonPressed(new_id(), now, "filing.confirm")

    async def go_on(self, product: Product) -> None:
        """Everybody does, or does again, what is theirs to do."""
        replies = await product.conversations.exchange(self.conversation, self.confirm, "d")
        assert replies, "an acknowledged confirmation is answered"
        await product.sweeps.recover()
        await product.delivery.run_once()
        if self.receiver is not None:
            await self._report(product, self.receiver)
        await product.status_reports.poll()

    async def _report(self, product: Product, receiver: FakeReceiver) -> None:
        """The back office registers what it has, and repeats its report until it is acknowledged."""
        reference = await self.reference(product)
        if reference not in [event["appeal"]["reference"] for event in receiver.kept.values()]:
            return
        told = {
            "schema": "komekshi.status/1",
            "sequence": 1,
            "reference": reference,
            "status": "registered",
            "at": self.clock.now().isoformat(),
            "number": NUMBER,
        }
        body = json.dumps(told).encode()
        connector = product.dispatch.connectors["webhook"]
        assert isinstance(connector, Reports)
        signed = receiver.signed(f"report-{reference}", body, self.clock.now().timestamp())
        await product.status_reports.take("webhook", connector.read_report(signed, body))

    async def reference(self, product: Product) -> str:
        async with product.storage.read() as work:
            (appeal,) = await work.appeals.of_conversation(self.conversation, 10)
        return appeal.reference

    def copies(self, reference: str) -> int:
        """How often the other system has the appeal."""
        if self.receiver is not None:
            return [event["appeal"]["reference"] for event in self.receiver.kept.values()].count(reference)
        assert self.city is not None
        told = [row["description"].partition("\n")[0] for row in self.city.requests.values()]
        return told.count(reference)


@pytest.mark.parametrize("system", ["webhook", "open311"])
async def test_killed_at_any_point_nothing_is_lost_and_nothing_doubles(
    disk: Disk, system: str, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    async for world, killer, product in walk(disk, OtherSystem(system)):
        here = f"point {killer.at}: {killer.where or 'not killed'}"
        points.append(killer.where)
        reference = await world.reference(product)
        async with product.storage.read() as work:
            (appeal,) = await work.appeals.of_conversation(world.conversation, 10)
            steps = [step.status for step in await work.appeals.steps(appeal.id)]
            dead = await work.outbox.dead(10)
        told = [message.text for message in await product.conversations.messages(world.conversation)]
        assert world.copies(reference) == 1, here
        assert steps == [Status.CREATED, Status.REGISTERED], here
        assert appeal.number is not None, here
        assert len([text for text in told if appeal.number in text]) == 1, here
        assert [text for text in told if reference in text], here
        assert (await pending(product), dead) == (0, []), here
        assert await product.delivery_control.degraded() == [], here
    assert points.pop() == ""
    assert len(points) >= 10
    assert {point.partition(" ")[0] for point in points} == {"before", "after"}
    assert {point.partition(" a ")[2] for point in points} == {"commit", "call"}
    record_property("walked", covered(points))
