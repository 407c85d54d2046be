"""A small network over the same features: what several of them mean together, which the weight of none of them tells.

One hidden layer, learnt with features and hidden places left out by chance: so no message is understood by its usual
word alone, and what nobody said before is guessed by what surrounds it. Learnt with AdaGrad, one rate for each feature.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy import sparse

HIDDEN = 192
"""Places of the hidden layer."""
PASSES = 5
"""Over the examples; more moved the figures less than their interval."""
BATCH = 1024
RATE = 0.09
FEATURES_LEFT_OUT = 0.3
HIDDEN_LEFT_OUT = 0.4
_START = 0.05
"""Spread of the weights before anything is learnt."""
_SQUARES = 1e-7
"""Of the slopes met before the first one."""


@dataclass(frozen=True)
class Layers:
    """Weights of features × places and places × labels, each with its bias."""

    features: np.ndarray
    places: np.ndarray
    labels: np.ndarray
    bias: np.ndarray

    @classmethod
    def learn(cls, matrix: sparse.csr_matrix, targets: np.ndarray, labels: int) -> Layers:
        """From examples × features and the number of each one's label."""
        random = np.random.default_rng(0)

        def begun(*shape: int) -> np.ndarray:
            return random.standard_normal(shape, dtype=np.float32) * np.float32(_START)

        layers = cls(
            begun(matrix.shape[1], HIDDEN),
            np.zeros(HIDDEN, dtype=np.float32),
            begun(HIDDEN, labels),
            np.zeros(labels, dtype=np.float32),
        )
        squares = [np.full(len(layers.features), _SQUARES, dtype=np.float32)]
        squares += [np.full_like(array, _SQUARES) for array in (layers.places, layers.labels, layers.bias)]
        for rate, rows in _batches(random, matrix.shape[0]):
            layers._step(rate, matrix[rows], targets[rows], squares, random)
        return layers

    def _step(
        self,
        rate: float,
        examples: sparse.csr_matrix,
        targets: np.ndarray,
        squares: list[np.ndarray],
        random: np.random.Generator,
    ) -> None:
        """Down the slope of the mean log loss of a few examples, which are changed: some of their features are left out."""
        examples.data *= _kept(random, examples.data.shape, FEATURES_LEFT_OUT)
        before = np.tile(self.places, (len(targets), 1))
        _add_up(examples.indptr, examples.indices, examples.data, self.features, before)
        open_ = (before > 0) * _kept(random, before.shape, HIDDEN_LEFT_OUT)
        hidden = before * open_
        scores = hidden @ self.labels + self.bias
        slope = np.exp(scores - scores.max(axis=1, keepdims=True))
        slope /= slope.sum(axis=1, keepdims=True)
        slope[np.arange(len(targets)), targets] -= 1
        slope /= len(targets)
        back = (slope @ self.labels.T) * open_
        changes = (back.sum(axis=0), hidden.T @ slope, slope.sum(axis=0))
        for array, change, met in zip(
            (self.places, self.labels, self.bias), changes, squares[1:], strict=True
        ):
            np.add(met, change * change, out=met)
            np.subtract(array, rate * change / np.sqrt(met), out=array)
        shown = examples.tocsc()
        _descend(shown.indptr, shown.indices, shown.data, back, np.float32(rate), self.features, squares[0])


@njit(nogil=True, fastmath=True)
def _add_up(starts, features, values, weights, sums):
    """Adds to the row of each example what its features have in `weights`."""
    for example in range(len(sums)):
        own = sums[example]
        for at in range(starts[example], starts[example + 1]):
            value, added = values[at], weights[features[at]]
            if value != 0:
                for place in range(len(own)):
                    own[place] += value * added[place]


@njit(nogil=True, fastmath=True)
def _descend(starts, examples, values, slopes, rate, weights, squares):
    """Moves the weights of each feature, given column by column, against the slopes of its examples."""
    change = np.empty(weights.shape[1], weights.dtype)
    for feature in range(len(weights)):
        if starts[feature] == starts[feature + 1]:
            continue
        change[:] = 0
        for at in range(starts[feature], starts[feature + 1]):
            value, slope = values[at], slopes[examples[at]]
            if value != 0:
                for place in range(len(change)):
                    change[place] += value * slope[place]
        squares[feature] += np.dot(change, change) / np.float32(len(change))
        own, step = weights[feature], rate / np.sqrt(squares[feature])
        for place in range(len(change)):
            own[place] -= step * change[place]


def _batches(random: np.random.Generator, examples: int) -> Iterator[tuple[float, np.ndarray]]:
    """Numbers of a few examples each, in every pass another order, with a rate that sinks from pass to pass."""
    for done in range(PASSES):
        order = random.permutation(examples)
        for first in range(0, examples, BATCH):
            yield RATE * (1 - done / PASSES), order[first : first + BATCH]


def _kept(random: np.random.Generator, shape: tuple[int, ...], left_out: float) -> np.ndarray:
    """0 where left out, else what makes up for those that are."""
    return (random.random(shape, dtype=np.float32) >= left_out) / np.float32(1 - left_out)
