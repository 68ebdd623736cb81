"""Which K and which covariance family: fits of a whole table, and the best of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _mogul
from ._documents import Page, Picture, as_image, check_page_path, check_picture_path, written
from ._mogul import CovarianceFamily, FitResult, SelectionCell, TableOfFits
from ._notebook import WIDTH, as_preformatted
from ._python_functions import public, shown, warn_of

if TYPE_CHECKING:
    from ._gaussian_mixture import GaussianMixture
    from .plot import SelectionDisplay

MOST_NUMBERS = 1000
"""Of components, between the lowest and the highest."""

Callback = Callable[[SelectionCell, int, int], bool | None]


class Selection:
    """Fits of several numbers of components and covariance families, compared by a criterion; made by `select`.

    Attributes
    ----------
    best_ : GaussianMixture
        The fit that the criterion chooses, as a fitted estimator. Its components are in the order of their weights, the
        largest first, so that labels do not depend on the order of the rows.
    best_index_ : int
        Its row in ``table_``, and its place in ``fits_``.
    table_ : dict of str to ndarray of shape (n_cells,)
        A row for each cell: K and the family, log-likelihood, number of parameters, the criteria, passes over the rows,
        and the reason where there is no fit, whose numbers are NaN. ``pandas.DataFrame(selection.table_)`` takes it.
    fits_ : list of FitResult or None
        The fit of each cell.
    criterion : str
        What decided.
    """

    def __init__(self, found: TableOfFits) -> None:
        self._found = found
        self.criterion: str = found.criterion
        self.best_index_: int = found.best
        self.table_: dict[str, NDArray[Any]] = {name: np.asarray(column) for name, column in found.columns.items()}
        self.table_["n_components"] = self.table_["n_components"].astype(np.int64)

    @cached_property
    def fits_(self) -> list[FitResult | None]:
        return self._found.fits

    @cached_property
    def best_(self) -> GaussianMixture:
        from ._gaussian_mixture import GaussianMixture  # scikit-learn takes a second to import

        return GaussianMixture._of_result(self._best_fit())

    def _best_fit(self) -> FitResult:
        best = self.fits_[self.best_index_]
        assert best is not None
        return best

    def summary(self) -> str:
        """Several lines: the criterion by K and family, the best three, how clear the choice is, and reasons."""
        return self._found.summary()

    def plot(self, criterion: str | None = None, *, ax: Any = None, **params: Any) -> SelectionDisplay:
        """Draw a criterion against K with matplotlib, a line for each family, and mark the best fit.

        Parameters
        ----------
        criterion : str, optional
            A column of ``table_``. Default: the one that decided.
        ax : matplotlib Axes, optional
        **params
            Of the lines, as matplotlib takes it.

        Returns
        -------
        mogul.plot.SelectionDisplay
        """
        from .plot import SelectionDisplay

        return SelectionDisplay.from_selection(self, criterion, ax=ax, **params)

    def plot_svg(self, path: str | os.PathLike[str] | None = None, *, title: str = "") -> Picture:
        """The same of the criterion that decided as SVG, for notebooks and files; it needs no matplotlib.

        Parameters
        ----------
        path : path-like, optional
            Where to write the picture; ends in .svg, or in .html for a page.
        title : str

        Returns
        -------
        Picture
        """
        if path is not None:
            check_picture_path(path)
        return written(Picture(title or "Which K, which family", self._found.svg(title)), path)

    def report(self, path: str | os.PathLike[str] | None = None, *, title: str = "", command: str = "") -> Page:
        """A page about the choice, for notebooks and files: the criterion against K, a heat map, every fit.

        Parameters
        ----------
        path : path-like, optional
            Where to write the page; ends in .html.
        title : str
        command : str
            How the selection can be made again.

        Returns
        -------
        Page
        """
        if path is not None:
            check_page_path(path)
        return written(Page(title or "Which K, which family", self._found.page(title, command)), path)

    def __repr__(self) -> str:
        cell = {name: values[self.best_index_] for name, values in self.table_.items()}
        fitted = int(np.isfinite(self.table_["log_likelihood"]).sum())
        best = f"{cell['covariance']} {cell['n_components']} of {fitted} fits"
        return f"Selection({best}, {self.criterion} {cell[self.criterion]:.10g})"

    def _repr_html_(self) -> str:
        picture = as_image(self._found.svg(""), "The criterion against the number of components", WIDTH)
        return f"<div>{as_preformatted(self.summary())}{picture}</div>"


@public
def select(
    x: Any,
    n_components: int | tuple[int, int] | Iterable[int] = (1, 9),
    *,
    covariance: str | CovarianceFamily | Sequence[str | CovarianceFamily] = "six",
    criterion: str = "bic",
    weights: ArrayLike | str | None = None,
    n_folds: int | None = None,
    one_standard_error: bool = False,
    n_runs: int | None = None,
    search: str = "none",
    init: str | None = None,
    n_init: int | None = None,
    degenerate: str = "revive",
    acceleration: str = "lbfgs",
    max_iter: int = 1000,
    tol: float | None = None,
    gain: float | None = None,
    reg_covar: float | str | None = None,
    seed: int = 0,
    n_threads: int = 0,
    prior: Any = None,
    weight_concentration: float | None = None,
    max_eigenvalue_ratio: float | None = None,
    equal_weights: bool = False,
    callback: Callback | None = None,
) -> Selection:
    """Fit mixtures of several K and covariance families, and compare them by a criterion.

    Every K is fitted with every family. A fit starts from one hierarchy of the rows, which serves all K, and from its
    neighbours: a component of K - 1 that is cut in two, two of K + 1 that become one, and the ends of narrower
    families, so that a wider family is never below a narrower one. The result is the same bytes for any n_threads on
    one instruction set.

    Parameters
    ----------
    x : array-like of shape (N, D), or path-like
        As for `fit`.
    n_components : int, (int, int) or iterable of int
        K. A tuple is the lowest and the highest number of components, both included: (1, 9) are 1, 2, ..., 9. Others,
        such as a list or a range, have the numbers themselves.
    covariance : str or sequence of str
        'six', those with plain words; 'all', the fourteen of covariance_families(); or names of families.
    criterion : str
        What decides, one of criterion_words(): 'bic', the Bayesian information criterion; 'icl', the same of the
        complete-data likelihood, which wants clusters apart; 'aic', Akaike's; 'aicc', the same for few rows; 'cv', the
        log-likelihood of rows that are held out; 'stability', how much labels stay the same from one run to another and
        with one component more or fewer. higher_is_better() tells which of them are to be high: the last two.
    weights : array-like of shape (N,), optional
        A row of weight 2 counts as two equal rows, one of weight 0 is absent. Of a file: the name of a column.
    n_folds : int, optional
        Of criterion 'cv': parts of the rows, each of which is held out once. Default: 10.
    one_standard_error : bool
        Of criterion 'cv': choose the fewest parameters that are within one standard error of the best.
    n_runs : int, optional
        Of criterion 'stability': fits of each cell, from different starts. Default: 10.
    search : str
        One more start of each fit: the end of such a search, as of `fit`: 'quick', 'default' or 'thorough'.
    init : str, optional
        Where fits start beside their neighbours, as of `fit`. Default: the hierarchy; for the runs of 'stability'
        'random_from_data'.
    n_init : int, optional
        Starts of each fit by `init`. Default: 1.
    degenerate, acceleration : str
        As for `fit`.
    max_iter : int
        Of each run of EM.
    tol, gain : float, optional
        When a fit ends, as for `fit`. Default: gain = 0.01.
    reg_covar : float or str, optional
        As for `fit`. Default: 1e-6, or 0 with a prior or a max_eigenvalue_ratio.
    seed : int
    n_threads : int
        0: every processor that this process may use.
    prior, weight_concentration, max_eigenvalue_ratio, equal_weights
        As for `fit`, of all fits.
    callback : callable, optional
        Called as ``callback(cell, n_done, n_fits)`` with a SelectionCell when a cell is first done, again where it is
        bettered from its neighbours, and for the fits of folds and runs, in whichever thread made the fit. Returning
        False ends the work with the fits so far.

    Returns
    -------
    Selection

    Raises
    ------
    TypeError
        For arguments of a wrong type.
    ValueError
        For options that break a rule.
    InvalidData
        For NaN, infinities or bad weights.
    FitError
        If no cell can be fitted; it tells the reasons.
    KeyboardInterrupt
        Within a tenth of a second of Ctrl-C.

    Examples
    --------
    >>> import mogul
    >>> selection = mogul.select("data/faithful.csv", (1, 4), covariance=["VVV", "EEE"])
    >>> selection
    Selection(EEE 3 of 8 fits, bic ...)
    >>> selection.best_.means_.shape
    (3, 2)
    """
    selection = select_quietly(
        x,
        n_components,
        covariance=covariance,
        criterion=criterion,
        weights=weights,
        n_folds=n_folds,
        one_standard_error=one_standard_error,
        n_runs=n_runs,
        search=search,
        init=init,
        n_init=n_init,
        degenerate=degenerate,
        acceleration=acceleration,
        max_iter=max_iter,
        tol=tol,
        gain=gain,
        reg_covar=reg_covar,
        seed=seed,
        n_threads=n_threads,
        prior=prior,
        weight_concentration=weight_concentration,
        max_eigenvalue_ratio=max_eigenvalue_ratio,
        equal_weights=equal_weights,
        callback=callback,
    )
    warn_of(selection._best_fit(), stacklevel=4, which=f"fits_[{selection.best_index_}]: ")  # which numbers components
    return selection


def select_quietly(x: Any, n_components: Any, *, covariance: Any, criterion: str, **options: Any) -> Selection:
    """Without warnings."""
    numbers = numbers_of_components(n_components)
    names = names_of_families(covariance)
    return Selection(_mogul.select(x, numbers, covariances=names, criterion=criterion, **options))


def numbers_of_components(n_components: Any) -> list[int]:
    """A tuple is the lowest and the highest; one number is itself."""
    if isinstance(n_components, str | bytes | os.PathLike):
        raise TypeError(f"n_components = {n_components!r}; must be numbers, as (1, 9) or [2, 4, 8]")
    if not isinstance(n_components, Iterable):
        return [whole(n_components)]
    numbers = [whole(number) for number in n_components]
    if not isinstance(n_components, tuple):
        return numbers
    if len(numbers) != 2:
        raise ValueError(
            f"n_components = {n_components!r}; a tuple is the lowest and the highest number of components, as (1, 9); "
            "give single numbers as a list"
        )
    lowest, highest = numbers
    if highest - lowest >= MOST_NUMBERS:
        raise ValueError(f"n_components = {n_components!r}; at most {MOST_NUMBERS} numbers")
    if highest < lowest:
        raise ValueError(f"n_components = {n_components!r}; the lowest comes first: ({highest}, {lowest})")
    return list(range(lowest, highest + 1))


def whole(number: Any) -> int:
    try:
        return index(number)
    except TypeError:
        raise TypeError(
            f"n_components: {shown(number)} is no whole number; give one, or several as (1, 9) or [2, 4, 8]"
        ) from None


def names_of_families(covariance: Any) -> list[str]:
    advice = "give 'six', 'all', or names such as ['VVV', 'EEE']"
    if not isinstance(covariance, str | CovarianceFamily | Iterable):
        raise TypeError(f"covariance = {shown(covariance)}; {advice}")
    several = [covariance] if isinstance(covariance, str | CovarianceFamily) else list(covariance)
    names = [family.name if isinstance(family, CovarianceFamily) else family for family in several]
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"covariance: {shown(name)} is no name; {advice}")
    return names
