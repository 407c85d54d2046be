"""Two registrars at one appeal, on both databases, each in a process of its own: nobody's step overwrites another's."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from appeals.steps import Register
from tests.console.conftest import open_scene


@pytest.mark.parametrize("database", ["sqlite_url", "postgres_url"])
async def test_of_two_steps_decided_by_the_same_page_one_is_taken(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(database)
    async with AsyncExitStack() as stack:
        here = there = await stack.enter_async_context(open_scene(tmp_path, url))
        if database == "postgres_url":
            # A process of its own: without Redis the two share nothing but the database.
            there = await stack.enter_async_context(
                open_scene(shutil.copytree(tmp_path, tmp_path / "there"), url)
            )
        appeal = await here.appeal()
        await here.product.desk.act(await here.account(), appeal.id, Register())
        path = f"/console/appeals/{appeal.id}"
        first, second = await here.signed_in(), await there.signed_in("berik")
        seen = await second.seen(path)
        answers = await asyncio.gather(
            first.post(f"{path}/forward", {"body": "Акимат области", "note": "Решает область", "seen": seen}),
            second.post(f"{path}/ask_fix", {"until": "2026-11-27", "note": "Номер дома?", "seen": seen}),
        )
        assert sorted(answer.status for answer in answers) == [303, 409]
        async with here.product.storage.read() as work:
            assert len(await work.appeals.steps(appeal.id)) == 3, "filed, registered, and one of the two"
