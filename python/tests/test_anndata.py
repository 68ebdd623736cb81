"""mogul.anndata: a selection of the observations of an AnnData. `./dev test` runs this file where anndata is."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import message_of, random_mixture, random_rows, run_python
from scipy.sparse import csr_matrix

import mogul

anndata = pytest.importorskip("anndata")

from mogul.anndata import select  # noqa: E402

ROOT = Path(__file__).parents[2]
ROWS = random_rows(random_mixture("full", k=3, d=2, seed=5, apart=8.0), 200)


@pytest.fixture
def adata() -> Any:
    made = anndata.AnnData(np.random.default_rng(0).normal(size=(200, 3)))
    made.obsm["X_pca"] = ROWS
    return made


def test_labels_probabilities_and_the_table_are_written(adata: Any) -> None:
    found = select(adata, (1, 4), covariance_type=["VVV", "EEE"])
    best = found.best_
    assert best.n_components == 3
    labels = adata.obs["mogul"]
    assert labels.dtype == "category" and labels.cat.categories.tolist() == ["0", "1", "2"]
    assert labels.astype(int).tolist() == best.predict(ROWS).tolist()
    assert adata.obsm["mogul_proba"].tobytes() == best.predict_proba(ROWS).tobytes()
    kept = adata.uns["mogul"]
    assert kept["params"] == {"use_rep": "X_pca", "criterion": "bic"}
    assert kept["table"].keys() == found.table_.keys() and kept["best"]["n_components"] == 3
    again = mogul.Mixture(
        best.mixture_.structure, *(kept["best"][name] for name in ("weights", "means", "covariances"))
    )
    assert again == best.mixture_


def test_h5ad_files_keep_it(adata: Any, tmp_path: Path) -> None:
    select(adata, [2, 500], covariance_type="all", key_added="clusters", criterion="icl", random_state=3)
    adata.write_h5ad(tmp_path / "a.h5ad")
    again = anndata.read_h5ad(tmp_path / "a.h5ad")
    assert again.obs["clusters"].tolist() == adata.obs["clusters"].tolist()
    assert again.uns["clusters"]["params"] == {
        "use_rep": "X_pca",
        "criterion": "icl",
        "covariance_type": "all",
        "random_state": 3,
    }
    for part in ("table", "best"):
        for name, value in adata.uns["clusters"][part].items():
            np.testing.assert_array_equal(again.uns["clusters"][part][name], value)
    assert "more components than rows" in again.uns["clusters"]["table"]["reason"][-1]


def test_other_representations(adata: Any) -> None:
    select(adata, 1, use_rep="X", covariance_type="EII")
    assert adata.uns["mogul"]["best"]["means"].shape == (1, 3)
    pd = pytest.importorskip("pandas")
    adata.obsm["frame"] = pd.DataFrame(ROWS, index=adata.obs_names, columns=["a", "b"])
    assert select(adata, 2, use_rep="frame").best_.feature_names_in_.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"use_rep": "X_umap"}, ValueError, "use_rep = 'X_umap': adata.obsm has 'X_pca'; name one of its keys, or 'X'"),
        ({"key_added": ""}, ValueError, "key_added = ''; must be a name"),
        ({"n_components": 900}, mogul.FitError, "more components than rows"),
        ({"criterion": "dic"}, ValueError, "criterion = 'dic'"),
        ({"colour": 3}, TypeError, "colour"),
    ],
)
def test_errors_leave_it_as_it_was(adata: Any, given: dict[str, Any], error: type[Exception], said: str) -> None:
    assert said in message_of(lambda: select(adata, **({"n_components": 1} | given)), error)
    assert list(adata.obs) == [] and list(adata.obsm) == ["X_pca"] and len(adata.uns) == 0


def test_what_there_is_not_and_what_is_sparse() -> None:
    sparse = anndata.AnnData(csr_matrix(ROWS))
    assert "scanpy.pp.pca(adata) makes 'X_pca'" in message_of(lambda: select(sparse))
    assert "adata.obsm is empty" in message_of(lambda: select(sparse))
    assert "it is sparse" in message_of(lambda: select(sparse, use_rep="X"))
    assert "adata.X is None" in message_of(lambda: select(anndata.AnnData(obsm={"a": ROWS}), use_rep="X"))
    assert "must be an anndata.AnnData; mogul.select() takes arrays" in message_of(lambda: select(ROWS), TypeError)


def test_the_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testfile(str(ROOT / "docs" / "anndata.md"), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 10 and outcome.failed == 0


def test_without_anndata_the_import_says_what_to_do() -> None:
    program = """
import sys
sys.modules["anndata"] = None
import mogul
try:
    mogul.anndata
except ImportError as error:
    print(error)
"""
    assert run_python(program) == 'mogul.anndata needs anndata: pip install "mogul[anndata]"\n'


def test_mogul_alone_imports_no_anndata() -> None:
    program = "import sys, mogul; print('anndata' in sys.modules, 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False False\n"
