// mogul/plot.hpp
#include "mogul/plot.hpp"

#include <fmt/format.h>
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
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "mogul/error.hpp"

namespace mogul::python {
namespace {

PlotKind plot_kind_from(const std::string& word) {
  std::string names;
  for (const auto& [kind, name] : plot_kinds()) {
    if (name == word) return kind;
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name);
  }
  throw invalid_argument(fmt::format("kind = '{}'; must be one of {} or 'log_likelihood'", word, names));
}

}  // namespace

void bind_plot(nb::module_& m) {
  m.def(
      "plot_svg",
      [](const Mixture* mixture, const RowsLike& x, std::vector<std::string> feature_names,
         const std::optional<std::string>& kind, std::vector<std::string> features, bool principal_axes,
         const ArrayLike& masses, std::string title, const IntLike& n_threads) {
        std::optional<Rows> rows;
        if (!x.is_none()) rows.emplace(x, nb::none());
        PlotOptions options;
        if (kind) options.kind = plot_kind_from(*kind);
        options.features = std::move(features);
        options.principal_axes = principal_axes;
        if (!masses.is_none()) options.masses = vector_from(masses, "masses");
        options.title = std::move(title);
        options.n_threads = threads_from(n_threads);
        if (rows && feature_names.empty()) feature_names = rows->column_names();
        const std::optional<DataView> view = rows ? std::optional(rows->view()) : std::nullopt;
        return without_lock([&] { return plot_svg(mixture, view ? &*view : nullptr, feature_names, options); });
      },
      nb::arg("mixture").none(), nb::arg("x") = nb::none(), nb::kw_only(),
      nb::arg("feature_names") = std::vector<std::string>(), nb::arg("kind") = nb::none(),
      nb::arg("features") = std::vector<std::string>(), nb::arg("principal_axes") = false,
      nb::arg("masses") = nb::none(), nb::arg("title") = "", nb::arg("n_threads") = 0,
      "A picture of a mixture, of rows, or of rows under a mixture.");
  m.def(
      "plot_log_likelihood_svg",
      [](const ArrayLike& history, bool negative, const std::string& title) {
        const LikelihoodCurve curve{"", vector_from(history, "history")};
        return plot_log_likelihood_svg({&curve, 1}, negative, title);
      },
      nb::arg("history"), nb::kw_only(), nb::arg("negative") = false, nb::arg("title") = "",
      "L, or -L, against iterations.");
  m.def(
      "picture_page", [](const std::string& svg, const std::string& title) { return picture_page(svg, title); },
      nb::arg("svg"), nb::arg("title"), "An HTML page that shows an SVG document.");
}

}  // namespace mogul::python
