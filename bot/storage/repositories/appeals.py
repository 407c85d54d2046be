"""The registry of appeals with their numbers and history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    Text,
    and_,
    bindparam,
    column,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from appeals import appeal as drafts
from appeals import steps as said
from appeals.calendar import ALMATY
from appeals.decisions import Character, Decision
from appeals.lifecycle import TERMINAL, Status
from appeals.matters import Matter
from appeals.reference import Reference, find_reference
from bot.app.errors import NotFound, StaleState
from bot.app.records import (
    AppealRecord,
    AppealStep,
    AttemptOutcome,
    Crowd,
    PublicCase,
    Reminder,
    Watched,
    Workload,
)
from bot.app.selection import NO_DUE, Order, Position, Selection, identities_of
from bot.storage.recent import Recent
from bot.storage.repositories.finder import Asked, Finder, Word, numbers
from bot.storage.repositories.repository import Repository, in_both, together
from bot.storage.repositories.stretch import Stretch, within_days
from bot.storage.tables import (
    appeal_free_numbers,
    appeal_numbers,
    appeal_reminders,
    appeal_steps,
    appeals,
    delivery_attempts,
    labelled,
)
from text.search import Term, index_terms, query_terms

_c = appeals.c
_d = delivery_attempts.c
_f = appeal_free_numbers.c
_n = appeal_numbers.c
_r = appeal_reminders.c
_TO_OFFICIALS = [
    what.value
    for what in (Watched.NEAR, Watched.LAST, Watched.OVERDUE, Watched.UNFIXED, Watched.UNREGISTERED)
]
_ARRIVED = [AttemptOutcome.DELIVERED.value, AttemptOutcome.FOUND.value]
# The hidden column of the FTS5 table's own name stands for all its columns.
_fts = table("appeal_terms", column("rowid", BigInteger), column("appeal_terms", Text))
_s = appeal_steps.c
_STEPS = select(_s.appeal_id, _s.at, _s.action, _s.status, _s.actor, _s.note, _s.said)
_DIGEST_DIGITS = 32
_NUMBERS_AT_ONCE = 100
_LAY_OUT = in_both(
    lambda insert: (
        insert(appeal_numbers)
        .values(year=bindparam("year"), last=_NUMBERS_AT_ONCE)
        .on_conflict_do_update(index_elements=[_n.year], set_={"last": _n.last + _NUMBERS_AT_ONCE})
        .returning(_n.last)
    )
)
_ADD_FREE = insert(appeal_free_numbers)
_first_free = (
    select(_f.number)
    .where(_f.year == bindparam("of"))
    .order_by(_f.number)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_TAKE_FREE = (
    delete(appeal_free_numbers)
    .where(_f.year == bindparam("of"), _f.number == _first_free.scalar_subquery())
    .returning(_f.number)
)
_ADD = insert(appeals)
_ADD_STEP = insert(appeal_steps)
_ADD_WITH_STEP = together(
    insert(appeals).values({column: bindparam(f"appeal_{column.name}") for column in _c}),
    insert(appeal_steps).values(
        {column: bindparam(f"step_{column.name}") for column in _s if column is not _s.id}
    ),
)
_OF_CONVERSATION = (
    select(appeals)
    .where(_c.conversation_id == bindparam("conversation"))
    .order_by(_c.created_at.desc(), _c.reference.desc())
    .limit(bindparam("most", type_=Integer))
)
Seal = Callable[[str], str]
Loads = Recent[Sequence[Workload]]
TERMS_VERSION = 1
"""To be raised with every change of what appeals are found by: the worker then goes over those stored before."""


class Appeals(Repository):
    """`add` stores version 1: get the appeal again before saving it in the same transaction.

    `seal` makes a keyed digest in hex: persons' numbers are searched by nothing else. `loads`: what readers counted last.
    """

    def __init__(self, connection: AsyncConnection, seal: Seal, loads: Loads | None = None) -> None:
        super().__init__(connection)
        self._seal = seal
        self._loads = loads
        self._finder = Finder(connection)
        self.changed = False

    async def next_number(self, year: int) -> int:
        """The least that no other transaction holds; a rollback gives it back. Nobody waits: half of those laid out are
        still there when more are."""
        while (number := await self._value(_TAKE_FREE, {"of": year})) is None:
            await self._lay_out_numbers(year)
        if number % _NUMBERS_AT_ONCE == _NUMBERS_AT_ONCE // 2:
            await self._lay_out_numbers(year)
        return int(number)

    async def prepare_numbers(self, year: int) -> None:
        """The first ones of a year, if none is free."""
        if await self._value(select(_f.number).where(_f.year == year).limit(1)) is None:
            await self._lay_out_numbers(year)

    async def _lay_out_numbers(self, year: int) -> None:
        last = int(await self._value(_LAY_OUT[self._dialect], {"year": year}))
        numbers = range(last - _NUMBERS_AT_ONCE + 1, last + 1)
        await self._run(_ADD_FREE, [{"year": year, "number": number} for number in numbers])

    async def add(self, appeal: AppealRecord, first: AppealStep | None = None) -> None:
        """A new one, with the first step of its history."""
        self.changed = True
        row = row_of(appeal, self._seal)
        if first is None:
            await self._run(_ADD, row)
        else:
            await self._run_together(
                _ADD_WITH_STEP, _named("appeal_", row), _named("step_", _step_row(first))
            )

    async def save(self, appeal: AppealRecord) -> AppealRecord:
        """Raises StaleState when the stored version is another one."""
        self.changed = True
        saved = await self._run(
            update(appeals)
            .where(_c.id == appeal.id, _c.version == appeal.version)
            .values(version=appeal.version + 1, **_changeable(appeal, self._seal))
        )
        if saved.rowcount != 1:
            raise StaleState(appeal.id)
        return replace(appeal, version=appeal.version + 1)

    async def get(self, appeal_id: str) -> AppealRecord:
        """Raises NotFound."""
        row = await self._first(select(appeals).where(_c.id == appeal_id))
        if row is None:
            raise NotFound(appeal_id)
        return _appeal(row)

    async def find_by_reference(self, reference: str) -> AppealRecord | None:
        """By our own number in its standard writing."""
        row = await self._first(select(appeals).where(_c.reference == reference))
        return None if row is None else _appeal(row)

    async def of_conversation(self, conversation_id: str, limit: int) -> Sequence[AppealRecord]:
        """Newest first."""
        rows = await self._rows(_OF_CONVERSATION, {"conversation": conversation_id, "most": limit})
        return [_appeal(row) for row in rows]

    async def search(
        self,
        selection: Selection,
        order: Order,
        limit: int,
        *,
        after: Position | None = None,
        before: Position | None = None,
    ) -> Sequence[AppealRecord]:
        """The first ones behind `after`, or the last ones before `before`; always in the given order."""
        found, _ = await self._page(selection, Stretch(order, after, before), limit, None)
        return found

    async def page(
        self,
        selection: Selection,
        order: Order,
        limit: int,
        most: int,
        *,
        after: Position | None = None,
        before: Position | None = None,
    ) -> tuple[Sequence[AppealRecord], int]:
        """As `search` finds them, and how many the selection finds in all."""
        found, number = await self._page(selection, Stretch(order, after, before), limit, most)
        return found, number or 0

    async def _page(
        self, selection: Selection, stretch: Stretch, limit: int, most: int | None
    ) -> tuple[Sequence[AppealRecord], int | None]:
        # The days it came in say nothing of where it stands by term, and the other way round.
        sort = (selection.received if stretch.order is Order.DUE else selection.due).few()
        asked = _asked(selection, self._dialect, self._seal)
        found = await self._finder.page(asked, stretch, limit, most=most, sort=sort)
        rows = found.rows[::-1] if stretch.before is not None else found.rows
        return [_appeal(row) for row in rows], found.number

    async def counts(self, selections: Sequence[Selection], most: int) -> Sequence[int]:
        """How many each of them finds; `most` stands for as many and more."""
        if not selections:
            return []
        named = any(selection.words or selection.identities for selection in selections)
        asking = _numbers if named else _usual_numbers
        return await self._finder.counts(asking(tuple(selections), most, self._dialect, self._seal))

    async def reindex(self, limit: int) -> int:
        """Works the search terms out again of appeals that have those of another version; gives how many there were.

        One that changes at the same time is left alone: its change stores new terms.
        """
        stale = await self._many(select(appeals).where(_c.terms_version != TERMS_VERSION).limit(limit))
        for appeal in stale:
            await self._run(
                update(appeals)
                .where(_c.id == appeal.id, _c.version == appeal.version)
                .values(terms=_terms(appeal, self._seal), terms_version=TERMS_VERSION)
            )
        return len(stale)

    async def children(self, appeal_id: str) -> Sequence[AppealRecord]:
        """In the order they were filed."""
        return await self._many(
            select(appeals).where(_c.parent_id == appeal_id).order_by(_c.created_at, _c.reference)
        )

    async def ending(
        self, first: date, last: date, *, what: Watched, after: tuple[date, str] | None, limit: int
    ) -> Sequence[AppealRecord]:
        """The most urgent first. Appeals somebody was told `what` of, for the very term they have, are left out."""
        told = select(_r.appeal_id).where(_r.appeal_id == _c.id, _r.what == what.value, _r.due == _c.due)
        return await self._many(
            select(appeals)
            .where(
                _c.due_sort.between(first, last),
                _c.is_open.is_(True),
                ~told.exists(),
                *_past(_c.due_sort, after),
            )
            .order_by(_c.due_sort, _c.id)
            .limit(limit)
        )

    async def published(
        self,
        topics: Sequence[str],
        *,
        limit: int,
        references: Sequence[str] | None = None,
        statuses: Sequence[Status] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[PublicCase]:
        """Reads no column that holds anything of a person, so nothing of one can get out."""
        wanted: list[ColumnElement[bool]] = [_c.topic.in_(topics), _c.synthetic.is_(False)]
        if references is not None:
            wanted.append(_c.reference.in_(references))
        if statuses is not None:
            wanted.append(_c.status.in_([status.value for status in statuses]))
        if since is not None:
            wanted.append(_c.created_at >= since)
        if until is not None:
            wanted.append(_c.created_at <= until)
        shown = (
            _c.reference,
            _c.topic,
            _c.place,
            _c.body_name,
            _c.status,
            _c.created_at,
            _c.updated_at,
            _c.due,
        )
        rows = await self._rows(
            select(*shown).where(*wanted).order_by(_c.created_at.desc(), _c.ordinal.desc()).limit(limit)
        )
        return [PublicCase(**{**row, "status": Status(row["status"])}) for row in rows]

    async def same_matter(
        self, matter: Matter, *, since: datetime, except_of: str = "", synthetic: bool = True
    ) -> Crowd:
        """Open appeals about a matter filed from `since` on, counted by person."""
        wanted = [
            *_about(matter),
            _c.created_at >= since,
            _c.is_open.is_(True),
            _c.conversation_id != except_of,
        ]
        if not synthetic:
            wanted.append(_c.synthetic.is_(False))
        people = func.count(func.distinct(func.coalesce(_c.applicant_key, _c.conversation_id)))
        row = await self._first(
            select(people.label("people"), func.min(_c.created_at).label("first")).where(*wanted)
        )
        return Crowd(row["people"], row["first"]) if row else Crowd(0, None)

    async def count_matter(self, matter: Matter, first: datetime, last: datetime) -> int:
        """Both ends included."""
        counted = select(func.count()).where(*_about(matter), _c.created_at.between(first, last))
        return int(await self._value(counted))

    async def mending(
        self, first: date, last: date, *, what: Watched, after: tuple[date, str] | None, limit: int
    ) -> Sequence[AppealRecord]:
        """The most urgent first, those told `what` of left out."""
        told = select(_r.appeal_id).where(
            _r.appeal_id == _c.id, _r.what == what.value, _r.due == _c.fix_until
        )
        wanted = (_c.status == Status.NEEDS_FIX.value, _c.fix_until.between(first, last))
        return await self._many(
            select(appeals)
            .where(*wanted, ~told.exists(), *_past(_c.fix_until, after))
            .order_by(_c.fix_until, _c.id)
            .limit(limit)
        )

    async def unregistered(
        self, received_by: datetime, *, what: Watched, limit: int
    ) -> Sequence[AppealRecord]:
        """Those told `what` of are left out."""
        told = select(_r.appeal_id).where(_r.appeal_id == _c.id, _r.what == what.value)
        elsewhere = select(_d.id).where(_d.appeal_id == _c.id, _d.outcome.in_(_ARRIVED))
        waiting = (_c.status == Status.CREATED.value, _c.created_at <= received_by)
        return await self._many(
            select(appeals)
            .where(*waiting, ~told.exists(), ~elsewhere.exists())
            .order_by(_c.created_at, _c.id)
            .limit(limit)
        )

    async def remind(self, reminder: Reminder) -> bool:
        """False when they were reminded of that before."""
        added = await self._run(
            self._insert(appeal_reminders)
            .values(
                appeal_id=reminder.appeal_id,
                what=reminder.what.value,
                due=reminder.due,
                at=reminder.at,
            )
            .on_conflict_do_nothing()
        )
        return added.rowcount == 1

    async def reminders(
        self, *, executor_id: str, unassigned: bool, overdue: bool, limit: int
    ) -> Sequence[tuple[Reminder, AppealRecord]]:
        """Newest first, those nobody registered behind the others: of these there may be many at once."""
        theirs = [_c.executor_id == executor_id]
        if unassigned:
            theirs.append(_c.executor_id.is_(None))
        if overdue:
            theirs.append(_r.what == Watched.OVERDUE.value)
        rows = await self._rows(
            select(_r.what, _r.due.label("told_for"), _r.at.label("told_at"), appeals)
            .join(appeals, _c.id == _r.appeal_id)
            .where(
                _r.what.in_(_TO_OFFICIALS),
                or_(*theirs),
                _c.is_open.is_(True),
                or_(
                    _r.due.in_((_c.due, _c.fix_until)),
                    and_(_r.what == Watched.UNREGISTERED.value, _c.status == Status.CREATED.value),
                ),
            )
            .order_by(_r.what == Watched.UNREGISTERED.value, _r.at.desc(), _c.due, _c.reference)
            .limit(limit)
        )
        return [
            (Reminder(row["id"], Watched(row["what"]), row["told_for"], row["told_at"]), _appeal(row))
            for row in rows
        ]

    async def add_step(self, step: AppealStep) -> None:
        """One more row of the history."""
        await self._run(_ADD_STEP, _step_row(step))

    async def steps(self, appeal_id: str) -> Sequence[AppealStep]:
        """In the order they were added."""
        rows = await self._rows(_STEPS.where(_s.appeal_id == appeal_id).order_by(_s.id))
        return [_step(row) for row in rows]

    async def last_steps(self, appeal_ids: Collection[str]) -> Mapping[str, AppealStep]:
        """By the appeal's id."""
        newest = select(func.max(_s.id)).where(_s.appeal_id.in_(sorted(appeal_ids))).group_by(_s.appeal_id)
        rows = await self._rows(_STEPS.where(_s.id.in_(newest)))
        return {row["appeal_id"]: _step(row) for row in rows}

    async def workload(self, today: date, soon: date) -> Sequence[Workload]:
        """Whoever has most overdue first."""
        if self._loads is None:
            return await self._workload(today, soon)
        return await self._loads.get((today, soon), lambda: self._workload(today, soon))

    async def _workload(self, today: date, soon: date) -> Sequence[Workload]:
        overdue = func.count().filter(_c.due_sort < today)
        near = func.count().filter(_c.due_sort.between(today, soon))
        rows = await self._rows(
            select(_c.executor_id, func.count().label("open"), near.label("soon"), overdue.label("overdue"))
            .where(_c.is_open.is_(True))
            .group_by(_c.executor_id)
            .order_by(overdue.desc(), func.count().desc(), _c.executor_id)
        )
        return [Workload(**row) for row in rows]

    async def _many(self, statement: Select[Any]) -> list[AppealRecord]:
        return [_appeal(row) for row in await self._rows(statement)]


