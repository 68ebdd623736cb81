// What is wrong with a row that cannot be read: where, what stands there, what it probably is, and what to do.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/column_selection.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_source.hpp"
#include "io/csv/layout/csv_layout.hpp"
#include "io/csv/layout/first_records.hpp"
#include "io/csv/number_text.hpp"

namespace mogul {

/// All throw invalid_data. `line` stands at the first field of the row.
class RowFaults {
 public:
  /// Borrows everything.
  /// @param chosen  the columns are asked for by name, and none of them can be left out
  RowFaults(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection, bool chosen)
      : source_(source), layout_(layout), selection_(selection), chosen_(chosen) {}

  /// @param fault  of the number; none if the field itself is broken
  [[noreturn]] void fail_field(const CsvCursor& line, const CsvField& field, std::size_t column,
                               NumberFault fault) const;
  [[noreturn]] void fail_header_or_row(const CsvCursor& line) const;
  [[noreturn]] void fail_ragged(const CsvCursor& line) const;
  [[noreturn]] void fail_negative_weight(const CsvCursor& line, std::size_t column, double weight) const;
  [[noreturn]] void fail_not_empty(const CsvField& field, std::size_t column) const;
  [[noreturn]] void fail_no_index(const CsvField& field, std::size_t column) const;

 private:
  // What follows "'x' is not a number".
  std::string explain_dialect(const CsvRecord& record, const CsvField& field, std::size_t column) const;
  std::string explain_line_of_text(const CsvRecord& record, bool is_first) const;
  std::string explain_text(const CsvCursor& line, const CsvField& field, std::size_t column) const;
  std::string explain_width(const CsvCursor& line, const CsvRecord& record) const;
  bool is_text_column(const std::vector<CsvRecord>& rows, std::size_t column) const;
  bool is_text_throughout(const CsvRecord& record) const;
  bool has_names_in_another_order(const CsvRecord& record) const;
  std::string exclude_flag(const std::vector<std::size_t>& columns) const;

  const CsvSource& source_;
  const CsvLayout& layout_;
  const ColumnSelection& selection_;
  const bool chosen_;
};

}  // namespace mogul
