"""The registry of state functions as operators read it: who does what, by which act, and what waits for review."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from appeals.bodies import cited
from appeals.functions import Function
from appeals.provenance import Review
from bot.app.access import Operation, require
from bot.console.pages import page, view_of
from bot.console.parts import operator_of
from bot.console.views import BAD, GOOD, QUIET, View
from text.letters import skeleton

FUNCTIONS = "/console/functions"
LEVELS = ("okrug", "district", "city", "region", "central", "company")


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function in the table. complaints: who considers those against its holder. rests: a line for each act, or what
    it is based on. tone: of the review's state."""

    id: str
    does: str
    holders: tuple[str, ...]
    levels: str
    topics: tuple[str, ...]
    place: str
    complaints: str
    rests: tuple[str, ...]
    uncertain: bool
    review: str
    review_by: str
    tone: str


async def show_functions(request: web.Request) -> web.Response:
    """All functions, of one group of topics, in some words, or only those whose review is overdue."""
    require(operator_of(request), Operation.READ_FUNCTIONS)
    view, query = view_of(request), request.query
    group, words, overdue = query.get("group", ""), query.get("q", "")[:200], query.get("overdue") == "1"
    domain = view.knowledge.domain
    late = domain.functions.overdue(view.today)
    found = [
        function
        for function in (late if overdue else domain.functions.all())
        if not group or any(code.partition(".")[0] == group for code in function.topics)
    ]
    rows = [row_of(view, function) for function in found]
    return page(
        request,
        "functions.html",
        rows=[row for row in rows if _mentions(row, words)],
        groups=[(topic.code, view.words.of(topic.name)) for topic in domain.topics.groups()],
        group=group,
        q=words,
        overdue=overdue,
        late=len(late),
        filtered=bool(group or words or overdue),
    )


def row_of(view: View, function: Function) -> FunctionRow:
    """A function in the operator's words."""
    words, domain = view.words, view.knowledge.domain
    bodies = domain.bodies.named(function.holder)
    held = [body for body in bodies if body.level in function.levels]
    is_late = function.review_by < view.today
    reviewed = function.provenance.status is Review.REVIEWED
    state = (
        words("function.reviewed", name=function.provenance.reviewed_by)
        if reviewed
        else words("function.draft")
    )
    return FunctionRow(
        id=function.id,
        does=words.of(function.does),
        holders=tuple(dict.fromkeys(words.of(body.name) for body in held)),
        levels=", ".join(words(f"level.{level}") for level in LEVELS if level in function.levels),
        topics=tuple(view.topic(code) for code in function.topics),
        place=view.place(function.place) if function.place else "",
        complaints=_complaints(view, held[0].superior) if held else "",
        rests=_rests(view, function),
        uncertain=function.uncertain,
        review=state,
        review_by=words.day(function.review_by),
        tone=BAD if is_late else GOOD if reviewed else QUIET,
    )


def _rests(view: View, function: Function) -> tuple[str, ...]:
    """Each act once, with its articles by level."""
    words, lines = view.words, dict[str, list[str]]()
    for level in LEVELS:
        if level not in function.levels:
            continue
        rests = function.rests_on(level)
        articles = lines.setdefault(
            words.of(rests.act) if rests.act else words(f"basis.{rests.basis.value}"), []
        )
        article = words.of(cited(rests.article)) if rests.article else ""
        if article and article not in articles:
            articles.append(article)
    return tuple(f"{act}: {'; '.join(articles)}" if articles else act for act, articles in lines.items())


def _complaints(view: View, superior: str | None) -> str:
    """Who considers complaints, as far as known: the name of the nearest office, a central body, or the court."""
    if superior is None:
        return ""
    words = view.words
    bodies = view.knowledge.domain.bodies.named(superior)
    return words("function.complaints", name=words.of(bodies[0].name) if bodies else words("function.court"))


def _mentions(row: FunctionRow, words: str) -> bool:
    text = skeleton(" ".join((row.id, row.does, *row.holders, *row.topics, *row.rests)))
    return all(skeleton(word) in text for word in words.split())
