"""A GaussianMixture beyond scikit-learn's: made of known parameters, kept in files, told about while it is fitted."""

from __future__ import annotations

import json
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import (
    COVARIANCE_TYPES,
    PROGRAM,
    dense,
    expected_log_densities,
    expected_responsibilities,
    message_of,
    random_mixture,
    random_rows,
)
from scipy.spatial.distance import mahalanobis
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import BayesianGaussianMixture
from sklearn.mixture import GaussianMixture as Reference

import mogul
from mogul import GaussianMixture

TYPES = list(COVARIANCE_TYPES)
OF_SKLEARN = ["full", "tied", "diag", "spherical"]
ATTRIBUTES = ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_")


def mixture_of(kind: str, k: int = 3, d: int = 2) -> mogul.Mixture:
    return random_mixture(COVARIANCE_TYPES[kind], k, d)


def model_of(mixture: mogul.Mixture, kind: str, **params: Any) -> GaussianMixture:
    parameters = (mixture.weights, mixture.means, mixture.covariances)
    return GaussianMixture.from_parameters(*parameters, covariance_type=kind, **params)


def quiet(call: Any, *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return call(*args)


# --- Of known parameters


def test_parameters_of_a_fit_in_single_precision_are_taken() -> None:
    x = random_rows(mixture_of("full"), 500).astype(np.float32)
    fitted = quiet(GaussianMixture(3, random_state=0).fit, x)
    assert fitted.weights_.dtype == np.float32
    again = GaussianMixture.from_parameters(fitted.weights_, fitted.means_, fitted.covariances_)
    np.testing.assert_allclose(again.score_samples(x), fitted.score_samples(x), rtol=1e-3, atol=1e-3)
    for k in range(2, 50):
        thirds = np.full(k, 1 / k, dtype=np.float32)
        model = GaussianMixture.from_parameters(thirds, np.zeros((k, 1)), np.ones(k), covariance_type="spherical")
        assert abs(model.weights_.sum() - 1) < 1e-15
    message = message_of(
        lambda: GaussianMixture.from_parameters(np.float32([0.5, 0.4]), [[0], [1]], [1, 1], covariance_type="spherical")
    )
    assert message == "The parameter 'weights' should be normalized, but got sum(weights) = 0.90000"


@pytest.mark.parametrize("kind", TYPES)
def test_known_parameters_score_as_scipy_says(kind: str) -> None:
    mixture = mixture_of(kind)
    x = random_rows(mixture)
    model = model_of(mixture, kind)
    np.testing.assert_allclose(model.score_samples(x), expected_log_densities(mixture, x), rtol=1e-12)
    np.testing.assert_allclose(model.predict_proba(x), expected_responsibilities(mixture, x), rtol=1e-9, atol=1e-12)
    assert model.score(x) == pytest.approx(expected_log_densities(mixture, x).mean(), rel=1e-12)
    assert (model.n_components, model.covariance_type, model.n_features_in_) == (3, kind, 2)
    assert (model.weights_.tolist(), model.means_.tolist()) == (mixture.weights.tolist(), mixture.means.tolist())
    assert model.covariances_.tolist() == mixture.covariances.tolist()
    assert (model.n_iter_, model.converged_, model.lower_bounds_) == (0, False, [])
    assert "not fitted" in model.termination_


@pytest.mark.parametrize("kind", TYPES)
def test_known_parameters_draw_the_rows_of_scikit_learn(kind: str) -> None:
    mixture = mixture_of(kind)
    x, z = model_of(mixture, kind, random_state=4).sample(3000)
    assert x.shape == (3000, 2) and np.all(np.diff(z) >= 0)
    for k, covariance in enumerate(dense(mixture.structure, mixture.covariances, 3, 2)):
        rows = x[z == k]
        np.testing.assert_allclose(rows.mean(axis=0), mixture.means[k], atol=5 * np.sqrt(covariance.max() / len(rows)))
        np.testing.assert_allclose(np.cov(rows.T), covariance, atol=8 * covariance.max() / np.sqrt(len(rows)))


def test_parameters_may_be_lists_and_other_parameters_come_along() -> None:
    model = GaussianMixture.from_parameters([0.5, 0.5], [[0], [4]], [[[1]], [[2]]], random_state=3, tol=0.5)
    assert (model.random_state, model.tol, model.covariances_.tolist()) == (3, 0.5, [[[1.0]], [[2.0]]])
    assert model.predict([[1.0], [3.5]]).tolist() == [0, 1]


@pytest.mark.parametrize("kind", TYPES)
def test_a_warm_start_goes_on_from_known_parameters(kind: str) -> None:
    mixture = mixture_of(kind)
    x = random_rows(mixture)
    model = quiet(model_of(mixture, kind, warm_start=True, max_iter=1, tol=0).fit, x)
    assert model.n_iter_ == 1
    assert model.lower_bound_ == pytest.approx(expected_log_densities(mixture, x).mean(), rel=1e-12)
    expected = mogul.maximise(mogul.accumulate(mixture, x), mixture, reg_covar=1e-6)
    np.testing.assert_allclose(model.means_, expected.means, rtol=1e-12)
    again = quiet(
        model_of(mixture, kind, max_iter=1, tol=0, random_state=0).fit, x
    )  # without warm_start it begins anew
    assert again.lower_bound_ != model.lower_bound_


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (([0.5, 0.6], [[0], [1]], [1, 1]), "weights sum to 1.1; must sum to 1"),
        (([0.5, 0.5], [[0], [np.nan]], [1, 1]), "means[1][0] = nan"),
        (([0.5, 0.5], [[0], [1]], [1, -1]), "the covariance of component 1: variance -1"),
        (([0.5, 0.5], [[0]], [1, 1]), "means have shape (1, 1)"),
    ],
)
def test_parameters_that_break_a_rule_are_named(arguments: tuple[Any, ...], text: str) -> None:
    assert text in message_of(lambda: GaussianMixture.from_parameters(*arguments, covariance_type="spherical"))


