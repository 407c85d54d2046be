"""Why the classifier is what it is: `python -m citizen_nlu.experiments [classifiers] [ablation] [curve] [risk]`, minutes long.

Every row is trained on the same examples and measured on the same messages, first guesses only; intervals are
Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is imported

import fasttext
import numpy as np
from scipy.special import log_softmax
from text.letters import fold

from citizen_nlu import classifier_training
from citizen_nlu.content import Measured, read, read_held_out
from citizen_nlu.courtesies import without_courtesies
from citizen_nlu.entities import find_entities, without_places
from citizen_nlu.features import Features, Vocabulary, features_of
from citizen_nlu.intervals import wilson
from citizen_nlu.labels import OTHER, kind_of
from citizen_nlu.linear import fit
from citizen_nlu.train import NLU, be_quiet
from citizen_nlu.words import Word, split

DATA = NLU / "data"
SHARPNESS = 0.2
"""Temperature at which the scores of two levels are joined."""
EPOCHS = 25
"""Of DIET: beyond it the figures moved less than their interval."""


RASA_FEATURES = 5_000
"""Words, and as many letter groups, of Rasa's own pipelines: with four times as many its classifiers do not end in minutes."""


@dataclass(frozen=True)
class Message:
    """One message with its truth."""

    text: str
    label: str
    language: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Guesses:
    """The three best labels for every held-out message."""

    labels: list[list[str]]
    seconds: float


Classifier = Callable[[Sequence[Message], Sequence[Message]], list[list[str]]]


def _features(messages: Sequence[Message], drop: str = "") -> list[Features]:
    return [features_of(m.words).without(drop) for m in messages]


def _scores(examples: Sequence[Message], held_out: Sequence[Message], targets: Sequence[str], drop: str = ""):
    """Linear scores (messages × labels) and the labels in column order."""
    vocabulary, matrix = Vocabulary.learn(_features(examples, drop))
    labels, numbers = np.unique(targets, return_inverse=True)
    weights, bias = fit(
        matrix, numbers, len(labels), classifier_training.SOFTNESS, classifier_training.PASSES
    )
    return vocabulary.matrix(_features(held_out, drop)) @ weights + bias, list(labels)


def _best(scores: np.ndarray, labels: Sequence[str]) -> list[list[str]]:
    return [[labels[i] for i in row] for row in np.argsort(-scores, axis=1)[:, :3]]


def linear(drop: str = "", change: Callable[[Word], Word] | None = None) -> Classifier:
    """The product's linear model, without some blocks of features or with other words."""

    def changed(messages: Sequence[Message]) -> Sequence[Message]:
        if change is None:
            return messages
        return [replace(m, words=tuple(change(word) for word in m.words)) for m in messages]

    def run(examples: Sequence[Message], held_out: Sequence[Message]) -> list[list[str]]:
        targets = [example.label for example in examples]
        return _best(*_scores(changed(examples), changed(held_out), targets, drop))

    return run


def product(examples: Sequence[Message], held_out: Sequence[Message]) -> list[list[str]]:
    """What the product runs, learnt from examples alone: linear models, network, asking or telling, typo tolerance."""
    model = classifier_training.train(
        [(example.text, example.label, example.words) for example in examples],
        [(message.label, message.words) for message in held_out],
    )
    results = [model.classify(message.words) for message in held_out]
    return [[label for label, _ in result.ranking[:3]] if result else [] for result in results]


def hierarchical(examples: Sequence[Message], held_out: Sequence[Message]) -> list[list[str]]:
    """First the kind (a topic: its group), then the label within it; log-probabilities of both levels are added."""

    def branch(label: str) -> str:
        return label.partition(".")[0] if kind_of(label) != "topic" else ".".join(label.split(".")[:2])

    scores, branches = _scores(examples, held_out, [branch(example.label) for example in examples])
    upper = log_softmax(scores / SHARPNESS, axis=1)
    labels, columns = [], []
    for number, name in enumerate(branches):
        inside = [example for example in examples if branch(example.label) == name]
        own = sorted({example.label for example in inside})
        if len(own) == 1:
            lower = np.zeros((len(held_out), 1))
        else:
            scores, own = _scores(inside, held_out, [example.label for example in inside])
            lower = log_softmax(scores / SHARPNESS, axis=1)
        labels += own
        columns.append(upper[:, [number]] + lower)
    return _best(np.hstack(columns), labels)


