#include "io/csv/unnamed_columns.hpp"

#include <algorithm>
#include <cmath>

#include "io/csv/number_text.hpp"

namespace mogul {
namespace {

// The first number of a column that counts up by one over all rows.
std::optional<double> counts_from(const std::vector<CsvRecord>& rows, const CsvDialect& dialect) {
  std::optional<double> start;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const NumberText number = parse_number(rows[i].fields.front().text, dialect.decimal);
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
  found.index = counts_from(rows, dialect);
  found.row_names =
      std::ranges::all_of(rows, [&](const CsvRecord& row) { return is_text(row.fields.front(), dialect); });
  const std::size_t width = rows.front().fields.size();
  found.empty_end = dialect.delimiter != ' ' && width > 1 && std::ranges::all_of(rows, [&](const CsvRecord& row) {
                      return row.fields.size() == width && row.fields.back().text.empty();
                    });
  return found;
}

}  // namespace mogul
