"""Kazakh word forms: harmony, assimilation, contractions of sounds."""

from __future__ import annotations

import pytest

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
        ("жап", "Iп", "жауып"),
        ("қой", "Yды", "қояды"),
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
