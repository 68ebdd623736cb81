"""Small random mixtures and rows for the tests, and what NumPy and SciPy say about them: the slow oracle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal
from threadpoolctl import threadpool_limits

import mogul

Array = NDArray[Any]

PROGRAM = Path(mogul.__file__).parent / "bin" / "mogul"
"""The command line program that the package brings along."""

PER_ROW = [
    mogul.component_log_densities,
    mogul.log_joint,
    mogul.log_densities,
    mogul.responsibilities,
    mogul.labels,
    mogul.squared_mahalanobis,
]
OF_ALL_ROWS = [mogul.log_likelihood, mogul.entropy, mogul.expected_complete_log_likelihood]
"""Functions of a mixture and rows."""

STRUCTURES = ("full", "tied", "diagonal", "tied_diagonal", "spherical", "tied_spherical")
COVARIANCE_TYPES = {
    "full": "full",
    "tied": "tied",
    "diag": "diagonal",
    "tied_diag": "tied_diagonal",
    "spherical": "spherical",
    "tied_spherical": "tied_spherical",
}
"""What scikit-learn calls the structures, or would."""


def dense(structure: str, covariances: Array, k: int, d: int) -> Array:
    """The K covariance matrices that the values of a structure stand for: (K, D, D)."""
    values = np.asarray(covariances, dtype=float)
    if structure in ("full", "tied"):
        return np.broadcast_to(values, (k, d, d))
    variances = values[:, None] if structure == "spherical" else values
    return np.broadcast_to(variances, (k, d))[:, :, None] * np.eye(d)


def constrained(structure: str, covariances: Array, weights: Array) -> Array:
    """The maximum-likelihood values of a structure from each component's own matrix (K, D, D) and weight."""
    if structure.startswith("tied"):
        pooled = np.tensordot(weights, covariances, axes=1)
        if structure == "tied":
            return pooled
        return np.diag(pooled) if structure == "tied_diagonal" else np.array([np.trace(pooled) / len(pooled)])
    if structure == "full":
        return covariances
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    return variances if structure == "diagonal" else variances.mean(axis=1)


def random_mixture(structure: str, k: int = 3, d: int = 2, seed: int = 0, apart: float = 3.0) -> mogul.Mixture:
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.full(k, 5.0))
    factors = np.eye(d) + 0.3 * rng.normal(size=(k, d, d))
    covariances = factors @ np.swapaxes(factors, 1, 2)
    means = apart * rng.normal(size=(k, d))
    return mogul.Mixture(structure, weights, means, constrained(structure, covariances, weights))


def random_rows(mixture: mogul.Mixture, n: int = 60, seed: int = 1) -> Array:
    """Drawn by NumPy, not by mogul."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(mixture.n_components, size=n, p=mixture.weights)
    covariances = dense_of(mixture)
    return np.array([rng.multivariate_normal(mixture.means[z], covariances[z]) for z in labels])


def dense_of(mixture: mogul.Mixture) -> Array:
    return dense(mixture.structure, mixture.covariances, mixture.n_components, mixture.n_features)


def expected_component_log_densities(mixture: mogul.Mixture, x: Array) -> Array:
    pairs = zip(mixture.means, dense_of(mixture), strict=True)
    return np.column_stack([multivariate_normal(mean, cov).logpdf(x).reshape(len(x)) for mean, cov in pairs])


def expected_log_joint(mixture: mogul.Mixture, x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(mixture.weights) + expected_component_log_densities(mixture, x)


def expected_log_densities(mixture: mogul.Mixture, x: Array) -> Array:
    return logsumexp(expected_log_joint(mixture, x), axis=1)


def expected_responsibilities(mixture: mogul.Mixture, x: Array) -> Array:
    return softmax(expected_log_joint(mixture, x), axis=1)


def expected_m_step(
    structure: str, x: Array, r: Array, row_weights: Array | None = None, reg_covar: float = 0.0
) -> tuple[Array, Array, Array]:
    """Weights, means and covariances: Bishop (2006), eqs. 9.17, 9.19 and 9.22, in two passes."""
    wr = r if row_weights is None else r * np.asarray(row_weights)[:, None]
    sizes = wr.sum(axis=0)
    weights = sizes / sizes.sum()
    means = (wr.T @ x) / sizes[:, None]
    covariances = [((x - m).T * wr[:, k]) @ (x - m) / sizes[k] for k, m in enumerate(means)]
    regularised = np.array(covariances) + reg_covar * np.eye(x.shape[1])
    return weights, means, constrained(structure, regularised, weights)


def assert_is(mixture: mogul.Mixture, expected: tuple[Array, Array, Array], rtol: float = 1e-9) -> None:
    """Relative to the largest value of each parameter."""
    for values, wanted in zip((mixture.weights, mixture.means, mixture.covariances), expected, strict=True):
        np.testing.assert_allclose(values, wanted, rtol=0, atol=rtol * np.abs(wanted).max())


@dataclass(frozen=True)
class Problem:
    mixture: mogul.Mixture
    x: Array
    row_weights: Array

    @property
    def structure(self) -> str:
        return self.mixture.structure


@pytest.fixture(scope="session", autouse=True)
def one_thread_of_blas() -> Iterator[None]:
    """Idle threads of NumPy's and scikit-learn's libraries spin, and would slow down every other test."""
    with threadpool_limits(1):
        yield


@pytest.fixture(params=STRUCTURES)
def problem(request: pytest.FixtureRequest) -> Problem:
    """Of every structure: three components in two dimensions, overlapping a little, and 60 rows with weights."""
    mixture = random_mixture(request.param)
    x = random_rows(mixture)
    return Problem(mixture, x, np.random.default_rng(2).uniform(0.1, 3.0, size=len(x)))


@pytest.fixture
def clouds() -> Array:
    """Two clouds of 100 rows in two dimensions, far apart; the first half is around the origin."""
    rng = np.random.default_rng(3)
    return np.vstack([rng.normal(size=(100, 2)), rng.normal(size=(100, 2)) + np.array([8.0, 4.0])])


def run_python(program: str, *arguments: object, stdin: str | IO[str] = "", timeout: float = 60) -> str:
    """What a program prints in a process of its own, which must end well; stdin is a text or an open file."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    given: dict[str, Any] = {"input": stdin} if isinstance(stdin, str) else {"stdin": stdin}
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **given)
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def message_of(call: Callable[[], object], error: type[BaseException] = ValueError) -> str:
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)
