"""Pages made of the sources and of data, in Chromium, which must say nothing and ask the network for nothing."""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAM = "/usr/bin/chromium"
SOURCES = Path(__file__).resolve().parents[3] / "src" / "report" / "page"
COLOURS = Path(__file__).with_name("colours.css")
SCRIPTS = ("gaussian", "ticks", "dom", "chart", "tables", "replay", "lesson")

OpenPage = Callable[..., Any]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium")


def page_html(body: str, data: dict[str, Any] | None = None) -> str:
    """A page as the library writes it: everything inside, data as JSON that cannot end its element."""
    style = COLOURS.read_text() + (SOURCES / "page.css").read_text()
    script = "".join((SOURCES / f"{name}.js").read_text() for name in SCRIPTS)
    values = ""
    for key, value in (data or {}).items():
        json_text = json.dumps(value).replace("<", "\\u003c")
        values += f'<script type="application/json" id="{html.escape(key)}">{json_text}</script>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>mogul</title><style>{style}</style>'
        f"</head><body><main>{body}</main>{values}<script>{script}</script></body></html>"
    )


def replay_page(data: dict[str, Any]) -> str:
    return page_html('<h1>EM, iteration by iteration</h1><div id="replay"></div>', {"replay-data": data})


def lesson_page(data: dict[str, Any]) -> str:
    body = '<h1>Lesson</h1><h2>Posterior</h2><div id="posterior"></div><h2>Sampling</h2><div id="sampling"></div>'
    return page_html(body, {"lesson-data": data})


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"{PROGRAM} cannot be found: install the package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[OpenPage]:
    """Opens the HTML of a page from a file; options are those of a browser context, as viewport or color_scheme."""
    contexts = []
    heard: list[str] = []

    def open_it(text: str, **options: Any) -> Any:
        path = tmp_path / f"page_{len(contexts)}.html"
        path.write_text(text, encoding="utf-8")
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("dialog", lambda dialog: heard.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: heard.append(request.url))
        page.goto(path.as_uri())
        heard.remove(path.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert heard == []
