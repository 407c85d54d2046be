"""What every page shows and takes longer to count than the page to find: remembered for some seconds."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """One value, until it is forgotten, or for `seconds`: other processes change what was counted, too."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._kept: tuple[Hashable, Value, float] | None = None
        self._forgotten = 0

    def forget(self) -> None:
        """What is being counted now may be old already: it is not remembered either."""
        self._kept = None
        self._forgotten += 1

    async def get(self, key: Hashable, count: Callable[[], Awaitable[Value]]) -> Value:
        """What was counted last for the same key, or what `count` gives."""
        began, forgotten = self._now(), self._forgotten
        if self._kept is not None and self._kept[0] == key and began < self._kept[2]:
            return self._kept[1]
        value = await count()
        if forgotten == self._forgotten:
            self._kept = key, value, began + self._seconds
        return value
