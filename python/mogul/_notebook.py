"""How notebooks show results: a summary and a small picture."""

from __future__ import annotations

from html import escape

from . import _mogul
from ._documents import as_image, as_text
from ._mogul import FitResult, Mixture

WIDTH = 420
"""Of the picture, in CSS pixels."""

MOST_COMPONENTS = 50
MOST_FEATURES = 100
"""Of a picture that is made whenever a cell shows its value."""


def small_picture(mixture: Mixture, names: list[str]) -> str:
    """Of two features at most, or of the two principal axes; nothing for large mixtures."""
    if mixture.n_components > MOST_COMPONENTS or mixture.n_features > MOST_FEATURES:
        return ""
    try:
        svg = _mogul.plot_svg(mixture, feature_names=names, principal_axes=mixture.n_features > 2)
    except ValueError:  # such as of variances that no axis has digits for; the summary is there all the same
        return ""
    return as_image(svg, "The density of the mixture", WIDTH)


def as_preformatted(text: str) -> str:
    return f'<pre style="overflow-x: auto">{escape(as_text(text))}</pre>'


def summary_html(summary: str, mixture: Mixture, names: list[str]) -> str:
    return f"<div>{as_preformatted(summary)}{small_picture(mixture, names)}</div>"


def result_html(result: FitResult) -> str:
    """What notebooks show of it."""
    return summary_html(result.summary(), result.mixture, result.feature_names)
