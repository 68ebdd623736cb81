"""What pictures can be asked for, and the sentences that say why one cannot be drawn. No matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from .._mogul import normal_name

KINDS = (
    "auto",
    "density",
    "contour",
    "ellipses",
    "components",
    "responsibilities",
    "uncertainty",
    "pairs",
    "log_likelihood",
)

OF_TWO_FEATURES = ("contour", "ellipses")

MOST_PAIRS = 6
"""Features of a matrix of pairs, where nobody chose."""

HIGHEST_MASS = 0.999999

DEFAULT_MASSES = (0.393, 0.865, 0.989)
"""Of ellipses of one, two and three standard deviations."""

Features = int | str | Sequence[int | str]


def require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "mogul.plot draws with matplotlib, which is not installed; pip install matplotlib, "
            'or pip install "mogul[plot]"'
        ) from error


def checked_kind(kind: object) -> str:
    """One of KINDS; 'log-likelihood', as the command line spells it, is 'log_likelihood'."""
    known = kind.replace("-", "_") if isinstance(kind, str) else kind
    if not isinstance(known, str) or known not in KINDS:
        raise ValueError(f"kind = {kind!r}; must be one of {', '.join(KINDS)}")
    return known


def check_masses(masses: ArrayLike) -> tuple[float, ...]:
    """Ascending, each once."""
    try:
        values = np.atleast_1d(np.asarray(masses, dtype=float))
    except (TypeError, ValueError):
        raise ValueError(f"masses = {masses!r}; must be numbers, such as {DEFAULT_MASSES}") from None
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"masses has the shape {values.shape}; must be one or more numbers, such as {DEFAULT_MASSES}")
    for value in values.tolist():
        if not 0 < value <= HIGHEST_MASS:
            raise ValueError(f"masses: {value}; must be above 0 and at most {HIGHEST_MASS}")
    return tuple(np.unique(values).tolist())


def check_max_points(max_points: object) -> int:
    if isinstance(max_points, bool) or not isinstance(max_points, int | np.integer) or max_points < 0:
        raise ValueError(f"max_points = {max_points!r}; must be a whole number >= 0")
    return int(max_points)


def check_history_alone(**given: object) -> None:
    """Of a picture of the fit's history, which shows no rows and no features."""
    for name, value in given.items():
        if value is not None:
            raise ValueError(f"{name} is given, but kind = 'log_likelihood' shows the history of the fit alone")


def feature_index(feature: object, names: Sequence[str]) -> int:
    """Of a name, or of a number from 0."""
    known = [normal_name(name) for name in names]
    if isinstance(feature, str):
        if normal_name(feature) not in known:
            raise ValueError(f"features: {feature!r}; must be one of {shortened_list(names)}")
        return known.index(normal_name(feature))
    if isinstance(feature, bool | np.bool_) or not isinstance(feature, Integral):
        raise ValueError(f"features: {feature!r}; must be names or whole numbers")
    if not 0 <= int(feature) < len(names):
        raise ValueError(f"features: {feature}; must be from 0 to {len(names) - 1}, as there are {len(names)} features")
    return int(feature)


def shortened_list(names: Iterable[str]) -> str:
    every = [f"'{name[:40]}'" for name in names]
    return ", ".join(every[:10]) + (f", ... ({len(every)} features)" if len(every) > 10 else "")


def chosen_features(features: Features | None, names: Sequence[str]) -> list[int]:
    """Indices of the features that a picture shows, in its order."""
    if features is None:
        return list(range(min(len(names), MOST_PAIRS)))
    several = [features] if isinstance(features, str) or not isinstance(features, Iterable) else list(features)
    chosen = [feature_index(feature, names) for feature in several]
    if not chosen:
        raise ValueError("features is empty; must name at least one feature")
    for index in chosen:
        if chosen.count(index) > 1:
            raise ValueError(f"features: '{names[index]}' is named twice; each may be shown once")
    return chosen


def shows_principal_axes(projection: object, kind: str, features: Features | None, n_features: int) -> bool:
    """Rather than features: where asked for, and where a kind of two features is given more."""
    if projection not in (None, "features", "pca"):
        raise ValueError(f"projection = {projection!r}; must be 'features' or 'pca'")
    if projection != "pca":
        many = n_features > 2 and features is None and kind not in ("auto", "pairs")
        if many and projection == "features":
            raise ValueError(
                f"kind = {kind!r} shows one or two of the {n_features} features; choose by features=[0, 1]"
            )
        return many
    if features is not None:
        raise ValueError("projection = 'pca' shows two directions through all features; leave out features")
    if n_features < 2:
        raise ValueError("projection = 'pca' shows two directions, and there is one feature; leave it out")
    if kind == "pairs":
        raise ValueError("projection = 'pca' shows two directions in one plane; choose another kind than 'pairs'")
    return True


def resolved_kind(kind: str, n_shown: int) -> str:
    """Of so many features. 'auto' is left as it is for two, where it means contours with ellipses."""
    if kind == "auto":
        return {1: "density", 2: "auto"}.get(n_shown, "pairs")
    if n_shown == 1 and kind in (*OF_TWO_FEATURES, "pairs"):
        raise ValueError(f"kind = {kind!r} shows two features or more, but there is one; use kind='density'")
    if n_shown > 2 and kind != "pairs":
        raise ValueError(f"kind = {kind!r} shows one or two features, but {n_shown} are chosen; use kind='pairs'")
    return kind
