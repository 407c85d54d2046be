"""The web channel over a scripted assistant: everything real but what is said."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NoReturn

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from appeals.appeal import Attachment
from appeals.lifecycle import Status
from bot.app.conversations import Opened
from bot.app.errors import EventConflict, NotFound, NotPermitted, PageGone, TooMany, WrongAction
from bot.app.public_status import Addition, Arriving, Standing
from bot.app.records import AppealRating, Author, Document, Message, ShownButton
from bot.channels.web import WebOptions, setup
from dialogs.events import (
    AppealView,
    ButtonPressed,
    CitizenEvent,
    CommandGiven,
    FileSent,
    Passed,
    PlaceShared,
    Started,
    UserSaid,
)
from dialogs.progress import ahead, may_complain
from dialogs.rules import Rules
from dialogs.scenarios.notices import history
from tests.factories import knowledge, renderer
from text.bilingual import Bilingual, Locale

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HUMAN = ShownButton("Оператор", "human.ask")


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Limiter:
    """Counts; a test sets `closed` to a key's beginning to have it refused."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.closed = ""

    async def hit(self, key: str, *, limit: int, window: timedelta) -> float | None:
        self.keys.append(key)
        return 7.2 if self.closed and key.startswith(self.closed) else None


class NoPages:
    """No one-time page is open; tests/app has the real ones."""

    async def find(self, token: str) -> NoReturn:
        raise PageGone

    async def questions(self, page: object) -> NoReturn:
        raise PageGone

    async def give(self, page: object, answers: object) -> NoReturn:
        raise PageGone


class Bus:
    """Wakes subscribers; `deaf` loses everything, as a broken connection does."""

    def __init__(self) -> None:
        self.queues: dict[str, list[asyncio.Queue[Mapping[str, Any]]]] = {}
        self.deaf = False

    async def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        for queue in self.queues.get(topic, []):
            if not self.deaf:
                queue.put_nowait(message)

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[tuple[str, Mapping[str, Any]]]]:
        topic, queue = topics[0], asyncio.Queue[Mapping[str, Any]]()
        self.queues.setdefault(topic, []).append(queue)

        async def heard() -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
            while True:
                yield topic, await queue.get()

        try:
            yield heard()
        finally:
            self.queues[topic].remove(queue)


