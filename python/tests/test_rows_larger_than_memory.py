"""Rows that do not fit into memory are fitted where they lie on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import run_python

GIGABYTES = 3
N_FEATURES = 64
ROWS = {0: 1.0, 5: -3.0, -1: 2.0}
"""Rows that are not zero, which a file with holes holds without taking room on the disk."""

# The process may have 400 MB of its own beyond what it has once everything is imported.
PROGRAM = f"""
import resource, sys, warnings
import numpy as np
import mogul
from sklearn.exceptions import ConvergenceWarning

path, dtype, order, function = sys.argv[1:]
x = np.memmap(path, dtype=dtype, mode="r", order=order).reshape(-1, {N_FEATURES}, order=order)
means, variances = np.array([[-1.0], [1.0]]) * np.ones({N_FEATURES}), np.ones((2, {N_FEATURES}))
start = mogul.Mixture("diagonal", [0.5, 0.5], means, variances)

def fitted(x):
    if function == "fit":
        return mogul.fit(x, 2, covariance="diagonal", init=start, max_iter=2, tol=0, reg_covar=1e-6).mixture
    model = mogul.GaussianMixture(
        2, covariance_type="diag", weights_init=[0.5, 0.5], means_init=means, precisions_init=variances, max_iter=2
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(x)

fitted(np.zeros((10, {N_FEATURES}), dtype=dtype, order=order))  # imports what is imported late, and starts threads
status = open("/proc/self/status").read()
used = int(status.split("VmData:")[1].split()[0]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (used + 400_000_000, resource.RLIM_INFINITY))
try:
    np.ones(60_000_000)
except MemoryError:
    print("limited", end=" ")
result = fitted(x)
means = result.means if function == "fit" else result.means_
weights = result.weights if function == "fit" else result.weights_
print(len(x), float(np.abs(weights @ means.astype(float) * len(x) - {sum(ROWS.values())}).max()))
"""


def large_file(path: Path, dtype: str, order: str) -> int:
    n_rows = int(GIGABYTES * 1e9) // N_FEATURES // np.dtype(dtype).itemsize
    mapped = np.memmap(path, dtype=dtype, mode="w+", shape=(n_rows, N_FEATURES), order=order)
    for row, value in ROWS.items():
        mapped[row] = value
    mapped.flush()
    return n_rows


@pytest.mark.parametrize(
    ("dtype", "order", "function"), [("f8", "C", "fit"), ("f4", "C", "GaussianMixture"), ("f8", "F", "GaussianMixture")]
)
def test_a_file_of_gigabytes_is_fitted_in_megabytes(tmp_path: Path, dtype: str, order: str, function: str) -> None:
    path = tmp_path / "rows.bin"
    n_rows = large_file(path, dtype, order)
    assert path.stat().st_size > 2.9e9 and path.stat().st_blocks * 512 < 1e7
    limited, n_fitted, error = run_python(PROGRAM, path, dtype, order, function, timeout=120).split()
    path.unlink()
    assert (limited, int(n_fitted)) == ("limited", n_rows)
    assert float(error) < 0.1  # the mixture's mean is that of the rows, up to the rounding of sums over so many of them
