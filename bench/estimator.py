"""mogul.GaussianMixture against scikit-learn's, end to end: both as they are without any argument but K and a seed.

Each fit has its own start, so the two may end in different optima, and both the time and the outcome are random. For
each data set and twenty seeds both are timed in turn; the final log-likelihoods per row, score() of the training rows,
are compared by their medians over the seeds. mogul is worse where its median is lower by more than 1e-3.

Then what the estimator costs beyond the library: microseconds a call on one row, and a fit of 1,000,000 rows against
the seconds that the library reports of that same fit, which must be within 5 %.

Uses every processor. Writes a line per result to build/bench/estimator.jsonl, and prints the tables.
"""

import argparse
import json
import pathlib
import platform
import statistics
import sys
import time
import typing
import unittest.mock
import warnings
from functools import partial

import joblib
import numpy as np
import sklearn
import sklearn.datasets
import sklearn.mixture
from sklearn.preprocessing import scale

import mogul

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
N_SEEDS = 20
PAUSE = 0.15  # seconds before each fit: the BLAS threads of scikit-learn stay busy for 2^28 cycles after theirs
WORSE = -1e-3  # nats per row
MAX_OVERHEAD = 1.05  # wall time of the estimator over that of the library

Data = np.ndarray


class Case(typing.NamedTuple):
    name: str
    k: int
    make: typing.Callable[[], Data]

    def __str__(self) -> str:
        return f"{self.name}, K = {self.k}"


def synthetic(n: int, d: int, k: int) -> Data:
    """Gaussians of about unit size and different shapes, whose centres are some 3 standard deviations apart."""
    rng = np.random.default_rng(1)
    centres = rng.normal(scale=3 / np.sqrt(2 * d), size=(k, d))
    z = rng.choice(k, size=n, p=rng.dirichlet(np.full(k, 5.0)))
    x = rng.normal(size=(n, d))
    for component in range(k):
        rows = z == component
        x[rows] = centres[component] + x[rows] @ (np.eye(d) + rng.normal(scale=0.5 / np.sqrt(d), size=(d, d)))
    return x


def faithful() -> Data:
    return np.loadtxt(ROOT / "data" / "faithful.csv", delimiter=",", skiprows=1)


IRIS = Case("iris", 3, lambda: sklearn.datasets.load_iris().data)
DIGITS = Case("digits", 10, lambda: sklearn.datasets.load_digits().data)
CASES = [
    Case("faithful", 2, faithful),
    IRIS,
    Case("wine, standardised", 3, lambda: scale(sklearn.datasets.load_wine().data)),
    Case("1,000 x 2", 4, lambda: synthetic(1_000, 2, 4)),
    DIGITS,
    Case("10,000 x 8", 8, lambda: synthetic(10_000, 8, 8)),
    Case("100,000 x 16", 16, lambda: synthetic(100_000, 16, 16)),
    Case("1,000,000 x 32", 8, lambda: synthetic(1_000_000, 32, 8)),
]
N_QUICK = 5

ESTIMATORS = {"mogul": mogul.GaussianMixture, "scikit-learn": sklearn.mixture.GaussianMixture}


# --- Fits from start to end


def wait_awake() -> None:
    """Not asleep, as a processor that wakes up takes twice as long for a small fit."""
    end = time.perf_counter() + PAUSE
    while time.perf_counter() < end:
        pass


def timed_fit(estimator: typing.Any, x: Data) -> float:
    wait_awake()
    start = time.perf_counter()
    estimator.fit(x)
    return time.perf_counter() - start


def compare(case: Case) -> dict[str, typing.Any]:
    x = case.make()
    seconds: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    scores: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    iterations: dict[str, list[int]] = {name: [] for name in ESTIMATORS}
    for estimator in ESTIMATORS.values():
        estimator(case.k, random_state=0).fit(x[:2000])  # loads what is loaded late, and wakes the threads
    for seed in range(N_SEEDS):
        for name, estimator in ESTIMATORS.items():
            model = estimator(case.k, random_state=seed)
            seconds[name].append(timed_fit(model, x))
            scores[name].append(model.score(x))
            iterations[name].append(model.n_iter_)
    difference = statistics.median(scores["mogul"]) - statistics.median(scores["scikit-learn"])
    ms = {name: 1e3 * statistics.median(values) for name, values in seconds.items()}
    return {"name": str(case), "shape": x.shape, "k": case.k, "n_seeds": N_SEEDS, "ms": ms,
            "ratio": ms["scikit-learn"] / ms["mogul"], "seconds": seconds, "iterations": iterations, "scores": scores,
            "difference": difference, "worse": difference < WORSE}


