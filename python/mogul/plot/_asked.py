"""What a picture is asked of: an estimator, or a mixture of the functions, and rows. No matplotlib."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _mogul
from .._mogul import Dataset, FitReport, FitResult, Mixture, ModelFile, Rows
from .._subject import check_names_agree, default_names
from ._geometry import Array


@dataclass(frozen=True)
class History:
    """Log-likelihood at the start and after each M-step."""

    values: Array
    label: str
    """Of the axis, with the unit."""
    ended: str
    """Why EM stopped: a sentence, or empty."""


@dataclass(frozen=True)
class Asked:
    mixture: Mixture
    names: list[str]
    """(D,)."""
    history: History | None
    rows: Rows | None
    weights: Array | None
    n_threads: int


def asked_of_estimator(estimator: Any, X: Any, sample_weight: ArrayLike | None) -> Asked:
    from sklearn.utils.validation import check_is_fitted

    from .._attributes import name_of_lower_bound
    from .._gaussian_mixture import GaussianMixture
    from .._rows import checked_weights, rows_of
    from .._threads import n_threads

    if not isinstance(estimator, GaussianMixture):
        raise TypeError(f"estimator is {of_type(estimator)}; must be a mogul.GaussianMixture{where(estimator)}")
    check_is_fitted(estimator)
    mixture = estimator.mixture_
    names = [str(name) for name in getattr(estimator, "feature_names_in_", default_names(mixture.n_features))]
    bounds = getattr(estimator, "lower_bounds_", None)
    history = None
    if bounds:
        label = f"{name_of_lower_bound(estimator)} per row, nats"
        history = History(np.asarray(bounds, dtype=float), label, getattr(estimator, "termination_", ""))
    rows = weights = None
    if X is not None:
        checked = rows_of(estimator, X, reset=False)
        weights = checked_weights(sample_weight, checked)
        rows = checked if isinstance(checked, Rows) else Rows(checked)
    elif sample_weight is not None:
        raise ValueError("sample_weight is given, but X is not; give the rows that it belongs to")
    return Asked(mixture, names, history, rows, weights, n_threads(estimator.n_jobs))


def asked_of_mixture(mixture: Any, X: Any, weights: ArrayLike | None) -> Asked:
    if not isinstance(mixture, Mixture | FitResult | ModelFile):
        raise TypeError(
            f"mixture is {of_type(mixture)}; must be a mogul.Mixture, FitResult or ModelFile{where(mixture)}"
        )
    report: FitReport | None = None
    names: list[str] = []
    if not isinstance(mixture, Mixture):
        report, names, mixture = mixture.report, list(mixture.feature_names), mixture.mixture
    unnamed = default_names(mixture.n_features)
    rows, row_weights, columns = rows_in_memory(X, weights)
    if columns:
        if names and names != unnamed:
            check_names_agree(names, columns, "X")
        elif len(columns) == mixture.n_features:
            names = columns
    history = None
    if report is not None:
        history = History(np.asarray(report.history), "log-likelihood, nats", report.termination.message)
    return Asked(mixture, names or unnamed, history, rows, row_weights, 0)


def rows_in_memory(X: Any, weights: ArrayLike | None) -> tuple[Rows | None, Array | None, list[str]]:
    """Rows, weights, and names of columns where there are any."""
    if X is None:
        if weights is not None:
            raise ValueError("weights are given, but X is not; give the rows that they belong to")
        return None, None, []
    if isinstance(X, str | os.PathLike):
        X = _mogul.read_dataset(X)
    columns = column_names(X)
    if weights is None and isinstance(X, Dataset):
        weights = X.weights
    rows = X if isinstance(X, Rows) else Rows(X)
    return rows, None if weights is None else np.asarray(weights, dtype=np.float64), columns


def column_names(X: Any) -> list[str]:
    """Of a Dataset, or a frame whose columns are all named by text."""
    if isinstance(X, Rows):
        return column_names(X.source)
    names: Sequence[Any] | None = getattr(X, "column_names", None)
    if names is None:
        names = getattr(X, "columns", None)
    if names is None or not all(isinstance(name, str) for name in names):
        return []
    return [str(name) for name in names]


def of_type(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"a {kind.__module__.partition('.')[0]} {kind.__name__}"


def where(value: Any) -> str:
    """What to do instead."""
    from sys import modules

    if isinstance(value, Mixture | FitResult | ModelFile):
        return "; use from_mixture"
    if type(value).__module__.startswith("mogul.") and hasattr(type(value), "mixture_"):
        return "; use from_estimator"
    theirs = getattr(modules.get("sklearn.mixture"), "GaussianMixture", None)
    if theirs is not None and isinstance(value, theirs):
        return "; convert it by mogul.GaussianMixture.from_sklearn()"
    return ""
