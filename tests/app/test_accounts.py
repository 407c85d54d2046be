"""Accounts: the first password, signing in, limits, roles."""

from __future__ import annotations

import pytest

from bot.app.errors import InvalidInput, NotFound, NotPermitted, TooMany, WrongAction
from bot.app.records import Operator, Role
from bot.bootstrap import Product
from text.bilingual import Bilingual

NEW = "бір құпия сөз 2026"


async def administrator(product: Product) -> Operator:
    password = await product.accounts.first_administrator()
    assert password
    signed_in = await product.accounts.sign_in("admin", password, "1.1.1.1")
    return (await product.accounts.change_password(signed_in.operator, password, NEW)).operator


async def test_first_password_is_made_once_and_must_be_changed(product: Product) -> None:
    password = await product.accounts.first_administrator()
    assert password
    assert await product.accounts.first_administrator() is None
    signed_in = await product.accounts.sign_in(" ADMIN ", password, "1.1.1.1")
    assert signed_in.must_change
    changed = await product.accounts.change_password(signed_in.operator, password, NEW)
    assert not changed.must_change
    assert await product.accounts.session(signed_in.token) is None
    assert await product.accounts.session(changed.token) is not None
    with pytest.raises(NotPermitted):
        await product.accounts.sign_in("admin", password, "1.1.1.2")


@pytest.mark.parametrize("new", ["short", "admin-admin-admin"])
async def test_weak_passwords_are_refused(product: Product, new: str) -> None:
    password = await product.accounts.first_administrator()
    assert password
    signed_in = await product.accounts.sign_in("admin", password, "1.1.1.1")
    with pytest.raises(InvalidInput):
        await product.accounts.change_password(signed_in.operator, password, new)


async def test_guessing_is_limited_from_one_address_and_from_many(product: Product) -> None:
    tries = product.rules.sign_in_attempts
    for _ in range(tries):
        with pytest.raises(NotPermitted):
            await product.accounts.sign_in("admin", "wrong", "1.1.1.1")
    with pytest.raises(TooMany):
        await product.accounts.sign_in("admin", "wrong", "1.1.1.1")
    for number in range(tries * 4 - tries):
        with pytest.raises((NotPermitted, TooMany)):
            await product.accounts.sign_in("admin", "wrong", f"2.2.2.{number}")
    with pytest.raises(TooMany):
        await product.accounts.sign_in("admin", "wrong", "3.3.3.3")


async def test_a_post_is_given_changed_and_taken_away_without_ending_sessions(product: Product) -> None:
    chief, post = await administrator(product), Bilingual("Бас маман", "Главный специалист")
    made, password = await product.accounts.create(chief, "aigerim", "Айгерім", Role.REGISTRAR, post)
    assert (made.with_post("kk"), made.with_post("ru")) == (
        "Айгерім, Бас маман",
        "Айгерім, Главный специалист",
    )
    signed_in = await product.accounts.sign_in("aigerim", password, "2.2.2.2")
    other = Bilingual("Бөлім басшысы", "Руководитель отдела")
    for given in (other, None):
        await product.accounts.change_post(chief, made.id, given)
        found = await product.accounts.session(signed_in.token)
        assert found is not None
        assert found[0].post == given
    assert found[0].with_post("kk") == "Айгерім"
    with pytest.raises(InvalidInput):
        await product.accounts.change_post(chief, made.id, Bilingual("л" * 101, "д"))
    with pytest.raises(NotPermitted):
        await product.accounts.change_post(made, made.id, post)
    with pytest.raises(NotFound):
        await product.accounts.change_post(chief, "nobody", post)


async def test_administrator_makes_locks_and_unlocks_accounts(product: Product) -> None:
    chief = await administrator(product)
    created, password = await product.accounts.create(chief, "Aigerim", "Айгерім", Role.OPERATOR)
    with pytest.raises(InvalidInput):
        await product.accounts.create(chief, "aigerim", "Басқа", Role.OPERATOR)
    with pytest.raises(NotPermitted):
        await product.accounts.create(created, "berik", "Берік", Role.OPERATOR)
    signed_in = await product.accounts.sign_in("aigerim", password, "2.2.2.2")
    await product.accounts.set_active(chief, created.id, active=False)
    assert await product.accounts.session(signed_in.token) is None
    with pytest.raises(NotPermitted):
        await product.accounts.sign_in("aigerim", password, "2.2.2.2")
    with pytest.raises(WrongAction):
        await product.accounts.set_active(chief, chief.id, active=False)