def fasttext_supervised(examples: Sequence[Message], held_out: Sequence[Message]) -> list[list[str]]:
    """fastText on folded words with subwords and word pairs."""

    def line(message: Message) -> str:
        return " ".join(word.surface for word in message.words if word.spoken) or "-"

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "examples.txt"
        path.write_text("".join(f"__label__{e.label} {line(e)}\n" for e in examples), "utf-8")
        model = fasttext.train_supervised(
            str(path),
            dim=100,
            minn=2,
            maxn=5,
            wordNgrams=2,
            epoch=30,
            lr=0.5,
            bucket=500_000,
            thread=2,
            verbose=0,
        )
    return [[label.removeprefix("__label__") for label in model.predict(line(m), k=3)[0]] for m in held_out]


def rasa_pipeline(component: dict) -> Classifier:
    """One of Rasa's own classifiers on counts of words and of letter groups within words."""

    def run(examples: Sequence[Message], held_out: Sequence[Message]) -> list[list[str]]:
        be_quiet()
        import asyncio

        import yaml
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            pipeline = [
                {"name": "WhitespaceTokenizer"},
                {"name": "CountVectorsFeaturizer", "max_features": RASA_FEATURES},
                {
                    "name": "CountVectorsFeaturizer",
                    "analyzer": "char_wb",
                    "min_ngram": 1,
                    "max_ngram": 4,
                    "max_features": RASA_FEATURES,
                },
                component,
            ]
            config = {
                "recipe": "default.v1",
                "assistant_id": "experiment",
                "language": "xx",
                "pipeline": pipeline,
            }
            (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
            by_label: dict[str, list[str]] = {}
            for example in examples:
                by_label.setdefault(example.label, []).append(" ".join(example.text.split()))
            nlu = [
                {"intent": label, "examples": "".join(f"- {_plain(text)}\n" for text in texts)}
                for label, texts in by_label.items()
            ]
            (folder / "nlu.yml").write_text(
                yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True), "utf-8"
            )
            model = train_nlu(
                str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="m"
            )
            agent = Agent.load(str(model))

            async def parse() -> list[list[str]]:
                answers = [await agent.parse_message(_plain(message.text)) for message in held_out]
                return [[guess["name"] for guess in answer["intent_ranking"][:3]] for answer in answers]

            return asyncio.run(parse())

    return run


def _plain(text: str) -> str:
    """Without the marks that Rasa's training format reads as entities or commands."""
    return " ".join(text.translate(str.maketrans("[](){}/\\", "        ")).split()) or "-"


def _unfolded(word: Word) -> Word:
    return word._replace(surface=word.text.lower(), normal=word.text.lower())


def _latin_unread(word: Word) -> Word:
    typed = fold(word.text.lower())
    return (
        word if typed == word.surface or not typed.isascii() else word._replace(surface=typed, normal=typed)
    )


CLASSIFIERS: dict[str, Classifier] = {
    "ours: linear and network, asking or telling": product,
    "linear, flat": linear(),
    "linear, hierarchical": hierarchical,
    "linear, words and letter groups only": linear("nkp"),
    "fastText supervised": fasttext_supervised,
    "Rasa LogisticRegressionClassifier": rasa_pipeline(
        {"name": "LogisticRegressionClassifier", "max_iter": 200}
    ),
    "Rasa DIETClassifier": rasa_pipeline(
        {
            "name": "DIETClassifier",
            "epochs": EPOCHS,
            "entity_recognition": False,
            "constrain_similarities": True,
        }
    ),
}
ABLATION: dict[str, Classifier] = {
    "all, subject alone": linear(),
    "without normal forms (the word as typed, folded)": linear(change=lambda w: w._replace(normal=w.surface)),
    "without folding and reading of Latin for words": linear(change=_unfolded),
    "without reading Latin as Cyrillic": linear(change=_latin_unread),
    "without letter groups": linear("c"),
    "without words as typed": linear("w"),
    "without normal forms as features": linear("n"),
    "without concepts": linear("kp"),
    "without pairs of concepts": linear("p"),
}
GROUPS = ("all", "faq", "topic", "dialog", "emergency", "other", "kk", "ru", "mixed")


