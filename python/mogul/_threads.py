"""How many threads work: joblib's counting, where the caller counts."""

from __future__ import annotations

import joblib

MOST = 1024


def n_threads(n_jobs: int | None) -> int:
    """0, all that the process may use, unless the caller says how many."""
    return 0 if n_jobs is None else min(int(joblib.effective_n_jobs(n_jobs)), MOST)
