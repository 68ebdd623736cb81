"""Covariances, precisions and Cholesky factors of precisions, for all components at once."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular

from ._checks import FAMILIES, Array, is_matrix
from ._mogul import Mixture


def precisions_cholesky(mixture: Mixture) -> Array:
    """Upper triangular U with precision = U U^T; reciprocals of standard deviations where there are no matrices."""
    if not is_matrix(mixture.structure):
        return 1 / np.sqrt(mixture.covariances)
    eye = np.eye(mixture.n_features)
    n_matrices = 1 if FAMILIES[mixture.structure].is_shared else mixture.n_components
    factors = [solve_triangular(mixture.cholesky(k), eye, lower=True).T for k in range(n_matrices)]
    return np.reshape(factors, mixture.covariances.shape)


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
