"""Which language a message is written in: a fastText model trained on our own texts, helped by a dictionary.

Labels are code × script (kk:cyrl, kk:latn, ru:cyrl, …), so that Kazakh in Latin is learnt apart from Kazakh in
Cyrillic; the answer sums them by code. Each word also brings a flag (Kazakh letters, known Russian form, neither):
short messages have too few letter groups to decide by, and a change of flags inside a message shows mixing.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import fasttext
from text.cleaning import clean
from text.latin import to_cyrillic
from text.letters import fold
from text.script import script_of

from citizen_nlu.augment import latinise, letterless, mash, mistype, shorten, without_marks
from citizen_nlu.lang.foreign import LANGUAGE_OF
from citizen_nlu.lang.kk.normal_forms import KAZAKH_ONLY
from citizen_nlu.lang.kk.stop_words import STOP_WORDS
from citizen_nlu.lang.ru import normal_forms as russian

fasttext.FastText.eprint = lambda *_args, **_kwargs: None  # its load message goes to standard error

CODES = ("kk", "ru", "mixed", "other")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_LATIN = re.compile(r"[a-z]")
_FUNCTION_WORDS = frozenset(
    fold(word) for word in STOP_WORDS if not KAZAKH_ONLY.isdisjoint(word) or len(word) > 4
)
_SETTINGS = {
    "dim": 24,
    "minn": 2,
    "maxn": 5,
    "wordNgrams": 2,
    "bucket": 150_000,
    "lr": 0.4,
    "epoch": 6,
    "minCount": 2,
}


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


@lru_cache(maxsize=100_000)
def _flag(word: str) -> str:
    """What the lexicons know of one lower-case word: a foreign one, Kazakh by its letters, Russian by its grammar.

    The part of speech matters: a bare Russian noun is at home in Kazakh («справка», «автобус»), a Russian verb,
    preposition or adjective shows that the writer changed over.
    """
    if word in LANGUAGE_OF and not russian.is_known(word):
        return "=" + LANGUAGE_OF[word]
    if not KAZAKH_ONLY.isdisjoint(word):
        return "=kk"
    latin = _LATIN.search(word) is not None
    if fold(to_cyrillic(word) if latin else word) in _FUNCTION_WORDS:
        return "=kk-function"
    part = russian.part_of_speech(to_cyrillic(word, "ru").lower() if latin else word)
    return ("=latn" if latin else "=cyrl") + (f"-{part}" if part else "")


def _line(text: str) -> str:
    """What the model sees: lower-case words, then their flags; empty when there are no letters."""
    words = _WORD.findall(clean(text).lower())
    return " ".join([*words, *map(_flag, words)])


class LanguageModel:
    """Detection with a trained fastText model."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @classmethod
    def load(cls, path: Path) -> LanguageModel:
        """Reads the model file written by `save`."""
        return cls(fasttext.load_model(str(path)))

    def save(self, path: Path) -> None:
        """Writes the model file."""
        self._model.save_model(str(path))

    def _codes(self, line: str) -> dict[str, float]:
        labels, probabilities = self._model.predict(line, k=-1)
        codes = dict.fromkeys(CODES, 0.0)
        for label, probability in zip(labels, probabilities, strict=True):
            codes[label.removeprefix("__label__").partition(":")[0]] += float(probability)
        total = sum(codes.values())
        return {code: share / total for code, share in codes.items()}

    def _shares(self, text: str) -> tuple[float, float]:
        """Share of Kazakh and Russian words, each word weighed by its own probabilities."""
        kazakh = words = 0.0
        for word in _WORD.findall(clean(text).lower()):
            codes = self._codes(_line(word))
            kazakh += codes["kk"] / (codes["kk"] + codes["ru"] + 1e-9)
            words += 1
        return kazakh / words, 1 - kazakh / words

    def detect(self, text: str) -> Language:
        """The language of any text, hostile ones included; without letters: other, confidence 0."""
        script = script_of(text)
        line = _line(text)
        if not line:
            return Language("other", 0.0, script)
        if script == "other":
            return Language("other", 1.0, script)
        codes = self._codes(line)
        code = max(CODES, key=codes.__getitem__)
        if script == "cyrl_noletters" and code in ("ru", "other"):
            script = "cyrl"
        return Language(code, codes[code], script, self._shares(text) if code == "mixed" else None)


def train(texts: Sequence[tuple[str, str]], seed: int = 7) -> LanguageModel:
    """Trains on (text, code), each text also typed in other ways; code is one of CODES."""
    lines = _Samples(texts, Random(seed)).lines()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "language.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), thread=1, seed=seed, verbose=0, loss="softmax", **_SETTINGS
        )
    return LanguageModel(model)


