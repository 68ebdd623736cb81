"""Chromium, in which pages say nothing on the console and ask the network for nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAM = "/usr/bin/chromium"


class Windows:
    """A tab of Chromium for each set of options, used again by the next test because opening one takes long."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.tabs: dict[str, Any] = {}
        self.heard: list[str] = []

    def new_tab(self, options: dict[str, Any]) -> Any:
        tab = self.browser.new_context(**options).new_page()
        tab.set_default_timeout(20_000)
        tab.on("console", lambda message: self.heard.append(f"console: {message.text}"))
        tab.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        tab.on("dialog", lambda dialog: self.heard.append(f"dialog: {dialog.message}"))
        tab.on("request", lambda request: self.heard.append(request.url))
        return tab

    def open(self, path: Path, is_changed: bool, options: dict[str, Any]) -> Any:
        key = repr(sorted(options.items()))
        tab = self.tabs.pop(key, None) or self.new_tab(options)
        if not is_changed:
            self.tabs[key] = tab
        tab.goto(path.as_uri())
        self.heard.remove(path.as_uri())
        return tab


@pytest.fixture(scope="session")
def windows() -> Iterator[Windows]:
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"{PROGRAM} cannot be found: install the package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu"])
        yield Windows(browser)
        browser.close()


@pytest.fixture
def open_page(windows: Windows, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the HTML of a page from a file. Options are those of a browser context, as viewport or color_scheme;
    is_changed says that the test changes them, or the clock."""

    def open_it(text: str, is_changed: bool = False, **options: Any) -> Any:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return windows.open(path, is_changed, options)

    windows.heard.clear()
    yield open_it
    assert windows.heard == []
