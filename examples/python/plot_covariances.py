"""The six covariance types on Fisher's iris: what each can say about three species, and what that is worth.

    python plot_covariances.py [output.png]

Half of the flowers are fitted, starting from their species, so that component k stays species k; the other half is
predicted. All four measurements are used, two are shown. An ellipse holds 90 % of a component.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Ellipse
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

from mogul import GaussianMixture

plt.switch_backend("agg")
TYPES = [["full", "tied"], ["diag", "tied_diag"], ["spherical", "tied_spherical"]]
SHAPES = ["a matrix", "variances", "one variance"]
OWNERS = ["for each component", "shared by all"]
SHOWN = [2, 3]  # length and width of the petals
COLOURS = ["#0072b2", "#d55e00", "#009e73"]
RADIUS = np.sqrt(-2 * np.log(1 - 0.9))  # of the ellipse that holds 90 % of a Gaussian in the plane


def covariance_matrices(model):
    """(K, D, D), whatever the covariance type."""
    n_components, n_features = model.means_.shape
    values = model.covariances_
    if model.covariance_type in ("full", "tied"):
        return np.broadcast_to(values, (n_components, n_features, n_features))
    variances = values[:, np.newaxis] if model.covariance_type == "spherical" else values
    return np.broadcast_to(variances, (n_components, n_features))[:, :, np.newaxis] * np.eye(n_features)


def ellipse(mean, covariance, colour):
    variances, axes = np.linalg.eigh(covariance)
    width, height = 2 * RADIUS * np.sqrt(variances)
    angle = np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
    return Ellipse(mean, width, height, angle=angle, facecolor=colour + "33", edgecolor=colour, linewidth=1.2)


def draw(axes, model, train, test, names):
    matrices = covariance_matrices(model)
    for k, (colour, name) in enumerate(zip(COLOURS, names, strict=True)):
        axes.add_patch(ellipse(model.means_[k, SHOWN], matrices[k][np.ix_(SHOWN, SHOWN)], colour))
        for (x, y), style, label in ((train, {"marker": "o", "s": 8}, name), (test, {"marker": "x", "s": 12}, None)):
            axes.scatter(*x[y == k][:, SHOWN].T, c=colour, linewidths=0.7, label=label, **style)
    fitted, unseen = (np.mean(model.predict(x) == y) for x, y in (train, test))
    text = f"right: {100 * fitted:.1f} % of the fitted\n{100 * unseen:.1f} % of the unseen"
    axes.text(0.98, 0.05, text, transform=axes.transAxes, fontsize=8.5, ha="right", va="bottom")
    axes.set(xlim=(0.2, 7.4), ylim=(-0.55, 3.1), aspect="equal")


def main(output="plot_covariances.png"):
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(
        iris.data, iris.target, test_size=0.5, stratify=iris.target, random_state=0
    )
    figure, grid = plt.subplots(3, 2, figsize=(8.4, 7.2), sharex=True, sharey=True, layout="constrained")
    for row, types, shape in zip(grid, TYPES, SHAPES, strict=True):
        for axes, covariance_type, owner in zip(row, types, OWNERS, strict=True):
            model = GaussianMixture(3, covariance_type=covariance_type, labels_init=y_train).fit(x_train)
            draw(axes, model, (x_train, y_train), (x_test, y_test), iris.target_names)
            axes.set_title(f"{covariance_type}: {shape} {owner}", fontsize=10)
    grid[0, 0].legend(loc="upper left", fontsize=8, frameon=False)
    figure.supxlabel("length of the petals, cm (dots: fitted, crosses: unseen)", fontsize=10)
    figure.supylabel("width of the petals, cm", fontsize=10)
    figure.savefig(output, dpi=100)


if __name__ == "__main__":
    main(*sys.argv[1:2])
