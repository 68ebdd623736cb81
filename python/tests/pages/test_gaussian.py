"""The numbers of gaussian.js and ticks.js are those of the library and of NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from conftest import Array, dense_of, expected_log_densities, random_mixture, random_rows
from page_data import model_of
from page_html import OpenPage, page_html
from scipy.stats import chi2, kstest, multivariate_normal

import mogul

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page(page_html(""))


def mixture_with_dead_component() -> mogul.Mixture:
    return mogul.Mixture("full", [0.5, 0.0, 0.5], [[0.0], [1.0], [2.0]], np.ones((3, 1, 1)))


def assert_close(found: Any, expected: Array) -> None:
    found = np.asarray(found, dtype=float)
    np.testing.assert_array_less(np.abs(found - expected), 1e-12 * (1 + np.abs(expected)))


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6])
def test_densities_and_responsibilities_are_the_librarys(page: Any, d: int) -> None:
    for seed in range(5):
        mixture = random_mixture("full", k=1 + 2 * seed, d=d, seed=seed)
        near = random_rows(mixture, 20)
        x = np.vstack([near, 30 * near, 1e6 * near, 1e90 * near])
        found = page.evaluate(
            """([model, rows]) => {
                const prepared = mogul.prepare(model);
                return {
                    component: rows.map((row) => mogul.log_densities(prepared, row)),
                    joint: rows.map((row) => mogul.log_joint(prepared, row)),
                    density: rows.map((row) => mogul.log_density(prepared, row)),
                    responsibilities: rows.map((row) => mogul.responsibilities(prepared, row)),
                };
            }""",
            [model_of(mixture), x.tolist()],
        )
        assert_close(found["component"], mogul.component_log_densities(mixture, x))
        assert_close(found["joint"], mogul.log_joint(mixture, x))
        assert_close(found["density"], mogul.log_densities(mixture, x))
        nearby = len(near)  # farther out, the rounding of log-densities of 1e4 and more is seen in their differences
        assert_close(found["responsibilities"][:nearby], mogul.responsibilities(mixture, x)[:nearby])
        r = np.array(found["responsibilities"])
        assert np.isfinite(r).all()
        np.testing.assert_allclose(r.sum(axis=1), 1, rtol=1e-12)


def test_rows_at_the_edge_of_doubles_belong_to_the_nearest_component(page: Any) -> None:
    mixture = mogul.Mixture("full", [0.5, 0.5], [[-1.0], [1.0]], np.array([1e-20, 4e-20])[:, None, None])
    script = "([model, x]) => mogul.responsibilities(mogul.prepare(model), [x])"
    for x in (-1e200, 1e200):
        assert page.evaluate(script, [model_of(mixture), x]) == [0, 1]


def test_components_without_weight_have_no_part(page: Any) -> None:
    mixture = mixture_with_dead_component()
    script = """([model, x]) => {
        const prepared = mogul.prepare(model);
        return [mogul.responsibilities(prepared, [x]), [mogul.log_density(prepared, [x])]];
    }"""
    for x in (-1e300, 0.0, 1.0, 1e300):
        responsibilities, density = page.evaluate(script, [model_of(mixture), x])
        assert responsibilities[1] == 0
        assert sum(responsibilities) == pytest.approx(1, abs=1e-15)
        if abs(x) < 10:
            assert_close(density, expected_log_densities(mixture, np.array([[x]])))


def test_log_sum_exp_is_exact_where_exp_is_not(page: Any) -> None:
    values = [[-1e4, -1e4], [1e4, 1e4 - 1], [-1e308, 0], [0, -800]]
    expected = [-1e4 + np.log(2), 1e4 + np.log1p(np.exp(-1)), 0, 0]
    assert_close(page.evaluate("(values) => values.map(mogul.log_sum_exp)", values), np.array(expected))
    assert page.evaluate("mogul.log_sum_exp([-Infinity, -Infinity]) === -Infinity")


def test_the_marginal_is_that_of_the_library(page: Any) -> None:
    mixture = random_mixture("full", k=4, d=5)
    found = page.evaluate("(model) => mogul.marginal(model, [3, 1])", model_of(mixture))
    x = random_rows(mixture, 10)[:, [3, 1]]
    pairs = zip(mixture.weights, mixture.means[:, [3, 1]], dense_of(mixture)[:, [3, 1]][:, :, [3, 1]], strict=True)
    expected = sum(weight * multivariate_normal(mean, cov).pdf(x) for weight, mean, cov in pairs)
    density = [mogul.Mixture("full", found["weights"], found["means"], np.array(found["covariances"]))]
    np.testing.assert_allclose(np.exp(mogul.log_densities(density[0], x)), expected, rtol=1e-10)


def test_ellipses_hold_their_mass(page: Any) -> None:
    masses = [1e-6, 0.393, 0.865, 0.989, 1 - 1e-12]
    found = page.evaluate("(masses) => masses.map(mogul.ellipse_radius)", masses)
    np.testing.assert_allclose(found, np.sqrt(chi2(2).ppf(masses)), rtol=1e-9)


@pytest.mark.parametrize(
    ("xx", "xy", "yy"), [(2, 0.5, 1), (1, 0, 4), (1e-8, 0.9e-2, 1e4), (3, -3 + 1e-12, 3), (0, 0, 1)]
)
def test_the_axes_of_ellipses_are_eigenvectors(page: Any, xx: float, xy: float, yy: float) -> None:
    axes = page.evaluate("(s) => mogul.ellipse_axes(...s)", [xx, xy, yy])
    covariance = np.array([[xx, xy], [xy, yy]])
    turn = np.array([[np.cos(axes["angle"]), -np.sin(axes["angle"])], [np.sin(axes["angle"]), np.cos(axes["angle"])]])
    rebuilt = turn @ np.diag([axes["major"] ** 2, axes["minor"] ** 2]) @ turn.T
    np.testing.assert_allclose(rebuilt, covariance, atol=1e-14 * np.abs(covariance).max())
    assert axes["minor"] ** 2 * axes["major"] ** 2 == pytest.approx(xx * yy - xy * xy, rel=1e-3, abs=1e-300)


def test_draws_follow_the_mixture_and_repeat(page: Any) -> None:
    mixture = random_mixture("full", k=3, d=2, seed=4)
    script = """([model, seed, n]) => {
        const prepared = mogul.prepare(model);
        const uniform = mogul.generator(seed);
        return Array.from({ length: n }, () => {
            const z = mogul.draw_component(prepared.weights, uniform);
            return [z, ...mogul.draw_row(prepared, z, uniform)];
        });
    }"""
    n = 5_000
    drawn = np.array(page.evaluate(script, [model_of(mixture), 7, n]))
    again = np.array(page.evaluate(script, [model_of(mixture), 7, 100]))
    other = np.array(page.evaluate(script, [model_of(mixture), 8, 100]))
    np.testing.assert_array_equal(drawn[:100], again)
    assert not np.array_equal(drawn[:100], other)
    z, x = drawn[:, 0].astype(int), drawn[:, 1:]
    deviation = np.sqrt(n * mixture.weights * (1 - mixture.weights))
    np.testing.assert_array_less(np.abs(np.bincount(z, minlength=3) - n * mixture.weights), 5 * deviation)
    for k, (mean, covariance) in enumerate(zip(mixture.means, dense_of(mixture), strict=True)):
        distances = np.einsum("nd,nd->n", x[z == k] - mean, np.linalg.solve(covariance, (x[z == k] - mean).T).T)
        assert kstest(distances, chi2(2).cdf).pvalue > 1e-4


def test_uniform_numbers_are_uniform(page: Any) -> None:
    script = "(seed) => { const u = mogul.generator(seed); return Array.from({ length: 5000 }, u); }"
    for seed in (0, 1, 2**31):
        u = np.array(page.evaluate(script, seed))
        assert ((u >= 0) & (u < 1)).all()
        assert kstest(u, "uniform").pvalue > 1e-4
        assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 5 / np.sqrt(len(u))


def ranges_of_axes() -> Iterator[tuple[float, float]]:
    yield from [
        (0, 1),
        (-3, 12),
        (1e8, 1e8 + 1),
        (1e8, 1e8 + 1e-3),
        (-1e100, 1e100),
        (1e-100, 3e-100),
        (0.1, 0.30000001),
    ]
    yield from [(-5e-7, 7e-7), (123456, 123457), (1e15, 1e15 + 8)]


@pytest.mark.parametrize(("low", "high"), list(ranges_of_axes()))
def test_marks_of_axes_say_what_they_are(page: Any, low: float, high: float) -> None:
    for most in (2, 5, 10):
        ticks = page.evaluate("(a) => mogul.ticks(...a)", [low, high, most])
        values = np.array([tick["value"] for tick in ticks])
        assert (most > 2) <= len(ticks) <= most + 1
        slack = 1e-6 * (high - low)
        assert (values >= low - slack).all() and (values <= high + slack).all()
        texts = [tick["text"] for tick in ticks]
        assert len(set(texts)) == len(texts)
        np.testing.assert_allclose([float(text) for text in texts], values, rtol=1e-14, atol=1e-9 * (high - low))
        if len(values) > 1:
            step = np.diff(values).min()
            mantissa = step / 10 ** np.floor(np.log10(step) + 1e-4)
            assert np.abs(mantissa - np.array([1, 2, 5])).min() < 1e-2


def test_numbers_that_underflow_are_written_all_the_same(page: Any) -> None:
    texts = page.evaluate("[-1e5, -800, -1, 0, 800, -Infinity].map(mogul.from_log)")
    assert texts[2:4] == ["0.3679", "1.000"]
    assert texts[5] == "0"
    for text, log in zip((texts[0], texts[1], texts[4]), (-1e5, -800, 800), strict=True):
        factor, exponent = text.split("e")
        assert 1 <= float(factor) < 10
        assert np.log(float(factor)) + int(exponent) * np.log(10) == pytest.approx(log, abs=1e-3)
