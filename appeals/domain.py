"""Everything the content of this package says, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from appeals.bodies import Bodies
from appeals.calendar import MovedDays
from appeals.functions import Functions
from appeals.territory import Territory
from appeals.topics import Topics


@dataclass(frozen=True, slots=True)
class Domain:
    """Topics, functions of state bodies, the bodies themselves, places, moved working days."""

    topics: Topics
    functions: Functions
    bodies: Bodies
    territory: Territory
    moved_days: MovedDays
