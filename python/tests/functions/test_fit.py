"""mogul.fit: what EM must give, from every start and with every option."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import (
    STRUCTURES,
    Array,
    Problem,
    assert_is,
    expected_log_densities,
    expected_m_step,
    expected_responsibilities,
    message_of,
    random_mixture,
)

import mogul
from mogul import Mixture, Rows

pytestmark = pytest.mark.filterwarnings("ignore:reg_covar = ")  # large on purpose, to be seen

METHODS = ("kmeans", "kmeans++", "random_from_data", "random")


def everything(result: mogul.FitResult) -> tuple[object, ...]:
    m, r = result.mixture, result.report
    return (m.weights.tobytes(), m.means.tobytes(), m.covariances.tobytes(), r.history.tobytes(), r.iterations)


def steps_of_numpy(mixture: Mixture, x: Array, w: Array | None, n_iter: int, reg_covar: float) -> tuple[Array, ...]:
    for _ in range(n_iter):
        parameters = expected_m_step(mixture.structure, x, expected_responsibilities(mixture, x), w, reg_covar)
        mixture = Mixture(mixture.structure, *parameters)
    return mixture.weights, mixture.means, mixture.covariances


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("weighted", [False, True])
def test_one_component_is_the_mean_and_covariance_of_the_rows(structure: str, weighted: bool) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(40, 3)) @ rng.normal(size=(3, 3)) + 5, rng.uniform(0.5, 2, size=40)
    fitted = mogul.fit(x, covariance=structure, weights=w if weighted else None, reg_covar=0)
    expected = expected_m_step(structure, x, np.ones((40, 1)), w if weighted else None)
    assert_is(fitted.mixture, expected)
    if structure == "full":
        np.testing.assert_allclose(expected[2][0], np.cov(x.T, ddof=0, aweights=w if weighted else None), rtol=1e-10)


@pytest.mark.parametrize("n_iter", [1, 5])
@pytest.mark.parametrize("reg_covar", [0.0, 0.01])
def test_iterations_are_those_of_numpy(problem: Problem, n_iter: int, reg_covar: float) -> None:
    m, x, w = problem.mixture, problem.x, problem.row_weights
    for weights in (None, w):
        fitted = mogul.fit(
            x,
            3,
            weights=weights,
            covariance=m.structure,
            init=m,
            max_iter=n_iter,
            tol=0,
            acceleration="none",
            reg_covar=reg_covar,
        )
        assert_is(fitted.mixture, steps_of_numpy(m, x, weights, n_iter, reg_covar), rtol=1e-8)
        assert fitted.report.iterations == n_iter


def test_without_iterations_the_start_is_evaluated(problem: Problem) -> None:
    fitted = mogul.fit(problem.x, 3, covariance=problem.structure, init=problem.mixture, max_iter=0)
    assert fitted.mixture == problem.mixture
    densities = expected_log_densities(problem.mixture, problem.x)
    assert fitted.report.log_likelihood == pytest.approx(densities.sum(), rel=1e-12)
    assert (fitted.report.iterations, fitted.report.history.tolist()) == (0, [fitted.report.log_likelihood])


def test_statistics_of_the_end_are_those_of_another_m_step(problem: Problem) -> None:
    options = {"covariance": problem.structure, "init": problem.mixture, "tol": 0, "reg_covar": 0}
    one, two = (mogul.fit(problem.x, 3, max_iter=n, **options) for n in (1, 2))
    beyond = mogul.maximise(one.stats, one.mixture)
    assert_is(beyond, (two.mixture.weights, two.mixture.means, two.mixture.covariances), rtol=1e-12)
    assert one.stats.log_likelihood == one.report.log_likelihood


@pytest.mark.parametrize("structure", STRUCTURES)
def test_labels_start_from_the_moments_of_their_groups(structure: str) -> None:
    x = np.random.default_rng(1).normal(size=(30, 2))
    labels = np.arange(30) % 3
    expected = expected_m_step(structure, x, np.eye(3)[labels])
    for given in (labels, labels.tolist(), labels.astype(np.uint8), np.eye(3)[labels], np.eye(3)[labels].tolist()):
        begun = mogul.fit(x, 3, covariance=structure, init=given, max_iter=0, reg_covar=0)
        assert_is(begun.mixture, expected)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_responsibilities_start_from_weighted_moments(structure: str) -> None:
    rng = np.random.default_rng(1)
    x, r, w = rng.normal(size=(30, 2)), rng.dirichlet(np.ones(3), size=30), rng.uniform(0.5, 2, size=30)
    begun = mogul.fit(x, 3, weights=w, covariance=structure, init=np.asfortranarray(r), max_iter=0, reg_covar=0.125)
    assert_is(begun.mixture, expected_m_step(structure, x, r, w, 0.125))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_two_clouds_that_are_far_apart(method: str, clouds: Array) -> None:
    fitted = mogul.fit(clouds, 2, init=method, n_init=5, tol=1e-12, reg_covar=0)
    in_order = fitted.mixture.permuted(np.argsort(fitted.mixture.means[:, 0]))
    assert_is(in_order, expected_m_step("full", clouds, np.eye(2)[np.repeat([0, 1], 100)]), rtol=1e-3)
    assert mogul.labels(in_order, clouds).tolist() == [0] * 100 + [1] * 100


def test_the_start_from_k_means_is_that_of_its_clusters(clouds: Array) -> None:
    begun = mogul.fit(clouds, 2, init="kmeans", max_iter=0, reg_covar=0).mixture
    in_order = begun.permuted(np.argsort(begun.means[:, 0]))
    assert_is(in_order, expected_m_step("full", clouds, np.eye(2)[np.repeat([0, 1], 100)]))


def test_the_start_from_rows_has_rows_as_means_and_the_covariance_of_all(clouds: Array) -> None:
    begun = mogul.fit(clouds, 4, init="random_from_data", max_iter=0, reg_covar=0).mixture
    rows = set(map(tuple, clouds.tolist()))
    assert len({tuple(mean) for mean in begun.means.tolist()} & rows) == 4
    assert begun.weights.tolist() == [0.25] * 4
    for k in range(4):
        np.testing.assert_allclose(begun.covariance(k), np.cov(clouds.T, ddof=0), rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_means_the_same_start_and_another_another(method: str) -> None:
    x = np.random.default_rng(2).normal(size=(200, 2))
    starts = [mogul.fit(x, 3, init=method, seed=seed, max_iter=0) for seed in (0, 0, 1, 2**63)]
    assert everything(starts[0]) == everything(starts[1])
    assert len({everything(start) for start in starts}) == 3


def test_more_restarts_are_never_worse_and_begin_with_the_same() -> None:
    x = np.random.default_rng(2).normal(size=(200, 2))
    reports = [mogul.fit(x, 4, init="random_from_data", n_init=n, max_iter=30).report for n in (1, 3, 8)]
    assert reports[0].log_likelihood <= reports[1].log_likelihood <= reports[2].log_likelihood
    for report in reports:
        assert report.restarts[0].log_likelihood == reports[0].log_likelihood
        assert report.log_likelihood == max(r.log_likelihood for r in report.restarts)
        assert report.restarts[report.best_restart].log_likelihood == report.log_likelihood


def test_the_likelihood_never_falls(problem: Problem) -> None:
    history = mogul.fit(
        problem.x, 3, covariance=problem.structure, init=problem.mixture, tol=0, max_iter=40, reg_covar=0
    ).report.history
    assert len(history) == 41
    assert np.all(np.diff(history) >= -1e-12 * abs(history[0]))


def test_em_stops_when_the_mean_log_likelihood_changes_by_less_than_tol(problem: Problem) -> None:
    tol = 1e-3
    fitted = mogul.fit(problem.x, 3, covariance=problem.structure, init=problem.mixture, tol=tol, acceleration="none")
    changes = np.abs(np.diff(fitted.report.history)) / len(problem.x)
    assert changes[-1] < tol and np.all(changes[:-1] >= tol)
    assert fitted.report.termination.converged and fitted.report.termination.reason == "converged"


def test_em_stops_after_max_iter(problem: Problem) -> None:
    fitted = mogul.fit(problem.x, 3, covariance=problem.structure, init=problem.mixture, tol=0, max_iter=3)
    assert fitted.report.iterations == 3 and len(fitted.report.history) == 4
    assert not fitted.report.termination.converged and fitted.report.termination.reason == "max_iter"


def test_weights_count_rows(problem: Problem) -> None:
    counts = np.arange(len(problem.x)) % 3
    options = {"covariance": problem.structure, "init": problem.mixture, "tol": 0, "max_iter": 4}
    weighted = mogul.fit(problem.x, 3, weights=counts.tolist(), **options)
    repeated = mogul.fit(np.repeat(problem.x, counts, axis=0), 3, **options)
    m = repeated.mixture
    assert_is(weighted.mixture, (m.weights, m.means, m.covariances))
    assert weighted.report.bic == pytest.approx(repeated.report.bic, rel=1e-12)
    for rows in (Rows(problem.x, counts), np.asfortranarray(problem.x)):
        given = None if isinstance(rows, Rows) else counts.astype(np.float32)
        assert everything(mogul.fit(rows, 3, weights=given, **options)) == everything(weighted)


def test_rows_of_weight_zero_may_hold_anything_finite() -> None:
    x = np.array([[0.0], [1.0], [2.0], [1e99]])
    fitted = mogul.fit(x, weights=[1, 1, 1, 0], reg_covar=0)
    assert fitted.mixture.means[0, 0] == 1 and fitted.mixture.covariance(0)[0, 0] == pytest.approx(2 / 3, rel=1e-15)


@pytest.mark.parametrize("held", ["weights", "means", "covariances"])
def test_what_is_held_keeps_its_bytes(problem: Problem, held: str) -> None:
    names = ["weights", "means", "covariances"]
    m = problem.mixture
    fitted = mogul.fit(problem.x, 3, covariance=m.structure, init=m, hold=[held], max_iter=5, tol=0).mixture
    changed = {name: getattr(fitted, name).tobytes() != getattr(m, name).tobytes() for name in names}
    assert changed == {name: name != held for name in names}


def test_a_mixture_of_another_structure_is_a_start_too() -> None:
    start = random_mixture("full")
    x = np.random.default_rng(4).normal(size=(50, 2))
    fitted = mogul.fit(x, 3, covariance="diagonal", init=start, max_iter=1, tol=0, reg_covar=0)
    assert_is(fitted.mixture, expected_m_step("diagonal", x, expected_responsibilities(start, x)))


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("method", (*METHODS, "hierarchical"))
def test_any_number_of_threads_gives_the_same_bytes(structure: str, method: str) -> None:
    x = np.random.default_rng(6).normal(size=(3000, 3))
    n_init = 1 if method == "hierarchical" else 2
    fits = [
        mogul.fit(x, 3, covariance=structure, init=method, n_init=n_init, max_iter=3, tol=0, n_threads=n)
        for n in (0, 1, 2, 7)
    ]
    assert len({everything(fitted) for fitted in fits}) == 1


@pytest.mark.parametrize(
    "of",
    [
        np.ndarray.tolist,
        np.asfortranarray,
        lambda x: np.repeat(x, 3, 0)[::3],
        lambda x: x.astype(object),
        pd.DataFrame,
        Rows,
    ],
    ids=["list", "fortran", "strided", "object", "pandas", "Rows"],
)
def test_however_rows_come_the_fit_is_the_same_bytes(of) -> None:
    x = np.random.default_rng(6).normal(size=(300, 3))
    assert everything(mogul.fit(of(x), 2, n_init=2)) == everything(mogul.fit(x, 2, n_init=2))


def test_rows_of_float32_give_nearly_the_same() -> None:
    x = np.random.default_rng(6).normal(size=(5000, 3)).astype(np.float32)
    narrow, wide = (mogul.fit(rows, 2, tol=0, max_iter=5) for rows in (x, x.astype(np.float64)))
    m = wide.mixture
    assert_is(narrow.mixture, (m.weights, m.means, m.covariances), rtol=1e-5)
    assert narrow.report.mean_log_likelihood == pytest.approx(wide.report.mean_log_likelihood, rel=1e-6)


def test_an_empty_component_is_revived_or_an_error() -> None:
    x = np.random.default_rng(6).normal(size=(50, 2))
    start = Mixture("spherical", [0.5, 0.5], [[0.0, 0.0], [1e6, 1e6]], [1.0, 1.0])
    fitted = mogul.fit(x, 2, covariance="spherical", init=start)
    assert fitted.report.n_revived >= 1 and np.all(np.abs(fitted.mixture.means) < 10)
    message = message_of(
        lambda: mogul.fit(x, 2, covariance="spherical", init=start, degenerate="error"), mogul.FitError
    )
    assert "component 1 is empty" in message


def test_inputs_are_not_changed(clouds: Array) -> None:
    weights, labels = np.ones(200), np.repeat([0, 1], 100)
    before = [values.tobytes() for values in (clouds, weights, labels)]
    fitted = mogul.fit(clouds, 2, weights=weights, init=labels)
    assert [values.tobytes() for values in (clouds, weights, labels)] == before
    kept = everything(fitted)
    clouds[:], weights[:] = 0, 0
    assert everything(fitted) == kept


def test_a_fit_moves_along_with_its_rows() -> None:
    rng = np.random.default_rng(8)
    x, a, b = rng.normal(size=(100, 2)), rng.normal(size=(2, 2)), np.array([3.0, -5.0])
    start = random_mixture("full")
    moved = Mixture("full", start.weights, start.means @ a.T + b, a @ start.covariances @ a.T)
    here, there = (
        mogul.fit(rows, 3, init=m, tol=0, max_iter=5, reg_covar=0).mixture
        for rows, m in ((x, start), (x @ a.T + b, moved))
    )
    assert_is(there, (here.weights, here.means @ a.T + b, a @ here.covariances @ a.T), rtol=1e-8)


def test_the_result_says_how_it_went(clouds: Array) -> None:
    fitted = mogul.fit(clouds, 2)
    assert repr(fitted) == mogul.brief(fitted.report, fitted.mixture)
    assert fitted.mixture == fitted.mixture and fitted.report.n_parameters == fitted.mixture.n_parameters
