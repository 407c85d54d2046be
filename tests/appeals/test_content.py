"""The content of the domain: clean as it is, and told apart from broken content with all faults at once."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from appeals.content_lint import odd_characters
from appeals.load import CONTENT, ContentError, load_domain
from appeals.provenance import Basis, Provenance, Review
from text.bilingual import Bilingual


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    places = copy / "territory.yaml"
    needed = ("places:", '"110000000"', '"117000000"')
    lines = places.read_text(encoding="utf-8").splitlines()
    places.write_text(
        "\n".join(line for line in lines if any(part in line for part in needed)), encoding="utf-8"
    )
    return copy


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load_domain(folder)
    assert caught.value.problems
    return "\n".join(caught.value.problems)


def test_the_content_loads() -> None:
    domain = load_domain()
    assert domain.moved_days.off
    assert len(domain.territory) > 300


def test_nothing_is_called_reviewed() -> None:
    domain = load_domain()
    rows = [*domain.topics.all(), *domain.topics.groups(), *domain.bodies.all()]
    functions = domain.functions.all()
    acts = [act for function in functions for act in function.acts.values()]
    rests = [row.provenance for row in (*rows, *functions)]
    assert {provenance.status for provenance in (*rests, *acts)} == {Review.DRAFT}
    assert {provenance.basis for provenance in rests} == {Basis.GENERAL}
    assert {act.basis for act in acts} == {Basis.LAW}
    assert {provenance.review_by for provenance in (*rests, *acts)} == {date(2027, 5, 31)}


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("functions.yaml", "holder: heat_supplier", "holder: nobody", "heat_delivery: unknown holder nobody"),
        ("functions.yaml", "topics: [EDU.KG]", "topics: [EDU.XX]", "kindergartens: unknown topic EDU.XX"),
        ("functions.yaml", "topics: [EDU.KG]", "topics: []", "kindergartens: 'topics' is empty or missing"),
        ("functions.yaml", "topics: [EDU.KG]", "topics: EDU.KG", "'topics' must be a list of names"),
        ("functions.yaml", "topics: [EDU.VUZ]", "topics: [EDU]", "EDU.VUZ: no central body has a function"),
        (
            "functions.yaml",
            "holder: health\n",
            "holder: district_hospital\n",
            "no local function reaches a region",
        ),
        ("functions.yaml", "- id: schools", "- id: kindergartens", "kindergartens is given twice"),
        ("functions.yaml", "- id: schools", "- name: schools", "a row has no 'id'"),
        (
            "functions.yaml",
            "levels: [okrug]",
            "levels: [planet]",
            "village_roads: unknown level of its holder planet",
        ),
        ("functions.yaml", "act: land_code", "act: moon_code", "land_allotment: unknown act moon_code"),
        ("functions.yaml", 'article: "14-1"', "article: 14", "'article' must be a text, or texts by level"),
        ("functions.yaml", 'region: "27 (1)"}}', 'moon: "27 (1)"}}', "unknown level of its holder moon"),
        (
            "functions.yaml",
            'place: "117000000"',
            'place: "119000000"',
            "119000000 is no district and no city",
        ),
        ("functions.yaml", "uncertain: true", "uncertain: maybe", "'uncertain' is true or left out"),
        ("functions.yaml", 'ru: "проводит ЕНТ"', 'ru: ""', "entrance_testing: 'does' lacks ru"),
        ("topics.yaml", "code: EDU.KG", "code: EDU.SCHOOL", "EDU.SCHOOL is given twice"),
        ("topics.yaml", "code: EDU.KG", "kode: EDU.KG", "a row has no 'code'"),
        ("topics.yaml", "code: EDU.KG", "code: SOC.KG", "does not belong under EDU"),
        (
            "topics.yaml",
            'name: {kk: "Мектеп", ru: "Школа"}',
            'name: {ru: "Школа"}',
            "EDU.SCHOOL: 'name' lacks kk",
        ),
        ("topics.yaml", 'name: {kk: "Мектеп", ru: "Школа"}', 'name: {kk: " "}', "'name' lacks kk and ru"),
        (
            "topics.yaml",
            "provenance: {basis: general, status: draft, review_by: 2027-05-31}",
            "",
            "provenance",
        ),
        ("topics.yaml", "status: draft", "status: reviewed", "reviewed content names its reviewer"),
        ("topics.yaml", "basis: general", "basis: rumour", "rumour"),
        ("topics.yaml", "basis: general", "basis: law", "a legal basis names its act"),
        ("topics.yaml", "review_by: 2027-05-31", "review_by: soon", "'review_by' must be a date"),
        ("topics.yaml", '"104", "112"', '"140", "112"', "unknown emergency number 140"),
        ("topics.yaml", "Мектеп", "Мек\u00adтеп", "invisible character SOFT HYPHEN"),
        ("topics.yaml", "Мектеп", "Meктеп", "two alphabets in «Meктеп»"),
        ("topics.yaml", "Детский", "Детскии\u0306", "stored apart"),
        ("topics.yaml", "groups:", "groups: 5\nothers:", "'groups' must be a list"),
        ("bodies.yaml", "role: police", "role: education", "education is given twice"),
        ("bodies.yaml", "id: supreme_court", "id: police", "police is given twice"),
        ("bodies.yaml", "    town:", "    hamlet:", "unknown office hamlet"),
        ("bodies.yaml", 'ru: "Отдел образования"', 'ru: ""', "education: 'district' lacks ru"),
        (
            "bodies.yaml",
            "companies:",
            "companies:\n- id: idle\n  name: {kk: а, ru: б}",
            "idle has no function",
        ),
        ("bodies.yaml", "superior: employment_social", "superior: nobody", "unknown superior nobody"),
        (
            "bodies.yaml",
            "- id: ministry_health\n  superior: court",
            "- id: ministry_health\n  superior: sanitary_committee",
            "ministry_health → sanitary_committee → ministry_health: superiors go in a circle",
        ),
        ("bodies.yaml", "roles:", "roles:\n- 5", "row 1 of 'roles' must be a mapping"),
        ("moved_days.yaml", "act: P1900000820", "note: none", "moved_days.yaml: moved days, row 1"),
        ("territory.yaml", "type: region", "type: shire", "unknown type 'shire'"),
        ("bodies.yaml", "roles:", "roles: [", "bodies.yaml: while parsing"),
    ],
)
def test_each_fault_is_named(folder: Path, name: str, old: str, new: str, told: str) -> None:
    change(folder, name, old, new)
    assert told in problems(folder)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    change(folder, "topics.yaml", 'name: {kk: "Мектеп", ru: "Школа"}', 'name: {ru: "Школа"}')
    change(folder, "bodies.yaml", "role: police", "role: polise")
    change(folder, "functions.yaml", "holder: heat_supplier", "holder: nobody")
    change(folder, "moved_days.yaml", "act: P1900000820", "note: none")
    told = problems(folder)
    for part in (
        "EDU.SCHOOL: 'name' lacks kk",
        "unknown holder police",
        "polise has no function",
        "unknown holder nobody",
        "row 1",
    ):
        assert part in told


def test_a_missing_file_is_a_problem_like_any_other(folder: Path) -> None:
    (folder / "functions.yaml").unlink()
    told = problems(folder)
    assert "functions.yaml" in told
    assert "UTIL.HEAT: no central body has a function for it" in told


def test_a_folder_without_content_is_refused(tmp_path: Path) -> None:
    assert len(problems(tmp_path).splitlines()) >= 5


@pytest.mark.parametrize(
    "text", ["Өтініш", "e-mail және СМС", "QAZAQGAZ AIMAQ", "«Отбасы банк» – 1414", "две\nстроки"]
)
def test_plain_text_has_no_faults(text: str) -> None:
    assert odd_characters(text) == ()


def test_a_review_needs_a_reviewer_and_a_draft_has_none() -> None:
    day = date(2027, 5, 31)
    with pytest.raises(ValueError, match="names its reviewer"):
        Provenance(Basis.GENERAL, Review.REVIEWED, day)
    with pytest.raises(ValueError, match="names its reviewer"):
        Provenance(Basis.GENERAL, Review.REVIEWED, day, reviewed_by=" ")
    with pytest.raises(ValueError, match="no reviewer"):
        Provenance(Basis.GENERAL, Review.DRAFT, day, reviewed_by="А. Б.")
    act = Bilingual("Кодекс", "Кодекс")
    assert (
        Provenance(Basis.LAW, Review.REVIEWED, day, reviewed_by="А. Б.", act=act, article="65").article
        == "65"
    )
