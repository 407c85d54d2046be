"""Kazakh word forms: harmony, assimilation, and the way back from a form to its kind."""

from __future__ import annotations

from random import Random

import pytest

from citizen_nlu.augment import letterless
from citizen_nlu.lang.kk import inflection


@pytest.mark.parametrize(
    ("stem", "ending", "form"),
    [
        ("бала", "LAр", "балалар"),
        ("көз", "LAр", "көздер"),
        ("кітап", "LAр", "кітаптар"),
        ("кітап", "IмIз", "кітабымыз"),
        ("халық", "3", "халқы"),
        ("тілек", "Iң", "тілегің"),
        ("үй", "GA", "үйге"),
        ("мұғалім", "NIң", "мұғалімнің"),
        ("қыз", "Mен", "қызбен"),
        ("адам", "FAн", "адамнан"),
        ("аудан", "DAғI", "аудандағы"),
        ("бар", "BAйды", "бармайды"),
        ("жаз", "BADI", "жазбады"),
        ("айт", "Yсыз", "айтасыз"),
        ("оқы", "YMIн", "оқимын"),
        ("оқы", "уGA", "оқуға"),
        ("шық", "Iп", "шығып"),
        ("сөйле", "IңIзшI", "сөйлеңізші"),
        ("кел", "GIм", "келгім"),
        ("күт", "", "күт"),
    ],
)
def test_attach(stem: str, ending: str, form: str) -> None:
    assert inflection.attach(stem, ending) == form


def test_the_stem_comes_first_and_forms_are_many() -> None:
    nouns, verbs = list(inflection.noun_forms("дос")), list(inflection.verb_forms("кел"))
    assert nouns[0] == "дос"
    assert verbs[0] == "кел"
    assert {"достарымызға", "досымның", "достар"} <= set(nouns)
    assert {"келмеймін", "келіңізші", "келген", "келсек"} <= set(verbs)


def test_stems_are_many_and_each_is_there_once() -> None:
    for kind, row in inflection.stems().items():
        assert len(row) == len(set(row)), kind
    assert sum(map(len, inflection.stems().values())) >= 1500


def test_every_form_is_recognised_however_it_is_typed() -> None:
    rng = Random(1)
    for form in inflection.sample(rng, 500):
        assert inflection.kind_of(form), form
        assert inflection.kind_of(letterless(form, Random(3))), form


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("баламның", "noun"),
        ("келмейди", "verb"),
        ("қашан", "function"),
        ("сказала", None),
        ("поезд", None),
        ("hello", None),
        ("", None),
    ],
)
def test_kind(word: str, kind: str | None) -> None:
    assert inflection.kind_of(word) == kind


@pytest.mark.parametrize(("word", "stem"), [("справканы", "справка"), ("цонға", "цон"), ("эцп-ны", "эцп")])
def test_loans(word: str, stem: str) -> None:
    assert stem in inflection.loan_stems(word)
