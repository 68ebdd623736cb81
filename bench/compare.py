"""Exact EM in mogul against scikit-learn, Armadillo, OpenCV and mclust, timed in the same run; ./dev bench runs this.

All start from the same means, equal weights and unit covariances, without a stopping rule or regularisation, and must
reach the same log-likelihood: a ratio between different answers would mean nothing. Each program runs in a process of
its own, in turn. The time of one iteration is (T(11 iterations) - T(1)) / 10, which leaves out what a fit does once.
A rival that would take over two seconds an iteration is compared on a tenth of the rows (but at least 4 K D), on
(T(3) - T(1)) / 2; one that would take over eight seconds on those is left out. Rows of float32 are compared with the
same rows as float64.

P is what a matrix product reaches (float64, 2048 x 2048, as many threads, the BLAS of NumPy), measured before each
case. The useful rate counts the least work of an iteration, 2 N K D^2 flops for full covariances and 8 N K D for
diagonal ones.

Writes a line per case to build/bench/results.jsonl, and the table to build/bench/table.md.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time
import typing

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
PROGRAMS = ROOT / "build" / "release" / "bench"
THREADS = min(2, len(os.sched_getaffinity(0)))
SLOW = 2.0  # seconds per iteration: beyond it a rival is compared on fewer rows,
TOO_SLOW = 8.0  # and left out beyond this on those
# Relative, of log-likelihoods; where it is larger, the ratio is void.
MAX_DISAGREEMENT = {"float64": 1e-8, "float32": 1e-6}



class Case(typing.NamedTuple):
    n: int
    d: int
    k: int
    covariance: str
    separation: int = 3  # of neighbouring clusters, in standard deviations
    dtype: str = "float64"

    def __str__(self):
        apart = f", {self.separation} apart" if self.separation != 3 else ""
        dtype = f", {self.dtype}" if self.dtype != "float64" else ""
        return f"{self.n:,}, {self.d}, {self.k} {self.covariance}{apart}{dtype}"


CASES = [
    Case(100_000, 32, 64, "full"),
    Case(50_000, 64, 64, "full"),
    Case(20_000, 128, 32, "full"),
    Case(100_000, 32, 16, "full"),
    Case(200_000, 16, 32, "full"),
    Case(500_000, 8, 16, "full"),
    Case(1_000_000, 2, 8, "full"),
    Case(200_000, 64, 64, "diagonal"),
    Case(50_000, 128, 256, "diagonal"),
    Case(1_000_000, 64, 64, "diagonal"),
    Case(500_000, 16, 32, "diagonal"),
    Case(1_000_000, 2, 8, "diagonal"),
    Case(200_000, 32, 32, "tied"),
    Case(500_000, 16, 64, "spherical"),
    Case(50_000, 64, 64, "full", separation=10),
    Case(100_000, 32, 64, "full", dtype="float32"),
    Case(50_000, 64, 64, "full", dtype="float32"),
    Case(20_000, 128, 32, "full", dtype="float32"),
]
QUICK_CASES = [Case(100_000, 8, 16, "full"), Case(50_000, 16, 32, "diagonal"), Case(20_000, 32, 32, "tied")]
QUICK_RIVALS = ["scikit-learn", "Armadillo"]
FLOOR_CASE = Case(500_000, 8, 16, "full")
MIN_RATIO = 5  # over scikit-learn, of that case
MAX_MEMORY = 64 * 2**20  # beyond the input

# The program of each rival, and the covariances that it has. (OpenCV's spherical estimate is another one.)
RIVALS = {
    "scikit-learn": ([sys.executable, str(pathlib.Path(__file__).parent / "programs" / "sklearn_em.py")],
                     {"full", "diagonal", "tied", "spherical"}),
    "Armadillo": ([str(PROGRAMS / "armadillo_em")], {"full", "diagonal"}),
    "OpenCV": ([str(PROGRAMS / "opencv_em")], {"full", "diagonal"}),
    "mclust": (["/usr/bin/Rscript", str(pathlib.Path(__file__).parent / "programs" / "mclust_em.R")],
               {"full", "diagonal", "tied", "spherical"}),
}
MOGUL = [str(PROGRAMS / "mogul_em")]


def make_data(n, d, k, separation, float32=False):
    """Gaussians of unit size whose centres are about `separation` apart: rows (n, d) and starting means (k, d)."""
    rng = np.random.default_rng(1)
    centres = rng.normal(scale=separation / np.sqrt(2 * d), size=(k, d))
    x = centres[rng.integers(k, size=n)] + rng.normal(size=(n, d))
    means = centres + rng.normal(scale=0.3 / np.sqrt(d), size=(k, d))
    WORK.mkdir(parents=True, exist_ok=True)
    if float32:
        x = x.astype(np.float32)
        np.save(WORK / "float32.npy", x)
    np.save(WORK / "float64.npy", x.astype(np.float64, copy=False))
    np.save(WORK / "means.npy", means)


def measure_p():
    """GFLOP/s of a matrix product, in a process of its own that knows the number of threads from the start."""
    code = ("import numpy as np, time\n"
            "a, b = np.random.rand(2, 2048, 2048)\n"
            "def seconds():\n"
            "    start = time.perf_counter(); a @ b; return time.perf_counter() - start\n"
            "print(2 * 2048**3 / min(seconds() for _ in range(6)) / 1e9)")
    return float(run([sys.executable, "-c", code]))


def run(command):
    environment = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(THREADS)
    if "avx512f" in pathlib.Path("/proc/cpuinfo").read_text():
        environment.setdefault("OPENBLAS_CORETYPE", "SkylakeX")  # Debian's OpenBLAS does not know newer processors
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout


class Timing:
    """What repeated runs of one program on one case came to."""

    def __init__(self, command, covariance, dtype="float64"):
        self.command = command + [str(WORK / f"{dtype}.npy"), str(WORK / "means.npy"), covariance, str(THREADS)]
        self.ms = []
        self.peak_bytes = 0
        self.log_likelihoods = {}  # by the number of iterations
        self.iterations = (1, 11)

    def once(self):
        lines = {line["iterations"]: line for line in self._lines(self.iterations)}
        first, last = (lines[i] for i in self.iterations)
        self.ms.append(1e3 * (last["seconds"] - first["seconds"]) / (self.iterations[1] - self.iterations[0]))
        for iterations, line in lines.items():
            self.log_likelihoods[iterations] = line["log_likelihood"]
            self.peak_bytes = max(self.peak_bytes, line["peak_bytes"])
            self.version = line.get("version", "")

    def seconds_per_iteration(self):
        """From one iteration: roughly, and with what a fit does once."""
        return self._lines((1,))[0]["seconds"]

    def _lines(self, iterations):
        return [json.loads(line) for line in run(self.command + [str(i) for i in iterations]).splitlines()]

    def spread(self):
        return {"median": statistics.median(self.ms), "min": min(self.ms), "max": max(self.ms)}


def least_flops(case):
    """Of one iteration, where it is customary to count them."""
    pairs = case.n * case.k
    return {"full": 2 * pairs * case.d**2, "diagonal": 8 * pairs * case.d}.get(case.covariance)


def disagreement(one, other):
    return max(abs(one.log_likelihoods[i] / other.log_likelihoods[i] - 1) for i in one.iterations)


def compare_with(ours, theirs, rows, dtype="float64"):
    """A rival's entry in a result; `rows` is the part of the rows that both were timed on."""
    difference = disagreement(ours, theirs)
    return {"ms": theirs.spread(), "ratio": theirs.spread()["median"] / ours.spread()["median"], "rows": rows,
            "disagreement": difference, "void": difference > MAX_DISAGREEMENT[dtype], "peak_bytes": theirs.peak_bytes,
            "version": theirs.version}


