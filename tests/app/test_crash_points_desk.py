"""The process is killed between any two steps of an appeal's life at the desk, from registration to its end.

Whoever got no answer sends the form again once the process is back, with what the page said when it was opened; a citizen's
client repeats what was not acknowledged. Then the appeal has gone the way it goes without a kill: each step was taken and
audited once, the citizen heard of each once, the answer's file is there once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from appeals import steps
from appeals.decisions import ReturnGround
from bot.app.records import Operator, Role
from bot.bootstrap import Product, build
from bot.settings import Settings
from dialogs.events import ButtonPressed, UserSaid
from tests.app.crashes import Disk, covered, walk
from tests.app.test_desk import EXECUTOR, HEAD, HEATED, filed
from tests.app.test_uploads import chunks, jpeg
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge

ERLAN = Operator("ex", "ex", "Ерлан", Role.EXECUTOR, "x")


@dataclass
class AtTheDesk:
    """The world of an appeal just filed, and of what is done with it, one act after the other."""

    acts: Sequence[Act]
    appeal_id: str = ""
    done: int = field(init=False, default=0)
    clock: FakeClock = field(init=False, default_factory=FakeClock)

    def anew(self) -> AtTheDesk:
        return replace(self)

    def started(self, folder: Path, **settings: Any) -> AbstractAsyncContextManager[Product]:
        found = Settings(data_dir=folder, **settings)
        return build(found, clock=self.clock, understanding=ScriptedNlu(), knowledge=shipped_knowledge())

    async def prepare(self, product: Product) -> None:
        assert isinstance(product.understanding, ScriptedNlu)
        async with product.storage.write() as work:
            await work.operators.add(ERLAN)
            await work.commit()
        self.appeal_id = (await filed(product, product.understanding)).id

    async def go_on(self, product: Product) -> None:
        await self._check_whole(product)
        for act in self.acts[self.done :]:
            await act.take(product, self.appeal_id, seen=self.done + 1)
            self.done += 1

    def tick(self) -> None:
        self.clock.pass_time(timedelta(minutes=1))

    async def _check_whole(self, product: Product) -> None:
        """No step was left half taken."""
        async with product.storage.read() as work:
            appeal = await work.appeals.get(self.appeal_id)
            _, *taken = await work.appeals.steps(self.appeal_id)
        assert await self._audited(product) == [(step.actor, f"appeal.{step.action}") for step in taken]
        assert appeal.version == len(taken) + 1
        assert not taken or appeal.status is taken[-1].status

    async def _audited(self, product: Product) -> list[tuple[str, str]]:
        async with product.storage.read() as work:
            newest = await work.audit.newest(100)
        return [(row.actor, row.action) for row in reversed(newest) if row.subject == self.appeal_id]

    async def left(self, product: Product) -> dict[str, Any]:
        """What has come of it, but for the hours."""
        async with product.storage.read() as work:
            appeal = await work.appeals.get(self.appeal_id)
            taken = await work.appeals.steps(self.appeal_id)
            files = await work.files.of_conversation(appeal.conversation_id)
        said = await product.conversations.messages(appeal.conversation_id)
        return {
            "appeal": (appeal.status, appeal.due, appeal.executor_id, appeal.body_name, appeal.answer),
            "steps": [(step.action, step.status, step.actor, step.note) for step in taken],
            "audit": await self._audited(product),
            "told": [message.text for message in said],
            "files": [(file.name, file.id in {part.id for part in appeal.answer_files}) for file in files],
        }


class Act(Protocol):
    """What somebody does until it is answered."""

    async def take(self, product: Product, appeal_id: str, seen: int) -> None: ...


@dataclass(frozen=True)
class Form:
    """An official's, filled in by the version `seen` and sent with its file."""

    who: Operator
    step: steps.Step
    note: str = ""
    file: bytes = b""

    async def take(self, product: Product, appeal_id: str, seen: int) -> None:
        step = self.step
        if self.file:
            file = await product.desk.attach(self.who, appeal_id, "анықтама.jpg", chunks(self.file))
            step = replace(step, files=(file,))  # type: ignore[call-arg]
        await product.desk.act(self.who, appeal_id, step, self.note, seen=seen)


@dataclass(frozen=True)
class InTheChat:
    """The citizen's: a button of the appeal's, and the words that follow it."""

    button: str
    words: str = ""

    async def take(self, product: Product, appeal_id: str, seen: int) -> None:
        async with product.storage.read() as work:
            appeal = await work.appeals.get(appeal_id)
        now = product.clock.now()
        said = [UserSaid(f"{seen}:words", now, self.words)] if self.words else []
        for event in (ButtonPressed(f"{seen}:button", now, self.button, appeal.reference), *said):
            assert await product.conversations.exchange(appeal.conversation_id, event, "d")
        await product.sweeps.recover()


REGISTERED = Form(EXECUTOR, steps.Register())
WAYS: dict[str, Sequence[Act]] = {
    "answered": (
        REGISTERED,
        Form(EXECUTOR, steps.Assign(ERLAN.id)),
        Form(ERLAN, steps.AskFix(date(2026, 11, 27), ("applicant.postal_address",)), "Мекенжай керек"),
        InTheChat("appeal.add", "Щучинск қ., Абылай хан к-сі, 10-7"),
        Form(ERLAN, steps.AcceptFix()),
        Form(HEAD, steps.Extend(date(2027, 1, 20)), "қосымша тексеру"),
        Form(ERLAN, HEATED, file=jpeg()),
    ),
    "forwarded and returned": (
        REGISTERED,
        Form(EXECUTOR, steps.Forward("Энергетика басқармасы"), "құзырет облыста"),
        Form(EXECUTOR, steps.Return(ReturnGround.IDENTICAL), "Осыған дейін жауап берілген"),
    ),
    "withdrawn": (REGISTERED, InTheChat("appeal.withdraw_yes")),
}


@pytest.mark.parametrize("way", WAYS)
async def test_killed_at_any_point_every_step_of_the_desk_is_taken_once_and_told_once(
    disk: Disk, way: str, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    left: list[dict[str, Any]] = []
    async for world, killer, product in walk(disk, AtTheDesk(WAYS[way])):
        points.append(f"point {killer.at}: {killer.where or 'not killed'}")
        left.append(await world.left(product))
    undisturbed = left[-1]
    for here, found in zip(points, left, strict=True):
        assert found == undisturbed, here
    assert len(undisturbed["steps"]) == 1 + len(WAYS[way])
    record_property("walked", covered(points[:-1]))
