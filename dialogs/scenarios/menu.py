"""Browsing by buttons: what the assistant can do, questions by category, topics by group. Needs no understanding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from appeals.topics import Topic
from dialogs.events import CitizenEvent
from dialogs.messages import msg
from dialogs.model import DialogState, Outcome, Turn
from dialogs.replies import Button, say
from dialogs.routing import Route
from dialogs.scenarios import buttons
from dialogs.scenarios.fallback import old_button
from faq.model import CATEGORIES

if TYPE_CHECKING:
    from dialogs.engine import Engine

PAGE = 8


def step(engine: Engine, state: DialogState, event: CitizenEvent, route: Route) -> Turn:
    """Show the menu, or a page of questions or topics (argument `name` or `name.page`)."""
    name, _, page = route.arg.partition(".")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 0
    match route.verb:
        case "open":
            return main(state)
        case "questions":
            choices = tuple(
                Button(msg("plain", text=CATEGORIES[category]), "menu.category", category)
                for category in engine.knowledge.faq.categories()
            )
            return _browse(state, "menu.questions", (*choices, buttons.MENU))
        case "category" if name in CATEGORIES:
            entries = engine.knowledge.faq.in_category(name)
            choices = tuple(
                Button(msg("plain", text=entry.question), "faq.open", entry.slug) for entry in entries
            )
            return _browse(
                state, "menu.category", _paged(choices, number, "menu.category", name), CATEGORIES[name]
            )
        case "topics":
            return topics(engine, state)
        case "group" if engine.knowledge.domain.topics.find(name):
            group = engine.knowledge.domain.topics.get(name)
            choices = as_choices(engine.knowledge.domain.topics.children(name))
            return _browse(state, "menu.group", (*choices, buttons.TOPICS), group.name)
        case _:
            return old_button(state)


def main(state: DialogState) -> Turn:
    """What can be done here."""
    form = state.unfinished
    reply = say(
        msg("menu.main"),
        buttons=(
            *((buttons.RESUME,) if form else ()),
            buttons.FILE,
            buttons.QUESTIONS,
            buttons.STATUS,
            buttons.HUMAN,
            buttons.LANGUAGE,
            buttons.DATA,
        ),
    )
    return Turn(state, Outcome.BROWSED, (reply,))


def topics(engine: Engine, state: DialogState, text: str = "") -> Turn:
    """The groups of topics, after those that a text's words name."""
    named = engine.knowledge.domain.topics.search(text, engine.rules.offers)
    groups = tuple(
        Button(msg("plain", text=group.name), "menu.group", group.code)
        if engine.knowledge.domain.topics.children(group.code)
        else Button(msg("plain", text=group.name), "guide.topic", group.code)
        for group in engine.knowledge.domain.topics.groups()
    )
    return _browse(state, "menu.topics", (*as_choices(named), *groups, buttons.MENU))


def as_choices(topics: Iterable[Topic]) -> tuple[Button, ...]:
    """Topics as buttons that choose them."""
    return tuple(Button(msg("plain", text=topic.name), "guide.topic", topic.code) for topic in topics)


def _paged(choices: tuple[Button, ...], page: int, action: str, name: str) -> tuple[Button, ...]:
    start = page * PAGE if page * PAGE < len(choices) else 0
    shown = choices[start : start + PAGE]
    more = (
        (Button(msg("button.more"), action, f"{name}.{start // PAGE + 1}"),)
        if start + PAGE < len(choices)
        else ()
    )
    return (*shown, *more, buttons.QUESTIONS)


def _browse(state: DialogState, key: str, choices: tuple[Button, ...], name: object = "") -> Turn:
    reply = say(msg(key, name=name), buttons=choices, replaces=True)
    return Turn(state, Outcome.BROWSED, (reply,))
