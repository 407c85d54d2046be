"""Values the tests are made of: the product's own content, fixed clocks, parses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from gettext import GNUTranslations
from typing import Any

from appeals.calendar import WorkCalendar
from appeals.domain import Domain
from appeals.load import load_domain
from bot.bootstrap import load_knowledge
from bot.console.passwords import Argon2Hasher
from bot.i18n import CatalogueRenderer, load_catalogues
from bot.settings import Settings
from dialogs.engine import Engine
from dialogs.events import Language, Parse
from dialogs.model import Knowledge, Mode, Office
from faq.load import load as load_faq
from faq.model import Faq
from faq.rank import Ranker
from text.bilingual import Bilingual, Locale

NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
"""Friday, noon in Kazakhstan."""
OFF_2026_27 = tuple(
    date(*day)
    for day in ((2026, 12, 16), (2027, 1, 1), (2027, 1, 2), (2027, 1, 4), (2027, 1, 7), (2027, 3, 8))
)


@cache
def domain() -> Domain:
    return load_domain()


@cache
def faq() -> Faq:
    topics = domain().topics
    return load_faq(topics=[topic.code for topic in (*topics.groups(), *topics.all())])


@cache
def shipped_knowledge() -> Knowledge:
    """Content, real production calendar and all, as a new installation has it."""
    return load_knowledge(Settings())


@cache
def catalogues() -> Mapping[Locale, GNUTranslations]:
    return load_catalogues()


@cache
def renderer() -> CatalogueRenderer:
    return CatalogueRenderer(catalogues())


def knowledge(mode: Mode = Mode.DEMO, **more: Any) -> Knowledge:
    """`more`: reachable, signature, telegram."""
    office = Office(
        mode,
        Bilingual("Бурабай ауданының әкімдігі", "Акимат Бурабайского района"),
        "050540000006",
        "http://127.0.0.1:8080",
        **more,
    )
    return Knowledge(domain(), faq(), WorkCalendar(OFF_2026_27), office)


def engine(mode: Mode = Mode.DEMO, **office: Any) -> Engine:
    return Engine(knowledge(mode, **office))


def parse(
    label: str,
    confidence: float = 0.92,
    language: str = "kk",
    ranking: dict[str, float] | None = None,
    words: tuple[str, ...] = ("сөз",),
    example: str | None = "мысал",
    danger: float | None = None,
) -> Parse:
    """A parse as the service gives it; the label leads its ranking. `danger`: that of a fire, where no label names one."""
    others = tuple(sorted((ranking or {}).items(), key=lambda item: -item[1]))
    present = (label, confidence) if label.startswith("emergency.") else None
    return Parse(
        label,
        confidence,
        ((label, confidence), *others),
        present if danger is None else ("emergency.fire", danger),
        language=Language(language, 0.99, "cyrl"),
        words=words,
        example=example,
    )


class FakeClock:
    """Stands still until told otherwise."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def pass_time(self, span: timedelta) -> None:
        self._now += span


class ScriptedNlu:
    """Understands what it was told to; everything else is out of scope. `down` makes it answer nothing."""

    def __init__(self, known: dict[str, Parse] | None = None) -> None:
        self.known = known or {}
        self.down = False
        self.asked: list[str] = []

    @property
    def ready(self) -> bool:
        return not self.down

    async def parse(self, text: str) -> Parse | None:
        self.asked.append(text)
        if self.down:
            return None
        return self.known.get(text, parse("other", 0.9, "ru"))


@cache
def ranker(of: Faq) -> Ranker:
    """Indexing the answers takes longer than most tests."""
    return Ranker(of)


quick_hasher = partial(Argon2Hasher, memory_kib=8, passes=1)
"""Slow hashing is what makes it safe; its cost has a test of its own."""
