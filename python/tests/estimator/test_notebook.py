"""Notebooks show scikit-learn's diagram of an estimator; of a fitted one a summary and a small picture as well."""

from __future__ import annotations

import html
import pickle

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.mixture import GaussianMixture as Theirs
from sklearn.pipeline import make_pipeline

from mogul import GaussianMixture

X = np.random.default_rng(0).normal(size=(60, 2))


def fitted(d: int = 2) -> GaussianMixture:
    return GaussianMixture(2, random_state=0).fit(np.random.default_rng(d).normal(size=(60, d)))


def test_an_estimator_that_is_not_fitted_has_the_diagram_alone() -> None:
    shown = GaussianMixture(2)._repr_html_()
    assert "sk-top-container" in shown and "n_components" in shown
    assert "<img" not in shown and "component  weight" not in shown
    assert "sk-top-container" in Theirs(2)._repr_html_()


@pytest.mark.parametrize("d", [1, 2, 5])
def test_a_fitted_one_has_its_summary_and_a_picture_below_it(d: int) -> None:
    model = fitted(d)
    for shown in (model._repr_html_(), model._repr_mimebundle_()["text/html"]):
        assert shown.index("sk-top-container") < shown.index(html.escape(model.summary())) < shown.index("<img src=")
    assert model._repr_mimebundle_()["text/plain"] == repr(model)


def test_scikit_learn_s_option_for_texts_is_followed() -> None:
    model = fitted()
    with config_context(display="text"):
        assert not hasattr(model, "_repr_html_")
        assert list(model._repr_mimebundle_()) == ["text/plain"]


def test_what_is_shown_is_the_mixture_as_it_is_now() -> None:
    model = fitted()
    before = model._repr_html_()
    model.means_ = model.means_ + 10.0
    assert html.escape(model.summary()) in model._repr_html_() and html.escape(model.summary()) not in before
    assert "<img" not in clone(model)._repr_html_()
    assert "<img" in pickle.loads(pickle.dumps(model))._repr_html_()


def test_names_of_features_stay_text() -> None:
    pd = pytest.importorskip("pandas")
    names = ["<script>alert(1)</script>", "\"><img src=x onerror='alert(1)'>"]
    shown = GaussianMixture(2, random_state=0).fit(pd.DataFrame(X, columns=names))._repr_html_()
    assert "<script>alert" not in shown and "<img src=x" not in shown


def test_pipelines_show_their_diagram() -> None:
    assert "GaussianMixture" in make_pipeline(fitted())._repr_html_()
