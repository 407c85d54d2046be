"""Figures for a monitor, in the text format of Prometheus: counts and ages only, and not for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from aiohttp import hdrs, web

from bot.app.delivery_control import DeliveryControl, SystemState
from bot.app.ports import Clock

_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")
"""Headers that tell of a proxy: behind one every request seems to come from this machine."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The handler. With a token it answers whoever has it, without one only this machine itself."""

    deliveries: DeliveryControl
    clock: Clock
    token: str

    async def show(self, request: web.Request) -> web.Response:
        """The figures; 401 or 403 with what to set for anybody else."""
        if self.token and not self._has_token(request):
            headers = {hdrs.WWW_AUTHENTICATE: "Bearer"}
            return web.Response(
                status=401, text="METRICS_TOKEN is needed as a bearer token\n", headers=headers
            )
        if not self.token and not _from_this_machine(request):
            return web.Response(status=403, text="set METRICS_TOKEN to read this from another machine\n")
        states = await self.deliveries.systems()
        return web.Response(text=delivery_metrics(states, self.clock.now()))

    def _has_token(self, request: web.Request) -> bool:
        told = request.headers.get(hdrs.AUTHORIZATION, "")
        return secrets.compare_digest(told.encode(), f"Bearer {self.token}".encode())


def _from_this_machine(request: web.Request) -> bool:
    try:
        own = ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    return own and not any(name in request.headers for name in _FORWARDED)


def delivery_metrics(states: Sequence[SystemState], now: datetime) -> str:
    """What waits for delivery, what waits for a person, and since how many seconds the oldest does, by system."""
    lines = []
    for name, told, value in (
        ("waiting", "Deliveries that wait for their turn or for the other side.", lambda s: s.waiting),
        ("dead", "Deliveries that wait for a person.", lambda s: s.dead),
        ("oldest_seconds", "Age of the oldest of both.", lambda s: _age(s, now)),
    ):
        metric = f"komekshi_delivery_{name}"
        lines += [f"# HELP {metric} {told}", f"# TYPE {metric} gauge"]
        lines += [f'{metric}{{system="{state.system or "channels"}"}} {value(state)}' for state in states]
    return "\n".join((*lines, ""))


def _age(state: SystemState, now: datetime) -> int:
    return int((now - state.oldest).total_seconds()) if state.oldest else 0
