"""What fitted estimators say of rows: densities, components, criteria."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from . import _mogul
from ._checks import Array
from ._mogul import Mixture, Rows
from ._rows import checked_weights, is_plain, raise_as_scikit_learn, rows_of
from ._starts import what_was_held
from ._threads import n_threads


class UsedOnRows:
    """These methods of estimators that have a ``mixture_`` once they are fitted."""

    n_jobs: int | None

    @property
    def mixture_(self) -> Mixture:
        """The fitted mixture, as the library's functions take it."""
        raise NotImplementedError

    def _is_fitted(self) -> bool:
        raise NotImplementedError

    def _check_is_fitted(self) -> None:
        if not self._is_fitted():  # which is seen faster than scikit-learn's function does
            check_is_fitted(self)

    def _rows(self, X: Any) -> Array | Rows:
        return X if is_plain(self, X) else rows_of(self, X, reset=False)

    def _of_rows(self, function: Callable[..., Any], rows: Array | Rows, *args: Any) -> Any:
        """function(mixture, rows, ...) of the library."""
        try:
            return function(self.mixture_, rows, *args, n_threads=n_threads(self.n_jobs))
        except _mogul.InvalidData:
            raise_as_scikit_learn(self, rows, "numeric")
            raise

    def _per_row(self, function: Callable[..., Array], X: Any) -> Array:
        """The same for numbers, which are float32 where the rows and the fitted parameters are."""
        self._check_is_fitted()
        rows = self._rows(X)
        values: Array = self._of_rows(function, rows)
        return values.astype(np.float32) if self._is_float32(rows) else values

    def _is_float32(self, rows: Array | Rows) -> bool:
        return False

    def _evaluate(self, X: Any) -> _mogul.Evaluation:
        self._check_is_fitted()
        evaluate = partial(_mogul.evaluate, **what_was_held(self))
        evaluation: _mogul.Evaluation = self._of_rows(evaluate, self._rows(X))
        return evaluation

    def score_samples(self, X: Any) -> Array:
        """Log-density of each row: (N,), in nats."""
        return self._per_row(_mogul.log_densities, X)

    def score(self, X: Any, y: object = None, sample_weight: ArrayLike | None = None) -> float:
        """Mean log-density of the rows, in nats."""
        self._check_is_fitted()
        rows = self._rows(X)
        if sample_weight is None and self._is_float32(rows):
            # Rounded as scikit-learn's is.
            return float(self._of_rows(_mogul.log_densities, rows).astype(np.float32).mean())
        weights = checked_weights(sample_weight, rows)
        return float(self._of_rows(_mogul.evaluate, rows, weights).mean_log_likelihood)

    def predict(self, X: Any) -> NDArray[np.int64]:
        """The most probable component of each row: (N,)."""
        self._check_is_fitted()
        labels: NDArray[np.int64] = self._of_rows(_mogul.labels, self._rows(X))
        return labels

    def predict_proba(self, X: Any) -> Array:
        """Responsibilities: the posterior probability of each component for each row, (N, K)."""
        return self._per_row(_mogul.responsibilities, X)

    def mahalanobis(self, X: Any) -> Array:
        """Squared Mahalanobis distance of each row to each component: (N, K)."""
        return self._per_row(_mogul.squared_mahalanobis, X)

    def aic(self, X: Any) -> float:
        """Akaike's information criterion on X; lower is better."""
        return self._evaluate(X).aic

    def bic(self, X: Any) -> float:
        """Bayesian information criterion on X; lower is better."""
        return self._evaluate(X).bic

    def icl(self, X: Any) -> float:
        """Integrated complete-data likelihood on X, in BIC's scale; lower is better.

        Biernacki, Celeux, Govaert (2000); it prefers components that do not overlap.
        """
        return self._evaluate(X).icl
