"""Rows are read where they lie, whatever made them, and have the values that NumPy sees."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import Array, message_of, random_mixture
from sklearn.exceptions import ConvergenceWarning

import mogul
from mogul import GaussianMixture, Rows

MIXTURE = random_mixture("full", k=2, d=3)
X = np.random.default_rng(0).normal(size=(50, 3)) * 10
NARROW = X.astype(np.float32)
WHOLE = X.astype(np.int64)

# Constant rows have no mixture; and the estimator's results are float32 for any rows that are.
DEGENERATE_OR_NARROWED = ("one row again and again", "one column again and again", "float32 backwards")


def bytes_of(x: object) -> bytes:
    """Of what depends on every value."""
    stats = mogul.accumulate(MIXTURE, x)
    return mogul.log_densities(MIXTURE, x).tobytes() + stats.first.tobytes() + stats.second.tobytes()


def fitted_bytes(x: object) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = GaussianMixture(2, random_state=0, max_iter=5).fit(x)
    return model.means_.tobytes() + model.covariances_.tobytes() + model.predict(x).tobytes()


def on_disk(x: Array, order: str) -> Callable[[Path], np.memmap]:
    def make(folder: Path) -> np.memmap:
        mapped = np.memmap(folder / "x.bin", dtype=x.dtype, mode="w+", shape=x.shape, order=order)
        mapped[:] = x
        mapped.flush()
        return np.memmap(folder / "x.bin", dtype=x.dtype, mode="r", shape=x.shape, order=order)

    return make


def read_only(x: Array) -> Array:
    x = x.copy()
    x.flags.writeable = False
    return x


def fields_of(x: Array) -> Array:
    """Rows 28 bytes apart, which is no multiple of a value's size."""
    table = np.zeros(len(x), dtype=[("label", "f4"), ("x", "f8", (3,))])
    table["x"] = x
    return table["x"]


def table_of(x: Array) -> pa.Table:
    return pa.table(dict(zip("abc", x.T, strict=True)))


