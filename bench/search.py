"""What the search for a start finds, what accelerated EM saves, and what both cost.

  search.py cells          the cells of tests/fixtures/mclust_tight.json (data set x family x G): how many reach
                           mclust's log-likelihood within 0.1 nat, and the mean number of passes
  search.py problems       200 random problems that no constant was tuned on: against the best sound maximum of 20
                           restarts from k-means, on the rows and on as many others; and of 30 more from random rows
                           and the truth
  search.py acceleration   the cells from equal starts, with textbook EM and with L-BFGS: passes to within 1e-6 nat of
                           EM's limit, optima, rejected passes; and what --gain 0.01 leaves
  search.py scikit-learn   the time to scikit-learn's log-likelihood of 20 restarts at tol 1e-6, or a better one

Without a word all of them. --reference FILE --data DIRECTORY take other cells. Prints tables, and writes a line per
result to build/bench/search.jsonl.
"""

from __future__ import annotations

import argparse
import csv
import json
import pathlib
import platform
import statistics
import time
import typing
import warnings
from collections import defaultdict
from functools import partial

import numpy as np

import mogul

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
WORK = ROOT / "build" / "bench"
NEAR = 0.1  # nats that make two maxima the same
SEARCHES = ("quick", "default", "thorough")
FAMILIES = {family.name: family for family in mogul.covariance_families() if family.word != family.name}

Array = np.ndarray


class Cell(typing.NamedTuple):
    data_set: str
    family: str
    k: int
    log_likelihood: float


def say(**result: typing.Any) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / "search.jsonl", "a", encoding="utf-8") as file:
        print(json.dumps(result | {"machine": platform.processor()}), file=file)


def cells_of(reference: pathlib.Path) -> list[Cell]:
    best: dict[tuple[str, str, int], float] = {}
    records = json.loads(reference.read_text(encoding="utf-8"))
    for record in records["results"] if isinstance(records, dict) else records:
        key = (record["dataset"], record["model"], record["G"])
        if record["loglik"] is not None and record["model"] in FAMILIES and record["G"] > 1:
            best[key] = max(record["loglik"], best.get(key, -np.inf))
    return [Cell(*key, value) for key, value in sorted(best.items())]


def rows_of(path: pathlib.Path) -> Array:
    """The columns of numbers, but for classes and numbers of rows."""
    with open(path, encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)

    def is_number(text: str) -> bool:
        try:
            float(text)
        except ValueError:
            return False
        return True

    keep = [i for i, name in enumerate(head) if name not in ("class", "index") and is_number(rows[0][i])]
    return np.array([[float(row[i]) for i in keep] for row in rows])


def word(family: str) -> str:
    return FAMILIES[family].word


# --- The cells ------------------------------------------------------------------------------------------------------


def bench_cells(cells: list[Cell], data: dict[str, Array], seeds: range) -> None:
    print("search    seed  within 0.1 nat  failed  passes (mean)  rejected  starts  conv.  splits  trials  last")
    for search in SEARCHES:
        for seed in seeds:
            reached = failed = accepted = rejected = 0
            phases = np.zeros(5)
            for cell in cells:
                try:
                    report = mogul.fit(
                        data[cell.data_set], cell.k, covariance=word(cell.family), reg_covar=0, search=search, seed=seed
                    ).report
                except mogul.FitError:
                    failed += 1
                    continue
                failed += report.search is None
                reached += report.log_likelihood >= cell.log_likelihood - NEAR
                accepted, rejected = accepted + report.accepted, rejected + report.rejected
                by = report.passes_by_phase
                phases += [by.starts, by.convergence, by.splits, by.trials, by.last]
            n = len(cells)
            parts = "  ".join(f"{value:6.1f}" for value in phases / n)
            print(
                f"{search:9} {seed:4}  {100 * reached / n:12.1f} %  {failed:6}  {phases.sum() / n:13.0f}"
                f"  {100 * rejected / (accepted + rejected):6.1f} %  {parts}",
                flush=True,
            )
            say(bench="cells", search=search, seed=seed, reached=reached / n, passes=phases.sum() / n, failed=failed)


