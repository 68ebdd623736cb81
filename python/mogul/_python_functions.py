"""The module's functions and methods as Python's own.

nanobind's have no signature that `inspect` and `help` see, and they answer a wrong call with a list of types. The
functions made here call them; what is wrong with a call that they refuse is then found out, and said in a sentence.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import warnings
from collections.abc import Callable, Iterable
from functools import wraps
from numbers import Real
from operator import index
from typing import Any, ParamSpec, TypeVar

import numpy as np

from . import _mogul

Given = ParamSpec("Given")
Result = TypeVar("Result")

Native = Any
"""A function or method of nanobind."""

OTHER_NAMES = {
    "covariance_type": "covariance",
    "fixed": "hold",
    "init_params": "init",
    "random_state": "seed",
    "sample_weight": "weights",
    "X": "x",
}
"""What the estimator, as scikit-learn, calls the same argument; functions take both names."""

HINTS = {"n_jobs": "n_threads, 0 for all processors"}
"""Arguments of the estimator for which functions have others of another meaning."""


def is_whole(value: object) -> bool:
    try:
        index(value)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True


def is_text(value: object) -> bool:
    return isinstance(value, str)


def are_texts(value: object) -> bool:
    return isinstance(value, Iterable) and not is_text(value) and all(map(is_text, value))


KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "int": (is_whole, "a whole number"),
    "float": (lambda value: isinstance(value, Real), "a number"),
    "bool": (lambda value: isinstance(value, bool | np.bool_), "True or False"),
    "str": (is_text, "a str"),
    "bytes": (lambda value: isinstance(value, bytes), "bytes"),
    "str | os.PathLike[str]": (lambda value: isinstance(value, str | os.PathLike), "a str or an os.PathLike"),
    "collections.abc.Sequence[str]": (are_texts, "a list of str, as ['a', 'b']"),
    "collections.abc.Iterable[str] | dict[str, typing.Any]": (
        lambda value: value is not None,
        "names, as ['weights'], or a dict, as {'means': [0, 2]}",
    ),
}
"""By the annotation of a parameter: the check of a value, and the words for it."""


def signatures_of(native: Native) -> list[inspect.Signature]:
    """Of each form that it has, with annotations as text, but for that of what it returns."""
    return [signature_of(text, defaults) for text, _, defaults in native.__nb_signature__]


def signature_of(text: str, defaults: tuple[Any, ...] | None) -> inspect.Signature:
    header = re.sub(r"\\(\d+)", r"_\1", text.rpartition(" -> ")[0])  # \3 stands for defaults[3]
    function = ast.parse(header + ": ...").body[0]
    assert isinstance(function, ast.FunctionDef)

    def default_of(node: ast.expr | None) -> Any:
        if node is None:
            return inspect.Parameter.empty
        if isinstance(node, ast.Name):
            assert defaults is not None
            return defaults[int(node.id[1:])]
        return ast.literal_eval(node)

    def parameter(argument: ast.arg, kind: Any, default: ast.expr | None) -> inspect.Parameter:
        annotation = "" if argument.annotation is None else ast.unparse(argument.annotation)
        return inspect.Parameter(argument.arg, kind, default=default_of(default), annotation=annotation)

    known = function.args
    required: list[ast.expr | None] = [None] * (len(known.args) - len(known.defaults))
    positional = zip(known.args, [*required, *known.defaults], strict=True)
    named = zip(known.kwonlyargs, known.kw_defaults, strict=True)
    return inspect.Signature(
        [parameter(argument, inspect.Parameter.POSITIONAL_OR_KEYWORD, default) for argument, default in positional]
        + [parameter(argument, inspect.Parameter.KEYWORD_ONLY, default) for argument, default in named]
    )


def without_types(signature: inspect.Signature) -> inspect.Signature:
    """As `help` shows it: the docstring tells the types."""
    parameters = [value.replace(annotation=inspect.Parameter.empty) for value in signature.parameters.values()]
    return inspect.Signature(parameters)


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 and "\n" not in text else type(value).__name__


def mistake_in_type(parameter: inspect.Parameter, value: object) -> str | None:
    """What is wrong with the value, if it is of another type than the parameter."""
    if value is None and parameter.default is None:
        return None
    kind = str(parameter.annotation).replace("mogul._mogul.", "")
    if kind.endswith(" | None"):
        if value is None:
            return None
        kind = kind.removesuffix(" | None")
    if kind in KINDS:
        fits, words = KINDS[kind]
    else:
        of_module = getattr(_mogul, kind, None)
        if not isinstance(of_module, type):
            return f"{parameter.name} = None; must be given" if value is None else None
        fits, words = lambda value: isinstance(value, of_module), f"a mogul.{kind}"
    if fits(value):
        return None
    return f"{parameter.name} = {shown(value)}; must be {words}{where_it_is(kind, value)}"


def where_it_is(kind: str, value: object) -> str:
    """Of a mixture: what it was meant to be taken from."""
    for attribute in ("mixture", "mixture_"):
        if kind == "Mixture" and hasattr(type(value), attribute):
            return f", which is its .{attribute}"
    return ""


def in_own_words(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments under the names that functions have, unless that makes two of one. No random_state is no seed."""
    given = {key: value for key, value in kwargs.items() if not (key == "random_state" and value is None)}
    renamed = {OTHER_NAMES.get(key, key): value for key, value in given.items()}
    return renamed if len(renamed) == len(given) else given


