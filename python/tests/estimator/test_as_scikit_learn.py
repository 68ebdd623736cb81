"""GaussianMixture gives scikit-learn's numbers, on random problems, from the same start."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from conftest import Array
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Reference

from mogul import GaussianMixture

pytestmark = pytest.mark.filterwarnings("ignore:reg_covar = ")  # rows of a small unit

TYPES = ("full", "tied", "diag", "spherical")
ATTRIBUTES = (
    "weights_",
    "means_",
    "covariances_",
    "precisions_",
    "precisions_cholesky_",
    "lower_bound_",
    "lower_bounds_",
)
RTOL = 1e-8
LARGEST_CONDITION = 1e4  # of covariances; rounding grows with it, and over the iterations

quick = settings(
    max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
slow = settings(quick, max_examples=50)


@dataclass
class Case:
    x: Array
    parameters: dict[str, Any]

    def pair(self, **more: Any) -> tuple[Reference, GaussianMixture]:
        """Both, fitted."""
        both = Reference(**self.parameters, **more), GaussianMixture(**self.parameters, **more)
        for model in both:
            quietly(model.fit, self.x)
        return both


def quietly(call: Any, *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)  # of NumPy, which finds float32 covariances not quite symmetric
        return call(*args)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Clouds that overlap, and a start beside their parameters; enough rows that no component runs dry."""
    kind, k, d = draw(st.sampled_from(TYPES)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    n = draw(st.integers(max(20, 8 * k * d), 200))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    means = 3 * rng.normal(size=(k, d)) + draw(st.sampled_from([0.0, 10.0]))
    scales = np.exp(0.3 * rng.normal(size=(k, d)))
    z = rng.integers(k, size=n)
    x = means[z] + scales[z] * rng.normal(size=(n, d)) @ (np.eye(d) + 0.2 * rng.normal(size=(d, d)))
    factor = np.eye(d) + 0.2 * rng.normal(size=(d, d))
    matrix = factor @ factor.T
    precisions = {
        "full": np.tile(matrix, (k, 1, 1)),
        "tied": matrix,
        "diag": np.exp(0.3 * rng.normal(size=(k, d))),
        "spherical": np.exp(0.3 * rng.normal(size=k)),
    }
    parameters = {
        "n_components": k,
        "covariance_type": kind,
        "weights_init": rng.dirichlet(np.full(k, 20.0)),
        "means_init": means + 0.5 * rng.normal(size=(k, d)),
        "precisions_init": precisions[kind],
        "max_iter": draw(st.integers(1, 30)),
        "reg_covar": draw(st.sampled_from([0.0, 1e-6])),
        "random_state": draw(st.integers(0, 1000)),
    }
    return Case(x, parameters)


def is_well_conditioned(model: Reference) -> bool:
    covariances = model.covariances_
    if model.covariance_type in ("diag", "spherical"):
        condition = covariances.max() / covariances.min()
    else:
        condition = np.max(np.linalg.cond(covariances))
    return bool(condition < LARGEST_CONDITION and model.weights_.min() > 0.02)


def assert_close(found: Any, expected: Any, name: str) -> None:
    expected = np.asarray(expected)
    assert np.shape(found) == expected.shape, name
    np.testing.assert_allclose(found, expected, rtol=0, atol=RTOL * np.abs(expected).max(initial=0), err_msg=name)


def assert_same_model(model: GaussianMixture, reference: Reference) -> None:
    for name in ATTRIBUTES:
        assert_close(getattr(model, name), getattr(reference, name), name)


@quick
@given(cases())
def test_so_many_iterations_end_in_the_same_parameters(case: Case) -> None:
    reference, model = case.pair(tol=0.0)
    assume(is_well_conditioned(reference))
    assert_same_model(model, reference)
    assert model.n_iter_ == reference.n_iter_ == case.parameters["max_iter"]
    assert model.converged_ is reference.converged_ is False


@quick
@given(cases(), st.sampled_from([1e-1, 1e-2, 1e-3, 1e-5]))
def test_convergence_is_seen_at_the_same_iteration(case: Case, tol: float) -> None:
    reference, model = case.pair(tol=tol)
    assume(is_well_conditioned(reference))
    assert (model.n_iter_, model.converged_) == (reference.n_iter_, reference.converged_)
    assert_same_model(model, reference)


@quick
@given(cases())
def test_everything_that_is_said_of_rows_agrees(case: Case) -> None:
    reference, model = case.pair()
    assume(is_well_conditioned(reference))
    rows = np.vstack([case.x, case.x.mean(axis=0) + 20])
    for name in ("predict_proba", "score_samples", "score", "aic", "bic"):
        assert_close(getattr(model, name)(rows), getattr(reference, name)(rows), name)
    proba = np.sort(reference.predict_proba(rows))
    clear = np.ones(len(rows), bool) if model.n_components == 1 else proba[:, -1] - proba[:, -2] > 1e-6
    assert np.array_equal(model.predict(rows)[clear], reference.predict(rows)[clear])
    labels = quietly(GaussianMixture(**case.parameters).fit_predict, case.x)
    assert np.array_equal(labels, model.predict(case.x))


@quick
@given(cases(), st.integers(1, 100))
def test_the_same_parameters_and_seed_draw_the_same_rows(case: Case, n: int) -> None:
    reference = quietly(Reference(**case.parameters).fit, case.x)
    model = GaussianMixture.from_sklearn(reference)
    for _ in range(2):
        (x, z), (expected_x, expected_z) = model.sample(n), reference.sample(n)
        assert x.tobytes() == expected_x.tobytes() and z.tobytes() == expected_z.tobytes()
        model.random_state, reference.random_state = np.random.RandomState(3), np.random.RandomState(3)


@slow
@given(cases(), st.lists(st.integers(1, 4), min_size=2, max_size=4), st.sampled_from([0.0, 1e-2, 1e-3]))
def test_warm_starts_go_on_alike(case: Case, steps: list[int], tol: float) -> None:
    parameters = case.parameters | {"tol": tol, "warm_start": True}
    reference, model = Reference(**parameters), GaussianMixture(**parameters)
    for max_iter in steps:
        for fitted in (reference, model):
            quietly(fitted.set_params(max_iter=max_iter).fit, case.x)
        assume(is_well_conditioned(reference))
        assert (model.n_iter_, model.converged_) == (reference.n_iter_, reference.converged_)
        assert_same_model(model, reference)


@slow
@given(cases())
def test_float32_in_is_float32_out(case: Case) -> None:
    wide = quietly(Reference(**case.parameters, tol=0.0).fit, case.x)
    assume(is_well_conditioned(wide))
    parameters = {k: np.float32(v) if k.endswith("_init") else v for k, v in case.parameters.items()}
    narrow = Case(case.x.astype(np.float32), parameters)
    reference, model = narrow.pair(tol=0.0)
    # Both are as near to what double precision gives as rounding the rows lets them be, and no nearer.
    for name in ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_"):
        found, expected = getattr(model, name), getattr(wide, name)
        assert found.dtype == getattr(reference, name).dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-2 * np.abs(expected).max(), err_msg=name)
    for name in ("predict_proba", "score_samples"):
        assert getattr(model, name)(narrow.x).dtype == getattr(reference, name)(narrow.x).dtype == np.float32
    assert model.predict(narrow.x).dtype == reference.predict(narrow.x).dtype
    assert quietly(model.sample, 3)[0].dtype == quietly(reference.sample, 3)[0].dtype
    assert type(model.score(narrow.x)) is type(reference.score(narrow.x))


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("missing", ["weights_init", "means_init", "precisions_init"])
def test_what_is_not_given_is_made_of_the_start(kind: str, missing: str) -> None:
    rng = np.random.default_rng(0)
    x = np.vstack([rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 20])
    ones = {"full": np.tile(np.eye(2), (2, 1, 1)), "tied": np.eye(2), "diag": np.ones((2, 2)), "spherical": np.ones(2)}
    parameters = {"weights_init": [0.5, 0.5], "means_init": [[0.0, 0.0], [20.0, 20.0]], "precisions_init": ones[kind]}
    del parameters[missing]
    case = Case(
        x, {"n_components": 2, "covariance_type": kind, "random_state": 0, "max_iter": 3, "tol": 0} | parameters
    )
    reference, model = case.pair()  # k-means finds the two clouds in either
    order = np.argsort(model.means_[:, 0])
    expected = np.argsort(reference.means_[:, 0])
    assert_close(model.means_[order], reference.means_[expected], "means_")
    assert_close(model.weights_[order], reference.weights_[expected], "weights_")


