"""Made-up appeals in both languages, as many as wanted and always the same: for figures of the registry at size.

Their words are those of the examples that understanding is trained on, as people write them about each topic; topics,
places, bodies and invented company names are as unevenly frequent as in life. An appeal depends on its number only, so
several processes can make their stretches at once.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Generic, TypeVar

import yaml

from appeals import deadlines
from appeals.appeal import Applicant, Draft
from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Status
from appeals.matters import matter_of
from appeals.reference import Reference
from bot.app.records import AppealRecord
from dialogs.model import Knowledge
from text.bilingual import Locale

EXAMPLES = Path(__file__).parent.parent / "nlu" / "data" / "topics"
TODAY = date(2026, 11, 20)
FIRST = date(2022, 11, 21)
OPEN = 0.05
"""Share of appeals nobody has answered yet; most of them are young."""
FRESH = timedelta(days=30)
CONVERSATIONS = 2000
EXECUTORS = 40
COMPANIES = 30_000
APPEALS_OF_ONE = 3
NAMES: Mapping[Locale, tuple[Sequence[str], Sequence[str]]] = {
    "kk": (
        "Айбек Айгүл Ақмарал Әлия Бауыржан Бекзат Гүлнар Ғалым Дана Дәурен Ерлан Жанар Жұлдыз Зере Қайрат Қарлығаш "
        "Ләззат Мәдина Нұрлан Өркен Перизат Рүстем Сәуле Тимур Ұлжан Шынар Ілияс".split(),
        "Абаев Ақанов Әбенов Байжанов Дүйсенов Есенов Жақыпов Жұмабаев Қасенов Қуатов Мұқанов Нұрпейісов Омаров Оспанов "
        "Өтепов Сәбитов Сейітов Тілеуов Үмбетов Шәріпов Ысқақов Ілиясов".split(),
    ),
    "ru": (
        "Анна Борис Вера Виктор Галина Дмитрий Елена Иван Ирина Константин Лариса Максим Наталья Олег Ольга Павел Раиса "
        "Сергей Татьяна Фёдор Юлия Яков".split(),
        "Абрамов Белов Власов Горин Дёмин Ершов Жуков Зимин Исаев Котов Лаптев Миронов Носов Орлов Панов Рябов Сомов "
        "Тихонов Уваров Фомин Чернов Шубин Юдин Яшин".split(),
    ),
}
STREETS: Mapping[Locale, Sequence[str]] = {
    "kk": "Абай Абылай_хан Ақжар Бейбітшілік Бөгенбай_батыр Достық Жастар Қазыбек_би Мұхтар_Әуезов Сарыарқа Тәуелсіздік".split(),
    "ru": "Ауэзова Гагарина Горького Достык Железнодорожная Интернациональная Кирова Ломоносова Мира Набережная".split(),
}
SENTENCES: Mapping[Locale, Sequence[str]] = {
    "kk": (
        "Сәлеметсіз бе, {street} көшесінің тұрғынымын.",
        "Көршілерімізбен бірге жазып отырмыз.",
        "{month} айынан бері жауап ала алмай жүрміз.",
        "Бірнеше рет қоңырау шалдық, бірақ ешкім келмеді.",
        "Жұмысты «{company}» ЖШС жүргізген.",
        "Бұрын да жазғанмын, № {number}.",
        "Шара қолдануыңызды сұраймын.",
        "Жауабын жазбаша беріңіз.",
    ),
    "ru": (
        "Здравствуйте, живу на улице {street}.",
        "Пишем вместе с соседями.",
        "С {month} месяца не можем получить ответа.",
        "Звонили несколько раз, но никто не приехал.",
        "Работы вело ТОО «{company}».",
        "Уже обращались, № {number}.",
        "Прошу принять меры.",
        "Ответ прошу дать письменно.",
    ),
}
T = TypeVar("T")
_SYLLABLES = "ал бек да жар ка қор ле мұн на ор рай са тау шын ыр із".split()
_RUNNING = (Status.REGISTERED, Status.IN_PROGRESS, Status.IN_PROGRESS, Status.FORWARDED, Status.EXTENDED)
_DAWN = datetime.combine(FIRST, datetime.min.time(), ALMATY)
SPAN = datetime.combine(TODAY, datetime.min.time(), ALMATY) - _DAWN


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who never was."""

    name: str
    iin: str
    phone: str


def person(number: int, locale: Locale) -> Person:
    """The same for the same number."""
    draw = random.Random(number)
    first, last = NAMES[locale]
    born = date(1950, 1, 1) + timedelta(days=draw.randrange(20_000))
    return Person(
        f"{draw.choice(last)} {draw.choice(first)}",
        f"{born:%y%m%d}3{number % 100_000:05d}",
        f"+7701{number % 10_000_000:07d}",
    )


def company(rank: int) -> str:
    """An invented name, the same for the same rank."""
    draw = random.Random(-rank)
    return "".join(draw.choices(_SYLLABLES, k=3 + rank % 3)).capitalize()


class Skewed(Generic[T]):
    """Things of which the first come often and the last seldom, by Zipf's law."""

    def __init__(self, things: Sequence[T]) -> None:
        self._things = things
        self._shares = list(accumulate(1 / (rank + 2) for rank in range(len(things))))

    def one(self, draw: random.Random) -> T:
        """Any of them."""
        return draw.choices(self._things, cum_weights=self._shares)[0]


