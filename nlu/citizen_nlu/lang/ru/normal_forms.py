"""Russian normal forms, word by word (spaCy's lemmatizer leaves ambiguous words alone without a tagger)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pymorphy3 import MorphAnalyzer


@lru_cache(maxsize=1)
def _analyzer() -> MorphAnalyzer:
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=1)
def _yo() -> Any:
    """Lets е in a message match ё in the dictionary."""
    return _analyzer().dictionary.words.compile_replaces({"е": "ё"})


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Whether the dictionary has this very form; pymorphy3 guesses at all others, Kazakh ones included."""
    return bool(_analyzer().word_is_known(word))


@lru_cache(maxsize=1)
def _spoken() -> dict[str, str]:
    """Spoken word (е for ё) → the dictionary form meant."""
    rows: dict[str, str] = yaml.safe_load((Path(__file__).parent / "spoken.yml").read_text("utf-8"))
    return {said.replace("ё", "е"): meant for meant, row in rows.items() for said in row.split()}


def is_spoken(word: str) -> bool:
    """Whether our list has this lower-case word as one that is said or written for another."""
    return word.replace("ё", "е") in _spoken()


def is_noun(word: str) -> bool:
    """Whether a lower-case word is the nominative of a noun, or said for one: what Kazakh endings can be put on."""
    return "noun" in parts_of_speech(_spoken().get(word.replace("ё", "е"), word))


@lru_cache(maxsize=20_000)
def normal_form(word: str) -> str:
    """Dictionary form of a lower-case Russian word: «отоплением» → «отопление», «удостака» → «удостоверение»."""
    spoken = _spoken()
    if (meant := spoken.get(word.replace("ё", "е"))) is not None:
        return meant
    readings = _analyzer().parse(word)
    forms = [str(reading.normal_form) for reading in (readings[:1] if is_known(word) else readings)]
    return next(
        (spoken[form.replace("ё", "е")] for form in forms if form.replace("ё", "е") in spoken), forms[0]
    )


_CLASSES = {
    **dict.fromkeys(("PREP", "CONJ", "PRCL", "NPRO", "ADVB", "PRED", "NUMR"), "function"),
    **dict.fromkeys(("VERB", "GRND"), "verb"),
    "INFN": "infinitive",
    **dict.fromkeys(("ADJF", "ADJS", "PRTF", "PRTS", "COMP"), "adj"),
}
_NAMES = frozenset(("Name", "Surn", "Patr", "Geox"))
"""Grammemes of people's names and places."""


@lru_cache(maxsize=None)
def _class_of(paradigm: int, place: int) -> str | None:
    tag = _analyzer().dictionary.build_tag_info(paradigm, place)
    if "Apro" in tag.grammemes:  # «мой», «тот» say no more than a pronoun
        return "function"
    if tag.POS == "ADJF" and tag.gender == "masc" and tag.case in ("nomn", "accs"):
        return "adj-base"
    if tag.POS != "NOUN":
        return _CLASSES.get(tag.POS)
    if not _NAMES.isdisjoint(tag.grammemes):
        return "name"
    return "noun" if "sing" in tag.grammemes and tag.case in ("nomn", "accs") else "noun-form"


def parts_of_speech(word: str) -> frozenset[str]:
    """All a lower-case form can be; empty when unknown.

    noun (nominative singular), noun-form, name, adj, adj-base (masculine, as the dictionary has it), verb, infinitive,
    function. Read straight from the dictionary, several times faster than `parse`, which also ranks the readings.
    """
    readings = _analyzer().dictionary.words.similar_items(word, _yo())
    return frozenset(part for _, places in readings for at in places if (part := _class_of(*at)) is not None)


def inflections(word: str) -> list[str]:
    """Every form of the likeliest reading of a known word: «дом», «дома», «дому», …"""
    return [form.word for form in _analyzer().parse(word)[0].lexeme] if is_known(word) else []
