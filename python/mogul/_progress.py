"""What a fit prints while it runs: scikit-learn's lines, or a bar."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from ._mogul import Iteration, Restart


class Lines:
    """For verbose = 1, and with times and likelihoods for more.

    Of restarts that take turns, the first is told as it goes and the others after it, one by one.
    """

    def __init__(self, verbose: int, interval: int) -> None:
        self._details = verbose > 1
        self._interval = interval
        self._printing = 0
        self._phase = ""
        self._held: defaultdict[int, list[str]] = defaultdict(list)
        self._start = self._last = perf_counter()

    def show(self, iteration: Iteration) -> None:
        if iteration.n_init == 0:  # a search, whose runs are many and short
            if iteration.phase != self._phase:
                self._phase = iteration.phase
                print(f"Search: {self._phase}")
            return
        if iteration.iteration == 0:
            self._say(iteration.restart, f"Initialization {iteration.restart}")
        n_iter = iteration.iteration + 1
        if n_iter % self._interval != 0:
            return
        line = f"  Iteration {n_iter}"
        if self._details:
            now = perf_counter()
            line += f"\t time lapse {now - self._last:.5f}s\t ll change {iteration.change:.5f}"
            self._last = now
        self._say(iteration.restart, line)

    def _say(self, restart: int, line: str) -> None:
        if restart == self._printing:
            print(line)
        else:
            self._held[restart].append(line)

    def end(self, restart: int, how: Restart, sum_weights: float) -> None:
        line = f"Initialization {'converged' if how.reason == 'converged' else 'did not converge'}."
        if self._details:
            penalised = how.penalised_log_likelihood
            lower_bound = (how.log_likelihood if penalised is None else penalised) / sum_weights
            line += f" time lapse {perf_counter() - self._start:.5f}s\t lower bound {lower_bound:.5f}."
        print(*self._held.pop(restart, []), line, sep="\n")
        self._printing = restart + 1

    def close(self) -> None:
        pass


class Bar:
    """One line on standard error, at most ten times a second."""

    _WIDTH = 20
    _SECONDS_BETWEEN = 0.1

    def __init__(self, max_iter: int) -> None:
        self._max_iter = max(max_iter, 1)
        self._start = perf_counter()
        self._shown = 0.0
        self._in_line = False

    def show(self, iteration: Iteration) -> None:
        now = perf_counter()
        if now - self._shown < self._SECONDS_BETWEEN:
            return
        self._shown = now
        which = f"restart {iteration.restart + 1} of {iteration.n_init}, " if iteration.n_init > 1 else ""
        if iteration.n_init == 0:
            which = f"search, {iteration.phase}, "
        self._draw(which, iteration.iteration, iteration.mean_log_likelihood)

    def _draw(self, which: str, n_iter: int, mean_log_likelihood: float) -> None:
        filled = min(self._WIDTH * n_iter // self._max_iter, self._WIDTH)
        bar = "#" * filled + "." * (self._WIDTH - filled)
        seconds = perf_counter() - self._start
        self._write(
            f"EM [{bar}] {which}iteration {n_iter} of at most {self._max_iter}, "
            f"mean log-likelihood {mean_log_likelihood:.6g}, {seconds:.1f} s"
        )

    def end(self, restart: int, how: Restart, sum_weights: float) -> None:
        seconds = perf_counter() - self._start
        state = "converged" if how.reason == "converged" else "did not converge"
        self._write(f"EM {state}, mean log-likelihood {how.log_likelihood / sum_weights:.6g}, {seconds:.1f} s")
        self.close()

    def _write(self, line: str) -> None:
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()
        self._in_line = True

    def close(self) -> None:
        """Leaves the line, also where a fit ends with an error."""
        if self._in_line:
            sys.stderr.write("\n")
            sys.stderr.flush()
        self._in_line = False


Progress = Lines | Bar


@contextmanager
def progress_of(estimator: Any) -> Iterator[Progress | None]:
    """What the estimator's `verbose` asks for."""
    if not estimator.verbose or estimator.max_iter == 0:
        yield None
        return
    bar = estimator.verbose == "bar"
    progress = Bar(estimator.max_iter) if bar else Lines(estimator.verbose, estimator.verbose_interval)
    try:
        yield progress
    finally:
        progress.close()
