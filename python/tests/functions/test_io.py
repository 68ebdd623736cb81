"""Files of rows, labels, models and statistics: what is written reads back equal, here and by NumPy."""

from __future__ import annotations

import copy
import gzip
import io
import json
import pickle
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import PROGRAM, Array, Problem, random_mixture, random_rows, run_python

import mogul
from mogul import ModelFile, Rows

CSV = b"length,width,count\n1.5,2,3\n-4e-3,5,6\n"
VALUES = [[1.5, 2.0, 3.0], [-4e-3, 5.0, 6.0]]


def npy(x: Array) -> bytes:
    stream = io.BytesIO()
    np.save(stream, x)
    return stream.getvalue()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_bytes(CSV)
    return path


# --- Rows


def test_rows_are_read_from_a_path_of_any_kind(csv: Path) -> None:
    for path in (csv, str(csv)):
        data = mogul.read_dataset(path)
        assert data.x.tolist() == VALUES and data.x.dtype == np.float64
        assert (data.column_names, data.weights) == (["length", "width", "count"], None)


def test_rows_are_parsed_from_bytes() -> None:
    assert mogul.parse_dataset(CSV, "a name").x.tolist() == VALUES
    assert mogul.parse_dataset(content=gzip.compress(CSV), name="packed").x.tolist() == VALUES


@pytest.mark.parametrize(
    ("options", "names", "columns"),
    [
        ({"columns": ["width"]}, ["width"], [1]),
        ({"columns": ["count", "1"]}, ["count", "length"], [2, 0]),
        ({"exclude": ["width"]}, ["length", "count"], [0, 2]),
        ({"exclude": ["1", "count"]}, ["width"], [1]),
        ({"delimiter": ","}, ["length", "width", "count"], [0, 1, 2]),
        ({"header": True, "n_threads": 2}, ["length", "width", "count"], [0, 1, 2]),
    ],
)
def test_columns_may_be_chosen(csv: Path, options: dict[str, object], names: list[str], columns: list[int]) -> None:
    for data in (mogul.read_dataset(csv, **options), mogul.parse_dataset(CSV, "rows.csv", **options)):
        assert data.column_names == names
        assert data.x.tolist() == np.array(VALUES)[:, columns].tolist()


@pytest.mark.parametrize("column", ["count", "3"])
def test_a_column_may_hold_the_weights(csv: Path, column: str) -> None:
    for data in (mogul.read_dataset(csv, weights=column), mogul.parse_dataset(CSV, "rows.csv", weights=column)):
        assert (data.column_names, data.weights.tolist()) == (["length", "width"], [3.0, 6.0])
        assert data.x.tolist() == np.array(VALUES)[:, :2].tolist()


def test_delimiters_and_headers_may_be_told() -> None:
    assert mogul.parse_dataset(b"1|2\n3|4\n", "n", delimiter="|").x.tolist() == [[1, 2], [3, 4]]
    assert mogul.parse_dataset(b"1,2\n3,4\n", "n", header=True).column_names == ["1", "2"]
    assert mogul.parse_dataset(b"1,2\n3,4\n", "n", header=False).x.tolist() == [[1, 2], [3, 4]]
    assert mogul.parse_dataset(b"1,2\n3,4\n", "n").column_names == ["x1", "x2"]


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", ">f4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_files_are_those_of_numpy(tmp_path: Path, dtype: str, order: str) -> None:
    x = np.asarray(np.random.default_rng(0).normal(size=(5, 3)), dtype=dtype, order=order)
    np.save(tmp_path / "x.npy", x)
    data = mogul.read_dataset(tmp_path / "x.npy")
    assert data.x.dtype == np.dtype(dtype).newbyteorder("=")
    assert data.x.tolist() == x.tolist() and data.column_names == ["x1", "x2", "x3"]
    assert mogul.parse_dataset(npy(x), "x.npy").x.tobytes() == data.x.tobytes()


def test_column_names_are_read_without_the_rows(csv: Path) -> None:
    assert mogul.read_column_names(csv) == ["length", "width", "count"]
    assert mogul.read_column_names(csv, columns=["width"], n_threads=1) == ["length", "width", "count"]
    assert mogul.parse_column_names(CSV, "rows.csv", delimiter=",") == ["length", "width", "count"]
    assert mogul.parse_column_names(b"1,2\n3,4\n", "n", header=True) == ["1", "2"]
    assert mogul.parse_column_names(b"1,2\n3,4\n", "n") is None
    assert mogul.parse_column_names(npy(np.zeros((2, 2))), "n") is None


