"""A picture that cannot be drawn is refused by a sentence, and matplotlib is asked for only when something is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from conftest import Array, message_of, random_mixture, random_rows, run_python
from matplotlib import pyplot as plt
from sklearn.exceptions import NotFittedError
from sklearn.mixture import GaussianMixture as Theirs

import mogul
from mogul import GaussianMixture
from mogul.plot import MixtureDisplay

plt.switch_backend("agg")
X2 = random_rows(random_mixture("full"))
X3 = random_rows(random_mixture("full", d=3))
NAN = np.where(np.arange(len(X2))[:, None] == 7, np.nan, X2)

draw = MixtureDisplay.from_mixture


def of(n_features: int) -> mogul.Mixture:
    return random_mixture("full", d=n_features)


def fitted() -> GaussianMixture:
    return GaussianMixture(2, random_state=0).fit(X2)


@pytest.fixture(autouse=True)
def no_figures_left() -> Iterator[None]:
    yield
    plt.close("all")


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: draw(of(2), kind="pie"), "kind = 'pie'; must be one of auto, density, contour, ellipses"),
    (lambda: draw(of(2), kind=None), "kind = None; must be one of"),
    (lambda: draw(of(1), kind="contour"), "kind = 'contour' shows two features or more, but there is one"),
    (lambda: draw(of(1), kind="ellipses"), "use kind='density'"),
    (lambda: draw(of(1), kind="pairs"), "kind = 'pairs' shows two features or more"),
    (lambda: draw(of(2), kind="ellipses", features=[1]), "kind = 'ellipses' shows two features or more"),
    (
        lambda: draw(of(3), kind="contour", projection="features"),
        "kind = 'contour' shows one or two of the 3 features; choose by features=[0, 1]",
    ),
    (lambda: draw(of(3), projection="tsne"), "projection = 'tsne'; must be 'features' or 'pca'"),
    (lambda: draw(of(3), projection="pca", features=[0, 1]), "leave out features"),
    (lambda: draw(of(3), projection="pca", kind="pairs"), "choose another kind than 'pairs'"),
    (lambda: draw(of(1), projection="pca"), "and there is one feature; leave it out"),
    (lambda: draw(of(4), kind="density", features=[0, 1, 2]), "3 are chosen; use kind='pairs'"),
    (lambda: draw(of(2), features=[]), "features is empty"),
    (lambda: draw(of(2), features=[0, 2]), "features: 2; must be from 0 to 1"),
    (lambda: draw(of(2), features=[-1]), "features: -1; must be from 0 to 1"),
    (lambda: draw(of(2), features=[0, 0]), "features: 'x1' is named twice"),
    (lambda: draw(of(2), features=["x1", "y"]), "features: 'y'; must be one of 'x1', 'x2'"),
    (lambda: draw(of(2), features=[True]), "features: True; must be names or whole numbers"),
    (lambda: draw(of(2), features=0.5), "features: 0.5; must be names or whole numbers"),
    (lambda: draw(of(2), masses=[0.5, 1.0]), "masses: 1.0; must be above 0 and at most 0.999999"),
    (lambda: draw(of(2), masses=[0.0]), "masses: 0.0; must be above 0"),
    (lambda: draw(of(2), masses=[np.nan]), "masses: nan; must be above 0"),
    (lambda: draw(of(2), masses=[]), "masses has the shape (0,)"),
    (lambda: draw(of(2), masses="half"), "masses = 'half'; must be numbers"),
    (lambda: draw(of(2), X2, max_points=-1), "max_points = -1; must be a whole number >= 0"),
    (lambda: draw(of(2), X2, max_points=1.5), "max_points = 1.5; must be a whole number >= 0"),
    (lambda: draw(of(2), X3), "3"),
    (lambda: draw(of(2), NAN), "row 8, column"),
    (lambda: draw(of(2), X2, weights=[1.0]), "weights"),
    (lambda: draw(of(2), X2, weights=-np.ones(len(X2))), "weight"),
    (lambda: draw(of(2), X2, weights=np.zeros(len(X2))), "weight"),
    (lambda: draw(of(2), weights=[1.0]), "weights are given, but X is not"),
    (lambda: draw(of(2), kind="log_likelihood"), "kind = 'log_likelihood' shows the history of a fit"),
    (lambda: draw(mogul.fit(X2, 2), X2, kind="log_likelihood"), "X is given, but kind = 'log_likelihood'"),
    (lambda: draw(of(2), palette=[]), "palette = []; must be a sequence of at least one colour"),
    (lambda: draw(of(2), palette=["no such colour"]), "palette: "),
    (lambda: draw(of(2), ax=plt.subplots(2, 2)[1]), "ax is of the type ndarray; must be one matplotlib Axes"),
    (lambda: draw(of(3), ax=plt.subplots()[1]), "ax is one Axes, but kind = 'pairs' of 3 features needs an array"),
    (lambda: draw(of(3), ax=plt.subplots(2, 3)[1]), "ax is an array of the shape (2, 3)"),
    (lambda: fitted().plot(X3), "X has 3 features, but GaussianMixture is expecting 2 features"),
    (lambda: fitted().plot(NAN), "Input X contains NaN."),
    (lambda: fitted().plot(sample_weight=[1.0]), "sample_weight is given, but X is not"),
    (lambda: fitted().plot(features=[0], kind="log_likelihood"), "features is given, but kind = 'log_likelihood'"),
]


@pytest.mark.parametrize(("call", "sentence"), WRONG)
def test_a_wrong_call_is_answered_by_a_sentence(call: Callable[[], object], sentence: str) -> None:
    assert sentence in message_of(call)


WRONG_TYPES: list[tuple[Callable[[], object], str]] = [
    (lambda: draw(fitted()), "mixture is a mogul GaussianMixture; must be a mogul.Mixture, FitResult or ModelFile"),
    (lambda: draw(fitted()), "; use from_estimator"),
    (lambda: draw(None), "mixture is NoneType"),
    (lambda: MixtureDisplay.from_estimator(of(2)), "; use from_mixture"),
    (lambda: MixtureDisplay.from_estimator(Theirs(2).fit(X2)), "convert it by mogul.GaussianMixture.from_sklearn()"),
    (lambda: draw(of(2), colour="red"), "colour"),
]


@pytest.mark.parametrize(("call", "sentence"), WRONG_TYPES)
def test_a_wrong_type_is_answered_by_a_sentence(call: Callable[[], object], sentence: str) -> None:
    assert sentence in message_of(call, TypeError)


def test_what_is_not_fitted_is_not_drawn() -> None:
    with pytest.raises(NotFittedError, match="not fitted yet"):
        GaussianMixture(2).plot()


def test_a_mixture_of_known_parameters_has_no_history() -> None:
    model = GaussianMixture.from_parameters([1.0], [[0.0]], [[[1.0]]])
    assert "history of a fit" in message_of(lambda: model.plot(kind="log_likelihood"))


def test_columns_in_another_order_are_refused(clouds: Array) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(clouds, columns=["a", "b"])
    said = message_of(lambda: draw(mogul.fit(frame, 2), frame[["b", "a"]]))
    assert said.startswith("X: column 1 is named 'b', but the mixture was fitted with 'a' there")


def test_nothing_is_left_open_by_a_wrong_call() -> None:
    calls: list[dict[str, Any]] = [{"kind": "pie"}, {"features": ["q"]}, {"masses": [2.0]}, {"palette": []}]
    for wrong in calls:
        with pytest.raises(ValueError):
            draw(of(2), **wrong)
    assert plt.get_fignums() == []


# --- matplotlib is optional

BLOCKED = """
import sys
import numpy as np

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")

