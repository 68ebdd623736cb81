// mogul/options.hpp
#include "mogul/options.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/names.hpp"
#include "convert/state.hpp"
#include "iteration.hpp"

namespace mogul::python {
namespace {

// `update` as words.
using State = std::tuple<std::size_t, int, std::string, std::size_t, std::size_t, double, std::string, std::uint64_t,
                         std::vector<std::string>, int>;

State state_of(const FitSettings& s) {
  return {s.n_components, static_cast<int>(s.covariance), s.init, s.n_init,           s.max_iter,
          s.tol,          to_string(s.reg_covar),         s.seed, words_of(s.update), static_cast<int>(s.degenerate)};
}

void set_state(FitSettings& s, const State& state) {
  const auto& [n_components, covariance, init, n_init, max_iter, tol, reg_covar, seed, update, degenerate] = state;
  new (&s) FitSettings{n_components,
                       static_cast<CovarianceStructure>(covariance),
                       init,
                       n_init,
                       max_iter,
                       tol,
                       mogul::reg_covar_from(reg_covar),
                       seed,
                       update_from(update),
                       static_cast<DegeneratePolicy>(degenerate)};
}

}  // namespace

void bind_options(nb::module_& m) {
  m.def(
      "init_methods",
      [] {
        std::vector<std::string> names;
        for (const auto& method : init_methods()) names.emplace_back(method.name);
        return names;
      },
      "The names of the starts that draw from the random generator.");

  nb::class_<IterationView>(m, "Iteration", "What a callback is shown after each E-step; valid until it returns.")
      .def_prop_ro(
          "restart", [](const IterationView& self) { return self.get().restart; }, "0, 1, ..., n_init - 1.")
      .def_prop_ro("n_init", [](const IterationView& self) { return self.get().n_init; })
      .def_prop_ro(
          "iteration", [](const IterationView& self) { return self.get().iteration; },
          "Number of M-steps that led to the model; 0 is the start.")
      .def_prop_ro(
          "mean_log_likelihood", [](const IterationView& self) { return self.get().mean_log_likelihood; },
          "Of the model, per unit of weight; in nats.")
      .def_prop_ro(
          "change", [](const IterationView& self) { return self.get().change; },
          "Since the last iteration; infinite at the start.")
      .def_prop_ro(
          "model", [](const IterationView& self) { return Mixture(self.get().model); }, "A copy, to keep.")
      .def_prop_ro(
          "stats", [](const IterationView& self) { return Stats(self.get().stats); }, "A copy, to keep.");

  nb::class_<FitSettings> settings(m, "FitSettings", "What a fit was asked for, as a model file keeps it.");
  def_equality(settings);
  settings.def_ro("n_components", &FitSettings::n_components)
      .def_prop_ro("covariance", [](const FitSettings& self) { return std::string(to_string(self.covariance)); })
      .def_ro("init", &FitSettings::init)
      .def_ro("n_init", &FitSettings::n_init)
      .def_ro("max_iter", &FitSettings::max_iter)
      .def_ro("tol", &FitSettings::tol)
      .def_prop_ro(
          "reg_covar", [](const FitSettings& self) { return to_python(self.reg_covar); },
          nb::sig("def reg_covar(self) -> float | str"), "Relative: the text 'relative:1e-06'.")
      .def_ro("seed", &FitSettings::seed)
      .def_prop_ro("update", [](const FitSettings& self) { return words_of(self.update); })
      .def_prop_ro("degenerate", [](const FitSettings& self) { return std::string(to_string(self.degenerate)); })
      .def("__getstate__", &state_of)
      .def("__setstate__", &set_state);
}

}  // namespace mogul::python
