"""What the tests of pictures share: drawing without a screen, and the colours of components."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from conftest import Array
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from mogul.plot import MixtureDisplay
from mogul.plot._checks import KINDS
from mogul.plot._palette import OKABE_ITO

plt.switch_backend("agg")

COLOURS = np.array([to_rgb(colour) for colour in OKABE_ITO])
OF_ROWS = [kind for kind in KINDS if kind != "log_likelihood"]


@pytest.fixture(autouse=True)
def no_warnings_and_no_figures_left() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    plt.close("all")


def rendered(display: MixtureDisplay) -> Array:
    """The pixels (height, width, 4) of the figure, which drawing makes."""
    display.figure_.canvas.draw()
    return np.asarray(display.figure_.canvas.buffer_rgba())  # type: ignore[attr-defined]
