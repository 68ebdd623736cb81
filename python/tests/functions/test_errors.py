"""Every error says which field breaks which rule, and is of the class that Python's users expect."""

from __future__ import annotations

import gzip
import os
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import OF_ALL_ROWS, PER_ROW, Array, message_of, random_mixture, random_rows

import mogul
from mogul import Mixture, ModelFile, Rows, Stats

M = random_mixture("full", k=2)
X = random_rows(M, 30)
R = np.full((30, 2), 0.5)
STATS = mogul.accumulate(M, X)
MODEL = mogul.model_json(ModelFile(M))

CSV = b"length,width\n1,2\n3,4\n"


def test_errors_are_of_pythons_classes() -> None:
    assert issubclass(mogul.InvalidData, ValueError) and issubclass(mogul.FitError, RuntimeError)
    assert not issubclass(mogul.FitError, ValueError)
    for error in (mogul.InvalidData, mogul.FitError):
        again = pickle.loads(pickle.dumps(error("row 3: a value")))
        assert type(again) is error and str(again) == "row 3: a value"
        assert len(error.__doc__) > 20


def parametrize(cases: dict[str, Callable[[], object]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("text", "call"), list(cases.items()))


# --- The caller's mistakes: ValueError


@parametrize(
    {
        "weights[0] = -0.5; must lie in [0, 1]": lambda: Mixture("spherical", [-0.5, 1.5], [[0], [1]], [1, 1]),
        "weights[1] = nan; must lie in [0, 1]": lambda: Mixture("spherical", [0.5, np.nan], [[0], [1]], [1, 1]),
        "weights sum to 1.1; must sum to 1": lambda: Mixture("spherical", [0.5, 0.6], [[0], [1]], [1, 1]),
        "means have shape (1, 1); must have a row for each of the 2 weights and at least one column": lambda: Mixture(
            "spherical", [0.5, 0.5], [[0]], [1, 1]
        ),
        "means have shape (1, 0)": lambda: Mixture("spherical", [1], [[]], [1]),
        "means[1][0] = inf; must be finite and at most 1e100": lambda: Mixture(
            "tied", [0.5, 0.5], [[0], [np.inf]], [[1]]
        ),
        "means[0][0] = 1e+101": lambda: Mixture("tied", [1], [[1e101]], [[1]]),
        "the covariance of component 1: variance 0; must lie in [1e-300, 1e300]": lambda: Mixture(
            "spherical", [0.5, 0.5], [[0], [1]], [1, 0]
        ),
        "the covariance of component 0: variance nan": lambda: Mixture("diagonal", [1], [[0]], [[np.nan]]),
        "the shared covariance: variance -1": lambda: Mixture("tied_diagonal", [1], [[0, 0]], [1, -1]),
        "the shared covariance: not symmetric, element [1][0] = 0 but [0][1] = 2": lambda: Mixture(
            "tied", [1], [[0, 0]], [[1, 2], [0, 1]]
        ),
        "the covariance of component 0: not positive definite in double precision, from row [1] on": lambda: Mixture(
            "full", [1], [[0, 0]], [[[1, 2], [2, 1]]]
        ),
        "covariance = 'round'; must be one of EII (tied_spherical), VII (spherical), EEI (tied_diagonal), ": lambda: (
            Mixture("round", [1], [[0]], [1])
        ),
        "features are empty; a marginal keeps at least one": lambda: M.marginal([]),
        "feature 2; must be < n_features = 2": lambda: M.marginal([2]),
        "feature 0 is given twice": lambda: M.marginal([0, 0]),
        "features: -1; must be at least 0": lambda: M.marginal([0, -1]),
        "order: -2; must be at least 0": lambda: M.permuted([-2, 1]),
        "order must hold each of 0..1 once": lambda: M.permuted([1, 1]),
        "order must hold each of 0..1 once ": lambda: M.permuted([1]),
    }
)
def test_mixtures_name_what_is_wrong(text: str, call: Callable[[], object]) -> None:
    assert text.strip() in message_of(call)


@pytest.mark.parametrize("name", ["covariance", "cholesky", "log_determinant"])
def test_there_is_no_component_beyond_the_last(name: str) -> None:
    assert message_of(lambda: getattr(M, name)(2), IndexError) == "component 2; must be 0 to 1"
    assert message_of(lambda: getattr(M, name)(-1), IndexError) == "component -1; must be 0 to 1"


def test_there_is_no_variance_beyond_the_last() -> None:
    assert message_of(lambda: M.variance(2, 0), IndexError) == "component 2; must be 0 to 1"
    assert message_of(lambda: M.variance(0, -1), IndexError) == "feature -1; must be 0 to 1"


def fit(**options: Any) -> Callable[[], object]:
    return partial(mogul.fit, X, **({"n_components": 2} | options))


@parametrize(
    {
        "n_components = 0; must be >= 1": fit(n_components=0),
        "n_components = -1; must be a whole number of 0 to 18446744073709551615": fit(n_components=-1),
        "n_init = -2; must be a whole number of 0 to ": fit(n_init=np.int64(-2)),
        "max_iter = -1; must be a whole number of 0 to ": fit(max_iter=-1),
        "seed = -1; must be a whole number of 0 to ": fit(seed=-1),
        "seed = 18446744073709551616; must be a whole number of 0 to ": fit(seed=2**64),
        "n_threads = 4294967296; must be a whole number of 0 to 4294967295": fit(n_threads=2**32),
        "n_threads = -1; must be ": lambda: mogul.log_densities(M, X, n_threads=-1),
        "n_threads = -2; must be ": lambda: mogul.evaluate(M, X, n_threads=-2),
        "n_threads = -3; must be ": lambda: mogul.accumulate(M, X, n_threads=-3),
        "n = -1; must be a whole number of 0 to ": lambda: mogul.sample(M, -1),
        "n_components = 31; must be at most the number of rows of positive weight, 30": fit(n_components=31),
        "must be at most the number of rows of positive weight, 1": fit(weights=[1.0] + [0.0] * 29),
        "n_init = 0; must be >= 1": fit(n_init=0),
        "tol = -1; must be finite and >= 0": fit(tol=-1),
        "tol = nan; must be finite and >= 0": fit(tol=np.nan),
        "tol = inf; must be finite and >= 0": fit(tol=np.inf),
        "reg_covar = -1; must lie in [0, 1e300]": fit(reg_covar=-1),
        "reg_covar = nan; must lie in [0, 1e300]": fit(reg_covar=np.nan),
        "covariance = 'round'; must be one of EII (tied_spherical), ": fit(covariance="round"),
        "init = 'means'; must be one of 'kmeans', 'kmeans++', 'random_from_data', 'random', 'hierarchical'": fit(
            init="means"
        ),
        "degenerate = 'raise'; must be one of 'revive', 'error'": fit(degenerate="raise"),
        "hold: 'mean'; must be 'weights', 'means' or 'covariances'": fit(hold=["mean"]),
        "hold: 'mean'; must be 'weights', ": fit(hold={"mean": True}),
        "hold = 'means'; must be names, as ['weights'], or a dict, as {'means': [0, 2]}": fit(hold="means"),
        "hold: 'covariances': [1]; must be True, only means are held by component": fit(hold={"covariances": [1]}),
        "hold: 'means': [0, -1]; must be True, or the components": fit(hold={"means": [0, -1]}),
        "hold: the mean of component 2; must be < n_components = 2": fit(hold={"means": [2]}),
        "hold: the mean of component 1 is given twice": fit(hold={"means": [1, 0, 1]}),
        "mixing weights cannot be both equal and held": fit(hold=["weights"], equal_weights=True),
        "weights has 2 values for 30 rows; must have one per row": fit(weights=[1.0, 2.0]),
        "n_components = 3; must be 2, as in the mixture of init": fit(n_components=3, init=M),
        "n_components = 3; must be 2, as in the responsibilities of init": fit(n_components=3, init=R),
        "init: the mixture has 1 features; the data have 2 columns": fit(init=M.marginal([0])),
        "covariance = diagonal; must be full, as in the mixture of init, with max_iter = 0": fit(
            init=M, covariance="diagonal", max_iter=0
        ),
        "covariance = diagonal; must be full, as in the mixture of init, while covariances are held": fit(
            init=M, covariance="diagonal", hold=["weights", "covariances"]
        ),
        "n_init = 2 with init = model; must be 1, every restart would be the same": fit(init=M, n_init=2),
        "n_init = 2 with init = labels; must be 1, every restart would be the same": fit(init=[0] * 30, n_init=2),
        "labels hold 2 values; the data have 30 rows": fit(init=[0, 1]),
        "labels hold 3 different numbers; must be n_components = 2, or lie in 0..1": fit(init=[-5, 2**40] + [0] * 28),
        "responsibilities have shape (29, 2); must be (rows, n_components) = (30, 2)": fit(init=R[1:]),
        "responsibilities[3] sum to 1.5; must sum to 1": fit(init=R + (np.arange(30) == 3)[:, None] * 0.25),
        "responsibilities[0][0] = nan; must be >= 0": fit(init=R * np.nan),
    }
)
def test_fits_name_what_is_wrong(text: str, call: Callable[[], object]) -> None:
    assert text in message_of(call)


@parametrize(
    {
        "data have 1 columns; the mixture has 2 features": lambda: mogul.log_densities(M, X[:, :1]),
        "z holds 1 labels; the data have 30 rows": lambda: mogul.complete_log_likelihood(M, X, [0]),
        "z[0] = 2; must lie in 0..1 (n_components - 1)": lambda: mogul.complete_log_likelihood(M, X, [2] * 30),
        "z: -1 at 0; must be 0, 1, ..., K - 1": lambda: mogul.complete_log_likelihood(M, X, [-1] * 30),
        "responsibilities have shape (29, 2)": lambda: mogul.expected_complete_log_likelihood(M, X, R[1:]),
        "responsibilities[0] sum to 2; must sum to 1": lambda: mogul.expected_complete_log_likelihood(M, X, 2 * R),
        "responsibilities[0][0] = -1; must be >= 0": lambda: mogul.maximise(M, X, np.tile([-1.0, 2.0], (30, 1))),
        "moments = 'all'; must be one of 'none', 'mean', 'spherical', 'diagonal', 'pooled', 'full'": lambda: Stats(
            "all", [[0]]
        ),
        "moments = 'all'; must be": lambda: mogul.accumulate(M, X, moments="all"),
        "moments = 'all'; must be one": lambda: mogul.provides("full", "all"),
        "moments = 'all'; must be one of": lambda: mogul.provides("all", "full"),
        "covariance = 'round'; must be": lambda: mogul.moments_for("round"),
        "covariance = 'round'; must be one of EII": lambda: mogul.maximise(STATS, M, covariance="round"),
        "stats hold 'mean' moments; covariance = full needs 'full'": lambda: mogul.maximise(
            mogul.accumulate(M, X, moments="mean"), M
        ),
        "stats are not about the means of the current mixture": lambda: mogul.maximise(STATS, M.permuted([1, 0])),
        "covariance = diagonal; must be full, as in the current mixture, while covariances are held": lambda: (
            mogul.maximise(STATS, M, covariance="diagonal", hold=["weights", "covariances"])
        ),
        "hold: 'mean'; must be 'weights', 'means' or 'covariances'": lambda: mogul.maximise(M, X, R, hold=["mean"]),
        "hold: the mean of component 2; must be <": lambda: mogul.maximise(M, X, R, hold={"means": [2]}),
        "hold: the mean of component 2; must be < n_": lambda: mogul.maximise(STATS, M, hold={"means": [2]}),
        "hold: the mean of component 2; must be < n_components": lambda: mogul.evaluate(M, X, hold={"means": [2]}),
        "cannot add statistics of different moments": lambda: STATS + mogul.accumulate(M, X, moments="mean"),
        "cannot add statistics of different models": lambda: STATS + mogul.accumulate(M.permuted([1, 0]), X),
        "1 component size for 2 components; must have one per component": lambda: mogul.component_table(M, [1]),
        "1 feature name for 2 features; must have one per feature": lambda: mogul.component_table(
            M, feature_names=["a"]
        ),
        "weights: the data set has weights of its own": lambda: Rows(Rows(X, np.ones(30)), np.ones(30)),
        "weights has 29 values for 30 rows": lambda: Rows(X, np.ones(29)),
        "feature_names has 1 value; must have n_features = 2": lambda: mogul.model_json(ModelFile(M, ["a"])),
        'feature_names has "a" twice; names must differ': lambda: mogul.model_json(ModelFile(M, ["a", "a"])),
    }
)
def test_functions_name_what_is_wrong(text: str, call: Callable[[], object]) -> None:
    assert text in message_of(call)


# --- The data's mistakes: InvalidData


def with_value(value: float) -> Array:
    x = X.copy()
    x[6, 1] = value
    return x


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e101])
@pytest.mark.parametrize(
    "function",
    [
        *PER_ROW,
        *OF_ALL_ROWS,
        mogul.evaluate,
        mogul.accumulate,
        lambda m, x: mogul.maximise(m, x, R),
        lambda m, x: mogul.complete_log_likelihood(m, x, [0] * 30),
        lambda m, x: mogul.fit(x, 2),
        lambda m, x: mogul.fit(x, 2, init=m),
    ],
)
def test_values_that_are_no_numbers_are_found_and_named(function: Callable[..., object], value: float) -> None:
    rule = "must be at most 1e100 in magnitude; rescale the column" if value == 1e101 else "must be finite"
    shown = "1e+101" if value == 1e101 else str(value)
    assert (
        message_of(lambda: function(M, with_value(value)), mogul.InvalidData)
        == f"row 7, column 'x2': value {shown}; {rule}"
    )


