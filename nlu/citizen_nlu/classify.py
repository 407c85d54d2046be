"""Which label a message has: one linear model per label over words, letter groups and concepts, then calibration.

Training cross-validates first: the held-out scores of the folds teach a temperature (for the ranking) and a logistic
model (for the first guess), so that of the messages given 0.9 nine in ten are right.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from citizen_nlu.features import Vector, Vocabulary, features_of
from citizen_nlu.slips import Slips
from citizen_nlu.words import Word

FOLDS = 10
FOLDS_RUN = 2
"""Two tenths are plenty to calibrate on, and models of nine tenths come nearest to the final one."""
SOFTNESS = 0.5
"""Inverse regularisation of the linear models."""


@dataclass(frozen=True)
class Calibration:
    """Temperature of the softmax, and the logistic model of the first guess over `signals`."""

    temperature: float
    coefficients: np.ndarray
    intercept: float

    def confidence(self, signals: np.ndarray) -> np.ndarray:
        """Probability that the first guess is right, one per row of signals."""
        return expit(signals @ self.coefficients + self.intercept)


@dataclass(frozen=True)
class Classification:
    """The labels by falling confidence, and what explains the first of them."""

    ranking: list[tuple[str, float]]
    contributions: list[float]
    """For each word of the message: how much it spoke for the first label."""
    example: str | None
    """The authored example of that label that is nearest to the message."""


def _signals(log_probabilities: np.ndarray, nearest: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Columns: log-odds of the first guess, lead over the second, likeness to an example, share of known words."""
    ordered = np.sort(log_probabilities, axis=1)
    first, second = ordered[:, -1], ordered[:, -2]
    first = np.minimum(first, -1e-6)
    log_odds = first - np.log1p(-np.exp(first))
    return np.stack([log_odds, first - second, nearest, known], axis=1)


