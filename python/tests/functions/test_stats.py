"""The single steps of EM: sums of one pass over the rows, which add up, and the mixture that they make."""

from __future__ import annotations

import copy
import gc
import itertools
import pickle

import numpy as np
import pytest
from conftest import (
    STRUCTURES,
    Array,
    Problem,
    assert_is,
    expected_log_densities,
    expected_log_joint,
    expected_m_step,
    expected_responsibilities,
    message_of,
    random_mixture,
    random_rows,
)
from scipy.special import xlogy

import mogul
from mogul import Rows, Stats

NEEDED = {
    "full": "full",
    "tied": "pooled",
    "diagonal": "diagonal",
    "tied_diagonal": "diagonal",
    "spherical": "spherical",
    "tied_spherical": "spherical",
}
MOMENTS = ("none", "mean", "spherical", "diagonal", "pooled", "full")
PROVIDED = {
    "none": {"none"},
    "mean": {"none", "mean"},
    "spherical": {"none", "mean", "spherical"},
    "diagonal": {"none", "mean", "spherical", "diagonal"},
    "pooled": {"none", "mean", "pooled"},
    "full": set(MOMENTS),
}
ARRAYS = ("shift", "n", "first", "second")
SUBSETS = [c for n in range(4) for c in itertools.combinations(("weights", "means", "covariances"), n)]
NUMBERS = ("sum_weights", "log_likelihood", "entropy", "map_log_likelihood")


def everything(stats: Stats) -> tuple[object, ...]:
    arrays = (getattr(stats, name).tobytes() for name in ARRAYS)
    return (stats.moments, stats.model, *arrays, *(getattr(stats, name) for name in NUMBERS))


def expected_second(moments: str, x: Array, wr: Array, shift: Array) -> Array:
    d = x.shape[1]
    centred = x[:, None, :] - shift
    products = np.einsum("nk,nki,nkj->kij", wr, centred, centred)
    packed = products[(slice(None), *np.tril_indices(d))]
    return {
        "none": np.empty((0, 0)),
        "mean": np.empty((0, 0)),
        "spherical": np.trace(products, axis1=1, axis2=2)[:, None],
        "diagonal": np.diagonal(products, axis1=1, axis2=2),
        "pooled": packed.sum(axis=0, keepdims=True),
        "full": packed,
    }[moments]


def test_moments_for_a_structure_are_what_its_m_step_needs() -> None:
    assert {structure: mogul.moments_for(structure) for structure in STRUCTURES} == NEEDED


@pytest.mark.parametrize("held", MOMENTS)
@pytest.mark.parametrize("needed", MOMENTS)
def test_some_moments_provide_others(held: str, needed: str) -> None:
    assert mogul.provides(held, needed) is (needed in PROVIDED[held])


@pytest.mark.parametrize("moments", MOMENTS)
def test_new_statistics_are_all_zero(moments: str) -> None:
    shift = np.arange(6.0).reshape(3, 2)
    stats = Stats(moments, shift)
    n_first, n_second = (0 if moments == "none" else 6), expected_second(moments, shift, np.zeros((3, 3)), shift).size
    assert (stats.moments, stats.model, stats.n_components, stats.n_features) == (moments, 0, 3, 2)
    assert stats.shift.tolist() == shift.tolist() and stats.n.tolist() == [0, 0, 0]
    assert (stats.first.size, stats.second.size) == (n_first, n_second)
    assert not stats.first.any() and not stats.second.any()
    assert [getattr(stats, name) for name in NUMBERS] == [0, 0, 0, 0]


@pytest.mark.parametrize("moments", MOMENTS)
@pytest.mark.parametrize("weighted", [False, True])
def test_accumulate_sums_what_numpy_sums(problem: Problem, moments: str, weighted: bool) -> None:
    m, x = problem.mixture, problem.x
    w = problem.row_weights if weighted else np.ones(len(x))
    stats = mogul.accumulate(m, x, weights=w if weighted else None, moments=moments)
    joint, r = expected_log_joint(m, x), expected_responsibilities(m, x)
    wr = r * w[:, None]
    assert (stats.moments, stats.model, stats.n_components, stats.n_features) == (moments, m.fingerprint(), 3, 2)
    assert stats.shift.tolist() == m.means.tolist()
    first = np.einsum("nk,nkd->kd", wr, x[:, None, :] - m.means) if moments != "none" else np.empty((0, 0))
    second = expected_second(moments, x, wr, m.means)
    for found, expected in ((stats.n, wr.sum(axis=0)), (stats.first, first), (stats.second, second)):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)
    assert stats.sum_weights == pytest.approx(w.sum(), rel=1e-14)
    assert stats.log_likelihood == pytest.approx(w @ expected_log_densities(m, x), rel=1e-12)
    assert stats.entropy == pytest.approx(-w @ xlogy(r, r).sum(axis=1), rel=1e-10)
    assert stats.map_log_likelihood == pytest.approx(w @ joint.max(axis=1), rel=1e-12)
    assert stats.expected_complete_log_likelihood() == stats.log_likelihood - stats.entropy


