"""Deliveries and keys in the console: what failed and why, without a word of a citizen, and what may be done."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.app.records import AppealRecord, Role
from bot.bootstrap import Product
from integrations.open311 import fake as georeport
from integrations.open311.fake import FakeGeoReport
from integrations.webhook import fake as hook
from integrations.webhook.fake import FakeReceiver
from tests.app.other_systems import connected, dead_letters, file_appeal, pending, rounds
from tests.console.scene import Scene, console_of
from tests.factories import NOON, FakeClock
from tests.integrations.servers import SECRET

ADMIN = ("admin", Role.ADMINISTRATOR)
SUPERVISOR = ("dana", Role.SUPERVISOR)
PERSONAL = ("Үлгіұлы", "900101300017", "+7701", "Абылай хан", "жылу жоқ")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def receiver() -> FakeReceiver:
    return FakeReceiver(SECRET, NOON.timestamp())


@pytest.fixture
async def linked(tmp_path: Path, clock: FakeClock, receiver: FakeReceiver) -> AsyncIterator[Scene]:
    """A console of a product that delivers to a webhook."""
    async with (
        connected(tmp_path, clock, webhook=receiver) as product,
        TestServer(console_of(product)) as server,
    ):
        scene = Scene(product, server)
        yield scene
        for client in scene.clients:
            await client.close()


async def test_a_proxys_page_is_told_in_words_and_the_event_still_waits(
    linked: Scene, receiver: FakeReceiver
) -> None:
    receiver.faults.append(hook.PROXY)
    await file_appeal(linked.product)
    await linked.product.delivery.run_once()
    page = await (await linked.signed_in(*SUPERVISOR)).text("/console/deliveries")
    assert "Похоже, ответил не получатель" in page
    assert "foreign_answer" not in page
    assert await pending(linked.product) == 1
    assert not receiver.kept


async def refused(product: Product, receiver: FakeReceiver) -> AppealRecord:
    receiver.faults.append(hook.REFUSE)
    appeal = await file_appeal(product)
    await product.delivery.run_once()
    return appeal


async def test_a_refused_delivery_is_shown_without_personal_data_and_tried_again(
    linked: Scene, receiver: FakeReceiver
) -> None:
    appeal = await refused(linked.product, receiver)
    visitor = await linked.signed_in(*SUPERVISOR)
    page = await visitor.text("/console/deliveries")
    for told in (
        appeal.reference,
        "Система отказала.",
        "status 422",
        "Нужно посмотреть",
        "Отопление и горячая вода",
    ):
        assert told in page
    assert not [word for word in PERSONAL if word in page]
    (row,) = await dead_letters(linked.product)
    async with linked.product.bus.subscribe("outbox") as news:
        assert (await visitor.post(f"/console/deliveries/{row.id}/again")).status == 303
        assert (await anext(news))[0] == "outbox"
    await linked.product.delivery.run_once()
    assert list(receiver.kept) == [row.id]
    page = await visitor.text(f"/console/deliveries?appeal={appeal.id}")
    assert "Доставлено" in page
    assert "Отказано" in page
    assert (await visitor.post(f"/console/deliveries/{row.id}/again")).status == 404


async def test_giving_up_needs_a_note_and_lets_the_rest_go_on(linked: Scene, receiver: FakeReceiver) -> None:
    await refused(linked.product, receiver)
    visitor = await linked.signed_in(*SUPERVISOR)
    (row,) = await dead_letters(linked.product)
    answer = await visitor.post(f"/console/deliveries/{row.id}/discard", {"note": " "})
    assert answer.status == 422
    assert "Напишите причину, чтобы её понял" in await answer.text()
    assert (
        await visitor.post(f"/console/deliveries/{row.id}/discard", {"note": "принято по телефону"})
    ).status == 303
    assert not await dead_letters(linked.product)
    assert "Решено не отправлять" in await visitor.text("/console/deliveries?done=discarded")
    async with linked.product.storage.read() as work:
        (audit, *_) = await work.audit.newest(1)
    assert (audit.action, audit.detail) == ("outbox.discarded", "принято по телефону")
    assert (await visitor.post(f"/console/deliveries/{row.id}/discard", {"note": "ещё раз"})).status == 404


async def test_no_missing_registration_is_asserted_of_what_another_system_has(
    linked: Scene, clock: FakeClock
) -> None:
    await file_appeal(linked.product)
    await linked.product.delivery.run_once()
    clock.pass_time(timedelta(days=1))
    assert await linked.product.sweeps.watch_terms() == 0
    page = await (await linked.signed_in(*SUPERVISOR)).text("/console/appeals")
    assert "нет сведений о регистрации" in page
    assert "не зарегистрировано в срок" not in page


async def test_everything_of_a_system_is_tried_again_at_once(linked: Scene, receiver: FakeReceiver) -> None:
    for _ in range(3):
        await refused(linked.product, receiver)
    visitor = await linked.signed_in(*SUPERVISOR)
    assert "Отправить снова всё" in await visitor.text("/console/deliveries")
    assert (await visitor.post("/console/deliveries/again", {"system": "webhook"})).status == 303
    await linked.product.delivery.run_once()
    assert len(receiver.kept) == 3


async def test_after_two_days_down_what_waits_is_sent_when_a_person_says_the_system_is_back(
    linked: Scene, receiver: FakeReceiver, clock: FakeClock
) -> None:
    receiver.faults.extend([hook.DOWN] * 400)
    await file_appeal(linked.product)
    await rounds(linked.product, clock, 2 * 24 * 4, timedelta(minutes=15))
    visitor = await linked.signed_in(*SUPERVISOR)
    page = await visitor.text("/console/deliveries")
    assert "Нужно посмотреть" in page
    receiver.faults.clear()
    receiver.clock = clock.now().timestamp()
    await linked.product.delivery.run_once()
    assert not receiver.kept, "its turn has not come yet"
    assert "Отправить снова всё" in page
    assert (await visitor.post("/console/deliveries/again", {"system": "webhook"})).status == 303
    await linked.product.delivery.run_once()
    assert len(receiver.kept) == 1
    assert "Отправить снова всё" not in await visitor.text("/console/deliveries")


async def test_sending_again_keeps_the_id_so_that_nothing_doubles(
    linked: Scene, receiver: FakeReceiver
) -> None:
    appeal = await file_appeal(linked.product)
    await linked.product.delivery.run_once()
    visitor = await linked.signed_in(*SUPERVISOR)
    (message,) = receiver.kept
    assert (await visitor.post(f"/console/deliveries/{message}/resend")).status == 303
    await linked.product.delivery.run_once()
    assert (len(receiver.kept), receiver.repeated) == (1, [message])
    receiver.kept.clear()
    assert (await visitor.post(f"/console/deliveries/appeals/{appeal.id}/resend")).status == 303
    await linked.product.delivery.run_once()
    assert list(receiver.kept) == [message], "a receiver that has lost it gets it again"
    assert (await visitor.post("/console/deliveries/none/resend")).status == 404
    assert (await visitor.post("/console/deliveries/appeals/none/resend")).status == 404


async def test_what_is_unclear_is_sent_only_when_a_person_says_it_is_not_there(
    tmp_path: Path, clock: FakeClock
) -> None:
    city = FakeGeoReport(NOON, faults=deque([georeport.ACCEPT_AND_CUT]), hides_descriptions=True)
    async with (
        connected(tmp_path, clock, open311=city) as product,
        TestServer(console_of(product)) as server,
    ):
        scene = Scene(product, server)
        await file_appeal(product)
        await rounds(product, clock, 3, timedelta(minutes=10))
        visitor = await scene.signed_in(*SUPERVISOR)
        page = await visitor.text("/console/deliveries")
        for told in ("Возможно, уже дошло", "Искать снова", "Там нет, отправить"):
            assert told in page
        (row,) = await dead_letters(product)
        assert (await visitor.post(f"/console/deliveries/{row.id}/send")).status == 303
        await product.delivery.run_once()
        assert await pending(product) == 0
        for client in scene.clients:
            await client.close()
    assert len(city.requests) == 2


async def test_messages_to_citizens_stand_there_too(scene: Scene) -> None:
    row = await scene.dead_letter(await scene.talk())
    visitor = await scene.signed_in(*SUPERVISOR)
    page = await visitor.text("/console/deliveries")
    assert "Сообщение гражданину" in page
    assert "12 попыток" in page
    assert (
        await visitor.post(f"/console/deliveries/{row}/discard", {"note": "давно неактуально"})
    ).status == 303
    assert not await dead_letters(scene.product)


async def test_only_overseers_see_deliveries_and_only_administrators_keys(scene: Scene) -> None:
    operator, supervisor = await scene.signed_in("aigerim"), await scene.signed_in(*SUPERVISOR)
    assert (await operator.get("/console/deliveries")).status == 403
    for path in ("x/again", "x/send", "x/discard", "x/resend", "again", "appeals/x/resend"):
        form = {"note": "причина", "system": "webhook"}
        assert (await operator.post(f"/console/deliveries/{path}", form)).status == 403
    for visitor in (operator, supervisor):
        assert (await visitor.get("/console/keys")).status == 403
        assert (await visitor.post("/console/keys", {"name": "Портал"})).status == 403
        assert (await visitor.post("/console/keys/x/revoke")).status == 403


async def test_a_key_is_shown_once_and_can_be_revoked(scene: Scene) -> None:
    visitor = await scene.signed_in(*ADMIN)
    assert (await visitor.post("/console/keys", {"name": "П"})).status == 422
    answer = await visitor.post("/console/keys", {"name": "Портал города"})
    page = await answer.text()
    assert answer.status == 201
    shown = re.search(r'<code id="once">([^<]+)</code>', page)
    assert shown
    page = await visitor.text("/console/keys")
    assert shown[1] not in page
    assert f"{shown[1][:6]}…" in page
    await scene.product.publication.admit(shown[1], "1.2.3.4")
    key = re.search(r"/console/keys/([0-9a-f]+)/revoke", page)
    assert key
    assert (await visitor.post(f"/console/keys/{key[1]}/revoke")).status == 303
    assert (await visitor.post(f"/console/keys/{key[1]}/revoke")).status == 404
    assert "отозван" in await visitor.text("/console/keys?done=revoked")
