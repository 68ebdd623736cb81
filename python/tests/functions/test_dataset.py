"""Rows that were read from files, and Rows: what every function takes for x."""

from __future__ import annotations

import gc
import io
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import Array, message_of

import mogul
from mogul import Dataset, Rows

pytestmark = pytest.mark.filterwarnings("ignore:reg_covar = ")  # a few rows

CSV = b"length,width,count\n1,2,3\n4,5,6\n7,8,10\n"


def npy(x: Array) -> bytes:
    stream = io.BytesIO()
    np.save(stream, x)
    return stream.getvalue()


def test_a_data_set_has_rows_names_and_weights() -> None:
    data = mogul.parse_dataset(CSV, "rows.csv", weights="count")
    assert data.x.tolist() == [[1, 2], [4, 5], [7, 8]]
    assert data.column_names == ["length", "width"]
    assert data.weights.tolist() == [3, 6, 10]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
def test_a_data_set_is_made_of_a_copy(dtype: str) -> None:
    x = np.arange(6, dtype=dtype).reshape(3, 2)
    data = mogul.Dataset(x, ["length", "width"], [1, 2, 3])
    x[:] = 9
    assert data.x.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert data.x.dtype == ("float32" if dtype == "float32" else "float64")
    assert data.column_names == ["length", "width"] and data.weights.tolist() == [1, 2, 3]
    assert mogul.Dataset([[1, 2]]).column_names == ["x1", "x2"]


def test_a_data_set_of_wrong_names_or_weights_is_refused() -> None:
    with pytest.raises(ValueError, match="1 column names for 2 columns"):
        mogul.Dataset([[1, 2]], ["length"])
    with pytest.raises(ValueError, match="weights has 2 values for 1 rows"):
        mogul.Dataset([[1, 2]], weights=[1, 1])


def test_a_data_set_without_weights_has_none() -> None:
    assert mogul.parse_dataset(CSV, "rows.csv").weights is None


@pytest.mark.parametrize("name", ["x", "weights"])
def test_views_are_read_only_and_keep_their_data_set_alive(name: str) -> None:
    data = mogul.parse_dataset(CSV, "rows.csv", weights="count")
    view, expected = getattr(data, name), getattr(data, name).tolist()
    del data
    gc.collect()
    _ = [mogul.parse_dataset(CSV.replace(b"1", b"9"), "other.csv", weights="count") for _ in range(50)]
    assert view.tolist() == expected
    assert message_of(lambda: view.__setitem__(0, 1.0)) == "assignment destination is read-only"


def test_rows_in_single_precision_stay_so() -> None:
    x = np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float32)
    data = mogul.parse_dataset(npy(x), "x.npy")
    assert data.x.dtype == np.float32 and data.x.tobytes() == x.tobytes()
    assert Rows(data).dtype == np.float32 and not Rows(data).copied
    assert not data.x.flags.writeable


def test_a_data_set_is_made_of_rows_names_and_weights() -> None:
    x = np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 4.0]])
    made = Dataset(x, ["length", "width"], [1, 2, 3])
    assert (made.x.tolist(), made.column_names, made.weights.tolist()) == (x.tolist(), ["length", "width"], [1, 2, 3])
    assert mogul.fit(made, reg_covar=1).mixture == mogul.fit(x, weights=[1, 2, 3], reg_covar=1).mixture
    plain = Dataset(x=x.tolist(), column_names=[], weights=None)
    assert (plain.x.tolist(), plain.column_names, plain.weights) == (x.tolist(), ["x1", "x2"], None)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32, np.float16, ">f8", object])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_data_set_owns_a_copy(dtype: object, order: str) -> None:
    x = np.asarray([[1, 2], [3, 5], [4, 4]], dtype=dtype, order=order)
    weights = np.array([1.0, 2.0, 3.0])
    made = Dataset(x, weights=weights)
    x[:], weights[:] = 7, 7
    assert (made.x.tolist(), made.weights.tolist()) == ([[1, 2], [3, 5], [4, 4]], [1, 2, 3])
    assert made.x.dtype == (np.float32 if dtype == np.float32 else np.float64)


def test_a_data_set_is_made_of_other_rows_too() -> None:
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    for rows in (Rows(x), Dataset(x), pa.table({"a": x[:, 0], "b": x[:, 1]}), pd.DataFrame(x)):
        assert Dataset(rows, ["length", "width"]).x.tolist() == x.tolist()


def test_a_data_set_keeps_the_names_and_weights_of_what_it_is_made_of() -> None:
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    named = Dataset(x, ["length", "width"], [1, 2])
    for source in (named, Rows(named)):
        again = Dataset(source)
        assert (again.column_names, again.weights.tolist()) == (["length", "width"], [1, 2])
    for frame in (pa.table({"a": x[:, 0], "b": x[:, 1]}), pd.DataFrame(x, columns=["a", "b"])):
        assert Dataset(frame).column_names == ["a", "b"]
    assert "weights: the data set has weights of its own" in message_of(partial(Dataset, named, weights=[1, 1]))


