"""The registry as people read it: found, filtered, counted and paged; taken out without personal data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Status
from appeals.territory import area
from bot.app.access import Operation, Reach, reach, require
from bot.app.errors import NotFound
from bot.app.ports import Clock, Storage
from bot.app.records import AppealRecord, AppealStep, AuditRow, Operator, Workload
from bot.app.selection import EVER, Changes, Days, Order, Page, Position, Selection, identities_in
from dialogs.model import Knowledge
from text.bilingual import Locale
from text.cleaning import clean

SOON = 3
"""Working days left from which a term is near."""
COUNTED = 1000
"""Up to so many appeals are counted exactly."""
WORDS_LIMIT = 200
EXPORTED_AT_ONCE = 500


class View(StrEnum):
    """What people come to the registry for, each a question of its own."""

    OPEN = "open"
    MINE = "mine"
    NEW = "new"
    UNASSIGNED = "unassigned"
    TODAY = "today"
    SOON = "soon"
    OVERDUE = "overdue"
    WAITING = "waiting"
    FIXED = "fixed"
    CHANGED = "changed"
    ALL = "all"


OTHERS = frozenset({View.MINE, View.NEW, View.UNASSIGNED})
"""Views that say nothing to somebody who sees their own appeals alone."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the registry; parts that are not given do not narrow.

    view: None is OPEN, or ALL where words or an end are looked for. topic: code of one or of a
    whole group. place: КАТО code, with everything under it. executor: an account's id.
    """

    view: View | None = None
    words: str = ""
    status: Status | None = None
    kind: Kind | None = None
    topic: str = ""
    place: str = ""
    body_id: str = ""
    executor: str = ""
    locale: Locale | None = None
    channel: str = ""
    received: Days = EVER
    due: Days = EVER
    order: Order = Order.DUE


@dataclass(frozen=True, slots=True)
class Registry:
    """The registry's readers."""

    storage: Storage
    knowledge: Knowledge
    clock: Clock
    new_id: Callable[[], str]

    async def keep_words(self, operator: Operator, words: str) -> str:
        """An id for an address to hold in place of the words, which may name a person. The search is audited."""
        require(operator, Operation.SEARCH_APPEALS)
        search_id, now = self.new_id(), self.clock.now()
        async with self.storage.write() as work:
            await work.searches.add(search_id, operator.id, clean(words, WORDS_LIMIT), now)
            await work.audit.add(AuditRow(now, operator.id, "registry.searched", search_id))
            await work.commit()
        return search_id

    async def kept_words(self, operator: Operator, search_id: str) -> str:
        """The words behind an id. Raises NotFound for another's, and after a day."""
        require(operator, Operation.SEARCH_APPEALS)
        async with self.storage.read() as work:
            words = await work.searches.find(search_id, operator.id)
        if words is None:
            raise NotFound(search_id)
        return words

    async def page(
        self,
        operator: Operator,
        search: Search,
        limit: int,
        *,
        after: Position | None = None,
        before: Position | None = None,
        count: bool = False,
    ) -> Page:
        """A stretch of the appeals found. count: and how many there are in all."""
        selection, ends = self._permitted(operator, search), {"after": after, "before": before}
        number: int | None = None
        async with self.storage.read() as work:
            if count:
                found, number = await work.appeals.page(
                    selection, search.order, limit + 1, COUNTED + 1, **ends
                )
            else:
                found = await work.appeals.search(selection, search.order, limit + 1, **ends)
        backwards = before is not None
        more = len(found) > limit
        shown = (found[1:] if backwards else found[:limit]) if more else found
        if not shown:
            return Page((), None, None, number)
        first, last = Position.of(shown[0], search.order), Position.of(shown[-1], search.order)
        return Page(
            shown,
            before=first if (more if backwards else after is not None) else None,
            after=last if (backwards or more) else None,
            number=number,
        )

    async def counts(self, operator: Operator, searches: Sequence[Search]) -> Sequence[int]:
        """How many each of them finds; COUNTED + 1 stands for more than COUNTED."""
        asked = [self._permitted(operator, search) for search in searches]
        async with self.storage.read() as work:
            return await work.appeals.counts(asked, COUNTED + 1)

    async def export(self, operator: Operator, search: Search) -> AsyncIterator[Sequence[AppealRecord]]:
        """All that is found, in stretches. What was taken out is audited before the first."""
        require(operator, Operation.EXPORT_APPEALS)
        asked = ", ".join(
            f"{field.name}={value}"
            for field in fields(search)
            if field.name != "words" and (value := getattr(search, field.name)) not in (None, "", EVER)
        )
        async with self.storage.write() as work:
            await work.audit.add(
                AuditRow(self.clock.now(), operator.id, "registry.exported", "appeals", asked)
            )
            await work.commit()
        page = await self.page(operator, search, EXPORTED_AT_ONCE)
        while page.appeals:
            yield page.appeals
            if page.after is None:
                return
            page = await self.page(operator, search, EXPORTED_AT_ONCE, after=page.after)

    def views(self, operator: Operator) -> Sequence[View]:
        """The quick views that make sense for this operator, in their order."""
        own = reach(operator, Operation.SEARCH_APPEALS) is Reach.OWN
        return [view for view in View if view is not View.ALL and not (own and view in OTHERS)]

    async def around(
        self, operator: Operator, search: Search, place: Position
    ) -> tuple[AppealRecord | None, AppealRecord | None]:
        """The neighbours of a place in a list: the one before and the one behind."""
        before = await self.page(operator, search, 1, before=place)
        after = await self.page(operator, search, 1, after=place)
        return next(iter(before.appeals), None), next(iter(after.appeals), None)

    async def workload(self, operator: Operator) -> Sequence[Workload]:
        """Open appeals by executor, whoever is most behind first. Raises NotPermitted."""
        require(operator, Operation.ASSIGN)
        today = self.clock.now().astimezone(ALMATY).date()
        async with self.storage.read() as work:
            return await work.appeals.workload(today, self.knowledge.calendar.add(today, SOON))

    async def last_steps(self, appeals: Sequence[AppealRecord]) -> Mapping[str, AppealStep]:
        """The newest step of each of a page's appeals, by id."""
        async with self.storage.read() as work:
            return await work.appeals.last_steps([appeal.id for appeal in appeals])

    def _permitted(self, operator: Operator, search: Search) -> Selection:
        """What is asked, within what the role may see: an executor finds the appeals assigned to them."""
        own = require(operator, Operation.SEARCH_APPEALS) is Reach.OWN
        selection = self.selection(operator, search)
        return replace(selection, executor_id=operator.id) if own else selection

    def selection(self, operator: Operator, search: Search) -> Selection:
        """The search as storage understands it."""
        identities, words = identities_in(clean(search.words, WORDS_LIMIT))
        asked = Selection(
            words=words,
            identities=identities,
            statuses=frozenset({search.status}) if search.status else None,
            kind=search.kind,
            topics=self._topics(search.topic) if search.topic else None,
            places=area(search.place) if search.place else None,
            body_id=search.body_id or None,
            executor_id=search.executor or None,
            locale=search.locale,
            channel=search.channel or None,
            received=search.received,
            due=search.due,
        )
        return self._seen_from(search.view or _usual(search), operator, asked)

    def _topics(self, code: str) -> frozenset[str]:
        """The topic itself, or all of a group."""
        below = (topic.code for topic in self.knowledge.domain.topics.all() if topic.group == code)
        return frozenset((code, *below))

    def _seen_from(self, view: View, operator: Operator, asked: Selection) -> Selection:
        today = self.clock.now().astimezone(ALMATY).date()
        open_ = replace(asked, is_open=True)
        match view:
            case View.ALL:
                return asked
            case View.OPEN:
                return open_
            case View.MINE:
                return replace(open_, executor_id=operator.id)
            case View.UNASSIGNED:
                return replace(open_, unassigned=True)
            case View.TODAY:
                return replace(open_, due=asked.due.overlap(Days(today, today)))
            case View.CHANGED:
                since = datetime.combine(self.knowledge.calendar.add(today, -1), time(), ALMATY)
                return replace(asked, changed=Changes(since, operator.id))
            case View.NEW:
                return _of_status(asked, Status.CREATED)
            case View.SOON:
                last = self.knowledge.calendar.add(today, SOON)
                return replace(open_, due=asked.due.overlap(Days(today, last)))
            case View.OVERDUE:
                return replace(open_, due=asked.due.overlap(Days(None, today - timedelta(days=1))))
            case View.WAITING:
                return _of_status(asked, Status.NEEDS_FIX, Status.HEARING)
            case View.FIXED:
                return _of_status(asked, Status.FIXED)


def _usual(search: Search) -> View:
    return View.ALL if search.words or search.status in TERMINAL else View.OPEN


def _of_status(asked: Selection, *statuses: Status) -> Selection:
    wanted = frozenset(statuses)
    return replace(asked, statuses=wanted if asked.statuses is None else asked.statuses & wanted)