def _measured(held_out: Sequence[Message], guesses: Guesses) -> list[str]:
    """Cells: first guess with its interval, in three, then the first guess by group."""
    right = np.array([g[:1] == [m.label] for m, g in zip(held_out, guesses.labels)])
    in_three = np.array([m.label in g for m, g in zip(held_out, guesses.labels)])
    low, high = wilson(int(right.sum()), len(right))
    cells = [f"{right.mean():.1%} ({low:.1%}–{high:.1%})", f"{in_three.mean():.1%}"]
    for group in GROUPS[1:]:
        inside = np.array([group in (kind_of(m.label), m.language) for m in held_out])
        cells.append(f"{right[inside].mean():.1%}" if inside.any() else "–")
    return [*cells, f"{guesses.seconds:.0f} s"]


def _table(
    title: str, rows: dict[str, Classifier], examples: list[Message], held_out: list[Message]
) -> Iterator[str]:
    yield f"### {title}\n"
    yield f"| | first guess (95 %) | in three | {' | '.join(GROUPS[1:])} | train and guess |"
    yield "| --- |" + " ---: |" * (len(GROUPS) + 2)
    for name, classifier in rows.items():
        print(f"{title}: {name} …", file=sys.stderr, flush=True)
        started = time.monotonic()
        labels = classifier(examples, held_out)
        cells = _measured(held_out, Guesses(labels, time.monotonic() - started))
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _share(examples: Sequence[Message], share: float) -> list[Message]:
    """A random share of every label's examples, two at least."""
    rng = Random(0)
    by_label: dict[str, list[Message]] = {}
    for example in examples:
        by_label.setdefault(example.label, []).append(example)
    return [m for own in by_label.values() for m in rng.sample(own, max(2, round(len(own) * share)))]


def _part(share: float) -> Classifier:
    """Our linear model on a share of the examples."""
    return lambda examples, held_out: linear()(_share(examples, share), held_out)


CURVE: dict[str, Classifier] = {
    f"{share:.0%} of the examples": _part(share) for share in (0.1, 0.2, 0.4, 0.6, 0.8, 1)
}
TABLES = {"classifiers": CLASSIFIERS, "ablation": ABLATION, "curve": CURVE}
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


def risk_and_coverage(examples: Sequence[Message], messages: Sequence[Message]) -> Iterator[str]:
    """What acting at each threshold would come to, by confidences calibrated on the other messages."""
    development = [(message.label, message.words) for message in messages]
    model = classifier_training.train([(e.text, e.label, e.words) for e in examples], development)
    judged = classifier_training.judge(model, development)
    confidences = classifier_training.cross_calibrated(model, judged)
    guessed = np.array([model.labels[guess.label] for guess in judged.guesses])
    inside, said_other = np.array(model.labels)[judged.truth] != OTHER, guessed == OTHER
    yield "### Risk and coverage\n"
    yield "| acts from | acts on | right where it acts | out of scope acted on |"
    yield "| --- | ---: | ---: | ---: |"
    for threshold in THRESHOLDS:
        acts = (confidences >= threshold) & ~said_other
        right = judged.right[acts & inside].mean()
        yield f"| {threshold:.2f} | {acts[inside].mean():.1%} | {right:.1%} | {acts[~inside].mean():.1%} |"
    yield ""


def _matter(row: Measured) -> list[Word]:
    entities = [entity.as_dict() for entity in find_entities(row.text)]
    return without_courtesies(without_places(split(row.text, row.language), entities))


def main() -> int:
    """Prints the chosen tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [*TABLES, "risk"]
    parser.add_argument("tables", nargs="*", choices=[*names, []], help="all of them when none is named")
    parser.add_argument("--on", type=Path, default=DATA / "development")
    parser.add_argument(
        "--share", type=float, default=1.0, help="train on this share of each label's examples"
    )
    options = parser.parse_args()
    examples = _share(
        [Message(e.text, e.label, e.language, tuple(split(e.text, e.language))) for e in read(DATA).examples],
        options.share,
    )
    held_out = [
        Message(row.text, row.label, row.language, tuple(_matter(row)))
        for path in sorted(options.on.glob("*.tsv"))
        for row in read_held_out(path)
        if row.label
    ]
    print(
        f"{len(examples)} examples, {len({e.label for e in examples})} labels, {len(held_out)} held-out messages\n"
    )
    for name in options.tables or names:
        lines = (
            risk_and_coverage(examples, held_out)
            if name == "risk"
            else _table(name.capitalize(), TABLES[name], examples, held_out)
        )
        for line in lines:
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
