"""Conversations: the list, the dialogue with its context, and what an operator does there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from aiohttp import web

from bot.app.access import Operation, reach
from bot.app.errors import AlreadyClaimed, AppError
from bot.app.handover import Handover
from bot.app.records import Conversation, Message, Operator
from bot.console import unsent
from bot.console.errors import Problem, TakenBy, problem_of
from bot.console.pages import (
    HOME,
    fragment,
    number_of,
    page,
    see_other,
    to_json,
    view_of,
    wants_json,
    words_of,
)
from bot.console.parts import TYPED, console_of, operator_of
from bot.console.views import may_claim, may_release, mode_of
from dialogs.lifecycle import Trigger

NOTHING: Mapping[str, str] = MappingProxyType({})
TABS = ("queue", "mine", "all")
SHOWN = 50


async def show_list(request: web.Request) -> web.Response:
    """The list, with no conversation open."""
    return page(
        request,
        "conversations.html",
        opened=None,
        done=request.query.get("done", ""),
        **await _list(request, ""),
    )


async def show_conversation(request: web.Request) -> web.Response:
    """The list and one conversation. The look is audited."""
    return await _opened(request)


async def _opened(
    request: web.Request, *, problem: Problem | None = None, typed: Mapping[str, str] | None = None
) -> web.Response:
    """`typed`: words that were not taken, by the composer's form."""
    console, conversation_id = console_of(request), request.match_info["id"]
    conversation, messages, _ = await console.handover.open(operator_of(request), conversation_id)
    if messages and messages[-1].seq < conversation.last_seq:
        # More than are read at once: the newest matter.
        after = conversation.last_seq - len(messages)
        conversation, messages = await console.handover.news(operator_of(request), conversation_id, after)
    opened = await _dialogue(request, conversation, messages, typed or {})
    return page(
        request,
        "conversations.html",
        problem=problem,
        opened=opened,
        labels=list(view_of(request).choices()),
        done=request.query.get("done", ""),
        **await _list(request, conversation_id),
    )


async def list_fragment(request: web.Request) -> web.Response:
    """The list alone, for a page that is open, and what its counters need."""
    listed = await _list(request, request.query.get("open", ""))
    return to_json(
        {
            "html": fragment(request, "_list.html", **listed),
            "waiting": listed["counts"]["queue"],
            "mine": {card.id: card.seq for card in listed["held"]},
        }
    )


async def conversation_fragment(request: web.Request) -> web.Response:
    """What is new in a conversation since `after`, and its present head, composer and context."""
    console, conversation_id = console_of(request), request.match_info["id"]
    after = number_of(request.query.get("after", ""))
    conversation, messages = await console.handover.news(operator_of(request), conversation_id, after)
    opened = await _dialogue(request, conversation, messages)
    return to_json(
        {
            "seq": conversation.last_seq,
            "state": opened["state"],
            "messages": fragment(request, "_messages.html", opened=opened),
            "head": fragment(request, "_head.html", opened=opened),
            "composer": fragment(request, "_composer.html", opened=opened),
            "context": fragment(request, "_context.html", opened=opened),
        }
    )


async def claim(request: web.Request) -> web.Response:
    """Take over. Who was quicker is told by name."""
    console, operator, conversation_id = console_of(request), operator_of(request), request.match_info["id"]
    try:
        await console.handover.claim(operator, conversation_id)
    except AlreadyClaimed as error:
        conversation, _ = await console.handover.news(operator, conversation_id, 0)
        raise TakenBy(conversation.state.operator) from error
    return _done(request, "claimed")


async def say(request: web.Request) -> web.Response:
    """Words for the citizen."""
    return await _write(request, "say", console_of(request).handover.say, "said")


async def note(request: web.Request) -> web.Response:
    """Words for colleagues."""
    return await _write(request, "note", console_of(request).handover.note, "noted")


async def _write(
    request: web.Request, kind: str, do: Callable[[Operator, str, str, str], Awaitable[object]], done: str
) -> web.Response:
    """Words taken once however often the button is pressed, or the page again with them and what is wrong."""
    form = request[TYPED]
    text, once = ("".join(form.get(name, ())) for name in ("text", "once"))
    if unsent.is_back(form):
        return await _opened(request, typed={kind: text})
    try:
        await do(operator_of(request), request.match_info["id"], text, once)
    except AppError as error:
        if wants_json(request):
            raise
        return await _opened(request, problem=problem_of(error, words_of(request)), typed={kind: text})
    return _done(request, done)


