"""Pages and pictures: what they are made of, what they hold, how notebooks show them and files keep them."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import PROGRAM, Array, message_of, random_mixture, random_rows, run_python

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


PAGES: dict[str, Callable[..., mogul.Page]] = {
    "report": lambda **given: mogul.report(RESULT, X, **given),
    "replay": lambda **given: mogul.replay(X, TRACE, **given),
    "explain": lambda **given: mogul.explain(X, M, **given),
}
each_page = pytest.mark.parametrize("make", list(PAGES.values()), ids=list(PAGES))


# --- Every page


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
    expected = "ill_named.txt'; is for a page, so its ending must be .html"
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


# --- Models of every kind


def test_every_kind_of_model_gives_the_same_lesson() -> None:
    estimator = mogul.GaussianMixture.from_parameters(M.weights, M.means, M.covariances)
    file = mogul.ModelFile(M)
    expected = mogul.explain(X, M)
    for model in (estimator, file, mogul.fit(X, init=M, max_iter=0)):
        assert mogul.explain(X, model).html == expected.html


def test_a_report_tells_of_the_fit_what_the_model_knows() -> None:
    page = mogul.report(RESULT, X).html
    assert RESULT.report.termination.sentence in page
    assert ">Convergence</h2>" in page and ">Restarts</caption>" in page
    alone = mogul.report(RESULT.mixture, X).html
    assert "The model file tells nothing of a fit" in alone and ">Convergence</h2>" not in alone
    assert "Q, expected complete-data log-likelihood" not in page
    result, trace = traced(X, 3)
    assert "Q, expected complete-data log-likelihood" in mogul.report(result, X, trace=trace).html


def test_a_report_has_the_criteria_of_evaluate() -> None:
    weights = np.random.default_rng(0).integers(1, 4, len(X))
    for given in (None, weights):
        evaluation = mogul.evaluate(RESULT.mixture, X, given)
        values = values_of(mogul.report(RESULT, X, weights=given).html, "Lower AIC, BIC and ICL are better")
        expected = [
            evaluation.log_likelihood,
            evaluation.mean_log_likelihood,
            evaluation.n_parameters,
            evaluation.aic,
            evaluation.bic,
            evaluation.icl,
        ]
        np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_the_report_of_an_estimator_has_its_history_and_how_it_was_made() -> None:
    model = mogul.GaussianMixture(3, n_init=3, random_state=0, fixed=["weights"], weights_init=[0.2, 0.3, 0.5]).fit(X)
    page = mogul.report(model, X).html
    assert model.termination_ in page and ">Convergence</h2>" in page
    assert "GaussianMixture(fixed=" in html.unescape(page) and "n_init=3" in page
    assert values_of(page, "Lower AIC, BIC and ICL are better")[3] == pytest.approx(model.aic(X))
    assert values_of(page, "Restarts")[0::3] == [0, 1, 2]
    model.means_ = model.means_ + 1.0  # which nobody has fitted
    assert ">Convergence</h2>" not in mogul.report(model, X).html
    again = mogul.GaussianMixture.from_parameters(M.weights, M.means, M.covariances)
    assert ">Convergence</h2>" not in mogul.report(again, X).html


def test_an_estimator_of_a_file_reports_the_fit_that_the_file_tells_of(tmp_path: Path) -> None:
    mogul.write_model(tmp_path / "model.json", RESULT)
    model = mogul.GaussianMixture.from_json(tmp_path / "model.json")
    assert RESULT.report.termination.sentence in mogul.report(model, X).html


def test_models_that_are_none_are_refused_in_sentences() -> None:
    from sklearn.exceptions import NotFittedError
    from sklearn.mixture import GaussianMixture as Theirs

    for call in (lambda model: mogul.report(model, X), lambda model: mogul.explain(X, model)):
        said = message_of(lambda call=call: call("model.json"), TypeError)  # type: ignore[misc]
        assert "= 'model.json'; must be a mogul.Mixture, FitResult, ModelFile or fitted GaussianMixture" in said
        theirs = Theirs(2).fit(X)
        assert "from_sklearn" in message_of(lambda call=call, theirs=theirs: call(theirs), TypeError)  # type: ignore[misc]
        with pytest.raises(NotFittedError):
            call(mogul.GaussianMixture(2))


# --- Rows


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
    replayed = data_of(mogul.replay(tmp_path / "rows.csv", TRACE, weights="count").html, "replay-data")
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


# --- Replay


def test_a_replay_is_the_same_of_a_callback_s_history_and_of_the_trace_of_the_command_line(tmp_path: Path) -> None:
    mogul.write_csv(tmp_path / "rows.csv", X, ["a", "b"])
    fit = [str(PROGRAM), "fit", "rows.csv", "-k", "2", "--trace", "trace.jsonl", "-o", "model.json", "--quiet"]
    subprocess.run(fit, cwd=tmp_path, check=True)
    steps = mogul.read_trace(tmp_path / "trace.jsonl")
    _, kept = traced(tmp_path / "rows.csv", 2, reg_covar="relative:1e-6")
    assert kept == steps
    pages = [mogul.replay(tmp_path / "rows.csv", trace).html for trace in (kept, tmp_path / "trace.jsonl")]
    assert pages[0] == pages[1]


def test_a_replay_holds_the_steps_as_the_callback_saw_them() -> None:
    result, trace = traced(X, 3, n_init=2)
    data = data_of(mogul.replay(X, trace).html, "replay-data")
    assert [restart["restart"] for restart in data["restarts"]] == [0, 1]
    kept = next(restart for restart in data["restarts"] if restart["kept"])
    assert kept["restart"] == result.report.best_restart
    np.testing.assert_array_equal([step["log_likelihood"] for step in kept["steps"]], result.report.history)
    np.testing.assert_array_equal(kept["steps"][-1]["means"], result.mixture.means)
    np.testing.assert_array_equal(data["rows"], X)
    few = data_of(mogul.replay(X, trace, max_rows=10).html, "replay-data")
    assert len(few["rows"]) == 10 and few["n_rows"] == len(X)


def test_the_history_of_an_estimator_s_callback_has_all_its_restarts() -> None:
    trace: list[mogul.TraceStep] = []
    seen: list[tuple[int, int]] = []

    def keep(iteration: mogul.Iteration) -> None:
        trace.append(mogul.trace_step(iteration))
        seen.append((iteration.restart, iteration.n_init))

    model = mogul.GaussianMixture(2, n_init=3, random_state=0, callback=keep).fit(X)
    assert {step.restart for step in trace} == {0, 1, 2}
    assert [(step.restart, 3) for step in trace] == seen
    data = data_of(mogul.replay(X, trace).html, "replay-data")
    assert len(data["restarts"]) == 3
    assert model.lower_bound_ == pytest.approx(max(step.log_likelihood for step in trace) / len(X), rel=1e-3)


def test_what_is_no_trace_is_refused_in_sentences(tmp_path: Path) -> None:
    over: list[mogul.Iteration] = []
    mogul.fit(X, 2, callback=over.append)
    said = message_of(lambda: mogul.replay(X, over), TypeError)
    assert said == (
        "trace: element 0 is Iteration(over); must be a mogul.TraceStep, as an Iteration ends with its callback; in "
        "the callback, keep mogul.trace_step(iteration)"
    )
    with pytest.raises(RuntimeError, match="the iteration is over"):
        mogul.trace_step(over[0])
    assert "trace = 3; must be the path of a trace, or a list of mogul.TraceStep" in message_of(
        lambda: mogul.replay(X, 3), TypeError
    )
    assert "element 1 is 'b'" in message_of(lambda: mogul.replay(X, [TRACE[0], "b"]), TypeError)
    assert "no steps" in message_of(lambda: mogul.replay(X, []))
    with pytest.raises(FileNotFoundError):
        mogul.replay(X, tmp_path / "missing.jsonl")
    (tmp_path / "bad.jsonl").write_text("{}\n")
    with pytest.raises(mogul.InvalidData, match=r"bad\.jsonl"):
        mogul.replay(X, tmp_path / "bad.jsonl")
    _, others = traced(X, 3)
    assert "has 3 components of 2 features, but the first step has 2 of 2; must be of one fit" in message_of(
        lambda: mogul.replay(X, [*TRACE, *others])
    )


# --- Explain


NOTES_ROWS = np.array([[-3], [-2.5], [-1], [0], [2], [4], [5]])
NOTES_START = mogul.Mixture("full", [1 / 3] * 3, [[-4], [0], [8]], [[[1]], [[0.2]], [[3]]])


def numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, float | int):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(part)


def test_an_explanation_is_a_text_json_and_a_page_of_the_same_numbers() -> None:
    lesson = mogul.explain(NOTES_ROWS, NOTES_START)
    assert str(lesson) == lesson.text and "28.3255" in lesson.text and "28.3255" in lesson.html
    numbers = list(numbers_in(json.loads(lesson.json)))
    stats = mogul.accumulate(NOTES_START, NOTES_ROWS)
    for expected in (stats.log_likelihood, *mogul.responsibilities(NOTES_START, NOTES_ROWS).ravel()):
        assert min(abs(number - expected) for number in numbers) < 1e-10
    assert repr(lesson).startswith("<Explanation 'Expectation-maximisation, step by step'")


def test_an_explanation_ends_where_it_is_told_to() -> None:
    whole, short = mogul.explain(NOTES_ROWS, NOTES_START), mogul.explain(NOTES_ROWS, NOTES_START, max_iter=2)
    assert len(short.json) < len(whole.json)
    assert mogul.explain(NOTES_ROWS, NOTES_START, tol=1e9).json != whole.json
    assert "tol = 'small'; must be a number" in message_of(
        lambda: mogul.explain(NOTES_ROWS, NOTES_START, tol="small"), TypeError
    )


# --- Pictures


def figure_of(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return root


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
    assert mogul.plot_svg(result, features=[2]).svg == mogul.plot_svg(result.mixture.marginal([2])).svg.replace(
        "x1", "c"
    )
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
    assert "negative is given" in message_of(lambda: mogul.plot_svg(RESULT, X, negative=True))


@pytest.mark.parametrize(
    ("said", "call"),
    {
        "model and x are both None": lambda: mogul.plot_svg(),
        "weights are given, but x is not": lambda: mogul.plot_svg(M, weights=[1, 2]),
        "kind = 'pie'; must be one of 'rows', 'density'": lambda: mogul.plot_svg(M, kind="pie"),
        "masses = 1.5": lambda: mogul.plot_svg(M, masses=[1.5]),
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


# --- Notebooks


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


def test_importing_the_pages_needs_neither_scikit_learn_nor_matplotlib() -> None:
    program = """
import sys, mogul
x = [[0.0], [1.0], [3.0], [4.0]]
result = mogul.fit(x, 2)
result._repr_html_(), mogul.report(result, x), mogul.explain(x, result.mixture), mogul.plot_svg(result, x)
print([m for m in ("sklearn", "matplotlib") if m in sys.modules])
"""
    assert run_python(program) == "[]\n"
