"""The answers: well-formed, honest about their basis, findable by words."""

from __future__ import annotations

from pathlib import Path

import pytest

from appeals.provenance import Basis, Review
from faq.load import ContentError, load
from faq.rank import Ranker
from tests.factories import faq

GOOD = """
slug: term
category: terms
kind: answer
basis: law
status: draft
review_by: 2027-05-31
act: {kk: "Кодекс", ru: "Кодекс"}
article: {kk: "76-бап", ru: "статья 76"}
topic: OTHER
question: {kk: "Мерзімі қандай?", ru: "Какой срок?"}
answer: {kk: "Он бес жұмыс күні.", ru: "Пятнадцать рабочих дней."}
examples:
  kk: ["а", "ә", "б", "в", "г"]
  ru: ["ғ", "д", "е", "ё", "ж"]
"""


def write(folder: Path, text: str, name: str = "terms/term.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def test_our_own_content_loads_and_none_of_it_claims_a_review() -> None:
    assert len(faq()) >= 80
    assert {entry.provenance.status for entry in faq()} == {Review.DRAFT}
    assert len(faq().reviewed()) == 0


def test_what_rests_on_law_names_act_and_article() -> None:
    law = [entry for entry in faq() if entry.provenance.basis is Basis.LAW]
    assert len(law) >= 30
    assert all(entry.article and entry.provenance.act for entry in law)


def test_signposts_promise_no_sum(tmp_path: Path) -> None:
    for entry in faq():
        if entry.signpost:
            assert not [
                text for text in (entry.answer.kk, entry.answer.ru) if "тенге" in text or "теңге" in text
            ], entry.slug


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("slug: term", "slug: other"), "slug and category"),
        (('ru: "статья 76"', 'ru: ""'), "both languages"),
        (("basis: law", "basis: rumour"), "rumour"),
        (("status: draft", "status: reviewed"), "review"),
        (("topic: OTHER", "topic: NOWHERE"), "unknown topic"),
        (('"а", ', ""), "only 9 examples"),
        (("Он бес", "Он\u200b бес"), "invisible"),
        (('article: {kk: "76-бап", ru: "статья 76"}', ""), "act and the article"),
        (("kind: answer", "kind: guess"), "guess"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    write(tmp_path, GOOD.replace(*change))
    with pytest.raises(ContentError) as raised:
        load(tmp_path, topics=["OTHER"])
    assert problem in str(raised.value)


def test_all_problems_are_told_at_once_and_examples_belong_to_one_entry(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("slug: term", "slug: twin"), "terms/twin.yaml")
    write(tmp_path, "slug: [", "terms/broken.yaml")
    with pytest.raises(ContentError) as raised:
        load(tmp_path)
    assert len(raised.value.problems) >= 11
    assert any("broken.yaml" in problem for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("обращение сколько дней рассматривается", "consideration-term"),
        ("анонимно написать можно?", "anonymous-appeal"),
        ("otinishti kansha kunde karaidy", "consideration-term"),
        ("жауаппен келіспеймін", "disagree-with-answer"),
        ("эцп калай алуга болады", "signature-get"),
    ],
)
def test_search_by_words_finds_among_the_first_three(query: str, slug: str) -> None:
    assert slug in [hit.slug for hit in Ranker(faq()).rank(query)]


def test_search_finds_nothing_in_nothing() -> None:
    ranker = Ranker(faq())
    for query in ("", "???", "qqq www zzz", "\ud800", "я" * 100_000):
        assert len(ranker.rank(query)) <= 3
    assert ranker.rank("") == ()
