"""Which language the answers speak: the message's, as far as it is known for sure."""

from __future__ import annotations

from dataclasses import replace

from appeals.reference import find_reference
from dialogs import commands
from dialogs.events import Event, Started, UserSaid
from dialogs.forms import STEPS
from dialogs.model import DialogState
from dialogs.rules import Rules
from text.bilingual import Locale
from text.letters import KAZAKH_LETTERS, fold
from text.words import words

SILENT_STEPS = frozenset({"place", *(step.name for step in STEPS if step.personal)})
"""Names and addresses say nothing about the language somebody wants to be answered in."""


def follow(state: DialogState, event: Event, rules: Rules) -> DialogState:
    """The state with the language of this event; unchanged where the event tells nothing sure."""
    if isinstance(event, Started):
        return replace(state, locale=state.locale or event.locale)
    if not isinstance(event, UserSaid):
        return state
    if state.form is not None and state.form.step in SILENT_STEPS:
        return state
    if (
        state.locale is not None
        and len(words(event.text)) < 2
        and not set(event.text.casefold()) & set(KAZAKH_LETTERS)
    ):
        return state  # «оператор», «паспорт» are words of both languages
    if commands.command(event.text) or commands.stop_word(event.text) or find_reference(event.text):
        return state
    found = _spoken(event, rules)
    return replace(state, locale=found) if found else state


def named_language(text: str) -> Locale | None:
    """The language a citizen asks for by its name, in either language; None when none, or both, are named."""
    folded = fold(text)
    kazakh = any(stem in folded for stem in ("казах", "казак", "kazak", "qazaq", "kazakh"))
    russian = any(stem in folded for stem in ("русск", "орыс", "russk", "orys"))
    if kazakh == russian:
        return None
    return "kk" if kazakh else "ru"


def _spoken(event: UserSaid, rules: Rules) -> Locale | None:
    if event.parse is not None:
        language = event.parse.language
        if language.confidence < rules.language:
            return None
        if language.code == "kk":
            return "kk"
        return "ru" if language.code == "ru" else None
    letters = [letter for letter in event.text.casefold() if letter.isalpha()]
    if any(letter in KAZAKH_LETTERS for letter in letters):
        return "kk"
    # A name is written alike in both languages: «Щучинск, Абай көшесі» without its letters is no Russian.
    unnamed = "".join(word for word in words(event.text) if not word.istitle()).casefold()
    return "ru" if len(letters) >= 8 and set(unnamed) & set("щъьэцф") else None