def test_a_data_set_that_breaks_a_rule_is_not_made() -> None:
    x = np.ones((3, 2))
    for text, make in {
        "1 column names for 2 columns; must have one per column": partial(Dataset, x, ["a"]),
        "weights has 1 values for 3 rows; must have one per row": partial(Dataset, x, weights=[1]),
        "x has 1 dimension; must have 2": partial(Dataset, x[0]),
        "data has 0 rows; must have at least 1": partial(Dataset, x[:0]),
        "weights: shape (3, 1); must have 1 dimension": partial(Dataset, x, weights=np.ones((3, 1))),
    }.items():
        assert text in message_of(make)


def test_a_data_set_is_rows_with_its_weights() -> None:
    data = mogul.parse_dataset(CSV, "rows.csv", weights="count")
    mixture = mogul.fit(data, reg_covar=0.5).mixture
    assert mixture == mogul.fit(data.x, weights=data.weights, reg_covar=0.5).mixture
    assert mixture.means[0].tolist() == pytest.approx(np.average(data.x, axis=0, weights=[3, 6, 10]), rel=1e-15)
    assert mogul.evaluate(mixture, data).sum_weights == 19
    assert mogul.labels(mixture, data).tolist() == [0, 0, 0]


def test_a_data_set_without_weights_may_be_given_some() -> None:
    data = mogul.parse_dataset(CSV, "rows.csv")
    assert mogul.fit(data, weights=[1, 0, 0], reg_covar=1).mixture.means.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize("kind", ["Dataset", "Rows"])
def test_rows_are_not_weighted_twice(kind: str) -> None:
    weights = [1.0, 2.0, 3.0]
    weighted = {
        "Dataset": mogul.parse_dataset(CSV, "rows.csv", weights="count"),
        "Rows": Rows([[1], [2], [3]], weights),
    }
    rows = weighted[kind]
    for call in (lambda: mogul.fit(rows, weights=weights), lambda: Rows(rows, weights)):
        assert message_of(call) == "weights: the data set has weights of its own"


def test_errors_call_columns_by_their_names() -> None:
    data = mogul.parse_dataset(CSV.replace(b"8", b"5"), "rows.csv", columns=["length", "width"])
    constant = mogul.parse_dataset(b"length,width\n1,5\n4,5\n7,5\n", "rows.csv")
    assert mogul.fit(data, reg_covar=0, degenerate="error").mixture.n_features == 2
    for weights in (None, [1.0, 2.0, 3.0]):
        fit = partial(mogul.fit, constant, weights=weights, reg_covar=0, degenerate="error")
        assert "column 'width'" in message_of(fit, mogul.FitError)


def test_rows_have_the_shape_and_type_of_what_they_borrow() -> None:
    x = np.zeros((5, 3), dtype=np.float32)
    rows = Rows(x)
    assert (rows.shape, rows.dtype, rows.copied) == ((5, 3), np.dtype(np.float32), False)
    assert isinstance(rows.dtype, np.dtype) and isinstance(rows.shape, tuple)
    wide = Rows(x=[[1, 2]], weights=[3])
    assert (wide.shape, wide.dtype, wide.copied) == ((1, 2), np.dtype(np.float64), True)


def test_rows_know_what_they_were_made_of() -> None:
    for x in (np.zeros((2, 2)), [[1, 2]], mogul.parse_dataset(CSV, "rows.csv"), Rows([[1]])):
        assert Rows(x).source is x


def test_rows_see_what_happens_to_the_array_that_they_borrow() -> None:
    x = np.array([[1.0], [3.0]])
    rows = Rows(x)
    x[0] = 5
    assert mogul.fit(rows).mixture.means.tolist() == [[4.0]]


def test_rows_that_were_copied_do_not() -> None:
    x = [[1.0], [3.0]]
    rows = Rows(x)
    x[0] = [5.0]
    assert mogul.fit(rows).mixture.means.tolist() == [[2.0]]


def test_weights_are_copied() -> None:
    weights = np.array([1.0, 3.0])
    rows = Rows([[0.0], [4.0]], weights)
    weights[:] = 7
    assert mogul.fit(rows).mixture.means.tolist() == [[3.0]]


@pytest.mark.parametrize(
    "of",
    [
        lambda x: x,
        np.asfortranarray,
        lambda x: x.astype(int),
        np.ndarray.tolist,
        lambda x: mogul.parse_dataset(npy(x), "x"),
    ],
    ids=["array", "fortran", "integers", "list", "Dataset"],
)
def test_rows_keep_what_they_borrow_alive(of) -> None:
    x = np.arange(3000.0).reshape(1000, 3)
    rows = Rows(Rows(of(x.copy())))
    gc.collect()
    _ = [np.full((1000, 3), float(i)) for i in range(50)]
    np.testing.assert_allclose(mogul.fit(rows).mixture.means[0], x.mean(axis=0), rtol=1e-12)
