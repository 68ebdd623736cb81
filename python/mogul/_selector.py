"""The estimator that chooses K and the covariance family: `select` behind scikit-learn's interface."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn import get_config
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from . import _mogul
from ._attributes import unchanged_if_it_fails
from ._checks import FAMILIES, FLOATS, METHODS, Array
from ._mogul import Mixture, Rows
from ._notebook_estimator import ShownInNotebooks
from ._rows import check_names, checked_weights, raise_as_scikit_learn, rows_of
from ._selection import Callback, Selection, select_quietly
from ._starts import draw_seed
from ._threads import n_threads
from ._using import UsedOnRows

SELECTOR_CONSTRAINTS: dict[str, list[Any]] = {
    "n_components": [Interval(Integral, 1, None, closed="left"), tuple, "array-like"],
    "covariance_type": [StrOptions({"six", "all", *FAMILIES}), "array-like"],
    "criterion": [StrOptions(set(_mogul.criterion_words()))],
    "n_folds": [Interval(Integral, 2, None, closed="left"), None],
    "one_standard_error": ["boolean"],
    "n_runs": [Interval(Integral, 2, None, closed="left"), None],
    "search": [StrOptions({"none", "quick", "default", "thorough"})],
    "init_params": [StrOptions(set(METHODS)), None],
    "n_init": [Interval(Integral, 1, None, closed="left"), None],
    "reg_covar": [Interval(Real, 0.0, None, closed="left"), str],
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "tol": [Interval(Real, 0.0, None, closed="left"), None],
    "random_state": ["random_state"],
    "n_jobs": [Integral, None],
    "callback": [callable, None],
    "prior": [str, dict, None],
    "weight_concentration": [Interval(Real, 1.0, None, closed="left"), None],
    "max_eigenvalue_ratio": [Interval(Real, 1.0, None, closed="left"), None],
    "equal_weights": ["boolean"],
}


class GaussianMixtureSelector(UsedOnRows, ShownInNotebooks, DensityMixin, BaseEstimator):  # type: ignore[misc]
    """Gaussian mixture whose number of components and covariance family a criterion chooses.

    `fit` does what `mogul.select` does; `predict`, `score` and the other methods are those of the best fit.

    Parameters
    ----------
    n_components : int, (int, int) or array-like of int, default=(1, 9)
        K. A tuple is the lowest and the highest number of components, both included. Others, such as a list or a range,
        have the numbers themselves.
    covariance_type : str or sequence of str, default='six'
        'six': those of 'full', 'tied', 'diag', 'tied_diag', 'spherical' and 'tied_spherical'; 'all': the fourteen
        families; or names, as those of `GaussianMixture`.
    criterion : str, default='bic'
        What decides, as for `mogul.select`: 'bic', 'icl', 'aic', 'aicc', 'cv' or 'stability'.
    n_folds : int, optional
        Of criterion 'cv'. Default: 10.
    one_standard_error : bool, default=False
        Of criterion 'cv': choose the fewest parameters that are within one standard error of the best.
    n_runs : int, optional
        Of criterion 'stability'. Default: 10.
    search : {'none', 'quick', 'default', 'thorough'}, default='none'
        One more start of each fit: the end of such a search, as of `GaussianMixture`.
    init_params : str, optional
        Where fits start beside their neighbours in the table, as of `GaussianMixture`. Default: one hierarchy of the
        rows for all K; for the runs of 'stability' 'random_from_data'.
    n_init : int, optional
        Starts of each fit by `init_params`. Default: 1.
    reg_covar : float or str, default=1e-6
        Added to every variance, in the data's unit squared; 'relative:1e-6' is a share of each column's variance.
    max_iter : int, default=1000
        Of each run of EM.
    tol : float, optional
        A fit ends when its mean log-likelihood per row changes by less. Default: when less than 0.01 nat is left to
        gain, as predicted.
    random_state : int, RandomState instance or None, default=None
        What starts, folds, runs and samples are drawn from.
    n_jobs : int, optional
        Threads, as of `GaussianMixture`; the result is the same bytes for any number.
    callback : callable, optional
        Called as ``callback(cell, n_done, n_cells)`` when a cell is done, as by `mogul.select`.
    prior, weight_concentration, max_eigenvalue_ratio, equal_weights
        Of all fits, as of `GaussianMixture`.

    Attributes
    ----------
    best_estimator_ : GaussianMixture
        The best fit; its largest component is the first.
    n_components_ : int
        Its K.
    covariance_type_ : str
        Its family, in the words of `GaussianMixture`.
    table_ : dict of str to ndarray
        A row for each K and family, as ``Selection.table_``.
    selection_ : Selection
        All fits, with `summary` and `plot`.
    converged_ : bool
        Of the best fit, as the next.
    n_iter_ : int
    mixture_ : Mixture
        The best fit for the functions of the library.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (D,)
        Where X has names that are all strings.

    Notes
    -----
    An interrupted fit (Ctrl-C) leaves the estimator as it was before.

    Examples
    --------
    >>> import numpy as np
    >>> from mogul import GaussianMixtureSelector
    >>> X = np.loadtxt("data/faithful.csv", delimiter=",", skiprows=1)
    >>> selector = GaussianMixtureSelector((1, 4), random_state=0).fit(X)
    >>> selector.n_components_, selector.covariance_type_
    (3, 'tied')
    >>> selector.predict([[2.0, 50], [4.5, 80]]).shape
    (2,)
    """

    _parameter_constraints = SELECTOR_CONSTRAINTS

    def __init__(
        self,
        n_components: int | tuple[int, int] | Iterable[int] = (1, 9),
        *,
        covariance_type: str | Sequence[str] = "six",
        criterion: str = "bic",
        n_folds: int | None = None,
        one_standard_error: bool = False,
        n_runs: int | None = None,
        search: str = "none",
        init_params: str | None = None,
        n_init: int | None = None,
        reg_covar: float | str = 1e-6,
        max_iter: int = 1000,
        tol: float | None = None,
        random_state: int | np.random.RandomState | None = None,
        n_jobs: int | None = None,
        callback: Callback | None = None,
        prior: str | Mapping[str, Any] | None = None,
        weight_concentration: float | None = None,
        max_eigenvalue_ratio: float | None = None,
        equal_weights: bool = False,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.criterion = criterion
        self.n_folds = n_folds
        self.one_standard_error = one_standard_error
        self.n_runs = n_runs
        self.search = search
        self.init_params = init_params
        self.n_init = n_init
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.callback = callback
        self.prior = prior
        self.weight_concentration = weight_concentration
        self.max_eigenvalue_ratio = max_eigenvalue_ratio
        self.equal_weights = equal_weights

    def fit(self, X: Any, y: object = None, sample_weight: ArrayLike | None = None) -> GaussianMixtureSelector:
        """Fit every K with every family, and keep the best.

        Parameters
        ----------
        X : array-like of shape (N, D)
        y : ignored
        sample_weight : array-like of shape (N,), optional
            A row of weight 2 counts as two equal rows, one of weight 0 is absent (its values must still be finite).

        Returns
        -------
        self
        """
        self._fit(X, sample_weight)
        return self

    def fit_predict(self, X: Any, y: object = None, sample_weight: ArrayLike | None = None) -> NDArray[np.int64]:
        """Fit, and label the rows by the best fit: the same as ``fit(X).predict(X)``."""
        rows = self._fit(X, sample_weight)
        return _mogul.labels(self.mixture_, rows, n_threads(self.n_jobs))

    def _fit(self, X: Any, sample_weight: ArrayLike | None) -> Array | Rows:
        with unchanged_if_it_fails(self):
            if not get_config()["skip_parameter_validation"]:
                self._validate_params()
            rows = rows_of(self, X, reset=True, min_samples=2)
            check_names(self)
            self._keep(self._selected(rows, sample_weight))
        self._warn()
        return rows

    def _selected(self, rows: Array | Rows, sample_weight: ArrayLike | None) -> Selection:
        try:
            return select_quietly(
                rows,
                self.n_components,
                covariance=self.covariance_type,
                criterion=self.criterion,
                n_folds=self.n_folds,
                one_standard_error=bool(self.one_standard_error),
                n_runs=self.n_runs,
                search=self.search,
                init=None if self.init_params is None else METHODS[self.init_params],
                n_init=self.n_init,
                weights=checked_weights(sample_weight, rows),
                max_iter=self.max_iter,
                tol=self.tol,
                reg_covar=self.reg_covar,
                seed=draw_seed(check_random_state(self.random_state)),
                n_threads=n_threads(self.n_jobs),
                prior=self.prior,
                weight_concentration=self.weight_concentration,
                max_eigenvalue_ratio=self.max_eigenvalue_ratio,
                equal_weights=bool(self.equal_weights),
                callback=self.callback,
            )
        except ValueError as error:  # rows that are not finite are told of first
            if isinstance(rows, np.ndarray) or isinstance(error, _mogul.InvalidData):
                raise_as_scikit_learn(self, rows, FLOATS)
            raise
        except _mogul.FitError as error:
            raise ValueError(str(error)) from error

    def _keep(self, selection: Selection) -> None:
        best = selection.best_
        best.set_params(random_state=self.random_state, n_jobs=self.n_jobs)
        if hasattr(self, "feature_names_in_"):
            best.feature_names_in_ = self.feature_names_in_
        self.selection_ = selection
        self.table_ = selection.table_
        self.best_estimator_ = best
        self.n_components_ = best.n_components
        self.covariance_type_ = best.covariance_type
        self.converged_ = best.converged_
        self.n_iter_ = best.n_iter_
        self._held = {"hold": (), "equal_weights": bool(self.equal_weights)}
        self._fitted = best._fitted

    def _warn(self) -> None:
        report = self._fitted[1]
        for warning in report.warnings:
            which = f"selection_.fits_[{self.selection_.best_index_}]: "  # which numbers components
            warnings.warn(which + warning, UserWarning, stacklevel=4)
        if report.termination.reason == "max_iter":
            message = f"The best fit did not converge: {report.termination.message}"
            warnings.warn(message, ConvergenceWarning, stacklevel=4)

    @property
    def mixture_(self) -> Mixture:
        """The best fit as the library's functions take it."""
        self._check_is_fitted()
        return self.best_estimator_.mixture_

    def _is_fitted(self) -> bool:
        return hasattr(self, "best_estimator_")

    def summary(self) -> str:
        """The summary of the selection: the criterion by K and family, the best three, and reasons."""
        self._check_is_fitted()
        return self.selection_.summary()

    def sample(self, n_samples: int = 1) -> tuple[Array, NDArray[np.int64]]:
        """Draw rows of the best fit: X (n_samples, D) and the component of each (n_samples,)."""
        self._check_is_fitted()
        return self.best_estimator_.sample(n_samples)
