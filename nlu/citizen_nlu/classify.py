"""Which label a message has: two models of its subject, one of asking or telling, one of danger, then calibration.

The subject has one linear model per label over words, letter groups and concepts. Beside it a small network over the
same features knows what several of them mean together: what nobody said before is guessed better by both. Whether a
message asks (a question of the FAQ) or tells (a matter for an appeal) is told by these and by its manner, learnt over all
subjects at once; the log-probability is added to the scores of the labels on either side.

Whether a danger is present is asked apart: what its kinds have in common (a plea, a body, «now») is learnt against all
else, and weighed with the probabilities of the kinds. So nine rivals for one alarm do not outvote each other.

Confidence is calibrated on the development messages, whose authors saw no example: on the examples themselves it
would be too high, on their short phrases of vocabulary too low. A temperature makes probabilities of the scores; a logistic
model of what surrounds the first guess says how often such guesses are right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.special import expit

from citizen_nlu.features import Vector, Vocabulary, features_of
from citizen_nlu.labels import KINDS, OTHER, kind_of
from citizen_nlu.manner import manner_of
from citizen_nlu.nearest import Examples
from citizen_nlu.slips import Slips
from citizen_nlu.words import Word

MANNER_SHARPNESS = 0.3
"""Temperature of the two scores, asking and telling."""
MANNER_SHARE = 0.25
"""What their log-probability adds to the score of a label."""
NETWORK_SHARE = 0.2
"""What the network's log-probability adds to the score of a label."""
ASKS, TELLS = "faq", "topic"
RARE = 1e-6
"""Keeps logarithms of probabilities finite."""


@dataclass(frozen=True)
class Calibration:
    """Temperature of the softmax, and the logistic model of «the first guess is right» over `signals_of`."""

    temperature: float
    coefficients: np.ndarray
    intercept: float

    def confidence(self, signals: np.ndarray) -> np.ndarray:
        """Probability that the first guess is right, one per row of signals."""
        return expit(signals @ self.coefficients + self.intercept)


@dataclass(frozen=True)
class Network:
    """A hidden layer over the features; `weights`, features × places, counts the `steps` of each feature in single bytes."""

    weights: np.ndarray
    steps: np.ndarray
    places: np.ndarray
    """Bias of each place."""
    labels: np.ndarray
    """Places × labels."""
    bias: np.ndarray

    def log_probabilities(self, vector: Vector) -> np.ndarray:
        """Of each label."""
        numbers = vector.numbers
        sums = (vector.weights * self.steps[numbers]) @ self.weights[numbers].astype(np.float32)
        return log_softmax(np.maximum(sums + self.places, 0) @ self.labels + self.bias)


@dataclass(frozen=True)
class Danger:
    """Whether a danger is present: a linear model of all kinds against the rest, and a logistic one over its score, the
    log-odds of the kinds together, and how short the message is: a word or two say less than they seem to."""

    weights: np.ndarray
    """One per feature."""
    bias: float
    coefficients: np.ndarray = field(default_factory=lambda: np.zeros(3))
    intercept: float = 0.0

    def signals(self, vector: Vector, kinds: float, words: int) -> np.ndarray:
        """What the probability is told by; `kinds` is the probability of all kinds of danger together."""
        score = vector.weights @ self.weights[vector.numbers] + self.bias
        return np.array([score, np.log(kinds + RARE) - np.log(1 - kinds + RARE), 1 / max(words, 1)])

    def probability(self, signals: np.ndarray) -> float:
        """That a danger is present."""
        return float(expit(signals @ self.coefficients + self.intercept))


@dataclass(frozen=True)
class Classification:
    """The labels by falling confidence, and what explains the first of them."""

    ranking: list[tuple[str, float]]
    danger: tuple[str, float] | None
    """The likeliest kind, and the probability that some danger is present; None where no example taught it."""
    contributions: list[float]
    """For each word of the message: how much it spoke for the first label."""
    example: str | None
    """The authored example of that label that is nearest to the message."""


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


