"""Chromium, in which pages say nothing on the console and ask the network for nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"{PROGRAM} cannot be found: install the package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def opener(chromium: Any, folder: Path) -> Iterator[Callable[..., Any]]:
    contexts = []
    heard: list[str] = []

    def open_it(text: str, **options: Any) -> Any:
        path = folder / f"page_{len(contexts)}.html"
        path.write_text(text, encoding="utf-8")
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
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


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the HTML of a page from a file; options are those of a browser context, as viewport or color_scheme."""
    with opener(chromium, tmp_path) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def open_shared_page(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """The same for a page that the tests of a module share, because none changes it."""
    with opener(chromium, tmp_path_factory.mktemp("pages")) as open_it:
        yield open_it
