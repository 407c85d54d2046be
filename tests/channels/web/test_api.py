"""The HTTP interface: what it answers, what it refuses, and that nothing makes it fall over."""

from __future__ import annotations

import io
import json
import uuid
from ipaddress import ip_network
from typing import Any

import jsonschema
import pytest
from aiohttp import FormData
from openapi_spec_validator import validate

from bot.app.records import Author
from tests.channels.web.conftest import OPTIONS

OPEN = "/api/v1/conversations"


def new_id() -> str:
    return str(uuid.uuid4())


async def opened(client: Any, **body: Any) -> tuple[str, dict[str, str]]:
    response = await client.post(OPEN, json=body)
    assert response.status == 201
    talk = await response.json()
    return f"{OPEN}/{talk['id']}", {"Authorization": f"Bearer {talk['token']}"}


async def refusal(response: Any) -> tuple[int, str]:
    assert response.content_type == "application/problem+json"
    body = await response.json()
    assert body["status"] == response.status
    assert body["detail"]
    return response.status, body["code"]


async def test_an_opened_conversation_already_has_its_welcome(client) -> None:
    response = await client.post(OPEN, json={"locale": "ru"})
    talk = await response.json()
    assert response.headers["Location"].endswith(f"/{talk['id']}/messages")
    [welcome] = talk["messages"]
    assert welcome["author"] == "bot"
    assert welcome["ai"] is True
    assert welcome["locale"] == "ru"
    assert welcome["buttons"][0] == {"id": "form.step:1", "label": "Подать обращение"}


async def test_each_way_of_saying_something_reaches_the_assistant(client) -> None:
    path, auth = await opened(client)
    for body, answer in (
        ({"text": " Сәлем\u200b "}, "«Сәлем»"),
        ({"button": "menu.topic:UTIL.HEAT"}, "menu.topic|UTIL.HEAT"),
        ({"button": "complain:KM-2026-000001"}, "complain|KM-2026-000001"),
        ({"place": {"lat": 53.0833, "lon": 70.3}}, "53.0833 70.3"),
        ({"command": "status KM-2026-000123"}, "/status|KM-2026-000123"),
        ({"link": "0a" * 32}, f"start|{'0a' * 32}"),
    ):
        response = await client.post(f"{path}/messages", json={"id": new_id(), **body}, headers=auth)
        assert response.status == 200
        assert [reply["text"] for reply in (await response.json())["replies"]] == [answer]


async def test_the_same_id_and_body_get_the_same_answer_and_another_body_a_conflict(client, built) -> None:
    path, auth = await opened(client)
    identity = new_id()
    first = await client.post(
        f"{path}/messages", json={"id": identity, "text": "жауап қашан келеді"}, headers=auth
    )
    again = await client.post(
        f"{path}/messages", json={"id": identity.upper(), "text": "жауап қашан келеді "}, headers=auth
    )
    assert await first.json() == await again.json()
    assert len(built.assistant.talks["talk-1"].messages) == 3
    other = await client.post(f"{path}/messages", json={"id": identity, "text": "басқа"}, headers=auth)
    assert await refusal(other) == (409, "event_conflict")


async def test_messages_are_read_from_a_sequence_number_without_notes(client, built) -> None:
    path, auth = await opened(client)
    await built.assistant.say("talk-1", "ішкі жазба", author=Author.NOTE)
    await built.assistant.say("talk-1", "Сәлем, мен операторман", author=Author.OPERATOR, name="Айгүл")
    body = await (await client.get(f"{path}/messages?after=1", headers=auth)).json()
    assert [(m["seq"], m["name"], m["ai"]) for m in body["messages"]] == [(3, "Айгүл", False)]
    assert body["more"] is False


