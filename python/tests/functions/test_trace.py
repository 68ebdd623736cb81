"""Traces of the command line are read back as values."""

from __future__ import annotations

import gzip
import json
import pickle
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import PROGRAM, STRUCTURES, message_of, random_mixture, random_rows

import mogul
from mogul import InvalidData


def fitted_with_trace(folder: Path, structure: str) -> tuple[mogul.ModelFile, Path]:
    """Two components of two features, so that the structure alone tells (K, D) from (D, D)."""
    rows, model, trace = folder / "rows.csv", folder / "model.json", folder / "trace.jsonl"
    mogul.write_csv(rows, random_rows(random_mixture(structure, k=2)))
    command = [PROGRAM, "fit", rows, "-k", "2", "--covariance", structure, "--n-init", "2", "-q"]
    subprocess.run([*command, "-o", model, "--trace", trace], check=True)
    return mogul.read_model(model), trace


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_trace_has_the_history_and_the_model_of_its_fit(structure: str, tmp_path: Path) -> None:
    model, trace = fitted_with_trace(tmp_path, structure)
    report = model.report
    assert report is not None
    steps = mogul.read_trace(trace)
    assert len(steps) == sum(restart.iterations + 1 for restart in report.restarts)
    kept = [step for step in steps if step.restart == report.best_restart]
    assert [step.iteration for step in kept] == list(range(len(kept)))
    assert [step.log_likelihood for step in kept][: report.iterations + 1] == report.history.tolist()
    last = kept[report.iterations]
    assert last.mixture == model.mixture and last.mixture.structure == structure
    assert last.component_sizes.tolist() == report.component_sizes.tolist()
    for step in steps:
        assert step.expected_complete_log_likelihood + step.entropy == pytest.approx(step.log_likelihood, rel=1e-12)


def test_steps_are_values_that_are_pickled_and_printed(tmp_path: Path) -> None:
    steps = mogul.read_trace(fitted_with_trace(tmp_path, "full")[1])
    assert pickle.loads(pickle.dumps(steps)) == steps
    assert steps[0] != steps[-1]
    assert repr(steps[0]) == f"TraceStep(restart=0, iteration=0, log_likelihood={steps[0].log_likelihood:.10g})"
    assert not steps[0].component_sizes.flags.writeable and np.all(steps[0].component_sizes > 0)


def test_a_packed_trace_is_read_as_well(tmp_path: Path) -> None:
    trace = fitted_with_trace(tmp_path, "full")[1]
    packed = tmp_path / "trace.jsonl.gz"
    packed.write_bytes(gzip.compress(trace.read_bytes()))
    assert mogul.read_trace(str(packed)) == mogul.read_trace(trace)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    trace = fitted_with_trace(tmp_path, "full")[1]
    lines = trace.read_text().splitlines(keepends=True)
    changed = json.loads(lines[1]) | {"weights": [0.5, 0.6]}
    trace.write_text(lines[0] + json.dumps(changed) + "\n")
    assert message_of(lambda: mogul.read_trace(trace), InvalidData) == (
        f"{trace}: line 2: weights sum to 1.1; must sum to 1"
    )
    trace.write_text(lines[0] + lines[1][:50])
    assert "line 2: the file ends within this line" in message_of(lambda: mogul.read_trace(trace), InvalidData)
    assert "not a trace" in message_of(lambda: mogul.read_trace(tmp_path / "model.json"), InvalidData)
    with pytest.raises(FileNotFoundError):
        mogul.read_trace(tmp_path / "none.jsonl")
