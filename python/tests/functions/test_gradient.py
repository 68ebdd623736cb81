"""The gradient of the log-likelihood against differences of the log-likelihood."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from conftest import Array, Problem, expected_responsibilities, message_of, random_mixture, random_rows

import mogul
from mogul import Mixture


def moved(mixture: Mixture, name: str, move: Callable[[Array], None]) -> Mixture:
    parameters = {key: getattr(mixture, key).copy() for key in ("weights", "means", "covariances")}
    move(parameters[name])
    return Mixture(mixture.structure, **parameters)


def difference(problem: Problem, name: str, move: Callable[[Array, float], None], h: float = 1e-5) -> float:
    """The derivative of L where `move` moves a parameter by a length."""

    def at(length: float) -> float:
        mixture = moved(problem.mixture, name, lambda values: move(values, length))
        return mogul.log_likelihood(mixture, problem.x, problem.row_weights)

    return (at(h) - at(-h)) / (2 * h)


def test_means_are_those_of_differences(problem: Problem) -> None:
    gradient = mogul.log_likelihood_gradient(problem.mixture, problem.x, problem.row_weights)
    assert gradient.means.shape == problem.mixture.means.shape
    for index in np.ndindex(gradient.means.shape):

        def move(values: Array, length: float, index: tuple[int, ...] = index) -> None:
            values[index] += length

        assert gradient.means[index] == pytest.approx(difference(problem, "means", move), abs=1e-5)


def test_covariances_are_those_of_symmetric_differences(problem: Problem) -> None:
    gradient = mogul.log_likelihood_gradient(problem.mixture, problem.x, problem.row_weights)
    assert gradient.structure == problem.structure
    assert gradient.covariances.shape == problem.mixture.covariances.shape
    matrices = problem.structure in ("full", "tied")
    for index in np.ndindex(gradient.covariances.shape):
        places = {index, (*index[:-2], index[-1], index[-2])} if matrices else {index}

        def move(values: Array, length: float, places: set[tuple[int, ...]] = places) -> None:
            for place in places:
                values[place] += length

        expected = difference(problem, "covariances", move)
        assert len(places) * gradient.covariances[index] == pytest.approx(expected, abs=1e-4)


def test_weights_are_component_sizes_over_weights(problem: Problem) -> None:
    gradient = mogul.log_likelihood_gradient(problem.mixture, problem.x, weights=problem.row_weights)
    sizes = problem.row_weights @ expected_responsibilities(problem.mixture, problem.x)
    np.testing.assert_allclose(gradient.weights, sizes / problem.mixture.weights, rtol=1e-10)
    assert gradient.multiplier == pytest.approx(-problem.row_weights.sum(), rel=1e-13)


def test_it_vanishes_where_em_has_come_to_rest(problem: Problem) -> None:
    options = {"covariance": problem.structure, "reg_covar": 0, "tol": 0, "max_iter": 1000}
    weights = problem.row_weights
    fitted = mogul.fit(problem.x, init=problem.mixture, weights=weights, **options).mixture
    before = mogul.log_likelihood_gradient(problem.mixture, problem.x, weights)
    after = mogul.log_likelihood_gradient(fitted, problem.x, weights)
    assert before.largest_scaled > 0.01 and after.largest_scaled < 1e-7
    np.testing.assert_allclose(after.weights + after.multiplier, 0, atol=1e-5)
    np.testing.assert_allclose(after.means, 0, atol=1e-4)
    np.testing.assert_allclose(after.covariances, 0, atol=1e-4)


def test_rows_of_float32_are_summed_in_double() -> None:
    mixture = random_mixture("full", k=4, d=5)
    x = random_rows(mixture, 50_000).astype(np.float32)
    single, double = (mogul.log_likelihood_gradient(mixture, rows) for rows in (x, x.astype(float)))
    assert single == double


def test_it_is_a_value_that_is_pickled_and_printed(problem: Problem) -> None:
    gradient = mogul.log_likelihood_gradient(problem.mixture, problem.x)
    other = mogul.log_likelihood_gradient(problem.mixture, problem.x[1:])
    assert pickle.loads(pickle.dumps(gradient)) == gradient != other
    assert repr(gradient) == (
        f"LogLikelihoodGradient(structure='{problem.structure}', n_components=3, n_features=2, "
        f"largest_scaled={gradient.largest_scaled:.4g})"
    )
    assert not gradient.means.flags.writeable and not gradient.covariances.flags.writeable


def test_what_exceeds_a_double_is_an_error() -> None:
    narrow = Mixture("spherical", [1.0], [[0.0]], [1e-300])
    assert message_of(lambda: mogul.log_likelihood_gradient(narrow, [[1.0]])).startswith(
        "the derivative by the covariances exceeds the range of double; "
    )
