"""A warning points at the line that called, whatever the words of the call."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mogul

# Units so small that reg_covar is most of every variance.
X = np.random.default_rng(0).normal(size=(50, 2)) * 1e-6


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file whose reader has a note."""
    rows = "\n".join(f"{i},{i * i % 7}" for i in range(1, 9))
    (tmp_path / "rows.csv").write_text(rows + "\n")
    return tmp_path / "rows.csv"


CALLS: dict[str, Callable[[Path], Any]] = {
    "fit": lambda path: mogul.fit(X, 1, reg_covar=1e-6),
    "fit, aliased": lambda path: mogul.fit(X=X, covariance_type="full", random_state=0, reg_covar=1e-6),
    "fit, one alias": lambda path: mogul.fit(X, 1, random_state=None, reg_covar=1e-6),
    "estimator": lambda path: mogul.GaussianMixture(1).fit(X),
    "estimator, fit_predict": lambda path: mogul.GaussianMixture(1).fit_predict(X),
    "read_dataset": lambda path: mogul.read_dataset(path),
    "read_datasets": lambda path: mogul.read_datasets([path]),
    "parse_dataset": lambda path: mogul.parse_dataset(path.read_bytes(), "rows.csv"),
    "fit of a path": lambda path: mogul.fit(path, 1),
    "fit of a path, aliased": lambda path: mogul.fit(X=path, n_components=1, random_state=1),
    "Rows of a path": lambda path: mogul.Rows(path),
    "Dataset of a path": lambda path: mogul.Dataset(path),
}


@pytest.mark.parametrize("name", CALLS)
def test_warnings_point_at_the_line_that_called(name: str, path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CALLS[name](path)
    line = inspect.getsourcelines(CALLS[name])[1]
    assert caught
    assert {(warning.filename, warning.lineno) for warning in caught} == {(__file__, line)}
