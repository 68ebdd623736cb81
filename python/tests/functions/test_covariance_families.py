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
    by_name = {name: mogul.fit(x, 2, covariance=name).mixture for name in [*NAMES, "E", "V"]}
    variances = {name: np.array([by_name[name].covariance(k) for k in range(2)]).ravel() for name in by_name}
    for name in NAMES:
        other = name[0]  # one feature has a volume only
        np.testing.assert_allclose(variances[name], variances[other], rtol=1e-6)
        assert by_name[name].n_parameters == by_name[other].n_parameters
