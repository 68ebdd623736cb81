"""The fourteen covariance families in the functions of the module."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import mogul

FAMILIES = mogul.covariance_families()
NAMES = [family.name for family in FAMILIES]
X = np.random.default_rng(1).normal(size=(300, 3)) @ np.array([[2, 0.5, 0], [0, 1, 0.3], [0, 0, 0.5]])
X[::2] += 4


def test_the_families_come_from_the_most_constrained_to_the_freest() -> None:
    expected = "EII VII EEI VEI EVI VVI EEE VEE EVE VVE EEV VEV EVV VVV"
    assert expected.split() == NAMES
    assert [f.name for f in FAMILIES if f.is_shared] == ["EII", "EEI", "EEE"]
    assert {f.name: f.word for f in FAMILIES if f.word != f.name} == {
        "EII": "tied_spherical",
        "VII": "spherical",
        "EEI": "tied_diagonal",
        "VVI": "diagonal",
        "EEE": "tied",
        "VVV": "full",
    }


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_fit_score_sample_and_reports_know_the_family(family: mogul.CovarianceFamily, tmp_path: Path) -> None:
    mixture, report = mogul.fit(X, 2, covariance=family.name, reg_covar=0)
    assert mixture.structure == family.word
    assert mixture.n_parameters == report.n_parameters == family.n_parameters(2, 3) + 2 * 3 + 1
    assert np.diff(report.history).min() >= -1e-9
    assert report.bic == pytest.approx(-2 * report.log_likelihood + report.n_parameters * np.log(300))
    assert mogul.log_densities(mixture, X).sum() == pytest.approx(report.log_likelihood)
    assert mogul.sample(mixture, 10, seed=1)[0].shape == (10, 3)
    assert f" {family.word} covariance" in mogul.summary(report, mixture)
    mogul.write_model(tmp_path / "m.json", mixture)
    assert mogul.read_model(tmp_path / "m.json").mixture == mixture
    assert pickle.loads(pickle.dumps(mixture)) == mixture


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_marginals_and_permutations_keep_the_density(family: mogul.CovarianceFamily) -> None:
    mixture, _ = mogul.fit(X, 2, covariance=family.name)
    turned = mixture.permuted([1, 0])
    np.testing.assert_allclose(mogul.log_densities(turned, X), mogul.log_densities(mixture, X), rtol=1e-12)
    assert turned.structure == mixture.structure
    marginal = mixture.marginal([2, 0])
    for k in range(2):
        np.testing.assert_array_equal(marginal.covariance(k), mixture.covariance(k)[np.ix_([2, 0], [2, 0])])


def test_one_feature_has_two_families() -> None:
    x = X[:, :1]
    by_name = {
        name: mogul.fit(x, 2, covariance=name, init="kmeans", tol=1e-10, acceleration="none").mixture
        for name in [*NAMES, "E", "V"]
    }
    variances = {name: np.array([by_name[name].covariance(k) for k in range(2)]).ravel() for name in by_name}
    for name in NAMES:
        other = name[0]  # one feature has a volume only
        np.testing.assert_allclose(variances[name], variances[other], rtol=1e-6)
        assert by_name[name].n_parameters == by_name[other].n_parameters


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_a_family_stands_for_its_name(family: mogul.CovarianceFamily) -> None:
    again = pickle.loads(pickle.dumps(family))
    assert again == family and hash(again) == hash(family) and str(again) == family.word
    by_name = mogul.fit(X, 2, covariance=family.name)
    assert mogul.fit(X, 2, covariance=family).mixture == by_name.mixture
    mixture = by_name.mixture
    assert mogul.Mixture(family, mixture.weights, mixture.means, mixture.covariances) == mixture
    loop = mogul.EmLoop(mixture, covariance=family, max_iter=1)
    while (asked := loop.next()) is not None:
        loop.feed(asked.answer(X))
    assert loop.mixture.structure == family.word


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("start", ["full", "tied", "spherical", "VEI", "EVE"])
def test_a_start_of_another_family_is_left_with_the_first_step(start: str, name: str) -> None:
    begun = mogul.fit(X, 3, covariance=start, max_iter=20).mixture
    for max_iter in (1, 3):
        result = mogul.fit(X, init=begun, covariance=name, max_iter=max_iter)
        assert result.mixture.structure == mogul.fit(X, 2, covariance=name).mixture.structure
        assert result.report.iterations >= 1


def test_a_start_that_is_no_member_of_its_family_is_left_too() -> None:
    full = mogul.fit(X, 2, covariance="full").mixture
    begun = mogul.Mixture("VEE", full.weights, full.means, full.covariances)
    shapes = [mogul.fit(X, init=begun, max_iter=n).mixture.covariances for n in (1, 5)]
    for first, second in shapes:
        ratio = first / second
        np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-6)


@pytest.mark.parametrize("options", [{"equal_weights": True}, {"weight_concentration": 3}])
def test_a_weight_without_rows_is_warned_of(options: dict[str, object]) -> None:
    start = mogul.fit(X, 2).mixture
    means = np.vstack([start.means, [[1000, 1000, 1000]]])
    far = mogul.Mixture("full", [0.4, 0.4, 0.2], means, np.concatenate([start.covariances, start.covariances[:1]]))
    with pytest.warns(UserWarning, match="component 2 has a mixing weight, though no row belongs to it"):
        mogul.fit(X, init=far, hold={"means": [2]}, **options)
