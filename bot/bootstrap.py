"""The only place that knows every class: builds the product from its settings and runs its parts."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

import structlog
from aiohttp import web

from appeals.calendar import ALMATY
from appeals.load import load_domain
from bot import VERSION, console, nlu_process
from bot.app.carrying import Carrying
from bot.app.conversations import Conversations
from bot.app.corrections import Corrections, known_labels
from bot.app.delivery import Delivery
from bot.app.delivery_control import DeliveryControl
from bot.app.desk import Desk
from bot.app.dispatch import Dispatch
from bot.app.effects import Effects
from bot.app.export import Export
from bot.app.handover import Handover
from bot.app.links import Links
from bot.app.moves import Moves
from bot.app.office_hours import OfficeHours
from bot.app.one_time_pages import OneTimePages
from bot.app.operators import Accounts
from bot.app.personal_data import PersonalData
from bot.app.ports import Channel, Clock, EventBus, FileStore, Lock, RateLimiter, Renderer, Understanding
from bot.app.public_status import PublicStatus
from bot.app.publication import Publication
from bot.app.receipts import Documents, Receipts
from bot.app.registry import Registry
from bot.app.seal import Seal
from bot.app.signing import Signing
from bot.app.status_reports import StatusReports
from bot.app.sweeps import Sweeps
from bot.app.terms import Terms
from bot.app.uploads import Uploads
from bot.app.working_days import LiveCalendar, WorkingDays
from bot.channels import systems
from bot.channels import web as web_channel
from bot.channels.open311 import Open311
from bot.channels.web.security import client_ip
from bot.console.passwords import Argon2Hasher
from bot.http_hygiene import refuse_malformed
from bot.i18n import CatalogueRenderer, load_catalogues
from bot.media import ContentInspector
from bot.metrics import Metrics
from bot.nlu_client import NluClient, keep_probing
from bot.production_calendar import build as build_calendar
from bot.receipt_pdf import PdfPrinter
from bot.scheduling import ticking
from bot.settings import Settings
from bot.storage import (
    DiskFiles,
    InProcessBus,
    InProcessLimiter,
    InProcessLock,
    RedisBus,
    RedisLimiter,
    RedisLock,
    SqlStorage,
    open_redis,
    open_storage,
    upgrade,
)
from dialogs.engine import Engine
from dialogs.model import Knowledge, Mode, Office
from dialogs.rules import Rules
from faq.load import load as load_faq
from faq.rank import Ranker
from integrations.open311.client import Open311Connector
from integrations.open311.mapping import Endpoint
from integrations.ports import Connector
from integrations.signature.client import NcaNode
from integrations.webhook.client import WebhookConnector
from text.bilingual import Bilingual

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

log = structlog.get_logger()

PARTS = ("web", "telegram", "worker")
STOP_SECONDS = 5.0


class AlreadyRunning(RuntimeError):
    """Another process uses this data folder; the embedded product is one process."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


