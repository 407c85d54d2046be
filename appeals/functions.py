"""Who does what by which act: the functions of state bodies, by which an appeal's addressee is found and explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from appeals.provenance import Provenance
from text.bilingual import Bilingual
from text.tokens import starts_like, tokens

Level = Literal["okrug", "district", "city", "region", "central", "company"]


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a body.

    holder: a role (its office that serves the place has the function) or the id of a central body or a company.
    levels: of the role's offices, those that have it. does: what may follow the body's name in a sentence.
    place: КАТО code of the only place where it is so. uncertain: not to be named as certain. A company's
    function makes it somebody to call first, never an addressee. acts: by level, the act that gives the function.
    words: beginnings of words (skeletons) by which a story asks for this one of a topic's functions.
    """

    id: str
    holder: str
    levels: frozenset[Level]
    does: Bilingual
    topics: tuple[str, ...]
    place: str | None
    uncertain: bool
    provenance: Provenance
    acts: Mapping[Level, Provenance]
    words: tuple[str, ...] = ()

    def rests_on(self, level: Level) -> Provenance:
        """What the function rests on at a level: an act with its article, else what is said of it in general."""
        return self.acts.get(level, self.provenance)

    @property
    def review_by(self) -> date:
        """The first day on which something of it has to be looked at again."""
        return min(rests.review_by for rests in (self.provenance, *self.acts.values()))


class Functions:
    """The registry, in order of competence: of two functions of a topic the first names the addressee."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._all = tuple(functions)
        self._of_topic: defaultdict[str, list[Function]] = defaultdict(list)
        self._of_holder: defaultdict[str, list[Function]] = defaultdict(list)
        for function in self._all:
            self._of_holder[function.holder].append(function)
            for topic in function.topics:
                self._of_topic[topic].append(function)

    def all(self) -> tuple[Function, ...]:
        """Every function, those of companies included."""
        return self._all

    def of_topic(self, topic: str, places: Collection[str] = (), story: str = "") -> tuple[Function, ...]:
        """A topic's functions within `places` (codes): what holds there alone comes first, then what the story names."""
        told = tokens(story)
        known = [
            function
            for function in self._of_topic.get(topic, ())
            if function.place is None or function.place in places
        ]

        def rank(function: Function) -> tuple[bool, bool]:
            return function.place is None, not any(starts_like(word, function.words) for word in told)

        return tuple(sorted(known, key=rank))

    def of_holder(self, holder: str) -> tuple[Function, ...]:
        """The functions of a role or a body."""
        return tuple(self._of_holder.get(holder, ()))

    def overdue(self, today: date) -> tuple[Function, ...]:
        """Those somebody should have looked at by now."""
        return tuple(function for function in self._all if function.review_by < today)
