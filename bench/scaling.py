"""How the time of an iteration grows with N, D and K, and the memory with N; ./dev bench runs this after compare.py.

Writes build/bench/scaling.jsonl, a line per point, and the picture build/bench/scaling.png. Full covariances, float64;
the point that is varied lies at N = 50,000, D = 16, K = 16.
"""

import argparse
import json
import sys

import matplotlib

import compare

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of what draws

CENTRE = {"N": 50_000, "D": 16, "K": 16}
POINTS = {
    "N": [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000],
    "D": [1, 2, 4, 8, 16, 32, 64, 128, 256],
    "K": [1, 2, 4, 8, 16, 32, 64, 128, 256],
}
MAX_SKLEARN_WORK = 50_000 * 64 * 64 * 16  # N D^2 K: it takes seconds beyond this
MEMORY_ROWS = (1_000_000, 10_000_000)


def time_point(name, command, n, d, k, repetitions):
    timing = compare.Timing(command, "full")
    for _ in range(repetitions):
        timing.once()
    return {"program": name, "N": n, "D": d, "K": k, "ms": timing.spread()["median"]}


def time_axis(axis, values, programs, quick):
    found = []
    for value in values:
        at = CENTRE | {axis: value}
        n, d, k = at["N"], at["D"], at["K"]
        compare.make_data(n, d, k, 3)
        for name, command in programs.items():
            repetitions = 1 if quick else 3
            if name == "mogul" or n * d * d * k <= MAX_SKLEARN_WORK:
                found.append({"axis": axis} | time_point(name, command, n, d, k, repetitions))
        print(f"  {axis} = {value:,}: {found[-1]['ms']:.2f} ms, {found[-1]['program']}", file=sys.stderr)
    return found


def draw(points, path):
    figure, axes = plt.subplots(1, len(POINTS), figsize=(11, 3.6), sharey=True, layout="constrained")
    for panel, axis in zip(axes, POINTS):
        for name, marker in (("scikit-learn", "s"), ("mogul", "o")):
            line = [(p[axis], p["ms"]) for p in points if p["axis"] == axis and p["program"] == name]
            if line:
                panel.loglog(*zip(*line), marker=marker, label=name)
        fixed = ", ".join(f"{name} = {value:,}" for name, value in CENTRE.items() if name != axis)
        panel.set(xlabel=axis, title=fixed)
        panel.grid(which="both", alpha=0.3)
    axes[0].set_ylabel("ms per iteration")
    axes[0].legend()
    figure.savefig(path, dpi=120)


def measure_memory():
    """Peak beyond the input of a fit with D = 16, K = 16; the file is read, so the input lies in memory once."""
    found = []
    for n in MEMORY_ROWS:
        compare.make_data(n, 16, 16, 3)
        timing = compare.Timing(compare.MOGUL, "full")
        timing.iterations = (1, 2)
        timing.once()
        found.append({"axis": "memory", "N": n, "D": 16, "K": 16, "peak_bytes": timing.peak_bytes})
        print(f"  N = {n:,}: {timing.peak_bytes / 2**20:.1f} MiB beyond the input", file=sys.stderr)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="mogul only, every third point, and no memory")
    arguments = parser.parse_args()
    programs = {"mogul": compare.MOGUL}
    if not arguments.quick:
        programs["scikit-learn"] = compare.RIVALS["scikit-learn"][0]
    points = []
    for axis, values in POINTS.items():
        points += time_axis(axis, values[1::3] if arguments.quick else values, programs, arguments.quick)
    draw(points, compare.WORK / "scaling.png")
    print(f"wrote {compare.WORK / 'scaling.png'}")
    peaks = [] if arguments.quick else measure_memory()
    with open(compare.WORK / "scaling.jsonl", "w") as file:
        file.writelines(json.dumps(point) + "\n" for point in points + peaks)
    if any(peak["peak_bytes"] > compare.MAX_MEMORY for peak in peaks):
        sys.exit(f"FAILED: more than {compare.MAX_MEMORY >> 20} MiB beyond the input")


if __name__ == "__main__":
    main()
