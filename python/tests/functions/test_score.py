"""What a mixture says about rows is what SciPy says, for every structure and every kind of argument."""

from __future__ import annotations

import gc

import numpy as np
import pandas as pd
import pytest
from conftest import (
    OF_ALL_ROWS,
    PER_ROW,
    Problem,
    dense_of,
    expected_component_log_densities,
    expected_log_densities,
    expected_log_joint,
    expected_responsibilities,
    message_of,
    random_mixture,
)
from scipy.spatial.distance import mahalanobis
from scipy.special import xlogy

import mogul
from mogul import Mixture, Rows


def as_dataset(x: np.ndarray) -> mogul.Dataset:
    lines = [",".join(map(repr, row)) for row in x.tolist()]
    return mogul.parse_dataset("\n".join(lines).encode(), "rows.csv", header=False)


ROWS = {
    "list": lambda x: x.tolist(),
    "fortran": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=0)[::2],
    "columns of a wider table": lambda x: np.hstack([x, x])[:, : x.shape[1]],
    "big-endian": lambda x: x.astype(">f8"),
    "object": lambda x: x.astype(object),
    "pandas": pd.DataFrame,
    "Rows": Rows,
    "Rows of Rows": lambda x: Rows(Rows(x)),
    "Dataset": as_dataset,
}


