"""Searching the registry: words in whatever form and letters, every filter, and pages that stay where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from appeals.appeal import Applicant, Draft
from appeals.kinds import Kind
from appeals.lifecycle import Status
from bot.app.ports import Storage, UnitOfWork
from bot.app.records import AppealRecord, AppealStep, Workload
from bot.app.selection import Changes, Days, Order, Position, Selection
from bot.storage import SqlStorage
from bot.storage.repositories import finder
from tests.contracts.samples import NOW, appeal, draft, stored_conversation

DAY = date(2026, 12, 1)
ONE = timedelta(days=1)
IIN = "900101300017"
PHONE = "+77010000000"


async def _stored(uow: UnitOfWork, *made: AppealRecord) -> None:
    await stored_conversation(uow)
    for one in made:
        await uow.appeals.add(one)


async def _found(uow: UnitOfWork, words: str = "", order: Order = Order.RECEIVED, **asked: Any) -> list[str]:
    """Ids, and the count beside them must be the same."""
    selection = Selection(words=words, **asked)
    found = [one.id for one in await uow.appeals.search(selection, order, 99)]
    assert await uow.appeals.counts([selection], 99) == [len(found)]
    page, number = await uow.appeals.page(selection, order, 1, 99)
    assert ([one.id for one in page], number) == (found[:1], len(found))
    return found


def _about(words: str, **changes: Any) -> Draft:
    return draft(text=words, applicant=Applicant(), address=None, actual_address=None, **changes)


async def test_words_are_found_in_any_form_and_whatever_letters(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("heat", number="ЖТ-77", body_name="Энергетика басқармасы"),
            appeal("road", draft=_about("Көшеде шұңқыр 15 бар"), body_name="Жол басқармасы"),
            appeal("bare", draft=Draft(), body_name=""),
        )
        assert await _found(uow, "тонып") == ["heat"]
        assert await _found(uow, "ТОҢЫП балалар") == ["heat"]
        assert await _found(uow, "тоңып шұңқыр") == []
        assert await _found(uow, "кошелердин шункыры") == ["road"]
        assert await _found(uow, "koshe") == ["road"]
        assert await _found(uow, "баскармасынан") == ["road", "heat"]
        assert await _found(uow, "улги отиниш") == ["heat"]
        assert await _found(uow, "энергетик") == ["heat"]
        assert await _found(uow, "жт-77") == ["heat"]
        assert await _found(uow, "15") == ["road"]
        assert await _found(uow, "_ '\" *") == []
        assert await _found(uow, 'шұңқыр\' OR ("жол")') == []
        assert await _found(uow, "  ") == ["bare", "road", "heat"]


async def test_a_reference_is_found_however_it_is_written(storage: Storage) -> None:
    one = appeal("one", reference="KM-2026-000011")
    other = appeal("other", reference="KM-2026-000012")
    other = replace(other, draft=draft(text=f"Бұған дейінгі {one.reference} бойынша"))
    async with storage.write() as uow:
        await _stored(uow, one, other)
        assert await _found(uow, one.reference) == ["one"]
        assert await _found(uow, one.reference.lower().replace("km", "км").replace("-", " ")) == ["one"]
        assert await _found(uow, other.reference[-6:]) == ["other"]
        assert await _found(uow, other.reference[:-2]) == ["other", "one"]
        assert await _found(uow, "KM-1999-000001") == []


async def test_persons_numbers_are_found_whole_and_kept_nowhere_in_the_terms(
    database_url: str, storage: SqlStorage
) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("a", draft=draft(applicant=Applicant(iin=IIN, phone=PHONE))),
            appeal("b", draft=draft(applicant=Applicant(iin="850505400018"))),
        )
        assert await _found(uow, identities=(f"iin:{IIN}",)) == ["a"]
        assert await _found(uow, identities=(f"iin:{IIN}", f"phone:{PHONE}")) == ["a"]
        assert await _found(uow, identities=(f"iin:{IIN[:6]}",)) == []
        assert await _found(uow, identities=("iin:850505400018", f"phone:{PHONE}")) == []
        assert await _found(uow, IIN) == []
        await uow.commit()
    async with storage.engine.connect() as connection:
        for terms in (await connection.execute(text("SELECT CAST(terms AS TEXT) FROM appeals"))).scalars():
            assert IIN not in terms
            assert PHONE[1:] not in terms


async def test_what_is_saved_is_found_by_its_new_words_and_no_more_by_the_old(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(uow, appeal("a", body_name="Жол басқармасы"))
        read = await uow.appeals.get("a")
        await uow.appeals.save(replace(read, number="ЖТ-2026-55", body_name="Су шаруашылығы"))
        assert await _found(uow, "жт-2026-55") == ["a"]
        assert await _found(uow, "шаруашылығының") == ["a"]
        assert await _found(uow, "жолы") == []


async def test_every_filter_narrows(storage: Storage) -> None:
    made = {
        "status": appeal("status", status=Status.IN_PROGRESS),
        "kind": appeal("kind", draft=draft(kind=Kind.INQUIRY)),
        "topic": appeal("topic", draft=draft(topic="CITY.SNOW")),
        "place": appeal("place", draft=draft(place="117020100")),
        "body": appeal("body", draft=draft(body_id="HOUSING.district")),
        "locale": appeal("locale", locale="ru"),
        "channel": appeal("channel", channel="telegram"),
        "received": appeal("received", created_at=datetime(2026, 10, 31, 19, 0, tzinfo=UTC)),
        "due": appeal("due", due=DAY),
        "executor": appeal("executor", executor_id="o1"),
        "ended": appeal("ended", status=Status.ANSWERED),
    }
    async with storage.write() as uow:
        await _stored(uow, *made.values())
        assert await _found(uow, statuses=frozenset({Status.IN_PROGRESS})) == ["status"]
        assert await _found(uow, statuses=frozenset()) == []
        assert await _found(uow, kind=Kind.INQUIRY) == ["kind"]
        assert await _found(uow, topics=frozenset({"CITY.SNOW", "CITY"})) == ["topic"]
        assert await _found(uow, places=("117020000", "117020999")) == ["place"]
        assert await _found(uow, body_id="HOUSING.district") == ["body"]
        assert await _found(uow, locale="ru") == ["locale"]
        assert await _found(uow, channel="telegram") == ["channel"]
        # Midnight between October and November in Kazakhstan.
        assert await _found(uow, received=Days(date(2026, 11, 1), date(2026, 11, 1))) == ["received"]
        assert await _found(uow, received=Days(None, date(2026, 10, 31))) == []
        assert await _found(uow, due=Days(DAY, DAY)) == ["due"]
        assert await _found(uow, due=Days(None, DAY - ONE)) == []
        assert await _found(uow, executor_id="o1") == ["executor"]
        assert len(await _found(uow, unassigned=True)) == len(made) - 1
        assert await _found(uow, is_open=False) == ["ended"]
        assert len(await _found(uow, is_open=True)) == len(made) - 1
        assert await _found(uow, "тоңып", locale="ru", channel="telegram") == []


@pytest.mark.parametrize("order", Order)
async def test_pages_lead_forth_and_back_and_miss_nothing(storage: Storage, order: Order) -> None:
    dues = [DAY, None, DAY + ONE, DAY, None, DAY, DAY - ONE]
    made = [appeal(due=due, created_at=NOW + ONE * (at % 3)) for at, due in enumerate(dues)]
    by_due = sorted(made, key=lambda one: (one.due is None, one.due or DAY, one.reference))
    newest = sorted(made, key=lambda one: (one.created_at, one.reference), reverse=True)
    expected = [one.id for one in (by_due if order is Order.DUE else newest)]
    async with storage.write() as uow:
        await _stored(uow, *made)
        assert await _found(uow, order=order) == expected
        there: list[AppealRecord] = []
        while page := await uow.appeals.search(
            Selection(), order, 2, after=Position.of(there[-1], order) if there else None
        ):
            there += page
        assert [one.id for one in there] == expected
        back: list[AppealRecord] = [there[-1]]
        while page := await uow.appeals.search(Selection(), order, 2, before=Position.of(back[0], order)):
            back = [*page, *back]
        assert [one.id for one in back] == expected
        assert await uow.appeals.counts(
            [Selection(), Selection(words="жоқсөз"), Selection(due=Days(DAY, DAY))], 3
        ) == [3, 0, 3]


@pytest.mark.parametrize("order", Order)
async def test_a_page_of_words_is_the_same_however_it_is_found(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    made = [
        appeal(
            due=DAY + ONE * (at % 7),
            created_at=NOW + ONE * (at % 5),
            draft=_about("үлгі: шұңқырлар" if at % 3 else "үлгі: жарық"),
            executor_id="o1" if at % 2 else None,
        )
        for at in range(40)
    ]
    newest = order is Order.RECEIVED
    in_order = sorted(
        made, key=lambda one: (one.created_at if newest else one.due, one.reference), reverse=newest
    )
    holes = [one for one in in_order if "шұңқыр" in (one.draft.text or "")]
    theirs = [one for one in holes if one.executor_id == "o1"]
    async with storage.write() as uow:
        await _stored(uow, *made)
        await uow.commit()
    for name in ("_PART", "_PLENTY"):
        monkeypatch.setattr(finder, name, 2)
    for gathered, compared, look, surely in (
        (99, 0, 99, 20),
        (99, 0, 0, 20),
        (99, 99, 0, 20),
        (2, 0, 99, 20),
        (2, 99, 99, 20),
        (2, 99, 99, 0),
    ):
        monkeypatch.setattr(finder, "_GATHERED", gathered)
        monkeypatch.setattr(finder, "_TOO_MANY", gathered + 1)
        monkeypatch.setattr(finder, "_COMPARED", compared)
        monkeypatch.setattr(finder, "_LOOK", look)
        monkeypatch.setattr(finder, "_SURELY", surely)
        for expected, asked in (
            (holes, Selection("шұңқыр үлгі", is_open=True)),
            (theirs, Selection("шұңқыр", executor_id="o1")),
        ):
            ids, middle = [one.id for one in expected], Position.of(expected[8], order)
            async with storage.read() as uow:
                search = uow.appeals.search
                assert [one.id for one in await search(asked, order, 5)] == ids[:5]
                assert [one.id for one in await search(asked, order, 3, after=middle)] == ids[9:12]
                assert [one.id for one in await search(asked, order, 3, before=middle)] == ids[5:8]
                assert [one.id for one in await search(asked, order, 99)] == ids
                for place in ({}, {"after": middle}, {"before": middle}):
                    assert (await uow.appeals.page(asked, order, 5, 99, **place))[1] == len(ids)
                    assert (await uow.appeals.page(asked, order, 5, 4, **place))[1] == 4
                assert await uow.appeals.counts([asked, Selection()], 99) == [len(ids), 40]


async def test_pages_stay_where_they_are_while_appeals_come_and_go(storage: Storage) -> None:
    made = [appeal(due=DAY) for _ in range(3)]
    async with storage.write() as uow:
        await _stored(uow, *made)
        first = await uow.appeals.search(Selection(), Order.DUE, 2)
        await uow.appeals.add(appeal("urgent", due=DAY - 9 * ONE))
        await uow.appeals.save(replace(first[1], due=DAY - ONE))
        behind = Position.of(first[1], Order.DUE)
        assert [one.id for one in await uow.appeals.search(Selection(), Order.DUE, 2, after=behind)] == [
            made[2].id
        ]


async def test_terms_of_an_older_version_are_worked_out_again(storage: SqlStorage) -> None:
    async with storage.write() as uow:
        await _stored(uow, appeal("a"), appeal("b"))
        assert await uow.appeals.reindex(9) == 0
        await uow.commit()
    async with storage.engine.begin() as connection:
        await connection.execute(text("UPDATE appeals SET terms = '', terms_version = 0"))
    async with storage.write() as uow:
        assert await _found(uow, "тоңып") == []
        assert await uow.appeals.reindex(1) == 1
        assert len(await _found(uow, "тоңып")) == 1
        assert await uow.appeals.reindex(9) == 1
        assert await uow.appeals.reindex(9) == 0
        assert await _found(uow, "тоңып") == ["b", "a"]


@pytest.mark.parametrize("order", Order)
def test_a_position_is_read_back(order: Order) -> None:
    position = Position.of(appeal(due=DAY), order)
    assert Position.parse(str(position), order) == position
    for text_ in ("", "x~1", "2026-12-01~", f"{position!s}~1", "2026-12-01T10:00:00~5"):
        with pytest.raises(ValueError, match=r".*"):
            Position.parse(text_, order)


async def test_what_others_changed_since_a_moment_is_found_and_told_by_its_last_step(
    storage: Storage,
) -> None:
    def step(appeal_id: str, at: datetime, actor: str, note: str = "") -> AppealStep:
        return AppealStep(appeal_id, at, "supplement", Status.FIXED, actor, note)

    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("mine", updated_at=NOW),
            appeal("theirs", updated_at=NOW),
            appeal("before", updated_at=NOW - ONE),
            appeal("silent", updated_at=NOW),
        )
        for one in (
            step("mine", NOW - ONE, "citizen"),
            step("mine", NOW, "op-1"),
            step("theirs", NOW, "citizen", "үй 12"),
            step("theirs", NOW, "op-1", "қаралды"),
            step("before", NOW - ONE, "citizen"),
        ):
            await uow.appeals.add_step(one)
        assert await _found(uow, changed=Changes(NOW, "op-1")) == ["theirs"]
        assert set(await _found(uow, changed=Changes(NOW - ONE, "op-1"))) == {"mine", "theirs", "before"}
        latest = await uow.appeals.last_steps(["theirs", "before", "silent"])
        assert {key: (one.actor, one.note) for key, one in latest.items()} == {
            "theirs": ("op-1", "қаралды"),
            "before": ("citizen", ""),
        }
        assert await uow.appeals.last_steps([]) == {}


async def test_workload_is_counted_by_executor_whoever_is_most_behind_first(storage: Storage) -> None:
    async with storage.write() as uow:
        await _stored(
            uow,
            appeal("a", executor_id="op-1", due=DAY),
            appeal("b", executor_id="op-1", due=None),
            appeal("c", executor_id="op-1", due=DAY + 3 * ONE),
            appeal("d", executor_id="op-2", due=DAY - ONE),
            appeal("e", executor_id="op-2", due=DAY - ONE, status=Status.ANSWERED),
            appeal("f", due=DAY + 2 * ONE),
        )
        assert await uow.appeals.workload(DAY, DAY + 2 * ONE) == [
            Workload("op-2", open=1, soon=0, overdue=1),
            Workload("op-1", open=3, soon=1, overdue=0),
            Workload(None, open=1, soon=1, overdue=0),
        ]


async def test_a_reader_sees_the_workload_change_with_what_is_stored_here(storage: Storage) -> None:
    async def seen() -> list[int]:
        async with storage.read() as uow:
            return [load.open for load in await uow.appeals.workload(DAY, DAY)]

    async with storage.write() as uow:
        await _stored(uow, appeal("a", executor_id="op-1"))
        assert await seen() == []
        await uow.commit()
    assert await seen() == [1]
    async with storage.write() as uow:
        await uow.appeals.add(appeal("b", executor_id="op-1"))
        assert await seen() == [1]
        await uow.commit()
    assert await seen() == [2]
    async with storage.write() as uow:
        await uow.appeals.save(replace(await uow.appeals.get("a"), status=Status.ANSWERED))
        await uow.commit()
    assert await seen() == [1]
