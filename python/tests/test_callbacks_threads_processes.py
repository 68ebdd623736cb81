"""Fits among callbacks that fail, other threads and other processes."""

from __future__ import annotations

import os
import pickle
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from conftest import Array, message_of, random_mixture
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV

import mogul
from mogul import GaussianMixture


class Mine(Exception):
    pass


def test_an_exception_of_a_callback_comes_out_unchanged(clouds: Array) -> None:
    mine = Mine("with", 2, "arguments")

    def fail(iteration: mogul.Iteration) -> None:
        if iteration.iteration == 1:
            raise mine

    for call in (lambda: mogul.fit(clouds, 2, callback=fail), lambda: GaussianMixture(2, callback=fail).fit(clouds)):
        with pytest.raises(Mine) as caught:
            call()
        assert caught.value is mine
        assert caught.traceback[-1].name == "fail"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, StopIteration, MemoryError, GeneratorExit])
def test_so_does_any_other(error: type[BaseException], clouds: Array) -> None:
    def fail(iteration: mogul.Iteration) -> None:
        raise error("mine")

    assert message_of(lambda: mogul.fit(clouds, 2, callback=fail), error) == "mine"


def test_an_estimator_whose_callback_failed_is_as_it_was(clouds: Array) -> None:
    def fail(iteration: mogul.Iteration) -> None:
        raise Mine

    model = GaussianMixture(2, random_state=0).fit(clouds)
    before, labels = pickle.dumps(vars(model)), model.predict(clouds)
    for other in (clouds + 1, np.hstack([clouds, clouds])):
        model.callback = fail
        with pytest.raises(Mine):
            model.fit(other)
        model.callback = None
        assert pickle.dumps(vars(model)) == before
        assert model.predict(clouds).tolist() == labels.tolist()


def test_a_fit_may_be_made_within_a_callback(clouds: Array) -> None:
    inner = []
    options = {"init": "kmeans", "max_iter": 3, "tol": 0}
    outer = mogul.fit(clouds, 2, callback=lambda it: inner.append(mogul.fit(clouds, 3).mixture), **options)
    assert outer.mixture == mogul.fit(clouds, 2, **options).mixture
    assert len(inner) == 4 and set(inner) == {mogul.fit(clouds, 3).mixture}


def test_a_stopped_fit_has_the_best_mixture_of_all_restarts() -> None:
    x = np.random.default_rng(0).normal(size=(300, 2))
    seen: list[tuple[float, mogul.Mixture]] = []

    def stop(iteration: mogul.Iteration) -> bool:
        seen.append((iteration.mean_log_likelihood, iteration.model))
        return len(seen) < 20

    fitted = mogul.fit(x, 4, n_init=5, tol=0, callback=stop)
    assert fitted.report.termination.reason == "cancelled" and len(seen) == 20
    assert fitted.mixture == max(seen, key=lambda pair: pair[0])[1]
    assert fitted.report.mean_log_likelihood == pytest.approx(max(seen, key=lambda pair: pair[0])[0], rel=1e-14)


# --- Threads

LARGE = np.random.default_rng(0).normal(size=(400_000, 4))
LARGER = np.tile(LARGE, (3, 1))
MIXTURE = random_mixture("full", k=100, d=4)
CSV = b"1.25,-3.5e-2\n" * 3_000_000
ENDLESS = np.broadcast_to(LARGE[0], (20_000_000, 4))
"""Many rows in little memory."""
WIDE = random_mixture("full", k=100, d=80)
WIDE_JSON = mogul.model_json(WIDE)
WIDE_STATS = mogul.accumulate(WIDE, np.random.default_rng(1).normal(size=(300, 80)))
WIDE_STATS_JSON = mogul.stats_json(WIDE_STATS)
CALLS = {
    "fit": lambda: mogul.fit(LARGE, 100, init=MIXTURE, max_iter=1, tol=0, n_threads=1),
    "k-means": lambda: mogul.fit(LARGE, 8, n_init=5, max_iter=0, n_threads=1),
    "estimator": lambda: GaussianMixture(30, init_params="random", max_iter=6, tol=1e9, n_jobs=1).fit(LARGE),
    "evaluate": lambda: mogul.evaluate(MIXTURE, LARGER, n_threads=1),
    "log_densities": lambda: mogul.log_densities(MIXTURE, LARGER, n_threads=1),
    "accumulate": lambda: mogul.accumulate(MIXTURE, LARGER, n_threads=1),
    "sample": lambda: mogul.sample(MIXTURE, 2_000_000, n_threads=1),
    "parse_dataset": lambda: mogul.parse_dataset(CSV, "rows.csv", n_threads=1),
    "Dataset": lambda: mogul.Dataset(ENDLESS),
    "take": lambda: mogul.Rows(ENDLESS).take(np.zeros(20_000_000, int)),
    "write_csv": lambda: mogul.write_csv(os.devnull, LARGER),
    "write_npy": lambda: mogul.write_npy(os.devnull, ENDLESS),
    "write_model": lambda: mogul.write_model(os.devnull, WIDE),
    "model_json": lambda: mogul.model_json(WIDE),
    "parse_model": lambda: mogul.parse_model(WIDE_JSON, "model.json"),
    "stats_json": lambda: mogul.stats_json(WIDE_STATS),
    "parse_stats": lambda: mogul.parse_stats(WIDE_STATS_JSON, "stats.json"),
}


