"""An appeal in full as the page shows it: its parts by article, its files, its history, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from appeals import steps
from appeals.appeal import Capacity, Draft, missing
from appeals.decisions import CHARACTERS, DECISIONS, RETURNS, WAIVERS, terminations_for
from appeals.kinds import Kind
from appeals.lifecycle import Action, Status
from bot.app.desk import Dossier
from bot.app.moves import considered_by
from bot.app.records import AppealRecord, AppealStep, Signature, StoredFile
from bot.console.views import AppealRow, Due, Field, View, shape_of
from dialogs.told import represented_by

TERM_OF = (
    (Action.FORWARD, "due.forward"),
    (Action.RETURN, "due.return"),
    (Action.PROTOCOL, "due.protocol"),
)
"""Steps with a term of their own that passes quietly."""
SIZES = ((1024 * 1024, "size.megabytes"), (1024, "size.kilobytes"))


@dataclass(frozen=True, slots=True)
class Relative:
    """Another appeal this one hangs together with. `how`: in words."""

    how: str
    row: AppealRow


@dataclass(frozen=True, slots=True)
class Term:
    """Something that is due."""

    name: str
    due: Due
    article: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A step that was taken."""

    moment: str
    action: str
    status: str
    actor: str
    note: str
    said: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A citizen's file. `shape`: picture, audio or video where the page can show it, else empty."""

    id: str
    name: str
    size: str
    shape: str


def essentials(view: View, appeal: AppealRecord) -> list[Field]:
    """What art. 63 asks of every appeal, and what else is known of it."""
    draft = appeal.draft
    return _fields(
        view,
        appeal,
        {
            "kind": view.kind(draft.kind),
            "topic": view.topic(draft.topic),
            "body_id": view.body(appeal),
            **_applicant(view, draft),
            "applicant.postal_address": draft.applicant.postal_address,
            "applicant.phone": draft.applicant.phone,
            "applicant.email": draft.applicant.email,
            "place": view.place(draft.place),
            "address": draft.address,
            **_since(view, draft),
            "text": draft.text,
        },
    )


def _since(view: View, draft: Draft) -> dict[str, str]:
    """Since when the matter lasts, where the citizen has said it: in their words, or the day."""
    if draft.lasts:
        return {"began": f"«{draft.lasts}»"}
    return {"began": view.words.day(draft.began)} if draft.began else {}


def _applicant(view: View, draft: Draft) -> dict[str, str | None]:
    """Whose appeal it is, and who signs for whom (art. 63 (2), 68)."""
    person = draft.applicant
    capacity = {"capacity": view.words(f"capacity.{draft.capacity.value}")}
    signs = {"representative": represented_by(draft)}
    named = {"applicant.full_name": person.full_name, "applicant.iin": person.iin}
    match draft.capacity:
        case Capacity.SELF:
            return {**named}
        case Capacity.ANOTHER:
            return {**capacity, **named, **signs}
        case Capacity.GROUP:
            return {**capacity, **named, "people": str(draft.people or "")}
        case Capacity.ORGANISATION:
            entity = {"applicant.organisation": person.organisation, "applicant.bin": person.bin}
            return {**capacity, **entity, **signs}


def complaint(view: View, appeal: AppealRecord) -> list[Field]:
    """What art. 93 adds for a complaint; nothing for other kinds."""
    draft = appeal.draft
    if draft.kind is not Kind.COMPLAINT:
        return []
    learned = draft.complaint.learned_on
    return _fields(
        view,
        appeal,
        {
            "considered": view.words.of(considered_by(appeal, view.knowledge.domain)),
            "complaint.challenged": draft.complaint.challenged,
            "complaint.learned_on": view.words.day(learned) if learned else None,
            "complaint.earlier": draft.complaint.earlier,
            "complaint.harm": draft.complaint.harm,
            "complaint.circumstances": draft.complaint.circumstances,
            "complaint.evidence": draft.complaint.evidence,
            "actual_address": draft.actual_address,
        },
    )


def _fields(view: View, appeal: AppealRecord, values: Mapping[str, str | None]) -> list[Field]:
    lacking = {part.field for part in missing(appeal.draft)}
    return [
        Field(view.words(f"field.{path.rpartition('.')[2]}"), value or "", lacking=path in lacking)
        for path, value in values.items()
    ]


def files(view: View, stored: Iterable[StoredFile]) -> list[FileRow]:
    """Files with their sizes in words."""
    return [FileRow(file.id, file.name, _size(view, file.size), shape_of(file)) for file in stored]


