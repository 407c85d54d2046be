"""Records for the tests of storage, each complete and with all the letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from appeals.appeal import Applicant, Attachment, Complaint, Draft
from appeals.kinds import Kind
from appeals.lifecycle import Status
from bot.app.ports import UnitOfWork
from bot.app.records import (
    Address,
    AppealRecord,
    Author,
    Conversation,
    DecisionRecord,
    LearningSample,
    Message,
    Operator,
    OutboxKind,
    OutboxRow,
    Role,
    SampleSource,
    Session,
    ShownButton,
    StoredFile,
)
from bot.app.seal import Seal
from dialogs.lifecycle import Phase
from dialogs.model import Decision, DialogState

NOW = datetime(2026, 11, 21, 5, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SEAL = Seal(b"tests")

_numbers = count(1)


def conversation(conversation_id: str = "c1", **changes: Any) -> Conversation:
    """One in the web widget, as it is before it is stored."""
    phase = changes.pop("phase", Phase.BOT)
    state = DialogState(
        locale="kk",
        phase=phase,
        turn=3,
        welcomed=True,
        pending="Үш күн жылу жоқ",
        pending_guesses=(("topic.UTIL.HEAT", 0.61),),
        offered=("faq.answer-term",),
        last=Decision("confident", "topic.UTIL.HEAT", 0.94, ("жылу",), "жылу жоқ"),
    )
    made = Conversation(
        id=conversation_id,
        address=Address("web", conversation_id),
        state=state,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(made, **changes)


async def stored_conversation(uow: UnitOfWork, conversation_id: str = "c1", **changes: Any) -> Conversation:
    """The same, stored within the transaction and read again."""
    assert await uow.conversations.add(conversation(conversation_id, **changes), None, None)
    found = await uow.conversations.find(conversation_id)
    assert found is not None
    return found


def message(seq: int, author: Author = Author.BOT, **changes: Any) -> Message:
    """Line `seq` of conversation c1."""
    made = Message(
        conversation_id="c1",
        seq=seq,
        author=author,
        text=f"Сәлеметсіз бе? {seq}",
        at=NOW + seq * MINUTE,
        locale="kk",
        event_id="e1",
        buttons=(ShownButton("Иә", "form.confirm"), ShownButton("Жылу", "guide.topic", "UTIL.HEAT")),
        ask="text",
        tone="step",
        name="Айгүл",
        attachment_id="f1",
    )
    return replace(made, **changes)


def outbox_row(row_id: str, stream: str = "c1", **changes: Any) -> OutboxRow:
    """A delivery that is due."""
    made = OutboxRow(
        id=row_id,
        kind=OutboxKind.MESSAGE,
        stream=stream,
        payload={"seq": 1, "сөз": "жылу"},
        created_at=NOW,
        next_at=NOW,
    )
    return replace(made, **changes)


def draft(**changes: Any) -> Draft:
    """A complaint with everything in it."""
    made = Draft(
        kind=Kind.COMPLAINT,
        topic="UTIL.HEAT",
        body_id="city.energy",
        place="710000000",
        address="Абай даңғылы, 1",
        text="Үйде үш күн жылу жоқ, балалар тоңып отыр",
        attachments=(Attachment("f1", "сурет.jpg", "image/jpeg", 3, "ab" * 32),),
        applicant=Applicant("Үлгі Өтініш Әліпбиұлы", "000101500009", "+77010000000", "Астана", None),
        complaint=Complaint("әрекетсіздік", date(2026, 11, 1), "мән-жай", "сурет"),
        actual_address="Астана",
    )
    return replace(made, **changes)


def appeal(appeal_id: str | None = None, **changes: Any) -> AppealRecord:
    """A new appeal of conversation c1 with the next reference."""
    number = next(_numbers)
    made = AppealRecord(
        id=appeal_id or f"a{number}",
        reference=f"KM-2026-{number:06d}",
        secret_hash="hash",
        conversation_id="c1",
        draft=draft(),
        body_name="Энергетика басқармасы",
        locale="kk",
        status=Status.CREATED,
        synthetic=True,
        consent_version="2026-11",
        created_at=NOW + number * MINUTE,
        updated_at=NOW,
        channel="web",
    )
    return replace(made, **changes)


def decision(event_id: str, **changes: Any) -> DecisionRecord:
    """The reasons of one turn."""
    made = DecisionRecord(
        conversation_id="c1",
        event_id=event_id,
        at=NOW,
        outcome="guided",
        route="confident",
        label="topic.UTIL.HEAT",
        confidence=0.94,
        words=("жылу", "жоқ"),
        language="kk",
    )
    return replace(made, **changes)


def operator(operator_id: str = "o1", login: str = "aigul", **changes: Any) -> Operator:
    """An account."""
    return replace(
        Operator(operator_id, login, "Айгүл", Role.SUPERVISOR, "argon2", must_change=True), **changes
    )


def session(token_hash: str, operator_id: str = "o1", **changes: Any) -> Session:
    """A session of an hour."""
    return replace(Session(token_hash, operator_id, "csrf", NOW, LATER), **changes)


def stored_file(file_id: str, **changes: Any) -> StoredFile:
    """A picture."""
    return replace(StoredFile(file_id, "c1", "сурет.jpg", "image/jpeg", 3, "ab" * 32, NOW), **changes)


def learning_sample(text: str = "жылу жоқ", **changes: Any) -> LearningSample:
    """The wording of a misunderstood message of conversation c1."""
    made = LearningSample(
        conversation_id="c1",
        text=text,
        guessed=("topic.UTIL.WATER", "topic.UTIL.GAS"),
        chosen="topic.UTIL.HEAT",
        source=SampleSource.CITIZEN,
        language="kk",
        locale="kk",
        day=NOW.date(),
    )
    return replace(made, **changes)