def _asked(selection: Selection, dialect: str, seal: Seal) -> Asked:
    others = _others(selection)
    filters = [*_filters(selection), *others]
    reference = find_reference(selection.words)
    if reference is not None:
        return Asked([*filters, _c.reference == reference])
    words = query_terms(selection.words)
    if selection.words.strip() and not words:
        return Asked([false()])
    words += [(Term(_digest(identity, seal), prefix=False),) for identity in selection.identities]
    if not words:
        return Asked(filters)
    if dialect != "postgresql":
        found = select(_fts.c.rowid).where(_fts.c.appeal_terms.op("MATCH")(_fts_query(words)))
        return Asked([*filters, _c.ordinal.in_(found)])
    return Asked(filters, [_word(alternatives) for alternatives in words], [*_labels(selection), *others])


def _numbers(selections: Sequence[Selection], most: int, dialect: str, seal: Seal) -> Select[Any]:
    return numbers([_asked(selection, dialect, seal) for selection in selections], most)


# The numbers beside the quick views are asked for on every page: making the statement takes longer than running it. What
# people look for is never kept here.
_usual_numbers = lru_cache(maxsize=256)(_numbers)


def _values(selection: Selection) -> list[tuple[Column[Any], str, Sequence[str]]]:
    """What columns have to be, with the letter of their labels: one of these."""
    statuses = None if selection.statuses is None else {status.value for status in selection.statuses}
    asked: tuple[tuple[Column[Any], str, Iterable[str] | str | None], ...] = (
        (_c.executor_id, "e", selection.executor_id),
        (_c.status, "s", statuses),
        (_c.topic, "t", selection.topics),
        (_c.body_id, "b", selection.body_id),
        (_c.kind, "k", selection.kind and selection.kind.value),
        (_c.locale, "l", selection.locale),
        (_c.channel, "h", selection.channel),
    )
    return [
        (column, kind, [wanted] if isinstance(wanted, str) else sorted(wanted))
        for column, kind, wanted in asked
        if wanted is not None
    ]