@dataclass(frozen=True)
class Classifier:
    """A trained model. `weights` is features × labels; `examples` holds the unit vectors of the authored texts."""

    labels: list[str]
    vocabulary: Vocabulary
    slips: Slips
    weights: np.ndarray
    bias: np.ndarray
    calibration: Calibration
    texts: list[str]
    text_labels: np.ndarray
    examples: sparse.csr_matrix

    def classify(self, words: Sequence[Word], count: int = 10) -> Classification | None:
        """The `count` best labels; None when the message has nothing that was ever seen."""
        words = [word if self._seen(word) else self.slips.mended(word) for word in words]
        vector = self.vocabulary.vector(features_of(words))
        if not len(vector.numbers):
            return None
        scores = vector.weights @ self.weights[vector.numbers] + self.bias
        log_probabilities = log_softmax(scores / self.calibration.temperature)
        first = int(scores.argmax())
        nearest, likeness = self._nearest(vector, first)
        signals = _signals(log_probabilities[None], np.array([likeness]), np.array([self._known(words)]))
        confidence = float(self.calibration.confidence(signals)[0])
        return Classification(
            self._ranking(log_probabilities, confidence, count),
            self._contributions(vector, first, len(words)),
            nearest,
        )

    def _seen(self, word: Word) -> bool:
        numbers = self.vocabulary.numbers
        return f"n:{word.normal}" in numbers or f"w:{word.surface}" in numbers

    def _known(self, words: Sequence[Word]) -> float:
        spoken = [word for word in words if word.spoken]
        return sum(f"n:{word.normal}" in self.vocabulary.numbers for word in spoken) / max(1, len(spoken))

    def _ranking(
        self, log_probabilities: np.ndarray, confidence: float, count: int
    ) -> list[tuple[str, float]]:
        """The first gets its calibrated confidence; the others share the rest in proportion and never overtake it."""
        order = np.argsort(-log_probabilities, kind="stable")[:count]
        probabilities = np.exp(log_probabilities[order])
        share = min(confidence / probabilities[0], (1 - confidence) / max(1 - probabilities[0], 1e-9))
        rest = np.minimum(probabilities * share, confidence)
        rest[0] = confidence
        return [(self.labels[number], float(value)) for number, value in zip(order, rest, strict=True)]

    def _nearest(self, vector: Vector, label: int) -> tuple[str | None, float]:
        rows = np.flatnonzero(self.text_labels == label)
        if not len(rows):
            return None, 0.0
        query = np.zeros(self.examples.shape[1], dtype=np.float32)
        query[vector.numbers] = vector.weights / np.linalg.norm(vector.weights)
        likeness = self.examples[rows] @ query
        best = int(likeness.argmax())
        return self.texts[rows[best]], float(likeness[best])

    def _contributions(self, vector: Vector, label: int, words: int) -> list[float]:
        shares = vector.weights * self.weights[vector.numbers, label]
        contributions = [0.0] * words
        for share, sources in zip(shares.tolist(), vector.sources, strict=True):
            for indices in sources:
                for index in indices:
                    contributions[index] += share / (len(sources) * len(indices))
        return contributions

    def save(self, folder: Path) -> None:
        """Writes two files, without pickles."""
        np.savez_compressed(
            folder / "classifier.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            idf=self.vocabulary.idf,
            coefficients=self.calibration.coefficients,
            scalars=np.array([self.calibration.temperature, self.calibration.intercept]),
            text_labels=self.text_labels,
            example_data=self.examples.data.astype(np.float16),
            example_indices=self.examples.indices,
            example_starts=self.examples.indptr,
        )
        content = {
            "labels": self.labels,
            "features": self.vocabulary.names,
            "frequent": self.slips.known,
            "texts": self.texts,
        }
        (folder / "classifier.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Reads what `save` wrote."""
        content = json.loads((folder / "classifier.json").read_text("utf-8"))
        with np.load(folder / "classifier.npz") as arrays:
            names = content["features"]
            rows = (
                arrays["example_data"].astype(np.float32),
                arrays["example_indices"],
                arrays["example_starts"],
            )
            temperature, intercept = arrays["scalars"].tolist()
            return cls(
                labels=content["labels"],
                vocabulary=Vocabulary(names, arrays["idf"]),
                slips=Slips(content["frequent"]),
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"],
                calibration=Calibration(temperature, arrays["coefficients"], intercept),
                texts=content["texts"],
                text_labels=arrays["text_labels"],
                examples=sparse.csr_matrix(rows, shape=(len(content["texts"]), len(names))),
            )


@dataclass(frozen=True)
class Fold:
    """Out-of-fold facts about some examples: scores per label, likeness to the nearest of the guessed label, …"""

    rows: np.ndarray
    scores: np.ndarray
    nearest: np.ndarray
    known: np.ndarray


def _fit(matrix: sparse.csr_matrix, targets: np.ndarray, labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features × labels) and bias; a label without examples in the fold scores as badly as possible."""
    machine = LinearSVC(C=SOFTNESS, tol=1e-2, random_state=0).fit(matrix, targets)
    coefficients, intercept = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.hstack([-intercept, intercept])
    weights = np.zeros((matrix.shape[1], labels), dtype=np.float32)
    bias = np.full(labels, -2.0, dtype=np.float32)
    weights[:, machine.classes_], bias[machine.classes_] = coefficients.T, intercept
    return weights, bias


@dataclass(frozen=True)
class _Material:
    """What every fold needs: the vectors, the same at unit length, which normal forms occur, and the true labels."""

    matrix: sparse.csr_matrix
    unit: sparse.csr_matrix
    forms: sparse.csr_matrix
    targets: np.ndarray


def _run_fold(material: _Material, learn: np.ndarray, test: np.ndarray) -> Fold:
    matrix, unit, forms, targets = material.matrix, material.unit, material.forms, material.targets
    weights, bias = _fit(matrix[learn], targets[learn], int(targets.max()) + 1)
    scores = matrix[test] @ weights + bias
    guesses = scores.argmax(axis=1)
    nearest = np.zeros(len(test))
    for label in np.unique(guesses):
        mine, theirs = np.flatnonzero(guesses == label), learn[targets[learn] == label]
        if len(theirs):
            nearest[mine] = (unit[test[mine]] @ unit[theirs].T).max(axis=1).toarray().ravel()
    seen = (forms[learn].sum(axis=0) > 0).A1.astype(np.float32)
    known = (forms[test] @ seen) / np.maximum(forms[test].sum(axis=1).A1, 1)
    return Fold(test, scores, nearest, known)


def cross_validate(
    matrix: sparse.csr_matrix, targets: np.ndarray, normal_forms: np.ndarray
) -> tuple[list[Fold], tuple[np.ndarray, np.ndarray]]:
    """Scores of examples by models that have not seen them, and the final weights and bias. Two run at a time."""
    forms = matrix[:, normal_forms].astype(bool).astype(np.float32)
    material = _Material(matrix, normalize(matrix), forms, targets)
    parts = min(FOLDS, int(np.bincount(targets).max()))
    splitter = StratifiedKFold(parts, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # labels with fewer examples than folds are no harm
        splits = list(splitter.split(targets, targets))[:FOLDS_RUN]
    with ThreadPoolExecutor(2) as pool:
        final = pool.submit(_fit, matrix, targets, int(targets.max()) + 1)
        folds = list(pool.map(lambda split: _run_fold(material, *split), splits))
        return folds, final.result()


def calibrate(folds: Sequence[Fold], targets: np.ndarray) -> Calibration:
    """Temperature with the least log loss, then the logistic model of «the first guess is right»."""
    scores = np.concatenate([fold.scores for fold in folds])
    truth = targets[np.concatenate([fold.rows for fold in folds])]
    index = np.arange(len(truth))

    def loss(temperature: float) -> float:
        return -float(log_softmax(scores / temperature, axis=1)[index, truth].mean())

    temperature = float(minimize_scalar(loss, bounds=(0.02, 2.0), method="bounded").x)
    signals = _signals(
        log_softmax(scores / temperature, axis=1),
        np.concatenate([fold.nearest for fold in folds]),
        np.concatenate([fold.known for fold in folds]),
    )
    right = scores.argmax(axis=1) == truth
    if right.all() or not right.any():
        return Calibration(temperature, np.array([1.0, 0.0, 0.0, 0.0]), 0.0)
    logistic = LogisticRegression(C=10.0, max_iter=1000).fit(signals, right)
    return Calibration(temperature, logistic.coef_[0].astype(np.float64), float(logistic.intercept_[0]))


def train(
    messages: Sequence[tuple[str, str, Sequence[Word]]],
    progress: Callable[[str, str], None] = lambda _step, _what: None,
) -> Classifier:
    """Trains on (text, label, words); `progress` is told the step and what it has done."""
    features = [features_of(words) for _, _, words in messages]
    vocabulary = Vocabulary.learn(features)
    matrix = vocabulary.matrix(features)
    labels = sorted({label for _, label, _ in messages})
    numbers = {label: number for number, label in enumerate(labels)}
    targets = np.array([numbers[label] for _, label, _ in messages])
    progress("features", f"{matrix.shape[0]} examples, {len(labels)} labels, {matrix.shape[1]} features")
    normal_forms = np.array([number for name, number in vocabulary.numbers.items() if name.startswith("n:")])
    folds, (weights, bias) = cross_validate(matrix, targets, normal_forms)
    progress("classifier", f"linear models of {len(labels)} labels fitted")
    calibration = calibrate(folds, targets)
    right = np.concatenate([fold.scores.argmax(axis=1) == targets[fold.rows] for fold in folds]).mean()
    progress("calibration", f"confidence calibrated; first guess right {right:.1%} in cross-validation")
    texts = [text for text, _, _ in messages]
    slips = Slips.learn(words for _, _, words in messages)
    return Classifier(
        labels, vocabulary, slips, weights, bias, calibration, texts, targets, normalize(matrix)
    )
