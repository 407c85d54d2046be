"""One appeal in full, and the steps of its life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from appeals.lifecycle import STATUSES, Action
from bot.app.desk import ANSWER_LIMIT, NOTE_LIMIT, Step
from bot.app.errors import InvalidInput, NotFound, StaleState, WrongAction
from bot.app.records import AppealRecord, Document
from bot.console import dossiers
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of
from bot.console.registry import REGISTRY
from bot.console.views import code_of
from bot.file_answers import saved


async def show_appeal(request: web.Request) -> web.Response:
    """One appeal in full. The look is audited."""
    return await _appeal_page(request, done=request.query.get("done", ""))


async def act(request: web.Request) -> web.Response:
    """Take a step, or show the appeal again with what is wrong beside the field."""
    form = await request.post()
    typed = {name: str(form.get(name, "")) for name in ("note", "answer", "to_body", "until")}
    action = _action(request.match_info["action"])
    try:
        step = Step(action, typed["note"], typed["answer"], typed["to_body"], _day(typed["until"]))
        await console_of(request).desk.act(operator_of(request), request.match_info["id"], step)
    except (InvalidInput, WrongAction, StaleState) as error:
        problem = problem_of(error, words_of(request))
        return await _appeal_page(request, problem=problem, tried=action.value, typed=typed)
    return see_other(f"{REGISTRY}/{request.match_info['id']}?done={action.value}")


async def download(request: web.Request) -> web.Response:
    """A file of the appeal. The look is audited."""
    console, operator = console_of(request), operator_of(request)
    dossier = await console.desk.open(operator, request.match_info["id"])
    wanted = request.match_info["file"]
    if wanted not in {file.id for file in dossier.files}:
        raise NotFound(wanted)
    file = await console.lookups.file(operator, dossier.appeal.conversation_id, wanted)
    return saved(Document(file.name, file.media_type, await console.files.get(file.sha256)))


async def _appeal_page(
    request: web.Request,
    *,
    problem: Problem | None = None,
    tried: str = "",
    typed: Mapping[str, str] | None = None,
    done: str = "",
) -> web.Response:
    console = console_of(request)
    dossier = await console.desk.open(operator_of(request), request.match_info["id"])
    appeal, view = dossier.appeal, view_of(request)
    names = await console.lookups.names(step.actor for step in dossier.steps)
    same = await console.lookups.same_matter(appeal)
    context: dict[str, Any] = {
        "same_matter": view.words.count("same_matter", same[0]) if same else "",
        "same_matter_link": _registry_of_matter(appeal, *same[1:]) if same and same[0] else "",
        "row": view.appeal_row(appeal),
        "number": appeal.number or "",
        "answer": appeal.answer or "",
        "meaning": view.words.of(STATUSES[appeal.status].meaning),
        "filed": view.words.moment(appeal.created_at),
        "registered": view.words.day(appeal.registered_on) if appeal.registered_on else "",
        "article": view.article(appeal.due_article),
        "essentials": dossiers.essentials(view, appeal),
        "complaint": dossiers.complaint(view, appeal),
        "files": dossiers.files(view, dossier.files),
        "history": dossiers.history(view, dossier.steps, names),
        "moves": dossiers.moves(view, dossier),
        "conversation_id": appeal.conversation_id,
        "conversation_code": code_of(appeal.conversation_id),
        "bodies": sorted(
            {body.name.of(appeal.locale) for body in console.desk.knowledge.domain.bodies.all()}
        ),
    }
    return page(
        request,
        "appeal.html",
        problem=problem,
        tried=tried,
        typed=typed or {},
        done=done,
        note_limit=NOTE_LIMIT,
        answer_limit=ANSWER_LIMIT,
        **context,
    )


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
    return f"{REGISTRY}?{urlencode(wanted)}"


def _action(value: str) -> Action:
    try:
        return Action(value)
    except ValueError as error:
        raise NotFound(value) from error


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
