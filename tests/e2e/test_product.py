"""The whole product as processes: filing, killing, starting again, operators, many processes."""

from __future__ import annotations

import asyncio
import re
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yarl

from tests.e2e.product_process import Service, started
from tests.servers import HANGS_SECONDS

STORY = "Бурабай ауданы Щучинск қаласында үш күннен бері жылу жоқ, балалар тоңып отыр"
FORM = ("guide.topic:UTIL.HEAT", "filing.start")


def buttons(replies: list[dict[str, Any]]) -> set[str]:
    return {button["id"] for reply in replies for button in reply["buttons"]}


async def test_a_citizen_files_and_nothing_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    async with started(tmp_path) as service:
        async with service.session.get(f"{service.base}/ready") as answer:
            assert await answer.json() == {"ready": True, "degraded": ["nlu"]}
        citizen = await service.open("kk")
        await citizen.send(button="guide.topic:UTIL.HEAT")
        await citizen.send(button="filing.start")
        await citizen.send(text="Щучинск")
        await citizen.send(text=STORY)
        await service.kill()
    async with started(tmp_path, port=int(service.base.rpartition(":")[2])) as service:
        citizen.service = service
        await citizen.send(button="filing.agree")
        shown = await citizen.send(button="filing.synthetic")
        assert STORY in shown[-1]["text"]
        confirm = str(uuid.uuid4())
        receipt = await citizen.send(confirm, button="filing.confirm")
        assert "KM-2026-000001" in receipt[0]["text"] or re.search(r"KM-\d{4}-000001", receipt[0]["text"])
        await service.kill()
    async with started(tmp_path, port=int(service.base.rpartition(":")[2])) as service:
        citizen.service = service
        assert await citizen.send(confirm, button="filing.confirm") == receipt
        again = await citizen.send(button="filing.confirm")
        assert "KM-" not in again[0]["text"]
        seqs = [message["seq"] for message in await citizen.messages()]
        assert seqs == sorted(set(seqs))
        assert await service.stop() == 0


async def test_a_second_process_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with started(tmp_path), started(tmp_path, "worker") as second:
        assert await asyncio.wait_for(second.process.wait(), HANGS_SECONDS) == 1
        assert "another process" in second.log.read_text("utf-8")


async def test_wrong_settings_are_all_named_and_nothing_starts(tmp_path: Path) -> None:
    async with started(tmp_path, "worker", FILING_MODE="desk", HTTP_PORT="x") as service:
        assert await asyncio.wait_for(service.process.wait(), HANGS_SECONDS) == 2
    told = service.log.read_text("utf-8")
    assert "ORGANISATION_NAME" in told
    assert "HTTP_PORT" in told
    assert "Traceback" not in told


def browser(service: Service) -> aiohttp.ClientSession:
    """Keeps Secure cookies of the machine itself, as browsers do."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=yarl.URL(service.base))
    )


async def sign_in(service: Service, client: aiohttp.ClientSession) -> None:
    """The first administrator, with the printed password, which must be changed."""
    password = re.search(r"admin / (\S+)", service.log.read_text("utf-8"))
    assert password
    await _form(client, f"{service.base}/console/sign-in", {"login": "admin", "password": password[1]})
    new = {"old": password[1], "password": "бір құпия сөз 2026", "repeated": "бір құпия сөз 2026"}
    await _form(client, f"{service.base}/console/password", new)


async def _form(
    client: aiohttp.ClientSession, page: str, values: dict[str, str], action: str | None = None
) -> str:
    async with client.get(page) as answer:
        csrf = re.search(r'name="csrf" value="([^"]+)"', await answer.text())
    base = "/".join(page.split("/")[:3])
    data = {**values, **({"csrf": csrf[1]} if csrf else {})}
    async with client.post(action or page, data=data, headers={"Origin": base}) as answer:
        text = await answer.text()
        assert answer.status == 200, text
        return text


async def test_an_operator_takes_over_and_the_citizen_reads_the_words(tmp_path: Path) -> None:
    async with started(tmp_path) as service, browser(service) as client:
        citizen = await service.open("ru")
        await citizen.send(text="оператор")
        await sign_in(service, client)
        page = f"{service.base}/console/conversations/{citizen.id}"
        await _form(client, page, {}, f"{page}/claim")
        await _form(client, page, {"text": "Здравствуйте, слушаю вас"}, f"{page}/say")
        last = (await citizen.messages())[-1]
        assert (last["author"], last["text"]) == ("operator", "Здравствуйте, слушаю вас")
        assert await citizen.send(text="Спасибо, у меня вопрос") == []


@pytest.mark.postgres
@pytest.mark.redis
async def test_web_and_worker_as_processes_on_postgresql_and_redis(
    tmp_path: Path, empty_postgres_url: str, redis_url: str
) -> None:
    shared = {"DATABASE_URL": empty_postgres_url, "REDIS_URL": redis_url, "SECRET_KEY": "k" * 40}
    async with (
        started(tmp_path, "web", **shared) as first,
        started(tmp_path, "web", **shared) as second,
        started(tmp_path, "worker", **shared),
    ):
        citizen = await first.open("kk")
        for button in FORM:
            await citizen.send(button=button)
        citizen.service = second
        await citizen.send(text="Щучинск")
        same = str(uuid.uuid4())

        async def told(service: Service) -> list[dict[str, Any]]:
            citizen.service = service
            return await citizen.send(same, text=STORY)

        answers = await asyncio.gather(told(first), told(second))
        assert answers[0] == answers[1]
        assert "filing.agree" in buttons(answers[0])
