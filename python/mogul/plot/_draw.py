"""Puts a picture together: axes, panels, labels, title, legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from ._line import draw_line, legend_of_line
from ._plane import Plane, legend_of_plane
from ._style import Style, add_legend, label_axis, shown_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ._display import MixtureDisplay

FIGURE_SIZE = (7.4, 4.8)
"""In inches, with room for a legend beside the axes."""

DENSITY_LABEL = {"responsibilities": "responsibility", "uncertainty": "uncertainty, 1 - max r"}
"""Of the vertical axis where there is one feature; otherwise it is a density."""


def draw(display: MixtureDisplay, ax: Any, style: Style) -> tuple[Any, Figure]:
    """Returns the axes and their figure; artists are added to those of the display."""
    if display.kind == "pairs":
        return draw_pairs(display, ax, style)
    are_given = ax is not None
    ax = single_axes(ax)
    handles: list[Any] = []
    if display.kind == "log_likelihood":
        draw_history(ax, display, style)
    elif display.mixture.n_features == 1:
        handles = draw_one_feature(ax, display, style)
    else:
        handles = draw_two_features(ax, display, style)
    if style.legend and handles:
        display.artists_["legend"] = [add_legend(ax, handles, inside=are_given)]
    return ax, ax.figure


def single_axes(ax: Any) -> Any:
    if ax is None:
        return plt.subplots(figsize=FIGURE_SIZE, layout="constrained")[1]
    if not hasattr(ax, "get_xlim"):
        raise ValueError(f"ax is of the type {type(ax).__name__}; must be one matplotlib Axes for this kind")
    return ax


def draw_history(ax: Any, display: MixtureDisplay, style: Style) -> None:
    history = display.history
    assert history is not None
    marker = "o" if len(history.values) <= 40 else ""
    line = {"color": style.colours[0], "marker": marker, "markersize": 3.5, **style.density}
    display.artists_["history"] = ax.plot(np.arange(len(history.values)), history.values, **line)
    ax.set(xlabel="M-steps", ylabel=history.label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.ticklabel_format(axis="y", useOffset=False)
    if len(history.values) == 1:
        ax.set_xlim(-0.5, 0.5)
    ax.set_title(history.ended.partition(":")[0].partition(";")[0], fontsize="medium")


def draw_one_feature(ax: Any, display: MixtureDisplay, style: Style) -> list[Any]:
    """Returns what the legend shows."""
    display.artists_ |= draw_line(ax, display, style, 0, display.kind, compact=False)
    label_axis(ax.xaxis, shown_name(display.feature_names[0]))
    ax.set_ylabel(DENSITY_LABEL.get(display.kind, "density"))
    ax.set_title(title(display), fontsize="medium")
    return legend_of_line(display, style, display.kind)


def draw_two_features(ax: Any, display: MixtureDisplay, style: Style) -> list[Any]:
    """Returns what the legend shows."""
    plane = Plane(ax, display, style, (0, 1), display.kind)
    display.artists_ |= plane.draw(compact=False)
    label_axis(ax.xaxis, shown_name(display.feature_names[0]))
    label_axis(ax.yaxis, shown_name(display.feature_names[1]))
    ax.set_title(title(display), fontsize="medium")
    if plane.colour_map is not None:
        label = "log-density, nats" if display.kind == "density" else DENSITY_LABEL["uncertainty"]
        display.artists_["colorbar"] = [ax.figure.colorbar(plane.colour_map, ax=ax, label=label)]
    return legend_of_plane(display, style, display.kind)


# --- Pairs


def draw_pairs(display: MixtureDisplay, ax: Any, style: Style) -> tuple[Any, Figure]:
    """Features on the diagonal, and below it every pair; the legend is above it."""
    n = display.mixture.n_features
    axes = pair_axes(ax, n)
    longest = 34 if n <= 3 else 20
    for i in range(n):
        for j in range(n):
            draw_cell(axes, (i, j), display, style)
        label_axis(axes[-1, i].xaxis, shown_name(display.feature_names[i], longest))
        if i > 0:
            label_axis(axes[i, 0].yaxis, shown_name(display.feature_names[i], longest))
    figure = axes[0, 0].figure
    if ax is None:
        figure.suptitle(title(display), fontsize="medium")
    if style.legend:
        handles = legend_of_line(display, style, "density")[:3] + legend_of_plane(display, style, "auto")
        display.artists_["legend"] = [
            axes[0, -1].legend(handles=handles, loc="upper right", frameon=False, fontsize="x-small", borderaxespad=0)
        ]
    shown = axes.astype(object)
    shown[np.triu_indices(n, 1)] = None
    return shown, figure


def draw_cell(axes: Any, cell: tuple[int, int], display: MixtureDisplay, style: Style) -> None:
    row, column = cell
    ax = axes[cell]
    if column > row:
        ax.set_axis_off()
        return
    if column == row:
        drawn = draw_line(ax, display, style, row, "density", compact=True)
        ax.set_yticks([])
    else:
        drawn = Plane(ax, display, style, (column, row), "auto").draw(compact=True)
        ax.tick_params(labelleft=column == 0)
    ax.tick_params(labelsize="x-small", labelbottom=row == len(axes) - 1)
    ax.locator_params(nbins=4, axis="x")
    for name, artists in drawn.items():
        display.artists_.setdefault(name, []).extend(artists)


def pair_axes(ax: Any, n: int) -> Any:
    if ax is None:
        side = max(5.5, 1.9 * n)
        return plt.subplots(n, n, figsize=(side, side), layout="constrained", squeeze=False)[1]
    axes = np.asarray(ax, dtype=object)
    if axes.shape != (n, n):
        given = "one Axes" if axes.ndim == 0 else f"an array of the shape {axes.shape}"
        raise ValueError(
            f"ax is {given}, but kind = 'pairs' of {n} features needs an array of the shape {(n, n)}, "
            f"such as plt.subplots({n}, {n})[1]; or leave ax out"
        )
    return axes


# --- The title


def title(display: MixtureDisplay) -> str:
    n_components = display.mixture.n_components
    parts = [f"{n_components} component{'s' if n_components > 1 else ''}"]
    rows = display.rows
    if rows is not None:
        parts.append(f"{rows.n_rows:,} row{'s' if rows.n_rows > 1 else ''}{how_drawn(display)}")
        if rows.n_outside:
            parts.append(f"{rows.n_outside:,} of them outside the picture")
    shown = display.mixture.n_features
    if shown < display.n_features:
        parts.append(f"{shown} of {display.n_features} features")
    return ", ".join(parts)


def how_drawn(display: MixtureDisplay) -> str:
    """What was done with rows that are too many for points."""
    rows = display.rows
    if rows is None or rows.x is not None:
        return ""
    if display.kind == "density" and display.mixture.n_features == 2:
        return ", too many to draw"
    return " in bins" if display.mixture.n_features > 1 or display.kind == "density" else ", too many for a rug"