@pytest.mark.parametrize("parameters", [{}, {"weights_init": [0.4, 0.6]}])
def test_no_iterations_leave_the_start(parameters: dict[str, Any], clouds: Array) -> None:
    reference, model = Case(clouds, {"n_components": 2, "max_iter": 0, "random_state": 0} | parameters).pair()
    order, expected = np.argsort(model.means_[:, 0]), np.argsort(reference.means_[:, 0])
    for name in ("means_", "covariances_", "precisions_", "precisions_cholesky_"):
        assert_close(getattr(model, name)[order], getattr(reference, name)[expected], name)
    given_weights = parameters.get("weights_init")
    assert_close(
        model.weights_ if given_weights else model.weights_[order], given_weights or reference.weights_, "weights_"
    )
    for fitted in (reference, model):
        assert (fitted.n_iter_, fitted.converged_, fitted.lower_bounds_) == (0, False, [])
        assert fitted.lower_bound_ == -np.inf
    assert np.array_equal(order[model.predict(clouds)], expected[reference.predict(clouds)])


def test_no_iterations_from_given_parameters_leave_them_as_they_are(clouds: Array) -> None:
    # scikit-learn ends with an AttributeError: it never computes covariances_.
    precisions = np.array([np.eye(2), 4 * np.eye(2)])
    model = GaussianMixture(
        2, max_iter=0, weights_init=[0.25, 0.75], means_init=[[0.0, 1.0], [2.0, 3.0]], precisions_init=precisions
    ).fit(clouds)
    assert (model.weights_.tolist(), model.means_.tolist()) == ([0.25, 0.75], [[0.0, 1.0], [2.0, 3.0]])
    assert model.covariances_.tolist() == [np.eye(2).tolist(), (np.eye(2) / 4).tolist()]
    assert model.precisions_.tolist() == precisions.tolist()


