"""The network learns what features mean together, and the product keeps it in single bytes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from citizen_nlu import linear
from citizen_nlu.classifier_training import _fit_network
from citizen_nlu.features import Vector

TOLD = 6
"""Features that tell of each of two things."""


@pytest.fixture(scope="module")
def messages() -> tuple[sparse.csr_matrix, np.ndarray]:
    """Of two things each message has both or none (label 0), or one of them (label 1)."""
    random = np.random.default_rng(3)
    things = random.integers(0, 2, (2000, 2))
    told = np.hstack([np.repeat(things, TOLD, axis=1), 1 - np.repeat(things, TOLD, axis=1)])
    return sparse.csr_matrix(told, dtype=np.float32), (things[:, 0] != things[:, 1]).astype(int)


def test_it_tells_what_no_single_feature_tells(messages: tuple[sparse.csr_matrix, np.ndarray]) -> None:
    matrix, targets = messages
    weights, bias = linear.fit(matrix, targets, 2, softness=0.5, passes=20)
    assert ((matrix @ weights + bias).argmax(axis=1) == targets).mean() < 0.8
    network = _fit_network(matrix, targets, 2)
    guesses = []
    for row in matrix:
        nothing = np.zeros(0, dtype=np.int64)
        vector = Vector(row.indices, row.data, nothing, nothing, nothing)
        log_probabilities = network.log_probabilities(vector)
        assert np.exp(log_probabilities).sum() == pytest.approx(1, abs=1e-4)
        guesses.append(log_probabilities.argmax())
    assert (np.array(guesses) == targets).all()


def test_the_same_examples_give_the_same_network(messages: tuple[sparse.csr_matrix, np.ndarray]) -> None:
    matrix, targets = messages
    one, other = (_fit_network(matrix[:300], targets[:300], 2) for _ in range(2))
    assert (one.weights == other.weights).all()
    assert (one.labels == other.labels).all()
