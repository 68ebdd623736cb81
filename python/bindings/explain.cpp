// mogul/explain.hpp
#include "mogul/explain.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"

namespace mogul::python {

void bind_explain(nb::module_& m) {
  m.def(
      "explain",
      [](const Mixture& start, const RowsLike& x, const std::vector<std::string>& feature_names,
         const IntLike& max_iter, double tol, const IntLike& seed, std::string title, const IntLike& n_threads) {
        const Rows rows(x, nb::none());
        ExplainOptions options;
        options.max_iter = whole_from<std::size_t>(max_iter, "max_iter");
        options.tol = tol;
        options.seed = whole_from<std::uint64_t>(seed, "seed");
        options.title = std::move(title);
        options.n_threads = threads_from(n_threads);
        Explanation made = without_lock([&] { return explain(start, rows.view(), feature_names, options); });
        return std::tuple(std::move(made.text), std::move(made.json), std::move(made.html));
      },
      nb::arg("start"), nb::arg("x"), nb::kw_only(), nb::arg("feature_names") = std::vector<std::string>(),
      nb::arg("max_iter") = 10000, nb::arg("tol") = 1e-12, nb::arg("seed") = 0, nb::arg("title") = "",
      nb::arg("n_threads") = 0, "EM explained step by step: as text, as JSON and as HTML.");
}

}  // namespace mogul::python
