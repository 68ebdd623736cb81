"""Bytes that are not UTF-8, in names, cells and paths, come through as Python's own names of files do."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from conftest import message_of

import mogul

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
NAME = b"gr\xfc\xdfe".decode("utf-8", "surrogateescape")
"""Of a column, in Latin-1."""


def test_a_cell_that_is_not_utf_8_is_quoted() -> None:
    text = message_of(lambda: mogul.parse_dataset(b"a,b\n1,2\n3,gr\xfc\n", "f.csv"), mogul.InvalidData)
    assert text.startswith("f.csv: line 3, column 'b': 'gr\udcfc' is not a number")


def test_so_is_a_column_of_an_options_name() -> None:
    text = message_of(lambda: mogul.parse_dataset(b"a,b\n1,2\n3,4\n", "f.csv", columns=[NAME]))
    assert f"columns = '{NAME}': no such column" in text


def test_a_header_that_is_not_utf_8_is_refused_in_a_sentence() -> None:
    text = message_of(lambda: mogul.parse_dataset(b"gr\xfc,b\n1,2\n3,4\n", "f.csv"), mogul.InvalidData)
    assert text == "f.csv: line 1: the name of column 1 is not UTF-8; convert the file"


def test_names_of_a_header_that_is_not_utf_8_are_read(tmp_path: Path) -> None:
    content = b"gr\xfc\xdfe,b\n1,2\n3,4\n"
    (tmp_path / "f.csv").write_bytes(content)
    assert mogul.read_column_names(tmp_path / "f.csv") == [NAME, "b"]
    assert mogul.parse_column_names(content, "f.csv") == [NAME, "b"]
    assert mogul.normal_name(f" {NAME} ") == NAME


CONSTANT = mogul.Dataset([[1.0, 2.0], [1.0, 4.0], [1.0, 7.0]], [NAME, "b"])


def test_messages_name_such_columns() -> None:
    relative = message_of(lambda: mogul.fit(CONSTANT, 1, reg_covar="relative:1e-6"), mogul.InvalidData)
    assert f"column '{NAME}' is constant" in relative
    assert f"column '{NAME}'" in message_of(lambda: mogul.fit(CONSTANT, 1, reg_covar=0), mogul.FitError)
    text = message_of(lambda: mogul.model_json(mogul.fit(mogul.Dataset(X, [NAME, "b"]))))
    assert text == "feature_names[0] is not UTF-8 text; a JSON file cannot hold it"


def test_such_names_are_kept_written_and_pickled(tmp_path: Path) -> None:
    data = mogul.Dataset(X, [NAME, "b"])
    result = mogul.fit(data)
    assert data.column_names == result.feature_names == [NAME, "b"]
    assert pickle.loads(pickle.dumps(data)) == data and pickle.loads(pickle.dumps(result)) == result
    assert NAME in result.summary()
    mogul.write_csv(tmp_path / "x.csv", data)
    assert (tmp_path / "x.csv").read_bytes().startswith(b"gr\xfc\xdfe,b\n")


def test_a_note_on_a_path_that_is_not_utf_8_is_a_warning(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/gr\xfc.csv")
    Path(path).write_bytes(b"a,b\n1,2\nNA,3\n4,5\n")
    report = mogul.ReadReport()
    mogul.read_dataset(path, missing="drop", report=report)
    with pytest.warns(UserWarning, match="dropped 1 of 3 rows") as caught:
        mogul.read_dataset(path, missing="drop")
    assert [str(warning.message) for warning in caught] == report.notes
    assert report.notes[0].startswith(path)


def test_a_cell_of_such_a_path_is_named(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/gr\xfc.csv")
    Path(path).write_bytes(b"a,b\n1,x\n2,3\n")
    assert message_of(lambda: mogul.read_dataset(path), mogul.InvalidData).startswith(f"{path}: line 2")
