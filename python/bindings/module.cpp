// The module mogul._mogul: the library's functions and classes under their own names.
#include "bindings.hpp"
#include "convert/interpreter.hpp"
#include "convert/threads.hpp"
#include "mogul/version.hpp"

NB_MODULE(_mogul, m) {
  m.doc() = "Gaussian mixture models by expectation-maximisation: the C++ library.";
  m.def(
      "version", [] { return MOGUL_VERSION; }, "Of the library: major.minor.patch.");
  // What other libraries keep until the process ends would be told of as leaks to every user; developers ask for it.
  nanobind::set_leak_warnings(nanobind::cast<bool>(nanobind::module_::import_("sys").attr("flags").attr("dev_mode")));
  using namespace mogul::python;
  bind_interpreter(m);
  bind_threads(m);
  bind_errors(m);
  bind_dataset(m);
  bind_mixture(m);
  bind_options(m);
  bind_report(m);
  bind_stats(m);
  bind_em_loop(m);
  bind_fit(m);
  bind_select(m);
  bind_score(m);
  bind_gradient(m);
  bind_hierarchy(m);
  bind_merge(m);
  bind_lrt(m);
  bind_row_sample(m);
  bind_sample(m);
  bind_standard_errors(m);
  bind_io(m);
  bind_trace(m);
  bind_output_file(m);
  bind_plot(m);
  bind_page(m);
  bind_explain(m);
  bind_instruction_set(m);
}
