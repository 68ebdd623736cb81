"""SelectionDisplay draws the criterion of select() against K."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import message_of, random_mixture, random_rows
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from pictures import no_warnings_and_no_figures_left, rendered  # noqa: F401

import mogul
from mogul.plot import SelectionDisplay
from mogul.plot._palette import OKABE_ITO

X = random_rows(random_mixture("full", k=2), 200)
SELECTION = mogul.select(X, (1, 3), covariance=["EII", "VVI", "VVV"])


def test_a_line_for_each_family_has_the_numbers_of_the_table() -> None:
    display = SELECTION.plot()
    table = SELECTION.table_
    assert isinstance(display, SelectionDisplay) and display.figure_ is display.ax_.figure
    for line, family, colour in zip(display.artists_["families"], ["EII", "VVI", "VVV"], OKABE_ITO, strict=False):
        k, values = line.get_data()
        assert line.get_label() == family and to_hex(line.get_color()) == colour
        assert k.tolist() == [1, 2, 3] and values.tolist() == table["bic"][table["covariance"] == family].tolist()
    assert display.ax_.get_ylabel() == "BIC" and display.ax_.get_xlabel() == "number of components"
    assert len(np.unique(rendered(display).view(np.uint32))) > 10


def test_the_best_is_marked() -> None:
    display = SELECTION.plot()
    (mark,) = display.artists_["best"]
    best = SELECTION.best_index_
    assert mark.get_xydata().tolist() == [[SELECTION.table_["n_components"][best], SELECTION.table_["bic"][best]]]
    texts = [text.get_text() for text in display.artists_["legend"][0].get_texts()]
    assert texts == ["EII", "VVI", "VVV", f"best: {SELECTION.table_['covariance'][best]} {mark.get_xdata()[0]}"]


def test_other_columns_other_axes_and_other_looks() -> None:
    _, ax = plt.subplots()
    display = SELECTION.plot("log_likelihood", ax=ax, linestyle="dotted")
    assert display.ax_ is ax and ax.get_ylabel() == "log_likelihood"
    assert {line.get_linestyle() for line in display.artists_["families"]} == {":"}
    assert display.plot() is display and display.ax_ is not ax
    assert "must be one of 'log_likelihood'" in message_of(lambda: SELECTION.plot("reason"))


def test_cells_without_a_value_are_left_out() -> None:
    selection = mogul.select(np.arange(4.0)[:, None], [1, 2, 7], covariance=["EII", "VII"])
    values = selection.plot().artists_["families"][0].get_ydata()
    assert np.isfinite(values[0]) and np.isnan(values[-1])


@pytest.mark.parametrize(("criterion", "given"), [("cv", {"n_folds": 3}), ("stability", {"n_runs": 2})])
def test_means_have_error_bars(criterion: str, given: dict[str, int]) -> None:
    selection = mogul.select(X, (2, 3), covariance=["EII", "VVI"], criterion=criterion, **given)
    display = selection.plot()
    assert len(display.artists_["spread"]) == 2
    column = "cv_standard_error" if criterion == "cv" else "stability_standard_deviation"
    for bars, family in zip(display.artists_["spread"], ["EII", "VVI"], strict=True):
        own = selection.table_["covariance"] == family
        lengths = [segment[1, 1] - segment[0, 1] for segment in bars.get_segments()]
        np.testing.assert_allclose(lengths, 2 * selection.table_[column][own], rtol=1e-9)


def test_fourteen_families_can_be_told_apart() -> None:
    lines = mogul.select(X, 1, covariance="all").plot().artists_["families"]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 14
