"""Time, memory and size of pictures and reports by the number of rows: `mogul plot` and `mogul report`, end to end.

Prints a table of docs/performance.md. Rows are drawn from a mixture by `mogul sample` and read as NPY, so that reading
takes little of the time, which is that of the whole command. Processor seconds are those of all threads together;
unlike the seconds that pass, they change little with what else the machine does.
"""

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "build" / "release" / "apps" / "mogul" / "mogul"
PLOTTED = {"d": 2, "k": 8}
REPORTED = {"d": 8, "k": 16}
ROWS = (1_000, 1_000_000, 10_000_000)
ROWS_OF_REPORT = (6_000, 1_000_000)  # the first is the largest page: more rows than dots become cells


def mogul(*arguments):
    """Seconds, processor seconds and peak MiB of one command."""
    begin = time.perf_counter()
    process = subprocess.Popen([PROGRAM, *map(str, arguments)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"mogul {' '.join(map(str, arguments))} ended with exit code {process.returncode}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def draw(folder, name, n, d, k):
    """Rows of k Gaussians whose means are some standard deviations apart, and a model fitted to them."""
    rng = random.Random(0)
    means = ";".join(",".join(f"{rng.uniform(-8, 8):.3f}" for _ in range(d)) for _ in range(k))
    variances = ";".join(",".join("1" for _ in range(d)) for _ in range(k))
    truth, rows, model = (folder / f"{name}{ending}" for ending in ("_truth.json", ".npy", ".json"))
    mogul("model", f"--means={means}", f"--variances={variances}", "-o", truth, "-q")
    mogul("sample", truth, "-n", n, "--seed", 1, "-o", rows, "-q")
    mogul("fit", rows, "-k", k, "--max-iter", 10, "-o", model, "-q")
    return rows, model


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def row_of_table(what, n, output, repetitions, *arguments):
    runs = [mogul(*arguments, "-o", output, "-q") for _ in range(repetitions)]
    seconds, of_processors, peaks = zip(*runs)
    size = output.stat().st_size / 1e3
    cells = [what, f"{n:,}", spread(seconds), spread(of_processors), f"{max(peaks):.0f}", f"{size:.0f}"]
    print(f"| {' | '.join(cells)} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a hundredth of the rows, once")
    arguments = parser.parse_args()
    repetitions = 1 if arguments.quick else arguments.repetitions
    share = 100 if arguments.quick else 1
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before\n")
    print("| command | rows | seconds | processor seconds | MiB at the peak | kB of the file |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n in (max(100, n // share) for n in ROWS):
            rows, model = draw(folder, "plotted", n, **PLOTTED)
            picture = folder / "picture.svg"
            row_of_table("`mogul plot rows.npy`", n, picture, repetitions, "plot", rows)
            row_of_table("`mogul plot model.json rows.npy`", n, picture, repetitions, "plot", model, rows)
        for n in (n // share for n in ROWS_OF_REPORT):
            rows, model = draw(folder, "reported", n, **REPORTED)
            page = folder / "report.html"
            row_of_table("`mogul report model.json rows.npy`", n, page, repetitions, "report", model, rows)
    print(f"\nload {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
