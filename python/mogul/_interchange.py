"""To scikit-learn's class and back."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

Estimator = TypeVar("Estimator")

OWN_ATTRIBUTES = {"termination_"}


def take_over(model: Any, made: Estimator) -> Estimator:
    """Gives `made` those parameters and fitted attributes of `model` that it has a place for."""
    known = made.get_params(deep=False)  # type: ignore[attr-defined]
    for name, value in model.get_params(deep=False).items():
        if name in known:
            setattr(made, name, value)
    for name, value in vars(model).items():
        if name.endswith("_") and name not in OWN_ATTRIBUTES:
            setattr(made, name, value)
    return made


def as_tied_matrix(model: Any) -> Any:
    """Where the covariance type is one that scikit-learn has not, the matrix that says the same."""
    if model.covariance_type in ("tied_diag", "tied_spherical"):
        eye = np.eye(model.n_features_in_, dtype=model.means_.dtype)
        for name in ("covariances_", "precisions_", "precisions_cholesky_"):
            setattr(model, name, eye * getattr(model, name))
        model.covariance_type = "tied"
    return model
