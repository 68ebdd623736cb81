"""Mixtures that the estimator is made of, and what it is turned into: parameters, model files, scikit-learn's class."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.mixture import GaussianMixture as SklearnGaussianMixture
from sklearn.utils.validation import check_is_fitted

from . import _mogul
from ._attributes import keep_outcome, mixture_of
from ._checks import COVARIANCE_TYPES, FAMILIES, METHODS, SCIKIT_LEARNS_WORDS, check_weights
from ._fitting import Outcome
from ._mogul import FitResult, Mixture, ModelFile
from ._rows import normal_names
from ._subject import default_names

if TYPE_CHECKING:
    from typing_extensions import Self

Estimator = TypeVar("Estimator")

OWN_ATTRIBUTES = {"termination_"}


class Interchange:
    """These methods of `GaussianMixture`."""

    n_features_in_: int
    feature_names_in_: NDArray[np.object_]

    @classmethod
    def from_parameters(
        cls,
        weights: ArrayLike,
        means: ArrayLike,
        covariances: ArrayLike,
        *,
        covariance_type: str = "full",
        **params: Any,
    ) -> Self:
        """A mixture of known parameters, ready to score and sample.

        Parameters
        ----------
        weights : array-like of shape (K,)
        means : array-like of shape (K, D)
        covariances : array-like
            Of the shape that ``covariances_`` has for this covariance type.
        covariance_type : str
        **params
            Other parameters of the estimator; with ``warm_start=True``, ``fit`` goes on from this mixture.

        Raises
        ------
        ValueError
            Naming the component, the value and the rule that it breaks.
        """
        if covariance_type not in FAMILIES:
            raise ValueError(f"covariance_type={covariance_type!r}; must be one of {', '.join(COVARIANCE_TYPES)}")
        if getattr(weights, "dtype", None) == np.float32:
            # Their sum is 1 but for the rounding of each.
            weights = check_weights(weights, np.size(weights)).astype(np.float64)
            weights /= weights.sum()
        mixture = Mixture(FAMILIES[covariance_type].word, weights, means, covariances)
        return cls._of(Outcome.not_fitted(mixture), **params)

    @classmethod
    def _of(cls, outcome: Outcome, names: Sequence[str] = (), **params: Any) -> Self:
        """`names` are those of model files, which have x1, x2, ... where there are none."""
        mixture = outcome.mixture
        kind = SCIKIT_LEARNS_WORDS.get(mixture.structure, mixture.structure)
        made = cls(mixture.n_components, covariance_type=kind, **params)  # type: ignore[call-arg]
        made.n_features_in_ = mixture.n_features
        if list(names) not in ([], default_names(mixture.n_features)):
            made.feature_names_in_ = np.asarray(names, dtype=object)
        keep_outcome(made, outcome, np.dtype(np.float64))
        return made

    @classmethod
    def from_json(cls, path: str | os.PathLike[str], **params: Any) -> Self:
        """Read a model file, such as ``mogul fit -o`` writes.

        Raises
        ------
        OSError
            If it cannot be read.
        InvalidData
            Naming the file, the field and what is wrong.
        """
        file = _mogul.read_model(path)
        if file.clusters is not None:
            warnings.warn(
                f"{os.fspath(path)}: left out the clusters of components, as predict() is about components; "
                "mogul.cluster_labels(gm.mixture_, X, mogul.read_model(path).clusters) has labels of clusters",
                stacklevel=2,
            )
        report = file.report
        outcome = (
            Outcome.not_fitted(file.mixture, file.settings)
            if report is None
            else Outcome.of(file.mixture, report, file.settings)
        )
        return cls._of(outcome, file.feature_names, **params)

    @classmethod
    def _of_result(cls, result: FitResult) -> Self:
        """The estimator that would make such a fit, as far as parameters can say it; its largest component first."""
        mixture, report = _mogul.largest_first(result.mixture, result.report)
        asked = result.settings
        params: dict[str, Any] = {} if isinstance(asked.reg_covar, str) else {"reg_covar": asked.reg_covar}
        if asked.tol is not None:
            params["tol"] = asked.tol
        if asked.search == "none" and asked.init in METHODS:
            params |= {"init_params": asked.init, "n_init": asked.n_init}
        return cls._of(
            Outcome.of(mixture, report, asked),
            result.feature_names,
            max_iter=asked.max_iter,
            random_state=asked.seed if asked.seed < 2**32 else None,
            prior=asked.prior,
            weight_concentration=asked.weight_concentration,
            max_eigenvalue_ratio=asked.max_eigenvalue_ratio,
            equal_weights=asked.equal_weights,
            degenerate=asked.degenerate,
            search=asked.search,
            acceleration=asked.acceleration,
            **params,
        )

    def to_json(self, path: str | os.PathLike[str]) -> None:
        """Write a model file for ``mogul score``, ``predict``, ``sample`` and ``inspect``, or ``from_json``.

        It holds no report of the fit, as the last step of EM here is an M-step, whose likelihood nobody has computed.
        """
        check_is_fitted(self)
        names = normal_names(getattr(self, "feature_names_in_", []))
        _mogul.write_model(path, ModelFile(mixture_of(self), names))

    @classmethod
    def from_sklearn(cls, model: SklearnGaussianMixture) -> Self:
        """The same parameters and attributes as scikit-learn's model.

        Raises
        ------
        TypeError
            For anything but a `sklearn.mixture.GaussianMixture`.
        """
        if not isinstance(model, SklearnGaussianMixture):
            raise TypeError(f"{type(model).__name__}: must be a sklearn.mixture.GaussianMixture")
        return copy_state(model, cls())

    def to_sklearn(self) -> SklearnGaussianMixture:
        """The same as scikit-learn's class, whose types are full, tied, diag and spherical.

        Tied variances become a tied matrix. Families that it lacks become a covariance for each component, whose `aic`
        and `bic` count more parameters than were free.
        """
        return in_scikit_learns_terms(copy_state(self, SklearnGaussianMixture()))


def copy_state(model: Any, made: Estimator) -> Estimator:
    """Gives `made` those parameters and fitted attributes of `model` that it has a place for."""
    known = made.get_params(deep=False)  # type: ignore[attr-defined]
    for name, value in model.get_params(deep=False).items():
        if name in known:
            setattr(made, name, value)
    for name, value in vars(model).items():
        if name.endswith("_") and name not in OWN_ATTRIBUTES:
            setattr(made, name, copy(value))
    return made


def in_scikit_learns_terms(model: Any) -> Any:
    """With its defaults for what only mogul knows, and the matrix that says the same as tied variances."""
    if callable(model.init_params):
        model.init_params = "kmeans"
    model.init_params = {"k-means": "kmeans", "kmeans++": "k-means++"}.get(model.init_params, model.init_params)
    if isinstance(model.verbose, str):
        model.verbose = 0
    family = FAMILIES[model.covariance_type]
    model.covariance_type = {"matrix": "full", "diagonal": "diag", "spherical": "spherical"}[family.layout]
    if family.is_shared:
        model.covariance_type = "tied"
    if family.is_shared and family.layout != "matrix":
        means = getattr(model, "means_", model.means_init)
        for name in ("covariances_", "precisions_", "precisions_cholesky_", "precisions_init"):
            variances = getattr(model, name, None)
            if variances is not None:
                n_features = len(variances) if means is None else np.shape(means)[1]
                setattr(model, name, np.eye(n_features, dtype=np.asarray(variances).dtype) * variances)
    return model


def sampler(model: Any) -> SklearnGaussianMixture:
    """Scikit-learn's class with the density of a fitted model. Tied variances are repeated: a matrix would be D x D."""
    made = copy_state(model, SklearnGaussianMixture())
    family = FAMILIES[made.covariance_type]
    made.covariance_type = {"matrix": "full", "diagonal": "diag", "spherical": "spherical"}[family.layout]
    if family.is_shared and family.layout == "matrix":
        made.covariance_type = "tied"
    if family.is_shared and family.layout == "diagonal":
        made.covariances_ = np.broadcast_to(made.covariances_, made.means_.shape)
    if family.is_shared and family.layout == "spherical":
        made.covariances_ = np.repeat(made.covariances_, len(made.weights_))
    return made