@dataclass
class Talk:
    """One conversation of the fake."""

    token: str
    locale: Locale
    messages: list[Message] = field(default_factory=list)
    inbox: list[CitizenEvent] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Assistant:
    """Says what its script says; the inbox, ids, digests and sequence numbers work as in the real one."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.talks: dict[str, Talk] = {}
        self.numbers = itertools.count(1)
        self.delay = 0.0
        self.broken = False
        self.files: list[tuple[str, bytes]] = []

    async def open(self, channel: str, locale: Locale | None) -> Opened:
        number = next(self.numbers)
        identity, token = f"talk-{number}", f"token-{number}"
        self.talks[identity] = Talk(token, locale or "kk")
        await self.say(identity, WELCOME[locale or "kk"], event=None, buttons=MENU[locale or "kk"])
        return Opened(identity, token, NOW + timedelta(days=30))

    async def authenticate(self, conversation_id: str, token: str) -> None:
        if conversation_id not in self.talks:
            raise NotFound(conversation_id)
        if self.talks[conversation_id].token != token:
            raise NotPermitted("token")

    async def receive(self, conversation_id: str, event: CitizenEvent, digest: str) -> bool:
        if self.broken:
            raise RuntimeError("storage is down")
        talk = self.talks[conversation_id]
        if event.id in talk.digests:
            if talk.digests[event.id] != digest:
                raise EventConflict(event.id)
            return False
        talk.digests[event.id] = digest
        talk.inbox.append(event)
        return True

    async def process(self, conversation_id: str) -> None:
        talk = self.talks[conversation_id]
        async with talk.lock:
            while talk.inbox:
                await asyncio.sleep(self.delay)
                await self.answer(conversation_id, talk.inbox.pop(0))

    async def exchange(self, conversation_id: str, event: CitizenEvent, digest: str) -> tuple[Message, ...]:
        await self.receive(conversation_id, event, digest)
        await self.process(conversation_id)
        said = self.talks[conversation_id].messages
        return tuple(m for m in said if m.event_id == event.id and m.author is not Author.CITIZEN)

    async def messages(self, conversation_id: str, after: int = 0, limit: int = 200) -> tuple[Message, ...]:
        said = self.talks[conversation_id].messages
        return tuple(m for m in said if m.seq > after and m.author is not Author.NOTE)[:limit]

    async def accept_file(
        self, conversation_id: str, name: str, chunks: AsyncIterable[bytes]
    ) -> tuple[Attachment | None, str]:
        content = b""
        async for chunk in chunks:
            content += chunk
            if len(content) > OPTIONS.rules.attachment_bytes:
                return None, "size"
        self.files.append((name, content))
        if name.endswith(".exe"):
            return None, "type"
        return Attachment("file-1", name, "text/plain", len(content), content[:32].hex()), ""

    async def say(self, identity: str, text: str, *, author: Author = Author.BOT, **more: Any) -> Message:
        talk = self.talks[identity]
        event = more.pop("event", None)
        locale = more.pop("locale", talk.locale)
        message = Message(
            identity, len(talk.messages) + 1, author, text, datetime.now(UTC), locale, event, **more
        )
        talk.messages.append(message)
        await self.bus.publish(f"conversation:{identity}", {"seq": message.seq})
        return message

    async def answer(self, identity: str, event: CitizenEvent) -> None:
        talk = self.talks[identity]
        ru = talk.locale == "ru"
        if isinstance(event, UserSaid):
            await self.say(identity, event.text, author=Author.CITIZEN, event=event.id)
        elif isinstance(event, PlaceShared):
            await self.say(identity, "📍", author=Author.CITIZEN, event=event.id)
        elif isinstance(event, FileSent) and event.attachment:
            await self.say(identity, f"📎 {event.attachment.name}", author=Author.CITIZEN, event=event.id)
        match event:
            case ButtonPressed(action="language.set", arg=arg):
                talk.locale = "ru" if arg == "ru" else "kk"
                await self.say(identity, WELCOME[talk.locale], event=event.id)
            case ButtonPressed(action="form.step", arg=arg):
                step = int(arg)
                buttons = (
                    ShownButton("Артқа", "form.step", f"{step - 1}"),
                    ShownButton("Әрі қарай", "form.step", f"{step + 1}"),
                )
                await self.say(
                    identity, f"{step}-қадам", event=event.id, tone="step", replaces=True, buttons=buttons
                )
            case ButtonPressed(action="human.ask"):
                await self.say(
                    identity,
                    "Операторға қосамын. Кезекте біріншісіз."
                    if not ru
                    else "Соединяю с оператором. Вы первый в очереди.",
                    event=event.id,
                    tone="notice",
                )
            case ButtonPressed(action=action, arg=arg):
                await self.say(identity, f"{action}|{arg}", event=event.id)
            case PlaceShared(lat=lat, lon=lon):
                await self.say(identity, f"{lat} {lon}", event=event.id)
            case Started(payload=payload):
                await self.say(identity, f"start|{payload}", event=event.id)
            case CommandGiven(name=name, arg=arg):
                await self.say(identity, f"/{name}|{arg}", event=event.id)
            case FileSent(attachment=None, refused=refused):
                await self.say(identity, f"refused:{refused}", event=event.id)
            case FileSent(attachment=attachment, caption=caption):
                await self.say(identity, f"Қабылданды: {attachment.name} {caption}".strip(), event=event.id)
            case UserSaid(text=text):
                await self.say(
                    identity,
                    **{"event": event.id, **SCRIPT[talk.locale].get(text, {"text": f"«{text[:60]}»"})},
                )


WELCOME = {
    "kk": "Сәлеметсіз бе! Мен – Көмекшімін, сұрағыңызға жасанды интеллект жауап береді.\n\nМәселеңізді өз сөзіңізбен жазыңыз "
    "немесе төменнен таңдаңыз. Қалаған сәтте операторды шақыра аласыз.",
    "ru": "Здравствуйте! Я – Көмекші, вам отвечает искусственный интеллект.\n\nОпишите проблему своими словами или выберите "
    "ниже. Оператора можно позвать в любой момент.",
}
MENU = {
    "kk": (
        ShownButton("Жолданым беру", "form.step", "1"),
        ShownButton("Сұрақтарға жауап", "menu.questions"),
        ShownButton("Жолданымның жағдайы", "status.open"),
    ),
    "ru": (
        ShownButton("Подать обращение", "form.step", "1"),
        ShownButton("Ответы на вопросы", "menu.questions"),
        ShownButton("Статус обращения", "status.open"),
    ),
}
SCRIPT: dict[str, dict[str, dict[str, Any]]] = {
    "kk": {
        "газ иісі шығып тұр": {
            "text": "Қазір 104 немесе 112 нөміріне қоңырау шалыңыз.\n\nТерезені ашыңыз, от жақпаңыз, жарық қоспаңыз, үйден шығыңыз.",
            "tone": "emergency",
            "buttons": (HUMAN, ShownButton("Қауіп жоқ", "emergency.false")),
        },
        "жауап қашан келеді": {
            "text": "Жолданым тіркелген күннің ертеңінен бастап 15 жұмыс күні ішінде қаралады.\n\nНегізі: Әкімшілік "
            "рәсімдік-процестік кодекс, 76-бап. Толығырақ: https://adilet.zan.kz/kaz/docs/K2000000350. Анықтама: +7 7172 74 00 00.",
            "tone": "answer",
            "buttons": (
                ShownButton("Көмектесті", "answer.helpful", "yes"),
                ShownButton("Көмектеспеді", "answer.helpful", "no"),
            ),
        },
        "мекенжай": {
            "text": "Мәселе қай жерде? Жазыңыз немесе орналасқан жеріңізді жіберіңіз.",
            "ask": "place",
            "tone": "step",
        },
        "байланыс": {"text": "Сізге қалай хабарласамыз?", "ask": "contact", "tone": "step"},
        "файл": {"text": "Фото бар ма?", "ask": "files", "tone": "step"},
        "түбіртек": {
            "text": "Жолданымыңыз қабылданды: KM-2026-000123.\n\nҚұпия код: 7ACD-EFGH-JK. Екеуін сақтап қойыңыз.",
            "tone": "receipt",
            "attachment_id": "receipt:KM-2026-000123",
        },
        "xss": {
            "text": "<img src=x onerror=window.hacked=1> <script>window.hacked=1</script> javascript:alert(1) https://e.kz/<b>"
        },
    },
    "ru": {
        "пахнет газом": {
            "text": "Позвоните 104 или 112 прямо сейчас.\n\nОткройте окна, не зажигайте огонь, выйдите из дома.",
            "tone": "emergency",
        },
    },
}


ACT = Attachment("f9", "акт.pdf", "application/pdf", 8, "0" * 64)


class Desk:
    """The fake registry's only appeal: answered, once a test says so."""

    def __init__(self) -> None:
        self.answer: str | None = None
        self.rating: AppealRating | None = None
        self.added: object = None
        self.refusal: dict[str, Any] = {}

    async def look_up(self, reference: str, secret: str, source: str) -> Standing | None:
        if (reference, secret) == ("KM-2026-000999", "7ACDEFGHJK"):
            raise TooMany(30)
        return self._standing() if (reference, secret) == ("KM-2026-000123", "7ACDEFGHJK") else None

    async def open(self, ticket: str) -> Standing:
        if ticket != "ticket":
            raise NotPermitted(ticket)
        return self._standing()

    async def receipt(self, ticket: str) -> Document:
        await self.open(ticket)
        return await documents("talk-1", "receipt:KM-2026-000123")

    async def file(self, ticket: str, file_id: str) -> Document:
        await self.open(ticket)
        if file_id != ACT.id:
            raise NotFound(file_id)
        return Document(ACT.name, ACT.media_type, b"%PDF-act")

    async def rate(self, ticket: str, score: int, word: str) -> Standing:
        await self.open(ticket)
        if self.answer is None:
            raise WrongAction("no answer")
        self.rating = AppealRating("a1", score, word, NOW)
        return self._standing()

    async def add(self, ticket: str, text: str, kept: Sequence[str], arriving: Arriving) -> Addition:
        standing = await self.open(ticket)
        self.added = (
            text,
            kept,
            [(name, b"".join([part async for part in body])) async for name, body in arriving],
        )
        return Addition(standing, (ACT,), **self.refusal)

    def _standing(self) -> Standing:
        view = AppealView(
            "KM-2026-000123",
            Status.ANSWERED if self.answer else Status.REGISTERED,
            "UTIL.HEAT",
            "Жарқынкөл ауданының әкімдігі",
            NOW,
            "ЖТ-2026-01",
            date(2026, 12, 14),
            "76 (1–2)",
            answer=self.answer,
        )
        steps = [Passed(NOW, Status.CREATED), Passed(NOW, view.status, "<b>түсіндірме</b>")]
        calendar = knowledge().calendar
        coming = ahead(view, steps, calendar, NOW.date())
        return Standing(
            view,
            history(knowledge(), view, steps),
            coming,
            self.rating,
            "ticket",
            may_complain(view, NOW.date()),
            (ACT,) if self.answer else (),
        )


