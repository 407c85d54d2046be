"""Wordings to learn from: waiting, decided upon, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.app.ports import Storage
from bot.app.records import SampleSource, SampleState
from tests.contracts.samples import NOW, learning_sample, stored_conversation


async def test_samples_wait_in_order_until_somebody_decides(storage: Storage) -> None:
    first = learning_sample()
    second = learning_sample("су", chosen=None, source=SampleSource.OPERATOR, language="mixed")
    async with storage.write() as uow:
        await stored_conversation(uow)
        for sample in (first, second, learning_sample("газ")):
            await uow.samples.add(sample)
        kept = await uow.samples.waiting(exported=False)
        assert [replace(sample, id=0) for sample in kept[:2]] == [first, second]
        ids = [sample.id for sample in kept]
        assert ids == sorted(set(ids))

        assert await uow.samples.mark(ids[:1], SampleState.EXPORTED) == ids[:1]
        assert [sample.id for sample in await uow.samples.waiting(exported=False)] == ids[1:]
        assert [sample.id for sample in await uow.samples.waiting(exported=True)] == ids

        assert await uow.samples.mark([ids[0], 10_000], SampleState.ACCEPTED) == ids[:1]
        assert await uow.samples.mark(ids[:1], SampleState.REJECTED) == []
        assert await uow.samples.mark([], SampleState.REJECTED) == []
        assert await uow.samples.mark(ids[1:2], SampleState.REJECTED) == ids[1:2]
        assert [sample.text for sample in await uow.samples.waiting(exported=True)] == ["газ"]


async def test_forgetting_a_conversation_leaves_only_what_was_accepted(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await stored_conversation(uow, "c2")
        for text in ("a", "b", "c"):
            await uow.samples.add(learning_sample(text))
        await uow.samples.add(learning_sample("d", conversation_id="c2"))
        accepted, rejected, *_ = [sample.id for sample in await uow.samples.waiting(exported=False)]
        await uow.samples.mark([accepted], SampleState.ACCEPTED)
        await uow.samples.mark([rejected], SampleState.REJECTED)
        assert await uow.samples.forget("c1") == 2
        assert await uow.samples.forget("c1") == 0
        assert [sample.text for sample in await uow.samples.waiting(exported=True)] == ["d"]


async def test_only_what_waits_too_long_expires(storage: Storage) -> None:
    day = NOW.date()
    async with storage.write() as uow:
        await stored_conversation(uow)
        for text, age in (("decided", 9), ("exported", 9), ("old", 9), ("young", 8)):
            await uow.samples.add(learning_sample(text, day=day - timedelta(days=age)))
        decided, exported, *_ = [sample.id for sample in await uow.samples.waiting(exported=False)]
        await uow.samples.mark([decided], SampleState.ACCEPTED)
        await uow.samples.mark([exported], SampleState.EXPORTED)
        assert await uow.samples.expire(day - timedelta(days=8)) == 2
        assert [sample.text for sample in await uow.samples.waiting(exported=True)] == ["young"]
