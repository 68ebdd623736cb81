"""Pictures of two features: rows, regions of highest density, ellipses, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .._mogul import Mixture, log_densities, responsibilities
from ._geometry import (
    Array,
    ellipse_points,
    grid_line,
    highest_uncertainty,
    level_radius,
    log_levels,
    log_peaks,
    mass_radius,
    uncertainties,
)
from ._palette import mixed_colours
from ._style import Style, badge_size, line_of_mass, percent, put_number

if TYPE_CHECKING:
    from ._display import MixtureDisplay

Artists = dict[str, list[Any]]

FIELD_MASS = 0.9999
"""Log-densities below the level of this mass are drawn as that level."""

LAYERS = {
    "auto": ("contours", "rows", "ellipses"),
    "contour": ("contours", "rows"),
    "ellipses": ("rows", "ellipses"),
    "components": ("rows", "component levels"),
    "responsibilities": ("rows or field",),
    "uncertainty": ("rows or field", "ellipses"),
    "density": ("field", "rows"),
}
"""What each kind is made of, from back to front; numbers of components come last."""


class Plane:
    """Two features of a picture on their axes."""

    def __init__(self, ax: Any, display: MixtureDisplay, style: Style, pair: tuple[int, int], kind: str) -> None:
        self.ax, self.display, self.style, self.pair, self.kind = ax, display, style, pair, kind
        self.mixture: Mixture = display.mixture.marginal(list(pair))
        self.lower, self.upper = (limit[list(pair)] for limit in display.limits)
        self.n_lines = 160
        self.colour_map: Any = None
        """What a colour bar is of."""

    def draw(self, compact: bool) -> Artists:
        if compact:
            self.n_lines = 80
        self.ax.set_xlim(self.lower[0], self.upper[0])
        self.ax.set_ylim(self.lower[1], self.upper[1])
        drawn: Artists = {}
        for layer in LAYERS[self.kind]:
            if layer == "rows or field":
                layer = "field" if self.display.rows is None else "rows"
            drawn.update(self.draw_layer(layer))
        drawn["numbers"] = self.draw_numbers(compact)
        return drawn

    def draw_layer(self, layer: str) -> Artists:
        if layer == "rows":
            return {"rows": [self.draw_rows()]} if shows_rows(self.display, self.kind) else {}
        if layer == "contours":
            return {"contours": [self.draw_contours()]}
        if layer == "field":
            return {"field": [self.draw_field()]}
        return {"ellipses": self.draw_ellipses() if layer == "ellipses" else self.draw_component_levels()}

    # --- Rows

    def draw_rows(self) -> Any:
        rows = self.display.rows
        assert rows is not None
        if rows.x is None or rows.responsibilities is None:
            return self.draw_bins()
        x, y = rows.x[:, self.pair[0]], rows.x[:, self.pair[1]]
        size = np.clip(6000 / len(x), 4, 22)
        look: dict[str, Any] = {
            "s": size if rows.weights is None else size * np.clip(rows.weights / rows.weights.mean(), 0.1, 10),
            "linewidths": 0,
            "alpha": 0.75 if len(x) < 2000 else 0.5,
            "zorder": 2,
        }
        order = np.arange(len(x))
        if self.kind == "uncertainty":
            values = uncertainties(rows.responsibilities)
            order = np.argsort(values, kind="stable")  # the most uncertain are drawn last
            look |= {
                "c": values[order],
                "alpha": 0.9,
                "edgecolors": "0.4",
                "linewidths": 0.3,
                **self.scale_of_uncertainty(),
            }
        elif self.kind == "density":
            look |= {"c": "white", "edgecolors": "black", "linewidths": 0.3}
        else:
            look |= {"c": mixed_colours(rows.responsibilities, self.style.colours)}
        if np.ndim(look["s"]):
            look["s"] = look["s"][order]
        drawn = self.ax.scatter(x[order], y[order], **(look | self.style.rows))
        if self.kind == "uncertainty":
            self.colour_map = drawn
        return drawn

    def draw_bins(self) -> Any:
        """Bins of rows: the more rows, the more opaque, in the mean colour."""
        rows = self.display.rows
        assert rows is not None
        bins = rows.planes[self.pair]
        masses = bins.masses.sum(axis=2)
        share = np.sqrt(masses / max(masses.max(), np.finfo(float).tiny))
        opacity = np.where(masses > 0, 0.12 + 0.88 * share, 0.0)
        if self.kind == "uncertainty":
            drawn = self.mesh(
                bins.x_edges,
                bins.y_edges,
                np.ma.masked_where(masses == 0, bins.uncertainties),
                **self.scale_of_uncertainty(),
            )
            self.colour_map = drawn
            return drawn
        r = bins.masses / np.maximum(masses, np.finfo(float).tiny)[:, :, None]
        colours = mixed_colours(r, self.style.colours)
        return self.mesh(bins.x_edges, bins.y_edges, np.concatenate([colours, opacity[:, :, None]], axis=2), zorder=2)

    def scale_of_uncertainty(self) -> dict[str, Any]:
        """From 0 to the uncertainty where all components are equally probable."""
        greys = mpl.colormaps["Greys_r" if self.style.is_dark else "Greys"]
        # Rows that are certain are to be seen on the background, too.
        visible = ListedColormap(greys(np.linspace(0.15, 1, 256)))
        return {"cmap": visible, "vmin": 0.0, "vmax": highest_uncertainty(self.mixture.n_components)}

    # --- The density

    def grid(self) -> tuple[Array, Array, Array]:
        """Ascending x (m,) and y (n,), and the points (n m, 2)."""
        x, y = (grid_line(self.mixture, d, float(self.lower[d]), float(self.upper[d]), self.n_lines) for d in (0, 1))
        return x, y, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def draw_contours(self) -> Any:
        x, y, points = self.grid()
        levels = np.unique(log_levels(self.mixture, self.display.masses))
        values = np.maximum(log_densities(self.mixture, points), levels[0] - 50).reshape(len(y), len(x))
        top = max(float(values.max()), float(levels[-1])) + 1
        look = {"colors": region_colours(len(levels), self.style), "zorder": 1, **self.style.density}
        return self.ax.contourf(x, y, values, [*levels, top], **look)

    def draw_field(self) -> Any:
        x, y, points = self.grid()
        shape = (len(y), len(x))
        if self.kind == "density":
            floor = float(log_levels(self.mixture, [FIELD_MASS])[0])
            values = np.maximum(log_densities(self.mixture, points), floor).reshape(shape)
            drawn = self.ax.pcolormesh(
                x, y, values, **({"shading": "nearest", "cmap": "viridis", "rasterized": True} | self.style.density)
            )
            self.colour_map = drawn
            return drawn
        r = responsibilities(self.mixture, points)
        look: dict[str, Any] = {"shading": "nearest", "rasterized": True, "zorder": 0}
        if self.kind == "uncertainty":
            look |= self.scale_of_uncertainty()
            drawn = self.ax.pcolormesh(x, y, uncertainties(r).reshape(shape), **(look | self.style.density))
            self.colour_map = drawn
            return drawn
        colours = mixed_colours(r, self.style.colours).reshape(*shape, 3)
        return self.ax.pcolormesh(x, y, colours, **({"alpha": 0.6} | look | self.style.density))

    def mesh(self, x_edges: Array, y_edges: Array, values: Array, **look: Any) -> Any:
        """Values (nx, ny, ...) in bins."""
        return self.ax.pcolormesh(
            x_edges, y_edges, np.swapaxes(values, 0, 1), **({"rasterized": True} | look | self.style.rows)
        )

    # --- Components

    def present(self) -> list[int]:
        return [int(k) for k in np.flatnonzero(self.mixture.weights > 0)]

    def draw_ellipses(self) -> list[Any]:
        """Of each mass, for each component; thin where colours mean something else."""
        drawn: list[Any] = []
        for index, mass in enumerate(self.display.masses):
            for k in self.present():
                look = {"color": self.style.colours[k], "zorder": 3, **line_of_mass(index)}
                if self.kind == "uncertainty":
                    look["linewidth"] = 0.8
                points = ellipse_points(self.mixture.means[k], self.mixture.cholesky(k), mass_radius(mass))
                drawn += self.ax.plot(*points.T, **(look | self.style.component))
        return drawn

    def draw_component_levels(self) -> list[Any]:
        """Where each weighted component reaches the density that regions of the mixture end at."""
        levels, peaks = log_levels(self.mixture, self.display.masses), log_peaks(self.mixture)
        drawn: list[Any] = []
        for index, level in enumerate(levels):
            for k in self.present():
                radius = level_radius(float(level), float(peaks[k]))
                if radius is None:
                    continue
                points = ellipse_points(self.mixture.means[k], self.mixture.cholesky(k), radius)
                look = {"color": self.style.colours[k], "zorder": 3, **line_of_mass(index)}
                drawn += self.ax.plot(*points.T, **(look | self.style.component))
        return drawn

    def draw_numbers(self, compact: bool) -> list[Any]:
        size = badge_size(self.mixture.n_components) * (0.75 if compact else 1)
        return [put_number(self.ax, k, tuple(self.mixture.means[k]), self.style, size) for k in self.present()]


def shows_rows(display: MixtureDisplay, kind: str) -> bool:
    """Bins would hide the colours of the density."""
    return display.rows is not None and (kind != "density" or display.rows.x is not None)


def region_colours(n_levels: int, style: Style) -> list[Any]:
    """Of regions, from the widest to the narrowest: greys, as other colours are the components'."""
    shades = np.linspace(0.16, 0.42, n_levels)
    return [mpl.colormaps["Greys_r" if style.is_dark else "Greys"](shade) for shade in shades]


def legend_of_plane(display: MixtureDisplay, style: Style, kind: str) -> list[Any]:
    layers, masses, rows = LAYERS[kind], display.masses, display.rows
    handles: list[Any] = []
    if "contours" in layers:
        handles += [
            Patch(color=colour, label=f"{percent(mass)} of the mixture")
            for mass, colour in zip(masses, reversed(region_colours(len(masses), style)), strict=True)
        ]
    for index, mass in enumerate(masses):
        if "ellipses" in layers:
            look = line_of_mass(index)
            handles.append(Line2D([], [], color="0.5", label=f"{percent(mass)} of a component", **look))
        if "component levels" in layers:
            look = line_of_mass(index)
            label = f"weighted component at the\nlevel that holds {percent(mass)}"
            handles.append(Line2D([], [], color="0.5", label=label, **look))
    coloured = kind not in ("uncertainty", "density")
    if rows is not None and coloured:
        what = "row" if rows.x is not None else "bin of rows"
        marker = "o" if rows.x is not None else "s"
        handles.append(
            Line2D(
                [], [], color="0.5", linestyle="none", marker=marker, markersize=4,
                label=f"{what}, coloured by\nresponsibility",
            )
        )  # fmt: skip
    return handles