def test_accumulate_keeps_the_moments_of_the_structure_unless_told(problem: Problem) -> None:
    stats = mogul.accumulate(problem.mixture, problem.x)
    assert stats.moments == NEEDED[problem.structure]
    assert stats == mogul.accumulate(problem.mixture, problem.x, moments=NEEDED[problem.structure])


def test_accumulate_takes_rows_with_weights_and_any_number_of_threads(problem: Problem) -> None:
    expected = mogul.accumulate(problem.mixture, problem.x, problem.row_weights)
    assert mogul.accumulate(problem.mixture, Rows(problem.x, problem.row_weights)) == expected
    for n_threads in (1, 2, 7):
        again = mogul.accumulate(
            problem.mixture, np.asfortranarray(problem.x), problem.row_weights, n_threads=n_threads
        )
        assert everything(again) == everything(expected)


def test_statistics_of_parts_add_up_to_those_of_the_whole(problem: Problem) -> None:
    m, x = problem.mixture, problem.x
    whole = mogul.accumulate(m, x)
    sum_of_two = mogul.accumulate(m, x[:17]) + mogul.accumulate(m, x[17:])
    running = Stats(NEEDED[problem.structure], m.means)
    same = running
    for part in np.array_split(x, 5):
        running += mogul.accumulate(m, part)
    assert running is same
    for total in (sum_of_two, running):
        assert (total.moments, total.model) == (whole.moments, whole.model)
        for name in (*ARRAYS, *NUMBERS):
            np.testing.assert_allclose(getattr(total, name), getattr(whole, name), rtol=1e-12, atol=1e-12)


def test_adding_makes_a_third_and_changes_neither() -> None:
    m = random_mixture("full")
    a, b = (mogul.accumulate(m, random_rows(m, seed=seed)) for seed in (1, 2))
    before = everything(a), everything(b)
    total = a + b
    assert (everything(a), everything(b)) == before
    assert total.sum_weights == 120 and total.n.tolist() == (a.n + b.n).tolist()


def test_adding_zero_changes_nothing(problem: Problem) -> None:
    stats = mogul.accumulate(problem.mixture, problem.x)
    zero = Stats(stats.moments, stats.shift)
    assert zero + stats == stats and stats + zero == stats


def test_statistics_are_equal_where_all_of_them_are(problem: Problem) -> None:
    stats = mogul.accumulate(problem.mixture, problem.x)
    assert stats == mogul.accumulate(problem.mixture, problem.x.copy())
    assert stats != mogul.accumulate(problem.mixture, problem.x[1:]) and stats != 3


@pytest.mark.parametrize("again", [lambda s: pickle.loads(pickle.dumps(s)), copy.copy, copy.deepcopy])
def test_pickles_and_copies_are_equal_to_the_bit(problem: Problem, again) -> None:
    stats = mogul.accumulate(problem.mixture, problem.x, problem.row_weights)
    assert everything(again(stats)) == everything(stats)


@pytest.mark.parametrize("name", ARRAYS)
def test_views_are_read_only_and_keep_their_statistics_alive(problem: Problem, name: str) -> None:
    stats = mogul.accumulate(problem.mixture, problem.x)
    view, expected = getattr(stats, name), getattr(stats, name).tobytes()
    del stats
    gc.collect()
    _ = [mogul.accumulate(problem.mixture, problem.x + i) for i in range(50)]
    assert view.tobytes() == expected
    assert not view.flags.writeable
    assert "read-only" in message_of(lambda: view.__setitem__(..., 0))


def test_maximise_is_the_m_step_of_numpy(problem: Problem) -> None:
    m, x, w = problem.mixture, problem.x, problem.row_weights
    made = mogul.maximise(mogul.accumulate(m, x, w), m)
    assert_is(made, expected_m_step(m.structure, x, expected_responsibilities(m, x), w))
    regularised = mogul.maximise(mogul.accumulate(m, x, w), m, reg_covar=0.5)
    assert_is(regularised, expected_m_step(m.structure, x, expected_responsibilities(m, x), w, 0.5))


