"""NCANode's documented answers as values, what no answer may do to us, and the fake held to the documented shapes."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from appeals.identifiers import check_bin, check_iin
from integrations.errors import (
    IntegrationError,
    ServiceContractBroken,
    ServiceRejected,
    ServiceUnavailable,
)
from integrations.signature import mapping
from integrations.signature.client import NcaNode
from integrations.signature.port import Signer
from tests.fakes.authority import OPENSSL, Authority
from tests.fakes.ncalayer import recorded
from tests.fakes.ncanode import NcaNodeServer
from tests.integrations.servers import NOW, served

EXTRACT = recorded("ncanode_extract")
PERSON = Signer(
    name="СЫНАҚОВ МЫСАЛ",
    iin="900101300017",
    bin=None,
    valid=True,
    revoked=False,
    for_signing=True,
    not_before=datetime(2026, 5, 2, 8, 38, 13, tzinfo=UTC),
    not_after=datetime(2027, 5, 2, 8, 38, 13, tzinfo=UTC),
    stamped_at=datetime(2026, 11, 21, 5, 30, 41, tzinfo=UTC),
)


def test_a_persons_signature_with_its_time_stamp() -> None:
    answer = recorded("ncanode_verify_person")
    verified = mapping.verified(answer, EXTRACT)
    assert (verified.valid, verified.signers, verified.answer) == (True, (PERSON,), answer)
    assert verified.content.decode() == "Үйде үш күн жылу жоқ, балалар тоңып отыр"


def test_the_key_of_an_organisation_names_both_numbers() -> None:
    (signer,) = mapping.verified(recorded("ncanode_verify_organisation"), EXTRACT).signers
    assert (signer.iin, signer.bin, signer.stamped_at) == (PERSON.iin, "050540000006", None)
    assert check_iin(signer.iin or "", NOW.date()).ok
    assert check_bin(signer.bin or "").ok


def test_a_revoked_certificate_is_told_from_a_valid_one() -> None:
    verified = mapping.verified(recorded("ncanode_verify_revoked"), EXTRACT)
    assert (verified.valid, verified.signers[0].valid, verified.signers[0].revoked) == (False, False, True)


def test_a_time_may_come_as_milliseconds() -> None:
    answer = recorded("ncanode_verify_person")
    answer["signers"][0]["certificates"][0]["notAfter"] = int(PERSON.not_after.timestamp() * 1000)
    assert mapping.verified(answer, EXTRACT).signers == (PERSON,)


def _paths(value: Any, *before: str | int) -> Iterator[tuple[str | int, ...]]:
    """The way to every value of a message."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*before, key)
        yield from _paths(inner, *before, key)


@pytest.mark.parametrize("junk", [None, "", 1.5, [], {}, "2026-05-02T08:38:13", [None]], ids=repr)
def test_an_answer_with_junk_anywhere_is_refused_or_makes_nobody_a_better_signer(junk: object) -> None:
    whole = recorded("ncanode_verify_person")
    for *path, last in _paths(whole):
        answer = deepcopy(whole)
        within: Any = answer
        for step in path:
            within = within[step]
        within[last] = junk
        try:
            verified = mapping.verified(answer, EXTRACT)
        except ValueError:
            continue
        assert verified.valid is True, (path, last)
        for signer in verified.signers:
            assert (signer.valid, signer.revoked) == (True, False), (path, last)
            assert (signer.not_before, signer.not_after) == (PERSON.not_before, PERSON.not_after), (
                path,
                last,
            )
            assert signer.iin in (PERSON.iin, None), (path, last)
            assert signer.bin is None, (path, last)


@pytest.mark.parametrize("data", [None, 7, "no Base64!", "0J"])
def test_content_that_is_none_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="content"):
        mapping.verified(recorded("ncanode_verify_person"), {**EXTRACT, "data": data})


# --- the client ------------------------------------------------------------------------------


@asynccontextmanager
async def node(
    answers: Mapping[str, Mapping[str, Any]], asked: list[Any] | None = None
) -> AsyncIterator[NcaNode]:
    """A client of an NCANode that gives these recorded answers, each with the HTTP status it names itself."""

    async def replay(request: web.Request) -> web.Response:
        if asked is not None:
            asked.append((request.path, await request.json()))
        answer = answers[request.path]
        return web.json_response(answer, status=answer["status"])

    app = web.Application()
    app.router.add_post("/cms/{call}", replay)
    async with served(app) as url:
        client = NcaNode(url)
        try:
            yield client
        finally:
            await client.close()


async def test_what_is_asked_is_as_documented() -> None:
    asked: list[Any] = []
    answers = {"/cms/verify": recorded("ncanode_verify_person"), "/cms/extract": EXTRACT}
    async with node(answers, asked) as client:
        assert (await client.verify(b"a cms")).signers == (PERSON,)
    assert asked == [
        ("/cms/verify", {"cms": "YSBjbXM=", "revocationCheck": ["OCSP", "CRL"]}),
        ("/cms/extract", {"cms": "YSBjbXM="}),
    ]


@pytest.mark.parametrize(
    ("call", "answer", "error"),
    [
        ("extract", recorded("ncanode_extract_detached"), ServiceRejected),
        ("extract", {"status": 500, "message": "Malformed content."}, ServiceRejected),
        ("verify", {"status": 400, "message": "Malformed content."}, ServiceRejected),
        ("verify", {"status": 500, "message": "Internal Server Error"}, ServiceUnavailable),
        ("verify", {"status": 200, "message": "OK"}, ServiceContractBroken),
    ],
)
async def test_each_refusal_has_its_meaning(
    call: str, answer: Mapping[str, Any], error: type[IntegrationError]
) -> None:
    answers = {
        "/cms/verify": recorded("ncanode_verify_person"),
        "/cms/extract": EXTRACT,
        f"/cms/{call}": answer,
    }
    async with node(answers) as client:
        with pytest.raises(error):
            await client.verify(b"a cms")


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
async def test_the_fake_answers_in_the_recorded_shapes(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    key, later = authority.issue("900101300017"), lambda: datetime.now(UTC) + timedelta(minutes=5)
    cms = base64.b64encode(authority.sign(key, b"words")).decode()
    calls: list[tuple[str, dict[str, Any], str]] = [
        ("verify", {"cms": cms, "revocationCheck": ["OCSP", "CRL"]}, "ncanode_verify_person"),
        ("extract", {"cms": cms}, "ncanode_extract"),
        ("verify", {"cms": "AAAA"}, "ncanode_extract_detached"),
    ]
    async with NcaNodeServer(authority, later) as fake, ClientSession() as session:
        for call, body, name in calls:
            async with session.post(f"{fake.url}/cms/{call}", json=body) as answer:
                told = await answer.json()
            assert answer.status == told["status"] == recorded(name)["status"]
            assert set(_paths(told)) <= set(_paths(recorded(name))), name
