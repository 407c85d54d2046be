"""Which body answers: the functions of a topic, the place, and the lowest level at which a function is held there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType
from typing import NamedTuple

from appeals.functions import Function, Functions, Level
from appeals.kinds import Kind
from appeals.provenance import Basis, Provenance
from appeals.territory import Place, Territory
from appeals.topics import Topic
from text.bilingual import Bilingual
from text.letters import skeleton
from text.tokens import CASES, OWNED_CASES, keyed, with_suffixes
from text.words import words

OFFICE_LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "rural_okrug": "okrug",
        "settlement": "okrug",
        "town": "okrug",
        "city_district": "district",
        "district": "district",
        "city": "city",
        "region": "region",
    }
)
"""The shapes of a role's office and their levels; "region" serves cities of republican significance too."""
COURT = "court"
"""In place of a superior: there is none, decisions are challenged in court (art. 91 (6))."""

_OFFICE_OF_PLACE: Mapping[str, str] = MappingProxyType(
    {
        "okrug": "rural_okrug",
        "settlement": "settlement",
        "town": "town",
        "city_district": "city_district",
        "district": "district",
        "city": "city",
        "region": "region",
        "city_rep": "region",
    }
)
_OFFICE_WITHOUT_PLACE = ("district", "city", "region")
_AKIM = with_suffixes("әкім", CASES) | with_suffixes("әкімі", OWNED_CASES) | keyed("акима акиму акимом акиме")
"""Whole words: as beginnings they would be surnames, too."""
_AKIMAT = tuple(keyed("акимат әкімдік әкімдіг"))
_POLICE = tuple(keyed("полиц участков учаскел"))
_CALLED: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
    (("local_akim", "akim_office"), lambda key: key in _AKIM or key.startswith(_AKIMAT)),
    (("police",), lambda key: key.startswith(_POLICE)),
)
"""Roles by what people call them."""
_BESIDE = 3
"""Words around such a word that may say of which place it is."""
_SHORTEST_WORD = 3
_SURE_STEM = 4
_STEM_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Body:
    """Somebody to write to, or to call. `id` is "<role>.<office>" for local ones; companies are no addressees.

    superior: the role or central body that considers complaints against it, `COURT`, or None where that is not
    known. phone: a short number that anyone may call.
    """

    id: str
    level: Level
    name: Bilingual
    provenance: Provenance
    superior: str | None = None
    phone: str | None = None

    @property
    def holder(self) -> str:
        """By what the registry of functions names it: its role, or its id."""
        return self.id.partition(".")[0]

    @property
    def office(self) -> str:
        """The shape of a local body's office; empty for others."""
        return self.id.partition(".")[2]


class Addressee(NamedTuple):
    """A body, its name with the place in brackets, and the function by which the matter concerns it, if one does."""

    body: Body
    name: Bilingual
    function: Function | None = None


class Superior(NamedTuple):
    """Who considers a complaint against a body; no addressee where there is only the court."""

    addressee: Addressee | None


@dataclass(frozen=True, slots=True)
class Competence:
    """Where an appeal goes and why. `alternatives`: further functions and higher levels, lowest first.

    `superior` considers complaints against the body, as far as known. `advice` names organisations that may solve the
    matter faster but are no addressees. `uncertain`: the body must be offered as a guess.
    """

    body: Body
    name: Bilingual
    level: Level
    function: Function
    reason: Bilingual
    alternatives: tuple[Addressee, ...]
    superior: Superior | None
    first_call: tuple[Body, ...]
    advice: Bilingual | None
    uncertain: bool
    provenance: Provenance


