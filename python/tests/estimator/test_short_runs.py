"""The start 'kmeans' is the best of a few short runs, so that one fit does as well as chance allows."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl
import pytest
from conftest import Array, random_mixture, random_rows
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Reference
from sklearn.preprocessing import scale

import mogul
from mogul import GaussianMixture, Rows

pytestmark = pytest.mark.filterwarnings("ignore:reg_covar = ")  # components of equal rows

SHORT_RUN_ROWS = 16_384
MANY = random_rows(random_mixture("full", k=4), 2 * SHORT_RUN_ROWS)


def fitted(cls: type = GaussianMixture, x: Any = MANY, weights: Array | None = None, **parameters: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = cls(**parameters)
        return model.fit(x) if weights is None else model.fit(x, sample_weight=weights)


# Of the numbers of components here, one clustering often ends in a worse optimum.
@pytest.mark.parametrize(
    ("x", "k", "covariance_type"),
    [
        (load_wine().data, 5, "full"),
        (scale(load_wine().data), 2, "full"),
        (scale(load_wine().data), 3, "full"),
        (scale(load_wine().data), 5, "diag"),
        (load_iris().data, 8, "diag"),
    ],
    ids=["wine 5", "standardised wine 2", "standardised wine 3", "standardised wine 5", "iris 8"],
)
def test_outcomes_are_nowhere_worse_than_those_of_scikit_learn(x: Array, k: int, covariance_type: str) -> None:
    ours, theirs = (
        [
            fitted(cls, x, n_components=k, covariance_type=covariance_type, random_state=seed).score(x)
            for seed in range(20)
        ]
        for cls in (GaussianMixture, Reference)
    )
    assert np.median(ours) > np.median(theirs) - 1e-3
    assert np.median(np.subtract(ours, theirs)) > -1e-3


def test_the_first_of_more_restarts_begins_like_a_single_one() -> None:
    x = load_wine().data

    def iterations(n_init: int) -> tuple[float, list[Any]]:
        seen: list[Any] = []
        model = fitted(
            x=x,
            n_components=3,
            random_state=0,
            n_init=n_init,
            max_iter=2,
            callback=lambda it: seen.append((it.restart, it.n_init, it.model)),
        )
        return model.lower_bound_, seen

    (bound_of_one, seen_of_one), (bound_of_four, seen_of_four) = iterations(1), iterations(4)
    assert seen_of_four[0][2] == seen_of_one[0][2] and bound_of_four >= bound_of_one
    assert sorted({(restart, n_init) for restart, n_init, _ in seen_of_four}) == [(i, 4) for i in range(4)]


@pytest.mark.parametrize(
    "of", [np.asarray, np.asfortranarray, np.float32, pl.DataFrame, lambda x: np.rint(100 * x).astype(int)]
)
def test_many_rows_are_sampled_wherever_they_lie(of: Any) -> None:
    model = fitted(x=of(MANY), n_components=4, random_state=0)
    plain = fitted(
        x=of(MANY), n_components=4, random_state=0, labels_init=mogul.labels(random_mixture("full", k=4), MANY)
    )
    assert model.lower_bound_ == pytest.approx(plain.lower_bound_, abs=1e-2)
    again = fitted(x=of(MANY), n_components=4, random_state=0)
    assert again.means_.tobytes() == model.means_.tobytes()


def test_of_many_rows_a_sample_decides() -> None:
    for how in ({"init": "kmeans"}, {"search": "default"}, {"search": "quick"}):
        assert mogul.fit(MANY, 4, **how).report.n_seed_rows == SHORT_RUN_ROWS
        assert mogul.fit(MANY[:5000], 4, **how).report.n_seed_rows == 5000


# From 16,385 rows on, a start on rows drawn at random misses one or ten of them.
@pytest.mark.parametrize("n_far", [1, 10])
@pytest.mark.parametrize("covariance_type", ["full", "diag"])
def test_rows_far_out_are_not_missed(n_far: int, covariance_type: str) -> None:
    rng = np.random.default_rng(n_far)
    near = np.repeat([[0.0, 0.0], [7.0, 7.0]], 15_000, axis=0) + rng.normal(size=(30_000, 2))
    far = np.array([-600.0, 800.0]) + rng.normal(size=(n_far, 2))
    x = rng.permutation(np.vstack([near, far]))
    labels = np.where(x[:, 0] < -100, 2, x[:, 0] > 3.5)
    parameters: Any = {"n_components": 3, "covariance_type": covariance_type}
    best = fitted(x=x, labels_init=labels, **parameters).score(x)
    for seed in range(3):
        assert fitted(x=x, random_state=seed, **parameters).score(x) > best - 1e-3


def test_a_sample_has_bounds() -> None:
    wide = np.tile(MANY[:5000], 300)
    assert mogul.fit(wide, 2, covariance="diagonal", max_iter=1).report.n_seed_rows == 3495
    assert mogul.fit(MANY, 300, covariance="spherical", max_iter=1).report.n_seed_rows == 64 * 300


def test_kmeans_is_the_same_for_the_estimator_and_the_library() -> None:
    x = load_wine().data
    model = fitted(x=x, n_components=3, reg_covar=1e-6, tol=1e-3, random_state=0)
    seed = int(np.random.RandomState(0).randint(np.iinfo(np.int32).max))
    found = mogul.fit(x, 3, init="kmeans", reg_covar=1e-6, tol=1e-3, acceleration="none", max_iter=99, seed=seed)
    assert (found.report.history / len(x)).tolist() == model.lower_bounds_


def test_what_is_held_stays_in_short_runs_too() -> None:
    x = load_wine().data
    shares = len(x) * fitted(x=x, n_components=3, hold=["weights"], random_state=0).weights_
    np.testing.assert_allclose(shares, shares.round(), rtol=1e-12)


def test_an_error_is_told_of_the_row_that_it_is_in() -> None:
    x = MANY.copy()
    x[12345, 1] = 1e120
    for seed in range(3):
        with pytest.raises(ValueError, match="row 12346"):
            GaussianMixture(2, random_state=seed).fit(x)
    weights = np.full(len(x), 1e-310)
    weights[3] = 1
    assert fitted(weights=weights, n_components=1, random_state=0).converged_


def test_rows_without_weight_are_not_sampled() -> None:
    far = np.full_like(MANY, 1e6)
    weights = np.r_[np.zeros(len(far)), np.ones(len(MANY))]
    whole = fitted(x=np.vstack([far, MANY]), weights=weights, n_components=4, random_state=0)
    alone = fitted(n_components=4, random_state=0)
    assert whole.lower_bound_ == pytest.approx(alone.lower_bound_, abs=1e-2)
    few = np.zeros(len(MANY))
    few[:4] = 1
    np.testing.assert_array_equal(
        np.sort(fitted(weights=few, n_components=4, random_state=0).means_, axis=0), np.sort(MANY[:4], axis=0)
    )


def test_where_all_short_runs_collapse_the_fit_says_so() -> None:
    x = np.repeat([[0.0], [1.0]], SHORT_RUN_ROWS, axis=0)
    with pytest.raises(ValueError, match="ill-defined empirical covariance"):
        GaussianMixture(2, reg_covar=0, degenerate="error", random_state=0).fit(x)


def test_no_step_is_taken_where_none_is_asked_for() -> None:
    x = load_iris().data
    start = fitted(x=x, n_components=3, max_iter=0, random_state=0)
    labels = start.predict(x)
    assert sorted(np.bincount(labels)) != [50, 50, 50]
    assert {float(value) for value in start.weights_ * 150} == {float(round(value)) for value in start.weights_ * 150}


@pytest.mark.parametrize(
    "of", [np.asarray, np.asfortranarray, np.float32, pl.DataFrame, lambda x: x.astype(int), lambda x: x.tolist()]
)
def test_rows_are_taken_by_their_indices(of: Any) -> None:
    x = np.round(10 * MANY[:50])
    taken = Rows(of(x)).take([3, 0, 49, 3])
    np.testing.assert_array_equal(taken, x[[3, 0, 49, 3]])
    assert taken.dtype == (np.float32 if of is np.float32 else np.float64) and taken.flags.owndata is False
    taken[:] = 0
    assert Rows(of(x)).take(np.arange(0)).shape == (0, 2)


@pytest.mark.parametrize(
    ("indices", "text"),
    [
        ([50], "indices: 50 at 0; must be 0 to 49"),
        ([0, -1], "indices: -1 at 1; must be 0 to 49"),
        ([0.5], "indices: 0.5 at 0; must be a whole number"),
    ],
)
def test_rows_that_are_not_there_cannot_be_taken(indices: list[Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Rows(MANY[:50]).take(indices)