GOOD = {"id": "0b8f0f0e-6a55-4c39-9a4e-4d1a3d1f6b11"}
BAD = [
    ({**GOOD}, "invalid_input"),
    ({**GOOD, "text": "бір", "button": "a.b"}, "invalid_input"),
    ({**GOOD, "text": 5}, "invalid_input"),
    ({**GOOD, "text": None}, "invalid_input"),
    ({**GOOD, "text": "\u200b \x00"}, "invalid_input"),
    ({**GOOD, "text": "\ud83d"}, "invalid_input"),
    ({**GOOD, "text": "бір", "admin": True}, "invalid_input"),
    ({**GOOD, "\ud800": 1, "text": "бір"}, "invalid_input"),
    ({"id": "1", "text": "бір"}, "invalid_input"),
    ({"id": ["x"], "text": "бір"}, "invalid_input"),
    ({"id": "\ud83d" * 36, "text": "бір"}, "invalid_input"),
    ({**GOOD, "button": "Menu Open"}, "invalid_input"),
    ({**GOOD, "button": "a.b:\ud83d"}, "invalid_input"),
    ({**GOOD, "button": "a.b:" + "ә" * 40}, "invalid_input"),
    ({**GOOD, "button": {"id": "a.b"}}, "invalid_input"),
    ({**GOOD, "place": {"lat": 91, "lon": 0}}, "invalid_input"),
    ({**GOOD, "place": {"lat": True, "lon": 0}}, "invalid_input"),
    ({**GOOD, "place": {"lat": "43", "lon": 0}}, "invalid_input"),
    ({**GOOD, "place": [43, 76]}, "invalid_input"),
    ({**GOOD, "place": {"lat": 10**400, "lon": 0}}, "invalid_input"),
    ({**GOOD, "command": "rm -rf"}, "invalid_input"),
    ({**GOOD, "command": "start"}, "invalid_input"),
    ({**GOOD, "link": "0A" * 32}, "invalid_input"),
    ({**GOOD, "link": "f_answer-term"}, "invalid_input"),
    ({**GOOD, "text": "ә" * 4001}, "text_too_long"),
]


@pytest.mark.parametrize(("body", "code"), BAD)
async def test_what_cannot_be_taken_is_refused_with_words(client, body: Any, code: str) -> None:
    path, auth = await opened(client)
    headers = {**auth, "Content-Type": "application/json"}
    response = await client.post(f"{path}/messages", data=json.dumps(body), headers=headers)
    assert await refusal(response) == (422, code)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"id": NaN}',
        b"[" * 50000,
        b'{"a":' * 20000,
        b"\x00",
        b'{"id": 1e}',
        b'{"place": {"lat": ' + b"9" * 5000 + b', "lon": 1}}',
    ],
)
async def test_broken_json_is_told_apart(client, raw: bytes) -> None:
    path, auth = await opened(client)
    headers = {**auth, "Content-Type": "application/json"}
    response = await client.post(f"{path}/messages", data=raw, headers=headers)
    assert await refusal(response) in ((400, "bad_json"), (413, "too_large"))


async def test_a_text_at_the_limit_is_taken_and_over_it_the_citizen_hears_what_to_do(client) -> None:
    path, auth = await opened(client)
    fits = await client.post(f"{path}/messages", json={"id": new_id(), "text": "ә" * 4000}, headers=auth)
    assert fits.status == 200
    for language, words in (
        ("ru-RU,ru;q=0.9,kk;q=0.1", "Сократите"),
        ("kk", "Қысқартыңыз"),
        ("en", "Қысқартыңыз"),
    ):
        headers = {**auth, "Accept-Language": language}
        response = await client.post(
            f"{path}/messages", json={"id": new_id(), "text": "ә" * 4001}, headers=headers
        )
        body = await response.json()
        assert words in body["detail"]
        assert (body["length"], body["limit"]) == (4001, 4000)


async def test_requests_of_the_wrong_form_are_refused(client) -> None:
    path, auth = await opened(client)
    form = await client.post(OPEN, data="{}", headers={"Content-Type": "text/plain"})
    assert await refusal(form) == (415, "media_type")
    large = await client.post(OPEN, data=b" " * 70_000, headers={"Content-Type": "application/json"})
    assert await refusal(large) == (413, "too_large")
    assert await refusal(await client.post(OPEN, json={"locale": "en"})) == (422, "invalid_input")
    assert await refusal(await client.post(OPEN, json={"locale": ["kk"]})) == (422, "invalid_input")
    method = await client.delete(f"{path}/messages", headers=auth)
    assert await refusal(method) == (405, "method")
    assert method.headers["Allow"] == "GET, POST, OPTIONS"
    assert await refusal(await client.get("/api/v1/nothing")) == (404, "no_page")
    for after in ("-1", "x", "1e3", "٣", "9" * 40):
        assert await refusal(await client.get(f"{path}/messages", params={"after": after}, headers=auth)) == (
            422,
            "invalid_input",
        )