@pytest.mark.parametrize("function", [mogul.log_likelihood, mogul.entropy, mogul.evaluate, mogul.accumulate])
def test_bad_weights_are_found_and_named(function: Callable[..., object]) -> None:
    def weights(value: float) -> list[float]:
        return [1.0] * 4 + [value] + [1.0] * 25

    for value, shown in ((-1.0, "-1"), (np.nan, "nan"), (np.inf, "inf"), (1e101, "1e+101")):
        message = message_of(partial(function, M, X, weights(value)), mogul.InvalidData)
        assert message == f"row 5: weight {shown}; must be finite, >= 0 and at most 1e100"
    none = message_of(lambda: function(M, X, [0] * 30), mogul.InvalidData)
    assert none == "weights are all zero; at least one must be positive"
    large = message_of(lambda: function(M, X, [1e100] * 30), mogul.InvalidData)
    assert large.endswith("must lie between 1e-100 and 1e100; rescale them")


@parametrize(
    {
        "f.csv: line 2: 1 field; must be 2, as in line 1": lambda: mogul.parse_dataset(b"1.5,2\n3\n", "f.csv"),
        "f.csv: line 2, column 'b'": lambda: mogul.parse_dataset(b"a,b\n1,x\n3,4\n", "f.csv"),
        "f.csv: no data; must have at least one row": lambda: mogul.parse_dataset(b"", "f.csv"),
        "f.csv: columns = 'lenght': no such column; did you mean 'length'?": lambda: mogul.parse_dataset(
            CSV, "f.csv", columns=["lenght"]
        ),
        "f.csv: exclude = '3': no such column; its 2 columns are length, width": lambda: mogul.parse_dataset(
            CSV, "f.csv", exclude=["3"]
        ),
        "f.csv: weights = 'count': no such column": lambda: mogul.parse_dataset(CSV, "f.csv", weights="count"),
        "f.csv: columns = 'width': the column is listed twice": lambda: mogul.parse_dataset(
            CSV, "f.csv", columns=["2", "width"]
        ),
        "f.csv: columns = 'width': the column holds the weights": lambda: mogul.parse_dataset(
            CSV, "f.csv", columns=["width"], weights="width"
        ),
        "f.csv: columns = 'width': the column is excluded": lambda: mogul.parse_dataset(
            CSV, "f.csv", columns=["width"], exclude=["width"]
        ),
        "f.csv: no column is left; keep at least one": lambda: mogul.parse_dataset(CSV, "f.csv", exclude=["1", "2"]),
        "delimiter = 'ab'; must be one character": lambda: mogul.parse_dataset(CSV, "f.csv", delimiter="ab"),
        "delimiter = '1'; must be a comma": lambda: mogul.parse_dataset(CSV, "f.csv", delimiter="1"),
        "f.gz: gzip: the file ends early": lambda: mogul.parse_dataset(gzip.compress(CSV)[:-4], "f.gz"),
        "f.json: the file is empty": lambda: mogul.parse_model("", "f.json"),
        "f.json: not valid JSON at": lambda: mogul.parse_model("{", "f.json"),
        "f.json: the field schema is missing": lambda: mogul.parse_model("{}", "f.json"),
        "f.json: n_components": lambda: mogul.parse_model(
            MODEL.replace('"n_components": 2', '"n_components": -2'), "f.json"
        ),
        "f.json: weights has 3 values; must have n_components = 2": lambda: mogul.parse_model(
            MODEL.replace('"weights": [', '"weights": [0.5, '), "f.json"
        ),
        'schema = "mogul-model/9" is newer than this program': lambda: mogul.parse_model(
            MODEL.replace("mogul-model/1", "mogul-model/9"), "f.json"
        ),
        "unknown field": lambda: mogul.parse_model(MODEL.replace('"means"', '"mean"'), "f.json"),
        "s.json: the file is empty": lambda: mogul.parse_stats("", "s.json"),
        "s.json: n sums to": lambda: mogul.parse_stats(
            mogul.stats_json(STATS).replace('"sum_weights": 30', '"sum_weights": 31'), "s.json"
        ),
    }
)
def test_contents_of_files_are_wrong_somewhere(text: str, call: Callable[[], object]) -> None:
    assert text in message_of(call)


