"""Ctrl-C is heard in the main thread, at once, by whatever works there; other threads go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import run_python

INTERRUPTED = """
import os, pickle, signal, sys, threading, time
import numpy as np
import mogul

x = np.random.default_rng(0).normal(size=(100_000, 8))
endless = 10**9  # iterations of some 20 ms each
model = mogul.GaussianMixture(8, random_state=0, init_params="random_from_data", max_iter=2, tol=1e9).fit(x)
model.set_params(max_iter=endless, tol=0, warm_start=sys.argv[1] == "warm_start")
before = pickle.dumps(vars(model))
sent = []

def interrupt():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)

threading.Timer(0.3, interrupt).start()
try:
    if sys.argv[1] == "fit":
        mogul.fit(x, 8, init="random_from_data", max_iter=endless, tol=0)
    elif sys.argv[1] == "callback":
        mogul.fit(x, 8, init="random_from_data", max_iter=endless, tol=0, callback=lambda iteration: None)
    else:
        model.fit(x)
except KeyboardInterrupt:
    print(time.monotonic() - sent[0], pickle.dumps(vars(model)) == before)
"""


@pytest.mark.parametrize("way", ["fit", "callback", "estimator", "warm_start"])
def test_an_interrupt_ends_a_fit_at_once_and_leaves_the_estimator_as_it_was(way: str) -> None:
    seconds, unchanged = run_python(INTERRUPTED, way).split()
    assert 0 <= float(seconds) < 10  # 0.03 on an idle machine; the fit is endless
    assert unchanged == "True"


INTERRUPTED_EARLY = """
import os, signal, sys, threading, time
import numpy as np
import mogul

x = np.random.default_rng(0).normal(size=(70_000, 16))
model = mogul.Mixture("full", np.full(2500, 1 / 2500), x[:2500], np.tile(np.eye(16), (2500, 1, 1)))
sent = []

class Mine(Exception):
    pass

def handler(number, frame):
    raise Mine

def interrupt():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT if sys.argv[1] != "other" else signal.SIGUSR1)

signal.signal(signal.SIGUSR1, handler)
works = {
    "start": lambda: mogul.fit(x, 2000, covariance="spherical", tol=0),
    "side by side": lambda: mogul.fit(x, 300, covariance="diagonal", n_init=8, tol=0, max_iter=10**6),
    "estimator": lambda: mogul.GaussianMixture(250, covariance_type="diag", tol=0, max_iter=10**6).fit(x),
    "pass": lambda: mogul.fit(np.tile(x, (20, 1)), 2500, init=model, tol=0),
    "callback": lambda: mogul.fit(np.tile(x, (20, 1)), 2500, init=model, tol=0, callback=lambda iteration: None),
    "score": lambda: mogul.log_densities(model, np.tile(x, (20, 1))),
    "evaluate": lambda: mogul.evaluate(model, np.tile(x, (20, 1))),
    "merge": lambda: mogul.merge(model, np.tile(x, (20, 1))),
    "accumulate": lambda: mogul.accumulate(model, np.tile(x, (20, 1))),
    "other": lambda: mogul.fit(x, 2000, covariance="spherical", tol=0),
    "write": lambda: mogul.write_csv(sys.argv[2] + "/x.csv", np.broadcast_to(x[:1], (10**9, 16))),
    "standard input": lambda: mogul.read_dataset("-"),
    "lrt": lambda: mogul.lrt(x[:2000, :3], n_bootstrap=10**6),
}
mogul.GaussianMixture  # imports scikit-learn
threading.Timer(0.5, interrupt).start()
try:
    works[sys.argv[1]]()
except (KeyboardInterrupt, Mine) as error:
    print(time.monotonic() - sent[0], type(error).__name__)
"""


# Each would go on for minutes; within the first second, most are in their start or their first pass over the rows.
@pytest.mark.parametrize(
    "work",
    [
        "start",
        "side by side",
        "estimator",
        "pass",
        "callback",
        "score",
        "evaluate",
        "merge",
        "accumulate",
        "other",
        "write",
        "standard input",
        "lrt",
    ],
)
def test_an_interrupt_is_heard_before_the_first_iteration_and_within_a_pass(work: str, tmp_path: Path) -> None:
    end_of_program, ours = os.pipe()  # nothing is ever written
    with os.fdopen(end_of_program) as silence, os.fdopen(ours, "w"):
        seconds, name = run_python(INTERRUPTED_EARLY, work, tmp_path, stdin=silence).split()
    assert 0 <= float(seconds) < 10  # 0.03 on an idle machine
    assert name == ("Mine" if work == "other" else "KeyboardInterrupt")
    assert list(tmp_path.iterdir()) == []


IN_A_THREAD = """
import os, signal, sys, threading, time
import numpy as np
import mogul

x = np.random.default_rng(0).normal(size=(1_000_000, 8))  # a second of work on the fastest processors
mixture = mogul.Mixture("full", np.full(1000, 1 / 1000), x[:1000], np.tile(np.eye(8), (1000, 1, 1)))
began, found = threading.Event(), []

def work():
    began.set()
    found.append(mogul.log_densities(mixture, x, n_threads=1))
"""

WITHOUT_THE_LOCK = (
    IN_A_THREAD
    + """
thread = threading.Thread(target=work, daemon=True)
thread.start()
began.wait()
time.sleep(0.05)                              # the thread is in the library
clock = time.pthread_getcpuclockid(thread.ident)
sys.setswitchinterval(1000)                   # this thread keeps the interpreter lock from now on
before, end = time.clock_gettime(clock), time.monotonic() + 20
while time.clock_gettime(clock) < before + 0.1 and time.monotonic() < end:
    pass
print(time.monotonic() < end)
sys.stdout.flush()
os._exit(0)
"""
)


def test_a_thread_other_than_the_main_one_needs_no_lock_to_go_on() -> None:
    assert run_python(WITHOUT_THE_LOCK) == "True\n"


INTERRUPTED_MAIN_THREAD = (
    IN_A_THREAD
    + """
thread = threading.Thread(target=work)
thread.start()
began.wait()
time.sleep(0.05)
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
except KeyboardInterrupt:
    print("heard", found == [])
thread.join()
print(found[0].tobytes() == mogul.log_densities(mixture, x).tobytes())
"""
)


def test_an_interrupt_of_the_main_thread_leaves_the_work_of_others_alone() -> None:
    assert run_python(INTERRUPTED_MAIN_THREAD) == "heard True\nTrue\n"


INTERRUPTED_CHILD = """
import os, signal, threading, time
import numpy as np
import mogul

def fork_and_fit():
    child = os.fork()
    if child != 0:
        time.sleep(0.3)
        while os.waitpid(child, os.WNOHANG)[0] == 0:
            os.kill(child, signal.SIGINT)
            time.sleep(0.3)
        return
    try:
        mogul.fit(np.random.default_rng(0).normal(size=(1000, 2)), 3, max_iter=10**9, tol=0)
    except KeyboardInterrupt:
        print("heard")
    finally:
        os._exit(sys.stdout.flush() or 0)

import sys
signal.signal(signal.SIGINT, signal.default_int_handler)
thread = threading.Thread(target=fork_and_fit)
thread.start()
thread.join()
"""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_thread_that_forked_is_the_main_one_of_the_child() -> None:
    assert run_python(INTERRUPTED_CHILD) == "heard\n"
