"""From text to words: spaCy splits, our rules choose the normal form word by word, since one message mixes languages."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult
from typing import NamedTuple

import spacy
from text.cleaning import clean
from text.latin import Language, to_cyrillic
from text.letters import KAZAKH_LETTERS, fold

from citizen_nlu.lang import kk  # noqa: F401  registers the language class
from citizen_nlu.lang.abbreviations import CANONICAL
from citizen_nlu.lang.kk import morphology as kazakh
from citizen_nlu.lang.ru import normal_forms as russian

_CYRILLIC = re.compile(r"[Ѐ-ԯ]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DIGITS = re.compile(r"\d+")
_SERVICE_NUMBERS = frozenset(("101", "102", "103", "104", "109", "111", "112", "150", "1414"))
"""Telephones that everybody knows by number."""
_SPOKEN = re.compile(r"[^\W_]")
_AT_ONCE = 2000


class Word(NamedTuple):
    """One token of a message with its place in it: `surface` and `normal` are folded Cyrillic."""

    text: str
    start: int
    surface: str
    normal: str

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.start + len(self.text)

    @property
    def spoken(self) -> bool:
        """Whether it has a letter or a digit, so is no mere punctuation mark or emoji."""
        return self.text.isalnum() or _SPOKEN.search(self.text) is not None


@lru_cache(maxsize=2)
def _tokenizer(language: str) -> spacy.Language:
    pipeline = spacy.blank(language)
    pipeline.vocab.lex_attr_getters = {}  # nothing here reads them, and every new word would pay for all of them
    return pipeline


def without_surrogates(text: str) -> str:
    """The text with every lone surrogate replaced, so that it can be encoded; offsets stay."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _read_as(language: str) -> Language:
    return "ru" if language == "ru" else "kk"


def canonical(word: str, language: str) -> str:
    """Lower-case Cyrillic spelling of one word; Latin habits are read as `language` (kk or ru), digits become 0, except telephones of
    services."""
    parts = clean(word).lower().split("-")
    cyrillic = [part if _CYRILLIC.search(part) else to_cyrillic(part, _read_as(language)) for part in parts]
    return _DIGITS.sub(lambda found: found[0] if found[0] in _SERVICE_NUMBERS else "0", "-".join(cyrillic))


@lru_cache(maxsize=20_000)
def normal_form(word: str, language: str) -> str:
    """Normal form of a canonical word, folded. Our Kazakh stems decide first (not in Russian messages), then the Russian
    dictionary, for Russian words with Kazakh suffixes, too; what neither knows is cut as a Kazakh word."""
    folded = fold(word)
    if folded in CANONICAL:
        return CANONICAL[folded]
    letterless = KAZAKH_LETTERS.isdisjoint(word)
    if language == "ru" and letterless:
        return fold(russian.normal_form(word))
    if kazakh.analyses(word):
        return fold(kazakh.lemma(word))
    if letterless and (russian.is_known(word) or russian.is_spoken(word)):
        return fold(russian.normal_form(word))
    for stem in kazakh.cuts(word):
        if fold(stem) in CANONICAL:
            return CANONICAL[fold(stem)]
        if russian.is_noun(stem):
            return fold(russian.normal_form(stem))
    return fold(kazakh.lemma(word))


def _forms(typed: str, language: str) -> tuple[str, str]:
    """Surface and normal form of a word as it was typed."""
    word = canonical(typed, language)
    return fold(word), normal_form(word, language)


_forms_kept = lru_cache(maxsize=20_000)(_forms)
_forms_met = lru_cache(maxsize=None)(_forms)
"""For training, which meets every word again."""


def split(text: str, language: str, forms: Callable[[str, str], tuple[str, str]] = _forms_kept) -> list[Word]:
    """Words of the message in order; `language` is the code of the whole message (kk, ru, mixed or other)."""
    language = _read_as(language)
    return [
        Word(typed, token.idx, *forms(typed, language))
        for token in _tokenizer(language).tokenizer(without_surrogates(text))
        if not (typed := token.text).isspace()
    ]


class Splitting:
    """`split` of many texts, in processes of their own: what is begun early is done while other things are learnt."""

    def __init__(self, processes: int = 2) -> None:
        self._pool = get_context("spawn").Pool(processes, initializer=gc.disable)  # as in train
        self._begun: dict[tuple[str, str], tuple[AsyncResult[list[list[Word]]], int]] = {}

    def __enter__(self) -> Splitting:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pool.terminate()

    def begin(self, texts: Iterable[tuple[str, str]]) -> None:
        """Has each (text, language) split that is not begun yet."""
        wanted = dict.fromkeys((text, _read_as(language)) for text, language in texts)
        new = [text for text in wanted if text not in self._begun]
        for first in range(0, len(new), _AT_ONCE):
            some = new[first : first + _AT_ONCE]
            result = self._pool.apply_async(_split_some, (some,))
            self._begun.update((text, (result, place)) for place, text in enumerate(some))

    def words(self, text: str, language: str) -> list[Word]:
        """Of a text that was begun; waits for it."""
        result, place = self._begun[text, _read_as(language)]
        return result.get()[place]


def _split_some(texts: list[tuple[str, str]]) -> list[list[Word]]:
    return [split(text, language, _forms_met) for text, language in texts]