def test_a_warm_start_without_iterations_makes_none(clouds: Array) -> None:
    for cls in (Reference, GaussianMixture):
        model = cls(2, warm_start=True, random_state=0).fit(clouds)
        before = model.means_.tobytes()
        quietly(model.set_params(max_iter=0).fit, clouds)
        assert (model.n_iter_, model.lower_bounds_, model.means_.tobytes()) == (0, [], before)


@pytest.mark.parametrize("init_params", ["kmeans", "k-means++", "random", "random_from_data"])
def test_a_seed_means_the_same_fit_again(init_params: str, clouds: Array) -> None:
    def fit(random_state: Any) -> bytes:
        model = GaussianMixture(3, init_params=init_params, random_state=random_state, max_iter=3, n_init=2)
        return quietly(model.fit, clouds).means_.tobytes()

    assert fit(0) == fit(0) and fit(np.random.RandomState(1)) == fit(np.random.RandomState(1))
    assert len({fit(seed) for seed in range(5)}) > 1


def test_more_restarts_are_never_worse(clouds: Array) -> None:
    for seed in range(10):
        one, ten = (
            GaussianMixture(4, random_state=seed, init_params="random_from_data", n_init=n, tol=1e-4) for n in (1, 10)
        )
        assert quietly(ten.fit, clouds).lower_bound_ >= quietly(one.fit, clouds).lower_bound_
