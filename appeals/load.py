"""Reads the domain's content from YAML and refuses broken content, telling all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from appeals import calendar, territory
from appeals.bodies import OFFICE_LEVELS, Bodies, Body
from appeals.content_lint import odd_characters, strings_of
from appeals.domain import Domain
from appeals.kato import read_places
from appeals.provenance import Basis, Provenance, Review
from appeals.territory import Territory
from appeals.topics import EmergencyHint, Keywords, Route, Topic, Topics
from text.bilingual import Bilingual

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
    routes = _routes(reader, bodies)
    topics = _topics(reader, routes)
    overrides = _overrides(reader, bodies, routes, places)
    _check_use(
        reader, bodies, [*routes.values(), *(row for rows in overrides.values() for row in rows.values())]
    )
    if reader.problems or places is None or moved is None:
        raise ContentError(reader.problems)
    return Domain(Topics(topics), Bodies(bodies.values(), overrides, places), places, moved)


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
            title, duty = reader.bilingual(row, "name", where), reader.bilingual(row, "duty", where)
            bodies[body_id] = Body(body_id, "central", title, duty, reader.provenance_of(row, default, where))
    for row in reader.rows(data, "companies", name):
        body_id = reader.code(row, "id", name, roles | bodies.keys())
        if body_id:
            where = f"{name} {body_id}"
            title, phone = reader.bilingual(row, "name", where), row.get("phone")
            bodies[body_id] = Body(
                body_id, "company", title, None, reader.provenance_of(row, default, where), phone
            )
    return bodies


def _offices(reader: _Reader, role: str, row: _Row, default: Provenance) -> Iterator[Body]:
    """The offices of one role; a city of regional significance takes the district's words by default."""
    where = f"bodies.yaml {role}"
    duty = reader.bilingual(row, "duty", where)
    provenance = reader.provenance_of(row, default, where)
    offices = dict(reader.mapping(row, "offices", where))
    if "district" in offices:
        offices.setdefault("city", offices["district"])
    for office in offices:
        if office in OFFICE_LEVELS:
            title = reader.bilingual(offices, office, where)
            yield Body(f"{role}.{office}", OFFICE_LEVELS[office], title, duty, provenance)
        else:
            reader.problem(where, f"unknown office {office}")


def _routes(reader: _Reader, bodies: Mapping[str, Body]) -> dict[str, Route]:
    name = "routing.yaml"
    data = reader.file(name)
    default = reader.provenance(data, name)
    rows = reader.mapping(data, "routes", name)
    routes: dict[str, Route] = {}
    for code, row in rows.items():
        group = rows.get(str(code).partition(".")[0])
        if not isinstance(row, Mapping) or not isinstance(group, Mapping):
            reader.problem(name, f"{code}: must be a mapping, and so must its group")
            continue
        inherited = {key: value for key, value in group.items() if key != "provenance"}
        routes[str(code)] = _route(reader, _merged(inherited, row), default, f"{name} {code}", bodies)
    return routes


def _merged(base: _Row, row: _Row) -> _Row:
    """A row, completed from `base`; of the uncertain addressees there only those it still has."""
    merged = {**base, **row}
    if "uncertain" not in row:
        kept = [name for key in ("local", "central", "first_call") for name in merged.get(key) or ()]
        merged["uncertain"] = [name for name in base.get("uncertain") or () if name in kept]
    return merged


def _route(reader: _Reader, row: _Row, default: Provenance, where: str, bodies: Mapping[str, Body]) -> Route:
    route = Route(
        local=reader.names(row, "local", where),
        central=reader.names(row, "central", where, needed=True),
        first_call=reader.names(row, "first_call", where),
        uncertain=reader.names(row, "uncertain", where),
        provenance=reader.provenance_of(row, default, where),
    )
    roles = _roles(bodies)
    _check_known(reader, where, "role", route.local, roles)
    _check_known(reader, where, "central body", route.central, _ids(bodies, "central"))
    _check_known(reader, where, "company", route.first_call, _ids(bodies, "company"))
    _check_known(
        reader,
        where,
        "uncertain addressee",
        route.uncertain,
        {*route.local, *route.central, *route.first_call},
    )
    if route.local and not any(f"{role}.region" in bodies for role in route.local):
        reader.problem(where, "no local role has an office in a region")
    return route


