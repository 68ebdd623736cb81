"""What a page or a picture is about: a mixture, what is known of its fit, and rows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _mogul
from ._mogul import FitResult, Mixture, ModelFile, Rows, TraceStep
from ._python_functions import shown

MODELS = "a mogul.Mixture, FitResult, ModelFile or fitted GaussianMixture"


@dataclass(frozen=True)
class Subject:
    model: ModelFile
    rows: Any
    """A Rows, with weights if there are any; None without rows."""
    held: dict[str, Any]
    """What the fit held, as arguments of report_page(); empty where only the model knows."""
    command: str
    n_threads: int

    @property
    def names(self) -> list[str]:
        return self.model.feature_names


def default_names(n_features: int) -> list[str]:
    """As model files have them."""
    return [f"x{d + 1}" for d in range(n_features)]


def subject_of(argument: str, model: Any, x: Any, weights: ArrayLike | str | None, n_threads: int) -> Subject:
    """`argument` is what the caller knows `model` as."""
    if x is None and weights is not None:
        raise ValueError("weights are given, but x is not; give the rows that they belong to")
    if isinstance(model, Mixture | FitResult | ModelFile):
        return subject_of_model(ModelFile(model), x, weights, n_threads)
    if hasattr(type(model), "mixture_"):
        return subject_of_estimator(model, x, weights, n_threads)
    raise TypeError(f"{argument} = {shown(model)}; must be {MODELS}{what_to_do(model)}")


def what_to_do(model: object) -> str:
    if type(model).__module__.startswith("sklearn.mixture"):
        return "; mogul.GaussianMixture.from_sklearn() converts one of scikit-learn"
    return ""


def subject_of_model(model: ModelFile, x: Any, weights: ArrayLike | str | None, n_threads: int) -> Subject:
    names = model.feature_names
    unnamed = default_names(model.mixture.n_features)
    is_named = bool(names) and names != unnamed
    rows = None if x is None else rows_in_memory(x, weights, names if is_named else [])
    columns = unnamed if rows is None else rows.column_names
    if is_named and columns != default_names(len(columns)):
        check_names_agree(names, columns)
    elif not is_named and len(columns) == len(unnamed):
        names = columns
    model = ModelFile(model, names)
    return Subject(model, rows, {}, "", n_threads)


def rows_in_memory(x: Any, weights: ArrayLike | str | None, names: list[str]) -> Rows:
    """With their weights; of a file, the columns of such names."""
    if isinstance(x, str | os.PathLike):
        of_column = weights if isinstance(weights, str) else ""
        x = _mogul.read_dataset(x, columns=names, weights=of_column)
        weights = None if of_column else weights
    if isinstance(weights, str):
        raise ValueError(f"weights = {weights!r}; names a column of a file, but x is not the path of one")
    return Rows(x, weights)


def check_names_agree(known: Sequence[str], given: Sequence[str], rows: str = "x") -> None:
    """Of the fit and of rows, which the caller knows as `rows`."""
    if len(known) != len(given):
        return  # the library says what is wrong
    for column, (one, other) in enumerate(zip(known, given, strict=True), 1):
        if _mogul.normal_name(one) != _mogul.normal_name(other):
            raise ValueError(
                f"{rows}: column {column} is named '{other}', but the mixture was fitted with '{one}' there; "
                "give the columns in the order of the fit"
            )


def subject_of_estimator(estimator: Any, x: Any, weights: Any, n_threads: int) -> Subject:
    from sklearn.utils.validation import check_is_fitted

    from . import _threads
    from ._attributes import report_of
    from ._rows import checked_weights, normal_names, rows_of
    from ._starts import what_was_held

    check_is_fitted(estimator)
    mixture = estimator.mixture_
    rows = None
    if x is not None:
        checked = rows_of(estimator, x, reset=False)
        rows = Rows(checked, checked_weights(weights, checked))
    return Subject(
        model=ModelFile(
            mixture,
            normal_names(getattr(estimator, "feature_names_in_", default_names(mixture.n_features))),
            report_of(estimator),
        ),
        rows=rows,
        held=what_was_held(estimator),
        command=" ".join(repr(estimator).split()),
        n_threads=n_threads or _threads.n_threads(estimator.n_jobs),
    )


def steps_of(trace: Any) -> list[TraceStep]:
    """Of a file, or as a callback collected them."""
    if isinstance(trace, str | os.PathLike):
        return _mogul.read_trace(trace)
    if not hasattr(trace, "__iter__") or isinstance(trace, np.ndarray | bytes):
        raise TypeError(f"trace = {shown(trace)}; must be the path of a trace, or a list of mogul.TraceStep")
    steps = list(trace)
    for i, step in enumerate(steps):
        if isinstance(step, TraceStep):
            continue
        hint = ""
        if isinstance(step, _mogul.Iteration):
            hint = ", as an Iteration ends with its callback; in the callback, keep mogul.trace_step(iteration)"
        raise TypeError(f"trace: element {i} is {shown(step)}; must be a mogul.TraceStep{hint}")
    return steps
