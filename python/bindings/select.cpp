// mogul/select.hpp: select(), and what its callback is shown.
#include "mogul/select.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/fields.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "fit_arguments.hpp"
#include "mogul/error.hpp"
#include "table_of_fits.hpp"

namespace mogul::python {
namespace {

// What a callback is shown of a cell.
struct CellView {
  std::size_t n_components;
  std::string covariance;
  std::optional<double> log_likelihood;
  std::string reason;

  bool operator==(const CellView&) const = default;
};

CellView view_of(const SelectionCell& cell) {
  const auto value = cell.fit ? std::optional(cell.fit->report.log_likelihood) : std::nullopt;
  return {cell.n_components, std::string(cell.covariance.name), value, cell.reason};
}

void bind_cell(nb::module_& m) {
  nb::class_<CellView> cell(m, "SelectionCell", "A fit of the table of select(), as a callback is shown it.");
  def_value(cell, &CellView::n_components, &CellView::covariance, &CellView::log_likelihood, &CellView::reason);
  cell.def_ro("n_components", &CellView::n_components, "K.")
      .def_ro("covariance", &CellView::covariance, "Name of the covariance family, as 'VVV'.")
      .def_ro("log_likelihood", &CellView::log_likelihood, "In nats; None where there is no fit.")
      .def_ro("reason", &CellView::reason, "Why there is no fit; empty where there is one.")
      .def("__repr__", [](const CellView& self) {
        const std::string how =
            self.log_likelihood ? fmt::format("log_likelihood={:.10g}", *self.log_likelihood) : "reason=" + self.reason;
        return fmt::format("SelectionCell({} {}, {})", self.covariance, self.n_components, how);
      });
}

// Asked after each cell, by whichever thread fitted it.
class AfterCells {
 public:
  /// @throws  TypeError unless it is callable or None
  explicit AfterCells(nb::handle callback) : callback_(callback) {
    if (callback.is_none() || PyCallable_Check(callback.ptr()) != 0) return;
    throw nb::type_error(fmt::format("callback = {}; must be callable", shown(callback)).c_str());
  }

  /// @throws  interrupted_error where the callback returns False; nb::python_error where it raises
  void operator()(const SelectionCell& cell, std::size_t n_done, std::size_t n_cells) const {
    if (callback_.is_none()) return;
    const WithLock locked;
    raise_pending();
    const nb::object answer = callback_(view_of(cell), n_done, n_cells);
    if (answer.is_none()) return;
    const int truth = PyObject_IsTrue(answer.ptr());
    if (truth < 0) throw nb::python_error();
    if (truth == 0) throw interrupted_error("ended by the callback");
  }

