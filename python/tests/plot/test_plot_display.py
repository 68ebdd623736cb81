"""MixtureDisplay draws what it was asked for, of every structure, and the artists show the library's numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from conftest import STRUCTURES, Array, random_mixture, random_rows
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from pictures import COLOURS, OF_ROWS, no_warnings_and_no_figures_left, rendered  # noqa: F401

import mogul
from mogul import GaussianMixture
from mogul.plot import MixtureDisplay
from mogul.plot._geometry import log_levels, mass_radius, uncertainties


def kinds_of(n_features: int) -> list[str]:
    if n_features == 1:
        return ["auto", "density", "components", "responsibilities", "uncertainty"]
    return OF_ROWS if n_features == 2 else ["auto", "pairs", *OF_ROWS]


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


@pytest.mark.parametrize("structure", STRUCTURES)
def test_kinds_of_two_features_show_the_principal_axes_of_more(structure: str) -> None:
    mixture = random_mixture(structure, d=4)
    x = random_rows(mixture)
    display = MixtureDisplay.from_mixture(mixture, x, kind="ellipses")
    shown = np.asarray(display.artists_["rows"][0].get_offsets())
    # Principal axes are uncorrelated under the mixture, and no two directions have a larger sum of variances.
    means, covariances = display.mixture.means, np.array([display.mixture.covariance(k) for k in range(3)])
    np.testing.assert_allclose(mixture.weights @ means, 0, atol=1e-12)
    overall = np.einsum("k,kij->ij", mixture.weights, covariances + means[:, :, None] * means[:, None, :])
    away = mixture.means - mixture.weights @ mixture.means
    of_all = np.einsum(
        "k,kij->ij",
        mixture.weights,
        np.array([mixture.covariance(k) for k in range(3)]) + away[:, :, None] * away[:, None, :],
    )
    np.testing.assert_allclose(overall, np.diag(np.linalg.eigvalsh(of_all)[[-1, -2]]), atol=1e-9)
    # They are the same linear map of rows and of means.
    map_of_rows = np.linalg.lstsq(x - mixture.weights @ mixture.means, shown, rcond=None)[0]
    np.testing.assert_allclose(away @ map_of_rows, means, atol=1e-9)
    np.testing.assert_allclose(map_of_rows.T @ map_of_rows, np.eye(2), atol=1e-9)
    assert display.ax_.get_xlabel().startswith("principal axis 1 (")
    assert "features" not in display.ax_.get_title()


def test_principal_axes_of_two_features_turn_the_picture_and_keep_the_density() -> None:
    mixture = random_mixture("full")
    x = random_rows(mixture)
    display = MixtureDisplay.from_mixture(mixture, x, projection="pca", kind="ellipses")
    turned = np.asarray(display.artists_["rows"][0].get_offsets())
    np.testing.assert_allclose(mogul.log_densities(display.mixture, turned), mogul.log_densities(mixture, x), rtol=1e-9)


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


@pytest.mark.parametrize("d", [1, 2])
def test_the_legend_stays_within_axes_that_have_neighbours(d: int) -> None:
    _, axes = plt.subplots(1, 2)
    display = MixtureDisplay.from_mixture(random_mixture("full", d=d), ax=axes[0])
    rendered(display)
    legend, own = display.artists_["legend"][0].get_window_extent(), axes[0].get_window_extent()
    assert own.x0 <= legend.x0 and legend.x1 <= own.x1
    assert own.y0 <= legend.y0 and legend.y1 <= own.y1


def test_the_kind_of_the_history_is_spelt_as_in_python_or_on_the_command_line(clouds: Array) -> None:
    model = GaussianMixture(2, random_state=0).fit(clouds)
    one, two = (model.plot(kind=kind) for kind in ("log_likelihood", "log-likelihood"))
    assert one.kind == two.kind
    np.testing.assert_array_equal(*(d.artists_["history"][0].get_ydata() for d in (one, two)))


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
