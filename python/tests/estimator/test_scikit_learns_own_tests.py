"""scikit-learn's tests of its GaussianMixture pass on mogul's (drop_in.py says which are left out, and why)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

SUITES = ["sklearn.mixture.tests.test_gaussian_mixture", "sklearn.mixture.tests.test_mixture"]


def test_they_pass_and_mogul_makes_the_fits() -> None:
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent),
        "SKLEARN_RUN_FLOAT32_TESTS": "1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "drop_in", "-p", "no:cacheprovider", "--pyargs", *SUITES]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    passed = re.search(r"(\d+) passed", run.stdout)
    fits = re.search(r"(\d+) fits made by mogul", run.stdout)
    assert passed is not None and int(passed[1]) >= 50, run.stdout
    assert fits is not None and int(fits[1]) >= 500, run.stdout
    assert "skipped" not in run.stdout