def test_maximise_never_lowers_the_likelihood(problem: Problem) -> None:
    mixture, likelihoods = problem.mixture, []
    for _ in range(10):
        stats = mogul.accumulate(mixture, problem.x)
        likelihoods.append(stats.log_likelihood)
        mixture = mogul.maximise(stats, mixture)
    assert np.all(np.diff(likelihoods) >= -1e-12 * abs(likelihoods[0]))
    assert likelihoods[-1] > likelihoods[0]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_maximise_may_change_the_structure(structure: str) -> None:
    m = random_mixture("full")
    x = random_rows(m)
    made = mogul.maximise(mogul.accumulate(m, x, moments=mogul.moments_for(structure)), m, covariance=structure)
    assert made.structure == structure
    assert_is(made, expected_m_step(structure, x, expected_responsibilities(m, x)))


@pytest.mark.parametrize("hold", SUBSETS)
def test_maximise_leaves_alone_what_is_held(problem: Problem, hold: tuple[str, ...]) -> None:
    m, x = problem.mixture, problem.x
    made = mogul.maximise(mogul.accumulate(m, x), m, hold=hold)
    weights, means, _ = expected_m_step(m.structure, x, expected_responsibilities(m, x))
    for name, estimated in (("weights", weights), ("means", means)):
        if name in hold:
            assert getattr(made, name).tobytes() == getattr(m, name).tobytes()
        else:
            np.testing.assert_allclose(getattr(made, name), estimated, rtol=1e-10)
    assert ("covariances" in hold) == (made.covariances.tobytes() == m.covariances.tobytes())


def test_maximise_holds_the_means_of_some_components() -> None:
    m = random_mixture("full")
    x = random_rows(m)
    made = mogul.maximise(mogul.accumulate(m, x), m, hold={"means": [2]})
    assert made.means[2].tolist() == m.means[2].tolist()
    _, means, _ = expected_m_step("full", x, expected_responsibilities(m, x))
    np.testing.assert_allclose(made.means[:2], means[:2], rtol=1e-10)


def test_covariances_are_about_the_means_that_are_held() -> None:
    m = mogul.Mixture("spherical", [1.0], [[1.0]], [1.0])
    x = np.array([[2.0], [4.0], [6.0]])
    made = mogul.maximise(mogul.accumulate(m, x), m, hold=["weights", "means"])
    assert made.covariances[0] == pytest.approx(np.mean((x - 1.0) ** 2), rel=1e-15)


def test_m_step_is_that_of_numpy_for_any_responsibilities(problem: Problem) -> None:
    m, x, w = problem.mixture, problem.x, problem.row_weights
    r = np.random.default_rng(4).dirichlet(np.ones(3), size=len(x))
    for given in (r, r.tolist(), np.asfortranarray(r)):
        assert_is(mogul.maximise(m, x, given), expected_m_step(m.structure, x, r))
    weighted = mogul.maximise(m, np.asfortranarray(x), r, weights=w, reg_covar=0.25, n_threads=2)
    assert_is(weighted, expected_m_step(m.structure, x, r, w, 0.25))
    assert mogul.maximise(m, Rows(x, w), r, reg_covar=0.25, n_threads=1) == weighted


@pytest.mark.parametrize("structure", STRUCTURES)
def test_m_step_may_change_the_structure_and_hold_parameters(structure: str) -> None:
    m = random_mixture("full")
    x = random_rows(m)
    r = np.random.default_rng(4).dirichlet(np.ones(3), size=len(x))
    assert_is(mogul.maximise(m, x, r, covariance=structure), expected_m_step(structure, x, r))
    held = mogul.maximise(m, x, r, hold=["weights", "covariances"])
    assert held.weights.tolist() == m.weights.tolist() and held.covariances.tolist() == m.covariances.tolist()
    np.testing.assert_allclose(held.means, expected_m_step(structure, x, r)[1], rtol=1e-10)


def test_the_m_step_has_one_name() -> None:
    assert mogul.m_step is mogul.maximise and "m_step" not in mogul.__all__  # the former name of one form
    m, x = mogul.Mixture("full", [0.5, 0.5], [[0.0], [3.0]], [[[1.0]], [[1.0]]]), [[0.0], [1.0], [2.0], [3.5]]
    r = mogul.responsibilities(m, x)
    assert mogul.maximise(current=m, x=x, r=r) == mogul.maximise(m, x, r)
    with pytest.raises(TypeError, match="equal_weights = 'no'; must be True or False"):
        mogul.maximise(m, x, r, equal_weights="no")
    with pytest.raises(TypeError, match=r"stats = 3; must be a mogul\.Stats"):
        mogul.maximise(3, m)


def test_an_em_step_is_the_same_in_one_pass_or_two(problem: Problem) -> None:
    m, x, w = problem.mixture, problem.x, problem.row_weights
    one_pass = mogul.maximise(mogul.accumulate(m, x, w), m)
    two = mogul.maximise(m, x, mogul.responsibilities(m, x), weights=w)
    assert_is(one_pass, (two.weights, two.means, two.covariances))
