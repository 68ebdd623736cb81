// mogul/trace.hpp
#include "mogul/trace.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "iteration.hpp"

namespace mogul::python {

void bind_trace(nb::module_& m) {
  nb::class_<TraceStep> step(m, "TraceStep", "One E-step of one restart, as `mogul fit --trace` writes it.");
  def_value(step, &TraceStep::restart, &TraceStep::iteration, &TraceStep::log_likelihood,
            &TraceStep::expected_complete_log_likelihood, &TraceStep::entropy, &TraceStep::component_sizes,
            &TraceStep::mixture);
  step.def_ro("restart", &TraceStep::restart, "0, 1, ..., n_init - 1.")
      .def_ro("iteration", &TraceStep::iteration, "Number of M-steps that led to `mixture`; 0 is the start.")
      .def_ro("log_likelihood", &TraceStep::log_likelihood, "L of `mixture`.")
      .def_ro("expected_complete_log_likelihood", &TraceStep::expected_complete_log_likelihood, "Q = L - H.")
      .def_ro("entropy", &TraceStep::entropy, "H.")
      .def_prop_ro(
          "component_sizes",
          [](nb::handle_t<TraceStep> self) { return view_of(nb::cast<const TraceStep&>(self).component_sizes, self); },
          "N_k: (K,).")
      .def_ro("mixture", &TraceStep::mixture)
      .def("__repr__", [](const TraceStep& self) {
        return fmt::format("TraceStep(restart={}, iteration={}, log_likelihood={:.10g})", self.restart, self.iteration,
                           self.log_likelihood);
      });
  m.def(
      "trace_step", [](const IterationView& iteration) { return trace_step(iteration.get()); }, nb::arg("iteration"),
      "What a trace keeps of what a callback is shown; called within the callback, as an Iteration ends with it.");
  m.def(
      "read_trace",
      [](const PathLike& path) {
        const std::string file = path.string();
        return without_lock([&] { return read_trace(file); });
      },
      nb::arg("path"),
      "The steps that `mogul fit --trace` wrote, in the order of the file: those of one restart from its start on, "
      "those of different restarts may take turns. Raises OSError, or InvalidData naming the file, the line and the "
      "field.");
}

}  // namespace mogul::python
