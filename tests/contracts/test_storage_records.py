"""Consents, feedback, reasons, accounts, files and the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.app.errors import InvalidInput, NotFound
from bot.app.ports import Storage
from bot.app.records import AppealRating, AuditRow, ConsentRecord, OneTimePage, Role, Signature
from bot.storage import SqlStorage
from dialogs.effects import PageKind
from tests.contracts.samples import (
    LATER,
    MINUTE,
    NOW,
    appeal,
    decision,
    operator,
    session,
    stored_conversation,
    stored_file,
)
from text.bilingual import Bilingual


async def test_consents_are_kept_with_their_withdrawal(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await stored_conversation(uow, "c2")
        given = ConsentRecord("c1", "2026-11", True, "kk", NOW, "web", text="Келісемін: ӘҒҚҢӨҰҮҺІ")
        withdrawn = ConsentRecord("c1", "2026-11", False, "ru", LATER, "web")
        at_the_desk = replace(given, conversation_id="c2", at=LATER, channel="desk", actor="o1")
        for consent in (given, withdrawn, at_the_desk):
            await uow.consents.add(consent)
        first, second = await uow.consents.of_conversation("c1")
        assert (replace(first, id=0), replace(second, id=0)) == (given, withdrawn)
        assert first.digest
        assert not second.digest
        assert await uow.consents.of_conversation("c3") == []
        newest = await uow.consents.newest(conversations=None, limit=2)
        assert [(one.conversation_id, one.given) for one in newest] == [("c2", True), ("c1", False)]
        assert await uow.consents.newest(conversations=None, limit=9, before=newest[-1].id) == [first]
        assert await uow.consents.newest(conversations=["c1"], limit=9) == [second, first]
        assert await uow.consents.newest(conversations=[], limit=9) == []


@pytest.mark.parametrize(
    "deed", ["UPDATE consents SET given = NOT given", "DELETE FROM consents", "DELETE FROM consent_texts"]
)
async def test_a_recorded_consent_cannot_be_changed(storage: SqlStorage, deed: str) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.consents.add(ConsentRecord("c1", "2026-11", True, "kk", NOW, "web", text="Келісемін"))
        await uow.commit()
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with storage.engine.begin() as connection:
            await connection.execute(text(deed))


async def test_only_the_newest_page_of_a_kind_opens_and_once(storage: Storage) -> None:
    first = OneTimePage("p1", "h1", "c1", PageKind.APPLICANT, "kk", NOW, LATER)
    second = replace(first, id="p2", token_hash="h2", locale="ru", created_at=LATER)
    async with storage.write() as uow:
        await stored_conversation(uow)
        await stored_conversation(uow, "c2")
        await uow.pages.add(first)
        await uow.pages.add(replace(first, id="p3", token_hash="h3", conversation_id="c2"))
        await uow.pages.add(second)
        assert await uow.pages.find("h1") is None
        assert await uow.pages.find("h2") == second
        assert await uow.pages.use("p2", LATER)
        assert not await uow.pages.use("p2", NOW)
        assert await uow.pages.find("h2") == replace(second, used_at=LATER)
        await uow.pages.forget("c1")
        assert await uow.pages.find("h2") is None
        assert await uow.pages.find("h3") is not None


async def test_each_draft_has_its_link_until_that_expires(storage: Storage) -> None:
    first = OneTimePage("p1", "h1", "c1", PageKind.CARRY, "kk", NOW, LATER)
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.pages.add(first)
        await uow.pages.add(replace(first, id="p2", token_hash="h2", expires_at=LATER + timedelta(days=1)))
        assert await uow.pages.find("h1") == first
        await uow.pages.add(replace(first, id="p3", token_hash="h3", created_at=LATER))
        assert await uow.pages.find("h1") is None
        assert await uow.pages.find("h2") is not None


async def test_ratings_are_added_up_over_days_and_languages(storage: Storage) -> None:
    async with storage.write() as uow:
        for slug, helpful, locale, days in (
            ("answer-term", True, "kk", 0),
            ("answer-term", True, "kk", 0),
            ("answer-term", False, "ru", 0),
            ("answer-term", True, "kk", 1),
            ("signature", False, "ru", 0),
        ):
            await uow.feedback.answer_rated(
                slug, helpful=helpful, locale=locale, at=NOW + timedelta(days=days)
            )
        assert await uow.feedback.ratings() == {"answer-term": (3, 1), "signature": (0, 1)}


async def test_corrected_guesses_may_repeat_and_may_choose_none(storage: Storage) -> None:
    async with storage.write() as uow:
        for chosen, days in (("topic.UTIL.HEAT", 0), ("topic.UTIL.HEAT", 1), (None, 0)):
            at = NOW + timedelta(days=days)
            await uow.feedback.guess_corrected(["topic.UTIL.WATER", "topic.UTIL.HEAT"], chosen, "kk", at)
        assert await uow.feedback.corrections() == [
            (["topic.UTIL.WATER", "topic.UTIL.HEAT"], "topic.UTIL.HEAT", 2),
            (["topic.UTIL.WATER", "topic.UTIL.HEAT"], None, 1),
        ]


async def test_reasons_come_newest_first_and_are_counted_by_outcome(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        old = decision("e0", at=NOW - MINUTE, outcome="welcomed")
        first, second = decision("e1"), decision("e2", at=LATER, outcome="filed", words=())
        for one in (old, first, second):
            await uow.decisions.add(one)
        assert await uow.decisions.of_conversation("c1", 2) == [second, first]
        await uow.decisions.add(decision("e2", at=LATER, outcome="handed_over"))
        assert await uow.decisions.of_event("c1", "e2") == second
        assert await uow.decisions.of_event("c2", "e2") is None
        assert await uow.decisions.outcomes(NOW) == {"handed_over": 1, "guided": 1, "filed": 1}


async def test_a_login_is_given_once(storage: Storage) -> None:
    async with storage.write() as uow:
        assert await uow.operators.count() == 0
        assert await uow.operators.add(operator())
        assert not await uow.operators.add(operator("o2"))
        assert await uow.operators.add(operator("o3", "aibek"))
        assert await uow.operators.count() == 2
        assert [one.login for one in await uow.operators.all()] == ["aibek", "aigul"]
        assert await uow.operators.find("o1") == await uow.operators.find_by_login("aigul") == operator()
        assert await uow.operators.find("o2") is None
        assert await uow.operators.find_by_login("nobody") is None


async def test_an_account_can_be_changed(storage: Storage) -> None:
    changed = operator(
        name="Ә",
        role=Role.ADMINISTRATOR,
        password_hash="new",
        must_change=False,
        active=False,
        post=Bilingual("Бас маман", "Главный специалист"),
    )
    async with storage.write() as uow:
        await uow.operators.add(operator())
        await uow.operators.save(changed)
        assert await uow.operators.find("o1") == changed
        with pytest.raises(NotFound):
            await uow.operators.save(operator("unknown", "unknown"))
        await uow.operators.add(operator("o2", "aibek"))
        with pytest.raises(InvalidInput):
            await uow.operators.save(operator("o2", "aigul"))


async def test_a_session_lives_until_it_expires_or_is_closed(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.operators.add(operator())
        await uow.operators.add(operator("o2", "aibek"))
        await uow.operators.open_session(session("t1"))
        await uow.operators.open_session(session("t2"))
        await uow.operators.open_session(session("t3", "o2"))
        find = uow.operators.find_session
        assert await find("t1", NOW) == session("t1")
        assert await find("t1", LATER) is None
        assert await find("unknown", NOW) is None
        await uow.operators.close_session("t1")
        assert await find("t1", NOW) is None
        await uow.operators.close_sessions_of("o1")
        assert await find("t2", NOW) is None
        assert await find("t3", NOW) == session("t3", "o2")


async def test_expired_sessions_are_swept_when_another_opens(storage: Storage) -> None:
    async with storage.write() as uow:
        await uow.operators.add(operator())
        await uow.operators.open_session(session("t1"))
        await uow.operators.open_session(session("t2", created_at=LATER, expires_at=LATER + MINUTE))
        assert await uow.operators.find_session("t1", NOW) is None


async def test_bytes_may_go_with_the_last_file_that_has_them(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        await stored_conversation(uow, "c2")
        files = [stored_file("f1"), stored_file("f2", at=LATER), stored_file("f3", conversation_id="c2")]
        for one in files:
            await uow.files.add(one)
        assert await uow.files.find("f1") == files[0]
        assert await uow.files.find("unknown") is None
        assert await uow.files.of_conversation("c1") == files[:2]
        assert not await uow.files.delete("f1")
        assert not await uow.files.delete("f1")
        assert not await uow.files.delete("f2")
        assert await uow.files.delete("f3") == [files[2].sha256]
        assert await uow.files.find("f3") is None


async def test_a_large_file_keeps_its_size(storage: Storage) -> None:
    large = replace(stored_file("f1"), size=5 * 1024**3)
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.files.add(large)
        assert await uow.files.find("f1") == large


async def test_the_audit_log_comes_newest_first(storage: Storage) -> None:
    rows = [
        AuditRow(NOW, "o1", "conversation.claimed", "c1"),
        AuditRow(NOW, "o1", "appeal.acted", "a1", "answer"),
    ]
    async with storage.write() as uow:
        for row in rows:
            await uow.audit.add(row)
        assert await uow.audit.newest(9) == rows[::-1]
        assert await uow.audit.newest(1) == rows[1:]


async def test_a_thumbnail_goes_with_the_last_picture_that_looks_like_it(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        for number in (1, 2):
            await uow.files.add(stored_file(f"f{number}", sha256=f"{number}" * 64, thumbnail="0" * 64))
        assert (await uow.files.find("f1")).thumbnail == "0" * 64  # type: ignore[union-attr]
        assert await uow.files.delete("f1") == ["1" * 64]
        assert await uow.files.delete("f2") == ["2" * 64, "0" * 64]


async def test_the_last_word_of_a_citizen_on_an_answer_counts(storage: Storage) -> None:
    async with storage.write() as uow:
        await stored_conversation(uow)
        filed = [appeal() for _ in range(3)]
        for one in filed:
            await uow.appeals.add(one)
        first, second, third = (one.id for one in filed)
        assert await uow.ratings.of_appeal(first) is None
        await uow.ratings.put(AppealRating(first, 1, "Жауап жоқ", NOW))
        await uow.ratings.put(AppealRating(first, 5, "Рақмет!", LATER))
        await uow.ratings.put(AppealRating(second, 2, "", NOW))
        await uow.ratings.put(AppealRating(third, 2, "ештеңе өзгермеді", LATER))
        assert await uow.ratings.of_appeal(first) == AppealRating(first, 5, "Рақмет!", LATER)
        assert await uow.ratings.counts(NOW) == {2: 2, 5: 1}
        assert await uow.ratings.counts(LATER) == {2: 1, 5: 1}
        told = await uow.ratings.lowest(NOW, 2)
        assert [(rating.word, reference) for rating, reference in told] == [
            ("ештеңе өзгермеді", filed[2].reference),
            ("", filed[1].reference),
        ]


async def test_a_signature_belongs_to_one_appeal_and_goes_when_there_is_none(storage: Storage) -> None:
    loose = Signature("s1", "c1", "Мәтін: ӘҒҚҢӨҰҮҺІ", b"\x30\x00\xff", "СЫНАҚОВ", {"valid": True}, NOW)
    other = replace(loose, id="s2", signed_at=LATER)
    async with storage.write() as uow:
        await stored_conversation(uow)
        await uow.appeals.add(appeal("a1"))
        await uow.signatures.add(loose)
        await uow.signatures.add(other)
        assert await uow.signatures.of_conversation("c1") == [loose, other]
        await uow.signatures.attach("s1", "a1")
        assert await uow.signatures.of_appeal("a1") == replace(loose, appeal_id="a1")
        assert await uow.signatures.of_appeal("a2") is None
        for gone in ("s1", "unknown"):
            with pytest.raises(NotFound):
                await uow.signatures.attach(gone, "a1")
        await uow.signatures.forget("c1")
        assert await uow.signatures.of_conversation("c1") == [replace(loose, appeal_id="a1")]
