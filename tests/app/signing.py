"""A citizen about to sign: the product with signatures on, a person who exists nowhere, and the way to the page."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.app.records import Message
from bot.bootstrap import Product, build, new_id
from bot.settings import Settings
from dialogs.events import ButtonPressed, UserSaid
from dialogs.model import Mode, Office
from tests.factories import FakeClock, ScriptedNlu, parse, shipped_knowledge
from tests.fakes.ncanode import NcaNodeServer
from text.bilingual import Bilingual

STORY = "Щучинск қаласында үш күннен бері жылу жоқ, шара қолдануды сұраймын"
IIN = "900101300007"
PERSON = ("Сынақов Мысал", IIN, "8 701 000 00 00", "Щучинск, Абай көшесі, 1")
OFFICE = Office(
    Mode.DESK,
    Bilingual("Әкімдік", "Акимат"),
    "050540000006",
    "https://komekshi.example.kz",
    reachable=True,
    signature=True,
)


def signing(
    folder: Path, clock: FakeClock, node: NcaNodeServer, **settings: Any
) -> AbstractAsyncContextManager[Product]:
    """The product of an organisation that takes signatures."""
    known = replace(shipped_knowledge(), office=OFFICE)
    settings |= {"public_url": OFFICE.public_url, "signature": "ncanode", "ncanode_url": node.url}
    understanding = ScriptedNlu({STORY: parse("topic.UTIL.HEAT")})
    return build(
        Settings(data_dir=folder, **settings), clock=clock, understanding=understanding, knowledge=known
    )


async def press(product: Product, conversation: str, *buttons: str) -> tuple[Message, ...]:
    said: tuple[Message, ...] = ()
    for button in buttons:
        action, _, arg = button.partition(":")
        event = ButtonPressed(new_id(), product.clock.now(), action, arg)
        said = await product.conversations.exchange(conversation, event, "d")
    return said


async def told(product: Product, conversation: str, text: str = STORY) -> None:
    await product.conversations.exchange(conversation, UserSaid(new_id(), product.clock.now(), text), "d")


async def link(product: Product, conversation: str) -> str:
    """The address of the page offered last."""
    said = await product.conversations.messages(conversation)
    (url,) = [button.url for button in said[-1].buttons if button.url]
    return url


async def at_the_preview(product: Product) -> str:
    conversation = (await product.conversations.open("web", "kk")).conversation_id
    await told(product, conversation)
    await press(product, conversation, "filing.start", "filing.skip", "filing.agree")
    for answer in PERSON:
        await told(product, conversation, answer)
    return conversation


async def asked_to_sign(product: Product) -> tuple[str, str, bytes]:
    """The conversation, the page's key, and the bytes to sign."""
    conversation = await at_the_preview(product)
    await press(product, conversation, "filing.confirm", "signature.page")
    key = (await link(product, conversation)).partition("key=")[2]
    page = await product.pages.find(key)
    return conversation, key, page.text.encode()


async def appeals(product: Product, conversation: str) -> int:
    async with product.storage.read() as work:
        return len(await work.appeals.of_conversation(conversation, 9))
