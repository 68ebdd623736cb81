"""GaussianMixtureSelector: select() behind scikit-learn's interface."""

from __future__ import annotations

import inspect
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from conftest import message_of, random_mixture, random_rows, run_python
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator

import mogul
from mogul import GaussianMixture, GaussianMixtureSelector

X = random_rows(random_mixture("full", k=3, d=2, seed=5, apart=8.0), 200)
FEW = {"n_components": (1, 4), "covariance_type": ["full", "tied"], "random_state": 0}
FITTED = GaussianMixtureSelector(**FEW).fit(X)


@pytest.mark.parametrize(
    "given", [{}, {"n_components": [1, 2], "covariance_type": "all", "criterion": "icl"}], ids=["defaults", "all"]
)
def test_every_check_of_scikit_learn_passes(given: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fits that do not converge, and of checks for other types of arrays
        results = check_estimator(GaussianMixtureSelector(**given), on_fail=None)
    failed = {r["check_name"]: str(r["exception"]) for r in results if r["status"] in ("failed", "xfail")}
    assert failed == {}
    assert sum(r["status"] == "passed" for r in results) > 30
    assert get_tags(FITTED).estimator_type == "density_estimator"


def test_it_does_what_select_does() -> None:
    found = mogul.select(X, (1, 4), covariance=["full", "tied"], reg_covar=1e-6)
    for name, values in found.table_.items():
        assert FITTED.table_[name].tolist() == values.tolist(), name
    assert FITTED.n_components_ == 3 == FITTED.best_estimator_.n_components
    assert FITTED.covariance_type_ == FITTED.best_estimator_.covariance_type == found.best_.covariance_type
    assert FITTED.converged_ and FITTED.n_iter_ == FITTED.best_estimator_.n_iter_ > 0
    assert FITTED.summary() == FITTED.selection_.summary() == found.summary()
    assert FITTED.mixture_ == found.best_.mixture_ and FITTED.n_features_in_ == 2


def test_its_methods_are_those_of_the_best_fit() -> None:
    best = FITTED.best_estimator_
    for method in ("predict", "predict_proba", "score_samples", "mahalanobis"):
        assert getattr(FITTED, method)(X).tobytes() == getattr(best, method)(X).tobytes(), method
    for method in ("score", "bic", "aic", "icl"):
        assert getattr(FITTED, method)(X) == getattr(best, method)(X), method
    for drawn, of_best in zip(FITTED.sample(20), best.sample(20), strict=True):
        assert drawn.tobytes() == of_best.tobytes()
    assert FITTED.bic(X) == pytest.approx(np.nanmin(FITTED.table_["bic"]), rel=1e-12)
    twin = GaussianMixtureSelector(**FEW)
    assert twin.fit_predict(X).tolist() == FITTED.predict(X).tolist()


def test_before_a_fit_there_is_nothing_to_use() -> None:
    unfitted = GaussianMixtureSelector()
    for call in (lambda: unfitted.predict(X), lambda: unfitted.mixture_, unfitted.summary, unfitted.sample):
        assert "not fitted" in message_of(call, NotFittedError)


def test_parameters_are_kept_as_given_and_cloned() -> None:
    given = {"n_components": [2, 4], "covariance_type": ["VVV"], "criterion": "cv", "n_folds": 3, "prior": {"dof": 5}}
    model = GaussianMixtureSelector(**given)
    assert all(model.get_params()[name] is value for name, value in given.items())
    assert clone(model).get_params() == model.get_params()
    assert clone(FITTED).get_params() == FITTED.get_params() and not hasattr(clone(FITTED), "best_estimator_")
    parameters = list(inspect.signature(GaussianMixtureSelector).parameters)
    assert sorted(parameters) == sorted(GaussianMixtureSelector().get_params())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"n_components": 0}, "n_components"),
        ({"n_components": (3, 2)}, "the lowest comes first"),
        ({"n_components": "9"}, "n_components"),
        ({"covariance_type": "round"}, "covariance_type"),
        ({"covariance_type": ["round"]}, "covariance = 'round'"),
        ({"criterion": "dic"}, "criterion"),
        ({"criterion": "bic", "n_folds": 3}, "n_folds goes with criterion = 'cv' only"),
        ({"search": "slow"}, "search"),
        ({"reg_covar": "tiny"}, "reg_covar"),
        ({"n_init": 2}, "n_init goes with init only"),
        ({"prior": "none of these"}, "prior"),
    ],
)
def test_wrong_parameters_are_told_of_when_it_fits(given: dict[str, Any], said: str) -> None:
    model = GaussianMixtureSelector(**given)
    assert said in message_of(lambda: model.fit(X))
    assert not hasattr(model, "n_features_in_")


def test_options_reach_the_fits() -> None:
    given = {"prior": "default", "equal_weights": True, "search": "quick", "init_params": "k-means++", "n_init": 2}
    fit = GaussianMixtureSelector(3, covariance_type="full", **given, reg_covar=0).fit(X).selection_.fits_[0]
    assert fit is not None and fit.settings.equal_weights and fit.settings.search == "quick"
    assert (fit.settings.init, fit.settings.n_init) == ("kmeans++", 2) and fit.report.prior is not None
    by_folds = GaussianMixtureSelector(**FEW, criterion="cv", n_folds=3).fit(X)
    assert set(by_folds.table_["n_folds"]) == {3.0} and by_folds.n_components_ == 3