# --- Random problems ------------------------------------------------------------------------------------------------


class Problem(typing.NamedTuple):
    rows: Array
    others: Array
    truth: mogul.Mixture
    k: int
    kind: str


def problem_of(seed: int) -> Problem:
    """Separation 0.5 to 3, D 1 to 30, unequal weights; a third with outliers, a third with heavy tails."""
    rng = np.random.default_rng([seed, 13])
    d, k = int(rng.choice([1, 2, 3, 5, 8, 13, 20, 30])), int(rng.integers(2, 9))
    n = int(rng.integers(30, 120)) * k * max(1, d // 2)
    separation = rng.uniform(0.5, 3)
    weights = rng.dirichlet(np.full(k, rng.choice([0.7, 3])))
    weights = np.maximum(weights, (d + 2) * 3 / n)
    weights /= weights.sum()
    means = separation * rng.normal(size=(k, d)) * (2 / np.sqrt(d) if d > 4 else 1.5)
    factors = np.eye(d) * rng.uniform(0.4, 1.6, size=(k, 1, d)) + np.tril(
        rng.normal(size=(k, d, d)), -1
    ) * 0.5 / np.sqrt(d)
    kind = ("plain", "outliers", "heavy tails")[seed % 3]

    def draw(count: int) -> Array:
        z = rng.choice(k, size=count, p=weights)
        noise = rng.normal(size=(count, d))
        if kind == "heavy tails":
            noise /= np.sqrt(rng.chisquare(4, size=(count, 1)) / 4)
        x = means[z] + np.einsum("nij,nj->ni", factors[z], noise)
        if kind == "outliers":
            far = rng.random(count) < 0.02
            x[far] = rng.uniform(-12, 12, size=(int(far.sum()), d))
        return x

    truth = mogul.Mixture("full", weights, means, factors @ np.swapaxes(factors, 1, 2))
    return Problem(draw(n), draw(n), truth, k, kind)


def is_sound(mixture: mogul.Mixture, sizes: Array, rows: Array) -> bool:
    """Whether the search would not pass it over: enough rows in each component, none narrower than a millionth."""
    whitening = np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(rows.T))))
    narrowest = min(np.linalg.eigvalsh(whitening @ covariance @ whitening.T)[0] for covariance in mixture.covariances)
    return bool(min(sizes) >= rows.shape[1] + 1 and narrowest >= 1e-6)


def best_of(fits: list[mogul.FitResult], rows: Array) -> mogul.FitResult:
    """The likeliest, of the sound ones if there are any."""
    sound = [f for f in fits if is_sound(f.mixture, f.report.component_sizes, rows)]
    return max(sound or fits, key=lambda f: f.report.log_likelihood)


def bench_problems(count: int) -> None:
    """Against restarts: what was found in the rows, and what other rows of the same kind say of it."""
    outcomes: dict[tuple[str, str], list[tuple[bool, bool, float, float, float]]] = defaultdict(list)
    for seed in range(count):
        problem = problem_of(seed)
        fit = partial(mogul.fit, problem.rows, problem.k, reg_covar="relative:1e-6")
        seeds = range(1000 * seed, 1000 * seed + 30)
        began = time.perf_counter()
        each = [fit(init="kmeans", seed=i, acceleration="none", tol=1e-8) for i in seeds[:20]]
        seconds_of_restarts = time.perf_counter() - began
        restarts = best_of(each, problem.rows)
        known = fit(init=problem.truth)
        more = best_of([known, *(fit(init="random_from_data", seed=i) for i in seeds)], problem.rows)
        best = max(restarts.report.log_likelihood, more.report.log_likelihood)
        held_out = mogul.log_likelihood(restarts.mixture, problem.others) / len(problem.others)
        for search in SEARCHES:
            began = time.perf_counter()
            found = fit(search=search, seed=seed)
            seconds = time.perf_counter() - began
            level = found.report.log_likelihood
            outcomes[search, problem.kind].append(
                (
                    level >= restarts.report.log_likelihood - NEAR,
                    level >= best - NEAR,
                    mogul.log_likelihood(found.mixture, problem.others) / len(problem.others) - held_out,
                    found.report.passes,
                    seconds_of_restarts / seconds,
                )
            )
    print("search    rows         problems  >= 20 restarts  >= best of all  other rows (nat/row)  passes  times faster")
    for (search, kind), results in sorted(outcomes.items()):
        level, best_of_all, other, passes, faster = (list(column) for column in zip(*results, strict=True))
        line = (
            f"{search:9} {kind:12} {len(results):8}  {100 * np.mean(level):12.1f} %"
            f"  {100 * np.mean(best_of_all):12.1f} %  {np.mean(other):+19.4f}  {np.mean(passes):6.0f}"
            f"  {statistics.geometric_mean(faster):12.1f}"
        )
        print(line, flush=True)
        say(
            bench="problems",
            search=search,
            kind=kind,
            level=np.mean(level),
            best=np.mean(best_of_all),
            other=np.mean(other),
        )


