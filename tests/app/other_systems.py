"""The product connected to strict fakes of other systems."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from appeals.lifecycle import Status
from bot.app.records import AppealRecord, AppealStep, OutboxRow
from bot.bootstrap import Product, build, new_id
from bot.settings import Settings
from dialogs.model import Mode
from integrations.dto import CREATED
from integrations.open311.fake import FakeGeoReport
from integrations.webhook.fake import FakeReceiver
from tests.factories import FakeClock, ScriptedNlu, shipped_knowledge
from tests.integrations.servers import DRAFT, SECRET, served

SERVICES = {
    "UTIL.HEAT": "001",
    "ROAD.LOCAL": "002",
    "CITY.YARD": "003",
    "CITY.TREES": "004",
    "UTIL.WATER": "005",
}


def connected_settings(folder: Path, **changes: Any) -> Settings:
    """An organisation that delivers; to where is said by `changes`."""
    return replace(
        Settings(
            data_dir=folder,
            filing_mode=Mode.CONNECTED,
            organisation_name="Акимат",
            organisation_bin="050540000006",
        ),
        **changes,
    )


@asynccontextmanager
async def connected(
    folder: Path,
    clock: FakeClock,
    *,
    webhook: FakeReceiver | None = None,
    open311: FakeGeoReport | None = None,
    **changes: Any,
) -> AsyncIterator[Product]:
    """The product with one or both systems at the other end."""
    knowledge = shipped_knowledge()
    async with AsyncExitStack() as stack:
        if webhook is not None:
            url = await stack.enter_async_context(served(webhook.application()))
            changes |= {"webhook_url": f"{url}/hook", "webhook_secret": (SECRET,)}
        if open311 is not None:
            url = await stack.enter_async_context(served(open311.application()))
            changes |= {
                "open311_url": f"{url}/v2",
                "open311_api_key": "a-city-key",
                "open311_jurisdiction": "city.example",
                "open311_services": SERVICES,
                "open311_reference_attribute": "REF",
            } | changes
        product = await stack.enter_async_context(
            build(
                connected_settings(folder, **changes),
                clock=clock,
                understanding=ScriptedNlu(),
                knowledge=replace(knowledge, office=replace(knowledge.office, mode=Mode.CONNECTED)),
            )
        )
        yield product


async def file_appeal(product: Product, **changes: Any) -> AppealRecord:
    """An appeal of a real person, in the registry and on its way out, as filing leaves it."""
    conversation = (await product.conversations.open("web", "ru")).conversation_id
    now = product.clock.now()
    async with product.storage.write() as work:
        number = await work.appeals.next_number(2026)
        appeal = AppealRecord(
            id=new_id(),
            reference=f"KM-2026-{number:06}",
            secret_hash="",
            conversation_id=conversation,
            draft=DRAFT,
            body_name="Отдел ЖКХ акимата Бурабайского района",
            locale="ru",
            status=Status.CREATED,
            synthetic=False,
            consent_version="2026-11",
            created_at=now,
            updated_at=now,
        )
        appeal = replace(appeal, **changes)
        await work.appeals.add(appeal)
        await work.appeals.add_step(AppealStep(appeal.id, now, "file", Status.CREATED, "citizen"))
        await work.outbox.add(product.dispatch.rows(appeal, CREATED, now))
        await work.commit()
        return await work.appeals.get(appeal.id)


async def dead_letters(product: Product) -> list[OutboxRow]:
    async with product.storage.read() as work:
        return list(await work.outbox.dead(10))


async def pending(product: Product) -> int:
    async with product.storage.read() as work:
        return await work.outbox.pending()


async def rounds(
    product: Product, clock: FakeClock, count: int = 4, step: timedelta = timedelta(hours=1)
) -> None:
    """The worker looks at the outbox every so often."""
    for _ in range(count):
        await product.delivery.run_once()
        clock.pass_time(step)