def test_weights_of_rows_count() -> None:
    counts = np.random.default_rng(0).integers(0, 3, len(X))
    weighted = GaussianMixtureSelector(**FEW).fit(X, sample_weight=counts)
    repeated = GaussianMixtureSelector(**FEW).fit(np.repeat(X, counts, axis=0))
    assert weighted.n_components_ == repeated.n_components_
    assert weighted.score(X, sample_weight=counts) == pytest.approx(
        repeated.score(np.repeat(X, counts, axis=0)), abs=1e-3
    )
    assert len(weighted.fit_predict(X, sample_weight=counts)) == len(X)


def test_names_of_features_are_checked() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["a", "b"])
    model = GaussianMixtureSelector(**FEW).fit(frame)
    assert model.feature_names_in_.tolist() == model.best_estimator_.feature_names_in_.tolist() == ["a", "b"]
    assert model.predict(frame).tolist() == FITTED.predict(X).tolist()
    assert "feature names" in message_of(lambda: model.predict(frame[["b", "a"]]))


def test_pipelines_and_searches_take_it() -> None:
    piped = make_pipeline(StandardScaler(), GaussianMixtureSelector(**FEW)).fit(X)
    assert piped.predict(X).shape == (200,) and piped[-1].n_components_ == 3
    folds = KFold(3, shuffle=True, random_state=0)
    scores = cross_val_score(GaussianMixtureSelector(**FEW), X, cv=folds)
    for score, (train, test) in zip(scores, folds.split(X), strict=True):
        assert score == GaussianMixtureSelector(**FEW).fit(X[train]).score(X[test])
    grid = GridSearchCV(GaussianMixtureSelector(**FEW), {"criterion": ["bic", "icl"]}, cv=folds).fit(X)
    assert grid.best_score_ == pytest.approx(scores.mean())


def test_pickles_and_pages_know_the_fit() -> None:
    again = pickle.loads(pickle.dumps(FITTED))
    assert again.predict_proba(X).tobytes() == FITTED.predict_proba(X).tobytes()
    assert again.selection_.best_ is again.best_estimator_ and again.summary() == FITTED.summary()
    assert "converged" in mogul.report(FITTED, X).html
    assert mogul.plot_svg(FITTED, X).svg.startswith("<svg")
    shown = FITTED._repr_html_()
    assert "sk-top-container" in shown and "BIC, lower is better" in shown
    assert "BIC" not in GaussianMixtureSelector()._repr_html_()


def test_equal_weights_are_no_parameters_of_the_criteria() -> None:
    model = GaussianMixtureSelector(3, covariance_type="full", equal_weights=True).fit(X)
    assert model.bic(X) == pytest.approx(model.table_["bic"][0], rel=1e-12) == model.best_estimator_.bic(X)


def test_a_fit_that_fails_leaves_the_last_one() -> None:
    model = GaussianMixtureSelector(**FEW).fit(X)
    before = pickle.dumps(vars(model))
    assert "contains NaN" in message_of(lambda: model.fit(np.full((9, 2), np.nan)))
    model.set_params(n_components=[7])
    assert "more components than rows" in message_of(lambda: model.fit(X[:3]))
    model.set_params(n_components=(1, 4))
    assert pickle.dumps(vars(model)) == before


def test_fits_that_do_not_converge_and_bad_units_are_warned_of_at_the_line_that_called() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        GaussianMixtureSelector(3, covariance_type="full", max_iter=1, tol=0).fit(X)
        GaussianMixtureSelector(1, covariance_type="full").fit_predict(X * 1e-6)
    assert [warning.category for warning in caught] == [ConvergenceWarning, UserWarning]
    assert {warning.filename for warning in caught} == {__file__}


INTERRUPTED = """
import os, pickle, signal, threading, time
import numpy as np
import mogul

x = np.random.default_rng(0).normal(size=(200_000, 8))
model = mogul.GaussianMixtureSelector((1, 2), covariance_type="spherical", tol=1.0, random_state=0).fit(x[:100])
model.set_params(n_components=(1, 30), covariance_type="all", tol=0)
before = pickle.dumps(vars(model))
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
started = time.monotonic()
try:
    model.fit(x)
except KeyboardInterrupt:
    print(time.monotonic() - started, pickle.dumps(vars(model)) == before)
"""


def test_an_interrupt_leaves_it_as_it_was() -> None:
    seconds, unchanged = run_python(INTERRUPTED).split()
    assert 0.4 < float(seconds) < 10 and unchanged == "True"


def test_the_search_of_an_estimator_is_in_its_summary() -> None:
    searched = GaussianMixture(3, search="quick", random_state=0, tol=1e-6).fit(X)
    assert "\nsearch       " in searched.summary() and " finalists agree" in searched.summary()
    assert "\nsearch" not in GaussianMixture(3, random_state=0).fit(X).summary()