async def documents(conversation_id: str, document_id: str) -> Document:
    """The receipt of each conversation."""
    if document_id != "receipt:KM-2026-000123":
        raise NotFound(document_id)
    return Document("talon-KM-2026-000123.pdf", "application/pdf", b"%PDF-" + conversation_id.encode())


@dataclass
class Web:
    """A running channel and what stands behind it."""

    app: web.Application
    assistant: Assistant
    bus: Bus
    limiter: Limiter
    desk: Desk


OPTIONS = WebOptions(
    public_url="https://komekshi.example",
    rules=Rules(),
    demo=True,
    version="1.2.3",
    organisation=Bilingual("Үлгі әкімдігі", "Образцовый акимат"),
    allowed_origins=("https://akimat.example",),
)


def build(**changes: Any) -> Web:
    """The channel on its own application."""
    app, bus, limiter = web.Application(), Bus(), Limiter()
    assistant, desk = Assistant(bus), Desk()
    setup(
        app,
        conversations=assistant,
        bus=bus,
        limiter=limiter,
        clock=Clock(),
        options=replace(OPTIONS, **changes),
        status=desk,
        renderer=renderer(),
        documents=documents,
        one_time_pages=NoPages(),
    )
    return Web(app, assistant, bus, limiter, desk)


@pytest.fixture
def built() -> Web:
    return build()


@pytest.fixture
async def client(built: Web) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async with TestClient(TestServer(built.app)) as running:
        yield running


@pytest.fixture
async def aiohttp_build() -> AsyncIterator[Any]:
    """Builds a channel with other options and gives (client, Web)."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(**changes: Any) -> tuple[Any, Web]:
            built = build(**changes)
            return await stack.enter_async_context(TestClient(TestServer(built.app))), built

        yield make
