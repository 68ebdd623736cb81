"""What GaussianMixture tells while it is fitted, and at the end: lines, a bar, callbacks, the reason of the end."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest
from conftest import random_mixture, random_rows
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Reference

from mogul import GaussianMixture, Iteration

X = random_rows(random_mixture("full"))


def quiet(call: Any, *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return call(*args)


def lines_of(cls: type, capsys: Any, **more: Any) -> list[str]:
    start = {"weights_init": [0.5, 0.5], "means_init": [[0.0, 0.0], [3.0, 3.0]], "precisions_init": [np.eye(2)] * 2}
    quiet(cls(2, **(start | more)).fit, X)
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


@pytest.mark.parametrize("max_iter", [5, 100])
@pytest.mark.parametrize("verbose_interval", [1, 2, 10])
@pytest.mark.parametrize("verbose", [0, 1, True, 2])
def test_lines_are_those_of_scikit_learn(capsys: Any, verbose: int, verbose_interval: int, max_iter: int) -> None:
    told = {"verbose": verbose, "verbose_interval": verbose_interval, "max_iter": max_iter, "tol": 1e-4}
    found, expected = (lines_of(cls, capsys, **told) for cls in (GaussianMixture, Reference))

    def without_times(lines: list[str]) -> list[str]:
        return [re.sub(r"time lapse \d+\.\d{5}s", "time lapse", line) for line in lines]

    assert without_times(found) == without_times(expected)
    assert (found == []) == (verbose == 0)


def test_of_a_search_its_phases_are_told(capsys: Any) -> None:
    quiet(GaussianMixture(3, search="default", random_state=0, verbose=1).fit, X)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Search: starts" and lines[-1] == "Initialization converged."
    assert set(lines[:-1]) <= {f"Search: {phase}" for phase in ("starts", "convergence", "splits", "trials", "last")}
    quiet(GaussianMixture(3, search="default", random_state=0, verbose="bar").fit, X)
    told = capsys.readouterr().err
    assert told.count("EM converged") == 1 and "search, " in told


# Of restarts that share their passes, of one start after another, and of given means with a method for the rest.
@pytest.mark.parametrize("how", ["kmeans", "callable", "means_init"])
def test_restarts_are_told_one_after_another(how: str, capsys: Any) -> None:
    start: dict[str, Any] = {
        "kmeans": {"init_params": "random_from_data"},
        "callable": {
            "init_params": lambda x, n_components, random_state: random_state.randint(n_components, size=len(x))
        },
        "means_init": {"init_params": "random", "means_init": [[0.0, 0.0], [1.0, 1.0]]},
    }[how]
    seen: list[tuple[int, int, int]] = []
    told = GaussianMixture(2, n_init=3, random_state=0, verbose=1, verbose_interval=1, max_iter=30, **start)
    told.set_params(callback=lambda it: seen.append((it.restart, it.n_init, it.iteration)))
    quiet(told.fit, X)
    expected = []
    for restart in range(3):
        n_iter = sum(place == restart for place, *_ in seen)
        assert [iteration for place, _, iteration in seen if place == restart] == list(range(n_iter))
        ended = "did not converge" if n_iter == 30 else "converged"
        expected += [
            f"Initialization {restart}",
            *(f"  Iteration {i + 1}" for i in range(n_iter)),
            f"Initialization {ended}.",
        ]
    assert capsys.readouterr().out.splitlines() == expected
    assert {n_init for _, n_init, _ in seen} == {3}


def test_a_bar_ends_its_line_where_a_fit_fails(capsys: Any) -> None:
    def fail(iteration: Iteration) -> None:
        if iteration.iteration == 1:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        GaussianMixture(2, random_state=0, verbose="bar", callback=fail).fit(X)
    err = capsys.readouterr().err
    assert err.startswith("\rEM [") and err.endswith("\x1b[K\n") and err.count("\n") == 1


@pytest.mark.parametrize("n_init", [1, 3])
def test_a_bar_goes_to_standard_error_alone(capsys: Any, n_init: int) -> None:
    model = quiet(GaussianMixture(2, random_state=0, verbose="bar", n_init=n_init, tol=1e-6, max_iter=500).fit, X)
    out, err = capsys.readouterr()
    assert out == "" and err.endswith("\x1b[K\n")
    assert f"\rEM converged, mean log-likelihood {model.lower_bound_:.6g}, " in err
    assert "EM [" in err and "of at most 500" in err and (n_init == 1) == ("of 3" not in err)
    assert (
        model.means_.tobytes()
        == quiet(GaussianMixture(2, random_state=0, n_init=n_init, tol=1e-6, max_iter=500).fit, X).means_.tobytes()
    )


def test_a_callback_sees_every_lower_bound() -> None:
    seen: list[float] = []
    model = quiet(
        GaussianMixture(
            2, random_state=0, max_iter=7, tol=0, callback=lambda it: seen.append(it.mean_log_likelihood)
        ).fit,
        X,
    )
    np.testing.assert_allclose(seen, model.lower_bounds_, rtol=1e-14)
    assert len(seen) == model.n_iter_ == 7


def test_a_callback_that_returns_false_ends_the_fit_without_a_warning() -> None:
    stopped = GaussianMixture(2, random_state=0, tol=0, callback=lambda it: it.iteration < 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stopped.fit(X)
    assert stopped.n_iter_ == 4 and not stopped.converged_ and stopped.termination_.startswith("cancelled")
    four = quiet(GaussianMixture(2, random_state=0, tol=0, max_iter=4).fit, X)
    assert stopped.lower_bounds_ == four.lower_bounds_


@pytest.mark.parametrize("init_params", ["kmeans", "random_from_data"])
def test_a_callback_may_end_a_later_restart_without_a_warning_too(init_params: str) -> None:
    stopped = GaussianMixture(2, n_init=3, max_iter=2, tol=0, random_state=0, init_params=init_params)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stopped.set_params(callback=lambda it: it.restart == 0).fit(X)
    assert stopped.termination_.startswith("cancelled") and not stopped.converged_


def test_the_reason_of_the_end_is_told() -> None:
    converged = GaussianMixture(2, random_state=0, tol=1e-3).fit(X)
    change = converged.lower_bounds_[-1] - converged.lower_bounds_[-2]
    assert f"changed by {change:.3g}, less than tol = 0.001" in converged.termination_
    for max_iter in (1, 3):
        stopped = quiet(GaussianMixture(2, random_state=0, tol=0, max_iter=max_iter).fit, X)
        assert stopped.termination_.startswith(f"stopped at max_iter = {max_iter}: ") and stopped.n_iter_ == max_iter
