"""Pages and pictures as the C++ library writes them, of everything in Python that has a mixture."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from . import _mogul
from ._documents import Explanation, Page, Picture, check_page_path, check_picture_path, written
from ._python_functions import public
from ._subject import Subject, default_names, rows_in_memory, steps_of, subject_of


@public
def report(
    model: Any,
    x: Any,
    path: str | os.PathLike[str] | None = None,
    *,
    weights: ArrayLike | str | None = None,
    trace: Any = None,
    title: str = "",
    command: str = "",
    n_threads: int = 0,
) -> Page:
    """A page about a fit, for notebooks and files.

    How the fit ended, parameters, pictures, convergence, sizes and overlap of the components, the rows that are
    explained worst, criteria, and how to make it again. What is not known of a fit is left out. Where the rows are not
    those of the fit, or have other weights, the page says so and which numbers are about which.

    Parameters
    ----------
    model : GaussianMixture, FitResult, ModelFile or Mixture
        Fitted.
    x : array-like of shape (N, D), or path-like
        The rows of the fit, or others.
    path : path-like, optional
        Where to write the page; ends in .html.
    weights : array-like of shape (N,), optional
        Of the rows. Of a file: the name of a column.
    trace : path-like or list of TraceStep, optional
        Of the same fit: what `mogul fit --trace` wrote, or what a callback kept by `trace_step`. Adds Q and H of each
        iteration.
    title : str
    command : str
        How the fit can be made again. Default: an estimator as Python shows it.
    n_threads : int
        0: every processor that this process may use, or the estimator's ``n_jobs``.

    Returns
    -------
    Page

    Raises
    ------
    ValueError
        For rows of another number of features, another ending of the path, or a trace and a model without a record of
        its fit.
    InvalidData
        For NaN, infinities, bad weights, or the trace of another fit.
    OSError
        If the page cannot be written.
    """
    require_rows(x)
    subject = checked(path, "model", model, x, weights, n_threads)
    html = _mogul.report_page(
        subject.model,
        subject.rows,
        title=title,
        command=command or subject.command,
        steps=[] if trace is None else steps_of(trace),
        trace_name=name_in_messages("trace", trace),
        **subject.held,
        n_threads=subject.n_threads,
    )
    return written(Page(title or "Gaussian mixture: report", html), path)


@public
def replay(
    x: Any,
    trace: Any,
    path: str | os.PathLike[str] | None = None,
    *,
    weights: ArrayLike | str | None = None,
    title: str = "",
    max_rows: int = 2000,
) -> Page:
    """A page on which a reader goes through the iterations and restarts of a fit.

    Parameters
    ----------
    x : array-like of shape (N, D), or path-like
        The rows of the fit.
    trace : path-like or list of TraceStep
        What `mogul fit --trace` wrote, or what a callback kept by `trace_step`.
    path : path-like, optional
        Where to write the page; ends in .html.
    weights : str or array-like of shape (N,), optional
        Those of the fit. Of a file: the name of a column.
    title : str
    max_rows : int
        Rows that the page holds, spread evenly over all.

    Returns
    -------
    Page

    Raises
    ------
    ValueError
        For no steps, another number of columns, or a mixture that is too large for a page.
    InvalidData
        For NaN, infinities, or rows that are not those of the trace: L is another on them.
    OSError
        If the trace cannot be read or the page not be written.

    Examples
    --------
    >>> import numpy as np, mogul
    >>> x = np.array([[-3], [-2.5], [-1], [0], [2], [4], [5]])
    >>> trace = []
    >>> result = mogul.fit(x, 2, callback=lambda iteration: trace.append(mogul.trace_step(iteration)))
    >>> page = mogul.replay(x, trace)
    """
    require_rows(x)
    if path is not None:
        check_page_path(path)
    rows = rows_in_memory(x, weights, [])
    html = _mogul.replay_page(
        steps_of(trace),
        rows,
        title=title,
        max_rows=max_rows,
        data_name=name_in_messages("x", x),
        trace_name=name_in_messages("trace", trace),
    )
    return written(Page(title or "EM, iteration by iteration", html), path)


@public
def explain(
    x: Any,
    mixture: Any,
    path: str | os.PathLike[str] | None = None,
    *,
    weights: ArrayLike | str | None = None,
    max_iter: int = 10_000,
    tol: float = 1e-12,
    seed: int = 0,
    title: str = "",
    n_threads: int = 0,
) -> Explanation:
    """EM explained step by step on given rows, with every number.

    Textbook EM from the given start: no reg_covar and no acceleration, whatever `fit` does. Deisenroth, Faisal, Ong
    (2020), sections 11.2 to 11.4.

    Parameters
    ----------
    x : array-like of shape (N, D), or path-like
    mixture : Mixture, FitResult, ModelFile or fitted GaussianMixture
        The start.
    path : path-like, optional
        Where to write the page; ends in .html.
    weights : array-like of shape (N,), optional
        Of the rows. Of a file: the name of a column.
    max_iter : int
    tol : float
        EM ends when the mean log-likelihood changes by less.
    seed : int
        Of the rows that ancestral sampling draws.
    title : str
    n_threads : int

    Returns
    -------
    Explanation

    Raises
    ------
    ValueError
        For rows of another number of features, or another ending of the path.
    InvalidData
        For NaN, infinities or bad weights.
    OSError
        If the page cannot be written.
    """
    require_rows(x)
    subject = checked(path, "mixture", mixture, x, weights, n_threads)
    text, json, html = _mogul.explain(
        subject.model.mixture,
        subject.rows,
        feature_names=subject.names,
        max_iter=max_iter,
        tol=tol,
        seed=seed,
        title=title,
        n_threads=subject.n_threads,
    )
    return written(Explanation(title or "Expectation-maximisation, step by step", html, text, json), path)


@public
def plot_svg(
    model: Any = None,
    x: Any = None,
    path: str | os.PathLike[str] | None = None,
    *,
    weights: ArrayLike | str | None = None,
    kind: str | None = None,
    features: Sequence[int | str] | None = None,
    principal_axes: bool = False,
    masses: ArrayLike | None = None,
    negative: bool = False,
    title: str = "",
    n_threads: int = 0,
) -> Picture:
    """A picture of a mixture, of rows, or of rows under a mixture, as SVG; it needs no matplotlib.

    Parameters
    ----------
    model : GaussianMixture, FitResult, ModelFile or Mixture, optional
    x : array-like of shape (N, D), or path-like, optional
        Many rows are drawn as bins.
    path : path-like, optional
        Where to write the picture; ends in .svg, or in .html for a page.
    weights : array-like of shape (N,), optional
        Of the rows. Of a file: the name of a column.
    kind : str, optional
        'rows', 'density', 'contour', 'ellipses', 'components', 'responsibilities', 'uncertainty', 'pairs' or
        'log_likelihood'. Default: pairs for more than two features, else density with a model and rows without one.
    features : sequence of names or numbers from 0, optional
        Default: all, of more than five the first five.
    principal_axes : bool
        The two principal axes of the mixture in place of features.
    masses : array-like, optional
        Of ellipses and regions, each above 0 and at most 0.999999. Default: those of one, two and three standard
        deviations of two features.
    negative : bool
        Of kind 'log_likelihood': the negative log-likelihood.
    title : str
    n_threads : int

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        For kinds, features and masses that do not go with what is given, or another ending of the path.
    InvalidData
        For NaN, infinities or bad weights.
    OSError
        If the picture cannot be written.
    """
    if model is None and x is None:
        raise ValueError("model and x are both None; give a mixture, rows, or both")
    if path is not None:
        check_picture_path(path)
    if kind == "log_likelihood":
        given = {"x": x, "weights": weights, "features": features, "masses": masses}
        svg = history_svg(model, given | {"principal_axes": principal_axes or None}, negative, title)
    elif negative:
        raise ValueError("negative is given, but only kind = 'log_likelihood' shows a likelihood")
    else:
        mixture = None
        if model is None:
            rows = rows_in_memory(x, weights, [])
            names = rows.column_names
        else:
            subject = subject_of("model", model, x, weights, n_threads)
            rows, names, mixture = subject.rows, subject.names, subject.model.mixture
            names = names or default_names(mixture.n_features)
            n_threads = subject.n_threads
        svg = _mogul.plot_svg(
            mixture,
            rows,
            feature_names=names,
            kind=kind,
            features=[] if features is None else chosen_names(features, names),
            principal_axes=principal_axes,
            masses=masses,
            title=title,
            n_threads=n_threads,
        )
    return written(Picture(title or "Gaussian mixture", svg), path)


def checked(path: Any, argument: str, model: Any, x: Any, weights: Any, n_threads: int) -> Subject:
    """Before the rows are worked on."""
    if path is not None:
        check_page_path(path)
    return subject_of(argument, model, x, weights, n_threads)


def require_rows(x: object) -> None:
    if x is None:
        raise TypeError("x = None; must be given")


def chosen_names(features: Sequence[int | str], names: list[str]) -> list[str]:
    from .plot._checks import feature_index

    several = [features] if isinstance(features, str) or not hasattr(features, "__iter__") else list(features)
    if not several:
        raise ValueError("features is empty; must name at least one feature")
    return [names[feature_index(feature, names)] for feature in several]


def name_in_messages(argument: str, value: Any) -> str:
    """The path that was given, else the argument."""
    return os.fsdecode(value) if isinstance(value, str | os.PathLike) else argument


def history_svg(model: Any, of_rows_or_mixtures: dict[str, Any], negative: bool, title: str) -> str:
    for argument, value in of_rows_or_mixtures.items():
        if value is not None:
            verb = "are" if argument in ("weights", "features", "masses") else "is"
            raise ValueError(
                f"{argument} {verb} given, but kind = 'log_likelihood' shows the history of the fit alone; leave it out"
            )
    report = subject_of("model", model, None, None, 0).model.report
    if report is None:
        raise ValueError(
            "kind = 'log_likelihood' shows the history of a fit, but this model was made of known parameters or read "
            "from a file without a report; fit it, or choose another kind"
        )
    return _mogul.plot_log_likelihood_svg(report.history, negative=negative, title=title)
