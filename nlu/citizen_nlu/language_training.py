"""Makes and trains the language detector: our texts and word forms typed in every way, messages mixed by grammar."""

from __future__ import annotations

import math
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import fasttext
import numpy as np
import yaml
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from text.letters import KAZAKH_LETTERS
from text.script import script_of

from citizen_nlu.augment import latinise, letterless, mash, mistype, plain_keyboard, shorten, spoken
from citizen_nlu.lang.foreign import LANGUAGE_OF
from citizen_nlu.lang.kk import inflection as kazakh
from citizen_nlu.lang.kk import morphology
from citizen_nlu.lang.ru import normal_forms as russian
from citizen_nlu.language_id import (
    BARE_NOUN,
    CODES,
    KAZAKH,
    KAZAKH_NOUN,
    RUSSIAN,
    RUSSIAN_ADJECTIVES,
    RUSSIAN_GRAMMAR,
    RUSSIAN_THINGS,
    Judge,
    LanguageModel,
    WordModel,
    WordRows,
    features_of,
    line_of,
    marks_of,
    spelled,
    words_of,
)

Text = tuple[str, str]
"""A text and its code: kk, ru, mixed or other; foreign texts may name their language instead of other."""

_SETTINGS = {
    "dim": 12,
    "minn": 2,
    "maxn": 5,
    "bucket": 50_000,
    "lr": 0.4,
    "epoch": 3,
    "minCount": 6,
    "loss": "softmax",
}
_LEARNT = ("kk", "ru", "en", "tr", "uz", "ky", "tt", "uk", "noise")
"""Languages the word model tells apart; all others are one to it."""
_REHEARSAL = 3
"""Epochs of the word model that is only there to teach the network."""
_NEIGHBOURS = ("en", "ky", "tr", "tt", "uk")
"""Those of them whose commonest words spaCy lists."""
_SHARE, _DRAWS = 0.35, 4
"""How many words the word model sees in Latin and as spoken, too; how many spellings of a common word."""
_READY = 156_000
"""Words whose odds are worked out beforehand."""
_MOST_REHEARSED, _MOST_JUDGED = 7_000, 2_800
"""Texts of one language that the rehearsal learns from, and that the messages are made of: more cost time."""
_FORMS = 14_000
"""Kazakh and Russian word forms made by grammar, of each language."""
_LEXEMES = 3_000
"""Russian words whose forms these are."""
_HIDDEN, _BATCH, _ROUNDS, _STEPS = 32, 256, 12, 1000
"""The network: hidden units, examples of a step, rounds over all, and the fewest steps when there are few examples."""
_TELLING = {"kk": KAZAKH - {KAZAKH_NOUN}, "ru": RUSSIAN_GRAMMAR - RUSSIAN_ADJECTIVES}
"""Marks of a word that alone shows that the writer changed over: a verb or a function word."""
_AT_HOME = "супер норм класс топ ок окей нормально просто вообще тоже уже плюс минус онлайн короче блин давай".split()
"""Russian words that Kazakh speakers drop in without changing over."""
_ABROAD = """whatsapp instagram telegram tiktok youtube iphone samsung xiaomi kaspi egov wifi sms qr pdf word excel google
    facebook visa passport green card id pin online play market app gmail zoom chat link windows ватсап инстаграм
    телеграм тикток ютуб айфон самсунг сяоми каспи егов вайфай смс эксель гугл фейсбук яндекс билайн актив алтел теле2 кселл
    халык хоум озон вайлдберриз глово индрайвер болт майнкрафт пабг роблокс фри фаер тик ток зум хуавей редми хонда тойота""".split()
"""Foreign words and brands that are in every language here."""
_ALONE = 64
"""Times a word counts when it is the whole message: what «да» is by itself says more than what it is inside."""
_DOUBT = 0.25
"""Taken off the log odds of other: one of ours called foreign is answered in the wrong language, a foreigner hardly is."""
_TRIES = 100
_CLAUSE = re.compile(r"(?<=[,.!?;:…])\s+|\s+[–—-]\s+")
_CASES = {"2": ("а", "ы"), "3": ("у", "е"), "5": ("ом", "ой"), "6": ("е", "е")}
"""Endings of a Russian case after a consonant and instead of -а."""


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    content = yaml.safe_load((Path(__file__).parent / "lang" / "names.yml").read_text("utf-8"))
    lists = {
        key: [name.replace("-", " ") for name in content[key].split()]
        for key in ("people", "places", "streets", "things")
    }
    return {**lists, "frames": content["frames"]}


