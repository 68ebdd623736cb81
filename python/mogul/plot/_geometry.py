"""The numbers behind the pictures: ellipses, regions of highest density, where curves are computed. No matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._mogul import Mixture, component_log_densities, log_densities

Array = NDArray[np.floating[Any]]

VIEW_MASS = 0.995
"""Mass of the ellipse of each component that a picture has room for."""


def mass_radius(mass: float) -> float:
    """Radius, in standard deviations, of the ellipse that holds a mass of a Gaussian of two features.

    The squared distance is chi-squared with two degrees of freedom, whose quantile is -2 log(1 - mass): one standard
    deviation holds 39.3 %, not the 68.3 % of one feature.
    """
    return float(np.sqrt(-2 * np.log1p(-mass)))


def level_radius(log_level: float, log_peak: float) -> float | None:
    """Where a Gaussian falls from its peak to a log-density, in standard deviations; None where it lies below."""
    return float(np.sqrt(2 * (log_peak - log_level))) if log_level < log_peak else None


def ellipse_points(mean: Array, cholesky: Array, radius: float, n_points: int = 121) -> Array:
    """A closed curve of equal density: (n_points, 2), the last of which is the first.

    mean (2,), cholesky (2, 2): the lower factor of the covariance.
    """
    angles = np.linspace(0, 2 * np.pi, n_points)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    circle[-1] = circle[0]
    return mean + radius * circle @ cholesky.T


def spiral_points(mixture: Mixture, n_points: int = 4000) -> tuple[Array, Array]:
    """Points that stand for a mixture of two features, and the mass that each stands for.

    Returns the points (n, 2) and the masses (n,), whose sum is 1. Nothing is drawn at random: in whitened coordinates
    the points of a component lie on a sunflower's spiral (Vogel 1979), each where half of the mass of its own ring is
    inside, so that no two are at the same distance. Rings have equal mass but for the outer 1 %, where they become ever
    lighter, so that masses near 1 are resolved.
    """
    outside = np.concatenate([np.linspace(1, 0.01, n_points), np.geomspace(0.01, 1e-8, n_points // 4)[1:], [0.0]])
    middles = (outside[:-1] + outside[1:]) / 2
    angles = np.arange(len(middles)) * np.pi * (3 - np.sqrt(5))
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    whitened = np.sqrt(-2 * np.log(middles))[:, None] * circle
    masses = outside[:-1] - outside[1:]
    present = np.flatnonzero(mixture.weights > 0)
    points = [mixture.means[k] + whitened @ mixture.cholesky(int(k)).T for k in present]
    return np.concatenate(points), np.concatenate([mixture.weights[k] * masses for k in present])


def log_levels(mixture: Mixture, masses: Sequence[float]) -> Array:
    """Log-densities whose regions above hold these masses of a mixture of two features: those of highest density.

    The level of mass m is the quantile 1 - m of the log-density of the mixture's own points. Returns (len(masses),).
    """
    points, point_masses = spiral_points(mixture)
    values = log_densities(mixture, points)
    order = np.argsort(-values, kind="stable")
    # Half of its own mass lies above each point.
    above = np.cumsum(point_masses[order]) - 0.5 * point_masses[order]
    levels: Array = np.interp(np.asarray(masses, dtype=float), above, values[order])
    return levels


def log_peaks(mixture: Mixture) -> Array:
    """log(pi_k N(mu_k | mu_k, Sigma_k)), where the weighted component is highest: (K,)."""
    own = np.diagonal(component_log_densities(mixture, mixture.means))
    with np.errstate(divide="ignore"):
        peaks: Array = np.log(mixture.weights) + own
    return peaks


def standard_deviations(mixture: Mixture) -> Array:
    """Of each feature under each component: (K, D)."""
    features = range(mixture.n_features)
    deviations: Array = np.sqrt([[mixture.variance(k, d) for d in features] for k in range(mixture.n_components)])
    return deviations


MARGIN = 0.03
"""Of a picture on each side, as a share of its width."""


def component_limits(mixture: Mixture) -> tuple[Array, Array]:
    """The lowest and highest values of each feature, (D,) each, that a picture of the components has room for."""
    present = mixture.weights > 0
    means, reach = mixture.means[present], mass_radius(VIEW_MASS) * standard_deviations(mixture)[present]
    lower, upper = (means - reach).min(axis=0), (means + reach).max(axis=0)
    return lower - MARGIN * (upper - lower), upper + MARGIN * (upper - lower)


def row_limits(limits: tuple[Array, Array]) -> tuple[Array, Array]:
    """Rows that lie within these are shown: half as much again as the components need on each side.

    A row a thousand times farther out would leave nothing to see of the rest.
    """
    room = 0.5 * (limits[1] - limits[0])
    return limits[0] - room, limits[1] + room


def widened(limits: tuple[Array, Array], rows: tuple[Array, Array]) -> tuple[Array, Array]:
    """Limits that also have room for rows of these lowest and highest values."""
    margin = MARGIN * (limits[1] - limits[0])
    return np.minimum(limits[0], rows[0] - margin), np.maximum(limits[1], rows[1] + margin)


def grid_line(mixture: Mixture, feature: int, lower: float, upper: float, n_points: int = 160) -> Array:
    """Ascending values of a feature at which curves are computed: evenly spread, and close where components are narrow.

    A component may be a thousand times narrower than the picture; each gets points of its own, on four standard
    deviations each side of its mean.
    """
    n_own = 9 + 2 * (n_points // mixture.n_components // 4)
    steps = np.linspace(-4, 4, n_own)
    own = mixture.means[:, feature, None] + standard_deviations(mixture)[:, feature, None] * steps
    own = own[mixture.weights > 0].ravel()
    every = np.concatenate([np.linspace(lower, upper, n_points), own[(own > lower) & (own < upper)]])
    return np.unique(every)


def n_bins(mixture: Mixture, feature: int, n_rows: int, lower: float, upper: float) -> int:
    """How many bins a histogram has: 8 to 100, as the narrowest of the larger components asks for.

    Scott (1979): of n rows of a Gaussian, bins of 3.49 standard deviations / n^(1/3).
    """
    sizes = mixture.weights * max(n_rows, 1)
    larger = mixture.weights >= min(0.05, float(mixture.weights.max()))
    widths = 3.49 * standard_deviations(mixture)[larger, feature] / np.cbrt(np.maximum(sizes[larger], 1))
    return int(np.clip(np.ceil((upper - lower) / widths.min()), 8, 100))


def uncertainties(responsibilities: Array) -> Array:
    """1 - max_k r_nk: (N,), 0 where a row surely belongs to one component."""
    values: Array = np.maximum(0.0, 1 - responsibilities.max(axis=1))
    return values


def highest_uncertainty(n_components: int) -> float:
    """Where all components are equally probable; 1 for a single component, so that a scale has some length."""
    return 1 - 1 / n_components if n_components > 1 else 1.0
