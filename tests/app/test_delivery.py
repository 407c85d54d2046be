"""The outbox at work: appeals reach other systems exactly once although those fail, messages wait for their channel."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from appeals import steps
from bot.app.delivery import BACK_OFF_MOST, back_off
from bot.app.delivery_control import CHANNELS
from bot.app.errors import RateLimited, RecipientGone
from bot.app.records import Address, AttemptOutcome, Delivered, DeliveryAttempt, Message
from bot.bootstrap import Product, new_id
from dialogs.events import UserSaid
from integrations import http
from integrations.open311 import fake as georeport
from integrations.open311.fake import FakeGeoReport
from integrations.webhook import fake as hook
from integrations.webhook.fake import FakeReceiver
from tests.app.other_systems import connected, dead_letters, file_appeal, pending, rounds
from tests.app.test_desk import EXECUTOR, HEAD
from tests.contracts.samples import outbox_row
from tests.factories import NOON, FakeClock
from tests.integrations.servers import DRAFT, SECRET

HOUR = timedelta(hours=1)


class Receiver(FakeReceiver):
    """Lives by the test's clock."""

    def __init__(self, clock: FakeClock, *faults: str) -> None:
        super().__init__(SECRET, faults=deque(faults))
        self._clock = clock

    def _problem(self, headers, body):  # type: ignore[no-untyped-def]
        self.clock = self._clock.now().timestamp()
        return super()._problem(headers, body)


async def attempts(product: Product) -> list[DeliveryAttempt]:
    async with product.storage.read() as work:
        return list(reversed(await work.deliveries.attempts(100)))


# --- the webhook -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [hook.ACCEPT_AND_CUT, hook.ACCEPT_AND_FAIL, hook.CUT, hook.DOWN, hook.GARBAGE, hook.PROXY]
)
async def test_events_arrive_once_and_in_order_whatever_fails(
    data_dir: Path, clock: FakeClock, fault: str
) -> None:
    receiver = Receiver(clock, fault)
    async with connected(data_dir, clock, webhook=receiver) as product:
        appeal = await file_appeal(product)
        await product.desk.act(EXECUTOR, appeal.id, steps.Register())
        await rounds(product, clock)
        assert await pending(product) == 0
        assert not await dead_letters(product)
    assert [event["event"] for event in receiver.kept.values()] == ["appeal.created", "appeal.registered"]
    assert not receiver.refused


