"""EM with scikit-learn's meaning of iterations, an E-step and an M-step each, and of lower bounds, one per E-step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from . import _mogul
from ._checks import PARAMETERS, STRUCTURES
from ._mogul import Iteration, Mixture, Rows
from ._progress import Bar, Lines
from ._starts import Start, starts

Array = NDArray[np.floating[Any]]


class Outcome(NamedTuple):
    mixture: Mixture
    lower_bounds: list[float]
    """Mean log-likelihood at every E-step."""
    converged: bool
    cancelled: bool
    sentence: str

    @property
    def lower_bound(self) -> float:
        return self.lower_bounds[-1] if self.lower_bounds else -np.inf


def n_threads(n_jobs: int | None) -> int:
    """0, all that the process may use, unless the caller says how many."""
    return 0 if n_jobs is None else int(joblib.effective_n_jobs(n_jobs))


def fit_from_starts(estimator: Any, X: Array | Rows, weights: Array | None) -> Outcome:
    """The best of all restarts."""
    rng = check_random_state(estimator.random_state)
    structure = STRUCTURES[estimator.covariance_type]
    outcomes = [run(estimator, X, weights, start) for start in starts(estimator, X, weights, rng, structure)]
    return max(outcomes, key=lambda outcome: outcome.lower_bound)


def go_on(estimator: Any, X: Array | Rows, weights: Array | None, mixture: Mixture) -> Outcome:
    """From the last fit, whose lower bound is what the first one is compared with."""
    start = Start(mixture, 1, 0)
    n_converged = 0

    def stops_at_once(iteration: Iteration) -> bool:
        nonlocal n_converged
        change = iteration.mean_log_likelihood - estimator.lower_bound_
        n_converged += iteration.iteration == 0 and abs(change) < estimator.tol
        return n_converged > 0

    outcome = run(estimator, X, weights, start, stops=stops_at_once)
    if n_converged == 0:
        return outcome
    sentence = (
        f"converged at once: the mean log-likelihood changed by less than tol = {estimator.tol:g} since the last fit"
    )
    return run(estimator, X, weights, start, max_iter=1)._replace(converged=True, sentence=sentence)


def run(
    estimator: Any,
    X: Array | Rows,
    weights: Array | None,
    start: Start,
    *,
    max_iter: int | None = None,
    stops: Callable[[Iteration], bool] | None = None,
) -> Outcome:
    """EM from one start, or from as many as it draws from its seed.

    `stops` is asked at every E-step, as is the estimator's callback.
    """
    max_iter = estimator.max_iter if max_iter is None else max_iter
    progress = progress_of(estimator)

    def between_steps(iteration: Iteration) -> bool | None:
        if progress is not None:
            progress.show(iteration)
        if stops is not None and stops(iteration):
            return False
        return True if estimator.callback is None else estimator.callback(iteration)

    watched = progress is not None or stops is not None or estimator.callback is not None
    result = _mogul.fit(
        X,
        estimator.n_components,
        weights=weights,
        covariance=STRUCTURES[estimator.covariance_type],
        init=start.init,
        n_init=start.n_init,
        max_iter=max(max_iter - 1, 0),
        final_m_step=max_iter > 0,
        tol=estimator.tol,
        reg_covar=estimator.reg_covar,
        seed=start.seed,
        n_threads=n_threads(estimator.n_jobs),
        update=[name for name in PARAMETERS if name not in estimator.fixed],
        degenerate=estimator.degenerate,
        callback=between_steps if watched else None,
    )
    report = result.report
    bounds = (report.history / report.sum_weights).tolist() if max_iter > 0 else []
    cancelled = report.termination.reason == "cancelled"
    outcome = Outcome(result.mixture, bounds, report.termination.converged, cancelled, report.termination.sentence)
    if progress is not None:
        for restart in report.restarts:
            progress.end(restart.reason == "converged", restart.log_likelihood / report.sum_weights)
    return outcome


def progress_of(estimator: Any) -> Bar | Lines | None:
    if estimator.verbose == "bar":
        return Bar(estimator.max_iter)
    return Lines(estimator.verbose, estimator.verbose_interval) if estimator.verbose else None
