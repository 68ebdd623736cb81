"""mogul/select.hpp, and what Python makes of it: select() and Selection."""

from __future__ import annotations

import json
import pickle
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROGRAM, message_of, random_mixture, random_rows, run_python
from sklearn.mixture import GaussianMixture as Theirs

import mogul
from mogul import GaussianMixture, Selection

ROOT = Path(__file__).resolve().parents[3]
X = random_rows(random_mixture("full", k=3, d=2, seed=5, apart=8.0), 200)
FAMILIES = ["EII", "VVI", "EEE", "VVV"]
SELECTION = mogul.select(X, (1, 4), covariance=FAMILIES)


# --- The table


def test_a_cell_is_there_for_each_k_and_family() -> None:
    table = SELECTION.table_
    assert table["n_components"].tolist() == [k for k in range(1, 5) for _ in FAMILIES]
    assert table["covariance"].tolist() == FAMILIES * 4
    assert {values.shape for values in table.values()} == {(16,)}
    assert table["n_components"].dtype == np.int64 and table["bic"].dtype == np.float64
    assert set(table["reason"]) == {""}


def test_the_criteria_are_those_of_scikit_learn_for_the_same_parameters() -> None:
    for i, fit in enumerate(SELECTION.fits_):
        assert fit is not None
        if SELECTION.table_["covariance"][i] != "VVV":
            continue
        theirs = GaussianMixture.from_parameters(
            fit.mixture.weights, fit.mixture.means, fit.mixture.covariances
        ).to_sklearn()
        assert type(theirs) is Theirs
        assert SELECTION.table_["bic"][i] == pytest.approx(theirs.bic(X), rel=1e-9)
        assert SELECTION.table_["aic"][i] == pytest.approx(theirs.aic(X), rel=1e-9)
        assert SELECTION.table_["log_likelihood"][i] == pytest.approx(theirs.score(X) * len(X), rel=1e-9)


def test_the_number_of_components_that_rows_were_drawn_from_is_found() -> None:
    assert SELECTION.best_.n_components == 3
    assert SELECTION.table_["n_components"][SELECTION.best_index_] == 3
    assert SELECTION.table_["bic"][SELECTION.best_index_] == SELECTION.table_["bic"].min()


def test_a_wider_family_and_more_components_are_never_below() -> None:
    likelihood = SELECTION.table_["log_likelihood"].reshape(4, 4)
    for narrow, wide in ((0, 1), (0, 2), (1, 3), (2, 3)):
        assert (likelihood[:, narrow] <= likelihood[:, wide] + 1e-6).all()
    assert (np.diff(likelihood, axis=0) > -1e-6).all()


def test_the_command_line_has_the_same_numbers() -> None:
    data = ROOT / "data" / "faithful.csv"
    chosen = ["-k", "1-3", "--covariance", "VVV,EEE"]
    printed = subprocess.run(
        [PROGRAM, "select", data, *chosen, "--format", "json"], capture_output=True, text=True, check=True
    ).stdout
    own = mogul.select(data, (1, 3), covariance=["VVV", "EEE"], reg_covar="relative:1e-6").table_
    cells = json.loads(printed)["cells"]
    for name in ("n_components", "covariance", "log_likelihood", "n_parameters", "bic", "icl", "aic", "aicc", "passes"):
        assert [cell[name] for cell in cells] == own[name].tolist(), name


def test_cells_without_a_fit_have_a_reason_and_no_numbers() -> None:
    x = np.arange(4.0)[:, None]
    found = mogul.select(x, [1, 5], covariance=["EII", "VVV"])
    table = found.table_
    assert np.isnan(table["bic"]).tolist() == [False, False, True, True]
    assert "more components than rows" in table["reason"][2] and table["reason"][0] == ""
    assert [fit is None for fit in mogul.select(x, [1, 5], covariance=["EII", "VVV"]).fits_] == [
        False,
        False,
        True,
        True,
    ]


# --- What can be asked


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [(2, [2]), ((2, 4), [2, 3, 4]), ([4, 2], [2, 4]), (range(1, 3), [1, 2]), (np.array([3]), [3]), (np.int64(2), [2])],
)
def test_numbers_of_components(asked: Any, numbers: list[int]) -> None:
    assert mogul.select(X, asked, covariance="EII").table_["n_components"].tolist() == numbers


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ((1, 2, 3), ValueError, "a tuple is the lowest and the highest"),
        ((4, 2), ValueError, "the lowest comes first: (2, 4)"),
        ((1, 10**9), ValueError, "at most 1000"),
        ([], ValueError, "name one number"),
        (0, ValueError, "n_components = 0; must be 1 or more"),
        ([2, -1], ValueError, "n_components = -1; must be 1 or more"),
        ([1.5], TypeError, "1.5 is no whole number"),
        ("1-9", TypeError, "must be numbers, as (1, 9)"),
        (None, TypeError, "n_components = None; must be given"),
    ],
)
def test_wrong_numbers_of_components(asked: Any, error: type[Exception], said: str) -> None:
    assert said in message_of(lambda: mogul.select(X, asked, covariance="EII"), error)


