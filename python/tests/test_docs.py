"""The pages, the docstrings and the examples say what is true: their code runs, and nothing public is left out.

What options and reports mean is said in the tables of fields of the C++ library, which docstrings, the help of the
command line and docs/formats.md repeat.
"""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROGRAM

import mogul
from mogul import GaussianMixture, GaussianMixtureSelector
from mogul.plot import MixtureDisplay, SelectionDisplay

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "python.md"
FORMATS = ROOT / "docs" / "formats.md"
MODELS = ROOT / "docs" / "models.md"
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory, as the examples see it: the data are there, and files may be written."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("folder")
@pytest.mark.filterwarnings("error::sklearn.exceptions.ConvergenceWarning")
def test_the_examples_of_the_guide_run() -> None:
    outcome = doctest.testfile(str(GUIDE), module_relative=False, optionflags=FLAGS, encoding="utf-8")
    assert outcome.attempted > 50
    assert outcome.failed == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.filterwarnings("ignore:reg_covar = ")  # six rows, of which each component has three in a line
@pytest.mark.parametrize(
    "kind", [GaussianMixture, GaussianMixtureSelector, MixtureDisplay, SelectionDisplay, mogul.replay, mogul.select]
)
def test_the_examples_of_the_docstrings_run(kind: Any) -> None:
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for example in doctest.DocTestFinder().find(kind, kind.__name__, globs={}):
        runner.run(example)
    outcome = runner.summarize()
    assert outcome.attempted > 0
    assert outcome.failed == 0


def public_names() -> set[str]:
    """Parameters, methods, and attributes of a fitted estimator."""
    parameters = set(inspect.signature(GaussianMixture).parameters)
    methods = {name for name in dir(GaussianMixture) if not name.startswith("_")}
    rows = np.random.default_rng(0).normal(size=(20, 2))
    fitted = GaussianMixture(random_state=0).fit(rows)
    attributes = {name for name in vars(fitted) if name.endswith("_") and not name.startswith("_")}
    return parameters | methods | attributes | {"feature_names_in_"} | public_names_of_selections()


def public_names_of_selections() -> set[str]:
    return {name for kind in (mogul.Selection, GaussianMixtureSelector) for name in dir(kind) if name[0] != "_"}


@pytest.mark.parametrize("name", sorted(public_names()))
def test_the_guide_mentions(name: str) -> None:
    assert re.search(rf"\b{name}\b", GUIDE.read_text(encoding="utf-8"))


def functions() -> list[str]:
    members = {name: getattr(mogul, name) for name in mogul.__all__}
    return [name for name, member in members.items() if callable(member) and not isinstance(member, type)]


@pytest.mark.parametrize("name", functions())
def test_the_guide_mentions_the_function(name: str) -> None:
    assert f"`{name}`" in GUIDE.read_text(encoding="utf-8")


def test_links_of_the_guide_lead_somewhere() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    anchors = {"#" + re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target in anchors
        else:
            assert (GUIDE.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("name", ["plot_covariances", "plot_density", "plot_mixture"])
def test_the_example_draws(name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "picture.png"
    program = ROOT / "examples" / "python" / f"{name}.py"
    subprocess.run([sys.executable, program, picture], check=True, cwd=tmp_path, timeout=120)
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert picture.stat().st_size > 10_000


# --- The table of the covariance families


def rows_of_models() -> dict[str, list[str]]:
    text = MODELS.read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in rows if re.fullmatch("[EV][EIV]{2}", row[0]) and len(row) > 8}


def count(formula: str, k: int, d: int) -> int:
    """A formula as it is printed, "K D + 1", where a blank multiplies."""
    value = eval(re.sub(r"(?<=[\w)]) (?=[\w(])", " * ", formula), {"K": k, "D": d})
    assert value == int(value)
    return int(value)


@pytest.mark.parametrize("family", mogul.covariance_families(), ids=lambda family: family.name)
def test_the_page_of_models_counts_the_parameters_of_the_family(family: mogul.CovarianceFamily) -> None:
    word, volume, shape, orientation, formula, of_three_in_four, *_ = rows_of_models()[family.name]
    assert word == ("" if family.word == family.name else family.word)
    letters = {"equal": "E", "shared": "E", "own": "V", "round": "I", "none": "I", "coordinates": "I"}
    assert letters[volume] + letters[shape] + letters[orientation] == family.name
    assert int(of_three_in_four) == family.n_parameters(3, 4)
    for k in (1, 2, 3, 9):
        for d in (1, 2, 4, 13):
            assert count(formula, k, d) == family.n_parameters(k, d), (k, d)


# --- The fields of options and reports


def phrase(text: str) -> str:
    """A sentence of a docstring, or a cell of a table, as the tables of fields have it."""
    text = text.replace("`", "").removesuffix(".")
    return text[0].lower() + text[1:]


def meaning(kind: type, name: str) -> str:
    return phrase(getattr(kind, name).__doc__)


def cells(heading: str) -> dict[str, str]:
    """What the third column of the table below a heading of docs/formats.md says of each field."""
    section = FORMATS.read_text(encoding="utf-8").split(f"\n### `{heading}`\n")[1].split("\n#")[0]
    return dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", section, flags=re.MULTILINE))


@pytest.mark.parametrize(("heading", "kind"), [("settings", mogul.FitSettings), ("report", mogul.FitReport)])
def test_the_tables_of_model_files_have_every_field_and_its_description(heading: str, kind: type) -> None:
    told = cells(heading)
    public = {name for name in dir(kind) if not name.startswith("_")}
    assert set(told) == public - {"equal_weights"}  # which is in `hold`
    for name, cell in told.items():
        assert f"{phrase(cell)}; ".startswith(f"{meaning(kind, name)}; "), name


OPTIONS = ["n_init", "max_iter", "tol", "degenerate", "weight_concentration", "max_eigenvalue_ratio"]


def test_the_help_of_fit_has_the_descriptions() -> None:
    printed = subprocess.run([PROGRAM, "fit", "--help"], capture_output=True, text=True, check=True).stdout
    text = " ".join(printed.split())
    for name in [*OPTIONS, "prior"]:
        assert meaning(mogul.FitSettings, name).lower() in text.lower(), name


def test_the_docstring_of_fit_has_the_descriptions() -> None:
    text = " ".join(mogul.fit.__doc__.split())
    for name in [*OPTIONS, "seed"]:
        assert f"{name} : " in text and getattr(mogul.FitSettings, name).__doc__ in text, name
        assert f"{{{name}}}" not in text
