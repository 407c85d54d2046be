"""What the console's handlers are given: the use cases, the options, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.app.corrections import Corrections
from bot.app.delivery_control import DeliveryControl
from bot.app.desk import Desk
from bot.app.handover import Handover
from bot.app.operators import Accounts
from bot.app.personal_data import PersonalData
from bot.app.ports import EventBus, FileStore, RateLimiter
from bot.app.publication import Publication
from bot.app.records import Operator, Session
from bot.app.registry import Registry
from bot.app.working_days import WorkingDays
from bot.console.errors import NotSignedIn
from bot.console.lookups import Lookups
from text.bilingual import Locale


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """How the console is reached and what it says of itself.

    public_url: where browsers reach the service; empty: whatever host they name. secure_cookies: see
    `auth.takes_secure_cookies`. trusted_proxies: addresses or networks whose X-Forwarded-For counts.
    demo: nothing is sent to a state body. organisation: the name in the header, may be empty.
    """

    public_url: str
    secure_cookies: bool
    trusted_proxies: tuple[str, ...]
    demo: bool
    organisation: str


@dataclass(frozen=True, slots=True)
class Console:
    """Everything a handler may use."""

    accounts: Accounts
    handover: Handover
    corrections: Corrections
    desk: Desk
    registry: Registry
    working_days: WorkingDays
    deliveries: DeliveryControl
    publication: Publication
    personal_data: PersonalData
    lookups: Lookups
    files: FileStore
    bus: EventBus
    limiter: RateLimiter
    options: ConsoleOptions


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is asking. `csrf` belongs to the session, or to the browser while nobody is signed in."""

    locale: Locale
    csrf: str
    operator: Operator | None = None
    session: Session | None = None
    token: str = ""


CONSOLE: web.AppKey[Console] = web.AppKey("console", Console)
VISIT: web.RequestKey[Visit] = web.RequestKey("visit", Visit)


def console_of(request: web.Request) -> Console:
    """The console a request came to."""
    return request.app[CONSOLE]


def operator_of(request: web.Request) -> Operator:
    """The operator signed in. Raises NotSignedIn."""
    operator = request[VISIT].operator
    if operator is None:
        raise NotSignedIn
    return operator
