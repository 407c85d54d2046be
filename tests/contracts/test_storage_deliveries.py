"""The log of deliveries, cases followed elsewhere, reports, keys, and what is published: the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from appeals.lifecycle import Status
from bot.app.ports import Storage
from bot.app.records import (
    ApiKey,
    AttemptOutcome,
    Backlog,
    CaseRecord,
    DeliveryAttempt,
    OutboxKind,
    ReportOutcome,
    ReportRecord,
)
from tests.contracts.samples import MINUTE, NOW, appeal, draft, outbox_row, stored_conversation

ATTEMPT = DeliveryAttempt(
    "m1", "webhook", "a1", "appeal.created", NOW, NOW, 1, AttemptOutcome.UNCLEAR, 120, 500, "x"
)
REPORT = ReportRecord("webhook", "r1", NOW, "KM-2026-000001", 3, "answered", ReportOutcome.UNKNOWN)


async def _filed(storage: Storage, *ids: str) -> None:
    async with storage.write() as work:
        await stored_conversation(work)
        for number, appeal_id in enumerate(ids, 1):
            await work.appeals.add(appeal(appeal_id, reference=f"KM-2026-{number:06}"))
        await work.commit()


async def test_attempts_are_kept_newest_first_and_by_appeal(storage: Storage) -> None:
    await _filed(storage, "a1", "a2")
    async with storage.write() as work:
        later = replace(
            ATTEMPT, at=NOW + MINUTE, attempt=2, outcome=AttemptOutcome.FOUND, http_status=None, error=""
        )
        for attempt in (ATTEMPT, later, replace(ATTEMPT, message_id="m2", appeal_id="a2")):
            await work.deliveries.log(attempt)
        logged = await work.deliveries.attempts(10)
        assert [(one.message_id, one.attempt) for one in logged] == [("m2", 1), ("m1", 2), ("m1", 1)]
        assert replace(logged[2], id=0) == ATTEMPT
        assert [one.attempt for one in await work.deliveries.attempts(10, appeal_id="a1")] == [2, 1]
        assert [
            one.attempt for one in await work.deliveries.attempts(10, appeal_id="a1", before=logged[1].id)
        ] == [1]
        found = await work.deliveries.event("m1")
        assert found is not None
        assert found.outcome is AttemptOutcome.FOUND
        assert await work.deliveries.event("none") is None
        assert await work.deliveries.last_success() == {"webhook": NOW + MINUTE}
        assert await work.deliveries.expire(NOW + MINUTE) == 2
        assert len(await work.deliveries.attempts(10)) == 1


async def test_a_case_is_asked_for_by_one_worker_at_a_time(storage: Storage) -> None:
    await _filed(storage, "a1", "a2")
    case = CaseRecord("a1", "open311", "638", None, 4, NOW, None, "")
    async with storage.write() as work:
        await work.deliveries.save_case(replace(case, sequence=1))
        await work.deliveries.save_case(case)
        await work.deliveries.save_case(replace(case, appeal_id="a2", next_poll=None))
        assert await work.deliveries.case("a1", "open311") == case
        assert await work.deliveries.case("a1", "webhook") is None
        assert await work.deliveries.claim_cases("open311", NOW - MINUTE, NOW, 9) == []
        claimed = await work.deliveries.claim_cases("open311", NOW, NOW + MINUTE, 9)
        assert claimed == [replace(case, next_poll=NOW + MINUTE)]
        assert await work.deliveries.claim_cases("open311", NOW, NOW + MINUTE, 9) == []


async def test_a_report_may_be_judged_anew(storage: Storage) -> None:
    await _filed(storage, "a1")
    async with storage.write() as work:
        await work.deliveries.keep_report(REPORT)
        assert await work.deliveries.report("webhook", "r1") == REPORT
        assert await work.deliveries.report("open311", "r1") is None
        applied = replace(REPORT, outcome=ReportOutcome.APPLIED, appeal_id="a1", received_at=NOW + MINUTE)
        await work.deliveries.keep_report(applied)
        await work.deliveries.keep_report(replace(REPORT, message_id="r0"))
        assert [report.message_id for report in await work.deliveries.reports(9)] == ["r1", "r0"]
        assert await work.deliveries.report("webhook", "r1") == applied
        assert await work.deliveries.expire(NOW + MINUTE) == 1


async def test_the_backlog_is_counted_by_system(storage: Storage) -> None:
    async with storage.write() as work:
        assert await work.outbox.backlog() == []
        row = outbox_row("r1", "webhook:a1", kind=OutboxKind.APPEAL, system="webhook")
        await work.outbox.add([row, replace(row, id="r2", created_at=NOW - MINUTE), outbox_row("m1")])
        await work.outbox.bury("r1", "service_rejected", unsure=True)
        assert await work.outbox.backlog() == [Backlog("", 1, 0, NOW), Backlog("webhook", 1, 1, NOW - MINUTE)]
        found = await work.outbox.find("r1")
        assert found is not None
        assert (found.unsure, found.dead, found.system) == (True, True, "webhook")
        assert await work.outbox.find("none") is None
        assert [row.id for row in await work.outbox.dead(9, "webhook")] == ["r1"]
        assert await work.outbox.dead(9, "") == []


async def test_a_buried_event_holds_its_appeal_and_a_claimed_one_is_unsure(storage: Storage) -> None:
    async with storage.write() as work:
        row = outbox_row("r1", "webhook:a1", kind=OutboxKind.APPEAL, system="webhook")
        await work.outbox.add([row, replace(row, id="r2")])
        [claimed] = await work.outbox.claim(NOW, MINUTE, 9)
        assert (claimed.id, claimed.unsure) == ("r1", False)
        [again] = await work.outbox.claim(NOW + MINUTE, MINUTE, 9)
        assert again.unsure, "the worker before may have sent it"
        await work.outbox.bury("r1", "service_rejected", unsure=False)
        assert await work.outbox.claim(NOW + 60 * MINUTE, MINUTE, 9) == []
        assert await work.outbox.revive("r1", NOW, unsure=True)
        [revived] = await work.outbox.claim(NOW + 60 * MINUTE, MINUTE, 9)
        assert (revived.id, revived.unsure) == ("r1", True)
        await work.outbox.done("r1")
        assert [row.id for row in await work.outbox.claim(NOW + 60 * MINUTE, MINUTE, 9)] == ["r2"]


async def test_a_revoked_key_opens_nothing(storage: Storage) -> None:
    key = ApiKey("k1", "Портал", "digest", "abcdef", NOW, "boss")
    async with storage.write() as work:
        await work.api_keys.add(key)
        assert await work.api_keys.find("digest") == key
        await work.api_keys.used("k1", date(2026, 11, 21))
        assert await work.api_keys.revoke("k1", NOW + MINUTE)
        assert not await work.api_keys.revoke("k1", NOW + MINUTE)
        assert await work.api_keys.find("digest") is None
        assert await work.api_keys.all() == [
            replace(key, revoked_at=NOW + MINUTE, used_on=date(2026, 11, 21))
        ]


async def test_what_is_published_is_filtered_in_the_database(storage: Storage) -> None:
    async with storage.write() as work:
        await stored_conversation(work)
        for number, (topic, synthetic, status) in enumerate(
            (
                ("UTIL.HEAT", False, Status.CREATED),
                ("ROAD.LOCAL", False, Status.ANSWERED),
                ("UTIL.HEAT", True, Status.CREATED),
                ("HEALTH.CLINIC", False, Status.CREATED),
            ),
            1,
        ):
            await work.appeals.add(
                appeal(
                    f"a{number}",
                    reference=f"KM-2026-{number:06}",
                    draft=draft(topic=topic),
                    synthetic=synthetic,
                    status=status,
                    created_at=NOW + number * MINUTE,
                )
            )
        await work.commit()
    topics = ["UTIL.HEAT", "ROAD.LOCAL"]
    async with storage.read() as work:

        async def found(**wanted: object) -> list[int]:
            cases = await work.appeals.published(topics, limit=9, **wanted)  # type: ignore[arg-type]
            return [int(case.reference[-1]) for case in cases]

        assert await found() == [2, 1]
        assert await found(references=["KM-2026-000001", "KM-2026-000003"]) == [1]
        assert await found(statuses=[Status.ANSWERED]) == [2]
        assert await found(since=NOW + timedelta(seconds=90)) == [2]
        assert await found(until=NOW + timedelta(seconds=90)) == [1]
        assert len(await work.appeals.published(topics, limit=1)) == 1
        (case,) = await work.appeals.published(["UTIL.HEAT"], limit=9)
    assert (case.topic, case.place, case.status) == ("UTIL.HEAT", "710000000", Status.CREATED)
    assert case.created_at == NOW + MINUTE
