"""Other systems on ports of their own, and an appeal to send them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web

from appeals.appeal import Applicant, Draft
from appeals.kinds import Kind
from appeals.lifecycle import Status
from integrations.dto import CREATED, AppealEvent, AppealSnapshot
from text.bilingual import Bilingual

NOW = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
SECRET = "a shared secret of both sides"
DRAFT = Draft(
    kind=Kind.APPLICATION,
    topic="UTIL.HEAT",
    body_id="HOUSING.district",
    place="117020100",
    address="Абылай хан көшесі, 10",
    text="Үйде үш күн жылу жоқ, балалар тоңып отыр",
    applicant=Applicant(
        "Үлгіұлы Мысал Өтінішұлы", "900101300017", "+77010000000", "Щучинск, Абылай хан к-сі, 10-7"
    ),
)


def event(**changes: Any) -> AppealEvent:
    """The filing of an appeal; `changes` to the appeal."""
    snapshot = AppealSnapshot(
        reference="KM-2026-000001",
        version=1,
        status=Status.CREATED,
        body="Бурабай ауданының ТҮКШ бөлімі",
        locale="kk",
        synthetic=False,
        consented=True,
        created_at=NOW,
        updated_at=NOW,
        draft=DRAFT,
        topic=Bilingual("Жылу және ыстық су", "Отопление и горячая вода"),
        place=Bilingual(
            "Ақмола облысы, Бурабай ауданы, Щучинск қаласы",
            "Акмолинская область, Бурабайский район, город Щучинск",
        ),
    )
    return AppealEvent(CREATED, NOW, replace(snapshot, **changes))


def registered() -> AppealEvent:
    """The same appeal, with a number and a term."""
    told = event(
        version=2,
        status=Status.REGISTERED,
        number="ЖТ-2026/17",
        registered_on=date(2026, 11, 21),
        due=date(2026, 12, 11),
    )
    return replace(told, name="appeal.registered")


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The application's address."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
