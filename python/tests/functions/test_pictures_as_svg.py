"""Pictures as SVG, and what notebooks show of the result of a fit."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import message_of
from page_markup import HOSTILE, RESULT, Elements, M, X, figure_of

import mogul


def test_pictures_of_every_kind_are_well_formed_and_have_finite_numbers() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 3))
    wide = mogul.fit(rows, 2)
    pictures = [mogul.plot_svg(None, X), mogul.plot_svg(wide, rows), mogul.plot_svg(RESULT, kind="log_likelihood")]
    for kind in ("rows", "density", "contour", "ellipses", "components", "responsibilities", "uncertainty", "pairs"):
        pictures += [mogul.plot_svg(M, X, kind=kind)]
    pictures += [mogul.plot_svg(wide, rows, principal_axes=True), mogul.plot_svg(M, masses=[0.5])]
    for picture in pictures:
        for element in figure_of(picture.svg).iter():
            for value in element.attrib.values():
                assert not re.search(r"\b(nan|inf|NaN|Infinity)\b", value)


def test_features_are_chosen_by_name_or_by_number_from_0() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 3))
    result = mogul.fit(mogul.Dataset(rows, ["a", "2", "c"]), 2)
    assert mogul.plot_svg(result, features=["2", "c"]).svg == mogul.plot_svg(result, features=[1, 2]).svg
    chosen, marginal = mogul.plot_svg(result, features=[2]).svg, mogul.plot_svg(result.mixture.marginal([2])).svg
    assert re.findall(r' d="([^"]+)"', chosen) == re.findall(r' d="([^"]+)"', marginal)
    assert "the marginal of 1 of 3 features" in chosen
    said = message_of(lambda: mogul.plot_svg(result, features=["b"]))
    assert "features: 'b'; must be one of 'a', '2', 'c'" in said
    assert "features: 3; must be from 0 to 2" in message_of(lambda: mogul.plot_svg(result, features=[3]))
    assert "features is empty" in message_of(lambda: mogul.plot_svg(result, features=[]))


def test_the_history_of_a_fit_is_drawn_either_way() -> None:
    plain, negative = (mogul.plot_svg(RESULT, kind="log_likelihood", negative=sign) for sign in (False, True))
    assert "negative log-likelihood" in negative.svg and "negative" not in plain.svg
    estimator = mogul.GaussianMixture(2, random_state=0).fit(X)
    assert "log-likelihood" in mogul.plot_svg(estimator, kind="log_likelihood").svg
    assert "made of known parameters" in message_of(lambda: mogul.plot_svg(M, kind="log_likelihood"))
    assert "x is given" in message_of(lambda: mogul.plot_svg(RESULT, X, kind="log_likelihood"))
    for argument, value in {"weights": [1, 2], "features": [0], "masses": [0.5], "principal_axes": True}.items():
        said = message_of(lambda given={argument: value}: mogul.plot_svg(RESULT, kind="log_likelihood", **given))  # type: ignore[misc]
        assert said.startswith(f"{argument} ") and "shows the history of the fit alone; leave it out" in said
    assert "negative is given" in message_of(lambda: mogul.plot_svg(RESULT, X, negative=True))


@pytest.mark.parametrize(
    ("said", "call"),
    {
        "model and x are both None": lambda: mogul.plot_svg(),
        "weights are given, but x is not": lambda: mogul.plot_svg(M, weights=[1, 2]),
        "kind = 'pie'; must be one of 'rows', 'density'": lambda: mogul.plot_svg(M, kind="pie"),
        "masses: 1.5; must be above 0 and at most 0.999999": lambda: mogul.plot_svg(M, masses=[1.5]),
        "must end in .svg or .html": lambda: mogul.plot_svg(M, path="picture.png"),
        "needs a model": lambda: mogul.plot_svg(None, X, principal_axes=True),
        "3 feature names for 2 features": lambda: mogul.plot_svg(mogul.ModelFile(M, ["a", "b", "c"])),
        "1 feature names for 2 features": lambda: mogul.report(mogul.ModelFile(M, ["a"]), X),
    }.items(),
)
def test_wrong_pictures_are_refused_in_sentences(said: str, call: Callable[[], object]) -> None:
    assert said in message_of(call)


def test_a_picture_is_written_as_svg_or_as_a_page(tmp_path: Path) -> None:
    picture = mogul.plot_svg(M, X, tmp_path / "picture.svg", title="A < B")
    assert (tmp_path / "picture.svg").read_text(encoding="utf-8") == picture.svg
    page = picture.write(tmp_path / "picture.html").read_text(encoding="utf-8")
    assert picture.svg in page and "<title>A &lt; B</title>" in page
    image = Elements(picture._repr_html_())
    assert [name for name, _ in image.found] == ["img"]
    assert image.all("img")[0]["alt"] == "A < B"
    assert "A < B" in repr(picture)


def image_of(shown: str) -> ElementTree.Element | None:
    images = Elements(shown).all("img")
    if not images:
        return None
    kind, data = (images[0]["src"] or "").split(",", 1)
    assert kind == "data:image/svg+xml;base64"
    return figure_of(base64.b64decode(data).decode())


@pytest.mark.parametrize("d", [1, 2, 4])
def test_a_result_shows_its_summary_and_a_small_picture(d: int) -> None:
    result = mogul.fit(np.random.default_rng(0).normal(size=(50, d)), 2)
    shown = result._repr_html_()  # type: ignore[attr-defined]
    assert html.escape(result.summary()) in shown
    assert image_of(shown) is not None
    assert len(shown) < 300_000


def test_a_large_result_shows_its_summary_alone() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 120))
    shown = mogul.fit(rows, 2, covariance="spherical")._repr_html_()  # type: ignore[attr-defined]
    assert image_of(shown) is None and "<pre" in shown


def test_hostile_names_stay_text_in_notebooks() -> None:
    rows = np.random.default_rng(0).normal(size=(40, 2))
    for names in (HOSTILE[:2], HOSTILE[2:4], HOSTILE[4:]):
        shown = mogul.fit(mogul.Dataset(rows, names), 2)._repr_html_()  # type: ignore[attr-defined]
        assert [name for name, _ in Elements(shown).found] == ["div", "pre", "img"]
        shown.encode()
