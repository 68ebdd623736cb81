"""Words of the estimator: its summary, other names for covariance types, names of features with blanks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import PROGRAM

import mogul
from mogul import GaussianMixture

X = np.vstack([np.random.default_rng(0).normal(size=(60, 2)), 6 + np.random.default_rng(1).normal(size=(60, 2))])


def test_a_summary_has_the_components_by_name_and_says_how_the_fit_ended() -> None:
    model = GaussianMixture(2, random_state=0).fit(pd.DataFrame(X, columns=["height", " width"]))
    text = model.summary()
    assert text.startswith("Gaussian mixture: K = 2, full covariance, 2 features\n")
    assert f"lower bound  {model.lower_bound_:.8g}" in text and model.termination_ in text
    assert text.endswith(mogul.component_table(model.mixture_, feature_names=["height", "width"]))


def test_summaries_of_known_parameters_say_so() -> None:
    made = GaussianMixture.from_parameters([1.0], [[0.0]], [[[1.0]]])
    assert "not fitted" in made.summary() and "lower bound" not in made.summary()
    by_hand = GaussianMixture(1)
    by_hand.weights_, by_hand.means_, by_hand.covariances_ = np.ones(1), np.zeros((1, 1)), np.ones((1, 1, 1))
    assert "K = 1" in by_hand.summary()


@pytest.mark.parametrize(("name", "usual"), [("diagonal", "diag"), ("tied_diagonal", "tied_diag")])
def test_covariance_types_have_the_names_of_the_library_too(name: str, usual: str) -> None:
    precisions = np.ones((2, 2)) if usual == "diag" else np.ones(2)
    one, other = (
        GaussianMixture(2, covariance_type=kind, random_state=0, precisions_init=precisions).fit(X)
        for kind in (name, usual)
    )
    assert one.mixture_ == other.mixture_ and one.bic(X) == other.bic(X)
    assert np.array_equal(one.precisions_, other.precisions_)
    assert one.to_sklearn().score(X) == other.to_sklearn().score(X)
    made = GaussianMixture.from_parameters(one.weights_, one.means_, one.covariances_, covariance_type=name)
    assert made.covariance_type == usual and made.predict(X).tolist() == one.predict(X).tolist()


@pytest.mark.parametrize(("name", "usual"), [("k-means", "kmeans"), ("kmeans++", "k-means++")])
@pytest.mark.parametrize("more", [{}, {"means_init": X[[0, -1]]}])
def test_starts_have_the_names_of_the_functions_too(name: str, usual: str, more: dict[str, object]) -> None:
    one, other = (GaussianMixture(2, init_params=init, random_state=0, **more).fit(X) for init in (name, usual))
    assert one.mixture_ == other.mixture_ and one.lower_bounds_ == other.lower_bounds_
    assert one.to_sklearn().init_params == usual and one.get_params()["init_params"] == name
    assert one.to_sklearn().fit(X).means_.shape == (2, 2)


@pytest.mark.parametrize("frame", [pd.DataFrame, lambda x, columns: pl.DataFrame(dict(zip(columns, x.T, strict=True)))])
def test_names_with_blanks_are_those_of_the_file_that_they_came_from(frame: type, tmp_path: Path) -> None:
    rows = frame(X, columns=["a", " b\t"])
    model = GaussianMixture(2, random_state=0).fit(rows)
    model.to_json(tmp_path / "model.json")
    assert mogul.read_model(tmp_path / "model.json").feature_names == ["a", "b"]
    pd.DataFrame(X, columns=["a", " b"]).to_csv(tmp_path / "rows.csv", index=False)
    command = [PROGRAM, "score", tmp_path / "model.json", tmp_path / "rows.csv", "--mean"]
    scored = subprocess.run(command, capture_output=True, text=True, check=True)
    again = GaussianMixture.from_json(tmp_path / "model.json")
    assert again.score(rows) == model.score(rows) == pytest.approx(float(scored.stdout.splitlines()[1].split(",")[0]))
    with pytest.raises(ValueError, match="feature names"):
        again.score(pd.DataFrame(X, columns=["a", "c"]))


def test_iterations_of_several_restarts_are_printed_with_their_numbers() -> None:
    texts: list[str] = []
    GaussianMixture(2, n_init=3, random_state=0, callback=lambda iteration: texts.append(repr(iteration))).fit(X)
    assert texts[0].startswith("Iteration(restart=0, n_init=3, iteration=0, ")
    assert {text.split(",")[0] for text in texts} == {f"Iteration(restart={i}" for i in range(3)}
