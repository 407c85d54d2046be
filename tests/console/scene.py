"""A running console with people signed in, conversations under way and appeals on the desk."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from appeals import steps
from appeals.appeal import Applicant, Attachment, Complaint, Draft
from appeals.kinds import Kind
from appeals.lifecycle import Status
from bot import bootstrap, console
from bot.app.records import (
    AppealRecord,
    AppealStep,
    Author,
    Conversation,
    Message,
    Operator,
    OutboxKind,
    OutboxRow,
    Role,
    Session,
    StoredFile,
)
from bot.app.seal import Seal
from bot.bootstrap import Product, new_id
from bot.http_hygiene import refuse_malformed
from bot.settings import Settings
from dialogs.events import CommandGiven, UserSaid
from tests.factories import NOON, FakeClock, ScriptedNlu, parse

APPEAL_STEP = re.compile(r"(/console/appeals/[^/]+)/[a-z_]+(?:\?.*)?")
SECRET_NOTE = "похоже на повтор, проверить прошлый месяц"


@asynccontextmanager
async def running_product(folder: Path, database: str) -> AsyncIterator[Product]:
    """The product as it is wired, on a migrated database, at noon of a Friday."""
    settings = Settings(data_dir=folder, database_url=database)
    async with bootstrap.build(settings, clock=FakeClock(), understanding=ScriptedNlu()) as product:
        yield product


def console_of(product: Product) -> web.Application:
    """The console alone, as the product mounts it, behind the same gate."""
    app = web.Application(middlewares=[refuse_malformed])
    console.setup(
        app,
        accounts=product.accounts,
        handover=product.handover,
        corrections=product.corrections,
        desk=product.desk,
        registry=product.registry,
        working_days=product.working_days,
        deliveries=product.delivery_control,
        publication=product.publication,
        personal_data=product.personal_data,
        storage=product.storage,
        files=product.files,
        bus=product.bus,
        limiter=product.limiter,
        options=console.ConsoleOptions(
            public_url="",
            secure_cookies=True,
            trusted_proxies=(),
            demo=True,
            organisation="Бурабай ауданының әкімдігі",
        ),
    )
    return app


@dataclass
class Visitor:
    """A browser without scripts: keeps cookies, and fills the token into forms as a page would."""

    client: TestClient[Any, Any]
    csrf: str = ""

    @property
    def origin(self) -> str:
        return str(self.client.make_url("/").origin())

    async def get(self, path: str, **headers: str) -> ClientResponse:
        answer = await self.client.get(path, allow_redirects=False, headers=headers)
        token = (
            re.search(r'data-csrf="([^"]+)"', await answer.text()) if "html" in answer.content_type else None
        )
        self.csrf = token[1] if token else self.csrf
        return answer

    async def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> ClientResponse:
        form = {**(form or {})}
        if (step := APPEAL_STEP.fullmatch(path)) and "seen" not in form:
            form["seen"] = await self.seen(step[1])
        return await self.client.post(
            path,
            data={"csrf": self.csrf, **form},
            allow_redirects=False,
            headers={"Origin": self.origin, **headers},
        )

    async def seen(self, appeal_page: str) -> str:
        """What the forms of an appeal's page say they were filled in by."""
        answer = await self.client.get(appeal_page, allow_redirects=False)
        told = re.search(r'name="seen" value="([^"]+)"', await answer.text())
        return told[1] if told else ""

    async def text(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status == 200, answer.status
        return await answer.text()


@dataclass
class Scene:
    """A console on a port of its own."""

    product: Product
    server: TestServer
    clients: list[TestClient[Any, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")

    @property
    def clock(self) -> FakeClock:
        assert isinstance(self.product.clock, FakeClock)
        return self.product.clock

    async def visitor(self) -> Visitor:
        """A browser nobody is signed in at."""
        origin = self.server.make_url("/").origin()
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True, treat_as_secure_origin=[origin]))
        self.clients.append(client)
        return Visitor(client)

    async def account(
        self,
        login: str = "aigerim",
        role: Role = Role.REGISTRAR,
        *,
        must_change: bool = False,
        name: str = "",
    ) -> Operator:
        """An account, made once."""
        async with self.product.storage.write() as work:
            known = await work.operators.find_by_login(login)
            if known:
                return known
            made = Operator(
                f"id-{login}", login, name or login.title(), role, "no password fits", must_change=must_change
            )
            await work.operators.add(made)
            await work.commit()
        return made

    async def give_password(self, operator: Operator, password: str) -> None:
        """Let an account be signed in to."""
        async with self.product.storage.write() as work:
            await work.operators.save(replace(operator, password_hash=console.Argon2Hasher().hash(password)))
            await work.commit()

    async def session(self, operator: Operator) -> tuple[str, Session]:
        """A session without the slow hashing of a sign-in."""
        token, now = secrets.token_urlsafe(8), self.product.clock.now()
        session = Session(
            Seal(self.product.settings.signing_key().encode()).of(token),
            operator.id,
            secrets.token_urlsafe(8),
            now,
            now + timedelta(hours=12),
        )
        async with self.product.storage.write() as work:
            await work.operators.open_session(session)
            await work.commit()
        return token, session

    async def signed_in(
        self, login: str = "aigerim", role: Role = Role.REGISTRAR, *, must_change: bool = False
    ) -> Visitor:
        """A browser of somebody signed in, in Russian."""
        token, session = await self.session(await self.account(login, role, must_change=must_change))
        visitor = await self.visitor()
        cookies = SimpleCookie({"__Host-komekshi": token, "komekshi-lang": "ru"})
        for cookie in cookies.values():
            cookie["path"] = "/"
        visitor.client.session.cookie_jar.update_cookies(cookies, self.server.make_url("/"))
        visitor.csrf = session.csrf
        return visitor

    # --- conversations -------------------------------------------------------------------------

    async def says(self, conversation_id: str, text: str) -> None:
        """The citizen writes."""
        event = UserSaid(new_id(), self.product.clock.now(), text)
        await self.product.conversations.exchange(conversation_id, event, "d")

    async def talk(self, text: str = "", locale: Any = "ru") -> str:
        """A conversation the assistant holds."""
        conversation_id = (await self.product.conversations.open("web", locale)).conversation_id
        if text:
            await self.says(conversation_id, text)
        return conversation_id

    async def waiting(self, text: str = "Три дня нет отопления, дома дети") -> str:
        """A conversation that waits for an operator."""
        conversation_id = await self.talk(text)
        event = CommandGiven(new_id(), self.product.clock.now(), "human")
        await self.product.conversations.exchange(conversation_id, event, "d")
        return conversation_id

    async def spoken(self, conversation_id: str) -> list[str]:
        """What the citizen reads."""
        return [message.text for message in await self.product.conversations.messages(conversation_id)]

    async def conversation(self, conversation_id: str) -> Conversation:
        """As it is stored."""
        async with self.product.storage.read() as work:
            found = await work.conversations.find(conversation_id)
        assert found
        return found

    # --- appeals -------------------------------------------------------------------------------

    async def appeal(self, conversation_id: str = "", **changes: Any) -> AppealRecord:
        """A filed appeal, not registered yet."""
        conversation_id = conversation_id or await self.talk()
        async with self.product.storage.write() as work:
            number = await work.appeals.next_number(2026)
            filed = AppealRecord(
                id=new_id(),
                reference=f"KM-2026-{number:06}",
                secret_hash="",
                conversation_id=conversation_id,
                draft=APPLICATION,
                body_name="Отдел ЖКХ акимата Бурабайского района",
                locale="ru",
                status=Status.CREATED,
                synthetic=True,
                consent_version="2026-11",
                created_at=NOON,
                updated_at=NOON,
            )
            filed = replace(filed, **changes)
            await work.appeals.add(filed)
            await work.appeals.add_step(AppealStep(filed.id, NOON, "file", Status.CREATED, "citizen"))
            await work.commit()
        return filed

    async def stored(self, appeal_id: str) -> AppealRecord:
        """As it is in the registry."""
        async with self.product.storage.read() as work:
            return await work.appeals.get(appeal_id)

    async def file(self, conversation_id: str, name: str, content: bytes) -> StoredFile:
        """A file the citizen sent."""
        sha256 = await self.product.files.put(content)
        file = StoredFile(new_id(), conversation_id, name, "image/jpeg", len(content), sha256, NOON)
        async with self.product.storage.write() as work:
            await work.files.add(file)
            await work.commit()
        return file

    async def sent(self, conversation_id: str, name: str, content: bytes) -> Attachment:
        """A file the citizen sent, as the product takes it in."""

        async def arriving() -> AsyncIterator[bytes]:
            yield content

        attachment, why = await self.product.conversations.accept_file(conversation_id, name, arriving())
        assert attachment, why
        return attachment

    async def dead_letter(self, conversation_id: str) -> str:
        """A message nobody tries to deliver any more."""
        row = OutboxRow(
            new_id(),
            OutboxKind.MESSAGE,
            f"conversation:{conversation_id}",
            {"conversation": conversation_id, "seq": 1},
            NOON,
            NOON,
            12,
        )
        async with self.product.storage.write() as work:
            await work.outbox.add([row])
            await work.outbox.bury(row.id, "channel_unavailable")
            await work.commit()
        return row.id


APPLICATION = Draft(
    kind=Kind.APPLICATION,
    topic="UTIL.HEAT",
    body_id="housing_utilities.district",
    address="Щучинск, улица Абылай хана, 10",
    text="Три дня в доме нет отопления. В квартире 12 градусов, двое маленьких детей.\nПрошу восстановить подачу тепла.",
    applicant=Applicant(
        "Үлгіұлы Мысал", "900101300017", "+77010000000", "Ақмола облысы, Щучинск қ., Абылай хан к-сі, 10-7"
    ),
)
COMPLAINT = replace(
    APPLICATION,
    kind=Kind.COMPLAINT,
    text="Не согласен с ответом отдела ЖКХ: ремонт не проведён, хотя в ответе сказано, что он закончен.",
    complaint=Complaint(
        "Отдел ЖКХ", date(2026, 11, 2), "Ответ от 2 ноября не соответствует действительности."
    ),
)


async def furnish(scene: Scene) -> dict[str, str]:
    """Something to see on every page; ids by name."""
    nlu = scene.product.understanding
    assert isinstance(nlu, ScriptedNlu)
    nlu.known["Три дня нет отопления, дома дети"] = parse(
        "topic.UTIL.HEAT", 0.94, "ru", {"topic.UTIL.WATER": 0.03}, ("отопления", "нет")
    )
    nlu.known["Жолданымға қанша күнде жауап береді?"] = parse(
        "faq.consideration-term", 0.71, "kk", {"faq.term-extension": 0.2}, ("күнде", "жауап")
    )
    aigerim = await scene.account("aigerim", name="Айгерім Сейітова")
    berik = await scene.account("berik", name="Берік Оспанов")
    urgent = await scene.waiting("Что делать, если сосед угрожает жене?")
    async with scene.product.storage.write() as work:
        conversation = await work.conversations.find(urgent)
        assert conversation
        await work.conversations.save(replace(conversation, urgent=True, reason="emergency.violence"))
        await work.commit()
    waiting = await scene.waiting()
    taken = await scene.waiting("Жолданымға қанша күнде жауап береді?")
    mine = await scene.waiting("Три дня нет отопления, дома дети")
    scene.clock.pass_time(timedelta(minutes=12))
    await scene.product.handover.claim(berik, taken)
    await scene.product.handover.claim(aigerim, mine)
    await scene.product.handover.say(
        aigerim, mine, "Здравствуйте! Вижу ваше обращение. Какая температура в квартире?"
    )
    await scene.says(mine, "12 градусов, вот фото термометра")
    await scene.product.handover.note(aigerim, mine, SECRET_NOTE)
    file = await scene.file(mine, "термометр.jpg", b"\xff\xd8\xff" + b"0" * 40_000)
    await _photo(scene, mine, file)
    attached = replace(
        APPLICATION, attachments=(Attachment(file.id, file.name, file.media_type, file.size, file.sha256),)
    )
    appeal = await scene.appeal(mine, draft=attached)
    running = await scene.appeal()
    await scene.product.desk.act(aigerim, running.id, steps.Register())
    await scene.product.desk.act(aigerim, running.id, steps.Start(), "Исполнитель назначен")
    late = await scene.appeal(
        draft=COMPLAINT,
        status=Status.IN_PROGRESS,
        number="KM",
        registered_on=date(2026, 10, 20),
        due=date(2026, 11, 17),
        due_article="99",
        synthetic=False,
    )
    await scene.appeal(
        status=Status.REGISTERED,
        number="KM",
        registered_on=date(2026, 11, 3),
        due=date(2026, 11, 24),
        due_article="76 (1–2)",
        draft=replace(APPLICATION, topic="CITY.SNOW"),
        locale="kk",
        body_name="Бурабай ауданының ТҮКШ бөлімі",
    )
    dead = await scene.dead_letter(mine)
    async with scene.product.storage.write() as work:
        for helpful in (True, True, False):
            await work.feedback.answer_rated("consideration-term", helpful=helpful, locale="kk", at=NOON)
        await work.commit()
    return {
        "urgent": urgent,
        "waiting": waiting,
        "taken": taken,
        "mine": mine,
        "appeal": appeal.id,
        "running": running.id,
        "late": late.id,
        "dead": dead,
        "file": file.id,
    }


async def _photo(scene: Scene, conversation_id: str, file: StoredFile) -> None:
    async with scene.product.storage.write() as work:
        conversation = await work.conversations.find(conversation_id)
        assert conversation
        seq, now = conversation.last_seq + 1, scene.product.clock.now()
        await work.messages.add(
            [
                Message(
                    conversation_id, seq, Author.CITIZEN, f"📎 {file.name}", now, "ru", attachment_id=file.id
                )
            ]
        )
        await work.conversations.save(replace(conversation, last_seq=seq))
        await work.commit()
