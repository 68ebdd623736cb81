"""Names, components, rows and scales that pictures are rarely drawn of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Array, random_mixture, random_rows
from matplotlib import pyplot as plt
from pictures import COLOURS, OF_ROWS, no_warnings_and_no_figures_left, rendered  # noqa: F401

import mogul
from mogul import GaussianMixture
from mogul.plot import MixtureDisplay

# --- Names


def test_axes_bear_the_names_of_the_features(clouds: Array) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(clouds, columns=["length, cm", "weight"])
    for display in (
        GaussianMixture(2, random_state=0).fit(frame).plot(frame),
        MixtureDisplay.from_mixture(mogul.fit(frame, 2)),
        MixtureDisplay.from_mixture(mogul.fit(clouds, 2).mixture, frame),
    ):
        assert display.ax_.get_xlabel() == "length, cm"
        assert display.ax_.get_ylabel() == "weight"
    display = GaussianMixture(2, random_state=0).fit(frame).plot(frame, features="weight")
    assert display.ax_.get_xlabel() == "weight"
    assert display.artists_["histogram"]


def test_a_file_of_rows_is_read(tmp_path: Path, clouds: Array) -> None:
    path = tmp_path / "rows.csv"
    mogul.write_csv(path, clouds, ["a", "b"])
    display = MixtureDisplay.from_mixture(mogul.fit(path, 2), path, kind="ellipses")
    np.testing.assert_allclose(display.artists_["rows"][0].get_offsets(), clouds)
    assert display.ax_.get_xlabel() == "a"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("$x^2$", "$x^2$"),
        ("$\\frac{", "$\\frac{"),
        ("\\$a$ $b\\$", "\\$a$ $b\\$"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\nb\tc\x00d", "a b c d"),
        ("x" * 10_000, "x" * 37 + "..."),
        ("x\udc80y", "x?y"),
        ("", ""),
        ("_hidden", "_hidden"),
    ],
)
def test_hostile_names_are_drawn_as_they_are(name: str, shown: str) -> None:
    for n_features in (1, 2, 3) if name.startswith("$") else (2,):
        names = [name, *["b", "c"][: n_features - 1]]
        display = MixtureDisplay(
            random_mixture("full", d=n_features),
            kind={1: "density", 2: "auto", 3: "pairs"}[n_features],
            feature_names=names,
        ).plot()
        ax = display.ax_[2, 0] if n_features == 3 else display.ax_
        assert ax.get_xlabel() == (shown if len(name) < 1000 or n_features < 3 else "x" * 31 + "...")
        rendered(display)
        plt.close(display.figure_)


# --- Extremes


def test_one_component() -> None:
    mixture = random_mixture("full", k=1)
    for kind in OF_ROWS:
        rendered(MixtureDisplay.from_mixture(mixture, random_rows(mixture), kind=kind))


@pytest.mark.parametrize("n_features", [1, 2])
def test_thirty_components_repeat_colours_and_are_numbered(n_features: int) -> None:
    mixture = random_mixture("full", k=30, d=n_features)
    display = MixtureDisplay.from_mixture(mixture, random_rows(mixture, n=300))
    assert [text.get_text() for text in display.artists_["numbers"]] == [str(k) for k in range(30)]
    assert display.artists_["numbers"][8].get_bbox_patch().get_facecolor()[:3] == pytest.approx(COLOURS[0])
    rendered(display)


def test_an_outlier_is_counted_and_hides_nothing() -> None:
    mixture = random_mixture("full")
    x = random_rows(mixture)
    without = MixtureDisplay.from_mixture(mixture, x)
    display = MixtureDisplay.from_mixture(mixture, np.vstack([x, [[1e6, 0.0]]]))
    assert display.ax_.get_xlim() == without.ax_.get_xlim()
    assert "1 of them outside the picture" in display.ax_.get_title()
    binned = MixtureDisplay.from_mixture(mixture, np.vstack([x, [[1e6, 0.0]]]), max_points=0)
    assert "1 of them outside the picture" in binned.ax_.get_title()


@pytest.mark.parametrize(("scale", "offset"), [(1e-12, 0.0), (1e12, 1e6)])
def test_scales_and_offsets_do_not_matter(scale: float, offset: float) -> None:
    x = random_rows(random_mixture("full")) * scale + offset * scale
    result = mogul.fit(x, 3, reg_covar="relative:1e-6")
    for kind in OF_ROWS:
        rendered(MixtureDisplay.from_mixture(result, x, kind=kind))


def test_a_feature_that_hardly_varies() -> None:
    x = random_rows(random_mixture("full"))
    x[:, 1] = 70 + 1e-4 * x[:, 1]
    result = mogul.fit(x, 2, reg_covar="relative:1e-6")
    for kind in OF_ROWS:
        rendered(MixtureDisplay.from_mixture(result, x, kind=kind))


def test_components_far_apart() -> None:
    mixture = mogul.Mixture("spherical", [0.5, 0.5], [[0, 0], [1e6, 1e5]], [1.0, 2.0])
    for kind in OF_ROWS:
        rendered(MixtureDisplay.from_mixture(mixture, random_rows(mixture), kind=kind))


def test_a_component_without_weight_is_not_drawn() -> None:
    mixture = mogul.Mixture("spherical", [1.0, 0.0], [[0, 0], [100, 100]], [1.0, 2.0])
    for kind in OF_ROWS:
        display = MixtureDisplay.from_mixture(mixture, random_rows(mixture), kind=kind)
        rendered(display)
        assert {text.get_text() for text in display.artists_["numbers"]} == {"0"}


@pytest.mark.parametrize("frame", ["float32", "fortran", "int", "list", "polars", "pyarrow"])
def test_rows_of_every_kind(frame: str, clouds: Array) -> None:
    rows: Any = clouds.astype(np.float32)
    if frame == "fortran":
        rows = np.asfortranarray(clouds)
    elif frame == "int":
        rows = (10 * clouds).astype(int)
    elif frame == "list":
        rows = clouds.tolist()
    elif frame == "polars":
        rows = pytest.importorskip("polars").DataFrame({"a": clouds[:, 0], "b": clouds[:, 1]})
    elif frame == "pyarrow":
        rows = pytest.importorskip("pyarrow").table({"a": clouds[:, 0], "b": clouds[:, 1]})
    rendered(GaussianMixture(2, random_state=0).fit(rows).plot(rows))
    rendered(MixtureDisplay.from_mixture(mogul.fit(rows, 2), rows))
