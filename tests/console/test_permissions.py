"""Every route of the console, tried by every role and by nobody: the router itself says which routes there are."""

from __future__ import annotations

import pytest
from aiohttp import web

from appeals.lifecycle import Action
from bot.app.access import PERMISSIONS, Operation, Reach
from bot.app.records import Role
from bot.console.permissions import NEEDED, OWN_ACCOUNT, PUBLIC
from tests.console.scene import Scene, console_of


def routes(scene: Scene) -> list[tuple[str, str, str]]:
    """(method, address with example parts, name)."""
    console = next(iter(console_of(scene.product)._subapps))
    found = []
    for route in console.router.routes():
        address = route.resource.canonical if route.resource else ""
        if route.method == "HEAD" or isinstance(route.resource, web.StaticResource):
            continue
        for part, example in (("{id}", "none"), ("{file}", "none"), ("{action}", "register")):
            address = address.replace(part, example)
        found.append((route.method, address, route.name or ""))
    return found


async def test_every_route_says_whom_it_is_for(scene: Scene) -> None:
    named = {name for _, _, name in routes(scene)}
    assert named - {"static"} == (set(NEEDED) | OWN_ACCOUNT | PUBLIC) - {"static"}


@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_through_where_the_table_lets_it(scene: Scene, role: Role) -> None:
    visitor = await scene.signed_in("somebody", role)
    for method, address, name in routes(scene):
        if name in PUBLIC | {"sign_out", "live"}:
            continue
        answer = await (visitor.get(address) if method == "GET" else visitor.post(address))
        operation = Operation.REGISTER if name == "act" else NEEDED.get(name)
        barred = operation is not None and PERMISSIONS[operation][role] is Reach.NONE
        assert (answer.status == 403) is barred, (role, method, address, answer.status)
        assert answer.status < 500, (role, method, address)


async def test_nobody_gets_in_without_signing_in(scene: Scene) -> None:
    visitor = await scene.visitor()
    await visitor.get("/console/sign-in")
    for method, address, name in routes(scene):
        if name in PUBLIC:
            continue
        answer = await (visitor.get(address) if method == "GET" else visitor.post(address))
        assert (answer.status, answer.headers.get("Location", "").partition("?")[0]) in (
            (303, "/console/sign-in"),
            (401, ""),
        ), (method, address)


@pytest.mark.parametrize("role", Role)
async def test_a_step_the_role_may_not_take_is_refused_on_a_real_appeal(scene: Scene, role: Role) -> None:
    conversation = await scene.talk()
    visitor = await scene.signed_in("somebody", role)
    for action in Action:
        appeal = await scene.appeal(conversation)
        answer = await visitor.post(f"/console/appeals/{appeal.id}/{action.value}")
        reach = PERMISSIONS[Operation(f"appeal.{action.value}")][role]
        if reach is not Reach.ALL:
            assert answer.status == 403, (role, action)
        assert answer.status < 500


async def test_what_is_anothers_is_refused_and_ones_own_is_not(scene: Scene) -> None:
    visitor = await scene.signed_in("erlan", Role.EXECUTOR)
    theirs = await scene.appeal(executor_id="id-erlan")
    other = await scene.appeal(executor_id="id-berik")
    for place, status in ((theirs, 200), (other, 403)):
        assert (await visitor.get(f"/console/appeals/{place.id}")).status == status
        assert (await visitor.get(f"/console/conversations/{place.conversation_id}")).status == status
    registry = await visitor.text("/console/appeals")
    assert theirs.id in registry
    assert other.id not in registry


def test_the_table_has_a_row_for_every_operation_and_a_place_for_every_role() -> None:
    assert set(PERMISSIONS) == set(Operation)
    assert all(set(row) == set(Role) for row in PERMISSIONS.values())