def fits_table(results: list[dict[str, typing.Any]]) -> str:
    lines = ["| data | mogul, ms | scikit-learn, ms | times | iterations | log-likelihood per row: mogul | "
             "scikit-learn | difference |", "|---|---|---|---|---|---|---|---|"]
    for result in results:
        ms = result["ms"]
        ours, theirs = (statistics.median(result["iterations"][name]) for name in ESTIMATORS)
        scores = " | ".join(f"{statistics.median(result['scores'][name]):.4f}" for name in ESTIMATORS)
        lines.append(f"| {result['name']} | {ms['mogul']:.2f} | {ms['scikit-learn']:.1f} | "
                     f"{result['ratio']:.1f} | {ours:g}, {theirs:g} | {scores} | {result['difference']:+.1e}"
                     f"{' **worse**' if result['worse'] else ''} |")
    return "\n".join(lines)


# --- What a call costs


def microseconds(function: typing.Callable[[], object]) -> float:
    """Of one call: the least of the means of some hundred calls each."""
    means = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(200):
            function()
        means.append((time.perf_counter() - start) / 200)
    return 1e6 * min(means)


def measure_calls() -> list[dict[str, typing.Any]]:
    return [call for case in (IRIS, DIGITS) for call in calls_of(case)]


def calls_of(case: Case) -> list[dict[str, typing.Any]]:
    x = case.make()
    row = x[:1].copy()
    ours, theirs = (estimator(case.k, random_state=0).fit(x) for estimator in ESTIMATORS.values())
    functions = {"predict": mogul.labels, "predict_proba": mogul.responsibilities, "score_samples": mogul.log_densities}
    calls = {method: {"estimator": partial(getattr(ours, method), row), "function": partial(function, ours.mixture_, row),
                      "scikit-learn": partial(getattr(theirs, method), row)} for method, function in functions.items()}
    return [{"name": f"{method}() of one row, {case}"} | {who: microseconds(call) for who, call in of_method.items()}
            for method, of_method in calls.items()]


def calls_table(results: list[dict[str, typing.Any]]) -> str:
    lines = ["| microseconds a call | mogul.GaussianMixture | function of mogul | scikit-learn |", "|---|---|---|---|"]
    lines += [f"| {result['name']} | {result['estimator']:.1f} | {result['function']:.1f} | "
              f"{result['scikit-learn']:.0f} |" for result in results]
    return "\n".join(lines)


def measure_overhead(repetitions: int) -> dict[str, typing.Any]:
    """A large fit from a given start: wall time around the estimator, and what the library says of the same fit."""
    d, k = 8, 4
    x = np.random.default_rng(1).normal(size=(1_000_000, d))
    model = mogul.GaussianMixture(k, covariance_type="diag", max_iter=10, tol=0, weights_init=np.full(k, 1 / k),
                                  means_init=x[:k], precisions_init=np.ones((k, d)))
    inside: list[float] = []
    fit = mogul._mogul.fit

    def recorded(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        result = fit(*args, **kwargs)
        inside.append(result.report.seconds.total)
        return result

    with unittest.mock.patch.object(mogul._mogul, "fit", recorded):
        model.fit(x)
        inside.clear()
        outside = [timed_fit(model, x) for _ in range(repetitions)]
    ratios = [wall / library for wall, library in zip(outside, inside, strict=True)]
    return {"name": "fit of 1,000,000 x 8, K = 4, diag, 10 iterations", "ms": 1e3 * statistics.median(outside),
            "library_ms": 1e3 * statistics.median(inside), "ratio": statistics.median(ratios)}


def describe_machine() -> str:
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.machine()
    return (f"{processor}, {joblib.cpu_count()} processors; mogul {mogul.__version__}, scikit-learn "
            f"{sklearn.__version__}, NumPy {np.__version__}, Python {platform.python_version()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the small data sets")
    parser.add_argument("--only", default="", help="data sets whose name contains this, as 'wine'")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of fits that did not converge
    fits = []
    for case in CASES[:N_QUICK] if arguments.quick else CASES:
        if arguments.only not in str(case):
            continue
        started = time.time()
        fits.append(compare(case))
        print(f"  {case}: {fits[-1]['ms']['mogul']:.2f} ms ({time.time() - started:.0f} s)", file=sys.stderr)
    calls = measure_calls()
    overhead = measure_overhead(5 if arguments.quick else 15)
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / "estimator.jsonl", "w") as file:
        for result in [*fits, *calls, overhead]:
            file.write(json.dumps(result) + "\n")
    print(f"{describe_machine()}\n\n{fits_table(fits)}\n\n{calls_table(calls)}\n\nA {overhead['name']}: "
          f"{overhead['ms']:.1f} ms, {overhead['ratio']:.3f} times what the library takes.\n")
    found = [f"{fit['name']}: worse by {-fit['difference']:.1e} nats per row" for fit in fits if fit["worse"]]
    if overhead["ratio"] > MAX_OVERHEAD:
        found.append(f"{overhead['name']}: {overhead['ratio']:.3f} times the library's time, over {MAX_OVERHEAD}")
    if found:
        sys.exit("FAILED\n" + "\n".join(found))
    print("Nowhere worse, and the estimator costs next to nothing beyond the library.")


if __name__ == "__main__":
    main()
