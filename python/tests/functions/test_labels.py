"""Labels as numbers of components: one rule for fit(), the estimator and number_labels()."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from conftest import message_of, random_mixture, random_rows
from hypothesis import given, settings
from hypothesis import strategies as st

import mogul
from mogul import GaussianMixture

X = random_rows(random_mixture("full"), 90)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=30))
@settings(deadline=None)
def test_labels_are_numbered_in_ascending_order(labels: list[int]) -> None:
    distinct, places = np.unique(np.array(labels, dtype=np.int64), return_inverse=True)
    for values in (np.array(labels, dtype=np.int64), np.array(labels, dtype=object), labels):
        assert mogul.number_labels(values).tolist() == places.tolist()
        assert mogul.number_labels(values, len(distinct)).tolist() == places.tolist()


@given(st.integers(1, 9).flatmap(lambda k: st.tuples(st.just(k), st.lists(st.integers(0, k - 1), min_size=1))))
@settings(deadline=None)
def test_numbers_of_components_stay_as_they_are(case: tuple[int, list[int]]) -> None:
    k, labels = case
    assert mogul.number_labels(labels, k).tolist() == labels
    assert mogul.number_labels(labels, n_components=k).dtype == np.int64


LARGE = [2**60, 2**60 + 1, 5] * 30
"""Doubles hold the first two as one."""


@pytest.mark.parametrize(
    "labels", [LARGE, np.array(LARGE), np.array(LARGE, dtype=object)], ids=["list", "i8", "object"]
)
def test_labels_that_doubles_hold_as_one_are_told_apart(labels: Any) -> None:
    places = [1, 2, 0] * 30
    assert mogul.number_labels(labels).tolist() == places
    assert mogul.fit(X, init=labels, max_iter=0).mixture == mogul.fit(X, 3, init=places, max_iter=0).mixture
    by_labels, by_places = (GaussianMixture(3, labels_init=given).fit(X) for given in (labels, places))
    assert by_labels.mixture_ == by_places.mixture_
    for refuse in (lambda: mogul.fit(X, 2, init=labels), lambda: GaussianMixture(2, labels_init=labels).fit(X)):
        assert "labels hold 3 different numbers; must be n_components = 2, or lie in 0..1" in message_of(refuse)


OBJECTS = {
    "bools": [True, False, True],
    "whole floats": [1.0, 0.0, 1.0],
    "numbers of NumPy": [np.int8(1), np.float32(0), np.True_],
    "decimals": [Decimal(1), Decimal(0), Decimal(1)],
}


@pytest.mark.parametrize("kind", OBJECTS)
def test_objects_are_the_numbers_that_they_are(kind: str) -> None:
    assert mogul.number_labels(np.array(OBJECTS[kind], dtype=object)).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (None, "labels: None at 1; must be a whole number"),
        ("1", "labels: '1' at 1; must be a whole number"),
        (0.5, "labels: 0.5 at 1; must be a whole number"),
        (np.nan, "labels: nan at 1; must be a whole number"),
        (np.inf, "labels: inf at 1; must be a whole number of at most 2^53"),
        (1e300, "labels: 1e+300 at 1; must be a whole number of at most 2^53, beyond which floats skip some"),
        (2**63, "labels: a number beyond 2^63 at 1; must be a whole number"),
    ],
)
def test_other_objects_are_refused_in_silence_but_for_a_sentence(label: object, text: str) -> None:
    labels = np.array([0, label] * 45, dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert message_of(lambda: mogul.number_labels(labels)).startswith(text)
        assert text.removeprefix("labels") in message_of(lambda: mogul.fit(X, init=labels))
        message = message_of(lambda: GaussianMixture(2, labels_init=labels).fit(X))
    assert "labels_init" in message and (text in message or "NaN" in message)


def test_labels_are_one_per_row() -> None:
    assert message_of(lambda: mogul.number_labels([[0], [1]])) == "labels: shape (2, 1); must have 1 dimension"
    objects = np.array([[0], [1]], dtype=object)
    assert message_of(lambda: mogul.number_labels(objects)) == "labels: shape (2, 1); must have 1 dimension"
    assert mogul.number_labels(np.array([], dtype=int)).tolist() == []