def close(found: object, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_component_log_densities(problem: Problem) -> None:
    close(
        mogul.component_log_densities(problem.mixture, problem.x),
        expected_component_log_densities(problem.mixture, problem.x),
    )


def test_log_joint(problem: Problem) -> None:
    close(mogul.log_joint(problem.mixture, problem.x), expected_log_joint(problem.mixture, problem.x))


def test_log_joint_is_minus_infinity_where_a_weight_is_zero() -> None:
    mixture = Mixture("spherical", [0.0, 1.0], [[0.0], [1.0]], [1.0, 2.0])
    joint = mogul.log_joint(mixture, [[0.0], [3.0]])
    assert joint[:, 0].tolist() == [-np.inf, -np.inf]
    close(joint[:, 1], expected_log_joint(mixture, np.array([[0.0], [3.0]]))[:, 1])
    assert mogul.responsibilities(mixture, [[0.0]]).tolist() == [[0.0, 1.0]]


def test_log_densities(problem: Problem) -> None:
    close(mogul.log_densities(problem.mixture, problem.x), expected_log_densities(problem.mixture, problem.x))


def test_responsibilities(problem: Problem) -> None:
    r = mogul.responsibilities(problem.mixture, problem.x)
    close(r, expected_responsibilities(problem.mixture, problem.x))
    np.testing.assert_allclose(r.sum(axis=1), 1, rtol=0, atol=1e-15)


def test_labels_are_the_most_probable_components(problem: Problem) -> None:
    labels = mogul.labels(problem.mixture, problem.x)
    assert labels.dtype == np.int64
    assert labels.tolist() == expected_log_joint(problem.mixture, problem.x).argmax(axis=1).tolist()


def test_labels_are_the_lowest_of_equals() -> None:
    twins = Mixture("spherical", [0.2, 0.4, 0.4], [[5.0], [0.0], [0.0]], [1.0, 1.0, 1.0])
    assert mogul.labels(twins, [[0.0], [0.5], [9.0]]).tolist() == [1, 1, 0]


def test_squared_mahalanobis(problem: Problem) -> None:
    covariances = dense_of(problem.mixture)
    expected = [
        [mahalanobis(row, problem.mixture.means[k], np.linalg.inv(covariances[k])) ** 2 for k in range(3)]
        for row in problem.x
    ]
    np.testing.assert_allclose(mogul.squared_mahalanobis(problem.mixture, problem.x), expected, rtol=1e-11, atol=1e-12)


def test_log_likelihood(problem: Problem) -> None:
    densities = expected_log_densities(problem.mixture, problem.x)
    close(mogul.log_likelihood(problem.mixture, problem.x), densities.sum())
    weighted = mogul.log_likelihood(problem.mixture, problem.x, weights=problem.row_weights)
    close(weighted, problem.row_weights @ densities)


def test_entropy(problem: Problem) -> None:
    r = expected_responsibilities(problem.mixture, problem.x)
    per_row = -xlogy(r, r).sum(axis=1)
    close(mogul.entropy(problem.mixture, problem.x), per_row.sum())
    close(mogul.entropy(problem.mixture, problem.x, weights=problem.row_weights), problem.row_weights @ per_row)


def test_complete_log_likelihood(problem: Problem) -> None:
    z = np.arange(len(problem.x)) % 3
    per_row = expected_log_joint(problem.mixture, problem.x)[np.arange(len(z)), z]
    for labels in (z, z.tolist(), z.astype(np.int8), z.astype(np.uint64), z.astype(">i4"), np.repeat(z, 2)[::2]):
        close(mogul.complete_log_likelihood(problem.mixture, problem.x, labels), per_row.sum())
    weighted = mogul.complete_log_likelihood(problem.mixture, problem.x, z, weights=problem.row_weights)
    close(weighted, problem.row_weights @ per_row)


def test_labels_of_two_components_may_be_booleans() -> None:
    mixture, x = random_mixture("full", k=2), np.array([[0.0, 1.0], [2.0, 3.0]])
    expected = expected_log_joint(mixture, x)[[0, 1], [1, 0]].sum()
    close(mogul.complete_log_likelihood(mixture, x, [True, False]), expected)


def test_expected_complete_log_likelihood_at_given_responsibilities(problem: Problem) -> None:
    r = np.random.default_rng(9).dirichlet(np.ones(3), size=len(problem.x))
    per_row = (r * expected_log_joint(problem.mixture, problem.x)).sum(axis=1)
    for given in (r, r.tolist(), np.asfortranarray(r)):
        close(mogul.expected_complete_log_likelihood(problem.mixture, problem.x, given), per_row.sum())
    weighted = mogul.expected_complete_log_likelihood(problem.mixture, problem.x, r, weights=problem.row_weights)
    close(weighted, problem.row_weights @ per_row)


def test_expected_complete_log_likelihood_at_its_own_responsibilities(problem: Problem) -> None:
    r = expected_responsibilities(problem.mixture, problem.x)
    per_row = (r * expected_log_joint(problem.mixture, problem.x)).sum(axis=1)
    close(mogul.expected_complete_log_likelihood(problem.mixture, problem.x), per_row.sum())
    weighted = mogul.expected_complete_log_likelihood(problem.mixture, problem.x, None, problem.row_weights)
    close(weighted, problem.row_weights @ per_row)


def test_the_log_likelihood_is_q_plus_h(problem: Problem) -> None:
    q = mogul.expected_complete_log_likelihood(problem.mixture, problem.x, weights=problem.row_weights)
    h = mogul.entropy(problem.mixture, problem.x, weights=problem.row_weights)
    close(q + h, mogul.log_likelihood(problem.mixture, problem.x, weights=problem.row_weights))


def test_evaluate_holds_them_all(problem: Problem) -> None:
    w, m, x = problem.row_weights, problem.mixture, problem.x
    found = mogul.evaluate(m, x, weights=w)
    joint, r = expected_log_joint(m, x), expected_responsibilities(m, x)
    n, p, likelihood = w.sum(), m.n_parameters, w @ expected_log_densities(m, x)
    assert (found.n_rows, found.n_parameters) == (len(x), p)
    close(found.sum_weights, n)
    close(found.log_likelihood, likelihood)
    close(found.mean_log_likelihood, likelihood / n)
    close(found.expected_complete_log_likelihood, w @ (r * joint).sum(axis=1))
    close(found.entropy, -w @ xlogy(r, r).sum(axis=1))
    close(found.aic, -2 * likelihood + 2 * p)
    close(found.bic, -2 * likelihood + p * np.log(n))
    close(found.icl, -2 * w @ joint.max(axis=1) + p * np.log(n))
    close(found.component_sizes, w @ r)
    assert f"bic={found.bic:.10g}" in repr(found) and f"log_likelihood={found.log_likelihood:.10g}" in repr(found)


def test_evaluate_without_weights_counts_every_row_once(problem: Problem) -> None:
    plain = mogul.evaluate(problem.mixture, problem.x)
    ones = mogul.evaluate(problem.mixture, problem.x, np.ones(len(problem.x)))
    assert plain.sum_weights == ones.sum_weights == 60
    assert (plain.log_likelihood, plain.bic, plain.icl) == (ones.log_likelihood, ones.bic, ones.icl)


def test_component_sizes_are_a_read_only_view_that_keeps_its_owner_alive(problem: Problem) -> None:
    evaluation = mogul.evaluate(problem.mixture, problem.x)
    sizes, expected = evaluation.component_sizes, evaluation.component_sizes.tolist()
    del evaluation
    gc.collect()
    _ = [mogul.evaluate(problem.mixture, problem.x + i) for i in range(50)]
    assert sizes.tolist() == expected
    assert message_of(lambda: sizes.__setitem__(0, 1.0)) == "assignment destination is read-only"


@pytest.mark.parametrize("function", PER_ROW + OF_ALL_ROWS)
@pytest.mark.parametrize("kind", ROWS)
def test_however_rows_come_the_result_is_the_same_bytes(function, kind: str) -> None:
    mixture = random_mixture("full", d=4)
    x = np.random.default_rng(3).normal(size=(50, 4))
    assert np.asarray(function(mixture, ROWS[kind](x))).tobytes() == np.asarray(function(mixture, x)).tobytes()


@pytest.mark.parametrize("function", PER_ROW + OF_ALL_ROWS)
def test_rows_of_float32_are_the_values_that_they_hold(function, problem: Problem) -> None:
    narrow = problem.x.astype(np.float32)
    expected = function(problem.mixture, narrow.astype(np.float64))
    np.testing.assert_allclose(function(problem.mixture, narrow), expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("function", PER_ROW + OF_ALL_ROWS)
def test_any_number_of_threads_gives_the_same_bytes(function) -> None:
    mixture = random_mixture("full", k=4, d=3)
    x = np.random.default_rng(3).normal(size=(5000, 3))
    one = np.asarray(function(mixture, x, n_threads=1))
    for n in (0, 2, 7):
        assert np.asarray(function(mixture, x, n_threads=n)).tobytes() == one.tobytes()


@pytest.mark.parametrize("function", PER_ROW + OF_ALL_ROWS)
def test_rows_are_not_changed(function, problem: Problem) -> None:
    before = problem.x.tobytes()
    function(problem.mixture, problem.x)
    assert problem.x.tobytes() == before


def test_results_do_not_change_with_the_rows_they_were_of(problem: Problem) -> None:
    x = problem.x.copy()
    densities = mogul.log_densities(problem.mixture, x)
    before = densities.tobytes()
    x[:] = 0
    assert densities.tobytes() == before
    densities[:] = 0  # and they are the caller's


def test_rows_with_weights_weigh(problem: Problem) -> None:
    rows = Rows(problem.x, problem.row_weights)
    given = mogul.log_likelihood(problem.mixture, problem.x, problem.row_weights)
    assert mogul.log_likelihood(problem.mixture, rows) == given
    assert (
        mogul.evaluate(problem.mixture, rows).bic == mogul.evaluate(problem.mixture, problem.x, problem.row_weights).bic
    )


def test_weight_two_is_a_row_twice_and_weight_zero_a_row_less(problem: Problem) -> None:
    counts = np.arange(len(problem.x)) % 3
    weighted = mogul.evaluate(problem.mixture, problem.x, counts)
    repeated = mogul.evaluate(problem.mixture, np.repeat(problem.x, counts, axis=0))
    for name in ("sum_weights", "log_likelihood", "mean_log_likelihood", "entropy", "aic", "bic", "icl"):
        close(getattr(weighted, name), getattr(repeated, name))


def test_far_from_every_component_densities_are_logarithms_still() -> None:
    mixture = Mixture("spherical", [0.5, 0.5], [[0.0], [1.0]], [1.0, 1.0])
    far = np.array([[1e6], [-1e9]])
    close(mogul.log_densities(mixture, far), expected_log_densities(mixture, far))
    assert mogul.responsibilities(mixture, far).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_squared_mahalanobis_is_capped() -> None:
    mixture = Mixture("spherical", [1.0], [[0.0]], [1e-300])
    assert mogul.squared_mahalanobis(mixture, [[1e100], [1e-150]])[:, 0].tolist() == [1e300, pytest.approx(1.0)]


def test_functions_take_their_arguments_by_name(problem: Problem) -> None:
    m, x, w = problem.mixture, problem.x, problem.row_weights
    assert mogul.entropy(model=m, x=x, weights=w, n_threads=1) == mogul.entropy(m, x, w, 1)
    assert np.array_equal(mogul.labels(model=m, x=x, n_threads=1), mogul.labels(m, x, 1))
    z = mogul.labels(m, x)
    by_name = mogul.complete_log_likelihood(model=m, x=x, z=z, weights=w, n_threads=1)
    assert by_name == mogul.complete_log_likelihood(m, x, z, w, 1)
