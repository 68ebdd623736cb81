"""SelectionDisplay: a criterion against K, a line for each covariance family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._checks import require_matplotlib
from ._geometry import Array
from ._palette import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from typing_extensions import Self

    from .._selection import Selection

NAMES = {"bic": "BIC", "icl": "ICL", "aic": "AIC", "aicc": "AICc", "cv": "held-out log-likelihood per row"}
"""Of criteria, as people write them."""

MARKERS = ("o", "s", "^")
"""One for each turn through the colours."""


class SelectionDisplay:
    """A picture of a selection: its data, and, once drawn, its axes and artists.

    Made by `from_selection`, or `Selection.plot`, which draw at once; `plot` draws again elsewhere.

    Parameters
    ----------
    n_components : ndarray of shape (n_cells,)
    covariance : ndarray of shape (n_cells,)
        Names of families.
    values : ndarray of shape (n_cells,)
        The criterion; NaN where there is none.
    criterion : str
    best : int
        The cell that is marked.
    spread : ndarray of shape (n_cells,), optional
        Half of the error bars.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
    artists_ : dict of str to list of artists
        'families': a line each; 'spread': their error bars; 'best'; 'legend'.

    Examples
    --------
    >>> import mogul
    >>> display = mogul.select("data/faithful.csv", (1, 4)).plot()
    >>> display.figure_.savefig("selection.png")
    """

    def __init__(
        self,
        n_components: Array,
        covariance: Array,
        values: Array,
        criterion: str,
        best: int,
        spread: Array | None = None,
    ) -> None:
        self.n_components = n_components
        self.covariance = covariance
        self.values = values
        self.criterion = criterion
        self.best = best
        self.spread = spread

    @classmethod
    def from_selection(
        cls, selection: Selection, criterion: str | None = None, *, ax: Any = None, **style: Any
    ) -> Self:
        """Draw a criterion, by default the one that decided, of what `mogul.select` returned.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            For a criterion that ``table_`` does not have.
        """
        require_matplotlib()
        table = selection.table_
        criterion = selection.criterion if criterion is None else criterion
        numbers = [name for name, values in table.items() if values.dtype.kind == "f"]
        if criterion not in numbers:
            raise ValueError(f"criterion = {criterion!r}; must be one of {', '.join(map(repr, numbers))}")
        spread = table.get(f"{criterion}_standard_error", table.get(f"{criterion}_standard_deviation"))
        made = cls(
            table["n_components"], table["covariance"], table[criterion], criterion, selection.best_index_, spread
        )
        return made.plot(ax, **style)

    def plot(self, ax: Any = None, **style: Any) -> Self:
        """Draw, on given axes or a new figure; `style` is of the lines, as matplotlib takes it."""
        require_matplotlib()
        from matplotlib.ticker import MaxNLocator

        from ._draw import single_axes
        from ._style import add_legend

        are_given = ax is not None
        ax = single_axes(ax)
        families = list(dict.fromkeys(self.covariance))
        self.artists_: dict[str, list[Any]] = {"families": [], "spread": []}
        for number, family in enumerate(families):
            self._draw_family(ax, number, str(family), style)
        best = self._mark_best(ax)
        legend = add_legend(ax, [*self.artists_["families"], best], are_given)
        self.artists_ |= {"best": [best], "legend": [legend]}
        ax.set(xlabel="number of components", ylabel=NAMES.get(self.criterion, self.criterion))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.ticklabel_format(axis="y", useOffset=False)
        self.ax_: Any = ax
        self.figure_: Figure = ax.figure
        return self

    def _draw_family(self, ax: Any, number: int, family: str, style: dict[str, Any]) -> None:
        own = np.flatnonzero(self.covariance == family)
        look = {
            "color": OKABE_ITO[number % len(OKABE_ITO)],
            "marker": MARKERS[number // len(OKABE_ITO) % len(MARKERS)],
            "markersize": 4,
            "linewidth": 1.4,
            "label": family,
            **style,
        }
        (line,) = ax.plot(self.n_components[own], self.values[own], **look)
        self.artists_["families"].append(line)
        if self.spread is None:
            return
        bars = ax.vlines(
            self.n_components[own],
            self.values[own] - self.spread[own],
            self.values[own] + self.spread[own],
            color=line.get_color(),
            linewidth=0.8,
        )
        self.artists_["spread"].append(bars)

    def _mark_best(self, ax: Any) -> Any:
        at = self.n_components[self.best], self.values[self.best]
        label = f"best: {self.covariance[self.best]} {at[0]}"
        (mark,) = ax.plot(
            *at, "o", color="none", markeredgecolor="black", markersize=11, markeredgewidth=1.5, zorder=4, label=label
        )
        return mark
