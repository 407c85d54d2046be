"""How a text names bodies: by their whole names, by parts of them, by initials, and which clause objects to what they did."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from text.bilingual import Bilingual
from text.letters import skeleton
from text.words import words

SHORTEST_WORD = 3
_SURE_STEM = 4
_STEM_SHARE = 0.6
_LONGEST_ENDING = 3
"""Of a word or initials too short to be told by their stem."""
# A dot behind one or two letters stands in «г. Щучинск», not between sentences.
_CLAUSE_END = re.compile(
    r"[,;:!?()\n–—]+|(?<=\w{3})\.|\s-\s|\s(?:а|но|зато|хотя|однако|бірақ|бирак|ал)\s", re.IGNORECASE
)
_SHORT_NAME = re.compile(r"\((.+)\)")
_JOINT = re.compile(r"[«»]|\s(?:и|және|мен)\s")
_ADJECTIVE = ("ая", "ое", "ой", "ый", "ий")
_POSSESSED = ("ы", "і")
_NOT, _IS_NOT = "не", "емес"
_VOWELS = frozenset("аеиоуюя")


class Clause(NamedTuple):
    """A part of a text that says one thing. denied: which of its keys are said not to be meant («не отдел», «полиция емес»)."""

    text: str
    keys: tuple[str, ...]
    denied: frozenset[int]


class Form(NamedTuple):
    """One way to name a body: its words as keys. `whole`: sure by itself; `without`: the office's word that is left out."""

    body_id: str
    holder: str
    keys: tuple[str, ...]
    whole: bool = False
    without: str = ""


class Found(NamedTuple):
    """What stands in `keys[start:end]`: a holder, and those of its bodies that are called exactly so."""

    start: int
    end: int
    holder: str
    body_ids: frozenset[str]


class BodyNames:
    """All forms of all names, to be found in a text."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms = _Forms()
        self._offices: set[str] = set()
        for form in forms:
            self._forms.add(form)
            if form.without:
                self._offices.add(form.without)

    def found(self, clause: Clause, ruled: Collection[str], *, objects: bool) -> list[Found]:
        """Names in a clause of what is meant, each holder once. Where several fit, the longest, if it is of one holder only.

        A part of a name is one only for the holders in `ruled`, and without the office's word only where the clause
        `objects`: «занятость отказала», but neither «занятость населения» nor «центр занятости», another office.
        """
        longest: dict[str, Found] = {}
        keys, at = clause.keys, 0
        while at < len(keys):
            fitting = self._fitting(keys, at)
            start, end = at, at + (len(fitting[0].keys) if fitting else 1)
            sure = [
                form
                for form in fitting
                if (form.whole or form.holder in ruled)
                and not (form.without and (not objects or self._is_of_office(keys, start, end)))
            ]
            at = end
            if len({form.holder for form in sure}) != 1 or not clause.denied.isdisjoint((start, end - 1)):
                continue
            here = Found(start, end, sure[0].holder, frozenset(form.body_id for form in sure))
            if here.holder not in longest or _length(here) > _length(longest[here.holder]):
                longest[here.holder] = here
        return list(longest.values())

    def _fitting(self, keys: Sequence[str], at: int) -> list[Form]:
        """The longest forms that begin there, whoever's they are: «құрылыс бөлімі» is not in «қала құрылысы бөлімі»."""
        longest: list[Form] = []
        begun = [self._forms]
        for key in keys[at:]:
            begun = [further for forms in begun for further in forms.after(key)]
            if not begun:
                break
            longest = [form for forms in begun for form in forms.complete] or longest
        return longest

    def _is_of_office(self, keys: Sequence[str], start: int, end: int) -> bool:
        """Whether an office's word stands beside: were it this one's, more would fit."""
        beside = (*keys[max(start - 1, 0) : start], *keys[end : end + 1])
        return any(_inflects(word, office) for word in beside for office in self._offices)


class _Forms:
    """Forms that begin with the same words: those that end here, and the rest by their next word and its beginning."""

    def __init__(self) -> None:
        self.complete: list[Form] = []
        self._further: defaultdict[str, defaultdict[str, _Forms]] = defaultdict(lambda: defaultdict(_Forms))

    def add(self, form: Form) -> None:
        forms = self
        for key in form.keys:
            forms = forms._further[key[:SHORTEST_WORD]][key]
        forms.complete.append(form)

    def after(self, word: str) -> Iterator[_Forms]:
        """What the forms go on with whose next word is `word`, whatever its ending."""
        for key, forms in self._further.get(word[:SHORTEST_WORD], {}).items():
            if _inflects(word, key):
                yield forms


