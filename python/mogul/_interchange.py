"""To scikit-learn's class and back."""

from __future__ import annotations

from copy import copy
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
            setattr(made, name, copy(value))
    return made


def in_scikit_learns_terms(model: Any) -> Any:
    """With its defaults for what only mogul knows, and the matrix that says the same as tied variances."""
    if callable(model.init_params):
        model.init_params = "kmeans"
    if isinstance(model.verbose, str):
        model.verbose = 0
    if model.covariance_type in ("tied_diag", "tied_spherical"):
        model.covariance_type = "tied"
        if hasattr(model, "means_"):
            eye = np.eye(model.means_.shape[1], dtype=model.means_.dtype)
            for name in ("covariances_", "precisions_", "precisions_cholesky_"):
                setattr(model, name, eye * getattr(model, name))
    return model