def test_several_files_are_read_as_one(csv: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("count,width,length\n9,8,7\nNA,1,1\n6,5,4\n")
    report = mogul.ReadReport()
    data = mogul.read_datasets([csv, str(tmp_path / "more.csv")], missing="drop", report=report)
    assert data.x.tolist() == [*VALUES, [7, 8, 9], [4, 5, 6]]
    assert report.dropped == [3]
    (tmp_path / "labels.txt").write_text("1\n0\n0\nNA\n5\n")
    assert mogul.read_labels(tmp_path / "labels.txt", dropped=report.dropped).tolist() == [1, 0, 0, 2]
    with pytest.raises(TypeError):
        mogul.read_datasets(str(csv))


def test_reports_of_readers_pickle_and_compare() -> None:
    report, other = mogul.ReadReport(), mogul.ReadReport()
    assert report == other
    mogul.parse_dataset(b"a,b\n1,2\nNA,3\n4,5\n", "f.csv", missing="drop", report=report)
    again = pickle.loads(pickle.dumps(report))
    assert again == report != other
    assert (again.notes, again.dropped) == (report.notes, [1]) and len(again.notes) == 1


def test_minus_is_standard_input() -> None:
    program = "import mogul; print(mogul.read_dataset('-').x.tolist())"
    assert json.loads(run_python(program, stdin=CSV.decode())) == VALUES


@pytest.mark.filterwarnings("ignore:reg_covar = ")
def test_labels_become_0_to_k_minus_1_in_ascending_order(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("class\n7\n-3\n7\n100\n")
    labels = mogul.read_labels(tmp_path / "labels.txt")
    assert labels.dtype == np.int64 and labels.tolist() == [1, 0, 1, 2]
    x = np.array([[0.0], [1.0], [2.0], [3.0]])
    begun = mogul.fit(x, 3, init=mogul.read_labels(str(tmp_path / "labels.txt")), max_iter=0)
    assert begun.mixture.means[:, 0].tolist() == [1.0, 1.0, 3.0]


def test_written_csv_reads_back_equal_here_and_in_pandas(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(20, 2)) * [1e-300, 1e99]
    for rows in (x, x.tolist(), np.asfortranarray(x), Rows(x), pd.DataFrame(x)):
        mogul.write_csv(tmp_path / "x.csv", rows, ["a", 'b "c", d'])
        data = mogul.read_dataset(tmp_path / "x.csv")
        assert (data.x.tolist(), data.column_names) == (x.tolist(), ["a", 'b "c", d'])
        assert pd.read_csv(tmp_path / "x.csv").to_numpy().tolist() == x.tolist()


def test_written_csv_has_the_names_of_its_data_set(csv: Path, tmp_path: Path) -> None:
    mogul.write_csv(str(tmp_path / "again.csv"), mogul.read_dataset(csv))
    assert (tmp_path / "again.csv").read_bytes() == b"length,width,count\n1.5,2,3\n-0.004,5,6\n"
    mogul.write_csv(path=tmp_path / "plain.csv", x=[[1, 2]])
    assert (tmp_path / "plain.csv").read_bytes() == b"x1,x2\n1,2\n"


def test_written_npy_is_that_of_numpy(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(7, 3))
    for rows in (x, x.tolist(), np.asfortranarray(x), x.astype(">f8")):
        mogul.write_npy(tmp_path / "x.npy", rows)
        assert (tmp_path / "x.npy").read_bytes() == npy(x)


# --- Models


def fields(file: ModelFile) -> tuple[object, ...]:
    report = file.report
    told = None
    if report is not None:
        told = (report.history.tobytes(), report.bic, report.termination.message, len(report.restarts))
    return (file.mixture, file.feature_names, told)


def test_a_model_file_keeps_every_bit(problem: Problem, tmp_path: Path) -> None:
    fitted = mogul.fit(problem.x, 3, covariance=problem.structure, weights=problem.row_weights, n_init=2)
    file = ModelFile(fitted.mixture, ["length", "width"], fitted.report)
    mogul.write_model(tmp_path / "model.json", file)
    assert (tmp_path / "model.json").read_text() == mogul.model_json(file)
    for again in (mogul.read_model(tmp_path / "model.json"), mogul.parse_model(mogul.model_json(file), "name")):
        assert fields(again) == fields(file)
        assert again.mixture.means.tobytes() == fitted.mixture.means.tobytes()
        assert again.mixture.covariances.tobytes() == fitted.mixture.covariances.tobytes()
        assert mogul.model_json(again) == mogul.model_json(file)


def test_a_model_file_is_json_with_the_parameters(problem: Problem) -> None:
    m = problem.mixture
    held = json.loads(mogul.model_json(ModelFile(mixture=m, feature_names=["a", "b"])))
    assert (held["schema"], held["mogul_version"]) == ("mogul-model/1", mogul.__version__)
    assert (held["covariance"], held["feature_names"]) == (problem.structure, ["a", "b"])
    assert (held["weights"], held["means"]) == (m.weights.tolist(), m.means.tolist())
    assert np.array(held["covariances"]).ravel().tolist() == m.covariances.ravel().tolist()
    assert "report" not in held and "settings" not in held


def test_a_model_that_was_not_fitted_has_no_report_and_default_names() -> None:
    file = ModelFile(random_mixture("full"))
    assert (file.feature_names, file.settings, file.report) == ([], None, None)
    again = mogul.parse_model(mogul.model_json(file), "name")
    assert (again.feature_names, again.settings, again.report) == (["x1", "x2"], None, None)


@pytest.mark.parametrize("again", [lambda f: pickle.loads(pickle.dumps(f)), copy.copy, copy.deepcopy])
def test_model_files_pickle_and_copy_to_the_bit(problem: Problem, again) -> None:
    fitted = mogul.fit(problem.x, 3, covariance=problem.structure)
    file = ModelFile(fitted.mixture, ["a", "b"], fitted.report)
    assert fields(again(file)) == fields(file)


def test_models_of_the_command_line_are_read_with_their_settings(tmp_path: Path) -> None:
    x = random_rows(random_mixture("full"), 100)
    mogul.write_csv(tmp_path / "x.csv", x, ["length", "width"])
    flags = [
        "-k",
        "2",
        "--covariance",
        "diagonal",
        "--n-init",
        "3",
        "--max-iter",
        "50",
        "--tol",
        "1e-5",
        "--reg-covar",
        "0.001",
        "--seed",
        "7",
    ]
    command = [PROGRAM, "fit", tmp_path / "x.csv", *flags, "-o", tmp_path / "model.json"]
    subprocess.run(command, check=True, capture_output=True)
    file = mogul.read_model(tmp_path / "model.json")
    same = mogul.fit(x, 2, covariance="diagonal", n_init=3, max_iter=50, tol=1e-5, reg_covar=1e-3, seed=7)
    assert file.mixture == same.mixture and file.report.history.tolist() == same.report.history.tolist()
    assert file.feature_names == ["length", "width"]
    settings = file.settings
    assert (settings.n_components, settings.covariance, settings.init, settings.n_init) == (2, "diagonal", "kmeans", 3)
    assert (settings.max_iter, settings.tol, settings.reg_covar, settings.seed) == (50, 1e-5, 1e-3, 7)
    assert (settings.hold, settings.equal_weights, settings.degenerate) == ({}, False, "revive")
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(
    ("flags", "options", "written"),
    [
        (["--hold", "weights"], {"hold": ["weights"]}, {"weights": True}),
        (["--hold", "means,covariances"], {"hold": ("covariances", "means")}, {"means": True, "covariances": True}),
        (
            ["--hold", "covariances,means:2,0"],
            {"hold": {"means": [2, 0], "covariances": True}},
            {"covariances": True, "means_of": [2, 0]},
        ),
        (
            ["--hold", "means:1", "--equal-weights"],
            {"hold": {"means": [1]}, "equal_weights": True},
            {"means_of": [1], "equal_weights": True},
        ),
        ([], {}, None),
    ],
)
def test_model_files_say_what_was_held(
    flags: list[str], options: dict[str, Any], written: dict[str, Any] | None, tmp_path: Path
) -> None:
    x = random_rows(random_mixture("full"), 100)
    mogul.write_csv(tmp_path / "x.csv", x)
    command = [PROGRAM, "fit", tmp_path / "x.csv", "-k", "3", "--reg-covar", "1e-6", *flags]
    subprocess.run([*command, "-o", tmp_path / "model.json"], check=True, capture_output=True)
    fitted = mogul.fit(x, 3, **options)
    for text in ((tmp_path / "model.json").read_text(), mogul.model_json(fitted)):
        assert json.loads(text)["settings"].get("hold") == written
        read = mogul.parse_model(text, "name")
        assert read.settings == fitted.settings and read.mixture == fitted.mixture
        assert read.settings.hold == fitted.settings.hold
        assert read.settings.equal_weights == fitted.settings.equal_weights == ("--equal-weights" in flags)
        assert mogul.model_json(read) == text


def test_files_of_mogul_0_1_say_what_was_estimated(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    mogul.write_model(path, mogul.fit(random_rows(random_mixture("full"), 100), 3))
    file = json.loads(path.read_text())
    assert "hold" not in file["settings"] and "update" not in file["settings"]
    file["settings"]["update"] = {"weights": False, "means": True, "covariances": True}
    path.write_text(json.dumps(file))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        settings = mogul.read_model(path).settings
    assert settings.hold == {"weights": True} and settings.equal_weights is False


def test_models_of_python_are_read_by_the_command_line(tmp_path: Path) -> None:
    mixture = random_mixture("tied")
    x = random_rows(mixture)
    mogul.write_model(tmp_path / "model.json", ModelFile(mixture))
    mogul.write_csv(tmp_path / "x.csv", x)
    command = [PROGRAM, "score", tmp_path / "model.json", tmp_path / "x.csv"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert [float(value) for value in printed[1:]] == mogul.log_densities(mixture, x).tolist()


def test_a_file_that_cannot_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    mogul.write_model(tmp_path / "model.json", ModelFile(random_mixture("full")))
    before = (tmp_path / "model.json").read_bytes()
    with pytest.raises(ValueError, match="feature_names has 1 value; must have n_features = 2"):
        mogul.write_model(tmp_path / "model.json", ModelFile(random_mixture("full"), ["a"]))
    assert (tmp_path / "model.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


# --- Statistics


def test_statistics_keep_every_bit(problem: Problem, tmp_path: Path) -> None:
    stats = mogul.accumulate(problem.mixture, problem.x, problem.row_weights)
    mogul.write_stats(tmp_path / "stats.json", stats)
    text = mogul.stats_json(stats)
    assert (tmp_path / "stats.json").read_text() == text and json.loads(text)["schema"] == "mogul-stats/1"
    for again in (mogul.read_stats(tmp_path / "stats.json"), mogul.parse_stats(text, "name")):
        assert again == stats and again.second.tobytes() == stats.second.tobytes()


def test_statistics_of_two_files_make_one_mixture(problem: Problem, tmp_path: Path) -> None:
    halves = np.array_split(problem.x, 2)
    for i, rows in enumerate(halves):
        mogul.write_stats(str(tmp_path / f"{i}.json"), mogul.accumulate(problem.mixture, rows))
    total = mogul.read_stats(tmp_path / "0.json") + mogul.read_stats(str(tmp_path / "1.json"))
    merged = mogul.maximise(total, problem.mixture)
    whole = mogul.maximise(mogul.accumulate(problem.mixture, problem.x), problem.mixture)
    np.testing.assert_allclose(merged.means, whole.means, rtol=1e-12)
    np.testing.assert_allclose(merged.covariances, whole.covariances, rtol=1e-11)


# --- What reading tells of a file


def test_rows_that_lack_a_value_are_dropped_and_reported() -> None:
    report = mogul.ReadReport()
    content = b"x,y\nNA,1\n2.5,3\n4,\n"
    data = mogul.parse_dataset(content, "n", missing="drop", report=report)
    assert data.x.tolist() == [[2.5, 3.0]] and report.dropped == [0, 2]
    assert report.notes == ["n: dropped 2 of 3 rows, which lack a value; the first is line 2"]
    with pytest.warns(UserWarning, match="dropped 2 of 3 rows"):
        mogul.parse_dataset(content, "n", missing="drop")
    with pytest.raises(mogul.InvalidData, match="missing value"):
        mogul.parse_dataset(content, "n")


def test_dialects_may_be_told() -> None:
    rows = [[1.5, 2.0], [3.0, 4.5]]
    assert mogul.parse_dataset(b"title\nx;y\n1,5;2\n3;4,5\n", "n", decimal=",", skip_lines=1).x.tolist() == rows
    assert mogul.parse_dataset(b"x,y\n1.5,2\n% note\n3,4.5\n", "n", comment="%").x.tolist() == rows
    assert mogul.parse_dataset(b"1,2\n1.5,2\n3,4.5\n", "n", expected_names=["2", "1"]).column_names == ["1", "2"]
    with pytest.raises(ValueError, match="missing = 'skip'; must be 'error' or 'drop'"):
        mogul.parse_dataset(b"x\n1\n", "n", missing="skip")
    assert [mogul.normal_name(name) for name in ("b", " b", '"b" ')] == ["b", "b", "b"]
