"""Data of the pages as the library writes them: runs of EM by NumPy, and mixtures for the lesson."""

from __future__ import annotations

from typing import Any

import numpy as np
from conftest import Array, dense_of, expected_log_densities, expected_m_step, expected_responsibilities

import mogul

Data = dict[str, Any]

NOTES_ROWS = np.array([-3, -2.5, -1, 0, 2, 4, 5])[:, None]
"""The worked example of Deisenroth, Faisal and Ong (2020), chapter 11."""


def notes_start() -> mogul.Mixture:
    return mogul.Mixture("full", [1 / 3] * 3, [[-4], [0], [8]], np.array([1, 0.2, 3])[:, None, None])


def start_at(x: Array, k: int, seed: int) -> mogul.Mixture:
    """Means at rows, and half the covariance of all rows."""
    rng = np.random.default_rng(seed)
    d = x.shape[1]
    covariance = np.cov(x.T).reshape(d, d) / 2 + 1e-6 * np.eye(d)
    return mogul.Mixture("full", np.full(k, 1 / k), x[rng.choice(len(x), k, replace=False)], np.array([covariance] * k))


def model_of(mixture: mogul.Mixture) -> Data:
    return {
        "weights": mixture.weights.tolist(),
        "means": mixture.means.tolist(),
        "covariances": dense_of(mixture).tolist(),
    }


def steps_of_em(x: Array, start: mogul.Mixture, n_iterations: int) -> list[Data]:
    steps = []
    mixture = start
    for iteration in range(n_iterations + 1):
        r = expected_responsibilities(mixture, x)
        log_likelihood = expected_log_densities(mixture, x).sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = -np.nansum(r * np.log(r))
        described = {"iteration": iteration, "log_likelihood": log_likelihood, "entropy": entropy}
        steps.append({**described, "component_sizes": r.sum(axis=0).tolist(), **model_of(mixture)})
        reg_covar = 1e-6 * x.var(axis=0).min()
        mixture = mogul.Mixture("full", *expected_m_step("full", x, r, reg_covar=reg_covar))
    return steps


def replay_data(x: Array, starts: list[mogul.Mixture], features: list[str], n_iterations: int = 20) -> Data:
    runs = [steps_of_em(x, start, n_iterations) for start in starts]
    restarts = [{"restart": i, "kept": False, "steps": steps} for i, steps in enumerate(runs)]
    best = int(np.argmax([restart["steps"][-1]["log_likelihood"] for restart in restarts]))
    restarts[best]["kept"] = True
    note = f"All {len(x)} rows are shown."
    return {"features": features, "rows": x.tolist(), "n_rows": len(x), "note": note, "restarts": restarts}


def lesson_data(x: Array, mixture: mogul.Mixture, features: list[str]) -> Data:
    return {"features": features, "rows": x.tolist(), "x": x[0].tolist(), "model": model_of(mixture)}


def clusters(n: int, d: int, k: int, seed: int = 0) -> Array:
    """Rows of k Gaussians, correlated, of scales that differ from feature to feature."""
    rng = np.random.default_rng(seed)
    z = rng.integers(k, size=n)
    centres = 4 * rng.normal(size=(k, d))
    factors = 0.7 * rng.normal(size=(k, d, d)) + 0.5 * np.eye(d)
    rows = centres[z] + np.einsum("nij,nj->ni", factors[z], rng.normal(size=(n, d)))
    return rows * 3.0 ** np.arange(d) if d > 1 else rows
