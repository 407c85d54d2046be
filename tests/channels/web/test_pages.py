"""The public pages and the files of the widget, without a browser."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from aiohttp import FormData

from bot.channels.web.assets import FOLDER, Assets
from dialogs.messages import msg
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
    for words in ("Тіркелді", "2026 жылғы 14 желтоқсан", "ЖТ-2026-01", "ӘРПК, 76-бап, 1–2-бөліктер"):
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
    assert "Ответ должны дать не позднее 14 декабря 2026 года (АППК, статья 76, части 1–2)." in html
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


def addition(ticket: str = "ticket", text: str = "", kept: tuple[str, ...] = (), **files: bytes) -> FormData:
    """The form as a browser sends it: an empty file where none was chosen."""
    form = FormData([("ticket", ticket), ("text", text), *(("kept", each) for each in kept)])
    for name, content in (files or {"": b""}).items():
        form.add_field("files", content, filename=name, content_type="application/octet-stream")
    return form


async def test_what_is_added_on_the_page_reaches_the_use_case_and_is_confirmed(client, built) -> None:
    html = await (await look_up(client, "KM-2026-000123", "7ACDEFGHJK", "ru")).text()
    assert 'action="status/add?lang=ru#add"' in html
    assert "<details>" in html, "not asked for: folded away"
    done = await client.post(
        "/status/add?lang=ru", data=addition(text="<b>12 үй", kept=("f9",), a=b"x" * 70_000)
    )
    assert done.status == 200
    assert built.desk.added == ("<b>12 үй", ["f9"], [("a", b"x" * 70_000)])
    html = await done.text()
    assert "Ваше дополнение приложено" in html
    assert html.index("Ответ должны дать не позднее 14 декабря 2026") < html.index('name="text"')
    assert "12 үй" not in html


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        ("empty", 422, "Нет ни текста"),
        ("long", 422, "до 4000 знаков"),
        ("files", 422, "Сохраните его как PDF"),
        ("busy", 503, "через несколько секунд"),
        ("over", 409, "нельзя ничего добавить"),
        ("too_many", 429, "через 8 с"),
    ],
)
async def test_what_cannot_be_added_stays_on_the_page_with_what_to_do(
    client, built, problem: str, status: int, words: str
) -> None:
    built.desk.refusal = {"problem": problem, "seconds": 7.5 if problem == "too_many" else 0}
    if problem == "files":
        built.desk.refusal["refused"] = [("<акт>.svg", msg("input.file_active"))]
    answer = await client.post("/status/add?lang=ru", data=addition(text="<b>моё"))
    html = await answer.text()
    assert answer.status == status
    assert words in html
    assert "&lt;b&gt;моё" in html
    assert 'name="kept" value="f9" checked' in html
    assert ("Retry-After" in answer.headers) is (problem == "too_many")
    assert "&lt;акт&gt;.svg" in html or problem != "files"


async def test_an_addition_after_the_ticket_has_expired_waits_for_the_code(client) -> None:
    refused = await client.post("/status/add?lang=ru", data=addition("other", "дом 12\nкв. 7"))
    html = await refused.text()
    assert refused.status == 403
    assert '<input type="hidden" name="text" value="дом 12\nкв. 7">' in html.replace("\r", "")
    form = {"reference": "KM-2026-000123", "secret": "7ACDEFGHJJ", "text": "ұ" * 4000}
    assert f'value="{"ұ" * 4000}"' in await (await client.post("/status", data=form)).text()
    again = await (await client.post("/status", data={**form, "secret": "7ACDEFGHJK"})).text()
    assert "ұ" * 4000 + "</textarea>" in again
    assert "<details open>" in again


async def test_a_form_that_is_cut_or_none_at_all_does_no_harm(client, built) -> None:
    head = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    told = head.format("ticket", "ticket") + head.format("text", "үй 12")
    file = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\nabc'
    for kind, body, status in (
        ("multipart/form-data; boundary=x", told + file, 400),
        ("multipart/form-data; boundary=x", "--x", 403),
        ("multipart/form-data; boundary=x", told + head.format("text", "x" * 20_000), 400),
        ("application/x-www-form-urlencoded", "ticket=ticket&text=x", 403),
        ("multipart/form-data", told, 403),
    ):
        answer = await client.post("/status/add?lang=kk", data=body.encode(), headers={"Content-Type": kind})
        assert answer.status == status, (kind, body[:200])
        assert ("үй 12" in await answer.text()) is (status == 400)
    assert built.desk.added is None
