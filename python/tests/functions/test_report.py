"""The report of a fit: every field, against what else is known of the fit, and as text."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from conftest import Array, Problem, expected_log_densities, message_of, random_mixture

import mogul
from mogul import Mixture

# What the reports tell of
pytestmark = pytest.mark.filterwarnings(
    "ignore:reg_covar = ", "ignore:components 0 and 1 coincide", "ignore:the rows have only"
)


def fit(problem: Problem, **options: object) -> mogul.FitResult:
    options = {"covariance": problem.structure, "init": problem.mixture, "weights": problem.row_weights} | options
    return mogul.fit(problem.x, 3, **options)


def test_a_report_is_of_the_mixture_that_is_returned(problem: Problem) -> None:
    result = fit(problem)
    report, expected = result.report, mogul.evaluate(result.mixture, problem.x, problem.row_weights)
    for name in ("n_rows", "n_parameters"):
        assert getattr(report, name) == getattr(expected, name)
    for name in ("sum_weights", "log_likelihood", "mean_log_likelihood", "entropy", "aic", "bic", "icl"):
        assert getattr(report, name) == pytest.approx(getattr(expected, name), rel=1e-12), name
    np.testing.assert_allclose(report.component_sizes, expected.component_sizes, rtol=1e-12)
    oracle = problem.row_weights @ expected_log_densities(result.mixture, problem.x)
    assert report.log_likelihood == pytest.approx(oracle, rel=1e-12)


def test_history_is_the_log_likelihood_after_each_number_of_m_steps(problem: Problem) -> None:
    report = fit(problem, tol=0, max_iter=5).report
    shorter = [fit(problem, tol=0, max_iter=n).report.log_likelihood for n in range(6)]
    assert report.history.tolist() == shorter
    assert report.iterations == 5


def test_restarts_are_told_one_by_one(clouds: Array) -> None:
    report = mogul.fit(clouds, 3, n_init=4, init="random_from_data", max_iter=7, tol=1e-4).report
    assert len(report.restarts) == 4
    best = report.restarts[report.best_restart]
    assert best.log_likelihood == report.log_likelihood == max(r.log_likelihood for r in report.restarts)
    assert (best.iterations, best.n_revived, best.reason) == (
        report.iterations,
        report.n_revived,
        report.termination.reason,
    )
    for restart in report.restarts:
        assert restart.iterations <= 7 and restart.reason in ("converged", "max_iter") and restart.failed is False
        assert (restart.iterations < 7) <= (restart.reason == "converged")


def test_a_restart_that_stays_degenerate_failed_and_another_is_kept() -> None:
    rng = np.random.default_rng(0)  # two clouds, and one row ten times, which a component may fall upon
    x = np.vstack([rng.normal(size=(40, 2)), rng.normal(loc=[10, 0], size=(40, 2)), np.tile([[5.0, 8.0]], (10, 1))])
    report = mogul.fit(x, 2, init="random_from_data", n_init=12, reg_covar=0, degenerate="error").report
    assert 1 <= sum(restart.failed for restart in report.restarts) <= 11
    assert report.restarts[report.best_restart].failed is False
    assert report.log_likelihood == max(r.log_likelihood for r in report.restarts if not r.failed)


def test_the_sentence_of_a_termination_has_its_numbers(problem: Problem) -> None:
    converged = fit(problem, tol=1e-3).report
    change = abs(converged.history[-1] - converged.history[-2]) / converged.sum_weights
    assert converged.termination.message == (
        f"converged at iteration {converged.iterations}: the mean log-likelihood changed by {change:.3g}, "
        "less than tol = 0.001"
    )
    assert repr(converged.termination) == converged.termination.message
    assert (converged.termination.converged, converged.termination.reason) == (True, "converged")
    stopped = fit(problem, tol=0, max_iter=2).report.termination
    assert (stopped.converged, stopped.reason) == (False, "max_iter") and "2" in stopped.message
    cancelled = fit(problem, callback=lambda iteration: False).report
    assert (cancelled.termination.converged, cancelled.termination.reason) == (False, "cancelled")
    assert f"after iteration 0; the mean log-likelihood is {cancelled.mean_log_likelihood:.10g}" in repr(
        cancelled.termination
    )


def test_components_that_live_off_reg_covar_are_counted() -> None:
    x = np.column_stack([np.random.default_rng(0).normal(size=50), np.zeros(50)])  # the second column is constant
    assert mogul.fit(x, reg_covar=1e-3).report.n_regularised == 1
    assert mogul.fit(x[:, :1], reg_covar=1e-3).report.n_regularised == 0


def test_reg_covar_may_be_a_share_of_the_variance() -> None:
    x = np.random.default_rng(0).normal(size=(50, 2)) * [1e-3, 1e3]
    shared = mogul.fit(x, reg_covar="relative:0.5").mixture
    np.testing.assert_allclose(np.diag(shared.covariances[0]), 1.5 * x.var(axis=0), rtol=1e-12)
    assert mogul.fit(x, reg_covar="0.25").mixture == mogul.fit(x, reg_covar=0.25).mixture
    for bad in ("small", "relative:2"):
        assert "reg_covar = " in message_of(lambda bad=bad: mogul.fit(x, reg_covar=bad))


def test_what_to_look_at_is_among_the_warnings() -> None:
    x = np.repeat([[0.0], [10.0], [20.0]], 30, axis=0)
    told = mogul.fit(x, 5, reg_covar=1e-3).report.warnings
    assert any("only 3 different values, fewer than n_components = 5" in warning for warning in told)
    y = np.random.default_rng(0).normal(size=(90, 1))
    assert mogul.fit(y, 2).report.warnings == []
    equal = Mixture("full", [0.5, 0.5], [[0], [0]], [[[1]], [[1]]])
    report = mogul.fit(y, 2, init=equal).report
    assert "components 0 and 1 coincide" in report.warnings[0]
    assert (report.termination.reason, report.termination.converged) == ("coincident", False)


def test_parameters_that_are_held_do_not_count() -> None:
    x = np.random.default_rng(0).normal(size=(90, 2))
    start = mogul.fit(x, 2, max_iter=2).mixture
    held = ["covariances"]
    result = mogul.fit(x, 2, init=start, hold=held)
    assert (result.report.n_parameters, start.n_parameters) == (5, 11)
    assert mogul.evaluate(result.mixture, x, hold=held).bic == pytest.approx(result.report.bic, rel=1e-12)
    assert mogul.evaluate(result.mixture, x).n_parameters == 11
    assert mogul.evaluate(result.mixture, x, hold={"means": [1]}).n_parameters == 9
    assert mogul.evaluate(result.mixture, x, equal_weights=True).n_parameters == 10
    assert mogul.evaluate(result.mixture, x, hold={"means": [0, 1]}, equal_weights=True).n_parameters == 6


def test_components_that_were_revived_are_counted(clouds: Array) -> None:
    start = Mixture("spherical", [0.5, 0.5], [[0, 0], [1e6, 1e6]], [1, 1])
    report = mogul.fit(clouds, 2, covariance="spherical", init=start).report
    assert report.n_revived == report.restarts[0].n_revived == 1
    assert mogul.fit(clouds, 2, covariance="spherical").report.n_revived == 0


def test_components_that_float_cannot_hold_are_counted() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 280_000, 1))  # fewer rows are computed in double all the same
    dependent, free = np.hstack([a, a + 1e-4 * b]).astype(np.float32), np.hstack([a, b]).astype(np.float32)
    options = {"n_components": 2, "init": "random_from_data", "reg_covar": 0, "max_iter": 2}
    assert mogul.fit(dependent, **options).report.n_promoted == 2
    assert mogul.fit(free, **options).report.n_promoted == 0
    assert mogul.fit(dependent.astype(float), **options).report.n_promoted == 0


def test_rows_that_k_means_looked_at_are_counted(clouds: Array) -> None:
    assert mogul.fit(clouds, 2, init="kmeans").report.n_seed_rows == 200
    assert mogul.fit(clouds, 2, init="kmeans++").report.n_seed_rows == 200
    assert mogul.fit(clouds, 2, init="random").report.n_seed_rows == 0
    assert mogul.fit(clouds, 2, init=np.repeat([0, 1], 100)).report.n_seed_rows == 0


def test_seconds_are_parts_of_a_whole(clouds: Array) -> None:
    seconds = mogul.fit(clouds, 2).report.seconds
    phases = (seconds.initialise, seconds.e_step, seconds.m_step)
    assert min(phases) > 0 and sum(phases) <= seconds.total < 10


@pytest.mark.parametrize("name", ["history", "component_sizes"])
def test_views_are_read_only_and_keep_their_report_alive(clouds: Array, name: str) -> None:
    result = mogul.fit(clouds, 2)
    view, expected = getattr(result.report, name), getattr(result.report, name).tolist()
    del result
    gc.collect()
    _ = [mogul.fit(clouds, 3, max_iter=n) for n in range(20)]
    assert view.tolist() == expected
    assert message_of(lambda: view.__setitem__(0, 1.0)) == "assignment destination is read-only"


@pytest.mark.parametrize("part", ["mixture", "report", "termination", "restart", "seconds"])
def test_parts_outlive_their_result(clouds: Array, part: str) -> None:
    result = mogul.fit(clouds, 2, max_iter=3, tol=0)
    get, value = {
        "mixture": (lambda r: r.mixture, lambda m: m.means.tolist()),
        "report": (lambda r: r.report, lambda r: r.history.tolist()),
        "termination": (lambda r: r.report.termination, lambda t: t.message),
        "restart": (lambda r: r.report.restarts[0], lambda r: (r.log_likelihood, r.iterations)),
        "seconds": (lambda r: r.report.seconds, lambda s: s.total),
    }[part]
    held = get(result)
    expected = value(held)
    del result
    gc.collect()
    _ = [mogul.fit(clouds, 3, max_iter=n) for n in range(20)]
    assert value(held) == expected


def test_brief_is_one_line_with_the_numbers(problem: Problem) -> None:
    result = fit(problem, tol=0, max_iter=3)
    report = result.report
    line = mogul.brief(report, result.mixture)
    assert line.startswith(f"K = 3, {problem.structure}: mean log-likelihood {report.mean_log_likelihood:.8g}, ")
    assert f"BIC {report.bic:.8g}, 3 iterations" in line and "\n" not in line


def test_full_has_every_component_and_criterion(problem: Problem) -> None:
    result = fit(problem)
    text = mogul.summary(result.report, result.mixture, ["length", "width"])
    assert f"{result.report.aic:.8g}, {result.report.bic:.8g}, {result.report.icl:.8g}" in text
    assert result.report.termination.message in text
    table = mogul.component_table(result.mixture, result.report.component_sizes, ["length", "width"])
    assert table.strip() in text
    assert " x1 " in mogul.summary(report=result.report, mixture=result.mixture)


def test_the_component_table_has_the_parameters() -> None:
    mixture = random_mixture("full")
    rows = mogul.component_table(mixture, [1, 22, 333], ["length", "width"]).splitlines()
    assert rows[0].split() == ["component", "weight", "N_k", "length", "width", "corr(length,width)"]
    for k, size in enumerate((1, 22, 333)):
        sd = np.sqrt(np.diag(mixture.covariance(k)))
        values = [f"{mixture.means[k, d]:.6g} ({sd[d]:.4g})" for d in range(2)]
        correlation = mixture.covariance(k)[0, 1] / sd.prod()
        row = rows[1 + k].split()
        assert row[:3] == [str(k), f"{mixture.weights[k]:.6g}", str(size)]
        assert " ".join(row[3:-1]) == " ".join(values)
        assert float(row[-1]) == pytest.approx(correlation, abs=6e-4)


def test_the_component_table_needs_neither_sizes_nor_names() -> None:
    mixture = random_mixture("diagonal")
    by_default, by_name = mogul.component_table(mixture), mogul.component_table(mixture, feature_names=["x1", "x2"])
    assert by_default == by_name == mogul.component_table(mixture, None, ["x1", "x2"])
    assert by_default.split()[:4] == ["component", "weight", "x1", "x2"]
