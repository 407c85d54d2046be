"""Word lists are data somebody types: no invisible, mixed-script or stray characters."""

from __future__ import annotations

import re
import unicodedata

import pytest
import yaml

from citizen_nlu.lang import abbreviations, concepts, foreign
from citizen_nlu.lang.kk.stop_words import STOP_WORDS
from citizen_nlu.lang.ru import normal_forms as russian

LISTS = {
    "stop words": list(STOP_WORDS),
    "abbreviations": [*abbreviations.CANONICAL, *abbreviations.CANONICAL.values()],
    "foreign": list(foreign.LANGUAGE_OF),
    "spoken": [word for pair in russian._spoken().items() for word in pair],
    "concepts": " ".join(yaml.safe_load(concepts.SOURCE.read_text("utf-8")).values()).split(),
}


@pytest.mark.parametrize("name", LISTS)
def test_no_invisible_characters(name: str) -> None:
    odd = [
        word for word in LISTS[name] if any(unicodedata.category(c) in ("Cf", "Cc", "Mn", "Zs") for c in word)
    ]
    assert not odd


@pytest.mark.parametrize("name", LISTS)
def test_no_word_mixes_latin_and_cyrillic(name: str) -> None:
    parts = [part for word in LISTS[name] for part in re.split(r"[-']", word)]
    assert not [part for part in parts if re.search(r"[a-z]", part) and re.search(r"[а-яёәғқңөұүһі]", part)]


def test_concepts_are_lower_case_and_starred_only_at_the_end() -> None:
    assert not [word for word in LISTS["concepts"] if word != word.lower() or "*" in word[:-1]]
