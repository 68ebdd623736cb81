"""The rows of a picture: as points, or, where there are too many of them, added up in bins. No matplotlib."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from .._mogul import Mixture, Rows, log_likelihood, responsibilities
from ._geometry import Array, component_limits, n_bins, row_limits, uncertainties, widened
from ._projection import Projection

BLOCK = 65_536
"""Rows that are looked at together, so that memory does not grow with N."""

BINS_OF_PLANE = 80


@dataclass(frozen=True)
class Histogram:
    """Weights of rows in bins of one feature, on the scale of a density."""

    edges: Array
    heights: Array


@dataclass(frozen=True)
class PlaneBins:
    """Weights of rows in bins of two features."""

    x_edges: Array
    y_edges: Array
    masses: Array
    """(nx, ny, K), sum of w r_k in each bin."""
    uncertainties: Array
    """(nx, ny), mean of 1 - max r, weighted; 0 in an empty bin."""


@dataclass(frozen=True)
class ShownRows:
    """Rows of positive weight. There are either points or planes."""

    n_rows: int
    n_outside: int
    """Rows outside the limits of the picture."""
    x: Array | None
    """(n, F), in the coordinates shown."""
    responsibilities: Array | None
    """(n, K), under the whole mixture, not only what is shown of it."""
    weights: Array | None
    """(n,), where rows have weights."""
    histograms: list[Histogram]
    """One for each feature."""
    planes: dict[tuple[int, int], PlaneBins] = field(default_factory=dict)
    """By pair of features i < j."""


@dataclass(frozen=True)
class Source:
    """Rows on their way into a picture."""

    mixture: Mixture
    projection: Projection
    rows: Rows
    weights: Array | None
    n_threads: int

    def blocks(self) -> Iterator[tuple[Array, Array]]:
        """All features (n, D) and weights (n,), of positive weight, a block at a time."""
        n_rows = self.rows.shape[0]
        for begin in range(0, n_rows, BLOCK):
            indices = np.arange(begin, min(begin + BLOCK, n_rows))
            weights = np.ones(len(indices)) if self.weights is None else self.weights[indices]
            present = weights > 0
            if present.any():
                yield self.rows.take(indices[present]), weights[present]

    def of_mixture(self, x: Array) -> Array:
        return responsibilities(self.mixture, x, n_threads=self.n_threads)


def gather(source: Source, max_points: int) -> tuple[ShownRows, tuple[Array, Array]]:
    """The rows, and the limits (lowest and highest values of each feature) of a picture with them.

    Raises the library's errors for rows and weights that are not finite or do not fit the mixture.
    """
    mixture, rows, weights = source.mixture, source.rows, source.weights
    log_likelihood(mixture, rows, weights, n_threads=source.n_threads)
    n_rows = rows.shape[0] if weights is None else int(np.count_nonzero(weights > 0))
    marginal = source.projection.mixture
    limits = component_limits(marginal)
    limits = widened(limits, extremes(source, row_limits(limits)))
    sizes = [
        n_bins(marginal, feature, n_rows, lower, upper)
        for feature, (lower, upper) in enumerate(zip(*limits, strict=True))
    ]
    edges: list[Array] = [np.linspace(a, b, n + 1) for a, b, n in zip(*limits, sizes, strict=True)]
    if n_rows <= max_points:
        return points(source, n_rows, limits, edges), limits
    return binned(source, n_rows, limits, edges), limits


def extremes(source: Source, within: tuple[Array, Array]) -> tuple[Array, Array]:
    """The lowest and highest values of each feature, (F,) each, of those within limits; infinite if there are none."""
    lowest = np.full(len(within[0]), np.inf)
    highest = -lowest
    for x, _ in source.blocks():
        shown = source.projection.of(x)
        inside = (shown >= within[0]) & (shown <= within[1])
        lowest = np.minimum(lowest, np.where(inside, shown, np.inf).min(axis=0))
        highest = np.maximum(highest, np.where(inside, shown, -np.inf).max(axis=0))
    return lowest, highest


def n_outside(x: Array, limits: tuple[Array, Array]) -> int:
    return int(np.count_nonzero(((x < limits[0]) | (x > limits[1])).any(axis=1)))


def as_density(edges: Array, counts: Array, total: float) -> Histogram:
    """Rows outside the picture count, so that the heights are those of the density."""
    return Histogram(edges, counts / (total * np.diff(edges)))


def points(source: Source, n_rows: int, limits: tuple[Array, Array], edges: list[Array]) -> ShownRows:
    blocks = list(source.blocks())
    x = np.concatenate([block for block, _ in blocks])
    weights = np.concatenate([weights for _, weights in blocks])
    shown = source.projection.of(x)
    histograms = [
        as_density(edge, np.histogram(column, edge, weights=weights)[0], weights.sum())
        for edge, column in zip(edges, shown.T, strict=True)
    ]
    return ShownRows(
        n_rows=n_rows,
        n_outside=n_outside(shown, limits),
        x=shown,
        responsibilities=source.of_mixture(x),
        weights=None if source.weights is None else weights,
        histograms=histograms,
    )


def binned(source: Source, n_rows: int, limits: tuple[Array, Array], edges: list[Array]) -> ShownRows:
    n_features, n_components = len(edges), source.mixture.n_components
    counts = [np.zeros(len(edge) - 1) for edge in edges]
    plane_edges: list[Array] = [np.linspace(a, b, BINS_OF_PLANE + 1) for a, b in zip(*limits, strict=True)]
    # One column for each component, and one for the uncertainty.
    shape = (BINS_OF_PLANE**2, n_components + 1)
    sums: dict[tuple[int, int], Array] = {pair: np.zeros(shape) for pair in combinations(range(n_features), 2)}
    total, outside = 0.0, 0
    for x, weights in source.blocks():
        shown = source.projection.of(x)
        total += weights.sum()
        outside += n_outside(shown, limits)
        for count, edge, column in zip(counts, edges, shown.T, strict=True):
            count += np.histogram(column, edge, weights=weights)[0]
        if sums:
            r = source.of_mixture(x)
            values = np.column_stack([r, uncertainties(r)]) * weights[:, None]
            add_to_planes(sums, plane_edges, shown, values)
    planes = {
        pair: plane_of(sum_of_pair, plane_edges[pair[0]], plane_edges[pair[1]]) for pair, sum_of_pair in sums.items()
    }
    histograms = [as_density(edge, count, total) for edge, count in zip(edges, counts, strict=True)]
    return ShownRows(n_rows, outside, None, None, None, histograms, planes)


def add_to_planes(sums: dict[tuple[int, int], Array], edges: list[Array], shown: Array, values: Array) -> None:
    n = BINS_OF_PLANE
    bins = [np.searchsorted(edge, column, side="right") - 1 for edge, column in zip(edges, shown.T, strict=True)]
    for (i, j), total in sums.items():
        inside = (bins[i] >= 0) & (bins[i] < n) & (bins[j] >= 0) & (bins[j] < n)
        cell = bins[i][inside] * n + bins[j][inside]
        for column, value in enumerate(values[inside].T):
            total[:, column] += np.bincount(cell, weights=value, minlength=n * n)


def plane_of(sums: Array, x_edges: Array, y_edges: Array) -> PlaneBins:
    by_bin = sums.reshape(BINS_OF_PLANE, BINS_OF_PLANE, -1)
    masses = by_bin[:, :, :-1]
    weight = masses.sum(axis=2)
    mean = np.divide(by_bin[:, :, -1], weight, out=np.zeros_like(weight), where=weight > 0)
    return PlaneBins(x_edges, y_edges, masses, mean)
