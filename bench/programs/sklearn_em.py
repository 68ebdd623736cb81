"""scikit-learn's GaussianMixture, with the arguments, start and output that em_program.hpp describes."""

import json
import pathlib
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture

COVARIANCE_TYPES = {"full": "full", "tied": "tied", "diagonal": "diag", "spherical": "spherical"}


def unit_precisions(covariance_type, k, d):
    return {"full": np.tile(np.eye(d), (k, 1, 1)), "tied": np.eye(d), "diag": np.ones((k, d)),
            "spherical": np.ones(k)}[covariance_type]


def memory(field):
    """A field of /proc/self/status in bytes."""
    for line in open("/proc/self/status"):
        if line.startswith(field + ":"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {field}")


def main(data, means, covariance, _threads, *iterations):
    warnings.simplefilter("ignore")  # it always warns that max_iter was reached
    x = np.load(data)
    means = np.load(means)
    k, d = means.shape
    covariance_type = COVARIANCE_TYPES[covariance]

    def mixture(count):
        return GaussianMixture(
            k, covariance_type=covariance_type, tol=0, reg_covar=0, max_iter=count, weights_init=np.full(k, 1 / k),
            means_init=means, precisions_init=unit_precisions(covariance_type, k, d), init_params="random_from_data",
            random_state=0)

    before = memory("VmRSS")
    begin = time.perf_counter()
    while True:  # warm up, as em_program.hpp says
        mixture(1).fit(x)
        if time.perf_counter() - begin >= 0.3:
            break
    for count in map(int, iterations):
        model = mixture(count)
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        start = time.perf_counter()
        model.fit(x)
        seconds = time.perf_counter() - start
        peak = memory("VmHWM") - before
        print(json.dumps({"iterations": model.n_iter_, "seconds": seconds, "log_likelihood": model.score(x) * len(x),
                          "peak_bytes": peak, "version": sklearn.__version__}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
