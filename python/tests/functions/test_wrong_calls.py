"""A call with an argument too many, too few or of another type is answered by a sentence that names the argument."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import random_mixture, random_rows

import mogul

M = random_mixture("full", k=2)
X = random_rows(M, 30)
RESULT = mogul.fit(X, 2)
STATS = mogul.accumulate(M, X)
MODEL = mogul.GaussianMixture(2, random_state=0).fit(X)
STEPS: list[mogul.TraceStep] = []
mogul.fit(X, 2, callback=lambda iteration: STEPS.append(mogul.trace_step(iteration)))

CALLS: dict[str, dict[str, Any]] = {
    "accumulate": {"model": M, "x": X},
    "brief": {"report": RESULT.report, "mixture": M},
    "complete_log_likelihood": {"model": M, "x": X, "z": [0] * 30},
    "component_table": {"mixture": M},
    "fit": {"x": X, "n_components": 2},
    "cluster_labels": {"model": M, "x": X, "clusters": [0, 0]},
    "cluster_responsibilities": {"model": M, "x": X, "clusters": [0, 0]},
    "hierarchy": {"x": X},
    "lrt": {"x": X, "n_components": 1, "n_bootstrap": 19},
    "higher_is_better": {"criterion": "bic"},
    "explain": {"x": X, "mixture": M, "max_iter": 2},
    "summary": {"report": RESULT.report, "mixture": M},
    "maximise": {"stats": STATS, "current": M},
    "model_json": {"model": M},
    "moments_for": {"structure": "full"},
    "normal_name": {"name": " a"},
    "number_labels": {"labels": [3, 1, 3]},
    "parse_column_names": {"content": b"a,b\n1,2\n", "name": "f.csv"},
    "parse_dataset": {"content": b"a,b\n1,2\n", "name": "f.csv"},
    "parse_model": {"json": mogul.model_json(M), "name": "f.json"},
    "parse_stats": {"json": mogul.stats_json(STATS), "name": "f.json"},
    "plot_svg": {"model": M, "x": X},
    "provides": {"held": "full", "needed": "mean"},
    "replay": {"x": X, "trace": STEPS},
    "report": {"model": M, "x": X},
    "sample": {"model": M, "n": 3},
    "sample_rows": {"x": X, "n_rows": 10},
    "select": {"x": X, "n_components": 2, "covariance": "EII"},
    "set_num_threads": {"n_threads": 0},
    "standard_errors": {"model": RESULT, "x": X},
    "stats_json": {"stats": STATS},
} | {
    function.__name__: {"model": M, "x": X}
    for function in (
        mogul.component_log_densities,
        mogul.entropy,
        mogul.evaluate,
        mogul.expected_complete_log_likelihood,
        mogul.labels,
        mogul.log_densities,
        mogul.log_joint,
        mogul.log_likelihood,
        mogul.log_likelihood_gradient,
        mogul.merge,
        mogul.responsibilities,
        mogul.squared_mahalanobis,
    )
}
"""A right call of each function that takes arguments and no path."""

TRACE = (
    b'{"restart":0,"iteration":0,"log_likelihood":-1.0,"expected_complete_log_likelihood":-1.0,"entropy":0.0,'
    b'"component_sizes":[1.0],"covariance":"full","weights":[1.0],"means":[[0.0]],"covariances":[[[1.0]]]}\n'
)

FILES = {
    "read_column_names": b"a,b\n1,2\n",
    "read_dataset": b"a,b\n1,2\n",
    "read_datasets": b"a,b\n1,2\n",
    "read_labels": b"1\n0\n",
    "read_model": mogul.model_json(M).encode(),
    "read_stats": mogul.stats_json(STATS).encode(),
    "read_trace": TRACE,
}
"""What the file holds that each of these reads."""

WRITERS: dict[str, dict[str, Any]] = {
    "write_csv": {"x": X},
    "write_model": {"model": M},
    "write_npy": {"x": X},
    "write_stats": {"stats": STATS},
}


def right_call(name: str, folder: Path) -> dict[str, Any]:
    if name in CALLS:
        return dict(CALLS[name])
    path = folder / name
    if name in FILES:
        path.write_bytes(FILES[name])
    return {"paths": [path]} if name == "read_datasets" else {"path": path} | WRITERS.get(name, {})


NAMES = [*CALLS, *FILES, *WRITERS]


class Wrong:
    """What no parameter takes."""

    def __repr__(self) -> str:
        return "<a wrong thing>"


def sentence_of(call: Callable[[], object]) -> str:
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    text = str(caught.value)
    assert "\n" not in text and "incompatible function arguments" not in text and "_mogul" not in text
    return text


def test_every_function_with_arguments_is_called() -> None:
    with_arguments = {
        name
        for name in mogul.__all__
        if inspect.isfunction(value := getattr(mogul, name)) and inspect.signature(value).parameters
    }
    assert with_arguments == {*NAMES, "trace_step"}  # an Iteration is there in callbacks only


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_of_another_type_is_named(name: str, tmp_path: Path) -> None:
    function, right = getattr(mogul, name), right_call(name, tmp_path)
    function(**right)
    for parameter in inspect.signature(function).parameters:
        text = sentence_of(partial(function, **(right | {parameter: Wrong()})))
        assert parameter in text, (parameter, text)
        if inspect.signature(function).parameters[parameter].default is not None:
            text = sentence_of(partial(function, **(right | {parameter: None})))
            assert parameter in text, (parameter, text)
            sentence_of(partial(function, **(right | {parameter: {"a": Wrong()}})))


@pytest.mark.parametrize("name", NAMES)
def test_arguments_too_many_or_too_few_are_named(name: str, tmp_path: Path) -> None:
    function, right = getattr(mogul, name), right_call(name, tmp_path)
    assert "'nonsense'" in sentence_of(partial(function, **right, nonsense=1))
    assert "too many" in sentence_of(partial(function, *range(20)))
    for parameter, value in inspect.signature(function).parameters.items():
        if value.default is inspect.Parameter.empty:
            less = {key: given for key, given in right.items() if key != parameter}
            assert f"'{parameter}'" in sentence_of(partial(function, **less))


@pytest.mark.parametrize(
    ("text", "call"),
    {
        "tol = 'small'; must be a number": lambda: mogul.fit(X, 2, tol="small"),
        "n_components = 2.5; must be a whole number": lambda: mogul.fit(X, 2.5),
        "max_iter = 'many'; must be a whole number": lambda: mogul.fit(X, 2, max_iter="many"),
        "covariance = 3; must be a str": lambda: mogul.fit(X, 2, covariance=3),
        "hold = 'means'; must be names, as ['weights'], or a dict": lambda: mogul.fit(X, 2, hold="means"),
        "hold = 3; must be names, as ['weights'], or a dict": lambda: mogul.fit(X, 2, hold=3),
        "hold = None; must be names, as ['weights'], or a dict": lambda: mogul.fit(X, 2, hold=None),
        "hold = [0, 2]; must be names, as ['weights'], or a dict": lambda: mogul.fit(X, 2, hold=[0, 2]),
        "header = 1; must be True or False": lambda: mogul.parse_dataset(b"1,2\n", "f", header=1),
        "callback = 3; must be callable": lambda: mogul.fit(X, 2, callback=3),
        "path = 3; must be a str or an os.PathLike": lambda: mogul.read_dataset(3),
        "model = 'mixture'; must be a mogul.Mixture": lambda: mogul.labels("mixture", X),
        "model = ndarray; must be a mogul.Mixture": lambda: mogul.labels(X, M),
        "which is its .mixture": lambda: mogul.labels(RESULT, X),
        "which is its .mixture_": lambda: mogul.labels(MODEL, X),
        "model = None; must be a mogul.Mixture": lambda: mogul.labels(None, X),
        "x is a list of paths; mogul.read_datasets() reads several": lambda: mogul.fit(["a.csv", "b.csv"], 2),
        "x is a list of paths; mogul.read_datasets()": lambda: mogul.Rows((Path("a.csv"),)),
        "must be a str or an os.PathLike; mogul.read_datasets() takes several": lambda: mogul.read_dataset(["a.csv"]),
        "must be a str, a mogul.Mixture, which is its .mixture, labels": lambda: mogul.fit(X, init=RESULT),
        "must be a str, a mogul.Mixture, which is its .mixture_, labels": lambda: mogul.fit(X, init=MODEL),
        "must be a str, a mogul.Mixture, which is its .mixture, labels or": lambda: mogul.fit(
            X, init=mogul.ModelFile(M)
        ),
        "x = None; must be given": lambda: mogul.fit(None, 2),
        "x = None; must be": lambda: mogul.labels(M, None),
        "seed = 'first'; must be a whole number": lambda: mogul.fit(X, 2, random_state="first"),
        "fit() got an unexpected keyword argument 'n_jobs'; see n_threads": lambda: mogul.fit(X, 2, n_jobs=2),
        "component = 'first'; must be a whole number": lambda: M.covariance("first"),
        "covariance() missing a required argument: 'component'": lambda: M.covariance(),
        "features: ": lambda: M.marginal("first"),
        "order: ": lambda: M.permuted([0.5, 1]),
        "iteration = 3; must be a mogul.Iteration": lambda: mogul.trace_step(3),
        "Mixture() lacks the argument 'covariances'": lambda: mogul.Mixture("tied", [1.0], [[0.0]]),
        "structure = 3; must be a str": lambda: mogul.Mixture(3, [1.0], [[0.0]], [[1.0]]),
        "Mixture() got an unexpected keyword argument 'kind'": lambda: mogul.Mixture(kind="full"),
        "Mixture() got two values for 'structure'": lambda: mogul.Mixture("full", structure="full"),
        "Stats() takes at most 2 positional arguments, 3 were given": lambda: mogul.Stats("full", [[0]], 1),
        "moments = 1; must be a str": lambda: mogul.Stats(1, [[0]]),
        "Dataset() lacks the argument 'x'": lambda: mogul.Dataset(),
        "column_names = 'ab'; must be a sequence of str": lambda: mogul.Dataset(X, "ab"),
        "Rows() got an unexpected keyword argument 'names'": lambda: mogul.Rows(X, names=["a"]),
        "equal_weights = 3; must be True or False": lambda: mogul.EmLoop(M, equal_weights=3),
        "tol = 'small'; must be a number or None": lambda: mogul.EmLoop(M, tol="small"),
        "mixture = 3; must be a mogul.ModelFile, FitResult or Mixture": lambda: mogul.ModelFile(3),
        "report = 3; must be a mogul.FitReport": lambda: mogul.ModelFile(M, report=3),
    }.items(),
)
def test_sentences_say_what_must_be_given(text: str, call: Callable[[], object]) -> None:
    assert text in sentence_of(call)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"covariance_type": "diag"}, {"covariance": "diagonal"}),
        ({"covariance": "tied_diag"}, {"covariance": "tied_diagonal"}),
        ({"init_params": "k-means++"}, {"init": "kmeans++"}),
        ({"init_params": "k-means"}, {"init": "kmeans"}),
        ({"random_state": 7}, {"seed": 7}),
        ({"random_state": None}, {}),
        ({"random_state": None, "seed": 3}, {"seed": 3}),
        ({"sample_weight": np.arange(30)}, {"weights": np.arange(30)}),
        ({"fixed": ["means"]}, {"hold": ["means"]}),
    ],
)
def test_functions_take_the_words_of_scikit_learn(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    assert mogul.fit(X, 2, **theirs).mixture == mogul.fit(X, 2, **ours).mixture


def test_both_words_for_one_thing_are_refused() -> None:
    text = sentence_of(lambda: mogul.fit(X, 2, covariance="full", covariance_type="diag"))
    assert "fit() got both 'covariance' and 'covariance_type', two names of one argument" in text
    text = sentence_of(lambda: mogul.fit(X, 2, hold=["means"], fixed=["means"], seed=1, random_state=None))
    assert "fit() got both 'hold' and 'fixed', two names of one argument" in text


def test_booleans_of_numpy_are_taken() -> None:
    yes, no = np.True_, np.False_
    assert mogul.fit(X, 2, equal_weights=yes).mixture == mogul.fit(X, 2, equal_weights=True).mixture
    assert mogul.maximise(STATS, M, None, 0.0, (), None, None, None, no) == mogul.maximise(STATS, M)
    assert mogul.parse_dataset(b"1,2\n3,4\n", "f.csv", header=yes).column_names == ["1", "2"]
    assert mogul.plot_svg(M, X, principal_axes=no).svg == mogul.plot_svg(M, X).svg
    loop, same = (mogul.EmLoop(M, equal_weights=flag, max_iter=1) for flag in (yes, True))
    for each in (loop, same):
        while (asked := each.next()) is not None:
            each.feed(asked.answer(X))
    assert loop.mixture == same.mixture and len(set(loop.mixture.weights)) == 1