async def correct(request: web.Request) -> web.Response:
    """How a citizen's message should have been understood."""
    form = await request.post()
    told = str(form.get("label", "")).strip()
    label = view_of(request).choices().get(told, told)
    await console_of(request).corrections.correct(
        operator_of(request), request.match_info["id"], number_of(str(form.get("seq", ""))), label
    )
    return _done(request, "corrected")


async def hand_back(request: web.Request) -> web.Response:
    """Back to the assistant."""
    return await _release(request, Handover.hand_back, "handed_back")


async def close(request: web.Request) -> web.Response:
    """The end of a conversation; the form asks for a confirmation."""
    return await _release(request, Handover.close, "closed")


async def _release(
    request: web.Request, do: Callable[[Handover, Operator, str], Awaitable[Conversation]], done: str
) -> web.Response:
    await do(console_of(request).handover, operator_of(request), request.match_info["id"])
    return _done(request, done)


def _done(request: web.Request, done: str) -> web.Response:
    if wants_json(request):
        once = console_of(request).desk.new_id()
        return to_json({"done": done, "text": words_of(request)(f"done.{done}"), "once": once})
    tab = request.query.get("tab", "")
    return see_other(
        f"{HOME}/{request.match_info['id']}?done={done}" + (f"&tab={tab}" if tab in TABS else "")
    )


async def _list(request: web.Request, opened_id: str) -> dict[str, Any]:
    console, operator = console_of(request), operator_of(request)
    tab = request.query.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    if not reach(operator, Operation.LIST_CONVERSATIONS):
        return {"tab": "", "opened_id": opened_id, "cards": [], "held": [], "counts": {}, "before": ""}
    queue, held = await console.handover.queue(operator), await console.handover.held_by(operator)
    recent: Sequence[Conversation] = ()
    code = request.query.get("code", "").strip() if tab == "all" else ""
    if tab == "all":
        before = _moment(request.query.get("before", ""))
        recent = await console.handover.list(operator, before=before, limit=SHOWN, code=code)
    shown: Sequence[Conversation] = {"queue": queue, "mine": held, "all": recent}[tab]
    view = view_of(request)
    return {
        "tab": tab,
        "opened_id": opened_id,
        "code": code,
        "cards": [view.card(conversation, operator) for conversation in shown],
        "held": [view.card(conversation, operator) for conversation in held],
        "counts": {"queue": len(queue), "mine": len(held)},
        "before": recent[-1].updated_at.isoformat() if len(recent) == SHOWN else "",
    }


async def _dialogue(
    request: web.Request,
    conversation: Conversation,
    messages: Sequence[Message],
    typed: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    console, operator = console_of(request), operator_of(request)
    background = await console.lookups.background(conversation.id)
    view = view_of(request)
    actions = {
        "claim": may_claim(conversation, operator),
        "hand_back": may_release(conversation, operator, Trigger.OPERATOR_HANDS_BACK),
        "close": may_release(conversation, operator, Trigger.OPERATOR_CLOSES),
    }
    offered = "-".join(name for name, offer in actions.items() if offer)
    return {
        "card": view.card(conversation, operator),
        "lines": view.lines(messages, background.decisions, background.files),
        "learning": bool(conversation.state.learning),
        "actions": actions,
        "talks": bool(reach(operator, Operation.TALK)),
        "state": f"{mode_of(conversation, operator)}:{offered}:{conversation.state.operator}",
        "contact": conversation.contact,
        "unreachable": conversation.unreachable,
        "begun": view.words.moment(conversation.created_at),
        "draft": view.draft_under_way(conversation),
        "reasons": view.reasons(background.decisions),
        "appeals": [view.appeal_row(appeal) for appeal in background.appeals],
        "typed": {kind: typed.get(kind, "") for kind in ("say", "note")},
        "once": {kind: console.desk.new_id() for kind in ("say", "note")},
        "limit": console.handover.rules.message_limit,
    }


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo and 2000 <= moment.year <= 2100 else None
