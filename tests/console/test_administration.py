"""Accounts and the overview."""

from __future__ import annotations

import re

from appeals.lifecycle import Status
from bot.app.records import AppealRating, Role
from tests.console.scene import Scene, furnish
from text.bilingual import Bilingual

ADMIN = ("admin", Role.ADMINISTRATOR)


async def test_a_new_accounts_password_is_shown_once_and_works(scene: Scene) -> None:
    visitor = await scene.signed_in(*ADMIN)
    answer = await visitor.post(
        "/console/accounts", {"login": "Dana.K", "name": "Дана Қ.", "role": "supervisor"}
    )
    page = await answer.text()
    assert answer.status == 201
    shown = re.search(r'<code id="once">([^<]+)</code>', page)
    assert shown
    assert answer.headers["Cache-Control"] == "no-store"
    again = await visitor.text("/console/accounts")
    assert shown[1] not in again
    assert "dana.k" in again
    signed_in = await scene.product.accounts.sign_in("dana.k", shown[1], "here")
    assert (signed_in.must_change, signed_in.operator.role) == (True, Role.SUPERVISOR)


async def test_a_post_is_given_with_the_account_or_later_in_one_language_or_both(scene: Scene) -> None:
    visitor = await scene.signed_in(*ADMIN)
    form = {"login": "dana", "name": "Дана", "role": "registrar"}
    posts = {"post_kk": "Бас маман", "post_ru": "Главный  специалист"}
    assert "Главный специалист" in await (await visitor.post("/console/accounts", form | posts)).text()
    account = next(
        one for one in await scene.product.accounts.all(await scene.account(*ADMIN)) if one.login == "dana"
    )
    assert account.post == Bilingual("Бас маман", "Главный специалист")
    path = f"/console/accounts/{account.id}/post"
    assert (await visitor.post(path, {"post_kk": "", "post_ru": "Секретарь"})).status == 303
    page = await visitor.text("/console/accounts?done=post")
    assert "Должность сохранена" in page
    assert page.count('value="Секретарь"') == 2
    assert (await visitor.post(path, {"post_kk": "", "post_ru": ""})).status == 303
    assert "Секретарь" not in await visitor.text("/console/accounts")
    assert (await visitor.post(path, {"post_ru": "д" * 101})).status == 422
    own = await visitor.post("/console/accounts/id-admin/post", {"post_ru": "Администратор системы"})
    assert own.status == 303
    assert "Администратор системы" in await visitor.text("/console/accounts")


async def test_a_bad_account_is_explained_beside_its_field(scene: Scene) -> None:
    visitor = await scene.signed_in(*ADMIN)
    for form, told in (
        ({"login": "admin", "name": "Второй", "role": "operator"}, "не должен быть занят"),
        ({"login": "a b", "name": "Второй", "role": "operator"}, "3–60 знаков"),
        ({"login": "second", "name": "В", "role": "operator"}, "от 2 до 100"),
        ({"login": "second", "name": "Второй", "role": "king"}, "Выберите роль"),
    ):
        answer = await visitor.post("/console/accounts", form)
        page = await answer.text()
        assert answer.status == 422
        assert told in page
        assert f'value="{form["name"]}"' in page


async def test_locking_ends_sessions_and_unlocking_lets_in_again(scene: Scene) -> None:
    admin, operator = await scene.signed_in(*ADMIN), await scene.signed_in("aigerim")
    assert (await admin.post("/console/accounts/id-aigerim/lock")).status == 303
    assert (await operator.get("/console/conversations")).status == 303
    assert "Заблокирована" in await admin.text("/console/accounts?done=locked")
    assert (await admin.post("/console/accounts/id-aigerim/unlock")).status == 303
    assert "Заблокирована" not in await admin.text("/console/accounts")


async def test_a_reset_shows_a_new_password_and_ends_sessions(scene: Scene) -> None:
    admin, operator = await scene.signed_in(*ADMIN), await scene.signed_in("aigerim")
    answer = await admin.post("/console/accounts/id-aigerim/reset")
    assert "Aigerim: первый пароль" in await answer.text()
    assert (await operator.get("/console/conversations")).status == 303
    assert (await admin.post("/console/accounts/none/reset")).status == 404


async def test_nobody_locks_themselves_out(scene: Scene) -> None:
    visitor = await scene.signed_in(*ADMIN)
    page = await visitor.text("/console/accounts")
    assert "Это вы" in page
    assert "id-admin/lock" not in page
    assert (await visitor.post("/console/accounts/id-admin/lock")).status == 409


async def test_only_administrators_change_accounts(scene: Scene) -> None:
    await scene.account("berik")
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        visitor = await scene.signed_in(role.value, role)
        for path in (
            "/console/accounts",
            "/console/accounts/id-berik/reset",
            "/console/accounts/id-berik/post",
            "/console/accounts/id-berik/lock",
        ):
            form = {"login": "new", "name": "New", "role": "administrator"}
            assert (await visitor.post(path, form)).status == 403


async def test_the_overview_counts_and_lists(scene: Scene) -> None:
    await furnish(scene)
    answered = await scene.appeal(status=Status.ANSWERED)
    async with scene.product.storage.write() as work:
        await work.ratings.put(AppealRating(answered.id, 2, "Ничего не <b>изменилось", scene.clock.now()))
        await work.commit()
    page = await (await scene.signed_in("dana", Role.SUPERVISOR)).text("/console/overview")
    assert "Ничего не &lt;b&gt;изменилось" in page
    assert answered.reference in page
    for words in (
        "Передано оператору",
        "просрочено на 3 рабочих дня",
        "не доставлено",
        "(67 %)",
    ):
        assert words in page
    assert "KM-2026-000002" not in page, "due in fifteen working days"
    load = re.search(r'(?s)id="workload".*?</section>', page)
    assert load
    rows = re.findall(r"(?s)<tr>(.*?)</tr>", load[0])[1:]
    assert ["Айгерім Сейітова" in row for row in rows] == [False, True], "whoever is most behind comes first"
    assert 'href="/console/appeals?view=overdue" class="pill bad">1<' in rows[0]
    assert 'href="/console/appeals?view=open&amp;executor=id-aigerim">1<' in rows[1]
