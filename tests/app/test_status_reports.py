"""What other systems say of an appeal: out of order, doubled, late, unknown, garbage – applied right, exactly once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from appeals import steps
from appeals.lifecycle import Status
from bot.app.records import AppealRecord, ReportOutcome
from bot.bootstrap import Product, web_application
from integrations.open311.fake import FakeGeoReport
from integrations.webhook.fake import FakeReceiver
from tests.app.other_systems import connected, file_appeal, rounds
from tests.app.test_desk import EXECUTOR
from tests.factories import NOON, FakeClock
from tests.integrations.servers import SECRET, served

AT = "2026-11-20T12:30:00+05:00"
HOUR = timedelta(hours=1)


class Other:
    """A back office with the product at the other end."""

    def __init__(self, product: Product, appeal: AppealRecord, url: str, receiver: FakeReceiver) -> None:
        self.product = product
        self.appeal = appeal
        self.url = f"{url}/integrations/webhook/status"
        self.receiver = receiver
        self.sent = 0

    async def reports(self, sequence: int, status: str, *, id_: str = "", **fields: Any) -> str:
        """The outcome, or the code of the refusal."""
        self.sent += 1
        report = {
            "sequence": sequence,
            "reference": self.appeal.reference,
            "status": status,
            "at": AT,
            **fields,
        }
        _, told = await self.receiver.report(self.url, id_ or f"report-{self.sent:04}", report)
        return str(told.get("outcome") or told["code"])

    async def stored(self) -> AppealRecord:
        async with self.product.storage.read() as work:
            return await work.appeals.get(self.appeal.id)

    async def told(self) -> list[str]:
        """What the citizen has read since filing."""
        messages = await self.product.conversations.messages(self.appeal.conversation_id)
        return [message.text for message in messages if self.appeal.reference in message.text]

    async def steps(self) -> list[Status]:
        async with self.product.storage.read() as work:
            return [step.status for step in await work.appeals.steps(self.appeal.id)]


@pytest.fixture
async def other(data_dir: Path, clock: FakeClock) -> AsyncIterator[Other]:
    receiver = FakeReceiver(SECRET, NOON.timestamp())
    async with (
        connected(data_dir, clock, webhook=receiver) as product,
        served(web_application(product)) as url,
    ):
        yield Other(product, await file_appeal(product), url, receiver)


async def test_the_whole_way_is_told_to_the_citizen(other: Other) -> None:
    assert await other.reports(1, "registered", number="ЖТ-17", registered_on="2026-11-20") == "applied"
    registered = await other.stored()
    assert (registered.status, registered.number) == (Status.REGISTERED, "ЖТ-17")
    assert registered.due == date(2026, 12, 11), "counted by the calendar where the other system names no day"
    assert await other.reports(2, "in_progress") == "applied"
    assert await other.reports(3, "extended", due="2026-12-25", note="Нужна экспертиза") == "applied"
    assert (await other.stored()).due == date(2026, 12, 25)
    assert await other.reports(4, "answered", answer="Отопление восстановлено.") == "applied"
    told = await other.told()
    assert len(told) == 4
    assert "ЖТ-17" in told[0]
    assert "присвоен номер" in told[0], "what the status means"
    assert "Ответ должны дать не позднее 11 декабря 2026 года (АППК, статья 76, части 1–2)" in told[0], (
        "what comes next"
    )
    assert told[3].count("Отопление восстановлено.") == 1
    assert "20 февраля 2027 года" in told[3], "until when one may complain"
    assert "Нужна экспертиза" in told[2]
    assert "Отопление восстановлено." in told[3]
    assert await other.steps() == [
        Status.CREATED,
        Status.REGISTERED,
        Status.IN_PROGRESS,
        Status.EXTENDED,
        Status.ANSWERED,
    ]


async def test_words_of_other_systems_are_cleaned_like_all_others(other: Other) -> None:
    answer = "Жылу \0қосылды.\u202e"
    assert await other.reports(1, "answered", answer=answer, body="ТҮКШ\u200b бөлімі") == "applied"
    stored = await other.stored()
    assert (stored.answer, stored.body_name) == ("Жылу қосылды.", "ТҮКШ бөлімі")


async def test_doubled_and_out_of_order(other: Other) -> None:
    assert await other.reports(2, "in_progress", id_="report-b", number="ЖТ-17") == "applied"
    assert await other.reports(1, "registered", id_="report-a", number="ЖТ-1") == "stale"
    assert await other.reports(2, "in_progress", id_="report-b", number="ЖТ-17") == "repeated"
    assert await other.reports(2, "answered", id_="report-c", answer="Другое с тем же счётом") == "stale"
    assert await other.reports(1, "registered", id_="report-a", number="ЖТ-1") == "repeated"
    stored = await other.stored()
    assert (stored.status, stored.number) == (Status.IN_PROGRESS, "ЖТ-17")
    assert stored.registered_on == date(2026, 11, 20), "registering was skipped, but had happened"
    assert len(await other.told()) == 1


async def test_the_same_report_many_times_at_once(other: Other) -> None:
    outcomes = await asyncio.gather(
        *(other.reports(1, "registered", id_="report-x", number="ЖТ-17") for _ in range(6))
    )
    assert sorted(outcomes).count("applied") == 1
    assert set(outcomes) <= {"applied", "repeated", "stale"}
    assert len(await other.told()) == 1
    assert await other.steps() == [Status.CREATED, Status.REGISTERED]


async def test_late_after_the_end_and_where_no_way_leads(other: Other) -> None:
    await other.reports(1, "in_progress")
    await other.reports(2, "extended", due="2026-12-25")
    assert await other.reports(3, "registered") == "impossible"
    await other.reports(4, "answered", answer="Отопление восстановлено.")
    assert await other.reports(5, "in_progress") == "ended"
    assert await other.reports(6, "answered", answer="Другой ответ") == "ended"
    assert (await other.stored()).answer == "Отопление восстановлено."
    async with other.product.storage.read() as work:
        kept = [report.outcome for report in await work.deliveries.reports(10)]
    assert kept.count(ReportOutcome.ENDED) == 2
    assert kept.count(ReportOutcome.IMPOSSIBLE) == 1


async def test_nothing_new_is_not_told_twice(other: Other) -> None:
    await other.reports(1, "registered", number="ЖТ-17", registered_on="2026-11-20")
    assert await other.reports(2, "registered", number="ЖТ-17", registered_on="2026-11-20") == "applied"
    assert len(await other.told()) == 1
    assert await other.reports(2, "in_progress") == "stale"


async def test_unknown_references_garbage_and_strangers(other: Other) -> None:
    assert await other.reports(1, "registered", reference="KM-2026-999999") == "unknown_reference"
    assert await other.reports(1, "done", id_="report-bad") == "malformed"
    async with aiohttp.ClientSession() as session:
        for path, body, headers, expected in (
            ("webhook", b"{}", {}, 401),
            ("webhook", b"{}", {"Komekshi-Signature": "v1=" + "0" * 64}, 401),
            ("nobody", b"{}", {}, 404),
            ("webhook", b"x" * 100_000, {}, 413),
        ):
            url = other.url.replace("webhook", path)
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == expected
                assert json.loads(await answer.read())["detail"]
    async with other.product.storage.read() as work:
        kept = {report.message_id: report.outcome for report in await work.deliveries.reports(10)}
    assert kept == {"report-0001": ReportOutcome.UNKNOWN, "report-bad": ReportOutcome.MALFORMED}
    assert (await other.stored()).status is Status.CREATED
    assert await other.reports(1, "registered", id_="report-bad") == "applied", "put right, it may come again"


async def test_a_desk_that_was_quicker_and_a_report_agree(other: Other) -> None:
    await other.product.desk.act(EXECUTOR, other.appeal.id, steps.Register())
    assert await other.reports(1, "registered", number="ЖТ-17") == "applied"
    assert (await other.stored()).number == "ЖТ-17"


# --- asked for -------------------------------------------------------------------------------


@pytest.mark.parametrize("notation", ["json", "xml"])
async def test_a_system_that_does_not_report_is_asked(
    data_dir: Path, clock: FakeClock, notation: str
) -> None:
    city = FakeGeoReport(NOON)
    async with connected(data_dir, clock, open311=city, open311_format=notation) as product:
        appeal = await file_appeal(product)
        other = Other(product, appeal, "", FakeReceiver(SECRET))
        await rounds(product, clock, 1, timedelta(minutes=1))
        assert await product.status_reports.poll() == 1
        assert await product.status_reports.poll() == 0, "not before its time"
        (number,) = city.requests
        assert ((await other.stored()).status, (await other.stored()).number) == (Status.REGISTERED, number)
        clock.pass_time(HOUR)
        assert await product.status_reports.poll() == 1
        assert len(await other.told()) == 1, "nothing new"
        city.now = clock.now()
        city.close(number, None)
        clock.pass_time(HOUR)
        await product.status_reports.poll()
        assert (await other.stored()).status is Status.REGISTERED, (
            "an end without a word is for a person to look at"
        )
        city.now = clock.now()
        city.close(number, "Отопление восстановлено.")
        clock.pass_time(HOUR)
        await product.status_reports.poll()
        assert (await other.stored()).answer == "Отопление восстановлено."
        clock.pass_time(HOUR)
        assert await product.status_reports.poll() == 0, "it is over"
    async with connected(data_dir, clock, open311=city) as product, product.storage.read() as work:
        outcomes = [report.outcome for report in await work.deliveries.reports(10)]
    assert outcomes.count(ReportOutcome.UNANSWERED) == 1


async def test_a_token_becomes_a_number_later(data_dir: Path, clock: FakeClock) -> None:
    city = FakeGeoReport(NOON)
    async with connected(
        data_dir, clock, open311=city, open311_services={"UTIL.HEAT": "003"}, open311_reference_attribute=""
    ) as product:
        appeal = await file_appeal(product)
        await rounds(product, clock, 1)
        assert await product.status_reports.poll() == 1
        (token,) = city.tokens
        async with product.storage.read() as work:
            case = await work.deliveries.case(appeal.id, "open311")
            assert case is not None
            assert (case.external_id, case.token) == (None, token)
        city.tokens[token] = token[1:]
        clock.pass_time(HOUR)
        await product.status_reports.poll()
        async with product.storage.read() as work:
            assert (await work.appeals.get(appeal.id)).number == token[1:]


async def test_a_failing_question_is_repeated_and_seen(data_dir: Path, clock: FakeClock) -> None:
    city = FakeGeoReport(NOON)
    async with connected(data_dir, clock, open311=city) as product:
        appeal = await file_appeal(product)
        await rounds(product, clock, 1)
        for fault in ("down", "babble"):
            city.read_faults.append(fault)
            assert await product.status_reports.poll() == 1
            async with product.storage.read() as work:
                case = await work.deliveries.case(appeal.id, "open311")
            assert case is not None
            assert case.error.startswith("service_")
            clock.pass_time(HOUR)
        await product.status_reports.poll()
        async with product.storage.read() as work:
            assert (await work.appeals.get(appeal.id)).status is Status.REGISTERED
            case = await work.deliveries.case(appeal.id, "open311")
            assert case is not None
            assert case.error == ""


async def test_what_another_system_asks_to_complete_says_who_sets_the_term(other: Other) -> None:
    assert await other.reports(1, "needs_fix", note="Укажите номер дома") == "applied"
    (told,) = await other.told()
    assert "Укажите номер дома" in told
    assert "Срок для дополнения назначает Отдел ЖКХ акимата Бурабайского района" in told
    assert "статья 64, части 6–7" in told
