"""Gaussian mixture models by expectation-maximisation: exact, fast, and with scikit-learn's interface.

``GaussianMixture`` is a drop-in for ``sklearn.mixture.GaussianMixture``, and ``GaussianMixtureSelector`` one that finds
the number of components and the covariance family. ``fit()``, ``select()``, ``Mixture`` and the functions beside them
are the C++ library under its own names, for those who want no estimator.
"""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING

from . import _notebook, _python_functions, _threads
from ._documents import Explanation, Page, Picture
from ._mogul import (
    ComponentTree,
    CovarianceFamily,
    Dataset,
    EmLoop,
    Evaluation,
    FitError,
    FitReport,
    FitResult,
    FitSettings,
    Hierarchy,
    InvalidData,
    Iteration,
    LikelihoodRatioTest,
    LogLikelihoodGradient,
    LrtResult,
    Mixture,
    ModelFile,
    ParameterValues,
    PhasePasses,
    PhaseSeconds,
    ReadReport,
    Restart,
    Rows,
    SearchReport,
    SelectionCell,
    StandardErrors,
    Stats,
    StatsRequest,
    Termination,
    TraceStep,
    WorstRowsRequest,
    accumulate,
    brief,
    cluster_labels,
    cluster_responsibilities,
    complete_log_likelihood,
    component_log_densities,
    component_table,
    covariance_families,
    criterion_words,
    entropy,
    evaluate,
    expected_complete_log_likelihood,
    fit,
    get_num_threads,
    hierarchy,
    higher_is_better,
    init_methods,
    instruction_set,
    labels,
    log_densities,
    log_joint,
    log_likelihood,
    log_likelihood_gradient,
    lrt,
    maximise,
    merge,
    model_json,
    moments_for,
    normal_name,
    number_labels,
    parse_column_names,
    parse_dataset,
    parse_model,
    parse_stats,
    provides,
    read_column_names,
    read_dataset,
    read_datasets,
    read_labels,
    read_model,
    read_stats,
    read_trace,
    responsibilities,
    sample,
    sample_rows,
    set_num_threads,
    squared_mahalanobis,
    standard_errors,
    stats_json,
    summary,
    trace_step,
    version,
    write_csv,
    write_model,
    write_npy,
    write_stats,
)
from ._pages import explain, plot_svg, replay, report
from ._selection import Selection, select

if TYPE_CHECKING:
    from ._gaussian_mixture import GaussianMixture
    from ._selector import GaussianMixtureSelector

__all__ = [
    "ComponentTree",
    "CovarianceFamily",
    "Dataset",
    "EmLoop",
    "Evaluation",
    "Explanation",
    "FitError",
    "FitReport",
    "FitResult",
    "FitSettings",
    "GaussianMixture",
    "GaussianMixtureSelector",
    "Hierarchy",
    "InvalidData",
    "Iteration",
    "LikelihoodRatioTest",
    "LogLikelihoodGradient",
    "LrtResult",
    "Mixture",
    "ModelFile",
    "Page",
    "ParameterValues",
    "PhasePasses",
    "PhaseSeconds",
    "Picture",
    "ReadReport",
    "Restart",
    "Rows",
    "SearchReport",
    "Selection",
    "SelectionCell",
    "StandardErrors",
    "Stats",
    "StatsRequest",
    "Termination",
    "TraceStep",
    "WorstRowsRequest",
    "__version__",
    "accumulate",
    "brief",
    "cluster_labels",
    "cluster_responsibilities",
    "complete_log_likelihood",
    "component_log_densities",
    "component_table",
    "covariance_families",
    "criterion_words",
    "entropy",
    "evaluate",
    "expected_complete_log_likelihood",
    "explain",
    "fit",
    "get_num_threads",
    "hierarchy",
    "higher_is_better",
    "init_methods",
    "instruction_set",
    "labels",
    "log_densities",
    "log_joint",
    "log_likelihood",
    "log_likelihood_gradient",
    "lrt",
    "maximise",
    "merge",
    "model_json",
    "moments_for",
    "normal_name",
    "number_labels",
    "parse_column_names",
    "parse_dataset",
    "parse_model",
    "parse_stats",
    "plot_svg",
    "provides",
    "read_column_names",
    "read_dataset",
    "read_datasets",
    "read_labels",
    "read_model",
    "read_stats",
    "read_trace",
    "replay",
    "report",
    "responsibilities",
    "sample",
    "sample_rows",
    "select",
    "set_num_threads",
    "squared_mahalanobis",
    "standard_errors",
    "stats_json",
    "summary",
    "trace_step",
    "version",
    "write_csv",
    "write_model",
    "write_npy",
    "write_stats",
]

__version__ = version()


_python_functions.replace_natives(globals(), then={"fit": partial(_python_functions.warn_of, stacklevel=3)})
_threads.tell_threadpoolctl()
FitResult._repr_html_ = _notebook.result_html  # type: ignore[attr-defined]


def __getattr__(name: str) -> object:
    # scikit-learn takes a second to import, which those who use the functions alone need not wait for.
    if name == "GaussianMixture":
        from ._gaussian_mixture import GaussianMixture

        return GaussianMixture
    if name == "GaussianMixtureSelector":
        from ._selector import GaussianMixtureSelector

        return GaussianMixtureSelector
    if name == "m_step":  # the former name of one form
        return maximise
    if name in ("plot", "anndata"):
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'mogul' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
