"""Which language a message is written in, judged word by word and then as a whole.

A fastText model, trained on our own texts and word forms, gives every word the odds of each language; it sees the
letters of the word and what two grammars know of it (our Kazakh one, pymorphy3's Russian dictionary). A small network
then judges the message by how the words add up: a bare Russian noun is at home in a Kazakh sentence («справка керек»),
a Russian verb or preposition shows that the writer changed over; a name is no evidence at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import exp, log
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
from text.cleaning import clean
from text.latin import to_cyrillic
from text.letters import KAZAKH_LETTERS
from text.script import Script, script_of

from citizen_nlu.lang.foreign import LANGUAGE_OF
from citizen_nlu.lang.kk import morphology as kazakh
from citizen_nlu.lang.ru import normal_forms as russian

fasttext.FastText.eprint = lambda *_args, **_kwargs: None  # its load message goes to standard error

CODES = ("kk", "ru", "mixed", "other")
LONGEST, MOST_WORDS, LONGEST_WORD = 20_000, 400, 40
"""Characters and words of a message that are looked at; letters of a word."""
_CACHED, _COMMON = 50_000, 12_000
"""Words kept in the table of odds, and those of the model looked up beforehand."""
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʼʻ`-][^\W\d_]+)*")
_CAPITAL = re.compile(r"[^\s.!?…:][»\")]*\s+[^\w\s]*[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]")
"""A capital inside a sentence."""
_OPENING = re.compile(r"(?:^|[.!?…:\n]\s*)\w")
_LATIN, _CYRILLIC = re.compile(r"[a-zÀ-ɏ]"), re.compile(r"[Ѐ-ӿ]")
_LOOKALIKES = str.maketrans("aeocpxykmtihə", "аеосрхукмтіһә")
_ADDRESS = frozenset(
    """улица улице улицы улицу ул проспект проспекте пр город городе города г село селе села с посёлок поселок посёлке
    поселке пос аул ауле аула район районе района мкр микрорайон микрорайоне станция переулок пер имени""".split()
)
_TITLES = frozenset("би батыр батыра хан хана ата ана әулие орда ел жолы".split())

# Marks of one word: what the grammars know of it. Capitals, since fastText sees the words in lower case.
_KAZAKH_MARKS = {"function": "A", "verb": "B", "noun": "C"}
_RUSSIAN_MARKS = {"function": "F", "verb": "G", "adj": "H", "noun": "I", "noun-form": "J", "name": "K"}
KAZAKH, RUSSIAN = frozenset(_KAZAKH_MARKS.values()), frozenset(_RUSSIAN_MARKS.values())
KAZAKH_NOUN, BARE_NOUN, RUSSIAN_ADJECTIVE = (
    _KAZAKH_MARKS["noun"],
    _RUSSIAN_MARKS["noun"],
    _RUSSIAN_MARKS["adj"],
)
RUSSIAN_GRAMMAR = RUSSIAN - {_RUSSIAN_MARKS[part] for part in ("noun", "noun-form", "name")}
_LETTERS, _LOAN, _LATN, _FOREIGN, _NAME = "PQRST"
MARKS = "".join((*_KAZAKH_MARKS.values(), *_RUSSIAN_MARKS.values(), _LETTERS, _LOAN, _LATN, _FOREIGN, _NAME))
_AT = {mark: at for at, mark in enumerate(MARKS)}
_SURE = 1.5
"""Log odds between Kazakh and Russian from which a word counts as clearly one of them."""
_LEAST = log(1e-5)
_NAME_WEIGHT = 0.25
"""What a name's log odds are still worth."""