IN_PLACE = {
    "C order": (X, X),
    "Fortran order": (np.asfortranarray(X), X),
    "float32": (NARROW, NARROW),
    "float32 in Fortran order": (np.asfortranarray(NARROW), NARROW),
    "every other row": (np.repeat(X, 2, axis=0)[::2], X),
    "the first columns": (np.hstack([X, X])[:, :3], X),
    "every other column": (np.repeat(X, 2, axis=1)[:, ::2], X),
    "every other row in Fortran order": (np.asfortranarray(np.repeat(X, 2, axis=0))[::2], X),
    "every other column in Fortran order": (np.asfortranarray(np.repeat(X, 2, axis=1))[:, ::2], X),
    "rows backwards": (X[::-1], X[::-1].copy()),
    "columns backwards": (X[:, ::-1], X[:, ::-1].copy()),
    "float32 backwards": (NARROW[::-1], NARROW[::-1].astype(np.float64)),
    "one row again and again": (np.broadcast_to(X[0], (20, 3)), np.tile(X[0], (20, 1))),
    "one column again and again": (np.broadcast_to(X[:, :1], (50, 3)), np.repeat(X[:, :1], 3, axis=1)),
    "read-only": (read_only(X), X),
    "a memory view": (memoryview(X), X),
    "int64": (WHOLE, WHOLE.astype(float)),
    "int8": (WHOLE.astype(np.int8), WHOLE.astype(np.int8).astype(float)),
    "uint16 in Fortran order": (np.asfortranarray(np.abs(WHOLE).astype(np.uint16)), np.abs(WHOLE).astype(float)),
    "int32 backwards": (WHOLE.astype(np.int32)[::-1], WHOLE[::-1].astype(float)),
    "bool": (X > 0, (X > 0).astype(float)),
    "float16": (X.astype(np.float16), X.astype(np.float16).astype(float)),
    "pandas": (pd.DataFrame(X), X),
    "pandas, float32": (pd.DataFrame(NARROW), NARROW),
    "pandas, integers": (pd.DataFrame(WHOLE), WHOLE.astype(float)),
    "pandas, of its own columns": (pd.DataFrame(dict(zip("abc", X.T, strict=True))), X),
    "polars": (pl.DataFrame(X), X),
    "polars, float32": (pl.DataFrame(NARROW), NARROW),
    "polars, integers": (pl.DataFrame(WHOLE), WHOLE.astype(float)),
    "pyarrow": (table_of(X), X),
    "pyarrow, float32": (table_of(NARROW), NARROW),
    "pyarrow, integers": (table_of(WHOLE), WHOLE.astype(float)),
    "pyarrow, mixed": (
        pa.table({"a": X[:, 0], "b": NARROW[:, 1], "c": WHOLE[:, 2].astype(np.uint8)}),
        np.column_stack([X[:, 0], NARROW[:, 1].astype(float), WHOLE[:, 2].astype(np.uint8).astype(float)]),
    ),
    "pyarrow, float16": (table_of(X.astype(np.float16)), X.astype(np.float16).astype(float)),
    "pyarrow, a slice": (table_of(X).slice(7, 30), X[7:37]),
    "pyarrow, a slice of integers": (table_of(WHOLE).slice(7, 30), WHOLE[7:37].astype(float)),
    "pyarrow, a batch": (table_of(X).to_batches()[0], X),
    "pyarrow, a bitmap without nulls": (
        pa.table({k: pa.array([None, *c]).slice(1) for k, c in zip("abc", X.T, strict=True)}),
        X,
    ),
}
COPIED = {
    "list": (X.tolist(), X),
    "tuples": (tuple(map(tuple, X)), X),
    "object": (X.astype(object), X),
    "object of integers": (WHOLE.astype(object), WHOLE.astype(float)),
    "big-endian": (X.astype(">f8"), X),
    "big-endian integers": (WHOLE.astype(">i4"), WHOLE.astype(float)),
    "long double": (X.astype(np.longdouble), X),
    "a field of records": (fields_of(X), X),
}
# What NumPy makes of frames that are not read in place, whether by a copy of theirs or of ours.
OTHER_FRAMES = {
    "pandas, several blocks": (
        pd.DataFrame({"a": X[:, 0], "b": WHOLE[:, 1], "c": X[:, 2] > 0}),
        np.column_stack([X[:, 0], WHOLE[:, 1], X[:, 2] > 0]),
    ),
    "pandas, nullable types": (pd.DataFrame(X).convert_dtypes(), X),
    "pandas, columns of Arrow": (pd.DataFrame(X).convert_dtypes(dtype_backend="pyarrow"), X),
    "pyarrow, several chunks": (pa.concat_tables([table_of(X).slice(0, 20), table_of(X).slice(20)]), X),
    "pyarrow, several chunks of float32": (pa.concat_tables([table_of(NARROW[:20]), table_of(NARROW[20:])]), NARROW),
    "pyarrow, several chunks of integers": (pa.concat_tables([table_of(WHOLE[:9]), table_of(WHOLE[9:])]), WHOLE),
    "pyarrow, truth values": (pa.table({k: c > 0 for k, c in zip("abc", X.T, strict=True)}), X > 0),
    "pyarrow, decimal numbers": (
        pa.table({k: pa.array(c).cast(pa.decimal128(25, 2)) for k, c in zip("abc", WHOLE.T, strict=True)}),
        WHOLE,
    ),
    "polars, truth values": (pl.DataFrame(X > 0), X > 0),
    "polars, several chunks": (pl.concat([pl.DataFrame(X[:20]), pl.DataFrame(X[20:])], rechunk=False), X),
}
EVERYTHING = IN_PLACE | COPIED | OTHER_FRAMES


@pytest.mark.parametrize("kind", IN_PLACE)
def test_rows_are_read_where_they_lie(kind: str) -> None:
    given, values = IN_PLACE[kind]
    rows = Rows(given)
    assert (rows.copied, rows.shape, rows.dtype) == (False, values.shape, values.dtype)
    assert bytes_of(given) == bytes_of(rows) == bytes_of(np.ascontiguousarray(values))


