"""Common matters: counted by person, within place, street and time, and who follows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.matters import Matter
from bot.app.ports import Storage, UnitOfWork
from bot.app.records import AppealRecord, Crowd, Follow
from tests.contracts.samples import NOW, appeal, draft, stored_conversation

HEAT = Matter("UTIL.HEAT", "117020100")
ABAI, MIRA = Matter("UTIL.HEAT", "117020100", "аба"), Matter("UTIL.HEAT", "117020100", "мир")
DAY = timedelta(days=1)


def _report(conversation: str, matter: Matter = HEAT, days: int = 1, **changes: Any) -> AppealRecord:
    about = draft(kind=Kind.REPORT, topic=matter.topic, place=matter.place)
    values: dict[str, Any] = {
        "conversation_id": conversation,
        "draft": about,
        "matter": matter,
        "created_at": NOW - days * DAY,
        "applicant_key": conversation,
        "synthetic": False,
    }
    return appeal(**{**values, **changes})


async def _store(uow: UnitOfWork, *made: AppealRecord) -> None:
    for conversation in dict.fromkeys(one.conversation_id for one in made):
        await stored_conversation(uow, conversation)
    for one in made:
        await uow.appeals.add(one)


async def _crowd(
    uow: UnitOfWork, matter: Matter = HEAT, since: datetime = NOW - 30 * DAY, **how: Any
) -> Crowd:
    return await uow.appeals.same_matter(matter, since=since, **how)


async def test_people_with_an_open_appeal_are_counted_once(storage: Storage) -> None:
    async with storage.write() as uow:
        assert await _crowd(uow) == Crowd(0, None)
        await _store(
            uow,
            _report("c1", days=9),
            _report("c1", days=3),
            _report("c2", applicant_key="person"),
            _report("c3", applicant_key="person"),
            _report("c4", applicant_key=None),
            _report("c5", status=Status.ANSWERED),
            _report("c6", days=31),
            _report("c7", Matter("UTIL.WATER", HEAT.place)),
            _report("c8", Matter(HEAT.topic, "117035100")),
            _report("c9", matter=HEAT, synthetic=True),
        )
        await _store(uow, replace(_report("c11"), matter=None))
        assert await _crowd(uow) == Crowd(4, NOW - 9 * DAY)
        assert await _crowd(uow, synthetic=False) == Crowd(3, NOW - 9 * DAY)
        assert await _crowd(uow, except_of="c1") == Crowd(3, NOW - DAY)
        assert await _crowd(uow, since=NOW - 4 * DAY) == Crowd(4, NOW - 3 * DAY)
        assert await uow.appeals.count_matter(HEAT, NOW - 10 * DAY, NOW) == 7
        assert await uow.appeals.count_matter(HEAT, NOW - 10 * DAY, NOW - 2 * DAY) == 2


async def test_a_street_compares_with_the_same_and_with_none(storage: Storage) -> None:
    async with storage.write() as uow:
        await _store(uow, _report("c1", ABAI), _report("c2", MIRA), _report("c3"))
        assert (await _crowd(uow, ABAI)).people == 2
        assert (await _crowd(uow, MIRA)).people == 2
        assert (await _crowd(uow, HEAT)).people == 3
        stored = await uow.appeals.of_conversation("c1", 1)
        assert stored[0].matter == ABAI
        assert stored[0].applicant_key == "c1"


async def test_a_conversation_follows_a_matter_once_until_it_ends(storage: Storage) -> None:
    first, second = Follow("f1", "c1", HEAT, NOW), Follow("f2", "c1", ABAI, NOW + DAY)
    async with storage.write() as uow:
        for conversation in ("c1", "c2"):
            await stored_conversation(uow, conversation)
        assert await uow.follows.add(first) == first
        assert await uow.follows.add(Follow("f9", "c1", HEAT, NOW + DAY)) == first
        await uow.follows.add(second)
        await uow.follows.add(Follow("f3", "c2", MIRA, NOW))
        assert await uow.follows.of_conversation("c1") == [first, second]
        await uow.follows.end("c2", "f1")
        assert await uow.follows.of_conversation("c1") == [first, second]
        await uow.follows.end("c1", "f1")
        await uow.follows.end("c1", "f1")
        assert await uow.follows.of_conversation("c1") == [second]
        await uow.follows.end("c1", "f2")
        assert await uow.follows.of_conversation("c1") == []
        assert len(await uow.follows.of_conversation("c2")) == 1


async def test_an_appeal_concerns_those_who_follow_its_place_street_and_time(storage: Storage) -> None:
    async with storage.write() as uow:
        for number, matter in enumerate((HEAT, ABAI, MIRA, Matter("UTIL.WATER", HEAT.place)), 1):
            await stored_conversation(uow, f"c{number}")
            await uow.follows.add(Follow(f"f{number}", f"c{number}", matter, NOW))
        about = {
            matter: [follow.id for follow in await uow.follows.of_matter(matter, NOW + DAY)]
            for matter in (HEAT, ABAI, MIRA)
        }
        assert about == {HEAT: ["f1", "f2", "f3"], ABAI: ["f1", "f2"], MIRA: ["f1", "f3"]}
        assert await uow.follows.of_matter(HEAT, NOW - DAY) == []
