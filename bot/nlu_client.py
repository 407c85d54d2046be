"""Asks the understanding service; whatever goes wrong there is «no parse» here."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog

from dialogs.events import Entity, Language, Parse
from dialogs.rules import Rules

log = structlog.get_logger()

TIME_LIMIT = 2.0
"""Seconds a citizen waits for understanding at most."""
PAUSE = 2.0
"""Seconds without asking after a failure, so that a dead service costs nothing."""


class NluClient:
    """`POST /model/parse` of the service at `url`. Labels outside the closed set count as not understood."""

    def __init__(self, url: str, token: str, labels: frozenset[str], rules: Rules) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._labels = labels
        self._rules = rules
        self._session: aiohttp.ClientSession | None = None
        self._ready = False
        self._rest_until = 0.0

    @property
    def ready(self) -> bool:
        """Whether the service's last answer was good."""
        return self._ready

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def probe(self) -> bool:
        """Ask whether the service is up; to be called now and then while it is not."""
        try:
            async with self._http().get(f"{self._url}/status") as answer:
                self._set_ready(answer.status == 200)
        except (aiohttp.ClientError, TimeoutError, OSError):
            self._set_ready(False)
        return self._ready

    async def parse(self, text: str) -> Parse | None:
        """None when the service is slow, down or answers nonsense. Never raises."""
        if not self._ready and time.monotonic() < self._rest_until:
            return None
        spoken = text[: self._rules.parse_characters].lstrip().lstrip("/")
        if not spoken:
            return None
        try:
            async with self._http().post(f"{self._url}/model/parse", json={"text": spoken}) as answer:
                answer.raise_for_status()
                parse = self._read(await answer.json(content_type=None))
        except (
            aiohttp.ClientError,
            TimeoutError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
        ) as error:
            log.warning("nlu.failed", error=type(error).__name__)
            self._rest_until = time.monotonic() + PAUSE
            self._set_ready(False)
            return None
        self._set_ready(True)
        return parse

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIME_LIMIT), headers=self._headers
            )
        return self._session

    def _set_ready(self, ready: bool) -> None:
        if ready != self._ready:
            log.info("nlu.ready" if ready else "nlu.lost")
        self._ready = ready

    def _read(self, data: Mapping[str, Any]) -> Parse:
        intent = data["intent"]
        ranking = tuple(
            (guess["name"], float(guess["confidence"]))
            for guess in data.get("intent_ranking", ())
            if guess["name"] in self._labels
        )
        # A label that is not (or, with drafts hidden, not any more) in the set gives way to the best one that is.
        label, confidence = (
            (intent["name"], float(intent["confidence"]))
            if intent["name"] in self._labels
            else (ranking[0] if ranking else ("", 0.0))
        )
        danger = data.get("danger") or {}
        language = data.get("language") or {}
        explanation = data.get("explanation") or {}
        return Parse(
            label=label,
            confidence=confidence,
            ranking=ranking,
            danger=(danger["name"], float(danger["confidence"]))
            if danger.get("name") in self._labels
            else None,
            entities=tuple(
                Entity(
                    found["entity"],
                    str(found.get("code") or found["value"]),
                    int(found["start"]),
                    int(found["end"]),
                )
                for found in data.get("entities", ())
            ),
            language=Language(
                language.get("code", "other"),
                float(language.get("confidence", 0.0)),
                language.get("script", "other"),
            ),
            words=tuple(str(word) for word, _ in explanation.get("words", ()))[:6],
            example=explanation.get("example") or None,
        )


async def keep_probing(client: NluClient, stop: asyncio.Event, every: float = 1.0) -> None:
    """Notice the service coming up and going away, until told to stop."""
    while not stop.is_set():
        await client.probe()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
