"""Wrong uses of GaussianMixture end with scikit-learn's own errors and warnings, word by word."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from conftest import Array
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.mixture import GaussianMixture as Reference

from mogul import Dataset, GaussianMixture, Rows

RNG = np.random.default_rng(0)
X = np.vstack([RNG.normal(size=(50, 2)), RNG.normal(size=(50, 2)) + 5])
EYE = np.eye(2)
PRECISIONS = {"full": np.array([EYE, EYE]), "tied": EYE, "diag": np.ones((2, 2)), "spherical": np.ones(2)}
METHODS = ("predict", "predict_proba", "score_samples", "score", "aic", "bic")
Outcome = tuple[type[BaseException] | None, str, list[str]]


def outcome(call: Any, *args: Any) -> Outcome:
    """The error of a call with its text, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            call(*args)
            error: tuple[type[BaseException] | None, str] = (None, "")
        except Exception as raised:
            error = (type(raised), str(raised))
    return (*error, [f"{w.category.__name__}: {w.message}" for w in caught])


def assert_same(call: Any, error: type[Exception]) -> None:
    """call(cls) raises the same error, with the same text, of either class."""
    expected, found = outcome(call, Reference), outcome(call, GaussianMixture)
    assert expected[0] is not None and issubclass(expected[0], error), expected
    assert found == expected


def fitted(cls: type, **more: Any) -> Any:
    given = {"weights_init": [0.5, 0.5], "means_init": [[0, 0], [5, 5]], "precisions_init": PRECISIONS["full"]}
    return cls(2, **(given | more)).fit(X)


def with_value(value: float, dtype: type = np.float64) -> Array:
    x = X.astype(dtype)
    x[7, 1] = value
    return x


WRONG_ROWS = {
    "NaN": with_value(np.nan),
    "infinity": with_value(np.inf),
    "minus infinity": with_value(-np.inf),
    "NaN in float32": with_value(np.nan, np.float32),
    "infinity in float32": with_value(np.inf, np.float32),
    "infinity in float16": with_value(np.inf, np.float16),
    "a column of polars": pl.Series(X[:, 0]),
    "text in polars": pl.DataFrame({"a": ["x", "y", "z"], "b": [1.0, 2.0, 3.0]}),
    "text in pyarrow": pa.table({"a": ["x", "y", "z"], "b": [1.0, 2.0, 3.0]}),
    "NaN in float16": with_value(np.nan, np.float16),
    "None among objects": np.array([[None, 1.0], [2.0, 3.0]], dtype=object),
    "NaN in a list": [[1.0, 2.0], [np.nan, 3.0]],
    "NaN in pandas": pd.DataFrame(with_value(np.nan), columns=["a", "b"]),
    "NA in pandas": pd.DataFrame({"a": pd.array([1.0, None, 3.0], dtype="Float64"), "b": [1.0, 2.0, 3.0]}),
    "1-D": X[:, 0],
    "3-D": X[None],
    "a number": 3.0,
    "None": None,
    "no rows": X[:0],
    "no columns": X[:, :0],
    "complex": X.astype(complex),
    "objects of text": np.array([["a", 1], ["b", 2]], dtype=object),
    "a matrix": X.view(np.matrix),
    "sparse": scipy.sparse.csr_matrix(X),
    "sparse array": scipy.sparse.coo_array(X),
    "ragged": [[1.0, 2.0], [3.0]],
    "a dict": {"a": 1},
    "text": [["a", "b"], ["c", "d"]],
    "an array of text": np.array([["a", "b"], ["c", "d"]]),
}


@pytest.mark.parametrize("kind", WRONG_ROWS)
def test_rows_that_cannot_be_fitted(kind: str) -> None:
    assert_same(lambda cls: cls(2).fit(WRONG_ROWS[kind]), (ValueError, TypeError))
    assert_same(lambda cls: cls(2).fit_predict(WRONG_ROWS[kind]), (ValueError, TypeError))


# Of text in Arrow's columns, scikit-learn's message is one of Python's multiplication.
@pytest.mark.parametrize("kind", [kind for kind in WRONG_ROWS if kind not in ("text in polars", "text in pyarrow")])
@pytest.mark.parametrize("method", METHODS)
def test_rows_of_which_nothing_can_be_said(kind: str, method: str) -> None:
    assert_same(lambda cls: getattr(fitted(cls), method)(WRONG_ROWS[kind]), (ValueError, TypeError))


@pytest.mark.parametrize("x", [X[:1], X[:1].astype(np.float32), X[:1].tolist(), X[:1].astype(int)])
def test_one_row_is_too_few(x: Any) -> None:
    assert_same(lambda cls: cls(1).fit(x), ValueError)


