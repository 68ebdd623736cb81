"""MixtureDisplay draws what it was asked for, of every structure, and the artists show the library's numbers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import STRUCTURES, Array, random_mixture, random_rows
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

import mogul
from mogul import GaussianMixture
from mogul.plot import MixtureDisplay
from mogul.plot._checks import KINDS
from mogul.plot._geometry import log_levels, mass_radius, uncertainties
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


def kinds_of(n_features: int) -> list[str]:
    if n_features == 1:
        return ["auto", "density", "components", "responsibilities", "uncertainty"]
    return OF_ROWS if n_features == 2 else ["auto", "pairs"]


def coordinates(display: MixtureDisplay) -> Iterator[Array]:
    """Of every artist that has some."""
    for name, artists in display.artists_.items():
        for artist in artists:
            if hasattr(artist, "get_xydata"):
                yield np.asarray(artist.get_xydata())
            elif name == "rows" and hasattr(artist, "get_offsets"):
                yield np.asarray(artist.get_offsets())


@pytest.mark.parametrize("n_features", [1, 2, 3])
@pytest.mark.parametrize("rows", ["none", "plain", "weighted", "binned"])
def test_every_kind_is_drawn_from_finite_numbers(n_features: int, rows: str) -> None:
    mixture = random_mixture("full", d=n_features)
    x = None if rows == "none" else random_rows(mixture, n=80)
    weights = np.random.default_rng(0).integers(0, 4, size=80) if rows == "weighted" else None
    for kind in kinds_of(n_features):
        display = MixtureDisplay.from_mixture(
            mixture, x, kind=kind, weights=weights, max_points=10 if rows == "binned" else 100
        )
        assert all(np.isfinite(values).all() for values in coordinates(display))
        assert len(np.unique(rendered(display).view(np.uint32))) > 10
        plt.close(display.figure_)


@pytest.mark.parametrize("structure", STRUCTURES[1:])
def test_every_structure_is_drawn_from_finite_numbers(structure: str) -> None:
    for n_features, kind in ((1, "density"), (2, "auto"), (2, "components"), (3, "pairs")):
        mixture = random_mixture(structure, d=n_features)
        display = MixtureDisplay.from_mixture(mixture, random_rows(mixture), kind=kind)
        assert all(np.isfinite(values).all() for values in coordinates(display))
        rendered(display)
        plt.close(display.figure_)


# --- Numbers


def test_the_curves_of_one_feature_are_the_densities() -> None:
    mixture = random_mixture("full", d=1)
    display = MixtureDisplay.from_mixture(mixture, kind="density")
    x, y = display.artists_["mixture"][0].get_data()
    np.testing.assert_allclose(y, np.exp(mogul.log_densities(mixture, x[:, None])), rtol=1e-12)
    for k, line in enumerate(display.artists_["components"]):
        x, y = line.get_data()
        np.testing.assert_allclose(y, np.exp(mogul.log_joint(mixture, x[:, None]))[:, k], rtol=1e-12)


def test_the_histogram_is_on_the_scale_of_the_density() -> None:
    mixture = random_mixture("full", d=1)
    x = random_rows(mixture, n=500)
    weights = np.random.default_rng(0).uniform(0, 2, size=500)
    for max_points in (1000, 10):
        display = MixtureDisplay.from_mixture(mixture, x, weights=weights, max_points=max_points)
        heights, edges, _ = display.artists_["histogram"][0].get_data()
        expected, _ = np.histogram(x[:, 0], edges, weights=weights)
        np.testing.assert_allclose(heights * np.diff(edges) * weights.sum(), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_ellipses_are_where_the_mahalanobis_distance_says(structure: str) -> None:
    mixture = random_mixture(structure)
    display = MixtureDisplay.from_mixture(mixture, kind="ellipses", masses=[0.9, 0.5])
    ellipses = display.artists_["ellipses"]
    assert len(ellipses) == 2 * mixture.n_components
    for index, line in enumerate(ellipses):
        radius = mass_radius([0.5, 0.9][index // mixture.n_components])
        distances = mogul.squared_mahalanobis(mixture, line.get_xydata())[:, index % mixture.n_components]
        np.testing.assert_allclose(distances, radius**2, rtol=1e-9)
        assert to_rgb(line.get_color()) == pytest.approx(COLOURS[index % mixture.n_components])


def test_contours_lie_at_the_levels_of_the_masses() -> None:
    mixture = random_mixture("full")
    display = MixtureDisplay.from_mixture(mixture, kind="contour", masses=[0.5, 0.9])
    contours = display.artists_["contours"][0]
    levels = log_levels(mixture, [0.9, 0.5])
    np.testing.assert_allclose(contours.levels[:-1], levels)
    x, y = (np.linspace(*limits, 400) for limits in (display.ax_.get_xlim(), display.ax_.get_ylim()))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    values = mogul.log_densities(mixture, points)
    inside = np.zeros(len(points), dtype=bool)
    for path in contours.get_paths():
        inside |= path.contains_points(points)
    # Linear interpolation on the grid moves the boundary by less than this in log-density.
    clear = np.abs(values - levels[0]) > 0.05
    assert (inside == (values > levels[0]))[clear].all()


def test_components_are_drawn_where_they_reach_the_levels_of_the_mixture() -> None:
    mixture = random_mixture("full")
    display = MixtureDisplay.from_mixture(mixture, kind="components", masses=[0.9])
    level = log_levels(mixture, [0.9])[0]
    for line in display.artists_["ellipses"]:
        values = mogul.log_joint(mixture, line.get_xydata())
        assert np.abs(values - level).max(axis=0).min() < 1e-9


def test_rows_have_the_colours_of_their_responsibilities() -> None:
    mixture = random_mixture("full")
    x = random_rows(mixture)
    display = MixtureDisplay.from_mixture(mixture, x, kind="responsibilities")
    scatter = display.artists_["rows"][0]
    np.testing.assert_allclose(scatter.get_offsets(), x)
    expected = mogul.responsibilities(mixture, x) @ COLOURS[: mixture.n_components]
    np.testing.assert_allclose(scatter.get_facecolors()[:, :3], expected, atol=1e-12)


def test_uncertain_rows_are_drawn_last() -> None:
    mixture = random_mixture("full", apart=1.0)
    x = random_rows(mixture)
    scatter = MixtureDisplay.from_mixture(mixture, x, kind="uncertainty").artists_["rows"][0]
    values = scatter.get_array()
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(
        values, uncertainties(mogul.responsibilities(mixture, np.asarray(scatter.get_offsets()))), atol=1e-12
    )


def test_bins_hold_every_row_once() -> None:
    mixture = random_mixture("full", d=3)
    x, _ = mogul.sample(mixture, 150_000, seed=0)
    display = MixtureDisplay.from_mixture(mixture, x)
    rows = display.rows
    assert rows is not None
    assert sorted(rows.planes) == [(0, 1), (0, 2), (1, 2)]
    r = mogul.responsibilities(mixture, x)
    assert display.limits is not None
    for (i, j), bins in rows.planes.items():
        counts, _, _ = np.histogram2d(x[:, i], x[:, j], [bins.x_edges, bins.y_edges], weights=r[:, 1])
        # At its upper end NumPy's last bin is closed.
        np.testing.assert_allclose(bins.masses[:, :, 1], counts, atol=1e-8)
    assert "150,000 rows in bins" in display.figure_.get_suptitle()


@pytest.mark.parametrize("structure", STRUCTURES)
def test_pairs_show_the_marginals(structure: str) -> None:
    mixture = random_mixture(structure, d=4)
    display = MixtureDisplay.from_mixture(mixture, features=[3, 0, 1])
    assert display.ax_.shape == (3, 3)
    assert display.ax_[0, 1] is None
    for place, feature in enumerate([3, 0, 1]):
        x, y = display.artists_["mixture"][place].get_data()
        assert display.artists_["mixture"][place].axes is display.ax_[place, place]
        np.testing.assert_allclose(y, np.exp(mogul.log_densities(mixture.marginal([feature]), x[:, None])), rtol=1e-9)
    ellipse = display.ax_[2, 0].lines[0].get_xydata()
    distances = mogul.squared_mahalanobis(mixture.marginal([3, 1]), ellipse)[:, 0]
    np.testing.assert_allclose(distances, mass_radius(0.393) ** 2, rtol=1e-9)
    assert "3 of 4 features" in display.figure_.get_suptitle()


def test_two_features_of_more_are_coloured_by_all() -> None:
    mixture = random_mixture("full", d=3)
    x = random_rows(mixture)
    display = MixtureDisplay.from_mixture(mixture, x, features=[0, 2], kind="ellipses")
    scatter = display.artists_["rows"][0]
    np.testing.assert_allclose(scatter.get_offsets(), x[:, [0, 2]])
    expected = mogul.responsibilities(mixture, x) @ COLOURS[: mixture.n_components]
    np.testing.assert_allclose(scatter.get_facecolors()[:, :3], expected, atol=1e-12)


def test_rows_without_weight_are_absent_and_the_area_follows_weights() -> None:
    mixture = random_mixture("full")
    x = random_rows(mixture, n=4)
    display = MixtureDisplay.from_mixture(mixture, x, weights=[0.0, 1.0, 2.0, 3.0])
    scatter = display.artists_["rows"][0]
    np.testing.assert_allclose(scatter.get_offsets(), x[1:])
    sizes = scatter.get_sizes()
    np.testing.assert_allclose(sizes / sizes[0], [1, 2, 3])
    assert "3 rows" in display.ax_.get_title()


# --- The history


def test_the_history_is_that_of_the_report() -> None:
    x = random_rows(random_mixture("full"), n=200)
    result = mogul.fit(x, 3)
    display = MixtureDisplay.from_mixture(result, kind="log_likelihood")
    np.testing.assert_array_equal(display.artists_["history"][0].get_ydata(), result.report.history)
    model = GaussianMixture(3, random_state=0).fit(x)
    display = model.plot(kind="log_likelihood")
    np.testing.assert_array_equal(display.artists_["history"][0].get_ydata(), model.lower_bounds_)
    assert "per row" in display.ax_.get_ylabel()
    rendered(display)


# --- The display, as scikit-learn's


def test_the_estimator_draws_what_the_mixture_draws(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0).fit(clouds)
    ours = model.plot(clouds, kind="ellipses")
    other = MixtureDisplay.from_mixture(model.mixture_, clouds, kind="ellipses")
    for one, two in zip(coordinates(ours), coordinates(other), strict=True):
        np.testing.assert_array_equal(one, two)


def test_it_is_drawn_again_on_other_axes_in_another_style(clouds: Array) -> None:
    display = GaussianMixture(2, random_state=0).fit(clouds).plot(clouds)
    first = display.ax_
    figure, axes = plt.subplots(1, 2, layout="constrained")
    again = display.plot(
        axes[1], palette=["red", "#00ff00"], legend=False, component_kw={"linewidth": 3}, rows_kw={"s": 1}
    )
    assert again is display
    assert display.ax_ is axes[1] is not first
    assert display.figure_ is figure
    assert "legend" not in display.artists_
    assert display.artists_["ellipses"][0].get_linewidth() == 3
    assert to_rgb(display.artists_["ellipses"][1].get_color()) == (0, 1, 0)
    assert display.artists_["rows"][0].get_sizes().tolist() == [1]
    rendered(display)


def test_pairs_are_drawn_on_given_axes() -> None:
    mixture = random_mixture("full", d=3)
    _, axes = plt.subplots(3, 3, layout="constrained")
    display = MixtureDisplay.from_mixture(mixture, ax=axes)
    assert all(isinstance(display.ax_[i, i], Axes) and display.ax_[i, i] is axes[i, i] for i in range(3))
    rendered(display)


def test_the_constructor_takes_a_mixture_alone() -> None:
    mixture = random_mixture("full")
    display = MixtureDisplay(mixture, kind="ellipses", feature_names=["a", "b"])
    assert not hasattr(display, "ax_")
    assert display.plot().ax_.get_xlabel() == "a"


def test_many_features_are_cut_to_six_which_the_title_says() -> None:
    display = MixtureDisplay.from_mixture(random_mixture("diagonal", d=9))
    assert display.ax_.shape == (6, 6)
    assert "6 of 9 features" in display.figure_.get_suptitle()


def test_a_dark_style_gives_a_light_density() -> None:
    with plt.style.context("dark_background"):
        display = MixtureDisplay.from_mixture(random_mixture("full", d=1))
        assert to_rgb(display.artists_["mixture"][0].get_color()) == (1, 1, 1)
        rendered(display)


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
