"""GaussianMixture is an estimator to scikit-learn's tools: checks, clones, pipelines, searches, pickles."""

from __future__ import annotations

import copy
import inspect
import pickle
import warnings
from typing import Any

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import COVARIANCE_TYPES, Array
from sklearn.base import clone, is_clusterer, is_outlier_detector
from sklearn.mixture import GaussianMixture as Reference
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator

import mogul
from mogul import GaussianMixture

FITTED = ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_", "lower_bounds_")


def state_of(model: GaussianMixture) -> tuple[Any, ...]:
    arrays = (np.asarray(getattr(model, name)).tobytes() for name in FITTED)
    return (*arrays, model.n_iter_, model.converged_, model.lower_bound_, model.termination_, model.n_features_in_)


@pytest.mark.parametrize("covariance_type", ["full", "tied_diag"])
def test_every_check_of_scikit_learn_passes(covariance_type: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of fits that do not converge, and of checks for array types other than NumPy's
        results = check_estimator(GaussianMixture(covariance_type=covariance_type), on_fail=None)
        of_reference = check_estimator(Reference(), on_fail=None)
    failed = {r["check_name"]: str(r["exception"]) for r in results if r["status"] in ("failed", "xfail")}
    assert failed == {}
    own, reference = (sum(r["status"] == "passed" for r in checks) for checks in (results, of_reference))
    assert own >= reference > 30


def test_parameters_begin_like_scikit_learns_with_the_same_defaults() -> None:
    own, reference = (inspect.signature(cls.__init__).parameters for cls in (GaussianMixture, Reference))
    assert list(own)[: len(reference)] == list(reference)
    for name, parameter in reference.items():
        assert (own[name].default, own[name].kind) == (parameter.default, parameter.kind), name


def test_methods_and_attributes_are_scikit_learns_and_more(clouds: Array) -> None:
    own, reference = (cls(2, random_state=0).fit(clouds) for cls in (GaussianMixture, Reference))
    public = {name for name in dir(reference) if not name.startswith("_")}
    assert public <= set(dir(own))
    fitted = {name for name in vars(reference) if name.endswith("_") and not name.startswith("_")}
    assert fitted <= set(vars(own)) and set(vars(own)) - set(vars(reference)) >= {"termination_"}


def test_parameters_are_kept_as_given_and_may_be_set() -> None:
    means = [[0.0], [1.0]]
    model = GaussianMixture(2, means_init=means, covariance_type="diag")
    assert model.get_params()["means_init"] is means and model.get_params()["covariance_type"] == "diag"
    assert model.set_params(n_components=5, tol=0.5) is model
    assert (model.n_components, model.tol) == (5, 0.5)
    with pytest.raises(ValueError, match="Invalid parameter 'n_component' for estimator GaussianMixture"):
        model.set_params(n_component=2)


def test_a_clone_has_the_parameters_and_no_fit(clouds: Array) -> None:
    model = GaussianMixture(2, covariance_type="tied_spherical", hold=("weights",), callback=print, random_state=3)
    model.set_params(callback=None).fit(clouds)
    twin = clone(model)
    assert twin.get_params() == model.get_params() and not hasattr(twin, "means_")
    assert twin.fit(clouds).means_.tobytes() == model.means_.tobytes()


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("again", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy], ids=["pickle", "deepcopy"])
def test_pickles_and_copies_are_equal_to_the_bit(covariance_type: str, dtype: type, again: Any, clouds: Array) -> None:
    x = clouds.astype(dtype)
    model = GaussianMixture(2, covariance_type=covariance_type, random_state=0).fit(x)
    twin = again(model)
    assert state_of(twin) == state_of(model)
    for method in ("score_samples", "predict_proba", "predict", "mahalanobis"):
        assert getattr(twin, method)(x).tobytes() == getattr(model, method)(x).tobytes()
    assert twin.sample(10)[0].tobytes() == model.sample(10)[0].tobytes()


def test_joblib_keeps_a_model(clouds: Array, tmp_path: Any) -> None:
    model = GaussianMixture(2, random_state=0).fit(clouds)
    joblib.dump(model, tmp_path / "model.joblib", compress=3)
    assert state_of(joblib.load(tmp_path / "model.joblib")) == state_of(model)


def test_pipelines_end_in_it(clouds: Array) -> None:
    piped = make_pipeline(StandardScaler(), GaussianMixture(2, random_state=0)).fit(clouds)
    scaled = StandardScaler().fit_transform(clouds)
    alone = GaussianMixture(2, random_state=0).fit(scaled)
    assert piped.predict(clouds).tolist() == alone.predict(scaled).tolist()
    assert piped.score(clouds) == alone.score(scaled)
    assert piped.fit_predict(clouds).tolist() == alone.predict(scaled).tolist()


def test_searches_choose_among_its_parameters(clouds: Array) -> None:
    grid = {"n_components": [1, 2], "covariance_type": ["full", "tied_diag"]}
    x = np.random.default_rng(0).permutation(clouds)
    for scoring in (None, lambda model, rows: -model.bic(rows)):
        search = GridSearchCV(GaussianMixture(random_state=0), grid, scoring=scoring, cv=2).fit(x)
        assert search.best_params_["n_components"] == 2
        best = GaussianMixture(random_state=0, **search.best_params_).fit(x)
        assert search.best_estimator_.means_.tobytes() == best.means_.tobytes()


def test_cross_validation_scores_the_rows_left_out(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0)
    first, second = np.array_split(clouds[::2], 2)
    scores = cross_val_score(model, clouds[::2], cv=2)
    assert scores.tolist() == [model.fit(second).score(first), model.fit(first).score(second)]


