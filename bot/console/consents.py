"""The register of consents and the withdrawals that wait for an answer, for supervisors. Words that may name a person
are posted, so that no address holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.app.carrying import CARRIED
from bot.app.errors import InvalidInput, NotFound, WrongAction
from bot.app.personal_data import REASON_LIMIT, Answer
from bot.app.records import ConsentRecord, Withdrawal, WithdrawalState, code_of
from bot.console.errors import Problem, problem_of
from bot.console.pages import page, see_other, view_of, words_of
from bot.console.parts import console_of, operator_of
from bot.console.views import Due, View

CONSENTS = "/console/consents"


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent in the table. `digest` begins the SHA-256 of the text."""

    moment: str
    conversation_id: str
    conversation: str
    deed: str
    given: bool
    version: str
    channel: str
    language: str
    locale: str
    actor: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """A withdrawal in the list. `conversation_id` is empty for a person known from elsewhere only."""

    id: str
    moment: str
    who: str
    contact: str
    reference: str
    channel: str
    conversation_id: str
    conversation: str
    due: Due
    answered: str
    state: str
    reason: str


async def show_consents(request: web.Request) -> web.Response:
    """What waits, and the newest consents."""
    return await _page(request, done=request.query.get("done", ""))


async def search(request: web.Request) -> web.Response:
    """The consents of a person, an appeal or a conversation, or the next ones of the list."""
    form = await request.post()
    return await _page(request, words=str(form.get("q", "")), before=_number(str(form.get("before", ""))))


async def take(request: web.Request) -> web.Response:
    """Somebody took a consent back elsewhere than in the chat."""
    form = await request.post()
    typed = {name: str(form.get(name, "")) for name in ("person", "contact", "reference")}
    try:
        await console_of(request).personal_data.take_withdrawal(operator_of(request), **typed)
    except InvalidInput as error:
        return await _page(request, problem=problem_of(error, words_of(request)), typed=typed)
    return see_other(f"{CONSENTS}?done=withdrawal_taken")


async def answer(request: web.Request) -> web.Response:
    """Processing has stopped, or is refused to with a reason."""
    form, withdrawal_id = await request.post(), request.match_info["id"]
    given, reason = str(form.get("answer", "")), str(form.get("reason", ""))
    if given not in {known.value for known in Answer}:
        raise NotFound(given)
    personal_data = console_of(request).personal_data
    try:
        await personal_data.answer(operator_of(request), withdrawal_id, Answer(given), reason)
    except (InvalidInput, WrongAction) as error:
        typed = {"reason": reason, "id": withdrawal_id}
        return await _page(request, problem=problem_of(error, words_of(request)), typed=typed)
    return see_other(f"{CONSENTS}?done=withdrawal_answered")


async def _page(
    request: web.Request,
    *,
    words: str = "",
    before: int | None = None,
    problem: Problem | None = None,
    typed: Mapping[str, str] | None = None,
    done: str = "",
) -> web.Response:
    console, operator, view = console_of(request), operator_of(request), view_of(request)
    waiting, answered = await console.personal_data.withdrawals(operator)
    register = await console.personal_data.register(operator, words, before)
    actors = {row.actor for row in register.consents} | {row.decided_by for row in answered}
    names = await console.lookups.names(actors)
    return page(
        request,
        "consents.html",
        waiting=[_withdrawal(view, row, names) for row in waiting],
        answered=[_withdrawal(view, row, names) for row in answered],
        consents=[_consent(view, row, names) for row in register.consents],
        more=register.more,
        q=words,
        problem=problem,
        typed=typed or {},
        reason_limit=REASON_LIMIT,
        done=done,
    )


def _consent(view: View, row: ConsentRecord, names: Mapping[str, str]) -> ConsentRow:
    say = view.words
    return ConsentRow(
        moment=say.moment(row.at),
        conversation_id=row.conversation_id,
        conversation=code_of(row.conversation_id),
        deed=say("consent.given") if row.given else say("consent.taken_back"),
        given=row.given,
        version=row.version,
        channel=view.channel(row.channel),
        language=say.known(f"locale.{row.locale}", row.locale),
        locale=row.locale,
        actor=say("consent.carried")
        if row.actor == CARRIED
        else names.get(row.actor, say("consent.citizen")),
        text=row.text,
        digest=row.digest[:12],
    )


def _withdrawal(view: View, row: Withdrawal, names: Mapping[str, str]) -> WithdrawalRow:
    say = view.words
    by = names.get(row.decided_by, say("withdrawal.by_itself"))
    return WithdrawalRow(
        id=row.id,
        moment=say.moment(row.asked_at),
        who=row.person or say("consent.citizen"),
        contact=row.contact,
        reference=row.reference,
        channel=view.channel(row.channel),
        conversation_id=row.conversation_id or "",
        conversation=code_of(row.conversation_id) if row.conversation_id else "",
        due=view.countdown(row.due),
        answered=f"{say.moment(row.decided_at)} · {by}" if row.decided_at else "",
        state="" if row.state is WithdrawalState.OPEN else say(f"withdrawal.{row.state.value}"),
        reason=row.reason,
    )


def _number(raw: str) -> int | None:
    return int(raw) if raw.isdecimal() and len(raw) < 19 else None
