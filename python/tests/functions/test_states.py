"""A pickle may come from anywhere: of every state, whatever its values, comes an equal object or a ValueError."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import STRUCTURES, random_mixture, random_rows

import mogul

M = random_mixture("full", k=2)
X = random_rows(M, 40)
RESULT = mogul.fit(X, 2, n_init=2, max_iter=3, tol=0)
READ = mogul.ReadReport()
mogul.parse_dataset(b"a,b\n1,2\nNA,3\n4,5\n", "f.csv", missing="drop", report=READ)
FILE = mogul.parse_model(mogul.model_json(RESULT), "f.json")


def step_of_a_trace() -> mogul.TraceStep:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        path.write_text(
            '{"restart":0,"iteration":0,"log_likelihood":-1.0,"expected_complete_log_likelihood":-1.0,"entropy":0.0,'
            '"component_sizes":[1.0],"covariance":"full","weights":[1.0],"means":[[0.0]],"covariances":[[[1.0]]]}'
        )
        return mogul.read_trace(path)[0]


VALUES: dict[str, Any] = {
    "FitResult": RESULT,
    "FitReport": RESULT.report,
    "FitSettings": RESULT.settings,
    "FitSettings with a hold": mogul.fit(X, 2, hold={"means": [1], "covariances": True}, max_iter=1).settings,
    "Termination": RESULT.report.termination,
    "Restart": RESULT.report.restarts[0],
    "PhaseSeconds": RESULT.report.seconds,
    "Evaluation": mogul.evaluate(M, X),
    "LogLikelihoodGradient": mogul.log_likelihood_gradient(M, X),
    "Stats": mogul.accumulate(M, X),
    "TraceStep": step_of_a_trace(),
    "ModelFile": FILE,
    "ReadReport": READ,
    "Dataset": mogul.Dataset(X, ["a", "b"], np.arange(40)),
} | {f"Mixture {structure}": random_mixture(structure, k=2) for structure in STRUCTURES}

OTHERS: list[Any] = [
    -1,
    0,
    3,
    7,
    250,
    2**31,
    2**62,
    2**63 + 2,
    2**64 - 1,
    2**70,
    -0.5,
    np.nan,
    np.inf,
    "",
    "nonsense",
    "max_iter",
    "full",
    b"",
    b"1234567",
    np.array([0.5]).tobytes(),
    np.full(8, np.nan).tobytes(),
    None,
    True,
    (),
    [],
    [1],
    [np.nan] * 3,
    ["a"],
    ["a", "a"],
    ["nonsense", "means"],
    np.zeros((0, 2)),
    np.zeros((3, 1)),
    object(),
    RESULT.report,
    M,
]


def other_states(state: Any) -> Iterator[Any]:
    """The state with each of its parts replaced, and without its last part; none of it at all."""
    yield from OTHERS
    if isinstance(state, tuple):
        for i in range(len(state)):
            for other in OTHERS:
                yield (*state[:i], other, *state[i + 1 :])
        yield state[:-1]
        yield (*state, 0)
        yield list(state)


def use(value: Any) -> None:
    """Everything that one can ask a value for."""
    repr(value)
    for name in dir(value):
        if not name.startswith("_") and not callable(part := getattr(value, name)):
            repr(part)
    copy.copy(value)
    assert value == value or "nan" in repr(value.__getstate__())


@pytest.mark.parametrize("name", VALUES)
def test_no_state_does_harm(name: str) -> None:
    value = VALUES[name]
    kind, state = type(value), value.__getstate__()
    n_refused = 0
    for other in other_states(state):
        made = kind.__new__(kind)
        try:
            made.__setstate__(other)
        except ValueError as error:
            assert "\n" not in str(error) or name.startswith(("Dataset", "Stats"))
            n_refused += 1
            continue
        use(made)
    assert n_refused > len(OTHERS) - 3
    again = kind.__new__(kind)
    again.__setstate__(state)
    assert again == value


@pytest.mark.parametrize("position", range(len(RESULT.report.__getstate__())))
def test_reports_of_any_state_are_put_in_words(position: int) -> None:
    state = RESULT.report.__getstate__()
    for other in OTHERS:
        report = type(RESULT.report).__new__(mogul.FitReport)
        try:
            report.__setstate__((*state[:position], other, *state[position + 1 :]))
            assert mogul.summary(report, M) and mogul.brief(report, M)
            mogul.model_json(mogul.ModelFile(M, report=report))
        except ValueError:
            pass


def test_enumerations_are_kept_as_words() -> None:
    assert "max_iter" in RESULT.report.termination.__getstate__()
    assert {"full", "revive"} < {value for value in RESULT.settings.__getstate__() if isinstance(value, str)}
