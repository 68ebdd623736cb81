// One row of delimited text -> its place in the matrix. csv_rows.cpp hands out the places.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "io/column_selection.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_layout.hpp"
#include "io/csv/csv_source.hpp"
#include "io/csv/number_text.hpp"
#include "mogul/io.hpp"

namespace mogul {

/// What a line turned out to be.
enum class LineKind {
  row,
  row_with_missing,  ///< a value is missing, and such rows are dropped
};

class RowReader {
 public:
  /// Borrows everything.
  RowReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection, Missing missing);

  /// Reads the row at the cursor, and moves past its line.
  /// @param row     (D), written
  /// @param weight  written if the file has a column of weights
  /// @throws        invalid_data naming line, column, value and rule
  LineKind read(CsvCursor& cursor, double* row, double* weight) const;

 private:
  static constexpr std::ptrdiff_t kSkip = -1;
  static constexpr std::ptrdiff_t kWeight = -2;

  bool read_carefully(CsvCursor& cursor, std::size_t column, double& value) const;
  void skip_field(CsvCursor& cursor, std::size_t column) const;
  [[noreturn]] void fail(const char* at, std::size_t column, std::string_view what) const;
  [[noreturn]] void fail_ragged(const char* at, std::size_t n_fields) const;
  std::string describe(NumberFault fault, std::string_view text, std::size_t column) const;

  const CsvSource& source_;
  const CsvLayout& layout_;
  Missing missing_;
  std::vector<std::ptrdiff_t> targets_;  // per column: its feature, kSkip or kWeight
};

}  // namespace mogul
