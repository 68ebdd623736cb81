// mogul/standard_errors.hpp
#include "mogul/standard_errors.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/shapes.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "convert/warn.hpp"
#include "fit_result.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace mogul::python {
namespace {

using Numbers = std::vector<double>;
using Values = std::tuple<Numbers, Numbers, Numbers>;  // weights, means, covariances
using State = std::tuple<std::string, std::string, double, std::size_t, std::size_t, std::vector<Values>>;

const char* const kDoc = R"(Standard errors and intervals of the weights, means and covariances of a fitted mixture.

Parameters
----------
model : FitResult, ModelFile or Mixture
    Of a FitResult or ModelFile also how it was fitted: reg_covar, hold, prior and the bounds, which fits of replicates
    take over. A Mixture alone counts as a fit with reg_covar = 0 and none of these.
x : array-like of shape (N, D)
    The rows that it was fitted to.
weights : array-like of shape (N,), optional
    Of the rows, as in the fit.
method : str
    'information': from the curvature of the log-likelihood at its maximum, in one pass over the rows. 'bootstrap': from
    fits of as many rows, drawn with replacement. 'weighted_bootstrap': from fits of all rows under random weights,
    which drop no row. 'jackknife': from fits without one row each.
level : float
    Coverage of the intervals.
n_bootstrap : int
    Fits of both bootstraps.
seed : int
    Of both bootstraps.
n_threads : int

Returns
-------
StandardErrors
    With estimate, standard_error, lower and upper, each with the arrays weights, means and covariances in the shapes of
    the mixture's; what the fit held has a standard error of 0.

Raises
------
FitError
    If the information has no inverse, the mixture is not at a maximum, or half of the fits fail.

Notes
-----
Louis (1982), JRSS B 44(2); Newton and Raftery (1994), JRSS B 56(1); O'Hagan, Murphy, Scrucca and Gormley (2019),
Computational Statistics 34(4). The formulas are in docs/method.md.)";

// Part of the errors with the shape of its covariances, which it keeps alive.
struct ValuesOf {
  nb::object owner;
  const StandardErrors* errors;
  const ParameterValues* values;
};

Values state_of(const ParameterValues& values) { return {values.weights, values.means.values(), values.covariances}; }

State state_of(const StandardErrors& self) {
  return {std::string(self.family.name),
          std::string(to_string(self.method)),
          self.level,
          self.n_replicates,
          self.n_failed,
          {state_of(self.estimate), state_of(self.standard_error), state_of(self.lower), state_of(self.upper)}};
}

ParameterValues values_from(Values state, const CovarianceFamily& family) {
  auto& [weights, means, covariances] = state;
  const std::size_t k = weights.size();
  const std::size_t d = k == 0 ? 0 : means.size() / k;
  if (d == 0 || means.size() != k * d || covariances.size() != covariance_size(family, k, d)) {
    throw invalid_argument(
        fmt::format("pickled StandardErrors: {} weights, {} means and {} covariances; not those of "
                    "a {} mixture",
                    k, means.size(), covariances.size(), to_string(family)));
  }
  return {std::move(weights), Matrix(k, d, std::move(means)), std::move(covariances)};
}

void set_state(StandardErrors& self, const nb::object& pickled) {
  State state;
  if (!nb::try_cast(pickled, state) || std::get<5>(state).size() != 4) {
    throw invalid_argument(
        "pickled StandardErrors: must be a tuple (covariance, method, level, n_replicates, n_failed, "
        "four times (weights, means, covariances))");
  }
  const auto& [family_name, method, level, n_replicates, n_failed, parts] = state;
  const CovarianceFamily family = covariance_family_from(family_name);
  StandardErrors made{family, standard_error_method_from(method), level, n_replicates, n_failed};
  made.estimate = values_from(parts[0], family);
  made.standard_error = values_from(parts[1], family);
  made.lower = values_from(parts[2], family);
  made.upper = values_from(parts[3], family);
  new (&self) StandardErrors(std::move(made));
}

void bind_parameter_values(nb::module_& m) {
  nb::class_<ValuesOf>(m, "ParameterValues", "A number for each parameter of a mixture, in the shapes of its own.")
      .def_prop_ro(
          "weights", [](const ValuesOf& self) { return view_of(self.values->weights, self.owner); },
          nb::rv_policy::automatic, "(K,).")
      .def_prop_ro(
          "means", [](const ValuesOf& self) { return view_of(self.values->means, self.owner); },
          nb::rv_policy::automatic, "(K, D).")
      .def_prop_ro(
          "covariances",
          [](const ValuesOf& self) {
            const Matrix& means = self.values->means;
            return view_of(self.values->covariances.data(),
                           covariance_shape(self.errors->family, means.rows(), means.cols()), self.owner);
          },
          nb::rv_policy::automatic, "Of the shape of Mixture.covariances.")
      .def("__repr__", [](const ValuesOf& self) {
        return fmt::format("ParameterValues(n_components={}, n_features={})", self.values->means.rows(),
                           self.values->means.cols());
      });
}

template <class Type>
void def_part(Type& type, const char* name, ParameterValues StandardErrors::*part, const char* doc) {
  type.def_prop_ro(
      name,
      [part](nb::handle_t<StandardErrors> self) {
        const auto& errors = nb::cast<const StandardErrors&>(self);
        return ValuesOf{nb::borrow(self), &errors, &(errors.*part)};
      },
      doc);
}

