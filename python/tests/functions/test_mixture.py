"""A Mixture holds what it was given, and says of it what NumPy and SciPy say."""

from __future__ import annotations

import copy
import gc
import pickle

import numpy as np
import pytest
from conftest import STRUCTURES, Problem, dense_of, expected_log_densities, random_mixture, random_rows

import mogul
from mogul import Mixture

SHAPES = {
    "full": (3, 2, 2),
    "tied": (2, 2),
    "diagonal": (3, 2),
    "tied_diagonal": (2,),
    "spherical": (3,),
    "tied_spherical": (1,),
}
# K - 1 weights, K D means, and the covariances: K D (D + 1) / 2, D (D + 1) / 2, K D, D, K, 1.
N_PARAMETERS = {"full": 17, "tied": 11, "diagonal": 14, "tied_diagonal": 10, "spherical": 11, "tied_spherical": 9}


def parts(mixture: Mixture) -> tuple[str, bytes, bytes, bytes]:
    arrays = (mixture.weights, mixture.means, mixture.covariances)
    return (mixture.structure, *(values.tobytes() for values in arrays))


def test_the_structures_are_six() -> None:
    words = [family.word for family in mogul.covariance_families()]
    assert len(words) == len(set(words)) == 14
    assert set(STRUCTURES) <= set(words)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_mixture_holds_what_it_was_given(structure: str) -> None:
    rng = np.random.default_rng(5)
    weights, means = rng.dirichlet(np.ones(3)), rng.normal(size=(3, 2))
    covariances = np.abs(rng.normal(size=SHAPES[structure])) + 0.5
    if structure in ("full", "tied"):
        covariances = covariances @ np.swapaxes(covariances, -1, -2) + np.eye(2)
    mixture = Mixture(structure, weights, means, covariances)
    assert mixture.structure == structure
    assert (mixture.n_components, mixture.n_features) == (3, 2)
    assert mixture.weights.tolist() == weights.tolist()
    assert mixture.means.tolist() == means.tolist()
    assert mixture.covariances.shape == SHAPES[structure]
    np.testing.assert_allclose(mixture.covariances, covariances, rtol=4e-16)  # made exactly symmetric
    assert mixture.n_parameters == N_PARAMETERS[structure]


def test_a_matrix_that_is_symmetric_but_for_rounding_becomes_so() -> None:
    given = np.array([[2.0, 0.5 + 1e-12], [0.5, 1.0]])
    held = Mixture("tied", [1.0], [[0.0, 0.0]], given).covariances
    assert held.tolist() == [[2.0, 0.5 + 0.5e-12], [0.5 + 0.5e-12, 1.0]]


@pytest.mark.parametrize(
    "of",
    [
        lambda a: a.tolist(),
        lambda a: tuple(map(tuple, a)) if a.ndim == 2 else tuple(a),
        lambda a: a.astype(np.float32),
        lambda a: np.asfortranarray(a),
        lambda a: a.astype(">f8"),
        lambda a: a.astype(object),
        lambda a: np.repeat(a, 2, axis=0)[::2],
    ],
    ids=["list", "tuple", "float32", "fortran", "big-endian", "object", "strided"],
)
def test_parameters_may_be_anything_that_numpy_makes_arrays_of(of) -> None:
    weights, means, variances = (
        np.array([0.25, 0.75]),
        np.array([[1.0, 2.0], [3.0, 4.5]]),
        np.array([[1.0, 0.5], [2, 4]]),
    )
    mixture = Mixture("diagonal", of(weights), of(means), of(variances))
    assert mixture == Mixture("diagonal", weights, means, variances)
    assert mixture.means.tolist() == [[1.0, 2.0], [3.0, 4.5]]


def test_integers_are_parameters_too() -> None:
    mixture = Mixture("tied", [True], np.zeros((1, 2), np.int8), [[2, 1], [1, 2]])
    assert (mixture.weights.tolist(), mixture.covariances.tolist()) == ([1.0], [[2.0, 1.0], [1.0, 2.0]])


def test_parameters_may_be_given_by_name() -> None:
    by_name = Mixture(structure="spherical", weights=[1], means=[[2.0]], covariances=[3.0])
    assert by_name == Mixture("spherical", [1], [[2.0]], [3.0])


def test_what_happens_to_its_inputs_later_changes_nothing() -> None:
    weights, means, covariances = np.array([0.5, 0.5]), np.zeros((2, 2)), np.array([np.eye(2), np.eye(2)])
    mixture = Mixture("full", weights, means, covariances)
    before = parts(mixture)
    weights[:], means[:], covariances[:] = 7, 7, 7
    assert parts(mixture) == before


def test_covariance_is_the_matrix_of_a_component(problem: Problem) -> None:
    for k, expected in enumerate(dense_of(problem.mixture)):
        np.testing.assert_array_equal(problem.mixture.covariance(k), expected)


def test_variance_is_on_its_diagonal(problem: Problem) -> None:
    for k, expected in enumerate(dense_of(problem.mixture)):
        assert [problem.mixture.variance(k, d) for d in range(2)] == np.diag(expected).tolist()


def test_cholesky_is_its_lower_factor(problem: Problem) -> None:
    for k, covariance in enumerate(dense_of(problem.mixture)):
        factor = problem.mixture.cholesky(k)
        np.testing.assert_allclose(factor, np.linalg.cholesky(covariance), rtol=1e-14, atol=1e-15)
        assert np.array_equal(factor, np.tril(factor))