def test_an_unknown_covariance_type_is_named() -> None:
    message = message_of(lambda: GaussianMixture.from_parameters([1], [[0]], [1], covariance_type="round"))
    assert message.startswith("covariance_type='round'; must be one of ")
    assert set(message.split("one of ")[1].split(", ")) >= {"full", "tied", "diag", "VEV"}


# --- Distances


@pytest.mark.parametrize("kind", TYPES)
def test_mahalanobis_is_the_square_of_scipys(kind: str) -> None:
    mixture = mixture_of(kind)
    x = random_rows(mixture, 20)
    inverses = np.linalg.inv(dense(mixture.structure, mixture.covariances, 3, 2))
    expected = [[mahalanobis(row, mixture.means[k], inverses[k]) ** 2 for k in range(3)] for row in x]
    np.testing.assert_allclose(model_of(mixture, kind).mahalanobis(x), expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(model_of(mixture, kind).mahalanobis(x.tolist()), expected, rtol=1e-10, atol=1e-12)


# --- Files


@pytest.mark.parametrize("kind", TYPES)
def test_a_file_keeps_every_bit(kind: str, tmp_path: Path) -> None:
    x = random_rows(mixture_of(kind))
    model = quiet(GaussianMixture(3, covariance_type=kind, random_state=0).fit, x)
    for path in (tmp_path / "model.json", str(tmp_path / "model.json")):
        model.to_json(path)
        again = GaussianMixture.from_json(path, random_state=5)
        assert (again.n_components, again.covariance_type, again.random_state, again.n_features_in_) == (3, kind, 5, 2)
        for name in ATTRIBUTES:
            assert getattr(again, name).tobytes() == getattr(model, name).tobytes(), name
        assert again.score_samples(x).tobytes() == model.score_samples(x).tobytes()
        assert not hasattr(again, "feature_names_in_")


def test_a_file_keeps_the_names_of_the_features(tmp_path: Path) -> None:
    frame = pd.DataFrame(random_rows(mixture_of("full")), columns=["length", "width"])
    model = GaussianMixture(2, random_state=0).fit(frame)
    model.to_json(tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text())["feature_names"] == ["length", "width"]
    again = GaussianMixture.from_json(tmp_path / "model.json")
    assert again.feature_names_in_.tolist() == ["length", "width"]
    assert again.predict(frame).tolist() == model.predict(frame).tolist()


@pytest.mark.parametrize("kind", TYPES)
def test_the_command_line_and_the_estimator_agree(kind: str, tmp_path: Path) -> None:
    x = random_rows(mixture_of(kind), 40)
    model = quiet(GaussianMixture(3, covariance_type=kind, random_state=0).fit, x)
    model.to_json(tmp_path / "model.json")
    mogul.write_csv(tmp_path / "x.csv", x)

    def printed(verb: str) -> list[str]:
        command = [PROGRAM, verb, tmp_path / "model.json", tmp_path / "x.csv"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1:]

    assert [float(value) for value in printed("score")] == model.score_samples(x).tolist()
    assert [int(value) for value in printed("predict")] == model.predict(x).tolist()


def test_a_model_of_the_command_line_is_an_estimator(tmp_path: Path) -> None:
    x = random_rows(mixture_of("full"), 200)
    mogul.write_csv(tmp_path / "x.csv", x, ["length", "width"])
    command = [
        PROGRAM,
        "fit",
        tmp_path / "x.csv",
        "-k",
        "3",
        "--covariance",
        "tied_diagonal",
        "-o",
        tmp_path / "model.json",
    ]
    subprocess.run(command, check=True, capture_output=True)
    model = GaussianMixture.from_json(tmp_path / "model.json")
    expected, report = mogul.fit(x, 3, covariance="tied_diagonal", reg_covar="relative:1e-6")
    assert (model.covariance_type, model.feature_names_in_.tolist()) == ("tied_diag", ["length", "width"])
    assert model.lower_bounds_ == (report.history / 200).tolist() and model.n_iter_ == report.iterations + 1
    assert (model.converged_, model.termination_) == (True, report.termination.message)
    frame = pd.DataFrame(x, columns=["length", "width"])
    assert model.score_samples(frame).tobytes() == mogul.log_densities(expected, x).tobytes()


def test_files_that_cannot_be_read_or_written_are_errors(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "model.json"
    assert str(missing) in message_of(lambda: GaussianMixture.from_json(missing), OSError)
    model = model_of(mixture_of("full"), "full")
    assert str(missing) in message_of(lambda: model.to_json(missing), OSError)
    (tmp_path / "model.json").write_text('{"schema": "mogul-model/1"}')
    message = message_of(lambda: GaussianMixture.from_json(tmp_path / "model.json"), mogul.InvalidData)
    assert str(tmp_path / "model.json") in message and "is missing" in message


# --- To scikit-learn and back


@pytest.mark.parametrize("kind", OF_SKLEARN)
def test_models_come_from_scikit_learn_with_all_they_have(kind: str) -> None:
    x = random_rows(mixture_of(kind))
    reference = quiet(Reference(3, covariance_type=kind, random_state=0, tol=1e-4).fit, x)
    model = GaussianMixture.from_sklearn(reference)
    assert {name: model.get_params()[name] for name in reference.get_params()} == reference.get_params()
    for name in (*ATTRIBUTES, "lower_bound_", "lower_bounds_", "n_iter_", "converged_", "n_features_in_"):
        assert np.array_equal(getattr(model, name), getattr(reference, name)), name
    np.testing.assert_allclose(model.score_samples(x), reference.score_samples(x), rtol=1e-11)
    assert model.predict(x).tolist() == reference.predict(x).tolist()


@pytest.mark.parametrize("kind", OF_SKLEARN)
def test_so_do_models_in_single_precision(kind: str) -> None:
    x = (random_rows(mixture_of(kind)) * [1, 100]).astype(np.float32)
    reference = quiet(Reference(3, covariance_type=kind, random_state=0).fit, x)
    model = GaussianMixture.from_sklearn(reference)
    assert model.means_.dtype == np.float32
    np.testing.assert_allclose(model.score_samples(x), reference.score_samples(x), rtol=1e-4)


@pytest.mark.parametrize("kind", TYPES)
def test_models_go_to_scikit_learn(kind: str) -> None:
    x = random_rows(mixture_of(kind))
    model = quiet(GaussianMixture(3, covariance_type=kind, random_state=0).fit, x)
    reference = model.to_sklearn()
    assert type(reference) is Reference and reference.covariance_type == {
        "tied_diag": "tied",
        "tied_spherical": "tied",
    }.get(kind, kind)
    np.testing.assert_allclose(reference.score_samples(x), model.score_samples(x), rtol=1e-11)
    np.testing.assert_allclose(reference.predict_proba(x), model.predict_proba(x), atol=1e-11)
    expected = dense(COVARIANCE_TYPES[kind], model.covariances_, 3, 2)
    found = dense(COVARIANCE_TYPES[reference.covariance_type], reference.covariances_, 3, 2)
    np.testing.assert_array_equal(found, expected)
    assert model.covariance_type == kind and (reference.n_iter_, reference.lower_bound_) == (
        model.n_iter_,
        model.lower_bound_,
    )
    assert not hasattr(reference, "termination_")


@pytest.mark.parametrize("kind", TYPES)
def test_a_model_that_is_not_fitted_goes_to_scikit_learn_too(kind: str) -> None:
    reference = GaussianMixture(3, covariance_type=kind, tol=0.5).to_sklearn()
    assert type(reference) is Reference and not hasattr(reference, "means_")
    assert (reference.n_components, reference.tol) == (3, 0.5)
    assert reference.covariance_type == ("tied" if kind.startswith("tied") else kind)


@pytest.mark.parametrize(("kind", "precisions"), [("tied_diag", [1.0, 2.0]), ("tied_spherical", [2.0])])
def test_a_start_of_tied_variances_becomes_one_of_a_tied_matrix(kind: str, precisions: list[float]) -> None:
    x = random_rows(mixture_of(kind))
    start = {"weights_init": [0.2, 0.3, 0.5], "means_init": mixture_of(kind).means, "precisions_init": precisions}
    model = quiet(GaussianMixture(3, covariance_type=kind, **start).fit, x)
    for reference in (model.to_sklearn(), GaussianMixture(3, covariance_type=kind, **start).to_sklearn()):
        np.testing.assert_array_equal(reference.precisions_init, np.eye(2) * precisions)
        quiet(reference.fit, x)


@pytest.mark.parametrize("other", [KMeans(2), BayesianGaussianMixture(n_components=2), GaussianMixture(2), 3])
def test_only_mixtures_of_scikit_learn_are_taken_over(other: Any) -> None:
    message = message_of(lambda: GaussianMixture.from_sklearn(other), TypeError)
    assert message == f"{type(other).__name__}: must be a sklearn.mixture.GaussianMixture"


def test_covariances_count_where_there_are_no_factors_of_precisions() -> None:
    model = GaussianMixture.from_parameters([1], [[0, 0]], [0.25], covariance_type="spherical")
    assert model.score_samples([[0, 0]])[0] == pytest.approx(-np.log(2 * np.pi * 0.25))
    del model.precisions_cholesky_
    for variance in (2.0, 4.0):
        model.covariances_ = np.array([variance])
        assert model.score_samples([[0, 0]])[0] == pytest.approx(-np.log(2 * np.pi * variance))


def test_names_of_features_come_along() -> None:
    frame = pd.DataFrame(random_rows(mixture_of("full")), columns=["length", "width"])
    for model in (GaussianMixture(1).fit(frame).to_sklearn(), GaussianMixture.from_sklearn(Reference(1).fit(frame))):
        assert model.feature_names_in_.tolist() == ["length", "width"]


def test_one_set_of_rows_may_be_an_array_of_any_library(tmp_path: Path) -> None:
    x = random_rows(mixture_of("full"))
    expected = GaussianMixture(2, random_state=0).fit(x).means_.tobytes()
    np.save(tmp_path / "x.npy", x)
    for rows in (x.tolist(), pd.DataFrame(x), np.load(tmp_path / "x.npy", mmap_mode="r"), np.asfortranarray(x)):
        assert GaussianMixture(2, random_state=0).fit(rows).means_.tobytes() == expected
