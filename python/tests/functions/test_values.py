"""What functions return are values: equal where all fields are, pickled, not hashed, printed so that one sees them."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable

import joblib
import numpy as np
import pytest
from conftest import random_mixture, random_rows

import mogul
from mogul import Dataset, ModelFile, Rows

M = random_mixture("full", k=2)
X = random_rows(M, 50)
RESULT = mogul.fit(X, 2, n_init=2, max_iter=5, tol=0)
OTHER = mogul.fit(X, 2, n_init=2, max_iter=6, tol=0)

VALUES = {
    "FitResult": (RESULT, OTHER),
    "FitReport": (RESULT.report, OTHER.report),
    "FitSettings": (RESULT.settings, mogul.fit(X, 2, n_init=2, max_iter=5, tol=0, hold=["weights"]).settings),
    "Termination": (RESULT.report.termination, OTHER.report.termination),
    "Restart": (RESULT.report.restarts[0], OTHER.report.restarts[0]),
    "PhaseSeconds": (RESULT.report.seconds, OTHER.report.seconds),
    "Evaluation": (mogul.evaluate(M, X), mogul.evaluate(M, X[1:])),
    "LogLikelihoodGradient": (mogul.log_likelihood_gradient(M, X), mogul.log_likelihood_gradient(M, X[1:])),
    "Stats": (mogul.accumulate(M, X), mogul.accumulate(M, X[1:])),
    "ModelFile": (ModelFile(M, ["a", "b"], RESULT.report), ModelFile(M, ["a", "c"], RESULT.report)),
    "Dataset": (Dataset(X, ["a", "b"]), Dataset(X, ["a", "b"], np.arange(50))),
}

AGAIN = [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy]


@pytest.mark.parametrize("again", AGAIN, ids=["pickle", "copy", "deepcopy"])
@pytest.mark.parametrize("name", VALUES)
def test_values_are_equal_after_pickling_and_copying(name: str, again: Callable[[object], object]) -> None:
    value, other = VALUES[name]
    assert type(value).__name__ == name
    assert again(value) == value and again(value) is not value
    assert value != other and again(other) != value and value != 3


@pytest.mark.parametrize("name", VALUES)
def test_values_that_are_compared_by_their_fields_have_no_hash(name: str) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(VALUES[name][0])


def test_every_field_of_a_report_is_pickled() -> None:
    report, again = RESULT.report, pickle.loads(pickle.dumps(RESULT.report))
    fields = [name for name in dir(report) if not name.startswith("_")]
    assert len(fields) == 29
    for name in fields:
        assert np.all(getattr(again, name) == getattr(report, name)), name
    assert again.termination.message == report.termination.message and again.seconds.total == report.seconds.total


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("weights", [None, np.arange(50.0)])
def test_data_sets_are_pickled_to_the_bit(dtype: type, weights: object) -> None:
    data = Dataset(X.astype(dtype), [f"feature {d}" for d in range(X.shape[1])], weights)
    again = pickle.loads(pickle.dumps(data))
    assert again.x.dtype == dtype and again.x.tobytes() == data.x.tobytes()
    assert again.column_names == data.column_names
    assert again.weights is None if weights is None else again.weights.tobytes() == data.weights.tobytes()


def test_numpy_sees_the_rows_of_a_data_set() -> None:
    data = Dataset(X.astype(np.float32))
    seen = np.asarray(data)
    assert seen.tobytes() == data.x.tobytes() and np.shares_memory(seen, data.x) and not seen.flags.writeable
    assert np.asarray(data, dtype=np.float64).tolist() == data.x.tolist()
    assert np.shares_memory(np.asarray(data, dtype=np.float32), data.x)
    assert np.array(data).flags.writeable and not np.shares_memory(np.array(data), data.x)


def test_a_model_file_without_names_stays_so() -> None:
    assert pickle.loads(pickle.dumps(ModelFile(M))) == ModelFile(M)


def test_functions_are_pickled_by_name() -> None:
    functions = [value for name, value in vars(mogul).items() if type(value) is type(mogul.fit)]
    assert len(functions) > 30
    assert all(pickle.loads(pickle.dumps(function)) is function for function in functions)


def test_functions_run_in_other_processes() -> None:
    tasks = [joblib.delayed(mogul.fit)(X, k, max_iter=20) for k in (1, 2, 3)]
    found = joblib.Parallel(n_jobs=2)(tasks)
    assert [result.mixture for result in found] == [mogul.fit(X, k, max_iter=20).mixture for k in (1, 2, 3)]


def test_values_are_printed_so_that_one_sees_them() -> None:
    data = Dataset([[1.0, 2.0], [3.0, 4.0]], ["a", "b"], [1, 2])
    stats = mogul.accumulate(M, X)
    d = X.shape[1]
    assert repr(data) == "Dataset(shape=(2, 2), column_names=['a', 'b'], weighted)"
    assert repr(Rows(X)) == f"Rows(shape=(50, {d}), dtype=float64)"
    assert repr(Rows(X.tolist())) == f"Rows(shape=(50, {d}), dtype=float64, copied)"
    assert repr(stats) == f"Stats(moments='full', n_components=2, n_features={d}, sum_weights=50)"
    assert repr(ModelFile(M)) == f"ModelFile(mixture={M!r}, feature_names=[])"
    report = RESULT.report
    assert repr(report) == (
        f"FitReport(mean_log_likelihood={report.mean_log_likelihood:.10g}, bic={report.bic:.10g}, "
        f"termination='{report.termination.message}')"
    )


NOTHING_IS_LEFT = """
import pickle
import numpy as np
import mogul
x = np.random.default_rng(0).normal(size=(100, 2))
kept = []
result = mogul.fit(x, 2, callback=lambda iteration: kept.append((iteration, iteration.model, iteration.stats)))
report, views = result.report, [result.mixture.means, result.report.history, mogul.Dataset(x).x]
model = mogul.GaussianMixture(2, random_state=0).fit(x)
mogul.evaluate(model.mixture_, mogul.Rows(x)), mogul.sample(result.mixture, 5), pickle.loads(pickle.dumps(result))
for wrong in (x[0], [["a"]], np.nan * x):
    try:
        mogul.fit(wrong)
    except ValueError as error:
        kept.append(error)
"""


def test_nothing_is_left_when_the_interpreter_ends() -> None:
    # In this mode nanobind counts what is left.
    ended = subprocess.run([sys.executable, "-X", "dev", "-c", NOTHING_IS_LEFT], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
