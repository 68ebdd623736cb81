// A selection as JSON: its cells, and the best of them.
#include <cmath>
#include <variant>

#include "io/json/json_text.hpp"
#include "mogul/select.hpp"

namespace mogul {
namespace {

bool is_count(const std::string& name) { return name == "n_components" || name == "n_parameters" || name == "n_folds"; }

// A row of a table; null where there is no number, or no text.
JsonValue row_of(const Table& table, std::size_t row) {
  JsonValue object = JsonValue::object();
  for (const Column& column : table.columns) {
    if (column.is_text()) {
      const std::string& text = std::get<std::vector<std::string>>(column.values)[row];
      object.add(column.name, text.empty() ? JsonValue() : JsonValue(text));
      continue;
    }
    const double value = std::get<std::vector<double>>(column.values)[row];
    if (std::isnan(value)) {
      object.add(column.name, JsonValue());
    } else if (is_count(column.name)) {
      object.add(column.name, static_cast<std::uint64_t>(value));
    } else {
      object.add(column.name, value);
    }
  }
  return object;
}

}  // namespace

std::string selection_json(const Selection& selection, CriterionSign sign) {
  const Table table = cell_table(selection, sign);
  JsonValue object = JsonValue::object();
  object.add("criterion", to_string(selection.criterion));
  JsonValue& cells = object.add("cells", JsonValue::array());
  for (std::size_t row = 0; row < table.n_rows(); ++row) cells.add(row_of(table, row));
  object.add("best", selection.best ? row_of(table, *selection.best) : JsonValue());
  return json_text(object);
}

}  // namespace mogul
