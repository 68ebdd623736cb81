"""How many threads work: joblib's counting if the caller counts, else what threadpoolctl and OMP_NUM_THREADS say."""

from __future__ import annotations

from . import _mogul

MOST = 1024


def n_threads(n_jobs: int | None) -> int:
    """0, what get_num_threads() says, unless the caller says how many."""
    if n_jobs is None:
        return 0
    import joblib

    return min(int(joblib.effective_n_jobs(n_jobs)), MOST)


def tell_threadpoolctl() -> None:
    """Lets its limits hold for mogul, as for BLAS and OpenMP."""
    try:
        from threadpoolctl import LibController, register
    except ImportError:  # before 3.2
        return

    class MogulController(LibController):  # type: ignore[misc]
        user_api = "mogul"
        internal_api = "mogul"
        filename_prefixes = ("_mogul",)

        def get_num_threads(self) -> int:
            return _mogul.get_num_threads()

        def set_num_threads(self, num_threads: int) -> None:
            _mogul.set_num_threads(num_threads)

        def get_version(self) -> str:
            return _mogul.version()

    register(MogulController)
