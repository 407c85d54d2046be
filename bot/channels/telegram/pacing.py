"""Telegram allows about 30 messages a second, and one a second in a chat; who is faster is shut out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

OVERALL = 30
"""Messages a second to all chats together."""
BURST = 3
"""Messages a chat may get at once before one a second is kept: an answer is rarely more."""
_REMEMBERED = 10_000


class Pace:
    """When the next message may go out, overall and to each chat."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._overall = 0.0
        self._chats: dict[int, float] = {}
        self._shut: dict[int, float] = {}

    async def turn(self, chat_id: int) -> None:
        """Wait for this chat's turn, then for a place in the overall stream."""
        now = self._clock()
        due = max(self._chats.get(chat_id, 0.0), now)
        self._forget_idle(now)
        self._chats[chat_id] = due + 1.0
        await self._until(due - (BURST - 1))
        place = max(self._overall, self._clock())
        self._overall = place + 1.0 / OVERALL
        await self._until(place)

    def shut_out(self, chat_id: int, seconds: float) -> None:
        """Telegram asks to leave this chat alone for `seconds`."""
        self._shut[chat_id] = self._clock() + seconds

    def shut_for(self, chat_id: int) -> float:
        """Seconds until the chat may be written to again; 0 when it may."""
        remaining = self._shut.get(chat_id, 0.0) - self._clock()
        if remaining <= 0:
            self._shut.pop(chat_id, None)
        return max(remaining, 0.0)

    async def _until(self, moment: float) -> None:
        wait = moment - self._clock()
        if wait > 0:
            await self._sleep(wait)

    def _forget_idle(self, now: float) -> None:
        if len(self._chats) > _REMEMBERED:
            self._chats = {chat_id: due for chat_id, due in self._chats.items() if due > now}