async def test_silence_after_accepting(
    data_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIME_LIMIT", 1.0)
    receiver = Receiver(clock, hook.ACCEPT_AND_HANG)
    async with connected(data_dir, clock, webhook=receiver) as product:
        await file_appeal(product)
        await rounds(product, clock, 2)
        assert await pending(product) == 0
        receiver.released.set()
        told = [attempt.outcome for attempt in await attempts(product)]
    assert told == [AttemptOutcome.UNCLEAR, AttemptOutcome.DELIVERED]
    assert (len(receiver.kept), len(receiver.repeated)) == (1, 1)


async def test_down_for_two_days(data_dir: Path, clock: FakeClock) -> None:
    """It is tried all the time, more and more rarely, seen by operators, and arrives in order in the end."""
    receiver = Receiver(clock, *[hook.DOWN] * 400)
    async with connected(data_dir, clock, webhook=receiver) as product:
        appeals = [await file_appeal(product) for _ in range(2)]
        await product.desk.act(EXECUTOR, appeals[0].id, steps.Register())
        await rounds(product, clock, 2 * 24 * 4, HOUR / 4)
        assert not receiver.kept
        tries = receiver.calls
        assert 80 <= tries <= 150
        async with product.storage.read() as work:
            (backlog,) = await work.outbox.backlog()
        assert (backlog.system, backlog.waiting, backlog.dead) == ("webhook", 3, 0)
        assert backlog.oldest == NOON
        receiver.faults.clear()
        await rounds(product, clock, 3, HOUR * 1.3)
        assert await pending(product) == 0
    told = [(event["appeal"]["reference"], event["event"]) for event in receiver.kept.values()]
    assert [name for reference, name in told if reference == appeals[0].reference] == [
        "appeal.created",
        "appeal.registered",
    ]
    assert len(told) == 3


async def test_a_refused_event_holds_its_appeal_back_until_a_person_decides(
    data_dir: Path, clock: FakeClock
) -> None:
    receiver = Receiver(clock, hook.REFUSE)
    async with connected(data_dir, clock, webhook=receiver) as product:
        appeal = await file_appeal(product)
        await product.desk.act(EXECUTOR, appeal.id, steps.Register())
        await rounds(product, clock)
        (dead,) = await dead_letters(product)
        assert dead.last_error.startswith("service_rejected: status 422")
        other = await file_appeal(product)
        await rounds(product, clock)
        assert [event["appeal"]["reference"] for event in receiver.kept.values()] == [other.reference]
        async with product.storage.write() as work:
            assert await work.outbox.revive(dead.id, clock.now())
            await work.commit()
        await rounds(product, clock)
        assert await pending(product) == 0
    told = [(event["appeal"]["reference"], event["event"]) for event in receiver.kept.values()]
    assert told[1:] == [(appeal.reference, "appeal.created"), (appeal.reference, "appeal.registered")]


async def test_a_system_that_is_not_connected_any_more_keeps_its_rows(
    data_dir: Path, clock: FakeClock
) -> None:
    receiver, city = Receiver(clock), FakeGeoReport(NOON)
    async with connected(data_dir, clock, webhook=receiver) as product:
        await file_appeal(product)
    async with connected(data_dir, clock, open311=city) as product:
        await rounds(product, clock, 2)
        assert await pending(product) == 1
        assert (await attempts(product))[0].error == "service_unavailable: not configured"
    async with connected(data_dir, clock, webhook=receiver) as product:
        await rounds(product, clock, 1)
        assert await pending(product) == 0


# --- a system that does not drop repetitions --------------------------------------------------

UNCLEAR = [
    georeport.ACCEPT_AND_CUT,
    georeport.ACCEPT_AND_FAIL,
    georeport.ACCEPT_AND_BABBLE,
    georeport.ACCEPT_AND_HANG,
]


@pytest.mark.parametrize("notation", ["json", "xml"])
@pytest.mark.parametrize("fault", UNCLEAR)
async def test_what_was_accepted_without_an_answer_is_found_again(
    data_dir: Path, clock: FakeClock, fault: str, notation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == georeport.ACCEPT_AND_HANG:
        monkeypatch.setattr(http, "TIME_LIMIT", 0.3)
    city = FakeGeoReport(NOON, faults=deque([fault]))
    async with connected(data_dir, clock, open311=city, open311_format=notation) as product:
        appeal = await file_appeal(product)
        await rounds(product, clock, 3)
        city.released.set()
        assert await pending(product) == 0
        assert [attempt.outcome for attempt in await attempts(product)] == [
            AttemptOutcome.UNCLEAR,
            AttemptOutcome.FOUND,
        ]
        async with product.storage.read() as work:
            case = await work.deliveries.case(appeal.id, "open311")
    assert len(city.requests) == 1
    assert case is not None
    assert case.external_id in city.requests


async def test_what_was_cut_off_before_it_was_accepted_is_sent_again(
    data_dir: Path, clock: FakeClock
) -> None:
    city = FakeGeoReport(NOON, faults=deque([georeport.CUT, georeport.DOWN]))
    async with connected(data_dir, clock, open311=city) as product:
        await file_appeal(product)
        await rounds(product, clock)
        assert await pending(product) == 0
    assert len(city.requests) == 1


async def test_an_unclear_delivery_is_given_time_to_show_up(data_dir: Path, clock: FakeClock) -> None:
    city = FakeGeoReport(NOON, faults=deque([georeport.ACCEPT_AND_CUT]))
    async with connected(data_dir, clock, open311=city) as product:
        await file_appeal(product)
        await product.delivery.run_once()
        clock.pass_time(timedelta(seconds=90))
        assert await product.delivery.run_once() == 0
        clock.pass_time(timedelta(seconds=60))
        assert await product.delivery.run_once() == 1
        assert await pending(product) == 0


async def test_what_stays_unclear_waits_for_a_person_and_is_never_sent_twice_blindly(
    data_dir: Path, clock: FakeClock
) -> None:
    city = FakeGeoReport(NOON, faults=deque([georeport.ACCEPT_AND_CUT]), hides_descriptions=True)
    async with connected(data_dir, clock, open311=city) as product:
        await file_appeal(product)
        await rounds(product, clock)
        (dead,) = await dead_letters(product)
        assert dead.unsure
        assert dead.last_error.startswith("look_up_inconclusive")
        async with product.storage.write() as work:
            await work.outbox.revive(dead.id, clock.now())
            await work.commit()
        await rounds(product, clock)
        assert len(await dead_letters(product)) == 1, "looked for again, still not to be seen"
        assert len(city.requests) == 1
        async with product.storage.write() as work:
            await work.outbox.revive(dead.id, clock.now(), unsure=False)
            await work.commit()
        await rounds(product, clock, 1)
        assert await pending(product) == 0
    assert len(city.requests) == 2, "a person has said that it is not there"


@pytest.mark.parametrize("fault", [georeport.DOWN, georeport.DRIP])
async def test_a_look_up_that_fails_for_a_while_is_repeated(
    data_dir: Path, clock: FakeClock, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIME_LIMIT", 0.3)
    city = FakeGeoReport(NOON, faults=deque([georeport.ACCEPT_AND_CUT]))
    async with connected(data_dir, clock, open311=city) as product:
        await file_appeal(product)
        await rounds(product, clock, 1)
        city.read_faults.extend([fault, fault])
        await rounds(product, clock)
        city.released.set()
        assert await pending(product) == 0
    assert len(city.requests) == 1


async def test_a_look_up_answered_with_garbage_waits_for_a_person(data_dir: Path, clock: FakeClock) -> None:
    city = FakeGeoReport(NOON, faults=deque([georeport.ACCEPT_AND_CUT]))
    async with connected(data_dir, clock, open311=city) as product:
        await file_appeal(product)
        await rounds(product, clock, 1)
        city.read_faults.extend([georeport.BABBLE])
        await rounds(product, clock)
        assert len(await dead_letters(product)) == 1
    assert len(city.requests) == 1


async def test_only_what_the_other_system_takes_goes_there(data_dir: Path, clock: FakeClock) -> None:
    receiver, city = Receiver(clock), FakeGeoReport(NOON)
    async with connected(data_dir, clock, webhook=receiver, open311=city) as product:
        await file_appeal(product, draft=replace(DRAFT, topic="HEALTH.CLINIC"))
        await file_appeal(product, synthetic=True)
        heat = await file_appeal(product)
        await rounds(product, clock, 1)
        await product.desk.act(EXECUTOR, heat.id, steps.Register())
        await rounds(product, clock, 1)
        assert await pending(product) == 0
    assert len(receiver.kept) == 4
    (form,) = city.forms
    assert form["description"].startswith(f"{heat.reference}\n")


async def test_the_log_holds_each_attempt_and_no_personal_data(data_dir: Path, clock: FakeClock) -> None:
    city = FakeGeoReport(NOON, key="another")
    async with connected(data_dir, clock, open311=city, open311_personal_data=True) as product:
        appeal = await file_appeal(product)
        await rounds(product, clock, 1)
        (attempt,) = await attempts(product)
    assert (attempt.outcome, attempt.http_status, attempt.attempt) == (AttemptOutcome.REFUSED, 403, 1)
    assert (attempt.event, attempt.event_at, attempt.appeal_id) == ("appeal.created", NOON, appeal.id)
    assert attempt.error == "service_rejected: status 403: Missing or invalid api_key"


def test_the_back_off_grows_to_an_hour_and_is_spread() -> None:
    waits = [back_off(replace(outbox_row("r1"), attempts=n)) for n in range(1, 60)]
    assert timedelta(seconds=1) <= waits[0] <= timedelta(seconds=3)
    assert max(waits) <= BACK_OFF_MOST * 1.25
    assert min(waits[12:]) >= BACK_OFF_MOST * 0.75
    assert len({back_off(replace(outbox_row(f"r{n}"), attempts=12)) for n in range(50)}) > 40


# --- messages --------------------------------------------------------------------------------


class Phone:
    """A channel that fails as it is told to."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.got: list[str] = []

    async def deliver(self, to: Address, message: Message, last: Delivered | None) -> str:
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
    phone.errors = [RateLimited(600)]
    clock.pass_time(timedelta(seconds=8))
    await delivery.run_once()
    assert await product.delivery_control.all_again(HEAD, CHANNELS) == 0
    await delivery.run_once()
    assert not phone.got, "nobody may shorten what the channel asked for"
    clock.pass_time(timedelta(seconds=600))
    await delivery.run_once()
    assert len(phone.got) == 1
    await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, "меню"), "d")
    phone.errors = [RecipientGone("blocked")]
    await delivery.run_once()
    async with product.storage.read() as work:
        found = await work.conversations.find(conversation)
        assert found is not None
        assert found.unreachable