# --- Acceleration ---------------------------------------------------------------------------------------------------


def passes_until(start: mogul.Mixture, rows: Array, **options: typing.Any) -> tuple[Array, mogul.EmLoop]:
    """The highest log-likelihood after each pass, rejected ones included."""
    loop = mogul.EmLoop(start, reg_covar=0, degenerate="error", **options)
    levels = []
    while (asked := loop.next()) is not None:
        loop.feed(asked.answer(rows))
        levels.append(loop.history[-1])
    return np.maximum.accumulate(levels), loop


def bench_acceleration(cells: list[Cell], data: dict[str, Array], seeds: range) -> None:
    plain_passes, fast_passes, left, gain_passes = [], [], [], []
    n = worse = better = accepted = rejected = 0
    for cell in cells:
        rows = data[cell.data_set]
        for init in ("kmeans", "kmeans++"):
            for seed in seeds:
                options = {"covariance": word(cell.family), "reg_covar": 0, "degenerate": "error"}
                try:
                    start = mogul.fit(rows, cell.k, init=init, seed=seed, max_iter=0, **options).mixture
                    plain, _ = passes_until(start, rows, acceleration="none", tol=1e-13, max_iter=6000)
                    fast, _ = passes_until(start, rows, gain=1e-6, max_iter=6000)
                    stopped = mogul.fit(rows, cell.k, init=start, **options)
                    limit = mogul.fit(rows, cell.k, init=stopped.mixture, gain=1e-8, max_iter=6000, **options)
                except mogul.FitError:
                    continue
                n += 1
                worse += fast[-1] < plain[-1] - 0.01
                better += fast[-1] > plain[-1] + 0.01
                accepted, rejected = accepted + stopped.report.accepted, rejected + stopped.report.rejected
                left.append(limit.report.log_likelihood - stopped.report.log_likelihood)
                gain_passes.append(stopped.report.passes)
                if abs(fast[-1] - plain[-1]) < 0.01 and fast[-1] >= plain[-1] - 1e-6:
                    plain_passes.append(int(np.argmax(plain >= plain[-1] - 1e-6)) + 1)
                    fast_passes.append(int(np.argmax(fast >= plain[-1] - 1e-6)) + 1)
    ratios = np.array(plain_passes) / np.array(fast_passes)
    print(f"fits from equal starts           {n}; the same maximum in {len(ratios)}")
    print(
        f"passes in all                    {sum(plain_passes)} of EM, {sum(fast_passes)} accelerated: "
        f"{sum(plain_passes) / sum(fast_passes):.2f} times fewer"
    )
    for least in (1, 50, 100, 200):
        some = ratios[np.array(plain_passes) >= least]
        times = statistics.geometric_mean(some)
        print(f"  where EM needs {least:3} or more        {times:.2f} times fewer ({len(some)} fits)")
    print(f"lower maximum                    {100 * worse / n:.1f} %, higher {100 * better / n:.1f} %")
    print(f"rejected passes                  {100 * rejected / (accepted + rejected):.1f} % of proposals")
    print(
        f"--gain 0.01 leaves at most 0.01  {100 * np.mean(np.array(left) <= 0.01):.1f} %, the most {max(left):.2f} nat"
    )
    print(f"its passes                       mean {np.mean(gain_passes):.1f}", flush=True)
    say(
        bench="acceleration",
        ratio=sum(plain_passes) / sum(fast_passes),
        worse=worse / n,
        rejected=rejected / (accepted + rejected),
        left=float(np.mean(np.array(left) <= 0.01)),
    )


