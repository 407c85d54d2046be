"""Learning all labels at once comes to what LIBLINEAR learns label by label."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.svm import LinearSVC

from citizen_nlu.linear import fit


def test_the_models_are_those_of_liblinear() -> None:
    random = np.random.default_rng(5)
    centres = random.normal(size=(4, 30))
    targets = random.integers(0, 4, 300)
    points = (centres[targets] + random.normal(size=(300, 30))) * (random.random((300, 30)) < 0.4)
    matrix = sparse.csr_matrix(points, dtype=np.float32)
    weights, bias = fit(matrix, targets, 4, softness=0.5, passes=200)
    machine = LinearSVC(C=0.5, tol=1e-6, max_iter=10_000, random_state=0).fit(matrix, targets)
    assert np.abs(weights.T - machine.coef_).max() < 0.001
    assert np.abs(bias - machine.intercept_).max() < 0.001


def test_an_example_without_features_only_moves_the_bias() -> None:
    matrix = sparse.csr_matrix(np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32))
    weights, bias = fit(matrix, np.array([0, 1, 1]), 2, softness=0.5, passes=20)
    assert (matrix @ weights + bias).argmax(axis=1).tolist() == [0, 1, 1]


@pytest.mark.parametrize("targets", [[0, 1], [0, 1, 2]])
def test_a_target_that_is_none_is_refused(targets: list[int]) -> None:
    matrix = sparse.csr_matrix(np.eye(3, dtype=np.float32))
    with pytest.raises(ValueError, match="target"):
        fit(matrix, np.array(targets), 2, softness=0.5, passes=1)
