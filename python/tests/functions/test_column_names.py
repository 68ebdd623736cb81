"""Names of columns: none where there is none, and no two the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import message_of
from hypothesis import given, settings
from hypothesis import strategies as st

import mogul

X = np.random.default_rng(0).normal(size=(60, 2))


def arrow(names: list[str]) -> pa.Table:
    return pa.Table.from_arrays([pa.array(column) for column in X.T], names=names)


TWICE = {
    "pandas, the same": lambda: pd.DataFrame(X, columns=["a", "a"]),
    "pandas, but for blanks": lambda: pd.DataFrame(X, columns=["a", " a"]),
    "pandas, a number and its text": lambda: pd.DataFrame(X, columns=[1, "1"]),
    "polars, but for blanks": lambda: pl.DataFrame(X, schema=["a", "a "]),
    "pyarrow, the same": lambda: arrow(["a", "a"]),
}


@pytest.mark.parametrize("kind", TWICE)
def test_two_columns_of_one_name_are_refused_where_they_come_in(kind: str) -> None:
    name = "1" if "number" in kind else "a"
    for take in (mogul.Rows, mogul.Dataset, lambda x: mogul.fit(x, 1), lambda x: mogul.sample_rows(x, 10)):
        text = message_of(lambda take=take: take(TWICE[kind]()))
        assert text == f"x: columns 1 and 2 are both named '{name}'; names must differ"


def test_so_are_those_that_a_data_set_is_given() -> None:
    text = message_of(lambda: mogul.Dataset(X, ["a", "a"]))
    assert text == "column_names: columns 1 and 2 are both named 'a'; names must differ"


@pytest.mark.parametrize(
    "missing", [[np.nan, None], [pd.NaT, pd.NA], [np.float32("nan"), ""]], ids=["NaN", "pandas", "float32"]
)
def test_what_pandas_has_for_no_name_is_none(missing: list[object], tmp_path: Path) -> None:
    frame = pd.DataFrame(X)
    frame.columns = pd.Index(missing, dtype=object)
    result = mogul.fit(frame, 1)
    assert result.feature_names == ["x1", "x2"]
    mogul.write_model(tmp_path / "model.json", result)
    assert mogul.read_model(tmp_path / "model.json").feature_names == ["x1", "x2"]


def test_many_columns_without_a_name_get_different_ones() -> None:
    n = 3000
    x = np.zeros((2, n)) + np.arange(2)[:, None]
    names = mogul.Dataset(pd.DataFrame(x, columns=[None if d % 2 == 0 else f"x{d}" for d in range(n)])).column_names
    assert names[:4] == ["x1_", "x1", "x3_", "x3"] and len(set(names)) == n


@pytest.mark.parametrize("kind", [kind for kind in TWICE if "number" not in kind])
def test_the_estimator_refuses_them_too(kind: str) -> None:
    model = mogul.GaussianMixture(1)
    text = message_of(lambda: model.fit(TWICE[kind]()))
    # Of names that are the same to the letter, some versions of scikit-learn have a sentence of their own.
    assert "columns 1 and 2 are both named 'a'" in text or "blanks" not in kind
    assert not hasattr(model, "feature_names_in_")


NAME = st.text(st.sampled_from(list(" \tabAB12.-_,;'\"()\u00b5\u4e2d")), max_size=6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(names=st.lists(NAME, min_size=2, max_size=2))
def test_a_model_of_a_frame_knows_the_columns_of_the_file_that_the_frame_is_written_to(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    bare = [mogul.normal_name(name) for name in names]
    if bare[0] == bare[1] or "" in bare:
        return  # refused, or invented
    folder = tmp_path_factory.mktemp("names")
    frame = pd.DataFrame(X, columns=names)
    result = mogul.fit(frame, 1)
    assert [mogul.normal_name(name) for name in result.feature_names] == bare
    frame.to_csv(folder / "rows.csv", index=False)
    mogul.write_model(folder / "model.json", result)
    model = mogul.read_model(folder / "model.json")
    data = mogul.read_dataset(folder / "rows.csv", header=True, columns=model.feature_names)
    np.testing.assert_array_equal(
        mogul.log_densities(model.mixture, data),
        mogul.log_densities(result.mixture, frame),
    )
