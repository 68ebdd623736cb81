"""The interpreter may end while daemon threads are in the library: the process ends as if they were not there."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

PROGRAM = """
import sys, threading, time
import numpy as np
import mogul
from mogul import GaussianMixture
x = np.random.default_rng(0).normal(size=({rows}, 4))
mixture = mogul.fit(x[:500], 3, init="kmeans").mixture
began = threading.Event()
def callback(iteration):
    began.set()
    time.sleep(0.01)
def work():
    {before}
    while True:
        {work}
        began.set()
for _ in range({threads}):
    threading.Thread(target=work, daemon=True).start()
began.wait()
time.sleep({seconds})
print("end")
"""


def ended(work: str, rows: int = 20000, threads: int = 1, seconds: float = 0.02, before: str = "pass") -> float:
    """Seconds from the last line of the program to the end of the process."""
    program = PROGRAM.format(work=work, rows=rows, threads=threads, seconds=seconds, before=before)
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "end\n"
    start = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    return time.monotonic() - start


WORK = {
    "fit": "mogul.fit(x, 4, max_iter=10**6, tol=0, callback=lambda iteration: began.set())",
    "fit without callback": "began.set(); mogul.fit(x, 4, max_iter=10**6, tol=0)",
    "callback that sleeps": "mogul.fit(x, 4, max_iter=10**6, tol=0, callback=callback)",
    "estimator": "began.set(); GaussianMixture(4, tol=0, max_iter=10**6).fit(x)",
    "short fits": "mogul.fit(x[:100], 2, init='kmeans')",
    "labels": "mogul.labels(mixture, x)",
    "evaluate": "mogul.evaluate(mixture, x)",
    "one row": "mogul.log_densities(mixture, x[:1])",
    "sample": "mogul.sample(mixture, 100000)",
}


@pytest.mark.parametrize("work", WORK)
def test_processes_end_cleanly_while_a_daemon_thread_works(work: str) -> None:
    assert ended(WORK[work]) < 10


def test_processes_end_cleanly_while_several_daemon_threads_work() -> None:
    for seconds in (0.0, 0.03):
        ended("mogul.fit(x, 4, max_iter=10**6, tol=0)", threads=4, seconds=seconds, before="began.set()")


def test_a_daemon_thread_that_waits_for_input_does_not_keep_the_process() -> None:
    program = (
        "import threading, time, mogul\n"
        "threading.Thread(target=mogul.read_dataset, args=('-',), daemon=True).start()\n"
        "time.sleep(0.2)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None and process.stderr.read() == b""


def test_functions_work_in_what_runs_at_exit() -> None:
    # Registered before mogul's own, so called after it.
    program = (
        "import atexit\n"
        "def last():\n"
        "    result = mogul.fit([[0.0], [1.0], [8.0], [9.0]], 2, init='kmeans')\n"
        "    print(mogul.labels(result.mixture, [[9.0]]).shape)\n"
        "atexit.register(last)\n"
        "import mogul\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "(1,)\n", "")


def test_a_child_does_not_wait_for_threads_that_the_fork_left_behind() -> None:
    # The parent's thread is in a callback for a minute: what waits for it, up to 10 s, is the end of the parent alone.
    program = (
        "import os, sys, threading, time\n"
        "import numpy as np, mogul\n"
        "x = np.zeros((200, 2)) + np.arange(200)[:, None] % 7\n"
        "began = threading.Event()\n"
        "def wait(iteration): began.set(); time.sleep(60)\n"
        "threading.Thread(target=lambda: mogul.fit(x, 4, callback=wait), daemon=True).start()\n"
        "began.wait()\n"
        "child = os.fork()\n"
        "if child == 0: sys.exit(0)\n"
        "start = time.monotonic()\n"
        "code = os.waitpid(child, 0)[1]\n"
        "print(code, time.monotonic() - start < 9)\n"
        "sys.stdout.flush()\n"
        "os._exit(0)\n"
    )
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "0 True\n", "")
