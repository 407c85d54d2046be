"""Plays the conversations in transcripts/*.yaml, which anybody can read, and checks every state survives storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from appeals import steps
from appeals.appeal import Applicant, Attachment, Capacity, Draft
from appeals.decisions import ReturnGround
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.matters import Matter
from dialogs import events
from dialogs.effects import (
    AskQueue,
    EraseData,
    FileAppeal,
    FindAppeals,
    FindRepetition,
    FindSameMatter,
    FollowMatter,
    JoinQueue,
    KeepWording,
    LookUpAppeal,
    OpenPage,
    PageKind,
    RateAnswer,
    RecallAppeal,
    ShowDetails,
    SupplementAppeal,
    TakeDraft,
    WithdrawAppeal,
    WithdrawConsent,
)
from dialogs.events import AppealView, Event, FollowView, Passed
from dialogs.model import CONSENT_VERSION, DialogState, Form, Mode, Turn
from dialogs.progress import CHALLENGED
from dialogs.replies import Relay, Say
from dialogs.scenarios import SCENARIOS
from tests.factories import NOON, engine, parse, renderer
from text.bilingual import Bilingual

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.yaml"))
LINK = "0123456789abcdef" * 4
FOLLOW = FollowView("f1", Matter("UTIL.HEAT", "117020100"))
VIEW = AppealView("KM-2026-000001", Status.CREATED, "UTIL.HEAT", "ТКШ бөлімі (Бурабай ауданы)", NOON)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_transcript(file: Path) -> None:
    script = yaml.safe_load(file.read_text("utf-8"))
    brain = engine(
        Mode(script.get("mode", "demo")),
        **{name: script[name] for name in ("reachable", "signature", "telegram") if name in script},
    )
    state = DialogState(locale=script.get("locale"), abroad=script.get("abroad", False))
    for number, line in enumerate(script["lines"], 1):
        where = f"{file.stem}, line {number}: {_input(line)}"
        turn = brain.step(state, _event(line, number))
        turn = _answered(brain, turn, number, line)
        _check(turn, line.get("expect", {}), where)
        for reply in turn.replies:
            if isinstance(reply, Say):
                shown = renderer().render(reply, turn.state.speaks)
                assert shown.text.strip(), where
                assert all(len(button.id.encode()) <= 64 for button in shown.buttons), where
        state = DialogState.from_json(turn.state.to_json())
        assert state == turn.state, where


def test_every_scenario_has_a_transcript() -> None:
    pressed = {
        line["press"].partition(":")[0].partition(".")[0]
        for file in FILES
        for line in yaml.safe_load(file.read_text("utf-8"))["lines"]
        if "press" in line
    }
    assert set(SCENARIOS) - pressed - {"welcome", "smalltalk"} == set()


def _input(line: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in line.items() if key != "expect")


def _event(line: dict[str, Any], number: int) -> Event:
    id_, at = f"e{number}", NOON + timedelta(seconds=number)
    match line:
        case {"start": locale}:
            return events.Started(id_, at, locale, line.get("payload", ""))
        case {"says": text}:
            understood = line.get("understood")
            made = parse(**understood) if understood else None
            parts = tuple(
                events.Clause(part["text"], parse(**{k: v for k, v in part.items() if k != "text"}))
                for part in line.get("clauses", ())
            )
            hits = tuple(line.get("hits", ()))
            return events.UserSaid(id_, at, text, made, hits, line.get("edited", False), parts)
        case {"press": button}:
            action, _, arg = button.partition(":")
            return events.ButtonPressed(id_, at, action, arg)
        case {"opens": "link"}:
            return events.Started(id_, at, None, LINK)
        case {"leaves": page}:
            return events.DraftLeft(id_, at, page, line.get("to", "web"))
        case {"command": name}:
            return events.CommandGiven(id_, at, name, line.get("arg", ""))
        case {"place": [lat, lon]}:
            return events.PlaceShared(id_, at, lat, lon)
        case {"contact": phone}:
            return events.ContactShared(id_, at, phone, line.get("own", True))
        case {"page": answers}:
            return events.ApplicantGiven(id_, at, line.get("id", "p1"), tuple(answers.items()))
        case {"file": name}:
            media_type = "audio/ogg" if name.endswith(".ogg") else "image/jpeg"
            attachment = (
                Attachment(f"f{number}", name, media_type, 1000, "0" * 64)
                if not line.get("refused")
                else None
            )
            return events.FileSent(
                id_,
                at,
                attachment,
                line.get("refused", ""),
                line.get("caption", ""),
                more=line.get("more", False),
            )
        case {"sends": kind}:
            return events.Unsupported(id_, at, kind)
        case {"operator": "claims"}:
            return events.OperatorClaimed(id_, at, "op1", "Айгерім")
        case {"operator": "hands back"}:
            return events.OperatorHandedBack(id_, at, "op1")
        case {"operator": "closes"}:
            return events.OperatorClosed(id_, at, "op1")
        case {"operator": said}:
            return events.OperatorSaid(id_, at, "op1", said)
        case {"withdrawal": "stopped"}:
            return events.WithdrawalDecided(id_, at, True, "")
        case {"withdrawal": reason}:
            return events.WithdrawalDecided(id_, at, False, reason)
        case {"waits": "long"}:
            return events.WaitExpired(id_, at)
        case {"matter": status}:
            over = line.get("over", False)
            return events.MatterChanged(id_, at, FOLLOW, Status(status), VIEW.body, over)
        case {"desk": status}:
            appeal = replace(VIEW, status=Status(status), answer=line.get("answer"), **_view(line))
            if "term" in line:
                told = {"passed": events.TermPassed, "to complete": events.FixEnding}[line["term"]]
                return told(id_, at, appeal)
            said = dict(line.get("step", {}))
            step = steps.from_json(said.pop("action", ""), said)
            assert step or not said, line
            return events.AppealChanged(id_, at, appeal, line.get("note", ""), step)
    raise AssertionError(f"no such line: {line}")


def _view(line: dict[str, Any]) -> dict[str, Any]:
    known = line.get("view", {})
    return {**known, "kind": Kind(known["kind"])} if "kind" in known else known


def _answered(brain: Any, turn: Turn, number: int, line: dict[str, Any]) -> Turn:
    """Let the world answer the effects, as the shell does, and join what was said."""
    replies, effects, first = list(turn.replies), list(turn.effects), turn
    outcome = turn.outcome
    for effect in effects:  # those of the answers, too
        result = _result(effect, f"e{number}:r", line.get("world", {}))
        if result is None:
            continue
        turn = brain.step(turn.state, result)
        replies += turn.replies
        effects += turn.effects
        outcome = turn.outcome if outcome is first.outcome and not first.replies else outcome
    return Turn(turn.state, outcome, tuple(replies), tuple(effects), first.decision)


def _result(effect: object, id_: str, world: dict[str, Any]) -> Event | None:
    match effect:
        case JoinQueue() | AskQueue():
            is_open = world.get("open", True)
            return events.Queued(
                id_, NOON, world.get("position", 1), is_open, None if is_open else NOON + timedelta(days=3)
            )
        case FindRepetition() | FileAppeal(anyway=False) if world.get("repeated", False):
            return events.AppealRepeated(id_, NOON, None if world["repeated"] == "elsewhere" else VIEW)
        case FindRepetition():
            return events.AppealNotRepeated(id_, NOON)
        case RecallAppeal():
            return _recalled(id_, world, effect)
        case FileAppeal():
            return events.AppealFiled(id_, NOON, VIEW, "SECRET1234", (NOON + timedelta(days=21)).date(), "76")
        case FindAppeals():
            follows = (FOLLOW,) if world.get("follows", False) else ()
            found = (VIEW,) if world.get("appeals", False) else ()
            if isinstance(world.get("appeals"), str):
                ended = {"status": Status(world["appeals"]), "due": NOON.date(), "due_article": "76 (1–2)"}
                found = (replace(VIEW, **ended, **world.get("view", {})),)
            return events.AppealsFound(id_, NOON, found, follows=follows)
        case FindSameMatter(matter=matter):
            people = world.get("nearby", 0)
            since = (NOON - timedelta(days=6)).date() if people else None
            return events.SameMatterFound(id_, NOON, matter, people, since)
        case FollowMatter(matter=matter):
            return events.MatterFollowed(id_, NOON, events.FollowView("f1", matter))
        case LookUpAppeal():
            return events.AppealsFound(
                id_, NOON, (VIEW,) if world.get("fits", False) else (), asked_by_reference=True
            )
        case OpenPage(kind=kind):
            minutes = 7 * 24 * 60 if kind is PageKind.CARRY else 30
            return events.PageOpened(id_, NOON, kind, world.get("page", "p1"), minutes)
        case TakeDraft():
            return _taken(id_, world)
        case SupplementAppeal() if world.get("refuses"):
            return events.ChangeRefused(id_, NOON, VIEW, Bilingual("Мерзімі өтті.", "Срок прошёл."))
        case SupplementAppeal():
            view = replace(VIEW, to_sign=world.get("to_sign", False))
            return events.AppealChanged(id_, NOON, view, effect.text, steps.Supplement(), own=True)
        case WithdrawAppeal():
            withdrawn = replace(VIEW, status=Status.WITHDRAWN)
            return events.AppealChanged(id_, NOON, withdrawn, "", steps.Withdraw(), own=True)
        case ShowDetails():
            view = replace(VIEW, to_sign=world.get("to_sign", False)) if world.get("fits", True) else None
            way = (
                Passed(NOON, Status.CREATED),
                Passed(NOON, Status.IN_PROGRESS, "қабылданды", steps.Assign("o1")),
            )
            if "returned" in world:
                ground = ReturnGround(world["returned"])
                view = replace(VIEW, status=Status.RETURNED, identical=ground is ReturnGround.IDENTICAL)
                way = (*way, Passed(NOON, Status.RETURNED, "", steps.Return(ground)))
            return events.DetailsFound(id_, NOON, view, way, own=True)
        case RateAnswer(score=score, word=word):
            answered = replace(VIEW, status=Status.ANSWERED) if world.get("fits", True) else None
            return events.AnswerRated(id_, NOON, answered, score, word)
        case EraseData(categories=categories):
            return events.DataErased(id_, NOON, 12, 1, categories)
        case WithdrawConsent():
            return events.ConsentWithdrawn(id_, NOON, world.get("filed", 0), NOON.date() + timedelta(days=21))
        case _:
            return None


def _taken(id_: str, world: dict[str, Any]) -> Event:
    """`taken`: why not, or the step at which a finished appeal was left; `consented` there (to which version), `abroad`,
    in `language`."""
    if world["taken"] in set(events.NotTaken):
        return events.DraftNotTaken(id_, NOON, events.NotTaken(world["taken"]))
    consented = world.get("consented", False)
    draft = Draft(
        kind=Kind.APPLICATION,
        topic=VIEW.topic,
        place="117020100",
        address="Абай көшесі 5",
        text="Үш күн жылу жоқ, шара қолдануды сұраймын",
        attachments=(Attachment("f1", "пеш.jpg", "image/jpeg", 1000, "0" * 64),),
        applicant=Applicant("Сынақов Мысал", "900101300007", "+77015550000", "Щучинск, Мира 5")
        if consented
        else Applicant(),
    )
    return events.DraftTaken(
        id_,
        NOON,
        Form(draft, world["taken"], ("guide",), page="p1", asked_of=Matter(VIEW.topic, "117020100", "аб")),
        "c2",
        world.get("language", "kk"),
        CONSENT_VERSION if consented is True else consented or None,
        world.get("abroad", False),
    )


def _recalled(id_: str, world: dict[str, Any], effect: RecallAppeal) -> Event:
    """`recalled`: its status, or silent or running, of an appeal of this `kind`; a stranger's appeal (`own: false`) only
    once its secret was given. `body`: where it is now.
    """
    if not (world.get("own", True) or effect.proved):
        return events.AppealsFound(id_, NOON, (), asked_by_reference=True)
    today, told = NOON.date(), world["recalled"]
    due = today + timedelta(days=3 if told == "running" else -3)
    status = VIEW.status if told in ("running", "silent") else Status(told)
    decided = today - timedelta(days=1) if status in CHALLENGED else None
    draft = Draft(
        capacity=Capacity(world.get("capacity", "self")),
        kind=Kind.APPLICATION,
        topic=VIEW.topic,
        body_id="housing_utilities.district",
        place="117020100",
        text="Үш күн жылу жоқ, балалар тоңып отыр",
        applicant=Applicant("Сынақов Мысал", "900101300007", "+77015550000", "Щучинск, Мира 5"),
    )
    view = replace(
        VIEW,
        status=status,
        identical=world.get("identical", False),
        due=due,
        due_article="76 (1–2)",
        kind=Kind(world.get("kind", "application")),
        body=world.get("body", "Тұрғын үй-коммуналдық шаруашылық бөлімі (Бурабай ауданы)"),
        fix_asked=world.get("lacked", ""),
    )
    files_left = world.get("files_left", False)
    return events.AppealRecalled(id_, NOON, view, draft, decided, effect.purpose, files_left=files_left)


def _check(turn: Turn, expect: dict[str, Any], where: str) -> None:
    keys = [part.key for reply in turn.replies if isinstance(reply, Say) for part in reply.paragraphs]
    buttons = [
        f"{b.action}:{b.arg}" if b.arg else b.action
        for reply in turn.replies
        if isinstance(reply, Say)
        for b in reply.buttons
    ]
    for key in expect.get("says", ()):
        assert key in keys, f"{where}: {key} not in {keys}"
    for key in expect.get("not", ()):
        assert key not in keys, f"{where}: {key} in {keys}"
    for button in expect.get("buttons", ()):
        assert button in buttons, f"{where}: {button} not in {buttons}"
    if "offers_first" in expect:
        assert buttons[0] == expect["offers_first"], f"{where}: {buttons}"
    for button in expect.get("no", ()):
        assert button not in buttons, f"{where}: {button} in {buttons}"
    shown = "\n".join(
        renderer().render(reply, turn.state.speaks).text for reply in turn.replies if isinstance(reply, Say)
    )
    for words in expect.get("shows", ()):
        assert words in shown, f"{where}: {words} not in {shown}"
    for words in expect.get("hides", ()):
        assert words not in shown, f"{where}: {words} in {shown}"
    if "first" in expect:
        assert keys[0] == expect["first"], f"{where}: {keys}"
    if "silent" in expect:
        assert not turn.replies, where
    if "relays" in expect:
        assert [reply.text for reply in turn.replies if isinstance(reply, Relay)] == [expect["relays"]], where
    if "document" in expect:
        documents = [reply.document for reply in turn.replies if isinstance(reply, Say) and reply.document]
        assert documents == [expect["document"]], where
    if "outcome" in expect:
        assert turn.outcome.value == expect["outcome"], f"{where}: {turn.outcome}"
    if "phase" in expect:
        assert turn.state.phase.value == expect["phase"], f"{where}: {turn.state.phase}"
    if "step" in expect:
        assert (turn.state.form.step if turn.state.form else None) == expect["step"], (
            f"{where}: {turn.state.form}"
        )
    if "locale" in expect:
        assert turn.state.speaks == expect["locale"], where
    if "effects" in expect:
        assert [type(effect).__name__ for effect in turn.effects] == expect["effects"], (
            f"{where}: {turn.effects}"
        )
    if "keeps" in expect:
        kept = [effect.text for effect in turn.effects if isinstance(effect, KeepWording)]
        assert kept == expect["keeps"], f"{where}: {kept}"
    for name, value in expect.get("draft", {}).items():
        form = turn.state.unfinished
        assert form is not None, where
        assert getattr(form.draft, name) == value, f"{where}: {form.draft}"


def test_a_form_of_an_earlier_version_keeps_its_one_other_matter() -> None:
    other = Draft(text="яма на дороге у школы")
    stored = Form(also=(other,)).to_json()
    assert Form.from_json(stored).also == (other,)
    assert Form.from_json({**stored, "also": stored["also"][0]}).also == (other,)
    assert Form.from_json({**stored, "also": None}).also == ()
