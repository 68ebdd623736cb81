// One row of delimited text -> its place in the matrix. csv_rows.cpp hands out the places, row_faults.cpp explains what
// cannot be read.
#pragma once

#include <cstddef>
#include <vector>

#include "io/column_selection.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/layout/csv_layout.hpp"
#include "io/csv/row_faults.hpp"
#include "mogul/io.hpp"

namespace mogul {

/// What a line turned out to be.
enum class LineKind {
  row,
  row_with_missing,  ///< a value is missing, and such rows are dropped
  header,            ///< that of the file once more, as where files have been joined
};

class RowReader {
 public:
  /// Borrows everything.
  RowReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
            const ReadOptions& options);

  /// Reads the row at the cursor, and moves past its line.
  /// @param number  of the row in the file, from 0
  /// @param row     (D), written
  /// @param weight  written if the file has a column of weights
  /// @throws        invalid_data naming line, column, value and rule
  LineKind read(CsvCursor& cursor, std::size_t number, double* row, double* weight) const;

 private:
  static constexpr std::ptrdiff_t kSkip = -1;
  static constexpr std::ptrdiff_t kWeight = -2;
  static constexpr std::ptrdiff_t kIndex = -3;
  static constexpr std::ptrdiff_t kEmpty = -4;

  bool read_carefully(CsvCursor& cursor, const CsvCursor& line, std::size_t column, double& value) const;
  void pass_over(CsvCursor& cursor, const CsvCursor& line, std::size_t number, std::size_t column) const;

  const CsvLayout& layout_;
  const RowFaults faults_;
  const Missing missing_;
  std::vector<std::ptrdiff_t> targets_;  // per column: its feature, or one of the above
};

}  // namespace mogul
