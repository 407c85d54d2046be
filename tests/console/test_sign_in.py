"""Who gets in: passwords, limits, the forced first change, cookies, tokens and origins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app.records import Role
from bot.console.auth import takes_secure_cookies
from bot.console.passwords import Argon2Hasher
from tests.console.scene import Scene, Visitor

PHRASE = "жеті рет өлшеп бір рет кес"


async def sign_in(visitor: Visitor, login: str, password: str, **form: str) -> int:
    await visitor.get("/console/sign-in")
    return (await visitor.post("/console/sign-in", {"login": login, "password": password, **form})).status


def test_a_hash_fits_its_password_and_no_other() -> None:
    hasher = Argon2Hasher()
    hashed = hasher.hash(PHRASE)
    assert hasher.fits(PHRASE, hashed)
    assert not hasher.fits(PHRASE + " ", hashed)
    assert not hasher.fits(PHRASE, "no hash at all")
    assert hasher.hash(PHRASE) != hashed
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), "what OWASP recommends"


async def test_the_first_password_opens_nothing_but_its_own_change(scene: Scene) -> None:
    password = await scene.product.accounts.first_administrator()
    assert password
    visitor = await scene.visitor()
    assert await sign_in(visitor, "admin", password) == 303
    for path in ("/console/conversations", "/console/accounts", "/console/overview", "/console/appeals"):
        answer = await visitor.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/console/password")
    refused = await visitor.get("/console/parts/conversations", Accept="application/json")
    assert (refused.status, (await refused.json())["code"]) == (403, "password_due")
    await visitor.get("/console/password")
    before = visitor.csrf
    changed = await visitor.post(
        "/console/password", {"old": password, "password": PHRASE, "repeated": PHRASE}
    )
    assert changed.headers["Location"] == "/console/conversations?done=password"
    assert (await visitor.get("/console/accounts")).status == 200
    assert visitor.csrf != before
    await visitor.post("/console/sign-out")
    assert (await visitor.get("/console/conversations")).headers["Location"] == "/console/sign-in"
    assert await sign_in(visitor, "ADMIN ", PHRASE) == 303


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"old": "wrong", "password": PHRASE, "repeated": PHRASE}, "Нынешний пароль неверен"),
        ({"old": "{}", "password": PHRASE, "repeated": "other"}, "Пароли не совпадают"),
        ({"old": "{}", "password": "short", "repeated": "short"}, "не короче 12 знаков"),
        ({"old": "{}", "password": "my admin phrase", "repeated": "my admin phrase"}, "не содержать логина"),
    ],
)
async def test_a_bad_new_password_is_explained_beside_its_field(
    scene: Scene, form: dict[str, str], told: str
) -> None:
    password = await scene.product.accounts.first_administrator()
    assert password
    visitor = await scene.visitor()
    await sign_in(visitor, "admin", password)
    await visitor.get("/console/password")
    answer = await visitor.post(
        "/console/password", {**form, "old": form["old"].format(password)}, **{"Accept-Language": "ru"}
    )
    text = await answer.text()
    assert answer.status == 422
    assert told in text
    assert 'aria-invalid="true"' in text


async def test_wrong_passwords_run_into_a_limit_that_says_how_long(scene: Scene) -> None:
    await scene.product.accounts.first_administrator()
    visitor = await scene.visitor()
    assert [await sign_in(visitor, "admin", f"wrong {n}") for n in range(5)] == [403] * 5
    await visitor.get("/console/sign-in")
    answer = await visitor.post(
        "/console/sign-in", {"login": "admin", "password": "x"}, **{"Accept-Language": "ru"}
    )
    assert answer.status == 429
    assert 800 < int(answer.headers["Retry-After"]) <= 900
    text = await answer.text()
    assert "Слишком много попыток" in text
    assert "мин." in text
    assert 'value="admin"' in text


async def test_an_unknown_login_and_a_wrong_password_are_told_alike(scene: Scene) -> None:
    await scene.product.accounts.first_administrator()
    texts = []
    for login in ("admin", "nobody"):
        visitor = await scene.visitor()
        await visitor.get("/console/sign-in")
        answer = await visitor.post("/console/sign-in", {"login": login, "password": "x"})
        texts.append((await answer.text()).replace(login, "").replace(visitor.csrf, ""))
    assert texts[0] == texts[1]


async def test_signing_in_again_ends_the_session_before(scene: Scene) -> None:
    hasher = scene.product.accounts.hasher
    visitor = await scene.signed_in("aigerim")
    account = await scene.account("aigerim")
    async with scene.product.storage.write() as work:
        await work.operators.save(
            type(account)(account.id, account.login, account.name, account.role, hasher.hash(PHRASE))
        )
        await work.commit()
    old = visitor.client.session.cookie_jar.filter_cookies(scene.server.make_url("/"))[
        "__Host-komekshi"
    ].value
    answer = await visitor.post("/console/sign-in", {"login": "aigerim", "password": PHRASE})
    assert answer.status == 303
    assert answer.cookies["__Host-komekshi"].value != old
    assert await scene.product.accounts.session(old) is None


async def test_cookies_are_bound_to_the_host_and_out_of_reach(scene: Scene) -> None:
    visitor = await scene.visitor()
    answer = await visitor.get("/console/sign-in")
    (cookie,) = answer.headers.getall("Set-Cookie")
    assert cookie.startswith("__Host-komekshi-browser=")
    for part in ("Path=/", "Secure", "HttpOnly", "SameSite=Strict"):
        assert part in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://komek.example", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://10.0.0.5:8080", False),
        ("http://komek.example", False),
    ],
)
def test_secure_cookies_only_where_browsers_keep_them(url: str, kept: bool) -> None:
    assert takes_secure_cookies(url) is kept


async def test_pages_lead_to_sign_in_and_back(scene: Scene) -> None:
    appeal = await scene.appeal()
    visitor = await scene.visitor()
    answer = await visitor.get(f"/console/appeals/{appeal.id}?x=1")
    assert answer.headers["Location"] == f"/console/sign-in?next=/console/appeals/{appeal.id}?x%3D1"
    page = await visitor.text(answer.headers["Location"])
    assert f'value="/console/appeals/{appeal.id}?x=1"' in page
    assert (await visitor.get("/console/live", Accept="application/json")).status == 401


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "/console//evil", "/console/\\evil", "/"]
)
async def test_signing_in_leads_nowhere_else(scene: Scene, onward: str) -> None:
    visitor = await scene.signed_in()
    answer = await visitor.get(f"/console/sign-in?next={onward}")
    assert answer.headers["Location"] == "/console/conversations"


# --- tokens and origins ----------------------------------------------------------------------


async def test_a_form_without_its_token_is_refused(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    visitor.csrf = ""
    answer = await visitor.post(f"/console/conversations/{conversation}/claim")
    assert answer.status == 403
    assert "Форма устарела" in await answer.text()
    assert (await scene.conversation(conversation)).holder is None


async def test_another_sessions_token_is_refused(scene: Scene) -> None:
    conversation = await scene.waiting()
    visitor, other = await scene.signed_in("aigerim"), await scene.signed_in("berik")
    visitor.csrf = other.csrf
    assert (await visitor.post(f"/console/conversations/{conversation}/claim")).status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_a_form_of_another_site_is_refused(scene: Scene, origin: str) -> None:
    conversation = await scene.waiting()
    visitor = await scene.signed_in()
    answer = await visitor.post(f"/console/conversations/{conversation}/claim", Origin=origin)
    assert answer.status == 403
    assert "другого сайта" in await answer.text()
    assert (await scene.conversation(conversation)).holder is None


async def test_the_wire_is_closed_to_other_sites_and_strangers(scene: Scene) -> None:
    visitor, stranger = await scene.signed_in(), await scene.visitor()
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    foreign = await visitor.get("/console/live", Origin="https://evil.example", **upgrade)
    assert (foreign.status, (await foreign.json())["code"]) == (403, "foreign_origin")
    unknown = await stranger.get("/console/live", Origin=stranger.origin, **upgrade)
    assert (unknown.status, unknown.content_type) == (401, "application/problem+json")


async def test_an_endless_form_is_refused(scene: Scene) -> None:
    visitor = await scene.signed_in()
    answer = await visitor.post("/console/language", {"locale": "k" * 300_000})
    assert answer.status == 413


async def test_a_form_with_a_character_no_database_keeps_is_refused(scene: Scene) -> None:
    visitor, stranger = await scene.signed_in(), await scene.visitor()
    await stranger.get("/console/sign-in")
    refused = [
        await stranger.post("/console/sign-in", {"login": "a\0b", "password": "x"}),
        await visitor.post("/console/appeals/search", {"words": "снег\0"}),
        await visitor.post("/console/appeals/search", {"words": "снег\0"}, **{"X-CSRF-Token": visitor.csrf}),
    ]
    assert [answer.status for answer in refused] == [403, 403, 403]


async def test_every_answer_is_hardened(scene: Scene) -> None:
    visitor = await scene.signed_in()
    for path in ("/console/conversations", "/console/nothing", "/console/static/console.css"):
        headers = (await visitor.get(path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert (await visitor.get("/console/conversations")).headers["Cache-Control"] == "no-store"


async def test_a_session_ends_by_itself(scene: Scene) -> None:
    visitor = await scene.signed_in()
    scene.clock.pass_time(timedelta(hours=13))
    assert (await visitor.get("/console/conversations")).status == 303


# --- languages -------------------------------------------------------------------------------


async def test_the_language_is_chosen_and_remembered(scene: Scene) -> None:
    visitor = await scene.visitor()
    assert "Оператор консолі" in await visitor.text("/console/sign-in")
    answer = await visitor.post("/console/language", {"locale": "ru", "next": "/console/sign-in"})
    assert answer.headers["Location"] == "/console/sign-in"
    page = await visitor.text("/console/sign-in")
    assert '<html lang="ru">' in page
    assert "Консоль оператора" in page


async def test_the_browsers_language_counts_until_one_is_chosen(scene: Scene) -> None:
    visitor = await scene.visitor()
    page = await (await visitor.get("/console/sign-in", **{"Accept-Language": "en-US,ru;q=0.8"})).text()
    assert '<html lang="ru">' in page


# --- roles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "overview", "accounts"),
    [(Role.OPERATOR, 403, 403), (Role.SUPERVISOR, 200, 403), (Role.ADMINISTRATOR, 200, 200)],
)
async def test_each_role_sees_its_own(scene: Scene, role: Role, overview: int, accounts: int) -> None:
    visitor = await scene.signed_in(role.value, role)
    page = await visitor.text("/console/appeals")
    assert (await visitor.get("/console/overview")).status == overview
    assert (await visitor.get("/console/accounts")).status == accounts
    assert ('href="/console/overview"' in page) == (overview == 200)
    assert ('href="/console/accounts"' in page) == (accounts == 200)
