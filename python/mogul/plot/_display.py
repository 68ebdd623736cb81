"""MixtureDisplay: what a picture shows, and where it was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from .._mogul import InvalidData, Mixture
from ._asked import Asked, History, asked_of_estimator, asked_of_mixture
from ._checks import (
    DEFAULT_MASSES,
    Features,
    check_history_alone,
    check_masses,
    check_max_points,
    checked_kind,
    chosen_features,
    require_matplotlib,
    resolved_kind,
    shows_principal_axes,
)
from ._geometry import Array, component_limits
from ._palette import OKABE_ITO
from ._projection import principal_axes, some_features
from ._shown_rows import ShownRows, Source, gather

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from typing_extensions import Self


class MixtureDisplay:
    """A picture of a mixture: its data, and, once drawn, its axes and artists.

    Made by `from_estimator` or `from_mixture`, which draw at once. The constructor takes what they compute; `plot`
    draws again, elsewhere or in another style.

    Parameters
    ----------
    mixture : Mixture
        In the coordinates shown: the exact marginal.
    kind : str
        One of the kinds of `from_estimator`; with one feature not 'auto', 'contour', 'ellipses' or 'pairs'.
    feature_names : sequence of str
        (F,), the names of the axes.
    rows : ShownRows, optional
        As points or bins.
    limits : tuple of two ndarrays of shape (F,), optional
        The lowest and highest values shown. Default: those that the components need.
    masses : sequence of float
        Of ellipses and of regions of highest density.
    history : History, optional
        What kind 'log_likelihood' shows.
    n_features : int, optional
        D, of the whole mixture. Default: those shown.

    Attributes
    ----------
    ax_ : matplotlib Axes, or ndarray of shape (F, F) of them for kind 'pairs'
        Where it was drawn. Above the diagonal of pairs there is None.
    figure_ : matplotlib Figure
    artists_ : dict of str to list of artists
        What was drawn, by what it is: 'rows', 'histogram', 'mixture', 'components', 'contours', 'ellipses',
        'numbers', 'field', 'history', 'legend'.

    Examples
    --------
    >>> import numpy as np
    >>> from mogul import GaussianMixture
    >>> from mogul.plot import MixtureDisplay
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> display = MixtureDisplay.from_estimator(GaussianMixture(2, random_state=0).fit(X), X)
    >>> display.figure_.savefig("mixture.png")
    """

    def __init__(
        self,
        mixture: Mixture,
        *,
        kind: str,
        feature_names: Sequence[str],
        rows: ShownRows | None = None,
        limits: tuple[Array, Array] | None = None,
        masses: Sequence[float] = DEFAULT_MASSES,
        history: History | None = None,
        n_features: int | None = None,
    ) -> None:
        self.mixture = mixture
        self.kind = kind
        self.feature_names = feature_names
        self.rows = rows
        self.limits = component_limits(mixture) if limits is None else limits
        self.masses = masses
        self.history = history
        self.n_features = mixture.n_features if n_features is None else n_features

    def plot(
        self,
        ax: Any = None,
        *,
        palette: Sequence[Any] = OKABE_ITO,
        legend: bool = True,
        rows_kw: Mapping[str, Any] | None = None,
        density_kw: Mapping[str, Any] | None = None,
        component_kw: Mapping[str, Any] | None = None,
    ) -> Self:
        """Draw.

        Parameters
        ----------
        ax : matplotlib Axes, or array of shape (F, F) of them for kind 'pairs', optional
            Default: those of a new figure.
        palette : sequence of colours of matplotlib
            Of components 0, 1, ...; colours come again where there are more components.
        legend : bool
            Whether there is one: to the right of the axes of a new figure, inside given axes.
        rows_kw : mapping, optional
            Style of the rows: for matplotlib's ``scatter``, or ``vlines`` where there is one feature.
        density_kw : mapping, optional
            Style of the mixture's density: for ``plot`` where there is one feature, else for ``contourf`` or
            ``pcolormesh``; for ``plot`` of the history.
        component_kw : mapping, optional
            Style of the components' lines, for ``plot``.

        Returns
        -------
        self
        """
        require_matplotlib()
        from ._draw import draw
        from ._style import Style

        style = Style.of(
            palette, self.mixture.n_components, legend, rows=rows_kw, density=density_kw, component=component_kw
        )
        self.artists_: dict[str, list[Any]] = {}
        self.ax_: Any
        self.figure_: Figure
        self.ax_, self.figure_ = draw(self, ax, style)
        return self

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any = None,
        *,
        features: Features | None = None,
        projection: str | None = None,
        kind: str = "auto",
        sample_weight: ArrayLike | None = None,
        max_points: int = 10_000,
        masses: ArrayLike = DEFAULT_MASSES,
        ax: Any = None,
        **style: Any,
    ) -> Self:
        """Draw a fitted estimator, with rows if they are given.

        Parameters
        ----------
        estimator : GaussianMixture
            Fitted.
        X : array-like of shape (N, D), optional
            All the features of the fit, whichever are shown. Rows are coloured by their responsibilities.
        features : names or numbers from 0, optional
            Which features to show; one of the mixture's marginals is then drawn. Default: all of one or two; the first
            six in a matrix of pairs, or, of kinds that show two, the principal axes.
        projection : {'features', 'pca'}, optional
            'pca': the first two principal axes of the mixture's overall covariance, about its overall mean.
        kind : str, default='auto'
            'auto': density of one feature, contours and ellipses of two, pairs of more. 'density': with one feature the
            mixture and its weighted components over a histogram, with two the log-density. 'contour': regions of
            highest density. 'ellipses': of each component. 'components': the weighted components, where they reach the
            density of those regions. 'responsibilities', 'uncertainty' (1 - max r): of the rows, or of the plane if
            there are none. 'pairs': every feature and every pair. 'log_likelihood', also spelt 'log-likelihood': the
            history of the fit.
        sample_weight : array-like of shape (N,), optional
            Weights of the rows, which histograms and the size of points follow.
        max_points : int, default=10000
            More rows are drawn as bins, which the title says.
        masses : sequence of float, default=(0.393, 0.865, 0.989)
            What ellipses and regions hold. The default is one, two and three standard deviations of two features.
        ax : matplotlib Axes, or array of them for pairs, optional
        **style
            Of `plot`.

        Returns
        -------
        MixtureDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        sklearn.exceptions.NotFittedError
            If the estimator is not fitted.
        ValueError
            For kinds, features, rows and masses that do not do; the message says why.
        """
        require_matplotlib()
        kind = checked_kind(kind)
        if kind == "log_likelihood":
            check_history_alone(X=X, features=features, projection=projection, sample_weight=sample_weight)
        asked = asked_of_estimator(estimator, X, sample_weight)
        try:
            display = cls._of(asked, features, projection, kind, max_points, masses)
        except InvalidData:
            from .._rows import raise_as_scikit_learn

            if asked.rows is not None:
                raise_as_scikit_learn(estimator, asked.rows, "numeric")
            raise
        return display.plot(ax, **style)

    @classmethod
    def from_mixture(
        cls,
        mixture: Any,
        X: Any = None,
        *,
        features: Features | None = None,
        projection: str | None = None,
        kind: str = "auto",
        weights: ArrayLike | None = None,
        max_points: int = 10_000,
        masses: ArrayLike = DEFAULT_MASSES,
        ax: Any = None,
        **style: Any,
    ) -> Self:
        """Draw a mixture of the functions: a `Mixture`, a `FitResult` or a `ModelFile`.

        The latter two also know names of features and the history of the fit. `X` is whatever the functions take, also
        the path of a file; other parameters are those of `from_estimator`, of which `weights` is its `sample_weight`.
        """
        require_matplotlib()
        kind = checked_kind(kind)
        if kind == "log_likelihood":
            check_history_alone(X=X, features=features, projection=projection, weights=weights)
        asked = asked_of_mixture(mixture, X, weights)
        return cls._of(asked, features, projection, kind, max_points, masses).plot(ax, **style)

    @classmethod
    def _of(
        cls,
        asked: Asked,
        features: Features | None,
        projection: str | None,
        kind: str,
        max_points: int,
        masses: ArrayLike,
    ) -> Self:
        masses = check_masses(masses)
        max_points = check_max_points(max_points)
        if kind == "log_likelihood":
            if asked.history is None:
                raise ValueError(
                    "kind = 'log_likelihood' shows the history of a fit, but this mixture was made of known "
                    "parameters or read from a file without a report; fit it, or choose another kind"
                )
            return cls(asked.mixture, kind=kind, feature_names=asked.names, masses=masses, history=asked.history)
        shown = (
            principal_axes(asked.mixture)
            if shows_principal_axes(projection, kind, features, asked.mixture.n_features)
            else some_features(asked.mixture, chosen_features(features, asked.names), asked.names)
        )
        kind = resolved_kind(kind, len(shown.names))
        rows, limits = None, None
        if asked.rows is not None:
            source = Source(asked.mixture, shown, asked.rows, asked.weights, asked.n_threads)
            rows, limits = gather(source, max_points)
        return cls(
            shown.mixture,
            kind=kind,
            feature_names=shown.names,
            rows=rows,
            limits=limits,
            masses=masses,
            history=asked.history,
            n_features=None if shown.axes is not None else asked.mixture.n_features,
        )