class Bodies:
    """All bodies, and the competent one for a topic and a place."""

    def __init__(self, bodies: Iterable[Body], functions: Functions, territory: Territory) -> None:
        self._bodies = {body.id: body for body in bodies}
        self._functions = functions
        self._territory = territory
        self._words = {body.id: self._search_words(body) for body in self._bodies.values()}

    def get(self, body_id: str) -> Body:
        """The body with this id; KeyError when there is none."""
        return self._bodies[body_id]

    def find(self, body_id: str) -> Body | None:
        """The body with this id, or None."""
        return self._bodies.get(body_id)

    def all(self) -> tuple[Body, ...]:
        """Every body, companies included."""
        return tuple(self._bodies.values())

    def named(self, holder: str) -> tuple[Body, ...]:
        """The bodies behind a name of the registry of functions: all offices of a role, or one body."""
        return tuple(body for body in self._bodies.values() if body.holder == holder)

    def name(self, body: Body, place: Place | None) -> Bilingual:
        """The body's name for a citizen: a local one with the part of `place` it serves in brackets."""
        for part in reversed(self._way(place)):
            if body.office and body.office == _OFFICE_OF_PLACE.get(part.type):
                return Bilingual(f"{body.name.kk} ({part.name.kk})", f"{body.name.ru} ({part.name.ru})")
        return body.name

    def competent(self, topic: Topic, place: Place | None, kind: Kind, story: str = "") -> Competence:
        """The body an appeal goes to: the holder of the topic's first function, at its lowest level for the place.

        First is the function that the story's words ask for, if any. Without a place the local body is named without
        one, and the reason asks for the place.
        """
        way = self._way(place)
        functions = self._functions.of_topic(topic.code, {part.code for part in way}, story)
        called = [(function, body) for function in functions if (body := self._company(function))]
        candidates = self._candidates(functions, way)
        chosen, function = candidates[0], candidates[0].function
        if function is None:
            raise ValueError(f"{chosen.body.id} has no function for {topic.code}")
        others = sorted(candidates[1:], key=lambda other: _RANK[other.body.level])
        superior = self.superior(chosen.body, place)
        return Competence(
            body=chosen.body,
            name=chosen.name,
            level=chosen.body.level,
            function=function,
            reason=_reason(topic, chosen, function, superior, place, kind),
            alternatives=tuple(others),
            superior=superior,
            first_call=tuple(body for _, body in called),
            advice=_advice(called),
            uncertain=function.uncertain,
            provenance=function.rests_on(chosen.body.level),
        )

    def addressee(self, body_id: str, topic: Topic, place: Place | None) -> Addressee | None:
        """The body as an addressee at a place; None for a company, an unknown body and one that does not serve it."""
        body = self.find(body_id)
        if body is None or not self._serves(body, self._way(place)):
            return None
        own = (
            function for function in self._functions.of_topic(topic.code) if function.holder == body.holder
        )
        return Addressee(body, self.name(body, place), next(own, None))

    def search(self, text: str, topic: Topic, place: Place | None, limit: int = 6) -> tuple[Addressee, ...]:
        """Addressees at a place whose name or functions hold the words of `text`, best first; weak ones only alone."""
        asked = _keys(text)
        way = self._way(place)
        scored = [
            (_score(asked, *self._words[body.id]), _RANK[body.level], body.id)
            for body in self._bodies.values()
            if self._serves(body, way)
        ]
        least = max((score for score, _, _ in scored), default=0) / 2
        best = sorted((row for row in scored if row[0] > least), key=lambda row: (-row[0], row[1]))
        found = (self.addressee(body_id, topic, place) for _, _, body_id in best[: max(limit, 0)])
        return tuple(addressee for addressee in found if addressee)

    def written_out(self, text: str, topic: Topic, place: Place | None) -> Addressee | None:
        """The addressee at a place whose whole name stands in `text`; the longer name wins, the lower level next.

        An akim's office is also called by the akim or the akimat, a police office by the police, where it is said of which
        place.
        """
        asked, way = _keys(text), self._way(place)
        written = [
            (-len(name), _RANK[body.level], body.id)
            for body in self._bodies.values()
            if self._serves(body, way)
            for name in (_keys(body.name.kk), _keys(body.name.ru))
            if name and all(any(_alike(word, key) for word in asked) for key in name)
        ]
        if written:
            return self.addressee(min(written)[2], topic, place)
        called = self.called(text, topic, place)
        return called[0] if len(called) == 1 else None

    def called(self, text: str, topic: Topic, place: Place | None) -> tuple[Addressee, ...]:
        """The akims and the police of a place that `text` speaks of, lowest first: those named beside the word, else all."""
        keys = [skeleton(word) for word in words(text)]
        found = [self._called(keys, roles, is_called, topic, place) for roles, is_called in _CALLED]
        return tuple(addressee for each in found for addressee in each)

    def _called(
        self,
        keys: Sequence[str],
        roles: Iterable[str],
        is_called: Callable[[str], bool],
        topic: Topic,
        place: Place | None,
    ) -> list[Addressee]:
        spoken = [at for at, key in enumerate(keys) if is_called(key)]
        if not spoken:
            return []
        near = {key for at in spoken for key in keys[max(at - _BESIDE, 0) : at + _BESIDE + 1]}
        beside = [key for key in near if len(key) >= _SHORTEST_WORD]
        named: list[tuple[int, Addressee]] = []
        for part in reversed(self._way(place)):
            own = _keys(f"{part.name.kk} {part.name.ru}")
            for role in roles:
                found = self.addressee(f"{role}.{_OFFICE_OF_PLACE.get(part.type, '')}", topic, place)
                if found:
                    named.append((sum(any(_alike(key, name) for key in beside) for name in own), found))
        most = max((count for count, _ in named), default=0)
        return [found for count, found in named if count == most]

    def superior(self, body: Body, place: Place | None) -> Superior | None:
        """Who considers complaints against a body: next of its own kind, or above all of them; None if not known."""
        if body.superior is None:
            return None
        top = self.find(body.superior)
        if body.office:
            own_or_above = self._from_office(body, self._way(place))
            is_role = top is None and body.superior != COURT
            holder, parts = (body.superior, own_or_above) if is_role else (body.holder, own_or_above[1:])
            for office, part in parts:
                found = self.find(f"{holder}.{office}")
                if found:
                    return Superior(Addressee(found, self.name(found, part) if part else found.name))
        if body.superior == COURT:
            return Superior(None)
        return Superior(Addressee(top, top.name)) if top else None

    def _from_office(self, body: Body, way: tuple[Place, ...]) -> list[tuple[str, Place | None]]:
        """The shapes of offices from the body's own upwards, each with the place it serves, where that is known."""
        parts = [(_OFFICE_OF_PLACE.get(part.type, ""), part) for part in reversed(way)]
        own = next((index for index, (office, _) in enumerate(parts) if office == body.office), None)
        if own is not None:
            return [*parts[own:]]
        return [(body.office, None), *(() if body.office == "region" else (("region", None),))]

    def _way(self, place: Place | None) -> tuple[Place, ...]:
        """The place and all above it, region first; the okrug of a town or settlement stands as that one."""
        path = self._territory.path(place.code) if place else ()
        return tuple(dict.fromkeys(self._seat(part) for part in path))

    def _seat(self, part: Place) -> Place:
        if part.type != "okrug":
            return part
        seats = (
            child for child in self._territory.children(part.code) if child.type in ("town", "settlement")
        )
        return next(seats, part)

    def _serves(self, body: Body, way: tuple[Place, ...]) -> bool:
        if body.level == "company":
            return False
        if not body.office:
            return True
        here = {_OFFICE_OF_PLACE.get(part.type) for part in way} if way else set(_OFFICE_WITHOUT_PLACE)
        return body.office in here

    def _candidates(self, functions: Iterable[Function], way: tuple[Place, ...]) -> list[Addressee]:
        """Holders of the functions, each body once: the nearest of each function in order, those above, the central."""
        ladders = [self._ladder(function, way) for function in functions]
        nearest = [ladder[0] for ladder in ladders if ladder]
        local = [addressee for addressee in nearest if addressee.body.office]
        above = [addressee for ladder in ladders for addressee in ladder[1:]]
        central = [addressee for addressee in nearest if not addressee.body.office]
        unique: dict[str, Addressee] = {}
        for addressee in (*local, *above, *central):
            unique.setdefault(addressee.body.id, addressee)
        return list(unique.values())

    def _ladder(self, function: Function, way: tuple[Place, ...]) -> list[Addressee]:
        """Who holds a function for a place, lowest first; without a place the one most citizens deal with."""
        whole = self.find(function.holder)
        if whole is not None:
            return [Addressee(whole, whole.name, function)] if whole.level != "company" else []
        if not way:
            offices = (self._office(function, office) for office in _OFFICE_WITHOUT_PLACE)
            return [Addressee(body, body.name, function) for body in offices if body][:1]
        found = []
        for part in reversed(way):
            body = self._office(function, _OFFICE_OF_PLACE.get(part.type, ""))
            if body:
                found.append(Addressee(body, self.name(body, part), function))
        return found

    def _office(self, function: Function, office: str) -> Body | None:
        body = self.find(f"{function.holder}.{office}")
        return body if body and body.level in function.levels else None

    def _company(self, function: Function) -> Body | None:
        body = self.find(function.holder)
        return body if body and body.level == "company" else None

    def _search_words(self, body: Body) -> tuple[frozenset[str], frozenset[str]]:
        """(words of the name, words of what it does), as they are compared."""
        does = " ".join(
            f"{function.does.kk} {function.does.ru}" for function in self._functions.of_holder(body.holder)
        )
        return _keys(f"{body.name.kk} {body.name.ru}"), _keys(does)