def time_slow(command, covariance, rows):
    """A slow rival and mogul, once each, on the rows at hand."""
    ours, theirs = (Timing(c, covariance) for c in (MOGUL, command))
    for timing in (ours, theirs):
        timing.iterations = (1, 3)
        timing.once()
    return compare_with(ours, theirs, rows)


def result_of(case, p, ours, rivals):
    ms = ours.spread()
    flops = least_flops(case)
    rate = flops / ms["median"] / 1e6 if flops else None
    return {"name": str(case), "case": case._asdict() | {"threads": THREADS}, "ms": ms,
            "ns_per_row_and_component": 1e6 * ms["median"] / case.n / case.k, "gflops": rate, "p": p,
            "fraction": rate / p if rate and case.dtype == "float64" else None, "peak_bytes": ours.peak_bytes,
            "rivals": rivals}


def measure_float32(case, repetitions):
    """The rival is mogul itself, on the same rows as float64."""
    make_data(*case[:3], case.separation, float32=True)
    p = measure_p()
    ours, wide = (Timing(MOGUL, case.covariance, dtype) for dtype in ("float32", "float64"))
    for _ in range(repetitions):
        for timing in (ours, wide):
            timing.once()
    return result_of(case, p, ours, {"float64": compare_with(ours, wide, case.n, "float32")})


