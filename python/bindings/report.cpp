// mogul/report.hpp
#include "mogul/report.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/fields.hpp"
#include "convert/text.hpp"

namespace mogul::python {

namespace {

void bind_reports(nb::module_& m) {
  nb::class_<Termination> termination(m, "Termination", "Why EM stopped.");
  def_fields(termination);
  termination.def_prop_ro("converged", &Termination::converged).def("__repr__", [](const Termination& self) {
    return self.message;
  });

  nb::class_<Restart> restart(m, "Restart", "One restart's outcome.");
  def_fields(restart);

  nb::class_<PhaseSeconds> seconds(m, "PhaseSeconds", "Wall time per phase, over all restarts.");
  def_fields(seconds);

  nb::class_<PhasePasses> passes(m, "PhasePasses", "Passes over the rows per phase, over all restarts.");
  def_fields(passes);
  passes.def_prop_ro("total", &PhasePasses::total);

  nb::class_<SearchReport> search(m, "SearchReport", "What the search for a start did.");
  def_fields(search);

  nb::class_<FitReport> report(m, "FitReport",
                               "What a fit tells about itself: see its fields. Equal reports took the same seconds.");
  def_fields(report);
  report.def("__repr__", [](const FitReport& self) {
    return fmt::format("FitReport(mean_log_likelihood={:.10g}, bic={:.10g}, termination='{}')",
                       self.mean_log_likelihood, self.bic, self.termination.message);
  });
}

template <class Struct>
void add(Struct& to, const Struct& more) {
  visit_fields(to, [&](const auto& field, double& value) { value += more.*field.member; });
}

// The report of the best of several fits to the same rows, as if they were one.
FitReport joined(const std::vector<FitReport>& reports, std::size_t best) {
  FitReport all = reports.at(best);
  all.restarts.clear();
  all.seconds = {};
  all.passes = 0;
  all.passes_by_phase = {};
  all.accepted = all.rejected = 0;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const FitReport& one = reports[i];
    if (i == best) all.best_restart = all.restarts.size() + one.best_restart;
    all.restarts.insert(all.restarts.end(), one.restarts.begin(), one.restarts.end());
    add(all.seconds, one.seconds);
    add(all.passes_by_phase, one.passes_by_phase);
    all.passes += one.passes;
    all.accepted += one.accepted;
    all.rejected += one.rejected;
  }
  return all;
}

// Components in the order of their weights, the largest first; equal ones in the order of their means.
std::pair<Mixture, FitReport> largest_first(const Mixture& mixture, FitReport report) {
  std::vector<std::size_t> order(mixture.n_components());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const double weight_a = mixture.weights()[a];
    const double weight_b = mixture.weights()[b];
    if (weight_a != weight_b) return weight_a > weight_b;
    return std::ranges::lexicographical_compare(mixture.means().row(a), mixture.means().row(b));
  });
  std::vector<double> sizes;
  sizes.reserve(order.size());
  for (const std::size_t k : order) sizes.push_back(report.component_sizes.at(k));
  report.component_sizes = std::move(sizes);
  return {mixture.permuted(order), std::move(report)};
}

void bind_texts(nb::module_& m) {
  m.def("brief", &brief, nb::arg("report"), nb::arg("mixture"), "One line on a fit.");
  m.def(
      "summary",
      [](const FitReport& report, const Mixture& mixture, const std::vector<std::string>& names) {
        return summary(report, mixture, names);
      },
      nb::arg("report"), nb::arg("mixture"), nb::arg("feature_names") = std::vector<std::string>(),
      "Several lines on a fit: its numbers, components, restarts, repairs and seconds.");
  m.def(
      "component_table",
      [](const Mixture& mixture, const ArrayLike& sizes, const std::vector<std::string>& names) {
        const auto n = sizes.is_none() ? std::vector<double>() : vector_from(sizes, "component_sizes");
        return component_table(mixture, n, names);
      },
      nb::arg("mixture"), nb::arg("component_sizes") = nb::none(),
      nb::arg("feature_names") = std::vector<std::string>(), "The table of the components alone.");
}

}  // namespace

void bind_report(nb::module_& m) {
  bind_reports(m);
  m.def(
      "with_termination",
      [](FitReport report, bool converged, std::string message) {
        report.termination.reason = converged ? TerminationReason::converged : TerminationReason::max_iter;
        report.termination.message = std::move(message);
        return report;
      },
      nb::arg("report"), nb::arg("converged"), nb::arg("message"), "The report with another account of the end.");
  m.def("largest_first", &largest_first, nb::arg("mixture"), nb::arg("report"),
        "A fit with its components in the order of their weights, the largest first.");
  m.def("joined_report", &joined, nb::arg("reports"), nb::arg("best"),
        "The report of the best of several fits to the same rows, with the restarts and the seconds of all.");
  bind_texts(m);
}

}  // namespace mogul::python