@pytest.mark.parametrize("kind", COPIED)
def test_other_rows_are_copied_with_the_values_that_numpy_sees(kind: str) -> None:
    given, values = COPIED[kind]
    rows = Rows(given)
    assert (rows.copied, rows.shape, rows.dtype) == (True, values.shape, np.dtype(float))
    assert bytes_of(given) == bytes_of(rows) == bytes_of(np.ascontiguousarray(values, dtype=float))


@pytest.mark.parametrize("kind", OTHER_FRAMES)
def test_other_frames_have_the_values_that_numpy_sees(kind: str) -> None:
    given, values = OTHER_FRAMES[kind]
    assert Rows(given).shape == values.shape
    np.testing.assert_allclose(mogul.log_densities(MIXTURE, given), mogul.log_densities(MIXTURE, values), rtol=1e-12)


@pytest.mark.filterwarnings("ignore:reg_covar = ")
@pytest.mark.parametrize("kind", [kind for kind in EVERYTHING if kind not in DEGENERATE_OR_NARROWED])
def test_the_estimator_sees_the_same_values(kind: str) -> None:
    given, values = EVERYTHING[kind]
    assert fitted_bytes(given) == fitted_bytes(np.ascontiguousarray(values))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("x", [X, NARROW, WHOLE], ids=["float64", "float32", "int64"])
def test_memory_maps_are_read_where_they_lie(tmp_path: Path, x: Array, order: str) -> None:
    mapped = on_disk(x, order)(tmp_path)
    values = x if x is not WHOLE else x.astype(float)
    assert not Rows(mapped).copied
    assert bytes_of(mapped) == bytes_of(values) and fitted_bytes(mapped) == fitted_bytes(values)


def value_of(x: Array) -> float:
    """Of a table of one value: the mean of its only row."""
    unit = mogul.Mixture("spherical", [1.0], [[0.0]], [1.0])
    return mogul.maximise(unit, x, [[1.0]], hold=["weights", "covariances"]).means[0, 0]


