"""The estimator's fitted parameters and the library's Mixture, there and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import _mogul
from ._checks import FAMILIES, PARAMETERS, Array
from ._fitting import Outcome, name_of_mean_objective
from ._mogul import FitReport, Mixture
from ._precisions import covariances_from_cholesky, precisions, precisions_cholesky


@contextmanager
def unchanged_if_it_fails(estimator: Any) -> Iterator[None]:
    """The estimator is as it was before where the block raises, also of Ctrl-C."""
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        estimator.__dict__.clear()
        estimator.__dict__.update(before)
        raise


def keep_outcome(estimator: Any, outcome: Outcome, dtype: np.dtype[Any]) -> None:
    keep_parameters(estimator, outcome.mixture, dtype)
    estimator.converged_ = outcome.converged
    estimator.n_iter_ = len(outcome.lower_bounds)
    estimator.lower_bound_ = outcome.lower_bound
    estimator.lower_bounds_ = outcome.lower_bounds
    estimator.termination_ = outcome.message
    estimator._held = outcome.held
    estimator._fitted = outcome.mixture, outcome.report


def report_of(estimator: Any) -> FitReport | None:
    """Of the fit, unless the caller has set other parameters since."""
    mixture, report = getattr(estimator, "_fitted", (None, None))
    return report if mixture == estimator.mixture_ else None


def search_text(report: FitReport, mixture: Mixture) -> str:
    """What the search of a fit did, in the words of its summary."""
    lines = _mogul.summary(report, mixture).splitlines()
    return next(line.removeprefix("search").strip() for line in lines if line.startswith("search"))


def name_of_lower_bound(estimator: Any) -> str:
    """What EM climbed in the fit: with a prior, the penalised log-likelihood."""
    report = getattr(estimator, "_fitted", (None, None))[1]
    return name_of_mean_objective(report)


def keep_parameters(estimator: Any, mixture: Mixture, dtype: np.dtype[Any]) -> None:
    """Sets the attributes, which are float32 where the rows were, unless they are too large for it."""
    cholesky = precisions_cholesky(mixture)
    attributes = {f"{name}_": getattr(mixture, name) for name in PARAMETERS}
    attributes["precisions_cholesky_"] = cholesky
    attributes["precisions_"] = precisions(cholesky, estimator.covariance_type)
    if any(np.abs(value).max() > np.finfo(dtype).max for value in attributes.values()):
        dtype = np.dtype(np.float64)
    for name, value in attributes.items():
        setattr(estimator, name, value.astype(dtype))
    keep_mixture(estimator, mixture)


def keep_mixture(estimator: Any, mixture: Mixture) -> None:
    """Unrounded, beside what the attributes are now, so that one sees whether the caller has changed them."""
    then = {name: value.copy() for name, value in attributes_that_count(estimator).items()}
    estimator._mixture_of_attributes = mixture, then


def attributes_that_count(estimator: Any) -> dict[str, Array]:
    """Those that scikit-learn scores with: covariances only where there are no factors of precisions."""
    shapes = "precisions_cholesky_" if hasattr(estimator, "precisions_cholesky_") else "covariances_"
    return {name: np.asarray(getattr(estimator, name)) for name in ("weights_", "means_", shapes)}


def mixture_of(estimator: Any) -> Mixture:
    """What was fitted, or, where the caller has set attributes since, what they say."""
    attributes = attributes_that_count(estimator)
    if hasattr(estimator, "_mixture_of_attributes"):
        mixture: Mixture
        mixture, then = estimator._mixture_of_attributes
        if attributes.keys() == then.keys() and all(np.array_equal(attributes[name], then[name]) for name in then):
            return mixture
    kind = estimator.covariance_type
    weights = attributes["weights_"].astype(np.float64)
    covariances = attributes.get("covariances_")
    if covariances is None:
        covariances = covariances_from_cholesky(attributes["precisions_cholesky_"], kind)
    made = Mixture(FAMILIES[kind].word, weights / weights.sum(), attributes["means_"], covariances)
    keep_mixture(estimator, made)
    return made