def test_log_determinant_is_that_of_numpy(problem: Problem) -> None:
    expected = np.linalg.slogdet(dense_of(problem.mixture)).logabsdet
    found = [problem.mixture.log_determinant(k) for k in range(3)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_a_result_is_the_callers_own_to_change(problem: Problem) -> None:
    before = parts(problem.mixture)
    for changed in (problem.mixture.covariance(0), problem.mixture.cholesky(0)):
        changed[:] = 7
    assert parts(problem.mixture) == before


def test_a_marginal_has_the_blocks_of_its_features(problem: Problem) -> None:
    turned = problem.mixture.marginal([1, 0])
    assert turned.means.tolist() == problem.mixture.means[:, ::-1].tolist()
    np.testing.assert_array_equal(dense_of(turned), dense_of(problem.mixture)[:, ::-1, ::-1])
    one = problem.mixture.marginal(np.array([1]))
    x = random_rows(problem.mixture)
    np.testing.assert_allclose(mogul.log_densities(one, x[:, 1:]), expected_log_densities(one, x[:, 1:]), rtol=1e-13)
    np.testing.assert_array_equal(dense_of(one), dense_of(problem.mixture)[:, 1:, 1:])
    assert one.weights.tolist() == problem.mixture.weights.tolist()


def test_a_marginal_is_the_integral_over_the_other_feature() -> None:
    mixture = random_mixture("full", seed=11)
    grid = np.linspace(-40, 40, 4001)
    x = 0.7
    joint = np.exp(mogul.log_densities(mixture, np.column_stack([np.full_like(grid, x), grid])))
    integral = np.trapezoid(joint, grid)
    assert np.exp(mogul.log_densities(mixture.marginal([0]), [[x]]))[0] == pytest.approx(integral, rel=1e-9)


def test_permuted_components_have_the_same_density(problem: Problem) -> None:
    order = [2, 0, 1]
    permuted = problem.mixture.permuted(order)
    assert permuted.weights.tolist() == problem.mixture.weights[order].tolist()
    assert permuted.means.tolist() == problem.mixture.means[order].tolist()
    np.testing.assert_array_equal(dense_of(permuted), dense_of(problem.mixture)[order])
    np.testing.assert_allclose(
        mogul.log_densities(permuted, problem.x), mogul.log_densities(problem.mixture, problem.x), rtol=1e-14
    )


def test_equal_parameters_make_equal_mixtures(problem: Problem) -> None:
    m = problem.mixture
    twin = Mixture(m.structure, m.weights.copy(), m.means.copy(), m.covariances.copy())
    assert twin == m and hash(twin) == hash(m) and twin.fingerprint() == m.fingerprint()
    assert len({m, twin}) == 1


def test_any_other_value_makes_another_mixture(problem: Problem) -> None:
    m = problem.mixture
    others = [
        Mixture(m.structure, m.weights[[1, 0, 2]], m.means, m.covariances),
        Mixture(m.structure, m.weights, np.nextafter(m.means, 100), m.covariances),
        Mixture(m.structure, m.weights, m.means, m.covariances * 2),
        m.permuted([1, 0, 2]),
    ]
    for other in others:
        assert other != m and other.fingerprint() != m.fingerprint()
    assert m != "mixture" and m != 3


def test_structures_differ_even_where_the_density_does_not() -> None:
    tied, spherical = Mixture("tied", [1], [[0]], [[1]]), Mixture("spherical", [1], [[0]], [1])
    assert tied != spherical
    assert mogul.log_densities(tied, [[0.5]])[0] == mogul.log_densities(spherical, [[0.5]])[0]


def test_its_text_says_what_it_is() -> None:
    assert repr(random_mixture("tied", 4, 3)) == "Mixture(structure='tied', n_components=4, n_features=3)"


@pytest.mark.parametrize("name", ["weights", "means", "covariances"])
def test_views_are_read_only(problem: Problem, name: str) -> None:
    view = getattr(problem.mixture, name)
    assert not view.flags.writeable and not view.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        view[...] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        view.flags.writeable = True
    with pytest.raises(AttributeError):
        setattr(problem.mixture, name, view)


def test_views_keep_their_mixture_alive(problem: Problem) -> None:
    m = problem.mixture
    mixture = Mixture(m.structure, m.weights, m.means, m.covariances)
    views = (mixture.weights, mixture.means, mixture.covariances)
    expected = [values.tobytes() for values in views]
    del mixture
    gc.collect()
    _ = [Mixture(m.structure, m.weights[::-1], -m.means, m.covariances * 2) for _ in range(100)]  # reuses freed memory
    assert [values.tobytes() for values in views] == expected


@pytest.mark.parametrize("again", [lambda m: pickle.loads(pickle.dumps(m)), copy.copy, copy.deepcopy])
def test_pickles_and_copies_are_equal_to_the_bit(problem: Problem, again) -> None:
    made = again(problem.mixture)
    assert parts(made) == parts(problem.mixture)
    assert made.fingerprint() == problem.mixture.fingerprint()
    for k in range(3):
        assert made.cholesky(k).tobytes() == problem.mixture.cholesky(k).tobytes()


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_of_pickle_serves(protocol: int) -> None:
    mixture = random_mixture("full")
    assert pickle.loads(pickle.dumps(mixture, protocol)) == mixture
