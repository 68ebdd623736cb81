"""What GaussianMixture can be told that scikit-learn's cannot: row weights, more covariance types, more starts."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pytest
from conftest import COVARIANCE_TYPES, Array, constrained, expected_m_step, message_of, random_mixture, random_rows
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Reference

import mogul
from mogul import GaussianMixture

# Large regularisation, rows that repeat
pytestmark = pytest.mark.filterwarnings("ignore:reg_covar = ", "ignore:the rows have only")

TYPES = list(COVARIANCE_TYPES)
N_PARAMETERS = {
    "full": 17,
    "tied": 11,
    "diag": 14,
    "tied_diag": 10,
    "spherical": 11,
    "tied_spherical": 9,
}  # K = 3, D = 2
X = random_rows(random_mixture("full"), 90)
COUNTS = np.arange(90) % 3
R = np.random.default_rng(1).dirichlet(np.ones(3), size=90)
LABELS = np.arange(90) // 5 % 3


def start(kind: str) -> dict[str, Any]:
    eye = np.eye(2)
    precisions = {
        "full": np.array([eye, 2 * eye, 3 * eye]),
        "tied": eye,
        "diag": np.array([[1.0, 2], [2, 1], [1, 1]]),
        "tied_diag": np.array([1.0, 2.0]),
        "spherical": np.array([1.0, 2.0, 3.0]),
        "tied_spherical": np.array([2.0]),
    }
    means = random_mixture("full").means + 0.5
    return {"weights_init": [0.2, 0.3, 0.5], "means_init": means, "precisions_init": precisions[kind]}


def quiet(model: GaussianMixture, x: Any = X, **more: Any) -> GaussianMixture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(x, **more)


def assert_parameters(model: GaussianMixture, expected: tuple[Array, Array, Array], rtol: float = 1e-9) -> None:
    for name, wanted in zip(("weights_", "means_", "covariances_"), expected, strict=True):
        np.testing.assert_allclose(getattr(model, name), wanted, rtol=0, atol=rtol * np.abs(wanted).max(), err_msg=name)


def parameters_of(model: GaussianMixture) -> tuple[Array, Array, Array]:
    return model.weights_, model.means_, model.covariances_


# --- Row weights


@pytest.mark.parametrize("kind", TYPES)
def test_whole_weights_are_repeated_rows_and_zero_is_none(kind: str) -> None:
    given = {"covariance_type": kind, "max_iter": 5, "tol": 0, **start(kind)}
    weighted = quiet(GaussianMixture(3, **given), sample_weight=COUNTS)
    repeated = quiet(GaussianMixture(3, **given), np.repeat(X, COUNTS, axis=0))
    assert_parameters(weighted, parameters_of(repeated))
    np.testing.assert_allclose(weighted.lower_bounds_, repeated.lower_bounds_, rtol=1e-12)
    rows = X + 0.1
    by_weight = weighted.score(rows, sample_weight=COUNTS)
    assert by_weight == pytest.approx(weighted.score(np.repeat(rows, COUNTS, axis=0)), rel=1e-12)
    assert by_weight == pytest.approx(np.average(weighted.score_samples(rows), weights=COUNTS), rel=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels = GaussianMixture(3, **given).fit_predict(X, sample_weight=COUNTS)
    assert labels.tolist() == weighted.predict(X).tolist()


def test_weights_are_ratios_for_a_fit() -> None:
    given = {"max_iter": 5, "tol": 0, **start("full")}
    once, thrice = (quiet(GaussianMixture(3, **given), sample_weight=c * (COUNTS + 0.5)) for c in (1, 3))
    assert_parameters(once, parameters_of(thrice))


@pytest.mark.parametrize("of", [list, np.float32, np.int8, lambda w: w.astype(object)])
def test_weights_may_be_of_any_type(of: Any) -> None:
    given = {"max_iter": 3, "tol": 0, **start("full")}
    weights = of(COUNTS)
    assert_parameters(
        quiet(GaussianMixture(3, **given), sample_weight=weights),
        parameters_of(quiet(GaussianMixture(3, **given), sample_weight=COUNTS.astype(float))),
    )


@pytest.mark.parametrize("way", ["labels_init", "responsibilities_init"])
def test_weights_count_in_the_start_too(way: str) -> None:
    init = LABELS if way == "labels_init" else R
    r = np.eye(3)[LABELS] if way == "labels_init" else R
    model = quiet(GaussianMixture(3, max_iter=0, reg_covar=0, **{way: init}), sample_weight=COUNTS)
    assert_parameters(model, expected_m_step("full", X, r, COUNTS))


def test_wrong_weights_are_errors() -> None:
    def fit(weights: Any) -> str:
        return message_of(lambda: GaussianMixture(3).fit(X, sample_weight=weights))

    assert "sample_weight.shape == (89,), expected (90,)" in fit(np.ones(89))
    assert "Negative values in data passed to `sample_weight`" in fit(-np.ones(90))
    assert "Input sample_weight contains NaN" in fit(np.full(90, np.nan))
    assert "Sample weights must be 1D array or scalar" in fit(np.ones((90, 1)))
    assert "n_components = 3; must be at most the number of rows of positive weight, 2" in fit([1, 1] + [0] * 88)


def test_weights_of_a_score_have_the_rules_of_those_of_a_fit() -> None:
    model = GaussianMixture(1).fit(X)
    assert model.score(X, sample_weight=2.0) == pytest.approx(model.score(X), rel=1e-12)
    for weights in (np.ones(3), -np.ones(90), np.full(90, np.nan)):
        of_fit = message_of(partial(model.fit, X, sample_weight=weights))
        assert message_of(partial(model.score, X, sample_weight=weights)) == of_fit


# --- Covariance types


@pytest.mark.parametrize("kind", TYPES)
def test_covariances_are_those_of_an_m_step_by_numpy(kind: str) -> None:
    model = quiet(GaussianMixture(3, covariance_type=kind, responsibilities_init=R, max_iter=0, reg_covar=0.25))
    assert_parameters(model, expected_m_step(COVARIANCE_TYPES[kind], X, R, None, 0.25))


@pytest.mark.parametrize("kind", ["tied_diag", "tied_spherical"])
def test_tied_variances_are_the_pooled_ones_at_convergence(kind: str) -> None:
    model = quiet(GaussianMixture(3, covariance_type=kind, random_state=0, tol=1e-12, max_iter=2000, reg_covar=0))
    r = model.predict_proba(X)
    within = np.array([np.cov(X.T, aweights=r[:, k], ddof=0) for k in range(3)])
    expected = constrained(COVARIANCE_TYPES[kind], within, r.mean(axis=0))
    np.testing.assert_allclose(model.covariances_, expected, rtol=1e-4)
    assert model.covariances_.shape == {"tied_diag": (2,), "tied_spherical": (1,)}[kind]


@pytest.mark.parametrize("kind", TYPES)
def test_precisions_are_inverse_and_their_factors_upper(kind: str) -> None:
    model = quiet(GaussianMixture(3, covariance_type=kind, random_state=0))
    if kind in ("full", "tied"):
        identities = np.broadcast_to(np.eye(2), model.covariances_.shape)
        np.testing.assert_allclose(model.covariances_ @ model.precisions_, identities, atol=1e-12)
        assert np.array_equal(model.precisions_cholesky_, np.triu(model.precisions_cholesky_))
        squared = model.precisions_cholesky_ @ np.swapaxes(model.precisions_cholesky_, -1, -2)
    else:
        np.testing.assert_allclose(model.covariances_ * model.precisions_, 1, rtol=1e-14)
        squared = model.precisions_cholesky_**2
    np.testing.assert_allclose(squared, model.precisions_, rtol=1e-12)


@pytest.mark.parametrize("kind", TYPES)
def test_criteria_count_the_parameters_of_the_type(kind: str) -> None:
    model = quiet(GaussianMixture(3, covariance_type=kind, random_state=0))
    total, p = model.score_samples(X).sum(), N_PARAMETERS[kind]
    assert model.bic(X) == pytest.approx(-2 * total + p * np.log(90), rel=1e-12)
    assert model.aic(X) == pytest.approx(-2 * total + 2 * p, rel=1e-12)
    joint = np.log(model.predict_proba(X)).max(axis=1) + model.score_samples(X)
    assert model.icl(X) == pytest.approx(-2 * joint.sum() + p * np.log(90), rel=1e-12)
    assert model.icl(X) >= model.bic(X)


@pytest.mark.parametrize("kind", TYPES)
def test_the_likelihood_never_falls(kind: str) -> None:
    for seed in range(5):
        model = quiet(GaussianMixture(3, covariance_type=kind, random_state=seed, reg_covar=0, tol=0, max_iter=30))
        assert len(model.lower_bounds_) == 30
        assert np.all(np.diff(model.lower_bounds_) >= -1e-13 * abs(model.lower_bound_))


def test_equal_variances_are_a_special_case_of_others() -> None:
    def bound(kind: str) -> float:
        return quiet(GaussianMixture(3, covariance_type=kind, max_iter=500, tol=1e-10, **start(kind))).lower_bound_

    special_of = {
        "tied": "tied_diag",
        "tied_diag": "tied_spherical",
        "diag": "tied_diag",
        "spherical": "tied_spherical",
    }
    for general, special in special_of.items():
        assert bound(general) >= bound(special) - 1e-6


# --- Starts


@pytest.mark.parametrize("kind", TYPES)
def test_labels_and_responsibilities_start_from_their_moments(kind: str) -> None:
    for given, r in (({"labels_init": LABELS.tolist()}, np.eye(3)[LABELS]), ({"responsibilities_init": R.tolist()}, R)):
        model = quiet(GaussianMixture(3, covariance_type=kind, max_iter=0, reg_covar=0, **given))
        assert_parameters(model, expected_m_step(COVARIANCE_TYPES[kind], X, r))


def test_parameters_that_are_given_replace_those_of_the_labels() -> None:
    means = X[:3]
    model = quiet(GaussianMixture(3, max_iter=0, reg_covar=0, labels_init=LABELS, means_init=means))
    weights, _, covariances = expected_m_step("full", X, np.eye(3)[LABELS])
    assert_parameters(model, (weights, means, covariances))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("labels_init", LABELS + 0.5),
        ("labels_init", LABELS[1:]),
        ("labels_init", np.where(LABELS == 1, 7, 3)),
        ("labels_init", np.arange(90)),
        ("labels_init", R),
        ("labels_init", ["a"] * 90),
        ("responsibilities_init", R[1:]),
        ("responsibilities_init", R[:, :2]),
        ("responsibilities_init", R * 2),
        ("responsibilities_init", R * [-1, 1, 1]),
        ("responsibilities_init", R * np.nan),
    ],
)
def test_wrong_starts_are_named(name: str, value: Any) -> None:
    assert name in message_of(lambda: GaussianMixture(3, **{name: value}).fit(X))


def test_a_start_is_given_in_one_way() -> None:
    message = message_of(lambda: GaussianMixture(3, labels_init=LABELS, responsibilities_init=R).fit(X))
    assert message == "labels_init and responsibilities_init are both given; there is one start"


@pytest.mark.parametrize("answer", ["labels", "a list of labels", "responsibilities"])
@pytest.mark.parametrize("n_init", [1, 4])
def test_a_callable_starts_every_restart(answer: str, n_init: int) -> None:
    calls: list[tuple[bytes, int, Any]] = []

    def choose(x: Array, *, n_components: int, random_state: np.random.RandomState) -> Any:
        calls.append((x.tobytes(), n_components, random_state))
        labels = random_state.randint(n_components, size=len(x))
        return {"labels": labels, "a list of labels": labels.tolist(), "responsibilities": np.eye(3)[labels]}[answer]

    parameters = {"n_init": n_init, "max_iter": 4, "tol": 0, "reg_covar": 0.1}
    model = quiet(GaussianMixture(3, init_params=choose, random_state=7, **parameters))
    assert [call[:2] for call in calls] == [(X.tobytes(), 3)] * n_init
    assert all(isinstance(call[2], np.random.RandomState) for call in calls)
    again = quiet(GaussianMixture(3, init_params=choose, random_state=7, **parameters))
    assert again.means_.tobytes() == model.means_.tobytes() and len(calls) == 2 * n_init
    if n_init > 1:
        one = quiet(GaussianMixture(3, init_params=choose, random_state=7, **(parameters | {"n_init": 1})))
        assert model.lower_bound_ >= one.lower_bound_


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (np.full(90, 3), "The parameter 'init_params(X, ...)' should be whole numbers, one per row; labels hold 1 "),
        (np.zeros(89, int), "The parameter 'init_params(X, ...)' should have the shape of (90,), but got (89,)"),
        (np.ones((90, 3)), "The parameter 'init_params(X, ...)' should have rows of at least 0 that sum to one"),
        (np.ones((90, 2)) / 2, "The parameter 'init_params(X, ...)' should have the shape of (90, 3)"),
        (None, "The parameter 'init_params(X, ...)' should have the shape of (90,)"),
    ],
)
def test_a_wrong_answer_of_a_callable_is_told(answer: Any, text: str) -> None:
    model = GaussianMixture(3, init_params=lambda x, n_components, random_state: answer)
    assert text in message_of(partial(model.fit, X))


def test_a_restart_that_fails_leaves_it_to_the_others() -> None:
    x = np.r_[np.zeros(6), 1.0, 2.0, 9.0, 11.0][:, None]
    collapsed = np.r_[np.zeros(6), np.ones(4)].astype(int)
    sound = np.r_[np.zeros(8), np.ones(2)].astype(int)
    answers = {"first fails": [collapsed, sound], "last fails": [sound, collapsed], "all fail": [collapsed, collapsed]}

    def fitted(order: str) -> GaussianMixture:
        left = iter(answers[order])
        start = {"init_params": lambda x, n_components, random_state: next(left), "n_init": 2}
        return quiet(GaussianMixture(2, reg_covar=0, degenerate="error", max_iter=3, **start), x)

    alone = quiet(GaussianMixture(2, reg_covar=0, degenerate="error", max_iter=3, labels_init=sound), x)
    for order in ("first fails", "last fails"):
        assert fitted(order).means_.tobytes() == alone.means_.tobytes()
    assert "ill-defined empirical covariance" in message_of(partial(fitted, "all fail"))


def test_a_callable_is_like_giving_its_answer() -> None:
    by_callable = quiet(GaussianMixture(3, init_params=lambda x, n_components, random_state: LABELS, max_iter=3, tol=0))
    by_labels = quiet(GaussianMixture(3, labels_init=LABELS, max_iter=3, tol=0))
    assert by_callable.means_.tobytes() == by_labels.means_.tobytes()


def test_a_callable_sees_rows_as_an_array_whatever_they_come_in() -> None:
    seen: list[Any] = []

    def choose(x: Any, n_components: int, random_state: Any) -> Array:
        seen.append(x)
        return LABELS

    for rows in (X.tolist(), X.astype(int), pl.DataFrame(X), np.asfortranarray(X)):
        quiet(GaussianMixture(3, init_params=choose, max_iter=1), rows)
        assert isinstance(seen[-1], np.ndarray) and np.array_equal(seen[-1], np.asarray(rows, dtype=float))


# --- Held parameters


@pytest.mark.parametrize("held", ["weights", "means", "covariances"])
@pytest.mark.parametrize("kind", TYPES)
def test_a_held_parameter_stays_and_others_move(held: str, kind: str) -> None:
    given = start(kind)
    for hold in ((held,), [held], {held}, frozenset([held]), {held: True}):
        model = quiet(GaussianMixture(3, covariance_type=kind, hold=hold, max_iter=4, tol=0, **given))
        begun = quiet(GaussianMixture(3, covariance_type=kind, max_iter=0, **given))
        for name in ("weights", "means", "covariances"):
            is_kept = getattr(model, f"{name}_").tobytes() == getattr(begun, f"{name}_").tobytes()
            assert is_kept == (name == held), name
        assert np.all(np.diff(model.lower_bounds_) >= -1e-9)


@pytest.mark.parametrize("components", [[0, 2], (2, 0), np.array([0, 2]), [np.int32(0), np.uint8(2)]])
def test_means_are_held_by_component(components: Any) -> None:
    given = start("full")
    model = quiet(GaussianMixture(3, hold={"means": components}, max_iter=4, tol=0, **given))
    assert (model.means_ == given["means_init"]).all(axis=1).tolist() == [True, False, True]


def test_what_is_held_must_be_a_parameter() -> None:
    message = message_of(lambda: GaussianMixture(3, hold=("mean",)).fit(X))
    assert message == "hold: 'mean'; must be 'weights', 'means' or 'covariances'"
    message = message_of(lambda: GaussianMixture(3, hold="means").fit(X))
    assert message.startswith("The 'hold' parameter of GaussianMixture must be an instance of 'tuple'")


@pytest.mark.parametrize("held", [["weights"], {"means": [1], "covariances": True}])
def test_fixed_is_the_former_name_of_hold(held: Any) -> None:
    options: dict[str, Any] = {"max_iter": 4, "tol": 0} | start("full")
    one, other = (quiet(GaussianMixture(3, **{name: held}, **options)) for name in ("hold", "fixed"))
    assert one.mixture_ == other.mixture_ and one.bic(X) == other.bic(X)


def test_hold_and_its_former_name_are_not_both_given() -> None:
    message = message_of(lambda: GaussianMixture(3, hold=["weights"], fixed=["means"]).fit(X))
    assert message == "hold and fixed, which is its former name, are both given; leave fixed out"


def test_everything_held_is_the_start() -> None:
    model = GaussianMixture(3, hold=("weights", "means", "covariances"), **start("full")).fit(X)
    assert_parameters(model, parameters_of(quiet(GaussianMixture(3, max_iter=0, **start("full")))), rtol=0)
    assert model.converged_


def test_held_means_are_what_covariances_are_about() -> None:
    model = quiet(GaussianMixture(1, hold=("means",), means_init=[[1.0, 2.0]], reg_covar=0, max_iter=1))
    expected = (X - [1.0, 2.0]).T @ (X - [1.0, 2.0]) / len(X)
    np.testing.assert_allclose(model.covariances_[0], expected, rtol=1e-12)


# --- Components that collapse


def test_more_components_than_distinct_rows_are_revived() -> None:
    x = np.repeat([[0.0, 0.0], [5.0, 5.0]], 10, axis=0)
    model = quiet(GaussianMixture(4, random_state=0), x)
    assert np.isfinite(model.lower_bound_) and model.weights_.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(model.weights_ @ model.means_, x.mean(axis=0), atol=1e-6)
    assert np.all(np.linalg.eigvalsh(model.covariances_) > 0)
    assert len(set(model.predict(x).tolist())) == 2


def test_a_collapsed_component_is_an_error_with_the_sentence_of_scikit_learn_if_wanted() -> None:
    x = np.repeat([[0.0, 0.0], [5.0, 5.0]], 10, axis=0)
    sentence = message_of(lambda: Reference(2, reg_covar=0, random_state=0).fit(x))
    assert sentence in message_of(lambda: GaussianMixture(2, reg_covar=0, random_state=0, degenerate="error").fit(x))


def test_a_component_far_from_all_rows_is_moved_to_some() -> None:
    given = {"weights_init": [0.5, 0.5], "means_init": [[0.0, 0.0], [1e5, 1e5]], "precisions_init": [np.eye(2)] * 2}
    model = quiet(GaussianMixture(2, degenerate="revive", **given))
    assert np.all(np.abs(model.means_) < 20) and model.weights_.min() > 0.01
    with pytest.raises(ValueError, match="component 1 is empty") as caught:
        GaussianMixture(2, degenerate="error", **given).fit(X)
    assert isinstance(caught.value.__cause__, mogul.FitError)
