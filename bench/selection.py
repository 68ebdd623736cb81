"""What `mogul select` finds, and how fast, beside R's mclust and a loop around scikit-learn.

  selection.py mclust     the whole table, fourteen families x K 1 to 9, of faithful, iris, diabetes and wine13 with
                          the default settings of both: seconds, log-likelihoods of all cells, the models that BIC
                          chooses; and the cells once more with --reg-covar 0
  selection.py simulated  200 problems of clusters that are apart, D 2 to 6, K 1 to 6, of all families: how often BIC
                          finds K, and K with the family; and 50 of parallel long clusters, on which k-means goes
                          wrong, beside scikit-learn's BIC over K and its four types
  selection.py rows       15,000 rows of 10 features, K 1 to 9, VVV and EEE: seconds

The file is not called select.py, as Python has a module of that name. Without a word all of them. Of mogul the time is
that of the whole process of the program (--program) with all its threads; of mclust (--rscript) that of mclustBIC()
alone, without R's start, reading and printing, which is in mclust's favour. Processor time is the sum over threads,
which a busy machine changes less. Times are medians of --runs, the programs taking turns. Prints tables, and writes a
line per result to build/bench/selection.jsonl.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import tempfile
import time
import typing
import warnings

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
WORK = ROOT / "build" / "bench"
DATA_SETS = ("faithful", "iris", "diabetes", "wine13")
FAMILIES = ["EII", "VII", "EEI", "VEI", "EVI", "VVI", "EEE", "VEE", "EVE", "VVE", "EEV", "VEV", "EVV", "VVV"]
NEAR = 0.1  # nats that make two maxima the same

# Prints a line per cell, "cell,data set,family,K,log-likelihood", and one per data set, "seconds,data set,seconds,
# seconds of the processor".
PROGRAM_OF_R = """
suppressMessages(library(mclust))
arguments <- commandArgs(trailingOnly = TRUE)
families <- if (arguments[1] == "all") NULL else strsplit(arguments[1], ",")[[1]]
for (path in arguments[-1]) {
  rows <- read.csv(path)
  rows$class <- NULL
  name <- sub("[.]csv$", "", basename(path))
  times <- system.time(table <- mclustBIC(rows, G = 1:9, modelNames = families, verbose = FALSE))
  cat(sprintf("seconds,%s,%.6f,%.6f\\n", name, times[["elapsed"]], times[["user.self"]] + times[["sys.self"]]))
  for (family in colnames(table)) for (k in 1:9) {
    bic <- table[k, family]
    free <- nMclustParams(family, ncol(rows), k)
    if (is.finite(bic)) cat(sprintf("cell,%s,%s,%d,%.8f\\n", name, family, k, (bic + free * log(nrow(rows))) / 2))
  }
}
"""

Array = np.ndarray
Cells = dict[tuple[str, int], float]  # log-likelihood of (family, K)


class Programs(typing.NamedTuple):
    mogul: pathlib.Path
    rscript: str


def say(**result: typing.Any) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    with open(WORK / "selection.jsonl", "a", encoding="utf-8") as file:
        print(json.dumps(result | {"machine": platform.processor(), "load": load}), file=file)


def write_rows(path: pathlib.Path, rows: Array) -> None:
    head = ",".join(f"x{i}" for i in range(rows.shape[1]))
    np.savetxt(path, rows, fmt="%.10g", delimiter=",", header=head, comments="")


# --- The programs ---------------------------------------------------------------------------------------------------


class Times(typing.NamedTuple):
    seconds: float
    of_processor: float


def median(times: list[Times]) -> Times:
    return Times(*(statistics.median(each) for each in zip(*times, strict=True)))


def processor_time() -> float:
    """Of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Answer(typing.NamedTuple):
    times: Times
    cells: Cells
    best: dict[str, typing.Any]


def mogul_on(path: pathlib.Path, programs: Programs, *flags: str, k: str = "1-9", covariance: str = "all") -> Answer:
    command = [programs.mogul, "select", path, "-k", k, "--covariance", covariance, "--format", "json", "-q", *flags]
    with open(path, encoding="utf-8") as file:
        if file.readline().strip().endswith("class"):
            command += ["--exclude", "class"]
    began, used = time.perf_counter(), processor_time()
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    times = Times(time.perf_counter() - began, processor_time() - used)
    told = json.loads(printed)
    cells = {
        (cell["covariance"], cell["n_components"]): cell["log_likelihood"]
        for cell in told["cells"]
        if cell["log_likelihood"] is not None
    }
    return Answer(times, cells, told["best"])


