"""Diagonal and spherical mixtures of 20,000 features: one D x D matrix would be 3.2 GB, and nothing makes one."""

from __future__ import annotations

import pytest
from conftest import run_python

# The process may have 400 MB of its own beyond what it has once everything is imported.
PROGRAM = """
import pickle, resource, sys, warnings
import numpy as np
import mogul
from sklearn.exceptions import ConvergenceWarning

warnings.simplefilter("ignore", ConvergenceWarning)
structure, covariance_type = sys.argv[1:]
rng = np.random.default_rng(0)
x = rng.normal(size=(20, 20_000)) + 3 * (np.arange(20) % 2)[:, None]
options = {"covariance_type": covariance_type, "max_iter": 3, "random_state": 0}
mogul.GaussianMixture(2, **options).fit(x[:, :5]).sample(3)  # imports what is imported late, and starts threads
status = open("/proc/self/status").read()
used = int(status.split("VmData:")[1].split()[0]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (used + 400_000_000, resource.RLIM_INFINITY))
try:
    np.ones((20_000, 20_000))
except MemoryError:
    print("limited", end=" ")

result = mogul.fit(x, 2, covariance=structure, max_iter=3)
model = result.mixture
assert mogul.log_densities(model, x).shape == (20,)
assert mogul.responsibilities(model, x).shape == (20, 2)
assert mogul.evaluate(model, x).n_rows == 20
assert mogul.sample(model, 5)[0].shape == (5, 20_000)
assert pickle.loads(pickle.dumps(model)) == model
assert mogul.Mixture(structure, model.weights, model.means, model.covariances) == model
assert model.permuted([1, 0]).permuted([1, 0]) == model and model.marginal([7, 3]).n_features == 2
assert repr(model) and str(result.report)
assert mogul.parse_model(mogul.model_json(mogul.ModelFile(model)), "m").mixture == model

estimator = mogul.GaussianMixture(2, **options).fit(x)
labels = estimator.predict(x)
assert len(set(labels[::2])) == len(set(labels[1::2])) == 1 and labels[0] != labels[1]
assert np.isfinite(estimator.score(x)) and np.isfinite(estimator.bic(x)) and estimator.sample(3)[0].shape == (3, 20_000)
assert np.allclose(estimator.precisions_cholesky_**2, estimator.precisions_)
assert np.allclose(estimator.precisions_ * estimator.covariances_, 1)
again = pickle.loads(pickle.dumps(estimator))
assert np.array_equal(again.predict_proba(x), estimator.predict_proba(x))
estimator.means_ = estimator.means_ + 1  # what the caller sets is made a mixture
assert estimator.score(x) < again.score(x)
print("done")
"""


@pytest.mark.parametrize(
    ("structure", "covariance_type"),
    [
        ("diagonal", "diag"),
        ("tied_diagonal", "tied_diag"),
        ("spherical", "spherical"),
        ("tied_spherical", "tied_spherical"),
    ],
)
def test_no_function_needs_a_matrix_where_the_structure_has_none(structure: str, covariance_type: str) -> None:
    assert run_python(PROGRAM, structure, covariance_type, timeout=300).split() == ["limited", "done"]
