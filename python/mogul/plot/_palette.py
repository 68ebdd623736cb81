"""Colours of components, which people with any kind of colour vision can tell apart, and mixtures of them."""

from __future__ import annotations

import numpy as np

from ._geometry import Array

OKABE_ITO = (
    "#0072b2",  # blue
    "#d55e00",  # vermilion
    "#009e73",  # green
    "#cc79a7",  # purple
    "#e69f00",  # orange
    "#56b4e9",  # light blue
    "#f0e442",  # yellow
    "#7f7f7f",  # grey, in place of black, which is the mixture's
)
"""Okabe, Ito (2008), Color universal design. Yellow, which is faint on white, comes late."""


def component_colours(n_components: int, palette: Array) -> Array:
    """(K, 3) of a palette (P, 3). Beyond its length colours come again; numbers then tell components apart."""
    return palette[np.arange(n_components) % len(palette)]


def mixed_colours(responsibilities: Array, colours: Array) -> Array:
    """The mean of the components' colours, weighted by responsibilities (N, K): (N, 3)."""
    return np.clip(responsibilities @ colours, 0.0, 1.0)


def luminance(colour: Array) -> float:
    """0 for black to 1 for white, as WCAG 2 defines it."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def text_colour(background: Array) -> str:
    """Black or white, whichever stands out more."""
    light = luminance(background)
    return "black" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "white"
