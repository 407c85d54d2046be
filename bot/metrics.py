"""Figures for a monitor, in the text format of Prometheus. Counts and ages only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.app.delivery_control import SystemState


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
