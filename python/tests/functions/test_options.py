"""The options of a fit as Python names them, and what a callback is shown between E-steps."""

from __future__ import annotations

import pickle
from functools import partial
from typing import Any

import numpy as np
import pytest
from conftest import Array, Problem, expected_log_densities, message_of, random_mixture, random_rows, run_python

import mogul
from mogul import FitSettings, ModelFile


def test_the_methods_that_find_a_start_by_themselves_are_five() -> None:
    assert mogul.init_methods() == ["kmeans", "kmeans++", "random_from_data", "random", "hierarchical"]


def test_what_the_defaults_are(clouds: Array) -> None:
    spelled_out = mogul.fit(
        x=clouds,
        n_components=2,
        weights=None,
        covariance="full",
        search="default",
        init=None,
        n_init=None,
        max_iter=1000,
        max_passes=None,
        tol=None,
        gain=0.01,
        acceleration="lbfgs",
        reg_covar=1e-6,
        seed=0,
        n_threads=0,
        hold=(),
        degenerate="revive",
        equal_weights=False,
        callback=None,
    )
    by_default = mogul.fit(clouds, 2)
    assert by_default.mixture == spelled_out.mixture
    assert by_default.report.history.tolist() == spelled_out.report.history.tolist()
    assert mogul.fit(clouds).mixture.n_components == 1


def test_options_may_be_numbers_of_numpy(clouds: Array) -> None:
    options = {"n_init": np.int64(2), "max_iter": np.uint8(3), "tol": np.float32(0), "reg_covar": np.float64(1e-3)}
    found = mogul.fit(clouds, np.int32(2), seed=np.uint64(5), n_threads=np.int16(1), **options)
    assert found.mixture == mogul.fit(clouds, 2, n_init=2, max_iter=3, tol=0, reg_covar=1e-3, seed=5).mixture


M = random_mixture("full")
X = random_rows(M)


def held(hold: Any, **options: Any) -> mogul.FitResult:
    return mogul.fit(X, 3, init=M, max_iter=2, tol=0, hold=hold, **options)


@pytest.mark.parametrize(
    "hold",
    [
        ["weights", "covariances"],
        ("covariances", "weights"),
        {"weights", "covariances"},
        frozenset(["weights", "covariances"]),
        np.array(["weights", "covariances"]),
        {"weights": True, "covariances": True},
        {"covariances": True, "means": False, "weights": True},
        {"weights": True, "covariances": True, "means": []},
    ],
)
def test_what_is_held_may_be_any_iterable_or_a_dict(hold: Any) -> None:
    found = held(hold)
    assert found.settings.hold == {"weights": True, "covariances": True}
    assert found.mixture == held(name for name in ("weights", "covariances")).mixture
    assert found.mixture.weights.tobytes() == M.weights.tobytes()
    assert found.mixture.covariances.tobytes() == M.covariances.tobytes()
    assert (found.mixture.means != M.means).all()


@pytest.mark.parametrize(
    "components",
    [[0, 2], (2, 0), range(0, 3, 2), np.array([0, 2]), np.array([2, 0], np.uint8), [np.int64(0), np.int32(2)]],
)
def test_the_means_of_some_components_may_be_held(components: Any) -> None:
    found = held({"means": components})
    assert found.settings.hold == {"means": [int(k) for k in components]}
    assert (found.mixture.means == M.means).all(axis=1).tolist() == [True, False, True]


