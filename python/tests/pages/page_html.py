"""Pages as the library writes them, made of the sources, of data and of the library's own style."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import mogul

SOURCES = Path(__file__).resolve().parents[3] / "src" / "report" / "page"
SCRIPTS = ("gaussian", "ticks", "dom", "chart", "tables", "replay", "lesson")

OpenPage = Callable[..., Any]


@cache
def style() -> str:
    """Of every page: colours first, then page.css."""
    one = mogul.Mixture("full", [1.0], [[0.0]], [[[1.0]]])
    found = re.search(r"<style>(.*?)</style>", mogul.report(one, [[0.0], [1.0]]).html, flags=re.DOTALL)
    assert found is not None
    return found[1]


def page_html(body: str, data: dict[str, Any] | None = None) -> str:
    """A page as the library writes it: everything inside, data as JSON that cannot end its element."""
    script = "".join((SOURCES / f"{name}.js").read_text() for name in SCRIPTS)
    values = ""
    for key, value in (data or {}).items():
        json_text = json.dumps(value).replace("<", "\\u003c")
        values += f'<script type="application/json" id="{html.escape(key)}">{json_text}</script>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>mogul</title>'
        f"<style>{style()}</style></head><body><main>{body}</main>{values}<script>{script}</script></body></html>"
    )


def replay_page(data: dict[str, Any]) -> str:
    return page_html('<h1>EM, iteration by iteration</h1><div id="replay"></div>', {"replay-data": data})


def lesson_page(data: dict[str, Any]) -> str:
    body = '<h1>Lesson</h1><h2>Posterior</h2><div id="posterior"></div><h2>Sampling</h2><div id="sampling"></div>'
    return page_html(body, {"lesson-data": data})