def test_rows_must_be_as_many_as_components() -> None:
    assert_same(lambda cls: cls(50).fit(X[:40]), ValueError)
    assert_same(lambda cls: cls(3).fit(X[:2].tolist()), ValueError)


@pytest.mark.parametrize("wrong", [{"n_components": 200}, {"means_init": [[0, 0]]}, {"weights_init": [0.5, 0.6]}])
def test_rows_that_are_not_finite_are_told_of_first(wrong: dict[str, Any]) -> None:
    assert_same(lambda cls: cls(**({"n_components": 2} | wrong)).fit(with_value(np.nan)), ValueError)


def test_rows_for_the_functions_are_refused_with_what_to_give() -> None:
    for rows, what in (
        (Dataset(X), "dataset.x, and sample_weight=dataset.weights"),
        (Rows(X), "what they were made of"),
    ):
        for method in ("fit", *METHODS):
            with pytest.raises(TypeError, match=f"X is a mogul.{type(rows).__name__}, .* give {what}$"):
                getattr(fitted(GaussianMixture), method)(rows)


def test_a_stream_that_can_be_read_once_is_refused() -> None:
    reader = pa.table({"a": X[:, 0], "b": X[:, 1]}).to_reader()
    with pytest.raises(TypeError, match="not 'pyarrow\\.lib\\.RecordBatchReader'"):
        GaussianMixture(2).fit(reader)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "x", [X[:, :1], np.hstack([X, X]), X[:, :1].tolist(), X[:, :1].astype(np.float32), X[:, :1].astype(int)]
)
def test_rows_must_have_the_features_of_the_fit(method: str, x: Any) -> None:
    assert_same(lambda cls: getattr(fitted(cls), method)(x), ValueError)


@pytest.mark.parametrize("method", [*METHODS, "sample"])
def test_nothing_can_be_said_before_a_fit(method: str) -> None:
    arguments = [] if method == "sample" else [X]
    assert_same(lambda cls: getattr(cls(2), method)(*arguments), NotFittedError)


@pytest.mark.parametrize("method", [*METHODS, "sample"])
def test_nor_after_a_fit_that_failed(method: str) -> None:
    def call(cls: type) -> None:
        model = cls(2)
        with pytest.raises(ValueError, match="NaN"):
            model.fit(with_value(np.nan))
        getattr(model, method)(*([] if method == "sample" else [X]))

    assert_same(call, NotFittedError)


@pytest.mark.parametrize("n", [0, -1])
def test_a_sample_has_at_least_one_row(n: int) -> None:
    assert_same(lambda cls: fitted(cls).sample(n), ValueError)


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_components": 0},
        {"n_components": -1},
        {"n_components": 2.0},
        {"n_components": "2"},
        {"n_components": None},
        {"tol": -1},
        {"tol": "a"},
        {"tol": None},
        {"tol": np.nan},
        {"reg_covar": -1e-9},
        {"reg_covar": "a"},
        {"max_iter": -1},
        {"max_iter": 1.5},
        {"n_init": 0},
        {"n_init": 1.0},
        {"weights_init": "a"},
        {"means_init": 3},
        {"precisions_init": 1},
        {"random_state": "x"},
        {"random_state": -1},
        {"random_state": 1.5},
        {"warm_start": "yes"},
        {"warm_start": 2},
        {"verbose_interval": 0},
        {"verbose_interval": 1.5},
    ],
    ids=str,
)
def test_parameters_have_rules(parameters: dict[str, Any]) -> None:
    assert_same(lambda cls: cls(**({"n_components": 2} | parameters)).fit(X), ValueError)


@pytest.mark.parametrize("name", ["covariance_type", "init_params", "verbose"])
def test_parameters_with_more_choices_say_which(name: str) -> None:
    value: Any = -1 if name == "verbose" else "bad"
    with pytest.raises(ValueError) as expected:
        Reference(2, **{name: value}).fit(X)
    with pytest.raises(type(expected.value)) as found:
        GaussianMixture(2, **{name: value}).fit(X)
    beginning, end = f"The '{name}' parameter of GaussianMixture must be ", f" Got {value!r} instead."
    for text in (str(expected.value), str(found.value)):
        assert text.startswith(beginning) and text.endswith(end)
    more = {"covariance_type": ["tied_diag", "tied_spherical"], "init_params": ["callable"], "verbose": ["bar"]}
    assert all(word in str(found.value) for word in more[name])


