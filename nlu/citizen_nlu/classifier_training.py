"""Teaches the classifier: the linear models from the examples, the calibration from the development messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax as log_softmax_of_rows
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from citizen_nlu import linear
from citizen_nlu.classify import (
    ASKS,
    TELLS,
    Calibration,
    Classifier,
    Danger,
    Guess,
    Manner,
    Network,
    log_softmax,
)
from citizen_nlu.features import Vocabulary, features_of, names_of
from citizen_nlu.labels import kind_of
from citizen_nlu.manner import common_words, manner_of
from citizen_nlu.nearest import Examples
from citizen_nlu.network import Layers
from citizen_nlu.slips import Slips
from citizen_nlu.words import Word

SOFTNESS = 0.5
"""Inverse regularisation of the linear models."""
MANNER_SOFTNESS = 0.2
MANNER_STEP = 2
"""Every so many of the examples teach asking against telling, two kinds among so many."""
DANGER_SOFTNESS = 0.1
PASSES = 5
"""Over the examples; more moved the figures less than their interval."""
LARGEST_BYTE = 127
EXAMPLES = 120
"""Of one label, kept to show the nearest of."""
UNCALIBRATED = Calibration(1.0, np.zeros(0), 0.0)


def train(
    examples: Sequence[tuple[str | None, str, Sequence[Word]]],
    development: Sequence[tuple[str, Sequence[Word]]],
    progress: Callable[[str, str], None] = lambda _step, _what: None,
) -> Classifier:
    """Trains on (text, label, words) and calibrates on (label, words); `progress` is told the step and what it has done.

    An example whose text is None is learnt from, but never shown as the nearest one.
    """
    examples = sorted(
        (example for example in examples if any(word.spoken for word in example[2])),
        key=lambda example: example[1],  # label by label, as the model keeps them
    )
    targets_by_name = [label for _, label, _ in examples]
    labels, targets = np.unique(targets_by_name, return_inverse=True)
    messages = [words for _, _, words in examples]
    # A server keeps the commonest words; here every word is met again.
    every_word = lru_cache(maxsize=None)(names_of)
    features = [features_of(words, every_word) for words in messages]
    vocabulary, matrix = Vocabulary.learn(features)
    progress("features", f"{matrix.shape[0]} examples, {len(labels)} labels, {matrix.shape[1]} features")
    with ThreadPoolExecutor() as pool:  # what is compiled lets other threads run
        subject = pool.submit(linear.fit, matrix, targets, len(labels), SOFTNESS, PASSES)
        network = pool.submit(_fit_network, matrix, targets, len(labels))
        manner = pool.submit(_fit_manner, targets_by_name, messages, matrix)
        danger = pool.submit(_fit_danger, targets_by_name, matrix)
    weights, bias = subject.result()
    quantised, steps = _in_bytes(weights)
    progress("classifier", f"linear models of {len(labels)} labels fitted")
    texts = [text for text, _, _ in examples]
    shown = _shown(texts, targets, len(labels))
    model = Classifier(
        labels=labels.tolist(),
        vocabulary=vocabulary,
        slips=Slips.learn(messages),
        weights=quantised,
        steps=steps,
        bias=bias,
        network=network.result(),
        manner=manner.result(),
        danger=danger.result(),
        calibration=UNCALIBRATED,
        examples=Examples.of(
            [texts[row] or "" for row in shown],
            matrix[shown],
            np.searchsorted(targets[shown], np.arange(len(labels) + 1)),
        ),
    )
    judged = judge(model, development)
    calibration = calibrate(model, judged)
    right = f"first guess right {judged.right.mean():.1%} on {len(judged.truth)} development messages"
    progress("calibration", f"confidence calibrated; {right}")
    return replace(
        model, calibration=calibration, danger=calibrated_danger(model, judged, calibration.temperature)
    )


def _shown(texts: Sequence[str | None], targets: np.ndarray, labels: int) -> np.ndarray:
    """Rows that have a text, label by label: EXAMPLES of one at most, evenly from all."""
    told = np.array([text is not None for text in texts])
    rows = [np.flatnonzero((targets == label) & told) for label in range(labels)]
    return np.concatenate(
        [own[np.linspace(0, len(own) - 1, min(len(own), EXAMPLES)).astype(int)] for own in rows]
    )


def _in_bytes(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights in single bytes (the largest thing in memory; of a thousand guesses that changes none), and the step of each
    feature."""
    steps = np.maximum(np.abs(weights).max(axis=1) / LARGEST_BYTE, np.finfo(np.float32).tiny)
    return np.round(weights / steps[:, None]).astype(np.int8), steps


def _fit_network(matrix: sparse.csr_matrix, targets: np.ndarray, labels: int) -> Network:
    layers = Layers.learn(matrix, targets, labels)
    weights, steps = _in_bytes(layers.features)
    return Network(weights, steps, layers.places, layers.labels, layers.bias)