@pytest.mark.filterwarnings("ignore:reg_covar = ")
@pytest.mark.parametrize("name", CALLS)
def test_other_threads_go_on_meanwhile(name: str) -> None:
    ticks, over = [], threading.Event()

    def tick() -> None:
        while not over.wait(0.001):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    CALLS[name]()
    end = time.monotonic()
    over.set()
    thread.join()
    # Some 1000 a second; where the interpreter is locked, none but at the beginning and the end.
    during = sum(begin + 0.01 < t < end - 0.01 for t in ticks)
    assert during > 50 * (end - begin) > 1


def fit_of(seed: int) -> bytes:
    x = np.random.default_rng(seed).normal(size=(2000, 3))
    mixture = mogul.fit(x, 3, seed=seed, max_iter=20, tol=0).mixture
    return mixture.means.tobytes() + mixture.covariances.tobytes()


def test_threads_that_fit_at_once_get_what_they_would_alone() -> None:
    alone = [fit_of(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert list(pool.map(fit_of, range(8))) == alone


def test_threads_may_share_one_model() -> None:
    model = GaussianMixture(3, random_state=0).fit(LARGE[:2000])
    expected = model.score_samples(LARGE[:50_000]).tobytes()
    with ThreadPoolExecutor(4) as pool:
        assert {s.tobytes() for s in pool.map(lambda _: model.score_samples(LARGE[:50_000]), range(8))} == {expected}


def test_callbacks_of_several_threads_are_their_own() -> None:
    def run(seed: int) -> list[int]:
        seen: list[int] = []
        x = np.random.default_rng(seed).normal(size=(5000, 3))
        mogul.fit(x, 2, init="kmeans", max_iter=20 + seed, tol=0, callback=lambda it: seen.append(it.iteration))
        return seen

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [list(range(21 + seed)) for seed in range(4)]


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_any_number_of_jobs_gives_the_same_bytes(covariance_type: str) -> None:
    x = LARGE[:5000]
    seen = set()
    for n_jobs in (None, 1, 2, 7, -1, -2):
        model = GaussianMixture(3, covariance_type=covariance_type, random_state=0, n_init=2, n_jobs=n_jobs).fit(x)
        outputs = (
            model.means_,
            model.covariances_,
            np.array(model.lower_bounds_),
            model.predict_proba(x),
            model.sample(5)[0],
        )
        seen.add(b"".join(values.tobytes() for values in outputs))
    assert len(seen) == 1


# --- Processes


def test_a_forked_process_fits_like_its_parent() -> None:
    expected = fit_of(5)  # the parent has used threads of its own
    end_of_parent, end_of_child = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12, that other threads are not forked
        child = os.fork()
    if child == 0:
        os.write(end_of_child, fit_of(5))
        os._exit(0)
    os.close(end_of_child)
    with os.fdopen(end_of_parent, "rb") as pipe:
        assert pipe.read() == expected
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pools_of_processes_fit_like_their_parent(method: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
            assert list(pool.map(fit_of, range(4))) == [fit_of(seed) for seed in range(4)]


def test_mixtures_and_models_travel_between_processes() -> None:
    model = GaussianMixture(2, random_state=0).fit(LARGE[:100])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            assert pool.submit(score_of, MIXTURE, model).result() == score_of(MIXTURE, model)


def score_of(mixture: mogul.Mixture, model: GaussianMixture) -> tuple[bytes, bytes]:
    return mogul.log_densities(mixture, LARGE[:100]).tobytes(), model.score_samples(LARGE[:100]).tobytes()


def test_a_search_over_processes_finds_what_it_finds_in_one(clouds: Array) -> None:
    grid = {"n_components": [1, 2, 3], "covariance_type": ["diag", "tied_diag"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        in_one, in_two = (
            GridSearchCV(GaussianMixture(random_state=0), grid, cv=3, n_jobs=n).fit(clouds) for n in (1, 2)
        )
    scores = [name for name in in_one.cv_results_ if "test_score" in name]
    for name in scores:
        assert in_one.cv_results_[name].tolist() == in_two.cv_results_[name].tolist()
    assert in_one.best_params_ == in_two.best_params_ and in_one.best_params_["n_components"] == 2
    assert in_one.best_estimator_.means_.tobytes() == in_two.best_estimator_.means_.tobytes()
