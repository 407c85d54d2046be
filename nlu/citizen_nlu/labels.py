"""The closed set of labels: what a message can be about, and the only place that spells their names."""

from __future__ import annotations

import re

OTHER = "other"

DIALOG_ACTS = frozenset(
    "greet thanks bye help file_appeal check_status ask_human affirm deny cancel back change_language "
    "who_are_you complain_about_bot abuse smalltalk".split()
)
EMERGENCIES = frozenset("fire gas medical violence selfharm crime rescue accident missing".split())
KINDS = ("faq", "topic", "dialog", "emergency", "other")

TOPIC_CODE = re.compile(r"[A-Z]+\.[A-Z]+|OTHER")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def kind_of(label: str) -> str:
    """The part before the first dot: one of KINDS. ValueError for anything else."""
    kind = label.partition(".")[0]
    if kind not in KINDS:
        raise ValueError(f"not a label: {label!r}")
    return kind


def is_label(label: str) -> bool:
    """Whether the spelling belongs to the closed set (topic codes and slugs by their form only)."""
    kind, _, name = label.partition(".")
    if kind == "dialog":
        return name in DIALOG_ACTS
    if kind == "emergency":
        return name in EMERGENCIES
    if kind == "topic":
        return TOPIC_CODE.fullmatch(name) is not None
    if kind == "faq":
        return SLUG.fullmatch(name) is not None
    return label == OTHER
