"""Which body answers: the functions of a topic, the place, and the lowest level at which a function is held there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from appeals.body_names import BodyNames, Form, Found, alike, clauses, forms, keys_of
from appeals.functions import Function, Functions, Level
from appeals.kinds import Kind, objects
from appeals.provenance import Basis, Provenance
from appeals.territory import Place, Territory
from appeals.topics import Topic
from text.bilingual import Bilingual
from text.tokens import CASES, OWNED_CASES, keyed, with_suffixes

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
_AKIMS = ("local_akim", "akim_office")
_CALLED: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
    (_AKIMS, lambda key: key in _AKIM or key.startswith(_AKIMAT)),
    (("police",), lambda key: key.startswith(_POLICE)),
)
"""Roles by what people call them."""
_BESIDE = 3
"""Words around such a word that may say of which place it is."""
_OWNING = ("акимата", "нин")
"""Beside another body's name: it is the akimat's."""


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

    `function`: None where only the words of a complaint name the body. `superior` considers complaints against the body,
    as far as known. `advice` names organisations that may solve the matter faster but are no addressees. `uncertain`: the
    body must be offered as a guess.
    """

    body: Body
    name: Bilingual
    level: Level
    function: Function | None
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
        self._names = BodyNames(form for body in self._bodies.values() for form in _forms(body))

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

    def goes_by(self, name: str, body: Body, place: Place | None) -> bool:
        """Whether an appeal's addressee of this name is the body: with its place, or without."""
        own = self.name(body, place)
        return name in (own.kk, own.ru, body.name.kk, body.name.ru)

    def called(self, name: str, place: Place | None) -> Body | None:
        """The body that serves the place and has exactly this name there."""
        way = self._way(place)
        for body in self._bodies.values():
            own = self.name(body, place)
            if self._serves(body, way) and name in (own.kk, own.ru):
                return body
        return None

    def competent(self, topic: Topic, place: Place | None, kind: Kind, story: str = "") -> Competence:
        """The body an appeal goes to: the holder of the topic's first function, at its lowest level for the place.

        First is the function that the story's words ask for, if any. A complaint goes to the body whose act it is about
        (art. 91 (4)), where the story names one. Without a place the local body is named without one, and the reason
        asks for the place.
        """
        way = self._way(place)
        functions = self._functions.of_topic(topic.code, {part.code for part in way}, story)
        called = [(function, body) for function in functions if (body := self._company(function))]
        candidates = self._candidates(functions, way)
        named = self._complained_of(story, topic, place, candidates) if kind is Kind.COMPLAINT else None
        chosen = named or candidates[0]
        body, function = chosen.body, chosen.function
        if named is None and function is None:
            raise ValueError(f"{body.id} has no function for {topic.code}")
        why = _by_rule(topic, chosen, function) if function and not named else _by_words(chosen)
        others = (other for other in candidates if other.body.id != body.id)
        superior = self.superior(body, place)
        return Competence(
            body=body,
            name=chosen.name,
            level=body.level,
            function=function,
            reason=_reason(topic, body.level, why, superior, place, kind),
            alternatives=tuple(sorted(others, key=lambda other: _RANK[other.body.level])),
            superior=superior,
            first_call=tuple(body for _, body in called),
            advice=_advice(called),
            uncertain=function is not None and function.uncertain,
            provenance=function.rests_on(body.level) if function else body.provenance,
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
        asked = frozenset(keys_of(text))
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

    def spoken_of(self, text: str, topic: Topic, place: Place | None) -> tuple[Addressee, ...]:
        """Addressees at a place that `text` names, those it objects to first.

        By their whole names; those the rules name for the topic by a part or by initials, too. An akim's office is also
        called by the akim or the akimat, a police office by the police: those of the place beside the word, else all.
        """
        way = self._way(place)
        functions = self._functions.of_topic(topic.code, {part.code for part in way}, text)
        mentions = self._mentions(text, topic, place, self._candidates(functions, way))
        ordered = sorted(mentions, key=lambda mention: not mention.objected)
        return tuple({meant.body.id: meant for mention in ordered for meant in mention.meant}.values())

    def _complained_of(
        self, text: str, topic: Topic, place: Place | None, ruled: Sequence[Addressee]
    ) -> Addressee | None:
        """The one body whose act the text is about; None where there is none, or more than one may be meant.

        It is named where the text objects; one of those that the rules name may also be the only one that is named at all,
        unless the text objects to something else.
        """
        mentions = list(self._mentions(text, topic, place, ruled))
        objected = [mention for mention in mentions if mention.objected]
        by_rule = {addressee.body.id: addressee for addressee in ruled}
        meant = [_meant(mention, by_rule) for mention in objected or mentions]
        one = meant[0] if meant else None
        if one is None or any(other is None or other.body.id != one.body.id for other in meant):
            return None
        sure = bool(objected) or (one.body.id in by_rule and any(mention.concerned for mention in mentions))
        return one if sure else None

    def _mentions(
        self, text: str, topic: Topic, place: Place | None, ruled: Sequence[Addressee]
    ) -> Iterator[_Mention]:
        holders = {addressee.body.holder for addressee in ruled}
        by_rule = {addressee.body.id for addressee in ruled}
        parts = clauses(text)
        objections = [objects(clause.text) for clause in parts]
        around = zip([False, *objections], objections, [*objections[1:], False], parts, strict=False)
        for before, objected, after, clause in around:
            spans = self._names.found(clause, holders, objects=objected)
            nothing_else = before and len(spans) == 1 and spans[0].end - spans[0].start == len(clause.keys)
            concerned = after or nothing_else or not any(objections)
            for span in spans:
                yield _Mention(self._offices(span, topic, place), objected, concerned)
            named = {at for span in spans for at in range(span.start, span.end)} | clause.denied
            beside = {at for span in spans for at in (span.start - 1, span.end)}
            for roles, is_called in _CALLED:
                spoken = [
                    at
                    for at, key in enumerate(clause.keys)
                    if is_called(key) and at not in named and not (at in beside and key.endswith(_OWNING))
                ]
                if spoken:
                    called = self._called(clause.keys, spoken, roles, topic, place)
                    ruled_first = sorted(called, key=lambda one: one.body.id not in by_rule)
                    yield _Mention(tuple(ruled_first), objected, concerned)

    def _offices(self, span: Found, topic: Topic, place: Place | None) -> tuple[Addressee, ...]:
        """The lowest office of a holder that serves the place, of those called as they are spoken of, if such serve it."""
        bodies = sorted(
            self.named(span.holder), key=lambda body: (body.id not in span.body_ids, _RANK[body.level])
        )
        serving = (self.addressee(body.id, topic, place) for body in bodies)
        return tuple(addressee for addressee in serving if addressee)[:1]

    def _called(
        self,
        keys: Sequence[str],
        spoken: Iterable[int],
        roles: Iterable[str],
        topic: Topic,
        place: Place | None,
    ) -> tuple[Addressee, ...]:
        """Offices of the roles whose place stands beside the words that are `spoken`, lowest first; else all."""
        beside = {key for at in spoken for key in keys[max(at - _BESIDE, 0) : at + _BESIDE + 1]}
        named: list[tuple[int, Addressee]] = []
        for part in reversed(self._way(place)):
            own = set(keys_of(f"{part.name.kk} {part.name.ru}"))
            for role in roles:
                found = self.addressee(f"{role}.{_OFFICE_OF_PLACE.get(part.type, '')}", topic, place)
                if found:
                    named.append((sum(any(alike(key, name) for key in beside) for name in own), found))
        most = max((count for count, _ in named), default=0)
        return tuple(found for count, found in named if count == most)

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

    def complaint_path(
        self, body_id: str | None, place: Place | None, called: str | None = None
    ) -> Bilingual:
        """Who considers a complaint against a body (art. 93 (2)), or to whom it goes on from there where that is not known.

        `called`: how the addressee is named; one that goes by another name than the body is another, of unknown superior.
        """
        body = self.find(body_id) if body_id else None
        if body is None:
            return _HIGHER
        still = called is None or self.goes_by(called, body, place)
        return _path(self.superior(body, place) if still else None)

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
        return frozenset(keys_of(f"{body.name.kk} {body.name.ru}")), frozenset(keys_of(does))


class _Mention(NamedTuple):
    """A place in a text where a body is named. meant: which it may be, lowest first; objected: to what it did.

    concerned: what the text objects to elsewhere may be its doing: «подал в отдел занятости, отказали», «отказал не ЦОН,
    а отдел занятости», but not «отказали. Отдел занятости помог собрать документы».
    """

    meant: tuple[Addressee, ...]
    objected: bool
    concerned: bool


def _meant(mention: _Mention, ruled: Mapping[str, Addressee]) -> Addressee | None:
    """The one body that is meant; of several the lowest that the rules name, unless they name different ones."""
    by_rule = [ruled[one.body.id] for one in mention.meant if one.body.id in ruled]
    if by_rule:
        return by_rule[0] if len({one.body.holder for one in by_rule}) == 1 else None
    return mention.meant[0] if len(mention.meant) == 1 else None


def _forms(body: Body) -> Iterator[Form]:
    """How a text may name the body; akims are told by their places, the police by any word for it."""
    if body.level == "company" or body.holder in _AKIMS:
        return
    ways = forms(body.id, body.holder, body.name, local=bool(body.office))
    is_called = any(body.holder in roles for roles, _ in _CALLED)
    yield from (form for form in ways if form.whole or not is_called)


def _score(asked: Iterable[str], name: frozenset[str], does: frozenset[str]) -> int:
    """A word of the name says more than one of a function."""
    return sum(
        3 * any(alike(word, key) for key in name) + any(alike(word, key) for key in does) for word in asked
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
_NAMED = Bilingual(
    "Сөзіңізге қарағанда, сіз мына органға шағымданып отырсыз: {name}.",
    "Судя по вашим словам, вы жалуетесь на этот орган: {name}.",
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
_HIGHER = Bilingual(
    "Шағымды үстінен шағым түскен органнан жоғары тұрған орган немесе лауазымды адам қарайды: үстінен шағым түскен "
    "орган оны өзі толық қанағаттандырмаса, іспен бірге үш жұмыс күнінен кешіктірмей соған жібереді "
    "(ӘРПК, 91-бап, 4-бөлік).",
    "Жалобу рассматривает вышестоящий орган или вышестоящее должностное лицо: если орган, на который жалуются, "
    "сам не удовлетворит её полностью, он не позднее трёх рабочих дней направит её туда вместе с делом "
    "(АППК, статья 91, часть 4).",
)
_ONLY_COURT = Bilingual(
    "Егер органның жоғары тұрған органы болмаса, оның шешіміне сотқа шағымданады (ӘРПК, 91-бап, 6-бөлік).",
    "Если вышестоящего органа нет, решение обжалуют в суде (АППК, статья 91, часть 6).",
)


def _path(superior: Superior | None) -> Bilingual:
    """Who considers a complaint against the body, in words; what the law says of it where the name is not known."""
    if superior is None:
        return _HIGHER
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


def _by_words(chosen: Addressee) -> tuple[Bilingual, ...]:
    name = chosen.name
    return (Bilingual(_NAMED.kk.format(name=name.kk), _NAMED.ru.format(name=name.ru)),)


def _by_rule(topic: Topic, chosen: Addressee, function: Function) -> tuple[Bilingual, ...]:
    """What the body does and by which act."""
    if chosen.body.level == "central":
        opening = _CENTRAL_GUESS if function.uncertain else _CENTRAL
    else:
        opening = _NEAREST_GUESS if function.uncertain else _NEAREST
    told = Bilingual(
        opening.kk.format(name=chosen.name.kk, topic=topic.name.kk, does=function.does.kk),
        opening.ru.format(name=chosen.name.ru, topic=topic.name.ru, does=function.does.ru),
    )
    basis = None if function.uncertain else _basis(function.rests_on(chosen.body.level))
    return (told, basis) if basis else (told,)


def _reason(
    topic: Topic,
    level: Level,
    why: Iterable[Bilingual],
    superior: Superior | None,
    place: Place | None,
    kind: Kind,
) -> Bilingual:
    """Why this body, what the place decides, what becomes of a wrong address, which law rules."""
    parts: list[Bilingual | None] = [*why]
    if level != "central" and place is None:
        parts.append(_NAME_PLACE)
    elif level != "central" and place is not None and place.type == "region":
        parts.append(_NAME_DISTRICT)
    parts += [_COMPLAINT, superior and _path(superior)] if kind is Kind.COMPLAINT else [_FORWARDING]
    parts.append(topic.limits)
    told = [part for part in parts if part]
    return Bilingual(" ".join(part.kk for part in told), " ".join(part.ru for part in told))
