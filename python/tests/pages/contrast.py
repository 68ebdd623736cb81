"""How well colours stand out from each other."""

from __future__ import annotations

import re

import numpy as np


def luminance(colour: tuple[float, ...]) -> float:
    channels = np.array(colour) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    """WCAG 2's, of two colours as getComputedStyle writes them."""
    found = sorted(luminance(tuple(map(float, re.findall(r"[\d.]+", colour)[:3]))) for colour in (a, b))
    return (found[1] + 0.05) / (found[0] + 0.05)
