"""mogul.GaussianMixture against scikit-learn's, end to end: both as they are without any argument but K and a seed.

Each fit has its own start, so the two may end in different optima, and both the time and the outcome are random. For
each data set and seed both are timed in turn; the final log-likelihood per row, score() of the training rows, is
compared over the seeds. mogul is worse where the 95 % interval of the median difference (bootstrap over the seeds) lies
below -1e-3. On small data the outcome is one of a handful, by the optimum that k-means ended in, so there are many
seeds: the median of twenty such differences is itself a matter of chance.

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
PAUSE = 0.15  # seconds before each fit: the BLAS threads of scikit-learn stay busy for 2^28 cycles after theirs
WORSE = -1e-3  # nats per row
MAX_OVERHEAD = 1.05  # wall time of the estimator over that of the library

Data = np.ndarray


class Case(typing.NamedTuple):
    name: str
    k: int
    n_seeds: int
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


CASES = [
    Case("faithful", 2, 60, faithful),
    Case("iris", 3, 60, lambda: sklearn.datasets.load_iris().data),
    Case("wine, standardised", 3, 200, lambda: scale(sklearn.datasets.load_wine().data)),
    Case("1,000 x 2", 4, 60, lambda: synthetic(1_000, 2, 4)),
    Case("digits", 10, 20, lambda: sklearn.datasets.load_digits().data),
    Case("10,000 x 8", 8, 20, lambda: synthetic(10_000, 8, 8)),
    Case("100,000 x 16", 16, 2, lambda: synthetic(100_000, 16, 16)),
    Case("1,000,000 x 32", 8, 1, lambda: synthetic(1_000_000, 32, 8)),
]
QUICK_CASES = [case._replace(n_seeds=20) for case in CASES[:4]]

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


def median_interval(values: np.ndarray) -> tuple[float, float]:
    """Of 95 %, by the bootstrap; one value says nothing about chance and is taken as it is."""
    drawn = np.random.default_rng(0).choice(values, size=(2000, len(values)))
    low, high = np.quantile(np.median(drawn, axis=1), [0.025, 0.975])
    return float(low), float(high)


def compare(case: Case) -> dict[str, typing.Any]:
    x = case.make()
    seconds: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    scores: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    iterations: dict[str, list[int]] = {name: [] for name in ESTIMATORS}
    for estimator in ESTIMATORS.values():
        estimator(case.k, random_state=0).fit(x[:2000])  # loads what is loaded late, and wakes the threads
    for seed in range(case.n_seeds):
        for name, estimator in ESTIMATORS.items():
            model = estimator(case.k, random_state=seed)
            seconds[name].append(timed_fit(model, x))
            scores[name].append(model.score(x))
            iterations[name].append(model.n_iter_)
    differences = np.subtract(scores["mogul"], scores["scikit-learn"])
    median = float(np.median(differences))
    interval = median_interval(differences)
    ms = {name: 1e3 * statistics.median(values) for name, values in seconds.items()}
    return {"name": str(case), "shape": x.shape, "k": case.k, "n_seeds": case.n_seeds, "ms": ms,
            "ratio": ms["scikit-learn"] / ms["mogul"], "seconds": seconds, "iterations": iterations, "scores": scores,
            "difference": median, "interval": interval, "worse": interval[1] < WORSE}


def fits_table(results: list[dict[str, typing.Any]]) -> str:
    lines = ["| data | seeds | mogul, ms | scikit-learn, ms | times | iterations | log-likelihood per row: mogul | "
             "scikit-learn | median difference (95 %) | worse |", "|---|---|---|---|---|---|---|---|---|---|"]
    for result in results:
        ms = result["ms"]
        ours, theirs = (statistics.median(result["iterations"][name]) for name in ESTIMATORS)
        scores = " | ".join(f"{statistics.median(result['scores'][name]):.4f}" for name in ESTIMATORS)
        low, high = result["interval"]
        lines.append(f"| {result['name']} | {result['n_seeds']} | {ms['mogul']:.2f} | {ms['scikit-learn']:.1f} | "
                     f"{result['ratio']:.1f} | {ours:g}, {theirs:g} | {scores} | {result['difference']:+.1e} "
                     f"({low:+.0e} to {high:+.0e}) | {'**yes**' if result['worse'] else 'no'} |")
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
    x = sklearn.datasets.load_iris().data
    row = x[:1].copy()
    ours, theirs = (estimator(3, random_state=0).fit(x) for estimator in ESTIMATORS.values())
    mixture = mogul.Mixture("full", ours.weights_, ours.means_, ours.covariances_)
    functions = {"predict": mogul.labels, "predict_proba": mogul.responsibilities, "score_samples": mogul.log_densities}
    calls = {name: {"estimator": partial(getattr(ours, name), row), "function": partial(function, mixture, row),
                    "scikit-learn": partial(getattr(theirs, name), row)} for name, function in functions.items()}
    return [{"name": f"{name}() of one row"} | {who: microseconds(call) for who, call in of_name.items()}
            for name, of_name in calls.items()]


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
    parser.add_argument("--quick", action="store_true", help="the small data sets, with fewer seeds")
    parser.add_argument("--only", default="", help="data sets whose name contains this, as 'wine'")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of fits that did not converge
    fits = []
    for case in QUICK_CASES if arguments.quick else CASES:
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