# --- scikit-learn ---------------------------------------------------------------------------------------------------


def typical_sets() -> list[tuple[str, Array, int, str]]:
    def drawn(seed: int, n: int, d: int, k: int, separation: float) -> Array:
        rng = np.random.default_rng(seed)
        means = rng.normal(size=(k, d)) * separation
        factors = np.eye(d) * rng.uniform(0.3, 1.5, size=(k, 1, d)) + 0.3 * rng.normal(size=(k, d, d)) / np.sqrt(d)
        z = rng.choice(k, size=n, p=rng.dirichlet(np.full(k, 2.0)))
        return means[z] + np.einsum("nij,nj->ni", factors[z], rng.normal(size=(n, d)))

    return [
        ("cytometry-like 9,000 x 4", drawn(1, 9000, 4, 9, 1.2), 9, "full"),
        ("572 x 8", drawn(2, 572, 8, 7, 1.0), 7, "tied"),
        ("iris 150 x 4", rows_of(FIXTURES / "iris.csv"), 3, "full"),
        ("faithful 272 x 2", rows_of(FIXTURES / "faithful.csv"), 4, "full"),
        ("20,000 x 2", drawn(3, 20000, 2, 6, 1.5), 6, "full"),
        ("5,000 x 16 diagonal", drawn(4, 5000, 16, 8, 0.8), 8, "diag"),
    ]


def bench_scikit_learn(seeds: range) -> None:
    from sklearn.mixture import GaussianMixture

    ratios = []
    print("data                       scikit-learn n_init = 20    mogul's default search    times faster   nats higher")
    for name, rows, k, covariance in typical_sets():
        theirs, ours, higher = [], [], []
        for seed in seeds:
            began = time.perf_counter()
            model = GaussianMixture(
                k, covariance_type=covariance, n_init=20, tol=1e-6, max_iter=1000, reg_covar=1e-9, random_state=seed
            ).fit(rows)
            theirs.append(time.perf_counter() - began)
            level = model.score(rows) * len(rows)
            began = time.perf_counter()
            found = mogul.fit(rows, k, covariance=covariance, reg_covar=1e-9, seed=seed)
            ours.append(time.perf_counter() - began)
            higher.append(found.report.log_likelihood - level)
        ratio = statistics.median(theirs) / statistics.median(ours)
        ratios.append(ratio)
        print(
            f"{name:26} {statistics.median(theirs):22.3f} s {statistics.median(ours):23.4f} s {ratio:15.1f} "
            f"{min(higher):+10.2f} to {max(higher):+.2f}",
            flush=True,
        )
        say(
            bench="scikit-learn",
            data=name,
            theirs=statistics.median(theirs),
            ours=statistics.median(ours),
            higher=higher,
        )
    print(f"geometric mean {statistics.geometric_mean(ratios):.1f} times")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", choices=["cells", "problems", "acceleration", "scikit-learn"], default=[])
    parser.add_argument("--reference", type=pathlib.Path, default=FIXTURES / "mclust_tight.json")
    parser.add_argument("--data", type=pathlib.Path, default=FIXTURES)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--problems", type=int, default=200)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    which = given.which or ["cells", "acceleration", "problems", "scikit-learn"]
    files = {path.stem: path for path in given.data.glob("*.csv")}
    cells = [cell for cell in cells_of(given.reference) if cell.data_set in files]
    data = {name: rows_of(files[name]) for name in {cell.data_set for cell in cells}}
    for name in which:
        print(f"\n== {name}")
        if name == "cells":
            bench_cells(cells, data, range(given.seeds))
        elif name == "problems":
            bench_problems(given.problems)
        elif name == "acceleration":
            bench_acceleration(cells, data, range(2))
        else:
            bench_scikit_learn(range(3))


if __name__ == "__main__":
    main()
