"""The authored example nearest to a message, by the features they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from citizen_nlu.features import Vector


@dataclass(frozen=True)
class Examples:
    """Authored examples label by label, as unit vectors.

    The entries of the vectors lie by label and, within it, by feature: so a look-up only touches what a message shares
    with the examples of one label.
    """

    texts: Sequence[str]
    starts: np.ndarray
    """The texts of label n are those from `starts[n]` on, its entries those from `bounds[n]` on."""
    bounds: np.ndarray
    features: np.ndarray
    """The feature of each entry, rising within a label."""
    rows: np.ndarray
    """The example of each entry, counted within its label."""
    values: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[str], matrix: sparse.csr_matrix, starts: np.ndarray) -> Examples:
        """From texts and their vectors (examples × features), both label by label; label n begins at `starts[n]`."""
        examples = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        norms = np.sqrt(np.bincount(examples, matrix.data**2, minlength=matrix.shape[0]))
        labels = np.searchsorted(starts, examples, side="right") - 1
        order = np.lexsort((matrix.indices, labels))
        return cls(
            texts,
            starts,
            np.searchsorted(labels[order], np.arange(len(starts))),
            matrix.indices[order],
            (examples - starts[labels])[order].astype(np.uint16),
            (matrix.data / norms[examples])[order].astype(np.float16),
        )

    def nearest(self, vector: Vector, label: int) -> tuple[str | None, float]:
        """The example of the label and its cosine; None and 0 where the label has none."""
        first, behind = self.starts[label : label + 2]
        if first == behind:
            return None, 0.0
        own = slice(*self.bounds[label : label + 2])
        features = self.features[own]
        wanted = vector.numbers.astype(features.dtype)  # or the others would be copied
        lows = np.searchsorted(features, wanted)
        counts = np.searchsorted(features, wanted, side="right") - lows
        shared = np.repeat(lows - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        shares = self.values[own][shared] * np.repeat(vector.weights, counts)
        likeness = np.bincount(self.rows[own][shared], shares, minlength=behind - first)
        best = int(likeness.argmax())
        return self.texts[first + best], float(likeness[best] / np.linalg.norm(vector.weights))
