"""Colours, sizes, labels and legends that the pictures share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgb

from ._geometry import Array
from ._palette import component_colours, luminance, text_colour

LINE_STYLES = ("solid", "dashed", "dotted")
"""Of ellipses, from the smallest mass on."""

BADGE = 8.5
"""Size of the numbers of components, in points."""


@dataclass(frozen=True)
class Style:
    colours: Array
    """(K, 3)."""
    legend: bool
    rows: dict[str, Any]
    density: dict[str, Any]
    component: dict[str, Any]
    ink: str
    """What text and the mixture are drawn in: black, or white on dark styles."""
    is_dark: bool

    @classmethod
    def of(
        cls,
        palette: Sequence[Any],
        n_components: int,
        legend: bool,
        rows: Mapping[str, Any] | None,
        density: Mapping[str, Any] | None,
        component: Mapping[str, Any] | None,
    ) -> Style:
        if isinstance(palette, str) or len(palette) == 0:
            raise ValueError(f"palette = {palette!r}; must be a sequence of at least one colour")
        try:
            known = np.array([to_rgb(colour) for colour in palette])
        except ValueError as error:
            raise ValueError(f"palette: {error}; must be colours that matplotlib knows") from None
        background = mpl.rcParams["axes.facecolor"]
        return cls(
            colours=component_colours(n_components, known),
            legend=legend,
            rows=dict(rows or {}),
            density=dict(density or {}),
            component=dict(component or {}),
            ink=mpl.rcParams["text.color"],
            is_dark=background != "none" and luminance(np.array(to_rgb(background))) < 0.2,
        )


def shown_name(name: str, longest: int = 40) -> str:
    """A feature's name as a label: one line, not too long, of characters that can be drawn."""
    text = "".join(letter if letter.isprintable() else " " for letter in name.encode(errors="replace").decode())
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def label_axis(axis: Any, text: str) -> None:
    """Dollar signs are no formulas."""
    axis.set_label_text(text)
    axis.label.set_parse_math(False)


def percent(mass: float) -> str:
    return f"{100 * mass:.6g} %"


def line_of_mass(index: int) -> dict[str, Any]:
    return {"linestyle": LINE_STYLES[index % len(LINE_STYLES)], "linewidth": 1.5 if index < len(LINE_STYLES) else 0.8}


def put_number(ax: Any, k: int, at: tuple[float, float], style: Style, size: float = BADGE) -> Any:
    """The number of a component, in its colour."""
    colour = style.colours[k]
    box = {"boxstyle": "circle,pad=0.25", "facecolor": colour, "edgecolor": "white", "linewidth": 0.8}
    return ax.text(
        *at,
        str(k),
        size=size,
        color=text_colour(colour),
        ha="center",
        va="center",
        bbox=box,
        zorder=6,
        clip_on=True,
    )


def badge_size(n_components: int) -> float:
    return BADGE if n_components <= 12 else 5.5


def add_legend(ax: Any, handles: list[Any], inside: bool) -> Any:
    """To the right of the axes, where it covers nothing; or inside, as given axes may have neighbours on the right."""
    if inside:
        return ax.legend(handles=handles, loc="best", framealpha=0.8, fontsize="x-small")
    return ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False, fontsize="small"
    )
