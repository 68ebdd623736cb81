"""The coordinates of a picture: some of the D features, or two directions through all of them. No matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._mogul import Mixture
from ._geometry import Array


@dataclass(frozen=True)
class Projection:
    names: list[str]
    """(F,), of the axes."""
    mixture: Mixture
    """The exact marginal in the coordinates shown."""
    features: Sequence[int] = ()
    """(F,), those shown, where there are no directions."""
    axes: tuple[Array, Array] | None = None
    """Unit vectors (F, D), and the point (D,) where all of them have the coordinate 0."""

    def of(self, x: Array) -> Array:
        """Rows (n, D) in the coordinates shown, (n, F)."""
        if self.axes is None:
            return x[:, list(self.features)].astype(np.float64)
        directions, centre = self.axes
        return np.asarray((x.astype(np.float64) - centre) @ directions.T)


def some_features(mixture: Mixture, features: Sequence[int], names: Sequence[str]) -> Projection:
    return Projection([names[feature] for feature in features], mixture.marginal(list(features)), features)


def principal_axes(mixture: Mixture) -> Projection:
    """The first two principal axes of a mixture's overall covariance, about its overall mean."""
    means, covariances = mixture.means, np.array([mixture.covariance(k) for k in range(mixture.n_components)])
    centre = mixture.weights @ means
    away = means - centre
    overall = np.einsum("k,kij->ij", mixture.weights, covariances) + (mixture.weights * away.T) @ away
    values, vectors = np.linalg.eigh(overall)  # ascending
    directions = vectors[:, [-1, -2]].T
    largest = np.abs(directions).argmax(axis=1)
    directions *= np.sign(directions[[0, 1], largest])[:, None]  # an eigenvector has two signs
    shares = 100 * values[[-1, -2]] / values.sum()
    projected = directions @ covariances @ directions.T
    return Projection(
        [f"principal axis {i + 1} ({share:.0f} % of the variance)" for i, share in enumerate(shares)],
        Mixture("full", mixture.weights, away @ directions.T, (projected + projected.swapaxes(1, 2)) / 2),
        axes=(directions, centre),
    )