_KINDS = Skewed((Kind.APPLICATION, Kind.REPORT, Kind.INQUIRY, Kind.COMPLAINT, Kind.PROPOSAL, Kind.RESPONSE))


class MadeUp:
    """`amount` appeals received in even steps from FIRST until TODAY, `every` how many of their year's numbers apart."""

    def __init__(self, amount: int, knowledge: Knowledge, *, every: int = 1) -> None:
        domain = knowledge.domain
        self.step = SPAN / amount
        self._people, self._every = max(1, amount * every // APPEALS_OF_ONE), every
        self._territory, self._calendar = domain.territory, knowledge.calendar
        self._examples = examples()
        self._topics = Skewed([topic.code for topic in domain.topics.all() if topic.code in self._examples])
        places = [place.code for place in domain.territory.all() if place.level > 1]
        random.Random(1).shuffle(places)
        self._places = Skewed(places)
        self._bodies = Skewed(domain.bodies.all())
        # The deadline of a day is the same for all its appeals.
        self._term = lru_cache(maxsize=None)(
            lambda day: deadlines.consideration(Kind.APPLICATION, day, self._calendar).on
        )

    def reference(self, number: int) -> str:
        """Numbered within its year."""
        year = self._received(number).astimezone(ALMATY).year
        new_year = datetime(year, 1, 1, tzinfo=ALMATY)
        before = max(0, -((_DAWN - new_year) // self.step))  # rounded up: those of the years before
        return Reference.format(year, (number - before) * self._every + 1)

    def appeal(self, number: int) -> AppealRecord:
        """The appeal of that number, from 0; the same whatever was made before."""
        draw = random.Random(number)
        received = self._received(number)
        day = received.astimezone(ALMATY).date()
        locale: Locale = draw.choice(("kk", "kk", "ru"))
        topic, body = self._topics.one(draw), self._bodies.one(draw)
        status = self._status(draw, received)
        registered = None if status is Status.CREATED else day
        who = person(draw.randrange(self._people), locale)
        draft = Draft(
            kind=_KINDS.one(draw),
            topic=topic,
            body_id=body.id,
            place=self._places.one(draw),
            address=_address(draw, locale),
            text=self._text(draw, locale, topic),
            applicant=Applicant(who.name, who.iin, who.phone, _address(draw, locale)),
        )
        reference = self.reference(number)
        return AppealRecord(
            id=f"{number:032x}",
            reference=reference,
            secret_hash="made-up",
            conversation_id=f"{draw.randrange(CONVERSATIONS):032x}",
            draft=draft,
            body_name=body.name.of(locale),
            locale=locale,
            status=status,
            synthetic=True,
            consent_version="made-up",
            created_at=received,
            updated_at=received,
            number=reference if registered else None,
            registered_on=registered,
            due=self._term(registered) if registered else None,
            due_article="76 (1–2)" if registered else None,
            executor_id=executor(draw.randrange(EXECUTORS)) if registered else None,
            channel=draw.choice(("web", "telegram")),
            matter=matter_of(draft, self._territory),
            applicant_key=who.iin,
        )

    def _received(self, number: int) -> datetime:
        return (_DAWN + self.step * number).astimezone(UTC)

    def _status(self, draw: random.Random, received: datetime) -> Status:
        age = _DAWN + SPAN - received
        # All of a month have to be open for the whole to be: what is left over is spread over the years.
        young = min(0.9, OPEN * SPAN / FRESH)
        old = max(0.0, (OPEN * SPAN - young * FRESH) / (SPAN - FRESH))
        if draw.random() >= (young if age < FRESH else old):
            return Status.ANSWERED if draw.random() < 0.9 else draw.choice(sorted(TERMINAL))
        if age < timedelta(days=1):
            return Status.CREATED
        return Status.NEEDS_FIX if draw.random() < 0.05 else draw.choice(_RUNNING)

    def _text(self, draw: random.Random, locale: Locale, topic: str) -> str:
        told = draw.choices(self._examples[topic][locale], k=draw.choice((1, 1, 2, 3)))
        around = draw.sample(SENTENCES[locale], 3)
        return " ".join((around[0], *told, *around[1:])).format(
            street=_street(draw, locale),
            month=draw.randrange(1, 13),
            company=company(int(COMPANIES ** draw.random())),
            number=draw.randrange(1000, 99_999),
        )


def executor(number: int) -> str:
    """The account of an official who never was."""
    return f"executor-{number:02d}"


@lru_cache(maxsize=1)
def examples() -> Mapping[str, Mapping[Locale, Sequence[str]]]:
    """topic -> language -> what people write about it, with nothing that a format would take for its own."""
    found: dict[str, dict[Locale, list[str]]] = {}
    for path in sorted(EXAMPLES.glob("*.yml")):
        for topic, spoken in yaml.load(path.read_bytes(), yaml.CSafeLoader).items():
            found[topic] = {
                locale: [str(line).replace("{", "(").replace("}", ")") for line in lines]
                for locale, lines in spoken.items()
            }
    return found


def _address(draw: random.Random, locale: Locale) -> str:
    return f"{_street(draw, locale)}, {draw.randrange(1, 150)}"


def _street(draw: random.Random, locale: Locale) -> str:
    return draw.choice(STREETS[locale]).replace("_", " ")
