#include "table_of_fits.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <new>
#include <tuple>
#include <utility>
#include <variant>

#include "convert/arrays.hpp"
#include "convert/names.hpp"
#include "convert/text.hpp"
#include "mogul/error.hpp"

namespace mogul::python {
namespace {

using Columns = nb::typed<nb::dict, nb::str, nb::object>;

// Arrays of the columns: doubles, NaN for what there is not, or objects of text.
Columns columns_of(const Table& table) {
  const nb::object array = nb::module_::import_("numpy").attr("array");
  nb::dict columns;
  for (const Column& column : table.columns) {
    const nb::object name = text_to_python(column.name);
    if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
      columns[name] = to_numpy(*numbers);
    } else {
      columns[name] = array(std::get<std::vector<std::string>>(column.values), nb::arg("dtype") = "object");
    }
  }
  return nb::borrow<Columns>(columns);
}

}  // namespace

std::vector<std::optional<NamedFitResult>> TableOfFits::fits() const {
  std::vector<std::optional<NamedFitResult>> fits;
  for (const SelectionCell& cell : selection.cells) {
    fits.emplace_back();
    if (!cell.fit) continue;
    FitSettings asked = settings;
    asked.n_components = cell.n_components;
    asked.covariance = cell.covariance;
    fits.back().emplace(NamedFitResult{cell.fit->mixture, cell.fit->report, cell.fit->stats, names, asked});
  }
  return fits;
}

namespace {

// --- Pickling: a tuple of tuples

using HeldOutState = std::tuple<double, double, std::size_t>;
using StabilityState = std::tuple<double, double, std::size_t>;
using CellState = std::tuple<std::size_t, std::string, std::optional<NamedFitResult>, std::optional<HeldOutState>,
                             std::optional<StabilityState>, std::string>;
using TableState = std::tuple<std::string, std::optional<std::size_t>, bool, std::vector<CellState>,
                              std::vector<std::string>, FitSettings>;

TableState state_of(const TableOfFits& self) {
  const Selection& selection = self.selection;
  const std::vector<std::optional<NamedFitResult>> fits = self.fits();
  std::vector<CellState> cells;
  for (std::size_t i = 0; i < selection.cells.size(); ++i) {
    const SelectionCell& cell = selection.cells[i];
    std::optional<HeldOutState> held_out;
    if (cell.held_out) held_out = {cell.held_out->mean, cell.held_out->standard_error, cell.held_out->n_folds};
    std::optional<StabilityState> stability;
    if (const auto& of_runs = cell.stability) {
      stability = {of_runs->mean, of_runs->standard_deviation, of_runs->n_comparisons};
    }
    cells.emplace_back(cell.n_components, std::string(cell.covariance.name), fits[i], held_out, stability, cell.reason);
  }
  return {std::string(to_string(selection.criterion)),
          selection.best,
          selection.is_interrupted,
          std::move(cells),
          self.names,
          self.settings};
}

SelectionCell cell_from(const CellState& state) {
  const auto& [n_components, family, fit, held_out, stability, reason] = state;
  SelectionCell cell{.n_components = n_components, .covariance = covariance_family_from(family)};
  if (fit) cell.fit = FitResult{fit->mixture, fit->report, fit->stats};
  if (held_out) {
    const auto& [mean, standard_error, n_folds] = *held_out;
    cell.held_out = {mean, standard_error, n_folds};
  }
  if (stability) {
    const auto& [mean, standard_deviation, n_comparisons] = *stability;
    cell.stability = {mean, standard_deviation, n_comparisons};
  }
  cell.reason = reason;
  return cell;
}

// Whether every K has the same families, and the best cell a fit.
bool is_whole(const Selection& selection) {
  const std::vector<SelectionCell>& cells = selection.cells;
  if (!selection.best || *selection.best >= cells.size() || !cells[*selection.best].fit) return false;
  std::size_t n_families = 0;
  while (n_families < cells.size() && cells[n_families].n_components == cells.front().n_components) ++n_families;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].covariance != cells[i % n_families].covariance) return false;
    if (cells[i].n_components != cells[i - i % n_families].n_components) return false;
  }
  return cells.size() % n_families == 0;
}

// Of a pickle, which anybody may have written.
TableOfFits table_from(const nb::object& pickled) {
  TableState state;
  if (!nb::try_cast(pickled, state)) {
    throw invalid_argument("pickled TableOfFits = " + shown(pickled) + "; no such value was pickled");
  }
  auto& [criterion, best, is_interrupted, cells, names, settings] = state;
  Selection selection{{}, best, criterion_from(criterion), is_interrupted};
  for (const CellState& cell : cells) selection.cells.push_back(cell_from(cell));
  if (!is_whole(selection)) throw invalid_argument("pickled TableOfFits: the table lacks cells, or a fit that is best");
  return {std::move(selection), std::move(names), std::move(settings)};
}

}  // namespace

void bind_table_of_fits(nb::module_& m) {
  nb::class_<TableOfFits> table(m, "TableOfFits", "What select() found.");
  table
      .def_prop_ro("criterion",
                   [](const TableOfFits& self) { return std::string(to_string(self.selection.criterion)); })
      .def_prop_ro("best", [](const TableOfFits& self) { return *self.selection.best; })
      .def_prop_ro("fits", &TableOfFits::fits)
      .def_prop_ro("columns", [](const TableOfFits& self) { return columns_of(cell_table(self.selection)); })
      .def("summary", [](const TableOfFits& self) { return summary(self.selection); })
      .def(
          "svg",
          [](const TableOfFits& self, const std::string& title) {
            return selection_svg(self.selection, CriterionSign::as_here, title);
          },
          nb::arg("title"))
      .def(
          "page",
          [](const TableOfFits& self, std::string title, std::string command) {
            return selection_page(self.selection, {.title = std::move(title), .command = std::move(command)});
          },
          nb::arg("title"), nb::arg("command"))
      .def("__getstate__", &state_of)
      .def(
          "__setstate__",
          [](TableOfFits& self, const nb::object& state) { new (&self) TableOfFits(table_from(state)); },
          nb::arg("state").none());
}

}  // namespace mogul::python
