"""Pictures of one feature: the density and its components, responsibilities and uncertainty along it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .._mogul import Mixture, log_densities, log_joint, responsibilities
from ._geometry import Array, grid_line, highest_uncertainty, uncertainties
from ._palette import mixed_colours
from ._style import Style, badge_size, put_number

if TYPE_CHECKING:
    from ._display import MixtureDisplay
    from ._shown_rows import ShownRows

RUG = 0.035
"""Height of the rug, as a share of the axes."""

Artists = dict[str, list[Any]]


def draw_line(ax: Any, display: MixtureDisplay, style: Style, feature: int, kind: str, compact: bool) -> Artists:
    """One feature of the picture; compact, as on the diagonal of pairs, without numbers."""
    mixture = display.mixture.marginal([feature])
    lower, upper = (float(limit[feature]) for limit in display.limits)
    x = grid_line(mixture, 0, lower, upper)
    ax.set_xlim(lower, upper)
    if kind in ("density", "components"):
        drawn = draw_density(ax, display, mixture, style, x, feature, kind)
        if not compact:
            drawn["numbers"] = numbers_at_peaks(ax, mixture, style, (lower, upper))
    else:
        drawn = draw_posterior(ax, mixture, style, x, kind)
        ax.set_ylim(0, 1.02 * (1 if kind == "responsibilities" else highest_uncertainty(mixture.n_components)))
        if not compact and kind == "responsibilities":
            drawn["numbers"] = numbers_at_maxima(ax, mixture, style, x)
    if display.rows is not None and display.rows.x is not None:
        drawn["rows"] = [draw_rug(ax, display.rows, style, feature)]
    return drawn


def draw_density(
    ax: Any, display: MixtureDisplay, mixture: Mixture, style: Style, x: Array, feature: int, kind: str
) -> Artists:
    drawn: Artists = {}
    rows = display.rows
    column = x[:, None]
    density = np.exp(log_densities(mixture, column))
    top = float(density.max())
    if rows is not None and kind == "density":
        histogram = rows.histograms[feature]
        drawn["histogram"] = [
            ax.stairs(histogram.heights, histogram.edges, fill=True, color="0.35" if style.is_dark else "0.85")
        ]
        # A bin of many equal values may be far higher than the density.
        top = max(top, min(float(histogram.heights.max()), 2 * top))
    weighted = np.exp(log_joint(mixture, column))
    drawn["components"] = []
    for k in np.flatnonzero(mixture.weights > 0):
        line = {"color": style.colours[k], "linewidth": 1.4, "linestyle": "dashed", **style.component}
        drawn["components"] += ax.plot(x, weighted[:, k], **line)
        if kind == "components":
            drawn["components"].append(
                ax.fill_between(x, weighted[:, k], color=style.colours[k], alpha=0.25, linewidth=0)
            )
    line = {"color": style.ink, "linewidth": 1.6, "zorder": 3, **style.density}
    drawn["mixture"] = ax.plot(x, density, **line)
    has_rug = rows is not None and rows.x is not None
    ax.set_ylim(-RUG * 1.6 * top if has_rug else 0, 1.12 * top)
    return drawn


def draw_posterior(ax: Any, mixture: Mixture, style: Style, x: Array, kind: str) -> Artists:
    r = responsibilities(mixture, x[:, None])
    if kind == "uncertainty":
        line = {"color": style.ink, "linewidth": 1.6, **style.density}
        return {"mixture": ax.plot(x, uncertainties(r), **line)}
    drawn: Artists = {"components": []}
    for k in np.flatnonzero(mixture.weights > 0):
        line = {"color": style.colours[k], "linewidth": 1.6, **style.component}
        drawn["components"] += ax.plot(x, r[:, k], **line)
    return drawn


def draw_rug(ax: Any, rows: ShownRows, style: Style, feature: int) -> Any:
    """A stroke for each row at the lower edge, coloured by its responsibilities."""
    assert rows.x is not None and rows.responsibilities is not None
    look = {
        "colors": mixed_colours(rows.responsibilities, style.colours),
        "linewidth": 0.8,
        "alpha": 0.8 if rows.n_rows < 1000 else 0.3,
        "transform": ax.get_xaxis_transform(),
        **style.rows,
    }
    strokes = ax.vlines(rows.x[:, feature], 0, RUG, **look)
    # Rows outside the picture do not widen it.
    strokes.set_in_layout(False)
    return strokes


def numbers_at_peaks(ax: Any, mixture: Mixture, style: Style, limits: tuple[float, float]) -> list[Any]:
    means = mixture.means[:, 0]
    peaks = np.exp(np.diagonal(log_joint(mixture, mixture.means)))
    size = badge_size(mixture.n_components)
    present = np.flatnonzero((mixture.weights > 0) & (means > limits[0]) & (means < limits[1]))
    return [put_number(ax, int(k), (float(means[k]), float(peaks[k])), style, size) for k in present]


def numbers_at_maxima(ax: Any, mixture: Mixture, style: Style, x: Array) -> list[Any]:
    """In the middle of where a component is the most probable one; left out where it never is."""
    best = responsibilities(mixture, x[:, None])
    numbers = []
    for k in np.flatnonzero(mixture.weights > 0):
        own = np.flatnonzero(best.argmax(axis=1) == k)
        if len(own) == 0:
            continue
        at = x[own][np.argmax(best[own, k] >= best[own, k].max() - 1e-3)]
        middle = float(x[own].mean()) if np.all(np.diff(own) == 1) else float(at)
        height = float(np.interp(middle, x, best[:, k]))
        numbers.append(put_number(ax, int(k), (middle, min(height, 0.95)), style, badge_size(mixture.n_components)))
    return numbers


def legend_of_line(display: MixtureDisplay, style: Style, kind: str) -> list[Any]:
    rows = display.rows
    handles: list[Any] = []
    if kind in ("density", "components"):
        handles.append(Line2D([], [], color=style.ink, label="mixture"))
        handles.append(Line2D([], [], color="0.5", linestyle="dashed", label="weighted components"))
    elif kind == "responsibilities":
        handles.append(Line2D([], [], color="0.5", label="responsibilities"))
    if rows is None:
        return handles
    if kind == "density":
        handles.append(Patch(color="0.35" if style.is_dark else "0.85", label="histogram of the rows"))
    if rows.x is not None:
        handles.append(
            Line2D([], [], color="0.5", linestyle="none", marker="|", label="rows, coloured by\nresponsibility")
        )
    return handles
