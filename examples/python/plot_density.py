"""The density that a mixture learns: two Gaussians, one round and one stretched, found again from a sample of them.

    python plot_density.py [output.png]

The rows are drawn from a mixture of known parameters. Of the mixture that is fitted to them the plot shows the
negative log-density, which is low where rows are likely; the dashed lines are the true one, at the same levels.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from mogul import GaussianMixture

plt.switch_backend("agg")

TRUTH = GaussianMixture.from_parameters(
    weights=[0.4, 0.6],
    means=[[10.0, 12.0], [0.0, 0.0]],
    covariances=[[[9.0, 0.0], [0.0, 9.0]], [[16.0, -12.0], [-12.0, 12.0]]],
    random_state=0,
)
LEVELS = [4.5, 5, 6, 7, 9, 12, 16, 22, 30, 40, 55, 75]  # nats


def negative_log_density(model, x, y):
    points = np.column_stack([x.ravel(), y.ravel()])
    return -model.score_samples(points).reshape(x.shape)


def main(output="plot_density.png"):
    rows, _ = TRUTH.sample(200)
    model = GaussianMixture(2, random_state=0).fit(rows)
    x, y = np.meshgrid(np.linspace(-18, 24, 300), np.linspace(-16, 25, 300))

    figure, axes = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
    colours = plt.get_cmap("viridis_r")(np.linspace(0, 1, len(LEVELS)))
    filled = axes.contourf(x, y, negative_log_density(model, x, y), LEVELS, colors=colours, extend="both")
    axes.contour(
        x, y, negative_log_density(TRUTH, x, y), LEVELS[:8], colors="white", linewidths=0.8, linestyles="dashed"
    )
    axes.scatter(*rows.T, s=6, c="black", linewidths=0)
    bar = figure.colorbar(filled, ticks=LEVELS, label="negative log-density, nats")
    bar.ax.tick_params(labelsize=8)
    axes.set(aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    axes.set_title(
        f"{len(rows)} rows, mean log-density {model.score(rows):.3f} (truth {TRUTH.score(rows):.3f})", fontsize=10
    )
    figure.savefig(output, dpi=100)


if __name__ == "__main__":
    main(*sys.argv[1:2])