def _is_loan(word: str) -> bool:
    return len(word) > 3 and russian.part_of_speech(word) == "noun"


class _Samples:
    """Makes the training lines of the detector out of our own texts."""

    def __init__(self, texts: Sequence[tuple[str, str]], rng: Random) -> None:
        self.rng, self.rows = rng, []
        self.texts: dict[str, list[str]] = {code: [] for code in CODES}
        for text, code in texts:
            self.texts[code].append(text)
        self.loans = [w for text in self.texts["ru"] for w in _WORD.findall(text.lower()) if _is_loan(w)]
        self.lexicon = {code: Counter(self._words(self.texts[code])) for code in ("kk", "ru")}

    @staticmethod
    def _words(texts: list[str]) -> list[str]:
        return [word for text in texts for word in _WORD.findall(text.lower())]

    def _typical(self, text: str, code: str) -> bool:
        """Whether a cut-out piece still shows its language: some word is at home there, none in the other."""
        rival = "ru" if code == "kk" else "kk"
        own, foreign = self.lexicon[code], self.lexicon[rival]
        words = _WORD.findall(text.lower())
        homely = [word for word in words if own[word] > 3 * foreign[word]]
        return bool(homely) and all(own[word] >= foreign[word] for word in words)

    def _add(self, code: str, script: str, text: str) -> None:
        if line := _line(text):
            self.rows.append(f"__label__{code}:{script} {line}")

    def _add_typed(self, code: str, text: str, *, latin: float) -> None:
        """One text as it stands, without the Kazakh letters, and with the probability `latin` in Latin."""
        script = script_of(text)
        self._add(code, script, text)
        if script == "latn":
            return
        if code != "ru" and not KAZAKH_ONLY.isdisjoint(text.lower()):
            self._add(code, "cyrl_noletters", letterless(text, self.rng))
        if self.rng.random() < latin:
            self._add(code, "latn", latinise(text, code, self.rng))

    def _piece(self, code: str, low: int, high: int) -> str:
        """A run of words that shows its language."""
        while True:
            piece = shorten(self.rng.choice(self.texts[code]), self.rng, low, high)
            if script_of(piece) != "latn" and self._typical(piece, code):
                return piece

    def _with_loan(self) -> str:
        """A Kazakh phrase with a bare Russian noun put in, still Kazakh: «видео ашылмайды», «справка керек»."""
        words = self._piece("kk", 2, 8).split()
        words.insert(self.rng.randrange(len(words) + 1), self.rng.choice(self.loans))
        return " ".join(words)

    def _blend(self) -> str:
        """Both languages in one message: two clauses side by side, or a phrase of one put into the other."""
        kazakh, russian_ = self._piece("kk", 2, 6), self._piece("ru", 2, 5)
        if self.rng.random() < 0.5:
            clauses = [kazakh, russian_]
            self.rng.shuffle(clauses)
            return self.rng.choice((", ", " ", ". ")).join(clauses)
        host, guest = (
            (kazakh, self._piece("ru", 1, 3))
            if self.rng.random() < 0.7
            else (russian_, self._piece("kk", 1, 2))
        )
        words = host.split()
        words.insert(self.rng.randrange(len(words) + 1), guest)
        return " ".join(words)

    def lines(self) -> list[str]:
        """Shuffled training lines: `__label__kk:latn qalai …`."""
        for code in ("kk", "ru"):
            for text in self.texts[code]:
                self._add_typed(code, text, latin=0.6)
                self._add_typed(code, mistype(shorten(text, self.rng, 3, 12), self.rng), latin=0.2)
                piece = shorten(text, self.rng)
                if self._typical(piece, code):
                    self._add_typed(code, piece, latin=0.6)
        for _ in range(len(self.texts["kk"]) // 6 if self.loans else 0):
            self._add_typed("kk", self._with_loan(), latin=0.3)
        for text in self.texts["mixed"]:
            for _ in range(5):
                self._add_typed("mixed", text, latin=0.4)
        for _ in range(len(self.texts["kk"]) * 2 // 3):
            self._add_typed("mixed", self._blend(), latin=0.3)
        for text in self.texts["other"]:
            for _ in range(12):
                self._add("other", script_of(text), without_marks(text) if self.rng.random() < 0.3 else text)
                self._add("other", script_of(text), shorten(text, self.rng, 2, 6))
        for _ in range(len(self.texts["other"])):
            noise = mash(self.rng)
            self._add("other", script_of(noise), noise)
        self.rng.shuffle(self.rows)
        return self.rows
