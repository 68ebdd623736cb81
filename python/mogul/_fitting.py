"""EM with scikit-learn's meaning of iterations, an E-step and an M-step each, and of lower bounds, one per E-step."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_random_state

from . import _mogul
from ._checks import FAMILIES, Array
from ._mogul import FitError, FitReport, FitSettings, Mixture, Rows
from ._progress import Progress, progress_of
from ._starts import Start, constraints, starts
from ._threads import n_threads

ILL_DEFINED = (
    "Fitting the mixture model failed because some components have ill-defined empirical covariance (for instance "
    "caused by singleton or collapsed samples). Try to decrease the number of components, increase reg_covar, or scale "
    "the input data."
)
HINT_OF_FLOAT32 = " The numerical accuracy can also be improved by passing float64 data instead of float32."
NOT_CONVERGED = (
    "Best performing initialization did not converge. Try different init parameters, or increase max_iter, tol, or "
    "check for degenerate data."
)


def held_by(settings: FitSettings | None) -> dict[str, Any] | None:
    """What the fit held, as arguments of evaluate(); None where that is not known."""
    return None if settings is None else {"hold": settings.hold, "equal_weights": settings.equal_weights}


def name_of_mean_objective(report: FitReport | None) -> str:
    is_penalised = report is not None and report.penalised_log_likelihood is not None
    return "mean penalised log-likelihood" if is_penalised else "mean log-likelihood"


class Outcome(NamedTuple):
    mixture: Mixture
    lower_bounds: list[float]
    """Mean log-likelihood, with priors the penalised one, at every E-step."""
    converged: bool
    cancelled: bool
    message: str
    warnings: list[str]
    held: dict[str, Any] | None
    """As held_by() tells it."""
    report: FitReport | None

    @classmethod
    def not_fitted(cls, mixture: Mixture, settings: FitSettings | None = None) -> Outcome:
        message = "not fitted, made of known parameters"
        return cls(mixture, [], False, False, message, [], held_by(settings), None)

    @classmethod
    def of(cls, mixture: Mixture, report: FitReport, settings: FitSettings | None) -> Outcome:
        climbed = report.penalised_history if report.penalised_history.size else report.history
        return cls(
            mixture,
            (climbed / report.sum_weights).tolist(),
            report.termination.converged,
            report.termination.reason == "cancelled",
            report.termination.message,
            report.warnings,
            held_by(settings),
            report,
        )

    @property
    def lower_bound(self) -> float:
        return self.lower_bounds[-1] if self.lower_bounds else -np.inf


def fit_from_starts(estimator: Any, X: Array | Rows, weights: Array | None) -> Outcome:
    """The best of all restarts, up to one that the callback ends."""
    rng = check_random_state(estimator.random_state)
    outcomes: list[Outcome] = []
    failure: FitError | None = None
    with progress_of(estimator) as progress:
        for start in starts(estimator, X, weights, rng, FAMILIES[estimator.covariance_type].word):
            try:
                outcomes.append(run(estimator, X, weights, start, progress))
            except FitError as error:  # another restart may do better
                failure = error
            if outcomes and outcomes[-1].cancelled:
                break
    if not outcomes and failure is not None:
        raise failure
    best = best_of(outcomes)
    reports = [outcome.report for outcome in outcomes if outcome.report is not None]
    best = best._replace(report=_mogul.joined_report(reports, outcomes.index(best)))
    last = outcomes[-1]
    return best._replace(converged=False, cancelled=True, message=last.message) if last.cancelled else best


def best_of(outcomes: list[Outcome]) -> Outcome:
    """Of those that differ by rounding alone the first, as in the library."""
    best = outcomes[0]
    for outcome in outcomes[1:]:
        if outcome.lower_bound - best.lower_bound > 1e-12 * abs(outcome.lower_bound):
            best = outcome
    return best


def continue_fit(estimator: Any, X: Array | Rows, weights: Array | None) -> Outcome:
    """From where the last fit ended. Of the same family its lower bound is what the first one is compared with."""
    same = estimator.mixture_.structure == FAMILIES[estimator.covariance_type].word
    with progress_of(estimator) as progress:
        previous = estimator.lower_bound_ if same else -np.inf
        return run(estimator, X, weights, Start(estimator.mixture_, 1, 0), progress, previous)


def run(
    estimator: Any,
    X: Array | Rows,
    weights: Array | None,
    start: Start,
    progress: Progress | None,
    previous_lower_bound: float = -np.inf,
) -> Outcome:
    """EM from one start, or from as many as it draws from its seed."""
    max_iter = min(int(estimator.max_iter), sys.maxsize)
    at_rest = False  # at the start, which has not moved from the end of the last fit

    def between_steps(iteration: Any) -> bool | None:
        nonlocal at_rest
        if iteration.iteration == 0:
            at_rest = abs(iteration.mean_objective - previous_lower_bound) < estimator.tol
        if max_iter == 1 and iteration.iteration == 1:
            return True  # the step that scikit-learn would take is done
        if start.n_restarts > 1:
            iteration._count_among(start.first_restart, start.n_restarts)
        if progress is not None:
            progress.show(iteration)
        go_on = estimator.callback is None or estimator.callback(iteration)
        return go_on if not at_rest else False

    watched = progress is not None or estimator.callback is not None or previous_lower_bound > -np.inf
    result = _mogul.fit(
        X,
        estimator.n_components,
        weights=weights,
        covariance=FAMILIES[estimator.covariance_type].word,
        search=start.search,
        init=start.init,
        n_init=start.n_init,
        # The last M-step has no E-step after it; but without any step there would be none to begin with.
        max_iter=max_iter - 1 if max_iter > 1 else max_iter,
        tol=estimator.tol,
        acceleration=estimator.acceleration,
        reg_covar=estimator.reg_covar,
        seed=start.seed,
        n_threads=n_threads(estimator.n_jobs),
        degenerate=estimator.degenerate,
        **constraints(estimator),
        callback=between_steps if watched else None,
    )
    report = as_counted(result.report, estimator, max_iter, at_rest)
    if progress is not None:
        kept = report.best_restart
        shown = list(enumerate(report.restarts)) if report.search is None else [(kept, report.restarts[kept])]
        for i, restart in shown:
            progress.end(start.first_restart + i, restart, report.sum_weights)
    outcome = Outcome.of(result.mixture, report, result.settings)
    if max_iter == 0:  # scikit-learn takes no E-step where it takes no M-step
        return outcome._replace(lower_bounds=[], converged=False)
    if outcome.cancelled:
        return outcome
    if max_iter == 1:
        outcome = outcome._replace(lower_bounds=outcome.lower_bounds[:1], converged=at_rest)
        if result.report.iterations == 1:
            return outcome
    return outcome._replace(mixture=after_another_m_step(estimator, result))


def as_counted(report: FitReport, estimator: Any, max_iter: int, at_rest: bool) -> FitReport:
    """The report with the reason for the end that scikit-learn would give."""
    if at_rest:
        rule = f"the {name_of_mean_objective(report)} changed by less than tol = {estimator.tol:g}"
        return _mogul.with_termination(report, True, f"converged at iteration 0: {rule}")
    if max_iter == 1 and report.termination.reason != "cancelled":
        return _mogul.with_termination(report, False, "stopped at max_iter = 1: raise max_iter or tol")
    if report.termination.reason == "max_iter" and max_iter > 1:
        advice = report.termination.message.partition(": ")[2]
        return _mogul.with_termination(report, False, f"stopped at max_iter = {max_iter}: {advice}")
    return report


def after_another_m_step(estimator: Any, result: Any) -> Mixture:
    """scikit-learn's last M-step; not where it would leave a component degenerate, as no E-step follows."""
    try:
        beyond: Mixture = _mogul.maximise(
            result.stats,
            result.mixture,
            covariance=FAMILIES[estimator.covariance_type].word,
            reg_covar=estimator.reg_covar,
            **(constraints(estimator) | {"prior": result.report.prior}),
        )
        return beyond
    except FitError:
        last: Mixture = result.mixture
        return last