def _roles(bodies: Mapping[str, Body]) -> set[str]:
    return {body_id.partition(".")[0] for body_id in bodies if "." in body_id}


def _ids(bodies: Mapping[str, Body], level: str) -> set[str]:
    return {body.id for body in bodies.values() if body.level == level}


def _check_known(reader: _Reader, where: str, what: str, ids: Iterable[str], known: Collection[str]) -> None:
    for unknown in sorted(set(ids) - set(known)):
        reader.problem(where, f"unknown {what} {unknown}")


def _topics(reader: _Reader, routes: Mapping[str, Route]) -> list[Topic]:
    name = "topics.yaml"
    data = reader.file(name)
    default = reader.provenance(data, name)
    topics: dict[str, Topic] = {}
    for row in reader.rows(data, "groups", name):
        group = reader.code(row, "code", name, topics)
        if group is None:
            continue
        topics[group] = _topic(reader, row, group, routes, default)
        for child in reader.rows(row, "topics", f"{name} {group}") if "topics" in row else ():
            code = reader.code(child, "code", name, topics)
            if code is not None:
                if code.partition(".")[0] != group:
                    reader.problem(f"{name} {code}", f"does not belong under {group}")
                topics[code] = _topic(reader, child, code, routes, default)
    for code in routes.keys() - topics.keys():
        reader.problem("routing.yaml", f"unknown topic {code}")
    return list(topics.values())


def _topic(reader: _Reader, row: _Row, code: str, routes: Mapping[str, Route], default: Provenance) -> Topic:
    where = f"topics.yaml {code}"
    if code not in routes:
        reader.problem(where, "has no route")
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
        route=routes.get(code, Route((), (), (), (), default)),
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


def _overrides(
    reader: _Reader, bodies: Mapping[str, Body], routes: Mapping[str, Route], places: Territory | None
) -> dict[str, dict[str, Route]]:
    """Routes of single districts, each in a file named by its code; what it leaves out is as anywhere."""
    overrides: dict[str, dict[str, Route]] = {}
    for path in sorted((reader.folder / "districts").glob("*.yaml")):
        name = f"districts/{path.name}"
        data = reader.file(name)
        default = reader.provenance(data, name)
        code = str(data.get("code"))
        place = places.find(code) if places else None
        if code != path.stem or (places and (place is None or place.level != 2)):
            reader.problem(name, f"code {code} is not the district this file is named by")
        overrides[code] = {
            topic: _route(reader, _merged(_as_row(routes[topic]), row), default, f"{name} {topic}", bodies)
            for topic, row in _known_rows(reader, reader.mapping(data, "routes", name), name, routes)
        }
    return overrides


def _known_rows(
    reader: _Reader, rows: _Row, name: str, routes: Mapping[str, Route]
) -> Iterator[tuple[str, _Row]]:
    for topic, row in rows.items():
        if topic not in routes:
            reader.problem(name, f"unknown topic {topic}")
        elif not isinstance(row, Mapping):
            reader.problem(name, f"{topic}: must be a mapping")
        else:
            yield topic, row


def _as_row(route: Route) -> _Row:
    addressees = {"central": route.central, "first_call": route.first_call, "uncertain": route.uncertain}
    return {key: list(ids) for key, ids in addressees.items()}


def _check_use(reader: _Reader, bodies: Mapping[str, Body], routes: Iterable[Route]) -> None:
    """A body that no route names is a slip in one of the two files."""
    used = {name for route in routes for name in (*route.local, *route.central, *route.first_call)}
    for unused in sorted((_roles(bodies) | _ids(bodies, "central") | _ids(bodies, "company")) - used):
        reader.problem("bodies.yaml", f"{unused} is named by no route")