@dataclass(frozen=True)
class Guess:
    """One message as the linear models see it, and what surrounds the best label."""

    vector: Vector
    scores: np.ndarray
    label: int
    by_network: float
    """Log-probability of that label by the network alone."""
    example: str | None
    """The authored example of that label that is nearest to the message."""
    likeness: float
    known: float
    """Share of the words whose normal form occurs in the examples."""
    length: int
    """Words."""


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Of one message's scores; SciPy's, for any shape, takes five times as long."""
    below = scores - scores.max()
    return below - np.log(np.exp(below).sum())


def sides_of(labels: Sequence[str]) -> np.ndarray:
    """2 × labels: whether a label is an answer to somebody who asks, a matter of somebody who tells."""
    kinds = np.array([kind_of(label) for label in labels])
    return np.stack([kinds == ASKS, kinds == TELLS]).astype(np.float32)


def _added(asks: float, sides: np.ndarray) -> np.ndarray:
    """What asking or telling adds to the score of each label."""
    log_probabilities = -np.logaddexp(0, np.array([-asks, asks]) * 2 / MANNER_SHARPNESS)
    return MANNER_SHARE * (log_probabilities @ sides)


def signals_of(guess: Guess, log_probabilities: np.ndarray, kinds: np.ndarray, other: int) -> np.ndarray:
    """What tells a right guess from a wrong one.

    Log-odds of the guess, its lead over the second and over «out of scope», its log-probability by the network alone,
    likeness to an example, share of known words, raw score, length, doubt (entropy), the probability of each kind of label,
    and the kind guessed. `kinds`: labels × KINDS; `other`: the number of «out of scope», -1 when there is none.
    """
    probabilities = np.exp(log_probabilities)
    first = min(float(log_probabilities[guess.label]), -1e-6)
    second = float(np.partition(log_probabilities, -2)[-2])
    outside = float(log_probabilities[other]) if other >= 0 else second
    surroundings = [
        first - np.log1p(-np.exp(first)),
        first - second,
        first - outside,
        guess.by_network,
        guess.likeness,
        guess.known,
        guess.scores[guess.label],
        np.log1p(guess.length),
        -(probabilities @ log_probabilities),
    ]
    return np.concatenate([surroundings, np.log(probabilities @ kinds + 1e-9), kinds[guess.label]])


@dataclass(frozen=True)
class Classifier:
    """A trained model. `weights`, features × labels, counts the `steps` of each feature in single bytes."""

    labels: list[str]
    vocabulary: Vocabulary
    slips: Slips
    weights: np.ndarray
    steps: np.ndarray
    bias: np.ndarray
    network: Network
    manner: Manner
    danger: Danger | None
    calibration: Calibration
    examples: Examples

    @cached_property
    def _sides(self) -> np.ndarray:
        return sides_of(self.labels)

    @cached_property
    def _kinds(self) -> np.ndarray:
        return np.array([[kind_of(label) == kind for kind in KINDS] for label in self.labels], dtype=float)

    @cached_property
    def dangers(self) -> np.ndarray:
        """Which labels are kinds of danger."""
        return np.array([kind_of(label) == "emergency" for label in self.labels])

    @cached_property
    def _other(self) -> int:
        return self.labels.index(OTHER) if OTHER in self.labels else -1

    def classify(self, words: Sequence[Word], count: int = 10) -> Classification | None:
        """The `count` best labels; None when the message has nothing that was ever seen."""
        guess = self.guess(words)
        if guess is None:
            return None
        log_probabilities = log_softmax(guess.scores / self.calibration.temperature)
        confidence = float(self.calibration.confidence(self.signals(guess, log_probabilities)))
        numbers = guess.vector.numbers
        shares = guess.vector.weights * self.steps[numbers] * self.weights[numbers, guess.label]
        return Classification(
            self._ranking(log_probabilities, confidence, count),
            self._danger(guess, log_probabilities),
            guess.vector.by_word(shares, len(words)).tolist(),
            guess.example,
        )

    def guess(self, words: Sequence[Word]) -> Guess | None:
        """The scores of all labels; None when the message has nothing that was ever seen."""
        words = [word if self._seen(word) else self.slips.mended(word) for word in words]
        vector = self.vocabulary.vector(features_of(words))
        if not len(vector.numbers):
            return None
        scores = (vector.weights * self.steps[vector.numbers]) @ self.weights[vector.numbers].astype(
            np.float32
        )
        by_network = self.network.log_probabilities(vector)
        scores += (
            self.bias + _added(self.manner.asks(vector, words), self._sides) + NETWORK_SHARE * by_network
        )
        label = int(scores.argmax())
        spoken = [word for word in words if word.spoken]
        known = sum(f"n:{word.normal}" in self.vocabulary.numbers for word in spoken)
        example, likeness = self.examples.nearest(vector, label)
        share = known / max(1, len(spoken))
        return Guess(vector, scores, label, float(by_network[label]), example, likeness, share, len(spoken))

    def _danger(self, guess: Guess, log_probabilities: np.ndarray) -> tuple[str, float] | None:
        if self.danger is None:
            return None
        kind = int(np.where(self.dangers, log_probabilities, -np.inf).argmax())
        return self.labels[kind], self.danger.probability(self.danger_signals(guess, log_probabilities))

    def danger_signals(self, guess: Guess, log_probabilities: np.ndarray) -> np.ndarray:
        """What danger is told by."""
        if self.danger is None:
            raise ValueError("no example of danger taught this model")
        kinds = float(np.exp(log_probabilities[self.dangers]).sum())
        return self.danger.signals(guess.vector, kinds, guess.length)

    def signals(self, guess: Guess, log_probabilities: np.ndarray) -> np.ndarray:
        """What confidence is told by."""
        return signals_of(guess, log_probabilities, self._kinds, self._other)

    def _seen(self, word: Word) -> bool:
        numbers = self.vocabulary.numbers
        return f"n:{word.normal}" in numbers or f"w:{word.surface}" in numbers

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

    def save(self, folder: Path) -> None:
        """Writes two files, without pickles."""
        np.savez(
            folder / "classifier.npz",
            weights=self.weights,
            steps=self.steps,
            bias=self.bias,
            idf=self.vocabulary.idf,
            network_weights=self.network.weights,
            network_steps=self.network.steps,
            network_places=self.network.places,
            network_labels=self.network.labels,
            network_bias=self.network.bias,
            coefficients=self.calibration.coefficients,
            scalars=np.array([self.calibration.temperature, self.calibration.intercept, self.manner.bias]),
            example_starts=self.examples.starts,
            example_bounds=self.examples.bounds,
            example_features=self.examples.features,
            example_rows=self.examples.rows,
            example_values=self.examples.values,
            manner_by_subject=self.manner.by_subject.astype(np.float16),
            manner_by_manner=self.manner.by_manner.astype(np.float16),
            manner_idf=self.manner.vocabulary.idf,
            **(_packed(self.danger) if self.danger else {}),
        )
        content = {
            "labels": self.labels,
            "features": self.vocabulary.names,
            "frequent": self.slips.known,
            "texts": self.examples.texts,
            "manners": self.manner.vocabulary.names,
            "common": sorted(self.manner.common),
        }
        (folder / "classifier.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Reads what `save` wrote."""
        content = json.loads((folder / "classifier.json").read_text("utf-8"))
        with np.load(folder / "classifier.npz") as arrays:
            temperature, intercept, manner_bias = arrays["scalars"].tolist()
            return cls(
                labels=content["labels"],
                vocabulary=Vocabulary(content["features"], arrays["idf"]),
                slips=Slips(content["frequent"]),
                weights=arrays["weights"],
                steps=arrays["steps"],
                bias=arrays["bias"],
                network=Network(
                    *(arrays[f"network_{part}"] for part in ("weights", "steps", "places", "labels", "bias"))
                ),
                manner=Manner(
                    common=frozenset(content["common"]),
                    vocabulary=Vocabulary(content["manners"], arrays["manner_idf"], repeating=False),
                    by_subject=arrays["manner_by_subject"].astype(np.float32),
                    by_manner=arrays["manner_by_manner"].astype(np.float32),
                    bias=manner_bias,
                ),
                danger=_unpacked(arrays) if "danger_weights" in arrays else None,
                calibration=Calibration(temperature, arrays["coefficients"], intercept),
                examples=Examples(
                    content["texts"],
                    *(
                        arrays[f"example_{part}"]
                        for part in ("starts", "bounds", "features", "rows", "values")
                    ),
                ),
            )


def _packed(danger: Danger) -> dict[str, np.ndarray]:
    return {
        "danger_weights": danger.weights.astype(np.float16),
        "danger_scalars": np.array([danger.bias, *danger.coefficients, danger.intercept]),
    }


def _unpacked(arrays: Mapping[str, np.ndarray]) -> Danger:
    bias, *coefficients, intercept = arrays["danger_scalars"].tolist()
    return Danger(arrays["danger_weights"].astype(np.float32), bias, np.array(coefficients), intercept)