async def test_nobody_reads_a_conversation_without_its_token(client) -> None:
    path, _ = await opened(client)
    _, stranger = await opened(client)
    said = {"id": new_id(), "text": "бір"}
    for headers, expected in (
        ({}, (401, "no_token")),
        ({"Authorization": "Basic eA=="}, (401, "no_token")),
        ({"Authorization": "Bearer "}, (401, "no_token")),
        (stranger, (403, "not_permitted")),
    ):
        assert await refusal(await client.get(f"{path}/messages", headers=headers)) == expected
        assert await refusal(await client.post(f"{path}/messages", json=said, headers=headers)) == expected
        assert (
            await refusal(await client.post(f"{path}/files", data=FormData({"id": "x"}), headers=headers))
            == expected
        )
    assert await refusal(await client.get(f"{OPEN}/unknown/messages", headers=stranger)) == (404, "not_found")
    assert await refusal(await client.get(f"{OPEN}/%F0%9F%98%80/messages", headers=stranger)) == (
        404,
        "not_found",
    )


async def test_a_rate_limit_says_when_to_come_back(client, built) -> None:
    path, auth = await opened(client)
    built.limiter.closed = "web.message:"
    response = await client.post(f"{path}/messages", json={"id": new_id(), "text": "бір"}, headers=auth)
    assert await refusal(response) == (429, "too_many")
    assert response.headers["Retry-After"] == "8"
    built.limiter.closed = "web.open:"
    assert await refusal(await client.post(OPEN, json={})) == (429, "too_many")


async def test_trouble_inside_is_a_problem_without_details(client, built) -> None:
    path, auth = await opened(client)
    built.assistant.broken = True
    response = await client.post(f"{path}/messages", json={"id": new_id(), "text": "бір"}, headers=auth)
    assert await refusal(response) == (500, "internal")
    assert "storage" not in await response.text()


# --- files -----------------------------------------------------------------------------------


def upload(content: Any, name: str = "сурет.txt", **fields: str) -> FormData:
    form = FormData(quote_fields=False)  # as browsers do
    for key, value in {"id": new_id(), **fields}.items():
        form.add_field(key, value)
    form.add_field("file", content, filename=name, content_type="text/plain")
    return form


async def test_a_file_is_handed_on_with_its_caption(client, built) -> None:
    path, auth = await opened(client)
    response = await client.post(
        f"{path}/files", data=upload(b"abc", caption=" менің\u200b үйім "), headers=auth
    )
    assert [reply["text"] for reply in (await response.json())["replies"]] == [
        "Қабылданды: сурет.txt менің үйім"
    ]
    assert built.assistant.files == [("сурет.txt", b"abc")]


async def test_a_repeated_upload_gets_the_same_answer_and_another_file_a_conflict(client) -> None:
    path, auth = await opened(client)
    identity = new_id()
    first = await client.post(f"{path}/files", data=upload(b"abc", id=identity), headers=auth)
    again = await client.post(f"{path}/files", data=upload(b"abc", id=identity), headers=auth)
    assert await first.json() == await again.json()
    other = await client.post(f"{path}/files", data=upload(b"abd", id=identity), headers=auth)
    assert await refusal(other) == (409, "event_conflict")


async def test_a_refused_kind_of_file_is_answered_in_the_conversation(client) -> None:
    path, auth = await opened(client)
    response = await client.post(f"{path}/files", data=upload(b"MZ", "a.exe"), headers=auth)
    assert [reply["text"] for reply in (await response.json())["replies"]] == ["refused:type"]


async def test_bad_uploads_are_refused(client) -> None:
    path, auth = await opened(client)
    big = await client.post(
        f"{path}/files", data=upload(io.BytesIO(b"x" * (OPTIONS.rules.attachment_bytes + 1))), headers=auth
    )
    assert await refusal(big) == (413, "too_large")
    assert "20 МБ" in (await big.json())["detail"]
    assert await refusal(await client.post(f"{path}/files", data=upload(b"x", id="7"), headers=auth)) == (
        422,
        "invalid_input",
    )
    assert await refusal(await client.post(f"{path}/files", json={"id": new_id()}, headers=auth)) == (
        415,
        "media_type",
    )
    twice = upload(b"x")
    twice.add_field("file", b"y", filename="b.txt")
    assert await refusal(await client.post(f"{path}/files", data=twice, headers=auth)) == (400, "bad_upload")
    broken = {**auth, "Content-Type": "multipart/form-data; boundary=x"}
    for raw in (
        b"",
        b"garbage",
        b"--x\r\n\r\n",
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc',
        b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\n\xff\r\n--x--\r\n',
    ):
        response = await client.post(f"{path}/files", data=raw, headers=broken)
        assert response.status in (400, 422), raw
        await refusal(response)
    unnamed = {**auth, "Content-Type": "multipart/form-data"}
    assert await refusal(await client.post(f"{path}/files", data=b"abc", headers=unnamed)) == (
        400,
        "bad_upload",
    )


