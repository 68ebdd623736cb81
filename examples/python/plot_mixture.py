"""Four pictures of a mixture: two lengths of Fisher's iris, as mogul draws them.

    python plot_mixture.py [output.png]

One feature, two features, the responsibilities of the plane, and how the log-likelihood rose.
"""

import sys

import matplotlib.pyplot as plt
from sklearn.datasets import load_iris

from mogul import GaussianMixture

plt.switch_backend("agg")


def main(output="plot_mixture.png"):
    flowers = load_iris(as_frame=True).data.iloc[:, [0, 2]]
    model = GaussianMixture(3, tol=1e-6, max_iter=1000, init_params="random_from_data", random_state=0).fit(flowers)

    figure, axes = plt.subplots(2, 2, figsize=(11, 7.2), layout="constrained")
    model.plot(flowers, features=[1], ax=axes[0, 0])
    model.plot(flowers, ax=axes[0, 1])
    model.plot(kind="responsibilities", ax=axes[1, 0])
    model.plot(kind="log_likelihood", ax=axes[1, 1])
    figure.savefig(output, dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:2])