# --- The world's failures: OSError


@pytest.mark.parametrize(
    "read", [mogul.read_dataset, mogul.read_column_names, mogul.read_labels, mogul.read_model, mogul.read_stats]
)
def test_files_that_are_not_there_are_os_errors(read: Callable[[Path], object], tmp_path: Path) -> None:
    for path, error in ((tmp_path / "missing", FileNotFoundError), (tmp_path, IsADirectoryError)):
        with pytest.raises(error) as caught:
            read(path)
        assert caught.value.strerror == f"cannot read '{path}': {os.strerror(caught.value.errno)}"


@pytest.mark.parametrize(
    "write",
    [
        lambda path: mogul.write_csv(path, X),
        lambda path: mogul.write_npy(path, X),
        lambda path: mogul.write_model(path, ModelFile(M)),
        lambda path: mogul.write_stats(path, STATS),
    ],
)
def test_places_that_cannot_be_written_are_os_errors(write: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "missing" / "file"
    with pytest.raises(FileNotFoundError) as caught:
        write(path)
    assert caught.value.strerror == f"cannot write '{path}': No such file or directory"


def test_paths_need_not_be_utf_8(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    for call in (lambda: mogul.read_model(path), lambda: mogul.write_model(path + "/model.json", ModelFile(M))):
        with pytest.raises((FileNotFoundError, NotADirectoryError)) as caught:
            call()
        assert path in str(caught.value)


def test_column_names_must_be_as_many_as_columns(tmp_path: Path) -> None:
    message = message_of(lambda: mogul.write_csv(tmp_path / "x.csv", X, ["a"]))
    assert message == "1 column names for 2 columns; must have one per column"
    assert list(tmp_path.iterdir()) == []


# --- No mixture: FitError


@parametrize(
    {
        "component 1 is empty (no row belongs to it); lower n_components or start elsewhere": lambda: mogul.maximise(
            M, X, np.tile([1.0, 0.0], (30, 1))
        ),
        "the covariance of component 0 is singular at column 'x1'": lambda: mogul.maximise(
            mogul.accumulate(M, X[:1]), M
        ),
        "the covariance of component 0 is singular at column 'x2'": lambda: mogul.fit(
            np.column_stack([X[:, 0], X[:, 0]]), reg_covar=0
        ),
    }
)
def test_rows_without_a_mixture_are_a_fit_error(text: str, call: Callable[[], object]) -> None:
    assert text in message_of(call, mogul.FitError)


# --- Values of the wrong type: TypeError


@pytest.mark.parametrize(
    "call",
    [
        fit(n_components=2.5),
        fit(max_iter="many"),
        fit(covariance=3),
        fit(unknown=1),
        fit(callback=3),
        lambda: mogul.log_densities("mixture", X),
        lambda: Mixture("tied", [1.0], [[0.0]]),
        lambda: M.covariance("first"),
        lambda: mogul.sample(M, 1.5),
    ],
)
def test_arguments_of_the_wrong_type_are_type_errors(call: Callable[[], object]) -> None:
    assert len(message_of(call, TypeError)) > 10
