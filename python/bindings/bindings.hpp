// The parts of the module, one per public header of the library, in the order in which they need each other.
#pragma once

#include <nanobind/nanobind.h>

namespace mogul::python {

void bind_errors(nanobind::module_& m);
void bind_dataset(nanobind::module_& m);
void bind_mixture(nanobind::module_& m);
void bind_options(nanobind::module_& m);
void bind_report(nanobind::module_& m);
void bind_stats(nanobind::module_& m);
void bind_em_loop(nanobind::module_& m);
void bind_fit(nanobind::module_& m);
void bind_select(nanobind::module_& m);
void bind_score(nanobind::module_& m);
void bind_gradient(nanobind::module_& m);
void bind_hierarchy(nanobind::module_& m);
void bind_merge(nanobind::module_& m);
void bind_lrt(nanobind::module_& m);
void bind_row_sample(nanobind::module_& m);
void bind_sample(nanobind::module_& m);
void bind_standard_errors(nanobind::module_& m);
void bind_io(nanobind::module_& m);
void bind_trace(nanobind::module_& m);
void bind_output_file(nanobind::module_& m);
void bind_plot(nanobind::module_& m);
void bind_page(nanobind::module_& m);
void bind_explain(nanobind::module_& m);
void bind_instruction_set(nanobind::module_& m);

}  // namespace mogul::python
