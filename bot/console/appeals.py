"""One appeal in full, and the steps of its life."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from multidict import MultiDictProxy

from appeals import steps
from appeals.appeal import Attachment
from appeals.lifecycle import STATUSES, Action
from bot.app.access import Operation, may, reach
from bot.app.desk import Dossier
from bot.app.errors import InvalidInput, NotFound, StaleState, WrongAction
from bot.app.export import proof
from bot.app.records import AppealRecord, Document, code_of
from bot.console import dossiers, moves, unsent
from bot.console.errors import Problem, problem_of
from bot.console.lists import address, kept, trail
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import TYPED, Form, console_of, operator_of, written
from bot.console.seen import FIELD, Seen
from bot.console.views import View
from bot.file_answers import saved

PIECE = 64 * 1024
"""Bytes of a file read at once."""


async def show_appeal(request: web.Request) -> web.Response:
    """One appeal in full. The look is audited."""
    return await _appeal_page(request, done=request.query.get("done", ""))


async def act(request: web.Request) -> web.Response:
    """Take a step, or show the appeal again with what is wrong beside the field, or with what has changed meanwhile."""
    form, typed = await request.post(), request[TYPED]
    action, desk, operator = (
        _action(request.match_info["action"]),
        console_of(request).desk,
        operator_of(request),
    )
    appeal_id, note = request.match_info["id"], str(form.get("note", ""))
    await desk.permit(operator, appeal_id, action)
    if unsent.is_back(typed):
        return await _appeal_page(request, tried=action.value, typed=typed)
    try:
        seen = Seen.parse(str(form.get(FIELD, "")))
        step = moves.step_of(action, typed)
        if isinstance(step, steps.Answer | steps.Supplement):
            step = replace(step, files=await _files(request, form))
        appeal = await desk.act(operator, appeal_id, step, note, seen=seen.version)
    except (InvalidInput, WrongAction, StaleState) as error:
        problem = problem_of(error, words_of(request))
        return await _appeal_page(request, problem=problem, tried=action.value, typed=typed)
    query = {**kept(request.query), "done": action.value}
    # What an executor forwards is theirs no more: its page would only say that it is closed to them.
    return see_other(address(query, f"/{appeal_id}" if may(operator, appeal, Operation.READ_APPEAL) else ""))


async def _files(
    request: web.Request, form: MultiDictProxy[str | bytes | bytearray | FileField]
) -> tuple[Attachment, ...]:
    """The files of a form, kept. A browser sends an empty one where none was chosen."""
    desk, operator, appeal_id = console_of(request).desk, operator_of(request), request.match_info["id"]
    chosen = [field for field in form.getall("files", ()) if isinstance(field, FileField) and field.filename]
    return tuple(
        [await desk.attach(operator, appeal_id, field.filename, _bytes_of(field)) for field in chosen]
    )


async def _bytes_of(field: FileField) -> AsyncIterator[bytes]:
    while piece := field.file.read(PIECE):
        yield piece


async def show_reminders(request: web.Request) -> web.Response:
    """Terms this operator has to look after."""
    view = view_of(request)
    found = await console_of(request).desk.reminders(operator_of(request))
    rows = [
        (
            view.appeal_row(appeal),
            view.words(f"watched.{reminder.what.value}"),
            view.words.moment(reminder.at),
        )
        for reminder, appeal in found
    ]
    return page(request, "reminders.html", rows=rows)


async def signature(request: web.Request) -> web.Response:
    """The signed text, the CMS and the verifier's answer. The look is audited."""
    console, operator = console_of(request), operator_of(request)
    dossier = await console.desk.open(operator, request.match_info["id"])
    signed = await console.lookups.signature(dossier.appeal.id)
    if not dossier.personal or signed is None:
        raise NotFound(dossier.appeal.id)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in proof(signed).items():
            target.writestr(name, part)
    return saved(Document(f"{dossier.appeal.reference}.zip", "application/zip", archive.getvalue()))


