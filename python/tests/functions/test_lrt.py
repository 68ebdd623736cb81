"""mogul/lrt.hpp"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import mogul


def clusters(n: int = 60, apart: float = 8) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, 2)) + np.repeat([[0.0], [apart]], n // 2, axis=0)


def test_it_stops_at_the_number_of_clusters() -> None:
    result = mogul.lrt(clusters(), n_bootstrap=19, seed=1)
    assert isinstance(result, mogul.LrtResult) and isinstance(result.tests[0], mogul.LikelihoodRatioTest)
    assert [test.n_components for test in result.tests] == [1, 2]
    assert result.n_components == 2 and result.level == 0.05 and result.n_bootstrap == 19
    assert result.covariance == "full"
    p_values = ", ".join(f"{test.p_value:.3g}" for test in result.tests)
    assert repr(result) == f"LrtResult(n_components=2, level=0.05, p_values=[{p_values}])"


def test_its_numbers_are_those_of_their_definitions() -> None:
    x = clusters(80, 2)
    test = mogul.lrt(x, 1, covariance_type="tied", n_bootstrap=29, level=0.5, random_state=3).tests[0]
    assert test.reason == "" and test.n_failed == 0 and test.n_failed_of_next == 0
    assert test.replicates.shape == (test.n_drawn,) == (29,) and test.replicates.dtype == np.float64
    assert (test.replicates >= 0).all()
    for k, log_likelihood in ((1, test.log_likelihood), (2, test.log_likelihood_of_next)):
        fitted = mogul.fit(x, k, covariance="tied").report.log_likelihood
        assert log_likelihood == pytest.approx(fitted, abs=0.05)
    assert test.statistic == 2 * (test.log_likelihood_of_next - test.log_likelihood)
    assert test.p_value == pytest.approx((1 + (test.replicates >= test.statistic).sum()) / 30)
    assert repr(test) == (
        f"LikelihoodRatioTest(n_components=1, statistic={test.statistic:.6g}, p_value={test.p_value:.3g})"
    )


def test_its_texts_tell_the_same() -> None:
    result = mogul.lrt(clusters(), range(1, 3), n_bootstrap=19)
    told = json.loads(result.json())
    assert told["n_components"] == result.n_components
    assert [test["p_value"] for test in told["tests"]] == [test.p_value for test in result.tests]
    assert told["tests"][0]["replicates"] == result.tests[0].replicates.tolist()
    assert "the smallest K that is not rejected at 0.05 is 2" in result.summary()


def test_threads_change_nothing_and_the_seed_does() -> None:
    x = clusters(40, 3)
    one, two, other = (mogul.lrt(x, 1, n_bootstrap=19, n_threads=n, seed=seed) for n, seed in ((1, 0), (2, 0), (1, 1)))
    assert one.json() == two.json() != other.json()


def test_weights_are_counts() -> None:
    x = clusters(20, 6)
    counts = np.arange(20) % 3
    once = mogul.lrt(x, 1, weights=counts, n_bootstrap=19).tests[0]
    many = mogul.lrt(np.repeat(x, counts, axis=0), 1, n_bootstrap=19).tests[0]
    assert once.log_likelihood == pytest.approx(many.log_likelihood)
    assert once.statistic == pytest.approx(many.statistic, abs=0.05)
    with pytest.raises(ValueError, match=r"weights: row 1 weighs 0\.5; must be whole numbers"):
        mogul.lrt(x, 1, weights=np.full(20, 0.5))


def test_a_bound_on_eigenvalues_is_taken() -> None:
    assert mogul.lrt(clusters(), max_eigenvalue_ratio=3, n_bootstrap=19).n_components == 2


def test_where_there_is_no_fit_it_says_why() -> None:
    result = mogul.lrt(np.array([[0.0], [1.0]]), 2, n_bootstrap=19)
    test = result.tests[0]
    assert result.n_components is None and np.isnan(test.statistic) and np.isnan(test.p_value)
    assert test.reason.startswith("no fit of 2 components") and test.n_drawn == 0
    assert repr(test) == f"LikelihoodRatioTest(n_components=2, reason='{test.reason}')"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_components": [1, 3]}, "3 after 1; must be a range without gaps"),
        ({"n_components": []}, "n_components: no value"),
        ({"n_components": 0}, "n_components = 0"),
        ({"n_bootstrap": 18}, "n_bootstrap = 18; must be 19 or more at level = 0.05"),
        ({"level": 1.5}, "level = 1.5; must be more than 0"),
        ({"covariance": "ful"}, "full"),
        ({"reg_covar": -1}, "reg_covar"),
    ],
)
def test_options_that_break_a_rule_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mogul.lrt(clusters(), **arguments)


@pytest.mark.parametrize("n_components", ["three", 1.5, [1, "2"]])
def test_what_is_no_number_of_components_is_refused(n_components: object) -> None:
    with pytest.raises((TypeError, ValueError), match="n_components"):
        mogul.lrt(clusters(), n_components)
