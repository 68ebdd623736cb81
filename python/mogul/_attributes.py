"""The estimator's fitted parameters and the library's Mixture, there and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._checks import PARAMETERS, STRUCTURES
from ._mogul import Mixture
from ._precisions import covariances_from_cholesky, precisions, precisions_cholesky


def keep_parameters(estimator: Any, mixture: Mixture, dtype: np.dtype[Any]) -> None:
    """Sets the attributes, which are float32 where the rows were; the mixture itself is kept beside them."""
    for name in PARAMETERS:
        setattr(estimator, f"{name}_", getattr(mixture, name).astype(dtype))
    cholesky = precisions_cholesky(mixture.covariances, estimator.covariance_type)
    estimator.precisions_cholesky_ = cholesky.astype(dtype)
    estimator.precisions_ = precisions(cholesky, estimator.covariance_type).astype(dtype)
    estimator._fitted_mixture = mixture


def mixture_of(estimator: Any) -> Mixture:
    """What was fitted, unless the caller has changed the attributes since."""
    fitted: Mixture | None = getattr(estimator, "_fitted_mixture", None)
    if fitted is not None and all(_is_kept(estimator, name, getattr(fitted, name)) for name in PARAMETERS):
        return fitted
    weights = np.asarray(estimator.weights_, dtype=np.float64)
    covariances = getattr(estimator, "covariances_", None)
    if covariances is None:
        covariances = covariances_from_cholesky(estimator.precisions_cholesky_, estimator.covariance_type)
    return Mixture(STRUCTURES[estimator.covariance_type], weights / weights.sum(), estimator.means_, covariances)


def _is_kept(estimator: Any, name: str, fitted: np.ndarray[Any, Any]) -> bool:
    value = getattr(estimator, f"{name}_", None)
    return isinstance(value, np.ndarray) and np.array_equal(value, fitted.astype(value.dtype, copy=False))