def _filters(selection: Selection) -> list[ColumnElement[bool]]:
    """What columns have to be."""
    wanted: list[ColumnElement[bool]] = [column.in_(values) for column, _, values in _values(selection)]
    if selection.is_open is not None:
        wanted.append(_c.is_open.is_(selection.is_open))  # as the indexes of open appeals say it
    if selection.places is not None:
        wanted.append(_c.place.between(*selection.places))
    return wanted


def _labels(selection: Selection) -> list[ColumnElement[bool]]:
    """The same, as the index for words knows it, and the days that are asked for."""
    wanted = [[f"{kind}{value}" for value in values] for _, kind, values in _values(selection)]
    if selection.is_open is not None:
        wanted.append([f"o{selection.is_open}".lower()])
    if selection.places is not None:
        wanted.append([f"p{_beginning(*selection.places)}"])
    days: list[ColumnElement[bool]] = []
    for kind, asked in (("r", selection.received), ("d", selection.due)):
        if asked.first is not None and asked.last is not None:
            # Of moments the index knows the day in UTC, which begins later.
            days += within_days(kind, asked.first - timedelta(kind == "r"), asked.last)
    return [*(labelled(labels) for labels in wanted), *days]


def _beginning(first: str, last: str) -> str:
    """What all codes of an area begin with."""
    return first[
        : next((at for at, pair in enumerate(zip(first, last, strict=True)) if len({*pair}) > 1), None)
    ]


