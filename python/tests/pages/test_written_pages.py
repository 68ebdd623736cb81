"""Pages as the library writes them, opened from files: quiet, within their window, legible, and they move."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from contrast import contrast
from page_data import NOTES_ROWS, clusters, notes_start
from page_html import OpenPage

import mogul

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

LONG = ["<script>alert(1)</script>", "mean temperature of the surface, in degrees", "x" * 300, "\"quoted\" & 'so'"]


def traced(x: Any, k: int, **options: Any) -> tuple[mogul.FitResult, list[mogul.TraceStep]]:
    trace: list[mogul.TraceStep] = []
    result = mogul.fit(x, k, callback=lambda iteration: trace.append(mogul.trace_step(iteration)), **options)
    return result, trace


@cache
def pages() -> dict[str, str]:
    wide = mogul.Dataset(clusters(200, 4, 3), LONG)
    plane = clusters(150, 2, 3)
    of_wide, trace_of_wide = traced(wide, 3, n_init=2, init="random")
    of_plane, trace_of_plane = traced(plane, 3, n_init=2, init="random")
    estimator = mogul.GaussianMixture(3, random_state=0).fit(plane)
    return {
        "report in 4-D": mogul.report(of_wide, wide, trace=trace_of_wide).html,
        "report in 2-D": mogul.report(estimator, plane).html,
        "report in 1-D": mogul.report(notes_start(), NOTES_ROWS).html,
        "replay in 4-D": mogul.replay(wide, trace_of_wide).html,
        "replay in 2-D": mogul.replay(plane, trace_of_plane).html,
        "explain in 1-D": mogul.explain(NOTES_ROWS, notes_start()).html,
        "explain in 2-D": mogul.explain(plane[:30], of_plane).html,
        "explain in 4-D": mogul.explain(wide, of_wide).html,
    }


NAMES = [
    "report in 4-D",
    "report in 2-D",
    "report in 1-D",
    "replay in 4-D",
    "replay in 2-D",
    "explain in 1-D",
    "explain in 2-D",
    "explain in 4-D",
]
each_page = pytest.mark.parametrize("name", NAMES)


def test_every_page_is_opened() -> None:
    assert list(pages()) == NAMES


@each_page
def test_a_page_is_quiet_and_its_numbers_are_finite(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name])  # which watches the console and the network
    bad = page.locator("body *").evaluate_all(
        r"""(all) => all.flatMap((e) => Array.from(e.attributes)
            .filter((a) => /(^|[\s,(])(NaN|nan|-?inf|-?Infinity|undefined)\b/.test(a.value))
            .map((a) => `${e.tagName} ${a.name}=${a.value}`.slice(0, 100)))"""
    )
    assert bad == []
    assert page.locator("main img, main script").count() == 0


@each_page
@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_window_and_is_legible(open_page: OpenPage, name: str, width: int, scheme: str) -> None:
    page = open_page(pages()[name], viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    texts = page.locator("main *:not(script):not(option):not(noscript)").evaluate_all(
        """(all) => {
          const has_text = (e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
          return all.filter(has_text).map((e) => {
            const style = getComputedStyle(e);
            const in_picture = e.closest("svg") !== null;
            return [e.textContent.slice(0, 40), in_picture ? style.fill : style.color,
                    in_picture && e.classList.contains("label")];
          });
        }"""
    )
    assert len(texts) > 20
    for said, colour, is_number_of_component in texts:
        assert contrast(colour, paper) >= (3 if is_number_of_component else 4.5), said


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("replay")])
def test_pictures_scroll_on_narrow_windows_and_their_words_do_not(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name], viewport={"width": 400, "height": 800})
    boxes = page.locator("figure:has(svg[role=img].figure) > .scroll")
    assert boxes.count() > 0
    assert boxes.evaluate_all("(all) => all.every((e) => e.tabIndex === 0 && e.getAttribute('aria-label'))")
    assert page.locator("svg.figure .legend, svg.figure .note, svg.figure .title").count() == 0
    beyond = page.locator("figure > *:not(.scroll), .legend span").evaluate_all(
        "(all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent)"
    )
    assert beyond == []
    smallest = page.locator("svg.figure text").evaluate_all(
        """(all) => Math.min(...all.map((e) => parseFloat(getComputedStyle(e).fontSize)
            * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width))"""
    )
    assert smallest >= 9


@each_page
def test_every_table_and_picture_is_named_by_words(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name])
    names = page.locator("[role=region]").evaluate_all("(all) => all.map((e) => e.getAttribute('aria-label'))")
    assert names and not [said for said in names if not said or "_" in said]


@each_page
def test_every_heading_can_be_linked_to_and_headings_are_in_order(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name])
    assert page.locator("h1").count() == 1
    headings = page.locator("h2, h3").evaluate_all("(all) => all.map((e) => [e.tagName, e.id])")
    if name.startswith("replay"):
        return
    assert len(headings) >= 5
    ids = page.locator("[id]").evaluate_all("(all) => all.map((e) => e.id)")
    assert len(ids) == len(set(ids))
    for _, key in headings:
        assert key
        page.evaluate("(key) => { location.hash = key; }", key)
        box = page.locator(f"[id='{key}']").bounding_box()
        assert box is not None and -1 <= box["y"] < page.viewport_size["height"]
    levels = [int(tag[1]) for tag, _ in headings]
    assert levels[0] == 2 and all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("replay")])
def test_tables_sort(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name])
    table = page.locator("table.sortable").filter(has=page.locator("tbody tr:nth-child(3)")).first
    values = "(cells) => cells.map((cell) => Number(cell.dataset.value))"
    column = table.locator("thead th").evaluate_all("(all) => all.findIndex((e) => !e.classList.contains('text'))") + 1
    button = table.locator(f"thead th:nth-child({column}) button")
    for direction in (1, -1):
        button.click()
        found = np.array(table.locator(f"tbody td:nth-child({column})").evaluate_all(values))
        assert len(found) >= 3 and np.all(direction * np.diff(found) >= 0)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("replay")])
def test_the_slider_of_a_replay_moves_the_components(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name])
    drawn = "(all) => all.map((e) => e.outerHTML)"
    before = page.locator("#replay ellipse").evaluate_all(drawn)
    assert len(before) == 9
    slider = page.locator("#replay input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    at_start = page.locator("#replay ellipse").evaluate_all(drawn)
    page.keyboard.press("End")
    assert page.locator("#replay ellipse").evaluate_all(drawn) != at_start


@pytest.mark.parametrize("name", ["explain in 1-D", "explain in 2-D"])
def test_the_reader_s_x_moves_the_posterior(open_page: OpenPage, name: str) -> None:
    page = open_page(pages()[name])
    posterior = page.locator("#posterior tbody")
    before = posterior.inner_text()
    page.locator("#posterior input[type=range], #posterior input[type=number]").first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert posterior.inner_text() != before


def test_a_page_in_a_notebook_stays_in_its_frame(open_page: OpenPage) -> None:
    """Two cells of a notebook with styles of its own, and results beside them."""
    result, trace = traced(clusters(60, 2, 2), 2)
    x = clusters(60, 2, 2)
    cells = [
        mogul.report(result, x)._repr_html_(),
        mogul.replay(x, trace)._repr_html_(),
        mogul.plot_svg(result, x)._repr_html_(),
        mogul.plot_svg(result)._repr_html_(),
        result._repr_html_(),  # type: ignore[attr-defined]
        mogul.GaussianMixture(2, random_state=0).fit(x)._repr_html_(),
    ]
    style = "<style>h1 { color: rgb(1, 2, 3); } body { background: rgb(4, 5, 6); }</style>"
    page = open_page(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">{style}</head>'
        f"<body><h1>Notebook</h1>{''.join(cells)}</body></html>"
    )
    assert page.locator("h1").evaluate("(e) => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(4, 5, 6)"
    ids = page.locator("[id]").evaluate_all("(all) => all.map((e) => e.id)")
    assert len(ids) == len(set(ids))
    frame = page.frame_locator("iframe").first
    assert frame.locator("h1").inner_text() == "Gaussian mixture: report"
    assert frame.locator("body").evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    header = frame.locator("table.sortable thead button").first
    header.click()
    assert frame.locator("th[aria-sort]").count() == 1
    images = page.locator("img").evaluate_all("(all) => all.map((e) => [e.complete, e.naturalWidth])")
    assert len(images) == 4 and all(complete and width > 200 for complete, width in images)
