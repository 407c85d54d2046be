"""Thirty citizens file an appeal: how many actions each needs, and that nothing is asked twice or against what was said."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from appeals.appeal import Attachment, Draft, missing
from dialogs import events
from dialogs.effects import FileAppeal, FindSameMatter
from dialogs.model import DialogState, Mode
from tests.factories import NOON, engine, parse

STORIES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "stories.yaml").read_text("utf-8"))
MOST_IN_THE_MIDDLE = 7


@dataclass(slots=True)
class Told:
    """A story as it went: the citizen's actions, the steps asked for, and what was filed."""

    actions: int = 0
    steps: list[str] = field(default_factory=list)
    draft: Draft | None = None


def tell(story: dict[str, Any]) -> Told:
    brain, state, told = engine(Mode.DESK), DialogState(), Told()
    lines = [{"says": story["says"], "understood": story["understood"]}, *story["do"]]
    for number, line in enumerate(lines, 1):
        turn = brain.step(state, event(line, number))
        for effect in turn.effects:
            if isinstance(effect, FindSameMatter):
                nobody = events.SameMatterFound(f"e{number}:n", NOON, effect.matter, 0, None)
                turn = brain.step(turn.state, nobody)
        state = DialogState.from_json(turn.state.to_json())
        told.actions += 1
        told.draft = next((e.draft for e in turn.effects if isinstance(e, FileAppeal)), told.draft)
        assert turn.outcome.value not in ("old_button", "form_problem", "not_understood"), (
            f"{story['name']}: {line}: {turn.outcome}, {state.form}"
        )
        step = state.form.step if state.form else ""
        if step and (not told.steps or told.steps[-1] != step):
            told.steps.append(step)
    return told


def event(line: Any, number: int) -> events.Event:
    id_, at = f"e{number}", NOON + timedelta(seconds=number)
    match line:
        case {"says": text, "understood": understood}:
            return events.UserSaid(id_, at, text, parse(**understood))
        case {"press": button}:
            action, _, arg = button.partition(":")
            return events.ButtonPressed(id_, at, action, arg)
        case {"file": name}:
            return events.FileSent(id_, at, Attachment("f1", name, "image/jpeg", 1000, "0" * 64))
        case str():
            return events.UserSaid(id_, at, line)
    raise AssertionError(f"no such line: {line}")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_a_story_ends_in_a_complete_appeal_with_all_that_was_said(story: dict[str, Any]) -> None:
    told = tell(story)
    assert told.draft is not None, told.steps
    assert missing(told.draft) == ()
    filed = {
        **{
            name: getattr(told.draft, name)
            for name in ("topic", "place", "address", "began", "lasts", "people")
        },
        "kind": told.draft.kind.value if told.draft.kind else None,
        "capacity": told.draft.capacity.value,
        "phone": told.draft.applicant.phone,
        "learned_on": told.draft.complaint.learned_on,
        "earlier": told.draft.complaint.earlier,
    }
    assert {name: filed[name] for name in story["filed"]} == story["filed"]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_nothing_is_asked_twice(story: dict[str, Any]) -> None:
    steps = [step for step in tell(story).steps if step not in ("place", "preview")]
    assert len(steps) == len(set(steps))


def test_the_thirty_need_few_actions_in_the_middle() -> None:
    table = {story["name"]: tell(story) for story in STORIES}
    rows = sorted(table.items(), key=lambda row: row[1].actions)
    lines = (f"{told.actions:3}  {name:40} {' → '.join(told.steps)}" for name, told in rows)
    counts = [told.actions for told in table.values()]
    sys.stdout.write("\n".join(("", *lines, f"median {median(counts)}, most {max(counts)}", "")))
    assert len(table) == 30
    assert median(counts) <= MOST_IN_THE_MIDDLE


def test_the_thirty_are_of_both_languages_all_kinds_and_many_topics() -> None:
    languages = [story["understood"].get("language", "kk") for story in STORIES]
    assert languages.count("ru") == 15
    assert languages.count("kk") + languages.count("mixed") == 15
    drafts = [draft for story in STORIES if (draft := tell(story).draft)]
    assert len({draft.kind for draft in drafts}) == 6
    assert len({draft.topic for draft in drafts}) >= 20
    assert len({(draft.place or "")[:2] for draft in drafts}) >= 10
