// mogul/page.hpp
#include "mogul/page.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"

namespace mogul::python {

void bind_page(nb::module_& m) {
  using Steps = std::vector<TraceStep>;
  m.def(
      "report_page",
      [](const ModelFile& model, const RowsLike& x, std::string title, std::string command, const Steps& steps,
         std::string trace_name, const std::optional<HoldLike>& hold, bool equal_weights, const IntLike& n_threads) {
        const Rows rows(x, nb::none());
        ReportPageOptions options;
        options.title = std::move(title);
        options.command = std::move(command);
        for (const TraceStep& step : steps) options.iterations.push_back(likelihood_parts(step));
        options.trace_name = std::move(trace_name);
        if (hold) {
          options.hold = hold_from(*hold);
          options.hold->equal_weights = equal_weights;
        }
        options.n_threads = threads_from(n_threads);
        return without_lock([&] { return report_page(model, rows.view(), options); });
      },
      nb::arg("model"), nb::arg("x"), nb::kw_only(), nb::arg("title") = "", nb::arg("command") = "",
      nb::arg("steps") = Steps(), nb::arg("trace_name") = "trace", nb::arg("hold") = nb::none(),
      nb::arg("equal_weights") = false, nb::arg("n_threads") = 0, "HTML about a fit.");
  m.def(
      "replay_page",
      [](const Steps& steps, const RowsLike& x, std::string title, const IntLike& max_rows, std::string data_name,
         std::string trace_name) {
        const Rows rows(x, nb::none());
        const std::vector<std::string> names = rows.column_names();
        ReplayPageOptions options;
        options.title = std::move(title);
        options.max_rows = whole_from<std::size_t>(max_rows, "max_rows");
        options.data_name = std::move(data_name);
        options.trace_name = std::move(trace_name);
        return without_lock([&] { return replay_page(steps, rows.view(), names, options); });
      },
      nb::arg("steps"), nb::arg("x"), nb::kw_only(), nb::arg("title") = "", nb::arg("max_rows") = 2000,
      nb::arg("data_name") = "x", nb::arg("trace_name") = "trace",
      "HTML on which a reader goes through the iterations of a fit.");
}

}  // namespace mogul::python