def test_every_float16_is_what_numpy_says_it_is() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)[:, None]
    finite = every[np.isfinite(every[:, 0])]
    unit = mogul.Mixture("spherical", [1.0], [[0.0]], [1.0])
    assert not Rows(finite).copied
    assert mogul.log_densities(unit, finite).tobytes() == mogul.log_densities(unit, finite.astype(float)).tobytes()
    for value in finite[::1009]:
        assert value_of(value.reshape(1, 1)) == float(value[0])


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64])
def test_every_integer_is_what_numpy_makes_of_it(dtype: type) -> None:
    info = np.iinfo(dtype)
    for value in (info.min, info.min + 1, 1, info.max // 3, info.max - 1, info.max):
        x = np.array([[value]], dtype=dtype)
        assert value_of(x) == x.astype(float)[0, 0]


def test_names_of_arrow_columns_are_in_messages() -> None:
    x = X.copy()
    x[3, 1] = np.nan
    table = pa.table(dict(zip(["length", "width", "height"], x.T, strict=True)))
    frame = pl.DataFrame(x, schema=["length", "width", "height"])
    for rows in (table, frame):
        for weights in (None, np.ones(50)):
            message = message_of(partial(mogul.fit, rows, weights=weights), mogul.InvalidData)
            assert message == "row 4, column 'width': value nan; must be finite"


def test_names_of_pandas_columns_are_in_messages() -> None:
    frame = pd.DataFrame({"length": [1.0, 2.0], "width": [np.nan, 1.0]})
    message = message_of(partial(mogul.fit, frame), mogul.InvalidData)
    assert message == "row 1, column 'width': value nan; must be finite"


def test_dictionaries_of_numbers_are_their_numbers() -> None:
    table = pa.table({k: pa.array(c).dictionary_encode() for k, c in zip("abc", np.round(X).T, strict=True)})
    assert bytes_of(table) == bytes_of(np.round(X))
    assert fitted_bytes(table) == fitted_bytes(np.round(X))


@pytest.mark.parametrize(
    "x",
    [
        pa.table({"a": pa.array(["x", "y", "z"]).dictionary_encode()}),
        pl.DataFrame({"a": ["x", "y", "z"]}, schema_overrides={"a": pl.Categorical}),
        pl.DataFrame({"a": ["x", "y", "z"]}, schema_overrides={"a": pl.Enum(["x", "y", "z"])}),
    ],
    ids=["pyarrow", "polars categorical", "polars enum"],
)
def test_categories_are_no_numbers(x: object) -> None:
    for call in (lambda: mogul.fit(x, reg_covar=1), lambda: GaussianMixture().fit(x)):
        assert "'x'" in message_of(call) or "dtype" in message_of(call)


@pytest.mark.parametrize("kind", ["float", "int", "polars", "several chunks"])
def test_nulls_are_an_error_that_says_where(kind: str) -> None:
    values = [None, *([1] if kind == "int" else [1.5]) * 4]
    table = pa.table({"b": [1.0, 2, 3, 4, 5], "a": values})
    rows = {"polars": pl.from_arrow(table), "several chunks": pa.concat_tables([table, table])}.get(kind, table)
    message = message_of(lambda: mogul.fit(rows), mogul.InvalidData)
    assert message.startswith("row 1, column ") and message.endswith(": value nan; must be finite")
    with pytest.raises(ValueError, match="NaN"):
        GaussianMixture().fit(rows)


def test_one_arrow_column_is_no_table() -> None:
    # Nulls and unions have no bitmap of nulls, and nulls no buffer at all.
    union = pa.UnionArray.from_sparse(pa.array([0, 0], pa.int8()), [pa.array([1.0, 2.0])])
    for column in (pa.array([1.0, 2.0]), pa.array([1.0, None]), pa.nulls(3), union, pl.Series([1.0, 2.0])):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of NumPy, on how pyarrow and polars hand arrays over
            message = message_of(partial(Rows, column))
        assert message == "x: one Arrow column; must be a table of columns"


@pytest.mark.parametrize(
    "x",
    [X[:0], table_of(X).slice(0, 0), pl.DataFrame(X[:0]), pd.DataFrame(X[:0])],
    ids=["numpy", "pyarrow", "polars", "pandas"],
)
def test_no_rows_are_an_error(x: object) -> None:
    assert message_of(lambda: mogul.fit(x)) == "data has 0 rows; must have at least 1"
    with pytest.raises(
        ValueError, match=r"Found array with 0 sample\(s\) \(shape=\(0, 3\)\) while a minimum of 2 is required"
    ):
        GaussianMixture().fit(x)


def test_no_columns_are_an_error() -> None:
    assert message_of(lambda: mogul.fit(X[:, :0])) == "data has 0 columns; must have at least 1"


@pytest.mark.parametrize(("x", "n"), [(X[0], 1), (X.reshape(5, 10, 3), 3), (3.0, 1), (X[0].astype(int), 1)])
def test_rows_have_two_dimensions(x: object, n: int) -> None:
    message = message_of(lambda: mogul.fit(x))
    assert message == f"x has {n} dimension{'' if n == 1 else 's'}; must have 2: rows and columns"


@pytest.mark.parametrize("source", ["memory", "pyarrow", "polars", "list", "integers"])
def test_rows_outlive_the_names_of_their_sources(source: str) -> None:
    of = {
        "memory": lambda x: x,
        "pyarrow": table_of,
        "polars": pl.DataFrame,
        "list": np.ndarray.tolist,
        "integers": lambda x: x.astype(int),
    }[source]
    expected = bytes_of(np.asarray(of(np.round(X)), dtype=float))
    rows = Rows(of(np.round(X)))
    _ = [table_of(X + i) for i in range(50)]
    assert bytes_of(rows) == expected
