"""An appeal in full as the page shows it: its parts by article, its files, its history, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from appeals import deadlines
from appeals.appeal import Capacity, Draft, missing
from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import Action
from bot.app.desk import NEEDS_NOTE, Dossier
from bot.app.records import AppealRecord, AppealStep, StoredFile
from bot.console.views import Field, View

USUAL = (Action.REGISTER, Action.ACCEPT_FIX, Action.START, Action.ANSWER)
"""The usual next steps; they come first."""
SIZES = ((1024 * 1024, "size.megabytes"), (1024, "size.kilobytes"))


@dataclass(frozen=True, slots=True)
class Move:
    """A step an operator may take, with its lawful term in words, and the fields it asks for.

    `possible` is False where the Code forbids what the life cycle allows. `earliest` and `latest` bound the day `until`.
    """

    action: str
    name: str
    term: str
    reason: bool
    possible: bool = True
    earliest: str = ""
    latest: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields beside the note."""
        return {"answer": ("answer",), "forward": ("to_body",), "extend": ("until",)}.get(self.action, ())


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A step that was taken."""

    moment: str
    action: str
    status: str
    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A citizen's file."""

    id: str
    name: str
    size: str


def essentials(view: View, appeal: AppealRecord) -> list[Field]:
    """What art. 63 asks of every appeal, and what else is known of it."""
    draft = appeal.draft
    return _fields(
        view,
        appeal,
        {
            "kind": view.kind(draft.kind),
            "topic": view.topic(draft.topic),
            "body_id": appeal.body_name,
            **_applicant(view, draft),
            "applicant.postal_address": draft.applicant.postal_address,
            "applicant.phone": draft.applicant.phone,
            "applicant.email": draft.applicant.email,
            "place": view.place(draft.place),
            "address": draft.address,
            **({"began": view.words.day(draft.began)} if draft.began else {}),
            "text": draft.text,
        },
    )


def _applicant(view: View, draft: Draft) -> dict[str, str | None]:
    """Whose appeal it is, and who signs for whom (art. 63 (2), 68)."""
    person, signer = draft.applicant, draft.representative
    capacity = {"capacity": view.words(f"capacity.{draft.capacity.value}")}
    signs = {"representative": ", ".join(filter(None, (signer.full_name, signer.authority)))}
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
    return [FileRow(file.id, file.name, _size(view, file.size)) for file in stored]


def _size(view: View, size: int) -> str:
    for unit, key in SIZES:
        if size >= unit:
            return view.words(key, n=f"{size / unit:.1f}".replace(".", ","))
    return view.words("size.bytes", n=size)


def history(view: View, steps: Iterable[AppealStep], names: Mapping[str, str]) -> list[HistoryRow]:
    """Steps taken, in order. `names`: operators by id; other actors have words of their own."""
    words = view.words
    return [
        HistoryRow(
            words.moment(step.at),
            words.known(f"step.{step.action}", step.action),
            view.status(step.status),
            names.get(step.actor) or words.known(f"actor.{step.actor}", step.actor),
            step.note,
        )
        for step in steps
    ]


def moves(view: View, dossier: Dossier) -> list[Move]:
    """What may be done with an appeal now, the usual next step first."""
    actions = sorted(
        dossier.allowed, key=lambda action: USUAL.index(action) if action in USUAL else len(USUAL)
    )
    return [_move(view, action, dossier.appeal) for action in actions]


def _move(view: View, action: Action, appeal: AppealRecord) -> Move:
    name, reason = view.words(f"action.{action.value}"), action in NEEDS_NOTE
    if action is not Action.EXTEND:
        return Move(action.value, name, _term(view, action, appeal), reason)
    if not deadlines.may_extend(appeal.draft.kind or Kind.APPLICATION):
        return Move(action.value, name, view.words("term.no_extension"), reason, possible=False)
    limit = deadlines.extension_limit(view.today, view.knowledge.calendar)
    earliest = max(view.today, appeal.due or view.today) + timedelta(days=1)
    return Move(
        action.value,
        name,
        _told(view, action, limit),
        reason,
        earliest=earliest.isoformat(),
        latest=limit.on.isoformat(),
    )


def _term(view: View, action: Action, appeal: AppealRecord) -> str:
    kind, calendar, today = appeal.draft.kind or Kind.APPLICATION, view.knowledge.calendar, view.today
    match action:
        case Action.REGISTER:
            registered = max(
                deadlines.registration_date(appeal.created_at, calendar), calendar.on_or_after(today)
            )
            return _told(view, action, deadlines.consideration(kind, registered, calendar))
        case Action.FORWARD:
            received = appeal.registered_on or appeal.created_at.astimezone(ALMATY).date()
            return _told(view, action, deadlines.forwarding(received, calendar))
        case Action.TERMINATE:
            return _told(view, action, deadlines.termination_notice(today, calendar))
        case Action.ANSWER:
            day = view.words.day(appeal.due) if appeal.due else ""
            return view.words("term.answer", day=day, article=view.article(appeal.due_article)) if day else ""
        case _:
            return view.words(f"term.{action.value}")


def _told(view: View, action: Action, due: deadlines.Due) -> str:
    return view.words(f"term.{action.value}", day=view.words.day(due.on), article=view.article(due.article))
