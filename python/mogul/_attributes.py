"""The estimator's fitted parameters and the library's Mixture, there and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._checks import PARAMETERS, STRUCTURES
from ._mogul import Mixture
from ._precisions import covariances_from_cholesky, precisions, precisions_cholesky


def keep_parameters(estimator: Any, mixture: Mixture, dtype: np.dtype[Any]) -> None:
    """Sets the attributes, which are float32 where the rows were; the mixture itself is kept beside them."""
    cholesky = precisions_cholesky(mixture)
    attributes = {f"{name}_": getattr(mixture, name) for name in PARAMETERS}
    attributes["precisions_cholesky_"] = cholesky
    attributes["precisions_"] = precisions(cholesky, estimator.covariance_type)
    for name, value in attributes.items():
        setattr(estimator, name, value.astype(dtype))
    estimator._fitted_mixture = mixture
    estimator._fitted_cholesky = cholesky  # to compare with: it takes long to make


def mixture_of(estimator: Any) -> Mixture:
    """What was fitted, unless the caller has changed the attributes since.

    Of attributes it is made as scikit-learn scores with them: by the factors of the precisions, if there are any.
    """
    fitted: Mixture | None = getattr(estimator, "_fitted_mixture", None)
    if fitted is not None and _is_kept(estimator, fitted):
        return fitted
    cholesky = getattr(estimator, "precisions_cholesky_", None)
    covariances = (
        estimator.covariances_ if cholesky is None else covariances_from_cholesky(cholesky, estimator.covariance_type)
    )
    weights = np.asarray(estimator.weights_, dtype=np.float64)
    return Mixture(STRUCTURES[estimator.covariance_type], weights / weights.sum(), estimator.means_, covariances)


def _is_kept(estimator: Any, fitted: Mixture) -> bool:
    expected = {name: getattr(fitted, name) for name in PARAMETERS}
    expected["precisions_cholesky"] = estimator._fitted_cholesky
    for name, value in expected.items():
        actual = np.asarray(getattr(estimator, f"{name}_", np.nan))
        if not np.array_equal(actual, value.astype(actual.dtype, copy=False)):
            return False
    return True
