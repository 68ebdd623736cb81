#include "io/csv/layout/unnamed_columns.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "io/csv/number_text.hpp"

namespace mogul {
namespace {

// The first number of a column that counts up by one over all rows.
std::optional<double> counts_from(const std::vector<CsvRecord>& rows, std::size_t column, const CsvDialect& dialect) {
  std::optional<double> start;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (column >= rows[i].fields.size()) return std::nullopt;
    const NumberText number = parse_number(rows[i].fields[column].text, dialect.decimal);
    if (number.fault != NumberFault::none) return std::nullopt;
    if (i == 0 && number.value != std::floor(number.value)) return std::nullopt;
    if (i == 0) start = number.value;
    if (number.value != *start + static_cast<double>(i)) return std::nullopt;
  }
  return start;
}

bool is_text(const CsvField& field, const CsvDialect& dialect) {
  return field.quoted || parse_number(field.text, dialect.decimal).fault == NumberFault::not_a_number;
}

}  // namespace

UnnamedColumns find_unnamed_columns(const std::vector<CsvRecord>& rows, const CsvDialect& dialect) {
  UnnamedColumns found;
  if (rows.empty()) return found;
  while (const std::optional<double> first = counts_from(rows, found.index.size(), dialect))
    found.index.push_back(*first);
  found.row_names =
      std::ranges::all_of(rows, [&](const CsvRecord& row) { return is_text(row.fields.front(), dialect); });
  const std::size_t width = rows.front().fields.size();
  const auto is_empty = [&](std::size_t column) {
    return std::ranges::all_of(
        rows, [&](const CsvRecord& row) { return row.fields.size() == width && row.fields[column].text.empty(); });
  };
  while (dialect.delimiter != ' ' && found.n_empty_end + 1 < width && is_empty(width - 1 - found.n_empty_end)) {
    ++found.n_empty_end;
  }
  return found;
}

}  // namespace mogul
