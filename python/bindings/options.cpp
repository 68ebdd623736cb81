// mogul/options.hpp
#include "mogul/options.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/fields.hpp"
#include "convert/text.hpp"
#include "iteration.hpp"

namespace mogul::python {

std::string IterationView::text() const {
  if (!iteration_) return "Iteration(over)";
  const std::string restart =
      iteration_->n_init > 1 ? fmt::format("restart={}, n_init={}, ", iteration_->restart, iteration_->n_init) : "";
  return fmt::format("Iteration({}iteration={}, mean_log_likelihood={:.10g}, change={:.3g})", restart,
                     iteration_->iteration, iteration_->mean_log_likelihood, iteration_->change);
}

void bind_options(nb::module_& m) {
  m.def(
      "init_methods",
      [] {
        std::vector<std::string> names;
        for (const auto& method : init_methods()) names.emplace_back(method.name);
        return names;
      },
      "The names of the starts that find K clusters by themselves.");

  nb::class_<IterationView>(m, "Iteration", "What a callback is shown after each E-step; valid until it returns.")
      .def_prop_ro(
          "restart", [](const IterationView& self) { return self.get().restart; },
          "0, 1, ..., n_init - 1; in a search the runs of EM are numbered as they begin.")
      .def_prop_ro(
          "n_init", [](const IterationView& self) { return self.get().n_init; }, "0 in a search.")
      .def_prop_ro(
          "phase", [](const IterationView& self) { return std::string(self.get().phase); },
          "Of the fit, as FitReport.passes_by_phase names it.")
      .def_prop_ro(
          "iteration", [](const IterationView& self) { return self.get().iteration; },
          "Number of M-steps that led to the model; 0 is the start.")
      .def_prop_ro(
          "mean_log_likelihood", [](const IterationView& self) { return self.get().mean_log_likelihood; },
          "Of the model, per unit of weight; in nats.")
      .def_prop_ro(
          "change", [](const IterationView& self) { return self.get().change; },
          "Of the objective since the last iteration; infinite at the start.")
      .def_prop_ro(
          "mean_objective", [](const IterationView& self) { return self.get().mean_objective; },
          "What EM climbs, per unit of weight: with priors the penalised log-likelihood.")
      .def_prop_ro(
          "model", [](const IterationView& self) { return Mixture(self.get().model); }, "A copy, to keep.")
      .def_prop_ro(
          "stats", [](const IterationView& self) { return Stats(self.get().stats); }, "A copy, to keep.")
      .def("_count_among", &IterationView::count_among, nb::arg("first_restart"), nb::arg("n_restarts"))
      .def("__repr__", &IterationView::text);

  nb::class_<FitSettings> settings(m, "FitSettings", "What a fit was asked for, as a model file keeps it.");
  def_fields(settings);
  settings.def_prop_ro(
      "equal_weights", [](const FitSettings& self) { return self.hold.equal_weights; },
      sentence(std::get<4>(kFields<Hold>)).c_str());
}

}  // namespace mogul::python
