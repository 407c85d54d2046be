"""What counts as the same public problem."""

from __future__ import annotations

import pytest

from appeals.appeal import Draft
from appeals.kinds import Kind
from appeals.matters import Matter, matter_of, street_key
from tests.factories import domain

TERRITORY = domain().territory


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ул. Абая, 15", "Абай көшесі 7-12"),
        ("проспект Назарбаева 3", "Назарбаев даңғылы, 3"),
        ("улица Мира", "мира 5"),
        ("Толе би 93", "Төле би көшесі, 1"),
        ("улица Ауэзова 4", "Әуезов көшесі"),
    ],
)
def test_a_street_is_the_same_in_both_languages(one: str, other: str) -> None:
    assert street_key(one) == street_key(other) != ""


def test_other_streets_differ_and_a_house_alone_is_none() -> None:
    keys = [street_key(text) for text in ("ул. Абая 1", "ул. Мира 1", "ул. 8 Марта", "Назарбаев даңғылы 1")]
    assert len(set(keys)) == 4
    assert street_key("дом 5") == street_key("") == ""


@pytest.mark.parametrize(
    ("draft", "matter"),
    [
        (Draft(Kind.APPLICATION, "UTIL.HEAT", place="117020100"), Matter("UTIL.HEAT", "117020100")),
        (Draft(None, "ROAD.LOCAL", place="117000000"), Matter("ROAD.LOCAL", "117000000")),
        (
            Draft(Kind.REPORT, "CITY.WASTE", place="117020100", address="Абай көшесі 3"),
            Matter("CITY.WASTE", "117020100", street_key("ул. Абая")),
        ),
        (Draft(Kind.REPORT, "UTIL.HEAT", place="710000000"), None),
        (
            Draft(Kind.REPORT, "UTIL.HEAT", place="710000000", address="ул. Мира 3"),
            Matter("UTIL.HEAT", "710000000", street_key("Мира 1")),
        ),
        (Draft(Kind.REPORT, "UTIL.HEAT", place="110000000", address="ул. Мира 3"), None),
        (Draft(Kind.APPLICATION, "SOC.ASP", place="117020100"), None),
        (Draft(Kind.COMPLAINT, "UTIL.HEAT", place="117020100"), None),
        (Draft(Kind.PROPOSAL, "CITY.YARD", place="117020100"), None),
        (Draft(Kind.APPLICATION, "UTIL.HEAT"), None),
        (Draft(Kind.APPLICATION, "UTIL.HEAT", place="999999999"), None),
        (Draft(), None),
    ],
)
def test_only_public_problems_of_a_place_are_common(draft: Draft, matter: Matter | None) -> None:
    assert matter_of(draft, TERRITORY) == matter
