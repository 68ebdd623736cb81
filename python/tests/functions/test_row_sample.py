"""mogul/row_sample.hpp"""

from __future__ import annotations

import numpy as np
import pytest

import mogul


def test_a_sample_has_the_outermost_rows_and_stands_for_all() -> None:
    x = np.random.default_rng(0).normal(size=(5000, 3))
    x[123] = [0, 90, 0]
    rows, weights = mogul.sample_rows(x, 400)
    assert rows.dtype == np.int64 and rows.shape == weights.shape == (400,)
    assert (np.diff(rows) > 0).all() and weights.sum() == 5000
    extremes = {*x.argmin(axis=0).tolist(), *x.argmax(axis=0).tolist(), 123}
    assert extremes <= set(rows.tolist())
    assert weights[rows.tolist().index(123)] == 1


def test_of_few_rows_all_of_positive_weight_are_taken() -> None:
    rows, weights = mogul.sample_rows([[1.0], [2.0], [3.0]], 3, weights=[2, 0, 0.5])
    assert rows.tolist() == [0, 2] and weights.tolist() == [2, 0.5]


def test_it_depends_on_the_seed_but_not_on_the_threads() -> None:
    x = np.random.default_rng(0).normal(size=(5000, 3))
    one, other, again = (
        mogul.sample_rows(x, 50, "diagonal", seed=seed, n_threads=n)[0].tolist() for seed, n in ((1, 1), (2, 1), (1, 3))
    )
    assert one == again != other


def test_of_no_rows_it_is_refused() -> None:
    with pytest.raises(ValueError, match="n_rows = 0; must be >= 1"):
        mogul.sample_rows([[1.0]], 0)