def _size(view: View, size: int) -> str:
    for unit, key in SIZES:
        if size >= unit:
            return view.words(key, n=f"{size / unit:.1f}".replace(".", ","))
    return view.words("size.bytes", n=size)


def history(view: View, dossier: Dossier, names: Mapping[str, str]) -> list[HistoryRow]:
    """Steps taken, in order. `names`: operators by id; other actors have words of their own."""
    words = view.words
    return [
        HistoryRow(
            words.moment(step.at),
            words.known(f"step.{step.action}", step.action),
            view.status(step.status),
            names.get(step.actor) or words.known(f"actor.{step.actor}", step.actor),
            step.note,
            tuple(field for field in _said(view, step, names, dossier.standing.kind) if field.value),
        )
        for step in dossier.steps
    ]


def _said(view: View, row: AppealStep, names: Mapping[str, str], kind: Kind) -> Iterable[Field]:
    """What a step says beside the words for the citizen."""
    words = view.words
    match row.said:
        case steps.Assign(executor=executor):
            yield Field(words("move.executor"), names.get(executor, executor))
        case steps.AskFix(until=until, lacking=lacking):
            named = ", ".join(words.known(f"field.{path.rpartition('.')[2]}", path) for path in lacking)
            yield Field(words("move.lacking"), named)
            yield Field(words("move.fix_until"), words.day(until))
        case steps.Supplement(files=files):
            yield Field(words("appeal.files"), ", ".join(file.name for file in files))
        case steps.Forward(body=body):
            yield Field(words("move.body"), body)
        case steps.ForwardPart(body=body, part=part, child=child):
            yield Field(words("move.body"), body)
            yield Field(words("move.part"), part)
            yield Field(words("relative.part"), child)
        case steps.Hearing(on=day, where=where, preliminary=preliminary):
            yield Field(words("move.on"), f"{words.day(day)}, {where}")
            yield Field(words("move.preliminary"), preliminary)
        case steps.Protocol(text=text):
            yield Field(words("move.protocol"), text)
        case steps.Extend(until=until):
            yield Field(words("move.until"), words.day(until))
        case steps.Answer():
            decision, character = DECISIONS[row.said.decision].name, CHARACTERS[row.said.character]
            yield Field(words("move.decision"), f"{words.of(decision)} – {words.of(character)}")
            if row.said.waiver:
                yield Field(words("move.waiver"), words.of(WAIVERS[row.said.waiver]))
        case steps.Return(ground=reason):
            yield Field(words("move.ground"), words.of(RETURNS[reason]))
        case steps.Terminate(ground=ground):
            yield Field(words("move.ground"), words.of(terminations_for(kind)[ground]))
        case steps.Complain(child=child):
            yield Field(words("relative.complaint"), child)


def parts(view: View, dossier: Dossier) -> list[Relative]:
    """The appeal this one belongs to, and those that came of it."""
    found = [("relative.parent", dossier.parent)] if dossier.parent else []
    for child in dossier.children:
        complaint_of_it = (
            child.draft.kind is Kind.COMPLAINT and dossier.appeal.draft.kind is not Kind.COMPLAINT
        )
        found.append(("relative.complaint" if complaint_of_it else "relative.part", child))
    return [Relative(view.words(key), view.appeal_row(appeal)) for key, appeal in found]


def terms(view: View, dossier: Dossier) -> list[Term]:
    """What is due and when, the nearest first."""
    stands, windows = dossier.standing, dossier.windows
    days: list[tuple[str, date | None, str | None]] = []
    if not stands.ended:
        days = [
            ("due.consideration", stands.due, dossier.appeal.due_article),
            ("due.fix", stands.fix_until if stands.status is Status.NEEDS_FIX else None, "64 (6)"),
            ("due.hearing", stands.hearing_on if stands.status is Status.HEARING else None, "73"),
        ]
        for action, key in TERM_OF:
            window = windows.get(action)
            if window and window.term and window.closed is None and not window.late:
                days.append((key, window.term.on, window.term.article))
    named = sorted((day, key, article) for key, day, article in days if day)
    return [Term(view.words(key), view.countdown(day), view.article(article)) for day, key, article in named]


def signature(view: View, signed: Signature | None, dossier: Dossier) -> str:
    """Who signed when, without the name for somebody who is not shown the applicant; empty for an unsigned appeal."""
    if signed is None:
        return ""
    moment = view.words.moment(signed.signed_at)
    return f"{signed.signer}, {moment}" if dossier.personal else moment
