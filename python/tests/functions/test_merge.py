"""mogul/merge.hpp"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import xlogy

import mogul
from mogul import Mixture, ModelFile

MEANS = [[0.0, 0.0], [1.5, 0.0], [0.5, 1.5], [8.0, 0.0], [9.0, 1.0], [0.0, 30.0]]
M = Mixture("tied_spherical", [0.2, 0.2, 0.1, 0.2, 0.2, 0.1], MEANS, [1.0])
X = mogul.sample(M, 600, seed=3)[0]


def entropy_of(t: np.ndarray, weights: np.ndarray | None = None) -> float:
    return float(-np.average(xlogy(t, t).sum(1), weights=weights) * (len(t) if weights is None else weights.sum()))


def test_the_entropies_are_those_of_the_summed_responsibilities() -> None:
    tree = mogul.merge(M, X)
    r = mogul.responsibilities(M, X)
    for n_clusters in range(1, 7):
        clusters = tree.clusters(n_clusters)
        t = np.stack([r[:, clusters == c].sum(1) for c in range(n_clusters)], axis=1)
        assert tree.entropies[n_clusters - 1] == pytest.approx(entropy_of(t), abs=1e-9)
        np.testing.assert_allclose(mogul.cluster_responsibilities(M, X, clusters), t, atol=1e-15)
        assert mogul.cluster_labels(M, X, clusters).tolist() == t.argmax(1).tolist()
    assert tree.entropies[-1] == pytest.approx(mogul.entropy(M, X), rel=1e-12)


def test_it_has_the_merges_in_their_order() -> None:
    tree = mogul.merge(M, X)
    assert repr(tree) == "ComponentTree(n_components=6, recommended=3)"
    assert (tree.n_components, tree.recommended) == (6, 3)
    assert tree.clusters().tolist() == [0, 0, 0, 1, 1, 2] == tree.clusters(3).tolist()
    assert tree.merges.shape == (5, 2) and tree.merges.dtype == np.int64 and tree.merges.max() == 9
    np.testing.assert_allclose(np.diff(tree.entropies)[::-1], tree.entropy_falls, atol=1e-12)
    np.testing.assert_allclose(tree.component_sizes, mogul.responsibilities(M, X).sum(0))
    assert tree.summary().splitlines()[-4].split() == ["cluster", "components", "size"]
    assert "chosen          2 clusters" in tree.summary(2)
    with pytest.raises(ValueError, match=r"n_clusters = 7; must lie in 1\.\.6"):
        tree.clusters(7)


def test_a_weight_of_two_is_a_repeated_row() -> None:
    weights = np.where(np.arange(600) < 100, 2, 1)
    once = mogul.merge(M, X, weights=weights, n_threads=1)
    twice = mogul.merge(M, np.repeat(X, weights, axis=0), n_threads=2)
    np.testing.assert_allclose(once.entropies, twice.entropies, rtol=1e-10, atol=1e-10)
    assert np.array_equal(once.merges, twice.merges)


def test_model_files_keep_the_clusters(tmp_path: Path) -> None:
    clusters = mogul.merge(M, X).clusters()
    file = ModelFile(M, ["a", "b"], clusters=clusters)
    mogul.write_model(tmp_path / "merged.json", file)
    again = mogul.read_model(tmp_path / "merged.json")
    assert again == file and again.clusters is not None and again.clusters.tolist() == clusters.tolist()
    assert mogul.model_json(again) == mogul.model_json(file)
    assert repr(file).endswith("feature_names=['a', 'b'], with clusters)")
    assert ModelFile(file).clusters is not None and ModelFile(M).clusters is None
    assert ModelFile(M) != ModelFile(M, clusters=clusters)


def test_the_estimator_says_that_it_has_no_clusters(tmp_path: Path) -> None:
    mogul.write_model(tmp_path / "merged.json", ModelFile(M, clusters=mogul.merge(M, X).clusters()))
    with pytest.warns(UserWarning, match=r"merged\.json: left out the clusters of components"):
        gm = mogul.GaussianMixture.from_json(tmp_path / "merged.json")
    assert gm.predict(X).tolist() == mogul.labels(M, X).tolist()


def test_maps_that_are_none_are_refused() -> None:
    for clusters, message in {
        (0, 1): "clusters has length 2; must be n_components = 6",
        (0, 0, 0, 0, 0, 6): r"clusters\[5\] = 6; must lie in 0\.\.5",
        (0, 0, 0, 0, 0, 2): "clusters has 2, but not 1; clusters are numbered 0, 1, ... without a gap",
    }.items():
        for call in (mogul.cluster_labels, mogul.cluster_responsibilities):
            with pytest.raises(ValueError, match=message):
                call(M, X, clusters)
        with pytest.raises(ValueError, match=message):
            ModelFile(M, clusters=clusters)
    for clusters in ([], [0, 0.5, 1, 1, 1, 1], "all"):
        with pytest.raises(ValueError, match="clusters"):
            ModelFile(M, clusters=clusters)