def _others(selection: Selection) -> list[ColumnElement[bool]]:
    """What no label tells, or not exactly."""
    wanted: list[ColumnElement[bool]] = []
    if selection.unassigned:
        wanted.append(_c.executor_id.is_(None))
    received, due = selection.received, selection.due
    if received.first is not None:
        wanted.append(_c.created_at >= midnight(received.first))
    if received.last is not None:
        wanted.append(_c.created_at < midnight(received.last + timedelta(days=1)))
    if due.first is not None:
        wanted.append(_c.due_sort >= due.first)
    if due.last is not None:
        wanted.append(_c.due_sort <= due.last)
    if selection.changed is not None:
        since, reader = selection.changed.since, selection.changed.reader
        news = select(_s.id).where(_s.appeal_id == _c.id, _s.at >= since, _s.actor != reader)
        wanted += [_c.updated_at >= since, news.exists()]
    return wanted


def _past(day: ColumnElement[date], after: tuple[date, str] | None) -> list[ColumnElement[bool]]:
    return [] if after is None else [or_(day > after[0], and_(day == after[0], _c.id > after[1]))]


def midnight(day: date) -> datetime:
    """The moment a day begins in Kazakhstan."""
    return datetime.combine(day, time(), ALMATY)


def _word(alternatives: Sequence[Term]) -> Word:
    asked, known = (
        _joined([alternatives], either=" | ", both="", prefix=prefix, whole="{}") for prefix in ("{}:*", "{}")
    )
    return Word(asked, known)