def _length(found: Found) -> int:
    return found.end - found.start


def forms(body_id: str, holder: str, name: Bilingual, *, local: bool) -> Iterator[Form]:
    """The ways to name a body. `local`: its field alone names it, too; a ministry's is too common a word."""
    for written, headed in ((name.ru, _headed_first), (name.kk, _headed_last)):
        official, short = _SHORT_NAME.sub("", written), _SHORT_NAME.search(written)
        whole = keys_of(official)
        yield Form(body_id, holder, whole, whole=True)
        parts = {keys_of(short.group(1))} if short else set()
        parts.update(_initials(whole))
        head, fields = headed(official)
        for field in fields:
            keys = keys_of(field)
            parts.update(_initials(keys))
            if not head or not keys:
                continue
            runs = [keys[i:j] for i in range(len(keys)) for j in range(i + 1, len(keys) + 1)]
            parts.update(joined for run in runs for joined in ((head, *run), (*run, head)))
            # Where a short word is left out of the keys («тұрғын үй»), the others say too little.
            if local and len(keys) == len(_apart(field)):
                yield Form(body_id, holder, keys, without=head)
        yield from (Form(body_id, holder, keys) for keys in parts)


def clauses(text: str) -> list[Clause]:
    """The parts of a text, in order."""
    return [_clause(part) for part in _CLAUSE_END.split(text) if part.strip()]


def _clause(text: str) -> Clause:
    spoken = _apart(text)
    keys: list[str] = []
    denied: set[int] = set()
    for before, word, after in zip(("", *spoken), spoken, (*spoken[1:], ""), strict=False):
        if len(key := skeleton(word)) >= SHORTEST_WORD:
            if before.lower() == _NOT or after.lower() == _IS_NOT:
                denied.add(len(keys))
            keys.append(key)
    return Clause(text, tuple(keys), frozenset(denied))


def keys_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared, halves of double ones apart, without the shortest."""
    return tuple(key for key in map(skeleton, _apart(text)) if len(key) >= SHORTEST_WORD)


def _apart(text: str) -> list[str]:
    return words(text.replace("-", " "))


def alike(one: str, other: str) -> bool:
    """Whether two words differ by their endings only, as far as that can be told without a dictionary."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared == min(len(one), len(other)) or shared >= max(
        _SURE_STEM, _STEM_SHARE * max(len(one), len(other))
    )


# A long text says the same words again and again, and is looked through several times a turn.
@lru_cache(maxsize=16384)
def _inflects(word: str, key: str) -> bool:
    """Stricter than `alike`: «пол» is no police, «маслихат» no «МӘС»."""
    if len(key) < _SURE_STEM:
        return word.startswith(key) and len(word) - len(key) <= _LONGEST_ENDING
    return len(word) >= _SURE_STEM and alike(word, key)


def _headed_first(name: str) -> tuple[str, list[str]]:
    """(the office's word, its fields) of a Russian name: «Отдел | занятости | социальных программ»."""
    first, _, rest = name.strip().partition(" ")
    return ("", [name]) if first.endswith(_ADJECTIVE) else (skeleton(first), _JOINT.split(rest))


def _headed_last(name: str) -> tuple[str, list[str]]:
    """The same of a Kazakh name: «Жұмыспен қамту | әлеуметтік бағдарламалар | бөлімі»; «Аудандық аурухана» is one."""
    rest, _, last = name.strip().rpartition(" ")
    return (skeleton(last), _JOINT.split(rest)) if last.endswith(_POSSESSED) else ("", [name])


def _initials(keys: Sequence[str]) -> Iterator[tuple[str]]:
    """«ЖКХ», «ДЧС», «ТКШ». With a vowel they could be a word: «МСЭ», but «МНЭ», which is «мне» in small letters."""
    initials = skeleton("".join(key[0] for key in keys))
    if len(initials) >= SHORTEST_WORD and _VOWELS.isdisjoint(initials):
        yield (initials,)
