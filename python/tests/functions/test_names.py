"""What the package offers under its own name, and that nothing of the module is left out."""

from __future__ import annotations

import subprocess
import sys

from conftest import PROGRAM, run_python

import mogul
from mogul import _mogul

OF_PYTHON = {
    *("GaussianMixture", "GaussianMixtureSelector", "Selection"),
    *("__version__", "Explanation", "Page", "Picture", "replay", "report"),
}
BEHIND_PAGES = {
    "TableOfFits",
    "joined_report",
    "largest_first",
    "picture_page",
    "plot_log_likelihood_svg",
    "replay_page",
    "report_page",
    "with_termination",
    "write_text",
}
"""Functions of the module that the package uses, and has no such name for."""


def test_every_public_name_of_the_module_is_one_of_the_package() -> None:
    of_module = {name for name in vars(_mogul) if not name.startswith("_")}
    assert of_module - BEHIND_PAGES == set(mogul.__all__) - OF_PYTHON
    assert of_module > BEHIND_PAGES


def test_classes_are_the_same_in_both_and_functions_have_the_same_names() -> None:
    for name in set(mogul.__all__) - OF_PYTHON:
        public, native = getattr(mogul, name), getattr(_mogul, name)
        assert public is native if isinstance(native, type) else public.__name__ == native.__name__, name


def test_names_are_in_order_and_there_once() -> None:
    assert mogul.__all__ == sorted(set(mogul.__all__))
    assert dir(mogul) == mogul.__all__


def test_the_version_is_that_of_the_command_line() -> None:
    printed = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    assert mogul.__version__ in printed.split()


def test_importing_mogul_imports_neither_scikit_learn_nor_pandas() -> None:
    program = "import sys, mogul; print([m for m in ('sklearn', 'scipy', 'pandas', 'pyarrow') if m in sys.modules])"
    assert run_python(program) == "[]\n"


def test_the_estimator_is_found_on_demand() -> None:
    program = (
        "import sys, mogul; mogul.GaussianMixture; print('sklearn' in sys.modules, mogul.GaussianMixture.__name__)"
    )
    assert run_python(program) == "True GaussianMixture\n"


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    try:
        mogul.Gaussian  # noqa: B018
    except AttributeError as error:
        assert str(error) == "module 'mogul' has no attribute 'Gaussian'"
    else:
        raise AssertionError("found mogul.Gaussian")


def test_the_command_is_the_program_of_the_package() -> None:
    command = [sys.executable, "-c", "from mogul._command_line import main; main()", "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.split()[-1] == mogul.__version__