def test_tags_are_scikit_learns() -> None:
    own, reference = get_tags(GaussianMixture()), get_tags(Reference())
    assert own.estimator_type == reference.estimator_type == "density_estimator"
    assert own.input_tags == reference.input_tags and own.target_tags == reference.target_tags
    assert own.non_deterministic == reference.non_deterministic and own.requires_fit is reference.requires_fit is True
    for ask in (is_clusterer, is_outlier_detector):
        assert ask(GaussianMixture()) == ask(Reference())


def test_its_text_names_what_was_changed_from_the_defaults() -> None:
    assert (
        repr(GaussianMixture(3, tol=0.1)) == "GaussianMixture(n_components=3, tol=0.1)" == repr(Reference(3, tol=0.1))
    )
    assert repr(GaussianMixture(degenerate="error")) == "GaussianMixture(degenerate='error')"


def test_its_page_in_a_notebook_says_whether_it_is_fitted(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0)
    before, after = model._repr_html_(), model.fit(clouds)._repr_html_()
    assert "Not fitted" in before and "Not fitted" not in after and "Fitted" in after
    assert before.count("GaussianMixture") > 0 and "n_components" in after


def test_names_of_pandas_columns_are_kept(clouds: Array) -> None:
    frame = pd.DataFrame(clouds, columns=["length", "width"])
    own, reference = (cls(1).fit(frame) for cls in (GaussianMixture, Reference))
    assert own.feature_names_in_.tolist() == reference.feature_names_in_.tolist() == ["length", "width"]
    assert own.feature_names_in_.dtype == reference.feature_names_in_.dtype
    for model in (own, reference):
        assert not hasattr(model.fit(clouds), "feature_names_in_")
        assert not hasattr(model.fit(pd.DataFrame(clouds)), "feature_names_in_")


@pytest.mark.parametrize("of", [pl.DataFrame, lambda d: pa.table(d)], ids=["polars", "pyarrow"])
def test_names_of_other_frames_are_those_that_scikit_learn_keeps(of: Any, clouds: Array) -> None:
    table = of({"length": clouds[:, 0], "width": clouds[:, 1]})
    own, reference = (cls(1).fit(table) for cls in (GaussianMixture, Reference))
    expected = getattr(reference, "feature_names_in_", np.array([])).tolist()
    assert getattr(own, "feature_names_in_", np.array([])).tolist() == expected
    assert own.predict(table).tolist() == reference.predict(table).tolist()


def test_fit_returns_the_estimator_and_ignores_y(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0)
    assert model.fit(clouds, "anything") is model
    assert model.fit_predict(clouds, [1, 2]).tolist() == model.predict(clouds).tolist()
    assert model.score(clouds, "anything") == model.score(clouds)


def test_rows_and_starts_are_not_changed(clouds: Array) -> None:
    given = {
        "weights_init": np.array([0.5, 0.5]),
        "means_init": clouds[[0, -1]].copy(),
        "precisions_init": np.array([np.eye(2)] * 2),
    }
    before = [values.tobytes() for values in (clouds, *given.values())]
    GaussianMixture(2, **given).fit(clouds).score_samples(clouds)
    assert [values.tobytes() for values in (clouds, *given.values())] == before


def test_results_do_not_change_with_what_they_were_made_of(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0).fit(clouds)
    before = state_of(model)
    clouds[:] = 0
    assert state_of(model) == before
    model.means_[0] = 100.0  # and are the caller's to change
    assert model.predict([[100.0, 100.0]]).tolist() == [0]


def test_attributes_set_by_hand_are_what_the_model_is(clouds: Array) -> None:
    own, reference = (cls(2, random_state=0).fit(clouds) for cls in (GaussianMixture, Reference))
    for model in (own, reference):
        model.weights_ = np.array([0.1, 0.9])
        model.means_ = np.array([[0.0, 1.0], [5.0, 4.0]])
        model.covariances_ = np.array([np.eye(2), 2 * np.eye(2)])
        model.precisions_cholesky_ = np.array([np.eye(2), np.eye(2) / np.sqrt(2)])
    np.testing.assert_allclose(own.score_samples(clouds), reference.score_samples(clouds), rtol=1e-12)
    assert own.sample(5)[0].tobytes() == reference.sample(5)[0].tobytes()
    copied = pickle.loads(pickle.dumps(own))
    assert copied.score_samples(clouds).tobytes() == own.score_samples(clouds).tobytes()


def test_a_model_made_by_hand_needs_what_scikit_learns_needs(clouds: Array) -> None:
    own, reference = GaussianMixture(2), Reference(2)
    for model in (own, reference):
        model.weights_, model.means_ = np.array([0.5, 0.5]), np.array([[0.0, 0.0], [5.0, 5.0]])
        model.covariances_ = model.precisions_cholesky_ = np.array([np.eye(2)] * 2)
    for method in ("predict", "predict_proba", "score_samples", "score", "aic", "bic"):
        found, expected = (getattr(model, method)(clouds) for model in (own, reference))
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_a_factor_set_by_hand_is_what_scores(clouds: Array) -> None:
    own, reference = (cls(1).fit(clouds) for cls in (GaussianMixture, Reference))
    for model in (own, reference):
        model.precisions_cholesky_ = model.precisions_cholesky_ * 2
    np.testing.assert_allclose(own.score_samples(clouds), reference.score_samples(clouds), rtol=1e-9)


def test_the_estimator_and_the_functions_agree(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0).fit(clouds)
    mixture = mogul.Mixture("full", model.weights_, model.means_, model.covariances_)
    assert model.mixture_ == mixture
    assert model.score_samples(clouds).tobytes() == mogul.log_densities(mixture, clouds).tobytes()
    assert model.predict_proba(clouds).tobytes() == mogul.responsibilities(mixture, clouds).tobytes()