 private:
  nb::handle callback_;
};

void add_families(std::vector<CovarianceFamily>& families, const std::string& word) {
  const auto add = [&](const CovarianceFamily& family) {
    if (std::ranges::find(families, family) == families.end()) families.push_back(family);
  };
  if (word == "all") {
    for (const CovarianceFamily* family : covariance_families()) add(*family);
  } else if (word == "six") {
    for (const CovarianceFamily& family : SelectOptions().covariances) add(family);
  } else {
    add(covariance_family_from(word));
  }
}

// Each reason once, with the first cell that it is of.
std::string reasons_of(const Selection& selection) {
  std::vector<std::string> seen;
  std::string text;
  for (const SelectionCell& cell : selection.cells) {
    if (std::ranges::find(seen, cell.reason) != seen.end()) continue;
    seen.push_back(cell.reason);
    text += fmt::format("{}{} {}: {}", text.empty() ? "" : "; ", cell.covariance.name, cell.n_components, cell.reason);
  }
  return text;
}

TableOfFits selected(const Rows& rows, const SelectOptions& options) {
  Selection selection = [&] {
    const WithoutLock unlocked;
    return select(rows.view(), options);
  }();
  raise_interrupt();  // the cells that were done came back
  if (!selection.best) throw fit_error("no fit of the table has a value: " + reasons_of(selection));
  FitOptions shared = options.fit;
  shared.init = options.init.value_or(InitMethod::hierarchical);
  FitSettings settings = settings_of(shared);
  settings.search = options.search;
  return {std::move(selection), rows.column_names(), std::move(settings)};
}

// Parameters of one criterion say nothing with another.
std::optional<std::size_t> number_for(Criterion its, const SelectOptions& options, nb::handle value, const char* name) {
  if (value.is_none()) return std::nullopt;
  if (options.criterion != its) {
    throw invalid_argument(fmt::format("{} goes with criterion = '{}' only", name, to_string(its)));
  }
  return whole_from<std::size_t>(nb::borrow<IntLike>(value), name);
}

void set_criterion(SelectOptions& options, std::string_view criterion, const nb::object& n_folds,
                   bool one_standard_error, const nb::object& n_runs) {
  options.criterion = criterion_from(criterion);
  options.n_folds = number_for(Criterion::cv, options, n_folds, "n_folds").value_or(options.n_folds);
  options.n_runs = number_for(Criterion::stability, options, n_runs, "n_runs").value_or(options.n_runs);
  if (one_standard_error && options.criterion != Criterion::cv) {
    throw invalid_argument("one_standard_error goes with criterion = 'cv' only");
  }
  options.one_standard_error = one_standard_error;
}

void set_starts(SelectOptions& options, const std::optional<std::string>& init, const nb::object& n_init,
                std::string_view search) {
  if (init) options.init = init_method_from(*init);
  if (!n_init.is_none() && !init) throw invalid_argument("n_init goes with init only: what should be repeated?");
  if (!n_init.is_none()) options.fit.n_init = whole_from<std::size_t>(nb::borrow<IntLike>(n_init), "n_init");
  options.search = search_from(search);
}

void set_table(SelectOptions& options, const ArrayLike& n_components, const std::vector<std::string>& covariances) {
  options.n_components.clear();
  for (const std::int64_t k : whole_numbers_from(n_components, "n_components")) {
    if (k < 1) throw invalid_argument(fmt::format("n_components = {}; must be 1 or more", k));
    options.n_components.push_back(static_cast<std::size_t>(k));
  }
  options.covariances.clear();
  for (const std::string& word : covariances) add_families(options.covariances, word);
}

}  // namespace

void bind_select(nb::module_& m) {
  bind_cell(m);
  bind_table_of_fits(m);
  m.def(
      "criterion_words",
      [] {
        std::vector<std::string> words;
        for (const std::string_view word : criterion_words()) words.emplace_back(word);
        return words;
      },
      "What select() can compare fits by.");
  m.def(
      "higher_is_better", [](std::string_view criterion) { return higher_is_better(criterion_from(criterion)); },
      nb::arg("criterion"), "Of a criterion of select(): whether its best value is the highest, not the lowest.");
  m.def(
      "select",
      [](const RowsLike& x, const ArrayLike& n_components, const ArrayLike& weights,
         const std::vector<std::string>& covariances, std::string_view criterion, const nb::object& n_folds,
         bool one_standard_error, const nb::object& n_runs, const std::optional<std::string>& init,
         const nb::object& n_init, std::string_view search, std::string_view degenerate, std::string_view acceleration,
         const IntLike& max_iter, const OptionalNumber& tol, const OptionalNumber& gain, const RegCovarLike& reg_covar,
         const IntLike& seed, const IntLike& n_threads, const PriorLike& prior,
         const OptionalNumber& weight_concentration, const OptionalNumber& max_eigenvalue_ratio, bool equal_weights,
         const nb::object& callback) {
        const AfterCells after_cells(callback);
        SelectOptions options;
        set_table(options, n_components, covariances);
        set_criterion(options, criterion, n_folds, one_standard_error, n_runs);
        set_starts(options, init, n_init, search);
        options.fit.degenerate = degenerate_policy_from(degenerate);
        options.fit.acceleration = acceleration_from(acceleration);
        set_ends(options.fit, max_iter, tol, gain);
        set_constraints(options.fit, reg_covar, prior, weight_concentration, max_eigenvalue_ratio, equal_weights);
        options.fit.seed = whole_from<std::uint64_t>(seed, "seed");
        options.fit.n_threads = threads_from(n_threads);
        options.progress = [&](const SelectionCell& cell, std::size_t n_done, std::size_t n_fits) {
          after_cells(cell, n_done, n_fits);
        };
        return selected(Rows(x, weights), options);
      },
      nb::arg("x"), nb::arg("n_components"), nb::kw_only(), nb::arg("weights") = nb::none(), nb::arg("covariances"),
      nb::arg("criterion"), nb::arg("n_folds") = nb::none(), nb::arg("one_standard_error") = false,
      nb::arg("n_runs") = nb::none(), nb::arg("init") = nb::none(), nb::arg("n_init") = nb::none(),
      nb::arg("search") = "none", nb::arg("degenerate") = "revive", nb::arg("acceleration") = "lbfgs",
      nb::arg("max_iter") = 1000, nb::arg("tol") = nb::none(), nb::arg("gain") = nb::none(),
      nb::arg("reg_covar") = nb::none(), nb::arg("seed") = 0, nb::arg("n_threads") = 0, nb::arg("prior") = nb::none(),
      nb::arg("weight_concentration") = nb::none(), nb::arg("max_eigenvalue_ratio") = nb::none(),
      nb::arg("equal_weights") = false, nb::arg("callback") = nb::none(),
      "Fits of several K and covariance families, compared by a criterion.");
}

}  // namespace mogul::python