def new_id() -> str:
    """Time-ordered enough for an index, random enough for a name."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Product:
    """Everything that runs, wired."""

    settings: Settings
    rules: Rules
    knowledge: Knowledge
    storage: SqlStorage
    bus: EventBus
    limiter: RateLimiter
    clock: Clock
    understanding: Understanding
    conversations: Conversations
    pages: OneTimePages
    documents: Documents
    status: PublicStatus
    renderer: Renderer
    personal_data: PersonalData
    files: FileStore
    handover: Handover
    corrections: Corrections
    desk: Desk
    registry: Registry
    working_days: WorkingDays
    accounts: Accounts
    sweeps: Sweeps
    dispatch: Dispatch
    status_reports: StatusReports
    publication: Publication
    delivery_control: DeliveryControl
    telegram: TelegramChannel | None

    @property
    def delivery(self) -> Delivery:
        """A worker of the outbox."""
        channels: dict[str, Channel] = {"telegram": self.telegram.channel} if self.telegram else {}
        return Delivery(self.storage, self.conversations, self.dispatch, channels, self.bus, self.clock)


def load_knowledge(settings: Settings) -> Knowledge:
    """Content, calendar and the organisation. Raises ContentError of the loader that finds a problem."""
    domain = load_domain(classifier=settings.classifier)
    faq = load_faq(topics=[topic.code for topic in (*domain.topics.groups(), *domain.topics.all())])
    name = (
        Bilingual(settings.organisation_name, settings.organisation_name)
        if settings.organisation_name
        else Bilingual("Демонстрациялық нұсқа", "Демонстрационная версия")
    )
    office = Office(
        settings.filing_mode,
        name,
        settings.organisation_bin,
        settings.base_url,
        reachable=bool(settings.public_url),
        signature=settings.signature == "ncanode",
        telegram=settings.telegram_link,
    )
    return Knowledge(
        domain, faq if settings.show_drafts else faq.reviewed(), build_calendar(domain.moved_days), office
    )


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    understanding: Understanding | None = None,
    rules: Rules | None = None,
    knowledge: Knowledge | None = None,
) -> AsyncIterator[Product]:
    """The product, ready to run; everything it opened is closed at the end."""
    rules, clock = rules or Rules(), clock or SystemClock()
    async with AsyncExitStack() as stack:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if settings.embedded:
            stack.enter_context(_only_process(settings))
        knowledge = knowledge or load_knowledge(settings)
        calendar = LiveCalendar((), ())
        knowledge = replace(knowledge, calendar=calendar)
        seal = Seal(settings.signing_key().encode())
        storage = open_storage(settings.database, seal.of)
        stack.push_async_callback(storage.close)
        await upgrade(storage.engine)
        await _prepare_numbers(storage, clock)
        locks, bus, limiter = await _shared(settings, stack)
        links = Links(seal, settings.base_url, settings.telegram_link)
        files: FileStore = DiskFiles(settings.data_dir / "files")
        if understanding is None:
            url = settings.nlu_url or f"http://127.0.0.1:{settings.nlu_port}"
            understanding = client = NluClient(url, settings.nlu_token, known_labels(knowledge), rules)
            stack.push_async_callback(client.close)
        connectors = _connectors(settings, clock) if settings.filing_mode is Mode.CONNECTED else {}
        for connector in connectors.values():
            stack.push_async_callback(connector.close)
        dispatch = Dispatch(connectors, knowledge, new_id)
        hours, renderer = OfficeHours(knowledge.calendar, rules), CatalogueRenderer(load_catalogues())
        receipts = Receipts(knowledge, renderer, PdfPrinter())
        documents = Documents(storage, files, receipts)
        uploads = Uploads(storage, files, ContentInspector(), clock, rules, new_id)
        moves = Moves(knowledge.calendar, new_id, dispatch)
        conversations = Conversations(
            storage=storage,
            engine=Engine(knowledge, rules),
            effects=Effects(
                knowledge,
                rules,
                hours,
                limiter,
                files,
                renderer,
                seal,
                links,
                moves,
                Carrying(limiter, renderer, rules, new_id),
                new_id,
            ),
            understanding=understanding,
            ranker=Ranker(knowledge.faq),
            renderer=renderer,
            uploads=uploads,
            seal=seal,
            links=links,
            locks=locks,
            bus=bus,
            clock=clock,
            rules=rules,
            new_id=new_id,
        )
        verifier = NcaNode(settings.ncanode_url) if settings.signature == "ncanode" else None
        if verifier is not None:
            stack.push_async_callback(verifier.close)
        signing = Signing(storage, conversations, verifier, clock, new_id)
        handover = Handover(storage, conversations, clock, rules, new_id)
        desk = Desk(storage, conversations, knowledge, moves, bus, clock, new_id)
        terms = Terms(storage, conversations, moves, bus, clock, new_id)
        working_days = WorkingDays(
            storage,
            conversations,
            knowledge.domain.moved_days,
            calendar,
            build_calendar,
            bus,
            clock,
            new_id,
        )
        await working_days.refresh()
        telegram = None
        if settings.telegram_bot_token:
            # Imported only where it is used: aiogram's models take seconds to load.
            from bot.channels.telegram import TelegramChannel  # noqa: PLC0415

            telegram = TelegramChannel(
                settings.telegram_bot_token,
                settings.telegram_api_base,
                conversations,
                clock,
                rules,
                documents.fetch,
                renderer=renderer,
                healthy=storage.healthy,
                reachability=conversations.mark_reachable,
            )
        if telegram is not None:
            stack.push_async_callback(telegram.close)
        yield Product(
            settings,
            rules,
            knowledge,
            storage,
            bus,
            limiter,
            clock,
            understanding,
            conversations,
            OneTimePages(
                storage,
                conversations,
                signing,
                Export(storage, files, clock),
                links,
                renderer,
                clock,
                rules,
                knowledge.domain.territory,
            ),
            documents,
            PublicStatus(
                storage,
                knowledge,
                conversations,
                moves,
                documents,
                bus,
                limiter,
                clock,
                rules,
                seal,
                new_id,
            ),
            renderer,
            PersonalData(storage, conversations, knowledge.calendar, clock, new_id),
            files,
            handover,
            Corrections(storage, knowledge, clock),
            desk,
            Registry(storage, knowledge, clock, new_id),
            working_days,
            Accounts(storage, Argon2Hasher(), limiter, clock, rules, seal, new_id),
            Sweeps(storage, conversations, terms, files, clock, rules, new_id),
            dispatch,
            StatusReports(storage, conversations, dispatch, knowledge, bus, clock, new_id),
            Publication(storage, knowledge, limiter, clock, rules, seal, new_id),
            DeliveryControl(storage, dispatch, bus, clock),
            telegram,
        )


async def _prepare_numbers(storage: SqlStorage, clock: Clock) -> None:
    """Those of the year that comes, too: a process may run over New Year."""
    year = clock.now().astimezone(ALMATY).year
    async with storage.write() as work:
        for one in (year, year + 1):
            await work.appeals.prepare_numbers(one)
        await work.commit()


def _connectors(settings: Settings, clock: Clock) -> dict[str, Connector]:
    """What is fully configured; the settings refuse anything else."""
    found: list[Connector] = []
    if settings.webhook_url:
        found.append(
            WebhookConnector(settings.webhook_url, settings.webhook_secret, lambda: clock.now().timestamp())
        )
    if settings.open311_url:
        endpoint = Endpoint(
            settings.open311_url,
            settings.open311_api_key,
            settings.open311_services,
            settings.open311_jurisdiction,
            settings.open311_format,
            settings.open311_reference_attribute,
            settings.open311_personal_data,
        )
        found.append(Open311Connector(endpoint, clock.now))
    return {connector.system: connector for connector in found}


async def _shared(settings: Settings, stack: AsyncExitStack) -> tuple[Lock, EventBus, RateLimiter]:
    if not settings.redis_url:
        return InProcessLock(), InProcessBus(), InProcessLimiter()
    link = open_redis(settings.redis_url)
    stack.push_async_callback(link.close)
    bus = RedisBus(link)
    stack.push_async_callback(bus.close)
    return RedisLock(link), bus, RedisLimiter(link)


def _only_process(settings: Settings) -> IO[str]:
    file = (settings.data_dir / "process.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise AlreadyRunning(f"another process runs on {settings.data_dir}") from None
    return file


def web_options(product: Product) -> web_channel.WebOptions:
    """What the web channel is told of the product."""
    settings, demo = product.settings, product.settings.filing_mode is Mode.DEMO
    return web_channel.WebOptions(
        version=VERSION,
        public_url=settings.base_url,
        rules=product.rules,
        demo=demo,
        organisation=None if demo else product.knowledge.office.name,
        allowed_origins=settings.allowed_origins,
        trusted_proxies=settings.trusted_proxies,
    )


def web_application(product: Product, options: web_channel.WebOptions | None = None) -> web.Application:
    """Widget, API, console, health."""
    settings = product.settings
    app = web.Application(
        client_max_size=product.rules.attachment_bytes + 1024 * 1024, middlewares=[refuse_malformed]
    )
    demo = settings.filing_mode is Mode.DEMO
    web_channel.setup(
        app,
        conversations=product.conversations,
        bus=product.bus,
        limiter=product.limiter,
        clock=product.clock,
        status=product.status,
        renderer=product.renderer,
        options=options or web_options(product),
        documents=product.documents.fetch,
        one_time_pages=product.pages,
    )
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
            public_url=settings.base_url,
            secure_cookies=console.takes_secure_cookies(settings.base_url),
            trusted_proxies=tuple(map(str, settings.trusted_proxies)),
            demo=demo,
            organisation=settings.organisation_name,
        ),
    )
    if product.telegram is not None and settings.telegram_webhook_url:
        product.telegram.webhook_routes(app, "/telegram/webhook", settings.telegram_webhook_secret)

    def source(request: web.Request) -> str:
        return client_ip(request, settings.trusted_proxies)

    systems.setup(
        app,
        connectors=product.dispatch.connectors,
        status_reports=product.status_reports,
        limiter=product.limiter,
        source=source,
    )
    Open311(product.publication, settings.base_url, not demo, source).mount(app)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_: web.Request) -> web.Response:
        healthy = await product.storage.healthy()
        degraded = [] if product.understanding.ready else ["nlu"]
        degraded += await product.delivery_control.degraded() if healthy else []
        return web.json_response({"ready": healthy, "degraded": degraded}, status=200 if healthy else 503)

    app.router.add_get("/health", health)

    app.router.add_get("/ready", ready)
    app.router.add_get(
        "/metrics", Metrics(product.delivery_control, product.clock, settings.metrics_token).show
    )
    return app


async def without_a_strangers_name(settings: Settings) -> Settings:
    """The settings without a bot's name that is not our bot's: its links would give the keys to drafts away."""
    if settings.telegram_link:
        from bot.channels.telegram import own_name  # noqa: PLC0415

        own = await own_name(settings.telegram_bot_token, settings.telegram_api_base)
        if own and own.casefold() != settings.telegram_link.casefold():
            log.error("telegram.name_of_another")
            return replace(settings, telegram_bot_name="")
    return settings


def keep_for_good() -> None:
    """What is loaded by now stays: nobody waits any more for Python to look through all of it for what could go."""
    gc.collect()
    gc.freeze()


async def run(
    settings: Settings,
    environ: Mapping[str, str],
    parts: tuple[str, ...],
    stop: asyncio.Event,
    announce: Callable[[str], None],
) -> None:
    """Run the given parts until told to stop."""
    async with build(await without_a_strangers_name(settings)) as product, AsyncExitStack() as stack:
        keep_for_good()
        if "web" in parts:
            await _serve(product, stack, announce)
        if "worker" in parts:
            await stack.enter_async_context(ticking(product.sweeps, product.status_reports))
        async with asyncio.TaskGroup() as tasks:
            for work in _work(product, environ, parts, stop):
                tasks.create_task(work)
        log.info("stopped")


def _work(
    product: Product, environ: Mapping[str, str], parts: tuple[str, ...], stop: asyncio.Event
) -> Iterator[Coroutine[object, object, object]]:
    """What runs until told to stop."""
    settings = product.settings
    yield stop.wait()
    yield product.working_days.watch(stop)
    if "worker" in parts:
        yield product.delivery.run(stop)
    if product.telegram is not None and "telegram" in parts:
        if settings.telegram_webhook_url:
            yield product.telegram.register_webhook(
                settings.telegram_webhook_url, settings.telegram_webhook_secret, stop
            )
        else:
            yield product.telegram.poll(stop)
    if parts == PARTS and not settings.nlu_url:
        own = {
            **environ,
            "NLU_PORT": str(settings.nlu_port),
            "NLU_TOKEN": settings.nlu_token,
            "TERRITORY_FILE": str(settings.classifier or ""),
        }
        yield nlu_process.supervise(own, stop)
    if isinstance(product.understanding, NluClient):
        yield keep_probing(product.understanding, stop)


async def _serve(product: Product, stack: AsyncExitStack, announce: Callable[[str], None]) -> None:
    settings = product.settings
    runner = web.AppRunner(
        web_application(product),
        handle_signals=False,
        shutdown_timeout=STOP_SECONDS,
        access_log=None,
        auto_decompress=False,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, settings.http_host, settings.http_port).start()
    password = await product.accounts.first_administrator()
    base = settings.base_url
    announce(f"Kömekshi · {settings.filing_mode.value}")
    announce(f"  citizens  {base}/")
    announce(f"  console   {base}/console")
    if password:
        announce(f"            first sign-in: admin / {password}  (shown once, to be changed at sign-in)")
    announce(
        "  telegram  on" if settings.telegram_bot_token else "  telegram  off (TELEGRAM_BOT_TOKEN is not set)"
    )
    announce("  Ctrl-C stops everything.")