async def test_a_receipt_is_saved_with_the_conversations_own_token(client) -> None:
    path, auth = await opened(client)
    said = await client.post(
        f"{path}/messages",
        json={"id": new_id(), "text": "түбіртек"},
        headers={**auth, "Accept-Language": "kk"},
    )
    (reply,) = (await said.json())["replies"]
    assert reply["file"] == "receipt:KM-2026-000123"
    response = await client.get(f"{path}/files/{reply['file']}", headers=auth)
    assert await response.read() == b"%PDF-talk-1"
    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="talon-KM-2026-000123.pdf"'
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert await refusal(await client.get(f"{path}/files/other", headers=auth)) == (404, "not_found")
    assert await refusal(await client.get(f"{path}/files/{reply['file']}")) == (401, "no_token")


# --- origins, headers, description -----------------------------------------------------------


async def test_only_allowed_origins_may_read_the_interface(client) -> None:
    ours = await client.options(
        OPEN, headers={"Origin": "https://akimat.example", "Access-Control-Request-Method": "POST"}
    )
    assert ours.status == 204
    assert ours.headers["Access-Control-Allow-Origin"] == "https://akimat.example"
    assert "Authorization" in ours.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in ours.headers
    for origin in (
        "https://evil.example",
        "https://akimat.example.evil.example",
        "null",
        "https://akimat.example:444",
    ):
        response = await client.post(OPEN, json={}, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/widget/"])
async def test_a_made_up_host_adds_nothing_to_the_policy(client, path: str) -> None:
    response = await client.get(path, headers={"Host": "evil.example; script-src *"})
    assert "evil" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/", "/terms", "/status", "/widget/", "/api/v1/openapi.json", "/api/v1/none"]
)
async def test_every_answer_has_strict_headers(client, path: str) -> None:
    response = await client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    framed = "frame-ancestors 'self' https://akimat.example" in policy
    assert framed is (path == "/widget/")
    assert ("X-Frame-Options" in response.headers) is not framed
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_forwarded_addresses_count_only_from_trusted_proxies(aiohttp_build) -> None:
    for trusted, expected in (
        ((), "127.0.0.1"),
        ((ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")), "203.0.113.9"),
    ):
        client, built = await aiohttp_build(trusted_proxies=trusted)
        await client.post(OPEN, json={}, headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9, 10.1.1.1"})
        assert built.limiter.keys == [f"web.open:{expected}"]


async def test_the_description_is_valid_and_answers_follow_it(client) -> None:
    document = await (await client.get("/api/v1/openapi.json")).json()
    validate(document)

    def check(value: Any, path: str, method: str, status: str) -> None:
        [media] = document["paths"][path][method]["responses"][status]["content"].values()
        jsonschema.validate(value, {**media["schema"], "components": document["components"]})

    talk = await (await client.post(OPEN, json={})).json()
    check(talk, OPEN, "post", "201")
    path, auth = f"{OPEN}/{talk['id']}/messages", {"Authorization": f"Bearer {talk['token']}"}
    said = {"id": new_id(), "text": "газ иісі шығып тұр"}
    jsonschema.validate(
        said, {**document["components"]["schemas"]["Said"], "components": document["components"]}
    )
    check(
        await (await client.post(path, json=said, headers=auth)).json(),
        OPEN + "/{id}/messages",
        "post",
        "200",
    )
    check(await (await client.get(path, headers=auth)).json(), OPEN + "/{id}/messages", "get", "200")
    long = await client.post(path, json={"id": new_id(), "text": "x" * 5000}, headers=auth)
    check(await long.json(), OPEN + "/{id}/messages", "post", "422")