def measure(case, repetitions, rivals):
    n, d, k, covariance, separation, _ = case
    commands = {name: command for name, (command, covariances) in rivals.items() if covariance in covariances}
    few = min(n, max(n // 10, 4 * k * d))
    make_data(few // 2, d, k, separation)
    pace = {name: 2 * Timing(command, covariance).seconds_per_iteration() for name, command in commands.items()}
    for name in [name for name in commands if pace[name] > TOO_SLOW]:
        print(f"  {name} is left out: about {pace[name]:.0f} s per iteration on {few:,} rows", file=sys.stderr)
        del commands[name]
    slow = {name for name in commands if pace[name] * n / few > SLOW}
    make_data(few, d, k, separation)
    others = {name: time_slow(commands[name], covariance, few) for name in slow}
    make_data(n, d, k, separation)
    p = measure_p()
    ours = Timing(MOGUL, covariance)
    theirs = {name: Timing(command, covariance) for name, command in commands.items() if name not in slow}
    for _ in range(repetitions):
        for timing in (ours, *theirs.values()):
            timing.once()
    others |= {name: compare_with(ours, timing, n) for name, timing in theirs.items()}
    return result_of(case, p, ours, {name: others[name] for name in commands})


def table(results):
    order = [*RIVALS, "float64"]
    names = sorted({name for result in results for name in result["rivals"]}, key=order.index)
    lines = ["| N, D, K | ms per iteration | ns per row and component | GFLOP/s | of P | MiB beyond the input | "
             + " | ".join(f"{name}, times" for name in names) + " |",
             "|---|---|---|---|---|---|" + "---|" * len(names)]
    for result in results:
        ms, rivals = result["ms"], result["rivals"]

        def ratio(name):
            rival = rivals.get(name)
            if rival is None:
                return ""
            on_fewer_rows = " *" if rival["rows"] < result["case"]["n"] else ""
            return "void" if rival["void"] else f"{rival['ratio']:.1f}{on_fewer_rows}"

        rate = " | ".join(f"{value:.{digits}f}" if value else "" for value, digits in
                          ((result["gflops"], 1), (result["fraction"], 2)))
        lines.append(f"| {result['name']} | {ms['median']:.1f} ({ms['min']:.1f} to {ms['max']:.1f}) | "
                     f"{result['ns_per_row_and_component']:.2f} | {rate} | {result['peak_bytes'] / 2**20:.0f} | "
                     + " | ".join(map(ratio, names)) + " |")
    means = [geometric_mean(results, name) for name in names]
    lines.append("| geometric mean, 3 apart | | | | | | " + " | ".join(means) + " |")
    return "\n".join(lines) + ("\n\n\\* on fewer rows; rivals without a figure lack the covariance, or take longer than it "
                               "is worth waiting. mclust has one thread.")


def geometric_mean(results, name):
    ratios = [r["rivals"][name]["ratio"] for r in results if name in r["rivals"] and not r["rivals"][name]["void"]
              and r["case"]["separation"] == 3]
    return f"{statistics.geometric_mean(ratios):.1f}" if ratios else ""


def describe_machine(results):
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                     platform.machine())
    ps = [result["p"] for result in results]
    versions = {name: rival["version"] for result in results for name, rival in result["rivals"].items()
                if name in RIVALS}
    return (f"{processor}, {THREADS} threads; P = {statistics.median(ps):.1f} GFLOP/s ({min(ps):.1f} to "
            f"{max(ps):.1f}); " + ", ".join(f"{name} {version}".strip() for name, version in versions.items()))


def failures(results):
    """What must hold wherever this runs."""
    found = []
    for result in results:
        name = result["name"]
        for rival, other in result["rivals"].items():
            if other["void"]:
                found.append(f"{name}: {rival} has another log-likelihood, by {other['disagreement']:.1e}")
        if result["peak_bytes"] > MAX_MEMORY:
            found.append(f"{name}: {result['peak_bytes'] / 2**20:.0f} MiB beyond the input")
        sklearn = result["rivals"].get("scikit-learn")
        if name == str(FLOOR_CASE) and sklearn and sklearn["ratio"] < MIN_RATIO:
            found.append(f"{name}: not {MIN_RATIO} times faster than scikit-learn")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three small cases, two rivals, once")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", default="", help="cases whose name contains this, as '64 full'")
    arguments = parser.parse_args()
    rivals = {name: rival for name, rival in RIVALS.items() if pathlib.Path(rival[0][0]).exists()}
    has_mclust = ["/usr/bin/Rscript", "-e", "library(mclust)"]
    if "mclust" in rivals and subprocess.run(has_mclust, capture_output=True).returncode != 0:
        del rivals["mclust"]
    for name in RIVALS.keys() - rivals.keys():
        print(f"{name} is not installed: left out", file=sys.stderr)
    if arguments.quick:
        rivals = {name: rivals[name] for name in QUICK_RIVALS if name in rivals}
    results = []
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / "results.jsonl", "w") as file:
        for case in QUICK_CASES if arguments.quick else CASES:
            if arguments.only not in str(case):
                continue
            started = time.time()
            repetitions = 1 if arguments.quick else arguments.repetitions
            results.append(measure(case, repetitions, rivals) if case.dtype == "float64"
                           else measure_float32(case, repetitions))
            file.write(json.dumps(results[-1]) + "\n")
            file.flush()
            print(f"  {case}: {results[-1]['ms']['median']:.1f} ms ({time.time() - started:.0f} s)", file=sys.stderr)
    text = describe_machine(results) + "\n\n" + table(results) + "\n"
    (WORK / "table.md").write_text(text)
    print(text)
    found = failures(results)
    if found:
        sys.exit("FAILED\n" + "\n".join(found))
    print("The same answers everywhere; memory and, where it was among the cases, the floor held.")


if __name__ == "__main__":
    main()
