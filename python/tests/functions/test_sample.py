"""mogul.sample draws from the mixture that it is given, and the same rows for a seed."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import STRUCTURES, Problem, dense_of, random_mixture
from scipy import stats

import mogul
from mogul import Mixture

N = 20_000


@pytest.mark.parametrize("n", [0, 1, 2, 1000])
def test_a_sample_has_n_rows_and_their_components(problem: Problem, n: int) -> None:
    x, z = mogul.sample(problem.mixture, n)
    assert (x.shape, x.dtype, z.shape, z.dtype) == ((n, 2), np.float64, (n,), np.int64)
    assert np.all((z >= 0) & (z < 3)) and np.all(np.isfinite(x))


def test_components_are_as_frequent_as_their_weights(problem: Problem) -> None:
    _, z = mogul.sample(problem.mixture, N, seed=1)
    assert stats.chisquare(np.bincount(z, minlength=3), N * problem.mixture.weights).pvalue > 1e-4


def test_rows_have_the_means_and_covariances_of_their_components(problem: Problem) -> None:
    m = problem.mixture
    x, z = mogul.sample(m, N, seed=2)
    for k, covariance in enumerate(dense_of(m)):
        rows = x[z == k]
        white = np.linalg.solve(np.linalg.cholesky(covariance), (rows - m.means[k]).T)
        for values in white:
            assert stats.kstest(values, "norm").pvalue > 1e-4
        assert abs(np.corrcoef(white)[0, 1]) < 5 / np.sqrt(len(rows))


def test_the_mean_log_density_of_a_sample_is_the_negative_entropy_of_the_density() -> None:
    mixture = Mixture("spherical", [1.0], [[3.0, 4.0]], [2.0])
    x, _ = mogul.sample(mixture, N, seed=3)
    expected = -stats.multivariate_normal([3, 4], 2 * np.eye(2)).entropy()
    assert mogul.log_densities(mixture, x).mean() == pytest.approx(expected, abs=5 / np.sqrt(N))


def test_components_come_in_random_order() -> None:
    _, z = mogul.sample(random_mixture("full"), 1000)
    assert np.count_nonzero(np.diff(z)) > 300


def test_a_component_without_weight_is_never_drawn() -> None:
    _, z = mogul.sample(Mixture("spherical", [0.5, 0.0, 0.5], [[0], [1], [2]], [1, 1, 1]), 5000)
    assert set(z.tolist()) == {0, 2}


def test_a_seed_means_the_same_rows_and_another_others() -> None:
    mixture = random_mixture("full")
    same, again, other, large = (mogul.sample(mixture, 50, seed=seed)[0].tobytes() for seed in (5, 5, 6, 2**64 - 1))
    assert same == again and len({same, other, large}) == 3
    assert mogul.sample(mixture, 50)[0].tobytes() == mogul.sample(model=mixture, n=50, seed=0)[0].tobytes()


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_longer_sample_begins_with_the_shorter(structure: str) -> None:
    mixture = random_mixture(structure)
    (x, z), (longer_x, longer_z) = (mogul.sample(mixture, n, seed=7) for n in (100, 3000))
    assert longer_x[:100].tobytes() == x.tobytes() and longer_z[:100].tobytes() == z.tobytes()


def test_any_number_of_threads_draws_the_same_bytes() -> None:
    mixture = random_mixture("full", k=5, d=4)
    samples = [mogul.sample(mixture, 10_000, seed=1, n_threads=n) for n in (0, 1, 2, 7)]
    assert len({(x.tobytes(), z.tobytes()) for x, z in samples}) == 1


def test_a_fit_to_a_sample_finds_the_mixture_again() -> None:
    truth = random_mixture("full", apart=20.0)
    x, z = mogul.sample(truth, N, seed=4)
    found = mogul.fit(x, 3, init=z).mixture
    np.testing.assert_allclose(found.weights, truth.weights, atol=5 / np.sqrt(N))
    np.testing.assert_allclose(found.means, truth.means, atol=0.1)
    np.testing.assert_allclose(found.covariances, truth.covariances, atol=0.2)


def test_rows_are_the_callers_own() -> None:
    mixture = random_mixture("full")
    x, z = mogul.sample(mixture, 10)
    x[:], z[:] = 0, 0
    assert mogul.sample(mixture, 10)[0].any()