WRONG_STARTS = {
    "weights: few": {"weights_init": [0.5]},
    "weights: 2-D": {"weights_init": [[0.5, 0.5]]},
    "weights: out of range": {"weights_init": [-0.5, 1.5]},
    "weights: sum": {"weights_init": [0.5, 0.6]},
    "weights: float32 sum": {"weights_init": np.array([0.1, 0.90001], np.float32)},
    "weights: NaN": {"weights_init": [0.5, np.nan]},
    "weights: text": {"weights_init": ["a", "b"]},
    "means: few": {"means_init": [[1, 2]]},
    "means: 1-D": {"means_init": [1, 2]},
    "means: wide": {"means_init": [[1, 2, 3], [4, 5, 6]]},
    "means: NaN": {"means_init": [[1, np.nan], [1, 2]]},
    "means: 3-D": {"means_init": np.zeros((2, 2, 1))},
    "precisions: empty": {"precisions_init": []},
    "precisions: large": {"precisions_init": np.eye(3)},
    "precisions: asymmetric": {"precisions_init": [[1, 2], [0, 1]]},
    "precisions: asymmetric twice": {"precisions_init": [[[1, 2], [0, 1]]] * 2},
    "precisions: indefinite": {"precisions_init": [[1.0, 2.0], [2.0, 1.0]]},
    "precisions: indefinite twice": {"precisions_init": [[[1.0, 2.0], [2.0, 1.0]]] * 2},
    "precisions: negative": {"precisions_init": [-1.0, 1.0]},
    "precisions: zero": {"precisions_init": [[0.0, 1.0], [1.0, 1.0]]},
    "precisions: NaN": {"precisions_init": [np.nan, 1.0]},
    "precisions: text": {"precisions_init": ["a", "b"]},
}


@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize("start", WRONG_STARTS)
def test_starts_have_rules(kind: str, start: str) -> None:
    right = {"weights_init": [0.5, 0.5], "means_init": [[0, 0], [5, 5]], "precisions_init": PRECISIONS[kind]}
    given = {"covariance_type": kind} | right | WRONG_STARTS[start]
    expected, found = (outcome(cls(2, **given).fit, X) for cls in (Reference, GaussianMixture))
    is_right = (kind, start) == ("diag", "precisions: indefinite")
    assert found == expected and (expected[0] is None) == is_right


def test_a_fit_that_did_not_converge_warns() -> None:
    expected, found = (outcome(partial(fitted, cls, max_iter=1)) for cls in (Reference, GaussianMixture))
    assert found == expected and found[0] is None
    assert found[2][0].startswith(f"{ConvergenceWarning.__name__}: Best performing initialization did not converge.")


def test_the_warning_points_at_the_callers_line() -> None:
    for call in (lambda m: m.fit(X), lambda m: m.fit_predict(X)):
        with pytest.warns(ConvergenceWarning) as caught:
            call(GaussianMixture(2, max_iter=1, random_state=0))
        assert caught[0].filename == __file__


@pytest.mark.parametrize("parameters", [{"max_iter": 0, "means_init": [[0, 0], [5, 5]]}, {"tol": 1e9}])
def test_other_fits_do_not_warn(parameters: dict[str, Any]) -> None:
    for cls in (Reference, GaussianMixture):
        assert outcome(cls(2, random_state=0, **parameters).fit, X)[2] == []


@pytest.mark.parametrize("method", METHODS)
def test_names_of_features_that_come_or_go_or_differ(method: str) -> None:
    frame = pd.DataFrame(X, columns=["length", "width"])
    for given, asked in (
        (frame, X),
        (X, frame),
        (frame, frame[["width", "length"]]),
        (frame, frame.rename(columns={"width": "height"})),
    ):
        models = (cls(1, random_state=0).fit(given) for cls in (Reference, GaussianMixture))
        expected, found = (outcome(getattr(model, method), asked) for model in models)
        assert found == expected and (found[0] is ValueError or len(found[2]) == 1)


def test_names_of_features_must_be_all_strings_or_none() -> None:
    assert_same(lambda cls: cls(1).fit(pd.DataFrame(X, columns=["length", 2])), TypeError)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_components_that_collapse_may_be_an_error(dtype: type) -> None:
    x = np.repeat([[0.0, 0.0], [5.0, 5.0]], 5, axis=0).astype(dtype)
    sentence = outcome(Reference(2, reg_covar=0, random_state=0).fit, x)[1]
    error, text, _ = outcome(GaussianMixture(2, reg_covar=0, random_state=0, degenerate="error").fit, x)
    assert error is ValueError and text.startswith(sentence + " (") and "scale the input data." in sentence
    assert "component 0" in text and "'x" in text