def test_families_have_names_words_and_groups() -> None:
    def families(covariance: Any) -> list[str]:
        return mogul.select(X[:30], 1, covariance=covariance).table_["covariance"].tolist()

    assert families("six") == ["EII", "VII", "EEI", "VVI", "EEE", "VVV"]
    assert families("all") == [family.name for family in mogul.covariance_families()]
    assert families(["full", "tied_diag", "diag", "VVV"]) == ["VVV", "EEI", "VVI"]
    assert families(mogul.covariance_families()[0]) == ["EII"]
    assert "must be one of" in message_of(lambda: families("VVX"))
    assert "3 is no name" in message_of(lambda: families([3]), TypeError)


def test_scikit_learns_words_are_taken() -> None:
    own = mogul.select(X, 2, covariance="EEE", weights=np.ones(len(X)), seed=1).table_
    again = mogul.select(X=X, n_components=2, covariance_type="tied", sample_weight=np.ones(len(X)), random_state=1)
    assert again.table_["bic"].tolist() == own["bic"].tolist()


def test_criteria_have_words() -> None:
    words = mogul.criterion_words()
    assert words == ["bic", "icl", "aic", "aicc", "cv", "stability"]
    assert [word for word in words if mogul.higher_is_better(word)] == ["cv", "stability"]
    assert "must be one of 'bic', 'icl'" in message_of(lambda: mogul.select(X, 2, criterion="dic"))
    assert "must be one of 'bic', 'icl'" in message_of(lambda: mogul.higher_is_better("dic"))


@pytest.mark.parametrize("criterion", ["icl", "aic", "aicc", "cv", "stability"])
def test_each_criterion_chooses_its_best(criterion: str) -> None:
    asked = {"cv": {"n_folds": 3}, "stability": {"n_runs": 3}}.get(criterion, {})
    found = mogul.select(X, (2, 4), covariance=["EII", "VVV"], criterion=criterion, **asked)
    values = found.table_[criterion]
    best = np.nanargmax(values) if mogul.higher_is_better(criterion) else np.nanargmin(values)
    assert found.best_index_ == best and found.criterion == criterion
    assert found.best_.n_components == 3 or criterion == "stability"


def test_held_out_likelihoods_are_on_the_scale_of_a_row() -> None:
    found = mogul.select(X, (2, 4), covariance=["EII", "VVV"], criterion="cv", n_folds=5)
    within = found.table_["log_likelihood"] / len(X)
    assert (found.table_["cv"] < within).all() and (found.table_["cv"] > within - 0.5).all()
    fewer = mogul.select(X, (2, 4), covariance=["EII", "VVV"], criterion="cv", n_folds=5, one_standard_error=True)
    parameters = found.table_["n_parameters"]
    assert parameters[fewer.best_index_] <= parameters[found.best_index_]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"n_folds": 5}, "n_folds goes with criterion = 'cv' only"),
        ({"n_runs": 5}, "n_runs goes with criterion = 'stability' only"),
        ({"one_standard_error": True}, "one_standard_error goes with criterion = 'cv' only"),
        ({"criterion": "cv", "n_folds": 1}, "n_folds = 1"),
        ({"criterion": "stability", "n_runs": 1}, "n_runs = 1"),
        ({"n_init": 2}, "n_init goes with init only"),
        ({"tol": 1e-3, "gain": 0.1}, "two rules"),
        ({"search": "slow"}, "search = 'slow'"),
        ({"max_iter": -1}, "max_iter"),
    ],
)
def test_options_that_say_nothing_or_break_a_rule_are_refused(asked: dict[str, Any], said: str) -> None:
    assert said in message_of(lambda: mogul.select(X, 2, covariance="EII", **asked))


def test_starts_can_be_asked_for() -> None:
    from_hierarchy = mogul.select(X, 5, covariance="VVV")
    for asked in ({"search": "quick"}, {"init": "kmeans", "n_init": 2}):
        found = mogul.select(X, 5, covariance="VVV", **asked)
        assert found.best_.converged_
        name, value = next(iter(asked.items()))
        assert getattr(found.fits_[0].settings, name) == value
        assert found.best_.bic(X) < from_hierarchy.best_.bic(X) + 20


