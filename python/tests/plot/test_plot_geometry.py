"""The numbers behind the pictures: ellipses and regions hold the mass that they say, and curves are level."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import STRUCTURES, dense_of, expected_log_densities, random_mixture, random_rows
from scipy.stats import chi2, multivariate_normal

import mogul
from mogul.plot import _geometry as geometry
from mogul.plot import _palette as palette

MASSES = [0.1, 0.393, 0.5, 0.865, 0.989, 0.9999]
SAMPLE = 200_000


def within_five_deviations(share: float, mass: float, n: int = SAMPLE) -> bool:
    return abs(share - mass) < 5 * np.sqrt(mass * (1 - mass) / n)


@pytest.mark.parametrize("mass", MASSES)
def test_the_radius_is_the_chi_squared_quantile(mass: float) -> None:
    assert geometry.mass_radius(mass) == pytest.approx(np.sqrt(chi2.ppf(mass, df=2)), rel=1e-12)


def test_one_standard_deviation_holds_39_percent() -> None:
    assert geometry.mass_radius(1 - np.exp(-0.5)) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_ellipses_have_the_axes_of_the_covariance(structure: str) -> None:
    mixture = random_mixture(structure)
    for k, covariance in enumerate(dense_of(mixture)):
        points = geometry.ellipse_points(mixture.means[k], mixture.cholesky(k), 1.7, n_points=20_001)
        distances = np.linalg.norm(points - mixture.means[k], axis=1)
        variances = np.linalg.eigvalsh(covariance)
        assert distances.max() == pytest.approx(1.7 * np.sqrt(variances[1]), rel=1e-6)
        assert distances.min() == pytest.approx(1.7 * np.sqrt(variances[0]), rel=1e-6)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_ellipses_are_closed_curves_of_equal_density(structure: str) -> None:
    mixture = random_mixture(structure)
    for k, covariance in enumerate(dense_of(mixture)):
        points = geometry.ellipse_points(mixture.means[k], mixture.cholesky(k), 2.0)
        assert (points[0] == points[-1]).all()
        values = multivariate_normal(mixture.means[k], covariance).logpdf(points)
        np.testing.assert_allclose(values, values[0], rtol=1e-10)


@pytest.mark.parametrize("mass", MASSES)
def test_ellipses_hold_their_mass_of_a_sample(mass: float) -> None:
    mixture = random_mixture("full", k=1)
    x = np.random.default_rng(0).multivariate_normal(mixture.means[0], mixture.covariance(0), size=SAMPLE)
    inside = mogul.squared_mahalanobis(mixture, x)[:, 0] < geometry.mass_radius(mass) ** 2
    assert within_five_deviations(inside.mean(), mass)


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("apart", [0.5, 3.0])
def test_regions_above_the_levels_hold_their_mass_of_a_sample(structure: str, apart: float) -> None:
    mixture = random_mixture(structure, k=4, apart=apart)
    x, _ = mogul.sample(mixture, SAMPLE, seed=1)
    values = mogul.log_densities(mixture, x)
    for mass, level in zip(MASSES, geometry.log_levels(mixture, MASSES), strict=True):
        # The points that stand for the mixture cost some 0.1 % beside the error of sampling.
        assert abs((values > level).mean() - mass) < 0.0015 + 5 * np.sqrt(mass * (1 - mass) / SAMPLE)


def test_the_levels_of_one_gaussian_are_those_of_its_ellipses() -> None:
    mixture = random_mixture("full", k=1)
    for mass, level in zip(MASSES, geometry.log_levels(mixture, MASSES), strict=True):
        edge = geometry.ellipse_points(mixture.means[0], mixture.cholesky(0), geometry.mass_radius(mass), 2)
        assert level == pytest.approx(expected_log_densities(mixture, edge[:1])[0], abs=5e-3)


def test_components_without_weight_change_no_level() -> None:
    mixture = random_mixture("full", k=2)
    extra = mogul.Mixture(
        "full",
        [*mixture.weights, 0.0],
        [*mixture.means, [50.0, 50.0]],
        [*mixture.covariances, np.eye(2)],
    )
    assert geometry.log_levels(extra, MASSES).tolist() == geometry.log_levels(mixture, MASSES).tolist()


@pytest.mark.parametrize("structure", STRUCTURES)
def test_spiral_points_have_the_moments_of_the_mixture(structure: str) -> None:
    mixture = random_mixture(structure)
    points, masses = geometry.spiral_points(mixture)
    mean = mixture.weights @ mixture.means
    assert masses.sum() == pytest.approx(1, rel=1e-12)
    np.testing.assert_allclose(masses @ points, mean, atol=1e-3)
    around = points - mean
    between = (mixture.weights[:, None] * (mixture.means - mean)).T @ (mixture.means - mean)
    expected = np.tensordot(mixture.weights, dense_of(mixture), axes=1) + between
    np.testing.assert_allclose((masses[:, None] * around).T @ around, expected, rtol=5e-3, atol=5e-3)


def test_a_component_reaches_a_level_at_its_radius_or_not_at_all() -> None:
    mixture = random_mixture("full")
    peaks = geometry.log_peaks(mixture)
    for k in range(mixture.n_components):
        radius = geometry.level_radius(peaks[k] - 2.0, peaks[k])
        assert radius == pytest.approx(2.0)
        edge = geometry.ellipse_points(mixture.means[k], mixture.cholesky(k), radius)
        np.testing.assert_allclose(mogul.log_joint(mixture, edge)[:, k], peaks[k] - 2.0, rtol=1e-9)
        assert geometry.level_radius(peaks[k] + 0.1, peaks[k]) is None


def test_grid_lines_see_a_component_a_million_times_narrower_than_the_picture() -> None:
    mixture = mogul.Mixture("spherical", [0.5, 0.5], [[0.0], [1.0]], [1.0, 1e-12])
    line = geometry.grid_line(mixture, 0, -3.0, 3.0)
    assert (np.diff(line) > 0).all()
    assert line[0] == -3.0
    assert line[-1] == 3.0
    assert np.exp(mogul.log_densities(mixture, line[:, None])).max() == pytest.approx(0.5 * 0.3989e6, rel=1e-2)


def test_a_density_on_its_grid_line_adds_up_to_one() -> None:
    mixture = random_mixture("full", d=1, k=5)
    lower, upper = geometry.component_limits(mixture)
    line = geometry.grid_line(mixture, 0, lower[0] - 5, upper[0] + 5)
    assert np.trapezoid(np.exp(mogul.log_densities(mixture, line[:, None])), line) == pytest.approx(1, abs=2e-3)


def test_limits_have_room_for_the_components() -> None:
    mixture = random_mixture("full")
    x = random_rows(mixture, n=2000)
    lower, upper = geometry.component_limits(mixture)
    assert ((x > lower) & (x < upper)).all(axis=1).mean() > 0.98


def test_limits_grow_for_rows_near_the_components_only() -> None:
    limits = np.array([0.0]), np.array([10.0])
    assert [float(end[0]) for end in geometry.row_limits(limits)] == [-5.0, 15.0]
    lower, upper = geometry.widened(limits, (np.array([-2.0]), np.array([4.0])))
    assert lower[0] < -2.0
    assert upper[0] == 10.0


def test_bins_are_finer_for_more_rows_and_narrower_components() -> None:
    mixture = mogul.Mixture("spherical", [0.5, 0.5], [[0.0], [4.0]], [1.0, 1.0])
    narrow = mogul.Mixture("spherical", [0.5, 0.5], [[0.0], [4.0]], [1.0, 0.04])
    few, many = (geometry.n_bins(mixture, 0, n, -3.0, 7.0) for n in (100, 10_000))
    assert 8 <= few < many < geometry.n_bins(narrow, 0, 10_000, -3.0, 7.0) <= 100


def test_uncertainty_is_what_the_likeliest_component_leaves() -> None:
    np.testing.assert_allclose(geometry.uncertainties(np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]])), [0.5, 0.0])


def test_colours_are_mixed_by_responsibility() -> None:
    colours = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    mixed = palette.mixed_colours(np.array([[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]]), colours)
    assert mixed.tolist() == [[1, 0, 0], [0.5, 0, 0.5], [0.25, 0, 0.75]]


def test_colours_come_again_beyond_the_palette() -> None:
    known = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    assert palette.component_colours(5, known).tolist() == [*known.tolist(), *known.tolist(), known[0].tolist()]


def test_numbers_stand_out_from_every_colour() -> None:
    from matplotlib.colors import to_rgb

    for colour in palette.OKABE_ITO:
        light = palette.luminance(np.array(to_rgb(colour)))
        on_it = 1.0 if palette.text_colour(np.array(to_rgb(colour))) == "white" else 0.0
        contrast = (max(light, on_it) + 0.05) / (min(light, on_it) + 0.05)
        assert contrast >= 4.5  # WCAG 2, level AA
