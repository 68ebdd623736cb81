"""Priors, a bound on eigenvalues, equal weights and held means, in the functions and in the estimator."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from conftest import Array, message_of

import mogul
from mogul import GaussianMixture

X = np.random.default_rng(5).normal(size=(40, 2)) @ [[2.0, 0.5], [0.0, 0.7]] + [3, -1]
TWO = np.vstack([np.random.default_rng(1).normal(size=(60, 2)), np.random.default_rng(2).normal(size=(60, 2)) + 7])
FAMILIES = mogul.covariance_families()


def mode_of_one_component(x: Array, kappa: float, m: Array, dof: float, scale: Array) -> tuple[Array, Array]:
    """Posterior mode of a normal inverse Wishart prior. Fraley, Raftery (2007), table 2."""
    n, d = x.shape
    centre = x.mean(axis=0)
    away = centre - m
    scatter = (x - centre).T @ (x - centre) + kappa * n / (kappa + n) * np.outer(away, away)
    return (n * centre + kappa * m) / (n + kappa), (scale + scatter) / (n + dof + d + 2)


def test_one_component_is_the_mode_of_its_posterior() -> None:
    m, scale = np.array([1.0, 0.0]), np.array([[2.0, 0.3], [0.3, 1.0]])
    mean, covariance = mode_of_one_component(X, 3, m, 6, scale)
    prior = {"mean_shrinkage": 3, "mean": m, "dof": 6, "scale": scale}
    fitted = mogul.fit(X, 1, prior=prior, reg_covar=0, tol=1e-12).mixture
    np.testing.assert_allclose(fitted.means[0], mean, rtol=1e-10)
    np.testing.assert_allclose(fitted.covariances[0], covariance, rtol=1e-10)
    model = GaussianMixture(1, prior=prior, reg_covar=0, tol=1e-12).fit(X)
    np.testing.assert_allclose(model.covariances_[0], covariance, rtol=1e-10)


def test_the_default_prior_is_that_of_all_rows() -> None:
    fitted = mogul.fit(X, 1, prior="default", reg_covar=0, tol=1e-12)
    mean, covariance = mode_of_one_component(X, 0.01, X.mean(axis=0), 4, np.cov(X.T))
    np.testing.assert_allclose(fitted.mixture.means[0], mean, rtol=1e-10)
    np.testing.assert_allclose(fitted.mixture.covariances[0], covariance, rtol=1e-8)
    assert fitted.report.prior is not None and fitted.settings.prior is not None
    assert fitted.report.penalised_log_likelihood != fitted.report.log_likelihood


@pytest.mark.parametrize("family", FAMILIES)
def test_the_penalised_log_likelihood_never_falls(family: Any) -> None:
    report = mogul.fit(TWO, 3, covariance=family.name, prior="default", tol=1e-8, init="random", seed=3).report
    assert len(report.penalised_history) == report.iterations + 1
    assert (np.diff(report.penalised_history) > -1e-9 * np.abs(report.penalised_history[1:])).all()


def test_with_the_prior_rows_that_coincide_make_no_component_singular() -> None:
    x = np.vstack([TWO, np.repeat([[50.0, 50.0]], 30, axis=0)])
    fitted = mogul.fit(x, 3, prior="default", degenerate="error")
    assert np.linalg.eigvalsh(fitted.mixture.covariances).min() > 1e-6
    model = GaussianMixture(3, prior="default", degenerate="error", random_state=0).fit(x)
    assert np.isfinite(model.score(x))


def test_eigenvalues_stay_within_the_bound() -> None:
    x = np.vstack([TWO, np.repeat([[50.0, 50.0]], 30, axis=0)])
    for bound in (1.0, 5.0, 100.0):
        model = GaussianMixture(3, max_eigenvalue_ratio=bound, reg_covar=0, random_state=0).fit(x)
        values = np.linalg.eigvalsh(model.covariances_)
        assert values.max() / values.min() <= bound * (1 + 1e-9)
    assert "VVV" in message_of(lambda: mogul.fit(x, 2, covariance="EEV", max_eigenvalue_ratio=10))


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({}, "mean log-likelihood"),
        ({"equal_weights": True}, "mean log-likelihood"),
        ({"prior": "default"}, "mean penalised log-likelihood"),
        ({"weight_concentration": 2}, "mean penalised log-likelihood"),
    ],
)
def test_the_lower_bound_is_called_what_it_is(
    parameters: dict[str, Any], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    model = GaussianMixture(2, reg_covar=0, tol=1e-9, random_state=0, verbose=2, **parameters).fit(TWO)
    assert f"lower bound {model.lower_bound_:.5f}." in capsys.readouterr().out
    for one in (model, pickle.loads(pickle.dumps(model))):
        assert f"lower bound  {one.lower_bound_:.8g}  ({name}, in nats)" in one.summary()
    assert (model.lower_bound_ == pytest.approx(model.score(TWO), abs=1e-8)) is (name == "mean log-likelihood")
    assert f"the {name} changed by" in model.termination_
    model.set_params(warm_start=True).fit(TWO)
    assert f"the {name} changed by" in model.termination_


def test_equal_weights_and_held_means() -> None:
    model = GaussianMixture(
        3, equal_weights=True, means_init=[[0, 0], [7, 7], [1, 2]], hold={"means": [0, 2]}, random_state=0
    ).fit(TWO)
    np.testing.assert_allclose(model.weights_, 1 / 3, rtol=1e-15)
    assert model.means_[[0, 2]].tolist() == [[0, 0], [1, 2]] and model.means_[1].tolist() != [7, 7]
    again = pickle.loads(pickle.dumps(model))
    assert again.get_params()["hold"] == {"means": [0, 2]} and (again.predict(TWO) == model.predict(TWO)).all()


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"prior": "strong"}, "prior"),
        ({"prior": {"dof": -1}}, "dof"),
        ({"max_eigenvalue_ratio": 0.5}, "max_eigenvalue_ratio"),
        ({"weight_concentration": 0.5}, "weight_concentration"),
        ({"hold": {"covariances": [1]}}, "hold: 'covariances': [1]; must be True, only means are held by component"),
        ({"hold": {"means": [2]}}, "hold: the mean of component 2; must be < n_components = 2"),
        ({"hold": {"means": [-1]}}, "hold: 'means': [-1]; must be True, or the components"),
        ({"hold": ["weights"], "equal_weights": True}, "mixing weights cannot be both equal and held"),
    ],
)
def test_what_makes_no_sense_is_refused(parameters: dict[str, Any], text: str) -> None:
    assert text in message_of(lambda: GaussianMixture(2, **parameters).fit(TWO))
