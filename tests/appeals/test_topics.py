"""The taxonomy: complete, two levels, findable without understanding."""

from __future__ import annotations

import pytest

from appeals import kind_signals
from appeals.domain import Domain
from appeals.topics import OTHER, Topic
from tests import factories

LEAVES = factories.domain().topics.all()


@pytest.fixture(scope="module")
def domain() -> Domain:
    return factories.domain()


def test_the_whole_taxonomy_is_there(domain: Domain) -> None:
    groups = [group.code for group in domain.topics.groups()]
    assert groups == [
        "UTIL",
        "CITY",
        "ROAD",
        "LAND",
        "HOUSING",
        "SOC",
        "LABOR",
        "EDU",
        "HEALTH",
        "ORDER",
        "DOC",
        "ECO",
        "AGRO",
        "BIZ",
        "COMM",
        "CULT",
        "STATE",
        "OTHER",
    ]
    assert len(domain.topics.all()) == 77
    assert domain.topics.all()[-1].code == OTHER


def test_every_group_but_other_has_topics_and_every_topic_its_group(domain: Domain) -> None:
    for group in domain.topics.groups():
        children = domain.topics.children(group.code)
        assert bool(children) is (group.code != OTHER)
        assert all(domain.topics.get(child.group) is group for child in children)


def test_unknown_codes(domain: Domain) -> None:
    assert domain.topics.find("UTIL.NONE") is None
    assert domain.topics.children("NONE") == ()
    with pytest.raises(KeyError):
        domain.topics.get("NONE")


@pytest.mark.parametrize("topic", LEAVES, ids=lambda topic: topic.code)
def test_names_fit_a_button_and_hints_a_line(topic: Topic) -> None:
    for locale in ("kk", "ru"):
        assert len(topic.name.of(locale)) <= 45
        assert len(topic.hint.of(locale)) <= 110
        assert not topic.hint.of(locale).endswith(".")
        assert topic.keywords.of(locale)


def test_names_are_unique_in_each_language(domain: Domain) -> None:
    for locale in ("kk", "ru"):
        names = [topic.name.of(locale) for topic in domain.topics.all()]
        assert len(set(names)) == len(names)


def test_danger_shows_the_right_number_first(domain: Domain) -> None:
    first = {topic.code: topic.emergency.numbers[0] for topic in domain.topics.all() if topic.emergency}
    assert first["UTIL.GAS"] == "104"
    assert first["ECO.FOREST"] == "101"
    assert first["ORDER.CRIME"] == "102"
    assert first["HEALTH.CLINIC"] == "103"
    assert first["EDU.BULLYING"] == "111"
    assert first["UTIL.WATER"] == "109"
    assert first["HOUSING.DISASTER"] == "112"


def test_where_another_law_rules_the_citizen_is_told(domain: Domain) -> None:
    for code in ("ORDER.CRIME", "ORDER.FINE", "ORDER.DRUGS", "STATE.COURT"):
        assert domain.topics.get(code).limits is not None


def test_usual_kinds_name_existing_topics(domain: Domain) -> None:
    assert all(domain.topics.find(code) for code in kind_signals.DEFAULTS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("нет отопления в квартире", "UTIL.HEAT"),
        ("үйде жылу жоқ", "UTIL.HEAT"),
        ("уйде жылу жок", "UTIL.HEAT"),
        ("мусор не вывозят", "CITY.WASTE"),
        ("қоқыс үйіліп қалды", "CITY.WASTE"),
        ("очередь на землю", "LAND.QUEUE"),
        ("балабақша кезегі", "EDU.KG"),
        ("потерял удостоверение личности", "DOC.ID"),
        ("эцп ключ истек", "DOC.ECP"),
        ("зейнетақы мөлшері", "SOC.PENSION"),
        ("не платят зарплату", "LABOR.WAGE"),
        ("светофор сломан", "ROAD.SIGNS"),
    ],
)
def test_search_finds_a_topic_by_everyday_words(domain: Domain, text: str, code: str) -> None:
    assert code in [topic.code for topic in domain.topics.search(text, limit=3)]


def test_search_without_a_hint_finds_nothing(domain: Domain) -> None:
    assert domain.topics.search("") == ()
    assert domain.topics.search("абракадабра") == ()
    assert domain.topics.search("мусор", limit=0) == ()