def _declined(name: str, case: str) -> str:
    """A name in a Russian case, as far as it takes one: «Қызылорда» → «Қызылорде», «Талғар» → «Талғаром»."""
    if not case or name[-1] not in "абвгғдзкқлмнңрст":
        return name
    after_consonant, instead = _CASES[case]
    return name[:-1] + instead if name[-1] == "а" else name + after_consonant


def _label(code: str) -> str:
    return f"__label__{code if code in _LEARNT else 'xx'}"


def _typed(text: str, code: str, rng: Random, share: float = 1.0) -> Iterator[str]:
    """The text as it stands and as others would type it: without Kazakh letters, in Latin, as spoken, with slips.

    `share` is how often the last three are wanted.
    """
    yield text
    script = script_of(text)
    if code not in ("kk", "ru", "mixed"):
        yield plain_keyboard(text, rng)
    elif script != "latn":
        if code != "ru" and not KAZAKH_LETTERS.isdisjoint(text):
            yield letterless(text, rng)
        if rng.random() < share:
            yield latinise(text, code, rng)
        if rng.random() < share:
            casual = mistype(spoken(text, code, rng), rng)
            draw = rng.random()
            if draw < 0.3:
                yield latinise(casual, code, rng)
            else:
                yield letterless(casual, rng) if code != "ru" and draw < 0.7 else casual


def _russian_forms(texts: Iterable[Text], rng: Random) -> list[str]:
    """Inflected forms of the words of our own Russian texts: everyday vocabulary, nothing rare."""
    own = sorted({word for text, code in texts if code == "ru" for word in words_of(text) if len(word) > 2})
    chosen = rng.sample(own, min(_LEXEMES, len(own)))
    forms = sorted({form for word in chosen for form in russian.inflections(word)})
    return rng.sample(forms, min(_FORMS, len(forms)))


def _name_forms(rng: Random) -> Iterator[str]:
    names = _names()
    for name in (*names["people"], *names["places"], *names["streets"], *names["things"]):
        for case in ("", *_CASES):
            for word in _declined(name, case).split():
                yield from (word, letterless(word, rng), latinise(word, "kk", rng))


_marks = lru_cache(maxsize=500_000)(marks_of)


def _counted(texts: Iterable[Text], rng: Random) -> Counter[tuple[str, str]]:
    """(label, word) → how often it is met; a word that is the whole message counts more."""
    counts: Counter[tuple[str, str]] = Counter()
    for text, code in texts:
        if code != "mixed":
            label = _label(code)
            for typed in (text,) if code in ("kk", "ru") else _typed(text, code, rng):
                words = words_of(typed)
                weight = _ALONE if len(words) == 1 else 1
                counts.update({(label, word): weight for word in words if word[0] != "^"})
    return counts


