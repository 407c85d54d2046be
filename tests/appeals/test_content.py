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
    rests = [row.provenance for row in rows] + [topic.route.provenance for topic in domain.topics.all()]
    assert {provenance.status for provenance in rests} == {Review.DRAFT}
    assert {provenance.basis for provenance in rests} == {Basis.GENERAL}
    assert {provenance.review_by for provenance in rests} == {date(2027, 5, 31)}


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("routing.yaml", "[heat_supplier]", "[nobody]", "UTIL.HEAT: unknown company nobody"),
        (
            "routing.yaml",
            "local: [housing_utilities], central",
            "local: [nobody], central",
            "unknown role nobody",
        ),
        ("routing.yaml", "[monopolies_committee]", "[nobody]", "unknown central body nobody"),
        ("routing.yaml", "uncertain: [digital]", "uncertain: [police]", "unknown uncertain addressee police"),
        ("routing.yaml", "  EDU.KG: {}", "", "EDU.KG: has no route"),
        ("routing.yaml", "  EDU.KG: {}", "  EDU.KG: {}\n  EDU.XX: {}", "unknown topic EDU.XX"),
        ("routing.yaml", "  EDU.KG: {}", "  EDU.KG: {}\n  EDU.KG: {}", "key given twice: EDU.KG"),
        ("routing.yaml", "  EDU.KG: {}", "  EDU.KG: 5", "EDU.KG: must be a mapping"),
        ("routing.yaml", "  EDU.KG: {}", "  EDU.KG: {central: []}", "'central' is empty or missing"),
        (
            "routing.yaml",
            "  EDU.KG: {}",
            "  EDU.KG: {local: [local_akim]}",
            "no local role has an office in a region",
        ),
        ("routing.yaml", "  EDU.KG: {}", "  EDU.KG: {local: education}", "'local' must be a list of names"),
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
            "idle is named by no route",
        ),
        ("bodies.yaml", "roles:", "roles:\n- 5", "row 1 of 'roles' must be a mapping"),
        (
            "districts/117000000.yaml",
            '"117000000"',
            '"119000000"',
            "is not the district this file is named by",
        ),
        ("districts/117000000.yaml", "CITY.WASTE", "CITY.DIRT", "unknown topic CITY.DIRT"),
        (
            "districts/117000000.yaml",
            "[district_hospital, health]",
            "[hospital, health]",
            "unknown role hospital",
        ),
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
    change(folder, "routing.yaml", "[heat_supplier]", "[nobody]")
    change(folder, "moved_days.yaml", "act: P1900000820", "note: none")
    told = problems(folder)
    for part in (
        "EDU.SCHOOL: 'name' lacks kk",
        "unknown role police",
        "polise is named by no route",
        "nobody",
        "row 1",
    ):
        assert part in told


def test_a_missing_file_is_a_problem_like_any_other(folder: Path) -> None:
    (folder / "routing.yaml").unlink()
    told = problems(folder)
    assert "routing.yaml" in told
    assert "UTIL.HEAT: has no route" in told


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
