"""The estimator: scikit-learn's interface in front of the functions of the library."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn import get_config
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from . import _mogul
from ._attributes import keep_outcome, mixture_of, name_of_lower_bound, report_of, search_text, unchanged_if_it_fails
from ._checks import FLOATS, PARAMETER_CONSTRAINTS, Array, check_enough_rows
from ._fitting import HINT_OF_FLOAT32, ILL_DEFINED, NOT_CONVERGED, Outcome, continue_fit, fit_from_starts
from ._interchange import Interchange, sampler
from ._mogul import Iteration, Mixture, Rows
from ._notebook_estimator import ShownInNotebooks
from ._rows import check_names, checked_weights, normal_names, raise_as_scikit_learn, rows_of
from ._threads import n_threads
from ._using import UsedOnRows

if TYPE_CHECKING:
    from .plot import MixtureDisplay


class GaussianMixture(UsedOnRows, Interchange, ShownInNotebooks, DensityMixin, BaseEstimator):  # type: ignore[misc]
    """Gaussian mixture by maximum likelihood: `sklearn.mixture.GaussianMixture`, faster, and with more to it.

    Every parameter, attribute, error and warning of scikit-learn's class has the same meaning here. Parameters below
    ``verbose_interval`` are additions.

    Parameters
    ----------
    n_components : int, default=1
        K.
    covariance_type : str, default='full'
        'full': each component has its own matrix; 'tied': all share one. 'diag': each has its own variance for each
        feature; 'tied_diag': all share these. 'spherical': each has one variance; 'tied_spherical': all share one. Or
        any other of `mogul.covariance_families()`: 'VEI', 'EVI', 'VEE', 'EVE', 'VVE', 'EEV', 'VEV' and 'EVV'. The
        library's names, such as 'diagonal' and 'VVI' for 'diag', are taken as well.
    tol : float, default=1e-3
        EM stops when the lower bound, the mean log-likelihood per row, changes by less.
    reg_covar : float, default=1e-6
        Added to every variance; in the data's unit squared. A warning tells where it is more than 1 % of a variance.
    max_iter : int, default=100
        E-steps, each with an M-step after it, per restart at most.
    n_init : int, default=1
        Restarts, the best of which is kept.
    init_params : {'kmeans', 'k-means++', 'random', 'random_from_data', 'hierarchical'} or callable, default='kmeans'
        'kmeans': moments of k-means clusters, for the first restart the best of four after five steps of EM each
        (of one where `weights_init`, `means_init` or `precisions_init` is given).
        'k-means++': moments of the rows nearest to each seed. 'random': random responsibilities. 'random_from_data':
        K rows as means and the covariance of all rows. 'hierarchical': moments of the clusters of `mogul.hierarchy(X)`,
        in which every restart would be the same: there is one, whatever `n_init`. The functions' words 'k-means' and
        'kmeans++' are taken as well.
        A callable is called as ``init_params(X, n_components=K, random_state=rng)`` for each restart, and returns
        labels of shape (N,) or responsibilities of shape (N, K).
    weights_init : array-like of shape (K,), optional
        Initial weights, overriding those of the start.
    means_init : array-like of shape (K, D), optional
        Initial means, likewise.
    precisions_init : array-like, optional
        Initial precisions, likewise; of the shape of ``precisions_``.
    random_state : int, RandomState instance or None, default=None
        What starts and samples are drawn from.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the last fit.
    verbose : int or 'bar', default=0
        Lines as scikit-learn prints them, or a bar on standard error.
    verbose_interval : int, default=10
        Iterations from one line to the next.
    responsibilities_init : array-like of shape (N, K), optional
        Where EM starts, instead of by `init_params`: rows at least 0 that sum to one.
    labels_init : array-like of shape (N,), optional
        Likewise: a component 0 to K - 1 for each row, or one of K other whole numbers, of which component 0 gets the
        lowest. There is one such start, whatever `n_init`.
    hold : sequence of {'weights', 'means', 'covariances'} or dict, default=()
        Parameters that stay as they start. ``{"means": [0, 2]}`` holds the means of these components only.
    degenerate : {'revive', 'error'}, default='revive'
        Whether a component that is empty, or whose covariance becomes singular, is moved to the rows that are explained
        worst, or ends the fit with a ValueError.
    n_jobs : int, optional
        Threads; negative as in joblib. Default: `mogul.get_num_threads()`, all processors that this process may use
        unless OMP_NUM_THREADS, threadpoolctl or `mogul.set_num_threads()` allow fewer.
    callback : callable, optional
        Called with an `Iteration` after each E-step; returning False ends the fit with the best mixture so far.
    prior : str or dict, optional
        Conjugate prior of means and covariances, as `mogul.fit` takes it: 'default', or some of its fields. The lower
        bound is that of the penalised log-likelihood then. Use it with ``reg_covar=0``.
    weight_concentration : float, optional
        At least 1, of a Dirichlet prior on the weights.
    max_eigenvalue_ratio : float, optional
        At least 1: bound on the ratio of two variances in any components and directions.
    equal_weights : bool, default=False
        Whether all weights are 1 / K.
    search : {'none', 'quick', 'default', 'thorough'}, default='none'
        How hard the start is searched for, in place of `init_params` and restarts: with many starts, of which the best
        are followed, and moves of components. `mogul.fit` does so by default.
    acceleration : {'none', 'lbfgs'}, default='none'
        'lbfgs': quasi-Newton steps where they gain more than EM's, which takes a fraction of the iterations.
    fixed : sequence or dict, optional
        The former name of `hold`.

    Attributes
    ----------
    weights_ : ndarray of shape (K,)
        At least 0, their sum is 1.
    means_ : ndarray of shape (K, D)
        In the data's unit.
    covariances_, precisions_, precisions_cholesky_ : ndarray
        Of shape (K, D, D), (D, D), (K, D), (K,), (D,) or (1,), in the order of the covariance types above.
        ``precisions_cholesky_`` holds upper triangular U with precision = U U^T.
    converged_ : bool
    n_iter_ : int
        E-steps of the kept restart.
    lower_bound_ : float
        Mean log-likelihood per row at the last E-step, that is, before the last M-step; with `prior` or
        `weight_concentration`, the penalised one.
    lower_bounds_ : list of float
        The same at every E-step.
    termination_ : str
        Why EM stopped, with the numbers that were compared.
    mixture_ : Mixture
        The same model for the functions of the library.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (D,)
        Where X has names that are all strings.

    Notes
    -----
    An interrupted fit (Ctrl-C) leaves the estimator as it was before.

    Examples
    --------
    >>> import numpy as np
    >>> from mogul import GaussianMixture
    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
    >>> gm = GaussianMixture(n_components=2, means_init=[[0, 2], [11, 2]], random_state=0).fit(X)
    >>> gm.means_
    array([[ 1.,  2.],
           [10.,  2.]])
    >>> gm.predict([[0, 0], [12, 3]])
    array([0, 1])
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str | Callable[..., ArrayLike] = "kmeans",
        weights_init: ArrayLike | None = None,
        means_init: ArrayLike | None = None,
        precisions_init: ArrayLike | None = None,
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        verbose: int | str = 0,
        verbose_interval: int = 10,
        responsibilities_init: ArrayLike | None = None,
        labels_init: ArrayLike | None = None,
        hold: Iterable[str] | Mapping[str, Any] = (),
        degenerate: str = "revive",
        n_jobs: int | None = None,
        callback: Callable[[Iteration], bool | None] | None = None,
        prior: str | Mapping[str, Any] | None = None,
        weight_concentration: float | None = None,
        max_eigenvalue_ratio: float | None = None,
        equal_weights: bool = False,
        search: str = "none",
        acceleration: str = "none",
        fixed: Iterable[str] | Mapping[str, Any] | None = None,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        self.verbose_interval = verbose_interval
        self.responsibilities_init = responsibilities_init
        self.labels_init = labels_init
        self.hold = hold
        self.degenerate = degenerate
        self.n_jobs = n_jobs
        self.callback = callback
        self.prior = prior
        self.weight_concentration = weight_concentration
        self.max_eigenvalue_ratio = max_eigenvalue_ratio
        self.equal_weights = equal_weights
        self.search = search
        self.acceleration = acceleration
        self.fixed = fixed

    # --- Fitting

    def fit(self, X: Any, y: object = None, sample_weight: ArrayLike | None = None) -> GaussianMixture:
        """Estimate the parameters by EM.

        Parameters
        ----------
        X : array-like of shape (N, D)
            Arrays, memory maps and Arrow columns of float32 or float64 are read where they lie.
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
        """Estimate the parameters, and label the rows: the same as ``fit(X).predict(X)``."""
        rows = self._fit(X, sample_weight)
        return _mogul.labels(self.mixture_, rows, n_threads(self.n_jobs))

    def _fit(self, X: Any, sample_weight: ArrayLike | None) -> Array | Rows:
        with unchanged_if_it_fails(self):
            return self._fit_or_raise(X, sample_weight)

    def _fit_or_raise(self, X: Any, sample_weight: ArrayLike | None) -> Array | Rows:
        if not get_config()["skip_parameter_validation"]:
            self._validate_params()
        rows = rows_of(self, X, reset=True, min_samples=2)
        check_names(self)
        try:
            check_enough_rows(rows.shape[0], self.n_components)
            weights = checked_weights(sample_weight, rows)
            going_on = self.warm_start and hasattr(self, "converged_")
            outcome = (continue_fit if going_on else fit_from_starts)(self, rows, weights)
        except ValueError as error:  # rows that are not finite are told of first
            if isinstance(rows, np.ndarray) or isinstance(error, _mogul.InvalidData):
                raise_as_scikit_learn(self, rows, FLOATS)
            raise
        except _mogul.FitError as error:
            hint = HINT_OF_FLOAT32 if rows.dtype == np.float32 else ""
            raise ValueError(f"{ILL_DEFINED}{hint} ({error})") from error
        keep_outcome(self, outcome, rows.dtype)
        self._warn(outcome)
        if not outcome.converged and not outcome.cancelled and self.max_iter > 0:
            warnings.warn(NOT_CONVERGED, ConvergenceWarning, stacklevel=4)
        return rows

    def _warn(self, outcome: Outcome) -> None:
        for warning in outcome.warnings:
            warnings.warn(warning, UserWarning, stacklevel=5)

    # --- The model

    @property
    def mixture_(self) -> Mixture:
        """The attributes as the library's functions take them."""
        self._check_is_fitted()
        return mixture_of(self)

    def _is_fitted(self) -> bool:
        return hasattr(self, "means_")

    def _is_float32(self, rows: Array | Rows) -> bool:
        return bool(np.asarray(self.means_).dtype == np.float32 and rows.dtype == np.float32)

    def summary(self) -> str:
        """Several lines on the model: its size, how the fit ended, and a table of the components."""
        mixture = self.mixture_
        lines = [
            f"Gaussian mixture: K = {mixture.n_components}, {self.covariance_type} covariance, "
            f"{mixture.n_features} feature{'s' if mixture.n_features > 1 else ''}"
        ]
        if getattr(self, "lower_bounds_", None):
            lines.append(f"lower bound  {self.lower_bound_:.8g}  ({name_of_lower_bound(self)}, in nats)")
        if hasattr(self, "termination_"):
            lines.append(f"ended        {self.termination_}")
        report = report_of(self)
        if report is not None and report.search is not None:
            lines.append(f"search       {search_text(report, mixture)}")
        names = normal_names(getattr(self, "feature_names_in_", []))
        return "\n".join([*lines, "", _mogul.component_table(mixture, feature_names=names)])

    def _n_parameters(self) -> int:
        return self.mixture_.n_parameters

    # --- Use

    def sample(self, n_samples: int = 1) -> tuple[Array, NDArray[np.int64]]:
        """Draw rows: X (n_samples, D) and the component of each (n_samples,), in the order of the components.

        They are scikit-learn's for the same parameters and random_state; `mogul.sample` draws faster.
        """
        check_is_fitted(self)
        x, z = sampler(self).sample(n_samples)
        return x, z

    def plot(self, X: Any = None, **params: Any) -> MixtureDisplay:
        """Draw the mixture with matplotlib, and rows if they are given.

        Parameters
        ----------
        X : array-like of shape (N, D), optional
        **params
            Of `mogul.plot.MixtureDisplay.from_estimator`: ``kind``, ``features``, ``ax``, ...

        Returns
        -------
        mogul.plot.MixtureDisplay
        """
        from .plot import MixtureDisplay

        return MixtureDisplay.from_estimator(self, X, **params)