def test_weights_count_rows() -> None:
    counts = np.random.default_rng(0).integers(1, 4, len(X))
    own = mogul.select(X, (1, 3), covariance="EEE", weights=counts).table_
    repeated = mogul.select(np.repeat(X, counts, axis=0), (1, 3), covariance="EEE").table_
    np.testing.assert_allclose(own["log_likelihood"], repeated["log_likelihood"], atol=0.05)


def test_the_bytes_do_not_depend_on_the_number_of_threads() -> None:
    one, two = (mogul.select(X, (1, 4), n_threads=n).table_ for n in (1, 2))
    for name, values in one.items():
        assert values.tolist() == two[name].tolist(), name


# --- What comes back


def test_the_best_is_a_fitted_estimator(tmp_path: Path) -> None:
    best = SELECTION.best_
    fit = SELECTION.fits_[SELECTION.best_index_]
    assert isinstance(best, GaussianMixture) and best is SELECTION.best_
    assert best.converged_ and best.n_features_in_ == 2
    order = np.argsort(-fit.mixture.weights)
    assert best.weights_.tolist() == fit.mixture.weights[order].tolist() == sorted(best.weights_, reverse=True)
    assert best.means_.tolist() == fit.mixture.means[order].tolist()
    assert best.covariances_.tolist() == fit.mixture.covariances[order].tolist()
    assert best.score(X) * len(X) == pytest.approx(fit.report.log_likelihood, rel=1e-12)
    assert best.bic(X) == pytest.approx(fit.report.bic, rel=1e-12)
    assert np.bincount(best.predict(X)).min() > 20 and best.predict_proba(X).shape == (200, 3)
    best.to_json(tmp_path / "best.json")
    assert GaussianMixture.from_json(tmp_path / "best.json").score(X) == best.score(X)
    assert pickle.loads(pickle.dumps(best)).score(X) == best.score(X)
    again = GaussianMixture(**best.get_params()).fit(X)
    assert again.score(X) == pytest.approx(best.score(X), abs=1e-3)


@pytest.mark.parametrize("family", [family.name for family in mogul.covariance_families()])
def test_the_best_knows_its_family(family: str) -> None:
    best = mogul.select(X, 2, covariance=family).best_
    words = {each.name: each.word for each in mogul.covariance_families()}
    assert best.mixture_.structure == words[family]
    assert best.get_params()["covariance_type"] == {"diagonal": "diag", "tied_diagonal": "tied_diag"}.get(
        words[family], words[family]
    )


def test_labels_do_not_depend_on_the_order_of_the_rows() -> None:
    order = np.random.default_rng(1).permutation(len(X))
    one, other = (mogul.select(rows, 3, covariance="VVV").best_ for rows in (X, X[order]))
    assert one.predict(X).tolist() == other.predict(X).tolist()
    assert mogul.report(one, X).html.count("<table") > 0


def test_names_of_columns_are_kept() -> None:
    found = mogul.select(ROOT / "data" / "faithful.csv", 2, covariance="full")
    assert found.best_.feature_names_in_.tolist() == ["eruptions", "waiting"]
    assert found.fits_[0].feature_names == ["eruptions", "waiting"]
    assert not hasattr(SELECTION.best_, "feature_names_in_")


def test_pickles_have_all_of_it() -> None:
    for found in (SELECTION, mogul.select(X, (2, 3), covariance="EII", criterion="cv", n_folds=2)):
        again = pickle.loads(pickle.dumps(found))
        assert isinstance(again, Selection) and again.summary() == found.summary()
        assert again.fits_ == found.fits_ and again.best_.score(X) == found.best_.score(X)
        assert again._found.svg("") == found._found.svg("") and again._found.page("", "") == found._found.page("", "")
        for name, values in found.table_.items():
            np.testing.assert_array_equal(again.table_[name], values)


@pytest.mark.parametrize("change", [None, (), lambda s: (s[0], 99, *s[2:]), lambda s: (*s[:3], s[3][1:], *s[4:])])
def test_damaged_pickles_are_refused(change: Any) -> None:
    found = SELECTION._found
    state = change(found.__getstate__()) if callable(change) else change
    damaged = type(found).__new__(type(found))
    assert "pickled TableOfFits" in message_of(lambda: damaged.__setstate__(state))


def test_it_shows_itself() -> None:
    family = SELECTION.table_["covariance"][SELECTION.best_index_]
    assert repr(SELECTION) == f"Selection({family} 3 of 16 fits, bic {SELECTION.table_['bic'].min():.10g})"
    assert (
        SELECTION.summary().startswith("BIC, lower is better\n")
        and f"best            {family} 3" in SELECTION.summary()
    )
    shown = SELECTION._repr_html_()
    assert "BIC, lower is better" in shown and "data:image/svg+xml;base64," in shown


