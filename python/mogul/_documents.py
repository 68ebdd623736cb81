"""What is shown and kept as a document: pages and pictures, which the library has written."""

from __future__ import annotations

import os
from base64 import b64encode
from html import escape
from typing import TypeVar

from . import _mogul

Path = TypeVar("Path", bound="str | os.PathLike[str]")

HEIGHT = 640
"""Of a page in a notebook, in CSS pixels."""


def described(kind: str, title: str, text: str, path: str) -> str:
    short = title if len(title) <= 60 else title[:57] + "..."
    return f"<{kind} {short!r}, {len(text) / 1000:.0f} kB; write({path!r}) saves it>"


def ending_of(path: str | os.PathLike[str]) -> str:
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path = {path!r}; must be a str or an os.PathLike")
    return os.path.splitext(os.fspath(path))[1].lower()


def as_text(text: str) -> str:
    """Bytes of names that are not UTF-8, which pages cannot show, become question marks."""
    return text.encode("utf-8", "replace").decode()


class Document:
    """Something to look at, which notebooks show and files keep.

    Attributes
    ----------
    title : str
    """

    title: str

    def write(self, path: Path) -> Path:
        """To a file, which appears whole or not at all.

        Parameters
        ----------
        path : path-like
            A page ends in .html; a picture in .svg, or in .html for a page that shows it.

        Returns
        -------
        path-like
            The same path.

        Raises
        ------
        ValueError
            For another ending.
        OSError
            If it cannot be written.
        """
        _mogul.write_text(path, self._text_for(path))
        return path

    def _text_for(self, path: str | os.PathLike[str]) -> str:
        raise NotImplementedError


class Page(Document):
    """An HTML page of one file that asks the network for nothing; notebooks show it.

    Attributes
    ----------
    title : str
    html : str
        The whole page.
    """

    def __init__(self, title: str, html: str) -> None:
        self.title = title
        self.html = html

    def _text_for(self, path: str | os.PathLike[str]) -> str:
        check_page_path(path)
        return self.html

    def __repr__(self) -> str:
        return described(type(self).__name__, self.title, self.html, "page.html")

    def _repr_html_(self) -> str:
        # In a frame, neither its styles nor its names meet those of the notebook.
        return (
            f'<iframe srcdoc="{escape(as_text(self.html))}" title="{escape(as_text(self.title))}" width="100%" '
            f'height="{HEIGHT}" allow="clipboard-write" style="border: 1px solid #8886; max-height: 90vh"></iframe>'
        )


def check_page_path(path: str | os.PathLike[str]) -> None:
    if ending_of(path) not in (".html", ".htm"):
        raise ValueError(f"path = {os.fspath(path)!r}; a page must end in .html")


class Explanation(Page):
    """EM explained step by step, the same content as a text, as JSON and as a page.

    Attributes
    ----------
    title : str
    html : str
        The page, with pictures and parts that a reader moves.
    text : str
        For a terminal, also ``str(explanation)``; tables of more than 20 rows are cut.
    json : str
        Every number in all its digits.
    """

    def __init__(self, title: str, html: str, text: str, json: str) -> None:
        super().__init__(title, html)
        self.text = text
        self.json = json

    def __str__(self) -> str:
        return self.text


class Picture(Document):
    """An SVG document; notebooks show it.

    Attributes
    ----------
    title : str
    svg : str
        The whole document.
    """

    def __init__(self, title: str, svg: str) -> None:
        self.title = title
        self.svg = svg

    def _text_for(self, path: str | os.PathLike[str]) -> str:
        check_picture_path(path)
        return self.svg if ending_of(path) == ".svg" else _mogul.picture_page(self.svg, self.title)

    def __repr__(self) -> str:
        return described("Picture", self.title, self.svg, "picture.svg")

    def _repr_html_(self) -> str:
        return as_image(self.svg, self.title)


def check_picture_path(path: str | os.PathLike[str]) -> None:
    if ending_of(path) not in (".svg", ".html", ".htm"):
        raise ValueError(
            f"path = {os.fspath(path)!r}; must end in .svg or .html (`mogul plot` and mogul.plot make .png and .pdf)"
        )


def as_image(svg: str, title: str, width: int | None = None) -> str:
    """As an image, whose styles and names do not meet those of the notebook."""
    data = b64encode(svg.encode("utf-8", "replace")).decode()
    at_most = "" if width is None else f"width: {width}px; "
    return (
        f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(as_text(title))}" '
        f'style="{at_most}max-width: 100%; height: auto">'
    )


Shown = TypeVar("Shown", bound=Document)


def written(document: Shown, path: str | os.PathLike[str] | None) -> Shown:
    """The document, which a file has as well where there is a path."""
    if path is not None:
        document.write(path)
    return document
