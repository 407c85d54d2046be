"""The process is killed between any two steps from the citizen's «confirm» to the status that comes back.

Every commit and every call to another system is a point before and after which it dies, each in turn. It is started again
over the same data, and the world goes on as it does: the citizen's client repeats what was not answered, the other system
repeats what was not acknowledged. Then the appeal is there exactly once on both sides, the citizen knows its reference and
its number, and nothing is open that an operator does not see.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from appeals.lifecycle import Status
from bot.bootstrap import Product, new_id
from bot.storage.uow import SqlUnitOfWork
from dialogs.events import ButtonPressed, ContactShared, Event, UserSaid
from integrations.http import HttpClient
from integrations.open311.fake import FakeGeoReport
from integrations.ports import Reports
from integrations.webhook.fake import FakeReceiver
from tests.app.other_systems import connected, pending
from tests.app.test_desk import STORY
from tests.conftest import administer
from tests.factories import FakeClock, ScriptedNlu, parse
from tests.integrations.servers import SECRET

HOUR = timedelta(hours=1)
ROUNDS = 3
NUMBER = "ЖТ-2026/17"


class Killed(BaseException):
    """No handler of the product's may survive it."""


@dataclass
class Killer:
    """Kills at point `at`; whatever the dead process still tries, it dies again."""

    at: int
    passed: int = 0
    where: str = ""

    @property
    def dead(self) -> bool:
        return self.passed > self.at

    def point(self, where: str) -> None:
        self.passed += 1
        if self.dead:
            self.where = self.where or where
            raise Killed(where)

    def around(self, what: str, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched(*args: Any, **options: Any) -> Any:
            self.point(f"before {what}")
            result = await call(*args, **options)
            self.point(f"after {what}")
            return result

        return watched


@contextmanager
def killing(killer: Killer) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlUnitOfWork, "commit", killer.around("a commit", SqlUnitOfWork.commit))
        patch.setattr(HttpClient, "call", killer.around("a call", HttpClient.call))
        yield


@dataclass
class World:
    """What does not die with the process."""

    clock: FakeClock
    receiver: FakeReceiver | None = None
    city: FakeGeoReport | None = None
    confirm: ButtonPressed = field(default_factory=lambda: ButtonPressed("", FakeClock().now(), ""))
    conversation: str = ""

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


def _world(system: str) -> World:
    """With a system that reports and drops repetitions, or with one that is asked and does not."""
    clock = FakeClock()
    if system == "open311":
        return World(clock, city=FakeGeoReport(clock.now()))
    return World(clock, receiver=FakeReceiver(SECRET, clock.now().timestamp()))


@dataclass
class Disk:
    """What the process leaves behind: its folder, and its database where that is on a server of its own."""

    folder: Path
    server: str | None

    def settings(self, name: str) -> dict[str, Any]:
        if self.server is None:
            return {}
        url = make_url(self.server).set(database=f"walk_{name}")
        return {"database_url": url.render_as_string(hide_password=False), "secret_key": "walk"}

    def started(self, name: str, world: World) -> AbstractAsyncContextManager[Product]:
        systems: dict[str, Any] = {"webhook": world.receiver, "open311": world.city}
        return connected(self.folder / name, world.clock, **systems, **self.settings(name))

    @contextmanager
    def new(self, name: str, like: str = "") -> Iterator[None]:
        """A disk of that name, empty or a copy."""
        if like:
            shutil.copytree(self.folder / like, self.folder / name)
        if self.server is None:
            yield
            return
        administer(self.server, f"CREATE DATABASE walk_{name}" + (f" TEMPLATE walk_{like}" if like else ""))
        try:
            yield
        finally:
            administer(self.server, f"DROP DATABASE walk_{name} WITH (FORCE)")


async def _walk(disk: Disk, system: str) -> AsyncIterator[tuple[World, Killer, Product]]:
    """A world whose process was killed, started anew and caught up; at last one where it was not killed."""
    template = _world(system)
    with disk.new("template"):
        async with disk.started("template", template) as product:
            await template.prepare(product)
        for at in count():
            killer, name = Killer(at), str(at)
            world = replace(_world(system), conversation=template.conversation, confirm=template.confirm)
            with disk.new(name, like="template"):
                async with disk.started(name, world) as product:
                    with killing(killer):
                        try:
                            await world.go_on(product)
                        except (Killed, AssertionError):
                            assert killer.dead
                async with disk.started(name, world) as product:
                    for _ in range(ROUNDS):
                        _tick(world)
                        await world.go_on(product)
                    yield world, killer, product
            if not killer.dead:
                return


def _tick(world: World) -> None:
    world.clock.pass_time(HOUR)
    if world.receiver is not None:
        world.receiver.clock = world.clock.now().timestamp()
    if world.city is not None:
        world.city.now = world.clock.now()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    """Of the product on either database."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    return Disk(tmp_path, server)


@pytest.mark.parametrize("system", ["webhook", "open311"])
async def test_killed_at_any_point_nothing_is_lost_and_nothing_doubles(
    disk: Disk, system: str, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    async for world, killer, product in _walk(disk, system):
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
    commits = sum(point.endswith("commit") for point in points)
    record_property(
        "walked", f"{len(points)} crash points, {commits} at commits, {len(points) - commits} at calls"
    )
