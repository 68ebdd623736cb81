"""The floor for speed: exact EM in mogul against scikit-learn's GaussianMixture, timed in the same run.

Both start from the same means, equal weights and unit covariances, with tol = 0 and the same reg_covar, and must reach
the same log-likelihood; a ratio between different answers would mean nothing. The time of one iteration is
(T(11 iterations) - T(1 iteration)) / 10, which leaves out whatever a fit does once. Each program runs in a process of
its own, alternately. ./dev bench builds mogul and runs this with scikit-learn from PyPI.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
EM_ITERATION = ROOT / "build" / "release" / "bench" / "em_iteration"
THREADS = 2
ITERATIONS = (1, 11)
MAX_DISAGREEMENT = 1e-9  # relative, of log-likelihoods that both sum in float64
MIN_RATIO = 5
MAX_MEMORY = 64 * 2**20


def make_data(n, d, k, seed):
    """Overlapping Gaussians of unit size: rows (n, d) and starting means (k, d), written as .npy files."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=2.0, size=(k, d))
    x = centres[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    means = centres + rng.normal(scale=0.5, size=(k, d))
    WORK.mkdir(parents=True, exist_ok=True)
    np.save(WORK / "data.npy", x)
    np.save(WORK / "means.npy", means)


def memory(field):
    """A field of /proc/self/status in bytes."""
    for line in open("/proc/self/status"):
        if line.startswith(field + ":"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {field}")


def run_sklearn():
    """In a process of its own: what em_iteration prints, from scikit-learn."""
    import warnings

    import sklearn
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_info

    warnings.simplefilter("ignore")  # it always warns that max_iter was reached
    x = np.load(WORK / "data.npy")
    means = np.load(WORK / "means.npy")
    k, d = means.shape
    blas = [f"{p['internal_api']} {p['version']} {p.get('architecture', '')}" for p in threadpool_info() if p["user_api"] == "blas"]
    for iterations in ITERATIONS:
        model = GaussianMixture(
            k, tol=0, max_iter=iterations, weights_init=np.full(k, 1 / k), means_init=means,
            precisions_init=np.tile(np.eye(d), (k, 1, 1)), init_params="random_from_data", random_state=0)
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        start = time.perf_counter()
        model.fit(x)
        seconds = time.perf_counter() - start
        peak = memory("VmHWM") - before
        print(json.dumps({
            "iterations": model.n_iter_, "seconds": seconds, "log_likelihood": model.score(x) * len(x),
            "peak_bytes_beyond_input": peak, "version": sklearn.__version__, "blas": blas}))


def lines_of(command):
    environment = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(THREADS)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def once():
    """One run of each program, one after the other: their lines for 1 and 11 iterations."""
    files = [WORK / "data.npy", WORK / "means.npy"]
    mogul = lines_of([EM_ITERATION, *files, "full", str(THREADS), *map(str, ITERATIONS)])
    return mogul, lines_of([sys.executable, __file__, "--sklearn"])


def per_iteration(lines):
    first, last = lines
    assert (first["iterations"], last["iterations"]) == ITERATIONS, "a program stopped early"
    return (last["seconds"] - first["seconds"]) / (ITERATIONS[1] - ITERATIONS[0])


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def measure(n, d, k, repetitions):
    make_data(n, d, k, seed=1)
    mogul_seconds, sklearn_seconds, disagreement, peaks = [], [], 0.0, ([], [])
    for repetition in range(repetitions):
        runs = once()
        for ours, theirs in zip(*runs):
            a, b = ours["log_likelihood"], theirs["log_likelihood"]
            disagreement = max(disagreement, abs(a - b) / abs(b))
        mogul_seconds.append(per_iteration(runs[0]))
        sklearn_seconds.append(per_iteration(runs[1]))
        for peak, lines in zip(peaks, runs):
            peak.append(max(line["peak_bytes_beyond_input"] for line in lines))
        print(f"  run {repetition + 1} of {repetitions}: mogul {1e3 * mogul_seconds[-1]:.1f} ms, "
              f"scikit-learn {1e3 * sklearn_seconds[-1]:.1f} ms per iteration", file=sys.stderr)
    return {
        "case": {"n": n, "d": d, "k": k, "covariance": "full", "dtype": "float64", "threads": THREADS},
        "mogul_ms": spread([1e3 * s for s in mogul_seconds]),
        "sklearn_ms": spread([1e3 * s for s in sklearn_seconds]),
        "ratio": spread([s / m for s, m in zip(sklearn_seconds, mogul_seconds)]),
        "log_likelihood_disagreement": disagreement,
        "mogul_peak_bytes": max(peaks[0]),
        "sklearn_peak_bytes": max(peaks[1]),
        "sklearn": runs[1][0]["version"],
        "blas": runs[1][0]["blas"],
    }


def table(result):
    case, ratio = result["case"], result["ratio"]

    def row(name, ms, peak, times):
        return f"| {name} | {ms['median']:.1f} | {ms['min']:.1f} to {ms['max']:.1f} | {peak / 2**20:.0f} | {times} |"

    return "\n".join([
        f"N = {case['n']}, D = {case['d']}, K = {case['k']}, {case['covariance']}, {case['dtype']}, {THREADS} threads; "
        f"BLAS of scikit-learn: {', '.join(result['blas'])}", "",
        "| program | ms per iteration | range | peak MiB beyond the input | ratio |", "|---|---|---|---|---|",
        row("mogul", result["mogul_ms"], result["mogul_peak_bytes"], "1"),
        row(f"scikit-learn {result['sklearn']}", result["sklearn_ms"], result["sklearn_peak_bytes"],
            f"{ratio['median']:.1f} ({ratio['min']:.1f} to {ratio['max']:.1f})"), "",
        f"Log-likelihoods differ by {result['log_likelihood_disagreement']:.1e} (relative)."])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one repetition on 100,000 rows instead of five on 500,000")
    parser.add_argument("--sklearn", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.sklearn:
        return run_sklearn()
    result = measure(100_000 if arguments.quick else 500_000, 8, 16, repetitions=1 if arguments.quick else 5)
    with open(WORK / "results.jsonl", "a") as results:
        results.write(json.dumps(result) + "\n")
    print(table(result))
    failures = []
    if not result["log_likelihood_disagreement"] <= MAX_DISAGREEMENT:
        failures.append(f"the log-likelihoods differ by more than {MAX_DISAGREEMENT} relative")
    if result["ratio"]["median"] < MIN_RATIO:
        failures.append(f"mogul is not {MIN_RATIO} times faster")
    if result["mogul_peak_bytes"] > MAX_MEMORY:
        failures.append(f"mogul takes more than {MAX_MEMORY >> 20} MiB beyond the input")
    if failures:
        sys.exit("FAILED: " + "; ".join(failures))
    print(f"Floor held: at least {MIN_RATIO} times faster, the same answer, under {MAX_MEMORY >> 20} MiB.")


if __name__ == "__main__":
    main()
