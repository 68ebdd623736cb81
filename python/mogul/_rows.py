"""Rows on their way from the caller to the library: scikit-learn's checks, without its copies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_array
from sklearn.utils.validation import _check_feature_names, _check_n_features, _check_sample_weight, validate_data

from ._checks import FLOATS, Array
from ._mogul import Dataset, Rows, normal_name


def normal_names(names: Iterable[object]) -> list[str]:
    """As model files hold them, and readers of CSV find them."""
    return [normal_name(str(name)) for name in names]


def check_names(estimator: Any) -> None:
    """Raises where two columns have one name in a model file."""
    column_of: dict[str, int] = {}
    for column, name in enumerate(normal_names(getattr(estimator, "feature_names_in_", [])), 1):
        first = column_of.setdefault(name, column)
        if first != column:
            raise ValueError(f"X: columns {first} and {column} are both named '{name}'; names must differ")


def with_fitted_names(estimator: Any, X: Any) -> Any:
    """X under the very names of the fit, where they are the same but for such blanks."""
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is None or not hasattr(X, "columns"):
        return X
    names = list(X.columns) if all(isinstance(name, str) for name in X.columns) else None
    if names is None or names == list(fitted) or normal_names(names) != normal_names(fitted):
        return X
    if hasattr(X, "set_axis"):  # pandas
        return X.set_axis(list(fitted), axis=1)
    return X.rename(dict(zip(names, fitted, strict=True))) if hasattr(X, "rename") else X


def is_array(X: object) -> bool:
    return type(X) in (np.ndarray, np.memmap)


def is_read_in_place(X: object) -> bool:
    """Arrays of numbers, and Arrow columns but for frames of pandas, whose columns NumPy sees as they are."""
    if is_array(X):
        return X.ndim == 2 and X.size > 0 and X.dtype.kind in "fiub"  # type: ignore[attr-defined]
    return hasattr(X, "__arrow_c_stream__") and len(getattr(X, "shape", ())) == 2 and not hasattr(X, "iloc")


def rows_of(estimator: Any, X: Any, *, reset: bool, min_samples: int = 1) -> Array | Rows:
    """X as the library takes it, which reads it where it lies if it can.

    Whether values are finite is left to the library, which looks at all of them anyway.
    """
    if isinstance(X, Rows | Dataset):
        what = "dataset.x, and sample_weight=dataset.weights" if isinstance(X, Dataset) else "what they were made of"
        raise TypeError(f"X is a mogul.{type(X).__name__}, which is for the functions of mogul; give {what}")
    X = X if reset else with_fitted_names(estimator, X)
    if is_read_in_place(X) and X.shape[0] >= min_samples:
        _check_feature_names(estimator, X, reset=reset)
        _check_n_features(estimator, X, reset=reset)
        try:
            return X if getattr(X, "dtype", None) in FLOATS else Rows(X)
        except ValueError:
            pass  # scikit-learn says what is wrong
    checked: Array = validate_data(
        estimator,
        X,
        reset=reset,
        dtype=FLOATS if reset else "numeric",
        ensure_all_finite=False,
        ensure_min_samples=min_samples,
    )
    return checked if checked.dtype in FLOATS else Rows(checked)


def is_plain(estimator: Any, X: Any) -> bool:
    """Whether X is what `rows_of()` would return, as can be seen at once."""
    return (
        type(X) is np.ndarray
        and X.dtype in FLOATS
        and X.ndim == 2
        and X.shape[0] > 0
        and X.shape[1] == getattr(estimator, "n_features_in_", None)
        and not hasattr(estimator, "feature_names_in_")
    )


def checked_weights(sample_weight: ArrayLike | None, rows: Array | Rows) -> Array | None:
    if sample_weight is None:
        return None
    weights: Array = _check_sample_weight(sample_weight, rows, dtype=np.float64, ensure_non_negative=True)
    return weights


def raise_as_scikit_learn(estimator: Any, rows: Array | Rows, dtype: Any) -> None:
    """Raises scikit-learn's error if values are not finite, which the library may have found."""
    X = rows.source if isinstance(rows, Rows) else rows
    check_array(X, dtype=dtype, estimator=estimator, input_name="X")
