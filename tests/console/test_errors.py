"""Every error has one answer: a page for people, one shape of JSON for scripts, and nothing of our insides."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.app import errors as app_errors
from bot.app.errors import AppError, InvalidInput, TooMany
from bot.app.handover import Handover
from bot.console import ConsoleOptions
from bot.console.auth import source_of
from bot.console.errors import STATUS, TakenBy, code_of, problem_of
from bot.console.words import ALL
from tests.console.scene import Scene

JSON = {"Accept": "application/json"}
OF_CHANNELS = {
    "error", "channel_error", "file_refused", "page_gone", "signature_refused", "recipient_gone", "rate_limited",
    "channel_unavailable", "message_refused", "event_conflict",
}  # fmt: skip


def leaves() -> list[type[AppError]]:
    return [
        kind for kind in vars(app_errors).values() if isinstance(kind, type) and issubclass(kind, AppError)
    ]


def test_every_error_a_use_case_may_raise_has_an_answer() -> None:
    assert {kind.code for kind in leaves()} - OF_CHANNELS <= STATUS.keys()


def test_an_unforeseen_error_is_our_fault_and_tells_nothing_else() -> None:
    problem = problem_of(RuntimeError("password of the database"), ALL["ru"])
    assert (problem.status, problem.code) == (500, "our_fault")
    assert "database" not in str(problem.as_json())
    assert code_of(TimeoutError()) == "busy"


def test_problems_carry_what_scripts_need() -> None:
    assert problem_of(TooMany(12.4), ALL["kk"]).retry_after == 12
    assert problem_of(TakenBy("Айгерім"), ALL["ru"]).detail == "Его уже взял оператор: Айгерім."
    told = problem_of(InvalidInput("until", "too late"), ALL["ru"]).as_json()
    assert (told["status"], told["code"], told["field"]) == (422, "invalid_input", "until")
    assert "too late" not in str(told)


async def test_all_json_errors_share_one_shape(scene: Scene) -> None:
    visitor, stranger = await scene.signed_in(), await scene.visitor()
    answers = [
        await visitor.get("/console/nothing", **JSON),
        await visitor.get("/console/overview", **JSON),
        await visitor.get("/console/conversations/none/claim", **JSON),
        await visitor.post("/console/conversations/none/claim", **JSON),
        await visitor.post("/console/conversations/none/claim", **{**JSON, "Origin": "https://evil.example"}),
        await visitor.post("/console/conversations/none/claim", {"csrf": "forged"}, **JSON),
        await stranger.get("/console/parts/conversations", **JSON),
        await stranger.post("/console/conversations/none/claim", **JSON),
    ]
    assert [answer.status for answer in answers] == [404, 403, 405, 404, 403, 403, 401, 401]
    for answer in answers:
        body = await answer.json()
        assert answer.content_type == "application/problem+json"
        assert set(body) == {"type", "status", "code", "title", "detail"}
        assert body["status"] == answer.status
        assert body["title"]


async def test_trouble_of_ours_is_a_plain_page_and_logged(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: Handover) -> None:
        raise RuntimeError("secret of the database")

    monkeypatch.setattr(Handover, "queue", broken)
    visitor = await scene.signed_in()
    answer = await visitor.get("/console/conversations")
    page = await answer.text()
    assert answer.status == 500
    assert "Ошибка на нашей стороне" in page
    assert "secret" not in page


async def test_a_conversation_that_is_locked_too_long_is_told_as_busy(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(Handover, "claim", slow)
    visitor = await scene.signed_in()
    answer = await visitor.post("/console/conversations/any/claim", **JSON)
    assert (answer.status, (await answer.json())["code"]) == (503, "busy")


async def test_a_static_file_with_an_endless_name_is_not_found(scene: Scene) -> None:
    visitor = await scene.signed_in()
    answer = await visitor.get(f"/console/static/{'a' * 3000}.css")
    assert answer.status == 404


@pytest.mark.parametrize(
    ("trusted", "forwarded", "source"),
    [
        ((), "203.0.113.9", "10.0.0.2"),
        (("10.0.0.0/8",), "203.0.113.9", "203.0.113.9"),
        (("10.0.0.0/8",), "1.2.3.4, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (("10.0.0.0/8",), "", "10.0.0.2"),
        (("10.0.0.0/8",), "not an address", "not an address"),
    ],
)
def test_only_trusted_proxies_name_the_source(trusted: tuple[str, ...], forwarded: str, source: str) -> None:
    request = make_mocked_request("POST", "/", headers={"X-Forwarded-For": forwarded}).clone(
        remote="10.0.0.2"
    )
    options = ConsoleOptions("", secure_cookies=True, trusted_proxies=trusted, demo=False, organisation="")
    assert source_of(request, options) == source