def _keys(text: str) -> frozenset[str]:
    keys = (skeleton(word) for word in words(text))
    return frozenset(key for key in keys if len(key) >= _SHORTEST_WORD)


def _score(asked: Iterable[str], name: frozenset[str], does: frozenset[str]) -> int:
    """A word of the name says more than one of a function."""
    return sum(
        3 * any(_alike(word, key) for key in name) + any(_alike(word, key) for key in does) for word in asked
    )


def _alike(one: str, other: str) -> bool:
    """Whether two words differ by their endings only, as far as that can be told without a dictionary."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared == min(len(one), len(other)) or shared >= max(
        _SURE_STEM, _STEM_SHARE * max(len(one), len(other))
    )


_RANK: Mapping[Level, int] = MappingProxyType(
    {"okrug": 0, "district": 1, "city": 1, "region": 2, "central": 3, "company": 4}
)
_ADVICE = Bilingual(
    "Көбіне алдымен мына ұйымға хабарласқан тезірек: {}. Бұл ұйым жолданымның адресаты емес: "
    "жолданым мемлекеттік органға беріледі.",
    "Часто быстрее сначала позвонить сюда: {}. Эта организация не адресат обращения: "
    "обращение подают в государственный орган.",
)
_NEAREST = Bilingual(
    "{name} {does}, сондықтан «{topic}» тақырыбы бойынша ең жақын құзыретті орган – осы.",
    "{name} {does}, поэтому по теме «{topic}» это ближайший компетентный орган.",
)
_NEAREST_GUESS = Bilingual(
    "Болжам бойынша, «{topic}» тақырыбымен айналысатын ең жақын орган – {name}.",
    "Предположительно, ближайший орган по теме «{topic}» – {name}.",
)
_CENTRAL = Bilingual(
    "«{topic}» мәселесі республикалық деңгейде шешіледі: {name} {does}.",
    "Вопросы темы «{topic}» решают на уровне страны: {name} {does}.",
)
_CENTRAL_GUESS = Bilingual(
    "«{topic}» мәселесі республикалық деңгейде шешіледі. Болжам бойынша, құзыретті орган – {name}.",
    "Вопросы темы «{topic}» решают на уровне страны. Предположительно, компетентный орган – {name}.",
)
_BASIS = Bilingual("Негізі: {act}, {article}.", "Основание: {act}, {article}.")
_NAME_PLACE = Bilingual(
    "Нақты қай жердегі орган екені мекенжайға байланысты: ауданды немесе қаланы көрсетіңіз.",
    "Какой именно орган, зависит от места: укажите район или город.",
)
_NAME_DISTRICT = Bilingual(
    "Ауданды немесе қаланы көрсетсеңіз, сізге жақынырақ орган табылуы мүмкін.",
    "Если указать район или город, может найтись орган ближе к вам.",
)
_FORWARDING = Bilingual(
    "Мәселе оның құзыретіне кірмесе, жолданым үш жұмыс күнінен кешіктірілмей құзыретті органға жолданып, "
    "бұл туралы сізге хабарланады (ӘРПК, 65-бап).",
    "Если вопрос не в его компетенции, обращение не позднее трёх рабочих дней перешлют в нужный орган "
    "и сообщат вам об этом (АППК, статья 65).",
)
_COMPLAINT = Bilingual(
    "Шағым сіз шешіміне, әрекетіне немесе әрекетсіздігіне шағымданып отырған органның өзіне беріледі, "
    "ал оны жоғары тұрған орган қарайды (ӘРПК, 91-бап, 4-бөлік). Басқа органға шағымдансаңыз, соны таңдаңыз.",
    "Жалобу подают в тот орган, чьё решение, действие или бездействие вы обжалуете, "
    "а рассматривает её вышестоящий орган (АППК, статья 91, часть 4). Если это другой орган, выберите его.",
)
_SUPERIOR = Bilingual(
    "Бұл органға қатысты шағымды, әдетте, мына орган қарайды: {name}.",
    "Жалобу на этот орган обычно рассматривает: {name}.",
)
_ONLY_COURT = Bilingual(
    "Егер органның жоғары тұрған органы болмаса, оның шешіміне сотқа шағымданады (ӘРПК, 91-бап, 6-бөлік).",
    "Если вышестоящего органа нет, решение обжалуют в суде (АППК, статья 91, часть 6).",
)


def complaint_path(superior: Superior | None) -> Bilingual | None:
    """Who considers a complaint against the body, in words; None where that is not known."""
    if superior is None:
        return None
    if superior.addressee is None:
        return _ONLY_COURT
    name = superior.addressee.name
    return Bilingual(_SUPERIOR.kk.format(name=name.kk), _SUPERIOR.ru.format(name=name.ru))


def _advice(called: Iterable[tuple[Function, Body]]) -> Bilingual | None:
    rows = list(called)
    if not rows:
        return None
    return Bilingual(
        _ADVICE.kk.format(
            ", ".join(_call(body, body.name.kk, "мүмкін, ", row.uncertain) for row, body in rows)
        ),
        _ADVICE.ru.format(
            ", ".join(_call(body, body.name.ru, "возможно, ", row.uncertain) for row, body in rows)
        ),
    )


def _call(body: Body, name: str, perhaps: str, unsure: bool) -> str:
    shown = f"{perhaps if unsure else ''}{name}"
    return f"{shown}, {body.phone}" if body.phone else shown


def _basis(rests: Provenance) -> Bilingual | None:
    if rests.basis is not Basis.LAW or rests.act is None or rests.article is None:
        return None
    article = cited(rests.article)
    return Bilingual(
        _BASIS.kk.format(act=rests.act.kk, article=article.kk),
        _BASIS.ru.format(act=rests.act.ru, article=article.ru),
    )


def cited(article: str) -> Bilingual:
    """An article of a law as it is cited: "31 (1)" becomes «31-бап, 1-тармақ» and «статья 31, пункт 1»."""
    number, _, paragraph = article.partition(" ")
    if not paragraph:
        return Bilingual(f"{number}-бап", f"статья {number}")
    inner = paragraph.strip("()")
    return Bilingual(f"{number}-бап, {inner}-тармақ", f"статья {number}, пункт {inner}")


def _reason(
    topic: Topic,
    chosen: Addressee,
    function: Function,
    superior: Superior | None,
    place: Place | None,
    kind: Kind,
) -> Bilingual:
    """What the body does and by which act, what the place decides, what becomes of a wrong address, which law rules."""
    is_central = chosen.body.level == "central"
    opening = (
        (_CENTRAL_GUESS if function.uncertain else _CENTRAL)
        if is_central
        else (_NEAREST_GUESS if function.uncertain else _NEAREST)
    )
    parts = [
        Bilingual(
            opening.kk.format(name=chosen.name.kk, topic=topic.name.kk, does=function.does.kk),
            opening.ru.format(name=chosen.name.ru, topic=topic.name.ru, does=function.does.ru),
        ),
        None if function.uncertain else _basis(function.rests_on(chosen.body.level)),
    ]
    if not is_central and place is None:
        parts.append(_NAME_PLACE)
    elif not is_central and place is not None and place.type == "region":
        parts.append(_NAME_DISTRICT)
    parts += [_COMPLAINT, complaint_path(superior)] if kind is Kind.COMPLAINT else [_FORWARDING]
    parts.append(topic.limits)
    told = [part for part in parts if part]
    return Bilingual(" ".join(part.kk for part in told), " ".join(part.ru for part in told))