async def _appeal_page(
    request: web.Request,
    *,
    problem: Problem | None = None,
    tried: str = "",
    typed: Form | None = None,
    done: str = "",
) -> web.Response:
    console, operator = console_of(request), operator_of(request)
    dossier = await console.desk.open(operator, request.match_info["id"])
    appeal, view = dossier.appeal, view_of(request)
    executors = await console.desk.executors(operator)
    named = {step.actor for step in dossier.steps} | {one for one in (appeal.executor_id,) if one}
    staff = {one.id: one for one in executors} | dict(await console.lookups.staff(named))
    names = {id_: one.with_post(view.words.locale) for id_, one in staff.items()}
    same = await console.lookups.same_matter(appeal)
    offered = moves.moves(view, dossier, executors)
    if problem and problem.code == "wrong_action" and not problem.field:
        problem = _with_what_is_possible(problem, view, offered)
    elif problem:
        problem = _placed(problem, offered, tried)
    history = dossiers.history(view, dossier, names)
    told = typed or {}
    context: dict[str, Any] = {
        "seen": Seen.of(dossier),
        "meanwhile": _meanwhile(told, dossier, history),
        "written": [] if any(move.action == tried and not move.closed for move in offered) else written(told),
        "same_matter": view.words.count("same_matter", same[0]) if same and same[0] else "",
        "same_matter_link": _registry_of_matter(appeal, *same[1:]) if same else "",
        "trail": await trail(request, appeal.id),
        "row": view.appeal_row(appeal),
        "number": appeal.number or "",
        "answer": appeal.answer or "",
        "meaning": view.words.of(STATUSES[appeal.status].meaning),
        "filed": view.words.moment(appeal.created_at),
        "registered": view.words.day(appeal.registered_on) if appeal.registered_on else "",
        "executor": names.get(appeal.executor_id or "", ""),
        "personal": dossier.personal,
        "oversees_deliveries": bool(reach(operator, Operation.REVIVE)),
        "terms": dossiers.terms(view, dossier),
        "relatives": dossiers.parts(view, dossier),
        "essentials": dossiers.essentials(view, appeal),
        "complaint": dossiers.complaint(view, appeal),
        "files": dossiers.files(view, dossier.files),
        "answer_files": dossiers.files(view, dossier.answer_files),
        "history": history,
        "moves": offered,
        "ended": dossier.standing.ended,
        "signature": dossiers.signature(view, await console.lookups.signature(appeal.id), dossier),
        "conversation_id": appeal.conversation_id if dossier.may_read_conversation else "",
        "conversation_code": code_of(appeal.conversation_id),
        "bodies": sorted(
            {body.name.of(appeal.locale) for body in console.desk.knowledge.domain.bodies.all()}
        ),
    }
    return page(request, "appeal.html", problem=problem, tried=tried, typed=told, done=done, **context)


def _placed(problem: Problem, offered: Sequence[moves.Move], tried: str) -> Problem:
    """The problem beside its field, or above the page where the step that was tried shows no such field."""
    shown = {
        entry.name for move in offered if move.action == tried and not move.closed for entry in move.inputs
    }
    return problem if problem.field in shown else replace(problem, field="")


def _meanwhile(
    typed: Form, dossier: Dossier, history: Sequence[dossiers.HistoryRow]
) -> Sequence[dossiers.HistoryRow] | None:
    """The steps that somebody took while the form was being filled in; None if the appeal is as it was."""
    try:
        seen = Seen.parse("".join(typed.get(FIELD, ())))
    except StaleState:
        return None
    return history[seen.steps :] if seen.version != dossier.appeal.version else None


def _with_what_is_possible(problem: Problem, view: View, offered: Sequence[moves.Move]) -> Problem:
    names = ", ".join(move.name for move in offered if not move.closed)
    possible = view.words("problem.wrong_action.possible", actions=names) if names else ""
    return replace(problem, detail=f"{problem.detail} {possible}".strip())


def _registry_of_matter(appeal: AppealRecord, first: date, last: date) -> str:
    """The registry narrowed to the topic, the place and the days of a common matter."""
    matter = appeal.matter
    wanted = {
        "view": "all",
        "topic": matter.topic if matter else "",
        "place": matter.place if matter else "",
        "received_from": first.isoformat(),
        "received_to": last.isoformat(),
    }
    return address(wanted)


def _action(value: str) -> Action:
    try:
        return Action(value)
    except ValueError as error:
        raise NotFound(value) from error