def test_it_is_a_data_frame() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(SELECTION.table_).pivot(index="n_components", columns="covariance", values="bic")
    assert frame.shape == (4, 4) and frame.min().min() == SELECTION.table_["bic"].min()


def test_pages_and_pictures_are_written(tmp_path: Path) -> None:
    page = SELECTION.report(tmp_path / "select.html", title="Which <K>?", command="mogul.select(X)")
    assert (tmp_path / "select.html").read_text() == page.html
    assert "Which &lt;K&gt;?" in page.html and "mogul.select(X)" in page.html
    picture = SELECTION.plot_svg(tmp_path / "select.svg")
    assert (tmp_path / "select.svg").read_text() == picture.svg and picture.svg.startswith("<svg")
    assert "must end in .html" in message_of(lambda: SELECTION.report(tmp_path / "select.pdf"))
    assert "must end in .svg or .html" in message_of(lambda: SELECTION.plot_svg(tmp_path / "select.pdf"))


# --- Failure and interruption


def test_no_fit_at_all_is_an_error_with_the_reasons() -> None:
    text = message_of(lambda: mogul.select(X[:3], [5, 6], covariance=["EII", "VVV"]), mogul.FitError)
    assert text == "no fit of the table has a value: EII 5: more components than rows of positive weight, 3"


def test_rows_that_are_not_finite_are_told_of() -> None:
    with pytest.raises(mogul.InvalidData, match="row"):
        mogul.select(np.array([[1.0], [np.nan], [2.0]]), 1)


def test_a_warning_points_at_the_line_that_called() -> None:
    tiny = np.random.default_rng(0).normal(size=(50, 2)) * 1e-6
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mogul.select(tiny, 1, covariance="EEE", reg_covar=1e-6)
    assert {warning.filename for warning in caught} == {__file__}
    assert str(caught[0].message).startswith("fits_[0]: reg_covar = 1e-06 makes up")


def test_the_callback_sees_every_cell() -> None:
    seen: list[tuple[Any, int, int]] = []
    found = mogul.select(X, (1, 2), covariance=["EII", "VVV"], callback=lambda *shown: seen.append(shown))
    assert {(cell.covariance, cell.n_components) for cell, _, _ in seen} == {
        (family, k) for family in ("EII", "VVV") for k in (1, 2)
    }
    assert seen[-1][1:] == (4, 4) and all(cell.reason == "" for cell, _, _ in seen)
    last = {(cell.covariance, cell.n_components): cell.log_likelihood for cell, _, _ in seen}
    table = found.table_
    for family, k, value in zip(table["covariance"], table["n_components"], table["log_likelihood"], strict=True):
        assert last[family, k] == value
    cell = seen[0][0]
    assert pickle.loads(pickle.dumps(cell)) == cell and repr(cell).startswith(f"SelectionCell({cell.covariance} 1, log")


def test_a_callback_may_end_the_work_with_what_is_done() -> None:
    found = mogul.select(X, (1, 9), callback=lambda cell, n_done, n_fits: n_done < 8, n_threads=1)
    fitted = np.isfinite(found.table_["bic"])
    assert 6 <= fitted.sum() < 54 and not fitted[-1]
    assert "interrupted" in found.table_["reason"][-1]


def test_an_error_in_a_callback_comes_through() -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("mine")

    for n_threads in (1, 2):
        assert message_of(lambda n=n_threads: mogul.select(X, callback=fail, n_threads=n), ZeroDivisionError) == "mine"
    assert "callback = 3; must be callable" in message_of(lambda: mogul.select(X, callback=3), TypeError)


INTERRUPTED = """
import os, signal, threading, time
import numpy as np
import mogul

x = np.random.default_rng(0).normal(size=(200_000, 8))
sent = []

def interrupt():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)

threading.Timer(0.5, interrupt).start()
try:
    mogul.select(x, (1, 30), covariance="all", gain=1e-9)
except KeyboardInterrupt:
    print(time.monotonic() - sent[0])
"""


def test_ctrl_c_ends_it() -> None:
    assert 0 <= float(run_python(INTERRUPTED)) < 10  # 0.05 on an idle machine; the selection takes minutes


def test_functions_import_no_scikit_learn() -> None:
    program = (
        "import sys, mogul; s = mogul.select([[0.0], [1.0], [5.0]], 1); print('sklearn' in sys.modules, s.criterion)"
    )
    assert run_python(program) == "False bic\n"