def own_truth(value: Any) -> Any:
    """Python's True and False in the place of NumPy's, which nanobind does not take."""
    return bool(value) if isinstance(value, np.bool_) else value


def with_own_truths(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return tuple(map(own_truth, args)), {name: own_truth(value) for name, value in kwargs.items()}


def twice_given(signature: inspect.Signature, kwargs: dict[str, Any]) -> str | None:
    """Both names of an argument, if it is given under both."""
    for other, own in OTHER_NAMES.items():
        if own in signature.parameters and own in kwargs and other in kwargs:
            return f"'{own}' and '{other}', two names of one argument; leave one of them out"
    return None


def found_mistake(name: str, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """Why the call does not do, as far as its arguments' number, names and types tell."""
    twice = twice_given(signature, kwargs)
    if twice is not None:
        return f"{name}() got both {twice}"
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        hints = [f"; see {HINTS[key]}" for key in kwargs if key in HINTS and key not in signature.parameters]
        return f"{name}() {error}{''.join(hints) or f'; call {name}{without_types(signature)}'}"
    for key, value in bound.arguments.items():
        found = mistake_in_type(signature.parameters[key], value)
        if found is not None:
            return found
    return None


def meant(signatures: list[inspect.Signature], args: tuple[Any, ...], kwargs: dict[str, Any]) -> inspect.Signature:
    """The form that a call has, by its arguments' number and names and the type of the first; else the main form."""
    for signature in signatures:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            continue
        first = next(iter(signature.parameters.values()), None)
        if first is None or mistake_in_type(first, bound.arguments.get(first.name)) is None:
            return signature
    return signatures[0]


def mistake(name: str, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Why a call does not do that a function of the module has refused."""
    found = found_mistake(name, signature, args, kwargs)
    if found is not None:
        return found
    bound = signature.bind(*args, **kwargs)
    types = ", ".join(type(value).__name__ for value in bound.arguments.values())
    return f"{name}() does not take arguments of the types {types}; call {name}{without_types(signature)}"


def as_python(native: Native, qualified_name: str, then: Callable[[Any], None] | None = None) -> Callable[..., Any]:
    """A function of Python that does what `native` does; `then` sees each result."""
    signatures = signatures_of(native)
    name = qualified_name.rpartition(".")[2]

    def function(*args: Any, **kwargs: Any) -> Any:
        if not OTHER_NAMES.keys().isdisjoint(kwargs):
            kwargs = in_own_words(kwargs)
        if isinstance(kwargs.get("covariance"), _mogul.CovarianceFamily):
            kwargs["covariance"] = kwargs["covariance"].name
        args, kwargs = with_own_truths(args, kwargs)
        try:
            result = native(*args, **kwargs)
        except TypeError as error:
            if "incompatible function arguments" not in str(error):
                raise
            raise TypeError(mistake(name, meant(signatures, args, kwargs), args, kwargs)) from None
        if then is not None:
            then(result)
        return result

    function.__name__ = name
    function.__qualname__ = qualified_name
    function.__module__ = "mogul"
    function.__doc__ = native.__nb_signature__[0][1]
    function.__signature__ = without_types(signatures[0])  # type: ignore[attr-defined]
    return function


def public(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """A function of this package as the module's appear: it takes scikit-learn's words, and says what is wrong."""
    signature = inspect.signature(function)
    name = function.__name__

    @wraps(function)
    def called(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        positional, given = with_own_truths(args, in_own_words(kwargs))
        found = found_mistake(name, signature, positional, given)
        if found is not None:
            raise TypeError(found)
        return function(*positional, **given)

    called.__module__ = "mogul"
    called.__signature__ = without_types(signature)  # type: ignore[attr-defined]
    return called


def warn_of(result: _mogul.FitResult, stacklevel: int, which: str = "") -> None:
    """What the report warns of, and that EM did not converge where it was not told to stop."""
    report = result.report
    sentences = list(report.warnings)
    told = report.termination.reason in ("cancelled", "coincident") or result.settings.max_iter == 0
    if not report.termination.converged and not told:
        sentences.append(f"not converged: {report.termination.message}")
    for sentence in sentences:
        warnings.warn(which + sentence, UserWarning, stacklevel=stacklevel)


def give_python_methods(kind: type) -> None:
    """To a class of the module."""
    methods = {name: value for name, value in vars(kind).items() if hasattr(value, "__nb_signature__")}
    for name, value in methods.items():
        if name == "__init__" or not name.startswith("_"):
            setattr(kind, name, as_python(value, f"{kind.__name__}.{name}"))
    if "__init__" in methods:
        parameters = list(inspect.signature(vars(kind)["__init__"]).parameters.values())
        kind.__signature__ = inspect.Signature(parameters[1:])  # type: ignore[attr-defined]


def replace_natives(names: dict[str, Any], then: dict[str, Callable[[Any], None]]) -> None:
    """Puts functions of Python into a module in place of nanobind's, and into the classes that it has."""
    for name, value in list(names.items()):
        if type(value) is type(_mogul.fit):
            names[name] = as_python(value, name, then.get(name))
        elif isinstance(value, type) and value.__module__ == _mogul.__name__:
            give_python_methods(value)
