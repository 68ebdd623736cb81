"""EM driven from Python, with statistics from anywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from conftest import Array, Problem, message_of

import mogul
from mogul import EmLoop, Mixture, Stats, StatsRequest, WorstRowsRequest


def driven(loop: EmLoop, parts: list[Array], weights: list[Array | None]) -> EmLoop:
    """What a program does whose rows lie in several places."""
    while (asked := loop.next()) is not None:
        if isinstance(asked, StatsRequest):
            answers = [asked.answer(x, w) for x, w in zip(parts, weights, strict=True)]
            total = answers[0]
            for answer in answers[1:]:
                total = total + answer
            loop.feed(total)
        else:
            worst = np.vstack([asked.answer(x, w) for x, w in zip(parts, weights, strict=True)])
            loop.feed(asked.answer(worst))
    return loop


def test_a_loop_that_is_fed_is_the_fit(problem: Problem) -> None:
    options: dict[str, Any] = {"tol": 1e-8, "reg_covar": 1e-6, "max_iter": 60}
    loop = driven(EmLoop(problem.mixture, **options), [problem.x], [problem.row_weights])
    fitted = mogul.fit(problem.x, init=problem.mixture, weights=problem.row_weights, **options)
    assert loop.has_result and loop.mixture == fitted.mixture and loop.stats == fitted.stats
    assert loop.history.tolist() == fitted.report.history.tolist()
    assert loop.termination == fitted.report.termination and loop.iterations == fitted.report.iterations


def test_statistics_of_parts_add_up_to_those_of_all(problem: Problem) -> None:
    x, w = problem.x, problem.row_weights
    halves = [x[:30], x[30:]], [None, None] if w is None else [w[:30], w[30:]]
    loop = driven(EmLoop(problem.mixture, tol=1e-8), *halves)
    whole = driven(EmLoop(problem.mixture, tol=1e-8), [x], [w])
    assert loop.iterations == whole.iterations
    np.testing.assert_allclose(loop.history, whole.history, rtol=1e-12)
    np.testing.assert_allclose(loop.mixture.means, whole.mixture.means, rtol=1e-8, atol=1e-10)


def test_a_component_that_collapses_is_moved_to_the_worst_rows_of_all_parts() -> None:
    rng = np.random.default_rng(0)
    x = np.vstack([rng.normal(size=(60, 2)), rng.normal(size=(40, 2)) + 30])
    start = Mixture("full", [1 / 3] * 3, [[0, 0], [1e4, 1e4], [-1e4, 1e4]], np.array([np.eye(2)] * 3))
    seen: list[type] = []

    class Recorded:
        def __init__(self, loop: EmLoop) -> None:
            self.loop = loop

        def next(self) -> Any:
            asked = self.loop.next()
            seen.append(type(asked))
            return asked

        def feed(self, answer: Any) -> None:
            self.loop.feed(answer)

    loop = EmLoop(start)
    driven(Recorded(loop), [x[:50], x[50:]], [None, None])  # type: ignore[arg-type]
    assert WorstRowsRequest in seen and loop.n_revived >= 1
    whole = mogul.fit(x, init=start).mixture
    np.testing.assert_allclose(loop.mixture.means, whole.means, rtol=1e-6, atol=1e-8)


def test_it_ends_where_it_is_cancelled(problem: Problem) -> None:
    loop = EmLoop(problem.mixture, tol=0, max_iter=5)
    assert not loop.has_result and "has not ended" in repr(loop)
    assert "it has no result yet" in message_of(lambda: loop.mixture, RuntimeError)
    for _ in range(2):
        asked = loop.next()
        assert isinstance(asked, StatsRequest) and asked.about.tolist() == asked.model.means.tolist()
        loop.feed(asked.answer(problem.x, problem.row_weights))
    loop.cancel()
    assert loop.next() is None and loop.termination.reason == "cancelled" and loop.iterations == 1


def test_answers_to_other_questions_are_refused(problem: Problem) -> None:
    loop = EmLoop(problem.mixture)
    other = mogul.accumulate(mogul.fit(problem.x, 3).mixture, problem.x)
    assert "about another model than it asked for" in message_of(lambda: loop.feed(other))
    assert "moments" in message_of(lambda: loop.feed(Stats("none", problem.mixture.means)))
    assert "it does not wait for rows" in message_of(lambda: loop.feed(problem.x))
    assert "start = 3; must be a mogul.Mixture" in message_of(lambda: EmLoop(3), TypeError)  # type: ignore[arg-type]
    assert "gain = -1" in message_of(lambda: EmLoop(problem.mixture, gain=-1))
    assert "acceleration = 'fast'" in message_of(lambda: EmLoop(problem.mixture, acceleration="fast"))
    assert "tol = -1" in message_of(lambda: EmLoop(problem.mixture, tol=-1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_any_type_are_answered_for(dtype: type) -> None:
    x = np.random.default_rng(3).normal(size=(400, 2)).astype(dtype)
    start = mogul.fit(x, 2, max_iter=1).mixture
    loop = driven(EmLoop(start, tol=1e-7), [x], [None])
    assert loop.mixture == mogul.fit(x, init=start, tol=1e-7).mixture


def test_a_loop_that_is_kept_between_steps_goes_on_with_the_same_bytes(problem: Problem) -> None:
    x, w = problem.x, problem.row_weights
    whole = driven(EmLoop(problem.mixture, tol=1e-7), [x], [w])
    loop = EmLoop(problem.mixture, tol=1e-7)
    while (asked := loop.next()) is not None:
        assert isinstance(asked, StatsRequest)
        loop.feed(asked.answer(x, w))
        try:
            loop = EmLoop.restored(loop.checkpoint())
        except ValueError as error:  # it is within a step
            assert "within a step" in str(error) and "answer what next() asks for" in str(error)
    assert loop.mixture == whole.mixture and loop.history.tolist() == whole.history.tolist()
    assert "checkpoint" in message_of(lambda: EmLoop.restored("{}"))
    damaged = loop.checkpoint().replace('"n_revived_of_step": 0', '"n_revived_of_step": 3')
    text = message_of(lambda: EmLoop.restored(damaged))
    assert text == "checkpoint: n_revived_of_step = 3; must be at most n_revived = 0"


def test_a_loop_has_priors_and_held_means(problem: Problem) -> None:
    prior = {"mean_shrinkage": 0.5, "mean": np.zeros(problem.x.shape[1]), "dof": 9, "scale": 2}
    options: dict[str, Any] = {"prior": prior, "hold": {"means": [1]}, "equal_weights": True, "reg_covar": 0}
    loop = driven(EmLoop(problem.mixture, **options), [problem.x], [problem.row_weights])
    assert loop.mixture == mogul.fit(problem.x, init=problem.mixture, weights=problem.row_weights, **options).mixture
    text = message_of(lambda: EmLoop(problem.mixture, prior="default"))  # type: ignore[arg-type]
    assert "give both, such as those in the report of a fit to the rows" in text
    fitted = mogul.fit(problem.x, init=problem.mixture, weights=problem.row_weights, prior="default")
    made = EmLoop(problem.mixture, prior=fitted.report.prior, reg_covar=0)
    assert driven(made, [problem.x], [problem.row_weights]).mixture == fitted.mixture