def _fts_query(words: Iterable[Sequence[Term]]) -> str:
    return _joined(words, either=" OR ", both=" AND ", prefix='"{}"*', whole='"{}"')


def _joined(words: Iterable[Sequence[Term]], *, either: str, both: str, prefix: str, whole: str) -> str:
    """One of each word's alternatives, for all words. Terms are letters and digits: nothing in them needs quoting."""
    return both.join(
        f"({either.join((prefix if term.prefix else whole).format(term.text) for term in alternatives)})"
        for alternatives in words
    )


def _about(matter: Matter) -> list[ColumnElement[bool]]:
    same = [_c.topic == matter.topic, _c.place == matter.place]
    # A street compares with the same and with none named; without a street all of the place count.
    return [
        *same,
        _c.matter_street.in_([matter.street, ""]) if matter.street else _c.matter_street.is_not(None),
    ]


def _terms(appeal: AppealRecord, seal: Seal) -> frozenset[str]:
    draft, applicant = appeal.draft, appeal.draft.applicant
    parts = (
        appeal.reference,
        appeal.number,
        appeal.body_name,
        applicant.full_name,
        applicant.organisation,
        draft.representative.full_name,
        draft.complaint.earlier,
        applicant.postal_address,
        draft.address,
        draft.actual_address,
        draft.text,
    )
    digests = (_digest(identity, seal) for identity in identities_of(appeal))
    return index_terms("\n".join(part for part in parts if part)).union(digests)


