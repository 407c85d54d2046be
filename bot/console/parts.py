"""What the console's handlers are given: the use cases, the options, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


Form = Mapping[str, Sequence[str]]
"""Field -> what was filled in, in order; checks may have several values. Files are not among them."""
WRITTEN = frozenset({"answer", "circumstances", "note", "part", "preliminary", "text"})
"""Fields that hold what somebody has written, not chosen."""

CONSOLE: web.AppKey[Console] = web.AppKey("console", Console)
VISIT: web.RequestKey[Visit] = web.RequestKey("visit", Visit)
TYPED: web.RequestKey[Form] = web.RequestKey("typed", Mapping)
"""The form a request brought, once it was let in."""


def console_of(request: web.Request) -> Console:
    """The console a request came to."""
    return request.app[CONSOLE]


def written(form: Form) -> list[str]:
    """The words among a form's fields."""
    return [value for name, values in form.items() if name in WRITTEN for value in values if value.strip()]


def operator_of(request: web.Request) -> Operator:
    """The operator signed in. Raises NotSignedIn."""
    operator = request[VISIT].operator
    if operator is None:
        raise NotSignedIn
    return operator
