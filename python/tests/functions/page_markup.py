"""What tests of pages and pictures share: models, hostile names, and what a browser makes of markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from conftest import Array, random_mixture, random_rows

import mogul

M = random_mixture("full")
X = random_rows(M, 80)
RESULT = mogul.fit(X, 3, n_init=2)

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</script></title></style>]]><!-- & \u202e",
    "x" * 10_000,
    "\udcff not UTF-8",
    "bell \x07, escape \x1b, \x7f, \ufffe",
]


def traced(x: Array, k: int = 2, **options: Any) -> tuple[mogul.FitResult, list[mogul.TraceStep]]:
    trace: list[mogul.TraceStep] = []
    result = mogul.fit(x, k, callback=lambda iteration: trace.append(mogul.trace_step(iteration)), **options)
    return result, trace


_, TRACE = traced(X)


class Elements(HTMLParser):
    """What a browser makes of markup: names of elements, their attributes and texts."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def scripts_of(page: str) -> int:
    return len(Elements(page).all("script"))


def data_of(page: str, key: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{key}">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def values_of(page: str, caption: str) -> list[float]:
    """The numbers of a table, row by row."""
    table = next(part for part in page.split("<table") if f">{caption}</caption>" in part).split("</table>")[0]
    return [float(value) for value in re.findall(r'data-value="([^"]*)"', table)]


def figure_of(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return root