def test_all_means_may_be_held_by_name_or_by_component() -> None:
    by_name, by_component = held(["means"]).mixture, held({"means": [0, 1, 2]}).mixture
    assert by_name == held({"means": True}).mixture
    assert by_name.means.tolist() == by_component.means.tolist() == M.means.tolist()
    np.testing.assert_allclose(by_component.covariances, by_name.covariances, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("hold", [(), [], set(), {}, {"weights": False, "means": []}])
def test_nothing_is_held_unless_it_is_named(hold: Any) -> None:
    found = held(hold)
    assert found.settings.hold == {} and found.settings.equal_weights is False
    assert found.mixture == mogul.fit(X, 3, init=M, max_iter=2, tol=0).mixture


def test_what_is_all_held_never_leaves_the_start(problem: Problem) -> None:
    hold = ["weights", "means", "covariances"]
    found = mogul.fit(problem.x, 3, covariance=problem.structure, init=problem.mixture, hold=hold)
    assert found.mixture == problem.mixture and found.report.termination.converged


@pytest.mark.parametrize("hold", [["weights"], ["means", "covariances"], {"means": [2, 0], "covariances": True}, ()])
def test_settings_with_a_hold_are_pickled(hold: Any) -> None:
    settings = held(hold, equal_weights="weights" not in hold).settings
    again = pickle.loads(pickle.dumps(settings))
    assert again == settings and again.hold == settings.hold
    assert again.equal_weights is settings.equal_weights is ("weights" not in hold)
    assert again != held({"means": [1]}).settings


def test_a_callback_is_shown_every_e_step(problem: Problem) -> None:
    shown = []

    def look(iteration: mogul.Iteration) -> None:
        shown.append(
            (
                iteration.restart,
                iteration.n_init,
                iteration.iteration,
                iteration.mean_log_likelihood,
                iteration.change,
                iteration.model,
                iteration.stats,
            )
        )

    options = {"covariance": problem.structure, "weights": problem.row_weights, "init": problem.mixture}
    fitted = mogul.fit(problem.x, 3, callback=look, max_iter=4, tol=0, **options)
    assert [row[:3] for row in shown] == [(0, 1, i) for i in range(5)]
    means = [row[3] for row in shown]
    np.testing.assert_allclose(means, fitted.report.history / problem.row_weights.sum(), rtol=1e-14)
    np.testing.assert_allclose([row[4] for row in shown[1:]], np.diff(means), atol=1e-14)
    assert shown[0][4] == np.inf
    assert shown[0][5] == problem.mixture and shown[-1][5] == fitted.mixture
    for *_, model, stats in shown:
        expected = problem.row_weights @ expected_log_densities(model, problem.x)
        assert stats.log_likelihood == pytest.approx(expected, rel=1e-12)
        assert stats.model == model.fingerprint()


def test_what_a_callback_keeps_are_copies(problem: Problem) -> None:
    kept = []
    options = {"covariance": problem.structure, "init": problem.mixture, "max_iter": 3, "tol": 0}
    mogul.fit(problem.x, 3, callback=lambda it: kept.append((it.model, it.stats)), **options)
    for n, (model, stats) in enumerate(kept):
        alone = mogul.fit(problem.x, 3, **(options | {"max_iter": n})).mixture
        assert model == alone and stats.n.tolist() == mogul.accumulate(alone, problem.x).n.tolist()


def test_an_iteration_is_over_when_its_callback_returns(clouds: Array) -> None:
    kept = []
    mogul.fit(clouds, 2, callback=kept.append, max_iter=2)
    for name in ("restart", "n_init", "iteration", "mean_log_likelihood", "change", "model", "stats"):
        message = message_of(partial(getattr, kept[0], name), RuntimeError)
        assert message == "the iteration is over; keep what you need of it"


KEPT = """
import numpy as np
import mogul

kept = []

def fail(iteration):
    kept.append(iteration)
    raise KeyError("mine")

try:
    mogul.fit(np.random.default_rng(0).normal(size=(1000, 2)), 2, callback=fail)
except KeyError:
    pass
for name in ("restart", "n_init", "iteration", "mean_log_likelihood", "change", "model", "stats"):
    try:
        getattr(kept[0], name)
    except RuntimeError as error:
        print(error)
"""


def test_and_when_its_callback_fails() -> None:
    assert run_python(KEPT) == 7 * "the iteration is over; keep what you need of it\n"


def test_a_callback_is_told_the_restart() -> None:
    x = np.random.default_rng(0).normal(size=(100, 2))
    seen: dict[int, list[int]] = {}
    fitted = mogul.fit(
        x, 3, n_init=3, max_iter=4, tol=0, callback=lambda it: seen.setdefault(it.restart, []).append(it.iteration)
    )
    assert seen == {restart: [0, 1, 2, 3, 4] for restart in range(3)}
    assert len(fitted.report.restarts) == 3


@pytest.mark.parametrize("answer", [False, 0, [], np.False_])
def test_a_false_answer_stops_the_fit(problem: Problem, answer: object) -> None:
    options = {"covariance": problem.structure, "init": problem.mixture, "tol": 0}
    stopped = mogul.fit(problem.x, 3, callback=lambda it: answer if it.iteration == 2 else True, max_iter=9, **options)
    assert stopped.report.termination.reason == "cancelled" and stopped.report.iterations == 2
    assert stopped.mixture == mogul.fit(problem.x, 3, max_iter=2, **options).mixture


@pytest.mark.parametrize("answer", [None, True, 1, "go on"])
def test_any_other_answer_and_none_do_not(problem: Problem, answer: object) -> None:
    options = {"covariance": problem.structure, "init": problem.mixture, "tol": 0, "max_iter": 3}
    assert (
        mogul.fit(problem.x, 3, callback=lambda it: answer, **options).mixture
        == mogul.fit(problem.x, 3, **options).mixture
    )


def settings_of(x: Array, **options: object) -> FitSettings | None:
    fitted = mogul.fit(x, 2, **options)
    return mogul.parse_model(mogul.model_json(ModelFile(fitted.mixture, [], fitted.report)), "name").settings


def test_a_model_file_made_in_python_holds_no_settings(clouds: Array) -> None:
    assert settings_of(clouds) is None
