// One table as CSV.
#include <cmath>

#include <fmt/format.h>

#include "mogul/io.hpp"
#include "report/document.hpp"

namespace mogul {
namespace {

std::string all_digits(const Column& column, std::size_t row) {
  if (column.is_text()) return csv_field(std::get<1>(column.values)[row]);
  const double value = std::get<0>(column.values)[row];
  return std::isnan(value) ? "NA" : fmt::format("{}", value);
}

}  // namespace

std::string csv_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  std::string out = csv_header(names) + "\n";
  for (std::size_t i = 0; i < table.n_rows(); ++i) {
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
      out += (j == 0 ? "" : ",") + all_digits(table.columns[j], i);
    }
    out += "\n";
  }
  return out;
}

}  // namespace mogul