sys.meta_path.insert(0, Blocker())
import mogul
from mogul.plot import MixtureDisplay
x = np.random.default_rng(0).normal(size=(50, 2))
model = mogul.GaussianMixture(2, random_state=0).fit(x)
for call in (model.plot, lambda: MixtureDisplay.from_mixture(model.mixture_, x),
             MixtureDisplay(model.mixture_, kind="ellipses", feature_names=["a", "b"]).plot):
    try:
        call()
    except ImportError as error:
        print(error)
"""


def test_without_matplotlib_the_error_says_what_to_install() -> None:
    lines = run_python(BLOCKED).splitlines()
    assert len(lines) == 3
    assert all("matplotlib, which is not installed" in line for line in lines)
    assert all('pip install "mogul[plot]"' in line for line in lines)


def test_neither_mogul_nor_its_module_of_pictures_imports_matplotlib() -> None:
    program = "import sys, mogul; mogul.GaussianMixture; mogul.plot; print('matplotlib' in sys.modules)"
    assert run_python(program).strip() == "False"


def test_pictures_of_the_functions_do_without_scikit_learn() -> None:
    program = """
import sys, mogul, matplotlib
matplotlib.use("agg")
mixture = mogul.Mixture("full", [1.0], [[0.0, 0.0]], [[[1.0, 0.0], [0.0, 1.0]]])
mogul.plot.MixtureDisplay.from_mixture(mixture, [[0.0, 1.0]])
print("sklearn" in sys.modules)
"""
    assert run_python(program).strip() == "False"
