"""The public pages and the files of the widget, without a browser."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest

from bot.channels.web.assets import FOLDER, Assets
from text.bilingual import Bilingual


async def test_the_whole_widget_weighs_at_most_40_kilobytes(client) -> None:
    page = await (await client.get("/widget/")).read()
    files = [FOLDER / "widget.js", *(FOLDER / "widget").iterdir()]
    weight = sum(len(gzip.compress(content, 9)) for content in (page, *(file.read_bytes() for file in files)))
    assert weight <= 40 * 1024


async def test_pages_use_nothing_from_elsewhere_and_no_inline_script(client) -> None:
    for path in ("/", "/terms", "/status", "/widget/"):
        html = re.sub(r"(?s)<pre.*?</pre>", "", await (await client.get(path)).text())
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!adilet\.zan\.kz)', html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        assert not re.search(r'\s(?:on\w+|style)=["\']', html)
    for file in FOLDER.rglob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", file.read_text()
        )


@pytest.mark.parametrize("path", ["/", "/terms", "/status", "/widget/"])
async def test_each_page_speaks_both_languages(client, path: str) -> None:
    for headers, query, expected in (
        ({"Accept-Language": "ru"}, "", "ru"),
        ({"Accept-Language": "en-US"}, "", "kk"),
        ({"Accept-Language": "ru"}, "?lang=kk", "kk"),
        ({}, "?lang=xx", "kk"),
    ):
        response = await client.get(path + query, headers=headers)
        assert f'<html lang="{expected}"' in await response.text()
        assert response.headers["Content-Language"] == expected


async def test_without_demo_mode_there_is_no_banner_and_the_organisation_is_named(aiohttp_build) -> None:
    client, _ = await aiohttp_build(demo=False, organisation=Bilingual("Мысал <b>әкімдігі", "Акимат-пример"))
    for path in ("/", "/widget/"):
        assert 'class="demo"' not in await (await client.get(path)).text()
    assert "Мысал &lt;b&gt;әкімдігі" in await (await client.get("/terms?lang=kk")).text()
    demo, _ = await aiohttp_build()
    for path in ("/", "/widget/"):
        assert 'class="demo"' in await (await demo.get(path)).text()


async def test_files_are_kept_for_ever_under_their_version_only(client) -> None:
    version = Assets.load().version
    fresh = await client.get(f"/widget/{version}/app.js")
    assert "immutable" in fresh.headers["Cache-Control"]
    assert fresh.content_type == "text/javascript"
    again = await client.get(f"/widget/{version}/app.js", headers={"If-None-Match": fresh.headers["ETag"]})
    assert again.status == 304
    assert (await client.get("/widget/old/app.js")).headers["Cache-Control"] == "no-store"
    plain = await client.get(
        f"/widget/{version}/app.js", headers={"Accept-Encoding": "identity"}, auto_decompress=False
    )
    assert await plain.read() == (FOLDER / "widget" / "app.js").read_bytes()
    assert (await client.get("/widget.js")).headers["Access-Control-Allow-Origin"] == "*"
    for path in (
        f"/widget/{version}/none.js",
        f"/widget/{version}/..%2F..%2Froutes.py",
        f"/site/{version}/app.js",
    ):
        assert (await client.get(path)).status == 404


async def look_up(client: Any, reference: str, secret: str, lang: str = "kk") -> Any:
    return await client.post(f"/status?lang={lang}", data={"reference": reference, "secret": secret})


@pytest.mark.parametrize(
    ("reference", "secret"), [("KM-2026-000123", "7ACDEFGHJK"), ("км 2026 000123", "7acd-efgh-jk")]
)
async def test_a_status_is_shown_for_reference_and_secret(client, reference: str, secret: str) -> None:
    response = await look_up(client, reference, secret)
    html = await response.text()
    assert response.status == 200
    for words in ("Тіркелді", "2026 жылғы 14 желтоқсан", "ЖТ-2026-01", "ӘРПК 76-бабы (1–2)"):
        assert words in html
    assert "14 декабря 2026 года" in await (await look_up(client, reference, secret, "ru")).text()
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("reference", "secret"),
    [
        ("KM-2026-000123", "7ACDEFGHJJ"),
        ("KM-2026-000124", "7ACDEFGHJK"),
        ("", ""),
        ("x" * 60, "y"),
        ('"><script>', "7ACDEFGHJK"),
    ],
)
async def test_a_wrong_reference_or_secret_tells_nothing(client, reference: str, secret: str) -> None:
    response = await look_up(client, reference, secret)
    html = await response.text()
    assert response.status == 404
    assert "табылмады" in html
    assert "Тіркелді" not in html
    assert "<script>" not in html


async def test_looking_up_is_limited(client, built) -> None:
    response = await look_up(client, "KM-2026-000999", "7ACDEFGHJK", "ru")
    assert (response.status, response.headers["Retry-After"]) == (429, "30")


async def test_odd_status_requests_do_no_harm(client) -> None:
    for kind, raw in (
        ("text/plain", b"x"),
        ("application/x-www-form-urlencoded", b"reference=" + b"x" * 9000),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff&reference=%00"),
        ("multipart/form-data; boundary=x", b"--x"),
    ):
        response = await client.post("/status", data=raw, headers={"Content-Type": kind})
        assert response.status == 404


async def test_a_reference_from_a_receipts_code_is_filled_in_and_nothing_else(client) -> None:
    html = await (await client.get("/status?lang=ru&reference=km-2026-123&secret=7ACDEFGHJK")).text()
    assert 'value="KM-2026-000123"' in html
    assert "7ACDEFGHJK" not in html
    assert "<script" not in await (await client.get('/status?reference="><script>')).text()


async def test_the_page_tells_the_way_so_far_and_what_comes_next(client) -> None:
    html = await (await look_up(client, "KM-2026-000123", "7ACDEFGHJK", "ru")).text()
    assert "Отправлено" in html
    assert "Пояснение: &lt;b&gt;түсіндірме&lt;/b&gt;" in html
    assert "Ответ должны дать не позднее 14 декабря 2026 года (АППК, статья 76 (1–2))." in html
    assert "7ACDEFGHJK" not in html
    assert "Оцените ответ" not in html


async def test_an_answer_is_rated_with_a_word_and_may_be_challenged(client, built) -> None:
    built.desk.answer = "Жылу қосылды."
    html = await (await look_up(client, "KM-2026-000123", "7ACDEFGHJK")).text()
    assert "Жылу қосылды." in html
    assert 'href="widget/?lang=kk&amp;complain=KM-2026-000123"' in html
    assert "Жүктеп алу: акт.pdf" in html
    act = await client.post("/status/file", data={"ticket": "ticket", "file": "f9"})
    assert (await act.read(), act.headers["Content-Disposition"][:10]) == (b"%PDF-act", "attachment")
    assert (await client.post("/status/file", data={"ticket": "ticket", "file": "f8"})).status == 403
    rated = await client.post(
        "/status/rate?lang=kk", data={"ticket": "ticket", "score": "2", "word": "<i>кеш</i>"}
    )
    html = await rated.text()
    assert rated.status == 200
    assert "бағаңыз сақталды" in html
    assert 'value="2" checked' in html
    assert "&lt;i&gt;кеш&lt;/i&gt;" in html
    assert 'href="../widget/?' in html
    assert built.desk.rating.score == 2
    for score in ("", "0", "6", "½", "1e1"):
        wrong = await client.post("/status/rate", data={"ticket": "ticket", "score": score})
        assert wrong.status == 422
        assert 'role="alert"' in await wrong.text()


async def test_what_the_ticket_opens_and_what_it_does_not(client, built) -> None:
    receipt = await client.post("/status/receipt", data={"ticket": "ticket"})
    assert (await receipt.read()).startswith(b"%PDF-")
    assert receipt.headers["Content-Disposition"].startswith("attachment")
    assert receipt.headers["X-Frame-Options"] == "DENY"
    for path in ("receipt", "rate"):
        refused = await client.post(f"/status/{path}?lang=ru", data={"ticket": "other", "score": "5"})
        assert refused.status == 403
        assert "слишком долго" in await refused.text()
        back = await client.get(f"/status/{path}?lang=ru", allow_redirects=False)
        assert (back.status, back.headers["Location"]) == (303, "../status?lang=ru")
    early = await client.post("/status/rate", data={"ticket": "ticket", "score": "5"})
    assert early.status == 409
