"""Pages fit narrow and wide windows, are legible in both colour schemes and reachable by keyboard; names stay text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from contrast import contrast, luminance
from page_data import NOTES_ROWS, clusters, lesson_data, notes_start, replay_data, start_at
from page_html import OpenPage, lesson_page, replay_page, style

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><!-- & ' \" \u202e \U0001f600",
    "x" * 10_000,
]


def pages() -> dict[str, str]:
    wide = clusters(80, 5, 3)
    names = [f"a long name of feature {i}, in cubic metres per second" for i in range(5)]
    plane = clusters(80, 2, 3)
    return {
        "replay in 1-D": replay_page(replay_data(NOTES_ROWS, [notes_start()], ["x"], 5)),
        "replay in 5-D": replay_page(replay_data(wide, [start_at(wide, 12, i) for i in range(2)], names, 3)),
        "lesson in 1-D": lesson_page(lesson_data(NOTES_ROWS, notes_start(), ["x"])),
        "lesson in 2-D": lesson_page(lesson_data(plane, start_at(plane, 3, 0), names[:2])),
    }


PAGES = pages()
each_page = pytest.mark.parametrize("text", list(PAGES.values()), ids=list(PAGES))


@each_page
@pytest.mark.parametrize("width", [400, 1200])
def test_the_page_never_scrolls_sideways(open_page: OpenPage, text: str, width: int) -> None:
    page = open_page(text, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beyond = "(all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML)"
    assert page.locator("body *:not(.scroll *):not(svg *)").evaluate_all(beyond) == []
    outside = """(all) => all.filter((e) => {
        const chart = e.closest("svg.chart").getBoundingClientRect();
        const box = e.getBoundingClientRect();
        return box.left < chart.left - 4 || box.right > chart.right + 4;
    }).map((e) => e.textContent)"""
    assert page.locator("svg.chart > text").evaluate_all(outside) == []


@pytest.mark.parametrize("key", ["replay in 5-D", "lesson in 2-D"])
def test_charts_follow_the_width_of_the_window(open_page: OpenPage, key: str) -> None:
    page = open_page(PAGES[key], is_changed=True, viewport={"width": 1200, "height": 800})
    for width in (400, 900):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            "Array.from(document.querySelectorAll('svg.chart'))"
            ".every((e) => Math.abs(e.viewBox.baseVal.width - e.getBoundingClientRect().width) <= 1)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_contrast_is_computed_as_by_wcag() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)


@each_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_marks_stand_out_from_the_paper(open_page: OpenPage, text: str, scheme: str) -> None:
    page = open_page(text, color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(tuple(map(float, re.findall(r"\d+", paper)))) > 0.5) == (scheme == "light")
    texts = page.locator("body *:not(script):not(option)").evaluate_all(
        """(all) => {
          const has_text = (e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
          return all.filter(has_text).map((e) => {
            const style = getComputedStyle(e);
            return [e.textContent.slice(0, 40), e.closest("svg") === null ? style.color : style.fill];
          });
        }"""
    )
    assert len(texts) > 20
    for said, colour in texts:
        assert contrast(colour, paper) >= 4.5, said
    strokes = page.locator("svg .component, svg .mixture, svg line.rug, svg .now").evaluate_all(
        "(all) => all.map((e) => getComputedStyle(e).stroke)"
    )
    assert len(strokes) > 3
    for colour in strokes:
        assert contrast(colour, paper) >= 3


def test_the_palette_stands_out_from_both_papers() -> None:
    hexes = dict(re.findall(r"--(k\d):(#\w{6})", style()))
    assert len(hexes) == 8
    for value in hexes.values():
        rgb = "rgb({}, {}, {})".format(*(int(value[i : i + 2], 16) for i in (1, 3, 5)))
        for paper in ("rgb(255, 255, 255)", "rgb(13, 17, 23)"):
            assert contrast(rgb, paper) >= 3, value


def test_a_change_of_the_colour_scheme_is_followed(open_page: OpenPage) -> None:
    page = open_page(PAGES["replay in 1-D"], is_changed=True)
    page.emulate_media(color_scheme="light")
    light = page.locator("svg .mixture").first.evaluate("(e) => getComputedStyle(e).stroke")
    page.emulate_media(color_scheme="dark")
    dark = page.locator("svg .mixture").first.evaluate("(e) => getComputedStyle(e).stroke")
    assert light != dark


@each_page
def test_everything_that_can_be_used_is_reached_by_tab_and_shows_it(open_page: OpenPage, text: str) -> None:
    page = open_page(text)
    usable = page.locator("button, input, select, [tabindex='0']")
    usable.evaluate_all("(all) => all.forEach((e, i) => { e.dataset.number = i; })")
    reached = set()
    for _ in range(usable.count() + 2):
        page.keyboard.press("Tab")
        number, outline = page.evaluate(
            "[document.activeElement.dataset.number, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if number is not None:
            reached.add(int(number))
            assert outline != "none"
    assert reached == set(range(usable.count()))


@each_page
def test_every_control_and_picture_has_a_name(open_page: OpenPage, text: str) -> None:
    page = open_page(text)
    unnamed = page.locator("button, input, select, svg.chart, [role=region]").evaluate_all(
        """(all) => all.filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label")
            || (e.labels && e.labels.length && e.labels[0].textContent.trim()))).map((e) => e.outerHTML)"""
    )
    assert unnamed == []
    assert page.locator("svg.chart:not([aria-label])").count() == 0


@pytest.mark.parametrize("kind", ["replay", "lesson"])
def test_hostile_names_stay_text(open_page: OpenPage, kind: str) -> None:
    x = clusters(40, 4, 2)
    start = start_at(x, 2, 0)
    if kind == "replay":
        page = open_page(
            replay_page(replay_data(x, [start, start], HOSTILE, 2)), viewport={"width": 400, "height": 800}
        )
        headers = page.locator("#replay thead th").evaluate_all("(all) => all.map((e) => e.dataset.value)")
        assert headers[3:7] == [f"mean of {name}" for name in HOSTILE]
        assert max(map(len, page.locator("#replay thead th").all_inner_texts())) <= 40
        assert page.locator("#replay thead th").nth(6).get_attribute("title") == f"mean of {HOSTILE[3]}"
        page.locator("[name=feature_x]").select_option("3")
    else:
        page = open_page(lesson_page(lesson_data(x, start, HOSTILE)), viewport={"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.locator("main img, main script").count() == 0
    assert page.locator("main").get_by_text(HOSTILE[0]).count() > 0


@pytest.mark.parametrize("key", ["replay in 5-D", "lesson in 2-D"])
def test_the_printed_page_has_no_controls_and_all_columns(open_page: OpenPage, key: str) -> None:
    paper = 700  # A4 without margins has 718 CSS pixels
    page: Any = open_page(PAGES[key], is_changed=True, viewport={"width": paper, "height": 1000})
    page.emulate_media(media="print")
    assert page.locator(".controls:visible").count() == 0
    right = page.locator(".scroll table").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().right)")
    assert len(right) > 0
    assert max(right) <= paper
    cut = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.outerHTML)"
    assert page.locator(".scroll, .scroll th, .scroll td").evaluate_all(cut) == []
    assert len(page.pdf()) > 10_000


@each_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rows_stand_out_from_the_paper(open_page: OpenPage, text: str, scheme: str) -> None:
    page = open_page(text, color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    rows = page.locator("svg circle.row").evaluate_all(
        "(all) => all.map((e) => getComputedStyle(e)).map((s) => [s.fill, s.fillOpacity, s.opacity])"
    )
    for fill, *opacities in rows:
        assert contrast(fill, paper) >= 3
        assert opacities == ["1", "1"]


def test_words_in_tables_are_at_the_left_and_numbers_at_the_right(open_page: OpenPage) -> None:
    cells = "<tr><th>1</th><td class='text'>width</td><td>0.5</td></tr>"
    page = open_page(f"<style>{style()}</style><table><tbody>{cells}</tbody></table>")
    aligned = page.locator("td").evaluate_all("(all) => all.map((e) => getComputedStyle(e).textAlign)")
    assert aligned == ["left", "right"]
