"""How many threads work where nobody says it: what set_num_threads(), threadpoolctl and OMP_NUM_THREADS allow."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import joblib
import pytest
from conftest import run_python
from threadpoolctl import threadpool_info, threadpool_limits

import mogul


def processors() -> int:
    """As the library counts them: by affinity and by the CPU quota of the control groups."""
    environment = {key: text for key, text in os.environ.items() if key != "OMP_NUM_THREADS"}
    program = "import mogul; print(mogul.get_num_threads())"
    return int(subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout)


ALL = processors()


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = mogul.get_num_threads()
    yield
    mogul.set_num_threads(before)


def threads_with(value: str | None) -> int:
    """What a process that begins with OMP_NUM_THREADS sees."""
    environment = {key: text for key, text in os.environ.items() if key != "OMP_NUM_THREADS"}
    environment |= {} if value is None else {"OMP_NUM_THREADS": value}
    program = "import mogul; print(mogul.get_num_threads())"
    return int(subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ALL), ("1", 1), (" 1,4", 1), ("1000000", ALL), ("0", ALL), ("", ALL), ("many", ALL), ("-1", ALL)],
)
def test_the_environment_limits_them(value: str | None, expected: int) -> None:
    assert threads_with(value) == expected


def test_the_caller_limits_them() -> None:
    mogul.set_num_threads(1)
    assert mogul.get_num_threads() == 1
    mogul.set_num_threads(0)
    assert mogul.get_num_threads() == ALL
    mogul.set_num_threads(2**32 - 1)
    assert mogul.get_num_threads() == ALL


def test_no_limit_raises_them() -> None:
    assert 1 <= ALL <= len(os.sched_getaffinity(0))
    for limit in (1, 2, ALL, ALL + 1, 10 * ALL + 7, 0):
        mogul.set_num_threads(limit)
        assert mogul.get_num_threads() == (min(limit, ALL) if limit > 0 else ALL)


def test_the_affinity_limits_them_before_and_after_a_limit_was_told() -> None:
    program = (
        "import os, mogul\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "print(mogul.get_num_threads())\n"
        "mogul.set_num_threads(2)\n"
        "print(mogul.get_num_threads())\n"
    )
    assert run_python(program) == "1\n1\n"


def quota_group() -> Iterator[Path]:
    """A control group of version 1 or 2 for one processor's time, where this process may make one."""
    for parent, write in (
        (Path("/sys/fs/cgroup/cpu"), {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "100000"}),
        (Path("/sys/fs/cgroup"), {"cpu.max": "100000 100000"}),
    ):
        group = parent / f"mogul_test_{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            for name, text in write.items():
                (group / name).write_text(text)
        except OSError:
            group.rmdir()
            continue
        yield group
        group.rmdir()
        return


@pytest.mark.skipif(ALL < 2, reason="needs two processors")
def test_a_quota_is_not_exceeded_by_a_limit_above_it() -> None:
    for group in quota_group():
        program = (
            "import sys\n"
            "open(sys.argv[1], 'w').write('0')\n"
            "import mogul\n"
            "print(mogul.get_num_threads())\n"
            "mogul.set_num_threads(2)\n"
            "print(mogul.get_num_threads())\n"
        )
        assert run_python(program, group / "cgroup.procs") == "1\n1\n"
        return
    pytest.skip("control groups cannot be made here")


def test_threadpoolctl_limits_them_for_a_while() -> None:
    mogul.set_num_threads(0)
    for limits in (1, {"mogul": 1}):
        with threadpool_limits(limits=limits):
            assert mogul.get_num_threads() == 1
        assert mogul.get_num_threads() == ALL
    with threadpool_limits(limits=1, user_api="blas"):
        assert mogul.get_num_threads() == ALL


def test_threadpoolctl_knows_the_module() -> None:
    (info,) = [entry for entry in threadpool_info() if entry["internal_api"] == "mogul"]
    assert info["num_threads"] == mogul.get_num_threads() and info["version"] == mogul.__version__
    assert (
        info["filepath"].startswith(os.path.dirname(os.path.realpath(mogul.__file__))) or "_mogul" in info["filepath"]
    )


COUNT = """
import os, threading, time
import numpy as np, mogul
from mogul import GaussianMixture
x = np.random.default_rng(0).normal(size=(60000, 4))
{limit}
most, done = 0, threading.Event()
def watch():
    global most
    while not done.is_set():
        most = max(most, len(os.listdir("/proc/self/task")))
        time.sleep(0.0005)
thread = threading.Thread(target=watch)
thread.start()
time.sleep(0.05)
most = before = len(os.listdir("/proc/self/task"))
mogul.fit(x, 3, max_iter=5, tol=0{option})
GaussianMixture(3, max_iter=3, tol=0).fit(x).predict(x)
done.set()
thread.join()
print(most > before)
"""


@pytest.mark.skipif(ALL < 2, reason="needs two processors")
@pytest.mark.parametrize(
    ("limit", "option", "environment", "expected"),
    [
        ("", "", {"OMP_NUM_THREADS": "1"}, False),
        ("import threadpoolctl; threadpoolctl.threadpool_limits(1)", "", {}, False),
        ("", ", n_threads=2", {"OMP_NUM_THREADS": "1"}, True),
    ],
)
def test_no_more_threads_start(limit: str, option: str, environment: dict[str, str], expected: bool) -> None:
    program = COUNT.format(limit=limit, option=option)
    environment = os.environ | {"PYTHONWARNINGS": "ignore", "OPENBLAS_NUM_THREADS": "1"} | environment
    counted = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (counted.stderr, counted.stdout.strip()) == ("", str(expected))


def test_workers_of_joblib_have_the_threads_that_joblib_gives_them() -> None:
    with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
        assert joblib.Parallel(n_jobs=2)(joblib.delayed(mogul.get_num_threads)() for _ in range(2)) == [1, 1]
