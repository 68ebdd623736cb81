"""GaussianMixture with each of the fourteen covariance families: attributes, counts, samples, copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Reference

import mogul
from mogul import GaussianMixture

FAMILIES = mogul.covariance_families()
NAMES = [family.name for family in FAMILIES]
K, D = 3, 4


def rows() -> Any:
    """Three clusters of different size, shape and orientation."""
    rng = np.random.default_rng(3)
    maps = rng.normal(size=(K, D, D)) / 2 + np.eye(D)
    return np.concatenate([6 * k + rng.normal(size=(100, D)) @ maps[k] for k in range(K)])


X = rows()
LABELS = np.repeat(np.arange(K), 100)


def fitted(name: str, **more: Any) -> GaussianMixture:
    return GaussianMixture(K, covariance_type=name, labels_init=LABELS, **{"max_iter": 1000, **more}).fit(X)


def matrices(model: GaussianMixture, attribute: str) -> Any:
    """(K, D, D), whatever the shape of the attribute."""
    values = getattr(model, attribute)
    family = FAMILIES[NAMES.index(model.covariance_type)]
    if family.layout == "matrix":
        return np.broadcast_to(values, (K, D, D))
    if family.layout == "diagonal":
        return np.stack([np.diag(v) for v in np.broadcast_to(values, (K, D))])
    return np.stack([v * np.eye(D) for v in np.broadcast_to(values, K)])


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_attributes_have_scikit_learns_shapes(family: mogul.CovarianceFamily) -> None:
    model = fitted(family.name)
    one = {"matrix": (D, D), "diagonal": (D,), "spherical": ()}[family.layout]
    shape = (one or (1,)) if family.is_shared else (K, *one)
    assert model.covariances_.shape == model.precisions_.shape == model.precisions_cholesky_.shape == shape


@pytest.mark.parametrize("name", NAMES)
def test_precisions_are_the_inverses_of_covariances(name: str) -> None:
    model = fitted(name)
    np.testing.assert_allclose(
        matrices(model, "precisions_") @ matrices(model, "covariances_"), [np.eye(D)] * K, atol=1e-9
    )
    factors = matrices(model, "precisions_cholesky_")
    if FAMILIES[NAMES.index(name)].layout == "matrix":
        assert np.array_equal(factors, np.triu(factors))
    np.testing.assert_allclose(factors @ np.swapaxes(factors, 1, 2), matrices(model, "precisions_"), rtol=1e-12)


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_bic_counts_the_parameters_of_the_family(family: mogul.CovarianceFamily) -> None:
    model = fitted(family.name)
    n_parameters = family.n_parameters(K, D) + K * D + K - 1
    log_likelihood = model.score_samples(X).sum()
    assert model.bic(X) == pytest.approx(-2 * log_likelihood + n_parameters * np.log(len(X)))
    assert model.aic(X) == pytest.approx(-2 * log_likelihood + 2 * n_parameters)


@pytest.mark.parametrize("name", NAMES)
def test_scikit_learn_scores_a_copy_alike(name: str) -> None:
    """By way of full covariances, of which every family is a special case."""
    model = fitted(name)
    copy = Reference(K, covariance_type="full")
    copy.weights_, copy.means_ = model.weights_, model.means_
    copy.covariances_ = matrices(model, "covariances_")
    copy.precisions_cholesky_ = matrices(model, "precisions_cholesky_")
    np.testing.assert_allclose(copy.score_samples(X), model.score_samples(X), rtol=1e-9)
    np.testing.assert_allclose(copy.predict_proba(X), model.predict_proba(X), atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_to_sklearn_scores_alike(name: str) -> None:
    model = fitted(name)
    copy = model.to_sklearn()
    assert copy.covariance_type in ("full", "tied", "diag", "spherical")
    np.testing.assert_allclose(copy.score_samples(X), model.score_samples(X), rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_samples_have_the_moments_of_the_mixture(name: str) -> None:
    model = fitted(name, random_state=0)
    sampled, labels = model.sample(20000)
    for k in range(K):
        own = sampled[labels == k]
        covariance = matrices(model, "covariances_")[k]
        deviations = np.sqrt(np.diag(covariance))
        assert np.abs((own.mean(0) - model.means_[k]) / deviations).max() < 5 / np.sqrt(len(own))
        difference = (np.cov(own.T) - covariance) / np.outer(deviations, deviations)
        assert np.abs(difference).max() < 8 / np.sqrt(len(own))


@pytest.mark.parametrize("name", NAMES)
def test_a_model_file_keeps_the_family(name: str, tmp_path: Path) -> None:
    model = fitted(name)
    model.to_json(tmp_path / "model.json")
    again = GaussianMixture.from_json(tmp_path / "model.json")
    assert np.array_equal(again.covariances_, model.covariances_)
    assert np.array_equal(again.score_samples(X), model.score_samples(X))
    assert clone(again).covariance_type == again.covariance_type


@pytest.mark.parametrize("name", NAMES)
def test_the_estimator_fits_what_the_function_fits(name: str) -> None:
    with pytest.warns(ConvergenceWarning):
        model = fitted(name, tol=0, max_iter=30, reg_covar=0)
    mixture, _ = mogul.fit(X, K, covariance=name, init=LABELS, tol=0, max_iter=30, reg_covar=0)
    np.testing.assert_allclose(
        matrices(model, "covariances_"), [mixture.covariance(k) for k in range(K)], rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("name", ["VEV", "EVE", "VEI"])
def test_a_fit_goes_on_from_precisions_of_the_family(name: str) -> None:
    model = fitted(name)
    start = {"weights_init": model.weights_, "means_init": model.means_, "precisions_init": model.precisions_}
    further = GaussianMixture(K, covariance_type=name, **start).fit(X)
    assert further.lower_bound_ >= model.lower_bound_ - 1e-6
    assert further.n_iter_ <= 3


def test_an_unknown_family_is_refused_with_the_names() -> None:
    with pytest.raises(ValueError, match="VEV"):
        GaussianMixture(K, covariance_type="VEX").fit(X)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", ["full", "tied", "diag", "spherical", "EVE", "VEI"])
def test_a_warm_start_goes_on_with_another_family(before: str, name: str) -> None:
    model = fitted(before, warm_start=True)
    model.set_params(covariance_type=name, labels_init=None).fit(X)
    fresh = fitted(name)
    assert model.mixture_.structure == fresh.mixture_.structure
    assert model.covariances_.shape == fresh.covariances_.shape
    assert model.bic(X) == pytest.approx(fresh.bic(X), rel=0.01)  # the clusters are far apart
