"""The estimator says where reg_covar, which it adds in the data's own unit, is not small beside the variances."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from conftest import COVARIANCE_TYPES
from sklearn.exceptions import ConvergenceWarning

from mogul import GaussianMixture

ROWS = np.vstack([np.random.default_rng(0).normal(size=(150, 2)), 8 + np.random.default_rng(1).normal(size=(150, 2))])


def warnings_of(model: GaussianMixture, x: np.ndarray) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x)
    return [str(warning.message) for warning in caught if "reg_covar" in str(warning.message)]


@pytest.mark.parametrize("kind", COVARIANCE_TYPES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_small_units_are_told_of_once(kind: str, dtype: type) -> None:
    model = GaussianMixture(2, covariance_type=kind, random_state=0)
    assert warnings_of(model, ROWS.astype(dtype)) == []
    (told,) = warnings_of(model, (ROWS * 1e-3).astype(dtype))
    assert "reg_covar = 1e-06 makes up" in told and told.endswith("lower reg_covar or scale the data")
    share = float(told.split("makes up ")[1].split("%")[0]) / 100
    least = min(
        np.linalg.eigvalsh(np.atleast_2d(np.diag(np.broadcast_to(c, 2)) if np.ndim(c) < 2 else c)).min()
        for c in model.mixture_.covariances.reshape(-1, *_shape_of_one(kind))
    )
    assert abs(share - 1e-6 / least) < 0.006


def _shape_of_one(kind: str) -> tuple[int, ...]:
    return {"full": (2, 2), "tied": (2, 2), "diag": (2,), "tied_diag": (2,)}.get(kind, ())


def test_one_narrow_direction_is_enough() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 400))
    x = np.column_stack([a, b, a + b + 3e-3 * rng.normal(size=400)])
    (told,) = warnings_of(GaussianMixture(1), x)
    assert "component 0" in told
    assert warnings_of(GaussianMixture(1, covariance_type="diag"), x) == []


@pytest.mark.parametrize("options", [{"reg_covar": 0}, {"reg_covar": 1e-12}, {"hold": ["covariances"]}])
def test_what_is_not_added_is_not_told_of(options: dict[str, object]) -> None:
    with np.errstate(all="ignore"):
        told = warnings_of(GaussianMixture(2, random_state=0, **options), ROWS * 1e-3)
    assert told == []


def test_what_scikit_learn_does_not_know_is_a_user_warning() -> None:
    few = np.repeat(ROWS[:3], 20, axis=0)
    cases = [
        (GaussianMixture(5, random_state=0), few, "the rows have only 3 different values"),
        (GaussianMixture(2, labels_init=[0, 1] * 30, tol=1, reg_covar=1e-3), few, "coincide"),
        (GaussianMixture(1), ROWS * 1e-3, "reg_covar = 1e-06 makes up"),
    ]
    for model, x, text in cases:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model.fit(x)
        assert any(text in str(warning.message) for warning in caught), [str(w.message) for w in caught]
        for warning in caught:
            is_theirs = "did not converge" in str(warning.message)
            assert warning.category is (ConvergenceWarning if is_theirs else UserWarning)


def test_the_warning_points_at_the_call_of_fit() -> None:
    with pytest.warns(UserWarning, match="reg_covar") as caught:
        GaussianMixture(1).fit(ROWS * 1e-3)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="reg_covar") as caught:
        GaussianMixture(1).fit_predict(ROWS * 1e-3)
    assert caught[0].filename == __file__