def mclust_on(paths: list[pathlib.Path], programs: Programs, covariance: str = "all") -> dict[str, tuple[Times, Cells]]:
    with tempfile.NamedTemporaryFile("w", suffix=".R", encoding="utf-8") as script:
        script.write(PROGRAM_OF_R)
        script.flush()
        command = [programs.rscript, script.name, covariance, *paths]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, tuple[Times, Cells]] = {}
    for kind, name, *values in csv.reader(printed.splitlines()):
        if kind == "seconds":
            found[name] = (Times(*map(float, values)), {})
        else:
            found[name][1][values[0], int(values[1])] = float(values[2])
    return found


# --- mclust ---------------------------------------------------------------------------------------------------------


def parameters(family: str, k: int, d: int) -> int:
    volume, shape, axes = family
    n = k if volume == "V" else 1
    n += {"I": 0, "E": d - 1, "V": k * (d - 1)}[shape]
    n += {"I": 0, "E": 1, "V": k}[axes] * d * (d - 1) // 2
    return n + k * d + k - 1


def best_bic(cells: Cells, n: int, d: int) -> tuple[float, str]:
    return min((-2 * level + parameters(f, k, d) * np.log(n), f"{f} {k}") for (f, k), level in cells.items())


def size_of(path: pathlib.Path) -> tuple[int, int]:
    with open(path, encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return len(rows), len([name for name in head if name != "class"])


def bench_mclust(programs: Programs, runs: int) -> None:
    paths = [FIXTURES / f"{name}.csv" for name in DATA_SETS]
    theirs: dict[str, list[Times]] = {name: [] for name in DATA_SETS}
    ours: dict[str, list[Times]] = {name: [] for name in DATA_SETS}
    for _ in range(runs):
        of_mclust = mclust_on(paths, programs)
        of_mogul = {path.stem: mogul_on(path, programs) for path in paths}
        for name in DATA_SETS:
            theirs[name].append(of_mclust[name][0])
            ours[name].append(of_mogul[name].times)
    print("data      mclust  processor    mogul  processor   ratio  of processor")
    for names in (*([name] for name in DATA_SETS), list(DATA_SETS)):
        their, our = (
            Times(*map(sum, zip(*(median(times[name]) for name in names), strict=True))) for times in (theirs, ours)
        )
        name = names[0] if len(names) == 1 else "all"
        print(
            f"{name:9} {their.seconds:4.2f} s {their.of_processor:8.2f} s {our.seconds:6.2f} s"
            f" {our.of_processor:8.2f} s {their.seconds / our.seconds:7.1f}"
            f" {their.of_processor / our.of_processor:13.1f}"
        )
        say(bench="mclust", data=name, theirs=their, ours=our)
    for flags in ([], ["--reg-covar", "0"]):
        print(f"\nmogul select {' '.join(flags)}")
        of_mogul = {path: mogul_on(path, programs, *flags).cells for path in paths}
        compare_cells(of_mogul, {path: of_mclust[path.stem][1] for path in paths})


def compare_cells(ours: dict[pathlib.Path, Cells], theirs: dict[pathlib.Path, Cells]) -> None:
    print("data      cells of both  lower  higher  mogul alone  mclust alone  best by BIC")
    counts = np.zeros(5, dtype=int)
    for path, found in ours.items():
        cells = theirs[path]
        both = cells.keys() & found.keys()
        lower = sorted(f"{f} {k} {found[f, k] - cells[f, k]:+.2f}" for f, k in both if found[f, k] < cells[f, k] - NEAR)
        higher = sum(found[cell] > cells[cell] + NEAR for cell in both)
        row = [len(both), len(lower), higher, len(found.keys() - cells.keys()), len(cells.keys() - found.keys())]
        counts += row
        (value, model), (their_value, their_model) = (best_bic(each, *size_of(path)) for each in (found, cells))
        print(
            f"{path.stem:9} {row[0]:13} {row[1]:6} {row[2]:7} {row[3]:12} {row[4]:13}"
            f"  {model} {value:.2f}; mclust {their_model} {their_value:.2f}"
        )
        alone = " ".join(f"{f} {k}" for f, k in sorted(cells.keys() - found.keys()))
        print(f"          lower: {', '.join(lower) or 'none'}; mclust alone: {alone or 'none'}", flush=True)
        say(bench="cells", data=path.stem, lower=lower, counts=[int(n) for n in row], best=model)
    print(f"all       {counts[0]:13} {counts[1]:6} {counts[2]:7} {counts[3]:12} {counts[4]:13}", end="")
    print(f"  lower in {100 * counts[1] / counts[0]:.1f} % of the cells")


# --- Simulated problems ---------------------------------------------------------------------------------------------


class Problem(typing.NamedTuple):
    rows: Array
    k: int
    family: str


def covariances_of(family: str, k: int, d: int, rng: np.random.Generator) -> Array:
    """Volumes up to 6 times apart in standard deviation, variances along the axes up to 20 times, any axes."""
    volume, shape, axes = family

    def shape_of() -> Array:
        logs = rng.permutation(np.linspace(-1, 1, d)) * rng.uniform(1, 1.5)
        return np.exp(logs - logs.mean())

    def axes_of() -> Array:
        return np.linalg.qr(rng.normal(size=(d, d)))[0]

    volumes = np.exp(rng.permutation(np.linspace(-0.9, 0.9, k)) * 2 * (volume == "V")) if k > 1 else np.ones(1)
    one_shape = np.ones(d) if shape == "I" else shape_of()
    one_turn = np.eye(d) if axes == "I" else axes_of()
    out = []
    for j in range(k):
        a = shape_of() if shape == "V" else one_shape
        q = axes_of() if axes == "V" else one_turn
        out.append(volumes[j] * (q * a) @ q.T)
    return np.array(out)


def apart(means: Array, covariances: Array) -> float:
    """The least distance of two means, in the sum of the standard deviations along the line between them."""
    least = np.inf
    for i in range(len(means)):
        for j in range(i):
            way = means[i] - means[j]
            length = np.linalg.norm(way)
            spread = sum(np.sqrt(way @ c @ way) / length for c in (covariances[i], covariances[j]))
            least = min(least, length / spread)
    return least


def apart_problem(seed: int) -> Problem:
    rng = np.random.default_rng([seed, 14])
    k, d, n = int(rng.integers(1, 7)), int(rng.integers(2, 7)), int(rng.integers(300, 1001))
    family = FAMILIES[seed % len(FAMILIES)]
    covariances = covariances_of(family, k, d, rng)
    scale = 2.0
    while apart(means := scale * rng.normal(size=(k, d)), covariances) < 2.5:
        scale *= 1.05
    weights = 0.5 / k + 0.5 * rng.dirichlet(np.full(k, 3.0))
    labels = rng.choice(k, size=n, p=weights)
    factors = np.linalg.cholesky(covariances)
    return Problem(means[labels] + np.einsum("nij,nj->ni", factors[labels], rng.normal(size=(n, d))), k, family)


def long_problem(seed: int) -> Problem:
    """Parallel clusters, 7 standard deviations apart across and 10 to 20 times longer than wide."""
    rng = np.random.default_rng([seed, 15])
    k, n = int(rng.integers(2, 6)), int(rng.integers(300, 1001))
    labels = rng.integers(k, size=n)
    width = 1 / rng.uniform(10, 20)
    rows = rng.normal(size=(n, 2)) * [1, width]
    rows[:, 0] += rng.uniform(-1, 1, size=k)[labels]
    rows[:, 1] += 7 * width * labels
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Problem(rows @ turn, k, "EEE")


def same_family(family: str, k: int) -> str:
    """One component has no others to be equal to."""
    return family if k > 1 else f"E{'I' if family[1] == 'I' else 'E'}{'I' if family[2] == 'I' else 'E'}"


def chosen_by_mogul(rows: Array, programs: Programs) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.csv"
        write_rows(path, rows)
        best = mogul_on(path, programs, k="1-8").best
    return best["n_components"], best["covariance"]


def chosen_by_scikit_learn(rows: Array) -> tuple[int, str]:
    from sklearn.mixture import GaussianMixture

    words = {"full": "VVV", "tied": "EEE", "diag": "VVI", "spherical": "VII"}
    tried = []
    for word, family in words.items():
        for k in range(1, 9):
            model = GaussianMixture(k, covariance_type=word, random_state=0).fit(rows)
            tried.append((model.bic(rows), k, family))
    return min(tried)[1:]


def bench_simulated(programs: Programs, n_apart: int, n_long: int) -> None:
    print("problems             program       problems   K found  K and family found")
    kinds = [("apart", apart_problem, n_apart, False), ("long", long_problem, n_long, True)]
    for kind, problem_of, count, with_others in kinds:
        problems = [problem_of(seed) for seed in range(count)]
        choices = {"mogul": [chosen_by_mogul(problem.rows, programs) for problem in problems]}
        if with_others:
            choices["scikit-learn"] = [chosen_by_scikit_learn(problem.rows) for problem in problems]
        for program, chosen in choices.items():
            of_k = [k == problem.k for (k, _), problem in zip(chosen, problems, strict=True)]
            of_both = [
                k == problem.k and same_family(family, k) == same_family(problem.family, k)
                for (k, family), problem in zip(chosen, problems, strict=True)
            ]
            shares = 100 * np.mean(of_k), 100 * np.mean(of_both)
            print(f"{kind:20} {program:12} {count:9} {shares[0]:8.1f} % {shares[1]:17.1f} %", flush=True)
            wrong = [
                f"{seed}: {problem.family} {problem.k} -> {family} {k}"
                for seed, ((k, family), problem) in enumerate(zip(chosen, problems, strict=True))
                if k != problem.k
            ]
            say(bench="simulated", kind=kind, program=program, count=count, k=shares[0], both=shares[1], wrong=wrong)


# --- Many rows ------------------------------------------------------------------------------------------------------


def bench_rows(programs: Programs, runs: int) -> None:
    """Nine clusters that overlap, of unequal sizes, in coordinates whose spread falls as those of a PCA do."""
    rng = np.random.default_rng(3)
    n, d, k = 15_000, 10, 9
    labels = rng.choice(k, size=n, p=rng.dirichlet(np.full(k, 2.0)))
    factors = np.eye(d) + 0.5 * rng.normal(size=(k, d, d)) / np.sqrt(d)
    rows = 1.5 * rng.normal(size=(k, d))[labels] + np.einsum("nij,nj->ni", factors[labels], rng.normal(size=(n, d)))
    rows *= np.geomspace(10, 1, d)
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / "rows_15000.csv"
    write_rows(path, rows)
    ours = [mogul_on(path, programs, covariance="VVV,EEE") for _ in range(runs)]
    our = median([answer.times for answer in ours])
    theirs, cells = mclust_on([path], programs, "VVV,EEE")[path.stem]
    lower = sum(level < cells[cell] - NEAR for cell, level in ours[0].cells.items() if cell in cells)
    value, model = best_bic(ours[0].cells, n, d)
    their_value, their_model = best_bic(cells, n, d)
    print(
        f"15,000 x 10, K 1 to 9, VVV and EEE: mogul {our.seconds:.2f} s (of processor {our.of_processor:.2f} s),",
        end="",
    )
    print(f" mclust {theirs.seconds:.2f} s, one run ({theirs.of_processor:.2f} s)")
    print(f"lower in {lower} of {len(cells)} cells; best {model} {value:.1f}, mclust {their_model} {their_value:.1f}")
    say(bench="rows", ours=our, theirs=theirs, lower=lower, best=model, bic=value, their_bic=their_value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", choices=["mclust", "simulated", "rows"], default=[])
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/apps/mogul/mogul")
    parser.add_argument("--rscript", default="Rscript")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--problems", type=int, default=200)
    parser.add_argument("--long-problems", type=int, default=50)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    programs = Programs(given.program, given.rscript)
    for name in given.which or ["mclust", "simulated", "rows"]:
        print(f"\n== {name} (load {os.getloadavg()[0]:.1f})")
        if name == "mclust":
            bench_mclust(programs, given.runs)
        elif name == "simulated":
            bench_simulated(programs, given.problems, given.long_problems)
        else:
            bench_rows(programs, given.runs)


if __name__ == "__main__":
    main()
