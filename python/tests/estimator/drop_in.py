"""A pytest plugin that runs scikit-learn's own tests of GaussianMixture on mogul's.

    pytest -p drop_in --pyargs sklearn.mixture.tests.test_gaussian_mixture sklearn.mixture.tests.test_mixture

It swaps the class before the tests are collected, leaves out those that reach for what is private to scikit-learn's
class, by name and with the reason, and counts the fits that mogul made: a test that fits with another class than
mogul's, or not at all without saying so, fails.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sklearn.mixture

from mogul import GaussianMixture

PRIVATE = {
    "test_gaussian_mixture_precisions_init": "calls the private _initialize, _set_parameters and helper functions",
    "test_gaussian_mixture_all_init_does_not_estimate_gaussian_parameters": "counts calls of a private function",
    "test_gaussian_mixture_array_api_compliance": "arrays of other libraries and devices, not for mogul",
    "test_gaussian_mixture_raises_where_array_api_not_implemented": "the same",
    "test_gaussian_mixture_precisions_init_diag": "compares with scikit-learn's own k-means, label by label",
}
FUNCTIONS = {
    name: "tests private functions of scikit-learn only"
    for name in (
        "test_suffstat_sk_full",
        "test_suffstat_sk_tied",
        "test_suffstat_sk_diag",
        "test_gaussian_suffstat_sk_spherical",
        "test_compute_log_det_cholesky",
        "test_gaussian_mixture_log_probabilities",
    )
}
WITHOUT_FIT = {
    "test_mixture_n_components_greater_than_n_samples_error": "expects an error",
}
OTHER_CLASS = "BayesianGaussianMixture"

n_fits = 0
left_out: dict[tuple[str, str], int] = {}


class Counted(GaussianMixture):
    def _fit(self, *args, **kwargs):
        global n_fits
        n_fits += 1
        return super()._fit(*args, **kwargs)


Counted.__name__ = Counted.__qualname__ = "GaussianMixture"  # as messages name it
sklearn.mixture.GaussianMixture = Counted


def reason(item: pytest.Item) -> str | None:
    name = getattr(item, "originalname", item.name)
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else []
    if any(type(value).__name__ == OTHER_CLASS for value in parameters):
        return "another estimator"
    return PRIVATE.get(name) or FUNCTIONS.get(name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in list(items):
        why = reason(item)
        if why is not None:
            key = (getattr(item, "originalname", item.name), why)
            left_out[key] = left_out.get(key, 0) + 1
            items.remove(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    before = n_fits
    yield
    if n_fits == before and getattr(item, "originalname", item.name) not in WITHOUT_FIT:
        pytest.fail("mogul made no fit: the test says nothing of it")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("scikit-learn's tests on mogul")
    terminalreporter.line(f"{n_fits} fits made by mogul")
    for (name, why), count in left_out.items():
        terminalreporter.line(f"left out: {name} ({count}): {why}")
