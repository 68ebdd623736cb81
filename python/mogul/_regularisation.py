"""Whether reg_covar, which is added to every variance in the data's own unit, is small beside the variances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._checks import Array
from ._mogul import Mixture
from ._precisions import is_matrix

NOTICEABLE = 0.01
"""The share of a variance from which on one is told."""


def narrowest_variances(mixture: Mixture) -> Array:
    """The least variance in any direction, of each component or of all together: the least eigenvalues."""
    covariances: NDArray[np.float64] = mixture.covariances
    if is_matrix(mixture.structure):
        return np.linalg.eigvalsh(covariances)[..., 0].reshape(-1)
    return covariances.min(axis=-1).reshape(-1) if mixture.structure != "spherical" else covariances


def may_be_noticeable(mixture: Mixture, factors: Array, reg_covar: float) -> bool:
    """A bound that needs no eigenvalues: none is below the reciprocal of the trace of the precision."""
    if not is_matrix(mixture.structure):
        return reg_covar > 0
    return bool((factors**2).sum(axis=(-1, -2)).max() * reg_covar > NOTICEABLE / 2)


def warning_of_reg_covar(mixture: Mixture, factors: Array, reg_covar: float) -> str | None:
    """What to know about a fit with so large a `reg_covar`; `factors` are the estimator's ``precisions_cholesky_``."""
    if not may_be_noticeable(mixture, factors, reg_covar):
        return None
    variances = narrowest_variances(mixture)
    narrowest = int(variances.argmin())
    share = reg_covar / variances[narrowest]
    if share <= NOTICEABLE:
        return None
    whose = f"component {narrowest}" if len(variances) > 1 else "the components"
    return (
        f"reg_covar = {reg_covar:g} makes up {min(share, 1):.0%} of the least variance of {whose}, "
        f"{variances[narrowest]:.3g} in the data's unit squared: where that is not meant, lower reg_covar or scale the "
        "data (StandardScaler)"
    )
