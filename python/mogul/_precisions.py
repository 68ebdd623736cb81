"""Covariances, precisions and Cholesky factors of precisions, for all components at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def is_matrix(covariance_type: str) -> bool:
    return covariance_type in ("full", "tied")


def precisions_cholesky(covariances: Array, covariance_type: str) -> Array:
    """Upper triangular U with precision = U U^T; reciprocals of standard deviations where there are no matrices."""
    if not is_matrix(covariance_type):
        return 1 / np.sqrt(covariances)
    factors = np.linalg.cholesky(covariances)
    inverses = np.linalg.solve(factors, np.broadcast_to(np.eye(factors.shape[-1]), factors.shape))
    # The solver knows nothing of triangles, and leaves rounding in the other one.
    return np.ascontiguousarray(np.swapaxes(np.tril(inverses), -1, -2))


def precisions(cholesky: Array, covariance_type: str) -> Array:
    if not is_matrix(covariance_type):
        return cholesky**2
    return cholesky @ np.swapaxes(cholesky, -1, -2)


def covariances_from_precisions(given: Array, covariance_type: str) -> Array:
    if not is_matrix(covariance_type):
        return 1 / given
    inverse = np.linalg.inv(np.asarray(given, dtype=np.float64))
    return (inverse + np.swapaxes(inverse, -1, -2)) / 2


def covariances_from_cholesky(cholesky: Array, covariance_type: str) -> Array:
    if not is_matrix(covariance_type):
        return 1 / cholesky**2
    inverse = np.linalg.inv(np.asarray(cholesky, dtype=np.float64))
    return np.swapaxes(inverse, -1, -2) @ inverse
