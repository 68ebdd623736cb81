"""Which K and which covariance family, for the observations of an AnnData.

It needs anndata, which ``pip install "mogul[anndata]"`` brings along.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse

from . import _mogul
from ._python_functions import shown
from ._selection import Selection
from ._selection import select as select_rows

try:
    from anndata import AnnData
    from pandas import Categorical
except ModuleNotFoundError as error:
    raise ImportError('mogul.anndata needs anndata: pip install "mogul[anndata]"') from error

__all__ = ["select"]


def select(
    adata: AnnData,
    n_components: Any = (1, 9),
    *,
    use_rep: str = "X_pca",
    key_added: str = "mogul",
    **options: Any,
) -> Selection:
    """Fit mixtures of several K and covariance families to observations, and label these by the best.

    Parameters
    ----------
    adata : anndata.AnnData
    n_components : int, (int, int) or iterable of int
        K, as for `mogul.select`: a tuple is the lowest and the highest number.
    use_rep : str
        What the rows are: a key of ``adata.obsm``, or 'X' for ``adata.X``, which must be dense.
    key_added : str
        Where the results go; what is there is replaced.
    **options
        Of `mogul.select`: ``covariance_type``, ``criterion``, ``random_state``, ...

    Returns
    -------
    Selection
        That of `mogul.select`. In `adata` there are then

        ``adata.obs[key_added]``
            The component of each observation: a categorical of '0', the largest, to K - 1.
        ``adata.obsm[f"{key_added}_proba"]``
            Responsibilities, (n_obs, K).
        ``adata.uns[key_added]``
            'params', what was asked; 'table', a row for each K and family; 'best': K, the family, weights, means and
            covariances.

    Raises
    ------
    TypeError
        For anything but an AnnData.
    ValueError
        For a representation that there is not, or a sparse one; and as `mogul.select`.
    FitError
        If no cell can be fitted. `adata` is as it was then, as after any other error.
    """
    rows = representation(adata, use_rep)
    if not isinstance(key_added, str) or not key_added:
        raise ValueError(f"key_added = {shown(key_added)}; must be a name, such as 'mogul'")
    selection = select_rows(rows, n_components, **options)
    mixture = selection.best_.mixture_
    components = [str(k) for k in range(mixture.n_components)]
    labels = Categorical.from_codes(_mogul.labels(mixture, rows), components)
    probabilities = _mogul.responsibilities(mixture, rows)
    adata.obs[key_added] = labels
    adata.obsm[f"{key_added}_proba"] = probabilities
    adata.uns[key_added] = {
        "params": {"use_rep": use_rep, "criterion": selection.criterion, **scalars(options)},
        "table": dict(selection.table_),
        "best": {
            "n_components": mixture.n_components,
            "covariance": str(selection.table_["covariance"][selection.best_index_]),
            "weights": np.array(mixture.weights),
            "means": np.array(mixture.means),
            "covariances": np.array(mixture.covariances),
        },
    }
    return selection


def representation(adata: Any, use_rep: str) -> Any:
    if not isinstance(adata, AnnData):
        raise TypeError(f"adata = {shown(adata)}; must be an anndata.AnnData; mogul.select() takes arrays")
    known = list(adata.obsm)
    if use_rep != "X" and use_rep not in known:
        there = f"adata.obsm has {', '.join(map(repr, known))}" if known else "adata.obsm is empty"
        hint = "; scanpy.pp.pca(adata) makes 'X_pca'" if use_rep == "X_pca" else ""
        raise ValueError(f"use_rep = {use_rep!r}: {there}; name one of its keys, or 'X' for adata.X{hint}")
    rows = adata.X if use_rep == "X" else adata.obsm[use_rep]
    if rows is None:
        raise ValueError("use_rep = 'X': adata.X is None; name a key of adata.obsm")
    if issparse(rows):
        raise ValueError(
            f"use_rep = {use_rep!r}: it is sparse; mixtures need few dense columns, such as principal components: give "
            "the key of such in adata.obsm, or make it dense with .toarray()"
        )
    return rows


def scalars(options: dict[str, Any]) -> dict[str, Any]:
    """Those that a file can hold."""
    return {name: value for name, value in options.items() if isinstance(value, bool | int | float | str)}