def _retyped(word: str, code: str, count: int, rng: Random) -> Iterator[tuple[str, int]]:
    """One of our words as others type it, with the number of times."""
    if code == "kk" and not KAZAKH_LETTERS.isdisjoint(word):
        yield letterless(word, rng), count
    draws = min(1 + count // 4, _DRAWS)
    for _ in range(draws):
        if rng.random() < _SHARE:
            yield latinise(word, code, rng), max(count // (2 * draws), 1)
    if rng.random() < _SHARE:
        casual = mistype(spoken(word, code, rng), rng)
        yield letterless(casual, rng) if code == "kk" and rng.random() < 0.6 else casual, max(count // 2, 1)


def _made_words(texts: Iterable[Text], rng: Random) -> Counter[tuple[str, str]]:
    """Words that are in no text: inflected forms, the everyday words of foreign languages, names, noise."""
    counts: Counter[tuple[str, str]] = Counter()
    for form in kazakh.sample(rng, _FORMS):
        counts[_label("kk"), rng.choice((form, letterless(form, rng), latinise(form, "kk", rng)))] += 1
    for form in _russian_forms(texts, rng):
        counts[_label("ru"), form if rng.random() < 0.6 else latinise(form, "ru", rng)] += 1
    for word, language in LANGUAGE_OF.items():
        counts[_label(language), word] += 2
    for language in _NEIGHBOURS:
        common = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
        counts.update((_label(language), word) for word in sorted(common))
    for name in _name_forms(rng):
        for word in words_of(name.lower()):
            if morphology.kind_of(word) is None:  # «Жақсы» is a place, too
                counts.update({(_label(code), word): 2 for code in ("kk", "ru")})
    for word in _ABROAD:
        counts.update({(_label(code), word): 4 for code in ("kk", "ru")})
    for _ in range(800):
        counts.update((_label("noise"), word) for word in words_of(mash(rng)))
    return counts


def _vocabulary(met: Counter[tuple[str, str]], rng: Random) -> Counter[tuple[str, str]]:
    """The words met, ours also as others type them."""
    counts = Counter(met)
    ours = {_label("kk"): "kk", _label("ru"): "ru"}
    for (label, word), count in met.items():
        if label in ours:
            for typed, times in _retyped(word, ours[label], count, rng):
                counts.update({(label, part): times for part in words_of(typed)})
    return counts


def _train_words(counts: Counter[tuple[str, str]], seed: int, epochs: int) -> WordModel:
    """Common words of ours are seen as often as the root of their number; foreign ones are few, so what is theirs alone counts."""
    ours, lines = (_label("kk"), _label("ru")), []
    for (label, word), count in counts.items():
        if label in ours:
            times = math.ceil(math.sqrt(count))
        else:
            times = count + (1 if any((own, word) in counts for own in ours) else 3)
        lines += [f"{label} {line_of(spelled(word), _marks(spelled(word)))}"] * times
    Random(seed).shuffle(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        settings = {**_SETTINGS, "epoch": epochs}
        model = fasttext.train_supervised(str(path), thread=1, seed=seed, verbose=0, **settings)
    return WordModel(model, _marks)


def _kept_ready(met: Counter[tuple[str, str]], rng: Random) -> dict[str, str]:
    """The commonest words and their marks, Kazakh ones also without their letters."""
    numbers: Counter[str] = Counter()
    for (label, word), count in met.items():
        spellings = (word, letterless(word, rng)) if label == _label("kk") else (word,)
        numbers.update(dict.fromkeys(spellings, count))
    common = (word for word, _ in numbers.most_common(_READY))
    return {word: _marks(word) for word in common if spelled(word) == word}


def _shows(piece: str, code: str) -> bool:
    """Whether a cut-out piece still shows its language: a word at home there, none at home only in the other."""
    homely = False
    for word in words_of(piece):
        marks = _marks(word.removeprefix("^"))
        kazakh_, russian_ = not KAZAKH.isdisjoint(marks), not RUSSIAN.isdisjoint(marks)
        if kazakh_ != russian_:
            if kazakh_ != (code == "kk"):
                return False
            homely = True
    return homely


def _has_grammar(piece: str, code: str) -> bool:
    """Whether it has what is not lent: a Russian verb or function word; any Kazakh word of our grammar."""
    marks = {mark for word in words_of(piece) for mark in _marks(word.removeprefix("^"))}
    return not marks.isdisjoint(RUSSIAN_GRAMMAR - RUSSIAN_ADJECTIVES if code == "ru" else KAZAKH)


def _has_phrase(text: str) -> bool:
    """Whether a Russian adjective stands before a Russian noun."""
    adjective = False
    for word in words_of(text):
        marks = _marks(word.removeprefix("^"))
        russian_ = KAZAKH.isdisjoint(marks)
        if adjective and russian_ and not RUSSIAN_THINGS.isdisjoint(marks):
            return True
        adjective = russian_ and bool(marks) and RUSSIAN_ADJECTIVES.issuperset(marks)
    return False


def _is_strange(piece: str) -> bool:
    """Whether at least half of the words of a foreign piece are neither Kazakh nor Russian."""
    words = words_of(piece)
    known = sum(not (KAZAKH | RUSSIAN).isdisjoint(_marks(word.removeprefix("^"))) for word in words)
    return known * 2 <= len(words)


class _Messages:
    """Makes whole messages with their code, for the network that judges them."""

    def __init__(self, texts: Sequence[Text], rng: Random) -> None:
        self.rng, self.texts = rng, texts
        self.own = {
            code: [text for text, c in texts if c == code and script_of(text) != "latn"]
            for code in ("kk", "ru")
        }
        words = {
            code: sorted({word for text in row for word in words_of(text)}) for code, row in self.own.items()
        }
        marks = {word: frozenset(_marks(word.removeprefix("^"))) for row in words.values() for word in row}
        self.nouns = [
            word for word in words["ru"] if word.isalpha() and len(word) > 3 and marks[word] == {BARE_NOUN}
        ]
        self.adjectives = [
            word
            for word in words["ru"]
            if marks[word] and marks[word] <= RUSSIAN_ADJECTIVES and word.isalpha()
        ]
        self.telling = {
            code: [
                word
                for word in words[code]
                if not marks[word].isdisjoint(_TELLING[code]) and marks[word].isdisjoint(rival)
            ]
            for code, rival in (("kk", RUSSIAN), ("ru", KAZAKH))
        }
        self.can_mix = bool(self.nouns and self.adjectives and self.telling["kk"] and self.telling["ru"])

    def _piece(self, code: str, low: int, high: int) -> str:
        """A clause of that length, or a run of words where there is none; it shows its language."""
        for _ in range(_TRIES):
            text = self.rng.choice(self.own[code])
            clause = self.rng.choice(_CLAUSE.split(text)).strip(" ,.!?;:…")
            if not low <= len(clause.split()) <= high:
                clause = shorten(text, self.rng, low, high).strip(" ,.!?;:…")
            if clause and _shows(clause, code) and (high < 2 or _has_grammar(clause, code)):
                return clause
        return self.rng.choice(self.own[code])

    def _inserted(self, host: str, guest: str) -> str:
        words = host.split()
        words.insert(self.rng.randrange(len(words) + 1), guest)
        return " ".join(words)

    def _with_loan(self) -> str:
        """Still Kazakh: with a Russian noun, bare or with a Kazakh ending, a lone adjective, or a word at home by now."""
        rng, host, draw = self.rng, self._piece("kk", 1, 7), self.rng.random()
        for share, words in ((0.25, self.nouns), (0.4, self.adjectives), (0.5, _AT_HOME), (0.6, _ABROAD)):
            if draw < share:
                return self._inserted(host, rng.choice(words))
        noun = rng.choice(self.nouns).rstrip("ь")
        return self._inserted(host, rng.choice(list(kazakh.noun_forms(noun))))

    def _with_name(self, code: str) -> str:
        """A message with names and things of the country; half of the time a clause before or after."""
        rng, names = self.rng, _names()

        def fill(found: re.Match[str]) -> str:
            name = rng.choice(names[{"person": "people"}.get(found[1], found[1] + "s")])
            if code == "ru" and rng.random() < 0.3:
                name = letterless(name, rng)
            return _declined(name, found[2] or "")

        frame = re.sub(r"\{(\w+)(?:\.(\d))?\}", fill, rng.choice(names["frames"][code]))
        if rng.random() < 0.5:
            clauses = [frame, self._piece(code, 2, 6)]
            rng.shuffle(clauses)
            frame = ", ".join(clauses)
        return frame if rng.random() < 0.6 else frame.lower()

    def _blend(self) -> tuple[str, str]:
        """Both languages by grammar, in Cyrillic and in Latin: two clauses, or a phrase of one inside the other."""
        rng = self.rng
        host, guest = order = rng.sample(("kk", "ru"), 2)
        kind = rng.choices(("clauses", "phrase", "word"), (6, 4, 2 if guest == "kk" else 1))[0]
        if kind == "word":
            pieces = {host: self._piece(host, 2, 6), guest: rng.choice(self.telling[guest])}
        else:
            pieces = {
                host: self._piece(host, 2, 6),
                guest: self._piece(guest, 2, 6 if kind == "clauses" else 3),
            }
        joint = rng.choice((", ", ", ", " ", ". ", "? ", " - "))
        at = rng.random()
        beside = kind == "clauses" or (kind == "word" and rng.random() < 0.5)
        made = []
        for typed in (pieces, {code: latinise(piece, code, rng) for code, piece in pieces.items()}):
            if beside:
                made.append(joint.join(typed[code] for code in order))
            else:
                words = typed[host].split()
                words.insert(round(at * len(words)), typed[guest])
                made.append(" ".join(words))
        return made[0], made[1]

    def _long_blend(self) -> str:
        """A story that changes over: one whole text of each language."""
        texts = [self.rng.choice(self.own["kk"]), self.rng.choice(self.own["ru"])]
        self.rng.shuffle(texts)
        return " ".join(texts)

    def _made(self) -> Iterator[Text]:
        rng, kazakh_texts = self.rng, len(self.own["kk"])
        for _ in range(kazakh_texts // 3):
            yield self._with_loan(), "kk"
            yield self._with_name("ru"), "ru"
        for _ in range(kazakh_texts // 16):
            yield self._inserted(self._piece("ru", 1, 6), rng.choice(_ABROAD)), "ru"
        for _ in range(kazakh_texts // 8):
            yield self._with_name("kk"), "kk"
            yield self._long_blend(), "mixed"
        for _ in range(kazakh_texts):
            cyrillic, latin = self._blend()
            draw = rng.random()
            yield latin if draw < 0.2 else letterless(cyrillic, rng) if draw < 0.6 else cyrillic, "mixed"
        for form in kazakh.sample(rng, kazakh_texts // 4):
            yield form, "kk"
        for _ in range(kazakh_texts // 4):
            yield rng.choice(russian.inflections(rng.choice(self.nouns)) or ["да"]), "ru"

    def __iter__(self) -> Iterator[Text]:
        rng = self.rng
        for text, code in self.texts:
            if code in ("kk", "ru"):
                yield from ((typed, code) for typed in _typed(text, code, rng))
                for low, high in ((1, 1), (1, 3), (2, 4)):
                    piece = shorten(text, rng, low, high)
                    if _shows(piece, code):
                        yield rng.choice(list(_typed(piece, code, rng))), code
            elif code == "mixed":
                judged = "mixed" if _has_grammar(text, "ru") or _has_phrase(text) else "kk"
                for _ in range(2):
                    yield from ((typed, judged) for typed in _typed(text, code, rng))
            else:
                yield from ((typed, "other") for typed in _typed(text, code, rng))
                for high in (3, 5, 5):
                    piece = plain_keyboard(shorten(text, rng, 2, high), rng)
                    if _is_strange(piece):
                        yield piece, "other"
        if self.can_mix:
            for text, code in self._made():
                yield text, code
                if code == "kk" and rng.random() < 0.5:
                    yield letterless(text, rng), code
                if code != "mixed" and rng.random() < 0.25:
                    yield latinise(text, code, rng), code
        for _ in range(20 + len(self.texts) // 8):
            yield mash(rng), "other"


def _examples(texts: Sequence[Text], words: WordModel, rng: Random) -> tuple[list[np.ndarray], list[int]]:
    """Features of messages made of texts that the word model has not been trained on."""
    rows, features, codes = WordRows(words), [], []
    for text, code in _Messages(texts, rng):
        script, found = script_of(text), words_of(text)
        if found and script != "other":
            features.append(features_of(rows.of(found), script))
            codes.append(CODES.index(code))
    return features, codes


def _train_judge(features: np.ndarray, codes: np.ndarray, seed: int) -> Judge:
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    batch = min(_BATCH, len(codes))
    rounds = max(_ROUNDS, _STEPS * batch // len(codes))
    network = MLPClassifier((_HIDDEN,), alpha=1e-3, batch_size=batch, max_iter=rounds, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the bound is meant
        network.fit((features - centre) / scale, codes)
    (hidden, out), (hidden_bias, out_bias) = network.coefs_, network.intercepts_
    if out.shape[1] == 1:
        out, out_bias = (
            np.hstack((-out, out)) / 2,
            np.hstack((-out_bias, out_bias)) / 2,
        )  # scikit-learn's way with two
    hidden, hidden_bias = (
        hidden / scale[:, None],
        hidden_bias - centre / scale @ hidden,
    )  # it takes them unscaled
    full = np.full((len(hidden_bias), len(CODES)), 0.0), np.full(len(CODES), -1e3)
    full[0][:, network.classes_], full[1][network.classes_] = out, out_bias
    full[1][CODES.index("other")] -= _DOUBT
    return Judge(*(array.astype(np.float32) for array in (hidden, hidden_bias, *full)))


def _bounded(texts: Iterable[Text], most: int) -> Iterator[Text]:
    number: Counter[str] = Counter()
    for text, code in texts:
        number[code] += 1
        if number[code] <= most:
            yield text, code


def train(texts: Sequence[Text], seed: int = 7) -> LanguageModel:
    """Trains on (text, code). The network learns on texts unseen by the word model it is shown."""
    rng = Random(seed)
    shuffled = rng.sample(list(texts), len(texts))
    seen = list(_bounded(shuffled[::2], _MOST_REHEARSED))
    unseen = list(_bounded(shuffled[1::2], _MOST_JUDGED))
    met = _counted(seen, rng)
    counts = _vocabulary(met, rng) + _made_words(seen, rng)
    known = set(seen)
    others = _counted([text for text in shuffled if text not in known], rng)
    everything = counts + _vocabulary(others, rng)
    with ThreadPoolExecutor(1) as beside:
        rehearsal = _train_words(counts, seed, _REHEARSAL)
        training = beside.submit(_train_words, everything, seed, _SETTINGS["epoch"])
        features, codes = _examples(unseen, rehearsal, rng)
        judge = _train_judge(np.array(features), np.array(codes), seed)
        words = training.result()
    words.know(_kept_ready(met + others, rng))
    return LanguageModel(words, judge)


def learn(texts: Sequence[Text], folder: Path) -> None:
    """Trains and writes the model into an existing folder."""
    train(texts).save(folder)
