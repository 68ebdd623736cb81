"""Functions and methods have signatures, which help shows first, and the names that the stub gives their parameters."""

from __future__ import annotations

import ast
import inspect
import pickle
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mogul

FUNCTIONS = {name: value for name in mogul.__all__ if inspect.isfunction(value := getattr(mogul, name))}
CLASSES = {
    name: value
    for name in mogul.__all__
    if inspect.isclass(value := getattr(mogul, name)) and not issubclass(value, Exception)
}
METHODS = {
    f"{name}.{method}": value
    for name, kind in CLASSES.items()
    for method, value in vars(kind).items()
    if inspect.isfunction(value) and (not method.startswith("_") or method == "__init__")
}
STUB = ast.parse((Path(mogul.__file__).parent / "_mogul.pyi").read_text())


OF_PYTHON = (
    *("GaussianMixture", "Selection.", "Page.", "Explanation.", "Picture."),
    *("explain", "plot_svg", "replay", "report", "select"),
)
"""What the stub does not know, or knows as another function behind it."""


def parameters_in_stub(name: str) -> list[str]:
    scope: Any = STUB
    for part in name.split("."):
        scope = next(node for node in scope.body if getattr(node, "name", None) == part)
    return [argument.arg for argument in scope.args.args + scope.args.kwonlyargs]


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS])
def test_signatures_name_the_parameters_of_the_stub(name: str) -> None:
    function = (FUNCTIONS | METHODS)[name]
    parameters = inspect.signature(function).parameters
    if not name.startswith(OF_PYTHON):
        assert list(parameters) == parameters_in_stub(name)
    assert all(parameter.kind in (1, 3) for parameter in parameters.values() if parameter.name != "params")


@pytest.mark.parametrize("name", [name for name in CLASSES if f"{name}.__init__" in METHODS])
def test_classes_have_the_signature_of_their_constructor(name: str) -> None:
    assert (
        list(inspect.signature(CLASSES[name]).parameters)
        == list(inspect.signature(CLASSES[name].__init__).parameters)[1:]
    )


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS])
def test_help_begins_with_the_signature(name: str) -> None:
    function = (FUNCTIONS | METHODS)[name]
    text = pydoc.plain(pydoc.render_doc(function))
    first = text.splitlines()[2]
    assert first.startswith(f"{name.rpartition('.')[2]}(")
    for parameter in inspect.signature(function).parameters:
        assert parameter in first


def test_there_are_functions_and_methods() -> None:
    assert len(FUNCTIONS) > 35 and len(METHODS) > 20
    assert {"Mixture.marginal", "Mixture.__init__", "Stats.expected_complete_log_likelihood", "Rows.take"} < set(
        METHODS
    )


def test_defaults_are_those_that_hold() -> None:
    parameters = inspect.signature(mogul.fit).parameters
    assert parameters["tol"].default is None and parameters["max_iter"].default == 1000
    assert parameters["n_components"].default is None and parameters["init"].default is None
    assert parameters["search"].default is None and parameters["acceleration"].default == "lbfgs"
    assert parameters["weights"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["x"].default is inspect.Parameter.empty


def test_functions_say_where_they_come_from() -> None:
    for name, function in FUNCTIONS.items():
        assert (function.__module__, function.__qualname__) == ("mogul", name)
        assert pickle.loads(pickle.dumps(function)) is function
        assert function.__doc__


@pytest.mark.parametrize("method", [mogul.Mixture.covariance, mogul.Mixture.marginal])
def test_methods_are_bound_to_their_object(method: Callable[..., object]) -> None:
    mixture = mogul.Mixture("full", [1.0], [[0.0]], [[[2.0]]])
    bound = getattr(mixture, method.__name__)
    assert list(inspect.signature(bound).parameters) == list(inspect.signature(method).parameters)[1:]
