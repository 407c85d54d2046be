"""Reads the domain's content from YAML and refuses broken content, telling all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from appeals import calendar, territory
from appeals.bodies import COURT, OFFICE_LEVELS, Bodies, Body
from appeals.content_lint import odd_characters, strings_of
from appeals.domain import Domain
from appeals.functions import Function, Functions, Level
from appeals.kato import read_places
from appeals.provenance import Basis, Provenance, Review
from appeals.territory import Territory
from appeals.topics import EmergencyHint, Keywords, Topic, Topics
from text.bilingual import Bilingual
from text.letters import skeleton

CONTENT = Path(__file__).parent / "content"

_EMERGENCY_NUMBERS = frozenset({"101", "102", "103", "104", "109", "111", "112"})
_DRAFT_LIMIT = date(2100, 1, 1)
_MISSING = Bilingual("?", "?")
_UNKNOWN = Provenance(Basis.GENERAL, Review.DRAFT, _DRAFT_LIMIT)
_T = TypeVar("_T")
_Row = Mapping[str, Any]


class ContentError(ValueError):
    """Content that cannot be used; `problems` has one line for each fault found."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class _Loader(yaml.CSafeLoader):
    """YAML without two traps: the last of equal keys wins in silence, and off, no, yes are booleans."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        doubled = sorted({str(key) for key in keys if keys.count(key) > 1})
        if doubled:
            raise yaml.constructor.ConstructorError(
                "reading a mapping",
                node.start_mark,
                f"key given twice: {', '.join(doubled)}",
                node.start_mark,
            )
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load_domain(folder: Path = CONTENT, classifier: Path | None = None) -> Domain:
    """The whole domain; ContentError with every problem found in any file. `classifier`: see `load_territory`."""
    reader = _Reader(folder)
    places = _places(reader, classifier)
    moved = reader.built("moved_days.yaml", calendar.moved_days)
    bodies = _bodies(reader)
    topics = _topics(reader)
    listed = _functions(reader, bodies, topics, places)
    _check_superiors(reader, bodies)
    _check_use(reader, bodies, listed)
    if reader.problems or places is None or moved is None:
        raise ContentError(reader.problems)
    functions = Functions(listed)
    return Domain(
        Topics(topics.values()), functions, Bodies(bodies.values(), functions, places), places, moved
    )


def load_territory(folder: Path = CONTENT, classifier: Path | None = None) -> Territory:
    """The places alone; ContentError with every problem found in their files.

    `classifier`: all places of the country down to the village, as `appeals.import_kato` writes them.
    """
    reader = _Reader(folder)
    places = _places(reader, classifier)
    if reader.problems or places is None:
        raise ContentError(reader.problems)
    return places


def _places(reader: _Reader, classifier: Path | None) -> Territory | None:
    try:
        official = read_places(classifier) if classifier else ()
    except (OSError, ValueError) as error:
        reader.problem(str(classifier), " ".join(str(error).split()))
        official = ()
    return reader.built("territory.yaml", lambda data: territory.build(data, official))


class _Reader:
    """Collects problems instead of stopping at the first: what cannot be read is replaced by a stand-in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def problem(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def file(self, name: str) -> _Row:
        """The parsed mapping of one file, its strings checked; empty when it cannot be read."""
        try:
            data = yaml.load((self.folder / name).read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.problem(name, " ".join(str(error).split()))
            return {}
        for path, text in strings_of(data):
            for fault in odd_characters(text):
                self.problem(f"{name} {path}", fault)
        if not isinstance(data, Mapping):
            self.problem(name, "must be a mapping")
            return {}
        return data

    def built(self, name: str, build: Callable[[_Row], _T]) -> _T | None:
        """A file given to its own builder; None when the builder refuses it."""
        data = self.file(name)
        try:
            return build(data)
        except ValueError as error:
            for line in str(error).splitlines():
                self.problem(name, line)
            return None

    def rows(self, data: _Row, key: str, where: str) -> Iterator[_Row]:
        """The rows of a list; anything else is a problem."""
        listed = data.get(key)
        if not isinstance(listed, list):
            self.problem(where, f"'{key}' must be a list")
            return
        for number, row in enumerate(listed, start=1):
            if isinstance(row, Mapping):
                yield row
            else:
                self.problem(where, f"row {number} of '{key}' must be a mapping")

    def mapping(self, data: _Row, key: str, where: str) -> _Row:
        value = data.get(key)
        if isinstance(value, Mapping):
            return value
        self.problem(where, f"'{key}' must be a mapping")
        return {}

    def code(self, row: _Row, key: str, where: str, known: Collection[str]) -> str | None:
        """A row's own name, given once; None when it is missing or doubled."""
        value = row.get(key)
        if not isinstance(value, str) or not value:
            self.problem(where, f"a row has no '{key}'")
            return None
        if value in known:
            self.problem(where, f"{value} is given twice")
            return None
        return value

    def bilingual(self, data: _Row, key: str, where: str) -> Bilingual:
        value = data.get(key)
        sides = value if isinstance(value, Mapping) else {}
        absent = [
            side for side in ("kk", "ru") if not isinstance(sides.get(side), str) or not sides[side].strip()
        ]
        if absent:
            self.problem(where, f"'{key}' lacks {' and '.join(absent)}")
            return _MISSING
        return Bilingual(sides["kk"].strip(), sides["ru"].strip())

    def names(self, data: _Row, key: str, where: str, needed: bool = False) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
            self.problem(where, f"'{key}' must be a list of names")
            return ()
        if needed and not value:
            self.problem(where, f"'{key}' is empty or missing")
        return tuple(value)

    def provenance(self, data: _Row, where: str) -> Provenance:
        """What a file or a row rests on."""
        value = data.get("provenance")
        if not isinstance(value, Mapping):
            self.problem(where, "says nothing about its provenance")
            return _UNKNOWN
        act = self.bilingual(value, "act", where) if "act" in value else None
        review_by = value.get("review_by")
        if type(review_by) is not date:
            self.problem(where, "provenance: 'review_by' must be a date")
            return _UNKNOWN
        try:
            return Provenance(
                basis=Basis(value.get("basis")),
                status=Review(value.get("status")),
                review_by=review_by,
                reviewed_by=value.get("reviewed_by"),
                act=act,
                article=value.get("article"),
                url=value.get("url"),
            )
        except ValueError as error:
            self.problem(where, f"provenance: {error}")
            return _UNKNOWN

    def provenance_of(self, row: _Row, default: Provenance, where: str) -> Provenance:
        """A row's own provenance, or that of its file."""
        return self.provenance(row, where) if "provenance" in row else default


def _bodies(reader: _Reader) -> dict[str, Body]:
    name = "bodies.yaml"
    data = reader.file(name)
    default = reader.provenance(data, name)
    bodies: dict[str, Body] = {}
    roles: set[str] = set()
    for row in reader.rows(data, "roles", name):
        role = reader.code(row, "role", name, roles)
        if role:
            roles.add(role)
            bodies |= {body.id: body for body in _offices(reader, role, row, default)}
    for row in reader.rows(data, "central", name):
        body_id = reader.code(row, "id", name, roles | bodies.keys())
        if body_id:
            where = f"{name} {body_id}"
            title, rests = reader.bilingual(row, "name", where), reader.provenance_of(row, default, where)
            bodies[body_id] = Body(body_id, "central", title, rests, row.get("superior"))
    for row in reader.rows(data, "companies", name):
        body_id = reader.code(row, "id", name, roles | bodies.keys())
        if body_id:
            where = f"{name} {body_id}"
            title, phone = reader.bilingual(row, "name", where), row.get("phone")
            bodies[body_id] = Body(
                body_id, "company", title, reader.provenance_of(row, default, where), phone=phone
            )
    return bodies


def _offices(reader: _Reader, role: str, row: _Row, default: Provenance) -> Iterator[Body]:
    """The offices of one role; a city of regional significance takes the district's words by default."""
    where = f"bodies.yaml {role}"
    provenance = reader.provenance_of(row, default, where)
    offices = dict(reader.mapping(row, "offices", where))
    if "district" in offices:
        offices.setdefault("city", offices["district"])
    for office in offices:
        if office in OFFICE_LEVELS:
            title = reader.bilingual(offices, office, where)
            yield Body(f"{role}.{office}", OFFICE_LEVELS[office], title, provenance, row.get("superior"))
        else:
            reader.problem(where, f"unknown office {office}")


def _functions(
    reader: _Reader, bodies: Mapping[str, Body], topics: Collection[str], places: Territory | None
) -> list[Function]:
    """The registry of functions, in order of competence, checked against bodies, topics and places."""
    name = "functions.yaml"
    data = reader.file(name)
    default = reader.provenance(data, name)
    acts = _acts(reader, data, default)
    functions: dict[str, Function] = {}
    for row in reader.rows(data, "functions", name):
        function_id = reader.code(row, "id", name, functions)
        if function_id:
            where = f"{name} {function_id}"
            functions[function_id] = _function(reader, row, function_id, where, bodies, default, acts)
    for function in functions.values():
        where = f"{name} {function.id}"
        _check_known(reader, where, "topic", function.topics, topics)
        place = places.find(function.place) if places and function.place else None
        if places and function.place and (place is None or place.level != 2):
            reader.problem(where, f"{function.place} is no district and no city")
    _check_coverage(reader, name, topics, functions.values())
    return list(functions.values())


def _acts(reader: _Reader, data: _Row, default: Provenance) -> dict[str, Provenance]:
    """Acts by their short names; which article of one gives a function is said there."""
    acts = {}
    for act_id in reader.mapping(data, "acts", "functions.yaml"):
        row = reader.mapping(data["acts"], act_id, "functions.yaml acts")
        name = reader.bilingual(row, "name", f"functions.yaml act {act_id}")
        acts[str(act_id)] = replace(default, basis=Basis.LAW, act=name, url=row.get("url"))
    return acts


def _function(
    reader: _Reader,
    row: _Row,
    function_id: str,
    where: str,
    bodies: Mapping[str, Body],
    default: Provenance,
    acts: Mapping[str, Provenance],
) -> Function:
    holder = str(row.get("holder"))
    held = {body.level for body in bodies.values() if body.holder == holder}
    if not held:
        reader.problem(where, f"unknown holder {holder}")
    levels = reader.names(row, "levels", where)
    _check_known(reader, where, "level of its holder", levels, held)
    if row.get("uncertain", "true") != "true":
        reader.problem(where, "'uncertain' is true or left out")
    return Function(
        id=function_id,
        holder=holder,
        levels=frozenset(level for level in held if not levels or level in levels),
        does=reader.bilingual(row, "does", where),
        topics=reader.names(row, "topics", where, needed=True),
        place=row.get("place"),
        uncertain="uncertain" in row,
        provenance=reader.provenance_of(row, default, where),
        acts=_articles(reader, row, where, held, acts) if "law" in row else {},
        words=tuple(map(skeleton, reader.names(row, "words", where))),
    )


def _articles(
    reader: _Reader, row: _Row, where: str, held: Collection[Level], acts: Mapping[str, Provenance]
) -> dict[Level, Provenance]:
    """What a function rests on by level: `law: {act, article}`, the article one for all levels or one for each."""
    law = reader.mapping(row, "law", where)
    act = acts.get(str(law.get("act")))
    if act is None:
        reader.problem(where, f"unknown act {law.get('act')}")
        return {}
    article = law.get("article")
    articles = article if isinstance(article, Mapping) else dict.fromkeys(held, article)
    _check_known(reader, where, "level of its holder", articles, held)
    if not articles or not all(isinstance(text, str) and text for text in articles.values()):
        reader.problem(where, "'article' must be a text, or texts by level")
        return {}
    return {level: replace(act, article=text) for level, text in articles.items()}


def _check_coverage(
    reader: _Reader,
    name: str,
    topics: Iterable[str],
    functions: Collection[Function],
) -> None:
    """Every topic must find an addressee wherever the citizen is, and whoever is asked first must exist in any region."""
    for topic in topics:
        holders = [function for function in functions if topic in function.topics and function.place is None]
        state = [function for function in holders if "company" not in function.levels]
        if not any("central" in function.levels for function in state):
            reader.problem(name, f"{topic}: no central body has a function for it")
        local = [function for function in state if "central" not in function.levels]
        if local and not any("region" in function.levels for function in local):
            reader.problem(name, f"{topic}: no local function reaches a region")


def _check_superiors(reader: _Reader, bodies: Mapping[str, Body]) -> None:
    """Superiors must be known, and lead upwards: who considers complaints may not be complained about to the same."""
    above = {body.holder: body.superior for body in bodies.values() if body.superior}
    known = {body.holder for body in bodies.values() if body.level != "company"} | {COURT}
    _check_known(reader, "bodies.yaml", "superior", above.values(), known)
    for holder in above:
        way, current = [holder], above.get(holder)
        while current and current not in way:
            way.append(current)
            current = above.get(current)
        if current == holder:
            reader.problem("bodies.yaml", f"{' → '.join([*way, holder])}: superiors go in a circle")


def _check_known(reader: _Reader, where: str, what: str, ids: Iterable[str], known: Collection[str]) -> None:
    for unknown in sorted(set(ids) - set(known)):
        reader.problem(where, f"unknown {what} {unknown}")


def _topics(reader: _Reader) -> dict[str, Topic]:
    name = "topics.yaml"
    data = reader.file(name)
    default = reader.provenance(data, name)
    topics: dict[str, Topic] = {}
    for row in reader.rows(data, "groups", name):
        group = reader.code(row, "code", name, topics)
        if group is None:
            continue
        topics[group] = _topic(reader, row, group, default)
        for child in reader.rows(row, "topics", f"{name} {group}") if "topics" in row else ():
            code = reader.code(child, "code", name, topics)
            if code is not None:
                if code.partition(".")[0] != group:
                    reader.problem(f"{name} {code}", f"does not belong under {group}")
                topics[code] = _topic(reader, child, code, default)
    return topics


def _topic(reader: _Reader, row: _Row, code: str, default: Provenance) -> Topic:
    where = f"topics.yaml {code}"
    keywords = reader.mapping(row, "keywords", where)
    return Topic(
        code=code,
        group=code.partition(".")[0],
        name=reader.bilingual(row, "name", where),
        hint=reader.bilingual(row, "hint", where),
        keywords=Keywords(
            kk=reader.names(keywords, "kk", where, needed=True),
            ru=reader.names(keywords, "ru", where, needed=True),
        ),
        emergency=_emergency(reader, row, where),
        limits=reader.bilingual(row, "limits", where) if "limits" in row else None,
        provenance=reader.provenance_of(row, default, where),
    )


def _emergency(reader: _Reader, row: _Row, where: str) -> EmergencyHint | None:
    if "emergency" not in row:
        return None
    hint = reader.mapping(row, "emergency", where)
    numbers = reader.names(hint, "numbers", where, needed=True)
    _check_known(reader, where, "emergency number", numbers, _EMERGENCY_NUMBERS)
    return EmergencyHint(numbers, reader.bilingual(hint, "when", where))


def _check_use(reader: _Reader, bodies: Mapping[str, Body], functions: Iterable[Function]) -> None:
    """A body without a function is a slip in one of the two files."""
    used = {function.holder for function in functions} | {body.superior for body in bodies.values()}
    for unused in sorted({body.holder for body in bodies.values()} - used):
        reader.problem("bodies.yaml", f"{unused} has no function")
