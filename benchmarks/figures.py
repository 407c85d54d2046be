"""Calls with their times, and the line of the table they make."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

HEAD = (
    f"{'':<58}{'median':>9}{'p95':>9}{'a second':>10}   {'wanted':<22}\n{'':<58}{'ms':>9}{'ms':>9}".rstrip()
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a figure is to reach: milliseconds that 95 of 100 calls keep to, calls in a second at least."""

    p95: float | None = None
    a_second: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of each call, and in how many seconds all were made."""

    name: str
    spans: tuple[float, ...]
    seconds: float
    wanted: Wanted = Wanted()

    @property
    def p95(self) -> float:
        """Milliseconds that 95 of 100 calls keep to."""
        ordered = sorted(self.spans)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

    @property
    def a_second(self) -> float:
        """Calls in a second."""
        return len(self.spans) / self.seconds

    @property
    def missed(self) -> bool:
        """Whether it is not what was wanted of it."""
        slow = self.wanted.p95 is not None and self.p95 > self.wanted.p95
        return slow or (self.wanted.a_second is not None and self.a_second < self.wanted.a_second)

    def __str__(self) -> str:
        median = statistics.median(self.spans)
        line = f"{self.name:<58}{median:>9.3f}{self.p95:>9.3f}{self.a_second:>10.0f}   {self._verdict()}"
        return line.rstrip()

    def _verdict(self) -> str:
        wanted = []
        if self.wanted.p95 is not None:
            wanted.append(f"p95 ≤ {self.wanted.p95:g} ms")
        if self.wanted.a_second is not None:
            wanted.append(f"≥ {self.wanted.a_second:g} a second")
        return f"{', '.join(wanted)}: {'MISSED' if self.missed else 'kept'}" if wanted else ""


def timed(name: str, times: int, call: Callable[[int], object], wanted: Wanted = Wanted()) -> Figure:
    """Call it `times` times, one after the other."""
    spans, began = [], time.perf_counter()
    for number in range(times):
        start = time.perf_counter()
        call(number)
        spans.append((time.perf_counter() - start) * 1000)
    return Figure(name, tuple(spans), time.perf_counter() - began, wanted)


async def timed_at_once(
    name: str,
    times: int,
    at_once: int,
    call: Callable[[int], Awaitable[object]],
    wanted: Wanted = Wanted(),
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
    return Figure(name, tuple(spans), time.perf_counter() - began, wanted)


def together(name: str, parts: Sequence[Figure], wanted: Wanted = Wanted()) -> Figure:
    """What several processes did at the same time, as one."""
    spans = tuple(span for part in parts for span in part.spans)
    return Figure(name, spans, max(part.seconds for part in parts), wanted)
