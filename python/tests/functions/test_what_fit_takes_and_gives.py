"""What fit() finds out by itself: K, the structure, names, what a path holds; and the ways to take its result."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import STRUCTURES, random_mixture, random_rows

import mogul

M = random_mixture("full", k=3)
X = random_rows(M, 60)
Z = mogul.labels(M, X)
NAMES = ["height", "width"]

FRAMES: dict[str, Any] = {
    "pandas": pd.DataFrame(X, columns=NAMES),
    "pandas of several types": pd.DataFrame({"height": X[:, 0], "width": X[:, 1].astype("f4")}),
    "polars": pl.DataFrame({"height": X[:, 0], "width": X[:, 1]}),
    "pyarrow": pa.table({"height": X[:, 0], "width": X[:, 1]}),
    "pyarrow in chunks": pa.concat_tables([pa.table({"height": x[:, 0], "width": x[:, 1]}) for x in (X[:20], X[20:])]),
    "record batch": pa.record_batch({"height": X[:, 0], "width": X[:, 1]}),
    "data set": mogul.Dataset(X, NAMES),
    "rows": mogul.Rows(pd.DataFrame(X, columns=NAMES)),
}


# --- The result


def test_results_unpack_to_the_mixture_and_the_report() -> None:
    result = mogul.fit(X, 2)
    mixture, report = result
    assert mixture == result.mixture and report == result.report
    assert result.summary() == mogul.summary(report, mixture, ["x1", "x2"])


@pytest.mark.parametrize("name", FRAMES)
def test_names_of_columns_are_kept(name: str, tmp_path: Path) -> None:
    result = mogul.fit(FRAMES[name], 2)
    assert result.feature_names == NAMES and "width" in result.summary()
    mogul.write_model(tmp_path / "model.json", result)
    file = mogul.read_model(tmp_path / "model.json")
    assert file == mogul.ModelFile(result) and file.feature_names == NAMES
    assert file.settings == result.settings and file.report == result.report and file.mixture == result.mixture


def test_rows_without_names_have_those_of_model_files() -> None:
    result = mogul.fit(X, 2)
    assert result.feature_names == ["x1", "x2"] and result.settings.n_components == 2
    assert pickle.loads(pickle.dumps(result)) == result


def test_names_are_read_as_a_reader_of_csv_reads_them() -> None:
    frame = pd.DataFrame(X, columns=[" a\t", "b c "])
    assert mogul.fit(frame, 1).feature_names == ["a", "b c"]
    assert mogul.Dataset(frame).column_names == ["a", "b c"]
    text = frame.to_csv(index=False).encode()
    assert mogul.parse_dataset(text, "f.csv").column_names == ["a", "b c"]


def test_columns_without_a_name_get_one_that_is_not_taken() -> None:
    array = pa.array(X[:, 0])
    table = pa.Table.from_arrays([array, array, array], names=["", "x1", "x3"])
    assert mogul.Dataset(table).column_names == ["x1_", "x1", "x3"]


# --- What the start tells


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_mixture_as_start_tells_components_and_structure(structure: str) -> None:
    start = random_mixture(structure, k=3)
    result = mogul.fit(X, init=start, max_iter=3)
    assert result.mixture == mogul.fit(X, 3, init=start, covariance=structure, max_iter=3).mixture
    assert mogul.fit(X, init=start, covariance="full", max_iter=3).mixture.structure == "full"


def test_responsibilities_and_labels_tell_the_number_of_components() -> None:
    assert mogul.fit(X, init=mogul.responsibilities(M, X)).mixture.n_components == 3
    assert mogul.fit(X, init=Z).mixture == mogul.fit(X, 3, init=Z).mixture
    assert mogul.fit(X).mixture.n_components == 1


LABELS = {
    "int8": Z.astype("i1"),
    "uint64": Z.astype("u8"),
    "whole floats": Z.astype("f4"),
    "objects": Z.astype(object),
    "list": Z.tolist(),
    "series": pd.Series(Z),
    "nullable": pd.Series(Z, dtype="Int64"),
    "negative": Z - 7,
    "far apart": Z * 10**12 - 5,
    "big endian": Z.astype(">i4"),
}


@pytest.mark.parametrize("name", LABELS)
def test_labels_are_any_whole_numbers(name: str) -> None:
    labels = LABELS[name]
    assert mogul.fit(X, init=labels).mixture == mogul.fit(X, 3, init=Z).mixture
    assert mogul.fit(X, 3, init=labels).mixture == mogul.fit(X, 3, init=Z).mixture
    estimator = mogul.GaussianMixture(3, labels_init=labels).fit(X)
    assert estimator.mixture_ == mogul.GaussianMixture(3, labels_init=Z).fit(X).mixture_


@pytest.mark.parametrize("labels", [np.arange(60) % 2 + 0.5, np.full(60, np.nan), ["a", "b"] * 30, [None] * 60])
def test_other_labels_are_refused(labels: Any) -> None:
    for refuse in (
        lambda: mogul.fit(X, init=labels),
        lambda: mogul.GaussianMixture(2, labels_init=labels).fit(X),
        lambda: mogul.complete_log_likelihood(M, X, labels),
    ):
        with pytest.raises(ValueError, match=r"whole number|real number|NaN|Input"):
            refuse()


def test_a_file_of_labels_is_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("\n".join(str(label) for label in Z * 100 - 3))
    assert mogul.read_labels(tmp_path / "labels.csv").tolist() == Z.tolist()


# --- Paths


def test_a_path_is_taken_for_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    mogul.write_csv(path, X, NAMES)
    np.save(tmp_path / "rows.npy", X)
    for given in (path, str(path)):
        result = mogul.fit(given, 3)
        assert result.mixture == mogul.fit(X, 3).mixture and result.feature_names == NAMES
        assert mogul.labels(M, given).tolist() == Z.tolist()
        assert mogul.evaluate(M, given) == mogul.evaluate(M, X)
        assert mogul.Rows(given).shape == X.shape
    assert mogul.fit(tmp_path / "rows.npy", 3).mixture == mogul.fit(X, 3).mixture


def test_weights_of_a_file_are_a_column_or_numbers(tmp_path: Path) -> None:
    weights = np.arange(60) % 3 + 1.0
    mogul.write_csv(tmp_path / "rows.csv", np.column_stack([X, weights]), [*NAMES, "count"])
    expected = mogul.fit(X, 2, weights=weights).mixture
    assert mogul.fit(tmp_path / "rows.csv", 2, weights="count").mixture == expected
    mogul.write_csv(tmp_path / "plain.csv", X, NAMES)
    assert mogul.fit(tmp_path / "plain.csv", 2, weights=weights).mixture == expected


def test_a_path_to_nothing_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cannot read '.*nothing\.csv'"):
        mogul.fit(tmp_path / "nothing.csv", 2)


# --- Iterations


def test_iterations_are_printed_while_they_last() -> None:
    seen: list[Any] = []
    texts: list[str] = []

    def watch(iteration: mogul.Iteration) -> None:
        seen.append(iteration)
        texts.append(repr(iteration))

    report = mogul.fit(X, 3, n_init=2, callback=watch).report
    assert texts[0].startswith("Iteration(restart=0, n_init=2, iteration=0, mean_log_likelihood=-")
    assert len(texts) == sum(restart.iterations + 1 for restart in report.restarts)
    assert repr(seen[0]) == "Iteration(over)"
    texts.clear()
    mogul.fit(X, 3, callback=watch)
    assert texts[0].startswith("Iteration(iteration=0, mean_log_likelihood=-")


# --- Covariances that are symmetric but for rounding


def test_covariances_of_products_in_float32_are_taken_and_made_symmetric() -> None:
    rng = np.random.default_rng(0)
    for seed in range(5):
        x = (rng.normal(size=(400, 12)) @ rng.normal(size=(12, 12))).astype("f4")
        w = rng.random((400, 1)).astype("f4")
        given = ((w * x).T @ x) / w.sum()
        kept = mogul.Mixture("tied", [1.0], [np.zeros(12)], given).covariances
        assert np.array_equal(kept, kept.T)
        np.testing.assert_allclose(kept, (given.astype(float) + given.T) / 2, rtol=1e-15), seed


def test_inverses_are_taken() -> None:
    rng = np.random.default_rng(1)
    q, _ = np.linalg.qr(rng.normal(size=(15, 15)))
    precision = (q * np.geomspace(1, 1e8, 15)) @ q.T
    inverse = np.linalg.inv((precision + precision.T) / 2)
    mogul.GaussianMixture.from_parameters(weights=[1.0], means=[np.zeros(15)], covariances=[inverse])


@pytest.mark.parametrize("asymmetry", [1e-5, 1e-3, 0.1])
def test_covariances_that_are_not_symmetric_are_refused(asymmetry: float) -> None:
    given = np.array([[1e-8, 0.0], [asymmetry * 1e-4, 1.0]])
    with pytest.raises(ValueError, match=r"not symmetric, element \[1\]\[0\]"):
        mogul.Mixture("tied", [1.0], [[0.0, 0.0]], given)
