"""The page of moved working days, worked without scripts."""

from __future__ import annotations

from datetime import date, timedelta

from appeals.lifecycle import Status
from bot.app.records import AppealStep, Role
from tests.console.scene import Scene

PAGE = "/console/calendar"
SWAP = {"free": "2026-12-30", "working": "2026-11-29", "act": "Постановление № 1", "link": ""}


async def test_a_day_is_moved_its_terms_are_shown_and_moved_by_a_person(scene: Scene) -> None:
    due = date(2026, 12, 11)
    appeal = await scene.appeal(status=Status.IN_PROGRESS, registered_on=date(2026, 11, 20), due=due)
    async with scene.product.storage.write() as work:
        now = scene.product.clock.now()
        await work.appeals.add_step(AppealStep(appeal.id, now, "register", Status.REGISTERED, "x"))
        await work.commit()
    scene.clock.pass_time(timedelta(hours=1))
    visitor = await scene.signed_in("head", Role.SUPERVISOR)
    page = await visitor.text(PAGE)
    assert 'href="https://adilet.zan.kz/rus/docs/G24G0000436"' in page
    assert "03.01.2025, пятница" in page
    added = await visitor.post(PAGE, SWAP)
    told = await visitor.text(added.headers["Location"])
    assert "Дни перенесены" in told
    assert "<td>11.12.2026</td><td>10.12.2026</td>" in told
    assert "Head, 20.11.2026" in told
    key = "2026-12-30~2026-11-29"
    moved = await visitor.post(f"{PAGE}/terms", {"swap": key, "appeal": appeal.id})
    assert "Таких обращений нет" in await visitor.text(moved.headers["Location"])
    assert (await scene.stored(appeal.id)).due == date(2026, 12, 10)
    gone = await visitor.post(f"{PAGE}/withdraw", {"swap": key})
    assert "отменено" in await visitor.text(gone.headers["Location"])


async def test_what_is_wrong_is_said_beside_the_field_and_others_only_read(scene: Scene) -> None:
    head = await scene.signed_in("head", Role.SUPERVISOR)
    await head.get(PAGE)
    refused = await head.post(PAGE, {**SWAP, "act": ""})
    assert refused.status == 422
    assert "Укажите акт" in await refused.text()
    weekend = await head.post(PAGE, {**SWAP, "free": "2026-11-28"})
    assert "Этот день и так выходной" in await weekend.text()
    assert (await head.get(f"{PAGE}?swap=nonsense")).status == 404
    clerk = await scene.signed_in()
    page = await clerk.text(f"{PAGE}?swap=2026-12-30~2026-11-29")
    assert "Перенести" not in page
    assert (await clerk.post(PAGE, SWAP)).status == 403
