"""Pages are one file each, which notebooks show in a frame; rows and their names come from anywhere."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import message_of, run_python
from page_markup import HOSTILE, RESULT, TRACE, Elements, M, X, data_of, figure_of, scripts_of, traced

import mogul

PAGES: dict[str, Callable[..., mogul.Page]] = {
    "report": lambda **given: mogul.report(RESULT, X, **given),
    "replay": lambda **given: mogul.replay(X, TRACE, **given),
    "explain": lambda **given: mogul.explain(X, M, **given),
}
each_page = pytest.mark.parametrize("make", list(PAGES.values()), ids=list(PAGES))


@each_page
def test_a_page_is_one_document_with_its_title_and_nothing_from_elsewhere(make: Callable[..., mogul.Page]) -> None:
    page = make(title="Seven & <points>")
    assert page.title == "Seven & <points>"
    assert page.html.startswith("<!DOCTYPE html>") and page.html.rstrip().endswith("</html>")
    assert "<title>Seven &amp; &lt;points&gt;</title>" in page.html
    for _, attributes in Elements(page.html).found:
        assert not {"src", "srcset", "action", "data"} & attributes.keys()
        assert (attributes.get("href") or "data:").startswith(("data:", "#"))
    assert "NaN" not in re.sub(r"(?s)<script>.*?</script>", "", page.html)


@each_page
def test_a_written_page_is_the_page(make: Callable[..., mogul.Page], tmp_path: Path) -> None:
    page = make()
    path = tmp_path / "page.html"
    assert page.write(path) is path
    assert path.read_text(encoding="utf-8") == page.html
    assert make(path=str(tmp_path / "other.HTM")).html == page.html
    assert (tmp_path / "other.HTM").read_text(encoding="utf-8") == page.html
    assert sorted(os.listdir(tmp_path)) == ["other.HTM", "page.html"]


@each_page
def test_only_a_page_s_ending_is_taken_and_before_anything_is_computed(
    make: Callable[..., mogul.Page], tmp_path: Path
) -> None:
    expected = "ill_named.txt'; a page must end in .html"
    assert expected in message_of(lambda: make(path=tmp_path / "ill_named.txt"))
    assert expected in message_of(lambda: make().write(tmp_path / "ill_named.txt"))
    assert "must be a str or an os.PathLike" in message_of(lambda: make().write(3), TypeError)
    with pytest.raises(FileNotFoundError, match="missing"):
        make(path=tmp_path / "missing" / "page.html")
    assert os.listdir(tmp_path) == []


@each_page
def test_notebooks_show_a_page_in_a_frame_of_its_own(make: Callable[..., mogul.Page]) -> None:
    page = make(title='"quoted" & <b>')
    shown = page._repr_html_()
    frames = Elements(shown)
    assert [name for name, _ in frames.found] == ["iframe"]  # no style and no name meets those of the notebook
    frame = frames.all("iframe")[0]
    assert frame["srcdoc"] == page.html
    assert frame["title"] == '"quoted" & <b>'
    assert 300 <= int(frame["height"] or 0) <= 1000
    assert page.title in repr(page) and len(repr(page)) < 200


@each_page
def test_bytes_that_are_not_utf_8_do_not_break_a_notebook(make: Callable[..., mogul.Page], tmp_path: Path) -> None:
    page = make(title="caf\udce9")
    page._repr_html_().encode()
    page.write(tmp_path / "page.html")
    assert "caf" in (tmp_path / "page.html").read_text(encoding="utf-8", errors="replace")


@each_page
def test_a_wrong_type_is_named(make: Callable[..., mogul.Page]) -> None:
    assert message_of(lambda: make(title=3), TypeError) == "title = 3; must be a str"
    assert "path = 3; must be a str or an os.PathLike" in message_of(lambda: make(path=3), TypeError)
    assert "got an unexpected keyword argument 'colour'" in message_of(lambda: make(colour=3), TypeError)


def test_weights_are_those_of_repeated_rows() -> None:
    counts = np.random.default_rng(1).integers(1, 4, len(X))
    weighted = mogul.explain(X, M, weights=counts, max_iter=3)
    repeated = mogul.explain(np.repeat(X, counts, axis=0), M, max_iter=3)
    last = [json.loads(each.json) for each in (weighted, repeated)]
    assert weighted.html != mogul.explain(X, M, max_iter=3).html
    likelihoods = [re.findall(r'"(?:L|log_likelihood)": ?(-?[\d.e+-]+)', each.json) for each in (weighted, repeated)]
    assert last[0].keys() == last[1].keys() and likelihoods[0]
    np.testing.assert_allclose(*(np.array(each, dtype=float) for each in likelihoods), rtol=1e-9)


def test_scikit_learn_s_words_are_taken() -> None:
    weights = np.linspace(1, 2, len(X))
    theirs = mogul.report(RESULT, X=X, sample_weight=weights)
    assert theirs.html == mogul.report(RESULT, X, weights=weights).html
    estimator = mogul.GaussianMixture(2, random_state=0).fit(X, sample_weight=weights)
    assert mogul.report(estimator, X, sample_weight=weights).html != mogul.report(estimator, X).html


def test_frames_name_the_features_and_so_do_files(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    named = pd.DataFrame(X, columns=["height", "girth"])
    mogul.write_csv(tmp_path / "rows.csv", X, ["height", "girth"])
    for rows in (named, pl.from_pandas(named), tmp_path / "rows.csv", str(tmp_path / "rows.csv")):
        for page in (mogul.report(M, rows), mogul.explain(rows, M), mogul.replay(rows, TRACE)):
            assert "girth" in page.html
        assert "girth" in mogul.plot_svg(M, rows).svg and "girth" in mogul.plot_svg(None, rows).svg
    fitted = mogul.fit(named, 2)
    assert "girth" in mogul.report(fitted, X).html
    estimator = mogul.GaussianMixture(2, random_state=0).fit(named)
    assert "girth" in mogul.report(estimator, named).html and "girth" in mogul.plot_svg(estimator).svg
    swapped = named[["girth", "height"]]
    assert "x: column 1 is named 'girth', but the mixture was fitted with 'height'" in message_of(
        lambda: mogul.report(fitted, swapped)
    )
    with pytest.raises(ValueError, match="feature names"):
        mogul.report(estimator, swapped)


def test_of_a_file_the_features_of_the_model_and_the_column_of_weights_are_taken(tmp_path: Path) -> None:
    weights = np.arange(1, len(X) + 1)
    table = np.column_stack([weights, X[:, ::-1]])
    mogul.write_csv(tmp_path / "rows.csv", table, ["count", "girth", "height"])
    fitted = mogul.ModelFile(M, ["height", "girth"])
    expected = mogul.report(fitted, X, weights=weights)
    assert mogul.report(fitted, tmp_path / "rows.csv", weights="count").html == expected.html
    _, trace = traced(X[:, ::-1].copy(), weights=weights)
    replayed = data_of(mogul.replay(tmp_path / "rows.csv", trace, weights="count").html, "replay-data")
    assert replayed["features"] == ["girth", "height"]
    assert "names a column of a file, but x is not" in message_of(lambda: mogul.report(M, X, weights="count"))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_rows_that_are_not_finite_or_do_not_fit_are_refused(value: float) -> None:
    bad = X.copy()
    bad[3, 1] = value
    for call in (
        lambda x: mogul.report(M, x),
        lambda x: mogul.replay(x, TRACE),
        lambda x: mogul.explain(x, M),
        lambda x: mogul.plot_svg(M, x),
    ):
        with pytest.raises(mogul.InvalidData, match=r"row 4, column 'x2'"):
            call(bad)
        with pytest.raises(ValueError, match="columns"):
            call(X[:, :1])
        with pytest.raises(FileNotFoundError):
            call("missing.csv")


# --- Hostile names


def test_hostile_names_never_become_markup() -> None:
    rows = np.random.default_rng(0).normal(size=(40, len(HOSTILE)))
    data = mogul.Dataset(rows, HOSTILE)
    result, trace = traced(data, 2)
    for page, plain in (
        (mogul.report(result, data, title=HOSTILE[0], command=HOSTILE[2]), mogul.report(result.mixture, rows)),
        (mogul.replay(data, trace, title=HOSTILE[1]), mogul.replay(rows, trace)),
        (mogul.explain(data, result, title=HOSTILE[2]), mogul.explain(rows, result.mixture)),
    ):
        assert scripts_of(page.html) == scripts_of(plain.html)
        assert Elements(page.html).all("img") == []
        assert [name for name, _ in Elements(page._repr_html_()).found] == ["iframe"]
    for picture in (
        mogul.plot_svg(result, data, title=HOSTILE[2]),
        mogul.plot_svg(None, data, features=[0, 1]),
        mogul.plot_svg(result, features=[2], title=HOSTILE[1]),
        mogul.plot_svg(result, features=[3, 4]),
    ):
        tags = {element.tag.rpartition("}")[2] for element in figure_of(picture.svg.encode("utf-8", "replace")).iter()}
        assert not tags & {"script", "img", "image"}


def test_importing_the_pages_needs_neither_scikit_learn_nor_matplotlib() -> None:
    program = """
import sys, mogul
x = [[0.0], [1.0], [3.0], [4.0]]
result = mogul.fit(x, 2)
result._repr_html_(), mogul.report(result, x), mogul.explain(x, result.mixture), mogul.plot_svg(result, x)
print([m for m in ("sklearn", "matplotlib") if m in sys.modules])
"""
    assert run_python(program) == "[]\n"
