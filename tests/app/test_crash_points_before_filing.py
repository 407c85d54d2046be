"""The process is killed between any two steps of what comes before an appeal is in the registry: signing, and sending a file.

The citizen does again what was not answered. Then the appeal is there exactly once, with its signature or its file, nothing
is left lying about, and the citizen knows the reference.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from appeals.lifecycle import Status
from bot.app.errors import PageGone
from bot.app.records import AppealRecord
from bot.bootstrap import Product
from dialogs.events import ButtonPressed, CitizenEvent, FileSent
from tests.app.crashes import Disk, covered, walk
from tests.app.signing import at_the_preview, signing
from tests.app.test_uploads import accept, jpeg, on_disk
from tests.factories import FakeClock
from tests.fakes.authority import OPENSSL, Authority, Key, content_of
from tests.fakes.ncanode import NcaNodeServer

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
SOON = timedelta(minutes=5)
"""A citizen tries again before the page for signing expires."""


@dataclass
class Preview:
    """A citizen with a key, at the preview of an appeal, where appeals may be signed."""

    node: NcaNodeServer
    key: Key
    conversation: str = ""
    clock: FakeClock = field(init=False, default_factory=FakeClock)

    def __post_init__(self) -> None:
        """Certificates are made now."""
        self.clock.pass_time(self.node.now() - self.clock.now())

    def anew(self) -> Self:
        return replace(self)

    def started(self, folder: Path, **settings: Any) -> AbstractAsyncContextManager[Product]:
        return signing(folder, self.clock, self.node, **settings)

    def tick(self) -> None:
        self.clock.pass_time(SOON)

    async def prepare(self, product: Product) -> None:
        self.conversation = await at_the_preview(product)

    async def does(self, product: Product, event: CitizenEvent) -> None:
        replies = await product.conversations.exchange(self.conversation, event, "d")
        assert replies, "what was acknowledged is answered"

    async def presses(self, product: Product, button: str) -> None:
        """Again, it is the same press."""
        await self.does(product, ButtonPressed(button, self.clock.now(), button))

    async def filed(self, product: Product) -> AppealRecord:
        """The one appeal there is."""
        async with product.storage.read() as work:
            (appeal,) = await work.appeals.of_conversation(self.conversation, 10)
            steps = [step.status for step in await work.appeals.steps(appeal.id)]
            later = self.clock.now() + SOON
            assert not await work.inbox.conversations_with_pending(later, 10)
            assert not await work.outbox.pending()
        assert steps == [Status.CREATED]
        said = await product.conversations.messages(self.conversation)
        receipt = next(message.attachment_id for message in said if appeal.reference in message.text)
        assert receipt
        assert (await product.documents.fetch(self.conversation, receipt)).content.startswith(b"%PDF")
        return appeal


@dataclass
class Signs(Preview):
    """Who signs it on the one-time page."""

    async def go_on(self, product: Product) -> None:
        for button in ("filing.confirm", "signature.page"):
            await self.presses(product, button)
        said = await product.conversations.messages(self.conversation)
        (address,) = [button.url for message in said for button in message.buttons if button.url]
        with suppress(PageGone):  # the signature was taken before
            page = await product.pages.find(address.partition("key=")[2])
            await product.pages.sign(page, Authority.sign(self.key, page.text.encode()))
        await product.sweeps.recover()


@dataclass
class SendsPhoto(Preview):
    """Who adds a photo and then files unsigned."""

    async def go_on(self, product: Product) -> None:
        photo, refused = await accept(product, self.conversation, "үй.jpg", jpeg())
        assert not refused
        await self.does(product, FileSent("photo", self.clock.now(), photo))
        for button in ("filing.confirm", "filing.unsigned"):
            await self.presses(product, button)
        await product.sweeps.recover()


async def test_killed_at_any_point_of_signing_the_appeal_is_there_once_with_its_signature(
    disk: Disk, node: NcaNodeServer, own: Key, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    async for world, killer, product in walk(disk, Signs(node, own)):
        here = f"point {killer.at}: {killer.where or 'not killed'}"
        points.append(killer.where)
        appeal = await world.filed(product)
        async with product.storage.read() as work:
            (signature,) = await work.signatures.of_conversation(world.conversation)
        assert signature.appeal_id == appeal.id, here
        assert content_of(signature.cms) == signature.text.encode(), here
        said = [message.text for message in await product.conversations.messages(world.conversation)]
        assert len([text for text in said if "ЭЦҚ қойылған" in text]) == 1, here
    assert points.pop() == ""
    assert {"before a call", "after a call", "before a commit", "after a commit"} == set(points)
    record_property("walked", covered(points))


async def test_killed_at_any_point_of_sending_a_file_it_is_there_once(
    disk: Disk, node: NcaNodeServer, own: Key, record_property: Callable[[str, object], None]
) -> None:
    points: list[str] = []
    async for world, killer, product in walk(disk, SendsPhoto(node, own)):
        here = f"point {killer.at}: {killer.where or 'not killed'}"
        points.append(killer.where)
        appeal = await world.filed(product)
        async with product.storage.read() as work:
            (file,) = await work.files.of_conversation(world.conversation)
        assert [one.id for one in appeal.draft.attachments] == [file.id], here
        assert {path.name for path in on_disk(product)} == {file.sha256, file.thumbnail}, here
        said = [message.text for message in await product.conversations.messages(world.conversation)]
        assert len([text for text in said if text.startswith("📎")]) == 1, here
    assert points.pop() == ""
    assert {"before a file's write", "after a file's write", "before a commit", "after a commit"} == set(
        points
    )
    record_property("walked", covered(points))