def _digest(identity: str, seal: Seal) -> str:
    return seal(identity)[:_DIGEST_DIGITS]


def row_of(appeal: AppealRecord, seal: Seal) -> dict[str, Any]:
    """A new appeal as it is stored, by column."""
    return {
        "id": appeal.id,
        "reference": appeal.reference,
        "ordinal": Reference.parse(appeal.reference).ordinal,
        "conversation_id": appeal.conversation_id,
        "created_at": appeal.created_at,
        "version": 1,
        **_changeable(appeal, seal),
    }


def _changeable(appeal: AppealRecord, seal: Seal) -> dict[str, Any]:
    draft = appeal.draft
    return {
        "secret_hash": appeal.secret_hash,
        "draft": drafts.to_json(draft),
        "body_name": appeal.body_name,
        "locale": appeal.locale,
        "status": appeal.status.value,
        "synthetic": appeal.synthetic,
        "consent_version": appeal.consent_version,
        "updated_at": appeal.updated_at,
        "number": appeal.number,
        "registered_on": appeal.registered_on,
        "due": appeal.due,
        "due_article": appeal.due_article,
        "answer": appeal.answer,
        "answer_files": drafts.attachments_to_json(appeal.answer_files),
        "decision": appeal.decision.value if appeal.decision else None,
        "character": appeal.character.value if appeal.character else None,
        "executor_id": appeal.executor_id,
        "reached_on": appeal.reached_on,
        "fix_until": appeal.fix_until,
        "fix_asked": appeal.fix_asked,
        "extended_on": appeal.extended_on,
        "hearing_on": appeal.hearing_on,
        "hearing_where": appeal.hearing_where,
        "decide_from": appeal.decide_from,
        "parent_id": appeal.parent_id,
        "kind": draft.kind.value if draft.kind else None,
        "topic": draft.topic,
        "place": draft.place,
        "body_id": draft.body_id,
        "channel": appeal.channel,
        "due_sort": appeal.due or NO_DUE,
        "is_open": appeal.status not in TERMINAL,
        "matter_street": appeal.matter.street if appeal.matter else None,
        "applicant_key": appeal.applicant_key,
        "terms": _terms(appeal, seal),
        "terms_version": TERMS_VERSION,
    }


