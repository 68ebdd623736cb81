"""mogul/standard_errors.hpp"""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import mogul

METHODS = ["information", "bootstrap", "weighted_bootstrap", "jackknife"]


def rows() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(120, 2)) + np.repeat([[0.0], [5.0]], 60, axis=0)


def test_of_one_component_they_are_those_of_a_normal_sample() -> None:
    x = rows()[:60]
    result = mogul.fit(x, 1, reg_covar=0)
    errors = mogul.standard_errors(result, x)
    s = np.cov(x.T, bias=True)
    np.testing.assert_allclose(errors.standard_error.means[0], np.sqrt(np.diag(s) / 60), rtol=1e-7)
    expected = np.sqrt((np.outer(np.diag(s), np.diag(s)) + s**2) / 60)
    np.testing.assert_allclose(errors.standard_error.covariances[0], expected, rtol=1e-7)
    assert errors.standard_error.weights.tolist() == [0]
    np.testing.assert_allclose(
        errors.upper.means - errors.estimate.means, 1.959963984540054 * errors.standard_error.means, rtol=1e-12
    )
    np.testing.assert_allclose(errors.lower.means + errors.upper.means, 2 * errors.estimate.means, rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("covariance", ["full", "tied", "diagonal", "tied_diagonal", "spherical", "tied_spherical"])
def test_they_have_the_shapes_of_the_mixture(method: str, covariance: str) -> None:
    x = rows()
    result = mogul.fit(x, 2, covariance=covariance, reg_covar=0)
    errors = mogul.standard_errors(result, x, method=method, n_bootstrap=99, level=0.9)
    for part in (errors.estimate, errors.standard_error, errors.lower, errors.upper):
        assert part.weights.shape == (2,) and part.means.shape == (2, 2)
        assert part.covariances.shape == result.mixture.covariances.shape
        assert repr(part) == "ParameterValues(n_components=2, n_features=2)"
    assert np.array_equal(errors.estimate.weights, result.mixture.weights)
    assert np.array_equal(errors.estimate.means, result.mixture.means)
    assert np.array_equal(errors.estimate.covariances, result.mixture.covariances)
    assert (errors.lower.means < errors.estimate.means).all() and (errors.upper.means > errors.estimate.means).all()
    assert (errors.standard_error.means > 0).all()
    assert errors.method == method and errors.level == 0.9 and errors.n_failed == 0
    assert errors.n_replicates == {"information": 0, "jackknife": 120}.get(method, 99)


def test_they_are_the_same_for_any_threads_and_differ_by_seed() -> None:
    x = rows()
    result = mogul.fit(x, 2)
    one = mogul.standard_errors(result, x, method="bootstrap", n_bootstrap=49, n_threads=1)
    assert one == mogul.standard_errors(result, x, method="bootstrap", n_bootstrap=49, n_threads=3)
    assert one != mogul.standard_errors(result, x, method="bootstrap", n_bootstrap=49, random_state=1)


def test_a_weight_of_two_is_a_repeated_row() -> None:
    x = rows()
    weights = np.where(np.arange(120) < 30, 2, 1)
    result = mogul.fit(x, 2, weights=weights, reg_covar=0, gain=1e-9)
    for method in ("information", "jackknife"):
        once = mogul.standard_errors(result, x, weights=weights, method=method)
        twice = mogul.standard_errors(result, np.repeat(x, weights, axis=0), method=method)
        np.testing.assert_allclose(once.standard_error.means, twice.standard_error.means, rtol=1e-5)


def test_they_follow_the_settings_of_the_fit(tmp_path: Path) -> None:
    x = rows()
    start = mogul.fit(x, 2, reg_covar=0).mixture
    result = mogul.fit(x, init=start, hold=["weights"], prior="default", gain=1e-9)
    errors = mogul.standard_errors(result, x)
    assert errors.standard_error.weights.tolist() == [0, 0]
    path = tmp_path / "model.json"
    mogul.write_model(path, mogul.ModelFile(result, standard_errors=errors))
    read = mogul.read_model(path)
    assert read.standard_errors == errors
    assert mogul.standard_errors(read, x) == errors
    assert pickle.loads(pickle.dumps(read)).standard_errors == errors
    assert mogul.ModelFile(result).standard_errors is None
    with pytest.raises(mogul.FitError, match="standard errors away from a maximum"):
        mogul.standard_errors(result.mixture, x)  # without the prior it is none


def test_they_have_a_table_and_a_summary() -> None:
    x = rows()
    errors = mogul.standard_errors(mogul.fit(x, 2, covariance="tied_diagonal"), x)
    table = errors.table(["a", "b"])
    assert list(table) == ["component", "parameter", "estimate", "standard_error", "lower", "upper"]
    assert table["parameter"][:3] == ["weight", "mean a", "mean b"]
    assert table["parameter"][-2:] == ["variance a", "variance b"]
    assert np.isnan(table["component"][-2:]).all()
    assert table["estimate"][1] == errors.estimate.means[0, 0]
    assert table["standard_error"][-1] == errors.standard_error.covariances[1]
    assert errors.summary().startswith("standard errors by the observed information; intervals of 95 %\n")
    assert "mean x1" in errors.summary() and "mean a" in errors.summary(["a", "b"])
    assert repr(errors) == "StandardErrors(method='information', level=0.95, n_components=2, n_features=2)"
    with pytest.raises(ValueError, match="1 feature names for 2 features"):
        errors.table(["a"])


def test_they_are_values() -> None:
    x = rows()
    errors = mogul.standard_errors(mogul.fit(x, 2), x, method="jackknife")
    again = pickle.loads(pickle.dumps(errors))
    assert again == errors and again.table()["upper"].tolist() == errors.table()["upper"].tolist()
    assert repr(errors).endswith("n_replicates=120, n_failed=0)")
    weights = errors.standard_error.weights
    del errors
    assert (weights > 0).all()  # the array keeps what it shows
    with pytest.raises(ValueError, match="read-only"):
        weights[0] = 1
    with pytest.raises(ValueError, match="pickled StandardErrors"):
        mogul.StandardErrors.__new__(mogul.StandardErrors).__setstate__(())


def test_replicates_that_fail_are_a_warning() -> None:
    x = np.array([-0.6, -0.2, 0.3, 0.7, 1.1, 0.1, 9.9, 10.2, 10.7])[:, None]
    start = mogul.Mixture("spherical", [0.6, 0.4], [[0], [10]], [1, 1])
    result = mogul.fit(x, init=start, reg_covar=0)
    with pytest.warns(UserWarning, match="of 199 fits of the bootstrap failed and are left out"):
        errors = mogul.standard_errors(result, x, method="bootstrap", n_bootstrap=199)
    assert 0 < errors.n_failed < 100


def test_wrong_arguments_are_answered_by_a_sentence() -> None:
    x = rows()
    result = mogul.fit(x, 2)
    with pytest.raises(ValueError, match="method = 'guess'; must be one of information, bootstrap"):
        mogul.standard_errors(result, x, method="guess")
    with pytest.raises(ValueError, match="level = 95"):
        mogul.standard_errors(result, x, level=95)
    with pytest.raises(ValueError, match="n_bootstrap = 3; must be 39 or more"):
        mogul.standard_errors(result, x, method="bootstrap", n_bootstrap=3)
    with pytest.raises(ValueError, match="whole numbers"):
        mogul.standard_errors(result, x, method="jackknife", weights=np.full(120, 0.5))
    with pytest.raises(TypeError, match=r"must be a mogul.FitResult, ModelFile or Mixture"):
        mogul.standard_errors("model.json", x)
    with pytest.raises(TypeError, match=r"standard_errors = 1; must be a mogul\.StandardErrors"):
        mogul.ModelFile(result, standard_errors=1)
