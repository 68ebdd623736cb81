"""Arrays of the wrong shape, or of values that are no numbers, are errors that name the argument."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from conftest import message_of, random_mixture, random_rows

import mogul
from mogul import Mixture, Stats

M = random_mixture("full", k=2)
X = random_rows(M, 30)
R = np.full((30, 2), 0.5)


def parametrize(cases: dict[str, Callable[[], object]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("text", "call"), list(cases.items()))


@parametrize(
    {
        "x: values of dtype complex128; must be real numbers": lambda: mogul.fit(X.astype(complex)),
        "x: values of dtype <U1; must be real numbers": lambda: mogul.fit([["a", "b"], ["c", "d"]]),
        "x: values of dtype datetime64[s]; must be real numbers": lambda: mogul.fit(np.zeros((5, 2), "M8[s]")),
        "weights: shape (30, 1); must have 1 dimension": lambda: mogul.fit(X, weights=np.ones((30, 1))),
        "weights: values of dtype <U1; must be real numbers": lambda: mogul.fit(X, weights=["a"] * 30),
        "init: 0.5 at 0; must be a whole number": lambda: mogul.fit(X, 2, init=np.full(30, 0.5)),
        "init: shape (": lambda: mogul.fit(X, 2, init=3),
        "init: shape (1, 30, 2); must have 2 dimensions": lambda: mogul.fit(X, 2, init=R[None]),
        "z: nan at 0; must be a whole number": lambda: mogul.complete_log_likelihood(M, X, np.full(30, np.nan)),
        "z: values of dtype <U1; must be whole numbers": lambda: mogul.complete_log_likelihood(M, X, ["a"] * 30),
        "z: a number beyond 2^63 at 1; must be": lambda: mogul.complete_log_likelihood(M, X, np.uint64([0, 2**63])),
        "z: shape (30, 1); must have 1 dimension": lambda: mogul.complete_log_likelihood(M, X, np.zeros((30, 1), int)),
        "r: shape (30,); must have 2 dimensions": lambda: mogul.expected_complete_log_likelihood(M, X, np.ones(30)),
        "r: shape (30, 1, 2); must have 2 dimensions": lambda: mogul.maximise(M, X, R[:, None]),
        "shift: shape (1,); must have 2 dimensions": lambda: Stats("full", [0]),
        "means: shape (1,); must have 2 dimensions": lambda: Mixture("full", [1], [0], [[[1]]]),
        "covariances: shape (1,); must be (1, 1, 1)": lambda: Mixture("full", [1], [[0]], [1]),
        "covariances: shape (1,); must be (2,)": lambda: Mixture("spherical", [0.5, 0.5], [[0], [1]], [1]),
        "weights: values of dtype <U1": lambda: Mixture("spherical", ["a"], [[0]], [1]),
        "x has 1 dimension; must have 2": lambda: mogul.write_npy("never.npy", [1, 2]),
        "x: must be real numbers; setting an array element with a sequence": lambda: mogul.fit([[1, 2], [3]]),
        "x: must be real numbers; could not convert string to float": lambda: mogul.fit(np.array([["a"]], object)),
        "x: must be real numbers; float() argument must be": lambda: mogul.labels(M, np.array([[{}, {}]])),
        "weights: must be real numbers; could not convert": lambda: mogul.fit(X, weights=np.array(["a"], object)),
        "component_sizes: shape (1, 2)": lambda: mogul.component_table(M, [[1, 2]]),
    }
)
def test_arguments_of_the_wrong_shape_or_type_are_named(text: str, call: Callable[[], object]) -> None:
    assert text in message_of(call)
