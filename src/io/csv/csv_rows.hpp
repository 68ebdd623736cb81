// The rows of delimited text -> matrix and weights, on all threads.
#pragma once

#include <cstddef>
#include <vector>

#include "io/column_selection.hpp"
#include "io/csv/csv_source.hpp"
#include "io/csv/layout/csv_layout.hpp"
#include "mogul/io.hpp"

namespace mogul {

struct CsvRows {
  std::vector<double> x;                // (N, D)
  std::vector<double> weights;          // (N), or empty
  std::vector<std::size_t> dropped;     // numbers of the rows that have no place here, among all that were read
  const char* first_dropped = nullptr;  // where it begins
  std::vector<const char*> headers;     // lines that repeat the header
};

/// @throws invalid_data naming line, column, value and rule; io_error if the text changes meanwhile
CsvRows read_rows(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
                  const ReadOptions& options);

}  // namespace mogul
