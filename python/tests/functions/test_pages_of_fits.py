"""Reports tell what is known of a fit, replays hold its steps, explanations its numbers."""

from __future__ import annotations

import html
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROGRAM, message_of
from page_markup import RESULT, TRACE, M, X, data_of, traced, values_of

import mogul


def test_every_kind_of_model_gives_the_same_lesson() -> None:
    estimator = mogul.GaussianMixture.from_parameters(M.weights, M.means, M.covariances)
    file = mogul.ModelFile(M)
    expected = mogul.explain(X, M)
    for model in (estimator, file, mogul.fit(X, init=M, max_iter=0)):
        assert mogul.explain(X, model).html == expected.html


def test_a_report_tells_of_the_fit_what_the_model_knows() -> None:
    page = mogul.report(RESULT, X).html
    assert RESULT.report.termination.message in page
    assert ">Convergence</h2>" in page and ">Restarts</caption>" in page
    alone = mogul.report(RESULT.mixture, X).html
    assert "The model has no record of a fit" in alone and ">Convergence</h2>" not in alone
    assert "Q, expected complete-data log-likelihood" not in page
    result, trace = traced(X, 3)
    assert "Q, expected complete-data log-likelihood" in mogul.report(result, X, trace=trace).html


def test_a_report_takes_the_trace_of_its_fit_only() -> None:
    result, trace = traced(X, 3, init="random", seed=1)
    _, other = traced(X, 3, init="random", seed=2)
    said = message_of(lambda: mogul.report(result, X, trace=other), mogul.InvalidData)
    assert said.startswith("trace: ") and "is it the trace of another fit?" in said
    said = message_of(lambda: mogul.report(result.mixture, X, trace=trace))
    assert said.startswith("trace: the model has no record of a fit")


@pytest.mark.filterwarnings("ignore:Best performing initialization did not converge")
def test_a_report_on_other_rows_says_so() -> None:
    estimator = mogul.GaussianMixture(3, random_state=0).fit(X)
    note = "are not those of the fit, or have other weights"
    for model in (RESULT, estimator):
        assert note not in mogul.report(model, X).html
        assert note in mogul.report(model, X[:-1]).html
        assert note in mogul.report(model, X, weights=np.arange(1, len(X) + 1)).html
        assert note in mogul.report(model, X + 0.1).html
    for max_iter in (1, 2, 5):
        short = mogul.GaussianMixture(3, random_state=0, max_iter=max_iter).fit(X)
        assert note not in mogul.report(short, X).html
        float32 = mogul.GaussianMixture(3, random_state=0, max_iter=max_iter).fit(X.astype(np.float32))
        assert note not in mogul.report(float32, X.astype(np.float32)).html


def test_a_replay_takes_the_rows_of_its_trace_only(tmp_path: Path) -> None:
    mogul.write_csv(tmp_path / "rows.csv", X[::-1] + 1.0, ["a", "b"])
    said = message_of(lambda: mogul.replay(tmp_path / "rows.csv", TRACE), mogul.InvalidData)
    assert said.startswith(f"{tmp_path / 'rows.csv'}: L = ") and "but trace has L = " in said
    for others in (X[:, ::-1], X[1:]):
        with pytest.raises(mogul.InvalidData, match=r"x: L = .* these are not the rows of that fit"):
            mogul.replay(others, TRACE)
    for rows in (X[::-1], X.astype(np.float32)):  # the order of rows, and rounding, change nothing
        assert "replay-data" in mogul.replay(rows, TRACE).html


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
    model = mogul.GaussianMixture(3, n_init=3, random_state=0, hold=["weights"], weights_init=[0.2, 0.3, 0.5]).fit(X)
    page = mogul.report(model, X).html
    assert model.termination_ in page and ">Convergence</h2>" in page
    assert "GaussianMixture(hold=" in html.unescape(page) and "n_init=3" in page
    assert values_of(page, "Lower AIC, BIC and ICL are better")[3] == pytest.approx(model.aic(X))
    assert values_of(page, "Restarts")[0::3] == [1, 2, 3]
    model.means_ = model.means_ + 1.0  # which nobody has fitted
    assert ">Convergence</h2>" not in mogul.report(model, X).html
    again = mogul.GaussianMixture.from_parameters(M.weights, M.means, M.covariances)
    assert ">Convergence</h2>" not in mogul.report(again, X).html


def test_an_estimator_of_a_file_reports_the_fit_that_the_file_tells_of(tmp_path: Path) -> None:
    mogul.write_model(tmp_path / "model.json", RESULT)
    model = mogul.GaussianMixture.from_json(tmp_path / "model.json")
    assert RESULT.report.termination.message in mogul.report(model, X).html


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


def test_the_seed_of_an_explanation_is_that_of_its_draws() -> None:
    lessons = [mogul.explain(NOTES_ROWS, NOTES_START, seed=seed) for seed in (0, 7, 7)]
    assert lessons[0].json == mogul.explain(NOTES_ROWS, NOTES_START).json
    assert lessons[1].json == lessons[2].json != lessons[0].json
    assert "10 draws (seed 7)" in lessons[1].text
    assert "seed = -1; must be" in message_of(lambda: mogul.explain(NOTES_ROWS, NOTES_START, seed=-1), ValueError)


def test_an_explanation_ends_where_it_is_told_to() -> None:
    whole, short = mogul.explain(NOTES_ROWS, NOTES_START), mogul.explain(NOTES_ROWS, NOTES_START, max_iter=2)
    assert len(short.json) < len(whole.json)
    assert mogul.explain(NOTES_ROWS, NOTES_START, tol=1e9).json != whole.json
    assert "tol = 'small'; must be a number" in message_of(
        lambda: mogul.explain(NOTES_ROWS, NOTES_START, tol="small"), TypeError
    )
