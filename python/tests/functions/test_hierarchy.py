"""mogul/hierarchy.hpp"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import cut_tree, linkage

import mogul


def rows() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(40, 3)) + np.repeat([[0.0], [5.0]], 20, axis=0)


def test_wards_tree_is_that_of_scipy() -> None:
    x = rows()
    tree = mogul.hierarchy(x, cost="EII", transform="STD")
    z = linkage((x - x.mean(0)) / x.std(0, ddof=1), "ward")
    assert np.array_equal(np.sort(tree.merges, axis=1), np.sort(z[:, :2], axis=1))
    np.testing.assert_allclose(tree.costs, z[:, 2] ** 2 / 2, rtol=1e-10)
    for k in (1, 2, 5, 39):
        assert tree.labels(k).tolist() == cut_tree(z, k)[:, 0].tolist()


def test_it_has_labels_for_every_number_of_clusters() -> None:
    tree = mogul.hierarchy(rows())
    assert repr(tree) == "Hierarchy(n_rows=40, n_leaves=40)"
    assert tree.n_leaves == 40 and tree.leaf_of_row.tolist() == list(range(40))
    assert tree.merges.shape == (39, 2) and tree.merges.dtype == np.int64 and tree.costs.shape == (39,)
    assert tree.labels(2).tolist() == [0] * 20 + [1] * 20
    assert tree.labels(40).tolist() == list(range(40))
    with pytest.raises(ValueError, match=r"n_clusters = 41; must lie in 1\.\.40"):
        tree.labels(41)


@pytest.mark.parametrize("cost", ["EII", "VII", "EEE", "VVV"])
@pytest.mark.parametrize("transform", ["STD", "SVD"])
def test_a_weight_of_two_is_a_repeated_row(cost: str, transform: str) -> None:
    x = rows()
    weights = np.where(np.arange(40) < 10, 2, 1)
    once = mogul.hierarchy(x, cost=cost, transform=transform, weights=weights).labels(5)
    twice = mogul.hierarchy(np.repeat(x, weights, axis=0), cost=cost, transform=transform).labels(5)
    assert np.repeat(once, weights).tolist() == twice.tolist()


def test_a_fit_starts_from_its_partition() -> None:
    x = rows()
    started = mogul.fit(x, 3, init="hierarchical", max_iter=0)
    assert started.settings.init == "hierarchical"
    assert started.mixture == mogul.fit(x, 3, init=mogul.hierarchy(x).labels(3), max_iter=0).mixture
    with pytest.raises(ValueError, match="n_init = 2 with init = hierarchical; must be 1"):
        mogul.fit(x, 3, init="hierarchical", n_init=2)


def test_the_estimator_has_one_restart_from_it() -> None:
    x = rows()
    one = mogul.GaussianMixture(2, init_params="hierarchical", random_state=0).fit(x)
    four = mogul.GaussianMixture(2, init_params="hierarchical", n_init=4, random_state=0).fit(x)
    assert np.array_equal(one.means_, four.means_)
    assert one.predict(x).tolist() == [0] * 20 + [1] * 20


def test_of_many_rows_micro_clusters_are_merged() -> None:
    x = np.random.default_rng(1).normal(size=(6000, 2)) + np.repeat([[0.0], [50.0]], 3000, axis=0)
    tree, again = (mogul.hierarchy(x, n_threads=n) for n in (1, 2))
    assert tree.n_leaves <= 1000 and np.array_equal(tree.merges, again.merges)
    assert tree.labels(2).tolist() == [0] * 3000 + [1] * 3000


def test_words_that_are_not_known_are_refused() -> None:
    with pytest.raises(ValueError, match="cost = 'EEV'; must be one of 'EII', 'VII', 'EEE', 'VVV'"):
        mogul.hierarchy(rows(), cost="EEV")
    with pytest.raises(ValueError, match="transform = 'PCA'; must be one of 'STD', 'SVD'"):
        mogul.hierarchy(rows(), transform="PCA")
