"""The registry of state functions in the console."""

from __future__ import annotations

from datetime import timedelta

from bot.app.records import Role
from tests.console.scene import Scene
from tests.factories import domain

FUNCTIONS = "/console/functions"


async def test_everybody_reads_who_does_what_by_which_act(scene: Scene) -> None:
    for role in Role:
        visitor = await scene.signed_in(role.value, role)
        page = await visitor.text(FUNCTIONS)
        assert page.count('<tr id="') == len(domain().functions.all())
        assert "Функции госорганов" in page
        assert "самоуправлении в Республике Казахстан»: статья 31, пункт 1; статья 27, пункт 1" in page
        assert "жалобы рассматривает: Аппарат акима района" in page
        assert "жалобы рассматривает: суд" in page
        assert "не точно" in page
        assert "не проверено" in page
        assert "Срок проверки прошёл" not in page
    stranger = await scene.visitor()
    assert (await stranger.get(FUNCTIONS)).status == 303


async def test_functions_are_found_by_topic_and_by_words(scene: Scene) -> None:
    visitor = await scene.signed_in("aigerim")
    roads = await visitor.text(f"{FUNCTIONS}?group=ROAD")
    assert 'id="passenger_transport"' in roads
    assert 'id="heat"' not in roads
    found = await visitor.text(f"{FUNCTIONS}?q=жилищно+отопление")
    assert 'id="heat"' in found
    assert 'id="power"' not in found
    nothing = await visitor.text(f"{FUNCTIONS}?q=<script>")
    assert "Таких функций нет." in nothing
    assert 'value="<script>"' not in nothing


async def test_overdue_reviews_are_said_and_can_be_listed(scene: Scene) -> None:
    visitor = await scene.signed_in("aigerim")
    assert "Таких функций нет." in await visitor.text(f"{FUNCTIONS}?overdue=1")
    scene.clock.pass_time(timedelta(days=400))
    visitor = await scene.signed_in("dana")
    page = await visitor.text(f"{FUNCTIONS}?overdue=1")
    assert f"Срок проверки прошёл: {len(domain().functions.all())}" in page
    assert 'class="pill bad"' in page
