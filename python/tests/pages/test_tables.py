"""Tables sort by a click or a key, and are copied as CSV in full precision."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from page_html import OpenPage, page_html

import mogul

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

TABLE = """<div class="scroll"><table class="sortable">
<thead><tr><th scope="col">name</th><th scope="col">value</th>
<th scope="col" data-value="long, name">short</th></tr></thead>
<tbody>
<tr><th scope="row">b10</th><td data-value="-1e-7">0</td><td>x,y</td></tr>
<tr><th scope="row">b9</th><td data-value="3.141592653589793">3.14</td><td>say "hi"</td></tr>
<tr><th scope="row">A</th><td></td><td data-value="two&#10;lines">two</td></tr>
<tr><th scope="row">c</th><td data-value="1e3">1000</td><td>&lt;b&gt;</td></tr>
</tbody></table></div>"""


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page(page_html(TABLE))


def names(page: Any) -> list[str]:
    return page.locator("tbody th").all_inner_texts()


def header(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name)


def test_numbers_sort_by_value_and_empty_cells_stay_last(page: Any) -> None:
    header(page, "value").click()
    assert names(page) == ["b10", "b9", "c", "A"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    header(page, "value").click()
    assert names(page) == ["c", "b9", "b10", "A"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_texts_sort_as_people_do_and_by_keyboard(page: Any) -> None:
    header(page, "name").focus()
    page.keyboard.press("Enter")
    assert names(page) == ["A", "b9", "b10", "c"]
    page.keyboard.press("Space")
    assert names(page) == ["c", "b10", "b9", "A"]


def test_only_the_sorted_column_says_so(page: Any) -> None:
    header(page, "value").click()
    header(page, "name").click()
    assert page.locator("th[aria-sort]").all_inner_texts()[0].startswith("name")
    assert page.locator("th[aria-sort]").count() == 1


EXPECTED = [
    ["name", "value", "long, name"],
    ["b10", "-1e-7", "x,y"],
    ["b9", "3.141592653589793", 'say "hi"'],
    ["A", "", "two\nlines"],
    ["c", "1e3", "<b>"],
]


def test_the_csv_is_what_the_cells_stand_for(page: Any) -> None:
    text = page.evaluate("mogul.csv_of(document.querySelector('table'))")
    assert list(csv.reader(io.StringIO(text, newline=""))) == EXPECTED
    assert text.startswith('name,value,"long, name"\r\n')
    assert text.endswith("\r\n")


def fill_clipboard(page: Any, text: str) -> None:
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").fill(text)
    page.locator("textarea").press("Control+A")
    page.locator("textarea").press("Control+C")
    page.locator("textarea").evaluate("(area) => area.remove()")


def pasted(page: Any) -> str:
    """What is in the clipboard, by pasting it as a reader would."""
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    return page.locator("textarea").input_value()


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_copying_fills_the_clipboard_and_says_so(page: Any, has_clipboard: bool) -> None:
    if not has_clipboard:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    fill_clipboard(page, "something else")
    page.get_by_role("button", name="copy as CSV").click()
    page.get_by_text("copied", exact=True).wait_for()
    assert page.evaluate("document.activeElement.textContent") == "copy as CSV"
    assert list(csv.reader(io.StringIO(pasted(page)))) == EXPECTED


def test_a_copy_of_a_cut_table_says_what_it_has(open_page: OpenPage) -> None:
    rows = [[float(i)] for i in range(30)]
    page = open_page(mogul.explain(rows, mogul.Mixture("full", [1.0], [[3.0]], [[[4.0]]]), max_iter=1).html)
    cut = page.locator("div.scroll:has(+ .cut)")
    assert cut.count() > 0
    for i in range(cut.count()):
        assert cut.nth(i).evaluate("(e) => e.previousElementSibling.innerText") == "copy the rows shown as CSV"
    assert page.get_by_role("button", name="copy as CSV").count() > 0


def test_a_browser_that_forbids_copying_is_told_of(page: Any) -> None:
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="copy as CSV").click()
    page.get_by_text("does not let pages copy").wait_for()
