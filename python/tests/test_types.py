"""The package is typed: strictly, itself and for those who use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CONFIG = Path(__file__).parents[2] / "pyproject.toml"

USE = """
import numpy as np
import mogul
from numpy.typing import NDArray

x = np.zeros((3, 2))
result: mogul.FitResult = mogul.fit(x, 2, init=[0, 1, 1], callback=lambda it: it.iteration < 3)
means: NDArray[np.float64] = result.mixture.means
labels: NDArray[np.int64] = mogul.labels(result.mixture, x)
model: mogul.GaussianMixture = mogul.GaussianMixture(2, covariance_type="diag").fit(x, sample_weight=[1, 2, 3])
score: float = model.score(x)
mogul.fit(x, 2, hold=["weights"], equal_weights=False)
mogul.fit(x, 2, hold={"means": [0, 1], "covariances": True})
held: mogul.GaussianMixture = mogul.GaussianMixture(2, hold={"means": [0]})
trace: list[mogul.TraceStep] = []
mogul.fit(x, 2, callback=lambda it: trace.append(mogul.trace_step(it)))
page: mogul.Page = mogul.replay(x, trace, max_rows=10)
path: str = mogul.report(model, x, "report.html", weights=[1, 2, 3]).write("again.html")
text: str = mogul.explain(x, result, tol=1e-3).text
svg: str = mogul.plot_svg(result.mixture, features=[0, 1]).svg
selection: mogul.Selection = mogul.select(x, (1, 2), covariance=["VVV"], callback=lambda cell, done, fits: done < 3)
best: mogul.GaussianMixture = selection.best_
values: NDArray[np.float64] = selection.table_["bic"]
selector: mogul.GaussianMixtureSelector = mogul.GaussianMixtureSelector(range(1, 3), covariance_type="all").fit(x)
"""


def mypy(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(CONFIG), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_the_package_passes_mypy_strictly(tmp_path: Path) -> None:
    checked = mypy("-p", "mogul", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout


def test_a_user_passes_mypy_strictly(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(USE)
    checked = mypy("use.py", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout


def test_a_wrong_use_does_not(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(USE + "wrong: str = model.score(x)\n")
    checked = mypy("use.py", cwd=tmp_path)
    assert checked.returncode == 1
    assert f"use.py:{USE.count(chr(10)) + 1}: error: Incompatible types in assignment" in checked.stdout
