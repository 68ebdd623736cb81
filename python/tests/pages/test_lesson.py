"""The lesson computes Bayes' theorem at the reader's x, and draws z before x."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from conftest import Array, expected_component_log_densities, expected_log_densities, expected_responsibilities
from page_data import NOTES_ROWS, clusters, lesson_data, notes_start, start_at
from page_html import OpenPage, lesson_page

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

X = clusters(60, 2, 2)
IN_TWO = start_at(X, 2, 0)


@pytest.fixture
def notes(open_page: OpenPage) -> Any:
    return open_page(lesson_page(lesson_data(NOTES_ROWS, notes_start(), ["x"])))


@pytest.fixture
def plane(open_page: OpenPage) -> Any:
    return open_page(lesson_page(lesson_data(X, IN_TWO, ["length", "width"])))


def table(page: Any, widget: str) -> Array:
    script = "(rows) => rows.map((row) => Array.from(row.cells, (cell) => Number(cell.dataset.value)))"
    return np.array(page.locator(f"#{widget} tbody tr").evaluate_all(script))


def field(page: Any, i: int = 0) -> Any:
    return page.locator("#posterior input[type=number]").nth(i)


def values(page: Any) -> Array:
    return np.array([float(field(page, i).input_value()) for i in range(page.locator("input[type=number]").count())])


def assert_posterior_at(page: Any, mixture: Any, x: Array) -> None:
    densities = np.exp(expected_component_log_densities(mixture, x[None]))[0]
    r = expected_responsibilities(mixture, x[None])[0]
    expected = np.column_stack([mixture.weights, densities, mixture.weights * densities, r])
    np.testing.assert_allclose(table(page, "posterior")[:, 1:], expected, rtol=1e-11)
    text = page.locator("#posterior .status").inner_text()
    density = np.exp(expected_log_densities(mixture, x[None]))[0]
    assert float(re.search(r"p\(x\) = (\S+),", text)[1]) == pytest.approx(density, rel=1e-3)
    sizes = page.locator("#posterior td.bar").evaluate_all(
        "(all) => all.map((e) => parseFloat(e.style.backgroundSize))"
    )
    np.testing.assert_allclose(sizes, 100 * r, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("x", [-3.0, -1.25, 0.0, 3.5, 8.0])
def test_the_posterior_at_a_typed_x_is_that_of_numpy(notes: Any, x: float) -> None:
    field(notes).fill(str(x))
    assert_posterior_at(notes, notes_start(), np.array([x]))


def test_the_posterior_begins_at_the_row_that_the_text_is_about(plane: Any) -> None:
    np.testing.assert_array_equal(values(plane), X[0])
    assert_posterior_at(plane, IN_TWO, X[0])
    assert "log p(x) = " in plane.locator("#posterior .status").inner_text()


def test_the_slider_moves_x_and_the_mark(notes: Any) -> None:
    notes.locator("#posterior input[type=range]").press("End")
    far = float(field(notes).input_value())
    assert far > 12
    assert_posterior_at(notes, notes_start(), np.array([far]))
    mark = float(notes.locator("#posterior circle.now").get_attribute("cx"))
    notes.locator("#posterior input[type=range]").press("Home")
    assert float(notes.locator("#posterior circle.now").get_attribute("cx")) < mark


def test_an_x_far_out_has_a_posterior_all_the_same(notes: Any) -> None:
    field(notes).fill("1e60")
    np.testing.assert_array_equal(table(notes, "posterior")[:, 4], [0, 0, 1])
    assert "NaN" not in notes.locator("#posterior").inner_html()
    field(notes).fill("-100")
    texts = notes.locator("#posterior tbody tr:first-child td").all_inner_texts()
    factor, exponent = texts[1].split("e")
    logarithm = np.log(float(factor)) + int(exponent) * np.log(10)
    assert logarithm == pytest.approx(-(96**2) / 2 - 0.5 * np.log(2 * np.pi), abs=1e-3)


def test_a_density_beyond_every_power_of_ten_is_short(notes: Any) -> None:
    """Its logarithm is -(1e50)^2 / 2 / 3 of the broadest component."""
    field(notes).fill("1e50")
    assert "p(x) = exp(-1.67e+99), log p(x) = -1.66667e+99." in notes.locator("#posterior .status").inner_text()
    texts = notes.locator("#posterior tbody td").all_inner_texts()
    assert max(map(len, texts)) <= 15
    box = notes.locator("#posterior .scroll")
    assert box.evaluate("(e) => e.scrollWidth <= e.clientWidth")


def test_symbols_in_headers_are_set_as_in_the_text(notes: Any) -> None:
    headers = notes.locator("#posterior thead th")
    assert headers.nth(1).inner_html() == "prior \u03c0<sub><i>k</i></sub>"
    assert headers.nth(3).inner_html() == "joint <i>p</i>(<i>x</i>, <i>z</i><sub><i>k</i></sub> = 1)"
    assert "_" not in "".join(notes.locator("#posterior thead, #sampling thead").all_inner_texts())


@pytest.mark.parametrize("wrong", ["", "1e200", "-"])
def test_a_wrong_number_is_marked_and_changes_nothing(notes: Any, wrong: str) -> None:
    before = table(notes, "posterior")
    field(notes).fill("")
    field(notes).press_sequentially(wrong)
    assert field(notes).get_attribute("aria-invalid") == "true"
    if wrong != "1e200":  # of which 1 to 1e20 are numbers
        np.testing.assert_array_equal(table(notes, "posterior"), before)
    field(notes).fill("0.5")
    assert field(notes).get_attribute("aria-invalid") == "false"


def test_in_the_plane_x_moves_by_clicks_and_arrow_keys(plane: Any) -> None:
    assert_posterior_at(plane, IN_TWO, values(plane))
    picture = plane.locator("#posterior svg.chart")
    box = picture.bounding_box()
    picture.click(position={"x": 0.6 * box["width"], "y": 0.4 * box["height"]})
    clicked = values(plane)
    assert_posterior_at(plane, IN_TWO, clicked)
    mark = plane.locator("#posterior circle.now").bounding_box()
    assert mark["x"] + mark["width"] / 2 == pytest.approx(box["x"] + 0.6 * box["width"], abs=2)
    assert mark["y"] + mark["height"] / 2 == pytest.approx(box["y"] + 0.4 * box["height"], abs=2)
    picture.press("ArrowRight")
    picture.press("ArrowUp")
    moved = values(plane)
    assert (moved > clicked).all()
    assert_posterior_at(plane, IN_TWO, moved)


@pytest.fixture
def still(open_page: OpenPage) -> Any:
    """The plane, where time stands still."""
    page = open_page(lesson_page(lesson_data(X, IN_TWO, ["length", "width"])), is_changed=True)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    return page


def test_z_is_drawn_before_x(still: Any) -> None:
    still.get_by_role("button", name="draw one").click()
    status = still.locator("#sampling .status")
    said = re.match(
        r"z = (\d): this component is drawn with probability \u03c0([\u2080-\u2089]) = 0\.5000", status.inner_text()
    )
    z = int(said[1])
    assert ord(said[2]) == 0x2080 + z
    assert still.locator("#sampling circle.row").count() == 0
    assert table(still, "sampling")[:, 3].sum() == 0
    still.clock.run_for(700)
    assert status.inner_text().startswith(f"z = {z}, then x = ")
    assert still.locator("#sampling circle.row").count() == 1
    assert table(still, "sampling")[z, 3] == 1


def test_a_second_draw_does_not_wait_for_the_first(still: Any) -> None:
    for _ in range(3):
        still.get_by_role("button", name="draw one").click()
    assert table(still, "sampling")[:, 3].sum() == 2
    still.clock.run_for(700)
    assert table(still, "sampling")[:, 3].sum() == 3


def test_only_a_row_that_is_drawn_alone_is_marked(still: Any) -> None:
    mark = still.locator("#sampling circle.now")
    drawn = still.locator("#sampling tr.drawn")

    def draw_one() -> None:
        still.get_by_role("button", name="draw one").click()
        assert (mark.count(), drawn.count()) == (0, 1), "the component is drawn, the row not yet"
        still.clock.run_for(700)
        assert (mark.count(), drawn.count()) == (1, 1)

    draw_one()
    draw_one()
    still.get_by_role("button", name="draw 100").click()
    assert (mark.count(), drawn.count()) == (0, 0)
    draw_one()
    still.get_by_role("button", name="clear").click()
    assert (mark.count(), drawn.count()) == (0, 0)


def test_draws_are_counted_against_their_expectation_and_cleared(plane: Any) -> None:
    for _ in range(3):
        plane.get_by_role("button", name="draw 100").click()
    rows = table(plane, "sampling")
    np.testing.assert_allclose(rows[:, 2], 300 * IN_TWO.weights)
    assert rows[:, 3].sum() == 300
    assert (np.abs(rows[:, 3] - rows[:, 2]) < 5 * np.sqrt(300 / 4)).all()
    assert plane.locator("#sampling circle.row").count() == 300
    plane.get_by_role("button", name="clear").click()
    assert table(plane, "sampling")[:, 3].sum() == 0
    assert plane.locator("#sampling circle.row").count() == 0


def test_the_histogram_has_the_scale_of_the_density(notes: Any) -> None:
    for _ in range(5):
        notes.get_by_role("button", name="draw 100").click()
    script = "(bars) => bars.map((b) => ['width', 'height', 'y'].map((name) => Number(b.getAttribute(name))))"
    bars = np.array(notes.locator("#sampling rect.bin").evaluate_all(script))
    per_unit, per_density = notes.evaluate("[mogul.sampling.chart.x_per_unit, -mogul.sampling.chart.y_per_unit]")
    assert np.ptp(bars[:, 0]) < 0.05
    assert (bars[:, 0] * bars[:, 1]).sum() / (per_unit * per_density) == pytest.approx(1, abs=5e-3)


@pytest.mark.parametrize("n", [1, 100, 1500])
def test_the_histogram_ends_below_the_top(notes: Any, n: int) -> None:
    notes.evaluate("(n) => mogul.sampling.draw_many(n)", n)
    tops = notes.locator("#sampling rect.bin").evaluate_all("(bars) => bars.map((b) => Number(b.getAttribute('y')))")
    assert len(tops) >= min(n, 6)
    assert min(tops) > notes.evaluate("mogul.sampling.chart.top") + 5
