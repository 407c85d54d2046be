"""Which body answers: a topic's role, the place, and the lowest level at which that role exists there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from appeals.kinds import Kind
from appeals.provenance import Provenance
from appeals.territory import Place, Territory
from appeals.topics import Route, Topic
from text.bilingual import Bilingual

Level = Literal["okrug", "district", "city", "region", "central", "company"]

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


@dataclass(frozen=True, slots=True)
class Body:
    """A body by function. `id` is "<role>.<office>" for local ones; companies are no addressees of an appeal.

    `duty` is what may follow its name in a sentence; `phone` is a short number that anyone may call.
    """

    id: str
    level: Level
    name: Bilingual
    duty: Bilingual | None
    provenance: Provenance
    phone: str | None = None


class Addressee(NamedTuple):
    """A body and its name with the place in brackets."""

    body: Body
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Competence:
    """Where an appeal goes and why. `alternatives`: further roles and higher levels, lowest first.

    `advice` names organisations that may solve the matter faster but are no addressees. `uncertain`: the body
    must be offered as a guess.
    """

    body: Body
    name: Bilingual
    level: Level
    reason: Bilingual
    alternatives: tuple[Addressee, ...]
    first_call: tuple[Body, ...]
    advice: Bilingual | None
    uncertain: bool
    provenance: Provenance


class Bodies:
    """All bodies, and the competent one for a topic and a place."""

    def __init__(
        self,
        bodies: Iterable[Body],
        overrides: Mapping[str, Mapping[str, Route]],
        territory: Territory,
    ) -> None:
        """`overrides`: routes by district code and topic code, where a district differs from the rule."""
        self._bodies = {body.id: body for body in bodies}
        self._overrides = overrides
        self._territory = territory

    def get(self, body_id: str) -> Body:
        """The body with this id; KeyError when there is none."""
        return self._bodies[body_id]

    def find(self, body_id: str) -> Body | None:
        """The body with this id, or None."""
        return self._bodies.get(body_id)

    def all(self) -> tuple[Body, ...]:
        """Every body, companies included."""
        return tuple(self._bodies.values())

    def name(self, body: Body, place: Place | None) -> Bilingual:
        """The body's name for a citizen: a local one with the part of `place` it serves in brackets."""
        office = body.id.partition(".")[2]
        for part in reversed(self._way(place)):
            if office and office == _OFFICE_OF_PLACE.get(part.type):
                return Bilingual(f"{body.name.kk} ({part.name.kk})", f"{body.name.ru} ({part.name.ru})")
        return body.name

    def competent(self, topic: Topic, place: Place | None, kind: Kind) -> Competence:
        """The body an appeal goes to: the first competent role, at its lowest level for the place.

        Without a place the local role is named without one, and the reason asks for the place.
        """
        way = self._way(place)
        route = self._route(topic, way)
        local = self._local(route, way)
        central = [Addressee(self._bodies[body_id], self._bodies[body_id].name) for body_id in route.central]
        chosen = local[0] if local else central[0]
        others = sorted((*local[1:], *central), key=lambda other: _RANK[other.body.level])
        uncertain = _is_uncertain(chosen.body, route)
        return Competence(
            body=chosen.body,
            name=chosen.name,
            level=chosen.body.level,
            reason=_reason(topic, chosen, place, kind, uncertain),
            alternatives=tuple(other for other in others if other.body.id != chosen.body.id),
            first_call=tuple(self._bodies[body_id] for body_id in route.first_call),
            advice=self._advice(route),
            uncertain=uncertain,
            provenance=route.provenance,
        )

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

    def _route(self, topic: Topic, way: Iterable[Place]) -> Route:
        for part in way:
            override = self._overrides.get(part.code, {}).get(topic.code)
            if override:
                return override
        return topic.route

    def _local(self, route: Route, way: tuple[Place, ...]) -> list[Addressee]:
        """The nearest office of each role in the order of roles, then the offices above them."""
        ladders = [self._ladder(role, way) for role in route.local]
        nearest = [ladder[0] for ladder in ladders if ladder]
        return [*nearest, *(addressee for ladder in ladders for addressee in ladder[1:])]

    def _ladder(self, role: str, way: tuple[Place, ...]) -> list[Addressee]:
        """A role's offices for a place, lowest first; without a place the one most citizens deal with."""
        if not way:
            offices = (self.find(f"{role}.{office}") for office in _OFFICE_WITHOUT_PLACE)
            return [Addressee(body, body.name) for body in offices if body][:1]
        found = []
        for part in reversed(way):
            body = self.find(f"{role}.{_OFFICE_OF_PLACE.get(part.type, '')}")
            if body:
                found.append(Addressee(body, self.name(body, part)))
        return found

    def _advice(self, route: Route) -> Bilingual | None:
        if not route.first_call:
            return None
        called = [(self._bodies[body_id], body_id in route.uncertain) for body_id in route.first_call]
        return Bilingual(
            _ADVICE.kk.format(
                ", ".join(_call(body, body.name.kk, "мүмкін, ", unsure) for body, unsure in called)
            ),
            _ADVICE.ru.format(
                ", ".join(_call(body, body.name.ru, "возможно, ", unsure) for body, unsure in called)
            ),
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
    "{name} {duty}, сондықтан «{topic}» тақырыбы бойынша ең жақын құзыретті орган – осы.",
    "{name} {duty}, поэтому по теме «{topic}» это ближайший компетентный орган.",
)
_NEAREST_GUESS = Bilingual(
    "Болжам бойынша, «{topic}» тақырыбымен айналысатын ең жақын орган – {name}.",
    "Предположительно, ближайший орган по теме «{topic}» – {name}.",
)
_CENTRAL = Bilingual(
    "«{topic}» мәселесі республикалық деңгейде шешіледі: {name} {duty}.",
    "Вопросы темы «{topic}» решают на уровне страны: {name} {duty}.",
)
_CENTRAL_GUESS = Bilingual(
    "«{topic}» мәселесі республикалық деңгейде шешіледі. Болжам бойынша, құзыретті орган – {name}.",
    "Вопросы темы «{topic}» решают на уровне страны. Предположительно, компетентный орган – {name}.",
)
_NAME_PLACE = Bilingual(
    "Нақты қай жердегі орган екені мекенжайға байланысты: ауданды немесе қаланы көрсетіңіз.",
    "Какой именно орган, зависит от места: укажите район или город.",
)
_NAME_DISTRICT = Bilingual(
    "Ауданды немесе қаланы көрсетсеңіз, Сізге жақынырақ орган табылуы мүмкін.",
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


def _is_uncertain(body: Body, route: Route) -> bool:
    return body.id in route.uncertain or body.id.partition(".")[0] in route.uncertain


def _call(body: Body, name: str, perhaps: str, unsure: bool) -> str:
    shown = f"{perhaps if unsure else ''}{name}"
    return f"{shown}, {body.phone}" if body.phone else shown


def _reason(topic: Topic, chosen: Addressee, place: Place | None, kind: Kind, uncertain: bool) -> Bilingual:
    """What the body does, what the place decides, what becomes of a wrong address, which law rules."""
    is_central = chosen.body.level == "central"
    if is_central:
        opening = _CENTRAL_GUESS if uncertain else _CENTRAL
    else:
        opening = _NEAREST_GUESS if uncertain else _NEAREST
    parts = [_filled(opening, topic, chosen)]
    if not is_central and place is None:
        parts.append(_NAME_PLACE)
    elif not is_central and place is not None and place.type == "region":
        parts.append(_NAME_DISTRICT)
    parts.append(_COMPLAINT if kind is Kind.COMPLAINT else _FORWARDING)
    if topic.limits:
        parts.append(topic.limits)
    return Bilingual(" ".join(part.kk for part in parts), " ".join(part.ru for part in parts))


def _filled(template: Bilingual, topic: Topic, chosen: Addressee) -> Bilingual:
    duty = chosen.body.duty
    if duty is None:
        raise ValueError(f"{chosen.body.id} is no addressee of appeals")
    return Bilingual(
        template.kk.format(name=chosen.name.kk, topic=topic.name.kk, duty=duty.kk),
        template.ru.format(name=chosen.name.ru, topic=topic.name.ru, duty=duty.ru),
    )