nb::dict dict_of(const Table& table) {
  nb::dict columns;
  for (const Column& column : table.columns) {
    if (column.is_text()) {
      columns[column.name.c_str()] = nb::cast(std::get<std::vector<std::string>>(column.values));
    } else {
      columns[column.name.c_str()] = to_numpy(std::get<Numbers>(column.values));
    }
  }
  return columns;
}

void bind_errors_class(nb::module_& m) {
  nb::class_<StandardErrors> type(m, "StandardErrors",
                                  "Standard errors and intervals, as standard_errors() finds them.");
  def_equality(type);
  type.def_prop_ro(
          "method", [](const StandardErrors& self) { return std::string(to_string(self.method)); },
          "What they come from.")
      .def_ro("level", &StandardErrors::level, "Coverage of the intervals.")
      .def_ro("n_replicates", &StandardErrors::n_replicates, "Fits that were made; 0 for the information.")
      .def_ro("n_failed", &StandardErrors::n_failed,
              "Of them, those that collapsed or did not converge, which are left out.");
  def_part(type, "estimate", &StandardErrors::estimate, "The mixture's own parameters.");
  def_part(type, "standard_error", &StandardErrors::standard_error, "0 for what the fit held.");
  def_part(type, "lower", &StandardErrors::lower, "The lower ends of the intervals.");
  def_part(type, "upper", &StandardErrors::upper, "The upper ends of the intervals.");
  type.def(
          "table",
          [](const StandardErrors& self, const std::vector<std::string>& feature_names) {
            return dict_of(standard_error_table(self, feature_names));
          },
          nb::arg("feature_names") = std::vector<std::string>(),
          nb::sig("def table(self, feature_names: collections.abc.Sequence[str] = []) -> dict[str, typing.Any]"),
          "A row for each parameter, as columns of which a DataFrame can be made: component (NaN for what all "
          "components share), parameter, estimate, standard_error, lower, upper.")
      .def(
          "summary",
          [](const StandardErrors& self, const std::vector<std::string>& feature_names) {
            return summary(self, feature_names);
          },
          nb::arg("feature_names") = std::vector<std::string>(), "Several lines: how they were made, and the table.")
      .def("__repr__",
           [](const StandardErrors& self) {
             const std::string fits = self.n_replicates == 0 ? ""
                                                             : fmt::format(", n_replicates={}, n_failed={}",
                                                                           self.n_replicates, self.n_failed);
             return fmt::format("StandardErrors(method='{}', level={:g}, n_components={}, n_features={}{})",
                                to_string(self.method), self.level, self.estimate.means.rows(),
                                self.estimate.means.cols(), fits);
           })
      .def("__getstate__", [](const StandardErrors& self) { return state_of(self); })
      .def("__setstate__", &set_state, nb::arg("state").none());
}

FitOptions options_of(const std::optional<FitSettings>& settings, const std::optional<FitReport>& report) {
  FitOptions options;
  options.reg_covar = 0;
  if (settings) options = common_fields<FitOptions>(*settings);
  if (report) options.prior = report->prior;
  return options;
}

class Fitted : public nb::object {
  NB_OBJECT(Fitted, nb::object, "FitResult | ModelFile | Mixture", is_anything)
};

struct Subject {
  Mixture mixture;
  FitOptions options;
};
Subject subject_from(nb::handle value) {
  const NamedFitResult* result = nullptr;
  if (nb::try_cast(value, result, false) && result != nullptr) {
    return {result->mixture, options_of(result->settings, result->report)};
  }
  const ModelFile* file = nullptr;
  if (nb::try_cast(value, file, false) && file != nullptr)
    return {file->mixture, options_of(file->settings, file->report)};
  const Mixture* mixture = nullptr;
  if (nb::try_cast(value, mixture, false) && mixture != nullptr) return {*mixture, options_of({}, {})};
  throw nb::type_error(
      fmt::format("model = {}; must be a mogul.FitResult, ModelFile or Mixture", shown(value)).c_str());
}

}  // namespace

void bind_standard_errors(nb::module_& m) {
  bind_parameter_values(m);
  bind_errors_class(m);
  m.def(
      "standard_errors",
      [](const Fitted& model, const RowsLike& x, const ArrayLike& weights, std::string_view method, double level,
         const IntLike& n_bootstrap, const IntLike& seed, const IntLike& n_threads) {
        Subject subject = subject_from(model);
        StandardErrorOptions options;
        options.method = standard_error_method_from(method);
        options.level = level;
        options.n_bootstrap = whole_from<std::size_t>(n_bootstrap, "n_bootstrap");
        options.fit = std::move(subject.options);
        options.fit.seed = whole_from<std::uint64_t>(seed, "seed");
        options.fit.n_threads = threads_from(n_threads);
        const Rows rows(x, weights);
        StandardErrors errors = [&] {
          const WithoutLock unlocked;
          return standard_errors(subject.mixture, rows.view(), options);
        }();
        raise_interrupt();
        if (errors.n_failed > 0) {
          warn({fmt::format("{} of {} fits of the {} failed and are left out; the standard errors may be too small",
                            errors.n_failed, errors.n_replicates, to_string(errors.method))});
        }
        return errors;
      },
      nb::arg("model"), nb::arg("x"), nb::kw_only(), nb::arg("weights") = nb::none(), nb::arg("method") = "information",
      nb::arg("level") = 0.95, nb::arg("n_bootstrap") = 999, nb::arg("seed") = 0, nb::arg("n_threads") = 0, kDoc);
}

}  // namespace mogul::python
