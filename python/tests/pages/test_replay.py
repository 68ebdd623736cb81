"""The replay shows each iteration as it was: positions, colours and texts are compared with NumPy's numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from conftest import Array, expected_log_densities, expected_responsibilities
from page_data import NOTES_ROWS, Data, clusters, notes_start, replay_data, start_at
from page_html import OpenPage, replay_page

import mogul

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

PALETTE = ["#007abe", "#c85f00", "#008f69"]
RADII = np.sqrt(-2 * np.log1p(-np.array([0.393, 0.865, 0.989])))
N_ITERATIONS = 12


@pytest.fixture(scope="module")
def data() -> Data:
    x = clusters(120, 2, 3, seed=2)
    return replay_data(x, [start_at(x, 3, 0), start_at(x, 3, 1)], ["length", "width"], N_ITERATIONS)


def kept(data: Data) -> list[Data]:
    return next(restart["steps"] for restart in data["restarts"] if restart["kept"])


def attributes(page: Any, selector: str, names: list[str]) -> list[list[str]]:
    script = "(found, names) => found.map((element) => names.map((name) => element.getAttribute(name)))"
    return page.locator(selector).evaluate_all(script, names)


def tick_positions(page: Any, anchor: str, coordinate: str) -> tuple[Array, Array]:
    """The numbers on an axis of the first chart, and where they are in pixels."""
    selector = f"#replay figure:first-of-type > svg > text.quiet[text-anchor={anchor}]"
    values = np.array([float(text) for text in page.locator(selector).all_text_contents()])
    return values, np.array([float(at) for [at] in attributes(page, selector, [coordinate])])


def scales(page: Any) -> tuple[np.poly1d, np.poly1d]:
    """From data to pixels, as a reader would find out: by the marks of the axes."""
    x, at_x = tick_positions(page, "middle", "x")
    y, at_y = tick_positions(page, "end", "y")
    return np.poly1d(np.polyfit(x, at_x, 1)), np.poly1d(np.polyfit(y, at_y - 4, 1))  # the text's baseline is lower


def drawn_covariance(rx: float, ry: float, degrees: float) -> Array:
    turn = np.deg2rad(degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return rotation @ np.diag([rx**2, ry**2]) @ rotation.T


def assert_ellipses_show(page: Any, step: Data, features: tuple[int, int] = (0, 1)) -> None:
    to_x, to_y = scales(page)
    scale = np.diag([to_x[1], to_y[1]])
    ellipses = attributes(page, "#replay ellipse", ["cx", "cy", "rx", "ry", "transform"])
    assert len(ellipses) == 3 * len(step["weights"])
    for i, (cx, cy, rx, ry, transform) in enumerate(ellipses):
        mean = np.array(step["means"][i // 3])[list(features)]
        covariance = np.array(step["covariances"][i // 3])[np.ix_(features, features)]
        np.testing.assert_allclose([float(cx), float(cy)], [to_x(mean[0]), to_y(mean[1])], atol=0.1)
        degrees = float(re.match(r"rotate\((\S+)", transform)[1])
        expected = RADII[i % 3] ** 2 * scale @ covariance @ scale
        found = drawn_covariance(float(rx), float(ry), degrees)
        np.testing.assert_allclose(found, expected, atol=2e-3 * np.abs(expected).max())


def mixed(r: Array) -> str:
    """Mixed in linear light."""
    light = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in PALETTE]) ** 2.2
    red, green, blue = np.rint(255 * np.minimum(1, r @ light) ** (1 / 2.2)).astype(int)
    return f"rgb({red}, {green}, {blue})"


def status(page: Any) -> str:
    return page.locator("#replay .status").inner_text()


def iteration(page: Any) -> int:
    return int(re.match(r"iteration (\d+) of", status(page))[1])


def test_it_begins_with_the_start_of_the_kept_restart(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    first = kept(data)[0]
    assert status(page) == f"iteration 0 of {N_ITERATIONS}, L = {first['log_likelihood']:.4f}"
    assert_ellipses_show(page, first)


def test_slider_and_keys_move_the_ellipses(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    steps = kept(data)
    page.locator("[name=step]").fill("5")
    assert iteration(page) == 5
    assert_ellipses_show(page, steps[5])
    for key, expected in [("ArrowRight", 6), ("ArrowLeft", 5), ("End", N_ITERATIONS), ("ArrowRight", N_ITERATIONS)]:
        page.keyboard.press(key)
        assert iteration(page) == expected
        assert page.locator("[name=step]").input_value() == str(expected)
    assert_ellipses_show(page, steps[-1])
    page.locator("body").click(position={"x": 1, "y": 1})  # not in the slider any more
    page.keyboard.press("Home")
    assert iteration(page) == 0
    assert_ellipses_show(page, steps[0])


def test_the_text_says_by_how_much_the_log_likelihood_changed(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    page.keyboard.press("ArrowRight")
    before, now = (step["log_likelihood"] for step in kept(data)[:2])
    found = re.fullmatch(rf"iteration 1 of {N_ITERATIONS}, L = (\S+), change \+(\S+)", status(page))
    assert float(found[1]) == pytest.approx(now, abs=1e-4)
    assert float(found[2]) == pytest.approx(now - before, rel=1e-2)


def test_rows_have_the_mixed_colours_of_their_responsibilities(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    page.keyboard.press("ArrowRight")
    step = kept(data)[1]
    mixture = mogul.Mixture("full", step["weights"], step["means"], np.array(step["covariances"]))
    x = np.array(data["rows"])
    colours = page.locator("#replay circle.row").evaluate_all("(rows) => rows.map((row) => row.style.fill)")
    assert colours == [mixed(r) for r in expected_responsibilities(mixture, x)]
    to_x, to_y = scales(page)
    places = np.array(attributes(page, "#replay circle.row", ["cx", "cy"]), dtype=float)
    np.testing.assert_allclose(places, np.column_stack([to_x(x[:, 0]), to_y(x[:, 1])]), atol=0.1)


def test_another_restart_is_shown_from_its_start(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    other = next(i for i, restart in enumerate(data["restarts"]) if not restart["kept"])
    page.keyboard.press("End")
    page.locator("[name=restart]").select_option(str(other))
    assert iteration(page) == 0
    assert_ellipses_show(page, data["restarts"][other]["steps"][0])
    options = page.locator("[name=restart] option").all_text_contents()
    assert [("kept" in option) for option in options] == [restart["kept"] for restart in data["restarts"]]
    assert [option.split(":")[0] for option in options] == [str(restart["restart"] + 1) for restart in data["restarts"]]


@pytest.mark.parametrize("press", ["button", "Space"])
def test_playing_ends_at_the_last_iteration_and_can_be_paused(open_page: OpenPage, data: Data, press: str) -> None:
    page = open_page(replay_page(data), is_changed=True)
    page.clock.install(time=0)
    page.clock.pause_at(1000)

    def toggle() -> None:
        if press == "button":
            page.locator("#replay .play").click()
        else:
            page.keyboard.press("Space")

    toggle()
    assert page.locator("#replay .play").inner_text() == "pause"
    assert page.locator("#replay .status").get_attribute("aria-live") == "off"
    page.clock.run_for(1100)
    assert iteration(page) == 2
    toggle()
    page.clock.run_for(2000)
    assert iteration(page) == 2
    assert page.locator("#replay .status").get_attribute("aria-live") == "polite"
    toggle()
    page.clock.run_for(60_000)
    assert iteration(page) == N_ITERATIONS
    assert page.locator("#replay .play").inner_text() == "play"
    toggle()
    assert iteration(page) == 0


def test_playing_is_slower_for_those_who_asked_for_less_motion(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data), is_changed=True, reduced_motion="reduce")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.keyboard.press("Space")
    page.clock.run_for(1900)
    assert iteration(page) == 1


def test_keys_mean_what_they_mean_inside_controls(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    page.locator("#replay .scroll").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#replay [name=restart]").focus()
    page.keyboard.press("End")
    assert iteration(page) == 0
    page.locator("h1").click()
    page.keyboard.press("Control+ArrowRight")
    assert iteration(page) == 0


def test_the_table_has_the_parameters_in_full_precision_and_stays_sorted(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    page.get_by_role("button", name="weight", exact=True).click()
    page.locator("[name=step]").press("End")
    step = kept(data)[-1]
    script = "(rows) => rows.map((row) => Array.from(row.cells, (cell) => Number(cell.dataset.value)))"
    rows = np.array(page.locator("#replay tbody tr").evaluate_all(script))
    order = np.argsort(kept(data)[0]["weights"], kind="stable")
    deviations = np.sqrt(np.diagonal(step["covariances"], axis1=1, axis2=2))
    correlations = [c[0][1] / s[0] / s[1] for c, s in zip(step["covariances"], deviations, strict=True)]
    columns = [
        np.arange(3),
        step["weights"],
        step["component_sizes"],
        *np.transpose(step["means"]),
        *deviations.T,
        correlations,
    ]
    np.testing.assert_array_equal(rows, np.column_stack(columns)[order])


def test_the_mark_is_on_the_curve_of_the_log_likelihood(open_page: OpenPage, data: Data) -> None:
    page = open_page(replay_page(data))
    path = page.locator("#replay figure:nth-of-type(2) path").get_attribute("d")
    places = [[float(at) for at in place.split()] for place in path[1:].split("L")]
    assert len(places) == N_ITERATIONS + 1
    for i in (0, 3, N_ITERATIONS):
        page.locator("[name=step]").fill(str(i))
        [mark] = attributes(page, "#replay figure:nth-of-type(2) circle.now", ["cx", "cy"])
        assert [float(at) for at in mark] == places[i]


def test_of_more_features_two_are_chosen_and_their_marginal_is_drawn(open_page: OpenPage) -> None:
    x = clusters(100, 4, 3)
    data = replay_data(x, [start_at(x, 3, 0)], ["a", "b", "c", "d"], 5)
    page = open_page(replay_page(data))
    page.locator("[name=step]").fill("4")
    page.locator("[name=feature_x]").select_option("3")
    page.locator("[name=feature_y]").select_option("0")
    assert_ellipses_show(page, kept(data)[4], (3, 0))
    step = kept(data)[4]
    mixture = mogul.Mixture("full", step["weights"], step["means"], np.array(step["covariances"]))
    colours = page.locator("#replay circle.row").evaluate_all("(rows) => rows.map((row) => row.style.fill)")
    assert colours == [mixed(r) for r in expected_responsibilities(mixture, x)]


def cells(page: Any, header: str) -> list[float]:
    headers = page.locator("#replay thead th").evaluate_all("(all) => all.map((e) => e.dataset.value)")
    script = "(rows, column) => rows.map((row) => Number(row.cells[column].dataset.value))"
    values: list[float] = page.locator("#replay tbody tr").evaluate_all(script, headers.index(header))
    return values


def test_the_size_of_a_component_is_set_as_mathematics(open_page: OpenPage) -> None:
    """A name of a feature that looks like a symbol stays as it is, and the copy as CSV has N_k."""
    x = clusters(40, 2, 2)
    page = open_page(replay_page(replay_data(x, [start_at(x, 2, 0)], ["N_k", "b"], 3)))
    headers = page.locator("#replay thead th")
    assert headers.nth(2).locator("button").inner_html() == "<i>N</i><sub><i>k</i></sub>"
    assert headers.nth(2).get_attribute("data-value") == "N_k"
    assert headers.nth(3).inner_text() == "mean of N_k"


def test_the_table_has_the_correlation_of_the_two_features_that_are_shown(open_page: OpenPage) -> None:
    x = clusters(100, 4, 3)
    data = replay_data(x, [start_at(x, 3, 0)], ["a", "b", "c", "d"], 5)
    page = open_page(replay_page(data))
    page.locator("[name=step]").fill("4")
    page.locator("[name=feature_x]").select_option("2")
    page.locator("[name=feature_y]").select_option("3")
    step = kept(data)[4]
    expected = [np.array(c)[2, 3] / np.sqrt(c[2][2] * c[3][3]) for c in step["covariances"]]
    np.testing.assert_allclose(cells(page, "correlation of c and d"), expected, rtol=1e-12)


def test_a_feature_is_never_drawn_against_itself(open_page: OpenPage) -> None:
    x = clusters(100, 3, 2)
    data = replay_data(x, [start_at(x, 2, 0)], ["a", "b", "c"], 3)
    page = open_page(replay_page(data))
    page.locator("[name=feature_x]").select_option("1")  # which y had
    assert page.locator("[name=feature_x]").input_value() == "1"
    assert page.locator("[name=feature_y]").input_value() == "0"
    assert_ellipses_show(page, kept(data)[0], (1, 0))
    page.locator("[name=feature_y]").select_option("1")
    assert page.locator("[name=feature_x]").input_value() == "0"
    assert_ellipses_show(page, kept(data)[0], (0, 1))


def curve(page: Any, selector: str) -> Array:
    path = page.locator(selector).first.get_attribute("d")
    return np.array([[float(at) for at in place.split()] for place in path[1:].split("L")])


def test_one_feature_is_drawn_as_densities_over_a_rug(open_page: OpenPage) -> None:
    data = replay_data(NOTES_ROWS, [notes_start()], ["x"], 10)
    page = open_page(replay_page(data))
    to_x, to_y = scales(page)
    places = curve(page, "#replay path.mixture")
    x = (places[:, 0] - to_x[0]) / to_x[1]
    expected = np.exp(expected_log_densities(notes_start(), x[:, None]))
    np.testing.assert_allclose(places[:, 1], to_y(expected), atol=2)  # x is known to a hundredth of a pixel
    assert page.locator("#replay path.component").count() == 3
    rug = np.array(attributes(page, "#replay line.rug", ["x1"]), dtype=float)
    np.testing.assert_allclose(rug, to_x(NOTES_ROWS), atol=0.1)
    heights = np.exp(expected_log_densities(notes_start(), np.array([[-4.0], [0.0], [8.0]])))
    for mean, height in zip((-4, 0, 8), heights, strict=True):
        peak = np.abs(places - [to_x(mean), to_y(height)]).max(axis=1).min()
        assert peak < 0.5


def test_one_row_far_out_can_be_left_out_of_the_picture(open_page: OpenPage) -> None:
    x = clusters(100, 2, 3)
    x[0] = [1e6, 1e6]
    page = open_page(replay_page(replay_data(x, [start_at(x, 2, 0)], ["a", "b"], 2)))
    to_x, _ = scales(page)
    assert np.ptp(to_x(x[1:, 0])) < 1
    page.locator("[name=close_up]").check()
    to_x, _ = scales(page)
    assert np.ptp(to_x(x[1:, 0])) > 100


EXTREMES = {
    "one row": np.array([[1.0, 2.0]]),
    "equal rows": np.full((20, 2), 3.0),
    "a constant feature": np.column_stack([np.arange(20.0), np.full(20, 1e8)]),
    "far from the origin": clusters(50, 2, 2) + 1e9,
    "tiny": clusters(50, 2, 2) * 1e-90,
    "huge": clusters(50, 2, 2) * 1e90,
    "far apart": np.vstack([clusters(50, 2, 2), [[1e90, -1e90]]]),
    "one feature, equal": np.full((20, 1), -7.0),
    "one feature, huge": clusters(50, 1, 2) * 1e95,
}


@pytest.mark.parametrize("x", list(EXTREMES.values()), ids=list(EXTREMES))
def test_no_number_is_missing_from_extreme_pictures(open_page: OpenPage, x: Array) -> None:
    deviation = np.maximum(x.std(axis=0), 1e-3 * np.abs(x).max(axis=0))
    covariance = np.diag(deviation**2)
    mixture = {"weights": [0.5, 0.5, 0.0], "means": [*x[:1].tolist(), *x[-1:].tolist(), *x[:1].tolist()]}
    step = {**mixture, "covariances": [covariance.tolist()] * 3, "component_sizes": [1, 1, 0], "entropy": 0}
    steps = [{**step, "iteration": i, "log_likelihood": value} for i, value in enumerate([-1e300, -1.0, -1.0])]
    data = {"features": ["a", "b"][: x.shape[1]], "rows": x.tolist(), "n_rows": len(x), "note": ""}
    page = open_page(replay_page({**data, "restarts": [{"restart": 0, "kept": True, "steps": steps}]}))
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        text = page.locator("#replay").inner_html()
        assert not re.search(r"NaN|Infinity|undefined", text)
    numbers = page.locator("#replay svg *").evaluate_all(
        "(all) => all.flatMap((e) => ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'rx', 'ry', 'r']"
        ".map((name) => e.getAttribute(name)).filter((value) => value !== null))"
    )
    assert np.isfinite(np.array(numbers, dtype=float)).all()
    assert page.locator("#replay ellipse").count() in (0, 6)
    unplaced = "(all) => all.filter((e) => !(e.hasAttribute('cx') && e.hasAttribute('cy'))).length"
    assert page.locator("#replay circle, #replay ellipse").evaluate_all(unplaced) == 0
