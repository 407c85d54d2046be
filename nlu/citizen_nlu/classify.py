"""Which label a message has: a linear model of its subject, one of asking or telling, then calibration.

The subject has one linear model per label over words, letter groups and concepts. Whether a message asks (a question
of the FAQ) or tells (a matter for an appeal) is told by these and by its manner, learnt over all subjects at once; the
log-probability is added to the scores of the labels on either side.

Training cross-validates first: the held-out scores of the fold teach a temperature (for the ranking) and a logistic
model (for the first guess), so that of the messages given 0.9 nine in ten are right.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from citizen_nlu.features import Vector, Vocabulary, features_of
from citizen_nlu.labels import OTHER, kind_of
from citizen_nlu.manner import common_words, manner_of
from citizen_nlu.slips import Slips
from citizen_nlu.words import Word

FOLDS = 10
FOLDS_RUN = 1
"""A tenth is plenty to calibrate on, and a model of nine tenths comes nearest to the final one."""
SOFTNESS = 0.5
"""Inverse regularisation of the linear models."""
MANNER_SOFTNESS = 0.2
MANNER_SHARPNESS = 0.3
"""Temperature of the two scores, asking and telling."""
MANNER_SHARE = 0.25
"""What their log-probability adds to the score of a label."""
PASSES = 6
"""Over the examples; more moved the figures less than their interval."""
ASKS, TELLS = "faq", "topic"


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


def _signals(
    log_probabilities: np.ndarray, labels: Sequence[str], nearest: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """What tells a right first guess from a wrong one, a row per message.

    Log-odds of the guess, its lead over the second and over «out of scope», likeness to an example, share of known
    words.
    """
    ordered = np.sort(log_probabilities, axis=1)
    first, second = ordered[:, -1], ordered[:, -2]
    first = np.minimum(first, -1e-6)
    log_odds = first - np.log1p(-np.exp(first))
    outside = log_probabilities[:, labels.index(OTHER)] if OTHER in labels else second
    return np.stack([log_odds, first - second, first - outside, nearest, known], axis=1)


@dataclass(frozen=True)
class Manner:
    """Whether a message asks or tells, by its subject and by how it is said."""

    common: frozenset[str]
    vocabulary: Vocabulary
    by_subject: np.ndarray
    by_manner: np.ndarray
    bias: float

    def asks(self, subject: Vector, words: Sequence[Word]) -> float:
        """The score of asking; telling has the opposite one."""
        manner = self.vocabulary.vector(manner_of(words, self.common))
        return float(
            subject.weights @ self.by_subject[subject.numbers]
            + manner.weights @ self.by_manner[manner.numbers]
            + self.bias
        )


def _sides(labels: Sequence[str]) -> np.ndarray:
    """2 × labels: whether a label is an answer to somebody who asks, a matter of somebody who tells."""
    kinds = np.array([kind_of(label) for label in labels])
    return np.stack([kinds == ASKS, kinds == TELLS]).astype(np.float32)


def _added(asks: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """What asking or telling adds to the scores: messages × labels, given one score of asking per message."""
    log_probabilities = -np.logaddexp(0, np.stack([-asks, asks], axis=1) * 2 / MANNER_SHARPNESS)
    return MANNER_SHARE * (log_probabilities @ sides)


@dataclass(frozen=True)
class Classifier:
    """A trained model. `weights` is features × labels; `examples` holds the unit vectors of the authored texts."""

    labels: list[str]
    vocabulary: Vocabulary
    slips: Slips
    weights: np.ndarray
    bias: np.ndarray
    manner: Manner
    calibration: Calibration
    texts: list[str]
    text_labels: np.ndarray
    examples: sparse.csr_matrix

    @cached_property
    def _sides(self) -> np.ndarray:
        return _sides(self.labels)

    def classify(self, words: Sequence[Word], count: int = 10) -> Classification | None:
        """The `count` best labels; None when the message has nothing that was ever seen."""
        words = [word if self._seen(word) else self.slips.mended(word) for word in words]
        vector = self.vocabulary.vector(features_of(words))
        if not len(vector.numbers):
            return None
        added = _added(np.array([self.manner.asks(vector, words)]), self._sides)[0]
        scores = vector.weights @ self.weights[vector.numbers].astype(np.float32) + self.bias + added
        log_probabilities = log_softmax(scores / self.calibration.temperature)
        first = int(scores.argmax())
        nearest, likeness = self._nearest(vector, first)
        signals = _signals(
            log_probabilities[None], self.labels, np.array([likeness]), np.array([self._known(words)])
        )
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
            scalars=np.array([self.calibration.temperature, self.calibration.intercept, self.manner.bias]),
            text_labels=self.text_labels,
            example_data=self.examples.data.astype(np.float16),
            example_indices=self.examples.indices,
            example_starts=self.examples.indptr,
            manner_by_subject=self.manner.by_subject.astype(np.float16),
            manner_by_manner=self.manner.by_manner.astype(np.float16),
            manner_idf=self.manner.vocabulary.idf,
        )
        content = {
            "labels": self.labels,
            "features": self.vocabulary.names,
            "frequent": self.slips.known,
            "texts": self.texts,
            "manners": self.manner.vocabulary.names,
            "common": sorted(self.manner.common),
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
            temperature, intercept, manner_bias = arrays["scalars"].tolist()
            return cls(
                labels=content["labels"],
                vocabulary=Vocabulary(names, arrays["idf"]),
                slips=Slips(content["frequent"]),
                weights=arrays["weights"],  # half precision: the largest thing in memory
                bias=arrays["bias"],
                manner=Manner(
                    common=frozenset(content["common"]),
                    vocabulary=Vocabulary(content["manners"], arrays["manner_idf"]),
                    by_subject=arrays["manner_by_subject"].astype(np.float32),
                    by_manner=arrays["manner_by_manner"].astype(np.float32),
                    bias=manner_bias,
                ),
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


Weights = tuple[np.ndarray, np.ndarray]
"""Features × classes, and a bias per class."""


def _fit(matrix: sparse.csr_matrix, targets: np.ndarray, classes: int) -> Weights:
    """A linear model per class; a class without examples in the fold scores as badly as possible."""
    machine = LinearSVC(C=SOFTNESS, max_iter=PASSES, random_state=0).fit(matrix, targets)
    coefficients, intercept = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.hstack([-intercept, intercept])
    weights = np.zeros((matrix.shape[1], classes), dtype=np.float32)
    bias = np.full(classes, -2.0, dtype=np.float32)
    weights[:, machine.classes_], bias[machine.classes_] = coefficients.T, intercept
    return weights, bias


@dataclass(frozen=True)
class _Material:
    """What every fold needs. `subject` and `manner` hold the vectors, `forms` which normal forms occur."""

    subject: sparse.csr_matrix
    manner: sparse.csr_matrix
    forms: sparse.csr_matrix
    targets: np.ndarray
    labels: list[str]

    def fit(self, rows: np.ndarray) -> tuple[Weights, Weights]:
        """The model of the labels, and that of asking, whose features are subject, then manner."""
        return _fit(self.subject[rows], self.targets[rows], len(self.labels)), self._fit_manner(rows)

    def _fit_manner(self, rows: np.ndarray) -> Weights:
        kinds = np.array([kind_of(label) for label in self.labels])[self.targets[rows]]
        rows, kinds = rows[np.isin(kinds, (ASKS, TELLS))], kinds[np.isin(kinds, (ASKS, TELLS))]
        if len(set(kinds)) < 2:
            return np.zeros(self.subject.shape[1] + self.manner.shape[1], dtype=np.float32), np.zeros(1)
        machine = LinearSVC(C=MANNER_SOFTNESS, tol=1e-1, random_state=0).fit(self.both(rows), kinds == ASKS)
        return machine.coef_[0].astype(np.float32), machine.intercept_

    def both(self, rows: np.ndarray) -> sparse.csr_matrix:
        """Subject and manner side by side."""
        return sparse.hstack([self.subject[rows], self.manner[rows]]).tocsr()


def _run_fold(material: _Material, learn: np.ndarray, test: np.ndarray) -> Fold:
    subject, forms, targets = material.subject, material.forms, material.targets
    (weights, bias), (manner_weights, manner_bias) = material.fit(learn)
    asks = material.both(test) @ manner_weights + manner_bias
    scores = subject[test] @ weights + bias + _added(asks, _sides(material.labels))
    guesses, unit = scores.argmax(axis=1), normalize(subject)
    nearest = np.zeros(len(test))
    for label in np.unique(guesses):
        mine, theirs = np.flatnonzero(guesses == label), learn[targets[learn] == label]
        if len(theirs):
            nearest[mine] = (unit[test[mine]] @ unit[theirs].T).max(axis=1).toarray().ravel()
    seen = (forms[learn].sum(axis=0) > 0).A1.astype(np.float32)
    known = (forms[test] @ seen) / np.maximum(forms[test].sum(axis=1).A1, 1)
    return Fold(test, scores, nearest, known)


def cross_validate(material: _Material) -> tuple[list[Fold], tuple[Weights, Weights]]:
    """Scores of examples by models that have not seen them, and the final weights. Two are fitted at a time."""
    targets = material.targets
    parts = min(FOLDS, int(np.bincount(targets).max()))
    splitter = StratifiedKFold(parts, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # labels with fewer examples than folds are no harm
        warnings.simplefilter("ignore", ConvergenceWarning)  # PASSES are enough
        splits = list(splitter.split(targets, targets))[:FOLDS_RUN]
        with ThreadPoolExecutor(2) as pool:
            final = pool.submit(material.fit, np.arange(len(targets)))
            folds = list(pool.map(lambda split: _run_fold(material, *split), splits))
            return folds, final.result()


def calibrate(folds: Sequence[Fold], targets: np.ndarray, labels: Sequence[str]) -> Calibration:
    """Temperature with the least log loss, then the logistic model of «the first guess is right»."""
    scores = np.concatenate([fold.scores for fold in folds])
    truth = targets[np.concatenate([fold.rows for fold in folds])]
    index = np.arange(len(truth))

    def loss(temperature: float) -> float:
        return -float(log_softmax(scores / temperature, axis=1)[index, truth].mean())

    temperature = float(minimize_scalar(loss, bounds=(0.02, 2.0), method="bounded").x)
    signals = _signals(
        log_softmax(scores / temperature, axis=1),
        labels,
        np.concatenate([fold.nearest for fold in folds]),
        np.concatenate([fold.known for fold in folds]),
    )
    right = scores.argmax(axis=1) == truth
    if right.all() or not right.any():
        return Calibration(temperature, np.array([1.0, 0.0, 0.0, 0.0, 0.0]), 0.0)
    logistic = LogisticRegression(C=10.0, max_iter=1000).fit(signals, right)
    return Calibration(temperature, logistic.coef_[0].astype(np.float64), float(logistic.intercept_[0]))


def train(
    messages: Sequence[tuple[str, str, Sequence[Word]]],
    progress: Callable[[str, str], None] = lambda _step, _what: None,
) -> Classifier:
    """Trains on (text, label, words); `progress` is told the step and what it has done."""
    features = [features_of(words) for _, _, words in messages]
    vocabulary = Vocabulary.learn(features)
    common = common_words([(label, words) for _, label, words in messages])
    manners = [manner_of(words, common) for _, _, words in messages]
    manner = Vocabulary.learn(manners, least=3)
    labels = sorted({label for _, label, _ in messages})
    numbers = {label: number for number, label in enumerate(labels)}
    matrix = vocabulary.matrix(features)
    normal_forms = np.array([number for name, number in vocabulary.numbers.items() if name.startswith("n:")])
    material = _Material(
        subject=matrix,
        manner=manner.matrix(manners),
        forms=matrix[:, normal_forms].astype(bool).astype(np.float32),
        targets=np.array([numbers[label] for _, label, _ in messages]),
        labels=labels,
    )
    progress("features", f"{matrix.shape[0]} examples, {len(labels)} labels, {matrix.shape[1]} features")
    folds, ((weights, bias), (manner_weights, manner_bias)) = cross_validate(material)
    progress("classifier", f"linear models of {len(labels)} labels fitted")
    calibration = calibrate(folds, material.targets, labels)
    right = np.concatenate(
        [fold.scores.argmax(axis=1) == material.targets[fold.rows] for fold in folds]
    ).mean()
    progress("calibration", f"confidence calibrated; first guess right {right:.1%} in cross-validation")
    subjects = matrix.shape[1]
    return Classifier(
        labels=labels,
        vocabulary=vocabulary,
        slips=Slips.learn(words for _, _, words in messages),
        weights=weights,
        bias=bias,
        manner=Manner(
            common, manner, manner_weights[:subjects], manner_weights[subjects:], float(manner_bias[0])
        ),
        calibration=calibration,
        texts=[text for text, _, _ in messages],
        text_labels=material.targets,
        examples=normalize(matrix),
    )
