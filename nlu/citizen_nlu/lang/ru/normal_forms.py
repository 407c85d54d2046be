"""Russian normal forms, word by word (spaCy's lemmatizer leaves ambiguous words alone without a tagger)."""

from __future__ import annotations

from functools import lru_cache

from pymorphy3 import MorphAnalyzer


@lru_cache(maxsize=1)
def _analyzer() -> MorphAnalyzer:
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Whether the dictionary has this very form; pymorphy3 guesses at all others, Kazakh ones included."""
    return bool(_analyzer().word_is_known(word))


@lru_cache(maxsize=50_000)
def normal_form(word: str) -> str:
    """Dictionary form of a lower-case Russian word: «отоплением» → «отопление»."""
    return str(_analyzer().parse(word)[0].normal_form)


@lru_cache(maxsize=50_000)
def part_of_speech(word: str) -> str | None:
    """noun (nominative singular), noun-form, adj, verb or function of a known lower-case form; None for unknown words."""
    if not is_known(word):
        return None
    tag = _analyzer().parse(word)[0].tag
    if tag.POS == "NOUN":
        return "noun" if {"nomn", "sing"} in tag or {"accs", "sing"} in tag else "noun-form"
    if tag.POS in ("ADJF", "ADJS", "PRTF", "PRTS", "COMP"):
        return "adj"
    if tag.POS in ("VERB", "INFN", "GRND"):
        return "verb"
    return "function"
