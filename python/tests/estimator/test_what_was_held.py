"""Criteria count the parameters that the fit estimated, whoever made it and whatever the estimator is told later."""

from __future__ import annotations

import pickle
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROGRAM

import mogul
from mogul import GaussianMixture

X = np.vstack([np.random.default_rng(0).normal(size=(60, 2)), 6 + np.random.default_rng(1).normal(size=(60, 2))])
N_PARAMETERS = {"weights": 1, "means": 4, "covariances": 6}
"""Of two full components in two dimensions."""


def n_held(hold: Any) -> int:
    """Parameters that do not count."""
    if isinstance(hold, dict) and isinstance(hold.get("means"), list):
        return 2 * len(hold["means"])
    return sum(N_PARAMETERS[name] for name in hold)


def counted(model: GaussianMixture) -> float:
    """The p in bic = -2 L + p log n."""
    return float((model.bic(X) + 2 * len(X) * model.score(X)) / np.log(len(X)))


@pytest.mark.parametrize(
    "hold",
    [["weights", "covariances"], ["covariances"], ["weights", "means", "covariances"], [], {"means": [1]}],
)
def test_a_model_file_says_what_was_held(hold: Any, tmp_path: Path) -> None:
    result = mogul.fit(X, 2, hold=hold)
    mogul.write_model(tmp_path / "model.json", result)
    model = GaussianMixture.from_json(tmp_path / "model.json")
    for again in (model, pickle.loads(pickle.dumps(model))):
        assert counted(again) == pytest.approx(11 - n_held(hold), abs=1e-9)
        assert again.bic(X) == pytest.approx(result.report.bic) and again.icl(X) == pytest.approx(result.report.icl)


def test_so_does_one_of_the_command_line(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "x.csv", X, delimiter=",", header="x1,x2", comments="")
    command = [PROGRAM, "fit", tmp_path / "x.csv", "-k", "2", "--hold", "means", "-o", tmp_path / "model.json"]
    subprocess.run(command, check=True, capture_output=True)
    assert counted(GaussianMixture.from_json(tmp_path / "model.json")) == pytest.approx(7)


def test_a_new_fit_estimates_what_it_is_told(tmp_path: Path) -> None:
    mogul.write_model(tmp_path / "model.json", mogul.fit(X, 2, hold=["weights", "covariances"]))
    model = GaussianMixture.from_json(tmp_path / "model.json", random_state=0)
    assert counted(model.fit(X)) == pytest.approx(11)


@pytest.mark.parametrize(
    "parameters", [{"hold": ["means"]}, {"hold": ["means", "weights"], "n_init": 2}, {"hold": {"means": [1]}}]
)
def test_what_an_estimator_is_told_after_its_fit_counts_for_the_next(parameters: dict[str, Any]) -> None:
    model = GaussianMixture(2, random_state=0, **parameters).fit(X)
    held = n_held(parameters["hold"])
    assert counted(model) == pytest.approx(11 - held)
    model.set_params(hold=[])
    assert counted(model) == pytest.approx(11 - held)
    assert counted(model.fit(X)) == pytest.approx(11)


def test_known_parameters_are_held_where_the_caller_says_so() -> None:
    of = mogul.fit(X, 2).mixture
    known = (of.weights, of.means, of.covariances)
    assert counted(GaussianMixture.from_parameters(*known)) == pytest.approx(11)
    assert counted(GaussianMixture.from_parameters(*known, hold=["weights"])) == pytest.approx(10)
    assert counted(GaussianMixture.from_parameters(*known, hold={"means": [0]})) == pytest.approx(9)
    assert counted(GaussianMixture.from_parameters(*known, equal_weights=True)) == pytest.approx(10)
