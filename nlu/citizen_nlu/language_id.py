"""Which language a message is written in, judged word by word and then as a whole.

A fastText model, trained on our own texts and word forms, gives every word the odds of each language; it sees the
letters of the word and what two grammars know of it (our Kazakh one, pymorphy3's Russian dictionary). A small network
then judges the message by how the words add up: a bare Russian noun is at home in a Kazakh sentence («справка керек»),
a Russian verb or preposition shows that the writer changed over; a name is no evidence at all.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from math import exp, log
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
from text.cleaning import clean
from text.latin import word_to_cyrillic
from text.letters import KAZAKH_LETTERS
from text.script import Script, script_of

from citizen_nlu.lang.foreign import LANGUAGE_OF
from citizen_nlu.lang.kk import morphology as kazakh
from citizen_nlu.lang.ru import normal_forms as russian

fasttext.FastText.eprint = lambda *_args, **_kwargs: None  # its load message goes to standard error

CODES = ("kk", "ru", "mixed", "other")
LONGEST, MOST_WORDS, LONGEST_WORD = 20_000, 400, 40
"""Characters and words of a message that are looked at; letters of a word."""
_CACHED = 50_000
"""Words met that are kept in the table of rows."""
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʼʻ`-][^\W\d_]+)*")
_CAPITAL = re.compile(r"[^\s.!?…:][»\")]*\s+[^\w\s]*[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]")
"""A capital inside a sentence."""
_CITED = re.compile(r"«[^«»]+»|“[^“”]+”|„[^„“”]+[“”]|\"[^\"]+\"")
_SENTENCE_ENDS = frozenset(".!?…:\n")
_KAZAKH_LETTER = re.compile(f"[{''.join(sorted(KAZAKH_LETTERS))}]")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_LATIN, _CYRILLIC = re.compile(r"[a-zÀ-ɏ]"), re.compile(r"[Ѐ-ӿ]")
_LOOKALIKES = str.maketrans("aeocpxykmtihə", "аеосрхукмтіһә")
_ADDRESS = frozenset(
    """улица улице улицы улиц улицу ул проспект проспекте проспекта пр перекрёсток перекрёстке перекресток перекрестке
    пересечении углу город городе города г село селе села с посёлок поселок посёлке поселке пос аул ауле аула район районе
    района мкр микрорайон микрорайоне станция переулок пер имени""".split()
)
_TITLES = frozenset("би батыр батыра хан хана ата ана әулие орда ел жолы".split())
_SIGNS = _NAMED, _IN_KAZAKH, _IN_RUSSIAN = "^", "+", "="
"""Put before a word that is a name or cited, and before one of either language in the midst of one of them."""

# Marks of one word: what the grammars know of it. Capitals, since fastText sees the words in lower case.
_SAYING_MARK = "D"
_KAZAKH_MARKS = {"function": "A", "verb": "B", "noun": "C", "saying": _SAYING_MARK}
_RUSSIAN_MARKS = {
    "function": "F", "verb": "G", "adj": "H", "noun": "I", "noun-form": "J", "name": "K", "infinitive": "L", "adj-base": "M",
}  # fmt: skip
KAZAKH, RUSSIAN = frozenset(_KAZAKH_MARKS.values()), frozenset(_RUSSIAN_MARKS.values())
KAZAKH_NOUN, BARE_NOUN = _KAZAKH_MARKS["noun"], _RUSSIAN_MARKS["noun"]
RUSSIAN_ADJECTIVES = frozenset((_RUSSIAN_MARKS["adj"], _RUSSIAN_MARKS["adj-base"]))
RUSSIAN_GRAMMAR = RUSSIAN - {_RUSSIAN_MARKS[part] for part in ("noun", "noun-form", "name")}
_GRAMMAR = KAZAKH | RUSSIAN
_LETTERS, _LOAN, _LATN, _FOREIGN, _NAME = "PQRST"
RUSSIAN_THINGS = frozenset((BARE_NOUN, _RUSSIAN_MARKS["noun-form"], _LOAN))
"""Marks of what a Russian adjective can stand before: a noun, Kazakh endings or not."""
MARKS = "".join((*_KAZAKH_MARKS.values(), *_RUSSIAN_MARKS.values(), _LETTERS, _LOAN, _LATN, _FOREIGN, _NAME))
_AT = {mark: at for at, mark in enumerate(MARKS)}
_SURE = 1.5
"""Log odds between Kazakh and Russian from which a word counts as clearly one of them."""
_LEAST = 1e-5
"""Share of a language of a word from which there is no difference."""
_STEP = 1 / 20
"""What the odds of the words kept ready are rounded to: at most 6 either way, so that they fit a byte."""
_NAME_WEIGHT = 0.25
"""What the log odds of a name or a cited word are still worth."""


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
    """The words to judge by, lower-case; one that is a name by its place or capital, or cited, begins with «^»."""
    visible = text if text.isprintable() else clean(text)
    lowered = visible.lower()
    words = _WORD.findall(lowered)
    if len(words) > MOST_WORDS:
        del words[MOST_WORDS:]
    capital = lowered[1:] != visible[1:] and _CAPITAL.search(visible)
    quoted = "«" in visible or '"' in visible or "“" in visible
    if capital or quoted or not _ADDRESS.isdisjoint(words):
        return _with_names(visible)
    return words


def _with_names(visible: str) -> list[str]:
    """Marks what stands after «улица» and the like, in quotation marks, or with a capital where most words have none."""
    found = list(islice(_WORD.finditer(visible), MOST_WORDS))
    capitals, cited, end = [], _cited(visible, found), 0
    for match in found:
        opens = not end or not _SENTENCE_ENDS.isdisjoint(visible[end : match.start()])
        capitals.append(not opens and visible[match.start()].isupper())
        end = match.end()
    telling = sum(capitals) * 2 <= len(found)
    marked: list[str] = []
    expected = named = False
    for match, capital, quoted in zip(found, capitals, cited):
        typed = match.group()
        word = typed.lower()
        place = word in _ADDRESS
        named = not place and (
            expected
            or quoted
            or (named and word in _TITLES)
            or (telling and capital and (len(typed) == 1 or not typed.isupper()))
        )
        expected = place
        marked.append(_NAMED + word if named else word)
    return marked


def _cited(visible: str, words: Sequence[re.Match[str]]) -> list[bool]:
    """Of every word, whether it stands in quotation marks; none where all that is said does."""
    spans = [(-1, -1), *(match.span() for match in _CITED.finditer(visible))]
    cited = [word.start() < spans[bisect(spans, (word.start(),)) - 1][1] for word in words]
    return cited if sum(cited) * 2 <= len(words) else [False] * len(words)


def marks_of(word: str) -> str:
    """What is known of one lower-case word without its neighbours: some of MARKS, in their order."""
    latin = _LATIN.search(word) is not None and not _CYRILLIC.search(word)
    in_kazakh, in_russian = (word_to_cyrillic(word), word_to_cyrillic(word, "ru")) if latin else (word, word)
    kind = kazakh.kind_of(in_kazakh)
    kazakh_letters = not KAZAKH_LETTERS.isdisjoint(word)
    parts = frozenset() if kazakh_letters else russian.parts_of_speech(in_russian)
    found = {_RUSSIAN_MARKS[part] for part in parts}
    if kind == "verb" and kazakh.analyses(in_kazakh)[0].lemma == "де":
        kind = "saying"
    if kind:
        found.add(_KAZAKH_MARKS[kind])
    elif not parts and _is_loan(in_kazakh):
        found.add(_LOAN)
    if latin:
        found.add(_LATN)
    elif kazakh_letters:
        found.add(_LETTERS)
    if word in LANGUAGE_OF and not parts:
        found.add(_FOREIGN)
    return "".join(sorted(found))


def _is_loan(word: str) -> bool:
    """Whether a Cyrillic word can be a Russian noun with Kazakh endings."""
    marked = _KAZAKH_LETTER.search(word)
    longest = marked.start() if marked else len(word)
    return longest >= kazakh.SHORTEST and any(
        "noun" in russian.parts_of_speech(stem)
        for stem in takewhile(lambda stem: len(stem) <= longest, kazakh.cuts(word))
    )


def spelled(word: str) -> str:
    """The word as it is looked up: not stretched («өтеее») nor too long, Latin letters slipped in as what they look like."""
    word = _STRETCHED.sub(r"\1", word)[:LONGEST_WORD]
    if word.isascii() or not _LATIN.search(word) or len(_CYRILLIC.findall(word)) * 2 < len(word):
        return word
    return word.translate(_LOOKALIKES)


def line_of(word: str, marks: str) -> str:
    """What fastText sees of one word: itself and its marks, one by one and all together."""
    foreign = [LANGUAGE_OF[word].upper()] if _FOREIGN in marks else []
    return " ".join([word, *([marks] if len(marks) > 1 else []), *marks, *foreign])


_KAZAKH_LABEL, _RUSSIAN_LABEL = "__label__kk", "__label__ru"


def _bounded(odds: float, most: float) -> float:
    return most if odds > most else -most if odds < -most else odds


class WordModel:
    """Marks and odds of any single word: from a table made beforehand for the commonest, otherwise from the fastText model.

    The odds: logarithms of Kazakh against Russian, of ours against foreign, of each foreign language against ours.
    """

    def __init__(self, model: Any, marks: Callable[[str], str] = marks_of) -> None:
        self.model, self._marks_of = model, marks
        self._predict = model.f.predict
        self._foreign = [label for label in model.labels if label not in (_KAZAKH_LABEL, _RUSSIAN_LABEL)]
        self.width = 2 + len(self._foreign)
        self._known: dict[str, int] = {}
        self._marks: list[str] = []
        self._odds = np.zeros((0, self.width), dtype=np.int8)

    def of(self, word: str) -> tuple[str, list[float]]:
        """(marks, odds) of a lower-case word."""
        place = self._known.get(word)
        if place is not None:
            return self._marks[place], [steps * _STEP for steps in self._odds[place].tolist()]
        word = spelled(word)
        marks = self._marks_of(word)
        return marks, self.odds_of(word, marks)

    def odds_of(self, word: str, marks: str) -> list[float]:
        """The odds by the fastText model."""
        found = self._predict(line_of(word, marks) + "\n", self.width, 0.0, "strict")
        shares = {label: share if share > _LEAST else _LEAST for share, label in found}
        kazakh_, russian_ = shares.pop(_KAZAKH_LABEL, _LEAST), shares.pop(_RUSSIAN_LABEL, _LEAST)
        ours = kazakh_ + russian_
        return [
            _bounded(log(kazakh_ / russian_), 6.0),
            _bounded(log(ours / max(1 - ours, _LEAST)), 6.0),
            *(_bounded(log(shares.get(label, _LEAST) / ours), 4.0) for label in self._foreign),
        ]

    def ready(self) -> tuple[dict[str, int], np.ndarray, list[str]]:
        """The words of the table with their places in it, their odds and their marks."""
        return self._known, self._odds * np.float32(_STEP), self._marks

    def know(self, marks: Mapping[str, str]) -> None:
        """Keeps the odds of these words, whose marks are given, so that they need no working out."""
        rows = sorted(marks.items())
        odds = np.array([self.odds_of(*row) for row in rows])
        self._keep(
            [word for word, _ in rows], [kinds for _, kinds in rows], np.rint(odds / _STEP).astype(np.int8)
        )

    def _keep(self, words: list[str], marks: list[str], odds: np.ndarray) -> None:
        self._known = {word: at for at, word in enumerate(words)}
        self._marks, self._odds = marks, odds

    @classmethod
    def load(cls, folder: Path) -> WordModel:
        """Reads what `save` wrote."""
        found = cls(fasttext.load_model(str(folder / "words.bin")))
        with np.load(folder / "known.npz") as arrays:
            words, kinds = (
                text.split("\n") if (text := bytes(arrays[name]).decode()) else []
                for name in ("words", "kinds")
            )
            found._keep(
                words, [kinds[at] for at in arrays["marks"].tolist()], np.ascontiguousarray(arrays["odds"].T)
            )
        return found

    def save(self, folder: Path) -> None:
        """Writes two files into an existing folder."""
        self.model.save_model(str(folder / "words.bin"))
        kinds = sorted(set(self._marks))
        at = {kind: number for number, kind in enumerate(kinds)}
        texts = {"words": "\n".join(self._known), "kinds": "\n".join(kinds)}
        np.savez_compressed(
            folder / "known.npz",
            marks=np.array([at[kind] for kind in self._marks], np.uint16),
            odds=self._odds.T,
            **{name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()},
        )


_PREDICATE, _SAYING, _EITHER = 1, 2, 3


def _role_of(marks: str) -> int:
    """What a word is to its neighbours: a Russian adjective or participle, the Kazakh verb that cites, of either language."""
    if _SAYING_MARK in marks:
        return _SAYING
    if KAZAKH.isdisjoint(marks):
        return 0 if RUSSIAN_ADJECTIVES.isdisjoint(marks) else _PREDICATE
    return 0 if RUSSIAN.isdisjoint(marks) else _EITHER


class WordRows:
    """A table of the words kept ready and of those met so far, as they count in a message.

    Columns: log odds of Kazakh against Russian, log odds of ours against foreign; then what is counted: the positive and
    negative part of the first, whether it is clear either way, whether the word is clearly foreign, the marks (those of
    the other of our two languages do not count where the odds are clear); then each foreign language against ours.
    """

    SUMMED = 7 + len(MARKS)

    def __init__(self, words: WordModel) -> None:
        self._words = words
        ready, odds, marks = words.ready()
        self._table = np.zeros(
            (len(ready) + _CACHED + 2 * MOST_WORDS, self.SUMMED + words.width - 2), np.float32
        )
        if ready:
            kinds = {kind: at for at, kind in enumerate(dict.fromkeys(marks))}
            counted = np.array([_counted(kind) for kind in kinds])[[kinds[kind] for kind in marks]]
            _fill(self._table[: len(ready)], odds, counted)
        self._ready, self._roles_ready = ready, [_role_of(kind) for kind in marks]
        self._forget()

    def _forget(self) -> None:
        """Keeps no word but those that are ready."""
        self._places, self._roles = dict(self._ready), list(self._roles_ready)

    def of(self, words: Sequence[str]) -> np.ndarray:
        """One row per word."""
        if len(self._places) > len(self._ready) + _CACHED:
            self._forget()
        get = self._places.get
        places = [get(word) for word in words]
        if None in places:
            places = [self._place(word) for word in words]
        rows, roles = self._table.take(places, axis=0), [self._roles[place] for place in places]
        if _EITHER in roles or (_SAYING in roles and _PREDICATE in roles):
            self._settle(words, rows, roles)
        return rows

    def _settle(self, words: Sequence[str], rows: np.ndarray, roles: Sequence[int]) -> None:
        """A word of either language is of that of its neighbours, or of the rest of the message when they are not clear.

        «разъяснено деген» cites what is written somewhere.
        """
        around = [0.0, *rows[:, 0].tolist(), 0.0]
        whole = sum(around)
        for at, role in enumerate(roles):
            if role == _EITHER:
                near = around[at] + around[at + 2]
                if -_SURE <= near <= _SURE:
                    near = whole - around[at + 1]
                if near > _SURE or near < -_SURE:
                    rows[at] = self._table[self._place((_IN_KAZAKH if near > 0 else _IN_RUSSIAN) + words[at])]
            elif role == _SAYING and at and roles[at - 1] == _PREDICATE:
                rows[at - 1] = self._table[self._place(_NAMED + words[at - 1])]

    def _place(self, word: str) -> int:
        place = self._places.get(word)
        if place is None:
            sign = word[0] if word[0] in _SIGNS else ""
            marks, odds = self._words.of(word.removeprefix(sign))
            role = 0 if sign else _role_of(marks)
            if sign == _NAMED:
                odds[0] *= _NAME_WEIGHT
                marks = "".join(mark for mark in marks if mark not in _GRAMMAR) + _NAME
            elif sign:
                odds[0] = max(odds[0], _SURE) if sign == _IN_KAZAKH else min(odds[0], -_SURE)
            place = len(self._roles)
            _fill(self._table[place : place + 1], np.array([odds]), _counted(marks)[None])
            self._roles.append(role)
            self._places[word] = place  # last, so that a word that fails leaves nothing behind
        return place


_BOTH_WAYS = np.array([1, -1], dtype=np.float32)
"""Makes two columns of odds of Kazakh against Russian: how much they speak for the one, how much for the other."""


@lru_cache(maxsize=None)
def _counted(marks: str) -> np.ndarray:
    """3 × MARKS: which of these marks count when the odds are not clear, clearly Kazakh, clearly Russian."""
    found = np.zeros((3, len(MARKS)), dtype=np.float32)
    for row, denied in enumerate((frozenset(), RUSSIAN, KAZAKH)):
        found[row, [_AT[mark] for mark in marks if mark not in denied]] = 1
    return found


def _fill(table: np.ndarray, odds: np.ndarray, counted: np.ndarray) -> None:
    """Writes the rows of some words, from the odds of each and what their marks count."""
    both = odds[:, :1] * _BOTH_WAYS
    table[:, :2] = odds[:, :2]
    table[:, 2:4] = np.minimum(np.maximum(both, 0), 4)
    table[:, 4:6] = both > _SURE
    table[:, 6] = odds[:, 1] < -1
    kazakh_, russian_ = (both >= _SURE).T
    table[:, 7 : WordRows.SUMMED] = counted[np.arange(len(odds)), kazakh_ + 2 * russian_]
    table[:, WordRows.SUMMED :] = odds[:, 2:]


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
        # `max` takes several times longer, and this runs for every word.
        if kazakh_ > best_kazakh:  # noqa: PLR1730
            best_kazakh = kazakh_
        if russian_ > best_russian:  # noqa: PLR1730
            best_russian = russian_
        if clipped > _SURE or clipped < -_SURE:
            changes += last * clipped < 0
            last = clipped
    return best_kazakh, best_russian, changes


def features_of(rows: np.ndarray, script: Script) -> np.ndarray:
    """The message as the network sees it, from the rows of its words (at least one)."""
    number, summed = len(rows), WordRows.SUMMED
    sums = np.add.reduce(rows)
    kazakh_run, russian_run, changes = _course(rows[:, 0].tolist())
    best = max(sums[summed:].tolist())
    features = np.empty(2 * summed - 2 + 10 + len(_SCRIPTS["other"]), dtype=np.float32)
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
        inner = features @ self.hidden
        inner += self.hidden_bias
        np.maximum(inner, 0, inner)
        values = (inner @ self.out + self.out_bias).tolist()
        greatest = max(values)
        shares = [exp(value - greatest) for value in values]
        total = sum(shares)
        return [share / total for share in shares]


class LanguageModel:
    """Detection with a trained model: a folder of three files."""

    def __init__(self, words: WordModel, judge: Judge) -> None:
        self._words, self._judge, self._rows = words, judge, WordRows(words)

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Reads what `save` wrote."""
        with np.load(folder / "judge.npz") as arrays:
            return cls(WordModel.load(folder), Judge(**arrays))

    def save(self, folder: Path) -> None:
        """Writes the model into an existing folder."""
        self._words.save(folder)
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
        rows = self._rows.of(words)
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
