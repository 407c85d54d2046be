"""Kills the process at each of its steps in turn, and starts it again over what it left behind."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import pytest
from sqlalchemy import make_url

from bot.bootstrap import Product
from bot.storage import DiskFiles
from bot.storage.uow import SqlUnitOfWork
from integrations.http import HttpClient
from integrations.signature.client import NcaNode
from tests.conftest import administer

ROUNDS = 3


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


Step = tuple[type, str, str]
"""A method, by its class and name, and what it is called in the words of a walk."""
STEPS: tuple[Step, ...] = (
    (SqlUnitOfWork, "commit", "a commit"),
    (HttpClient, "call", "a call"),
    (NcaNode, "verify", "a call"),
    (DiskFiles, "put", "a file's write"),
)


@contextmanager
def killing(killer: Killer, *more: Step) -> Iterator[None]:
    """Every commit, call to another system and write of a file is a point before and after which it dies."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, what in (*STEPS, *more):
            patch.setattr(owner, name, killer.around(what, getattr(owner, name)))
        yield


@dataclass
class Disk:
    """What the process leaves behind: its folder, and its database where that is on a server of its own."""

    folder: Path
    server: str | None

    def settings(self, name: str) -> dict[str, Any]:
        """Where the product finds the database of that disk when it is not in its folder."""
        if self.server is None:
            return {}
        url = make_url(self.server).set(database=f"walk_{name}")
        return {"database_url": url.render_as_string(hide_password=False), "secret_key": "walk"}

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


class World(Protocol):
    """What does not die with the process."""

    def anew(self) -> Self:
        """The world as `prepare` has left it."""

    def started(self, folder: Path, **settings: Any) -> AbstractAsyncContextManager[Product]:
        """The product in this world, with its data in `folder`."""

    async def prepare(self, product: Product) -> None:
        """What happens before the first point."""

    async def go_on(self, product: Product) -> None:
        """Everybody does, or does again, what is theirs to do."""

    def tick(self) -> None:
        """Time passes between two rounds."""


W = TypeVar("W", bound=World)


async def walk(disk: Disk, world: W, *more: Step) -> AsyncIterator[tuple[W, Killer, Product]]:
    """A world whose process was killed, started anew and caught up; at last one where it was not killed.

    more: steps that only this world has.
    """
    with disk.new("template"):
        async with world.started(disk.folder / "template", **disk.settings("template")) as product:
            await world.prepare(product)
        for at in count():
            killer, name, walked = Killer(at), str(at), world.anew()
            with disk.new(name, like="template"):
                async with walked.started(disk.folder / name, **disk.settings(name)) as product:
                    with killing(killer, *more):
                        try:
                            await walked.go_on(product)
                        except (Killed, AssertionError):
                            assert killer.dead
                async with walked.started(disk.folder / name, **disk.settings(name)) as product:
                    for _ in range(ROUNDS):
                        walked.tick()
                        await walked.go_on(product)
                    yield walked, killer, product
            if not killer.dead:
                return


def covered(points: list[str]) -> str:
    """How many crash points of which kind were walked, in words."""
    kinds = [point.partition(" a ")[2] for point in points]
    each = ", ".join(f"{kinds.count(kind)} at {kind}s" for kind in dict.fromkeys(kinds))
    return f"{len(points)} crash points, {each}"
