"""Lists of appeals as addresses name them: filters, the place in the list, the way back and on. Nobody loses either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from aiohttp import web

from appeals.kinds import Kind
from appeals.lifecycle import Status
from bot.app.errors import NotFound
from bot.app.records import AppealRecord
from bot.app.registry import COUNTED, Search, View
from bot.app.selection import Days, Order, Position
from bot.console.pages import words_of
from bot.console.parts import console_of, operator_of
from text.bilingual import LOCALES

REGISTRY = "/console/appeals"
TOLD = ("status", "kind", "topic", "place", "body", "executor")
"""What tells appeals apart: to filter by, and to take along."""
FILTERS = (
    "view",
    *TOLD,
    "locale",
    "channel",
    "received_from",
    "received_to",
    "due_from",
    "due_to",
    "order",
)
LIST = (*FILTERS, "words")
"""What makes a list; the words are an id, for they may name a person."""
PLACE = "at"
_YEARS = range(2000, 2100)

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Trail:
    """The way back to a list and on within it. `query`: what the appeal's own address keeps; addresses are empty at the ends."""

    query: str
    back: str
    name: str
    number: str
    previous: str
    next: str


def address(query: Mapping[str, str], ending: str = "") -> str:
    """The registry with these filters."""
    return f"{REGISTRY}{ending}?{urlencode(query)}" if query else f"{REGISTRY}{ending}"


def filters_of(query: Mapping[str, str]) -> dict[str, str]:
    """The parts of an address that make a list."""
    return {name: query[name] for name in LIST if query.get(name)}


def link(appeal: AppealRecord, filters: Mapping[str, str], search: Search) -> str:
    """An appeal's address from within a list."""
    place = str(Position.of(appeal, search.order))
    return f"{REGISTRY}/{appeal.id}?{urlencode({**filters, PLACE: place})}"


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """What an appeal's address says of the list it was opened from; empty for one opened otherwise."""
    return {**filters_of(query), PLACE: query[PLACE]} if query.get(PLACE) else {}


async def words_asked(request: web.Request, query: Mapping[str, str]) -> str:
    """The words behind a list's id. Raises NotFound once they are forgotten."""
    kept = query.get("words", "")
    return await console_of(request).registry.kept_words(operator_of(request), kept) if kept else ""


def search_of(query: Mapping[str, str], words: str) -> Search:
    """What an address asks for. Values of another version or made up by hand do not narrow."""
    return Search(
        view=_read(View, query.get("view", "")),
        words=words,
        status=_read(Status, query.get("status", "")),
        kind=_read(Kind, query.get("kind", "")),
        topic=query.get("topic", ""),
        place=code
        if (code := query.get("place", "")).isascii() and code.isdigit() and len(code) == 9
        else "",
        body_id=query.get("body", ""),
        executor=query.get("executor", ""),
        locale=next((locale for locale in LOCALES if locale == query.get("locale")), None),
        channel=query.get("channel", ""),
        received=Days(_day(query.get("received_from", "")), _day(query.get("received_to", ""))),
        due=Days(_day(query.get("due_from", "")), _day(query.get("due_to", ""))),
        order=_read(Order, query.get("order", "")) or Order.DUE,
    )


def _read(read: Callable[[str], V], value: str) -> V | None:
    try:
        return read(value)
    except ValueError:
        return None


def _day(value: str) -> date | None:
    day = _read(date.fromisoformat, value)
    return day if day and day.year in _YEARS else None


def position(value: str, order: Order) -> Position | None:
    """A place in an order; None for what is none."""
    return _read(lambda text: Position.parse(text, order), value)


def counted(number: int) -> str:
    """How many, or more than that."""
    return str(number) if number <= COUNTED else f"{COUNTED:_}+".replace("_", "\N{NO-BREAK SPACE}")


async def trail(request: web.Request, appeal_id: str) -> Trail | None:
    """The trail of the page asked for. None for an appeal opened from no list, or from a search that is forgotten."""
    registry, operator = console_of(request).registry, operator_of(request)
    query = kept(request.query)
    try:
        search = search_of(query, await words_asked(request, query))
        place = Position.parse(query.get(PLACE, ""), search.order)
        before, after = await registry.around(operator, search, place)
        (number,) = await registry.counts(operator, [search])
    except (ValueError, NotFound):
        return None
    filters, words = filters_of(query), words_of(request)
    plain = not set(filters) - {"view", "order"}
    return Trail(
        query=urlencode(query),
        back=f"{address(query)}#a-{appeal_id}",
        name=words(f"view.{(search.view or View.OPEN).value}") if plain else words("trail.found"),
        number=counted(number),
        previous=link(before, filters, search) if before else "",
        next=link(after, filters, search) if after else "",
    )