def _appeal(row: RowMapping) -> AppealRecord:
    return AppealRecord(
        id=row["id"],
        reference=row["reference"],
        secret_hash=row["secret_hash"],
        conversation_id=row["conversation_id"],
        draft=drafts.from_json(row["draft"]),
        body_name=row["body_name"],
        locale=row["locale"],
        status=Status(row["status"]),
        synthetic=row["synthetic"],
        consent_version=row["consent_version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        number=row["number"],
        registered_on=row["registered_on"],
        due=row["due"],
        due_article=row["due_article"],
        answer=row["answer"],
        answer_files=drafts.attachments_from_json(row["answer_files"]),
        decision=Decision(row["decision"]) if row["decision"] else None,
        character=Character(row["character"]) if row["character"] else None,
        executor_id=row["executor_id"],
        reached_on=row["reached_on"],
        fix_until=row["fix_until"],
        fix_asked=row["fix_asked"],
        extended_on=row["extended_on"],
        hearing_on=row["hearing_on"],
        hearing_where=row["hearing_where"],
        decide_from=row["decide_from"],
        parent_id=row["parent_id"],
        channel=row["channel"],
        matter=_matter(row),
        applicant_key=row["applicant_key"],
    )


def _named(prefix: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {prefix + name: value for name, value in row.items()}


def _step_row(step: AppealStep) -> dict[str, Any]:
    return {
        "appeal_id": step.appeal_id,
        "at": step.at,
        "action": step.action,
        "status": step.status.value,
        "actor": step.actor,
        "note": step.note,
        "said": said.to_json(step.said) if step.said else {},
    }


def _step(row: RowMapping) -> AppealStep:
    told = {"status": Status(row["status"]), "said": said.from_json(row["action"], row["said"])}
    return AppealStep(**{**row, **told})


def _matter(row: RowMapping) -> Matter | None:
    if row["matter_street"] is None:
        return None
    return Matter(row["topic"], row["place"], row["matter_street"])
