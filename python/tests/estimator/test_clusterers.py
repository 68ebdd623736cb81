"""Both estimators are what squidpy's automatic choice of K, and others of single-cell analysis, take as a clusterer."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
import pytest
from conftest import random_mixture, random_rows
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

from mogul import GaussianMixture, GaussianMixtureSelector


@runtime_checkable
class Clusterer(Protocol):
    """Labels of rows, parameters, and a seed among these; sklearn.base.clone() copies it."""

    def fit_predict(self, X: Any) -> Any: ...

    def get_params(self, deep: bool = True) -> dict[str, Any]: ...

    def set_params(self, **params: Any) -> Any: ...


X = random_rows(random_mixture("full", k=3, d=2, seed=5, apart=8.0), 200)
CLUSTERERS: list[Any] = [
    GaussianMixture(3, init_params="random_from_data"),
    GaussianMixtureSelector((2, 4), covariance_type="full"),
    GaussianMixtureSelector((2, 4), covariance_type="tied", criterion="stability", n_runs=2),
]


@pytest.mark.parametrize("clusterer", CLUSTERERS)
def test_it_is_a_clusterer(clusterer: Any) -> None:
    assert isinstance(clusterer, Clusterer)
    assert "random_state" in clusterer.get_params()
    labels = clone(clusterer).set_params(random_state=0).fit_predict(X)
    assert isinstance(labels, np.ndarray) and labels.shape == (200,) and labels.dtype == np.int64
    assert {2, 3, 4} & {len(set(labels))}


@pytest.mark.parametrize("clusterer", CLUSTERERS)
def test_clones_with_one_random_state_agree(clusterer: Any) -> None:
    one, two = (clone(clusterer).set_params(random_state=7).fit_predict(X) for _ in range(2))
    assert one.tolist() == two.tolist()
    assert not hasattr(clusterer, "n_features_in_")  # the original is not fitted
    assert adjusted_rand_score(one, clone(clusterer).set_params(random_state=8).fit_predict(X)) > 0.5


def test_the_random_state_is_used() -> None:
    fits = [clone(CLUSTERERS[0]).set_params(random_state=seed).fit(X).means_.tobytes() for seed in (0, 1, 0)]
    assert fits[0] == fits[2] != fits[1]
