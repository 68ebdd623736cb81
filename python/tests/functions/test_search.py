"""The search for a start, acceleration and the rules for stopping, as Python has them."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import message_of, random_mixture, random_rows
from sklearn.utils.estimator_checks import check_estimator

import mogul
from mogul import GaussianMixture

X = random_rows(random_mixture("full", k=5, d=2), 500)


@pytest.mark.parametrize("search", ["quick", "default", "thorough"])
def test_a_search_tells_what_it_did(search: str) -> None:
    report = mogul.fit(X, 5, search=search).report
    assert report.search is not None and report.search.n_starts >= 1
    assert 1 <= report.search.n_agreeing <= report.search.n_finalists
    by = report.passes_by_phase
    assert report.passes == by.total == by.starts + by.convergence + by.splits + by.trials + by.last
    assert mogul.fit(X, 5, search="none").report.search is None


def test_a_search_and_a_start_exclude_each_other() -> None:
    start = mogul.fit(X, 5, max_iter=1).mixture
    for said in ({"init": "kmeans"}, {"init": start}, {"n_init": 1}, {"hold": ["weights"]}):
        assert mogul.fit(X, 5, **said).report.search is None
        text = message_of(lambda said=said: mogul.fit(X, 5, search="quick", **said))
        assert f"search = 'quick' does not go with {next(iter(said))}" in text
    text = message_of(lambda: mogul.fit(X, 5, search="slow"))
    assert text == "search = 'slow'; must be one of 'none', 'quick', 'default', 'thorough'"


def test_two_rules_for_stopping_are_refused() -> None:
    assert "two rules" in message_of(lambda: mogul.fit(X, 2, tol=1e-3, gain=0.1))
    assert "gain = -1" in message_of(lambda: mogul.fit(X, 2, gain=-1))
    by_tol = mogul.fit(X, 5, init="kmeans++", tol=1e-9, acceleration="none").report
    by_gain = mogul.fit(X, 5, init="kmeans++").report
    assert by_gain.passes < by_tol.passes
    assert abs(by_gain.log_likelihood - by_tol.log_likelihood) < 0.01
    assert "what gain allows" in by_gain.termination.message and "tol = 1e-09" in by_tol.termination.message


def test_passes_may_be_bounded() -> None:
    report = mogul.fit(X, 5, max_passes=50).report
    assert report.termination.reason == "max_passes" and report.passes <= 70
    assert "max_passes = 0" in message_of(lambda: mogul.fit(X, 5, max_passes=0))


def test_the_phases_are_shown() -> None:
    phases = set()
    mogul.fit(X, 5, callback=lambda iteration: phases.add(iteration.phase))
    assert {"starts", "convergence", "trials"} <= phases


def test_the_estimator_searches_if_it_is_told() -> None:
    found = GaussianMixture(5, search="default", acceleration="lbfgs", tol=1e-6, random_state=0).fit(X)
    again = GaussianMixture(5, search="default", acceleration="lbfgs", tol=1e-6, random_state=0).fit(X)
    np.testing.assert_array_equal(found.means_, again.means_)
    assert found.converged_ and found.score(X) >= GaussianMixture(5, random_state=0).fit(X).score(X) - 1e-6
    assert len(found.lower_bounds_) == found.n_iter_
    for said in ({"means_init": X[:5]}, {"n_init": 2}, {"hold": ["weights"]}, {"labels_init": np.arange(500) % 5}):
        text = message_of(lambda said=said: GaussianMixture(5, search="quick", **said).fit(X))
        assert f"does not go with {next(iter(said))}" in text


def test_acceleration_takes_fewer_iterations() -> None:
    start = {"tol": 1e-8, "max_iter": 5000, "random_state": 0}
    plain = GaussianMixture(5, **start).fit(X)
    fast = GaussianMixture(5, acceleration="lbfgs", **start).fit(X)
    assert fast.n_iter_ < plain.n_iter_
    assert fast.lower_bound_ == pytest.approx(plain.lower_bound_, abs=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_the_estimator_that_searches_passes_scikit_learns_checks() -> None:
    check_estimator(GaussianMixture(search="quick", acceleration="lbfgs"))
