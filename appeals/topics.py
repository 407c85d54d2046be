"""What citizens write about, in two levels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appeals.kinds import Kind, default_kind
from appeals.provenance import Provenance
from text.bilingual import Bilingual, Locale
from text.letters import skeleton
from text.words import words

OTHER = "OTHER"
PUBLIC_SPACE = frozenset({"UTIL", "CITY", "ROAD"})
"""Groups whose matters lie in the open, where anybody may see them; all others are about people."""
_SEARCH_GAP = 1


@dataclass(frozen=True, slots=True)
class EmergencyHint:
    """Telephone numbers to show before anything else; `when` is a clause ("if it smells of gas")."""

    numbers: tuple[str, ...]
    when: Bilingual


@dataclass(frozen=True, slots=True)
class Keywords:
    """Word beginnings by which a topic is found without understanding; words of a phrase stand together."""

    kk: tuple[str, ...]
    ru: tuple[str, ...]

    def of(self, locale: Locale) -> tuple[str, ...]:
        """The keywords of one language; KeyError for a language that is neither kk nor ru."""
        if locale == "kk":
            return self.kk
        if locale == "ru":
            return self.ru
        raise KeyError(locale)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, or a group of topics (then `group` is its own code).

    `hint` says in one line what belongs here; `limits` where another law than the Code decides.
    """

    code: str
    group: str
    name: Bilingual
    hint: Bilingual
    keywords: Keywords
    emergency: EmergencyHint | None
    limits: Bilingual | None
    provenance: Provenance

    @property
    def is_group(self) -> bool:
        """Whether the citizen still has to choose one of its topics."""
        return self.code == self.group and self.code != OTHER

    @property
    def default_kind(self) -> Kind:
        """The kind in which such appeals are usually filed."""
        return default_kind(self.code)


class Topics:
    """All topics in browsing order."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = {topic.code: topic for topic in topics}
        self._stems = {
            code: tuple(
                tuple(skeleton(word) for word in words(phrase))
                for phrase in (*topic.keywords.kk, *topic.keywords.ru)
            )
            for code, topic in self._topics.items()
        }

    def get(self, code: str) -> Topic:
        """The topic or group with this code; KeyError when there is none."""
        return self._topics[code]

    def find(self, code: str) -> Topic | None:
        """The topic or group with this code, or None."""
        return self._topics.get(code)

    def groups(self) -> tuple[Topic, ...]:
        """The top level; OTHER, which has no children, is last."""
        return tuple(topic for topic in self._topics.values() if topic.code == topic.group)

    def children(self, group: str) -> tuple[Topic, ...]:
        """The topics of a group; empty for OTHER and for an unknown code."""
        return tuple(topic for topic in self._topics.values() if topic.group == group and topic.code != group)

    def all(self) -> tuple[Topic, ...]:
        """Every topic an appeal can have, OTHER included, groups left out."""
        return tuple(topic for topic in self._topics.values() if not topic.is_group)

    def search(self, text: str, limit: int = 5) -> tuple[Topic, ...]:
        """Topics whose keywords occur in the text, best first: for browsing, and while NLU is away."""
        spoken = [skeleton(word) for word in words(text)]
        scored = [(self._score(topic.code, spoken), topic) for topic in self.all()]
        found = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
        return tuple(topic for _, topic in found[: max(limit, 0)])

    def _score(self, code: str, spoken: list[str]) -> int:
        """Letters of the keywords found: a longer or a many-word keyword says more."""
        return sum(sum(map(len, stems)) for stems in set(self._stems[code]) if _occurs(stems, spoken))


def _occurs(stems: tuple[str, ...], spoken: list[str]) -> bool:
    return any(_follows(stems, spoken, start) for start in range(len(spoken)))


def _follows(stems: tuple[str, ...], spoken: list[str], start: int) -> bool:
    """Whether the stems begin words from `start` on, with at most one other word between neighbours."""
    if not spoken[start].startswith(stems[0]):
        return False
    position = start + 1
    for stem in stems[1:]:
        window = range(position, min(position + _SEARCH_GAP + 1, len(spoken)))
        place = next((index for index in window if spoken[index].startswith(stem)), None)
        if place is None:
            return False
        position = place + 1
    return True
