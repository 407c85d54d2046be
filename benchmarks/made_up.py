"""Made-up appeals in both languages, as many as wanted and always the same: for figures of the registry at size."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from appeals import deadlines
from appeals.appeal import Applicant, Draft
from appeals.calendar import ALMATY, WorkCalendar
from appeals.domain import Domain
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Status
from appeals.reference import Reference
from bot.app.records import AppealRecord
from text.bilingual import Locale

TODAY = date(2026, 11, 20)
YEARS = 3
OPEN_SHARE = 0.04
CONVERSATIONS = 2000
NAMES = {
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
STREETS = {
    "kk": "Абай Абылай_хан Ақжар Бейбітшілік Бөгенбай_батыр Достық Жастар Қазыбек_би Мұхтар_Әуезов Сарыарқа Тәуелсіздік".split(),
    "ru": "Ауэзова Гагарина Горького Достык Железнодорожная Интернациональная Кирова Ломоносова Мира Набережная".split(),
}
OPENINGS = {
    "kk": (
        "Сәлеметсіз бе, {street} көшесінің тұрғынымын.",
        "Бұл мәселе бойынша {month} айынан бері жауап ала алмай жүрміз.",
        "{street} көшесі, {house}-үйде тұрамыз, балаларымыз бар.",
        "Көршілерімізбен бірге жазып отырмыз.",
        "Құрметті мекеме басшысы!",
    ),
    "ru": (
        "Здравствуйте, живу на улице {street}.",
        "По этому вопросу с {month} месяца не можем получить ответа.",
        "Проживаем по адресу {street}, дом {house}, с детьми.",
        "Пишем вместе с соседями.",
        "Уважаемый руководитель!",
    ),
}
MIDDLES = {
    "kk": (
        "Бірнеше рет қоңырау шалдық, бірақ ешкім келмеді.",
        "Өткен аптадан бері жағдай нашарлап кетті.",
        "Қарт анам науқас, көмек керек.",
        "Жауапты мекеме бізді бір-біріне сілтейді.",
        "Фотосуреттерін тіркеп отырмын.",
        "Түнде өте қауіпті, жарық жоқ.",
        "Ақысын уақытылы төлеп келеміз.",
        "Мектепке бара жатқан балалар қиналады.",
    ),
    "ru": (
        "Звонили несколько раз, но никто не приехал.",
        "С прошлой недели стало только хуже.",
        "Пожилая мама болеет, нужна помощь.",
        "Ответственные отправляют нас друг к другу.",
        "Фотографии прикладываю.",
        "Ночью очень опасно, освещения нет.",
        "Оплачиваем всё вовремя.",
        "Детям трудно ходить в школу.",
    ),
}
ENDINGS = {
    "kk": ("Шара қолдануыңызды сұраймын.", "Жауабын жазбаша беріңіз.", "Тексеріп, түсіндіріп беріңіз."),
    "ru": ("Прошу принять меры.", "Ответ прошу дать письменно.", "Прошу проверить и разъяснить."),
}
RUNNING = (Status.REGISTERED, Status.IN_PROGRESS, Status.IN_PROGRESS, Status.FORWARDED, Status.EXTENDED)


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


def appeals(amount: int, domain: Domain, calendar: WorkCalendar) -> Iterator[AppealRecord]:
    """Received over three years until TODAY, in their order; few are open, most were answered."""
    draw = random.Random(2026)
    topics = domain.topics.all()
    shares = [1 / (rank + 2) for rank in range(len(topics))]
    places = [place.code for place in domain.territory.all() if place.level > 1]
    bodies = domain.bodies.all()
    moment = datetime.combine(TODAY - timedelta(days=365 * YEARS), datetime.min.time(), ALMATY).astimezone(
        UTC
    )
    step = timedelta(days=365 * YEARS) / amount
    terms: dict[date, date] = {}
    numbers: dict[int, int] = {}
    for number, topic in enumerate(draw.choices(topics, shares, k=amount)):
        moment += step
        received = moment.astimezone(ALMATY).date()
        recent = received > TODAY - timedelta(days=30)
        open_ = draw.random() < (0.9 if recent else OPEN_SHARE / 4)
        status = _status(draw, open_, received)
        registered = None if status is Status.CREATED else received
        if registered is not None and registered not in terms:
            terms[registered] = deadlines.consideration(Kind.APPLICATION, registered, calendar).on
        locale: Locale = draw.choice(("kk", "kk", "ru"))
        who = person(draw.randrange(max(1, amount // 3)), locale)
        body = draw.choice(bodies)
        numbers[received.year] = numbers.get(received.year, 0) + 1
        reference = Reference.format(received.year, numbers[received.year])
        yield AppealRecord(
            id=f"{number:032x}",
            reference=reference,
            secret_hash="made-up",
            conversation_id=f"{draw.randrange(CONVERSATIONS):032x}",
            draft=Draft(
                kind=draw.choice((Kind.APPLICATION, *Kind)),
                topic=topic.code,
                body_id=body.id,
                place=draw.choice(places),
                address=f"{_street(draw, locale)}, {draw.randrange(1, 150)}",
                text=_text(draw, locale, topic.name.of(locale), topic.hint.of(locale)),
                applicant=Applicant(
                    who.name, who.iin, who.phone, f"{_street(draw, locale)}, {draw.randrange(1, 150)}"
                ),
            ),
            body_name=body.name.of(locale),
            locale=locale,
            status=status,
            synthetic=True,
            consent_version="made-up",
            created_at=moment,
            updated_at=moment,
            number=reference if registered else None,
            registered_on=registered,
            due=terms[registered] if registered else None,
            due_article="76 (1–2)" if registered else None,
            channel=draw.choice(("web", "telegram")),
        )


def _status(draw: random.Random, open_: bool, received: date) -> Status:
    if not open_:
        return Status.ANSWERED if draw.random() < 0.9 else draw.choice(sorted(TERMINAL))
    if received > TODAY - timedelta(days=2):
        return Status.CREATED
    return Status.NEEDS_FIX if draw.random() < 0.05 else draw.choice(RUNNING)


def _text(draw: random.Random, locale: Locale, topic: str, hint: str) -> str:
    facts = {
        "street": _street(draw, locale),
        "house": draw.randrange(1, 200),
        "month": draw.randrange(1, 13),
    }
    parts = (
        draw.choice(OPENINGS[locale]),
        topic,
        hint,
        *draw.sample(MIDDLES[locale], 3),
        draw.choice(ENDINGS[locale]),
    )
    return " ".join(parts).format(**facts)


def _street(draw: random.Random, locale: Locale) -> str:
    return draw.choice(STREETS[locale]).replace("_", " ")
