"""The rules that parameters must keep, and what scikit-learn says where they do not, in its words."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_array
from sklearn.utils._param_validation import Interval, StrOptions

from . import _mogul
from ._mogul import covariance_families

Array = NDArray[np.floating[Any]]

FLOATS = [np.float64, np.float32]

SCIKIT_LEARNS_WORDS = {"diagonal": "diag", "tied_diagonal": "tied_diag"}
"""Where they differ from the library's."""

COVARIANCE_TYPES = {SCIKIT_LEARNS_WORDS.get(family.word, family.word): family for family in covariance_families()}
"""The covariance families by the word of the estimator."""

FAMILIES = COVARIANCE_TYPES | {name: family for family in covariance_families() for name in (family.name, family.word)}
"""The same, also by the library's names."""

METHODS = {
    "kmeans": "kmeans",
    "k-means": "kmeans",
    "k-means++": "kmeans++",
    "kmeans++": "kmeans++",
    "random": "random",
    "random_from_data": "random_from_data",
    "hierarchical": "hierarchical",
}
"""Words for `init_params`, and what the library calls them."""

PARAMETERS = ("weights", "means", "covariances")

PARAMETER_CONSTRAINTS: dict[str, list[Any]] = {
    "n_components": [Interval(Integral, 1, None, closed="left")],
    "covariance_type": [StrOptions(set(FAMILIES))],
    "tol": [Interval(Real, 0.0, None, closed="left")],
    "reg_covar": [Interval(Real, 0.0, None, closed="left")],
    "max_iter": [Interval(Integral, 0, None, closed="left")],
    "n_init": [Interval(Integral, 1, None, closed="left")],
    "init_params": [StrOptions(set(METHODS)), callable],
    "weights_init": ["array-like", None],
    "means_init": ["array-like", None],
    "precisions_init": ["array-like", None],
    "random_state": ["random_state"],
    "warm_start": ["boolean"],
    "verbose": ["verbose", StrOptions({"bar"})],
    "verbose_interval": [Interval(Integral, 1, None, closed="left")],
    "responsibilities_init": ["array-like", None],
    "labels_init": ["array-like", None],
    "hold": [tuple, list, set, frozenset, dict],
    "degenerate": [StrOptions({"error", "revive"})],
    "n_jobs": [Integral, None],
    "callback": [callable, None],
    "prior": [str, dict, None],
    "weight_concentration": [Interval(Real, 1.0, None, closed="left"), None],
    "max_eigenvalue_ratio": [Interval(Real, 1.0, None, closed="left"), None],
    "equal_weights": ["boolean"],
    "search": [StrOptions({"none", "quick", "default", "thorough"})],
    "acceleration": [StrOptions({"none", "lbfgs"})],
    "fixed": [tuple, list, set, frozenset, dict, None],
}


def check_enough_rows(n_rows: int, n_components: int) -> None:
    if n_rows < n_components:
        raise ValueError(
            f"Expected n_samples >= n_components but got n_components = {n_components}, n_samples = {n_rows}"
        )


def is_matrix(covariance_type: str) -> bool:
    return FAMILIES[covariance_type].layout == "matrix"


def covariance_shape(covariance_type: str, n_components: int, n_features: int) -> tuple[int, ...]:
    """Of ``covariances_``."""
    family = FAMILIES[covariance_type]
    one = {"matrix": (n_features, n_features), "diagonal": (n_features,), "spherical": ()}[family.layout]
    return (one or (1,)) if family.is_shared else (n_components, *one)


def _check_shape(values: Array, shape: tuple[int, ...], name: str) -> None:
    if values.shape != shape:
        raise ValueError(f"The parameter '{name}' should have the shape of {shape}, but got {values.shape}")


def check_weights(weights: ArrayLike, n_components: int) -> Array:
    checked: Array = check_array(weights, dtype=FLOATS, ensure_2d=False)
    _check_shape(checked, (n_components,), "weights")
    if np.any(checked < 0) or np.any(checked > 1):
        # The two are exchanged in scikit-learn's message, which programs may rely on.
        raise ValueError(
            "The parameter 'weights' should be in the range [0, 1], "
            f"but got max value {np.min(checked):.5f}, min value {np.max(checked):.5f}"
        )
    total = np.sum(checked)
    if abs(1.0 - total) > (1e-6 if checked.dtype == np.float32 else 1e-8):
        raise ValueError(f"The parameter 'weights' should be normalized, but got sum(weights) = {total:.5f}")
    return checked


def check_means(means: ArrayLike, n_components: int, n_features: int) -> Array:
    checked: Array = check_array(means, dtype=FLOATS, ensure_2d=False)
    _check_shape(checked, (n_components, n_features), "means")
    return checked


def check_precisions(precisions: ArrayLike, covariance_type: str, n_components: int, n_features: int) -> Array:
    one_each = is_matrix(covariance_type) and not FAMILIES[covariance_type].is_shared
    checked: Array = check_array(precisions, dtype=FLOATS, ensure_2d=False, allow_nd=one_each)
    shape = covariance_shape(covariance_type, n_components, n_features)
    _check_shape(checked, shape, f"{covariance_type} precision")
    if not is_matrix(covariance_type):
        if np.any(checked <= 0):
            raise ValueError(f"'{covariance_type} precision' should be positive")
        return checked
    symmetric = np.allclose(checked, np.swapaxes(checked, -1, -2))
    if not symmetric or np.any(np.linalg.eigvalsh(checked) <= 0):
        raise ValueError(f"'{covariance_type} precision' should be symmetric, positive-definite")
    return checked


def check_labels(labels: ArrayLike, n_rows: int, n_components: int, name: str = "labels_init") -> NDArray[np.int64]:
    """Their components, as `mogul.number_labels` numbers them."""
    checked: NDArray[Any] = check_array(
        labels, dtype=None, ensure_2d=False, ensure_all_finite=False, ensure_min_samples=0, input_name=name
    )
    _check_shape(checked, (n_rows,), name)
    try:
        return _mogul.number_labels(checked, n_components)
    except ValueError as error:
        raise ValueError(f"The parameter '{name}' should be whole numbers, one per row; {error}") from None


def check_responsibilities(
    responsibilities: ArrayLike, n_rows: int, n_components: int, name: str = "responsibilities_init"
) -> Array:
    checked: Array = check_array(responsibilities, dtype=np.float64, input_name=name)
    _check_shape(checked, (n_rows, n_components), name)
    if np.any(checked < 0) or np.any(np.abs(checked.sum(axis=1) - 1) > 1e-6):
        raise ValueError(f"The parameter '{name}' should have rows of at least 0 that sum to one")
    return checked