def _fit_manner(
    labels: Sequence[str], messages: Sequence[Sequence[Word]], subject: sparse.csr_matrix
) -> Manner:
    """Asking against telling, on the subject's features and those of manner side by side."""
    common = common_words(list(zip(labels, messages, strict=True)))
    kinds = np.array([kind_of(label) for label in labels])
    rows = np.flatnonzero(np.isin(kinds, (ASKS, TELLS)))[::MANNER_STEP]
    features = [manner_of(messages[row], common) for row in rows]
    vocabulary, matrix = Vocabulary.learn(features, least=2, repeating=False)
    width = subject.shape[1]
    weights, bias = np.zeros(width + len(vocabulary.names), dtype=np.float32), 0.0
    if len(set(kinds[rows])) == 2:
        both = sparse.hstack([subject[rows], matrix]).tocsr()
        machine = LinearSVC(C=MANNER_SOFTNESS, tol=1e-1, random_state=0).fit(both, kinds[rows] == ASKS)
        weights, bias = machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
    return Manner(common, vocabulary, weights[:width], weights[width:], bias)


def _fit_danger(labels: Sequence[str], subject: sparse.csr_matrix) -> Danger | None:
    """All kinds of danger against everything else; None where there is nothing of one side."""
    present = np.array([kind_of(label) == "emergency" for label in labels])
    if present.all() or not present.any():
        return None
    machine = LinearSVC(C=DANGER_SOFTNESS, tol=1e-2, random_state=0).fit(subject, present)
    return Danger(machine.coef_[0].astype(np.float32), float(machine.intercept_[0]))


@dataclass(frozen=True)
class Judged:
    """What the linear models made of the development messages, and the numbers of the labels these have."""

    guesses: list[Guess]
    truth: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """Whether the first guess is right."""
        return np.array([guess.label for guess in self.guesses]) == self.truth

    def part(self, rows: np.ndarray) -> Judged:
        """Some of the messages."""
        return Judged([self.guesses[row] for row in rows], self.truth[rows])


def judge(model: Classifier, development: Sequence[tuple[str, Sequence[Word]]]) -> Judged:
    """Guesses at (label, words); messages with an unknown label, or nothing known in them, are left out."""
    numbers = {label: number for number, label in enumerate(model.labels)}
    judged = [
        (guess, numbers[label])
        for label, words in development
        if label in numbers and (guess := model.guess(words)) is not None
    ]
    return Judged([guess for guess, _ in judged], np.array([number for _, number in judged]))


def calibrate(model: Classifier, judged: Judged) -> Calibration:
    """Temperature with the least log loss, then the logistic model.

    ValueError when the messages cannot teach it: all first guesses are right, or all wrong.
    """
    right, truth = judged.right, judged.truth
    if right.all() or not right.any():
        raise ValueError(
            "development messages with right and with wrong first guesses are needed to calibrate"
        )
    scores = np.array([guess.scores for guess in judged.guesses])

    def loss(temperature: float) -> float:
        return -float(log_softmax_of_rows(scores / temperature, axis=1)[np.arange(len(truth)), truth].mean())

    temperature = float(minimize_scalar(loss, bounds=(0.02, 2.0), method="bounded").x)
    signals = _signals(model, judged, temperature)
    centre, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    logistic = LogisticRegression(max_iter=3000).fit((signals - centre) / spread, right)
    coefficients = logistic.coef_[0] / spread
    return Calibration(temperature, coefficients, float(logistic.intercept_[0] - centre @ coefficients))


def calibrated_danger(model: Classifier, judged: Judged, temperature: float) -> Danger | None:
    """The model's danger with its logistic part; None where the messages name no danger, or nothing else."""
    present = model.dangers[judged.truth]
    if model.danger is None or present.all() or not present.any():
        return None
    signals = np.array(
        [model.danger_signals(guess, log_softmax(guess.scores / temperature)) for guess in judged.guesses]
    )
    logistic = LogisticRegression(C=10, max_iter=1000).fit(signals, present)
    return replace(model.danger, coefficients=logistic.coef_[0], intercept=float(logistic.intercept_[0]))


def cross_calibrated(model: Classifier, judged: Judged, folds: int = 5) -> np.ndarray:
    """The confidence of each message, calibrated on the others: what a threshold may be chosen by."""
    confidences = np.zeros(len(judged.truth))
    for rest, own in StratifiedKFold(folds, shuffle=True, random_state=0).split(judged.truth, judged.right):
        calibration = calibrate(model, judged.part(rest))
        signals = _signals(model, judged.part(own), calibration.temperature)
        confidences[own] = calibration.confidence(signals)
    return confidences


def _signals(model: Classifier, judged: Judged, temperature: float) -> np.ndarray:
    return np.array(
        [model.signals(guess, log_softmax(guess.scores / temperature)) for guess in judged.guesses]
    )
