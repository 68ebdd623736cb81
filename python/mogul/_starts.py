"""Where EM starts: the estimator's parameters as the library's `init`, one for each restart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import _mogul
from ._checks import (
    METHODS,
    Array,
    check_labels,
    check_means,
    check_precisions,
    check_responsibilities,
    check_weights,
)
from ._mogul import Mixture, Rows
from ._precisions import covariances_from_precisions
from ._threads import n_threads


class GivenParameters(NamedTuple):
    """Parameters that the caller has given for the start."""

    weights: Array | None
    means: Array | None
    covariances: Array | None

    def all(self) -> bool:
        return all(value is not None for value in self)

    def any(self) -> bool:
        return any(value is not None for value in self)


class Start(NamedTuple):
    """What `fit()` of the library is told: a start, and how many restarts it draws from the seed."""

    init: str | Mixture | Array | NDArray[np.int64] | None
    n_init: int | None
    seed: int
    first_restart: int = 0
    """Its number, among the `n_restarts` of the whole fit."""
    n_restarts: int = 1
    search: str = "none"


def given_parameters(estimator: Any, n_features: int) -> GivenParameters:
    """Checks ``*_init`` and, as scikit-learn does, keeps them as arrays."""
    k = estimator.n_components
    if estimator.weights_init is not None:
        estimator.weights_init = check_weights(estimator.weights_init, k)
    if estimator.means_init is not None:
        estimator.means_init = check_means(estimator.means_init, k, n_features)
    covariances = None
    if estimator.precisions_init is not None:
        kind = estimator.covariance_type
        estimator.precisions_init = check_precisions(estimator.precisions_init, kind, k, n_features)
        covariances = covariances_from_precisions(estimator.precisions_init, kind)
    return GivenParameters(estimator.weights_init, estimator.means_init, covariances)


def starts(
    estimator: Any, X: Any, weights: Array | None, rng: np.random.RandomState, structure: str
) -> Iterator[Start]:
    """The starts of all restarts, of which the library takes those from one seed side by side."""
    given = given_parameters(estimator, X.shape[1])
    known = known_partition(estimator, X.shape[0])
    if estimator.search != "none":
        check_search(estimator)
        yield Start(None, None, draw_seed(rng), search=estimator.search)
        return
    if given.all():
        if known is not None:
            raise ValueError("weights_init, means_init and precisions_init are the start; give no other beside them")
        yield Start(given_mixture(structure, given, None), 1, 0)
        return
    same_each_time = known is not None or estimator.init_params == "hierarchical"
    n_init = 1 if same_each_time else estimator.n_init
    if known is None and not callable(estimator.init_params) and not given.any():
        method = METHODS[estimator.init_params]
        if estimator.max_iter == 1:  # the best is that of the highest start, which the library does not compare
            for restart in range(n_init):
                yield Start(method, 1, draw_seed(rng), restart, n_init)
            return
        yield Start(method, n_init, draw_seed(rng))
        return
    for restart in range(n_init):
        init = drawn_partition(estimator, X, rng) if known is None else known
        seed = draw_seed(rng)
        if not given.any():
            yield Start(init, 1, seed, restart, n_init)
            continue
        begun = _mogul.fit(
            X,
            estimator.n_components,
            weights=weights,
            covariance=structure,
            init=init,
            max_iter=0,
            # Where covariances are given, the start's are discarded.
            reg_covar=estimator.reg_covar if given.covariances is None else 1,
            seed=seed,
            n_threads=n_threads(estimator.n_jobs),
        ).mixture
        yield Start(given_mixture(structure, given, begun), 1, seed, restart, n_init)


def check_search(estimator: Any) -> None:
    """A search finds the start by itself."""
    others = ("weights_init", "means_init", "precisions_init", "responsibilities_init", "labels_init")
    given = [name for name in others if getattr(estimator, name) is not None]
    given += ["n_init"] if estimator.n_init != 1 else []
    given += ["hold"] if held(estimator) else []
    if given:
        raise ValueError(
            f"search = {estimator.search!r} does not go with {given[0]}: a search finds the start by itself; leave one "
            "out"
        )


def held(estimator: Any) -> Any:
    """What the estimator's fits hold."""
    if estimator.fixed is None:
        return estimator.hold
    if estimator.hold:
        raise ValueError("hold and fixed, which is its former name, are both given; leave fixed out")
    return estimator.fixed


def what_was_held(estimator: Any) -> dict[str, Any]:
    """By the fit; where that is not known, what another one would hold."""
    known: dict[str, Any] | None = getattr(estimator, "_held", None)
    return {"hold": held(estimator), "equal_weights": bool(estimator.equal_weights)} if known is None else known


def constraints(estimator: Any) -> dict[str, Any]:
    """Priors, bounds and what is held, as the library's functions take them."""
    return {
        "hold": held(estimator),
        "prior": estimator.prior,
        "weight_concentration": estimator.weight_concentration,
        "max_eigenvalue_ratio": estimator.max_eigenvalue_ratio,
        "equal_weights": bool(estimator.equal_weights),
    }


def known_partition(estimator: Any, n_rows: int) -> Array | NDArray[np.int64] | None:
    """What ``labels_init`` or ``responsibilities_init`` says."""
    if estimator.labels_init is not None and estimator.responsibilities_init is not None:
        raise ValueError("labels_init and responsibilities_init are both given; there is one start")
    if estimator.labels_init is not None:
        return check_labels(estimator.labels_init, n_rows, estimator.n_components)
    if estimator.responsibilities_init is not None:
        return check_responsibilities(estimator.responsibilities_init, n_rows, estimator.n_components)
    return None


def drawn_partition(estimator: Any, X: Any, rng: np.random.RandomState) -> str | Array | NDArray[np.int64]:
    """What `init_params` names or, being called, answers."""
    if not callable(estimator.init_params):
        return METHODS[estimator.init_params]
    k = estimator.n_components
    array = np.asarray(X.source) if isinstance(X, Rows) else X
    answer = np.asarray(estimator.init_params(array, n_components=k, random_state=rng))
    name = "init_params(X, ...)"
    if answer.ndim == 2:
        return check_responsibilities(answer, X.shape[0], k, name)
    return check_labels(answer, X.shape[0], k, name)


def given_mixture(structure: str, given: GivenParameters, begun: Mixture | None) -> Mixture:
    """The given parameters, and those of `begun` for the others."""
    values = []
    for name, value in given._asdict().items():
        values.append(getattr(begun, name) if value is None else np.asarray(value, dtype=np.float64))
    weights, means, covariances = values
    return Mixture(structure, weights / weights.sum(), means, covariances)


def draw_seed(rng: np.random.RandomState) -> int:
    return int(rng.randint(np.iinfo(np.int32).max))