@dataclass(frozen=True)
class Language:
    """The answer. `shares` (Kazakh, Russian; they add up to 1) only for mixed messages."""

    code: str
    confidence: float
    script: str
    shares: tuple[float, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The `language` object of the parse answer."""
        answer: dict[str, Any] = {
            "code": self.code,
            "confidence": round(self.confidence, 4),
            "script": self.script,
        }
        if self.shares:
            answer["shares"] = {"kk": round(self.shares[0], 2), "ru": round(self.shares[1], 2)}
        return answer


def words_of(text: str) -> list[str]:
    """The words to judge by, lower-case; one that is a name by its place or its capital begins with «^»."""
    visible = text if text.isprintable() else clean(text)
    words = _WORD.findall(visible.lower())[:MOST_WORDS]
    if _CAPITAL.search(visible) is None and _ADDRESS.isdisjoint(words):
        return words
    typed = _WORD.findall(_OPENING.sub(lambda opening: opening.group().lower(), visible))[:MOST_WORDS]
    return _with_names(words, typed) if len(typed) == len(words) else words


def _with_names(words: list[str], typed: list[str]) -> list[str]:
    """Marks what stands after «улица» and the like, and what has a capital where most words have none."""
    capitals = [first[0] != second[0] for first, second in zip(words, typed, strict=True)]
    telling = sum(capitals) * 2 <= len(words)
    marked, expected = [], 0
    for word, capital, as_typed in zip(words, capitals, typed, strict=True):
        if word in _ADDRESS:
            expected = 2
            marked.append(word)
            continue
        placed = expected == 2 or (expected == 1 and word in _TITLES)
        expected -= 1
        named = placed or (telling and capital and (len(word) == 1 or not as_typed.isupper()))
        marked.append("^" + word if named else word)
    return marked


def _spelled(word: str) -> str:
    """Latin letters that slipped into a mostly Cyrillic word become what they look like."""
    if word.isascii() or not _LATIN.search(word) or len(_CYRILLIC.findall(word)) * 2 < len(word):
        return word
    return word.translate(_LOOKALIKES)


@lru_cache(maxsize=_CACHED)
def marks_of(word: str) -> str:
    """What is known of one lower-case word without its neighbours: some of MARKS, in their order."""
    latin = _LATIN.search(word) is not None and not _CYRILLIC.search(word)
    in_kazakh, in_russian = (to_cyrillic(word), to_cyrillic(word, "ru")) if latin else (word, word)
    kind = kazakh.kind_of(in_kazakh)
    parts = russian.parts_of_speech(in_russian) if KAZAKH_LETTERS.isdisjoint(word) else frozenset()
    found = {_RUSSIAN_MARKS[part] for part in parts}
    if kind:
        found.add(_KAZAKH_MARKS[kind])
    elif not parts and any("noun" in russian.parts_of_speech(stem) for stem in kazakh.cuts(in_kazakh)):
        found.add(_LOAN)
    if latin:
        found.add(_LATN)
    elif not KAZAKH_LETTERS.isdisjoint(word):
        found.add(_LETTERS)
    if word in LANGUAGE_OF and not parts:
        found.add(_FOREIGN)
    return "".join(sorted(found))


def line_of(word: str) -> str:
    """What fastText sees of one lower-case word: itself and its marks, one by one and all together."""
    word = _spelled(word)[:LONGEST_WORD]
    marks = marks_of(word)
    foreign = [LANGUAGE_OF[word].upper()] if _FOREIGN in marks else []
    return " ".join([word, *([marks] if len(marks) > 1 else []), *marks, *foreign])


class WordOdds:
    """A table of what is known of each word met so far, filled from the fastText model as words come.

    Columns: log odds of Kazakh against Russian, log odds of ours against foreign; then what is counted: the positive and
    negative part of the first, whether it is clear either way, whether the word is clearly foreign, the marks (those of
    the other of our two languages do not count where the odds are clear); then each foreign language against ours.
    """

    SUMMED = 7 + len(MARKS)

    def __init__(self, model: Any) -> None:
        self._predict = model.f.predict
        labels = model.labels
        self._label_at = {label: at for at, label in enumerate(labels)}
        self._ours = [self._label_at["__label__kk"], self._label_at["__label__ru"]]
        self._foreign = [at for at in range(len(labels)) if at not in self._ours]
        self._rows: dict[str, int] = {}
        self._table = np.zeros((1024, self.SUMMED + len(self._foreign)), dtype=np.float32)

    def of(self, words: Sequence[str]) -> np.ndarray:
        """One row per word."""
        if len(self._rows) > _CACHED:
            self._rows.clear()
        get = self._rows.get
        places = [get(word) for word in words]
        if None in places:
            places = [self._place(word) for word in words]
        return self._table[places]

    def _place(self, word: str) -> int:
        place = self._rows.get(word)
        if place is None:
            place = self._rows[word] = len(self._rows)
            if place == len(self._table):
                self._table = np.concatenate([self._table, np.zeros_like(self._table)])
            self._table[place] = self._row(word)
        return place

    def _row(self, word: str) -> list[float]:
        bare = word.removeprefix("^")
        logs = [_LEAST] * len(self._label_at)
        for share, label in self._predict(line_of(bare) + "\n", len(logs), 0.0, "strict"):
            logs[self._label_at[label]] = log(max(share, 1e-5))
        kazakh_, russian_ = (logs[at] for at in self._ours)
        ours = log(exp(kazakh_) + exp(russian_))
        foreign = log(max(1 - exp(ours), 1e-5))
        odds = max(-6.0, min(6.0, kazakh_ - russian_)) * (_NAME_WEIGHT if word != bare else 1)
        home = max(-6.0, min(6.0, ours - foreign))
        row = [
            odds,
            home,
            min(max(odds, 0), 4),
            min(max(-odds, 0), 4),
            odds > _SURE,
            odds < -_SURE,
            home < -1,
        ]
        marks = [0.0] * len(MARKS)
        denied = RUSSIAN if odds > _SURE else KAZAKH if odds < -_SURE else frozenset()
        for mark in marks_of(_spelled(bare)[:LONGEST_WORD]):
            marks[_AT[mark]] = float(mark not in denied)
        marks[_AT[_NAME]] = float(word != bare)
        return row + marks + [max(-4.0, min(4.0, logs[at] - ours)) for at in self._foreign]


_SCRIPTS = {"cyrl": (1, 0, 0), "cyrl_noletters": (0, 1, 0), "latn": (0, 0, 1), "other": (0, 0, 0)}


def _course(odds: list[float]) -> tuple[float, float, int]:
    """The greatest sum of neighbouring odds for Kazakh and for Russian, and the changes between clear words.

    A phrase weighs more than strewn words.
    """
    kazakh_ = russian_ = best_kazakh = best_russian = last = 0.0
    changes = 0
    for odd in odds:
        clipped = 3.0 if odd > 3 else -3.0 if odd < -3 else odd
        kazakh_ = kazakh_ + clipped if kazakh_ + clipped > 0 else 0.0
        russian_ = russian_ - clipped if russian_ > clipped else 0.0
        best_kazakh = max(best_kazakh, kazakh_)
        best_russian = max(best_russian, russian_)
        if clipped > _SURE or clipped < -_SURE:
            changes += last * clipped < 0
            last = clipped
    return best_kazakh, best_russian, changes


def features_of(rows: np.ndarray, script: Script) -> np.ndarray:
    """The message as the network sees it, from the rows of its words (at least one)."""
    number, summed = len(rows), WordOdds.SUMMED
    sums = np.add.reduce(rows)
    kazakh_run, russian_run, changes = _course(rows[:, 0].tolist())
    best = max(sums[summed:].tolist())
    features = np.empty(2 * summed - 2 + 13, dtype=np.float32)
    np.divide(sums[:summed], number, out=features[:summed])
    np.log1p(sums[2:summed], out=features[summed : 2 * summed - 2])
    features[2 * summed - 2 :] = (
        best / number, max(-1.0, min(1.0, best / 12)), kazakh_run / 6, russian_run / 6, min(kazakh_run, russian_run, 6) / 3,
        changes / 3, number == 1, number == 2, number == 3, log(1 + number), *_SCRIPTS[script],
    )  # fmt: skip
    return features


@dataclass(frozen=True)
class Judge:
    """A network of one hidden layer over the features of a message; answers the probability of each of CODES."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray

    def __call__(self, features: np.ndarray) -> list[float]:
        inner = np.maximum(features @ self.hidden + self.hidden_bias, 0)
        values = (inner @ self.out + self.out_bias).tolist()
        greatest = max(values)
        shares = [exp(value - greatest) for value in values]
        total = sum(shares)
        return [share / total for share in shares]


class LanguageModel:
    """Detection with a trained model: a folder of two files."""

    def __init__(self, words: Any, judge: Judge) -> None:
        self._words, self._judge, self._odds = words, judge, WordOdds(words)
        common = (word for word in words.words if _WORD.fullmatch(word) and not word.isupper())
        self._odds.of(list(islice(common, _COMMON)))  # so that the first messages are fast, too

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Reads what `save` wrote."""
        with np.load(folder / "judge.npz") as arrays:
            return cls(fasttext.load_model(str(folder / "words.bin")), Judge(**arrays))

    def save(self, folder: Path) -> None:
        """Writes the model into an existing folder."""
        self._words.save_model(str(folder / "words.bin"))
        np.savez(folder / "judge.npz", **vars(self._judge))

    def detect(self, text: str) -> Language:
        """The language of any text, hostile ones included; without letters: other, confidence 0."""
        text = text[:LONGEST]
        script = script_of(text)
        words = words_of(text)
        if not words:
            return Language("other", 0.0, script)
        if script == "other":
            return Language("other", 1.0, script)
        rows = self._odds.of(words)
        shares = self._judge(features_of(rows, script))
        confidence = max(shares)
        code = CODES[shares.index(confidence)]
        if script == "cyrl_noletters" and code in ("ru", "other"):
            script = "cyrl"
        return Language(code, confidence, script, _parts(rows) if code == "mixed" else None)


def _parts(rows: np.ndarray) -> tuple[float, float]:
    """Share of Kazakh and Russian words, each word weighed by its own odds."""
    kazakh_ = float((1 / (1 + np.exp(-rows[:, 0]))).mean())
    return kazakh_, 1 - kazakh_
