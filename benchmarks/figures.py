"""Calls with their times, and the line of the table they make."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

HEAD = f"{'':<58}{'median':>9}{'p95':>9}{'a second':>11}\n{'':<58}{'ms':>9}{'ms':>9}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of each call, and how many were made in a second."""

    name: str
    spans: tuple[float, ...]
    seconds: float

    def __str__(self) -> str:
        ordered = sorted(self.spans)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return f"{self.name:<58}{statistics.median(ordered):>9.3f}{p95:>9.3f}{len(ordered) / self.seconds:>11.0f}"


def timed(name: str, times: int, call: Callable[[int], object]) -> Figure:
    """Call it `times` times, one after the other."""
    spans, began = [], time.perf_counter()
    for number in range(times):
        start = time.perf_counter()
        call(number)
        spans.append((time.perf_counter() - start) * 1000)
    return Figure(name, tuple(spans), time.perf_counter() - began)


async def timed_at_once(
    name: str, times: int, at_once: int, call: Callable[[int], Awaitable[object]]
) -> Figure:
    """Call it `times` times, `at_once` at a time."""
    spans: list[float] = []
    numbers = iter(range(times))

    async def worker() -> None:
        for number in numbers:
            start = time.perf_counter()
            await call(number)
            spans.append((time.perf_counter() - start) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return Figure(name, tuple(spans), time.perf_counter() - began)
