"""No log line carries what a citizen wrote or who they are: a whole conversation with marked data is run and searched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.bootstrap import build, new_id
from bot.settings import Settings
from dialogs.events import ButtonPressed, ContactShared, Event, UserSaid
from tests.factories import NOON, FakeClock, ScriptedNlu, parse, shipped_knowledge

STORY = "Щучинскіде Қарлығаш көшесі 77-үйде үш күннен бері жылу жоқ"
MARKS = ("Қарлығаш", "Сынақов", "900101300007", "7015554433", "70155", "Үлгі көшесі", "құпия сөз")


async def test_a_whole_conversation_leaves_no_personal_data_in_the_log(
    data_dir: Path, quick_start: None, capsys: pytest.CaptureFixture[str]
) -> None:
    nlu, clock = ScriptedNlu({STORY: parse("topic.UTIL.HEAT")}), FakeClock()
    async with build(
        Settings(data_dir=data_dir), clock=clock, understanding=nlu, knowledge=shipped_knowledge()
    ) as product:
        opened = await product.conversations.open("web", "kk")
        conversation = opened.conversation_id

        async def does(event: Event) -> None:
            await product.conversations.exchange(conversation, event, "d")  # type: ignore[arg-type]

        await does(UserSaid(new_id(), NOON, STORY))
        for button in ("filing.start", "filing.agree"):
            await does(ButtonPressed(new_id(), NOON, button))
        for words in ("Сынақов Мысал", "900101300007"):
            await does(UserSaid(new_id(), NOON, words))
        await does(ContactShared(new_id(), NOON, "+77015554433"))
        await does(UserSaid(new_id(), NOON, "Щучинск, Үлгі көшесі, 5"))
        await does(ButtonPressed(new_id(), NOON, "filing.confirm"))
        await does(UserSaid(new_id(), NOON, "оператор"))
        password = await product.accounts.first_administrator()
        assert password
        signed_in = await product.accounts.sign_in("admin", password, "1.1.1.1")
        holder = (
            await product.accounts.change_password(signed_in.operator, password, "бір құпия сөз 2026")
        ).operator
        await product.handover.claim(holder, conversation)
        await product.handover.say(holder, conversation, "Сынақов мырза, тыңдап тұрмын")

        await product.conversations.receive(
            conversation, UserSaid(new_id(), NOON, "Қарлығаш көшесі ше?"), "d"
        )
        clock.pass_time(timedelta(hours=1))
        await product.sweeps.recover()
        await product.sweeps.offer_other_ways()
        await product.delivery.run_once()
        secrets = (*MARKS, opened.token, signed_in.token, password)
    logged = "".join(capsys.readouterr())
    assert "inbox.recovered" in logged
    assert not [mark for mark in secrets if mark in logged]


async def test_even_the_traceback_of_a_bug_shows_no_citizens_words(
    data_dir: Path, quick_start: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with build(
        Settings(data_dir=data_dir),
        clock=FakeClock(),
        understanding=ScriptedNlu(),
        knowledge=shipped_knowledge(),
    ) as product:
        conversation = (await product.conversations.open("web", "kk")).conversation_id

        def broken(*_: object) -> object:
            raise RuntimeError("a bug")

        monkeypatch.setattr(type(product.conversations.engine), "step", broken)
        await product.conversations.exchange(conversation, UserSaid(new_id(), NOON, STORY), "d")
    logged = "".join(capsys.readouterr())
    assert "event.failed" in logged
    assert "Қарлығаш" not in logged
